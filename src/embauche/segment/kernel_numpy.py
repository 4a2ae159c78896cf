"""The EM kernel in numpy alone: the same steps as the compiled one, all starts in one product.

It works in the log domain throughout, needs no compiler, and is the oracle of the compiled kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.segment.patterns import Patterns

Float = NDArray[np.float64]

FLOOR: Final = 1e-10
"""Least probability, as in the compiled kernel."""

_CELLS: Final = 4_000_000
"""Pattern × start × class cells held at once (32 MB each)."""


@dataclass(frozen=True, slots=True)
class NumpyData:
    """Patterns as a design matrix (P, C) of zeros and ones; a missing answer is a row of zeros."""

    design: Float
    weights: Float
    cardinality: NDArray[np.int64]
    offsets: NDArray[np.int64]
    pseudo: Float
    pseudo_share: float

    @classmethod
    def of(cls, patterns: Patterns, pseudo: Float, pseudo_share: float) -> NumpyData:
        """Build the design matrix of `patterns`."""
        design = design_matrix(patterns)
        return cls(
            design,
            patterns.weights,
            patterns.cardinality,
            patterns.offsets,
            pseudo,
            pseudo_share,
        )


def design_matrix(patterns: Patterns) -> Float:
    """(P, C) zeros and ones: which answers each pattern gives."""
    P = len(patterns.codes)
    design = np.zeros((P, int(patterns.cardinality.sum())))
    for first, column in zip(patterns.offsets, patterns.codes.T, strict=True):
        given = np.flatnonzero(column >= 0)
        design[given, first + column[given]] = 1.0
    return design


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
            after, t4, s4 = _em_step(*_into_simplex(t3, s3, data), data)
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


def _em_step(theta: Float, share: Float, data: NumpyData) -> tuple[Float, Float, Float]:
    """One EM step of R starts; returns the objectives at the parameters that came in."""
    R, C, K = theta.shape
    P = len(data.weights)
    log_theta = np.log(theta)
    logs = data.design @ log_theta.transpose(1, 0, 2).reshape(C, R * K)
    joint = logs.reshape(P, R, K)
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
    sums = np.repeat(np.add.reduceat(counts, data.offsets, axis=1), data.cardinality, axis=1)
    even = (1 / np.repeat(data.cardinality, data.cardinality))[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        new_theta = np.where(sums > 0, np.maximum(counts / sums, FLOOR), even)
    if data.pseudo_share:
        objective = objective + data.pseudo_share * np.log(share).sum(axis=1)
        objective = objective + (data.pseudo[:, None] * log_theta).sum(axis=(1, 2))
    return objective, new_theta, new_share


def _into_simplex(theta: Float, share: Float, data: NumpyData) -> tuple[Float, Float]:
    theta = np.maximum(theta, FLOOR)
    sums = np.repeat(np.add.reduceat(theta, data.offsets, axis=1), data.cardinality, axis=1)
    share = np.maximum(share, FLOOR)
    return theta / sums, share / share.sum(axis=1, keepdims=True)
