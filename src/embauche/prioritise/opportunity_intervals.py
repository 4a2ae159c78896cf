"""Intervals, probabilities and ranks of opportunity scores, from bootstrap draws.

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

Float = NDArray[np.float64]

PRIOR: Final = 0.5
"""Jeffreys' prior count of each joint cell (important or not × satisfied or not)."""

_TAILS: Final = (0.025, 0.975)
_Z: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Limits:
    """Intervals of J outcomes.

    Attributes
    ----------
    low, high
        (J,) of the score.
    over_served
        (J,) lower limit of ``S − I``.
    rank_low, rank_high
        (J,) range of the rank.
    """

    low: Float
    high: Float
    over_served: Float
    rank_low: NDArray[np.int64]
    rank_high: NDArray[np.int64]


def score_of(importance: Float, satisfaction: Float) -> Float:
    """Return ``I + max(I − S, 0)`` (Ulwick 2005)."""
    return importance + np.maximum(importance - satisfaction, 0.0)


def ranks_of(scores: Float) -> NDArray[np.int64]:
    """Return ranks along the last axis, 1 for the greatest; equal scores share the better rank."""
    order = np.sort(-scores, axis=-1)
    if scores.ndim == 1:
        return (np.searchsorted(order, -scores, side="left") + 1).astype(np.int64)
    greater: NDArray[np.int64] = (scores[..., None, :] > scores[..., :, None]).sum(axis=-1)
    return greater + 1


def limits_of(
    importance: Float, satisfaction: Float, draws_i: Float, draws_s: Float, n: Float, phi: Float
) -> Limits:
    """Return intervals from bootstrap draws.

    Parameters
    ----------
    importance, satisfaction
        (J,) on 0–10.
    draws_i, draws_s
        (B, J) bootstrap draws of them.
    n
        (J,) effective respondents.
    phi
        (J,) correlation of the two answers over respondents.
    """
    first = np.nanquantile(draws_i, _TAILS, axis=0)
    second = np.nanquantile(2 * draws_i - draws_s, _TAILS, axis=0)
    over = np.nanquantile(draws_s - draws_i, _TAILS[0], axis=0)
    # A share of 0 or 1 never varies over resamples; there Wilson's limits are combined instead.
    flat = (np.minimum(importance, satisfaction) <= 0) | (
        np.maximum(importance, satisfaction) >= 10
    )
    if flat.any():
        li, ui = _wilson(importance, n)
        ls, us = _wilson(satisfaction, n)
        low = _combined(
            2 * importance - satisfaction, 2 * (importance - li), us - satisfaction, phi
        )
        high = _combined(
            -(2 * importance - satisfaction), 2 * (ui - importance), satisfaction - ls, phi
        )
        gap = _combined(satisfaction - importance, satisfaction - ls, ui - importance, phi)
        first = np.where(flat, np.stack([li, ui]), first)
        second = np.where(flat, np.stack([low, -high]), second)
        over = np.where(flat, gap, over)
    ranks = ranks_of(score_of(draws_i, draws_s))
    return Limits(
        np.clip(np.maximum(first[0], second[0]), 0, 20),
        np.clip(np.maximum(first[1], second[1]), 0, 20),
        over,
        np.quantile(ranks, _TAILS[0], axis=0, method="lower").astype(np.int64),
        np.quantile(ranks, _TAILS[1], axis=0, method="higher").astype(np.int64),
    )


def _wilson(tenths: Float, n: Float) -> tuple[Float, Float]:
    share, n = tenths / 10, np.maximum(n, 1e-9)
    spread = 1 + _Z**2 / n
    centre = (share + _Z**2 / (2 * n)) / spread
    reach = _Z * np.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2)) / spread
    return 10 * (centre - reach), 10 * (centre + reach)


def _combined(estimate: Float, down: Float, up: Float, phi: Float) -> Float:
    """Square and add the distances of two paired shares (Newcombe 1998, with correlation)."""
    return estimate - np.sqrt(np.maximum(down**2 + up**2 - 2 * phi * down * up, 0.0))


def dirichlet_over(
    cells: Float, draws: int, rng: np.random.Generator, threshold: float = 10.0
) -> Float:
    """Return (J,) posterior probabilities that the score exceeds `threshold`.

    Parameters
    ----------
    cells
        (J, 4) effective counts: important and satisfied, important only, satisfied only, neither.
    draws, rng
        Draws from the Dirichlet posterior under Jeffreys' prior.
    """
    gamma = rng.standard_gamma(cells + PRIOR, size=(draws, *cells.shape))
    shares = gamma / gamma.sum(axis=-1, keepdims=True)
    importance = 10 * (shares[..., 0] + shares[..., 1])
    satisfaction = 10 * (shares[..., 0] + shares[..., 2])
    over: Float = (score_of(importance, satisfaction) > threshold).mean(axis=0)
    return over
