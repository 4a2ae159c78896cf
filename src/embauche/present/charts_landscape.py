"""The opportunity landscape: importance against satisfaction, its zones shaded and named."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

from embauche.messages import Messages
from embauche.present.chart_theme import LIGHT, ChartTheme
from embauche.present.figure import NARROW, WIDE, ChartFigure, chart_of, finished, layered
from embauche.present.lettering import text_width
from embauche.present.names import Names, sentence_case
from embauche.present.placement import Placed, place_labels
from embauche.present.proportions import wilson
from embauche.present.zones import THRESHOLDS, edge, has_zones, is_opportunity, overall
from embauche.prioritise.priority import Opportunity
from embauche.vocabulary import Zone, label

_Box = tuple[float, float, float, float]
_Said = tuple[dict[str, Any], dict[str, Any]]
_Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The drawing's pixels and the shares that they stand for."""

    width: float
    height: float
    x0: float
    y0: float
    y1: float
    narrow: bool

    def px(self, importance: float) -> float:
        return (importance - self.x0) / (10 - self.x0) * self.width

    def py(self, satisfaction: float) -> float:
        return (self.y1 - satisfaction) / (self.y1 - self.y0) * self.height

    def back(self, px: float, py: float) -> dict[str, float]:
        """Return the importance and satisfaction that a pixel stands for."""
        return {
            "x": round(self.x0 + px / self.width * (10 - self.x0), 4),
            "y": round(self.y1 - py / self.height * (self.y1 - self.y0), 4),
        }


def landscape_chart(names: Names, theme: ChartTheme = LIGHT) -> ChartFigure | None:
    """Draw importance against satisfaction, with the zones of opportunity in words.

    Points stand at their shares; thin lines are 95 % limits of each share taken alone. Where the
    rating scale allows no zones none are drawn, and the subtitle says why. ``None`` where there are
    no opportunities.
    """
    items = overall(names.findings)
    if not items:
        return None
    words = names.words
    zoned = all(has_zones(item) for item in items)
    some = [item for item in items if is_opportunity(item)]
    key = "unzoned" if not zoned else "some" if len(some) > 1 else "one" if some else "none"
    return ChartFigure(
        id="opportunity-landscape",
        title=words.text(
            f"report.chart.landscape.title.{key}",
            outcome=sentence_case(items[0].outcome),
            n=len(some) if zoned else len(items),
        ),
        subtitle=words.text(
            f"report.chart.landscape.subtitle{'' if zoned else '_unzoned'}",
            n=max(i.n for i in items),
        ),
        spec=finished(_landscape(items, names, theme, narrow=False), theme, words),
        narrow=finished(_landscape(items, names, theme, narrow=True), theme, words),
        header=tuple(
            words.text(f"report.column.{key}")
            for key in (
                "outcome",
                "importance",
                "importance_interval",
                "satisfaction",
                "satisfaction_interval",
                "score",
                "zone",
                "n",
            )
        ),
        rows=tuple(_table_row(item, names) for item in items),
        key=tuple(sentence_case(item.outcome) for item in items),
        picks=tuple(item.importance_column for item in items),
    )


def _table_row(item: Opportunity, names: Names) -> tuple[str, ...]:
    words = names.words
    return (
        sentence_case(item.outcome),
        words.number(item.importance, ".1"),
        _range(_importance(item), words),
        words.number(item.satisfaction, ".1"),
        _range(_satisfaction(item), words),
        words.number(item.score, ".1"),
        label(item.zone, names.language) if item.zone else "–",
        words.number(item.n),
    )


def _range(limits: tuple[float, float], words: Messages) -> str:
    low, high = (words.number(limit, ".1") for limit in limits)
    return words.text("report.range", low=low, high=high)


def _importance(item: Opportunity) -> tuple[float, float]:
    """Return the limits of an outcome's importance: its own, else Wilson's."""
    if item.importance_low is not None and item.importance_high is not None:
        return item.importance_low, item.importance_high
    low, high = wilson(item.importance / 10, item.n)
    return 10 * low, 10 * high


