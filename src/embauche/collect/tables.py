"""Tables: .csv, .tsv, .xlsx, .parquet and .sav become a polars frame with labels and notices."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from embauche.collect.decoding import decode, read_bytes
from embauche.collect.delimited import parse_delimited
from embauche.collect.documents import check_archive
from embauche.collect.several_answers import joined_header, split_answers, ticked_runs
from embauche.errors import ColumnError, ReadError
from embauche.notices import Notice

TABLE_FORMATS = frozenset({".csv", ".tsv", ".xlsx", ".parquet", ".sav"})
"""What a table may be stored as."""

MISSING = frozenset(
    {"", "na", "n/a", "n.a.", "#n/a", "nan", "null", "nr", "n.r.", "nd", "n.d.", ".", "-", "--"}
)
"""Cells that mean "no answer", whatever their case. "None" and « aucun » are answers."""

SENTINELS = (-9.0, -66.0, -77.0, -88.0, -97.0, -98.0, -99.0, -999.0, -9999.0)
"""Numbers that mean "no answer" in a column that has no other number below zero."""

_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_COMMA_NUMBER = re.compile(r"[-+]?\d+(?:,\d+)?")
_GROUPED_FR = re.compile(r"[-+]?\d{1,3}(?:[ \u00a0\u202f.]\d{3})*(?:,\d+)?")
_GROUPED_EN = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+]?\d+(?:\.\d+)?")
_UNIT = re.compile(r"^\s*[€$£]\s*|\s*(?:€|\$|£|%|eur|euros?|usd|chf)\s*$", re.IGNORECASE)
_IMPORT_ROWS = 2
_LEADING_ZERO = re.compile(r"[-+]?0\d")


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read, before anything is said of what its columns mean.

    Attributes
    ----------
    name
        Path relative to the study folder, or the file's name.
    frame
        Every column of the file in its order; numbers where every answer is one, else strings;
        null is missing. Columns whose codes are all labelled (``.sav``) hold the labels.
    labels
        Column → the question asked, where the file has it.
    value_labels
        Column → code → label, where the file has them.
    first_row
        Row of the first respondent, as a spreadsheet shows it (2 under a header).
    notices
        How it was read: sentinels taken as missing, row names left out…
    """

    name: str
    frame: pl.DataFrame
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    value_labels: Mapping[str, Mapping[float, str]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    first_row: int = 2
    notices: tuple[Notice, ...] = ()

    def label(self, column: str) -> str:
        """Return the question that a column asks, or its name."""
        return self.labels.get(column) or column


def read_table(
    path: Path, *, sheet: str | None = None, name: str | None = None, raw: bool = False
) -> Table:
    """Read a table.

    Parameters
    ----------
    path
        A .csv, .tsv, .xlsx, .parquet or .sav file.
    sheet
        Sheet of a workbook; the first that holds anything by default.
    name
        How errors and the table call the file; its own name by default.
    raw
        Keep the strings of text files as they are: no numbers, no missing values.

    Raises
    ------
    ReadError
        If the file cannot be read as its suffix says; a ragged row is named.
    ColumnError
        If column names are empty or occur twice.
    """
    name = name or path.name
    suffix = path.suffix.lower()
    if suffix not in TABLE_FORMATS:
        raise ReadError("read.unknown_format", file=name, formats=sorted(TABLE_FORMATS))
    data = read_bytes(path, name)
    if suffix == ".sav":
        return _from_sav(path, name)
    if suffix == ".parquet":
        try:
            frame = pl.read_parquet(io.BytesIO(data))
        # polars raises its own family of errors, and panics, which are no Exception
        except (Exception, pl.exceptions.PanicException) as error:
            raise ReadError("read.damaged", file=name, format="Parquet") from error
        if not frame.height:
            raise ReadError("read.no_rows", file=name)
        return _with_answers(_finished(name, frame, []))
    if suffix == ".xlsx":
        header, columns = _from_xlsx(data, name, sheet)
        separator = ";"
    else:
        header, columns, separator = parse_delimited(decode(data, name), name)
    notices: list[Notice] = []
    first_row = 2
    if (joined := joined_header(header, columns)) is not None:
        header, columns, first_row = joined, [cells[1:] for cells in columns], 3
        notices.append(Notice("table.two_headers", {"file": name}, "info"))
    header, columns = _checked_header(header, columns, name, notices)
    questions: dict[str, str] = {}
    if not raw and (described := _import_rows(columns)):
        questions = {
            title: " ".join(cells[0].split())
            for title, cells in zip(header, columns, strict=True)
            if cells[0].strip()
        }
        columns = [cells[described:] for cells in columns]
        notices.append(Notice("table.described", {"file": name}, "info"))
    series = [
        pl.Series(title, cells, dtype=pl.String)
        if raw
        else typed(title, cells, decimal_comma=separator == ";")
        for title, cells in zip(header, columns, strict=True)
    ]
    table = replace(_finished(name, pl.DataFrame(series), notices), first_row=first_row)
    if raw:
        return table
    first_row += _IMPORT_ROWS if questions else 0
    return _with_answers(replace(table, labels=MappingProxyType(questions), first_row=first_row))


def _import_rows(columns: list[list[str]]) -> int:
    """Return how many rows under the header tell of the columns: Qualtrics writes two.

    The first holds the questions, the second ``{"ImportId": …}``.
    """
    if not columns or len(columns[0]) <= _IMPORT_ROWS:
        return 0
    told = [cells[1] for cells in columns if cells[1].strip()]
    return _IMPORT_ROWS if told and all('"ImportId"' in cell for cell in told) else 0


def _with_answers(table: Table) -> Table:
    """Make yes/no columns of questions with several answers.

    Where they stand in one cell, the columns come after the question; where each has a column
    that holds its words or nothing, they take its place.
    """
    columns: list[pl.Series] = []
    labels, notices = dict(table.labels), list(table.notices)
    frame = table.frame
    for run in ticked_runs(frame):
        frame = frame.with_columns(column for _, column in run)
        labels |= {column.name: answer for answer, column in run}
        names = {"first": run[0][1].name, "last": run[-1][1].name}
        notices.append(Notice("table.ticked", {"file": table.name, "n": len(run), **names}, "info"))
    for series in frame.get_columns():
        columns.append(series)
        split = [
            (answer, one)
            for answer, one in split_answers(series)
            if one.name not in table.frame.columns
        ]
        for answer, one in split:
            columns.append(one)
            labels[one.name] = answer
        if split:
            params = {"file": table.name, "column": series.name, "n": len(split)}
            notices.append(Notice("table.several_answers", params, "info"))
    if len(notices) == len(table.notices):
        return table
    return replace(
        table,
        frame=pl.DataFrame(columns),
        labels=MappingProxyType(labels),
        notices=tuple(notices),
    )


def _checked_header(
    header: list[str], columns: list[list[str]], name: str, notices: list[Notice]
) -> tuple[list[str], list[list[str]]]:
    kept = []
    for i, (title, cells) in enumerate(zip(header, columns, strict=True)):
        if title:
            kept.append(i)
        elif i == 0 and [c.strip() for c in cells] == [str(n) for n in range(1, len(cells) + 1)]:
            notices.append(Notice("table.row_names", {"file": name}, "info"))
        elif any(cell.strip() for cell in cells):
            raise ColumnError("column.empty_name", file=name, position=i + 1)
    header = [header[i] for i in kept]
    twice = [title for title, count in Counter(header).items() if count > 1]
    if twice:
        positions = [i + 1 for i, title in zip(kept, header, strict=True) if title == twice[0]]
        raise ColumnError("column.duplicate_name", file=name, column=twice[0], positions=positions)
    return header, [columns[i] for i in kept]


def _from_xlsx(data: bytes, name: str, sheet: str | None) -> tuple[list[str], list[list[str]]]:
    check_archive(data, name)
    import fastexcel

    try:
        workbook = fastexcel.read_excel(data)
        names = list(workbook.sheet_names)
    except Exception as error:  # the reader raises its own family of errors
        raise ReadError("read.damaged", file=name, format="Excel (.xlsx)") from error
    if sheet is not None and sheet not in names:
        raise ReadError("read.no_sheet", file=name, sheet=sheet, sheets=names)
    for title in [sheet] if sheet else names:
        try:
            loaded = workbook.load_sheet(title, header_row=None, dtypes="string").to_polars()
        except Exception as error:
            raise ReadError("read.damaged", file=name, format="Excel (.xlsx)") from error
        loaded = loaded.filter(~pl.all_horizontal(pl.all().fill_null("").str.strip_chars() == ""))
        if loaded.height and loaded.width:
            break
    else:
        raise ReadError("read.empty_file", file=name)
    if loaded.height < 2:
        raise ReadError("read.no_rows", file=name)
    cells = [[value or "" for value in loaded[column].to_list()] for column in loaded.columns]
    return [column[0].strip() for column in cells], [column[1:] for column in cells]


def _from_sav(path: Path, name: str) -> Table:
    import pyreadstat

    try:
        data, meta = pyreadstat.read_sav(str(path), output_format="dict")
    except Exception as error:  # pyreadstat raises its own family of errors
        raise ReadError("read.damaged", file=name, format="SPSS (.sav)") from error
    if not data or not len(next(iter(data.values()))):
        raise ReadError("read.no_rows", file=name)
    series, value_labels = [], {}
    for column, values in data.items():
        labels = {
            float(code): str(text).strip()
            for code, text in meta.variable_value_labels.get(column, {}).items()
            if isinstance(code, int | float)
        }
        one = _plain_series(column, list(values))
        if labels:
            value_labels[column] = MappingProxyType(labels)
            one = _labelled(one, labels)
        series.append(one)
    questions = {c: t.strip() for c, t in meta.column_names_to_labels.items() if t and t.strip()}
    table = _finished(name, pl.DataFrame(series), [])
    return Table(
        name,
        table.frame,
        MappingProxyType(questions),
        MappingProxyType(value_labels),
        1,
        table.notices,
    )


def _plain_series(column: str, values: list[Any]) -> pl.Series:
    clean = [None if v is None or v != v else v for v in values]  # noqa: PLR0124 - NaN
    if any(isinstance(value, str) for value in clean):
        cells = ["" if value is None else str(value) for value in clean]
        return pl.Series(
            column, [c if c.strip().casefold() not in MISSING else None for c in cells]
        )
    try:
        one = pl.Series(column, clean, strict=False)
    except (TypeError, pl.exceptions.PolarsError):
        one = pl.Series(column, [None if v is None else str(v) for v in clean], dtype=pl.String)
    return _whole(one) if one.dtype == pl.Float64 else one


def _labelled(series: pl.Series, labels: Mapping[float, str]) -> pl.Series:
    """Put labels in place of codes when every code that occurs has one and they differ."""
    if not series.dtype.is_numeric():
        return series
    codes = {float(code) for code in series.drop_nulls().unique().to_list()}
    if not codes or not codes <= set(labels) or len(set(labels.values())) < len(labels):
        return series
    return pl.Series(
        series.name,
        [None if code is None else labels[float(code)] for code in series.to_list()],
        dtype=pl.String,
    )


def _finished(name: str, frame: pl.DataFrame, notices: list[Notice]) -> Table:
    frame, more = _without_sentinels(name, frame)
    return Table(name, frame, notices=(*notices, *more))


def _without_sentinels(name: str, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Notice]]:
    notices, changed = [], []
    for column in frame.columns:
        series = frame[column]
        if not series.dtype.is_numeric():
            continue
        negative = series.filter(series < 0)
        found = sorted({float(value) for value in negative.drop_nulls().to_list()})
        if not found or not set(found) <= set(SENTINELS):
            continue
        top = series.max()
        if top is None or float(top) >= abs(found[-1]) * 100:  # type: ignore[arg-type]
            continue
        changed.append(series.set(series < 0, None))
        notices.append(
            Notice(
                "table.sentinel",
                {
                    "file": name,
                    "column": column,
                    "values": [f"{value:g}" for value in found],
                    "n": len(negative),
                },
            )
        )
    return (frame.with_columns(changed) if changed else frame), notices


