"""What a comparison of an outcome between classes gives back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from embauche.errors import StatisticsError
from embauche.notices import Notice
from embauche.segment.classification import Assignment
from embauche.segment.distal_outcome import OutcomeKind
from embauche.segment.first_step import WeightKind
from embauche.segment.wald import WaldTest

Float = NDArray[np.float64]
DistalMethod = Literal["bch", "ml"]


@dataclass(frozen=True, slots=True)
class ClassValue:
    """An outcome in one class.

    Attributes
    ----------
    class_number
        The class, counted from 1.
    category
        The category whose share this is; None for a mean.
    value, se
        Mean or share, and its standard error.
    low, high
        95 % limits; see `embauche.segment.distal.limits`.
    members
        Expected members of the class among the rows that have the outcome.
    """

    class_number: int
    category: str | None
    value: float
    se: float
    low: float
    high: float
    members: float


@dataclass(frozen=True, slots=True)
class ClassDifference:
    """Two classes compared.

    Attributes
    ----------
    first, second
        Numbers of the classes, counted from 1.
    difference, se, low, high
        Value of the first less that of the second, with its 95 % limits (not corrected for the
        number of pairs); None for an outcome of several categories.
    test
        Wald test that they are equal.
    p_adjusted
        Its probability after Holm's correction for all pairs.
    """

    first: int
    second: int
    difference: float | None
    se: float | None
    low: float | None
    high: float | None
    test: WaldTest
    p_adjusted: float


@dataclass(frozen=True, slots=True)
class Distal:
    """How an outcome differs between classes.

    Attributes
    ----------
    method, assignment, weights
        ``"bch"`` or ``"ml"``; ``"modal"`` or ``"proportional"``; what the weights are.
    kind
        ``"continuous"``, ``"binary"``, ``"nominal"`` or ``"count"``.
    n, rows
        Respondents and rows that have the outcome.
    classes
        Class by class (and category by category).
    omnibus
        Wald test that all classes are equal.
    pairs
        Every pair of classes, with Holm's correction.
    covariance
        (K · c, K · c) of the classes' values, class by class.
    log_likelihood
        Of the assignments and the outcome (ML); None for BCH.
    entropy, classification
        Relative entropy, and the (K, K) share of each class (row) assigned to each (column).
    converged
        Whether the fit reached a maximum.
    notices
        What is weak.
    """

    method: DistalMethod
    assignment: Assignment
    weights: WeightKind
    kind: OutcomeKind
    n: float
    rows: int
    classes: tuple[ClassValue, ...]
    omnibus: WaldTest
    pairs: tuple[ClassDifference, ...]
    covariance: Float
    log_likelihood: float | None
    entropy: float
    classification: Float
    converged: bool
    notices: tuple[Notice, ...]

    def value(self, class_number: int, category: str | None = None) -> ClassValue:
        """Return the value of a class; `category` may be left out where there is only one.

        Raises
        ------
        StatisticsError
            If there is no such class or category.
        """
        for value in self.classes:
            same = category is None or value.category == category
            if value.class_number == class_number and same:
                return value
        raise StatisticsError("distal.no_value", number=class_number, category=str(category))

    def to_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready data."""
        plain = ("method", "assignment", "weights", "kind", "n", "rows")
        return {
            **{name: getattr(self, name) for name in (*plain, "log_likelihood", "entropy")},
            "classes": [asdict(value) for value in self.classes],
            "omnibus": self.omnibus.to_dict(),
            "pairs": [asdict(pair) for pair in self.pairs],
            "classification": self.classification.tolist(),
            "converged": self.converged,
            "notices": [notice.to_dict() for notice in self.notices],
        }
