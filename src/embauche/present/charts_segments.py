"""Charts of the survey's segments: how many, how large, and what marks each of them."""

from __future__ import annotations

from math import isfinite
from typing import Any

import altair as alt

from embauche.messages import Messages
from embauche.present.chart_theme import LIGHT, ChartTheme
from embauche.present.dot_rows import Row, dot_rows
from embauche.present.figure import NARROW, WIDE, ChartFigure, finished, layered
from embauche.present.names import Names
from embauche.present.segment_words import marker_text, with_limits
from embauche.segment.segmentation import Criterion, Marker, Segment, Segmentation

_MOST_NEEDS = 10
"""Needs in a profile; the table beside it has them all."""

_Z = 1.96


def criteria_chart(names: Names, theme: ChartTheme = LIGHT) -> ChartFigure | None:
    """Draw BIC (above its lowest) and bootstrap stability for every number of segments tried."""
    segmentation = names.findings.segmentation
    if segmentation is None or len(segmentation.criteria) < 2:
        return None
    words = names.words
    lowest = min(segmentation.criteria, key=lambda item: item.bic)
    kept = next((c for c in segmentation.criteria if c.k == segmentation.k), lowest)
    same = "agree" if lowest.k == kept.k else "differ"
    if kept.k == 1:
        same = "none"
    title = words.text(
        f"report.chart.criteria.title.{same}",
        n=kept.k,
        k=kept.k,
        other=lowest.k,
        stability=kept.stability if kept.stability is not None else 1.0,
    )
    specs = [
        finished(_criteria(segmentation, lowest, names, theme, narrow=narrow), theme, words)
        for narrow in (False, True)
    ]
    return ChartFigure(
        id="segment-criteria",
        title=title,
        subtitle=words.text("report.chart.criteria.subtitle", n=segmentation.n),
        spec=specs[0],
        narrow=specs[1],
        header=tuple(
            words.text(f"report.column.{key}")
            for key in (
                "k",
                "aic",
                "bic",
                "sabic",
                "icl",
                "entropy",
                "ratio_p",
                "stability",
                "weakest",
                "weakest_across",
                "starts",
            )
        ),
        rows=tuple(_criterion_texts(item, words) for item in segmentation.criteria),
        notices=segmentation.notices,
    )


def _criterion_texts(item: Criterion, words: Messages) -> tuple[str, ...]:
    return (
        words.number(item.k),
        words.number(item.aic, ".0"),
        words.number(item.bic, ".0"),
        words.number(item.sabic, ".0"),
        words.number(item.icl, ".0"),
        words.number(item.entropy, ".2"),
        _ratio_text(item, words),
        _stability_text(item, words),
        _least(item.within, words),
        _least(item.across, words),
        f"{words.number(item.hits)}/{words.number(item.starts)}",
    )


def _ratio_text(item: Criterion, words: Messages) -> str:
    if item.ratio_p is None or item.ratio_draws is None:
        return "–"
    return f"{words.number(item.ratio_p, '.3')} ({words.number(item.ratio_draws)})"


def _stability_text(item: Criterion, words: Messages) -> str:
    if item.stability is None:
        return "–"
    value = words.number(item.stability, ".2")
    if item.stability_error is None:
        return value
    return f"{value}\u00a0±\u00a0{words.number(item.stability_error, '.2')}"


def _least(values: tuple[float, ...], words: Messages) -> str:
    known = [(value, place) for place, value in enumerate(values, 1) if isfinite(value)]
    if not known:
        return "–"
    value, place = min(known)
    return f"{words.number(value, '.2')} (S{place})"


def _criteria(
    segmentation: Segmentation,
    lowest: Criterion,
    names: Names,
    theme: ChartTheme,
    *,
    narrow: bool,
) -> alt.VConcatChart | alt.HConcatChart:
    words = names.words
    width = NARROW - 56 if narrow else (WIDE - 130) / 2
    data = [
        {
            "k": item.k,
            "bic": item.bic - lowest.bic,
            "stability": item.stability,
            "low": max(0.0, item.stability - _Z * (item.stability_error or 0.0))
            if item.stability is not None
            else None,
            "high": min(1.0, item.stability + _Z * (item.stability_error or 0.0))
            if item.stability is not None
            else None,
            "kept": item.k == segmentation.k,
            "said": words.text("report.chart.criteria.kept", n=item.k)
            if item.k == segmentation.k
            else "",
            "colour": theme.hire if item.k == segmentation.k else theme.ink_soft,
        }
        for item in segmentation.criteria
    ]
    ticks = [item.k for item in segmentation.criteria]
    last = ticks[-1]

    def panel(
        field: str, title: str, domain: list[float], form: str, ticks_y: Any = alt.Undefined
    ) -> alt.LayerChart:
        x = alt.X(
            "k:Q",
            scale=alt.Scale(domain=[ticks[0] - 0.3, last + 0.3], nice=False, zero=False),
            axis=alt.Axis(values=ticks, format="d", grid=False, title=words.text("report.axis.k")),
        )
        y = alt.Y(
            f"{field}:Q",
            scale=alt.Scale(domain=domain, nice=False),
            axis=alt.Axis(title=None, format=form, values=ticks_y, tickCount=4, minExtent=40),
        )
        base = alt.Chart(alt.InlineData(values=[row for row in data if row[field] is not None]))
        near_right = segmentation.k > (ticks[0] + last) / 2
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
            ).encode(x=x, y=alt.value(0), text="said:N"),
        ]
        heading = alt.TitleParams(
            title, fontSize=13, fontWeight="normal", color=theme.ink_soft, offset=10
        )
        if field == "stability":
            layers.insert(
                1,
                base.mark_rule(strokeWidth=1.5, stroke=theme.ink_soft).encode(
                    x=x,
                    y=alt.Y("low:Q", scale=alt.Scale(domain=domain, nice=False), title=None),
                    y2=alt.Y2("high:Q"),
                ),
            )
        return layered(layers, width, 180).properties(title=heading)

    worst = max(row["bic"] for row in data) or 1.0  # type: ignore[type-var]
    quarters = [0, 0.25, 0.5, 0.75, 1]
    panels = [
        panel("bic", words.text("report.axis.bic"), [0, float(worst) * 1.2], ",.0f"),
        panel("stability", words.text("report.axis.stability"), [0, 1.2], ".2~f", quarters),
    ]
    if narrow:
        return alt.vconcat(*panels, spacing=24)
    return alt.hconcat(*panels, spacing=32)


