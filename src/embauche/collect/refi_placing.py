"""The selections of a project placed in their texts, whatever way its program counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from embauche.collect.refi_conventions import Told, measure, tell_conventions
from embauche.collect.refi_model import (
    NVIVO,
    STANDARD,
    Convention,
    RefiProject,
    RefiSelection,
    RefiSource,
    RefiSync,
    RefiText,
    guid_key,
)
from embauche.collect.refi_positions import OVERSHOOT, RawText, Ruler, spans_of
from embauche.notices import Notice

OWN_ORIGIN = "Embauche"
"""How our own files begin to name their origin; their way of counting is known."""


@dataclass(frozen=True, slots=True)
class Found:
    """A text as read: itself, its positions as written, and as it was stored."""

    text: RefiText
    raw: RawText | None

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Start and end of the selections that are given by positions."""
        return [(item.start, item.end) for item in self.text.selections if item.syncs is None]

    def telling(self) -> tuple[list[tuple[int, int]], list[str | None]]:
        """Return the spans by which the way of counting is told, and their names.

        A transcript whose selections lie between moments is told by these; one without selections,
        by what is said from one moment to the next.
        """
        plain = [item for item in self.text.selections if item.syncs is None]
        if plain:
            return [(item.start, item.end) for item in plain], [item.name for item in plain]
        at = {guid_key(one.guid): one.position for one in self.text.syncs}
        between = [
            (start, end, item.name)
            for item in self.text.selections
            for start, end in [_between(at, item)]
            if start is not None and end is not None and start < end
        ]
        if between:
            return [(start, end) for start, end, _ in between], [name for *_, name in between]
        points = sorted({one.position for one in self.text.syncs if one.position is not None})
        spans = list(pairwise(points))
        return spans, [None] * len(spans)


def _between(at: Mapping[str, int | None], item: RefiSelection) -> tuple[int | None, int | None]:
    start, end = item.syncs or ("", "")
    return at.get(guid_key(start)), at.get(guid_key(end))


def place_texts(
    project: RefiProject,
    texts: Sequence[Found],
    notices: list[Notice],
) -> tuple[RefiSource, ...]:
    """Return the project's sources with their selections in code points.

    Parameters
    ----------
    project
        As read, its selections still counted as written.
    texts
        The texts in the order of the sources.
    notices
        Gains how positions were counted, and what could not be placed.
    """
    known = _own_convention(project.origin)
    counted = [
        found
        for found in texts
        if found.raw is not None and (found.text.selections or found.text.syncs)
    ]
    if known is None:
        measured = [
            measure(found.raw, *found.telling()) for found in counted if found.raw is not None
        ]
        told = tell_conventions(project.origin, measured)
    else:
        told = [Told(known, doubtful=False) for _ in counted]
    names = {
        id(text): source.name or text.guid for source in project.sources for text in source.texts
    }
    ways = {id(found): way for found, way in zip(counted, told, strict=True)}
    placed = [
        _placed(found, ways[id(found)].convention, names[id(found.text)], notices)
        if id(found) in ways
        else found.text
        for found in texts
    ]
    _say(project, counted, told, names, notices)
    queue = iter(placed)
    return tuple(
        replace(source, texts=tuple(next(queue) for _ in source.texts))
        for source in project.sources
    )


def _own_convention(origin: str) -> Convention | None:
    if not origin.startswith(OWN_ORIGIN):
        return None
    return NVIVO if origin.endswith("for NVivo") else STANDARD


def _placed(found: Found, convention: Convention, name: str, notices: list[Notice]) -> RefiText:
    if found.raw is None:
        return found.text
    ruler = Ruler(found.raw, convention)
    starts, ends = spans_of(found.pairs)
    begin, end, inside, exact = ruler.to_text(starts, ends, beyond=OVERSHOOT)
    rows = iter(range(len(starts)))
    syncs = tuple(_moment(one, ruler) for one in found.text.syncs)
    at = {guid_key(one.guid): one.position for one in syncs if one.placed}
    selections: list[RefiSelection] = []
    outside: list[RefiSelection] = []
    for item in found.text.selections:
        if item.syncs is not None:
            first, last = _between(at, item)
            fits = first is not None and last is not None and first <= last
            span = (first or 0, last or 0)
        else:
            row = next(rows)
            fits, span = bool(inside[row]), (int(begin[row]), int(end[row]))
        selections.append(replace(item, start=span[0], end=span[1], placed=True) if fits else item)
        if not fits:
            outside.append(item)
    lost = [item for item in outside if item.syncs is None]
    if lost:
        params = {
            "source": name,
            "n": len(lost),
            "of": len(selections),
            "start": lost[0].start,
            "end": lost[0].end,
            "length": len(found.raw.text),
            "guid": lost[0].guid,
        }
        notices.append(Notice("refi.outside_text", params, "problem"))
    if timed := len(outside) - len(lost):
        notices.append(Notice("refi.no_moment", {"source": name, "n": timed}))
    halves = int((inside & ~exact).sum())
    if halves:
        notices.append(Notice("refi.inside_character", {"source": name, "n": halves}))
    return replace(found.text, selections=tuple(selections), syncs=syncs, convention=convention)


def _moment(one: RefiSync, ruler: Ruler) -> RefiSync:
    place = None if one.position is None else ruler.point(one.position)
    return one if place is None else replace(one, position=place, placed=True)


def _say(
    project: RefiProject,
    counted: list[Found],
    told: list[Told],
    names: Mapping[int, str],
    notices: list[Notice],
) -> None:
    """Tell how positions were counted: once for a project whose sources agree."""
    ways = Counter(way.convention for way in told)
    for way, n in ways.most_common():
        selections = sum(
            len(found.text.selections)
            for found, one in zip(counted, told, strict=True)
            if one.convention == way
        )
        break_as = {"as_written": "one", "one": "one", "two": "two"}[way.line_break]
        if way.line_break == "as_written" and _wide(counted, told, way):
            break_as = "two"
        params = {"origin": project.origin or "–", "n": n, "selections": selections}
        notices.append(Notice(f"refi.positions.{way.unit}.{break_as}", params, "info"))
        if way.inclusive:
            notices.append(Notice("refi.positions.inclusive", params, "info"))
        if way.first or way.mark:
            notices.append(Notice("refi.positions.shifted", params, "info"))
    doubtful = [
        names[id(found.text)] for found, one in zip(counted, told, strict=True) if one.doubtful
    ]
    if doubtful:
        notices.append(
            Notice("refi.positions.doubtful", {"sources": doubtful[:10], "n": len(doubtful)})
        )


def _wide(counted: list[Found], told: list[Told], way: Convention) -> bool:
    """Say whether line breaks counted as written are two characters in most of these texts."""
    lengths = [
        found.raw.breaks
        for found, one in zip(counted, told, strict=True)
        if one.convention == way and found.raw is not None
    ]
    joined = np.concatenate(lengths) if lengths else np.array([])
    return bool(len(joined) and joined.mean() > 1.5)
