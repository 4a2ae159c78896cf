"""Columns as terms of a regression: the rules by which every set of predictors becomes numbers.

What is learnt (which answers are frequent enough, means, spreads, knots) is learnt from the
training rows. A unit means alike in all terms, so that one ridge penalty is fair to all of them:
numbers have a standard deviation of 1, answers are 0/1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Float = NDArray[np.float64]
Rows = NDArray[np.int64]

MOST_ANSWERS: Final = 20
"""Of a column with more answers, the most frequent are kept and the others pooled."""

LEAST_ROWS: Final = 5
"""An answer that fewer training rows gave has no term of its own."""

FEW_VALUES: Final = 10
"""A number with no more distinct values has a term a value beside the straight line."""

MANY_COLUMNS: Final = 10
"""With more numeric columns than this, each bends once instead of three times."""

_KNOTS: Final = (0.05, 0.275, 0.5, 0.725, 0.95)
_FEW_KNOTS: Final = (0.1, 0.5, 0.9)
_SKEWED: Final = 2.0
_BENDS: Final = (1.0, 0.7, 0.5)
"""Spread of the first, second, third bend: a wilder curve is held back more."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of all rows, as numbers or as codes of answers.

    Attributes
    ----------
    numeric
        (n, a), NaN where missing.
    answers
        (n, b) codes, −1 where missing. A code stands for an answer and for nothing else.
    """

    numeric: Float
    answers: NDArray[np.int64]

    @classmethod
    def of(cls, frame: pl.DataFrame, nominal: frozenset[str]) -> Columns:
        """Read a frame: numbers as numbers, except those named in `nominal`."""
        numeric: list[Float] = []
        answers: list[NDArray[np.int64]] = []
        for column in frame:
            if column.dtype.is_numeric() and column.name not in nominal:
                values = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
                numeric.append(np.where(np.isfinite(values), values, np.nan))
            else:
                answers.append(answer_codes(column))
        n = frame.height
        return cls(
            np.column_stack(numeric) if numeric else np.empty((n, 0)),
            np.column_stack(answers) if answers else np.empty((n, 0), dtype=np.int64),
        )

    def missing(self) -> int:
        """Rows in which something is missing."""
        gaps = np.isnan(self.numeric).any(axis=1) | (self.answers < 0).any(axis=1)
        return int(gaps.sum())

    def terms(self, train: Rows) -> Float:
        """Return (n, p) terms of all rows, learnt from the training rows."""
        knots = _FEW_KNOTS if self.numeric.shape[1] > MANY_COLUMNS else _KNOTS
        parts = [_answer_terms(column, train) for column in self.answers.T]
        parts += [_number_terms(column, train, knots) for column in self.numeric.T]
        whole = np.concatenate([np.empty((len(self.numeric), 0)), *parts], axis=1)
        return whole[:, np.ptp(whole[train], axis=0) > 0] if whole.shape[1] else whole


def answer_codes(column: pl.Series) -> NDArray[np.int64]:
    """(n,) a code an answer in the order of their text, −1 where missing."""
    if column.dtype.is_float():
        column = column.fill_nan(None)
    text = column.cast(pl.String)
    place = {answer: at for at, answer in enumerate(sorted(set(text.drop_nulls().to_list())))}
    return np.array([-1 if v is None else place[v] for v in text.to_list()], dtype=np.int64)


def _answer_terms(codes: NDArray[np.int64], train: Rows) -> Float:
    """Return a 0/1 column an answer (missing is one too), and one for all rare answers together."""
    counts = np.bincount(codes[train] + 1)
    kept = np.flatnonzero(counts >= LEAST_ROWS)
    kept = kept[np.argsort(-counts[kept], kind="stable")][: MOST_ANSWERS + 1] - 1
    own = (codes[:, None] == kept[None, :]).astype(np.float64)
    rest = 1 - own.sum(axis=1, keepdims=True)
    enough = rest[train].sum() >= LEAST_ROWS
    return np.concatenate([own, rest], axis=1) if enough else own


def _number_terms(column: Float, train: Rows, knots: tuple[float, ...]) -> Float:
    """Return a number as a line and its bends, with a 0/1 column for missing ones.

    Numbers that are never negative and skewer than 2 stand as ``log(1 + x)``. Bends are a natural
    cubic spline (Harrell 2015), made uncorrelated with the line and with each other; beyond the
    training rows' limits, a number counts as the limit.
    """
    missing = np.isnan(column)
    gaps = missing[:, None].astype(np.float64)
    known = column[train][~missing[train]]
    if len(known) < LEAST_ROWS or np.ptp(known) == 0:
        return gaps
    values = np.where(missing, known.mean(), np.clip(column, known.min(), known.max()))
    if known.min() >= 0 and _skewness(known) > _SKEWED:
        values, known = np.log1p(values), np.log1p(known)
    z = (values - known.mean()) / known.std()
    z[missing] = 0.0
    learnt = train[~missing[train]]
    distinct = np.unique(z[learnt])
    if len(distinct) <= 2:
        return np.column_stack([z, gaps])
    if len(distinct) <= FEW_VALUES:
        levels = (np.abs(z[:, None] - distinct[None, :]) < 1e-9).astype(np.float64)
        levels[missing] = 0.0
        return np.column_stack([z, 0.7 * levels[:, levels[learnt].sum(axis=0) >= LEAST_ROWS], gaps])
    at = np.unique(np.quantile(z[learnt], knots))
    if len(at) < 3:
        return np.column_stack([z, gaps])
    bends = _natural(z, at)
    base = np.column_stack([np.ones(len(z)), z])
    kept = []
    for place in range(bends.shape[1]):
        on = base[learnt]
        slope = np.linalg.lstsq(on, bends[learnt, place], rcond=None)[0]
        rest = bends[:, place] - base @ slope
        spread = rest[learnt].std()
        if spread > 1e-6:
            rest = rest / spread
            rest[missing] = 0.0
            base = np.column_stack([base, rest])
            kept.append(_BENDS[place] * np.clip(rest, -5, 5))
    return np.column_stack([z, *kept, gaps])


def _skewness(values: Float) -> float:
    return float((((values - values.mean()) / values.std()) ** 3).mean())


def _natural(z: Float, at: Float) -> Float:
    """(n, knots − 2) natural cubic spline terms: cubic between knots, straight beyond them."""

    def above(knot: float) -> Float:
        cubic: Float = np.maximum(z - knot, 0.0) ** 3
        return cubic

    last, before = at[-1], at[-2]
    width = last - before
    terms = [
        above(knot) - above(before) * (last - knot) / width + above(last) * (before - knot) / width
        for knot in at[:-2]
    ]
    return np.column_stack(terms)
