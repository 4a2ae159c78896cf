"""Identical rows of answers collapsed into weighted patterns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.segment.answers import AMOUNTS, MISSING, Category, Indicator, encode

_KEY_BITS: Final = 62

__all__ = ["MISSING", "Category", "Indicator", "Patterns", "collapse", "encode"]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Distinct rows of answers, with how much weight has each.

    Attributes
    ----------
    codes
        (P, J) codes in lexicographic order, −1 where missing.
    weights
        (P,) summed weights.
    inverse
        (n,) pattern of each row.
    cardinality
        (J,) number of levels (answers, or distinct amounts) of each column.
    columns
        The indicators, where one is not nominal; otherwise they need not be given.
    squares
        (P,) summed squared weights of the rows, for sandwich errors; ``None`` where not known.
    """

    codes: NDArray[np.int32]
    weights: NDArray[np.float64]
    inverse: NDArray[np.int64]
    cardinality: NDArray[np.int64]
    columns: tuple[Indicator, ...] = ()
    squares: NDArray[np.float64] | None = None

    @property
    def offsets(self) -> NDArray[np.int64]:
        """(J,) where each column's answers begin among the C answers of all columns."""
        starts: NDArray[np.int64] = np.cumsum(self.cardinality) - self.cardinality
        return starts

    def weighted(self, weights: NDArray[np.float64]) -> Patterns:
        """Return the patterns under other weights (P,), without those that weigh nothing.

        The result's `inverse` maps the patterns of `self`, −1 for those left out.
        """
        kept = weights > 0
        inverse = np.where(kept, np.cumsum(kept) - 1, -1)
        return Patterns(self.codes[kept], weights[kept], inverse, self.cardinality, self.columns)

    def sampled(self, counts: NDArray[np.int64]) -> Patterns:
        """Return a sample, pattern p `counts[p]` times; amounts nobody has are no levels in it."""
        sample = self.weighted(counts.astype(np.float64))
        if not any(column.kind in AMOUNTS for column in self.columns):
            return sample
        codes, sizes, columns = sample.codes.copy(), sample.cardinality.copy(), [*self.columns]
        for j, column in enumerate(self.columns):
            given = codes[:, j] >= 0
            if column.kind in AMOUNTS and given.any():
                levels, codes[given, j] = np.unique(codes[given, j], return_inverse=True)
                columns[j] = replace(column, values=column.values[levels])
                sizes[j] = len(levels)
        return replace(sample, codes=codes, cardinality=sizes, columns=tuple(columns))

    def measured(self, indicators: Sequence[Indicator]) -> Patterns:
        """Return the patterns with what their columns measure."""
        if self.columns or all(column.kind in ("nominal", "binary") for column in indicators):
            return self
        return replace(self, columns=tuple(indicators))

    def margins(self) -> NDArray[np.float64]:
        """(C,) weighted share of each answer among those who answered the column."""
        shares = [
            np.bincount(column[column >= 0], weights=self.weights[column >= 0], minlength=int(size))
            for column, size in zip(self.codes.T, self.cardinality, strict=True)
        ]
        return np.concatenate([counts / max(counts.sum(), 1e-300) for counts in shares])


def collapse(
    codes: NDArray[np.int32],
    cardinality: NDArray[np.int64],
    weights: NDArray[np.float64],
    columns: Sequence[Indicator] = (),
) -> Patterns:
    """Collapse identical rows.

    Parameters
    ----------
    codes
        (n, J), −1 where missing.
    cardinality
        (J,) number of levels of each column.
    weights
        (n,) weight of each row.
    columns
        The indicators; needed where one is not nominal.
    """
    # Columns are folded into one key in lexicographic order; a key about to overflow is replaced by
    # its rank.
    key, bits = np.zeros(len(codes), dtype=np.int64), 0.0
    for column, size in zip(codes.T, cardinality, strict=True):
        if bits + np.log2(size + 1.0) >= _KEY_BITS:
            distinct_keys, key = np.unique(key, return_inverse=True)
            key, bits = key.ravel().astype(np.int64), float(np.log2(len(distinct_keys)))
        key = key * (int(size) + 1) + (column + 1)
        bits += float(np.log2(size + 1.0))
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    inverse = inverse.ravel().astype(np.int64)
    total = np.bincount(inverse, weights=weights, minlength=len(first)).astype(np.float64)
    squares = np.bincount(inverse, weights=weights**2, minlength=len(first)).astype(np.float64)
    distinct = np.ascontiguousarray(codes[first])
    return Patterns(distinct, total, inverse, cardinality, squares=squares).measured(columns)
