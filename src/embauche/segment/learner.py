"""The one learner that every set of predictors gets: ridge-penalised regression.

Logistic for two answers, cumulative logit for ordered ones, multinomial for answers without order,
negative binomial for counts, linear for amounts. The penalty is chosen from the training rows
alone, in the same way for each set of predictors, so that a comparison compares the predictors and
nothing else.

With weights w (mean 1), what is minimised is::

    Σ_i w_i loss_i + n λ/2 Σ_j β_j²

over `PENALTIES` (Hoerl and Kennard 1970; le Cessie and van Houwelingen 1992). Intercepts and
thresholds are free. λ is the one with the least corrected Akaike criterion, effective degrees of
freedom counted as ``tr((H + nλ)⁻¹ H)`` (Gray 1992; Hurvich, Simonoff and Tsai 1998): one fit a
penalty, and less noise than an inner cross-validation has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from embauche.segment.learner_families import Binary, Count, Family, Ordered, newton

Float = NDArray[np.float64]
Kind = Literal["binary", "ordered", "classes", "count", "amount"]

PENALTIES: Final = (10.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
"""λ tried, strongest first: each solution is the next one's start."""

_BOUND_STEPS, _BOUND_TOLERANCE = 200, 1e-6
_PAST: Final = 6.0
"""Once the criterion is this much above its least, weaker penalties are not tried."""

Predict = Callable[[Float], Float]


def fit_predict(train: Float, target: Float, weights: Float, test: Float, kind: Kind) -> Float:
    """Fit on the training rows and predict the others.

    Parameters
    ----------
    train, test
        (n, p) and (m, p) predictors, without missing values, on scales whose unit means alike.
    target
        (n,) amounts or counts; (n,) 0/1 for ``"binary"``; (n, C) indicators for ``"ordered"`` and
        ``"classes"``.
    weights
        (n,) weights of the training rows.
    kind
        Which regression.

    Returns
    -------
    ndarray
        (m,) predicted amounts, counts or probabilities, or (m, C) probabilities.
    """
    w = weights / weights.mean()
    centre = np.average(train, axis=0, weights=w) if train.shape[1] else np.zeros(0)
    X = train - centre
    if kind == "amount":
        predict = _linear(X, target, w)
    elif kind == "classes":
        predict = _multinomial(X, target, w)
    else:
        predict = _likelihood(X, target, w, kind)
    return predict(test - centre)


def multinomial_points(X: Float, Y: Float, weights: Float, precision: float) -> tuple[Float, Float]:
    """Fit a multinomial regression with a given penalty; return (C,) intercepts, (p, C) slopes.

    Parameters
    ----------
    X, Y
        (n, p) predictors; (n, C) indicators or probabilities of the answers.
    weights
        (n,) weights.
    precision
        Of the normal prior on each slope: the penalty is ``precision/2 · Σ β²``.
    """
    w = weights / weights.mean()
    n = len(X)
    centre = np.average(X, axis=0, weights=w)
    Z = np.column_stack([np.ones(n), X - centre])
    shares = np.clip(np.average(Y, axis=0, weights=w), 1e-6, 1.0)
    beta = np.zeros((Z.shape[1], Y.shape[1]))
    beta[0] = np.log(shares) - np.log(shares).mean()
    beta = _bounded(Z, Y, w, precision / n, beta, (Z * w[:, None]).T @ Z / n)
    return beta[0] - centre @ beta[1:], beta[1:]


def _likelihood(X: Float, target: Float, w: Float, kind: Kind) -> Predict:
    family: Family
    if kind == "binary":
        family = Binary(target)
    elif kind == "ordered":
        family = Ordered(target)
    else:
        family = Count(target, w)
    n = len(X)
    parameters = np.concatenate([family.start(w), np.zeros(X.shape[1])])
    best, chosen = np.inf, parameters
    for penalty in PENALTIES:
        parameters, curvature = newton(family, X, w, n * penalty, parameters)
        ridge = np.full(len(parameters), n * penalty)
        ridge[: family.free] = 0.0
        freedom = _freedom(curvature, ridge)
        criterion = 2 * family.loss(parameters, X, w) + _charge(freedom, n)
        if criterion < best:
            best, chosen = criterion, parameters
        elif criterion > best + _PAST:
            break
    return lambda rows: family.predict(chosen, rows)


