"""Every chart of a study, each defined once for report, pages, notebooks and files."""

from __future__ import annotations

from embauche.present.chart_theme import DARK, LIGHT, ChartTheme
from embauche.present.charts_landscape import landscape_chart
from embauche.present.charts_personas import personas_chart
from embauche.present.charts_priorities import heatmap_chart, ranking_chart
from embauche.present.charts_segments import criteria_chart, profile_chart, sizes_chart
from embauche.present.charts_solidity import flow_chart, stability_chart, votes_chart
from embauche.present.charts_validation import validation_chart
from embauche.present.figure import ChartFigure
from embauche.present.findings import Findings
from embauche.present.names import Names
from embauche.present.segment_names import SegmentNames, SegmentsAlone

__all__ = [
    "DARK",
    "LIGHT",
    "ChartFigure",
    "ChartTheme",
    "SegmentsAlone",
    "chart_figures",
    "criteria_chart",
    "flow_chart",
    "heatmap_chart",
    "landscape_chart",
    "personas_chart",
    "profile_chart",
    "ranking_chart",
    "segment_charts",
    "sizes_chart",
    "stability_chart",
    "validation_chart",
    "votes_chart",
]


def chart_figures(findings: Findings, theme: ChartTheme = LIGHT) -> dict[str, ChartFigure]:
    """Draw every chart that the findings have data for.

    Parameters
    ----------
    findings
        The study.
    theme
        `LIGHT` for files; a page in the dark theme asks for `DARK`.

    Returns
    -------
    dict
        Chart id → chart, in the order of the method.
    """
    names = Names(findings)
    before = heatmap_chart(names, theme)
    after = (
        landscape_chart(names, theme),
        ranking_chart(names, theme),
        validation_chart(names, theme),
    )
    drawn = [before, *segment_charts(names, theme).values(), *after]
    return {figure.id: figure for figure in drawn if figure is not None}


def segment_charts(names: SegmentNames, theme: ChartTheme = LIGHT) -> dict[str, ChartFigure]:
    """Draw the dashboard of the segments of any route: criteria, stability, profiles, personas.

    Parameters
    ----------
    names
        Segments with their names: `Names` of findings, or `SegmentsAlone`.
    theme
        As in `chart_figures`.

    Returns
    -------
    dict
        Chart id → chart.
    """
    found = names.segmentation
    drawn = [
        criteria_chart(names, theme),
        votes_chart(names, theme),
        stability_chart(names, theme),
        flow_chart(names, theme),
        sizes_chart(names, theme),
        *(profile_chart(names, segment, theme) for segment in (found.segments if found else ())),
        personas_chart(names, theme),
    ]
    return {figure.id: figure for figure in drawn if figure is not None}
