"""What a language model answered: found in its text, checked against the schema, quotes verified.

Nothing that a model says is taken on trust. A quote that does not stand letter for letter in the
sentence that it claims is rejected and counted; so is whatever else cannot be right.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jsonschema import Draft202012Validator

from embauche.identify.llm_prompt import Ask
from embauche.vocabulary import Facet

UNSTATED_CONFIDENCE: Final = 0.5
"""Confidence where the model states none: neither sure nor unsure."""

REJECTIONS: Final = (
    "malformed",
    "unknown_facet",
    "unknown_sentence",
    "quote_not_in_sentence",
    "repeated",
)
"""Why a code is rejected."""

_ENVELOPE: Final = Draft202012Validator(
    {
        "type": "object",
        "properties": {"codes": {"type": "array", "items": {"type": "object"}}},
        "required": ["codes"],
    }
)
_CODE: Final = Draft202012Validator(
    {
        "type": "object",
        "properties": {
            "sentence": {"type": "integer"},
            "quote": {"type": "string", "minLength": 1},
            "facet": {"type": "string"},
        },
        "required": ["sentence", "quote", "facet"],
    }
)
_THOUGHTS: Final = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_MOST_TRIES: Final = 200
"""Opening brackets of a text at which JSON is looked for."""


class InvalidAnswerError(ValueError):
    """The answer as a whole cannot be used: no JSON in it, or not of the form asked for."""


@dataclass(frozen=True, slots=True)
class Code:
    """A facet of a span of a sentence; ``start`` and ``end`` count code points in the sentence."""

    start: int
    end: int
    facet: Facet
    confidence: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer.

    Attributes
    ----------
    codes
        The codes of each sentence asked about, in the order asked; empty where it carries nothing.
    rejected
        Reason → how many codes were rejected for it.
    """

    codes: tuple[tuple[Code, ...], ...]
    rejected: Counter[str]


def read_answer(text: str, asks: Sequence[Ask]) -> Answer:
    """Check a model's answer.

    Parameters
    ----------
    text
        All that the model said.
    asks
        What it was asked about, numbered from 1.

    Raises
    ------
    InvalidAnswerError
        If there is no JSON of the right form in the text. A single code that is wrong does not
        make the answer invalid: it is rejected and counted.
    """
    document = _document(text)
    found: list[list[Code]] = [[] for _ in asks]
    rejected: Counter[str] = Counter()
    for entry in document["codes"]:
        row, code, reason = _checked(entry, asks, found)
        if code is None:
            rejected[reason] += 1
        else:
            found[row].append(code)
    return Answer(tuple(tuple(sorted(codes, key=_place)) for codes in found), rejected)


def _place(code: Code) -> tuple[int, int, int]:
    return code.start, code.end, tuple(Facet).index(code.facet)


def _checked(
    entry: dict[str, Any], asks: Sequence[Ask], found: Sequence[Sequence[Code]]
) -> tuple[int, Code | None, str]:
    if not _CODE.is_valid(entry):
        return 0, None, "malformed"
    if entry["facet"] not in tuple(Facet):
        return 0, None, "unknown_facet"
    row = int(entry["sentence"]) - 1
    if not 0 <= row < len(asks):
        return 0, None, "unknown_sentence"
    span = find_quote(entry["quote"], asks[row].unit.quote)
    if span is None:
        return row, None, "quote_not_in_sentence"
    facet = Facet(entry["facet"])
    for code in found[row]:
        if code.facet is facet and code.start < span[1] and span[0] < code.end:
            return row, None, "repeated"
    return row, Code(*span, facet, _confidence(entry.get("confidence"))), ""


def find_quote(quote: str, sentence: str) -> tuple[int, int] | None:
    """Return where a quote stands letter for letter in a sentence, at borders of words.

    Only white space is free: a sentence is sent on one line, whatever line breaks it had.
    """
    words = quote.split()
    if not words:
        return None
    # A quote that begins or ends inside a word is not the person's word.
    left = r"(?<!\w)" if words[0][0].isalnum() else ""
    right = r"(?!\w)" if words[-1][-1].isalnum() else ""
    pattern = r"\s+".join(re.escape(word) for word in words)
    found = re.search(f"{left}{pattern}{right}", sentence)
    return found.span() if found else None


def _confidence(value: Any) -> float:
    """Return a probability; a percentage is read as one, and nonsense as unstated."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return UNSTATED_CONFIDENCE
    share = value / 100 if 1 < value <= 100 else value
    return round(float(share), 4) if 0 <= share <= 1 else UNSTATED_CONFIDENCE


def _document(text: str) -> dict[str, Any]:
    """Fish the JSON object of the right form out of whatever stands around it."""
    said = _THOUGHTS.sub(" ", text)
    for value in _values(said):
        # Some models leave the object out and answer with its list, or put it inside another.
        alone = isinstance(value, list) and (value or said.strip() == "[]")
        inner = value.values() if isinstance(value, dict) else ()
        for candidate in ({"codes": value} if alone else value, *inner):
            if _ENVELOPE.is_valid(candidate):
                return dict(candidate)
    raise InvalidAnswerError(text[:80])


def _values(text: str) -> Iterator[Any]:
    """Yield the JSON values of a text: the whole of it, else from each bracket on."""
    decoder = json.JSONDecoder()
    at, tries = 0, 0
    while tries < _MOST_TRIES:
        found = re.compile(r"[{\[]").search(text, at)
        if found is None:
            return
        tries += 1
        try:
            value, at = decoder.raw_decode(text, found.start())
        except (ValueError, RecursionError):
            at = found.end()
            continue
        yield value
