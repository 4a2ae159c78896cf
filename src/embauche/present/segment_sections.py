"""Segments as pages tell them, and charts drawn for wide and for narrow pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from embauche.present.chart_theme import LIGHT
from embauche.present.figure import ChartFigure, page_svg
from embauche.present.proportions import wilson
from embauche.present.segment_names import SegmentNames
from embauche.segment.segmentation import Segment

STEADY = 0.75
"""A segment found again with a mean Jaccard similarity of at least this is steady (Hennig 2007)."""
UNSTEADY = 0.6
"""Under this, a segment should not be leaned on (Hennig 2007)."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart, drawn for wide and for narrow pages."""

    figure: ChartFigure
    wide: str
    narrow: str


@dataclass(frozen=True, slots=True)
class SegmentSection:
    """One segment as the report tells it."""

    segment: Segment
    name: str
    colour: int
    low: float
    high: float
    steady: str
    chart: Drawn | None


class DrawnCharts(dict[str, Drawn | None]):
    """Charts by id; a chart that was not drawn is ``None``, so that a template may ask."""

    def __init__(self, drawn: Mapping[str, Drawn]) -> None:
        super().__init__(drawn)

    def __missing__(self, key: str) -> None:
        return None


def drawn_charts(figures: Mapping[str, ChartFigure]) -> DrawnCharts:
    """Draw charts for a page; the heatmap of jobs is a table there, and has no picture."""
    made = {}
    for key, figure in figures.items():
        spoken = f"{figure.title}. {figure.subtitle}"
        if key == "job-heatmap":
            made[key] = Drawn(figure, "", "")
            continue
        made[key] = Drawn(
            figure,
            wide=page_svg(figure.svg(), LIGHT, spoken, f"{key}-wide"),
            narrow=page_svg(figure.svg(narrow=True), LIGHT, spoken, f"{key}-narrow"),
        )
    return DrawnCharts(made)


def segment_sections(
    names: SegmentNames, drawn: Mapping[str, Drawn | None]
) -> list[SegmentSection]:
    """Return every segment with the interval of its share, in words how steady, and its profile."""
    segmentation = names.segmentation
    if segmentation is None:
        return []
    made = []
    for place, segment in enumerate(segmentation.segments):
        low, high = wilson(segment.share, segmentation.n)
        steady = segment.stability if segment.stability is not None else 1.0
        made.append(
            SegmentSection(
                segment=segment,
                name=names.segment_name(segment.id),
                colour=place % len(LIGHT.segments) + 1,
                low=low,
                high=high,
                steady="steady"
                if steady >= STEADY
                else "unsteady"
                if steady < UNSTEADY
                else "middling",
                chart=drawn.get(f"segment-profile-{segment.id}"),
            )
        )
    return made
