"""The families of the learner: what is minimised for each kind of outcome, with its derivatives.

Each family is convex in its parameters (for counts: near enough that Newton's steps, halved where
they would climb, reach the minimum). Parameters are the free ones first (intercept or thresholds),
then one coefficient a column.
"""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

_STEPS: Final = 50
_TOLERANCE: Final = 1e-7
_REACH: Final = 30.0
"""Linear predictors are kept within this, beyond which probabilities are as good as 0 or 1."""

_BEYOND: Final = 700.0
"""A threshold that does not exist: its logistic is 0 or 1 to the last bit."""


class Family(Protocol):
    """What Newton's method needs of an outcome."""

    free: int

    def start(self, w: Float) -> Float:
        """(free,) parameters that predict what is predicted without columns."""

    def loss(self, parameters: Float, X: Float, w: Float) -> float:
        """Return the weighted sum of minus log-likelihoods."""

    def slopes(self, parameters: Float, X: Float, w: Float) -> tuple[Float, Float]:
        """Return gradient (q,) and curvature (q, q) of the loss."""

    def predict(self, parameters: Float, X: Float) -> Float:
        """(m,) expectations or probabilities, or (m, C) probabilities."""


class Binary:
    """Logistic regression of 0/1."""

    free = 1

    def __init__(self, target: Float) -> None:
        self.y = target

    def start(self, w: Float) -> Float:
        """Log-odds of the base rate."""
        p = float(np.clip(np.average(self.y, weights=w), 1e-6, 1 - 1e-6))
        return np.array([np.log(p / (1 - p))])

    def loss(self, parameters: Float, X: Float, w: Float) -> float:
        """Log-loss."""
        eta = _eta(parameters, X)
        return float(w @ (np.logaddexp(0, eta) - self.y * eta))

    def slopes(self, parameters: Float, X: Float, w: Float) -> tuple[Float, Float]:
        """Return gradient and curvature."""
        p = 1 / (1 + np.exp(-_eta(parameters, X)))
        return _generalised(X, w * (p - self.y), w * np.maximum(p * (1 - p), 1e-9))

    def predict(self, parameters: Float, X: Float) -> Float:
        """(m,) probabilities of 1."""
        p: Float = 1 / (1 + np.exp(-_eta(parameters, X)))
        return p


class Count:
    """Negative binomial regression with log link; Poisson where counts are not overdispersed.

    The dispersion α (variance ``μ + α μ²``) is taken from the margin by moments and then held, so
    that the loss is that of a generalised linear model.
    """

    free = 1

    def __init__(self, target: Float, w: Float) -> None:
        self.y = target
        self.alpha = dispersion(target, w)

    def start(self, w: Float) -> Float:
        """Log of the mean."""
        return np.array([np.log(max(float(np.average(self.y, weights=w)), 1e-6))])

    def loss(self, parameters: Float, X: Float, w: Float) -> float:
        """Minus log-likelihood, without what does not depend on the parameters."""
        eta = _eta(parameters, X)
        if self.alpha == 0:
            return float(w @ (np.exp(eta) - self.y * eta))
        total = self.y + 1 / self.alpha
        return float(w @ (total * np.log1p(self.alpha * np.exp(eta)) - self.y * eta))

    def slopes(self, parameters: Float, X: Float, w: Float) -> tuple[Float, Float]:
        """Return gradient and expected curvature."""
        mean = np.exp(_eta(parameters, X))
        damped = 1 + self.alpha * mean
        return _generalised(X, w * (mean - self.y) / damped, w * mean / damped)

    def predict(self, parameters: Float, X: Float) -> Float:
        """(m,) expected counts."""
        mean: Float = np.exp(_eta(parameters, X))
        return mean


