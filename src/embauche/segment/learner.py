"""The one learner that every set of predictors gets: ridge-penalised regression.

Logistic for two answers, multinomial for more, linear for amounts; the penalty is chosen by inner
cross-validation, in the same way for each set of predictors, so that a comparison compares the
predictors and nothing else.

With weights w (mean 1) and standardised columns, what is minimised is::

    Σ_i w_i loss_i / n + λ/2 Σ_j β_j²

over `PENALTIES` (Hoerl and Kennard 1970; le Cessie and van Houwelingen 1992). Intercepts are free.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Kind = Literal["binary", "classes", "amount"]

PENALTIES: Final = (3.0, 0.5, 0.08, 0.012, 0.002)
"""λ tried, strongest first: each solution is the next one's start."""

INNER_FOLDS: Final = 3

_STEPS, _TOLERANCE = 60, 1e-8
_BOUND_STEPS, _BOUND_TOLERANCE = 120, 1e-5


def fit_predict(
    train: Float, target: Float, weights: Float, test: Float, kind: Kind, inner: NDArray[np.int64]
) -> Float:
    """Fit on the training rows and predict the others.

    Parameters
    ----------
    train, test
        (n, p) and (m, p) predictors, without missing values.
    target
        (n,) amounts; (n,) 0/1 for ``"binary"``; (n, C) indicators for ``"classes"``.
    weights
        (n,) weights of the training rows.
    kind
        Which regression.
    inner
        (n,) inner fold of each training row, 0 to `INNER_FOLDS` − 1.

    Returns
    -------
    ndarray
        (m,) predicted amounts or probabilities, or (m, C) probabilities.
    """
    X, Y = train, target[:, None] if target.ndim == 1 else target
    loss = np.zeros(len(PENALTIES))
    for fold in range(INNER_FOLDS):
        held = inner == fold
        if not held.any() or held.all():
            continue
        path = _path(X[~held], Y[~held], weights[~held], kind)
        for at, predict in enumerate(path):
            loss[at] += _loss(predict(X[held]), Y[held], weights[held], kind)
    best = int(np.argmin(loss))
    predict = _path(X, Y, weights, kind, upto=best)[best]
    predicted = predict(test)
    return predicted if kind == "classes" else predicted[:, 0]


class _Fitted:
    """Coefficients on standardised columns."""

    def __init__(self, centre: Float, scale: Float, beta: Float, kind: Kind) -> None:
        self.centre, self.scale, self.beta, self.kind = centre, scale, beta, kind

    def __call__(self, rows: Float) -> Float:
        eta = (rows - self.centre) / self.scale @ self.beta[1:] + self.beta[0]
        return _mean(eta, self.kind)


def _path(X: Float, Y: Float, weights: Float, kind: Kind, upto: int | None = None) -> list[_Fitted]:
    w = weights / weights.mean()
    centre = np.average(X, axis=0, weights=w)
    scale = np.sqrt(np.average((X - centre) ** 2, axis=0, weights=w))
    scale = np.where(scale > 1e-9, scale, 1.0)
    Z = np.column_stack([np.ones(len(X)), (X - centre) / scale])
    beta = np.zeros((Z.shape[1], Y.shape[1]))
    beta[0] = _link(np.average(Y, axis=0, weights=w), kind)
    gram = (Z * w[:, None]).T @ Z / len(Z)
    fitted = []
    for penalty in PENALTIES[: None if upto is None else upto + 1]:
        if kind == "amount":
            ridge = gram + _diagonal(penalty, len(gram))
            beta = np.linalg.solve(ridge, (Z * w[:, None]).T @ Y / len(Z))
        elif kind == "binary":
            beta = _newton(Z, Y, w, penalty, beta)
        else:
            beta = _bounded(Z, Y, w, penalty, beta, gram)
        fitted.append(_Fitted(centre, scale, beta.copy(), kind))
    return fitted


