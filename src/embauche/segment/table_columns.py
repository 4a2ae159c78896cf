"""Columns of a polars or pandas frame, or of an array, checked by name and order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from embauche.errors import StatisticsError


@dataclass(frozen=True, slots=True)
class Column:
    """A column's values.

    Attributes
    ----------
    values
        (n,) floats with NaN (numbers), booleans, or objects with None (anything else).
    order
        Categories in the order that an enumeration declares; ``None`` where none is declared.
    """

    values: NDArray[Any]
    order: tuple[str, ...] | None = None


def columns_of(frame: Any, wanted: list[str] | None) -> dict[str, Column]:
    """Return a table's columns by name.

    Parameters
    ----------
    frame
        Polars or pandas frame, or 2-D array (columns ``x1``, ``x2``…).
    wanted
        Columns that the table must hold, in this order; others are ignored. All by default.

    Raises
    ------
    StatisticsError
        Where the table is none or empty, or a column is missing or stands at another place.
    """
    if isinstance(frame, np.ndarray):
        return _array_columns(frame, wanted)
    table = _table(frame)
    names: list[str] = [str(name) for name in table.columns]
    twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
    if twice is not None:
        raise StatisticsError("latent_class.duplicate_column", column=twice)
    if wanted is not None:
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
    # By `get_column`: pandas may name columns by numbers, which brackets take for rows.
    return {name: _column(name, table.get_column(by_name[name])) for name in names}


def rows_of(frame: Any) -> int:
    """Return the number of rows of a table.

    Raises
    ------
    StatisticsError
        Where it is no table.
    """
    return len(frame) if isinstance(frame, np.ndarray) and frame.ndim else len(_table(frame))


def _table(frame: Any) -> Any:
    try:
        return nw.from_native(frame, eager_only=True)
    except TypeError as error:
        raise StatisticsError("latent_class.not_a_table", type=type(frame).__name__) from error
    except nw.exceptions.DuplicateError as error:
        # Only pandas has columns of one name; it says which.
        names = [str(name) for name in frame.columns]
        twice = next(name for at, name in enumerate(names) if name in names[:at])
        raise StatisticsError("latent_class.duplicate_column", column=twice) from error


def _array_columns(array: NDArray[Any], wanted: list[str] | None) -> dict[str, Column]:
    if array.ndim != 2 or array.size == 0:
        raise StatisticsError("latent_class.empty_table")
    width = array.shape[1]
    if wanted is not None and width != len(wanted):
        raise StatisticsError("latent_class.column_count", given=width, expected=len(wanted))
    names = [f"x{j + 1}" for j in range(width)] if wanted is None else wanted
    kind = np.float64 if array.dtype.kind in "biuf" else object
    if isinstance(array, np.ma.MaskedArray):
        array = np.ma.filled(array.astype(kind), np.nan)
    return {name: Column(array[:, j].astype(kind)) for j, name in enumerate(names)}


def _column(name: str, series: Any) -> Column:
    kind = series.dtype
    if series.is_null().all():  # of whatever type: a column added empty has none
        return Column(np.full(len(series), np.nan))
    if kind == nw.Boolean or kind.is_numeric():
        values = np.asarray(series.cast(nw.Float64).to_numpy(), dtype=np.float64)
        whole = kind == nw.Boolean and not np.isnan(values).any()
        return Column(values.astype(np.bool_) if whole else values)
    if kind == nw.Enum:
        order = tuple(str(category) for category in kind.categories)
        return Column(_objects(series.cast(nw.String)), order)
    if kind == nw.Categorical:
        return Column(_objects(series.cast(nw.String)))
    if kind in (nw.String, nw.Object):
        return Column(_objects(series))
    raise StatisticsError("latent_class.column_type", column=name, type=str(kind))


def _objects(series: Any) -> NDArray[np.object_]:
    """Return values as objects, None where missing: pandas' NA cannot be compared."""
    values = np.array(series.to_list(), dtype=object)
    values[np.asarray(series.is_null().to_numpy(), dtype=np.bool_)] = None
    return values


def is_missing(value: Any) -> bool:
    """Tell whether a value is None or NaN."""
    return value is None or bool(value != value)  # noqa: PLR0124 - NaN differs from itself


def plain(value: Any) -> Any:
    """Return an answer as JSON holds it: whole floats as integers, numpy scalars as Python's."""
    value = value.item() if isinstance(value, np.generic) else value
    return int(value) if isinstance(value, float) and value.is_integer() else value
