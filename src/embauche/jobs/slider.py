"""The threshold that a person slides: one grouping, and what every other cut makes of it.

The grouping at the default threshold is the ground. A *lower* threshold divides its jobs along
the average linkage of their own statements: a job falls into two where both parts are shared, and
where only one is, the job narrows to it and the rest is left alone; a job whose parts are both
one person's stays whole, so that no job disappears because the cut is fine. A *higher* threshold
makes one of jobs whose statements are that near on average, and takes in goals that stood alone.

So every cut is nested in the next: as the threshold rises there are never more jobs, and never
more goals alone. Distances and trees are made once, however many cuts are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embauche.identify.evidence import Evidence
from embauche.jobs.clustering import tree_of
from embauche.jobs.goals import (
    DEFAULT_THRESHOLD,
    OTHER_TYPE_PENALTY,
    SURE_ENOUGH,
    label_goals,
    readable_number,
    speakers,
    strength,
)
from embauche.notices import Notice
from embauche.vocabulary import GOAL_FACETS, JOB_FACETS, Facet

_COMPARED_AT_MOST = 4000
"""Statements of one job that are compared pairwise; the others go where their nearest one goes."""


class Slider:
    """Goal statements, to be cut at any threshold.

    Parameters
    ----------
    goals
        Goal evidence in canonical order.
    placed
        (n, d) unit vectors of it.
    most
        Jobs at most, at any threshold. By default a number that a team can discuss
        (`readable_number`) at the default threshold, and as many as there are below it.

    Attributes
    ----------
    notices
        What is weak about the grouping.
    """

    def __init__(
        self, goals: Sequence[Evidence], placed: NDArray[np.float64], most: int | None = None
    ) -> None:
        made = label_goals(goals, placed, DEFAULT_THRESHOLD, most or readable_number(goals))
        self.notices: tuple[Notice, ...] = made.notices
        self._ground = made.labels
        self._most = most
        self._weights = np.array([strength(item) for item in goals])
        self._is_job = np.array([item.facet in JOB_FACETS for item in goals], dtype=bool)
        self._kinds = np.array([GOAL_FACETS.index(item.facet) for item in goals], dtype=np.int64)
        self._people = speakers(goals)
        self._least = made.least
        self._placed = placed
        self._divisions: list[_Division] | None = None
        self._joins: _Joins | None = None

    def at(self, threshold: float) -> NDArray[np.int64]:
        """Return (n,) labels numbered by first member; −1 for goals in no job."""
        labels = self._ground
        if threshold < DEFAULT_THRESHOLD and labels.max(initial=-1) >= 0:
            labels = self._divided(threshold)
        elif threshold > DEFAULT_THRESHOLD and labels.max(initial=-1) >= 0:
            if self._joins is None:
                self._joins = _Joins(self._placed, self._kinds, labels)
            labels = self._joins.at(threshold)
        return numbered(labels)

    def _divided(self, threshold: float) -> NDArray[np.int64]:
        if self._divisions is None:
            self._divisions = [
                self._division(np.flatnonzero(self._ground == job))
                for job in range(int(self._ground.max()) + 1)
            ]
        lowest = threshold
        if self._most is not None:
            splits = sorted((s for each in self._divisions for s in each.splits), reverse=True)
            room = max(self._most - len(self._divisions), 0)
            if room < len(splits):
                lowest = max(threshold, splits[room])
        labels = np.full(len(self._ground), -1, dtype=np.int64)
        taken = 0
        for each in self._divisions:
            for part in each.parts(lowest):
                labels[part] = taken
                taken += 1
        return labels

    def _division(self, rows: NDArray[np.int64]) -> _Division:
        forms = (self._weights[rows] >= SURE_ENOUGH) & self._is_job[rows]
        if not self._is_job[rows].any():
            forms = np.ones(len(rows), dtype=bool)
        order = np.argsort(~forms, kind="stable")[:_COMPARED_AT_MOST]
        order.sort()
        compared = rows[order]
        follows = [compared[[i]] for i in range(len(compared))]
        rest = np.setdiff1d(rows, compared, assume_unique=True)
        nearest = (self._placed[rest] @ self._placed[compared].T).argmax(axis=1)
        for i in np.unique(nearest).tolist():
            follows[i] = np.concatenate([follows[i], rest[nearest == i]])
        tree = tree_of(self._placed[compared], _penalty(self._kinds[compared]))
        speak = [
            {int(person)} if formed else set()
            for person, formed in zip(self._people[compared], forms[order], strict=True)
        ]
        return _Division(tree, follows, speak, self._least)


def numbered(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return labels numbered from 0 by their first member; −1 stays."""
    known, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    first[known < 0] = -1
    rank = np.argsort(np.argsort(first)) - int((known < 0).any())
    return np.asarray(rank[inverse], dtype=np.int64)


