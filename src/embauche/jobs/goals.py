"""Which goal statement states which job: statements of jobs first, then objectives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embauche.identify.evidence import Evidence
from embauche.jobs.clustering import shared_groups
from embauche.jobs.space import unit
from embauche.jobs.statement import clauses_of
from embauche.notices import Notice
from embauche.vocabulary import GOAL_FACETS, JOB_FACETS

DEFAULT_THRESHOLD = 0.86
SURE_ENOUGH = 0.5
"""Strength from which a statement may form a job; weaker ones join jobs and form none, unless
there are too few sure ones."""

OTHER_TYPE_PENALTY = 0.2
"""Added to the distance of two statements of different types of job."""

OBJECTIVE_JOIN = 0.25
"""Cosine with a job's centre from which an objective belongs to the job."""

_FEW = 4
"""Participants under which nothing can be widely shared."""


@dataclass(frozen=True, slots=True)
class Goals:
    """Goal evidence in canonical order, placed in its space, with the job of each (−1: none)."""

    items: tuple[Evidence, ...]
    placed: NDArray[np.float64]
    labels: NDArray[np.int64]

    def of(self, job: int) -> NDArray[np.int64]:
        """Return the row numbers of a job's statements."""
        return np.flatnonzero(self.labels == job)

    def centres(self) -> NDArray[np.float64]:
        """Return (jobs, d) unit centres, statements weighted by confidence."""
        jobs = int(self.labels.max(initial=-1)) + 1
        sums = np.zeros((jobs, self.placed.shape[1]))
        weights = np.array([item.surety for item in self.items])
        kept = self.labels >= 0
        np.add.at(sums, self.labels[kept], self.placed[kept] * weights[kept, None])
        return unit(sums)


def readable_number(goals: Sequence[Evidence]) -> int:
    """Return how many jobs a team can discuss: 11 for 14 participants, 20 from 45 on."""
    participants = len({item.participant for item in goals})
    return int(np.clip(round(3 * participants**0.5), 6, 20))


def strength(goal: Evidence) -> float:
    """Say how surely words state a goal, 0 to 1.

    A machine's confidence is joined by what the codebook names as typical of a job: an aim in
    words ("I need to …", « pour … »). ``min(1, confidence + 0.4 × cue)``, the cue being that of
    the plainest aim in the quote, 0 without one.
    """
    cue = max((clause.cue for clause in clauses_of(goal.quote, goal.language)), default=0.0)
    return float(min(1.0, max(goal.surety, 0.05) + 0.4 * max(cue, 0.0)))


@dataclass(frozen=True, slots=True)
class GoalLabels:
    """The job of each goal (−1: none), how many people make a job, and what is weak about it."""

    labels: NDArray[np.int64]
    least: int
    notices: tuple[Notice, ...]


def speakers(goals: Sequence[Evidence]) -> NDArray[np.int64]:
    """Return (n,) who states each goal; up to three participants, every statement counts."""
    names = sorted({item.participant for item in goals})
    # With three participants or fewer nothing can be widely shared: statements are counted.
    few = len(names) < _FEW
    number = {name: place for place, name in enumerate(names)}
    said = [item.start if few else number[item.participant] for item in goals]
    return np.array(said, dtype=np.int64)


def label_goals(
    goals: Sequence[Evidence],
    placed: NDArray[np.float64],
    threshold: float,
    most: int,
) -> GoalLabels:
    """Group job statements first, then let objectives join, then group what objectives remain."""
    names = {item.participant for item in goals}
    people = speakers(goals)
    least = 2 if len(names) < _FEW else max(2, min(4, round(0.05 * len(names))))
    enough = least
    weights = np.array([strength(item) for item in goals])
    is_job = np.array([item.facet in JOB_FACETS for item in goals], dtype=bool)
    spans = {(item.source, item.start, item.end) for item in goals if item.facet in JOB_FACETS}
    labels = np.full(len(goals), -1, dtype=np.int64)
    notices: list[Notice] = []
    job_rows = np.flatnonzero(is_job)
    for lowest in (least, 2, 1):
        found = _cut(goals, placed, people, weights, job_rows, threshold, most, lowest)
        if found.max(initial=-1) >= 0:
            labels[job_rows], enough = found, lowest
            if lowest == 1:
                notices.append(Notice("jobs.not_shared", {"n": len(names)}))
            break
    objective_rows = np.flatnonzero(~is_job)
    stated = {
        (goals[i].source, goals[i].start, goals[i].end): int(labels[i]) for i in job_rows.tolist()
    }
    interim = Goals(tuple(goals), placed, labels).centres()
    for i in objective_rows.tolist():
        span = (goals[i].source, goals[i].start, goals[i].end)
        if span in spans:
            labels[i] = stated[span]  # the same words state the job and its result
        elif len(interim):
            cosine = interim @ placed[i]
            best = int(cosine.argmax())
            labels[i] = best if cosine[best] >= OBJECTIVE_JOIN else -1
    left = np.array(
        [
            i
            for i in objective_rows.tolist()
            if labels[i] < 0 and (goals[i].source, goals[i].start, goals[i].end) not in spans
        ],
        dtype=np.int64,
    )
    room = most - len(interim)
    if len(left) and room > 0:
        found = _cut(goals, placed, people, weights, left, threshold, room, max(least, 2))
        labels[left] = np.where(found >= 0, found + len(interim), -1)
    return GoalLabels(labels, enough, tuple(notices))


def _cut(
    goals: Sequence[Evidence],
    placed: NDArray[np.float64],
    people: NDArray[np.int64],
    weights: NDArray[np.float64],
    rows: NDArray[np.int64],
    threshold: float,
    most: int,
    least: int,
) -> NDArray[np.int64]:
    facets = np.array([GOAL_FACETS.index(goals[i].facet) for i in rows.tolist()], dtype=np.int64)

    def penalty(chosen: Sequence[int]) -> NDArray[np.float64]:
        of = facets[list(chosen)]
        return np.where(of[:, None] == of[None, :], 0.0, OTHER_TYPE_PENALTY)

    return shared_groups(
        placed[rows],
        people[rows],
        threshold=threshold,
        weights=weights[rows],
        penalty=penalty,
        least=least,
        most=most,
        sure=SURE_ENOUGH,
    )
