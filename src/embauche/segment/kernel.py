"""One door to the two EM kernels: compiled where numba works, numpy otherwise.

A solution travels in two shapes. *Parameters* (q, K) are what EM climbs over: probabilities of
nominal answers, and the few rows of each other column (`embauche.segment.families`). A *table*
(C + Q, K) begins with the density at every level, all that classifying needs (`log_joint`), and
ends with the Q parameter rows of the columns that are not nominal. Where every column is nominal
the two are the same array.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from embauche.segment.families import NOMINAL, Families, families_of, log_density
from embauche.segment.patterns import Patterns

Float = NDArray[np.float64]
Backend = Literal["auto", "numba", "numpy"]

_FAR: Final = -100.0
_FARTHEST: Final = -690.0
"""Log densities in a table: the highest of a level is not lower than the first, none is lower than
the second; values far out keep their order among classes."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """EM on one set of patterns.

    Attributes
    ----------
    patterns
        The data.
    prior
        Pseudo-respondents added in all, K-th part to each class, spread like the margins (0: none).
    climb
        ``climb(parameters, share, max_iter, tol)`` → objective, steps, converged, each (R,);
        `parameters` (R, q, K) and `share` (R, K) are changed in place. The objective is the
        log-likelihood, plus the log prior where there is one.
    families
        What the columns measure.
    on
        The same kernel on other patterns of the same columns.
    """

    patterns: Patterns
    prior: float
    climb: Callable[[Float, Float, int, float], tuple[Float, NDArray[np.int64], NDArray[np.bool_]]]
    families: Families
    on: Callable[[Patterns], Kernel]

    @property
    def nominal(self) -> bool:
        """Whether every column is nominal, so that parameters and table are the same."""
        return not self.patterns.columns

    def logs(self, parameters: Float) -> Float:
        """(C, K) log density of every level in every class."""
        return _logs(self.patterns, self.families, parameters)

    def table(self, parameters: Float) -> Float:
        """(C + Q, K) table of (q, K) parameters."""
        if self.nominal:
            return parameters
        logs = self.logs(parameters)
        top = logs.max(axis=1, keepdims=True)
        logs = np.maximum(logs - top + np.maximum(top, _FAR), _FARTHEST)
        nominal = self._nominal_rows()
        return np.concatenate([np.exp(logs), parameters[~nominal]])

    def parameters(self, table: Float) -> Float:
        """(q, K) parameters of a (C + Q, K) table."""
        if self.nominal:
            return table
        nominal = self._nominal_rows()
        C = int(self.patterns.cardinality.sum())
        result = np.empty((self.families.rows, table.shape[1]))
        levels = np.repeat(self.families.family == NOMINAL, self.patterns.cardinality)
        result[nominal] = table[:C][levels]
        result[~nominal] = table[C:]
        return result

    def _nominal_rows(self) -> NDArray[np.bool_]:
        ends = np.append(self.families.first_row[1:], self.families.rows)
        return np.repeat(self.families.family == NOMINAL, ends - self.families.first_row)


def kernel(patterns: Patterns, n_classes: int, *, prior: float, backend: Backend) -> Kernel:
    """Prepare EM for `patterns`.

    Parameters
    ----------
    patterns
        The data.
    n_classes
        Number of classes K, by which the prior is divided: `prior` / K pseudo-respondents a class.
    prior
        As in Latent GOLD's Bayes constants: 0 for maximum likelihood, 1 keeps off the boundary.
    backend
        ``"numba"``, ``"numpy"``, or ``"auto"``: numba where it is installed.
    """
    pseudo = patterns.margins() * (prior / n_classes)
    pseudo_share = prior / n_classes
    again = partial(kernel, n_classes=n_classes, prior=prior, backend=backend)
    if backend == "numpy" or (backend == "auto" and find_spec("numba") is None):
        from embauche.segment import kernel_numpy

        data = kernel_numpy.NumpyData.of(patterns, pseudo, pseudo_share)
        return Kernel(
            patterns,
            prior,
            lambda t, s, m, tol: kernel_numpy.climb_all(t, s, data, m, tol),
            data.families,
            again,
        )
    from embauche.segment import kernel_numba, kernel_tables

    families = families_of(patterns)
    lay = kernel_tables.lay_out(patterns, pseudo, pseudo_share, families)
    return Kernel(
        patterns,
        prior,
        lambda t, s, m, tol: kernel_numba.climb_all(t, s, lay, m, tol),
        families,
        again,
    )


def _logs(patterns: Patterns, families: Families, parameters: Float) -> Float:
    ends = np.append(families.first_row[1:], families.rows)
    parts = []
    for j, family in enumerate(families.family):
        levels = slice(patterns.offsets[j], patterns.offsets[j] + patterns.cardinality[j])
        rows = parameters[families.first_row[j] : ends[j]]
        parts.append(log_density(int(family), families.value[levels], families.base[levels], rows))
    return np.concatenate(parts)


def log_joint(
    codes: NDArray[np.int32], offsets: NDArray[np.int64], theta: Float, share: Float
) -> Float:
    """(P, K) log of the joint probability of each pattern and class; missing answers left out.

    `theta` is a table: the densities at all levels come first, and nothing else is read.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return log_joint_of(codes, offsets, np.log(theta), share)


def log_joint_of(
    codes: NDArray[np.int32], offsets: NDArray[np.int64], logs: Float, share: Float
) -> Float:
    """`log_joint` from (C, K) log densities, exact however far out a value is."""
    joint = np.tile(np.log(share), (len(codes), 1))
    for first, column in zip(offsets, codes.T, strict=True):
        answers = logs[first + np.maximum(column, 0)]
        answers[column < 0] = 0.0
        joint += answers
    return joint


def posterior_of(joint: Float) -> tuple[Float, Float]:
    """Return the posterior (P, K) and the log-likelihood (P,) of each pattern."""
    top = joint.max(axis=1, keepdims=True)
    weights = np.exp(joint - top)
    total = weights.sum(axis=1, keepdims=True)
    return weights / total, (np.log(total) + top)[:, 0]
