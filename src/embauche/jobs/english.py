"""English clauses: the infinitive after an aim, and the forms of emotional and social jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from embauche.jobs.clause import FEWEST_WORDS, Clause, Form, words_of
from embauche.jobs.english_grammar import base_of, cleaned, cut, gerund_of, is_base, neutral
from embauche.jobs.english_wishes import feelings, no_longer, regards
from embauche.jobs.english_words import BARE_VERBS, FUNCTION_WORDS, PREPOSITIONS, VAGUE_VERBS

# What announces an aim, and how plainly; the base form comes next.
_TO_CUES: Final[tuple[tuple[str, float], ...]] = (
    (r"\b(?:i|we) (?:need|needed|want|wanted|hope|hoped|wish|intend|plan|prefer)(?:ed)? to ", 1.0),
    (r"\b(?:i'd|we'd|i would|we would) (?:like|love|want|prefer) to ", 1.0),
    (
        (
            r"\b(?:i'm|we're|i am|we are|i was|we were|been) (?:trying|looking|hoping|aiming"
            r"|working) to "
        ),
        1.0,
    ),
    (r"\b(?:i|we) (?:try|tried|look|aim) to ", 0.95),
    (r"\b(?:goal|aim|idea|point|purpose|job|priority|trick)\b[^.,;]{0,25}? (?:is|was) to ", 1.0),
    (r"\b(?:allow|enable|help)(?:s|ed|ing)? (?:me|us|you|people|them)?(?: to)? ", 0.9),
    (r"\b(?:help)(?:s|ed|ing)? (?:to )?", 0.85),
    (r"\blet(?:s|ting)? (?:me|us|you) ", 0.9),
    (r"\b(?:used?|using|uses) (?:it|them|this|(?:(?!ing\b| for )[^.,;]){2,25}?) to ", 1.0),
    (
        (
            r"\b(?:in order|so as|be able|was able|were able|able|a way|ways|way|easier|easy"
            r"|quicker|faster|helpful|useful|good|great|important) to "
        ),
        0.85,
    ),
    (r"\bso (?:that )?(?:i|we|you) (?:can|could)(?: finally| still)? ", 0.85),
    (r"\b(?:what|all) (?:i|we)(?:'m|'d|'ve)?[^.,;]{0,25}? (?:is|was) (?:to )?", 0.95),
    (r"\bso (?:that )?(?:i|we) (?=(?:know|see|remember|understand|have|keep|find) )", 0.75),
    (r"\b(?:i|we) (?:have|had|must|gotta|got) to ", 0.7),
    (r"\b(?:it's|that's|is) (?:how|where|why) (?:i|we) ", 0.8),
    (r"\b(?:i|we) can ", 0.6),
)

_ING_CUES: Final[tuple[tuple[str, float], ...]] = (
    (
        (
            r"\b(?:use|used|using|great|good|perfect|useful|helpful|excellent|best|handy"
            r"|ideal)\b[^.,;]{0,40}? (?:for|in|when|at) "
        ),
        0.9,
    ),
    (
        (
            r"\b(?:help|helps|helped|assist|assists|assisting|helping|helpful)(?: me| us)? "
            r"(?:with|in) "
        ),
        0.9,
    ),
    (
        (
            r"\b(?:job|task|project|work|role|process)\b[^.,;]{0,30}? (?:is|was|involves"
            r"|involved|includes) "
        ),
        0.7,
    ),
    (
        (
            r"\b(?:responsible for|in charge of|interested in|focus(?:ed)? on|tasks? like"
            r"|things like|such as|way of) "
        ),
        0.7,
    ),
    (r"\bfor ", 0.55),
)

_NO_OBJECT: Final = frozenset({"than", "and", "as", "if", "so", "but", "or", "because"})
_SUBJECTS: Final = frozenset(
    {"i", "you", "we", "they", "he", "she", "i'd", "you'd", "we'd", "i'm", "you're", "it's"}
)


def _clause(rest: str, cue: float, *, cued: bool = True, form: Form = "plain") -> Clause | None:
    match = re.match(
        r"\s*((?:not |never |better |quickly |easily |always |to )*)([A-Za-z-]+)(?=\s)", rest
    )
    if match is None or not is_base(match.group(2), cued=cued):
        return None
    verb = match.group(2).lower()
    body = rest[match.start(2) :]
    softened = re.match(
        (
            r"(?:be able to|try to|try and|start to|continue to|help(?: me)?(?: to)?|go and"
            r"|want to|need to) (?=[a-z])"
        ),
        body,
        re.IGNORECASE,
    )
    if softened:
        inner = _clause(body[softened.end() :], cue - 0.05, cued=False, form=form)
        if inner:
            return inner
    after = [*body.split(), ""][1].lower()
    if (
        after in _NO_OBJECT
        or after in {"i", "we", "they", "he", "she"}
        or (verb == "be" and after in _SUBJECTS)
    ):
        return None
    text, whole = cut(body)
    if re.search(r"\b(?:not|never) ", match.group(1), re.IGNORECASE):
        first, _, tail = text.partition(" ")
        text = f"avoid {gerund_of(first)} {tail}"
    text = neutral(text)
    if len(words_of(text)) < FEWEST_WORDS or re.fullmatch(
        r"\S+ (?:\S+ )?(?:it|this|that|them|things|stuff|something|you|so)", text
    ):
        return None
    if not any(
        len(word) > 2 and word not in FUNCTION_WORDS
        for word in re.findall(r"[a-z]+", text.lower())[1:]
    ):
        return None
    vague = verb in VAGUE_VERBS
    return Clause(text, cue - (0.35 if vague else 0.0) - (0.0 if whole else 0.25), form, whole)


_SO_THAT: Final = re.compile(
    r"\b(?:so(?: that)?|(?:is|was|reckon) that|point is|aim is) (?=(?:the|my|our|a|an|every"
    r"|each|people"
    r"|patients|clients|customers|everyone|everybody|nobody|no one"
    r"|anyone)\b)(?P<what>[^.;:!?…]{8,110})",
    re.IGNORECASE,
)


def _so_that(text: str) -> Iterator[Clause]:
    """Read « make sure the house is warm » from "so the house is warm"."""
    for match in _SO_THAT.finditer(text):
        what = match["what"]
        end = re.search(r",|\s(?:and|but|because|or|since|cos)\s", what)
        words = what[: end.start()] if end else what
        finite = re.search(
            r"\b(?:is|are|can|could|will|would|has|have|gets?|knows?|stays?|comes?|goes"
            r"|do(?:es)?n't|don't"
            r"|won't|can't|never|always)\b",
            words,
        )
        if finite and 4 <= len(words.split()) <= 15:
            yield Clause(neutral(f"make sure {words.strip()}"), 0.6, "plain", whole=True)


def _habits(text: str) -> Iterator[Clause]:
    """Find habits: "I compare prices before reserving" tells of the job of comparing prices."""
    for match in re.finditer(
        (
            r"(?:^|[,;:] |\band |\bthat |\bso |\bwhen )(?:i|we) (?:usually |often |always "
            r"|generally |mostly |will |typically )*(?=([a-z]+) )"
        ),
        text,
        re.IGNORECASE,
    ):
        verb = match.group(1).lower()
        if verb in BARE_VERBS and verb not in VAGUE_VERBS | {
            "know",
            "understand",
            "find",
            "look",
            "remember",
            "put",
            "read",
            "set",
            "cut",
            "lose",
            "work",
            "help",
            "spend",
            "run",
            "talk",
            "turn",
            "stay",
            "take",
            "give",
            "keep",
            "start",
            "stop",
        }:
            rest = text[match.end() :]
            if [*rest.lower().split(), "", ""][1] in PREPOSITIONS:
                continue
            clause = _clause(rest, 0.45, cued=False)
            # Told on the way to something else, a habit is a step or a circumstance, not the aim.
            if clause and len(words_of(rest)) - clause.words <= _LEFT_UNSAID:
                yield clause


_LEFT_UNSAID: Final = 5

_LOOKING_FOR: Final = re.compile(
    (
        r"\b(?:i'm|we're|i am|we are|i was|we were) looking for (?=(?:a|an|some|the"
        r"|someone|something|my)\b)"
    ),
    re.IGNORECASE,
)

# What people spare themselves: "so I don't forget …", "it saves me having to retype …".
_SPARED: Final = re.compile(
    r"\b(?:so (?:that )?(?:i|we) (?:don't|won't|never|didn't|wouldn't) (?P<must>have to )?"
    r"(?P<base>[a-z]+)"
    r"|sav(?:e|es|ed|ing) (?:me |us )(?:from )?"
    r"(?:having to (?P<base2>[a-z]+)|(?P<gerund>[a-z]+ing)))",
    re.IGNORECASE,
)

_REFUSED: Final = re.compile(r"(?:n't|\bnot|\bnever|\bwithout)(?: \w+){0,2}$", re.IGNORECASE)


# "what to do with …", "somewhere to stop", "it used to be …" tell of no aim by themselves.
_NO_AIM: Final = re.compile(
    r"\b(?:what|where|how|who|whom|which|when|whether|somewhere|something|anything|nothing|used"
    r"|going|seem\w*|appear\w*|tend\w*|happen\w*|supposed|supposedly|about|due|ready|questions"
    r"|things"
    r"|for (?:her|him|them|it|people|someone|somebody|the \w+|my \w+|\w+s)|too \w+|enough|told"
    r"|asked?|want(?:s|ed)?"
    r" (?:him|her|them|it|the \w+|my \w+|people)) $",
    re.IGNORECASE,
)


def _under(text: str, match: re.Match[str], cue: float, *, cued: bool = True) -> Clause | None:
    """Read what follows an aim; "I don't want to lose …" is to avoid losing, never to lose."""
    before = text[: match.start()]
    said = match.group().lower()
    if said.strip() == "to" and (_NO_AIM.search(before) or text[match.end() :].startswith("be ")):
        return None
    if re.search(r"\b(?:which|that|what) $", before) and said.startswith(("i", "we")):
        return None  # "which I'd wanted to do": its object stands before it
    refused = re.search(r"n't |\bnot |\bnever ", said) or _REFUSED.search(before.rstrip())
    if not refused:
        return _clause(text[match.end() :], cue, cued=cued)
    wanted = re.search(
        r"\b(?:want|like|wish|hope|try|trying|prefer|so|order)\b", f"{before[-14:]}{said}".lower()
    )
    # "I can't find …" and "I don't need to check …" tell of no aim at all.
    return _clause(f"not {text[match.end() :]}", cue) if wanted else None


def _other_aims(text: str) -> Iterator[Clause]:
    for match in _LOOKING_FOR.finditer(text):
        clause = _clause(f"find {text[match.end() :]}", 0.9)
        if clause:
            yield clause
    for match in _SPARED.finditer(text):
        verb = match["base"] or match["base2"] or base_of(match["gerund"])
        if not verb:
            continue
        clause = _clause(f"not {verb}{text[match.end() :]}", 0.85)
        if clause and (match["must"] or match["base2"]):
            # What people spare themselves is the having to, not the thing: "avoid having to …".
            bare = clause.text.split(" ", 2)[2]
            clause = replace(clause, text=f"avoid having to {verb.lower()} {bare}")
        if clause:
            yield clause


def _aims(text: str) -> Iterator[Clause]:
    for pattern, cue in _TO_CUES:
        for match in re.finditer(pattern, text, re.IGNORECASE):
            clause = _under(text, match, cue)
            if clause:
                yield clause
    for match in re.finditer(r"\bto (?=[a-z])", text):
        clause = _under(text, match, 0.55, cued=False)
        if clause:
            yield clause
    for pattern, cue in _ING_CUES:
        for match in re.finditer(rf"{pattern}(?=([a-z]+ing) )", text, re.IGNORECASE):
            base = base_of(match.group(1))
            rest = text[match.end() + len(match.group(1)) :]
            clause = _clause(f"{base}{rest}", cue) if base else None
            if clause:
                yield clause


def clauses(quote: str) -> tuple[Clause, ...]:
    """Return every clause of an English quote that could state a job, the plainest aim first."""
    text = cleaned(quote)
    found = [*feelings(text), *regards(text), *no_longer(text), *_so_that(text)]
    found += [*_aims(text), *_other_aims(text)]
    found.extend(_habits(text))
    opening = re.match(r"(?:(?:and|but|or|also|then|to|for|it's|mostly) )*", text, re.IGNORECASE)
    start = text[opening.end() if opening else 0 :]
    first = re.match(r"([A-Za-z]+)\b", start)
    base = (base_of(first.group(1)) or first.group(1)) if first else None
    if first and base and is_base(base, cued=False):
        clause = _clause(f"{base}{start[first.end() :]}", 0.5, cued=False)
        found.extend([clause] if clause else [])
    unique: dict[str, Clause] = {}
    for clause in sorted(found, key=lambda item: -item.cue):
        unique.setdefault(clause.text.lower(), clause)
    return tuple(unique.values())
