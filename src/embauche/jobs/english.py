"""English clauses: the infinitive after an aim, and the forms of emotional and social jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from embauche.jobs.clause import FEWEST_WORDS, Clause, Form, words_of
from embauche.jobs.english_grammar import base_of, cleaned, cut, gerund_of, is_base, neutral
from embauche.jobs.english_words import BARE_VERBS, FUNCTION_WORDS, VAGUE_VERBS

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
    (r"\b(?:used?|using|uses) (?:it|them|this|[^.,;]{2,25}?) to ", 1.0),
    (
        (
            r"\b(?:in order|so as|be able|was able|were able|able|a way|ways|way|easier|easy"
            r"|quicker|faster|helpful|useful|good|great|important) to "
        ),
        0.85,
    ),
    (r"\bso (?:that )?(?:i|we|you) can ", 0.85),
    (r"\b(?:i|we) (?:have|had|must|gotta|got) to ", 0.7),
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


_MOODS: Final = (
    r"(?:calm|safe|secure|confident|relaxed|at ease|at peace|in control|in charge|on "
    r"top of|reassured|proud|free"
    r"|comfortable|sure (?=of|that)|certain (?=of|that)|happy|useful|less (?:alone"
    r"|stressed|anxious|guilty)"
    r"|sane|ready|prepared)\b"
)


def _feelings(text: str) -> Iterator[Clause]:
    for match in re.finditer(
        r"\b(?P<not>(?:not|never|stop|without|avoid|don't want to|don't have to|didn't "
        r"want to|no longer) (?:to )?)?(?:feel|feeling)"
        r" (?!that\b|like (?:it|the|this|that|i'm)\b)(?P<rest>[^.;:!?…]+)",
        text,
        re.IGNORECASE,
    ):
        before = text[: match.start()].lower()
        if not match["not"] and re.search(r"\b(?:i|we|you|they|people) $", before):
            continue
        bare, whole = cut(match["rest"])
        if bare:
            head = f"{'avoid feeling' if match['not'] else 'feel'} {bare}"
            yield Clause(neutral(head), 1.0 if whole else 0.7, "feel", whole)
    for match in re.finditer(
        rf"\b(?:be|being|stay|keep) (?P<what>{_MOODS}[^.;:!?…]*)", text, re.IGNORECASE
    ):
        bare, whole = cut(match["what"])
        yield Clause(neutral(f"feel {bare}"), 0.95 if whole else 0.7, "feel", whole)
    for match in re.finditer(
        r"\b(?:stop|not|without|quit|never|avoid|no longer|don't want to|didn't want to"
        r"|don't have to) (?:have to )?(?:being |be |to )?"
        r"(?P<what>worry(?:ing)?|panic(?:king)?|stress(?:ing|ed)?|embarrass(?:ed|ing)"
        r"|afraid|scared|anxious|overwhelmed|fretting"
        r"|feeling|second-guess(?:ing)?|wonder(?:ing)?)(?P<rest>[^.;:!?…]*)",
        text,
        re.IGNORECASE,
    ):
        what = match["what"].lower()
        if what == "feeling":
            continue
        bare, whole = cut(what + match["rest"])
        first, _, tail = bare.partition(" ")
        verb = first in {"worry", "panic", "stress", "wonder", "second-guess"}
        gerund = "panicking" if first == "panic" else gerund_of(first) if verb else first
        head = f"avoid {gerund} {tail}" if gerund.endswith("ing") else f"avoid feeling {bare}"
        yield Clause(neutral(head.strip()), 0.95 if whole else 0.7, "feel", whole)


_UNWANTED: Final = re.compile(r"(?:n't|\bnot|\bnever|\bstop)\b[^.,;]{0,30}$", re.IGNORECASE)


def _regards(text: str) -> Iterator[Clause]:
    for match in re.finditer(
        r"\b(?P<not>(?:not|don't want to|didn't want to|never|avoid|without|stop) (?:to "
        r")?)?(?:(?:be|being) (?:seen|viewed|perceived|regarded|known) as"
        r"|(?:come|coming|came) (?:across|off) (?:as|like)|look like|looking like|look(?= "
        r"(?:professional|good|stupid|unprepared|silly|serious|organised|organized"
        r"|incompetent|bad|foolish|smart|competent|old|lazy|as if))|be (?=the one\b)) "
        r"?(?P<what>[^.;:!?…]+)",
        text,
        re.IGNORECASE,
    ):
        bare, whole = cut(match["what"])
        if not bare or not re.search(
            r"\b(?:i|we|me|us|to|not|be|want)\b",
            text[: match.start()] + (match["not"] or ""),
            re.IGNORECASE,
        ):
            continue
        head = "avoid being seen as" if match["not"] else "be seen as"
        yield Clause(neutral(f"{head} {bare}"), 1.0 if whole else 0.7, "seen", whole)
    for match in re.finditer(
        r"\b(?:(?P<verb>show|prove)(?: to)?(?: (?:my|the|our) \w+)?|(?:people|them"
        r"|clients?|customers?|colleagues?|boss|manager"
        r"|they|everyone|parents|team|neighbours|students|colleagues|father|mother)"
        r"(?: (?:to|will|would|can))? (?:see|know|think|believe|realise|realize|say)) "
        r"(?P<that>that )?(?P<who>i|i'm|i am|we|we're) (?P<what>[^.;:!?…]+)",
        text,
        re.IGNORECASE,
    ):
        bare, whole = cut(f"{match['who']} {match['what']}")
        if len(bare.split()) < 2:
            continue
        head = f"show that {bare}"
        if _UNWANTED.search(text[: match.start()]):
            # What people must not think is only turned round where it says what one is.
            feared = re.match(r"(?:i'm|i am|we're|we are) (.+)", bare, re.IGNORECASE)
            if feared is None:
                continue
            head = f"avoid being seen as {feared.group(1)}"
        yield Clause(neutral(head), 1.0 if whole else 0.7, "seen", whole)


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
            clause = _clause(text[match.end() :], 0.45, cued=False)
            if clause:
                yield clause


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

_REFUSED: Final = re.compile(r"(?:n't|\bnot|\bnever|\bwithout)(?: \w+)?$", re.IGNORECASE)


def _under(text: str, match: re.Match[str], cue: float, *, cued: bool = True) -> Clause | None:
    """Read what follows an aim; "I don't want to lose …" is to avoid losing, never to lose."""
    before = text[: match.start()]
    said = match.group().lower()
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
    found = [*_feelings(text), *_regards(text)]
    found += [*_aims(text), *_other_aims(text)]
    found.extend(_habits(text))
    if not found:
        first = re.match(r"([A-Za-z]+)\b", text)
        base = (base_of(first.group(1)) or first.group(1)) if first else None
        if first and base and is_base(base, cued=False):
            clause = _clause(f"{base}{text[first.end() :]}", 0.5, cued=False)
            found.extend([clause] if clause else [])
    unique: dict[str, Clause] = {}
    for clause in sorted(found, key=lambda item: -item.cue):
        unique.setdefault(clause.text.lower(), clause)
    return tuple(unique.values())
