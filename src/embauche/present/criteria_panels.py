"""Criterion and stability by number of segments, side by side or one under the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import altair as alt

from embauche.messages import Messages
from embauche.present.chart_theme import ChartTheme
from embauche.present.figure import NARROW, WIDE, chart_of, finished, layered, side_by_side, stacked
from embauche.segment.routes_result import RouteCriterion
from embauche.segment.segmentation import Criterion

_Z = 1.96


@dataclass(frozen=True, slots=True)
class CriterionPanel:
    """The panel beside that of stability.

    Attributes
    ----------
    title
        What is plotted.
    values
        One a number of segments.
    domain, form
        Of its axis.
    """

    title: str
    values: tuple[float, ...]
    domain: tuple[float, float]
    form: str


def criteria_panels(
    criteria: Sequence[Criterion | RouteCriterion],
    kept: int,
    panel: CriterionPanel,
    words: Messages,
    theme: ChartTheme,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw both panels, for wide and for narrow pages; the number kept is marked in both."""
    data = [
        {
            "k": item.k,
            "criterion": value,
            "stability": item.stability,
            "low": _limit(item, -_Z),
            "high": _limit(item, _Z),
            "kept": item.k == kept,
            "said": words.text("report.chart.criteria.kept", n=kept) if item.k == kept else "",
            "colour": theme.hire if item.k == kept else theme.ink_soft,
        }
        for item, value in zip(criteria, panel.values, strict=True)
    ]
    quarters = [0, 0.25, 0.5, 0.75, 1]
    steady = words.text("report.axis.stability")

    def drawn(*, narrow: bool) -> dict[str, Any]:
        width = NARROW - 56 if narrow else (WIDE - 130) / 2
        left = _panel(
            data, kept, "criterion", panel.title, panel.domain, panel.form, width, words, theme
        )
        right = _panel(
            data, kept, "stability", steady, (0, 1.2), ".2~f", width, words, theme, quarters
        )
        both = stacked([left, right], 24) if narrow else side_by_side([left, right], 32)
        return finished(both, theme, words)

    return drawn(narrow=False), drawn(narrow=True)


def _panel(
    data: Sequence[dict[str, Any]],
    kept_k: int,
    field: str,
    title: str,
    domain: tuple[float, float],
    form: str,
    width: float,
    words: Messages,
    theme: ChartTheme,
    ticks_y: Any = alt.Undefined,
) -> alt.LayerChart:
    ticks = [row["k"] for row in data]
    last = ticks[-1]
    scale = alt.Scale(domain=list(domain), nice=False)
    x = alt.X(
        "k:Q",
        scale=alt.Scale(domain=[ticks[0] - 0.3, last + 0.3], nice=False, zero=False),
        axis=alt.Axis(values=ticks, format="d", grid=False, title=words.text("report.axis.k")),
    )
    y = alt.Y(
        f"{field}:Q",
        scale=scale,
        axis=alt.Axis(title=None, format=form, values=ticks_y, tickCount=4, minExtent=40),
    )
    base = chart_of([row for row in data if row[field] is not None])
    near_right = kept_k > (ticks[0] + last) / 2
    kept = base.transform_filter("datum.kept")
    layers = [
        base.mark_line(stroke=theme.ink_soft, strokeWidth=1).encode(x=x, y=y),
        base.mark_circle(size=70, opacity=1).encode(
            x=x,
            y=y,
            color=alt.Color("colour:N", scale=None, legend=None),
            tooltip=[
                alt.Tooltip("k:Q", title=words.text("report.column.k")),
                alt.Tooltip(f"{field}:Q", title=title, format=form),
            ],
        ),
        kept.mark_rule(stroke=theme.hire, strokeDash=[2, 3], strokeWidth=1).encode(x=x),
        kept.mark_text(
            color=theme.hire,
            fontWeight=600,
            baseline="top",
            align="right" if near_right else "left",
            dx=-6 if near_right else 6,
        ).encode(x=x, y=alt.value(0), text=alt.Text("said:N")),
    ]
    if field == "stability":
        layers.insert(
            1,
            base.mark_rule(strokeWidth=1.5, stroke=theme.ink_soft).encode(
                x=x, y=alt.Y("low:Q", scale=scale, title=None), y2=alt.Y2("high:Q")
            ),
        )
    heading = alt.TitleParams(
        title, fontSize=13, fontWeight="normal", color=theme.ink_soft, offset=10
    )
    return layered(layers, width, 180, title=heading)


def _limit(item: Criterion | RouteCriterion, errors: float) -> float | None:
    if item.stability is None:
        return None
    return min(1.0, max(0.0, item.stability + errors * (item.stability_error or 0.0)))


def stability_text(item: Criterion | RouteCriterion, words: Messages) -> str:
    """Return stability with its standard error."""
    if item.stability is None:
        return "–"
    value = words.number(item.stability, ".2")
    if item.stability_error is None:
        return value
    return f"{value}\u00a0±\u00a0{words.number(item.stability_error, '.2')}"


def weakest_text(values: Sequence[float], words: Messages) -> str:
    """Return the least of the segments' values, and whose it is."""
    known = [(value, place) for place, value in enumerate(values, 1) if isfinite(value)]
    if not known:
        return "–"
    value, place = min(known)
    return f"{words.number(value, '.2')} (S{place})"
