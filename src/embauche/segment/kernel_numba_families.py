"""The families of indicators, compiled: densities at levels, and the M step of one column.

The formulas are those of `families` and `ordinal_step`, which are this file's oracle.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from embauche.segment.families import (
    COUNT,
    CUMULATIVE,
    FLOOR,
    GAUSSIAN,
    NOMINAL,
    ORDINAL,
    STEEPEST,
)
from embauche.segment.kernel_tables import Layout
from embauche.segment.ordinal_step import HALVINGS, LEAST_INFORMATION, LONGEST, SLACK

Float = NDArray[np.float64]
_Function = TypeVar("_Function", bound=Callable[..., Any])

FAST: Final = {"reassoc", "contract", "arcp", "nsz"}
"""Sums may be reordered for vector units; NaN and infinity keep their meaning."""

_LOG_FLOOR: Final = float(np.log(FLOOR))


def inner(function: _Function) -> _Function:
    """Compile a function as part of those that call it; only the entry's machine code is kept."""
    return cast("_Function", njit(fastmath=FAST, nogil=True)(function))


@inner
def _log_sigmoid(x: float) -> float:
    value: float = min(x, 0.0) - np.log1p(np.exp(-abs(x)))
    return value


@inner
def _ordinal_logs(family: int, value: Float, rows: Float, logs: Float) -> None:
    """Log probabilities (C, K) of an ordinal column from its rows (C, K)."""
    C, K = rows.shape
    for k in range(K):
        slope = rows[C - 1, k]
        if family == ORDINAL:
            top = value[0] * slope
            logs[0, k] = top
            for c in range(1, C):
                logs[c, k] = rows[c - 1, k] + value[c] * slope
                top = max(top, logs[c, k])
            total = 0.0
            for c in range(C):
                total += np.exp(logs[c, k] - top)
            norm = np.log(total) + top
            for c in range(C):
                logs[c, k] -= norm
            continue
        for c in range(C):
            logs[c, k] = 0.0
            if c < C - 1:
                logs[c, k] += _log_sigmoid(rows[c, k] - slope)
            if c > 0:
                logs[c, k] += _log_sigmoid(slope - rows[c - 1, k])
            if 0 < c < C - 1:
                logs[c, k] += np.log(-np.expm1(rows[c - 1, k] - rows[c, k]))


@inner
def fill_densities(  # noqa: C901, PLR0912 - compiled loops
    point: Float, lay: Layout, density: Float, logs: Float, top: Float
) -> float:
    """Fill the densities (C, K) at all levels; returns what the scaling takes off the likelihood.

    Every level of a family other than nominal is divided by its largest density over classes
    (`top`, a log), so that a value far out does not underflow in all classes at once; `logs` holds
    the logs of what is left, for patterns whose product underflows all the same.
    """
    K = point.shape[1]
    height = 0.0
    for j in range(lay.family.shape[0]):
        o, r, C = lay.offsets[j], lay.first_row[j], lay.cardinality[j]
        family = lay.family[j]
        if family == NOMINAL:
            for c in range(C):
                for k in range(K):
                    density[o + c, k] = point[r + c, k]
            continue
        if family == COUNT:
            for k in range(K):
                rate = np.exp(point[r, k])
                for c in range(o, o + C):
                    logs[c, k] = lay.value[c] * point[r, k] - rate + lay.base[c]
        elif family == GAUSSIAN:
            for k in range(K):
                mean, spread = point[r, k], point[r + 1, k]
                precision = np.exp(-spread)
                for c in range(o, o + C):
                    distance = lay.value[c] - mean
                    logs[c, k] = -0.5 * (spread + distance * distance * precision) + lay.base[c]
        else:
            _ordinal_logs(family, lay.value[o : o + C], point[r : r + C], logs[o : o + C])
        for c in range(o, o + C):
            highest = logs[c, 0]
            for k in range(1, K):
                highest = max(highest, logs[c, k])
            top[c] = highest
            height += lay.level_weight[c] * highest
            for k in range(K):
                logs[c, k] -= highest
                density[c, k] = np.exp(logs[c, k])
    return height


