"""What each side of a comparison may look at: memberships and demographics, fold by fold.

Whatever is learnt from rows (classes, band limits, means) is learnt from the training rows only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.segment.kernel import log_joint, posterior_of
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.patterns import Indicator, collapse, encode

Float = NDArray[np.float64]
Codes = NDArray[np.int32]

STARTS: Final = 12
"""Random starts of a latent class model in a fold: twenty-five folds need not hunt for the last
unit of log-likelihood."""

BANDS: Final = 3
"""A numeric demographic is cut in tertiles to form demographic segments."""

MOST_ANSWERS: Final = 20
"""Of a demographic with more answers, the most frequent are kept and the others pooled."""


@dataclass(frozen=True, slots=True)
class Coded:
    """Nominal answers as codes, of all rows."""

    indicators: tuple[Indicator, ...]
    codes: Codes

    @classmethod
    def of(cls, frame: pl.DataFrame) -> Coded:
        """Encode a frame of nominal columns; columns without an answer are left out."""
        used = [column.name for column in frame if column.drop_nulls().n_unique() > 1]
        indicators, codes = encode(frame.select(used))
        return cls(indicators, codes)

    def memberships(
        self, train: NDArray[np.int64], test: NDArray[np.int64], weights: Float, k: int, seed: int
    ) -> tuple[Float, Float]:
        """Fit k classes on the training rows; return posteriors of training and test rows.

        An answer that no training row gave says nothing about a test row's class. Where there are
        no more than `k` distinct rows, the rows themselves are the segments.
        """
        sizes = np.array([len(item.categories) for item in self.indicators], dtype=np.int64)
        learnt = self.codes[train]
        answered = (learnt >= 0).any(axis=1)
        patterns = collapse(learnt[answered], sizes, weights[train][answered])
        if len(patterns.codes) <= k:
            return tuple(_cells(self.codes[rows], patterns.codes) for rows in (train, test))  # type: ignore[return-value]
        model = LatentClassModel(k, seed=seed, n_starts=STARTS, max_iter=1000, tol=1e-4)
        model.fit_patterns(patterns, self.indicators)
        theta = np.concatenate([table.T for table in model.item_probabilities_.values()])
        both = np.concatenate([train, test])
        seen = collapse(self.codes[both], sizes, np.ones(len(both)))
        posterior = posterior_of(log_joint(seen.codes, seen.offsets, theta, model.class_shares_))[0]
        rows = posterior[seen.inverse]
        return rows[: len(train)], rows[len(train) :]


def _cells(codes: Codes, cells: Codes) -> Float:
    same: Float = (codes[:, None, :] == cells[None, :, :]).all(axis=2).astype(np.float64)
    return same


@dataclass(frozen=True, slots=True)
class Demographics:
    """Demographic columns of all rows.

    Attributes
    ----------
    numeric
        (n, a) with NaN where missing.
    answers
        (n, b) codes, −1 where missing.
    sizes
        (b,) number of answers of each.
    """

    numeric: Float
    answers: Codes
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, frame: pl.DataFrame, nominal: frozenset[str]) -> Demographics:
        """Read the columns: numbers as numbers, except those named in `nominal`."""
        numeric: list[Float] = []
        answers: list[Codes] = []
        sizes: list[int] = []
        for column in frame:
            if column.dtype.is_numeric() and column.name not in nominal:
                numeric.append(column.cast(pl.Float64).fill_null(float("nan")).to_numpy())
            else:
                codes = _answer_codes(column)
                answers.append(codes)
                sizes.append(int(codes.max(initial=-1)) + 1)
        n = frame.height
        return cls(
            np.column_stack(numeric) if numeric else np.empty((n, 0)),
            np.column_stack(answers) if answers else np.empty((n, 0), dtype=np.int32),
            tuple(sizes),
        )

    def banded(self, train: NDArray[np.int64]) -> Coded:
        """Cut numbers at the training rows' tertiles, for the latent class engine."""
        parts = [self.answers.astype(np.int32)]
        sizes = list(self.sizes)
        for column in self.numeric.T:
            known = column[train][~np.isnan(column[train])]
            cuts = np.quantile(known, np.arange(1, BANDS) / BANDS) if len(known) else np.empty(0)
            limits = np.unique(cuts)
            band = np.searchsorted(limits, column, side="left").astype(np.int32)
            parts.append(np.where(np.isnan(column), -1, band)[:, None].astype(np.int32))
            sizes.append(len(limits) + 1)
        indicators = tuple(
            Indicator(f"d{at}", tuple(range(max(size, 1)))) for at, size in enumerate(sizes)
        )
        return Coded(indicators, np.column_stack(parts))

    def design(self, train: NDArray[np.int64], test: NDArray[np.int64]) -> tuple[Float, Float]:
        """Return full demographics of training and test rows.

        Each answer is a 0/1 column, missing included; a number stands with its square, so that an
        effect that rises and falls with age is not held against demographics, and a missing number
        is the training mean with a 0/1 column of its own.
        """
        parts = [
            (self.answers[:, at] == level)[:, None].astype(np.float64)
            for at, size in enumerate(self.sizes)
            for level in range(-1, size)
        ]
        for column in self.numeric.T:
            learnt = column[train]
            missing = np.isnan(column)
            known = learnt[~np.isnan(learnt)]
            mean = known.mean() if len(known) else 0.0
            spread = (known.std() if len(known) else 1.0) or 1.0
            z = np.where(missing, 0.0, np.clip((column - mean) / spread, -5, 5))
            parts.append(np.column_stack([z, z**2, missing]))
        whole = np.concatenate(parts, axis=1)
        varies = np.ptp(whole[train], axis=0) > 0
        return whole[train][:, varies], whole[test][:, varies]


def _answer_codes(column: pl.Series) -> Codes:
    text = column.cast(pl.String)
    counts = (
        text.drop_nulls().value_counts(name="n").sort(["n", column.name], descending=[True, False])
    )
    kept = counts[column.name].to_list()[:MOST_ANSWERS]
    place = {answer: at for at, answer in enumerate(kept)}
    return np.array(
        [-1 if value is None else place.get(value, len(kept)) for value in text.to_list()],
        dtype=np.int32,
    )
