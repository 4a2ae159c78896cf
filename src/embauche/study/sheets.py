"""Sheets that people fill in a spreadsheet: written as CSV, read back with the place of any error.

A sheet's name begins with `SHEET_PREFIX`, and such files are never taken for input of the study.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from embauche.collect.decoding import decode, read_bytes
from embauche.collect.delimited import find_separator
from embauche.errors import ColumnError, ReadError
from embauche.identify.coded_units import CodingUnit
from embauche.vocabulary import Facet, Language, label

UNIT: Final = "unit"
SENTENCE: Final = "sentence"
YES: Final = frozenset({"x", "1", "o", "oui", "y", "yes", "v", "vrai", "true", "✓", "✔"})
NO: Final = frozenset({"", "0", "n", "non", "no", "-", "–", "faux", "false"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: its number as a spreadsheet shows it, and its cells by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that was read: how errors call it, its columns as written, and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def cell(self, row: Row, column: str) -> str:
        """Return a cell without the apostrophe that keeps spreadsheets from running it."""
        text = row.cells[column].strip()
        return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text

    def need(self, columns: Collection[str]) -> None:
        """Raise unless the sheet has the columns.

        Raises
        ------
        ColumnError
            Naming the first that is missing.
        """
        for column in columns:
            if column not in self.columns:
                raise ColumnError(
                    "sheet.no_column", file=self.name, column=column, known=list(self.columns)
                )

    def mark(self, row: Row, column: str) -> bool | None:
        """Tell yes from no; ``None`` where the cell is empty.

        Raises
        ------
        ReadError
            If the cell holds neither a yes nor a no.
        """
        text = self.cell(row, column)
        if not text:
            return None
        if text.casefold() in YES:
            return True
        if text.casefold() in NO:
            return False
        raise ReadError(
            "sheet.bad_mark", file=self.name, row=row.number, column=column, value=text[:40]
        )


def read_sheet(path: Path) -> Sheet:
    """Read a sheet: ``,`` or ``;``, UTF-8, UTF-16 or cp1252, as spreadsheets save it.

    Raises
    ------
    ReadError
        If the file is missing, holds nothing, or a row has more cells than there are columns.
    """
    name = path.name
    text = decode(read_bytes(path, name), name)
    reader = csv.reader(io.StringIO(text), delimiter=find_separator(text))
    try:
        read = list(reader)
    except csv.Error as error:
        raise ReadError("read.bad_row", file=name, row=reader.line_num) from error
    header = tuple(cell.strip() for cell in read[0])
    rows = []
    for number, cells in enumerate(read[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(header) :]):
            raise ReadError(
                "read.ragged_row", file=name, row=number, cells=len(cells), expected=len(header)
            )
        padded = [*cells, *[""] * len(header)]
        rows.append(Row(number, dict(zip(header, padded, strict=False))))
    if not rows:
        raise ReadError("read.no_rows", file=name)
    return Sheet(name, header, tuple(rows))


def units_of(sheet: Sheet, units: Sequence[CodingUnit]) -> dict[int, CodingUnit]:
    """Return row number → the sentence that the row is about.

    Raises
    ------
    ReadError
        If a unit is not a sentence of the study, or its words have changed.
    """
    sheet.need((UNIT, SENTENCE))
    known = {unit.key: unit for unit in units}
    found: dict[int, CodingUnit] = {}
    for row in sheet.rows:
        key = sheet.cell(row, UNIT)
        unit = known.get(key)
        if unit is None:
            raise ReadError(
                "sheet.unknown_unit", file=sheet.name, row=row.number, column=UNIT, value=key[:60]
            )
        if _bare(row.cells[SENTENCE]) != _bare(unit.quote):
            raise ReadError(
                "sheet.changed_sentence",
                file=sheet.name,
                row=row.number,
                column=SENTENCE,
                quote=unit.quote[:60],
            )
        found[row.number] = unit
    return found


def facet_columns(sheet: Sheet) -> dict[Facet, str]:
    """Return the column of each facet, told by its key or by its name in either language.

    Raises
    ------
    ColumnError
        If a facet has no column.
    """
    folded = {column.casefold(): column for column in sheet.columns}
    found: dict[Facet, str] = {}
    for facet in Facet:
        names = (facet.value, *(label(facet, language) for language in Language))
        column = next((folded[n.casefold()] for n in names if n.casefold() in folded), None)
        if column is None:
            raise ColumnError(
                "sheet.no_column",
                file=sheet.name,
                column=" / ".join(dict.fromkeys(names)),
                known=list(sheet.columns),
            )
        found[facet] = column
    return found


def _bare(text: str) -> str:
    """Keep the words only: spreadsheets change spaces, line breaks and formulas' first sign."""
    return "".join(text.split()).lstrip("'")
