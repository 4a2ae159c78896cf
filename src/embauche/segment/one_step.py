"""The one-step fit: classes and the effects of covariates on them estimated together.

``log L = Σ_i w_i ln Σ_t P(t | z_i; β) Π_j θ_jt(x_ij)`` (Dayton and Macready 1988; Bandeen-Roche et
al. 1997). EM steps from the unconditional solution lead near the top, Newton's method with
exact second derivatives to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.segment.first_step import FirstStep
from embauche.segment.measurement import ON_THE_BOUNDARY, Measurement
from embauche.segment.mixture_information import Mixture
from embauche.segment.multinomial_logit import FARTHEST, fit_logit, log_probabilities
from embauche.segment.newton import ascent, inverse_of, newton

Float = NDArray[np.float64]

_WARM: Final = 12
"""EM steps before Newton's method."""

_NEAR: Final = 1e-3
"""Rise of the log-likelihood in an EM step from which Newton's method takes over."""

_MOST: Final = 2000
"""EM steps at most where Newton's method does not reach the top."""


@dataclass(frozen=True, slots=True)
class OneStepFit:
    """A latent class model with covariates.

    Attributes
    ----------
    beta
        (K, d) coefficients of the design.
    covariance
        ((K − 1) d, (K − 1) d) theirs.
    log_likelihood
        Of the answers given the covariates.
    measurement
        The classes as they are now.
    n_parameters
        Free parameters, coefficients and answer probabilities.
    converged
        Whether the top was reached.
    flat
        Parameters of the classes that the data do not determine.
    """

    beta: Float
    covariance: Float
    log_likelihood: float
    measurement: Measurement
    n_parameters: int
    converged: bool
    flat: int


@dataclass(frozen=True, slots=True)
class _Point:
    beta: Float
    part: Measurement


def fit_one_step(
    first: FirstStep, part: Measurement, design: Float, weights: Float, reference: int
) -> OneStepFit:
    """Fit the model.

    Parameters
    ----------
    first
        The unconditional solution.
    part
        Its measurement, on the rows that take part.
    design
        (n, d) columns of these rows.
    weights
        (n,) their weights.
    reference
        Class whose coefficients are 0.
    """
    K, d = len(first.shares), design.shape[1]
    others = [t for t in range(K) if t != reference]
    n = weights.sum()

    def at(point: _Point) -> tuple[Mixture, float]:
        log_prior = log_probabilities(design, point.beta)
        joint = log_prior + point.part.log_density()[point.part.inverse]
        top = joint.max(axis=1, keepdims=True)
        posterior = np.exp(joint - top)
        total = posterior.sum(axis=1, keepdims=True)
        value = float(weights @ (np.log(total) + top)[:, 0])
        prior = np.exp(log_prior)
        return Mixture(design, prior, posterior / total, weights, reference, point.part), value

    def evaluate(point: _Point) -> tuple[float, Float, Float]:
        mixture, value = at(point)
        return value, mixture.gradient(), mixture.information()

    def move(point: _Point, step: Float) -> _Point:
        beta = point.beta.copy()
        beta[others] += step[: len(others) * d].reshape(len(others), d)
        np.clip(beta, -FARTHEST, FARTHEST, out=beta)
        free, links = step[len(others) * d :], point.part.links
        return _Point(beta, point.part.moved(free if links is None else links @ free))

    def climb_em(point: _Point, most: int, enough: float) -> _Point:
        mixture, value = at(point)
        for _ in range(most):
            amounts = point.part.fold(mixture.posterior * weights[:, None])
            ahead = _Point(_raised(mixture, point.beta), point.part.maximised(amounts))
            mixture, reached = at(ahead)
            point, gain, value = ahead, reached - value, reached
            if gain < enough:
                break
        return point

    start = np.zeros((K, d))
    start[:, 0] = np.log(first.shares / first.shares[reference])
    mixture, _ = at(_Point(start, part))
    beta = fit_logit(design, mixture.posterior, weights, reference).bounded()
    point = climb_em(_Point(beta, part), _WARM * 20, max(_NEAR, 1e-7 * n))
    climb = newton(point, evaluate, lambda p: at(p)[1], move)
    if not climb.converged:
        point = climb_em(climb.state, _MOST, 1e-10 * n)
        climb = newton(point, evaluate, lambda p: at(p)[1], move)
    mixture, value = at(climb.state)
    fixed = replace(mixture, measurement=climb.state.part.fixing(ON_THE_BOUNDARY))
    inverse, untold = inverse_of(fixed.information())
    covariance = inverse
    if first.kind == "survey":
        covariance = inverse @ fixed.outer(weights**2) @ inverse * first.correction
    covariance[untold] = np.nan
    covariance[:, untold] = np.nan
    m = len(others) * d
    links = climb.state.part.links
    parameters = m + (sum(climb.state.part.sizes) if links is None else links.shape[1])
    return OneStepFit(
        climb.state.beta,
        covariance[:m, :m],
        value,
        climb.state.part,
        parameters,
        climb.converged,
        int(untold[m:].sum()),
    )


def _raised(mixture: Mixture, beta: Float) -> Float:
    """One Newton step of the coefficients towards the posteriors, halved until it rises."""
    without = replace(mixture, measurement=None)
    gradient = without.gradient()
    information = replace(without, posterior=np.zeros_like(mixture.posterior)).information()
    change = ascent(information, gradient).reshape(len(mixture.others), -1)
    total = mixture.posterior * mixture.weights[:, None]
    before = float((total * np.log(np.maximum(mixture.prior, 1e-300))).sum())
    for _ in range(20):
        ahead = beta.copy()
        ahead[mixture.others] += change
        if float((total * log_probabilities(mixture.design, ahead)).sum()) >= before:
            return ahead
        change = change / 2
    return beta
