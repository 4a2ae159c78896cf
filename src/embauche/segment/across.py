"""Where the segments of a solution come from: segment-level stability across solutions (SLSa).

Dolnicar and Leisch (2017): a segment that is there whatever the number of segments comes whole out
of one segment of the solution with one fewer; one that is cut out of several is an artefact of the
number. For segment i of k, with p_j the share of its members who were in segment j of k − 1,

    SLSa = 1 − H / ln(k − 1),   H = − Σ_j p_j ln p_j,

which is 1 where all come from one segment and 0 where they come evenly from all. With k = 2 there
is nowhere else to come from, and it is 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Labels = NDArray[np.int64]


def flows(before: Labels, after: Labels, weights: Float, sizes: tuple[int, int]) -> Float:
    """(k − 1, k) weight that goes from each earlier segment to each later one.

    Parameters
    ----------
    before, after
        (n,) labels of both solutions; rows labelled −1 in either are left out.
    weights
        (n,) weights.
    sizes
        Number of segments before and after.
    """
    kept = (before >= 0) & (after >= 0)
    cells = before[kept] * sizes[1] + after[kept]
    sums = np.bincount(cells, weights=weights[kept], minlength=sizes[0] * sizes[1])
    return sums.reshape(sizes).astype(np.float64)


def stability_across(table: Float) -> Float:
    """(k,) SLSa of the later segments from their `flows` (k − 1, k); NaN for an empty one."""
    earlier = len(table)
    total = table.sum(axis=0)
    share = np.divide(table, total, out=np.zeros_like(table), where=total > 0)
    logs = np.log(share, out=np.zeros_like(share), where=share > 0)
    spread = -(share * logs).sum(axis=0)
    result = np.ones(table.shape[1]) if earlier < 2 else 1 - spread / np.log(earlier)
    return np.where(total > 0, result, np.nan)


def shares_of_origin(table: Float) -> tuple[tuple[float, ...], ...]:
    """For each later segment, the share of its members from each earlier one (`flows`)."""
    total = table.sum(axis=0)
    share = np.divide(table, total, out=np.zeros_like(table), where=total > 0)
    return tuple(tuple(column) for column in share.T.tolist())