def _link(mean: Float, kind: Kind) -> Float:
    if kind == "amount":
        return mean
    clipped = np.clip(mean, 1e-6, 1 - 1e-6)
    value: Float = np.log(clipped / (1 - clipped)) if kind == "binary" else np.log(clipped)
    return value


def _mean(eta: Float, kind: Kind) -> Float:
    if kind == "amount":
        return eta
    if kind == "binary":
        return 1 / (1 + np.exp(-np.clip(eta, -35, 35)))
    odds = np.exp(eta - eta.max(axis=1, keepdims=True))
    shares: Float = odds / odds.sum(axis=1, keepdims=True)
    return shares


def _diagonal(penalty: float, size: int) -> Float:
    values = np.full(size, penalty)
    values[0] = 0.0
    return np.diag(values)


def _objective(Z: Float, Y: Float, w: Float, penalty: float, beta: Float, kind: Kind) -> float:
    fit = _loss(_mean(Z @ beta, kind), Y, w, kind) / len(Z)
    return fit + penalty / 2 * float((beta[1:] ** 2).sum())


def _newton(Z: Float, Y: Float, w: Float, penalty: float, beta: Float) -> Float:
    """Newton's method for the logistic loss, with halved steps where one would climb."""
    n, ridge = len(Z), _diagonal(penalty, Z.shape[1])
    now = _objective(Z, Y, w, penalty, beta, "binary")
    for _ in range(_STEPS):
        p = _mean(Z @ beta, "binary")
        gradient = (Z * w[:, None]).T @ (p - Y) / n + ridge @ beta
        curvature = (Z * (w * np.maximum(p * (1 - p), 1e-9)[:, 0])[:, None]).T @ Z / n + ridge
        step = np.linalg.solve(curvature + 1e-10 * np.eye(len(ridge)), gradient)
        size = 1.0
        while size > 1e-4:
            following = _objective(Z, Y, w, penalty, beta - size * step, "binary")
            if following <= now:
                break
            size /= 2
        else:
            return beta
        beta = beta - size * step
        if now - following < _TOLERANCE:
            return beta
        now = following
    return beta


def _bounded(Z: Float, Y: Float, w: Float, penalty: float, beta: Float, gram: Float) -> Float:
    """Descend the multinomial loss under Böhning's (1992) bound of its curvature.

    The bound ½ (I − 11ᵀ/C) ⊗ ZᵀWZ/n holds everywhere, so that one factorisation serves all steps
    and no step climbs; coefficients sum to zero over the answers, where the bound is ½ ZᵀWZ/n.
    """
    n, ridge = len(Z), _diagonal(penalty, Z.shape[1])
    inverse = np.linalg.inv(gram / 2 + ridge + 1e-10 * np.eye(len(ridge)))
    weighted = Z * w[:, None]
    now = np.inf
    ahead, momentum = beta, 1.0
    for _ in range(_BOUND_STEPS):
        p = _mean(Z @ ahead, "classes")
        following = ahead - inverse @ (weighted.T @ (p - Y) / n + ridge @ ahead)
        value = _objective(Z, Y, w, penalty, following, "classes")
        if value > now:  # Nesterov's momentum overshot: begin again from the last point
            ahead, momentum = beta, 1.0
            if now - value > -_BOUND_TOLERANCE:
                return beta
            continue
        faster = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = following + (momentum - 1) / faster * (following - beta)
        beta, momentum = following, faster
        if now - value < _BOUND_TOLERANCE:
            return beta
        now = value
    return beta


def _loss(predicted: Float, Y: Float, w: Float, kind: Kind) -> float:
    if kind == "amount":
        return float((w[:, None] * (Y - predicted) ** 2).sum() / 2)
    if kind == "binary":
        p = np.clip(predicted, 1e-12, 1 - 1e-12)
        return float(-(w[:, None] * (Y * np.log(p) + (1 - Y) * np.log(1 - p))).sum())
    return float(-(w[:, None] * Y * np.log(np.clip(predicted, 1e-12, 1))).sum())
