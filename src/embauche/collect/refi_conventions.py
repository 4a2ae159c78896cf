"""Which way a program counted positions, told by where its selections begin and end.

People select words and sentences: read the right way, selections begin and end at the edges of
words; read a wrong way, they drift into their middle. Every way to count is scored over the
selections of a source; selections that are named by their own words count most. What the program's
name suggests only settles what the selections leave open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
import numpy.typing as npt

from embauche.collect.refi_model import NVIVO, STANDARD, Convention, LineBreak, Unit
from embauche.collect.refi_positions import (
    OVERSHOOT,
    Flags,
    Ints,
    RawText,
    Ruler,
    character_classes,
    counted_alike,
    positions_of,
    spans_of,
)

Floats = npt.NDArray[np.float64]

_UNITS: tuple[Unit, ...] = ("code_points", "utf16", "utf8")
_BREAKS: tuple[LineBreak, ...] = ("as_written", "one", "two")
_FIRST: tuple[Literal[0, 1], ...] = (0, 1)
CONVENTIONS: tuple[Convention, ...] = tuple(
    Convention(unit, line_break, mark, first, inclusive)
    for unit, line_break, mark, first, inclusive in product(
        _UNITS, _BREAKS, (False, True), _FIRST, (False, True)
    )
)
"""Every way to count that is considered."""

_PLAIN = tuple(Convention(unit, line_break) for unit in _UNITS for line_break in _BREAKS)
_MOST_SCORED, _MOST_NAMED, _SHORTEST_NAME = 4_000, 200, 6
_OUTSIDE, _INEXACT, _EMPTY, _CUT, _NAMED = -6.0, -3.0, -2.0, -1.5, 5.0
_KNOWN, _USUAL, _UNUSUAL = 1.0, 0.5, 1.0
_OWN_MARGIN, _DOUBT, _LEAST = 0.2, 0.1, 1.5
_OPENING = frozenset("\"'«“‘([{—–-•*#¿¡…@")
_FINAL = frozenset(".!?…\"'»”’)]}")
_PROGRAMS = (
    (re.compile(r"nvivo", re.IGNORECASE), NVIVO),
    (re.compile(r"atlas", re.IGNORECASE), Convention(line_break="one")),
    (re.compile(r"maxqda", re.IGNORECASE), Convention(unit="utf16")),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """The scores of one source's selections: one a convention, and how many were scored."""

    scores: Floats
    spans: tuple[bytes, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Told:
    """The convention of one source.

    Attributes
    ----------
    convention
        The best.
    doubtful
        Another way of counting, which gives other words, fits about as well.
    """

    convention: Convention
    doubtful: bool


def convention_of(origin: str) -> Convention | None:
    """Return how the program of this name is known to count, where it is known."""
    return next((known for pattern, known in _PROGRAMS if pattern.search(origin)), None)


def measure(
    raw: RawText, pairs: Sequence[tuple[int, int]], names: Sequence[str | None]
) -> Measured:
    """Score every way to count over the selections of one text.

    Parameters
    ----------
    raw
        The text as stored.
    pairs
        Start and end of each selection, as written.
    names
        The name of each selection, where it has one.
    """
    if not pairs:
        return Measured(np.zeros(len(CONVENTIONS)), (b"",) * len(CONVENTIONS), 0)
    step = max(1, len(pairs) // _MOST_SCORED)
    starts, ends = spans_of(pairs[::step])
    labels = [_squashed(name or "") for name in names[::step]]
    word, space = character_classes(raw.text)
    alike = {way: counted_alike(raw, way) for way in _PLAIN}
    found: dict[tuple[Convention, int, bool], tuple[float, bytes]] = {}
    known: dict[bytes, float] = {}
    scores, spans = np.zeros(len(CONVENTIONS)), []
    last, positions = None, None
    for place, way in enumerate(CONVENTIONS):
        same = alike[Convention(way.unit, way.line_break)]
        sign = same, way.first + int(way.mark), way.inclusive
        if sign not in found:
            if positions is None or same != last:
                last, positions = same, positions_of(raw, same)
            begin, end, inside, exact = Ruler(raw, way, positions).to_text(
                starts, ends, beyond=OVERSHOOT
            )
            key = begin.tobytes() + end.tobytes() + inside.tobytes() + exact.tobytes()
            if key not in known:
                known[key] = _score(raw.text, word, space, begin, end, inside, exact, labels)
            found[sign] = known[key], key
        scores[place], key = found[sign]
        spans.append(key)
    return Measured(scores, tuple(spans), len(starts))


def tell_conventions(origin: str, measured: Sequence[Measured]) -> list[Told]:
    """Choose the way to count, source by source.

    A program counts one way, so all its sources are judged together; a source departs from that
    only where its own selections clearly do.
    """
    lean = _lean(origin)
    total = lean + sum((item.scores for item in measured), np.zeros(len(CONVENTIONS)))
    common = int(np.argmax(total))
    return [_told(item, common, lean) for item in measured]


def _told(item: Measured, common: int, lean: Floats) -> Told:
    own = int(np.argmax(item.scores + lean))
    best = common
    if item.scores[own] - item.scores[common] > max(2.0, _OWN_MARGIN * item.n):
        best = own
    others = [
        item.scores[place] + lean[place]
        for place in range(len(CONVENTIONS))
        if item.spans[place] != item.spans[best]
    ]
    margin = item.scores[best] + lean[best] - max(others, default=-np.inf)
    return Told(CONVENTIONS[best], doubtful=bool(item.n and margin < max(_LEAST, _DOUBT * item.n)))


def _lean(origin: str) -> Floats:
    """Return what is expected before any selection is seen; it decides only between equals."""
    known = convention_of(origin)
    lean = np.zeros(len(CONVENTIONS))
    for place, one in enumerate(CONVENTIONS):
        lean[place] -= _UNUSUAL * ((one.unit == "utf8") * 2 + one.mark * 2 + one.first * 2)
        lean[place] -= _UNUSUAL * one.inclusive / 2
        lean[place] += _USUAL * (one == STANDARD)
        if known is not None:
            lean[place] += _KNOWN * (one.unit == known.unit)
            lean[place] += _KNOWN * (one.line_break == known.line_break)
            lean[place] += _KNOWN * (one == known)
    return lean


def _score(
    text: str,
    word: Flags,
    space: Flags,
    begin: Ints,
    end: Ints,
    inside: Flags,
    exact: Flags,
    labels: Sequence[str],
) -> float:
    score = np.where(inside, np.where(exact, 0.0, _INEXACT), _OUTSIDE)
    filled = inside & (begin < end)
    score[inside & ~filled] += _EMPTY
    first, last = begin[filled], end[filled] - 1
    edges = np.zeros(len(first))
    before = np.where(first > 0, word[first - 1], False)  # noqa: FBT003 - numpy's own order
    edges += np.where(word[first] & before, _CUT, np.where(space[first], 0.0, 1.0))
    edges += np.where(word[last] & word[last + 1], _CUT, np.where(space[last], 0.0, 1.0))
    score[filled] += edges
    rows = np.flatnonzero(filled)
    for row in rows[:_MOST_SCORED].tolist():
        start, stop = int(begin[row]), int(end[row])
        score[row] += _finish(text, start, stop)
    named = [row for row in rows.tolist() if len(labels[row]) >= _SHORTEST_NAME][:_MOST_NAMED]
    for row in named:
        words = _squashed(text[begin[row] : end[row]])
        same = words.startswith(labels[row]) if labels[row] != words else True
        score[row] += _NAMED * same + (labels[row] == words)
    return float(score.sum())


def _finish(text: str, start: int, stop: int) -> float:
    """Reward whole sentences and lines; a mark that opens or closes belongs to what it marks."""
    before, first = text[start - 1] if start else "\n", text[start]
    last, after = text[stop - 1], text[stop] if stop < len(text) else "\n"
    found = 0.0
    if before == "\n":
        found += 0.5
    if not (first.isalnum() or first.isspace() or first in _OPENING):
        found -= 0.75
    if last in _FINAL or after == "\n" or last == "\n":
        found += 0.5
    elif last.isalnum() and after in ".!?…,;:":
        found -= 0.25
    return found


def _squashed(words: str) -> str:
    """Return words as a name shows them: on one line, without the dots of a shortened name."""
    plain = re.sub(r"\s+", " ", words).strip()
    return re.sub(r"\s*(?:\.\.\.|…)$", "", plain)