@inner
def maximise_column(j: int, point: Float, lay: Layout, counts: Float, new_point: Float) -> None:
    """M step of a column that is not nominal, from the expected answers at its levels."""
    K = point.shape[1]
    o, r, C = lay.offsets[j], lay.first_row[j], lay.cardinality[j]
    family = lay.family[j]
    if family in (ORDINAL, CUMULATIVE):
        _ordinal_step(
            family,
            lay.value[o : o + C],
            counts[o : o + C],
            point[r : r + C],
            new_point[r : r + C],
        )
        return
    for k in range(K):
        total = 0.0
        for c in range(o, o + C):
            total += counts[c, k]
        if total <= 0.0:
            new_point[r, k] = point[r, k]
            if family == GAUSSIAN:
                new_point[r + 1, k] = point[r + 1, k]
            continue
        mean = 0.0
        for c in range(o, o + C):
            mean += lay.value[c] * counts[c, k]
        mean /= total
        if family == COUNT:
            new_point[r, k] = np.log(max(mean, FLOOR))
            continue
        variance = 0.0
        for c in range(o, o + C):
            variance += counts[c, k] * (lay.value[c] - mean) ** 2
        new_point[r, k] = mean
        new_point[r + 1, k] = np.log(max(variance / total, np.exp(lay.bound[j])))


@inner
def _ordinal_step(  # noqa: C901, PLR0912 - compiled loops
    family: int, value: Float, counts: Float, rows: Float, new_rows: Float
) -> None:
    """One Newton step; see `ordinal_step.ordinal_step`."""
    C, K = rows.shape
    logs = np.empty((C, K))
    _ordinal_logs(family, value, rows, logs)
    before = 0.0
    for c in range(C):
        for k in range(K):
            before += counts[c, k] * logs[c, k]
    thresholds, slopes = _direction(family, value, counts, rows, logs)
    longest = 0.0
    for c in range(C - 1):
        longest = max(longest, abs(thresholds[c]))
    for k in range(K):
        longest = max(longest, abs(slopes[k]))
    length = min(1.0, LONGEST / max(longest, 1e-300))
    least = before - SLACK * (1.0 + abs(before))
    for _ in range(HALVINGS):
        ordered = True
        for k in range(K):
            for c in range(C - 1):
                new_rows[c, k] = rows[c, k] + length * thresholds[c]
                if family == CUMULATIVE and c > 0 and new_rows[c, k] <= new_rows[c - 1, k]:
                    ordered = False
            new_rows[C - 1, k] = rows[C - 1, k] + length * slopes[k]
        if ordered:
            _ordinal_logs(family, value, new_rows, logs)
            after = 0.0
            for c in range(C):
                for k in range(K):
                    after += counts[c, k] * logs[c, k]
            if after >= least:
                return
        length /= 2
    for c in range(C):
        for k in range(K):
            new_rows[c, k] = rows[c, k]


@inner
def _direction(  # noqa: C901, PLR0912 - compiled loops
    family: int, value: Float, counts: Float, rows: Float, logs: Float
) -> tuple[Float, Float]:
    """Newton direction of thresholds (C − 1,) and slopes (K,)."""
    C, K = rows.shape
    square = np.zeros((C - 1, C - 1))
    right = np.zeros(C - 1)
    cross = np.zeros((K, C - 1))
    inverse, gradient = np.zeros(K), np.zeros(K)
    scores = np.zeros((C, C))
    size = 0.0
    for k in range(K):
        _level_scores(family, value, rows, logs, k, scores)
        n = 0.0
        for c in range(C):
            n += counts[c, k]
        slope = 0.0
        for c in range(C):
            expected = n * np.exp(logs[c, k])
            gradient[k] += counts[c, k] * scores[c, C - 1]
            slope += expected * scores[c, C - 1] ** 2
            for a in range(C - 1):
                right[a] += counts[c, k] * scores[c, a]
                cross[k, a] += expected * scores[c, a] * scores[c, C - 1]
                size += expected * scores[c, a] ** 2
                for b in range(C - 1):
                    square[a, b] += expected * scores[c, a] * scores[c, b]
        if slope > LEAST_INFORMATION * n:
            inverse[k] = 1.0 / slope
        for a in range(C - 1):
            right[a] -= cross[k, a] * gradient[k] * inverse[k]
            for b in range(C - 1):
                square[a, b] -= cross[k, a] * cross[k, b] * inverse[k]
    length = 0.0
    for a in range(C - 1):
        length += 1.0 if family == CUMULATIVE else value[a + 1] ** 2
    size /= C - 1
    for a in range(C - 1):
        for b in range(C - 1):
            along = 1.0 if family == CUMULATIVE else value[a + 1] * value[b + 1]
            square[a, b] += size * along / length
        square[a, a] += 1e-12 * size + 1e-300
    _solve(square, right)
    for k in range(K):
        moved = gradient[k]
        for a in range(C - 1):
            moved -= cross[k, a] * right[a]
        gradient[k] = moved * inverse[k]
    return right, gradient