def _satisfaction(item: Opportunity) -> tuple[float, float]:
    """Return the limits of an outcome's satisfaction: its own, else Wilson's."""
    if item.satisfaction_low is not None and item.satisfaction_high is not None:
        return item.satisfaction_low, item.satisfaction_high
    low, high = wilson(item.satisfaction / 10, item.n)
    return 10 * low, 10 * high


def _frame(items: Sequence[Opportunity], *, narrow: bool) -> _Frame:
    width = NARROW - 34 if narrow else WIDE - 40
    return _Frame(
        width=width,
        height=width * 1.15 if narrow else 500,
        x0=max(0.0, math.floor(min(item.importance for item in items)) - 1.0),
        y0=max(0.0, math.floor(min(item.satisfaction for item in items)) - 1.0),
        y1=min(10.0, math.ceil(max(item.satisfaction for item in items)) + 1.0),
        narrow=narrow,
    )


def _landscape(
    items: Sequence[Opportunity], names: Names, theme: ChartTheme, *, narrow: bool
) -> alt.LayerChart:
    frame = _frame(items, narrow=narrow)
    zoned = all(has_zones(item) for item in items)
    taken = [(frame.px(item.importance), frame.py(item.satisfaction)) for item in items]
    zone_words, boxes = _zone_words(names, frame, taken) if zoned else ([], [])
    size = 12.0 if narrow else 13.0
    placed = place_labels(
        taken,
        [str(n) if narrow else sentence_case(i.outcome) for n, i in enumerate(items, 1)],
        width=frame.width,
        height=frame.height,
        size=size,
        line_width=112 if narrow else 170,
        obstacles=boxes,
        lines_to_avoid=[line for item in items for line in _interval_boxes(item, frame)],
    )
    x, y = _axes(frame, names.words)
    layers = [
        *_zones(frame, x, y, theme, zoned=zoned),
        *(
            chart_of([said])
            .mark_text(baseline="middle", fontSize=12, color=theme.ink_soft, **drawn)
            .encode(x=x, y=y, text=alt.Text("word:N"))
            for said, drawn in zone_words
        ),
        *_points(items, frame, (x, y), theme, names.words),
        *_labels(items, placed, frame, size, (x, y), theme),
    ]
    return layered(layers, frame.width, frame.height)


def _interval_boxes(item: Opportunity, frame: _Frame) -> tuple[_Box, _Box]:
    """Return the boxes that a point's two intervals take up."""
    x, y = frame.px(item.importance), frame.py(item.satisfaction)
    left, right = (frame.px(limit) for limit in _importance(item))
    foot, top = (frame.py(limit) for limit in _satisfaction(item))
    return (left, y - 1, right, y + 1), (x - 1, top, x + 1, foot)


def _x_scale(frame: _Frame) -> alt.Scale:
    return alt.Scale(domain=[frame.x0, 10], nice=False, zero=False)


def _y_scale(frame: _Frame) -> alt.Scale:
    return alt.Scale(domain=[frame.y0, frame.y1], nice=False, zero=False)


def _axes(frame: _Frame, words: Messages) -> tuple[alt.X, alt.Y]:
    look: dict[str, Any] = {"format": "~f", "grid": False, "tickCount": 6}
    x = alt.X(
        "x:Q",
        scale=_x_scale(frame),
        axis=alt.Axis(title=words.text("report.axis.importance"), **look),
    )
    y = alt.Y(
        "y:Q",
        scale=_y_scale(frame),
        axis=alt.Axis(
            title=words.text("report.axis.satisfaction"),
            titleAngle=0,
            titleAlign="left",
            titleAnchor="end",
            titleY=-16,
            titleX=-20,
            minExtent=24,
            **look,
        ),
    )
    return x, y


