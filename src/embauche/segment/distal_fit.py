"""The third step for an outcome: its mean or shares in each class, by BCH and by ML.

BCH averages the outcome with the weights ``r D⁻¹``: ``μ_t = Σ_i w_i b_it y_i / Σ_i w_i b_it``. ML
fits the mixture ``P(s_i, y_i) = Σ_t π_t D_ts_i f_t(y_i)`` with a distribution for each class (Bakk,
Tekle and Vermunt 2013).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from embauche.segment.classification import Classification, ThirdStep, covariance
from embauche.segment.distal_outcome import Outcome, OutcomeDensity
from embauche.segment.first_step import FirstStep
from embauche.segment.mixture_information import Mixture
from embauche.segment.newton import newton
from embauche.segment.three_step import Records

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

_WARM = 25


@dataclass(frozen=True, slots=True)
class DistalFit:
    """Values of an outcome in every class.

    Attributes
    ----------
    values
        (K, c) means or shares.
    covariance
        (K · c, K · c), class by class.
    members
        (K,) what each class weighs among the rows that have the outcome.
    log_likelihood
        Of the ML fit.
    converged
        Whether the fit reached a maximum.
    """

    values: Float
    covariance: Float
    members: Float
    log_likelihood: float | None
    converged: bool


def fit_bch(first: FirstStep, cls: Classification, outcome: Outcome, rows: Bool) -> DistalFit:
    """Average by BCH.

    Parameters
    ----------
    first, cls
        The first two steps, of n rows.
    outcome
        Of the rows that take part.
    rows
        (n,) which those are.
    """
    w, b, y = first.weights[rows], cls.bch_weights[rows], outcome.columns
    members = w @ b
    values = (b * w[:, None]).T @ y / members[:, None]
    K, c = values.shape
    gap = y[:, None, :] - values  # (rows, K, c)
    scores = np.zeros((len(rows), K * c))
    scores[rows] = (b[:, :, None] * gap).reshape(len(y), K * c)
    by_table = np.empty((K * c, K, K))
    for t in range(K):
        for j in range(c):
            moment = (w * gap[:, t, j]) @ b  # (K,)
            by_table[t * c + j] = -np.outer(moment, cls.inverse[:, t])

    def by_assignment(m: int) -> Float:
        result = np.zeros((len(rows), K))
        result[rows] = cls.inverse[:, m // c] * gap[:, m // c, m % c, None]
        return result

    third = ThirdStep(scores, np.diag(np.repeat(members, c)), by_table, by_assignment)
    return DistalFit(values, covariance(first, cls, third), members, None, converged=True)


@dataclass(frozen=True, slots=True)
class _Point:
    log_share: Float
    density: OutcomeDensity


def fit_ml(first: FirstStep, cls: Classification, outcome: Outcome, rows: Bool) -> DistalFit:
    """Fit the mixture; parameters as in `fit_bch`."""
    w = first.weights[rows]
    records = Records.of(cls, rows, w)
    ones = np.ones((len(records.row), 1))
    K = len(first.shares)

    def at(point: _Point) -> tuple[Mixture, float]:
        log_prior = point.log_share + point.density.log_density()[records.row]
        posterior, total = records.posterior(log_prior)
        prior = np.tile(np.exp(point.log_share), (len(ones), 1))
        return Mixture(ones, prior, posterior, records.weights, 0, point.density), total

    def evaluate(point: _Point) -> tuple[float, Float, Float]:
        mixture, total = at(point)
        return total, mixture.gradient(), mixture.information()

    def move(point: _Point, step: Float) -> _Point:
        log_share = point.log_share.copy()
        log_share[1:] += step[: K - 1]
        log_share -= np.log(np.exp(log_share - log_share.max()).sum()) + log_share.max()
        return _Point(log_share, point.density.moved(step[K - 1 :]))

    point = _Point(np.log(first.shares), _start(first, outcome, records, rows, w))
    for _ in range(_WARM):
        mixture, _ = at(point)
        amounts = mixture.posterior * records.weights[:, None]
        share = np.maximum(amounts.sum(axis=0) / amounts.sum(), 1e-10)
        folded = point.density.fold(amounts)
        point = _Point(np.log(share / share.sum()), point.density.maximised(folded))
    climb = newton(point, evaluate, lambda p: at(p)[1], move)
    mixture, total = at(climb.state)
    third = records.third_step(mixture, len(rows))
    V = covariance(first, cls, third)
    slopes = climb.state.density.slopes()
    V = slopes @ V[K - 1 :, K - 1 :] @ slopes.T
    members = np.exp(climb.state.log_share) * w.sum()
    return DistalFit(climb.state.density.values, V, members, total, climb.converged)


def _start(
    first: FirstStep, outcome: Outcome, records: Records, rows: Bool, w: Float
) -> OutcomeDensity:
    """Each class's outcome by the uncorrected posteriors."""
    p = first.posterior[rows] * w[:, None]
    values = p.T @ outcome.columns / p.sum(axis=0)[:, None]
    variances = np.ones(len(values))
    if outcome.kind == "continuous":
        gaps = (outcome.columns - values[:, 0]) ** 2
        variances = (p * gaps).sum(axis=0) / p.sum(axis=0)
    return OutcomeDensity(outcome, records.row, values, variances)


def standardised(outcome: Outcome, w: Float) -> tuple[Outcome, float, float]:
    """Return an amount with mean 0 and variance 1, and what leads back (mean, scale)."""
    if outcome.kind != "continuous":
        return outcome, 0.0, 1.0
    y = outcome.columns[:, 0]
    mean = float(w @ y / w.sum())
    scale = float(np.sqrt(w @ (y - mean) ** 2 / w.sum()))
    return replace(outcome, columns=((y - mean) / scale)[:, None]), mean, scale
