"""Would other respondents have given the same segments? Bootstrap refits tell.

Every refit draws respondents with replacement, fits the same number of classes again (from the
solution itself and from random starts, whichever ends higher), and classifies the *original*
respondents. Global stability is the mean adjusted Rand index over all pairs of refits (Hubert and
Arabie 1985; Leisch's and Dolnicar's bootstrap of segments). Segment stability within solutions
(SLSw; Dolnicar and Leisch 2017) is, for each segment, the mean Jaccard similarity with its best
match in a refit (Hennig 2007).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.segment.kernel import kernel, log_joint
from embauche.segment.patterns import Patterns
from embauche.segment.replicates import in_order
from embauche.segment.starts import search

Float = NDArray[np.float64]
Labels = NDArray[np.int64]

RANDOM_STARTS: Final = 8
"""Random starts of each refit, beside the warm one."""

_ITERATIONS, _TOLERANCE = 600, 1e-4


@dataclass(frozen=True, slots=True)
class Stability:
    """How well a number of classes is found again.

    Attributes
    ----------
    overall
        Mean adjusted Rand index over pairs of refits; chance gives 0, identity 1.
    low
        Its 10 % quantile over pairs.
    error
        Standard error of `overall`, by leaving out one refit at a time (pairs share refits).
    by_class
        (K,) mean Jaccard similarity of each class with its best match.
    refits
        Bootstrap samples drawn.
    """

    overall: float
    low: float
    by_class: Float
    refits: int
    error: float = 0.0


def classify(patterns: Patterns, theta: Float, share: Float) -> Labels:
    """(P,) most probable class of each pattern."""
    labels: Labels = log_joint(patterns.codes, patterns.offsets, theta, share).argmax(axis=1)
    return labels


def bootstrap_stability(
    patterns: Patterns,
    theta: Float,
    share: Float,
    seed: np.random.SeedSequence,
    *,
    refits: int,
    warm: bool = True,
    progress: Callable[[float], None] | None = None,
) -> Stability:
    """Refit on `refits` bootstrap samples and compare.

    Parameters
    ----------
    patterns
        Data; rows are drawn with equal chance and keep their weights.
    theta, share
        (C, K) and (K,): the solution.
    seed
        Every refit has a stream of samples and starts of its own from it.
    refits
        Bootstrap samples (at least 2).
    warm
        Whether each refit climbs from the solution as well as from random starts. Without it an
        unlucky search counts as instability.
    progress
        Called with the share done.
    """
    K = len(share)
    solution = classify(patterns, theta, share)
    rows = np.bincount(patterns.inverse[patterns.inverse >= 0], minlength=len(patterns.weights))
    mean_weight = patterns.weights / np.maximum(rows, 1)

    def refitted(stream: np.random.SeedSequence) -> Labels:
        rng = np.random.default_rng(stream)
        drawn = rng.multinomial(rows.sum(), rows / rows.sum())
        sample = patterns.weighted(drawn * mean_weight)
        best = search(
            kernel(sample, K, prior=0.0, backend="auto"),
            K,
            rng,
            n_starts=RANDOM_STARTS,
            warm=(theta, share) if warm else None,
            max_iter=_ITERATIONS,
            tol=_TOLERANCE,
        )
        return classify(patterns, best.theta, best.share)

    found: list[Labels] = []

    def waiting() -> None:
        if progress is not None:
            progress(len(found) / refits)

    for labels in in_order(refitted, seed.spawn(refits), waiting):
        found.append(labels)
        if progress is not None:
            progress(len(found) / refits)
    return agreement(solution, found, patterns.weights, K)


def agreement(solution: Labels, refits: Sequence[Labels], weights: Float, K: int) -> Stability:
    """Compare what refits made of the same rows, with each other and with the solution.

    Parameters
    ----------
    solution
        (n,) classes of the solution.
    refits
        At least 2 times (n,) classes.
    weights
        (n,) weights.
    K
        Number of classes.
    """
    jaccard = np.array(
        [_jaccard(_cross(solution, labels, weights, K)).max(axis=1) for labels in refits]
    )
    rand = np.zeros((len(refits), len(refits)))
    for i, j in combinations(range(len(refits)), 2):
        rand[i, j] = rand[j, i] = adjusted_rand(_cross(refits[i], refits[j], weights, K))
    pairs = rand[np.triu_indices(len(refits), 1)]
    return Stability(
        float(pairs.mean()),
        float(np.quantile(pairs, 0.1)),
        jaccard.mean(axis=0),
        len(refits),
        _left_out_error(rand),
    )


def _left_out_error(rand: Float) -> float:
    """Jackknife standard error of the mean over pairs, from the (r, r) table of all pairs."""
    r = len(rand)
    if r < 3:
        return 0.0
    without = (rand.sum() - 2 * rand.sum(axis=1)) / ((r - 1) * (r - 2))
    return float(np.sqrt((r - 1) / r * ((without - without.mean()) ** 2).sum()))


def adjusted_rand(table: Float) -> float:
    """Return the adjusted Rand index of two partitions from their (K, L) table of weights."""
    n = table.sum()
    pairs = (table * (table - 1)).sum()
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    a, b = (rows * (rows - 1)).sum(), (columns * (columns - 1)).sum()
    expected = a * b / (n * (n - 1))
    most = (a + b) / 2
    return 1.0 if np.isclose(most, expected) else float((pairs - expected) / (most - expected))


def _cross(a: Labels, b: Labels, weights: Float, K: int) -> Float:
    sums = np.bincount(a * K + b, weights=weights, minlength=K * K).astype(np.float64)
    return sums.reshape(K, K)


def _jaccard(table: Float) -> Float:
    union = table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True) - table
    result: Float = np.divide(table, union, out=np.zeros_like(table), where=union > 0)
    return result
