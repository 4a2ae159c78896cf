"""The families of indicators: parameters, densities at levels, and how many are free.

A column's parameters are rows of K columns, one a class:

==========  ====================================  ==========================================
family      rows                                  log density at a level
==========  ====================================  ==========================================
nominal     θ_1 … θ_C                             log θ_c
ordinal     α_2 … α_C (the same in all classes;   α_c + β s_c − log Σ exp(α_c + β s_c)
            α_1 = 0), β                           (adjacent-category logits; Goodman 1979)
cumulative  α_1 < … < α_(C−1) (the same), β       log [σ(α_c − β) − σ(α_(c−1) − β)]
                                                  (proportional odds; McCullagh 1980)
count       log λ                                 x log λ − λ − log x!
gaussian    μ, log σ² (standardised)              −½ [log 2πσ² + (z − μ)²/σ²] − log scale
==========  ====================================  ==========================================
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from embauche.segment.answers import Indicator
from embauche.segment.patterns import Patterns

Float = NDArray[np.float64]
Int = NDArray[np.int64]

NOMINAL, ORDINAL, CUMULATIVE, COUNT, GAUSSIAN = range(5)

FLOOR: Final = 1e-10
"""Least probability and least rate: keeps likelihoods of unseen rows above zero."""

VARIANCE_FLOOR: Final = 1e-3
"""Least variance of a class, as a share of the column's: without one the likelihood has no top."""

STEEPEST: Final = 200.0
"""Largest ordinal parameter that an extrapolation may reach."""


class Families(NamedTuple):
    """What the columns of a set of patterns measure (a named tuple: compiled code takes it).

    Attributes
    ----------
    family
        (J,) `NOMINAL` … `GAUSSIAN`.
    first_row
        (J,) where each column's rows begin among the q parameter rows of all columns.
    value
        (C,) score, count or standardised amount of each level.
    base
        (C,) what each level adds to its log density in every class.
    level_weight
        (C,) summed weight of each level; zeros in nominal columns.
    bound
        (J,) least log variance of a Gaussian column; largest log rate of a count.
    rows
        q.
    """

    family: Int
    first_row: Int
    value: Float
    base: Float
    level_weight: Float
    bound: Float
    rows: int


def family_of(indicator: Indicator) -> int:
    """Return the family of an indicator; a constant one is nominal."""
    if indicator.kind in ("ordinal", "cumulative") and len(indicator.categories) > 1:
        return ORDINAL if indicator.kind == "ordinal" else CUMULATIVE
    return {"count": COUNT, "gaussian": GAUSSIAN}.get(indicator.kind, NOMINAL)


def row_count(family: int, size: int) -> int:
    """Return the number of parameter rows of a column with `size` levels."""
    return 1 if family == COUNT else 2 if family == GAUSSIAN else size


def free_parameters(indicator: Indicator, K: int) -> int:
    """Return the number of free parameters of an indicator in K classes."""
    size = len(indicator.categories)
    return {
        NOMINAL: K * (size - 1),
        ORDINAL: size - 1 + K - 1,
        CUMULATIVE: size - 1 + K - 1,
        COUNT: K,
        GAUSSIAN: 2 * K,
    }[family_of(indicator)]


def values_of(indicator: Indicator) -> tuple[Float, Float]:
    """Return value and base (`Families`) of an indicator's levels."""
    family = family_of(indicator)
    zero = np.zeros(indicator.size)
    if family == NOMINAL:
        return zero, zero
    if family in (ORDINAL, CUMULATIVE):
        return indicator.scores, zero
    if family == COUNT:
        return indicator.values, -gammaln(indicator.values + 1.0)
    standard = (indicator.values - indicator.centre) / indicator.scale
    return standard, np.full(indicator.size, -0.5 * np.log(2 * np.pi) - np.log(indicator.scale))


def families_of(patterns: Patterns) -> Families:
    """Describe the columns of `patterns`."""
    sizes = patterns.cardinality
    if not patterns.columns:
        zeros = np.zeros(int(sizes.sum()))
        nominal = np.zeros(len(sizes), dtype=np.int64)
        bound = np.zeros(len(sizes))
        return Families(nominal, patterns.offsets, zeros, zeros, zeros, bound, len(zeros))
    family = np.array([family_of(column) for column in patterns.columns], dtype=np.int64)
    counts = np.array([row_count(int(f), int(n)) for f, n in zip(family, sizes, strict=True)])
    pairs = [values_of(column) for column in patterns.columns]
    weight = [_level_weight(patterns, j) for j in range(len(sizes))]
    bound = np.array(
        [
            _least_log_variance(value, mass) if f == GAUSSIAN else np.log(value.max() + 1.0) + 1.0
            for f, (value, _), mass in zip(family, pairs, weight, strict=True)
        ]
    )
    level_weight = [
        np.zeros(len(mass)) if f == NOMINAL else mass
        for f, mass in zip(family, weight, strict=True)
    ]
    return Families(
        family,
        (np.cumsum(counts) - counts).astype(np.int64),
        np.concatenate([value for value, _ in pairs]),
        np.concatenate([base for _, base in pairs]),
        np.concatenate(level_weight),
        bound,
        int(counts.sum()),
    )


