"""Which number of groups k-means or hierarchical clustering prefers, and how far it comes back."""

from __future__ import annotations

from embauche.messages import Messages
from embauche.present.chart_theme import ChartTheme
from embauche.present.criteria_panels import (
    CriterionPanel,
    criteria_panels,
    stability_text,
    weakest_text,
)
from embauche.present.figure import ChartFigure
from embauche.segment.routes_result import RouteCriterion, RouteSegmentation


def route_criteria_chart(
    found: RouteSegmentation, words: Messages, theme: ChartTheme
) -> ChartFigure:
    """Draw the route's criterion, of which more is better, and stability."""
    name = found.criterion_name
    best = max(found.criteria, key=lambda item: item.criterion)
    kept = next(item for item in found.criteria if item.k == found.k)
    values = tuple(item.criterion for item in found.criteria)
    panel = CriterionPanel(
        title=words.text(f"report.axis.{name}"),
        values=values,
        domain=(min(0.0, *values), max(values) * 1.2 if max(values) > 0 else 1.0),
        form=".2~f" if name == "silhouette" else ",.0f",
    )
    wide, narrow = criteria_panels(found.criteria, found.k, panel, words, theme)
    both = name != "silhouette"
    return ChartFigure(
        id="segment-criteria",
        title=words.text(
            f"report.chart.criteria.{name}.{'agree' if best.k == kept.k else 'differ'}",
            k=kept.k,
            other=best.k,
            stability=kept.stability,
        ),
        subtitle=words.text(f"report.chart.criteria.{name}.subtitle", n=found.n),
        spec=wide,
        narrow=narrow,
        header=tuple(
            words.text(f"report.column.{key}")
            for key in (
                "k",
                *([name] if both else []),
                "silhouette",
                "cloud_p",
                "stability",
                "weakest",
                "weakest_across",
            )
        ),
        rows=tuple(
            (
                words.number(item.k),
                *([words.number(item.criterion, ".1")] if both else []),
                words.number(item.silhouette, ".2"),
                _cloud_text(item, words),
                stability_text(item, words),
                weakest_text(item.within, words),
                weakest_text(item.across, words),
            )
            for item in found.criteria
        ),
        notices=found.notices,
    )


def _cloud_text(item: RouteCriterion, words: Messages) -> str:
    if item.p is None or item.draws is None:
        return "–"
    return f"{words.number(item.p, '.3')} ({words.number(item.draws)})"
