"""The opportunity heatmap: frequency × intensity × present dissatisfaction, one row a job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from embauche.identify.evidence import Evidence
from embauche.jobs.job import JobMap
from embauche.prioritise.priority import QualitativePriority
from embauche.prioritise.qualitative import TOP_RATING, people_of, ratings_of

Measure = Literal["frequency", "intensity", "dissatisfaction"]


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One measure of one job.

    Attributes
    ----------
    measure
        ``"frequency"``: occurrences a month that participants state, or, where nobody does, the
        share of participants who have the job (`QualitativePriority.frequency_basis` says which);
        the others: mean rating, 0 to 4.
    value, level
        The figure on its own scale; the same between 0 and 1, for the colour. ``None`` is unknown.
    n
        Participants behind it.
    low, high
        95 % interval on the scale of `value` (Wilson for shares; Student's t over participants for
        ratings, cut at 0 and 4); for occurrences, the least and the most that anyone states.
        ``None`` where fewer than two rated, or all rated alike.
    """

    measure: Measure
    value: float | None
    level: float | None
    n: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One job: its three measures in the method's order, and its rank by the qualitative index."""

    job: str
    rank: int | None
    cells: tuple[HeatCell, HeatCell, HeatCell]


def heatmap(
    priorities: Sequence[QualitativePriority], job_map: JobMap, evidence: Sequence[Evidence]
) -> tuple[HeatRow, ...]:
    """Return the heatmap's rows, in the order of `priorities`."""
    jobs = {job.id: job for job in job_map.jobs}
    people = people_of(job_map, evidence)
    places = {item.id: place for place, item in enumerate(evidence)}
    rows = []
    for priority in priorities:
        job = jobs[priority.job]
        # In the order of the text; going through all evidence for each job takes much longer.
        held = {places[key] for facet in job.cells for key in job.evidence(facet) if key in places}
        found = ratings_of(job, [evidence[place] for place in sorted(held)], people)
        cells = (
            _frequency(priority, found.frequency),
            _rated("intensity", found.intensity),
            _rated("dissatisfaction", found.dissatisfaction),
        )
        rows.append(HeatRow(priority.job, priority.rank, cells))
    return tuple(rows)


def _frequency(priority: QualitativePriority, stated: NDArray[np.float64]) -> HeatCell:
    level = priority.frequency_level
    if priority.frequency_basis == "share":
        share, low, high = (
            priority.frequency_share,
            priority.frequency_low,
            priority.frequency_high,
        )
        return HeatCell("frequency", share, level, priority.of, low, high)
    known = np.sort(stated[~np.isnan(stated)])
    spread = (float(known[0]), float(known[-1])) if len(known) > 1 else (None, None)
    return HeatCell("frequency", priority.frequency, level, len(known), *spread)


def _rated(measure: Measure, ratings: NDArray[np.float64]) -> HeatCell:
    known = ratings[~np.isnan(ratings)]
    n = len(known)
    if n == 0:
        return HeatCell(measure, None, None, 0, None, None)
    mean = float(known.mean())
    if n == 1 or np.ptp(known) == 0:  # equal ratings say nothing of how far others would differ
        return HeatCell(measure, mean, mean / TOP_RATING, n, None, None)
    reach = _quantile(n - 1) * float(known.std(ddof=1)) / float(np.sqrt(n))
    low, high = max(0.0, mean - reach), min(TOP_RATING, mean + reach)
    return HeatCell(measure, mean, mean / TOP_RATING, n, low, high)


@cache
def _quantile(freedom: int) -> float:
    """Return Student's 97.5 % point."""
    from scipy.stats import t

    return float(t.ppf(0.975, freedom))
