"""Intervals, probabilities and ranks of opportunity scores, from replicates.

The score ``I + max(I − S, 0)`` is the greater of two linear branches, ``I`` and ``2I − S``. Its
limits are the greater of the branches' percentile limits. Where the branches meet, one more often
exceeds the truth and both less often, and the two errors cancel; away from there the other branch
does not matter. `benchmarks/interval_coverage.py` measures it beside the plain percentile interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.prioritise.opportunity_draws import PRIOR

Float = NDArray[np.float64]

POSTERIOR_DRAWS: Final = 10_000
"""Draws from each outcome's Dirichlet posterior."""

THRESHOLDS: Final = (10.0, 12.0, 15.0)

_TAILS: Final = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Limits:
    """95 % intervals of J outcomes.

    Attributes
    ----------
    score, importance, satisfaction
        (2, J) lower and upper limits.
    excess
        (2, J) limits of ``S − I``; over-served where the lower one is above 0.
    rank
        (2, J) range of the rank.
    ranks
        (B, J) rank in every replicate.
    """

    score: Float
    importance: Float
    satisfaction: Float
    excess: Float
    rank: NDArray[np.int64]
    ranks: NDArray[np.int64]

    def p_top(self, k: int) -> Float:
        """(J,) share of replicates in which an outcome is among the `k` best."""
        share: Float = (self.ranks <= k).mean(axis=0)
        return share


@dataclass(frozen=True, slots=True)
class Posterior:
    """Posterior draws of importance and satisfaction, (D, J) each, on 0–10."""

    importance: Float
    satisfaction: Float

    @property
    def score(self) -> Float:
        """(D, J) draws of the score."""
        return score_of(self.importance, self.satisfaction)

    def probability(self, holds: NDArray[np.bool_]) -> Float:
        """(J,) share of draws in which something holds, never exactly 0 or 1."""
        share: Float = (holds.sum(axis=0) + 0.5) / (len(holds) + 1)
        return share


def score_of(importance: Float, satisfaction: Float) -> Float:
    """Return ``I + max(I − S, 0)`` (Ulwick 2005)."""
    return importance + np.maximum(importance - satisfaction, 0.0)


def ranks_of(scores: Float) -> NDArray[np.int64]:
    """Return ranks along the last axis, 1 for the greatest; equal scores share the better rank."""
    order = np.sort(-scores, axis=-1)
    if scores.ndim == 1:
        return (np.searchsorted(order, -scores, side="left") + 1).astype(np.int64)
    places = [np.searchsorted(o, -s, side="left") for o, s in zip(order, scores, strict=True)]
    return np.asarray(places, dtype=np.int64).reshape(scores.shape) + 1


def limits_of(draws_i: Float, draws_s: Float) -> Limits:
    """Return intervals from (B, J) replicates of importance and satisfaction on 0–10."""
    first = np.quantile(draws_i, _TAILS, axis=0)
    second = np.quantile(2 * draws_i - draws_s, _TAILS, axis=0)
    ranks = ranks_of(score_of(draws_i, draws_s))
    low = np.quantile(ranks, _TAILS[0], axis=0, method="lower")
    high = np.quantile(ranks, _TAILS[1], axis=0, method="higher")
    return Limits(
        score=np.clip(np.maximum(first, second), 0, 20),
        importance=first,
        satisfaction=np.quantile(draws_s, _TAILS, axis=0),
        excess=np.quantile(draws_s - draws_i, _TAILS, axis=0),
        rank=np.stack([low, high]).astype(np.int64),
        ranks=ranks,
    )


def dirichlet_posterior(
    cells: Float, rng: np.random.Generator, draws: int = POSTERIOR_DRAWS
) -> Posterior:
    """Draw from the Dirichlet posterior of the joint cells, under Jeffreys' prior.

    Parameters
    ----------
    cells
        (J, 4) effective counts: important and satisfied, important only, satisfied only, neither.
    """
    gamma = rng.standard_gamma(cells + PRIOR, size=(draws, *cells.shape))
    total = gamma.sum(axis=-1)
    return Posterior(
        10 * (gamma[..., 0] + gamma[..., 1]) / total, 10 * (gamma[..., 0] + gamma[..., 2]) / total
    )


def holm(p: Float) -> Float:
    """Return p-values adjusted for their number, step by step (Holm 1979)."""
    order = np.argsort(p, kind="stable")
    steps = p[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