def _freedom(curvature: Float, ridge: Float) -> float:
    bent = curvature + np.diag(ridge + 1e-8)
    return float(np.trace(np.linalg.solve(bent, curvature)))


def _charge(freedom: float, n: int) -> float:
    """Return what the criterion adds for `freedom` parameters in n rows."""
    return 2 * freedom * n / (n - freedom - 1) if freedom < n - 2 else np.inf


def _linear(X: Float, target: Float, w: Float) -> Predict:
    n = len(X)
    mean = float(np.average(target, weights=w))
    values, vectors = np.linalg.eigh((X * w[:, None]).T @ X / n)
    values = np.maximum(values, 0.0)
    pull = vectors.T @ ((X * w[:, None]).T @ (target - mean) / n)
    best, chosen = np.inf, np.zeros(X.shape[1])
    for penalty in PENALTIES:
        beta = vectors @ (pull / (values + penalty))
        spread = float(np.average((target - mean - X @ beta) ** 2, weights=w))
        freedom = 1 + float((values / (values + penalty)).sum())
        if freedom >= n - 3:
            break
        criterion = n * np.log(max(spread, 1e-300)) + n * (n + freedom) / (n - freedom - 2)
        if criterion < best:
            best, chosen = criterion, beta
    return lambda rows: mean + rows @ chosen


def _multinomial(X: Float, Y: Float, w: Float) -> Predict:
    n, C = Y.shape
    Z = np.column_stack([np.ones(n), X])
    gram = (Z * w[:, None]).T @ Z / n
    shares = np.clip(np.average(Y, axis=0, weights=w), 1e-6, 1.0)
    beta = np.zeros((Z.shape[1], C))
    beta[0] = np.log(shares) - np.log(shares).mean()
    best, chosen = np.inf, beta
    for penalty in PENALTIES:
        beta = _bounded(Z, Y, w, penalty, beta, gram)
        P = _shares(Z @ beta)
        loss = float(-(w[:, None] * Y * np.log(np.clip(P, 1e-12, 1))).sum())
        ridge = np.full(Z.shape[1], n * penalty)
        ridge[0] = 0.0
        curves = (P * (1 - P)).T * w
        freedom = sum(_freedom((Z * curve[:, None]).T @ Z, ridge) for curve in curves) * (C - 1) / C
        criterion = 2 * loss + _charge(freedom, n)
        if criterion < best:
            best, chosen = criterion, beta
        elif criterion > best + _PAST:
            break
    return lambda rows: _shares(chosen[0] + rows @ chosen[1:])


def _shares(eta: Float) -> Float:
    odds = np.exp(eta - eta.max(axis=1, keepdims=True))
    shares: Float = odds / odds.sum(axis=1, keepdims=True)
    return shares


def _bounded(Z: Float, Y: Float, w: Float, penalty: float, beta: Float, gram: Float) -> Float:
    """Descend the multinomial loss under Böhning's (1992) bound of its curvature.

    The bound ½ (I − 11ᵀ/C) ⊗ ZᵀWZ/n holds everywhere, so that one factorisation serves all steps
    and no step climbs; coefficients sum to zero over the answers, where the bound is ½ ZᵀWZ/n.
    """
    n, ridge = len(Z), np.full(Z.shape[1], penalty)
    ridge[0] = 0.0
    inverse = np.linalg.inv(gram / 2 + np.diag(ridge + 1e-10))
    weighted = Z * w[:, None]

    def value(at: Float, P: Float) -> float:
        fit = -(w[:, None] * Y * np.log(np.clip(P, 1e-12, 1))).sum() / n
        return float(fit) + penalty / 2 * float((at[1:] ** 2).sum())

    now = np.inf
    ahead, momentum = beta, 1.0
    for _ in range(_BOUND_STEPS):
        step = weighted.T @ (_shares(Z @ ahead) - Y) / n + ridge[:, None] * ahead
        following = ahead - inverse @ step
        reached = value(following, _shares(Z @ following))
        if reached > now:  # Nesterov's momentum overshot: begin again from the last point
            ahead, momentum = beta, 1.0
            if reached - now < _BOUND_TOLERANCE:
                return beta
            continue
        faster = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = following + (momentum - 1) / faster * (following - beta)
        beta, momentum = following, faster
        if now - reached < _BOUND_TOLERANCE:
            return beta
        now = reached
    return beta
