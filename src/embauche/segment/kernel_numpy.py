"""The EM kernel in numpy alone: the same steps as the compiled one, all starts in one product.

It works in the log domain throughout, needs no compiler, and is the oracle of the compiled kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from embauche.segment.families import (
    COUNT,
    CUMULATIVE,
    FLOOR,
    GAUSSIAN,
    NOMINAL,
    STEEPEST,
    Families,
    families_of,
    log_density,
)
from embauche.segment.ordinal_step import ordinal_step
from embauche.segment.patterns import Patterns

Float = NDArray[np.float64]

_CELLS: Final = 4_000_000
"""Pattern × start × class cells held at once (32 MB each)."""

_DENSE: Final = 40
"""Levels a column up to which a dense design is faster than a sparse one."""


@dataclass(frozen=True, slots=True)
class NumpyData:
    """Patterns as a design matrix (P, C) of zeros and ones; a missing answer is a row of zeros."""

    design: Any
    weights: Float
    cardinality: NDArray[np.int64]
    offsets: NDArray[np.int64]
    families: Families
    pseudo: Float
    pseudo_share: float

    @classmethod
    def of(cls, patterns: Patterns, pseudo: Float, pseudo_share: float) -> NumpyData:
        """Build the design matrix of `patterns`."""
        wide = patterns.cardinality.max() > _DENSE
        return cls(
            _sparse_design(patterns) if wide else design_matrix(patterns),
            patterns.weights,
            patterns.cardinality,
            patterns.offsets,
            families_of(patterns),
            pseudo,
            pseudo_share,
        )

    @property
    def nominal(self) -> bool:
        """Whether every column is nominal: parameters are then the densities themselves."""
        return bool((self.families.family == NOMINAL).all())

    def rows(self, j: int) -> slice:
        """Return where column j's parameters stand."""
        first = self.families.first_row
        last = self.families.rows if j == len(first) - 1 else int(first[j + 1])
        return slice(int(first[j]), last)

    def levels(self, j: int) -> slice:
        """Return where column j's levels stand."""
        return slice(int(self.offsets[j]), int(self.offsets[j] + self.cardinality[j]))


def design_matrix(patterns: Patterns) -> Float:
    """(P, C) zeros and ones: which answers each pattern gives."""
    P = len(patterns.codes)
    design = np.zeros((P, int(patterns.cardinality.sum())))
    for first, column in zip(patterns.offsets, patterns.codes.T, strict=True):
        given = np.flatnonzero(column >= 0)
        design[given, first + column[given]] = 1.0
    return design


def _sparse_design(patterns: Patterns) -> Any:
    given = patterns.codes >= 0
    columns = (patterns.codes + patterns.offsets)[given]
    starts = np.concatenate([[0], np.cumsum(given.sum(axis=1))])
    shape = (len(patterns.codes), int(patterns.cardinality.sum()))
    return csr_matrix((np.ones(len(columns)), columns, starts), shape=shape)


