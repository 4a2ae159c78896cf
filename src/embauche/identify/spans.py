"""Which words of a sentence make the quote: always an exact span of the source."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

FEWEST_WORDS: Final = 3
"""A span of fewer words is a fragment and is not coded."""

LONG_SENTENCE: Final = 35
"""Words above which a sentence's clauses are looked at one by one."""

_FEWEST_IN_CLAUSE: Final = 5

_WORD: Final = re.compile(r"[^\W_]+(?:[-_][^\W_]+)*")

_LEADING: Final = re.compile(
    r"""(?:[\s,;:.…–—-]+
        |(?:euh+|heu+|hum+|hmm*|mmh*|ben|bah|beh|bon|enfin|alors|donc|voilà|hein|oui|ouais|non
           |uh+|um+|erm*|er|well|yeah|yes|no|okay|ok|so|like|right)
         (?=\s*[,.…–—]|\s+(?:euh+|heu+|ben|bah|bon|uh+|um+|erm*)\b))
    """,
    re.IGNORECASE | re.VERBOSE,
)

_HESITATION: Final = re.compile(
    r"(?:euh+|heu+|hum+|hmm+|mmh+|uh+|um+|erm+)\b[\s,.…]*", re.IGNORECASE
)

_BORDER: Final = re.compile(
    r"[;:,–—]\s+(?=\w)"
    r"|\s+(?=(?:mais|donc|puis|but|because|whereas|although)\b|(?:parce|sauf|alors)\s+qu)"
    r"|[.?!…]+\s+(?=\w)",
    re.IGNORECASE,
)


def word_count(text: str) -> int:
    """Count words; an elided article counts with what it stands before or alone, hyphens join."""
    return len(_WORD.findall(text))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop spaces at both ends, and hesitations at the beginning, of ``text[start:end]``.

    The span is empty where nothing but hesitations was said.
    """
    while start < end:
        found = _LEADING.match(text, start, end) or _HESITATION.match(text, start, end)
        if found is None or found.end() == start:
            break
        start = found.end()
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def clause_windows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of one to three neighbouring clauses, the whole sentence left out.

    A clause ends at punctuation or before a conjunction; one of fewer than five words joins the
    next, so that every window can be understood alone.
    """
    borders = [start]
    for found in _BORDER.finditer(text, start, end):
        if (
            word_count(text[borders[-1] : found.end()]) >= _FEWEST_IN_CLAUSE
            and word_count(text[found.end() : end]) >= _FEWEST_IN_CLAUSE
        ):
            borders.append(found.end())
    borders.append(end)
    clauses = list(pairwise(borders))
    windows = []
    for width in (1, 2, 3):
        for first in range(len(clauses) - width + 1):
            span = trimmed(text, clauses[first][0], clauses[first + width - 1][1])
            last = len(text[: span[1]].rstrip(" ,;:–—\n"))
            if width < len(clauses) and word_count(text[span[0] : last]) >= _FEWEST_IN_CLAUSE:
                windows.append((span[0], last))
    return windows
