"""Many starts: which of the likelihood's maxima is the highest.

Every round draws random starts, climbs a few steps from all of them, a few more from the better
five eighths, and to the top from the best third. Rounds are repeated until a good part of these
finalists end in the same best maximum, or until a budget is spent. A fixed number of hits would not
do: on real surveys a lower maximum can be reached far more often than the highest.
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

_SURE: Final = ((6, 0.4), (20, 0.15))
"""Rounds stop after this many when at least this share of finalists reached the best maximum."""

MOST_ROUNDS: Final = 45
"""Rounds on data of up to `_LARGE` patterns; fewer on more, where maxima are better apart."""

_LARGE: Final = 5000

_SHORT, _LONGER = 12, 36
"""EM steps of the first and the second heat. On a survey of 19 needs the chance of the best maximum
per CPU second was 1.5 times that of climbing from every start with 8 classes, and equal with 9."""


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
        A solution to climb from as well; it does not count as a random start.
    screen
        Whether poor starts are given up after the heats; otherwise all climb to the top.
    max_iter, tol
        EM steps at most; least rise in one EM step.
    """
    best: _Top | None = None
    if warm is not None:
        best = _polish(kernel, warm[0][None].copy(), warm[1][None].copy(), max_iter, tol)[0]
    scale = min(1.0, _LARGE / len(kernel.patterns.weights))
    most = 1 if n_starts is not None or n_classes == 1 else max(2, int(MOST_ROUNDS * scale))
    size = 1 if n_classes == 1 else ROUND if n_starts is None else n_starts
    reached: list[NDArray[np.float64]] = []
    while size and len(reached) < most:
        theta, share = draw(kernel, n_classes, size, rng)
        if screen:
            theta, share = _heat(kernel, theta, share, _SHORT, -(-size * 5 // 8), tol)
            theta, share = _heat(kernel, theta, share, _LONGER, -(-size // 3), tol)
        top, objectives = _polish(kernel, theta, share, max_iter, tol)
        best = top if best is None or top.objective > best.objective else best
        reached.append(objectives)
        if _sure(reached, best.objective, scale):
            break
    if best is None:
        msg = "a search needs a random start or a warm one"
        raise ValueError(msg)
    hits = sum(int((values > best.objective - SAME_MAXIMUM).sum()) for values in reached)
    return Search(best.theta, best.share, best.objective, size * len(reached), hits, best.converged)


def _sure(reached: list[NDArray[np.float64]], best: float, scale: float) -> bool:
    values = np.concatenate(reached)
    share = float((values > best - SAME_MAXIMUM).mean())
    return any(len(reached) >= max(2, least * scale) and share >= enough for least, enough in _SURE)


@dataclass(frozen=True, slots=True)
class _Top:
    objective: float
    theta: Float
    share: Float
    converged: bool


def _heat(
    kernel: Kernel, theta: Float, share: Float, steps: int, keep: int, tol: float
) -> tuple[Float, Float]:
    if len(share) <= keep:
        return theta, share
    objective, _, _ = kernel.climb(theta, share, steps, tol)
    order = np.argsort(-objective, kind="stable")[:keep]
    return theta[order].copy(), share[order].copy()


def _polish(
    kernel: Kernel, theta: Float, share: Float, max_iter: int, tol: float
) -> tuple[_Top, Float]:
    """Climb to the top from every start; return the highest, and all objectives reached."""
    objective, _, converged = kernel.climb(theta, share, max_iter, tol)
    top = int(np.argmax(objective))
    best = _Top(float(objective[top]), theta[top], share[top], bool(converged[top]))
    return best, objective