def climb_all(
    theta: Float, share: Float, data: NumpyData, max_iter: int, tol: float
) -> tuple[Float, NDArray[np.int64], NDArray[np.bool_]]:
    """Climb from every start; parameters and result as in `kernel_numba.climb_all`."""
    R, _, K = theta.shape
    objective = np.full(R, -np.inf)
    steps = np.zeros(R, dtype=np.int64)
    converged = np.zeros(R, dtype=np.bool_)
    block = max(1, _CELLS // (len(data.weights) * K))
    for first in range(0, R, block):
        part = slice(first, first + block)
        objective[part], steps[part], converged[part] = _climb(
            theta[part], share[part], data, max_iter, tol
        )
    return objective, steps, converged


def _climb(
    theta: Float, share: Float, data: NumpyData, max_iter: int, tol: float
) -> tuple[Float, NDArray[np.int64], NDArray[np.bool_]]:
    R = len(share)
    objective = np.full(R, -np.inf)
    steps = np.zeros(R, dtype=np.int64)
    converged = np.zeros(R, dtype=np.bool_)
    limit = np.full(R, 4.0)
    active = np.arange(R) if max_iter > 0 else np.arange(0)
    while len(active):
        t0, s0 = theta[active], share[active]
        before, t1, s1 = _em_step(t0, s0, data)
        now, t2, s2 = _em_step(t1, s1, data)
        steps[active] += 2
        objective[active] = now
        done = now - before < tol + 1e-15 * np.abs(now)
        converged[active] = done
        step = ((t1 - t0) ** 2).sum((1, 2)) + ((s1 - s0) ** 2).sum(1)
        change = ((t2 - 2 * t1 + t0) ** 2).sum((1, 2)) + ((s2 - 2 * s1 + s0) ** 2).sum(1)
        bound = limit[active]
        length = np.minimum(np.sqrt(step / np.maximum(change, 1e-300)), bound)
        ahead = (length > 1) & ~done
        t_next, s_next = t2, s2
        if ahead.any():
            a = length[ahead, None]
            b = a[:, :, None]
            t3 = t0[ahead] + 2 * b * (t1 - t0)[ahead] + b**2 * (t2 - 2 * t1 + t0)[ahead]
            s3 = s0[ahead] + 2 * a * (s1 - s0)[ahead] + a**2 * (s2 - 2 * s1 + s0)[ahead]
            after, t4, s4 = _em_step(*_into_bounds(t3, s3, data), data)
            steps[active[ahead]] += 1
            accepted = after >= now[ahead]
            t_next, s_next = t2.copy(), s2.copy()
            t_next[np.flatnonzero(ahead)[accepted]] = t4[accepted]
            s_next[np.flatnonzero(ahead)[accepted]] = s4[accepted]
            hit = length[ahead] == bound[ahead]
            wider = np.where(accepted, bound[ahead] * 4, np.maximum(2.0, bound[ahead] / 4))
            limit[active[ahead]] = np.where(hit, wider, bound[ahead])
        theta[active] = np.where(done[:, None, None], t1, t_next)
        share[active] = np.where(done[:, None], s1, s_next)
        active = active[~done & (steps[active] < max_iter)]
    return objective, steps, converged


def level_logs(theta: Float, data: NumpyData) -> Float:
    """(R, C, K) log densities at all levels of all columns."""
    if data.nominal:
        return np.asarray(np.log(theta))
    families = data.families
    return np.concatenate(
        [
            log_density(
                int(family),
                families.value[data.levels(j)],
                families.base[data.levels(j)],
                theta[:, data.rows(j)],
            )
            for j, family in enumerate(families.family)
        ],
        axis=1,
    )


def _em_step(theta: Float, share: Float, data: NumpyData) -> tuple[Float, Float, Float]:
    """One EM step of R starts; returns the objectives at the parameters that came in."""
    R, _, K = theta.shape
    P = len(data.weights)
    logs = level_logs(theta, data)
    C = logs.shape[1]
    joint = (data.design @ logs.transpose(1, 0, 2).reshape(C, R * K)).reshape(P, R, K)
    joint += np.log(share)
    top = joint.max(axis=2, keepdims=True)
    joint -= top
    np.exp(joint, out=joint)
    total = joint.sum(axis=2, keepdims=True)
    objective: Float = data.weights @ (np.log(total) + top)[:, :, 0]
    joint *= data.weights[:, None, None] / total
    new_share = joint.sum(axis=0) + data.pseudo_share
    new_share = np.maximum(new_share / new_share.sum(axis=1, keepdims=True), FLOOR)
    counts = (data.design.T @ joint.reshape(P, R * K)).reshape(C, R, K).transpose(1, 0, 2)
    counts = counts + data.pseudo[:, None]
    if data.pseudo_share:
        objective = objective + data.pseudo_share * np.log(share).sum(axis=1)
        objective = objective + (data.pseudo[:, None] * logs).sum(axis=(1, 2))
    return objective, _maximise(theta, counts, data), new_share


def _maximise(theta: Float, counts: Float, data: NumpyData) -> Float:
    """M step: parameters from the expected number of answers at each level."""
    if data.nominal:
        return _shares(counts, data.cardinality, data.offsets)
    new = np.empty_like(theta)
    families = data.families
    for j, family in enumerate(families.family):
        rows, levels = data.rows(j), data.levels(j)
        value, mass, old = families.value[levels], counts[:, levels], theta[:, rows]
        if family == NOMINAL:
            new[:, rows] = _shares(mass, data.cardinality[j : j + 1], np.zeros(1, np.int64))
            continue
        if family not in (COUNT, GAUSSIAN):
            new[:, rows] = ordinal_step(int(family), value, old, mass)
            continue
        n = mass.sum(axis=1)
        some = n > 0.0
        n = np.where(some, n, 1.0)
        mean = np.einsum("c,rck->rk", value, mass) / n
        if family == COUNT:
            new[:, rows][:, 0] = np.where(some, np.log(np.maximum(mean, FLOOR)), old[:, 0])
            continue
        distance = (value[:, None] - mean[:, None]) ** 2
        variance = (mass * distance).sum(axis=1) / n
        spread = np.log(np.maximum(variance, np.exp(families.bound[j])))
        new[:, rows][:, 0] = np.where(some, mean, old[:, 0])
        new[:, rows][:, 1] = np.where(some, spread, old[:, 1])
    return new


def _shares(counts: Float, cardinality: NDArray[np.int64], offsets: NDArray[np.int64]) -> Float:
    sums = np.repeat(np.add.reduceat(counts, offsets, axis=1), cardinality, axis=1)
    even = (1 / np.repeat(cardinality, cardinality))[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(sums > 0, np.maximum(counts / sums, FLOOR), even)


def _into_bounds(theta: Float, share: Float, data: NumpyData) -> tuple[Float, Float]:
    """Bring an extrapolated point back to probabilities and to parameters that can be."""
    share = np.maximum(share, FLOOR)
    share = share / share.sum(axis=1, keepdims=True)
    if data.nominal:
        theta = np.maximum(theta, FLOOR)
        sums = np.add.reduceat(theta, data.offsets, axis=1)
        return theta / np.repeat(sums, data.cardinality, axis=1), share
    theta = theta.copy()
    for j, family in enumerate(data.families.family):
        rows = theta[:, data.rows(j)]
        if family == NOMINAL:
            np.maximum(rows, FLOOR, out=rows)
            rows /= rows.sum(axis=1, keepdims=True)
        elif family == COUNT:
            np.clip(rows, np.log(FLOOR), data.families.bound[j], out=rows)
        elif family == GAUSSIAN:
            rows[:, 1] = np.maximum(rows[:, 1], data.families.bound[j])
        else:
            np.clip(rows, -STEEPEST, STEEPEST, out=rows)
            if family == CUMULATIVE:
                for c in range(1, rows.shape[1] - 1):
                    rows[:, c] = np.maximum(rows[:, c], rows[:, c - 1] + 1e-6)
    return theta, share
