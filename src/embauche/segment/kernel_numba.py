"""The compiled EM kernel: SQUAREM over joint-state tables.

What depends on an indicator's family stands in `kernel_numba_families`: densities at levels before
the E step, parameters from expected answers after it.

SQUAREM: Varadhan and Roland (2008), scheme S3, with a fall-back to plain EM wherever the
extrapolated step would lower the objective, so that the objective never falls.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from embauche.segment import kernel_numba_families, ordinal_step
from embauche.segment.families import FLOOR, STEEPEST
from embauche.segment.kernel_numba_families import (
    FAST,
    fill_densities,
    inner,
    into_bounds,
    maximise_column,
)
from embauche.segment.kernel_tables import Layout

Float = NDArray[np.float64]
_Function = TypeVar("_Function", bound=Callable[..., Any])

_TINY: Final = 1e-200
"""Below this a row's likelihood is computed in the log domain."""


@inner
def _fill_tables(density: Float, lay: Layout, table: Float) -> None:
    """Tabulate the joint probability of every group's states in every class."""
    K = density.shape[1]
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
                            table[to + i, k] = table[o + i, k] * density[c, k]
                else:
                    for i in range(size):
                        for k in range(K):
                            table[to + i, k] = table[o + i, k]
            size *= lay.levels[j]


