"""Texts as searching reads them: one character for each of the text's, so that positions hold.

Letters are folded (no accents, no capitals, one kind of apostrophe), and every character outside of
a spoken sentence becomes a separator: between two separators stands one sentence. The first
character after the separator is the sentence's own first.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

SEPARATOR: Final = "\x1f"
_APOSTROPHES: Final = "’‘ʼ`´"


@lru_cache(maxsize=4096)
def folded_letter(letter: str) -> str:
    """Return a letter without accent and capital: always one character.

    What one character cannot say (« œ », « ß ») stays as it is; `variants` knows how people write
    it otherwise.
    """
    if letter in _APOSTROPHES:
        return "'"
    if letter.isspace():
        return " "
    plain = unicodedata.normalize("NFD", letter)[0].lower()
    return plain if len(plain) == 1 else letter


def folded(text: str) -> str:
    """Return a text folded letter by letter; it is as long as before."""
    return "".join(map(folded_letter, text))


def searchable(text: str, sentences: Iterable[Mapping[str, Any]]) -> str:
    """Return a source's text for searching: folded sentences, separators around them."""
    plain = folded(text)
    parts: list[str] = []
    end = 0
    for sentence in sentences:
        start = max(int(sentence["start"]), end)
        if start == end and start:  # nothing stands between: the border falls on a letter
            parts[-1] = parts[-1][:-1] + SEPARATOR
        parts.append(SEPARATOR * (start - end))
        end = max(int(sentence["end"]), start)
        parts.append(plain[start:end])
    parts.append(SEPARATOR * (len(text) - end))
    return "".join(parts)


def variants(word: str) -> tuple[str, ...]:
    """Return a folded word with and without ligatures: « coeur », « cœur »."""
    found = [word]
    for apart, joined in (("oe", "œ"), ("ae", "æ"), ("ss", "ß")):
        found += [form.replace(apart, joined) for form in found if apart in form]
        found += [form.replace(joined, apart) for form in found if joined in form]
    return tuple(dict.fromkeys(found))
