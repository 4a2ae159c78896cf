"""Lloyd's k-means from many k-means++ starts at once, as products of matrices.

All starts move together: distances and means of R starts are two matrix products an iteration, and
a start that no longer moves is left out. Runs in one thread, so that replicates can share cores.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Labels = NDArray[np.int64]

ITERATIONS: Final = 100


def k_means(
    table: Float, weights: Float, k: int, starts: int, rng: np.random.Generator
) -> tuple[Labels, float]:
    """Return the (n,) groups of the best start, and their weighted within sum of squares.

    Parameters
    ----------
    table
        (n, d) complete data.
    weights
        (n,) weights.
    k
        Groups.
    starts
        k-means++ starts (Arthur and Vassilvitskii 2007).
    rng
        Source of the starts.
    """
    n, d = table.shape
    table = table - np.average(table, axis=0, weights=weights)
    squares = (table**2).sum(axis=1)
    weighted = np.concatenate([table * weights[:, None], weights[:, None]], axis=1)
    means = _plus_plus(table, weights, k, starts, rng)
    groups = np.arange(k)
    best: tuple[float, Labels] = (np.inf, np.zeros(n, dtype=np.int64))
    labels = np.full((n, starts), -1, dtype=np.int64)
    for step in range(ITERATIONS):
        R = len(means)
        flat = means.reshape(R * k, d)
        apart = ((flat**2).sum(axis=1) - 2 * table @ flat.T).reshape(n, R, k)
        new = apart.argmin(axis=2)
        still = (new == labels).all(axis=0)
        if still.any() or step == ITERATIONS - 1:
            ended = still if step < ITERATIONS - 1 else np.ones(R, dtype=np.bool_)
            nearest = np.take_along_axis(apart, new[:, :, None], axis=2)[:, ended, 0]
            within = weights @ (nearest + squares[:, None])
            least = int(within.argmin())
            if within[least] < best[0]:
                best = (float(within[least]), new[:, ended][:, least].copy())
            new, means = new[:, ~ended], means[~ended]
            if not len(means):
                break
        member = (new[:, :, None] == groups).reshape(n, -1).astype(np.float64)
        sums = (member.T @ weighted).reshape(len(means), k, d + 1)
        full = sums[:, :, d] > 0
        # A group that lost everyone keeps its mean, and may win rows back.
        means = np.where(
            full[:, :, None], sums[:, :, :d] / np.maximum(sums[:, :, d:], 1e-300), means
        )
        labels = new
    return best[1], max(best[0], 0.0)


def _plus_plus(
    table: Float, weights: Float, k: int, starts: int, rng: np.random.Generator
) -> Float:
    """(R, k, d) starting means: rows drawn by squared distance from those drawn before."""
    n, d = table.shape
    means = np.empty((starts, k, d))
    chance = np.tile(weights[:, None], (1, starts))
    nearest = np.full((n, starts), np.inf)
    for g in range(k):
        sums = np.cumsum(chance, axis=0)
        drawn = rng.random(starts) * sums[-1]
        rows = np.minimum((sums < drawn).sum(axis=0), n - 1)
        means[:, g] = table[rows]
        apart = (table**2).sum(axis=1)[:, None] - 2 * table @ table[rows].T
        apart += (table[rows] ** 2).sum(axis=1)
        nearest = np.minimum(nearest, np.maximum(apart, 0.0))
        chance = nearest * weights[:, None]
    return means
