"""The compiled EM kernel: SQUAREM over joint-state tables.

Everything compiled stands in this one file, because numba's cache notices changes of the file that
a function stands in and of no other.

SQUAREM: Varadhan and Roland (2008), scheme S3, with a fall-back to plain EM wherever the
extrapolated step would lower the objective, so that the objective never falls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from embauche.segment.kernel_tables import Layout

Float = NDArray[np.float64]
_Function = TypeVar("_Function", bound=Callable[..., Any])

FLOOR: Final = 1e-10
"""Least probability: keeps likelihoods of unseen rows above zero."""

_TINY: Final = 1e-200
"""Below this a row's likelihood is computed in the log domain."""

_FAST: Final = {"reassoc", "contract", "arcp", "nsz"}
"""Sums may be reordered for vector units; NaN and infinity keep their meaning."""


def compiled(function: _Function) -> _Function:
    """Compile a function, and keep the machine code for the next process where a folder allows it.

    numba looks for a writable folder beside the source and in the user's cache; where neither is
    writable it refuses at once, and the function is compiled anew in every process.
    """
    try:
        return _jit(function, cache=True)
    except RuntimeError:
        return _jit(function, cache=False)


def _jit(function: _Function, *, cache: bool) -> _Function:
    return cast("_Function", njit(cache=cache, fastmath=_FAST, nogil=True)(function))


@compiled
def _fill_tables(theta: Float, lay: Layout, table: Float) -> None:
    """Tabulate the joint probability of every group's states in every class."""
    K = theta.shape[1]
    for g in range(lay.group_size.shape[0]):
        o = lay.table_start[g]
        for k in range(K):
            table[o, k] = 1.0
        size = 1
        for q in range(lay.group_start[g], lay.group_start[g + 1]):
            j = lay.items[q]
            for level in range(lay.levels[j] - 1, -1, -1):
                to = o + level * size
                if level < lay.cardinality[j]:
                    c = lay.offsets[j] + level
                    for i in range(size):
                        for k in range(K):
                            table[to + i, k] = table[o + i, k] * theta[c, k]
                else:
                    for i in range(size):
                        for k in range(K):
                            table[to + i, k] = table[o + i, k]
            size *= lay.levels[j]


@compiled
def _expect(  # noqa: C901, PLR0912 - compiled loops
    share: Float, lay: Layout, table: Float, mass: Float, new_share: Float
) -> float:
    """E step: spread every pattern's weight over classes, into `mass` by table row."""
    P, G = lay.rows.shape
    K = share.shape[0]
    joint = np.empty(K)
    log_likelihood = 0.0
    for r in range(mass.shape[0]):
        for k in range(K):
            mass[r, k] = 0.0
    for k in range(K):
        new_share[k] = 0.0
    for p in range(P):
        for k in range(K):
            joint[k] = share[k]
        for g in range(G):
            r = lay.rows[p, g]
            for k in range(K):
                joint[k] *= table[r, k]
        total = 0.0
        for k in range(K):
            total += joint[k]
        if total > _TINY:
            log_likelihood += lay.weights[p] * np.log(total)
        else:
            for k in range(K):
                joint[k] = np.log(max(share[k], 1e-300))
            for g in range(G):
                r = lay.rows[p, g]
                for k in range(K):
                    joint[k] += np.log(max(table[r, k], 1e-300))
            top = joint[0]
            for k in range(1, K):
                top = max(top, joint[k])
            total = 0.0
            for k in range(K):
                joint[k] = np.exp(joint[k] - top)
                total += joint[k]
            log_likelihood += lay.weights[p] * (np.log(total) + top)
        factor = lay.weights[p] / total
        for k in range(K):
            joint[k] *= factor
            new_share[k] += joint[k]
        for g in range(G):
            r = lay.rows[p, g]
            for k in range(K):
                mass[r, k] += joint[k]
    return log_likelihood


@compiled
def _maximise(  # noqa: C901, PLR0912 - compiled loops
    lay: Layout, mass: Float, new_theta: Float, new_share: Float
) -> None:
    """M step: probabilities from the masses; `mass` is used up."""
    K = new_share.shape[0]
    total = 0.0
    for k in range(K):
        new_share[k] += lay.pseudo_share
        total += new_share[k]
    for k in range(K):
        new_share[k] = max(new_share[k] / total, FLOOR)
    for g in range(lay.group_size.shape[0]):
        o = lay.table_start[g]
        size = lay.group_size[g]
        for q in range(lay.group_start[g + 1] - 1, lay.group_start[g] - 1, -1):
            j = lay.items[q]
            size //= lay.levels[j]
            first = lay.offsets[j]
            for level in range(lay.cardinality[j]):
                for k in range(K):
                    new_theta[first + level, k] = lay.pseudo[first + level]
                for i in range(size):
                    for k in range(K):
                        new_theta[first + level, k] += mass[o + level * size + i, k]
            for level in range(1, lay.levels[j]):
                for i in range(size):
                    for k in range(K):
                        mass[o + i, k] += mass[o + level * size + i, k]
            for k in range(K):
                total = 0.0
                for c in range(first, first + lay.cardinality[j]):
                    total += new_theta[c, k]
                for c in range(first, first + lay.cardinality[j]):
                    if total > 0.0:
                        new_theta[c, k] = max(new_theta[c, k] / total, FLOOR)
                    else:
                        new_theta[c, k] = 1.0 / lay.cardinality[j]


