"""Bayesian bootstrap of opportunity scores inside a fixed group of respondents.

A replicate weighs every respondent anew by an exponential random number (Rubin 1981), times the
survey weight, and adds a pseudo-respondent spread by a Dirichlet prior over the four joint cells
(important or not × satisfied or not). Without survey weights the shares of a replicate are then
exactly a draw from the Dirichlet posterior of the cells, while all outcomes of a replicate share
their respondents, so that ranks can be compared. Unlike resampled counts, the draws are not tied
to multiples of ``1/n`` and do not degenerate at shares of 0 and 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.notices import Notice
from embauche.prioritise.ratings import Ratings

Float = NDArray[np.float64]

PRIOR: Final = 0.5
"""Jeffreys' prior count of each joint cell: two pseudo-respondents an outcome in all."""

_CHUNK: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class GroupDraws:
    """Estimates and replicates of J outcomes in one group of respondents, on 0–10.

    Attributes
    ----------
    segment
        Id of the segment; ``None`` for everyone.
    n, either
        (J,) who rated both; who rated at least one.
    n_eff
        (J,) Kish's effective n of those who rated both.
    importance, satisfaction, importance_mean, satisfaction_mean
        (J,) estimates.
    draws_i, draws_s
        (B, J) replicates of importance and satisfaction.
    cells
        (J, 4) effective counts: important and satisfied, important only, satisfied only, neither;
        ``None`` inside estimated segments, where `draws_i` and `draws_s` stand for the posterior.
    notices
        What is weak about the group as a whole.
    """

    segment: str | None
    n: NDArray[np.int64]
    either: NDArray[np.int64]
    n_eff: Float
    importance: Float
    satisfaction: Float
    importance_mean: Float
    satisfaction_mean: Float
    draws_i: Float
    draws_s: Float
    cells: Float | None
    notices: tuple[Notice, ...] = ()


def group_draws(
    ratings: Ratings,
    weights: Float,
    draws: int,
    rng: np.random.Generator,
    *,
    segment: str | None = None,
    notices: tuple[Notice, ...] = (),
    progress: Callable[[float], None] | None = None,
) -> GroupDraws:
    """Score the respondents whose weight is above 0, with replicates.

    Parameters
    ----------
    ratings
        Of n respondents.
    weights
        (n,) survey weights; 0 outside of the group.
    draws
        Replicates.
    rng
        Source of the replicates.
    progress
        Called with the share done; may raise to cancel.
    """
    used = np.flatnonzero((weights > 0) & ratings.both.any(axis=1))
    inside = weights > 0
    w = weights[used]
    both = ratings.both[used].astype(np.float64)
    top_i, top_s = ratings.importance[used], ratings.satisfaction[used]
    J = both.shape[1]
    parts = np.concatenate([both, top_i, top_s], axis=1)
    total = np.maximum(w @ both, 1e-300)
    squares = np.maximum((w**2) @ both, 1e-300)
    n_eff = np.where(w @ both > 0, total**2 / squares, 0.0)
    sums = w @ parts
    drawn = _replicates(parts, w, squares / total, draws, rng, progress)
    both_top = w @ (top_i * top_s)
    cells = np.stack(
        [both_top, sums[J : 2 * J] - both_top, sums[2 * J :] - both_top,
         sums[:J] - sums[J : 2 * J] - sums[2 * J :] + both_top], axis=1
    )  # fmt: skip
    means = w @ np.concatenate([ratings.importance_mean[used], ratings.satisfaction_mean[used]], 1)
    return GroupDraws(
        segment=segment,
        n=ratings.both[used].sum(axis=0),
        either=ratings.either[inside].sum(axis=0),
        n_eff=n_eff,
        importance=10 * sums[J : 2 * J] / total,
        satisfaction=10 * sums[2 * J :] / total,
        importance_mean=means[:J] / total,
        satisfaction_mean=means[J:] / total,
        draws_i=10 * drawn[:, J : 2 * J] / drawn[:, :J],
        draws_s=10 * drawn[:, 2 * J :] / drawn[:, :J],
        cells=np.maximum(cells, 0.0) / total[:, None] * n_eff[:, None],
        notices=notices,
    )


def _replicates(
    parts: Float,
    w: Float,
    unit: Float,
    draws: int,
    rng: np.random.Generator,
    progress: Callable[[float], None] | None,
) -> Float:
    """(B, 3J) weighted sums under random weights, a few replicates at a time."""
    n, J = len(w), parts.shape[1] // 3
    drawn = np.empty((draws, 3 * J))
    step = max(1, _CHUNK // max(n, 1))
    for first in range(0, draws, step):
        last = min(first + step, draws)
        again = rng.standard_exponential((last - first, n))
        again *= w
        drawn[first:last] = again @ parts + pseudo_respondents(unit, last - first, rng)
        if progress is not None:
            progress(last / draws)
    return drawn


def pseudo_respondents(unit: Float, draws: int, rng: np.random.Generator) -> Float:
    """Return what the prior adds to replicates.

    Parameters
    ----------
    unit
        (J,) weight of one effective respondent, ``Σw² / Σw``.

    Returns
    -------
    ndarray
        (B, 3J): weight, weight of important, weight of satisfied.
    """
    gamma = rng.standard_gamma(PRIOR, size=(draws, len(unit), 4)) * unit[:, None]
    return np.concatenate(
        [gamma.sum(axis=2), gamma[..., 0] + gamma[..., 1], gamma[..., 0] + gamma[..., 2]], axis=1
    )
