"""Whether an English clause can be read alone: the last gate before a statement is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from embauche.jobs.clause import FEWEST_WORDS, MOST_WORDS, words_of
from embauche.jobs.english_words import (
    BARE_VERBS,
    ENDS_BADLY,
    FUNCTION_WORDS,
    NEEDS_OBJECT,
    PREPOSITIONS,
)

# Who spoke, or what was said before: nobody can tell from the statement.
_UNTOLD: Final = re.compile(
    r"\b(?:i|i'm|i'd|i've|me|my|mine|we|us|our|he|she|him|her|his|hers|he's|she's|it|it's|its"
    r"|they"
    r"|them|they're|theirs|this|these|those|here|ours|ain't|gonna|wanna|gotta|cos|cuz"
    r"|stuff|things?|the ones?(?! (?:who|whose|that)\b)(?! at\b)|the rest|so on|whatnot|such)\b"
    r"|\b(?:do|like|about|than|of|at|to|for|with) that\b(?! \w)|\bthat$|\bthere$|\bthe other\b",
    re.IGNORECASE,
)

_THEIR: Final = re.compile(r"\btheir\b", re.IGNORECASE)

_PLURAL: Final = re.compile(r"\b(?:people|children|kids|everyone|\w{3,}[^s]s)\b", re.IGNORECASE)

_HEAD: Final = re.compile(
    r"(?:avoid (?:feeling |having to )?|feel |(?:avoid being|be) seen as "
    r"|show that )?(?P<verb>[a-z-]+)",
    re.IGNORECASE,
)

_COPULAS: Final = frozenset(
    {"is", "are", "was", "were", "be", "am", "has", "have", "had", "do", "does"}
)

_ASKED: Final = re.compile(
    r"\b(?:who|what|which|that|where|when|how|why|whether|if|whose|while|because|before|after"
    r"|until|so)\b",
    re.IGNORECASE,
)

_OPEN_IDIOM: Final = re.compile(
    r"\b(?:an eye|able|rid|track|care|sure|a way|the way|kind|sort|on top|instead|as well|full"
    r"|out|up front|ahead|hold|use|part|charge|a lot|a bit|ready|such|each|every|(?<!your )own"
    r"|next|last|first"
    r"|more|most|less|even|still|just|only|again and|somewhere|a|the)$",
    re.IGNORECASE,
)

_TOOL: Final = re.compile(
    r"(?:ask|get|tell|have|let) (?:the |an? |your )?(?:machine|ai|assistant|app|tool|chatgpt"
    r"|bot|copilot)\b"
    r"|be able\b|be (?:\w+ly )?[a-z]+ed\b|be (?:pulled|written|done|kept|sent|told|made)\b",
    re.IGNORECASE,
)

_WRONG: Final = re.compile(
    r"\b(?:feel|know|see|do|tell|ask|give|help|show) (?:so|when|if|and|or|but)$"
    r"|\bto (?:your|the|a|my) \w+ing\b|\b(?:a|an|the|your|to|of|for|with) (?:and|or|to|of|for"
    r"|with|in|on|at)\b"
    r"|\b(?:is|are|was|were) (?:is|are|was|were)\b|\byou (?:mom|mum|own|dad)\b|^prepare to\b"
    r"|(?<!seen )\bas \w+$|^feel some|^make sure the (?:question|idea|thing|point|problem|answer)\b"
    r"|\bto you\b|^(?:tell|ask|show|remind) (?:an?|the"
    r"|your) \w+$|^have (?:\w+ed|lost|been|had|done|gone|seen)\b|seen as (?:that|this) \w+$"
    r"|\bone$"
    r"|^\w+ (?:two|three|four|five|six|ten) (?:in|at|or)\b|^\w+ (?:something|anything"
    r"|everything)$|^(?:have|be) (?:an? |the )?\w+$"
    r"|\byou'll\b(?<!what you'll)(?<!if you'll)|\bseen as (?:somebody|someone|the one|one)$",
    re.IGNORECASE,
)


def sound(text: str) -> bool:  # noqa: PLR0911 - a gate: the first doubt refuses
    """Tell whether a clause is a whole clause in the base form, understood without its neighbours.

    Precision comes first: what cannot be told from word lists is refused, and a quote stands in.
    """
    if not FEWEST_WORDS <= len(words_of(text)) <= MOST_WORDS + 2:
        return False
    head = _HEAD.match(text)
    untold = re.sub(r"\b(?:it|that)'s\b|\bit\b", "x", text) if _EXPLETIVE.search(text) else text
    if head is None or _UNTOLD.search(untold) or _WRONG.search(text) or _TOOL.match(text):
        return False
    if text.startswith("make sure") and not _FINITE.search(text):
        return False
    if _ANOTHERS.search(text) and not _ASKED.search(text):
        return False  # "seeing the splits tells me …": the verb of another clause
    than = re.search(r"\bthan\b", text)
    if than and not re.search(
        r"\b(?:more|less|rather|better|worse|other|\w+er)\b", text[: than.start()]
    ):
        return False
    their = _THEIR.search(text)
    if their and not _PLURAL.search(text[: their.start()]):
        return False
    if text.count('"') % 2 or text.count("(") != text.count(")"):
        return False
    words = text.lower().split()
    return (
        _ends_well(words)
        and _has_object(head["verb"].lower(), words[len(text[: head.end()].split()) :], text)
        and _joins_well(words)
        and _copulas_have_subjects(words)
    )


_FINITE: Final = re.compile(
    r"\b(?:is|are|can|could|will|would|has|have|gets?|knows?|stays?|comes?|goes|doesn't|don't"
    r"|won't|can't"
    r"|never|always)\b"
)

_ANOTHERS: Final = re.compile(
    r"\b(?:tells|makes|gives|means|helps|lets|takes|shows|saves|gets|keeps)\b"
)

_EXPLETIVE: Final = re.compile(
    r"\bwhat it (?:costs|takes|means|says)\b|\b(?:if|when|whether|that|how) (?:it's"
    r"|it) (?:time|possible|raining|worth|safe|dark|late|cold|hot)\b",
    re.IGNORECASE,
)


def _ends_well(words: list[str]) -> bool:  # noqa: PLR0911 - one case a kind of ending
    last, before = words[-1].strip(","), words[-2]
    text = " ".join(words)
    if last in {"off", "on", "out", "down", "up"} and re.search(
        r"\bwith (?:the|your) \w+ \w+$", text
    ):
        return True
    if last in PREPOSITIONS:
        # "see what you're paying for", "find somewhere to sit down"
        return (
            bool(re.search(r"\b(?:what|which|who|where|whatever|how)\b", text))
            and before not in {"the", "a"}
        ) or (
            last in {"down", "up", "in", "on", "off", "out", "around", "by", "over", "through"}
            and bool(
                re.search(
                    r"\b(?:log|sign|sit|lie|lay|stand|come|go|drop|carry|end|get|wind|calm|pick|walk|move|check|plug)\w*\b",
                    before,
                )
            )
        )
    if last in {"one", "two", "three", "four", "five", "ten"}:
        return before in {"at", "by", "until", "of", "to", "every", "for", "before", "after"}
    if last in {"is", "are", "was", "were"}:
        return bool(re.search(r"\b(?:what|where|who|how)\b", text)) and before not in {
            "that",
            "which",
        }
    if last == "other":
        return before == "each"
    if last == "you":
        return before not in {"what", "that", "which", "who", "where", "how", "when", "than", "if"}
    if last in {"know", "see", "say", "tell", "want", "need", "think"}:
        return bool(re.search(r"\b(?:what|who|where|how)\b", text))
    if last in {"more", "most", "less"}:
        return before in {"the", "any", "no", "once"}
    return last not in ENDS_BADLY and not _OPEN_IDIOM.search(text)


_PLACES: Final = PREPOSITIONS | {"together", "away", "aside", "back"}


def _has_object(verb: str, after: list[str], text: str) -> bool:
    if not any(len(word) > 2 and word not in FUNCTION_WORDS for word in after) and not re.match(
        r"(?:avoid |feel |be seen)", text, re.IGNORECASE
    ):
        return False
    if verb not in NEEDS_OBJECT or not after:
        return True
    if verb in {"put", "turn", "place"} and not any(each in _PLACES for each in after):
        return False
    while after and (after[0].endswith("ly") or after[0] in {"back", "exactly", "just", "always"}):
        after = after[1:]
    return bool(after) and after[0] not in {
        "and", "or", "but", "so", "when", "if", "to", "for", "with", "at", "by", "from",
        "of", "than",
    }  # fmt: skip


_JOINS_NOTHING: Final = frozenset(
    """
    to is are was it that then so not have has for sometimes often now maybe don't doesn't won't
    with if because also even
    """.split()  # noqa: SIM905
)


def _joins_well(words: list[str]) -> bool:
    if words[0] == "avoid" and words[1].endswith("ing") and "and" in words:
        joined = words[words.index("and") + 1 :]
        if joined and joined[0] in BARE_VERBS:
            return False  # "avoid checking and trust"
    for at, word in enumerate(words):
        if word not in {"and", "or"}:
            continue
        after = words[at + 1 :]
        if not after or after[0] in _JOINS_NOTHING:
            return False
        # "use a recorder to transcribe talks and a model to tag them": two jobs in one
        if after[0] in {"a", "an", "the", "your"} and re.search(
            r"\b(?:to|for|is|are|was|were)\b", " ".join(after)
        ):
            return bool(re.search(r"\bbetween\b", " ".join(words[:at])))
        if after[0].endswith("ing") and not any(each.endswith("ing") for each in words[:at]):
            return False
        if (
            at + 2 < len(words)
            and after[0].endswith("s")
            and after[1] in {"the", "a", "your", "you"}
        ):
            return False  # "and tags the photos": another subject's verb
    return True


def _copulas_have_subjects(words: list[str]) -> bool:
    """Tell whether every finite "is" stands in a clause of its own."""
    for at, word in enumerate(words):
        if word in {"is", "are", "was", "were"} and not _ASKED.search(" ".join(words[:at])):
            verb = words[0]
            if verb not in {
                "know",
                "check",
                "see",
                "make",
                "find",
                "show",
                "ensure",
                "think",
                "feel",
            }:
                return False
    return True


_SEAM: Final = re.compile(
    r"(?:,? )(?=(?:instead|before|after|when|while|without|because|if|so|using|based|whenever"
    r"|that|who"
    r"|whose|where|which|with|for|by|from|in|on|at|than|like|and|or|as|since|until|unless|to"
    r"|rather|even|during|against|between)(?: |$))",
    re.IGNORECASE,
)


_COMPLEMENTS: Final = frozenset("in on to as into with at from of and or about".split())  # noqa: SIM905

_BOUND: Final = re.compile(
    r"(?:put|turn|fit|compare|adjust|bring|add|match|set|get|keep|build|place|make|take|go"
    r"|come|be|feel"
    r"|look|find|stop)\b",
    re.IGNORECASE,
)


def shortened(text: str) -> Iterator[str]:
    """Yield a clause, then the clause cut at its seams, longest first."""
    yield text
    bound = _BOUND.match(text)
    for match in reversed(list(_SEAM.finditer(text))):
        if bound and text[match.start() :].strip(" ,").split()[0].lower() in _COMPLEMENTS:
            continue  # "put the notes" is not "put the notes in order"
        if len(text[: match.start()].split()) >= FEWEST_WORDS:
            yield text[: match.start()]
