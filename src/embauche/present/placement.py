"""Where labels go beside points so that they neither overlap nor leave the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from embauche.present.lettering import text_width, wrap

LINE = 1.2


@dataclass(frozen=True, slots=True)
class Placed:
    """A label with its place in pixels.

    Attributes
    ----------
    lines
        Its text.
    x, y
        Anchor of the first line: `align` side, vertical middle of the line.
    align
        Side of the text that the anchor is.
    far
        True where a leader line should join it to its point.
    """

    lines: tuple[str, ...]
    x: float
    y: float
    align: Literal["left", "right", "center"]
    far: bool


_Box = tuple[float, float, float, float]
_Candidate = tuple[_Box, Literal["left", "right", "center"], bool]

_NEAR, _FAR = (11, 24, 40, 60, 84), (110, 140, 175, 215, 260, 310, 365)
"""Pixels between a point and its label; the far ones are tried where no near one is free."""


def place_labels(
    points: Sequence[tuple[float, float]],
    labels: Sequence[str],
    *,
    width: float,
    height: float,
    size: float = 13,
    line_width: float = 150,
    obstacles: Sequence[_Box] = (),
    lines_to_avoid: Sequence[_Box] = (),
) -> list[Placed | None]:
    """Place labels greedily, the first ones first; ``None`` where there is no room.

    Parameters
    ----------
    points, labels
        Positions in pixels (y down) and texts, the most important first.
    width, height
        Of the drawing.
    size
        Font size in pixels.
    line_width
        Labels break into lines of at most this many pixels.
    obstacles
        Boxes (left, top, right, bottom) to keep clear.
    lines_to_avoid
        Boxes to keep clear where there is room to.
    """
    taken: list[_Box] = [(x - 7, y - 7, x + 7, y + 7) for x, y in points]
    taken += obstacles
    placed: list[Placed | None] = []
    for (x, y), label in zip(points, labels, strict=True):
        lines = tuple(wrap(label, line_width, size, 3))
        wide = max(text_width(line, size) for line in lines)
        tall = len(lines) * size * LINE
        own = (x - 7, y - 7, x + 7, y + 7)
        others = [box for box in taken if box != own]
        open_places: list[_Candidate] = []
        for gaps in (_NEAR, _FAR):
            open_places = [
                candidate
                for candidate in _candidates(x, y, wide, tall, gaps)
                if _inside(candidate[0], width, height)
                and not any(_touch(candidate[0], other) for other in others)
            ]
            if open_places:
                break
        else:
            placed.append(None)
            continue
        # As few lines crossed as can be, no leader through what stands there, and near.
        box, align, far = min(
            open_places,
            key=lambda candidate: (
                sum(_touch(candidate[0], line) for line in lines_to_avoid)
                + (_leader_cost((x, y), candidate[0], others) if candidate[2] else 0.0)
            ),
        )
        taken.append(box)
        anchor = {"left": box[0], "right": box[2], "center": (box[0] + box[2]) / 2}[align]
        placed.append(Placed(lines, anchor, box[1] + size * LINE / 2, align, far))
    return placed


def _candidates(
    x: float, y: float, wide: float, tall: float, gaps: Sequence[int]
) -> list[_Candidate]:
    found: list[_Candidate] = []
    for gap in gaps:
        far = gap > _NEAR[0]
        for dy in (-tall / 2, -tall - gap / 2, gap / 2):
            top = y + dy
            found.extend(
                (
                    ((x + gap, top, x + gap + wide, top + tall), "left", far),
                    ((x - gap - wide, top, x - gap, top + tall), "right", far),
                )
            )
        found.extend(
            ((x - wide / 2, top, x + wide / 2, top + tall), "center", far)
            for top in (y - gap - tall, y + gap)
        )
    return found


def _leader_cost(point: tuple[float, float], box: _Box, others: Sequence[_Box]) -> float:
    """Return what a leader line costs: a little for being there, much for crossing something."""
    end = (min(max(point[0], box[0]), box[2]), (box[1] + box[3]) / 2)
    steps = [step / 12 for step in range(2, 12)]
    on_the_way = [
        (point[0] + (end[0] - point[0]) * s, point[1] + (end[1] - point[1]) * s) for s in steps
    ]
    crossed = any(
        other[0] <= x <= other[2] and other[1] <= y <= other[3]
        for x, y in on_the_way
        for other in others
    )
    return 0.6 + (3.0 if crossed else 0.0)


def _inside(box: _Box, width: float, height: float) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height


def _touch(one: _Box, two: _Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
