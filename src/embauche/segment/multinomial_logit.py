"""Multinomial logit of class membership on covariates, weighted, by Newton's method.

``P(t | z) = exp(z'β_t) / Σ_u exp(z'β_u)`` with `β` of the reference class 0. What is maximised is
``Σ_i w_i Σ_t b_it ln P(t | z_i)``, where the targets `b` sum to 1 in a row. They may be negative,
as BCH weights are: the second derivatives do not hold them, and there is one maximum still.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.segment.mixture_information import Mixture
from embauche.segment.newton import newton

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

_WIDE: Final = 10.0
"""Log-odds between a column's ends that, with a standard error as large, mean separation."""

_BOUND: Final = 5.0

FARTHEST: Final = 50.0
"""Largest coefficient of a standardised column: runaways stop here."""


@dataclass(frozen=True, slots=True)
class LogitFit:
    """A fitted multinomial logit.

    Attributes
    ----------
    beta
        (K, d) coefficients; those of the reference are 0.
    probabilities
        (n, K).
    converged
        Whether a maximum was reached; there is none where a covariate separates the classes.
    """

    beta: Float
    probabilities: Float
    converged: bool

    def bounded(self) -> Float:
        """Return coefficients to start another fit from, without runaways."""
        return np.clip(self.beta, -_BOUND, _BOUND)


def log_probabilities(design: Float, beta: Float) -> Float:
    """(n, K) ``ln P(t | z)`` for a design (n, d) and coefficients (K, d)."""
    eta = design @ beta.T
    eta -= eta.max(axis=1, keepdims=True)
    logs: Float = eta - np.log(np.exp(eta).sum(axis=1, keepdims=True))
    return logs


def fit_logit(
    design: Float, targets: Float, weights: Float, reference: int, start: Float | None = None
) -> LogitFit:
    """Fit the model.

    Parameters
    ----------
    design
        (n, d) columns, the first of ones.
    targets
        (n, K), rows summing to 1.
    weights
        (n,).
    reference
        Class whose coefficients are 0.
    start
        (K, d) coefficients to start from; by default those of no effect.
    """
    K, d = targets.shape[1], design.shape[1]
    others = [t for t in range(K) if t != reference]
    if start is None:
        start = np.zeros((K, d))
        share = np.maximum(weights @ targets / weights.sum(), 1e-3)
        start[:, 0] = np.log(share / share[reference])
    total = targets * weights[:, None]

    def height(beta: Float) -> float:
        return float((total * log_probabilities(design, beta)).sum())

    def evaluate(beta: Float) -> tuple[float, Float, Float]:
        logs = log_probabilities(design, beta)
        P = np.exp(logs)
        gradient = Mixture(design, P, targets, weights, reference).gradient()
        information = Mixture(design, P, np.zeros_like(P), weights, reference).information()
        return float((total * logs).sum()), gradient, information

    def move(beta: Float, step: Float) -> Float:
        ahead = beta.copy()
        ahead[others] += step.reshape(len(others), d)
        return np.clip(ahead, -FARTHEST, FARTHEST)

    climb = newton(start, evaluate, height, move)
    return LogitFit(climb.state, np.exp(log_probabilities(design, climb.state)), climb.converged)


def separated(beta: Float, covariance: Float, spread: Float, reference: int) -> Bool:
    """(K − 1, d) which coefficients ran away because their column separates the classes.

    Where every member of a class (or none) lies on one side of a column, the likelihood rises for
    ever with the coefficient: it ends large, with a standard error as large.

    Parameters
    ----------
    beta
        (K, d).
    covariance
        ((K − 1) d, (K − 1) d).
    spread
        (d,) range of each column.
    reference
        Class whose coefficients are 0.
    """
    others = [t for t in range(len(beta)) if t != reference]
    variance = np.nan_to_num(np.diag(covariance))
    se = np.sqrt(np.maximum(variance, 0.0)).reshape(len(others), -1)
    effect = np.abs(beta[others]) * spread
    lost = (se == 0) | (se * spread > _WIDE) | (effect > 3 * _WIDE)
    runaway: Bool = (effect > _WIDE) & lost
    runaway[:, 0] = False
    return runaway
