"""Distal outcomes: what is compared between classes, and its density inside a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, Self

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from embauche.errors import StatisticsError
from embauche.segment.covariates import values_of
from embauche.segment.measurement import folding

Float = NDArray[np.float64]
OutcomeKind = Literal["continuous", "binary", "nominal", "count"]

_LEAST_VARIANCE: Final = 1e-4
"""Least variance in a class, beside that of all, so that no class shrinks to one row."""

_LEAST: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome read as numbers.

    Attributes
    ----------
    kind
        ``"continuous"``, ``"binary"``, ``"nominal"`` or ``"count"``.
    columns
        (n, c) what is averaged in each class: the amounts, or one column of 0 and 1 a category
        (for a binary outcome only its second); NaN where missing.
    categories
        The categories of `columns`; empty for amounts and counts.
    reference
        For a binary outcome, the category that has no column.
    """

    kind: OutcomeKind
    columns: Float
    categories: tuple[str, ...]
    reference: str | None = None


def read_outcome(outcome: Any, kind: str) -> Outcome:
    """Read an outcome.

    Parameters
    ----------
    outcome
        (n,) polars or pandas series, array or list; null and NaN are missing.
    kind
        The kind, or ``"auto"``: texts and booleans are categories, two different numbers are
        binary, other numbers amounts. A count has to be called one.

    Raises
    ------
    StatisticsError
        Where the kind is unknown or does not fit the values, or all are equal or missing.
    """
    if kind not in ("auto", "continuous", "binary", "nominal", "count"):
        raise StatisticsError("distal.kind", value=str(kind))
    values, levels = _values(outcome)
    if kind == "auto":
        found = np.unique(values[~np.isnan(values)]) if levels is None else levels
        amounts = "continuous" if levels is None else "nominal"
        kind = "binary" if len(found) == 2 else amounts
    return (
        _amounts(values, levels, kind)
        if kind in ("continuous", "count")
        else _shares(values, levels, kind)
    )


def _amounts(values: NDArray[Any], levels: tuple[str, ...] | None, kind: str) -> Outcome:
    if levels is not None:
        raise StatisticsError("distal.not_numbers", value=levels[0] if levels else "")
    given = values[~np.isnan(values)]
    if len(np.unique(given)) < 2:
        raise StatisticsError("distal.constant")
    wrong = given[(given < 0) | (given != np.floor(given))]
    if kind == "count" and len(wrong):
        raise StatisticsError("distal.not_counts", value=float(wrong[0]))
    return Outcome("count" if kind == "count" else "continuous", values[:, None], ())


def _shares(values: NDArray[Any], levels: tuple[str, ...] | None, kind: str) -> Outcome:
    if levels is None:
        levels = tuple(_label(value) for value in np.unique(values[~np.isnan(values)]))
        labels = [None if value != value else _label(value) for value in values]  # noqa: PLR0124
        values = np.array(labels, dtype=object)
    if len(levels) < 2:
        raise StatisticsError("distal.constant")
    if kind == "binary" and len(levels) != 2:
        raise StatisticsError("distal.not_binary", n=len(levels))
    shown = levels[1:] if kind == "binary" else levels
    columns = np.column_stack([(values == level).astype(float) for level in shown])
    columns[np.array([value is None for value in values])] = np.nan
    if kind == "binary":
        return Outcome("binary", columns, shown, levels[0])
    return Outcome("nominal", columns, shown)


def _label(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)


def _values(outcome: Any) -> tuple[NDArray[Any], tuple[str, ...] | None]:
    if isinstance(outcome, list | tuple):
        numbers = all(v is None or isinstance(v, int | float) for v in outcome)
        numbers = numbers and not any(isinstance(v, bool) for v in outcome)
        outcome = np.array(
            [np.nan if v is None else v for v in outcome] if numbers else outcome,
            dtype=np.float64 if numbers else object,
        )
    if isinstance(outcome, np.ndarray):
        if outcome.ndim != 1:
            raise StatisticsError("distal.not_a_column")
        return values_of("", outcome)
    try:
        series = nw.from_native(outcome, series_only=True)
    except TypeError as error:
        raise StatisticsError("distal.not_a_column") from error
    return values_of(str(series.name), series)


