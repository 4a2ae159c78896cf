"""Covariates as the columns of a regression: numbers as they are, categories as dummies.

Inside, columns are centred and scaled so that Newton's method works on numbers of one size; results
are carried back to the original scale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from embauche.errors import StatisticsError

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Covariate:
    """One covariate, and how it entered.

    Attributes
    ----------
    name
        The column's name.
    levels
        The categories that have a dummy column; empty for a number.
    reference
        The category that the others are compared with; None for a number.
    """

    name: str
    levels: tuple[str, ...] = ()
    reference: str | None = None

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of its columns."""
        return tuple(f"{self.name}: {level}" for level in self.levels) or (self.name,)

    def to_dict(self) -> dict[str, Any]:
        """Return the covariate as JSON-ready data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class CovariateTable:
    """Covariates read as numbers.

    Attributes
    ----------
    covariates
        In the order of the table.
    columns
        (n, terms) numbers and dummies, NaN where the covariate is missing.
    """

    covariates: tuple[Covariate, ...]
    columns: Float

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(term for covariate in self.covariates for term in covariate.terms)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the covariates that some row lacks."""
        lacking = [bool(np.isnan(column).any()) for column in self.columns.T]
        names = [covariate.name for covariate in self.covariates for _ in covariate.terms]
        found = [name for name, lacks in zip(names, lacking, strict=True) if lacks]
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Design:
    """A constant and standardised covariates.

    Attributes
    ----------
    matrix
        (n, d) ones, then the columns with mean 0 and standard deviation 1 under the weights.
    back
        (d, d): coefficients of the original columns are ``back @`` those of `matrix`.
    spread
        (d,) range of each column of `matrix`; 1 for the constant.
    """

    matrix: Float
    back: Float
    spread: Float


def read_covariates(
    frame: Any,
    known: Sequence[Covariate] | None = None,
    *,
    reference_levels: Mapping[str, Any] | None = None,
) -> CovariateTable:
    """Read a table of covariates.

    Parameters
    ----------
    frame
        A polars or pandas frame, or a 2-D array, whose columns are then called ``z1``, ``z2``…
        Strings, booleans and categoricals become dummies; null and NaN are missing.
    known
        Covariates to read by; without them they are read from the table, with the first category
        (in ascending order, or in that of an enumeration) as reference.
    reference_levels
        Column → the category that the others are compared with.

    Raises
    ------
    StatisticsError
        Where a column is missing, of no usable type, not finite, or holds an unknown category.
    """
    table = _series(frame)
    wanted = dict(reference_levels or {})
    for name in wanted:
        if name not in table:
            raise StatisticsError("membership.missing_covariate", column=name)
    if known is None:
        known = [_covariate(name, series, wanted.get(name)) for name, series in table.items()]
    parts = []
    for covariate in known:
        if covariate.name not in table:
            raise StatisticsError("membership.missing_covariate", column=covariate.name)
        parts.append(_columns(covariate, table[covariate.name]))
    return CovariateTable(tuple(known), np.column_stack(parts))


def design(table: CovariateTable, rows: NDArray[np.bool_], weights: Float) -> Design:
    """Standardise the columns of complete rows.

    Parameters
    ----------
    table
        Covariates of n rows.
    rows
        (n,) which rows take part; none of them lacks a covariate.
    weights
        (rows,) their weights.

    Raises
    ------
    StatisticsError
        If a column is constant, or follows from the columns before it.
    """
    columns = table.columns[rows]
    d = columns.shape[1] + 1
    share = weights / weights.sum()
    mean = share @ columns
    centred = columns - mean
    scale = np.sqrt(share @ centred**2)
    for term, size, about in zip(table.terms, scale, mean, strict=True):
        if size <= 1e-12 * max(1.0, abs(about)):
            raise StatisticsError("membership.constant_covariate", column=term)
    standard = centred / scale
    for j in range(1, d - 1):
        fitted, *_ = np.linalg.lstsq(standard[:, :j], standard[:, j], rcond=None)
        if ((standard[:, j] - standard[:, :j] @ fitted) ** 2 @ share) < 1e-10:
            raise StatisticsError("membership.collinear_covariate", column=table.terms[j])
    back = np.eye(d)
    back[0, 1:] = -mean / scale
    back[1:, 1:] = np.diag(1 / scale)
    matrix = np.column_stack([np.ones(len(columns)), standard])
    spread = np.concatenate([[1.0], np.ptp(standard, axis=0)])
    return Design(matrix, back, spread)


