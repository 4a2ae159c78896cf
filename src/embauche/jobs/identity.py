"""Which job is which: jobs known again by the goal evidence that states them.

Two jobs are the same where at least half of all that states either states both (Jaccard index of
their sets of goal evidence ≥ .5). What was in a job at one of the two times only is left out: a job
to which twenty new interviews add evidence is the same job. Among several such pairs, those with
the greatest sum are taken (the assignment of Kuhn, 1955, "The Hungarian method").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

SAME_JOB: Final = 0.5


def jaccard(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """Return the share of two sets that both hold, 0 to 1; 0 where both are empty."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def same_jobs(
    now: Sequence[AbstractSet[str]],
    known: Mapping[str, Sequence[AbstractSet[str]]],
    *,
    common: AbstractSet[str] | None = None,
) -> dict[int, str]:
    """Know jobs again.

    Parameters
    ----------
    now
        Goal evidence of each job of today.
    known
        Id → the sets of goal evidence that the job of that id had, any of which may be met.
    common
        Goal evidence that was in a job both times; all of it where that is not known.

    Returns
    -------
    dict
        Place in `now` → id; each at most once.
    """
    ids = list(known)
    if not now or not ids:
        return {}
    if common is not None:
        now = [items & common for items in now]
        known = {key: [had & common for had in known[key]] for key in ids}
    near = np.array(
        [[max((jaccard(items, had) for had in known[key]), default=0.0) for key in ids]
         for items in now]
    )  # fmt: skip
    near[near < SAME_JOB] = 0.0
    rows, columns = linear_sum_assignment(near, maximize=True)
    return {
        int(row): ids[column]
        for row, column in zip(rows, columns, strict=True)
        if near[row, column] > 0
    }
