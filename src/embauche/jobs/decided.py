"""What a person put together stays together, whatever the distances say."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from numpy.typing import NDArray

from embauche.identify.evidence import Evidence


def put_together(
    goals: Sequence[Evidence],
    labels: NDArray[np.int64],
    together: Sequence[AbstractSet[str]],
) -> NDArray[np.int64]:
    """Make one group of each set of goals that a person put together.

    A group found by distances that gave most of its goals to one set follows it with the rest;
    another keeps its rest if at least two participants state it, and is dissolved otherwise.

    Parameters
    ----------
    goals
        n goal statements.
    labels
        (n,) group of each, −1 for none.
    together
        Sets of ids of goals; the first set that holds a goal has it.

    Returns
    -------
    ndarray
        (n,) new groups, numbered from 0 without gaps, −1 for none.
    """
    found = labels.copy()
    decided = np.full(len(goals), -1, dtype=np.int64)
    for number, ids in enumerate(together):
        for row, goal in enumerate(goals):
            if goal.id in ids and decided[row] < 0:
                decided[row] = number
    if not (decided >= 0).any():
        return labels
    first = int(labels.max(initial=-1)) + 1
    for group in range(first):
        rows = np.flatnonzero(labels == group)
        taken = decided[rows]
        rest = rows[taken < 0]
        if not (taken >= 0).any():
            continue
        counts = np.bincount(taken[taken >= 0])
        if counts.max() * 2 > len(rows):
            found[rest] = first + int(counts.argmax())
        elif len({goals[row].participant for row in rest.tolist()}) < 2:
            found[rest] = -1
    found[decided >= 0] = first + decided[decided >= 0]
    kept = {int(group): number for number, group in enumerate(np.unique(found[found >= 0]))}
    return np.array([kept.get(int(group), -1) for group in found], dtype=np.int64)