class Ordered:
    """Cumulative logit with proportional odds: ``P(y ≤ c) = F(θ_c − xβ)`` (McCullagh 1980)."""

    def __init__(self, target: Float) -> None:
        self.Y = target
        self.free = target.shape[1] - 1
        # Upper and lower threshold of each row's answer; the outermost do not exist.
        self.upper = target[:, :-1]
        self.lower = np.concatenate([target[:, 1:-1], target[:, -1:]], axis=1)
        self.first, self.last = target[:, :1] > 0, target[:, -1:] > 0

    def start(self, w: Float) -> Float:
        """Log-odds of the cumulative shares."""
        below = np.cumsum(np.average(self.Y, axis=0, weights=w))[:-1].clip(1e-6, 1 - 1e-6)
        thresholds: Float = np.log(below / (1 - below))
        return thresholds

    def _places(self, parameters: Float, X: Float) -> tuple[Float, Float]:
        theta, beta = parameters[: self.free], parameters[self.free :]
        eta = X @ beta
        # Clipped first: only the thresholds that do not exist reach beyond.
        a = np.clip(self.upper @ theta - eta, -_REACH, _REACH)
        b = np.clip(self.lower @ theta - eta, -_REACH, _REACH)
        a[self.last[:, 0]], b[self.first[:, 0]] = _BEYOND, -_BEYOND
        return a, b

    def loss(self, parameters: Float, X: Float, w: Float) -> float:
        """Log-loss; infinite where thresholds are not in order."""
        if (np.diff(parameters[: self.free]) <= 0).any():
            return float("inf")
        a, b = self._places(parameters, X)
        return float(-(w @ np.log(np.maximum(_logistic(a) - _logistic(b), 1e-15))))

    def slopes(self, parameters: Float, X: Float, w: Float) -> tuple[Float, Float]:
        """Return gradient and curvature."""
        a, b = self._places(parameters, X)
        Fa, Fb = _logistic(a), _logistic(b)
        P = np.maximum(Fa - Fb, 1e-15)
        fa, fb = Fa * (1 - Fa), Fb * (1 - Fb)
        ga, gb = -w * fa / P, w * fb / P
        haa = w * ((fa / P) ** 2 - fa * (1 - 2 * Fa) / P)
        hbb = w * ((fb / P) ** 2 + fb * (1 - 2 * Fb) / P)
        hab = -w * fa * fb / P**2
        U, L = self.upper, self.lower
        gradient = np.concatenate([U.T @ ga + L.T @ gb, -(X.T @ (ga + gb))])
        cross = (U * hab[:, None]).T @ L
        theta = (U * haa[:, None]).T @ U + (L * hbb[:, None]).T @ L + cross + cross.T
        mixed = -((U * (haa + hab)[:, None] + L * (hbb + hab)[:, None]).T @ X)
        beta = (X * (haa + 2 * hab + hbb)[:, None]).T @ X
        return gradient, np.block([[theta, mixed], [mixed.T, beta]])

    def predict(self, parameters: Float, X: Float) -> Float:
        """(m, C) probabilities."""
        theta, beta = parameters[: self.free], parameters[self.free :]
        below = _logistic(np.clip(theta[None, :] - (X @ beta)[:, None], -_REACH, _REACH))
        edges = np.concatenate([np.zeros((len(X), 1)), below, np.ones((len(X), 1))], axis=1)
        shares: Float = np.maximum(np.diff(edges, axis=1), 1e-12)
        return shares


def dispersion(counts: Float, w: Float) -> float:
    """Return α of the variance ``μ + α μ²`` by moments; 0 where that is no more than Poisson's."""
    mean = float(np.average(counts, weights=w))
    variance = float(np.average((counts - mean) ** 2, weights=w))
    return max(0.0, (variance - mean) / mean**2) if mean > 0 else 0.0


def newton(family: Family, X: Float, w: Float, penalty: float, start: Float) -> tuple[Float, Float]:
    """Minimise ``loss + penalty/2 · Σ β²``; free parameters are not penalised.

    Returns
    -------
    parameters, curvature
        (q,) at the minimum, and (q, q) of the loss alone there.
    """
    ridge = np.full(len(start), penalty)
    ridge[: family.free] = 0.0
    parameters = start

    def objective(at: Float) -> float:
        return family.loss(at, X, w) + float(ridge @ at**2) / 2

    now = objective(parameters)
    gradient, curvature = family.slopes(parameters, X, w)
    for _ in range(_STEPS):
        bent = curvature + np.diag(ridge + 1e-8)
        step = np.linalg.solve(bent, gradient + ridge * parameters)
        size = 1.0
        while size > 1e-4:
            following = objective(parameters - size * step)
            if following <= now:
                break
            size /= 2
        else:
            break
        parameters = parameters - size * step
        gradient, curvature = family.slopes(parameters, X, w)
        done = now - following < _TOLERANCE * (abs(now) + 1)
        now = following
        if done:
            break
    return parameters, curvature


def _eta(parameters: Float, X: Float) -> Float:
    eta: Float = np.clip(parameters[0] + X @ parameters[1:], -_REACH, _REACH)
    return eta


def _logistic(x: Float) -> Float:
    value: Float = 1 / (1 + np.exp(-x))
    return value


def _generalised(X: Float, residual: Float, curve: Float) -> tuple[Float, Float]:
    gradient = np.concatenate([[residual.sum()], X.T @ residual])
    bent = X * curve[:, None]
    across = bent.sum(axis=0)
    curvature = np.empty((len(gradient), len(gradient)))
    curvature[0, 0] = curve.sum()
    curvature[0, 1:] = curvature[1:, 0] = across
    curvature[1:, 1:] = bent.T @ X
    return gradient, curvature
