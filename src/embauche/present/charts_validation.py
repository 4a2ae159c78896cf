"""The chart of what foretells the outcome: job segments against demographics."""

from __future__ import annotations

import math

import altair as alt

from embauche.present.chart_theme import LIGHT, ChartTheme
from embauche.present.dot_rows import Row, Rule, dot_rows
from embauche.present.figure import ChartFigure, DrawnChart, finished, stacked
from embauche.present.names import Names
from embauche.segment.comparison import Validation

_ORDER = (
    "job_segments",
    "demographic_segments",
    "demographics",
    "raw_needs",
    "segments_and_demographics",
    "nothing",
)


def validation_chart(names: Names, theme: ChartTheme = LIGHT) -> ChartFigure | None:
    """Draw the held-out score of each set of predictors, and below it the differences."""
    validation = names.findings.validation
    if validation is None:
        return None
    words = names.words
    specs = [
        finished(_panels(validation, names, theme, narrow=narrow), theme, words)
        for narrow in (False, True)
    ]
    scores = sorted(validation.scores, key=lambda item: _order(item.predictors))
    differences = (
        ("against_demographics", validation.difference, validation.low, validation.high),
        (
            "against_segments",
            validation.segments_difference,
            validation.segments_low,
            validation.segments_high,
        ),
    )
    return ChartFigure(
        id="validation",
        title=words.text(
            f"report.validation.verdict.{validation.verdict.name.lower()}",
            outcome=names.column(validation.outcome),
        ),
        subtitle=words.text(
            "report.chart.validation.subtitle",
            metric=words.text(f"report.metric.{validation.metric}"),
            n=validation.n,
            folds=validation.folds,
            repeats=validation.repeats,
        ),
        spec=specs[0],
        narrow=specs[1],
        header=tuple(
            words.text(f"report.column.{key}") for key in ("predictors", "value", "low", "high")
        ),
        rows=(
            *(
                (
                    names.predictors(item.predictors),
                    *(words.number(value, ".3") for value in (item.score, item.low, item.high)),
                )
                for item in scores
            ),
            *(
                (
                    words.text(f"report.difference.{key}"),
                    *(words.number(value, ".3") for value in values),
                )
                for key, *values in differences
                if all(math.isfinite(value) for value in values)
            ),
        ),
        notices=validation.notices,
    )


def _order(predictors: str) -> int:
    return _ORDER.index(predictors) if predictors in _ORDER else len(_ORDER)


def _panels(validation: Validation, names: Names, theme: ChartTheme, *, narrow: bool) -> DrawnChart:
    words = names.words

    def said(value: float, low: float, high: float) -> str:
        return words.text("report.interval_2", value=value, low=low, high=high)

    scores = [
        Row(
            label=names.predictors(item.predictors),
            value=item.score,
            text=said(item.score, item.low, item.high),
            colour=theme.hire if item.predictors == "job_segments" else theme.ink_soft,
            low=item.low,
            high=item.high,
            strong=item.predictors == "job_segments",
        )
        for item in sorted(validation.scores, key=lambda item: _order(item.predictors))
    ]
    rows = (
        (
            "against_demographics",
            validation.difference,
            validation.low,
            validation.high,
        ),
        (
            "against_segments",
            validation.segments_difference,
            validation.segments_low,
            validation.segments_high,
        ),
    )
    differences = [
        Row(
            label=words.text(f"report.difference.{key}"),
            value=value,
            text=said(value, low, high),
            colour=theme.hire if low > 0 else theme.ember if high < 0 else theme.ink_soft,
            low=low,
            high=high,
        )
        for key, value, low, high in rows
        if all(math.isfinite(item) for item in (value, low, high))
    ]
    base = 0.5 if validation.metric == "auc" else 0.0
    panels = [
        dot_rows(
            scores,
            theme,
            domain=_domain(scores, base),
            axis_title=words.text(f"report.axis.{validation.metric}"),
            axis_format="~f",
            rules=(Rule(base, words.text("report.chance")),),
            narrow=narrow,
            names_width=240,
        )
    ]
    if differences:
        panels.append(
            dot_rows(
                differences,
                theme,
                domain=_domain(differences, 0.0),
                axis_title=words.text("report.axis.difference"),
                axis_format="+~f",
                rules=(Rule(0.0, words.text("report.no_difference")),),
                narrow=narrow,
                names_width=240,
            )
        )
    apart = alt.Resolve(scale=alt.ScaleResolveMap(x="independent", y="independent"))
    return stacked(panels, 28, resolve=apart)


def _domain(rows: list[Row], base: float) -> tuple[float, float]:
    values = [value for row in rows for value in (row.low, row.high, base) if value is not None]
    low, high = min(values), max(values)
    margin = max(0.02, 0.12 * (high - low))
    return low - margin, high + margin
