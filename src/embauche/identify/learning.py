"""Learning from the researcher: a few corrections move the coder towards one study's talk.

The shipped coder stays as it is; what is learned is an addition to its log-odds, smooth over
sentences that mean alike. It starts at zero, so that no correction can make the coder forget what
it knew, and is fitted in milliseconds (kernel logistic regression, Newton's method).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.identify.coder import FACETS
from embauche.vocabulary import Facet

Float = NDArray[np.float64]

SMOOTH: Final = 0.5
"""Variance of the log-odds that sentences of the same meaning may gain or lose together; chosen on
a third of the sources of the coded real text (benchmarks/RESULTS.md)."""

_STEPS: Final = 25
_CLOSE: Final = 1e-6
_FURTHEST: Final = 4.0
_ROUNDS: Final = 60
_EXACT: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What was learned from corrections.

    Attributes
    ----------
    support
        (m, d) placed vectors of the corrected sentences.
    weights
        (m, 12) weight of each corrected sentence in each facet's addition.
    corrections
        How many sentences were learned from.
    """

    support: NDArray[np.float32]
    weights: Float
    corrections: int

    def added(self, placed: NDArray[np.float32]) -> Float:
        """Return (n, 12) additions to the log-odds of sentences with (n, d) placed vectors."""
        if not self.corrections:
            return np.zeros((len(placed), len(FACETS)))
        # The kernel is linear: one direction a facet says all that the corrections say.
        direction = SMOOTH * (self.support.T.astype(np.float64) @ self.weights)
        return np.asarray(placed @ direction)


def learn(
    placed: NDArray[np.float32],
    log_odds: Float,
    codes: Float,
    weights: Float | None = None,
) -> Adjustment:
    """Learn from corrected sentences.

    Parameters
    ----------
    placed
        (m, d) their vectors, as `place` returns them for the whole study.
    log_odds
        (m, 12) calibrated log-odds that the coder gave them.
    codes
        (m, 12) of 1 (a person says it carries the facet), 0 (it does not) and NaN (not decided).
    weights
        (m,) weight of each correction; 1 by default.

    Returns
    -------
    Adjustment
        The mode of a Gaussian process on the log-odds with covariance
        ``SMOOTH · cos(x, x')`` (Rasmussen and Williams 2006, section 3.4).
    """
    decided = ~np.isnan(codes)
    worth = decided * (1.0 if weights is None else weights[:, None])
    found = _modes(placed, log_odds, np.where(decided, codes, 0.0), worth)
    return Adjustment(placed, found, len(placed))


def learned_addition(placed: NDArray[np.float32], log_odds: Float, codes: Float) -> Float:
    """Return (n, 12) what people's codes add to the log-odds of a study's n sentences.

    Parameters
    ----------
    placed
        (n, d) vectors of all sentences.
    log_odds
        (n, 12) as the coder first heard them.
    codes
        (n, 12) of 1, 0 and NaN, as `learn` has them.
    """
    taught = np.flatnonzero(~np.isnan(codes).all(axis=1))
    if not len(taught):
        return np.zeros(log_odds.shape)
    return learn(placed[taught], log_odds[taught], codes[taught]).added(placed)


def codes_of(decided: Sequence[Mapping[Facet, bool]]) -> Float:
    """Return (m, 12) codes of sentences' decisions, NaN where a facet was not decided."""
    codes = np.full((len(decided), len(FACETS)), np.nan)
    for row, decisions in enumerate(decided):
        for facet, carried in decisions.items():
            codes[row, FACETS.index(facet)] = float(carried)
    return codes


def teaching(probabilities: Float, placed: NDArray[np.float32], most: int) -> list[int]:
    """Choose the sentences whose decision would teach most, best first.

    Parameters
    ----------
    probabilities
        (n, 12) of sentences that nobody decided about.
    placed
        (n, d) their vectors.
    most
        How many.

    Notes
    -----
    A sentence teaches much where the coder doubts (summed variance p (1 − p)) and where it stands
    for others that are in doubt; what it would settle for its likes is taken off before the next
    is chosen, so that the queue does not ask the same thing twice.
    """
    n = len(probabilities)
    if n == 0:
        return []
    doubt = (probabilities * (1 - probabilities)).sum(axis=1)
    candidates = np.argsort(-doubt, kind="stable")[: max(50 * most, 500)]
    alike = np.clip(placed[candidates] @ placed[candidates].T, 0, 1)
    left = doubt[candidates].copy()
    chosen: list[int] = []
    for _ in range(min(most, len(candidates))):
        gain = alike @ left
        gain[[int(np.flatnonzero(candidates == row)[0]) for row in chosen]] = -np.inf
        best = int(gain.argmax())
        chosen.append(int(candidates[best]))
        left *= 1 - alike[best]
    return chosen


def place(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Centre a study's sentence vectors and bring them to length one."""
    centred = vectors - vectors.mean(axis=0) if len(vectors) else vectors
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(length, 1e-9), dtype=np.float32)


def _modes(placed: NDArray[np.float32], base: Float, codes: Float, worth: Float) -> Float:
    """Return (m, 12) α with f = K α at the mode of the posterior of f, the addition to `base`.

    The kernel is linear, hence f = X w with d weights a facet, whose prior is normal with variance
    `SMOOTH`. Newton's method on w, all facets at once; each step is solved by conjugate gradients,
    which need few rounds: unit vectors and that prior keep the curvature's eigenvalues close. At
    the mode ``α = worth · (codes − p)``.
    """
    points = placed.astype(np.float64)
    direction = np.zeros((points.shape[1], codes.shape[1]))
    f = np.zeros(codes.shape)
    for _ in range(_STEPS):
        p = _sigmoid(base + f)
        slope = points.T @ (worth * (codes - p)) - direction / SMOOTH
        aim = _solved(points, worth * p * (1 - p), slope)
        moved = points @ aim
        # A step may overshoot where a base score is very sure and wrong: go part of the way.
        furthest = np.abs(moved).max(axis=0, initial=0.0)
        step = np.minimum(1.0, _FURTHEST / np.maximum(furthest, 1e-12))
        direction += step * aim
        f += step * moved
        if furthest.max(initial=0.0) < _CLOSE:
            break
    return np.asarray(worth * (codes - _sigmoid(base + f)))


def _solved(points: Float, curvature: Float, slope: Float) -> Float:
    """Solve ``(XᵀWX + I / SMOOTH) s = slope`` for each facet's W by conjugate gradients."""
    found = np.zeros(slope.shape)
    left, way = slope.copy(), slope.copy()
    size = (left**2).sum(axis=0)
    enough = np.maximum(_EXACT**2 * size, 1e-24)
    for _ in range(_ROUNDS):
        if (size <= enough).all():
            break
        bent = points.T @ (curvature * (points @ way)) + way / SMOOTH
        far = size / np.maximum((way * bent).sum(axis=0), 1e-300)
        found += far * way
        left -= far * bent
        size, old = (left**2).sum(axis=0), size
        way = left + size / np.maximum(old, 1e-300) * way
    return found


def _sigmoid(odds: Float) -> Float:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))