def sizes_chart(names: Names, theme: ChartTheme = LIGHT) -> ChartFigure | None:
    """Draw the estimated size of every segment, with its name beside it."""
    segmentation = names.findings.segmentation
    if segmentation is None or not segmentation.segments:
        return None
    words = names.words
    largest = segmentation.segments[0]
    rows = [
        Row(
            label=names.segment(segment.id),
            value=segment.share,
            text=words.text("report.share_n", share=segment.share, n=segment.n),
            colour=theme.segments[place % len(theme.segments)],
            key=segment.id,
        )
        for place, segment in enumerate(segmentation.segments)
    ]
    top = max(row.value for row in rows) * 1.05
    specs = [
        finished(
            dot_rows(
                rows,
                theme,
                domain=(0.0, top),
                axis_format=".0%",
                axis_title=words.text("report.axis.share"),
                narrow=narrow,
                bars=True,
            ),
            theme,
            words,
        )
        for narrow in (False, True)
    ]
    return ChartFigure(
        id="segment-sizes",
        title=words.text(
            "report.chart.sizes.title", segment=names.segment_name(largest.id), share=largest.share
        ),
        subtitle=words.text("report.chart.sizes.subtitle", n=segmentation.n),
        spec=specs[0],
        narrow=specs[1],
        header=tuple(
            words.text(f"report.column.{key}")
            for key in ("segment", "share", "n", "stability", "certainty")
        ),
        rows=tuple(
            (
                names.segment(segment.id),
                words.number(segment.share, "%"),
                words.number(segment.n),
                words.number(segment.stability, ".2") if segment.stability is not None else "–",
                words.number(segment.certainty, "%"),
            )
            for segment in segmentation.segments
        ),
        picks=tuple(segment.id for segment in segmentation.segments),
    )


def profile_chart(names: Names, segment: Segment, theme: ChartTheme = LIGHT) -> ChartFigure | None:
    """Draw how a segment answers the needs that mark it, beside everyone (upright strokes)."""
    segmentation = names.findings.segmentation
    if segmentation is None or not segment.markers:
        return None
    words = names.words
    shown = segment.markers[:_MOST_NEEDS]
    shares = all(marker.unit == "share" for marker in shown)
    place = segmentation.segments.index(segment)
    colour = theme.segments[place % len(theme.segments)]
    rows = [
        Row(
            label=names.marker(marker),
            value=marker.value,
            text=marker_text(marker, words),
            colour=colour,
            low=marker.low,
            high=marker.high,
            ghost=marker.overall,
        )
        for marker in shown
    ]
    values = [value for marker in shown for value in (marker.value, marker.overall)]
    domain = (0.0, 1.0) if shares else (min(0.0, *values), max(values) * 1.05 or 1.0)
    specs = [
        finished(
            dot_rows(
                rows,
                theme,
                domain=domain,
                axis_format=".0%" if shares else "~f",
                axis_title=words.text(f"report.axis.{'marker_share' if shares else 'marker_mean'}"),
                narrow=narrow,
            ),
            theme,
            words,
        )
        for narrow in (False, True)
    ]
    first = shown[0]
    way = "above" if first.value >= first.overall else "below"
    if first.unit == "mean":
        way = f"mean_{way}"
    return ChartFigure(
        id=f"segment-profile-{segment.id}",
        title=words.text(
            f"report.chart.profile.title.{way}",
            need=names.marker(first),
            value=words.number(first.value, "%" if first.unit == "share" else ".1"),
            overall=words.number(first.overall, "%" if first.unit == "share" else ".1"),
        ),
        subtitle=words.text(
            "report.chart.profile.subtitle", segment=segment.id, n=segment.n, total=segmentation.n
        ),
        spec=specs[0],
        narrow=specs[1],
        header=tuple(
            words.text(f"report.column.{key}")
            for key in ("need", "in_segment", "overall", "marker_index")
        ),
        rows=tuple(_marker_row(marker, names) for marker in segment.markers),
    )


def _marker_row(marker: Marker, names: Names) -> tuple[str, ...]:
    words = names.words
    spec: Any = "%" if marker.unit == "share" else ".2"
    index = words.number(marker.index, ".0") if marker.index == marker.index else "–"
    return (
        names.marker(marker),
        with_limits(marker, spec, words),
        words.number(marker.overall, spec),
        index,
    )
