"""Derivatives of a mixture's log-likelihood: gradient, observed information, scores of rows.

The mixture is ``P(x_i | z_i) = Σ_t P_it f_t(x_i)`` with ``P_it ∝ exp(z_i' β_t)``, `β` of the
reference class 0, and `p_it` the posterior. With `U_t` the scores of class t's measurement, Louis
(1982) gives, `δ` being 1 where the classes are the same and 0 otherwise,

    I[β_t, β_u]  = Σ_i w_i (δ_tu (P_it − p_it) − P_it P_iu + p_it p_iu) z_i z_i'
    I[β_t, θ_u]  = −Σ_i w_i p_iu (δ_tu − p_it) z_i U_iu'
    I[θ_t, θ_u]  = δ_tu Σ_i w_i p_it (−H_it) − Σ_i w_i p_it (δ_tu − p_iu) U_it U_iu'

Parameters stand in this order: `β` of every class but the reference, class by class, then the
measurement's free parameters, class by class.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embauche.segment.measurement import Measurement

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mixture:
    """A mixture at one point of its parameters.

    Attributes
    ----------
    design
        (n, d) columns that membership depends on.
    prior, posterior
        (n, K) class probabilities before and after the row's answers.
    weights
        (n,) weights.
    reference
        The class whose `β` is 0.
    measurement
        The classes' answers where their parameters are estimated too; None where they are known.
    """

    design: Float
    prior: Float
    posterior: Float
    weights: Float
    reference: int
    measurement: Measurement | None = None

    @property
    def others(self) -> list[int]:
        """The classes that have a `β`."""
        return [t for t in range(self.prior.shape[1]) if t != self.reference]

    @property
    def starts(self) -> list[int]:
        """Where each class's measurement parameters begin, and where they all end."""
        sizes = () if self.measurement is None else self.measurement.sizes
        first = len(self.others) * self.design.shape[1]
        return [int(at) for at in first + np.cumsum([0, *sizes])]

    def gradient(self) -> Float:
        """(m,) derivatives of the weighted log-likelihood."""
        residual = (self.posterior - self.prior)[:, self.others] * self.weights[:, None]
        parts = [(residual.T @ self.design).ravel()]
        if self.measurement is not None:
            amounts = self.measurement.fold(self.posterior * self.weights[:, None])
            parts += [self.measurement.scores(t).T @ amounts[:, t] for t in range(amounts.shape[1])]
        return self._freed(np.concatenate(parts))

    def information(self) -> Float:
        """(m, m) observed information."""
        P, p, w = self.prior, self.posterior, self.weights

        def of_membership(t: int, u: int) -> Float:
            same = P[:, t] - p[:, t] if t == u else 0.0
            return w * (same - P[:, t] * P[:, u] + p[:, t] * p[:, u])

        def of_both(t: int, u: int) -> Float:
            return -w * p[:, u] * (float(t == u) - p[:, t])

        def of_measurement(t: int, u: int) -> Float:
            return -w * p[:, t] * (float(t == u) - p[:, u])

        matrix = self._assemble(of_membership, of_both, of_measurement)
        if self.measurement is not None:
            amounts = self.measurement.fold(p * w[:, None])
            for t, (a, b) in enumerate(zip(self.starts[:-1], self.starts[1:], strict=True)):
                matrix[a:b, a:b] += self.measurement.complete_information(t, amounts[:, t])
        return self._freed(self._freed(matrix).T)

    def outer(self, weights: Float) -> Float:
        """(m, m) ``Σ_i weights_i s_i s_i'`` of the rows' scores."""
        p, residual = self.posterior, self.posterior - self.prior
        matrix = self._assemble(
            lambda t, u: weights * residual[:, t] * residual[:, u],
            lambda t, u: weights * residual[:, t] * p[:, u],
            lambda t, u: weights * p[:, t] * p[:, u],
        )
        return self._freed(self._freed(matrix).T)

    def _freed(self, derivatives: Float) -> Float:
        """Turn derivatives by each class's parameters (rows) into those by the free ones."""
        links = None if self.measurement is None else self.measurement.links
        if links is None:
            return derivatives
        first = self.starts[0]
        return np.concatenate([derivatives[:first], links.T @ derivatives[first:]])

    def project(self, matrix: Float) -> Float:
        """(n, c) rows' scores times a matrix (m, c); scores are of unit weight."""
        d = self.design.shape[1]
        links = None if self.measurement is None else self.measurement.links
        if links is not None:
            first = self.starts[0]
            matrix = np.concatenate([matrix[:first], links @ matrix[first:]])
        result = np.zeros((len(self.design), matrix.shape[1]))
        for place, t in enumerate(self.others):
            along = self.design @ matrix[place * d : (place + 1) * d]
            result += (self.posterior[:, t] - self.prior[:, t])[:, None] * along
        if self.measurement is not None:
            for t, (a, b) in enumerate(zip(self.starts[:-1], self.starts[1:], strict=True)):
                along = (self.measurement.scores(t) @ matrix[a:b])[self.measurement.inverse]
                result += self.posterior[:, t, None] * along
        return result

    def _assemble(self, of_membership: _Pair, of_both: _Pair, of_measurement: _Pair) -> Float:
        """Sum products of scores' columns, each pair of classes with factors (n,) of its own."""
        Z, d, starts, part = self.design, self.design.shape[1], self.starts, self.measurement
        matrix = np.zeros((starts[-1], starts[-1]))
        for i, t in enumerate(self.others):
            for j, u in enumerate(self.others[: i + 1]):
                block = Z.T @ (Z * of_membership(t, u)[:, None])
                matrix[i * d : (i + 1) * d, j * d : (j + 1) * d] = block
                matrix[j * d : (j + 1) * d, i * d : (i + 1) * d] = block.T
        if part is None:
            return matrix
        scores = [part.scores(t) for t in range(self.prior.shape[1])]
        for u, U in enumerate(scores):
            rows = slice(starts[u], starts[u + 1])
            for i, t in enumerate(self.others):
                block = U.T @ part.fold(Z * of_both(t, u)[:, None])
                matrix[rows, i * d : (i + 1) * d] = block
                matrix[i * d : (i + 1) * d, rows] = block.T
            for v in range(u + 1):
                columns = slice(starts[v], starts[v + 1])
                block = U.T @ (scores[v] * part.fold(of_measurement(u, v))[:, None])
                matrix[rows, columns] = block
                matrix[columns, rows] = block.T
        return matrix


class _Pair(Protocol):
    """(n,) factors of a pair of classes."""

    def __call__(self, t: int, u: int) -> Float: ...