@inner
def _expect(  # noqa: C901, PLR0912 - compiled loops
    share: Float,
    lay: Layout,
    density: Float,
    logs: Float,
    table: Float,
    mass: Float,
    new_share: Float,
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
                state = lay.rows[p, g] - lay.table_start[g]
                for q in range(lay.group_start[g], lay.group_start[g + 1]):
                    j = lay.items[q]
                    level = state % lay.levels[j]
                    state //= lay.levels[j]
                    if level < lay.cardinality[j]:
                        c = lay.offsets[j] + level
                        for k in range(K):
                            if lay.family[j] == 0:
                                joint[k] += np.log(max(density[c, k], 1e-300))
                            else:
                                joint[k] += logs[c, k]
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


@inner
def _maximise(  # noqa: C901, PLR0912 - compiled loops
    point: Float, lay: Layout, mass: Float, counts: Float, new_point: Float
) -> None:
    """M step: parameters from the masses; `mass` is used up."""
    K = point.shape[1]
    last = point.shape[0] - 1
    total = 0.0
    for k in range(K):
        new_point[last, k] += lay.pseudo_share
        total += new_point[last, k]
    for k in range(K):
        new_point[last, k] = max(new_point[last, k] / total, FLOOR)
    for g in range(lay.group_size.shape[0]):
        o = lay.table_start[g]
        size = lay.group_size[g]
        for q in range(lay.group_start[g + 1] - 1, lay.group_start[g] - 1, -1):
            j = lay.items[q]
            size //= lay.levels[j]
            nominal = lay.family[j] == 0
            target = new_point if nominal else counts
            first = lay.first_row[j] if nominal else lay.offsets[j]
            pseudo = lay.offsets[j]
            for level in range(lay.cardinality[j]):
                for k in range(K):
                    target[first + level, k] = lay.pseudo[pseudo + level]
                for i in range(size):
                    for k in range(K):
                        target[first + level, k] += mass[o + level * size + i, k]
            for level in range(1, lay.levels[j]):
                for i in range(size):
                    for k in range(K):
                        mass[o + i, k] += mass[o + level * size + i, k]
            if not nominal:
                maximise_column(j, point, lay, counts, new_point)
                continue
            for k in range(K):
                total = 0.0
                for c in range(first, first + lay.cardinality[j]):
                    total += new_point[c, k]
                for c in range(first, first + lay.cardinality[j]):
                    if total > 0.0:
                        new_point[c, k] = max(new_point[c, k] / total, FLOOR)
                    else:
                        new_point[c, k] = 1.0 / lay.cardinality[j]


@inner
def _log_prior(share: Float, lay: Layout, density: Float, logs: Float, top: Float) -> float:
    if lay.pseudo_share == 0.0:
        return 0.0
    value = 0.0
    for k in range(share.shape[0]):
        value += lay.pseudo_share * np.log(share[k])
        for j in range(lay.family.shape[0]):
            for c in range(lay.offsets[j], lay.offsets[j] + lay.cardinality[j]):
                if lay.family[j] == 0:
                    value += lay.pseudo[c] * np.log(density[c, k])
                else:
                    value += lay.pseudo[c] * (logs[c, k] + top[c])
    return value


@inner
def _em_step(
    point: Float,
    lay: Layout,
    density: Float,
    logs: Float,
    top: Float,
    table: Float,
    mass: Float,
    new_point: Float,
) -> float:
    """One EM step; returns the objective at the parameters that came in."""
    last = point.shape[0] - 1
    share = point[last]
    height = 0.0
    values = point
    if lay.mixed:
        height += fill_densities(point, lay, density, logs, top)
        values = density
    _fill_tables(values, lay, table)
    height += _expect(share, lay, values, logs, table, mass, new_point[last])
    height += _log_prior(share, lay, values, logs, top)
    # `density` becomes the expected answers once everything has been read from it.
    _maximise(point, lay, mass, density, new_point)
    return height


@inner
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


@inner
def _copy(source: Float, target: Float) -> None:
    for i in range(source.shape[0]):
        for k in range(source.shape[1]):
            target[i, k] = source[i, k]


@inner
def _extrapolate(x0: Float, x1: Float, x2: Float, length: float, target: Float) -> None:
    for i in range(x0.shape[0]):
        for k in range(x0.shape[1]):
            r = x1[i, k] - x0[i, k]
            v = x2[i, k] - x1[i, k] - r
            target[i, k] = x0[i, k] + 2 * length * r + length * length * v


@inner
def _climb(point: Float, lay: Layout, max_iter: int, tol: float) -> tuple[float, int, bool]:
    """Climb from one start: `point` (q + 1, K), class shares in the last row, changed in place."""
    K = point.shape[1]
    density, logs = np.empty((lay.value.shape[0], K)), np.empty((lay.value.shape[0], K))
    top = np.empty(lay.value.shape[0])
    table = np.empty((lay.table_rows, K))
    mass = np.empty_like(table)
    first, second, ahead = np.empty_like(point), np.empty_like(point), np.empty_like(point)
    objective = -np.inf
    limit = 4.0
    steps = 0
    while steps < max_iter:
        before = _em_step(point, lay, density, logs, top, table, mass, first)
        objective = _em_step(first, lay, density, logs, top, table, mass, second)
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
        into_bounds(ahead, lay)
        after = _em_step(ahead, lay, density, logs, top, table, mass, point)
        steps += 1
        if after >= objective:
            limit = limit * 4.0 if length == limit else limit
        else:
            _copy(second, point)
            limit = max(2.0, limit / 4.0) if length == limit else limit
    return objective, steps, False


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
    return cast("_Function", njit(cache=cache, fastmath=FAST, nogil=True)(function))


def _stamp() -> str:
    """Return what the compiled code is made of beside this file.

    numba's cache notices changes of the file that a function stands in and of its closure, and of
    nothing else: so the entry closes over the source of the rest.
    """
    constants = (
        *(FLOOR, STEEPEST, ordinal_step.HALVINGS, ordinal_step.LEAST_INFORMATION),
        *(ordinal_step.LONGEST, ordinal_step.SLACK),
    )
    try:
        return inspect.getsource(kernel_numba_families) + repr(constants)
    except OSError:
        return repr(constants)


def _entry(stamp: str) -> Callable[..., tuple[Float, NDArray[np.int64], NDArray[np.bool_]]]:
    def climb_points(
        points: Float, lay: Layout, max_iter: int, tol: float
    ) -> tuple[Float, NDArray[np.int64], NDArray[np.bool_]]:
        """Climb from every start: `points` (R, q + 1, K), changed in place."""
        _ = stamp
        R = points.shape[0]
        objective = np.empty(R)
        steps = np.empty(R, np.int64)
        converged = np.empty(R, np.bool_)
        for r in range(R):
            objective[r], steps[r], converged[r] = _climb(points[r], lay, max_iter, tol)
        return objective, steps, converged

    return compiled(climb_points)


climb_points = _entry(_stamp())


def climb_all(
    theta: Float, share: Float, lay: Layout, max_iter: int, tol: float
) -> tuple[Float, NDArray[np.int64], NDArray[np.bool_]]:
    """Climb from every start.

    Parameters
    ----------
    theta, share
        (R, q, K) parameters and (R, K): R starts, changed in place.
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
