"""The zones of the opportunity landscape, as lines to draw and words to write."""

from __future__ import annotations

from typing import Final

from embauche.present.findings import Findings
from embauche.prioritise.priority import Opportunity
from embauche.vocabulary import Zone

THRESHOLDS: Final = ((10.0, Zone.WORTH_A_LOOK), (12.0, Zone.STRONG), (15.0, Zone.EXTREME))
"""A score over the figure is in the zone, until the next one begins (METHOD.md, section 4)."""

OPPORTUNITY_ZONES: Final = frozenset(zone for _, zone in THRESHOLDS)


def is_opportunity(opportunity: Opportunity) -> bool:
    """Tell whether an outcome is in one of the opportunity zones."""
    return opportunity.zone in OPPORTUNITY_ZONES


def doubtful(opportunity: Opportunity) -> bool:
    """Tell whether the interval of an opportunity reaches under its own zone's threshold."""
    floor = {zone: limit for limit, zone in THRESHOLDS}.get(opportunity.zone or Zone.SERVED)
    return floor is not None and opportunity.low <= floor


def has_zones(item: Opportunity) -> bool:
    """Tell whether an outcome's scale allows zones: 1–5 for both ratings."""
    scales = {item.importance_scale, item.satisfaction_scale}
    return item.zone is not None or scales == {"1-5"}


def edge(threshold: float, start: float, end: float, steps: int = 24) -> list[dict[str, float]]:
    """Return the area under which satisfaction leaves a score over a threshold.

    On the side where importance exceeds satisfaction the score is ``2 I − S``, so that it exceeds
    the threshold where ``S < 2 I − threshold`` and ``S < I``.

    Parameters
    ----------
    start, end
        Limits of importance on the drawing.
    """
    first = max(start, threshold / 2)
    points = []
    for step in range(steps + 1):
        x = first + (end - first) * step / steps
        points.append({"x": round(x, 4), "top": round(min(2 * x - threshold, x), 4)})
    return points


def overall(findings: Findings) -> list[Opportunity]:
    """Return the opportunities among everyone, the best first."""
    every = [item for item in findings.opportunities if item.segment is None]
    return sorted(every, key=lambda item: item.rank)
