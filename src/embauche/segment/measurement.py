"""What each class says of a row, with its derivatives: the measurement part of a mixture.

Standard errors need more of a latent class model than its probabilities: how the log-probability of
a row in a class changes with the parameters of that class.
"""

from __future__ import annotations

from typing import Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Float = NDArray[np.float64]

FROZEN: Final = 1e-9
"""A probability under this does not move while a model is fitted."""

ON_THE_BOUNDARY: Final = 1e-4
"""A probability under this counts as known when standard errors are computed."""


class Measurement(Protocol):
    """Log-densities of n rows in K classes.

    Rows that are alike may share a unit; `fold` sums rows into units and `inverse` leads back.
    Parameters stand class by class; where classes share some, `links` says how.
    """

    inverse: NDArray[np.int64]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Parameters of each class."""

    @property
    def links(self) -> Float | None:
        """(sum of `sizes`, free) how they follow from the free ones; None where all are free."""

    def fold(self, amounts: Float) -> Float:
        """Sum (n, …) amounts of rows into (units, …)."""

    def log_density(self) -> Float:
        """(units, K) log-probability or density of each unit in each class."""

    def scores(self, k: int) -> Float:
        """(units, sizes[k]) derivatives of column k of `log_density`."""

    def complete_information(self, k: int, amounts: Float) -> Float:
        """Minus the second derivatives of ``Σ amounts · log_density[:, k]``; amounts (units,)."""

    def moved(self, step: Float) -> Self:
        """Return the measurement with its parameters changed by `step`, class by class."""

    def maximised(self, amounts: Float) -> Self:
        """Return a likelier measurement, if not the likeliest, of (units, K) amounts."""

    def on(self, rows: NDArray[np.bool_]) -> Self:
        """Return the measurement of some of the rows (n,)."""

    def fixing(self, least: float) -> Self:
        """Return the same measurement with probabilities under `least` taken as known."""


def folding(inverse: NDArray[np.int64], units: int) -> csr_array:
    """(units, n) matrix that sums rows into units."""
    n = len(inverse)
    return csr_array((np.ones(n), (inverse, np.arange(n))), shape=(units, n))
