"""Charts of how real the segments are: what each criterion prefers, stability, origins.

Disagreement between criteria is drawn, not averaged: every criterion has a row of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any, Final

import altair as alt

from embauche.messages import Messages
from embauche.present.chart_theme import LIGHT, ChartTheme
from embauche.present.dot_rows import Row, Rule, dot_rows
from embauche.present.figure import NARROW, WIDE, ChartFigure, chart_of, finished, layered
from embauche.present.segment_names import SegmentNames
from embauche.segment.routes_result import RouteCriterion, RouteSegmentation
from embauche.segment.segmentation import Criterion, Segmentation
from embauche.segment.verdict import (
    NATURAL_SEGMENT,
    RATIO_LEVEL,
    REPRODUCIBLE_SEGMENT,
    REPRODUCIBLE_STABILITY,
)

_LEAST_FLOW: Final = 0.01
"""Flows of less than this share of everyone are not drawn."""

_THICKEST: Final = 46.0
"""Pixels of a flow of everyone."""

_MOST_NARROW: Final = 5
"""Columns of the flow chart on a phone."""


def preferences(criteria: Sequence[Criterion]) -> dict[str, int]:
    """Return criterion → number of segments that it prefers, for those that prefer one.

    Information criteria prefer their least value; the likelihood-ratio test the last number before
    the first test that finds no improvement; stability the largest number that is still
    reproducible (there is none where no number is).
    """
    found = {
        name: min(criteria, key=lambda item: float(getattr(item, name))).k
        for name in ("aic", "sabic", "bic", "icl")
    }
    tested = [item for item in criteria if item.ratio_p is not None]
    if tested:
        refused = [item.k for item in tested if (item.ratio_p or 0.0) > RATIO_LEVEL]
        found["ratio"] = refused[0] - 1 if refused else tested[-1].k
    return found | _steadiest(criteria)


def route_preferences(found: RouteSegmentation) -> dict[str, int]:
    """Return criterion → number of groups that it prefers: most for criterion and silhouette."""
    best = {found.criterion_name: max(found.criteria, key=lambda item: item.criterion).k}
    best["silhouette"] = max(found.criteria, key=lambda item: item.silhouette).k
    return best | _steadiest(found.criteria)


def _steadiest(criteria: Sequence[Criterion | RouteCriterion]) -> dict[str, int]:
    steady = [item.k for item in criteria if (item.stability or 0.0) >= REPRODUCIBLE_STABILITY]
    return {"stability": max(steady)} if steady else {}


def votes_chart(names: SegmentNames, theme: ChartTheme = LIGHT) -> ChartFigure | None:
    """Draw which number of segments each criterion prefers."""
    segmentation = names.segmentation
    if segmentation is None or len(segmentation.criteria) < 2:
        return None
    words = names.words
    found = (
        route_preferences(segmentation)
        if isinstance(segmentation, RouteSegmentation)
        else preferences(segmentation.criteria)
    )
    if len(found) < 2:
        return None
    numbers = sorted(set(found.values()))
    key = "agree" if numbers == [segmentation.k] else "differ"
    most = segmentation.criteria[-1].k
    rows = [
        Row(
            label=words.text(f"report.votes.{name}"),
            value=float(k),
            text=words.number(k),
            colour=theme.hire if k == segmentation.k else theme.ink_soft,
        )
        for name, k in found.items()
    ]
    kept = Rule(float(segmentation.k), words.text("report.chart.criteria.kept", n=segmentation.k))
    specs = [
        finished(
            dot_rows(
                rows,
                theme,
                domain=(0.5, most + 0.5),
                axis_format="d",
                axis_title=words.text("report.axis.k"),
                rules=[kept],
                narrow=narrow,
            ),
            theme,
            words,
        )
        for narrow in (False, True)
    ]
    return ChartFigure(
        id="segment-votes",
        title=words.text(
            f"report.chart.votes.title.{key}",
            n=segmentation.k,
            low=numbers[0],
            high=numbers[-1],
            k=segmentation.k,
        ),
        subtitle=words.text("report.chart.votes.subtitle", n=segmentation.n),
        spec=specs[0],
        narrow=specs[1],
        header=(words.text("report.column.criterion"), words.text("report.column.prefers")),
        rows=tuple((row.label, row.text) for row in rows),
    )


def stability_chart(names: SegmentNames, theme: ChartTheme = LIGHT) -> ChartFigure | None:
    """Draw how surely each segment is found again (SLSw), beside where it comes from (SLSa)."""
    segmentation = names.segmentation
    kept = _kept(segmentation) if segmentation else None
    if segmentation is None or kept is None or not kept.within:
        return None
    words = names.words
    weakest = min(range(kept.k), key=lambda place: kept.within[place])
    across = kept.across or (None,) * kept.k
    rows = [
        Row(
            label=names.segment(segment.id),
            value=within,
            text=_pair(within, whence, words),
            colour=theme.segments[place % len(theme.segments)],
            ghost=whence,
            key=segment.id,
        )
        for place, (segment, within, whence) in enumerate(
            zip(segmentation.segments, kept.within, across, strict=True)
        )
    ]
    limits = [
        Rule(REPRODUCIBLE_SEGMENT, words.number(REPRODUCIBLE_SEGMENT, ".2")),
        Rule(NATURAL_SEGMENT, words.number(NATURAL_SEGMENT, ".2")),
    ]
    specs = [
        finished(
            dot_rows(
                rows,
                theme,
                domain=(0.0, 1.0),
                axis_format=".2~f",
                axis_title=words.text("report.axis.within"),
                rules=limits,
                narrow=narrow,
            ),
            theme,
            words,
        )
        for narrow in (False, True)
    ]
    return ChartFigure(
        id="segment-stability",
        title=words.text(
            "report.chart.within.title",
            segment=names.segment(segmentation.segments[weakest].id),
            value=kept.within[weakest],
        ),
        subtitle=words.text("report.chart.within.subtitle", n=segmentation.n),
        spec=specs[0],
        narrow=specs[1],
        header=tuple(words.text(f"report.column.{key}") for key in ("segment", "within", "across")),
        rows=tuple(
            (row.label, words.number(row.value, ".2"), _figure(row.ghost, words)) for row in rows
        ),
        picks=tuple(row.key for row in rows),
    )


def flow_chart(names: SegmentNames, theme: ChartTheme = LIGHT) -> ChartFigure | None:
    """Draw which segment comes out of which as their number grows, up to one beyond those kept."""
    segmentation = names.segmentation
    if segmentation is None or not any(item.origins for item in segmentation.criteria):
        return None
    words = names.words
    last = max(3, segmentation.k + 1)
    shown = [item for item in segmentation.criteria if item.sizes and item.k <= last]
    if len(shown) < 2 or len(shown[-1].sizes) < 2:
        return None
    kept = _kept(segmentation)
    cut = kept.across.index(min(kept.across)) if kept and kept.across else None
    key = "one" if kept is None or kept.k < 3 or cut is None else "whole"
    if key == "whole" and kept is not None and cut is not None and kept.across[cut] < 0.5:
        key = "cut"
    specs = [
        finished(_flows(shown, segmentation, theme, words, narrow=narrow), theme, words)
        for narrow in (False, True)
    ]
    return ChartFigure(
        id="segment-flow",
        title=words.text(
            f"report.chart.flow.title.{key}",
            segment=names.segment(f"S{(cut or 0) + 1}"),
            value=kept.across[cut] if kept and cut is not None else 1.0,
        ),
        subtitle=words.text(
            f"report.chart.flow.{'some_cut' if _any_cut(shown, segmentation.k) else 'subtitle'}"
            f".{names.asked}",
            n=segmentation.n,
        ),
        spec=specs[0],
        narrow=specs[1],
        header=tuple(
            words.text(f"report.column.{key}")
            for key in ("k", "segment", "share", "from", "across")
        ),
        rows=tuple(
            (
                words.number(item.k),
                f"S{place + 1}",
                words.number(item.sizes[place], "%"),
                ", ".join(
                    f"S{source + 1} {words.number(share, '%')}"
                    for source, share in enumerate(item.origins[place])
                    if share >= _LEAST_FLOW
                ),
                _figure(item.across[place], words),
            )
            for item in shown
            if item.origins
            for place in range(item.k)
        ),
    )


def _flows(
    shown: Sequence[Criterion | RouteCriterion],
    segmentation: Segmentation | RouteSegmentation,
    theme: ChartTheme,
    words: Messages,
    *,
    narrow: bool,
) -> alt.LayerChart:
    if narrow and len(shown) > _MOST_NARROW:
        shown = shown[-_MOST_NARROW:]
    width, row = (NARROW, 44.0) if narrow else (WIDE, 48.0)
    height = row * shown[-1].k + 24
    step = (width - 72.0) / (len(shown) - 1)
    places = _places(shown, height, row)
    nodes, links, heads = [], [], []
    for column, item in enumerate(shown):
        x = 30.0 + step * column
        heads.append({"x": x, "y": 4.0, "text": words.number(item.k)})
        for place, share in enumerate(item.sizes):
            kept = item.k == segmentation.k
            cut = _cut(item, place)
            colour = theme.segments[place % len(theme.segments)] if kept else theme.ink_soft
            nodes.append(
                {
                    "x": x,
                    "y": places[item.k][place],
                    "text": words.number(share, "%"),
                    "name": f"S{place + 1}",
                    "key": f"S{place + 1}" if kept else "-",
                    "colour": theme.ember if cut and not kept else colour,
                    "across": _figure(item.across[place] if item.across else None, words),
                }
            )
            if not column:
                continue
            for source, part in enumerate(item.origins[place]):
                if part * share >= _LEAST_FLOW:
                    links.append(
                        {
                            "x": x - step,
                            "x2": x,
                            "y": places[item.k - 1][source],
                            "y2": places[item.k][place],
                            "width": max(1.0, _THICKEST * part * share),
                            "text": words.number(part, "%"),
                        }
                    )
    x_scale = alt.Scale(domain=[0, width], range=[0, width], nice=False)
    y_scale = alt.Scale(domain=[0, height], range=[0, height], nice=False)

    def at(field: str) -> dict[str, Any]:
        return {
            "x": alt.X("x:Q", scale=x_scale, axis=None),
            "y": alt.Y(f"{field}:Q", scale=y_scale, axis=None),
        }

    drawn = chart_of(links)
    dots = chart_of(nodes)
    layers: list[alt.Chart] = [
        drawn.mark_rule(stroke=theme.rule, opacity=0.9).encode(
            **at("y"),
            x2=alt.X2("x2:Q"),
            y2=alt.Y2("y2:Q"),
            strokeWidth=alt.StrokeWidth("width:Q", scale=None, legend=None),
            tooltip=[alt.Tooltip("text:N", title=words.text("report.column.from"))],
        ),
        dots.mark_circle(size=150, opacity=1).encode(
            **at("y"),
            color=alt.Color("colour:N", scale=None, legend=None),
            tooltip=[
                alt.Tooltip("name:N", title=words.text("report.column.segment")),
                alt.Tooltip("text:N", title=words.text("report.column.share")),
                alt.Tooltip("across:N", title=words.text("report.column.across")),
            ],
        ),
        dots.mark_text(align="left", dx=11, dy=-6, fontSize=12, fontWeight=600).encode(
            **at("y"), text=alt.Text("name:N")
        ),
        dots.mark_text(align="left", dx=11, dy=8, fontSize=12, color=theme.ink_soft).encode(
            **at("y"), text=alt.Text("text:N")
        ),
        chart_of(heads)
        .mark_text(fontSize=12, color=theme.ink_soft, baseline="top")
        .encode(**at("y"), text=alt.Text("text:N")),
    ]
    return layered(layers, width, height)


def _cut(item: Criterion | RouteCriterion, place: int) -> bool:
    """Tell whether a segment comes out of several of the solution with one fewer."""
    return bool(item.across) and item.across[place] < 0.5


def _any_cut(shown: Sequence[Criterion | RouteCriterion], kept: int) -> bool:
    return any(_cut(item, place) for item in shown if item.k != kept for place in range(item.k))


def _places(
    shown: Sequence[Criterion | RouteCriterion], height: float, row: float
) -> dict[int, list[float]]:
    """Return k → height of each segment: near those that it comes from, a row apart at least."""
    found: dict[int, list[float]] = {}
    for item in shown:
        before = found.get(item.k - 1)
        wish = [
            sum(p * y for p, y in zip(item.origins[place], before, strict=True))
            if before and item.origins
            else float(place)
            for place in range(item.k)
        ]
        order = sorted(range(item.k), key=lambda place: (wish[place], place))
        first = 24 + (height - 24 - row * (item.k - 1)) / 2
        heights = [0.0] * item.k
        for line, place in enumerate(order):
            heights[place] = first + row * line
        found[item.k] = heights
    return found


def _kept(segmentation: Segmentation | RouteSegmentation) -> Criterion | RouteCriterion | None:
    return next((item for item in segmentation.criteria if item.k == segmentation.k), None)


def _pair(within: float, across: float | None, words: Messages) -> str:
    if across is None:
        return words.number(within, ".2")
    return words.text("report.within_across", within=within, across=across)


def _figure(value: float | None, words: Messages) -> str:
    return words.number(value, ".2") if value is not None and isfinite(value) else "–"