def _least_log_variance(value: Float, weight: Float) -> float:
    """Return the variance floor: a share of the column's variance, and at least rounding's own.

    Amounts recorded in steps of h carry a rounding variance of h²/12 (Sheppard); a class narrower
    than that is a class of one recorded value, not of people.
    """
    total = max(float(weight.sum()), 1e-300)
    mean = float(weight @ value) / total
    variance = float(weight @ (value - mean) ** 2) / total
    step = float(np.diff(value).min()) if len(value) > 1 else 0.0
    return float(np.log(max(VARIANCE_FLOOR * variance, step**2 / 12, 1e-12)))


def variance_floor(indicator: Indicator, patterns: Patterns, j: int) -> float:
    """Return the least variance of Gaussian column j, in its own unit squared."""
    value, _ = values_of(indicator)
    return float(np.exp(_least_log_variance(value, _level_weight(patterns, j)))) * (
        indicator.scale**2
    )


def _level_weight(patterns: Patterns, j: int) -> Float:
    """(C_j,) summed weight of each level of column j."""
    codes = patterns.codes[:, j]
    given = codes >= 0
    size = int(patterns.cardinality[j])
    weight = np.bincount(codes[given], weights=patterns.weights[given], minlength=size)
    return weight.astype(np.float64)


def log_density(family: int, value: Float, base: Float, rows: Float) -> Float:
    """Return the (…, C, K) log densities of a column's levels from its parameter rows (…, r, K)."""
    if family == NOMINAL:
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(rows))
    v, b = value[:, None], base[:, None]
    if family == COUNT:
        return np.asarray(v * rows - np.exp(rows) + b)
    if family == GAUSSIAN:
        mean, spread = rows[..., :1, :], rows[..., 1:, :]
        return np.asarray(-0.5 * (spread + (v - mean) ** 2 * np.exp(-spread)) + b)
    slope = rows[..., -1:, :]
    if family == ORDINAL:
        linear = v * slope
        linear[..., 1:, :] += rows[..., :-1, :]
        top = linear.max(axis=-2, keepdims=True)
        norm = np.log(np.exp(linear - top).sum(axis=-2, keepdims=True)) + top
        return np.asarray(linear - norm)
    cut = rows[..., :-1, :] - slope
    logs = np.zeros((*rows.shape[:-2], len(value), rows.shape[-1]))
    logs[..., :-1, :] += log_sigmoid(cut)
    logs[..., 1:, :] += log_sigmoid(-cut)
    # σ(b) − σ(a) = σ(b) σ(−a) (1 − exp(a − b)), which loses no digits far out.
    logs[..., 1:-1, :] += np.log(-np.expm1(cut[..., :-1, :] - cut[..., 1:, :]))
    return logs


def log_sigmoid(x: Float) -> Float:
    """Return log σ(x) without overflow."""
    return np.asarray(np.minimum(x, 0.0) - np.log1p(np.exp(-np.abs(x))))


def sigmoid(x: Float) -> Float:
    """Return σ(x) without overflow."""
    return np.asarray(np.exp(log_sigmoid(x)))


def level_scores(family: int, value: Float, rows: Float, logs: Float) -> Float:
    """Return the (…, C, C, K) derivative of each level's log density by an ordinal column's rows.

    The first C is the level, the second the parameter row (α then β).
    """
    C = len(value)
    scores = np.zeros((*logs.shape[:-2], C, C, logs.shape[-1]))
    at = np.arange(C - 1)
    if family == ORDINAL:
        share = np.exp(logs)
        scores[..., at + 1, at, :] = 1.0
        scores[..., :-1, :] -= share[..., None, 1:, :]
        mean = (value[:, None] * share).sum(axis=-2, keepdims=True)
        scores[..., -1, :] = value[:, None] - mean
        return scores
    cut = rows[..., :-1, :] - rows[..., -1:, :]
    above, below = np.zeros_like(logs), np.zeros_like(logs)
    above[..., :-1, :] = sigmoid(-cut)
    below[..., 1:, :] = -sigmoid(cut)
    gap = 1.0 / np.expm1(np.minimum(cut[..., 1:, :] - cut[..., :-1, :], 700.0))
    above[..., 1:-1, :] += gap
    below[..., 1:-1, :] -= gap
    scores[..., at, at, :] = above[..., :-1, :]
    scores[..., at + 1, at, :] = below[..., 1:, :]
    scores[..., -1, :] = -(above + below)
    return scores


def split_rows(indicators: Sequence[Indicator], theta: Float) -> list[Float]:
    """Cut (q, K) parameter rows into one array a column."""
    counts = [row_count(family_of(column), column.size) for column in indicators]
    return np.split(theta, np.cumsum(counts)[:-1])


def column_rows(table: Float, indicators: Sequence[Indicator]) -> list[Float]:
    """Take each column's parameter rows out of a table (`embauche.segment.kernel`)."""
    rows: list[Float] = []
    level = 0
    extra = sum(column.size for column in indicators)
    for column in indicators:
        family, size = family_of(column), column.size
        if family == NOMINAL:
            rows.append(table[level : level + size])
        else:
            count = row_count(family, size)
            rows.append(table[extra : extra + count])
            extra += count
        level += size
    return rows


def centred(indicator: Indicator, rows: Float) -> Float:
    """Return ordinal rows with slopes that sum to zero over classes; other rows as they are."""
    family = family_of(indicator)
    if family not in (ORDINAL, CUMULATIVE):
        return rows
    shift = rows[-1].mean()
    along = indicator.scores[1:] if family == ORDINAL else -np.ones(len(rows) - 1)
    result = rows.copy()
    result[-1] -= shift
    result[:-1] += shift * along[:, None]
    return result
