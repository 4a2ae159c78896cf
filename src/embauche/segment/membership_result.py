"""What a regression of class membership on covariates gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from embauche.errors import StatisticsError
from embauche.notices import Notice
from embauche.segment.classification import Assignment
from embauche.segment.covariates import Covariate, read_covariates
from embauche.segment.first_step import WeightKind
from embauche.segment.multinomial_logit import log_probabilities
from embauche.segment.wald import WaldTest

Float = NDArray[np.float64]
Method = Literal["one-step", "bch", "ml"]


@dataclass(frozen=True, slots=True)
class Effect:
    """One coefficient: how a term moves the odds of a class against the reference class.

    Attributes
    ----------
    class_number
        The class, counted from 1 in the model's order (largest first).
    term
        ``"(constant)"``, a covariate's name, or ``"name: level"``.
    covariate, level
        The covariate (None for the constant) and its category (None for a number).
    estimate, se
        Log-odds a unit of the covariate, or against its reference level; standard error, NaN where
        the covariate separates the classes.
    z, p
        ``estimate / se`` and its two-sided probability if the effect were 0.
    low, high
        95 % limits of `estimate`.
    odds_ratio, odds_ratio_low, odds_ratio_high
        Their exponentials.
    """

    class_number: int
    term: str
    covariate: str | None
    level: str | None
    estimate: float
    se: float
    z: float
    p: float
    low: float
    high: float
    odds_ratio: float
    odds_ratio_low: float
    odds_ratio_high: float


@dataclass(frozen=True, slots=True)
class Membership:
    """How class membership depends on covariates.

    Attributes
    ----------
    method, assignment, weights
        ``"one-step"``, ``"bch"`` or ``"ml"``; the assignment of the latter two, None for the first;
        what the weights are.
    reference
        Number of the class that the others are compared with, counted from 1.
    n, rows
        Respondents (the summed weights, or Kish's ``(Σw)²/Σw²`` of survey weights) and rows that
        took part.
    covariates
        How each entered, with its reference level.
    effects
        Every coefficient, class by class.
    tests
        Covariate → Wald test that none of its coefficients differs from 0.
    overall
        Wald test that no covariate matters.
    coefficients
        (K, d) on the original scale, constant first; 0 for the reference.
    covariance
        ((K − 1) d, (K − 1) d) of the coefficients, class by class without the reference.
    log_likelihood
        Of the answers (one-step), of the assignments (ML), both given the covariates; None for BCH.
    n_parameters
        Free parameters of what the log-likelihood belongs to.
    entropy
        Relative entropy of the posteriors before the covariates.
    classification
        (K, K) share of each class (row) assigned to each class (column); None for the one-step fit.
    item_probabilities
        Column → (K, answers) of the one-step fit, which has classes of its own; empty otherwise.
    converged
        Whether the fit reached a maximum.
    notices
        What is weak.
    """

    method: Method
    assignment: Assignment | None
    weights: WeightKind
    reference: int
    n: float
    rows: int
    covariates: tuple[Covariate, ...]
    effects: tuple[Effect, ...]
    tests: Mapping[str, WaldTest]
    overall: WaldTest
    coefficients: Float
    covariance: Float
    log_likelihood: float | None
    n_parameters: int
    entropy: float
    classification: Float | None
    item_probabilities: Mapping[str, Float]
    converged: bool
    notices: tuple[Notice, ...]

    def probabilities(self, covariates: Any) -> Float:
        """(n, K) probability of each class for rows of covariates; NaN where one is missing.

        Raises
        ------
        StatisticsError
            If a covariate is missing from the table or holds an unknown category.
        """
        table = read_covariates(covariates, self.covariates)
        design = np.column_stack([np.ones(len(table.columns)), table.columns])
        return np.exp(log_probabilities(design, self.coefficients))

    def effect(self, class_number: int, term: str) -> Effect:
        """Return the coefficient of a term in a class.

        Raises
        ------
        StatisticsError
            If there is none, as for the reference class.
        """
        for effect in self.effects:
            if (effect.class_number, effect.term) == (class_number, term):
                return effect
        raise StatisticsError("membership.no_effect", number=class_number, term=term)

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready data."""
        plain = ("method", "assignment", "weights", "reference", "n", "rows")
        figures = ("log_likelihood", "n_parameters", "entropy", "converged")
        return {
            **{name: getattr(self, name) for name in (*plain, *figures)},
            "covariates": [covariate.to_dict() for covariate in self.covariates],
            "effects": [asdict(effect) for effect in self.effects],
            "tests": {name: test.to_dict() for name, test in self.tests.items()},
            "overall": self.overall.to_dict(),
            "classification": None if self.classification is None else self.classification.tolist(),
            "notices": [notice.to_dict() for notice in self.notices],
        }
