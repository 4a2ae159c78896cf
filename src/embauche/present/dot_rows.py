"""One row a thing: its name, a point on a shared scale, its interval as a thin line, its figure.

Everything is placed in pixels, so that no label depends on how a drawing library measures text:
on a wide page the names stand left of the scale and the figures right of it; on a narrow one both
stand above their row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from embauche.present.chart_theme import ChartTheme
from embauche.present.figure import NARROW, WIDE, chart_of, layered
from embauche.present.lettering import text_width, wrap

_SIZE = 13.0
_LEADING = 16.0
_QUARTERS = [0, 0.25, 0.5, 0.75, 1]


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes
    ----------
    label
        Its name.
    value
        Where its point stands.
    text
        The figure in words, with its interval.
    colour
        Of point and interval.
    low, high
        Limits of the interval; ``None`` where there is none.
    ghost
        A value to compare with, drawn as a small upright stroke.
    strong
        Write the name in semi-bold.
    key
        What the row is about (`ChartFigure.picks`).
    """

    label: str
    value: float
    text: str
    colour: str
    low: float | None = None
    high: float | None = None
    ghost: float | None = None
    strong: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """An upright hairline at a value, with its word above."""

    value: float
    label: str = ""


def dot_rows(
    rows: Sequence[Row],
    theme: ChartTheme,
    *,
    domain: tuple[float, float],
    axis_title: str = "",
    axis_format: str = "~f",
    rules: Sequence[Rule] = (),
    narrow: bool = False,
    bars: bool = False,
    names_width: float = 250,
) -> alt.LayerChart:
    """Draw rows of points.

    Parameters
    ----------
    domain
        Limits of the scale.
    axis_title, axis_format
        Of the scale at the foot.
    rules
        Hairlines with a word each, such as thresholds.
    narrow
        Draw for a phone.
    bars
        Draw bars from the left limit instead of points (only where zero is the left limit).
    names_width
        Pixels of the names' column on a wide page.
    """
    width = NARROW if narrow else WIDE
    figures = max((text_width(row.text, _SIZE) for row in rows), default=0) + 14
    left, right = (8.0, width - 8.0) if narrow else (names_width + 14, width - figures)
    room = width - figures - 4 if narrow else names_width
    wrapped = [wrap(row.label, room, _SIZE * (1.05 if row.strong else 1), 3) for row in rows]
    levels = _levels(rules, domain, (left, right))
    head = 12.0 + 15.0 * max(levels, default=-1) + 15.0 if levels else 6.0
    tops: list[float] = []
    cursor = head
    for lines in wrapped:
        tops.append(cursor)
        cursor += len(lines) * _LEADING + (14 if not narrow else 36 if bars else 28)
    height = cursor

    x_scale = alt.Scale(domain=list(domain), range=[left, right], nice=False, zero=False)
    y_scale = alt.Scale(domain=[0, height], range=[0, height], nice=False)
    # A title wider than the chart would shrink all of it on a phone.
    title = wrap(axis_title, NARROW, _SIZE, 3) if narrow and axis_title else axis_title
    axis = alt.Axis(
        title=title or None,
        format=axis_format,
        # Quarters of a whole: five labels that do not touch, however little room there is.
        **({"values": _QUARTERS} if domain == (0.0, 1.0) else {"tickCount": 5}),
        grid=False,
        titleAnchor="start" if narrow else "middle",
    )

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=x_scale, axis=axis)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=None)

    data: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for row, lines, top in zip(rows, wrapped, tops, strict=True):
        block = len(lines) * _LEADING
        middle = top + block + (14 if bars else 11) if narrow else top + block / 2
        data.append(
            {
                "name": row.label,
                "key": row.key,
                "value": row.value,
                "low": row.low if row.low is not None else row.value,
                "high": row.high if row.high is not None else row.value,
                "ghost": row.ghost,
                "g0": middle - 7,
                "g1": middle + 7,
                "y": middle,
                "text_y": top + _LEADING / 2 if narrow else middle,
                "text": row.text,
                "colour": row.colour,
                "from": domain[0],
                "to": domain[1],
            }
        )
        names.extend(
            {
                "line": line,
                "y": top + _LEADING * (place + 0.5),
                "strong": row.strong,
                "key": row.key,
            }
            for place, line in enumerate(lines)
        )
    base = chart_of(data)
    colour = alt.Color("colour:N", scale=None, legend=None)
    tooltip = [alt.Tooltip("name:N", title=" "), alt.Tooltip("text:N", title="·")]
    layers: list[alt.Chart] = [
        base.mark_rule(stroke=theme.rule, strokeWidth=1).encode(
            x=x("from"), x2=alt.X2("to:Q"), y=y("y")
        )
    ]
    if rules:
        marks: list[dict[str, Any]] = [
            {"at": rule.value, "word": rule.label, "y0": 15.0 + 15.0 * (max(levels) - level)}
            for rule, level in zip(rules, levels, strict=True)
        ]
        # On a narrow page names stand above the rows: the hairlines keep to the rows then.
        spans = (
            [(item["y"] - 8, item["y"] + 8) for item in data]
            if narrow
            else [(min(mark["y0"] for mark in marks), height)]
        )
        strokes = [
            {"at": mark["at"], "y0": top if narrow else mark["y0"], "y1": foot}
            for mark in marks
            for top, foot in spans
        ]
        layers.append(
            chart_of(strokes)
            .mark_rule(stroke=theme.ink_soft, strokeDash=[2, 3], strokeWidth=1)
            .encode(x=x("at"), y=y("y0"), y2=alt.Y2("y1:Q"))
        )
        layers.append(
            chart_of(marks)
            .mark_text(baseline="bottom", fontSize=12, color=theme.ink_soft, dy=-2)
            .encode(x=x("at"), y=y("y0"), text=alt.Text("word:N"))
        )
    if bars:
        layers.append(
            base.mark_rule(strokeWidth=14).encode(
                x=x("from"), x2=alt.X2("value:Q"), y=y("y"), color=colour, tooltip=tooltip
            )
        )
    else:
        layers.append(
            base.mark_rule(strokeWidth=2).encode(
                x=x("low"), x2=alt.X2("high:Q"), y=y("y"), color=colour, tooltip=tooltip
            )
        )
        layers.append(
            base.mark_circle(size=92, opacity=1).encode(
                x=x("value"), y=y("y"), color=colour, tooltip=tooltip
            )
        )
    if any(row.ghost is not None for row in rows):
        ghosts = base.transform_filter("isValid(datum.ghost)")
        layers.append(
            ghosts.mark_rule(strokeWidth=2, stroke=theme.ink_soft).encode(
                x=x("ghost"), y=y("g0"), y2=alt.Y2("g1:Q")
            )
        )
    layers.append(
        base.mark_text(align="right", baseline="middle", fontSize=_SIZE, color=theme.ink).encode(
            x=alt.value(width), y=y("text_y"), text=alt.Text("text:N")
        )
    )
    for strong in (False, True):
        written = [name for name in names if name["strong"] is strong]
        letters = chart_of(written).mark_text(
            align="left",
            baseline="middle",
            fontSize=_SIZE,
            color=theme.ink,
            fontWeight=600 if strong else 400,
        )
        if written:
            layers.append(letters.encode(x=alt.value(0), y=y("y"), text=alt.Text("line:N")))
    return layered(layers, width, height)


def _levels(
    rules: Sequence[Rule], domain: tuple[float, float], pixels: tuple[float, float]
) -> list[int]:
    """Return the line (0 is lowest) that each word stands on so that no two touch."""
    ends: list[float] = []
    levels: list[int] = []
    span = (domain[1] - domain[0]) or 1.0
    for rule in rules:
        middle = pixels[0] + (rule.value - domain[0]) / span * (pixels[1] - pixels[0])
        half = text_width(rule.label, 12) / 2 + 4
        level = next((k for k, end in enumerate(ends) if end <= middle - half), len(ends))
        if level == len(ends):
            ends.append(middle + half)
        else:
            ends[level] = middle + half
        levels.append(level)
    return levels
