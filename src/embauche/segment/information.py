"""How well the data tell a latent class model's parameters: observed information and scores.

Louis (1982): the observed information of a mixture is the complete-data information less what is
lost by not seeing the classes,

    I = −Σ_p w_p Σ_k r_pk ∂²log f_k − Σ_p w_p (Σ_k r_pk u_pk u_pkᵀ − s_p s_pᵀ),

u_pk being the complete-data score of pattern p in class k and s_p = Σ_k r_pk u_pk its observed
score. Parameters here are those in which the likelihood is smooth: logits of class shares and of
nominal answers (the class's most frequent answer is the reference), thresholds and slopes, log
rates, means, log variances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.segment.answers import Indicator
from embauche.segment.families import (
    COUNT,
    CUMULATIVE,
    GAUSSIAN,
    NOMINAL,
    family_of,
    level_scores,
    log_density,
    sigmoid,
    values_of,
    variance_floor,
)
from embauche.segment.kernel import log_joint_of, posterior_of
from embauche.segment.patterns import Patterns
from embauche.segment.solution import level_logs

Float = NDArray[np.float64]
Int = NDArray[np.int64]

SMALL: Final = 1e-4
"""A probability or rate under this that fewer than `FEW` answers stand for is on the boundary."""

FEW: Final = 0.5

_AT_FLOOR: Final = 1.01
_CELLS: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Block:
    """One column's part in the information.

    Attributes
    ----------
    index
        (K, d) where the column's d local parameters in each class stand among all q.
    scores
        (C, d, K) derivative of each level's log density.
    curvature
        (d, d, K) second derivative, summed over the expected answers.
    fixed
        (K, d) parameters on the boundary, which are taken as known.
    mass
        (K,) expected respondents of each class who answered.
    """

    index: Int
    scores: Float
    curvature: Float
    fixed: NDArray[np.bool_]
    mass: Float


@dataclass(frozen=True, slots=True)
class Information:
    """Second derivatives at a solution.

    Attributes
    ----------
    observed
        (q, q) observed information, prior included where there is one.
    meat
        (q, q) summed outer products of the rows' scores.
    gradient
        (q,) score of all rows (without the prior's).
    blocks
        One a column.
    contrast
        (q, f) from the f identified, free parameters to all q.
    """

    observed: Float
    meat: Float
    gradient: Float
    blocks: tuple[Block, ...]
    contrast: Float


def information_of(
    patterns: Patterns,
    indicators: Sequence[Indicator],
    rows: Sequence[Float],
    share: Float,
    *,
    prior: float,
    squares: Float,
) -> Information:
    """Compute observed information and the sandwich's meat.

    Parameters
    ----------
    patterns, indicators
        The data.
    rows, share
        Parameter rows of each column (`embauche.segment.families`), and (K,) class shares.
    prior
        Pseudo-respondents, as in the fit.
    squares
        (P,) weights of the patterns in the meat: the summed squared weights under survey weights,
        the weights themselves where a row of weight 3 is three rows.
    """
    K = len(share)
    logs = level_logs(indicators, rows)
    joint = log_joint_of(patterns.codes, patterns.offsets, logs, share)
    posterior, _ = posterior_of(joint)
    posterior *= patterns.weights[:, None]
    pseudo = patterns.margins() * (prior / K)
    blocks, q = _blocks(patterns, indicators, rows, posterior, pseudo)
    observed = np.zeros((q, q))
    free = slice(0, K - 1)
    centred = np.eye(K)[:, 1:] - share[1:]
    total = float(patterns.weights.sum()) + prior
    observed[free, free] = total * (np.diag(share[1:]) - np.outer(share[1:], share[1:]))
    for block in blocks:
        for k in range(K):
            observed[np.ix_(block.index[k], block.index[k])] -= block.curvature[:, :, k]
    meat, gradient = np.zeros((q, q)), np.zeros(q)
    step = max(1, _CELLS // max(q, 1))
    for first in range(0, len(patterns.codes), step):
        part = slice(first, first + step)
        codes, weights = patterns.codes[part], patterns.weights[part]
        seen = np.zeros((len(codes), q))
        for k in range(K):
            columns, scores = _class_scores(codes, blocks, centred[k], k)
            weighted = posterior[part, k : k + 1] * scores
            observed[np.ix_(columns, columns)] -= scores.T @ weighted
            seen[:, columns] += weighted
        gradient += seen.sum(axis=0)
        seen /= np.maximum(weights, 1e-300)[:, None]
        observed += seen.T @ (weights[:, None] * seen)
        meat += seen.T @ (squares[part, None] * seen)
    return Information(observed, meat, gradient, tuple(blocks), _contrast(indicators, blocks, K, q))


def _class_scores(
    codes: NDArray[np.int32], blocks: Sequence[Block], centred: Float, k: int
) -> tuple[Int, Float]:
    """Return where class k's parameters stand, and the complete-data scores of the patterns."""
    columns = np.concatenate([np.arange(len(centred)), *(block.index[k] for block in blocks)])
    parts = [np.tile(centred, (len(codes), 1))]
    for j, block in enumerate(blocks):
        scores = block.scores[np.maximum(codes[:, j], 0), :, k]
        scores[codes[:, j] < 0] = 0.0
        parts.append(scores)
    return columns, np.concatenate(parts, axis=1)


def _blocks(
    patterns: Patterns,
    indicators: Sequence[Indicator],
    rows: Sequence[Float],
    posterior: Float,
    pseudo: Float,
) -> tuple[list[Block], int]:
    K = posterior.shape[1]
    blocks: list[Block] = []
    at = K - 1
    for j, (column, part) in enumerate(zip(indicators, rows, strict=True)):
        codes = patterns.codes[:, j]
        given = codes >= 0
        size = column.size
        mass = np.stack(
            [
                np.bincount(codes[given], weights=posterior[given, k], minlength=size)
                for k in range(K)
            ],
            axis=1,
        ).astype(np.float64)
        first = int(patterns.offsets[j])
        mass_prior = mass + pseudo[first : first + size, None]
        family = family_of(column)
        if family == NOMINAL:
            block, used = _nominal(part, mass_prior, at)
        elif family == COUNT:
            block, used = _count(column, part, mass_prior, at)
        elif family == GAUSSIAN:
            block, used = _gaussian(
                column, part, mass_prior, at, variance_floor(column, patterns, j)
            )
        else:
            block, used = _ordinal(column, part, mass_prior, at)
        blocks.append(block)
        at += used
    return blocks, at


def _nominal(theta: Float, mass: Float, at: int) -> tuple[Block, int]:
    C, K = theta.shape
    index = at + np.arange(K * (C - 1)).reshape(K, C - 1)
    scores = np.zeros((C, C - 1, K))
    curvature = np.zeros((C - 1, C - 1, K))
    fixed = np.zeros((K, C - 1), dtype=np.bool_)
    for k in range(K):
        others = np.delete(np.arange(C), theta[:, k].argmax())
        share = theta[others, k]
        scores[others, np.arange(C - 1), k] = 1.0
        scores[:, :, k] -= share
        curvature[:, :, k] = -mass[:, k].sum() * (np.diag(share) - np.outer(share, share))
        fixed[k] = (share < SMALL) & (mass[others, k] < FEW)
    return Block(index, scores, curvature, fixed, mass.sum(axis=0)), K * (C - 1)


def _count(column: Indicator, rows: Float, mass: Float, at: int) -> tuple[Block, int]:
    K = rows.shape[1]
    rate = np.exp(rows[0])
    value, _ = values_of(column)
    scores = (value[:, None] - rate)[:, None, :]
    n = mass.sum(axis=0)
    fixed = ((rate < SMALL) & (rate * n < FEW))[:, None]
    index = at + np.arange(K)[:, None]
    return Block(index, scores, (-n * rate)[None, None], fixed, n), K


def _gaussian(
    column: Indicator, rows: Float, mass: Float, at: int, floor: float
) -> tuple[Block, int]:
    K = rows.shape[1]
    value, _ = values_of(column)
    precision = np.exp(-rows[1])
    distance = value[:, None] - rows[0]
    scores = np.stack([distance * precision, 0.5 * (distance**2 * precision - 1.0)], axis=1)
    n = mass.sum(axis=0)
    first = (mass * distance).sum(axis=0) * precision
    second = (mass * distance**2).sum(axis=0) * precision
    curvature = np.array([[-n * precision, -first], [-first, -0.5 * second]])
    fixed = np.zeros((K, 2), dtype=np.bool_)
    fixed[:, 1] = np.exp(rows[1]) * column.scale**2 <= _AT_FLOOR * floor
    return Block(at + np.arange(2 * K).reshape(K, 2), scores, curvature, fixed, n), 2 * K


def _ordinal(column: Indicator, rows: Float, mass: Float, at: int) -> tuple[Block, int]:
    C, K = rows.shape
    value, base = values_of(column)
    logs = log_density(family_of(column), value, base, rows)
    scores = level_scores(family_of(column), value, rows, logs)
    n = mass.sum(axis=0)
    if family_of(column) == CUMULATIVE:
        curvature = _cumulative_curvature(rows, mass)
    else:
        curvature = -np.einsum("ck,cak,cbk->abk", np.exp(logs) * n, scores, scores)
    index = np.concatenate(
        [np.tile(at + np.arange(C - 1), (K, 1)), at + C - 1 + np.arange(K)[:, None]], axis=1
    )
    fixed = np.zeros((K, C), dtype=np.bool_)
    fixed[:, -1] = -curvature[-1, -1] < SMALL * np.maximum(n, 1e-300)
    return Block(index, scores, curvature, fixed, n), C - 1 + K


def _cumulative_curvature(rows: Float, mass: Float) -> Float:
    """(C, C, K) second derivative of Σ mass · log [σ(α_c − β) − σ(α_(c−1) − β)]."""
    C, K = rows.shape
    cut = rows[:-1] - rows[-1]
    slope = sigmoid(cut) * sigmoid(-cut)
    gap = np.minimum(cut[1:] - cut[:-1], 350.0)
    between = np.exp(gap) / np.expm1(gap) ** 2
    square = np.zeros((C - 1, C - 1, K))
    at = np.arange(C - 1)
    square[at, at] = -(mass[:-1] + mass[1:]) * slope
    inner = mass[1:-1] * between
    square[at[1:], at[1:]] -= inner
    square[at[:-1], at[:-1]] -= inner
    square[at[1:], at[:-1]] = inner
    square[at[:-1], at[1:]] = inner
    result = np.empty((C, C, K))
    result[:-1, :-1] = square
    result[-1, :-1] = result[:-1, -1] = -square.sum(axis=0)
    result[-1, -1] = square.sum(axis=(0, 1))
    return result


def _contrast(indicators: Sequence[Indicator], blocks: Sequence[Block], K: int, q: int) -> Float:
    """Leave out what stands on the boundary; let slopes sum to zero over classes."""
    free = np.ones(q, dtype=np.bool_)
    matrix = np.eye(q)
    for column, block in zip(indicators, blocks, strict=True):
        free[block.index[block.fixed]] = False
        if family_of(column) in (NOMINAL, COUNT, GAUSSIAN) or block.fixed.any():
            continue
        slopes = block.index[:, -1]
        matrix[np.ix_(slopes, slopes)] = np.eye(K) - 1.0 / K
        free[slopes[-1]] = False
    return matrix[:, free]


def covariance(found: Information, *, sandwich: bool) -> tuple[Float, NDArray[np.bool_]]:
    """Return the (q, q) covariance of the estimates, and which of them the data do not tell.

    Singular directions (fewer answers than parameters, a saddle) are left out and their parameters
    marked; those on the boundary have variance 0.
    """
    T = found.contrast
    matrix = T.T @ found.observed @ T
    unit = 1.0 / np.sqrt(np.maximum(np.diag(matrix), 1e-300))
    values, vectors = np.linalg.eigh(matrix * np.outer(unit, unit))
    told = values > 1e-8
    loose = (vectors[:, ~told] ** 2).sum(axis=1) > 1e-6
    loose |= np.diag(matrix) <= 0
    inverse = (vectors[:, told] / values[told]) @ vectors[:, told].T * np.outer(unit, unit)
    bread = T @ inverse @ T.T
    unknown = np.asarray((np.abs(T[:, loose]) > 0).any(axis=1))
    return (bread @ found.meat @ bread if sandwich else bread), unknown