@compiled
def _log_prior(theta: Float, share: Float, lay: Layout) -> float:
    if lay.pseudo_share == 0.0:
        return 0.0
    value = 0.0
    for k in range(share.shape[0]):
        value += lay.pseudo_share * np.log(share[k])
        for c in range(theta.shape[0]):
            value += lay.pseudo[c] * np.log(theta[c, k])
    return value


@compiled
def _em_step(
    theta: Float,
    share: Float,
    lay: Layout,
    table: Float,
    mass: Float,
    new_theta: Float,
    new_share: Float,
) -> float:
    """One EM step; returns the objective at the parameters that came in."""
    _fill_tables(theta, lay, table)
    log_likelihood = _expect(share, lay, table, mass, new_share)
    _maximise(lay, mass, new_theta, new_share)
    return log_likelihood + _log_prior(theta, share, lay)


@compiled
def _into_simplex(theta: Float, share: Float, lay: Layout) -> None:
    """Bring an extrapolated point back to probabilities."""
    K = share.shape[0]
    total = 0.0
    for k in range(K):
        share[k] = max(share[k], FLOOR)
        total += share[k]
    for k in range(K):
        share[k] /= total
    for j in range(lay.cardinality.shape[0]):
        first = lay.offsets[j]
        last = first + lay.cardinality[j]
        for k in range(K):
            total = 0.0
            for c in range(first, last):
                theta[c, k] = max(theta[c, k], FLOOR)
                total += theta[c, k]
            for c in range(first, last):
                theta[c, k] /= total


@compiled
def _squares(x0: Float, x1: Float, x2: Float) -> tuple[float, float]:
    """Squared lengths of the step and of its change."""
    step = 0.0
    change = 0.0
    for i in range(x0.shape[0]):
        for k in range(x0.shape[1]):
            r = x1[i, k] - x0[i, k]
            v = x2[i, k] - x1[i, k] - r
            step += r * r
            change += v * v
    return step, change


@compiled
def _copy(source: Float, target: Float) -> None:
    for i in range(source.shape[0]):
        for k in range(source.shape[1]):
            target[i, k] = source[i, k]


@compiled
def _extrapolate(x0: Float, x1: Float, x2: Float, length: float, target: Float) -> None:
    for i in range(x0.shape[0]):
        for k in range(x0.shape[1]):
            r = x1[i, k] - x0[i, k]
            v = x2[i, k] - x1[i, k] - r
            target[i, k] = x0[i, k] + 2 * length * r + length * length * v


@compiled
def _climb(point: Float, lay: Layout, max_iter: int, tol: float) -> tuple[float, int, bool]:
    """Climb from one start: `point` (C + 1, K), class shares in the last row, changed in place."""
    C = point.shape[0] - 1
    table = np.empty((lay.table_rows, point.shape[1]))
    mass = np.empty_like(table)
    first, second, ahead = np.empty_like(point), np.empty_like(point), np.empty_like(point)
    objective = -np.inf
    limit = 4.0
    steps = 0
    while steps < max_iter:
        before = _em_step(point[:C], point[C], lay, table, mass, first[:C], first[C])
        objective = _em_step(first[:C], first[C], lay, table, mass, second[:C], second[C])
        steps += 2
        if objective - before < tol + 1e-15 * abs(objective):
            _copy(first, point)
            return objective, steps, True
        step, change = _squares(point, first, second)
        length = min(np.sqrt(step / max(change, 1e-300)), limit)
        if length <= 1.0:
            _copy(second, point)
            continue
        _extrapolate(point, first, second, length, ahead)
        _into_simplex(ahead[:C], ahead[C], lay)
        after = _em_step(ahead[:C], ahead[C], lay, table, mass, point[:C], point[C])
        steps += 1
        if after >= objective:
            limit = limit * 4.0 if length == limit else limit
        else:
            _copy(second, point)
            limit = max(2.0, limit / 4.0) if length == limit else limit
    return objective, steps, False


@compiled
def climb_points(
    points: Float, lay: Layout, max_iter: int, tol: float
) -> tuple[Float, NDArray[np.int64], NDArray[np.bool_]]:
    """Climb from every start: `points` (R, C + 1, K), changed in place."""
    R = points.shape[0]
    objective = np.empty(R)
    steps = np.empty(R, np.int64)
    converged = np.empty(R, np.bool_)
    for r in range(R):
        objective[r], steps[r], converged[r] = _climb(points[r], lay, max_iter, tol)
    return objective, steps, converged


def climb_all(
    theta: Float, share: Float, lay: Layout, max_iter: int, tol: float
) -> tuple[Float, NDArray[np.int64], NDArray[np.bool_]]:
    """Climb from every start.

    Parameters
    ----------
    theta, share
        (R, C, K) and (R, K): R starts, changed in place.
    lay
        The data.
    max_iter, tol
        EM steps at most; least rise of the objective in one EM step.

    Returns
    -------
    objective, steps, converged
        (R,) each.
    """
    points = np.concatenate([theta, share[:, None, :]], axis=1)
    result = climb_points(points, lay, max_iter, tol)
    theta[:] = points[:, :-1]
    share[:] = points[:, -1]
    return result