def _series(frame: Any) -> dict[str, Any]:
    if isinstance(frame, np.ndarray):
        if frame.ndim != 2 or frame.size == 0:
            raise StatisticsError("membership.no_covariates")
        return {f"z{j + 1}": column for j, column in enumerate(frame.T)}
    try:
        table = nw.from_native(frame, eager_only=True)
    except TypeError as error:
        raise StatisticsError("latent_class.not_a_table", type=type(frame).__name__) from error
    if not table.columns or len(table) == 0:
        raise StatisticsError("membership.no_covariates")
    return {str(name): table[name] for name in table.columns}


def values_of(name: str, series: Any) -> tuple[NDArray[Any], tuple[str, ...] | None]:
    """Return a column's values, and its categories in order where it is no number.

    Numbers come as floats with NaN; categories as strings with None.
    """
    if isinstance(series, np.ndarray):
        if series.dtype.kind in "iuf":
            return _finite(name, series.astype(np.float64)), None
        values = series.tolist()
        declared = None
    else:
        kind = series.dtype
        if kind.is_numeric():
            return _finite(name, series.cast(nw.Float64).to_numpy().astype(np.float64)), None
        if kind not in (nw.Boolean, nw.String, nw.Categorical, nw.Enum, nw.Object):
            raise StatisticsError("membership.covariate_type", column=name, type=str(kind))
        values = series.to_list()
        declared = [str(level) for level in kind.categories] if isinstance(kind, nw.Enum) else None
    texts = [None if value is None or value != value else str(value) for value in values]  # noqa: PLR0124 - NaN
    present = {text for text in texts if text is not None}
    levels = [level for level in declared if level in present] if declared else sorted(present)
    return np.array(texts, dtype=object), tuple(levels)


def _finite(name: str, values: Float) -> Float:
    wrong = np.flatnonzero(np.isinf(values))
    if wrong.size:
        raise StatisticsError("membership.not_finite", column=name, row=int(wrong[0]) + 1)
    return values


def _covariate(name: str, series: Any, reference: Any) -> Covariate:
    _, levels = values_of(name, series)
    if levels is None:
        if reference is not None:
            raise StatisticsError("membership.reference_of_number", column=name)
        return Covariate(name)
    chosen = levels[0] if reference is None and levels else str(reference)
    if chosen not in levels:
        raise StatisticsError(
            "membership.unknown_level", column=name, value=chosen, known=list(levels)
        )
    others = tuple(level for level in levels if level != chosen)
    if not others:
        raise StatisticsError("membership.constant_covariate", column=name)
    return Covariate(name, others, chosen)


def _columns(covariate: Covariate, series: Any) -> Float:
    values, levels = values_of(covariate.name, series)
    if (levels is None) != (covariate.reference is None):
        kind = "number" if levels is None else "text"
        raise StatisticsError("membership.covariate_type", column=covariate.name, type=kind)
    if levels is None:
        return np.asarray(values, dtype=np.float64)[:, None]
    known = [str(covariate.reference), *covariate.levels]
    for level in levels:
        if level not in known:
            raise StatisticsError(
                "membership.unknown_level", column=covariate.name, value=level, known=known
            )
    dummies = np.column_stack([(values == level).astype(float) for level in covariate.levels])
    dummies[np.array([value is None for value in values])] = np.nan
    return dummies
