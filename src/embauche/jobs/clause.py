"""A clause lifted out of spoken words: what both languages share.

A clause is a candidate for a job's statement. Nothing is invented: its words are the participant's
own, cut at the clause's end, hesitations dropped and the first person made neutral.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Form = Literal["plain", "feel", "seen"]
"""``feel`` and ``seen`` are clauses already in the grammar of an emotional or a social job."""

_TOKEN = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*['’]?|\d+(?:[.,:h]\d+)*|[^\w\s]")

FEWEST_WORDS, MOST_WORDS = 3, 16


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that could state a job.

    Attributes
    ----------
    text
        Neutral in person, without a capital or a full stop.
    cue
        How plainly the words announce an aim, 0 to 1 ("I need to …" 1, a bare "to …" less).
    form
        Whether it has the form of an emotional or social job already.
    whole
        False where it had to be cut off in its middle.
    """

    text: str
    cue: float
    form: Form = "plain"
    whole: bool = True

    @property
    def words(self) -> int:
        """Number of words."""
        return len(words_of(self.text))


def tokens_of(text: str) -> list[str]:
    """Split text into words, numbers and marks; an elided article is a word of its own."""
    tokens: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match.group().replace("’", "'")
        tokens.append(token)
    return tokens


def words_of(text: str) -> list[str]:
    """Return the words only, an elided word (« l' ») counted apart as in a dictionary."""
    return [word for token in text.split() for word in re.findall(r"\w[\w-]*", token)]


def capitalised(text: str) -> str:
    """Return the text with a first capital and no closing mark."""
    text = text.strip().rstrip(".,;:!?…-–— ")
    return text[:1].upper() + text[1:]


def without(text: str, pattern: re.Pattern[str]) -> str:
    """Drop what a pattern matches, and repair the spaces and commas around it."""
    # « je voudrais, comment dire, retrouver… »: the commas around it were the hesitation's own.
    text = re.sub(rf",\s*(?:{pattern.pattern})\s*,", " ", text, flags=pattern.flags)
    text = pattern.sub(" ", text)
    text = re.sub(r"\s*,(?:\s*,)+", ",", text)
    text = re.sub(r"\s+([,.;:!?])", r"\1", text)
    return re.sub(r"\s{2,}", " ", text).strip(" ,")


def without_stutter(text: str) -> str:
    """Say a repeated word once: « de de la » becomes « de la »."""
    return re.sub(r"(?<!['’])\b(\w+(?:['’]\w+)?)(?:[\s,…]+\1\b)+", r"\1", text, flags=re.IGNORECASE)
