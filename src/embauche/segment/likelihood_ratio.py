"""The bootstrap likelihood-ratio test of k classes against k − 1.

The ratio has no known distribution, since k − 1 classes lie on the edge of k. So data are drawn
from the model of k − 1 classes, both models are fitted to them, and p is the share of drawn ratios
that reach the observed one: ``p = (b + 1) / (n + 1)`` (McLachlan 1987; Nylund, Asparouhov and
Muthén 2007). Drawing ends early once `ENOUGH` ratios have reached it, when the answer is clear
(Besag and Clifford 1991).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.segment.families import split_rows
from embauche.segment.kernel import Kernel, kernel
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.patterns import Patterns
from embauche.segment.replicates import in_order
from embauche.segment.simulation import simulate
from embauche.segment.starts import draw

Float = NDArray[np.float64]

DRAWS: Final = 39
"""Data sets drawn at most."""

ENOUGH: Final = 5
"""Drawn ratios that reach the observed one before drawing ends."""

_FRESH: Final = 4
"""Random starts of the larger model, beside one that splits each class of the smaller."""

_SPLIT: Final = 0.35
"""How far the halves of a split class go towards a random start."""

_HEAT, _KEPT, _STEPS, _TOLERANCE = 15, 3, 500, 1e-3


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """A bootstrap likelihood-ratio test of k − 1 against k classes.

    Attributes
    ----------
    k
        The larger number.
    ratio
        Twice the difference of the log-likelihoods.
    p
        ``(b + 1) / (n + 1)`` of the n ratios drawn, b of which reach `ratio`.
    draws
        n.
    """

    k: int
    ratio: float
    p: float
    draws: int


def bootstrap_likelihood_ratio(
    patterns: Patterns,
    smaller: LatentClassModel,
    larger: LatentClassModel,
    seed: np.random.SeedSequence,
    *,
    draws: int = DRAWS,
    progress: Callable[[float], None] | None = None,
) -> LikelihoodRatio:
    """Test the fitted model of k − 1 classes against that of k on the same data.

    Parameters
    ----------
    patterns
        The data that both were fitted to.
    smaller, larger
        Models of k − 1 and k classes, fitted without a prior and without survey weights.
    seed
        Every data set drawn has a stream of its own from it.
    draws
        Data sets drawn at most.
    progress
        Called with the share done; may raise to cancel.
    """
    ratio = 2 * (larger.log_likelihood_ - smaller.log_likelihood_)
    em = kernel(
        patterns.measured(smaller.indicators_), smaller.n_classes, prior=0.0, backend="auto"
    )
    table, share = smaller.solution()
    null = em.parameters(table)
    rows = split_rows(smaller.indicators_, null)

    def drawn(stream: np.random.SeedSequence) -> float:
        rng = np.random.default_rng(stream)
        sample, _ = simulate(patterns, smaller.indicators_, rows, share, rng)
        least = kernel(sample, smaller.n_classes, prior=0.0, backend="auto")
        start, shares = null[None].copy(), share[None].copy()
        low = float(least.climb(start, shares, _STEPS, _TOLERANCE)[0][0])
        return 2 * (_larger(least, start[0], shares[0], rng) - low)

    reached = made = 0

    def waiting() -> None:
        if progress is not None:
            progress(made / draws)

    for value in in_order(drawn, seed.spawn(draws), waiting):
        made += 1
        reached += value >= ratio
        if progress is not None:
            progress(made / draws)
        if reached >= ENOUGH:
            break
    return LikelihoodRatio(larger.n_classes, ratio, (reached + 1) / (made + 1), made)


def _larger(em: Kernel, parameters: Float, share: Float, rng: np.random.Generator) -> float:
    """Return the best log-likelihood of one class more than `parameters` (q, K) holds."""
    K = len(share)
    starts, shares = draw(em, K + 1, K + _FRESH, rng)
    for split in range(K):
        own = np.concatenate([parameters, parameters[:, split : split + 1]], axis=1)
        away = starts[split]
        halves = [split, K]
        own[:, halves] += _SPLIT * (away[:, halves] - own[:, halves])
        starts[split] = own
        shares[split] = np.append(share, share[split] / 2)
        shares[split, split] /= 2
    heat = kernel(em.patterns, K + 1, prior=0.0, backend="auto")
    objective, _, _ = heat.climb(starts, shares, _HEAT, _TOLERANCE)
    best = np.argsort(-objective, kind="stable")[:_KEPT]
    starts, shares = starts[best].copy(), shares[best].copy()
    return float(heat.climb(starts, shares, _STEPS, _TOLERANCE)[0].max())
