"""Many starts: which of the likelihood's maxima is the highest.

Every round draws random starts, climbs a few steps from all of them, a few more from the better
five eighths, and to the top from the best third. Rounds are repeated until a good part of these
finalists end in the same best maximum, or until a budget is spent. A fixed number of hits would not
do: on real surveys a lower maximum can be reached far more often than the highest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.segment.families import COUNT, FLOOR, GAUSSIAN, NOMINAL, ORDINAL
from embauche.segment.kernel import Kernel
from embauche.segment.replicates import leave_if_unwanted

Float = NDArray[np.float64]

SAME_MAXIMUM: Final = 0.01
"""Two runs reached the same maximum when their objectives differ by less."""

ROUND: Final = 24
"""Random starts in a round."""

_SURE: Final = ((6, 0.4), (20, 0.15))
"""Rounds stop after this many when at least this share of finalists reached the best maximum."""

MOST_ROUNDS: Final = 45
"""Rounds on data of up to `_LARGE` patterns; fewer on more, where maxima are better apart."""

_LARGE: Final = 5000

SAMPLED: Final = 20_000
"""On more patterns than this, starts climb on a sample of half as many respondents first, and only
the sample's best distinct maxima are climbed from on all data."""

KEPT: Final = 5
"""Distinct maxima of the sample that are climbed from."""

_ROUGH: Final = 1e-6
"""Tolerance on the sample."""

_SHORT, _LONGER = 12, 36
"""EM steps of the first and the second heat. On a survey of 19 needs the chance of the best maximum
per CPU second was 1.5 times that of climbing from every start with 8 classes, and equal with 9."""


@dataclass(frozen=True, slots=True)
class Search:
    """The best solution found.

    Attributes
    ----------
    theta, share
        The solution's table (`embauche.segment.kernel`; where all columns are nominal: (C, K)
        answer probabilities) and (K,) class shares.
    objective
        Log-likelihood, plus log prior where there is one.
    starts
        Random starts made; all but the best of a round are given up on the way.
    hits
        How many starts reached `objective` within `SAME_MAXIMUM`.
    converged
        Whether the best run met the tolerance.
    """

    theta: Float
    share: Float
    objective: float
    starts: int
    hits: int
    converged: bool


def draw(
    kernel: Kernel, n_classes: int, count: int, rng: np.random.Generator
) -> tuple[Float, Float]:
    """Draw random starts.

    Nominal answers of each class come from a Dirichlet around the margins. Other columns start from
    `n_classes` respondents drawn at random: means and rates half-way between theirs and everyone's,
    everyone's variance, slopes by where they stand on the scale.

    Returns
    -------
    parameters, share
        (R, q, K) and (R, K).
    """
    patterns, families = kernel.patterns, kernel.families
    margins = patterns.margins()
    theta = np.empty((count, families.rows, n_classes))
    sizes = patterns.cardinality
    for j, (first, size) in enumerate(zip(patterns.offsets, sizes, strict=True)):
        if families.family[j] != NOMINAL:
            continue
        weight = np.maximum(margins[first : first + size], 0.02) * 2.0 * size
        drawn = rng.gamma(weight, size=(count, n_classes, size)) + 1e-12
        drawn = np.maximum(drawn / drawn.sum(axis=2, keepdims=True), 1e-3)
        part = slice(families.first_row[j], families.first_row[j] + size)
        theta[:, part] = (drawn / drawn.sum(axis=2, keepdims=True)).transpose(0, 2, 1)
    if not kernel.nominal:
        chance = patterns.weights / patterns.weights.sum()
        drawn_rows = rng.choice(len(chance), size=(count, n_classes), p=chance)
        for j in np.flatnonzero(families.family != NOMINAL).tolist():
            levels = slice(patterns.offsets[j], patterns.offsets[j] + sizes[j])
            codes = patterns.codes[drawn_rows, j]
            r = int(families.first_row[j])
            rows = _start_rows(kernel, j, margins[levels], codes)
            theta[:, r : r + rows.shape[1]] = rows
    return theta, np.full((count, n_classes), 1.0 / n_classes)


