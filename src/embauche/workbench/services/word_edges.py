"""Words of a text and their edges: how a marker grows or shrinks by a word."""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*['’]?")


def moved(text: str, span: tuple[int, int], edge: str) -> tuple[int, int]:
    """Move one edge of a span by a word.

    Parameters
    ----------
    edge
        ``"start-out"``, ``"start-in"``, ``"end-in"`` or ``"end-out"``: outwards takes a word more,
        inwards a word less. A span of one word does not shrink.
    """
    start, end = span
    words = [match.span() for match in _WORD.finditer(text, max(start - 200, 0), end + 200)]
    inside = [word for word in words if word[0] >= start and word[1] <= end]
    if edge == "start-out":
        before = [word for word in words if word[0] < start]
        return (before[-1][0] if before else start), end
    if edge == "end-out":
        after = [word for word in words if word[1] > end]
        return start, (after[0][1] if after else end)
    if len(inside) < 2:
        return span
    return (inside[1][0], end) if edge == "start-in" else (start, inside[-2][1])
