"""Charts of what to serve first: the ranking of opportunities, and the jobs' heatmap."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from embauche.messages import Messages
from embauche.present.chart_theme import LIGHT, ChartTheme
from embauche.present.dot_rows import Row, Rule, dot_rows
from embauche.present.figure import NARROW, WIDE, ChartFigure, chart_of, finished, layered
from embauche.present.lettering import wrap
from embauche.present.names import Names, sentence_case
from embauche.present.results_opportunity import heat_of
from embauche.present.sections import spread_text
from embauche.present.zones import THRESHOLDS, has_zones, is_opportunity, overall
from embauche.prioritise.heatmap import HeatCell
from embauche.prioritise.opportunity_ranking import shared_notices
from embauche.prioritise.priority import QualitativePriority
from embauche.vocabulary import label


def ranking_chart(names: Names, theme: ChartTheme = LIGHT) -> ChartFigure | None:
    """Draw every outcome's opportunity with its interval, the best first."""
    items = overall(names.findings)
    if not items:
        return None
    words = names.words
    best = items[0]
    low = max(0.0, math.floor(min(item.low for item in items)) - 1.0)
    high = min(20.0, math.ceil(max(item.high for item in items)) + 1.0)
    zoned = all(has_zones(item) for item in items)
    rows = [
        Row(
            label=sentence_case(item.outcome),
            value=item.score,
            text=words.text("report.interval", value=item.score, low=item.low, high=item.high),
            colour=theme.ember if is_opportunity(item) else theme.ink_soft,
            low=item.low,
            high=item.high,
            key=item.importance_column,
        )
        for item in items
    ]
    rules = [
        Rule(threshold, label(zone, names.language))
        for threshold, zone in THRESHOLDS
        if zoned and low < threshold < high
    ]
    settled = best.rank_high == best.rank_low == 1
    specs = [
        finished(
            dot_rows(
                rows,
                theme,
                domain=(low, high),
                axis_title=words.text("report.axis.opportunity"),
                rules=rules,
                narrow=narrow,
            ),
            theme,
            words,
        )
        for narrow in (False, True)
    ]
    return ChartFigure(
        id="opportunity-ranking",
        title=words.text(
            f"report.chart.ranking.title.{'settled' if settled else 'unsettled'}",
            outcome=sentence_case(best.outcome),
            n=best.rank_high,
        ),
        subtitle=words.text("report.chart.ranking.subtitle", n=max(i.n for i in items)),
        spec=specs[0],
        narrow=specs[1],
        header=tuple(
            words.text(f"report.column.{key}")
            for key in (
                ("outcome", "score", "low", "high", "n")
                + (("p_over_10", "p_over_12", "p_over_15") if zoned else ())
            )
        )
        + ((words.text("report.column.p_top", n=best.top),) if best.top else ()),
        rows=tuple(
            (
                sentence_case(item.outcome),
                *(words.number(value, ".1") for value in (item.score, item.low, item.high)),
                words.number(item.n),
                *(
                    _chance(p, words)
                    for p in (item.p_over_10, item.p_over_12, item.p_over_15)
                    if zoned
                ),
                *((_chance(item.p_top, words),) if best.top else ()),
            )
            for item in items
        ),
        notices=tuple(item for item in best.notices if item not in shared_notices(items)),
        picks=tuple(item.importance_column for item in items),
    )


def _chance(share: float | None, words: Messages) -> str:
    return "–" if share is None else words.number(share, "%")


def heat_step(value: float | None, top: float) -> int:
    """Return the step of the ramp (0 to 5) for a value between 0 and `top`; 0 where unknown."""
    if value is None or top <= 0:
        return 0
    return max(1, min(5, 1 + int(5 * value / top * 0.9999)))


def heatmap_chart(names: Names, theme: ChartTheme = LIGHT) -> ChartFigure | None:
    """Draw frequency, intensity and dissatisfaction of every job on one sequential ramp."""
    items = names.findings.qualitative
    if not items:
        return None
    words = names.words
    cells = {row.job: row.cells for row in heat_of(names.findings)}
    ranked = [item for item in items if item.rank is not None]
    title = (
        words.text("report.chart.heatmap.title.some", job=names.job(ranked[0].job))
        if ranked
        else words.text("report.chart.heatmap.title.none")
    )
    specs = [
        finished(_heatmap(items, cells, names, theme, narrow=narrow), theme, words)
        for narrow in (False, True)
    ]
    return ChartFigure(
        id="job-heatmap",
        title=title,
        subtitle=words.text("report.chart.heatmap.subtitle", n=max(i.of for i in items)),
        spec=specs[0],
        narrow=specs[1],
        header=tuple(
            words.text(f"report.column.{key}")
            for key in (
                "job",
                "frequency",
                "spread",
                "intensity",
                "spread",
                "dissatisfaction",
                "spread",
                "index",
                "spread",
            )
        ),
        rows=tuple(
            (
                names.job(item.job),
                *(
                    text
                    for pair in zip(
                        _heat_texts(item, words),
                        _spreads(item, cells.get(item.job, ()), words),
                        strict=True,
                    )
                    for text in pair
                ),
                _index(item, words),
                _index_spread(item, words),
            )
            for item in items
        ),
    )