@inner
def _level_scores(  # noqa: C901 - compiled loops
    family: int, value: Float, rows: Float, logs: Float, k: int, scores: Float
) -> None:
    """Fill in the derivative (levels, rows) of log probabilities in class k: `level_scores`."""
    C = rows.shape[0]
    if family == ORDINAL:
        mean = 0.0
        for c in range(C):
            mean += value[c] * np.exp(logs[c, k])
        for c in range(C):
            for a in range(C - 1):
                scores[c, a] = (1.0 if c == a + 1 else 0.0) - np.exp(logs[a + 1, k])
            scores[c, C - 1] = value[c] - mean
        return
    for c in range(C):
        for a in range(C - 1):
            scores[c, a] = 0.0
        above, below = 0.0, 0.0
        if c < C - 1:
            above = np.exp(_log_sigmoid(rows[C - 1, k] - rows[c, k]))
        if c > 0:
            below = -np.exp(_log_sigmoid(rows[c - 1, k] - rows[C - 1, k]))
        if 0 < c < C - 1:
            gap = 1.0 / np.expm1(min(rows[c, k] - rows[c - 1, k], 700.0))
            above += gap
            below -= gap
        if c < C - 1:
            scores[c, c] = above
        if c > 0:
            scores[c, c - 1] = below
        scores[c, C - 1] = -(above + below)


@inner
def _solve(square: Float, right: Float) -> None:
    """Solve a positive definite system by Cholesky; both arrays are used up, `right` the answer."""
    n = right.shape[0]
    for i in range(n):
        for j in range(i + 1):
            value = square[i, j]
            for m in range(j):
                value -= square[i, m] * square[j, m]
            if i == j:
                square[i, i] = np.sqrt(max(value, 1e-300))
            else:
                square[i, j] = value / square[j, j]
    for i in range(n):
        for m in range(i):
            right[i] -= square[i, m] * right[m]
        right[i] /= square[i, i]
    for i in range(n - 1, -1, -1):
        for m in range(i + 1, n):
            right[i] -= square[m, i] * right[m]
        right[i] /= square[i, i]


@inner
def into_bounds(point: Float, lay: Layout) -> None:  # noqa: C901, PLR0912 - compiled loops
    """Bring an extrapolated point back to probabilities and to parameters that can be."""
    last, K = point.shape[0] - 1, point.shape[1]
    total = 0.0
    for k in range(K):
        point[last, k] = max(point[last, k], FLOOR)
        total += point[last, k]
    for k in range(K):
        point[last, k] /= total
    for j in range(lay.family.shape[0]):
        r, C = lay.first_row[j], lay.cardinality[j]
        family = lay.family[j]
        for k in range(K):
            if family == NOMINAL:
                total = 0.0
                for c in range(r, r + C):
                    point[c, k] = max(point[c, k], FLOOR)
                    total += point[c, k]
                for c in range(r, r + C):
                    point[c, k] /= total
            elif family == COUNT:
                point[r, k] = min(max(point[r, k], _LOG_FLOOR), lay.bound[j])
            elif family == GAUSSIAN:
                point[r + 1, k] = max(point[r + 1, k], lay.bound[j])
            else:
                for c in range(r, r + C):
                    point[c, k] = min(max(point[c, k], -STEEPEST), STEEPEST)
                if family == CUMULATIVE:
                    for c in range(r + 1, r + C - 1):
                        point[c, k] = max(point[c, k], point[c - 1, k] + 1e-6)