def _zones(frame: _Frame, x: alt.X, y: alt.Y, theme: ChartTheme, *, zoned: bool) -> list[alt.Chart]:
    """Shade the zones, where the scale has them, and draw the line of equal I and S."""
    layers: list[alt.Chart] = []
    for step, (threshold, _zone) in enumerate(THRESHOLDS if zoned else (), 1):
        points = [
            {"x": p["x"], "top": min(max(p["top"], frame.y0), frame.y1), "y": frame.y0}
            for p in edge(threshold, frame.x0, 10.0)
        ]
        layers.append(
            chart_of(points)
            .mark_area(color=theme.heat[step], opacity=1)
            .encode(x=x, y=y, y2=alt.Y2("top:Q"))
        )
    low, high = max(frame.x0, frame.y0), min(10.0, frame.y1)
    if low < high:
        layers.append(
            chart_of([{"x": low, "y": low, "x2": high, "y2": high}])
            .mark_rule(stroke=theme.ink_soft, strokeDash=[2, 3], strokeWidth=1)
            .encode(x=x, y=y, x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"))
        )
    return layers


_LEAN = 8.0
"""Pixels by which a zone's left limit leans over a word at its foot."""


def _zone_words(
    names: Names, frame: _Frame, taken: Sequence[tuple[float, float]]
) -> tuple[list[_Said], list[_Box]]:
    """Name the zones at their foot, else along the right edge; « over-served » on the other side.

    At the foot no point stands; a word that does not fit there leans along its zone where narrow.
    """
    places: list[tuple[float, float, Zone]] = []
    words: list[_Said] = []
    boxes: list[_Box] = []
    limits = [*(threshold for threshold, _ in THRESHOLDS[1:]), 20.0]
    for (threshold, zone), following in zip(THRESHOLDS, limits, strict=True):
        word = label(zone, names.language)
        room = text_width(word, 12) + 10
        # At satisfaction S a score s stands at importance (s + S) / 2: limits lean to the right.
        start = frame.px((threshold + frame.y0) / 2) + _LEAN
        end = min(frame.px((following + frame.y0) / 2), frame.width)
        if end - start >= room:
            places.append((start + room - 5, frame.height - 11, zone))
            continue
        score = threshold + 0.55 if following == 20 else (threshold + following) / 2
        if frame.narrow and (found := _leaning(word, score, frame, taken)):
            words, boxes = [*words, found[0]], [*boxes, *found[1]]
            continue
        # On the right edge (importance 10) a score s stands at satisfaction 20 − s.
        top = max(frame.py(20 - threshold), 0.0)
        foot = min(frame.py(20 - following), frame.height)
        if foot - top > 24:
            places.append((frame.width - 8, top + 14 if top > 0 else 14, zone))
        elif (right := frame.px((following + frame.y0) / 2)) <= frame.width:
            places.append((right - 8, frame.height - 11, zone))
    word = label(Zone.OVER_SERVED, names.language)
    if frame.y1 > frame.x0 + 1:
        places.append((10 + text_width(word, 12), 14, Zone.OVER_SERVED))
    for right, middle, zone in places:
        word = label(zone, names.language)
        words.append(({**frame.back(right, middle), "word": word}, {"align": "right"}))
        boxes.append((right - text_width(word, 12) - 4, middle - 9, right + 4, middle + 9))
    return words, boxes


def _leaning(
    word: str, score: float, frame: _Frame, taken: Sequence[tuple[float, float]]
) -> tuple[_Said, list[_Box]] | None:
    """Lay a word along the line of a score, where it is farthest from the points, if it fits."""
    lean = math.atan2(frame.py(0) - frame.py(1), frame.px(0.5) - frame.px(0))
    half = text_width(word, 12) / 2
    across, up = half * math.cos(lean), half * math.sin(lean)

    def along(y: float) -> list[tuple[float, float]]:
        x = frame.px((score + frame.back(0, y)["y"]) / 2)
        return [(x + across * part, y - up * part) for part in (-1, -0.5, 0, 0.5, 1)]

    def free(y: float) -> float:
        inside = along(y)[-1][0] + 8 < frame.width
        return min((math.dist(at, p) for at in along(y) for p in taken), default=1.0) * inside

    best = max(range(int(frame.height - up) - 6, int(up) + 6, -6), key=free)
    if not free(best):
        return None
    look = {"align": "center", "angle": round(360 - math.degrees(lean), 1)}
    boxes = [(x - 8, y - 8, x + 8, y + 8) for x, y in along(best)]
    return ({**frame.back(*along(best)[2]), "word": word}, look), boxes


def _points(
    items: Sequence[Opportunity],
    frame: _Frame,
    axes: tuple[alt.X, alt.Y],
    theme: ChartTheme,
    words: Messages,
) -> list[alt.Chart]:
    x, y = axes
    data = []
    for item in items:
        (x_low, x_high), (y_low, y_high) = _importance(item), _satisfaction(item)
        data.append(
            {
                "name": sentence_case(item.outcome),
                "key": item.importance_column,
                "x": item.importance,
                "y": item.satisfaction,
                "x_low": x_low,
                "x_high": x_high,
                "y_low": y_low,
                "y_high": y_high,
                "said": words.text(
                    "report.interval", value=item.score, low=item.low, high=item.high
                ),
                "colour": theme.ember if is_opportunity(item) else theme.ink_soft,
            }
        )
    base = chart_of(data)
    colour = alt.Color("colour:N", scale=None, legend=None)
    score = alt.Tooltip("said:N", title=words.text("report.column.score"))
    tooltip = [alt.Tooltip("name:N", title=" "), score]
    x_from = alt.X("x_low:Q", scale=_x_scale(frame))
    y_from = alt.Y("y_low:Q", scale=_y_scale(frame))
    line: dict[str, Any] = {"strokeWidth": 1, "clip": True, "opacity": 0.55}
    return [
        base.mark_rule(**line).encode(x=x_from, x2=alt.X2("x_high:Q"), y=y, color=colour),
        base.mark_rule(**line).encode(x=x, y=y_from, y2=alt.Y2("y_high:Q"), color=colour),
        base.mark_circle(size=86, opacity=1, stroke=theme.sheet, strokeWidth=1.5).encode(
            x=x, y=y, color=colour, tooltip=tooltip
        ),
    ]


def _labels(
    items: Sequence[Opportunity],
    placed: Sequence[Placed | None],
    frame: _Frame,
    size: float,
    axes: tuple[alt.X, alt.Y],
    theme: ChartTheme,
) -> list[alt.Chart]:
    x, y = axes
    texts: dict[_Align, list[dict[str, Any]]] = {"left": [], "right": [], "center": []}
    leaders: list[dict[str, float]] = []
    for item, place in zip(items, placed, strict=True):
        if place is None:
            continue
        for number, line in enumerate(place.lines):
            texts[place.align].append(
                {
                    **frame.back(place.x, place.y + number * size * 1.2),
                    "word": line,
                    "key": item.importance_column,
                }
            )
        if place.far:
            middle = place.y + (len(place.lines) - 1) * size * 0.6
            if place.align == "center":  # to the side of the text that the point is on
                above = middle < frame.py(item.satisfaction)
                middle += (1 if above else -1) * (len(place.lines) * size * 0.6 + 1)
            shift = {"left": -3, "right": 3, "center": 0}[place.align]
            end = frame.back(place.x + shift, middle)
            leaders.append(
                {"x": item.importance, "y": item.satisfaction, "x2": end["x"], "y2": end["y"]}
            )
    layers: list[alt.Chart] = []
    if leaders:
        layers.append(
            chart_of(leaders)
            .mark_rule(stroke=theme.ink_soft, strokeWidth=0.75)
            .encode(x=x, y=y, x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"))
        )
    layers.extend(
        chart_of(values)
        .mark_text(align=align, baseline="middle", fontSize=size, color=theme.ink)
        .encode(x=x, y=y, text=alt.Text("word:N"))
        for align, values in texts.items()
        if values
    )
    return layers
