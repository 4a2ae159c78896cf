"""What each class says of the indicators, with its derivatives: the measurement part of a mixture.

Standard errors need more of a latent class model than its probabilities: how the log-probability of
a row in a class changes with the parameters of that class. Parameters are log-odds against the
class's likeliest answer, so that every step keeps probabilities between 0 and 1.
"""

from __future__ import annotations

from typing import Any, Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from embauche.segment.patterns import Patterns

Float = NDArray[np.float64]

FROZEN: Final = 1e-9
"""A probability under this does not move while a model is fitted."""

ON_THE_BOUNDARY: Final = 1e-4
"""A probability under this counts as known when standard errors are computed."""


class Measurement(Protocol):
    """Log-densities of n rows in K classes, each class with parameters of its own.

    Rows that are alike may share a unit; `fold` sums rows into units and `inverse` leads back.
    """

    inverse: NDArray[np.int64]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Free parameters of each class."""

    def fold(self, amounts: Float) -> Float:
        """Sum (n, …) amounts of rows into (units, …)."""

    def log_density(self) -> Float:
        """(units, K) log-probability or density of each unit in each class."""

    def scores(self, k: int) -> Float:
        """(units, sizes[k]) derivatives of column k of `log_density`."""

    def complete_information(self, k: int, amounts: Float) -> Float:
        """Minus the second derivatives of ``Σ amounts · log_density[:, k]``; amounts (units,)."""

    def moved(self, step: Float) -> Self:
        """Return the measurement with its free parameters changed by `step`, class by class."""

    def maximised(self, amounts: Float) -> Self:
        """Return the measurement that is likeliest when units hold (units, K) amounts."""

    def on(self, rows: NDArray[np.bool_]) -> Self:
        """Return the measurement of some of the rows (n,)."""

    def fixing(self, least: float) -> Self:
        """Return the same measurement with probabilities under `least` taken as known."""


def folding(inverse: NDArray[np.int64], units: int) -> csr_array:
    """(units, n) matrix that sums rows into units."""
    n = len(inverse)
    return csr_array((np.ones(n), (inverse, np.arange(n))), shape=(units, n))


def _given(patterns: Patterns) -> Float:
    """(P, C) zeros and ones: which answers each pattern gives."""
    given = np.zeros((len(patterns.codes), int(patterns.cardinality.sum())))
    for first, column in zip(patterns.offsets, patterns.codes.T, strict=True):
        rows = np.flatnonzero(column >= 0)
        given[rows, first + column[rows]] = 1.0
    return given


class NominalMeasurement:
    """Nominal indicators: every class has a probability for every answer.

    Parameters
    ----------
    patterns
        The rows, as patterns of answers; missing answers say nothing.
    theta
        (C, K) answer probabilities, columns one under the other.
    frozen
        Answers less probable than this are no free parameters.
    """

    def __init__(self, patterns: Patterns, theta: Float, *, frozen: float = FROZEN) -> None:
        self.patterns, self.theta, self._frozen = patterns, theta, frozen
        self.inverse = patterns.inverse
        self._fold = folding(patterns.inverse, len(patterns.codes))
        self._given = _given(patterns)
        self._asked = np.repeat(patterns.codes >= 0, patterns.cardinality, axis=1).astype(float)
        self._choose()

    def _choose(self) -> None:
        """Find each class's free answers: all but the likeliest of a column and the frozen."""
        offsets, cardinality = self.patterns.offsets, self.patterns.cardinality
        self._free: list[NDArray[np.int64]] = []
        for column in self.theta.T:
            free = column >= self._frozen
            for first, size in zip(offsets, cardinality, strict=True):
                free[first + int(np.argmax(column[first : first + size]))] = False
            self._free.append(np.flatnonzero(free))

    def _again(self, **changes: Any) -> Self:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__ | changes)
        other._choose()
        return other

    @property
    def sizes(self) -> tuple[int, ...]:
        """Free parameters of each class."""
        return tuple(len(free) for free in self._free)

    def fold(self, amounts: Float) -> Float:
        """Sum amounts of rows into patterns."""
        folded: Float = self._fold @ amounts
        return folded

    def log_density(self) -> Float:
        """(P, K) log-probability of each pattern in each class."""
        logs: Float = self._given @ np.log(self.theta)
        return logs

    def scores(self, k: int) -> Float:
        """(P, sizes[k]): ``1[answer given] − probability`` for the columns that were answered."""
        free = self._free[k]
        scores: Float = self._given[:, free] - self._asked[:, free] * self.theta[free, k]
        return scores

    def complete_information(self, k: int, amounts: Float) -> Float:
        """Multinomial information of each column, times the amount that answered it."""
        free = self._free[k]
        column = np.repeat(np.arange(len(self.patterns.offsets)), self.patterns.cardinality)[free]
        theta = self.theta[free, k]
        each = np.diag(theta) - np.outer(theta, theta) * (column[:, None] == column)
        information: Float = each * (amounts @ self._asked[:, free])[:, None]
        return information

    def moved(self, step: Float) -> Self:
        """Change the free log-odds, class by class."""
        logs = np.log(self.theta)
        at = np.cumsum([0, *self.sizes])
        for k, free in enumerate(self._free):
            logs[free, k] += step[at[k] : at[k + 1]]
        return self._again(theta=self._normalised(np.exp(logs)))

    def maximised(self, amounts: Float) -> Self:
        """Return the weighted shares of the answers in each class."""
        counts = self._given.T @ amounts + 1e-300
        return self._again(theta=self._normalised(counts))

    def on(self, rows: NDArray[np.bool_]) -> Self:
        """Return the measurement of some of the rows (n,); patterns that nobody has stay."""
        inverse = self.inverse[rows]
        return self._again(inverse=inverse, _fold=folding(inverse, len(self.patterns.codes)))

    def fixing(self, least: float) -> Self:
        """Return the same measurement with answers under `least` taken as known."""
        return self._again(_frozen=least)

    def _normalised(self, theta: Float) -> Float:
        sums = np.add.reduceat(theta, self.patterns.offsets, axis=0)
        theta = theta / np.repeat(sums, self.patterns.cardinality, axis=0)
        return np.maximum(theta, 1e-12)
