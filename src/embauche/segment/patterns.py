"""Answers as integer codes, and identical rows of answers collapsed into weighted patterns.

A column is an `Indicator`; today every indicator is nominal, and `Indicator.kind` is where ordinal,
count and Gaussian ones will say what they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from embauche.errors import StatisticsError

Category = bool | int | str
"""An answer, as JSON can hold it."""

MISSING: Final = -1
"""Code of a missing answer."""

_SHOWN: Final = 6
"""How many known answers an error lists before it stops."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One column that classes are told by.

    Attributes
    ----------
    name
        The column's name.
    categories
        Its answers, in the order of their codes.
    kind
        ``"nominal"``: each class has a probability of its own for every answer.
    """

    name: str
    categories: tuple[Category, ...]
    kind: str = "nominal"


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
        (J,) number of answers of each column.
    """

    codes: NDArray[np.int32]
    weights: NDArray[np.float64]
    inverse: NDArray[np.int64]
    cardinality: NDArray[np.int64]

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
        return Patterns(self.codes[kept], weights[kept], inverse, self.cardinality)

    def margins(self) -> NDArray[np.float64]:
        """(C,) weighted share of each answer among those who answered the column."""
        shares = [
            np.bincount(column[column >= 0], weights=self.weights[column >= 0], minlength=int(size))
            for column, size in zip(self.codes.T, self.cardinality, strict=True)
        ]
        return np.concatenate([counts / max(counts.sum(), 1e-300) for counts in shares])


def encode(
    frame: Any, known: Sequence[Indicator] | None = None
) -> tuple[tuple[Indicator, ...], NDArray[np.int32]]:
    """Turn a table into codes.

    Parameters
    ----------
    frame
        A polars or pandas frame (anything narwhals takes), or a 2-D array, whose columns are then
        called ``x1``, ``x2``… Integers, whole floats, booleans, strings and categoricals are
        nominal answers; null and NaN are missing.
    known
        The indicators to code by. Without them they are read from the table: the answers that
        occur, in ascending order (or in the order of an enumeration).

    Returns
    -------
    indicators, codes
        The indicators and (n, J) codes, −1 where missing.

    Raises
    ------
    StatisticsError
        Where a column is missing, stands in another order than `known`, holds an answer that is
        not known, or measures amounts; the error names the column.
    """
    columns = _columns(frame, known)
    if known is not None:
        parts = [_code(column, columns[column.name]) for column in known]
        return tuple(known), np.column_stack(parts).astype(np.int32)
    indicators = tuple(_indicator(name, values) for name, values in columns.items())
    parts = [_code(column, columns[column.name]) for column in indicators]
    return indicators, np.column_stack(parts).astype(np.int32)


def collapse(
    codes: NDArray[np.int32], cardinality: NDArray[np.int64], weights: NDArray[np.float64]
) -> Patterns:
    """Collapse identical rows.

    Parameters
    ----------
    codes
        (n, J), −1 where missing.
    cardinality
        (J,) number of answers of each column.
    weights
        (n,) weight of each row.
    """
    if np.log2(cardinality + 1.0).sum() < 62:
        key = np.zeros(len(codes), dtype=np.int64)
        for column, size in zip(codes.T, cardinality, strict=True):
            key = key * (int(size) + 1) + (column + 1)
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    else:
        _, first, inverse = np.unique(codes, axis=0, return_index=True, return_inverse=True)
    inverse = inverse.ravel().astype(np.int64)
    total = np.bincount(inverse, weights=weights, minlength=len(first)).astype(np.float64)
    return Patterns(np.ascontiguousarray(codes[first]), total, inverse, cardinality)


def _columns(frame: Any, known: Sequence[Indicator] | None) -> dict[str, NDArray[Any]]:
    if isinstance(frame, np.ndarray):
        return _array_columns(frame, known)
    try:
        table = nw.from_native(frame, eager_only=True)
    except TypeError as error:
        raise StatisticsError("latent_class.not_a_table", type=type(frame).__name__) from error
    names: list[str] = [str(name) for name in table.columns]
    if known is not None:
        wanted = [column.name for column in known]
        for name in wanted:
            if name not in names:
                raise StatisticsError("latent_class.missing_column", column=name)
        given = [name for name in names if name in set(wanted)]
        if given != wanted:
            at = next(i for i, name in enumerate(wanted) if given[i] != name)
            raise StatisticsError(
                "latent_class.swapped_columns",
                column=given[at],
                expected=wanted[at],
                position=at + 1,
            )
        names = wanted
    if not names or len(table) == 0:
        raise StatisticsError("latent_class.empty_table")
    by_name = dict(zip((str(name) for name in table.columns), table.columns, strict=True))
    return {name: _values(name, table[by_name[name]]) for name in names}


