"""What each threshold would give, for a slider: how many jobs, what stays alone, how stable it is.

The same grouping as `group` makes, at one threshold after the other, without statements and
attachments. One `Slider` makes all of them, in little more than the time of one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from embauche.identify.evidence import Evidence
from embauche.jobs.arranging import arranged
from embauche.jobs.decided import put_together
from embauche.jobs.goals import DEFAULT_THRESHOLD, Goals
from embauche.jobs.operations import Entry
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
    ids
        Id that each job would have, by place; empty unless people's work was done again.
    """

    threshold: float
    jobs: int
    unassigned: int
    goals: int
    stability: float
    labels: dict[str, int]
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeoplesWork:
    """What people decided about jobs, to be done again at every threshold; as `group` has it.

    Attributes
    ----------
    together
        Sets of ids of goal evidence that a person put together.
    operations
        What people did to the jobs (`OperationLog.standing`).
    known
        Id of a job → its goal evidence when it was last seen.
    seen
        All goal evidence that was in a job then.
    """

    together: tuple[AbstractSet[str], ...] = ()
    operations: tuple[Entry, ...] = ()
    known: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    seen: AbstractSet[str] = frozenset()


def at_thresholds(
    evidence: Sequence[Evidence],
    vectors: NDArray[np.floating],
    *,
    thresholds: Sequence[float] = THRESHOLDS,
    most: int | None = None,
    people: PeoplesWork | None = None,
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
    people
        What people decided, to be done again on each grouping; by default it is left out.
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
    found: list[NDArray[np.int64]] = []
    ids: list[tuple[str, ...]] = []
    for done, threshold in enumerate(thresholds):
        found.append(slider.at(threshold))
        ids.append(())
        if people is not None:
            found[-1], ids[-1] = _again(goals, placed, found[-1], people)
        if progress is not None:
            progress((done + 1) / len(thresholds))
    alone = [_alone(labels) for labels in found]
    near = [float(adjusted_rand_score(a, b)) for a, b in pairwise(alone)]
    made = []
    for place, (threshold, labels, named) in enumerate(zip(thresholds, found, ids, strict=True)):
        beside = near[max(place - 1, 0) : place + 1]
        made.append(
            ThresholdRow(
                threshold=float(threshold),
                jobs=int(labels.max(initial=-1)) + 1,
                unassigned=int((labels < 0).sum()),
                goals=len(goals),
                stability=sum(beside) / len(beside) if beside else 1.0,
                labels={item.id: int(label) for item, label in zip(goals, labels, strict=True)},
                ids=named,
            )
        )
    return tuple(made)


def _again(
    goals: Sequence[Evidence],
    placed: NDArray[np.float64],
    labels: NDArray[np.int64],
    people: PeoplesWork,
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Do people's work again on a grouping: the labels then, and the ids of the jobs."""
    joined = put_together(goals, labels, people.together)
    grouped = Goals(tuple(goals), placed, joined)
    kept = arranged(grouped, (), people.operations, people.known, people.seen)
    return kept.goals.labels, kept.ids


def _alone(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each statement without a job a label of its own."""
    free = labels < 0
    made = labels.copy()
    made[free] = int(labels.max(initial=-1)) + 1 + np.arange(int(free.sum()))
    return made