def _start_rows(kernel: Kernel, j: int, margin: Float, codes: NDArray[np.int32]) -> Float:
    """Parameter rows (R, r, K) of column j around the answers (R, K) of respondents drawn."""
    families, offset = kernel.families, int(kernel.patterns.offsets[j])
    value = families.value[offset : offset + len(margin)]
    mean = float(margin @ value)
    spread = float(np.sqrt(margin @ (value - mean) ** 2))
    theirs = np.where(codes < 0, mean, value[np.maximum(codes, 0)])
    family = families.family[j]
    if family == COUNT:
        return np.log(np.maximum(0.5 * (theirs + mean), FLOOR))[:, None]
    if family == GAUSSIAN:
        least = max(2 * np.log(max(spread, 1e-300)), float(families.bound[j]))
        return np.stack([0.5 * (theirs + mean), np.full(theirs.shape, least)], axis=1)
    margin = np.maximum(margin, 1e-6)
    if family == ORDINAL:
        thresholds = np.log(margin[1:] / margin[0])
    else:
        below = np.cumsum(margin[:-1]) / margin.sum()
        thresholds = np.log(below / (1 - below))
    slopes = (theirs - mean) / max(spread, 1e-6)
    slopes = slopes / max(spread, 0.1) if family == ORDINAL else slopes
    rows = np.empty((len(codes), len(margin), codes.shape[1]))
    rows[:, :-1] = thresholds[:, None]
    rows[:, -1] = slopes
    return rows


def search(
    kernel: Kernel,
    n_classes: int,
    rng: np.random.Generator,
    *,
    n_starts: int | None = None,
    warm: tuple[Float, Float] | None = None,
    screen: bool = True,
    max_iter: int = 10_000,
    tol: float = 1e-7,
) -> Search:
    """Find the highest maximum.

    Parameters
    ----------
    kernel
        EM on the data.
    n_classes
        Number of classes K.
    rng
        Source of the random starts.
    n_starts
        Random starts to make in one round; by default rounds go on as the module says.
    warm
        A solution (table and shares) to climb from as well; it does not count as a random start.
    screen
        Whether poor starts are given up after the heats; otherwise all climb to the top.
    max_iter, tol
        EM steps at most; least rise in one EM step.
    """
    climb = _Climb(n_classes, max_iter, tol, n_starts, screen=screen and n_starts != 0)
    large = n_classes > 1 and len(kernel.patterns.weights) > SAMPLED and n_starts != 0
    best: _Top | None = None
    if warm is not None:
        start = kernel.parameters(warm[0])[None].copy()
        best = _polish(kernel, start, warm[1][None].copy(), max_iter, tol)[0][0]
    found = _from_sample(kernel, climb, rng) if large else _rounds(kernel, climb, rng, best)
    tops = [*found.tops] if best is None else [*found.tops, best]
    if not tops:
        msg = "a search needs a random start or a warm one"
        raise ValueError(msg)
    best = max(tops, key=lambda top: top.objective)
    reached = found.reached > best.objective - SAME_MAXIMUM
    return Search(
        kernel.table(best.theta),
        best.share,
        best.objective,
        found.starts,
        int(reached.sum()),
        best.converged,
    )


@dataclass(frozen=True, slots=True)
class _Climb:
    """How to climb: the settings of a search."""

    K: int
    max_iter: int
    tol: float
    n_starts: int | None
    screen: bool


@dataclass(frozen=True, slots=True)
class _Top:
    objective: float
    theta: Float
    share: Float
    converged: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """The best distinct maxima, the objectives that all finalists reached, and starts made."""

    tops: list[_Top]
    reached: Float
    starts: int