def _index(item: QualitativePriority, words: Messages) -> str:
    return (
        words.number(item.index, ".0") if item.index is not None else words.text("report.unknown")
    )


def _index_spread(item: QualitativePriority, words: Messages) -> str:
    if item.low is None or item.high is None:
        return "–"
    return f"{words.number(item.low, '.0')}–{words.number(item.high, '.0')}"


def _spreads(
    item: QualitativePriority, cells: Sequence[HeatCell], words: Messages
) -> tuple[str, str, str]:
    """Say the interval and n of the three measures."""
    said = {cell.measure: spread_text(cell, item.frequency_basis, words) for cell in cells}
    frequency, intensity, dissatisfaction = (
        said.get(measure, "") for measure in ("frequency", "intensity", "dissatisfaction")
    )
    return frequency, intensity, dissatisfaction


def frequency_text(item: QualitativePriority, words: Messages) -> str:
    """Say the frequency that the index took: occurrences a month, or the share that stands in."""
    if item.frequency_basis == "share" or item.frequency is None:
        return words.number(item.frequency_share, "%")
    return words.text("report.per_month", n=round(item.frequency, 1))


def _heat_texts(item: QualitativePriority, words: Messages) -> tuple[str, str, str]:
    unknown = words.text("report.unknown")
    return (
        frequency_text(item, words),
        words.number(item.intensity, ".1") if item.intensity is not None else unknown,
        words.number(item.dissatisfaction, ".1") if item.dissatisfaction is not None else unknown,
    )


def _heatmap(
    items: Sequence[QualitativePriority],
    measured: Mapping[str, Sequence[HeatCell]],
    names: Names,
    theme: ChartTheme,
    *,
    narrow: bool,
) -> alt.LayerChart:
    words = names.words
    width, row, head = (NARROW, 76.0, 40.0) if narrow else (WIDE, 52.0, 30.0)
    cell = (width - 8) / 3 if narrow else 124.0
    left = 0.0 if narrow else width - 3 * cell
    height = head + row * len(items)
    x_scale = alt.Scale(domain=[0, width], range=[0, width])
    y_scale = alt.Scale(domain=[0, height], range=[0, height])
    cells: list[dict[str, Any]] = []
    letters: list[dict[str, Any]] = []
    for place, item in enumerate(items):
        top = head + row * place + (22 if narrow else 0)
        lines = wrap(names.job(item.job), width if narrow else left - 16, 13, 1 if narrow else 2)
        for number, line in enumerate(lines):
            middle = top - 11 if narrow else top + 17 + (number - (len(lines) - 1) / 2) * 16
            letters.append({"x": 0, "y": middle, "word": line})
        values = ((item.frequency_level, 1.0), (item.intensity, 4.0), (item.dissatisfaction, 4.0))
        said = _spreads(item, measured.get(item.job, ()), words)
        for column, ((value, most), text, spread) in enumerate(
            zip(values, _heat_texts(item, words), said, strict=True)
        ):
            x = left + column * cell
            cells.append(
                {
                    "x": x,
                    "x2": x + cell - 3,
                    "y": top,
                    "y2": top + (30 if narrow else 32),
                    "cx": x + cell / 2 - 1.5,
                    "cy": top + 16,
                    "sy": top + (40 if narrow else 41),
                    "word": text,
                    "spread": spread,
                    "colour": theme.heat[heat_step(value, most)],
                    "name": names.job(item.job),
                }
            )
    heads = [
        {"x": left + column * cell + cell / 2, "y": 12, "word": words.text(f"report.column.{key}")}
        for column, key in enumerate(("frequency", "intensity", "dissatisfaction"))
    ]

    def at(field_x: str, field_y: str) -> dict[str, Any]:
        return {
            "x": alt.X(f"{field_x}:Q", scale=x_scale, axis=None),
            "y": alt.Y(f"{field_y}:Q", scale=y_scale, axis=None),
        }

    base = chart_of(cells)
    layers = [
        base.mark_rect(cornerRadius=4, stroke=theme.rule, strokeWidth=0.5).encode(
            **at("x", "y"),
            x2=alt.X2("x2:Q"),
            y2=alt.Y2("y2:Q"),
            color=alt.Color("colour:N", scale=None, legend=None),
            tooltip=[alt.Tooltip(f"{field}:N", title=" ") for field in ("name", "word", "spread")],
        ),
        base.mark_text(fontSize=10.5, color=theme.ink_soft, baseline="middle").encode(
            **at("cx", "sy"), text=alt.Text("spread:N")
        ),
        base.mark_text(fontSize=13, color=theme.heat_ink, baseline="middle").encode(
            **at("cx", "cy"), text=alt.Text("word:N")
        ),
        chart_of(letters)
        .mark_text(align="left", baseline="middle", color=theme.ink)
        .encode(**at("x", "y"), text=alt.Text("word:N")),
        chart_of(heads)
        .mark_text(fontSize=12, color=theme.ink_soft, baseline="middle")
        .encode(**at("x", "y"), text=alt.Text("word:N")),
    ]
    return layered(layers, width, height)