def _penalty(kinds: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (n, n) what is added between types of job; an objective is of any type."""
    objective = GOAL_FACETS.index(Facet.OBJECTIVE)
    other = kinds[:, None] != kinds[None, :]
    free = (kinds == objective)[:, None] | (kinds == objective)[None, :]
    return np.where(other & ~free, OTHER_TYPE_PENALTY, 0.0)


class _Division:
    """One job's tree, and the heights at which it falls into parts that are both shared."""

    def __init__(
        self,
        tree: NDArray[np.float64],
        follows: list[NDArray[np.int64]],
        speak: list[set[int]],
        least: int,
    ) -> None:
        self._tree = tree
        self._follows = follows
        self._n = len(follows)
        people = [*speak]
        for left, right, _, _ in tree:
            people.append(people[int(left)] | people[int(right)])
        self._shared = [len(each) >= least for each in people]
        self.splits: tuple[float, ...] = tuple(
            float(height)
            for left, right, height, _ in tree
            if self._shared[int(left)] and self._shared[int(right)]
        )

    def parts(self, threshold: float) -> list[NDArray[np.int64]]:
        """Return the row numbers of each part that a threshold leaves."""
        made = []
        open_nodes = [self._n + len(self._tree) - 1]
        while open_nodes:
            node = open_nodes.pop()
            if node >= self._n:
                left, right, height, _ = self._tree[node - self._n]
                below = [int(child) for child in (left, right) if self._shared[int(child)]]
                if height > threshold and below:
                    open_nodes.extend(below)
                    continue
            made.append(self._rows(node))
        return made

    def _rows(self, node: int) -> NDArray[np.int64]:
        rows, stack = [], [node]
        while stack:
            each = stack.pop()
            if each < self._n:
                rows.append(self._follows[each])
            else:
                stack.extend(int(child) for child in self._tree[each - self._n, :2])
        return np.concatenate(rows)


class _Joins:
    """At which threshold jobs become one, and goals that stand alone join one.

    Two groups are as far apart as their statements are on average, ``1 − mean₁ · mean₂`` and the
    penalty between types: the distance of average linkage.
    """

    def __init__(
        self, placed: NDArray[np.float64], kinds: NDArray[np.int64], ground: NDArray[np.int64]
    ) -> None:
        self._ground = ground
        jobs = int(ground.max()) + 1
        sizes = np.bincount(ground[ground >= 0], minlength=jobs).astype(np.float64)
        means = np.stack([placed[ground == job].mean(axis=0) for job in range(jobs)])
        objective = GOAL_FACETS.index(Facet.OBJECTIVE)
        counts = np.zeros((jobs, len(GOAL_FACETS)))
        kept = ground >= 0
        np.add.at(counts, (ground[kept], kinds[kept]), 1.0)
        shares = counts / sizes[:, None]
        shares[:, objective] = 0.0
        typed = shares.sum(axis=1)
        distance = 1.0 - means @ means.T
        distance += OTHER_TYPE_PENALTY * (np.outer(typed, typed) - shares @ shares.T)
        self._merges = _merges(distance, sizes)
        alone = np.flatnonzero(~kept)
        own = np.eye(len(GOAL_FACETS))[kinds[alone]]
        own[:, objective] = 0.0
        apart = 1.0 - placed[alone] @ means.T
        apart += OTHER_TYPE_PENALTY * (np.outer(own.sum(axis=1), typed) - own @ shares.T)
        self._alone = alone
        self._nearest = apart.argmin(axis=1)
        self._from = apart.min(axis=1)

    def at(self, threshold: float) -> NDArray[np.int64]:
        """Return labels at a threshold above the default."""
        labels = self._ground.copy()
        near = self._from <= threshold
        labels[self._alone[near]] = self._nearest[near]
        becomes = np.arange(int(self._ground.max()) + 1)
        for height, keep, gone in self._merges:
            if height <= threshold:
                becomes[becomes == becomes[gone]] = becomes[keep]
        return np.where(labels >= 0, becomes[labels], -1)


def _merges(
    distance: NDArray[np.float64], sizes: NDArray[np.float64]
) -> list[tuple[float, int, int]]:
    """Return average linkage of groups that have sizes: height, and the two that become one."""
    distance, sizes = distance.copy(), sizes.copy()
    np.fill_diagonal(distance, np.inf)
    made: list[tuple[float, int, int]] = []
    for _ in range(len(sizes) - 1):
        one, other = divmod(int(distance.argmin()), len(sizes))
        one, other = min(one, other), max(one, other)
        made.append((float(distance[one, other]), one, other))
        both = sizes[one] + sizes[other]
        mean = (distance[one] * sizes[one] + distance[other] * sizes[other]) / both
        distance[one], distance[:, one] = mean, mean
        distance[other], distance[:, other] = np.inf, np.inf
        distance[one, one] = np.inf
        sizes[one] = both
    return made
