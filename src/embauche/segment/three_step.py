"""The third step for covariates: membership regressed on them, corrected for classification error.

BCH weighs a multinomial logit by ``r D⁻¹`` (Bolck, Croon and Hagenaars 2004; Vermunt 2010); ML
takes the assignment as one indicator of the class with known error probabilities `D`:
``Σ_i w_i Σ_s r_is ln Σ_t P(t | z_i) D_ts`` (Vermunt 2010; Bakk, Tekle and Vermunt 2013).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embauche.segment.classification import Classification, ThirdStep
from embauche.segment.measurement import Measurement
from embauche.segment.mixture_information import Mixture
from embauche.segment.multinomial_logit import FARTHEST, LogitFit, fit_logit, log_probabilities
from embauche.segment.newton import newton

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CovariateFit:
    """A third step with covariates.

    Attributes
    ----------
    logit
        Its coefficients.
    third
        Its estimating equations, parameters class by class without the reference.
    log_likelihood
        Of the assignments given the covariates; None for BCH, which has none.
    """

    logit: LogitFit
    third: ThirdStep
    log_likelihood: float | None


class Fitter(Protocol):
    """Either of the two fits."""

    def __call__(
        self, cls: Classification, design: Float, rows: Bool, weights: Float, reference: int
    ) -> CovariateFit:
        """Fit; parameters as in `fit_bch`."""


def fit_bch(
    cls: Classification, design: Float, rows: Bool, weights: Float, reference: int
) -> CovariateFit:
    """Fit by BCH.

    Parameters
    ----------
    cls
        Assignments of n rows.
    design
        (rows, d) columns of the rows that take part.
    rows
        (n,) which those are.
    weights
        (rows,) their weights.
    reference
        Class whose coefficients are 0.
    """
    b = cls.bch_weights[rows]
    fit = fit_logit(design, b, weights, reference)
    P = fit.probabilities
    K, d = P.shape[1], design.shape[1]
    others = [t for t in range(K) if t != reference]
    scores = np.zeros((len(rows), len(others) * d))
    scores[rows] = _times_design((b - P)[:, others], design)
    by_table = np.empty((len(others) * d, K, K))
    for place, t in enumerate(others):
        moment = design.T @ (b * weights[:, None])  # (d, K)
        by_table[place * d : (place + 1) * d] = -moment[:, :, None] * cls.inverse[None, None, :, t]

    def by_assignment(j: int) -> Float:
        t, column = others[j // d], design[:, j % d]
        result = np.zeros((len(rows), K))
        result[rows] = (cls.inverse[:, t][None, :] - P[:, t, None]) * column[:, None]
        return result

    information = Mixture(design, P, np.zeros_like(P), weights, reference)
    # With a posterior of 0, `information` is that of a multinomial logit: Σ w (diag P − PP') zz'.
    third = ThirdStep(scores, information.information(), by_table, by_assignment)
    return CovariateFit(fit, third, None)


def fit_ml(
    cls: Classification, design: Float, rows: Bool, weights: Float, reference: int
) -> CovariateFit:
    """Fit by maximum likelihood; parameters as in `fit_bch`."""
    records = Records.of(cls, rows, weights)
    Z = design[records.row]
    start = fit_logit(design, cls.assigned[rows], weights, reference)
    K, d = cls.table.shape[0], design.shape[1]
    others = [t for t in range(K) if t != reference]

    def at(beta: Float) -> tuple[Mixture, float]:
        log_prior = log_probabilities(design, beta)
        posterior, total = records.posterior(log_prior[records.row])
        prior = np.exp(log_prior)[records.row]
        return Mixture(Z, prior, posterior, records.weights, reference), total

    def evaluate(beta: Float) -> tuple[float, Float, Float]:
        mixture, total = at(beta)
        return total, mixture.gradient(), mixture.information()

    def move(beta: Float, step: Float) -> Float:
        ahead = beta.copy()
        ahead[others] += step.reshape(len(others), d)
        return np.clip(ahead, -FARTHEST, FARTHEST)

    climb = newton(start.bounded(), evaluate, lambda beta: at(beta)[1], move)
    mixture, total = at(climb.state)
    third = records.third_step(mixture, len(rows))
    fit = LogitFit(climb.state, np.exp(log_probabilities(design, climb.state)), climb.converged)
    return CovariateFit(fit, third, total)


@dataclass(frozen=True, slots=True)
class Records:
    """Rows × assigned classes: each row once when modal, K times when proportional.

    Attributes
    ----------
    row, among_all
        (R,) row among those that take part, and among all n.
    assigned
        (R,) the class assigned.
    weights
        (R,) ``w_i r_is``.
    shares
        (R,) ``r_is``.
    log_error
        (R, K) ``ln D_ts`` of the class assigned, by true class.
    error
        (R, K) ``D_ts``.
    """

    row: NDArray[np.int64]
    among_all: NDArray[np.int64]
    assigned: NDArray[np.int64]
    weights: Float
    shares: Float
    error: Float

    @classmethod
    def of(cls, classification: Classification, rows: Bool, weights: Float) -> Records:
        """Spread the rows that take part (rows,) over the classes assigned."""
        r = classification.assigned[rows]
        K = r.shape[1]
        if classification.kind == "modal":
            row = np.arange(len(r))
            assigned = r.argmax(axis=1)
        else:
            row = np.repeat(np.arange(len(r)), K)
            assigned = np.tile(np.arange(K), len(r))
        shares = r[row, assigned]
        error = classification.table[:, assigned].T
        return cls(row, np.flatnonzero(rows)[row], assigned, weights[row] * shares, shares, error)

    def posterior(self, log_prior: Float) -> tuple[Float, float]:
        """(R, K) class probabilities given the assignment, and the log-likelihood."""
        top = log_prior.max(axis=1, keepdims=True)
        joint = np.exp(log_prior - top) * self.error
        total = np.maximum(joint.sum(axis=1, keepdims=True), 1e-300)
        return joint / total, float(self.weights @ (np.log(total) + top)[:, 0])

    def third_step(self, mixture: Mixture, n: int) -> ThirdStep:
        """Estimating equations of a mixture whose rows are these records."""
        q, K, d = mixture.posterior, mixture.posterior.shape[1], mixture.design.shape[1]
        m = mixture.starts[-1]
        each = mixture.project(np.eye(m))
        scores = np.zeros((n, m))
        np.add.at(scores, self.among_all, each * self.shares[:, None])
        by_table = np.zeros((m, K, K))
        U = _scores_of(mixture.measurement, K)
        for s in range(K):
            here = np.flatnonzero(self.assigned == s)
            for u in range(K):
                # κ_u: derivative of the log-likelihood of a record with respect to D_us.
                kappa = self.weights[here] * q[here, u] / np.maximum(self.error[here, u], 1e-300)
                for place, t in enumerate(mixture.others):
                    factor = kappa * (float(t == u) - q[here, t])
                    by_table[place * d : (place + 1) * d, u, s] = factor @ mixture.design[here]
                for v, block in enumerate(U):
                    factor = kappa * (float(u == v) - q[here, v])
                    a, b = mixture.starts[v], mixture.starts[v + 1]
                    by_table[a:b, u, s] = factor @ block[here]

        def by_assignment(j: int) -> Float:
            result = np.zeros((n, K))
            result[self.among_all, self.assigned] = each[:, j]
            return result

        return ThirdStep(scores, mixture.information(), by_table, by_assignment)


def _scores_of(part: Measurement | None, K: int) -> list[Float]:
    return [] if part is None else [part.scores(v)[part.inverse] for v in range(K)]


def _times_design(residual: Float, design: Float) -> Float:
    """(n, classes · d) products, class by class."""
    return (residual[:, :, None] * design[:, None, :]).reshape(len(design), -1)


FITTERS: dict[str, Fitter] = {"bch": fit_bch, "ml": fit_ml}