def _array_columns(
    array: NDArray[Any], known: Sequence[Indicator] | None
) -> dict[str, NDArray[Any]]:
    if array.ndim != 2 or array.size == 0:
        raise StatisticsError("latent_class.empty_table")
    width = array.shape[1]
    if known is not None and width != len(known):
        raise StatisticsError("latent_class.column_count", given=width, expected=len(known))
    names = [f"x{j + 1}" for j in range(width)] if known is None else [c.name for c in known]
    if array.dtype.kind in "biuf":
        return dict(zip(names, array.T.astype(np.float64), strict=True))
    return dict(zip(names, array.T.astype(object), strict=True))


def _values(name: str, series: Any) -> NDArray[Any]:
    """Return a column as floats with NaN (numbers) or as objects with None (anything else)."""
    kind = series.dtype
    if kind == nw.Boolean or kind.is_numeric():
        values = np.asarray(series.cast(nw.Float64).to_numpy(), dtype=np.float64)
        return (
            values.astype(np.bool_) if kind == nw.Boolean and not np.isnan(values).any() else values
        )
    if kind in (nw.Categorical, nw.Enum):
        return np.array(series.cast(nw.String).to_list(), dtype=object)
    if kind in (nw.String, nw.Object):
        return np.array(series.to_list(), dtype=object)
    raise StatisticsError("latent_class.column_type", column=name, type=str(kind))


def _is_missing(value: Any) -> bool:
    return value is None or bool(value != value)  # noqa: PLR0124 - NaN differs from itself


def _plain(value: Any) -> Any:
    """Return an answer as JSON holds it: whole floats as integers, numpy scalars as Python's."""
    value = value.item() if isinstance(value, np.generic) else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _indicator(name: str, values: NDArray[Any]) -> Indicator:
    if values.dtype.kind == "b":
        return Indicator(name, tuple(bool(value) for value in np.unique(values)))
    if values.dtype.kind == "f":
        answers = np.unique(values[~np.isnan(values)])
        uneven = answers[~np.isfinite(answers) | (answers != np.floor(answers))]
        if uneven.size:
            raise StatisticsError(
                "latent_class.continuous_column", column=name, value=float(uneven[0])
            )
        found: list[Any] = [int(value) for value in answers]
    else:
        distinct = {_plain(value) for value in values if not _is_missing(value)}
        found = sorted(distinct, key=lambda value: (isinstance(value, str), value))
    if not found:
        raise StatisticsError("latent_class.empty_column", column=name)
    return Indicator(name, tuple(found))


def _code(indicator: Indicator, values: NDArray[Any]) -> NDArray[np.int64]:
    numbers = not any(isinstance(value, str) for value in indicator.categories)
    if values.dtype.kind in "bf" and numbers:
        known = np.array(indicator.categories, dtype=np.float64)
        answers = values.astype(np.float64)
        order = np.argsort(known, kind="stable")
        place = np.searchsorted(known[order], answers).clip(max=len(known) - 1)
        codes: NDArray[np.int64] = order[place].astype(np.int64)
        codes[known[codes] != answers] = -2
        codes[np.isnan(answers)] = MISSING
    else:
        lookup = {value: code for code, value in enumerate(indicator.categories)}
        codes = np.array(
            [MISSING if _is_missing(v) else lookup.get(_plain(v), -2) for v in values],
            dtype=np.int64,
        )
    unknown = np.flatnonzero(codes == -2)
    if unknown.size:
        listed = [str(value) for value in indicator.categories[:_SHOWN]]
        raise StatisticsError(
            "latent_class.unknown_category",
            column=indicator.name,
            value=str(_plain(values[unknown[0]])),
            row=int(unknown[0]) + 1,
            known=[*listed, "…"] if len(indicator.categories) > _SHOWN else listed,
        )
    return codes
