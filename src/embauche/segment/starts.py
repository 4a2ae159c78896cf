"""Many starts: which of the likelihood's maxima is the highest.

Every round draws random starts, climbs a few steps from all of them, a few more from the better
half, and to the top from the best. Rounds are repeated until the best maximum was reached several
times from independent starts, or until a budget is spent: a maximum that was hit once may not be
the highest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.segment.kernel import Kernel

Float = NDArray[np.float64]

SAME_MAXIMUM: Final = 0.01
"""Two runs reached the same maximum when their objectives differ by less."""

ROUND: Final = 24
"""Random starts in a round."""

ENOUGH_HITS: Final = 4
"""Rounds stop when the best maximum was reached this often."""

LEAST_ROUNDS: Final = 2
MOST_ROUNDS: Final = 60

_SHORT, _LONGER = 12, 36
"""EM steps of the first and the second heat."""


@dataclass(frozen=True, slots=True)
class Search:
    """The best solution found.

    Attributes
    ----------
    theta, share
        (C, K) answer probabilities and (K,) class shares.
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
    """Draw random starts: each class's answers from a Dirichlet around the margins.

    Returns
    -------
    theta, share
        (R, C, K) and (R, K).
    """
    margins = kernel.patterns.margins()
    theta = np.empty((count, len(margins), n_classes))
    for first, size in zip(kernel.patterns.offsets, kernel.patterns.cardinality, strict=True):
        part = slice(first, first + size)
        weight = np.maximum(margins[part], 0.02) * 2.0 * size
        drawn = rng.gamma(weight, size=(count, n_classes, size)) + 1e-12
        drawn = np.maximum(drawn / drawn.sum(axis=2, keepdims=True), 1e-3)
        theta[:, part] = (drawn / drawn.sum(axis=2, keepdims=True)).transpose(0, 2, 1)
    return theta, np.full((count, n_classes), 1.0 / n_classes)


def search(
    kernel: Kernel,
    n_classes: int,
    rng: np.random.Generator,
    *,
    n_starts: int | None = None,
    warm: tuple[Float, Float] | None = None,
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
        A solution to climb from as well; it does not count as a random start.
    max_iter, tol
        EM steps at most; least rise in one EM step.
    """
    adaptive = n_starts is None
    size = ROUND if n_starts is None else n_starts
    reached: list[float] = []
    best: tuple[float, Float, Float, bool] | None = None
    starts = 0
    if warm is not None:
        best = _polish(kernel, warm[0][None].copy(), warm[1][None].copy(), max_iter, tol, reached)
        reached.clear()
    if n_classes == 1:
        size, adaptive = 1, False
    for done in range(1, (MOST_ROUNDS if adaptive else 1) + 1):
        if size:
            theta, share = draw(kernel, n_classes, size, rng)
            starts += size
            theta, share = _heat(kernel, theta, share, _SHORT, max(1, -(-size // 3)), tol)
            theta, share = _heat(kernel, theta, share, _LONGER, max(1, -(-size // 6)), tol)
            found = _polish(kernel, theta, share, max_iter, tol, reached)
            best = found if best is None or found[0] > best[0] else best
        if best is None:
            msg = "a search needs a random start or a warm one"
            raise ValueError(msg)
        hits = sum(value > best[0] - SAME_MAXIMUM for value in reached)
        if done >= LEAST_ROUNDS and hits >= ENOUGH_HITS:
            break
    objective, theta, share, converged = best
    return Search(theta, share, objective, starts, hits, converged)


def _heat(
    kernel: Kernel, theta: Float, share: Float, steps: int, keep: int, tol: float
) -> tuple[Float, Float]:
    if len(share) <= keep:
        return theta, share
    objective, _, _ = kernel.climb(theta, share, steps, tol)
    order = np.argsort(-objective, kind="stable")[:keep]
    return theta[order].copy(), share[order].copy()


def _polish(
    kernel: Kernel, theta: Float, share: Float, max_iter: int, tol: float, reached: list[float]
) -> tuple[float, Float, Float, bool]:
    objective, _, converged = kernel.climb(theta, share, max_iter, tol)
    reached.extend(objective.tolist())
    top = int(np.argmax(objective))
    return float(objective[top]), theta[top], share[top], bool(converged[top])
