"""The rival of classes: one or two continuous dimensions along which people differ by degree.

Bock's nominal response model, ``P(x_j = c | z) ∝ exp(a_jc + b_jc' z)`` with z standard normal,
fitted by marginal maximum likelihood over Gauss–Hermite nodes (Bock and Aitkin 1981). With binary
answers it is the two-parameter logistic model. Slopes are free for every answer, so that one
dimension covers a common factor, saying yes to everything (acquiescence) and choosing the ends of a
scale (extreme response style) alike; two cover a factor together with a response style. Where such
a model describes the answers better than classes do, the classes cut up a continuum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from embauche.segment.kernel_numpy import design_matrix
from embauche.segment.patterns import Patterns

Float = NDArray[np.float64]

NODES: Final = {1: 21, 2: 7}
"""Gauss–Hermite nodes a dimension."""


@dataclass(frozen=True, slots=True)
class TraitFit:
    """A fitted latent trait model.

    Attributes
    ----------
    dimensions
        1 or 2.
    log_likelihood, parameters, bic
        At the maximum found; two dimensions lose one parameter to rotation.
    """

    dimensions: int
    log_likelihood: float
    parameters: int
    bic: float


def fit_trait(
    patterns: Patterns,
    dimensions: int,
    *,
    seed: int = 0,
    alive: Callable[[], None] | None = None,
) -> TraitFit:
    """Fit a latent trait model of `dimensions` (1 or 2) to weighted patterns.

    Parameters
    ----------
    patterns
        Data; a missing answer is left out of its row's likelihood.
    dimensions
        Continuous dimensions.
    seed
        Seed of the small random part of the starting slopes.
    alive
        Called at every step; may raise to cancel.
    """
    model = _Likelihood(patterns, dimensions)
    rng = np.random.default_rng(seed)
    start = np.concatenate(
        [
            model.start_intercepts()[:, None],
            rng.normal(0, 0.3, (model.free.sum(), dimensions)) + model.start_slopes(),
        ],
        axis=1,
    )
    found = minimize(
        model.loss,
        start.ravel(),
        jac=True,
        method="L-BFGS-B",
        callback=None if alive is None else lambda _: alive(),
        bounds=[(-20.0, 20.0)] * start.size,
        options={"maxiter": 200, "maxfun": 250, "ftol": 1e-8, "gtol": 1e-5},
    )
    n = float(patterns.weights.sum())
    log_likelihood = -float(found.fun) * n
    parameters = start.size - dimensions * (dimensions - 1) // 2
    bic = -2 * log_likelihood + parameters * float(np.log(n))
    return TraitFit(dimensions, log_likelihood, int(parameters), bic)


class _Likelihood:
    """Marginal log-likelihood and its gradient; the first answer of each column is the base."""

    def __init__(self, patterns: Patterns, dimensions: int) -> None:
        self.design = design_matrix(patterns)
        self.weights = patterns.weights / patterns.weights.sum()
        self.offsets, self.sizes = patterns.offsets, patterns.cardinality
        self.margins = patterns.margins()
        self.free = np.ones(self.design.shape[1], dtype=np.bool_)
        self.free[self.offsets] = False
        points, masses = np.polynomial.hermite_e.hermegauss(NODES[dimensions])
        self.nodes = np.array(list(product(points, repeat=dimensions)))
        mass = np.array([np.prod(m) for m in product(masses, repeat=dimensions)])
        self.log_mass = np.log(mass / mass.sum())
        self.dimensions = dimensions

    def start_intercepts(self) -> Float:
        """Log odds of each free answer against its column's base."""
        shares = np.maximum(self.margins, 1e-3)
        base = np.repeat(shares[self.offsets], self.sizes)
        logits: Float = np.log(shares / base)[self.free]
        return logits

    def start_slopes(self) -> Float:
        """Slopes along the leading principal axes of the answers."""
        present = np.repeat(np.add.reduceat(self.design, self.offsets, axis=1), self.sizes, axis=1)
        centred = self.design - present * self.margins
        moments = (centred * self.weights[:, None]).T @ centred
        values, axes = np.linalg.eigh(moments)
        lead = axes[:, ::-1][:, : self.dimensions] * np.sqrt(
            np.maximum(values[::-1][: self.dimensions], 0)
        )
        variance = np.maximum(self.margins * (1 - self.margins), 0.02)[:, None]
        slopes = lead / variance
        slopes -= np.repeat(slopes[self.offsets], self.sizes, axis=0)
        clipped: Float = np.clip(slopes[self.free], -2, 2)
        return clipped

    def loss(self, flat: Float) -> tuple[float, Float]:
        """Mean negative log-likelihood and its gradient."""
        table = np.zeros((len(self.free), 1 + self.dimensions))
        table[self.free] = flat.reshape(-1, 1 + self.dimensions)
        logits = table[:, :1] + table[:, 1:] @ self.nodes.T
        top = np.repeat(np.maximum.reduceat(logits, self.offsets, axis=0), self.sizes, axis=0)
        exps = np.exp(logits - top)
        sums = np.repeat(np.add.reduceat(exps, self.offsets, axis=0), self.sizes, axis=0)
        probability = exps / sums
        joint = self.design @ (logits - top - np.log(sums)) + self.log_mass
        peak = joint.max(axis=1, keepdims=True)
        np.exp(joint - peak, out=joint)
        total = joint.sum(axis=1, keepdims=True)
        loss = -float(self.weights @ (np.log(total) + peak)[:, 0])
        joint *= self.weights[:, None] / total
        counts = self.design.T @ joint
        given = np.repeat(np.add.reduceat(counts, self.offsets, axis=0), self.sizes, axis=0)
        excess = counts - given * probability
        gradient = np.concatenate([excess.sum(axis=1, keepdims=True), excess @ self.nodes], axis=1)
        return loss, -gradient[self.free].ravel()
