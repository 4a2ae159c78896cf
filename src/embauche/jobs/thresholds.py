"""What each threshold would give, for a slider: how many jobs, what stays alone, how stable it is.

The same grouping as `group` makes, at one threshold after the other, without statements and
attachments. One `Slider` makes all of them, in little more than the time of one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from embauche.identify.evidence import Evidence
from embauche.jobs.goals import DEFAULT_THRESHOLD
from embauche.jobs.slider import Slider
from embauche.jobs.space import fit_space
from embauche.vocabulary import GOAL_FACETS, EvidenceStatus

THRESHOLDS: Final = tuple(
    sorted({DEFAULT_THRESHOLD, *(round(0.5 + 0.05 * step, 2) for step in range(13))})
)
"""From .50, where jobs hold their nearest statements alone, to 1.10, where almost all is one."""


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """What one threshold gives.

    Attributes
    ----------
    threshold
        Cosine distance at which groups are kept apart.
    jobs
        How many jobs.
    unassigned
        Goal evidence in no job.
    goals
        Goal evidence in all.
    stability
        Mean adjusted Rand index with the groupings at the neighbouring thresholds, −1 to 1; 1
        where a small move of the slider changes nothing. Evidence in no job counts as alone.
    labels
        Id of goal evidence → place of its job at this threshold, −1 for none.
    """

    threshold: float
    jobs: int
    unassigned: int
    goals: int
    stability: float
    labels: dict[str, int]


def at_thresholds(
    evidence: Sequence[Evidence],
    vectors: NDArray[np.floating],
    *,
    thresholds: Sequence[float] = THRESHOLDS,
    most: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[ThresholdRow, ...]:
    """Group goal statements at several thresholds.

    Parameters
    ----------
    evidence
        What was proposed or coded; rejected evidence is left out.
    vectors
        (n, d), one row a piece of evidence.
    thresholds
        In increasing order.
    most
        Jobs at most, as in `group`.
    progress
        Called with the share done; may raise to cancel.
    """
    rows = [
        row
        for row, item in enumerate(evidence)
        if item.facet in GOAL_FACETS and item.status is not EvidenceStatus.REJECTED
    ]
    rows.sort(
        key=lambda row: (
            evidence[row].source, evidence[row].start, evidence[row].facet, evidence[row].id,
        )
    )  # fmt: skip
    if not rows:
        return ()
    goals = [evidence[row] for row in rows]
    languages = [item.language for item in goals]
    own = np.asarray(vectors, dtype=np.float64)[rows]
    placed = fit_space(own, languages).place(own, languages)
    slider = Slider(goals, placed, most)
    found = []
    for done, threshold in enumerate(thresholds):
        found.append(slider.at(threshold))
        if progress is not None:
            progress((done + 1) / len(thresholds))
    alone = [_alone(labels) for labels in found]
    near = [float(adjusted_rand_score(a, b)) for a, b in pairwise(alone)]
    made = []
    for place, (threshold, labels) in enumerate(zip(thresholds, found, strict=True)):
        beside = near[max(place - 1, 0) : place + 1]
        made.append(
            ThresholdRow(
                threshold=float(threshold),
                jobs=int(labels.max(initial=-1)) + 1,
                unassigned=int((labels < 0).sum()),
                goals=len(goals),
                stability=sum(beside) / len(beside) if beside else 1.0,
                labels={item.id: int(label) for item, label in zip(goals, labels, strict=True)},
            )
        )
    return tuple(made)


def _alone(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each statement without a job a label of its own."""
    free = labels < 0
    made = labels.copy()
    made[free] = int(labels.max(initial=-1)) + 1 + np.arange(int(free.sum()))
    return made
