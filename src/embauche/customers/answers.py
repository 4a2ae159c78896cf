"""A customer table's answers as the survey has them: columns by name, answers by the same rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

import polars as pl

from embauche.collect.columns import RATING_SCALES, read_column
from embauche.collect.survey import ColumnReading, Survey
from embauche.errors import ColumnError
from embauche.notices import Notice

FIRST_ROW: Final = 2
"""Row of the first customer, as a spreadsheet shows it."""

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Shared:
    """Needs that a customer table has too.

    Attributes
    ----------
    columns
        Need → the table's column.
    missing
        Needs that the table lacks.
    notices
        Columns matched under another spelling, and the nearest name for those that are lacking.
    """

    columns: dict[str, str]
    missing: tuple[str, ...]
    notices: tuple[Notice, ...]


def shared_needs(table: pl.DataFrame, needs: Sequence[str], survey: Survey, name: str) -> Shared:
    """Find each need among the table's columns, by name or question, whatever case and spaces."""
    given = {_plain(column): column for column in reversed(table.columns)}
    columns: dict[str, str] = {}
    missing = []
    for need in needs:
        reading = survey.readings.get(need)
        found = need if need in table.columns else given.get(_plain(need))
        if found is None and reading is not None:
            found = given.get(_plain(reading.label))
        if found is None:
            missing.append(need)
        else:
            columns[need] = found
    notices = []
    free = [plain for plain, column in given.items() if column not in columns.values()]
    for need in missing:
        near = get_close_matches(_plain(need), free, n=1, cutoff=0.75)
        if near:
            params = {"file": name, "need": need, "nearest": given[near[0]]}
            notices.append(Notice("customers.near_column", params))
    return Shared(columns, tuple(missing), tuple(notices))


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").replace(".", " ").split()).casefold()


def read_answers(
    column: pl.Series, need: str, survey: Survey, name: str
) -> tuple[pl.Series, list[Notice]]:
    """Read a customer column as the survey's column was read.

    Parameters
    ----------
    column
        The table's column.
    need
        The survey's column, whose reading and answers say what is an answer.
    survey
        The survey.
    name
        File name of the table, for notices.

    Returns
    -------
    answers, notices
        (m,) answers named `need`, of the survey's type; null where missing or not an answer of the
        survey's, which a notice names with their rows.
    """
    reading = survey.readings.get(need)
    answers = survey.frame[need]
    known = _known(answers, reading)
    distinct = column.drop_nulls().unique(maintain_order=True)
    if column.dtype.is_float():
        distinct = distinct.drop_nans()
    values = distinct.to_list()
    read = [known(value) for value in values]
    blank = None
    if reading is not None and reading.rule.endswith(".ticked") and all(one == 1 for one in read):
        blank = 0  # a box that is ticked or left blank: blank is "no", in the survey and here
    result = _replaced(column, distinct, read, blank, answers.dtype).alias(need)
    unread = [value for value, one in zip(values, read, strict=True) if one is None]
    if not unread:
        return result, []
    wrong = column.is_in(pl.Series(unread, dtype=column.dtype).implode())
    rows = wrong.fill_null(value=False).arg_true().to_list()
    params = {
        "file": name,
        "column": column.name,
        "values": [str(value) for value in unread[:_SHOWN]],
        "rows": [str(row + FIRST_ROW) for row in rows[:_SHOWN]],
        "n": len(rows),
    }
    return result, [Notice("customers.unknown_answer", params, "problem")]


def _known(answers: pl.Series, reading: ColumnReading | None) -> Callable[[Any], Any]:
    """Return what turns a customer's answer into the survey's, ``None`` where it has none."""
    seen = answers.drop_nulls().unique().to_list()
    if reading is not None and reading.scale == "yes_no":
        return _yes_or_no
    if reading is not None and reading.scale in RATING_SCALES:
        low, high = RATING_SCALES[reading.scale]

        def rating(value: Any) -> float | None:
            number = _number(value)
            return number if number is not None and low <= number <= high else None

        return rating
    if answers.dtype.is_numeric() or answers.dtype == pl.Boolean:
        by_number = {float(value): value for value in seen}
        return lambda value: by_number.get(_number(value))  # type: ignore[arg-type]
    by_text = {_plain(str(value)): value for value in seen}
    return lambda value: by_text.get(_plain(_text(value)))


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _yes_or_no(value: Any) -> int | None:
    try:
        series, _ = read_column(pl.Series("answer", [value], strict=False), scale="yes_no")
    except ColumnError:
        return None
    return None if series[0] is None else int(series[0])


def _number(value: Any) -> float | None:
    if isinstance(value, bool | int | float):
        return float(value)
    try:
        return float(str(value).strip().replace(",", "."))
    except ValueError:
        return None


def _replaced(
    column: pl.Series, distinct: pl.Series, read: list[Any], blank: Any, dtype: pl.DataType
) -> pl.Series:
    new = pl.Series(read, dtype=pl.String if dtype == pl.String else pl.Float64, strict=False)
    if len(distinct) == 0:
        result = pl.Series([blank], dtype=new.dtype).new_from_index(0, len(column))
    else:
        result = column.replace_strict(distinct, new, default=blank, return_dtype=new.dtype)
    if blank is not None:
        result = result.fill_null(blank)
    return result if dtype == pl.Float64 or new.dtype == pl.String else result.cast(dtype)