def typed(name: str, cells: Sequence[str], *, decimal_comma: bool = False) -> pl.Series:
    """Read a column of strings: numbers where every answer is one, else strings; null is missing.

    Codes with leading zeros (post codes, ids) stay strings. A comma is a decimal sign unless it
    groups exactly three digits everywhere in a file that is itself separated by commas.
    """
    clean = [cell.strip() for cell in cells]
    answers = [None if cell.casefold() in MISSING else cell for cell in clean]
    distinct = {answer for answer in answers if answer is not None}
    convert = _conversion(distinct, decimal_comma=decimal_comma)
    if convert is None:
        return pl.Series(name, answers, dtype=pl.String)
    values = {answer: float(convert(answer)) for answer in distinct}
    numbers = [None if answer is None else values[answer] for answer in answers]
    return _whole(pl.Series(name, numbers, dtype=pl.Float64))


def _conversion(distinct: set[str], *, decimal_comma: bool) -> Any:
    if not distinct or any(_LEADING_ZERO.match(answer) for answer in distinct):
        return None
    if all(_NUMBER.fullmatch(answer) for answer in distinct):
        return float
    bare = {_UNIT.sub("", answer) for answer in distinct}
    if all(_NUMBER.fullmatch(answer) for answer in bare):
        return lambda answer: _UNIT.sub("", answer)
    commas = [answer for answer in bare if "," in answer]
    thousands = all(re.search(r",\d{3}(?:\D|$)", answer) for answer in commas)
    if not (thousands and not decimal_comma) and all(
        _GROUPED_FR.fullmatch(b) or _COMMA_NUMBER.fullmatch(b) for b in bare
    ):
        return lambda answer: re.sub(r"[ \u00a0\u202f.]", "", _UNIT.sub("", answer)).replace(
            ",", "."
        )
    if all(_GROUPED_EN.fullmatch(answer) for answer in bare):
        return lambda answer: _UNIT.sub("", answer).replace(",", "")
    return None


def _whole(series: pl.Series) -> pl.Series:
    """Store whole numbers as integers, where they fit exactly."""
    known = series.drop_nulls()
    if len(known) and ((known == known.floor()) & (known.abs() < 2**53)).all():
        return series.cast(pl.Int64)
    return series
