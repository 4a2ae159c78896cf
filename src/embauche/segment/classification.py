"""Assigning rows to classes, how often that errs, and what the errors do to the third step.

With `r_is` the assignment of row i to class s (1 or 0 when modal, the posterior when proportional),
the classification table is ``D_ts = P(assigned s | class t) = Σ_i w_i p_it r_is / Σ_i w_i p_it``
(Vermunt 2010). Its estimate depends on the posteriors, and so on the first step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from embauche.errors import StatisticsError
from embauche.segment.first_step import FirstStep
from embauche.segment.newton import inverse_of

Float = NDArray[np.float64]
Assignment = Literal["modal", "proportional"]

_SINGULAR: Final = 1e8
"""Condition number from which the classification table cannot be inverted."""


@dataclass(frozen=True, slots=True)
class Classification:
    """Rows assigned to classes.

    Attributes
    ----------
    kind
        ``"modal"`` or ``"proportional"``.
    assigned
        (n, K) how much of each row is assigned to each class; rows sum to 1.
    table
        (K, K) ``D``: true class in the row, assigned class in the column; rows sum to 1.
    inverse
        (K, K) inverse of `table`.
    members
        (K,) ``Σ_i w_i p_it``.
    """

    kind: Assignment
    assigned: Float
    table: Float
    inverse: Float
    members: Float

    @property
    def bch_weights(self) -> Float:
        """(n, K) ``r D⁻¹``: weights whose mean, given the true class, is 1 there and 0 elsewhere.

        Bolck, Croon and Hagenaars 2004; they sum to 1 in a row and may be negative.
        """
        weights: Float = self.assigned @ self.inverse
        return weights


def classify(first: FirstStep, kind: Assignment) -> Classification:
    """Assign every row and tabulate the errors.

    Raises
    ------
    StatisticsError
        If a class is nobody's likeliest class, or classes cannot be told apart at all.
    """
    if kind not in ("modal", "proportional"):
        raise StatisticsError("membership.assignment", value=str(kind))
    p, w = first.posterior, first.weights
    assigned = p
    if kind == "modal":
        assigned = np.zeros_like(p)
        assigned[np.arange(len(p)), p.argmax(axis=1)] = 1.0
        empty = np.flatnonzero(w @ assigned == 0)
        if empty.size:
            raise StatisticsError("membership.nobody_assigned", number=int(empty[0]) + 1)
    members = w @ p
    table: Float = (p * w[:, None]).T @ assigned / members[:, None]
    if np.linalg.cond(table) > _SINGULAR:
        raise StatisticsError("membership.classes_alike")
    return Classification(kind, assigned, table, np.asarray(np.linalg.inv(table)), members)


@dataclass(frozen=True, slots=True)
class ThirdStep:
    """Estimating equations of the third step at their solution.

    Attributes
    ----------
    scores
        (n, m) rows' contributions of unit weight; 0 for a row that takes no part.
    information
        (m, m) minus the derivative of their weighted sum.
    by_table
        (m, K, K) derivatives of the weighted sum with respect to the classification table.
    by_assignment
        Parameter → (n, K) derivatives of a row's contribution with respect to its assignment.
    """

    scores: Float
    information: Float
    by_table: Float
    by_assignment: Callable[[int], Float]


def covariance(
    first: FirstStep, cls: Classification, third: ThirdStep, *, carry: bool = True
) -> Float:
    """Covariance of the third step's estimates, with the error of what went before.

    It is NaN for parameters that the data do not determine.

    The steps are one system of estimating equations: those of the latent class model, of the
    classification table, and of the third step. Solving it row by row gives

        ψ̃_i = ψ_i + Σ_t p_it h_it + J I⁻¹ s_i      h_it = Σ_s (∂Ψ/∂D_ts) (r_is − D_ts) / N_t
        V = A⁻¹ (Σ_i w_i ψ̃_i ψ̃_i') A⁻¹'            (w_i² for survey weights)

    with `J` the derivative of the third step's equations with respect to the first step's
    parameters, by way of `D` and, where it is proportional, of the assignment. A modal assignment
    counts as fixed: moving its borders changes `D` and the assignments alike, and the two changes
    cancel. This is the correction of Bakk, Oberski and Vermunt 2014, with the covariance between
    the steps that they leave out.

    Parameters
    ----------
    first, cls, third
        The three steps.
    carry
        Whether to carry the error of the first two; without it the usual sandwich is returned,
        which is too small.
    """
    scores = third.scores
    if carry:
        scores = scores + _earlier(first, cls, third)
    meat = scores.T @ (scores * first.squared[:, None]) * first.correction
    bread, untold = inverse_of(third.information)
    result: Float = bread @ meat @ bread.T
    result[untold] = np.nan
    result[:, untold] = np.nan
    return result


def _earlier(first: FirstStep, cls: Classification, third: ThirdStep) -> Float:
    p, r, w = first.posterior, cls.assigned, first.weights
    m = third.scores.shape[1]
    own = np.empty((len(p), m))
    sensitivity = []
    for j in range(m):
        by_table = third.by_table[j] / cls.members[:, None]
        by_posterior = r @ by_table.T - (by_table * cls.table).sum(axis=1)
        own[:, j] = (p * by_posterior).sum(axis=1)
        if cls.kind == "proportional":
            by_posterior = by_posterior + p @ by_table + third.by_assignment(j)
        along = by_posterior - (p * by_posterior).sum(axis=1, keepdims=True)
        sensitivity.append(first.through_posterior(w[:, None] * p * along))
    return own + first.influence(np.array(sensitivity))
