"""One unimodal cloud like the data: what groups must beat to be more than a cut through it.

Any cloud can be cut, and a long one is cut at the same place every time: stability alone shows no
groups. So data are drawn that have the real columns' distributions and correlations and no groups:
a Gaussian copula whose correlations are adjusted until those of the drawn columns match (NORTA:
Cario and Nelson 1997), after the parametric bootstrap of Liu, Hayes, Nobel and Marron's SigClust
(2008). One continuous factor and a level of answering that differs from person to person are such
clouds. Correlations are shrunk (Ledoit and Wolf 2004), which matters where rows are few.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

_ROUNDS: Final = 6
_LEAST_ROWS: Final = 3000
"""Rows drawn to see which correlations come out."""

_LIMIT: Final = 0.995
_LEAST_VALUE: Final = 1e-6


class Cloud:
    """A Gaussian copula with the columns' own distributions.

    Parameters
    ----------
    table
        (n, d) complete data.
    seed
        Seed of the draws that adjust the correlations.
    """

    def __init__(self, table: Float, seed: np.random.SeedSequence) -> None:
        self._sorted = np.sort(table, axis=0)
        self._n = len(table)
        target = shrunk_correlation(table)
        rng = np.random.default_rng(seed)
        normal = rng.standard_normal((max(_LEAST_ROWS, self._n), table.shape[1]))
        latent = target.copy()
        for _ in range(_ROUNDS):
            self._root = _root(latent)
            latent = latent + target - _correlation(self._columns(normal @ self._root.T))
            np.fill_diagonal(latent, 1.0)
            latent = np.clip(latent, -_LIMIT, _LIMIT)
        self._root = _root(latent)

    def draw(self, rng: np.random.Generator) -> Float:
        """(n, d) data drawn from the cloud."""
        return self._columns(rng.standard_normal(self._sorted.shape) @ self._root.T)

    def _columns(self, normal: Float) -> Float:
        from scipy.special import ndtr

        place = np.minimum((ndtr(normal) * self._n).astype(np.int64), self._n - 1)
        return np.take_along_axis(self._sorted, place, axis=0)


def shrunk_correlation(table: Float) -> Float:
    """(d, d) correlations of the columns, shrunk towards none; 0 for a constant column."""
    from sklearn.covariance import ledoit_wolf_shrinkage

    spread = table.std(axis=0)
    standard = np.divide(
        table - table.mean(axis=0), spread, out=np.zeros_like(table), where=spread > 0
    )
    shrinkage = float(ledoit_wolf_shrinkage(standard, assume_centered=True))
    result: Float = (1 - shrinkage) * (standard.T @ standard) / len(table)
    np.fill_diagonal(result, 1.0)
    return result


def _correlation(table: Float) -> Float:
    centred = table - table.mean(axis=0)
    spread = np.sqrt((centred**2).mean(axis=0))
    spread[spread == 0] = 1.0
    result: Float = (centred / spread).T @ (centred / spread) / len(table)
    return result


def _root(correlation: Float) -> Float:
    """Root of the nearest correlation matrix that is one (negative eigenvalues cut off)."""
    values, axes = np.linalg.eigh(correlation)
    root = axes * np.sqrt(np.maximum(values, _LEAST_VALUE))
    result: Float = root / np.sqrt((root**2).sum(axis=1, keepdims=True))
    return result