def _rounds(
    kernel: Kernel, climb: _Climb, rng: np.random.Generator, warm: _Top | None = None
) -> _Found:
    """Make rounds of random starts until the best maximum is sure, or the budget spent."""
    scale = min(1.0, _LARGE / len(kernel.patterns.weights))
    one = climb.K == 1
    most = 1 if climb.n_starts is not None or one else max(2, int(MOST_ROUNDS * scale))
    size = 1 if one and climb.n_starts != 0 else climb.n_starts
    size = ROUND if size is None else size
    reached: list[Float] = []
    tops: list[_Top] = [] if warm is None else [warm]
    while size and len(reached) < most:
        leave_if_unwanted()
        theta, share = draw(kernel, climb.K, size, rng)
        if climb.screen:
            theta, share = _heat(kernel, theta, share, _SHORT, -(-size * 5 // 8), climb.tol)
            theta, share = _heat(kernel, theta, share, _LONGER, -(-size // 3), climb.tol)
        climbed, objectives = _polish(kernel, theta, share, climb.max_iter, climb.tol)
        tops = _distinct([*tops, *climbed])
        reached.append(objectives)
        if _sure(reached, tops[0].objective, scale):
            break
    values = np.concatenate(reached) if reached else np.empty(0)
    return _Found(tops, values, size * len(reached))


def _from_sample(kernel: Kernel, climb: _Climb, rng: np.random.Generator) -> _Found:
    """Start on a sample, and climb on from its best distinct maxima.

    A start counts as having reached what the sample's maximum that it reached leads to.
    """
    weights = kernel.patterns.weights
    drawn = rng.multinomial(SAMPLED // 2, weights / weights.sum())
    sample = kernel.on(kernel.patterns.sampled(drawn))
    rough = replace(climb, tol=max(climb.tol, _ROUGH))
    found = _rounds(sample, rough, rng)
    objectives = np.array([top.objective for top in found.tops])
    theta = np.stack([top.theta for top in found.tops])
    share = np.stack([top.share for top in found.tops])
    tops, heights = _polish(kernel, theta, share, climb.max_iter, climb.tol)
    same = np.abs(found.reached[:, None] - objectives) <= SAME_MAXIMUM
    reached = np.where(same.any(axis=1), heights[same.argmax(axis=1)], -np.inf)
    return _Found(tops, reached, found.starts)


def _distinct(tops: list[_Top]) -> list[_Top]:
    """Return the best `KEPT` tops that differ by more than `SAME_MAXIMUM`, highest first."""
    kept: list[_Top] = []
    for top in sorted(tops, key=lambda top: -top.objective):
        if not kept or kept[-1].objective - top.objective > SAME_MAXIMUM:
            kept.append(top)
        if len(kept) == KEPT:
            break
    return kept


def _sure(reached: list[Float], best: float, scale: float) -> bool:
    values = np.concatenate(reached)
    share = float((values > best - SAME_MAXIMUM).mean())
    return any(len(reached) >= max(2, least * scale) and share >= enough for least, enough in _SURE)


def _heat(
    kernel: Kernel, theta: Float, share: Float, steps: int, keep: int, tol: float
) -> tuple[Float, Float]:
    if len(share) <= keep:
        return theta, share
    leave_if_unwanted()
    objective, _, _ = kernel.climb(theta, share, steps, tol)
    order = np.argsort(-objective, kind="stable")[:keep]
    return theta[order].copy(), share[order].copy()


def _polish(
    kernel: Kernel, theta: Float, share: Float, max_iter: int, tol: float
) -> tuple[list[_Top], Float]:
    """Climb to the top from every start; return where each ended, and its objective."""
    leave_if_unwanted()
    objective, _, converged = kernel.climb(theta, share, max_iter, tol)
    tops = [
        _Top(float(objective[r]), theta[r], share[r], bool(converged[r]))
        for r in range(len(objective))
    ]
    return tops, objective
