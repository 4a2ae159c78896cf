"""The selections of a project placed in their texts, whatever way its program counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from embauche.collect.refi_conventions import Told, measure, tell_conventions
from embauche.collect.refi_model import (
    NVIVO,
    STANDARD,
    Convention,
    RefiProject,
    RefiSource,
    RefiText,
)
from embauche.collect.refi_positions import RawText, Ruler, spans_of
from embauche.notices import Notice

OWN_ORIGIN = "Embauche"
"""How our own files begin to name their origin; their way of counting is known."""


@dataclass(frozen=True, slots=True)
class Found:
    """A text as read: itself, as it was stored, and its selections' positions as written."""

    text: RefiText
    raw: RawText | None
    pairs: tuple[tuple[int, int], ...]


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
    counted = [found for found in texts if found.raw is not None and found.pairs]
    if known is None:
        measured = [
            measure(found.raw, found.pairs, [item.name for item in found.text.selections])
            for found in counted
            if found.raw is not None
        ]
        told = tell_conventions(project.origin, measured)
    else:
        told = [Told(known, doubtful=False) for _ in counted]
    ways = {id(found): way for found, way in zip(counted, told, strict=True)}
    placed = [
        _placed(found, ways[id(found)].convention, project, notices)
        if id(found) in ways
        else found.text
        for found in texts
    ]
    _say(project, counted, told, notices)
    queue = iter(placed)
    return tuple(
        replace(source, texts=tuple(next(queue) for _ in source.texts))
        for source in project.sources
    )


def _own_convention(origin: str) -> Convention | None:
    if not origin.startswith(OWN_ORIGIN):
        return None
    return NVIVO if origin.endswith("for NVivo") else STANDARD


def _placed(
    found: Found, convention: Convention, project: RefiProject, notices: list[Notice]
) -> RefiText:
    if found.raw is None:
        return found.text
    starts, ends = spans_of(found.pairs)
    begin, end, inside, exact = Ruler(found.raw, convention).to_text(starts, ends)
    selections = tuple(
        replace(item, start=int(begin[row]), end=int(end[row]), placed=True)
        if inside[row]
        else item
        for row, item in enumerate(found.text.selections)
    )
    outside = np.flatnonzero(~inside)
    name = _name_of(project, found.text)
    if len(outside):
        first = found.text.selections[int(outside[0])]
        notices.append(
            Notice(
                "refi.outside_text",
                {
                    "source": name,
                    "n": len(outside),
                    "of": len(selections),
                    "start": first.start,
                    "end": first.end,
                    "length": len(found.raw.text),
                    "guid": first.guid,
                },
                "problem",
            )
        )
    halves = int((inside & ~exact).sum())
    if halves:
        notices.append(Notice("refi.inside_character", {"source": name, "n": halves}))
    return replace(found.text, selections=selections, convention=convention)


def _name_of(project: RefiProject, text: RefiText) -> str:
    for source in project.sources:
        if any(item.guid == text.guid for item in source.texts):
            return source.name or text.guid
    return text.guid


def _say(
    project: RefiProject, counted: list[Found], told: list[Told], notices: list[Notice]
) -> None:
    """Tell how positions were counted: once for a project whose sources agree."""
    ways = Counter(way.convention for way in told)
    for way, n in ways.most_common():
        selections = sum(
            len(found.pairs)
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
        _name_of(project, found.text)
        for found, one in zip(counted, told, strict=True)
        if one.doubtful
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
