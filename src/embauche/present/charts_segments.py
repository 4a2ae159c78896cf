"""Charts of the survey's segments: how many, how large, and what marks each of them."""

from __future__ import annotations

from typing import Any

from embauche.messages import Messages
from embauche.present.chart_theme import LIGHT, ChartTheme
from embauche.present.charts_routes import route_criteria_chart
from embauche.present.criteria_panels import (
    CriterionPanel,
    criteria_panels,
    stability_text,
    weakest_text,
)
from embauche.present.dot_rows import Row, dot_rows
from embauche.present.figure import ChartFigure, finished
from embauche.present.segment_names import SegmentNames
from embauche.present.segment_words import marker_text, with_limits
from embauche.segment.routes_result import RouteSegmentation
from embauche.segment.segmentation import Criterion, Marker, Segment

_MOST_NEEDS = 10
"""Needs in a profile; the table beside it has them all."""


def criteria_chart(names: SegmentNames, theme: ChartTheme = LIGHT) -> ChartFigure | None:
    """Draw the criterion and bootstrap stability for every number of segments tried.

    The criterion is BIC above its lowest, or that of the route.
    """
    segmentation = names.segmentation
    if segmentation is None or len(segmentation.criteria) < 2:
        return None
    if isinstance(segmentation, RouteSegmentation):
        return route_criteria_chart(segmentation, names.words, theme)
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
    worst = max(item.bic - lowest.bic for item in segmentation.criteria) or 1.0
    panel = CriterionPanel(
        title=words.text("report.axis.bic"),
        values=tuple(item.bic - lowest.bic for item in segmentation.criteria),
        domain=(0.0, worst * 1.2),
        form=",.0f",
    )
    specs = criteria_panels(segmentation.criteria, segmentation.k, panel, words, theme)
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
        stability_text(item, words),
        weakest_text(item.within, words),
        weakest_text(item.across, words),
        f"{words.number(item.hits)}/{words.number(item.starts)}",
    )


def _ratio_text(item: Criterion, words: Messages) -> str:
    if item.ratio_p is None or item.ratio_draws is None:
        return "–"
    return f"{words.number(item.ratio_p, '.3')} ({words.number(item.ratio_draws)})"


def sizes_chart(names: SegmentNames, theme: ChartTheme = LIGHT) -> ChartFigure | None:
    """Draw the estimated size of every segment, with its name beside it; one alone is everyone."""
    segmentation = names.segmentation
    if segmentation is None or len(segmentation.segments) < 2:
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
                axis_title=words.text(f"report.axis.share.{names.asked}"),
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
            f"report.chart.sizes.title.{names.asked}",
            segment=names.segment_name(largest.id),
            share=largest.share,
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


def profile_chart(
    names: SegmentNames, segment: Segment, theme: ChartTheme = LIGHT
) -> ChartFigure | None:
    """Draw how a segment answers the needs that mark it, beside everyone (upright strokes)."""
    segmentation = names.segmentation
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
    of = "job" if names.asked == "interviews" else "need"
    measure = "marker_share" if shares else "marker_mean"
    if names.asked == "interviews":
        measure = "marker_stated"
    elif isinstance(segmentation, RouteSegmentation):
        measure = "marker_score"
    values = [value for marker in shown for value in (marker.value, marker.overall)]
    domain = (0.0, 1.0) if shares else (min(0.0, *values), max(values) * 1.05 or 1.0)
    specs = [
        finished(
            dot_rows(
                rows,
                theme,
                domain=domain,
                axis_format=".0%" if shares else "~f",
                axis_title=words.text(f"report.axis.{measure}"),
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
    elif names.asked == "interviews":
        way = f"stated_{way}"
    return ChartFigure(
        id=f"segment-profile-{segment.id}",
        title=words.text(
            f"report.chart.profile.title.{way}",
            need=names.marker(first),
            value=words.number(first.value, "%" if first.unit == "share" else ".1"),
            overall=words.number(first.overall, "%" if first.unit == "share" else ".1"),
        ),
        subtitle=words.text(
            f"report.chart.profile.subtitle.{names.asked}",
            segment=segment.id,
            n=segment.n,
            total=segmentation.n,
        ),
        spec=specs[0],
        narrow=specs[1],
        header=tuple(
            words.text(f"report.column.{key}")
            for key in (of, "in_segment", "overall", "marker_index")
        ),
        rows=tuple(_marker_row(marker, names) for marker in segment.markers),
    )


def _marker_row(marker: Marker, names: SegmentNames) -> tuple[str, ...]:
    words = names.words
    spec: Any = "%" if marker.unit == "share" else ".2"
    index = words.number(marker.index, ".0") if marker.index == marker.index else "–"
    return (
        names.marker(marker),
        with_limits(marker, spec, words),
        words.number(marker.overall, spec),
        index,
    )