class OutcomeDensity:
    """An outcome as a `Measurement`: each class has a distribution of its own.

    Normal with its own mean and variance, multinomial, or Poisson.

    Parameters
    ----------
    outcome
        Of the rows that take part; none is missing.
    inverse
        (R,) row of each record.
    values
        (K, c) means or shares of the columns of `outcome` in each class.
    variances
        (K,) of a continuous outcome.
    """

    def __init__(
        self, outcome: Outcome, inverse: NDArray[np.int64], values: Float, variances: Float
    ) -> None:
        self.outcome, self.inverse = outcome, inverse
        self._fold = folding(inverse, len(outcome.columns))
        y = outcome.columns
        self._all = np.column_stack([1 - y, y]) if outcome.kind == "binary" else y
        self._spread = float(y[:, 0].var()) if outcome.kind == "continuous" else 0.0
        self._set(values, variances)

    def _set(self, values: Float, variances: Float) -> None:
        kind = self.outcome.kind
        if kind == "binary":
            values = np.column_stack([1 - values, values])
        if kind in ("binary", "nominal"):
            values = np.maximum(values, _LEAST)
            values = values / values.sum(axis=1, keepdims=True)
        elif kind == "count":
            values = np.maximum(values, _LEAST)
        self._values = values
        self.variances = np.maximum(variances, self._least())

    def _again(self, **changes: Any) -> Self:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__ | changes)
        return other

    @property
    def values(self) -> Float:
        """(K, c) means or shares of the outcome's columns."""
        return self._values[:, 1:] if self.outcome.kind == "binary" else self._values

    @property
    def sizes(self) -> tuple[int, ...]:
        """Free parameters of each class."""
        K, c = self._values.shape
        each = {"continuous": 2, "count": 1}.get(self.outcome.kind, int(c) - 1)
        return (each,) * int(K)

    @property
    def links(self) -> Float | None:
        """None: classes share nothing."""
        return None

    def fold(self, amounts: Float) -> Float:
        """Sum amounts of records into rows."""
        folded: Float = self._fold @ amounts
        return folded

    def log_density(self) -> Float:
        """(rows, K) log-density, without what is the same in every class."""
        y, v = self._all, self._values
        if self.outcome.kind == "continuous":
            gaps = (y - v[:, 0]) ** 2 / self.variances
            logs: Float = -0.5 * (gaps + np.log(self.variances))
        elif self.outcome.kind == "count":
            logs = y * np.log(v[:, 0]) - v[:, 0]
        else:
            logs = y @ np.log(v).T
        return logs

    def scores(self, k: int) -> Float:
        """(rows, sizes[k]) with respect to mean and log s.d., log rate, or log-odds."""
        y, v = self._all, self._values[k]
        if self.outcome.kind == "continuous":
            gap = y[:, 0] - v[0]
            return np.column_stack([gap / self.variances[k], gap**2 / self.variances[k] - 1])
        gaps: Float = y - v
        return gaps if self.outcome.kind == "count" else gaps[:, 1:]

    def complete_information(self, k: int, amounts: Float) -> Float:
        """Information if the classes were known."""
        total, v = amounts.sum(), self._values[k]
        if self.outcome.kind == "continuous":
            gap = self._all[:, 0] - v[0]
            off = 2 * float(amounts @ gap)
            square = 2 * float(amounts @ gap**2)
            normal: Float = np.array([[total, off], [off, square]]) / self.variances[k]
            return normal
        if self.outcome.kind == "count":
            return np.array([[total * v[0]]])
        multinomial: Float = total * (np.diag(v) - np.outer(v, v))[1:, 1:]
        return multinomial

    def moved(self, step: Float) -> Self:
        """Change the free parameters, class by class."""
        steps = step.reshape(len(self._values), -1)
        if self.outcome.kind == "continuous":
            ahead = np.maximum(self.variances * np.exp(2 * steps[:, 1]), self._least())
            return self._again(_values=self._values + steps[:, :1], variances=ahead)
        if self.outcome.kind == "count":
            return self._again(_values=np.maximum(self._values * np.exp(steps), 1e-12))
        logs = np.log(self._values)
        logs[:, 1:] += steps
        values = np.exp(logs - logs.max(axis=1, keepdims=True))
        values = np.maximum(values / values.sum(axis=1, keepdims=True), 1e-12)
        return self._again(_values=values)

    def maximised(self, amounts: Float) -> Self:
        """Return weighted means, shares and variances."""
        total = np.maximum(amounts.sum(axis=0), 1e-300)
        values = (amounts.T @ self._all) / total[:, None]
        if self.outcome.kind != "continuous":
            return self._again(_values=np.maximum(values, 1e-12))
        variances = (amounts * (self._all - values[:, 0]) ** 2).sum(axis=0) / total
        return self._again(_values=values, variances=np.maximum(variances, self._least()))

    def _least(self) -> float:
        return _LEAST_VARIANCE * self._spread

    def on(self, rows: NDArray[np.bool_]) -> Self:
        """Return the density of some of the records."""
        inverse = self.inverse[rows]
        fold = folding(inverse, len(self.outcome.columns))
        return self._again(inverse=inverse, _fold=fold)

    def fixing(self, least: float) -> Self:  # noqa: ARG002 - every parameter stays free
        """Return the same density."""
        return self

    def slopes(self) -> Float:
        """(K · c, K · size) derivatives of `values` with respect to the free parameters."""
        K, c = self.values.shape
        size = self.sizes[0]
        matrix = np.zeros((K * c, K * size))
        for k, v in enumerate(self._values):
            if self.outcome.kind == "continuous":
                block = np.array([[1.0, 0.0]])
            elif self.outcome.kind == "count":
                block = v[:, None]
            else:
                whole = (np.diag(v) - np.outer(v, v))[:, 1:]
                block = whole[1:] if self.outcome.kind == "binary" else whole
            matrix[k * c : (k + 1) * c, k * size : (k + 1) * size] = block
        return matrix
