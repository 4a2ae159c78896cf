"""CSV and TSV: the separator is found, ragged rows are named, nothing is silently cut or filled."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice

from embauche.errors import ReadError

_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 200


def parse_delimited(text: str, name: str) -> tuple[list[str], list[list[str]], str]:
    r"""Parse delimited text.

    Parameters
    ----------
    text
        The file's text, with ``\n`` line breaks.
    name
        How errors call the file.

    Returns
    -------
    header, columns, separator
        Column names as written, the columns' cells, and the separator found.

    Raises
    ------
    ReadError
        If a row has more or fewer cells than the header (row 1 is the header, as a spreadsheet
        counts), or if nothing stands under the header.
    """
    if text[:4].casefold() == "sep=" and "\n" in text:
        text = text[text.index("\n") + 1 :]
    separator = find_separator(text)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    rows: list[list[str]] = []
    places: list[int] = []
    try:
        for place, row in enumerate(reader, 1):
            if any(cell.strip() for cell in row):
                rows.append(row)
                places.append(place)
    except csv.Error as error:
        raise ReadError("read.bad_row", file=name, row=reader.line_num) from error
    if not rows:
        raise ReadError("read.empty_file", file=name)
    header, rows, places = [cell.strip() for cell in rows[0]], rows[1:], places[1:]
    if not rows:
        raise ReadError("read.no_rows", file=name)
    widths = Counter(map(len, rows))
    if set(widths) == {len(header) + 1}:
        header = ["", *header]  # R's write.table leaves the row names without a name
    for place, row in zip(places, rows, strict=True):
        _square(row, len(header), place, name)
    columns = [list(column) for column in zip(*rows, strict=True)]
    return header, columns, separator


def _square(row: list[str], width: int, place: int, name: str) -> None:
    """Cut the empty cells that spreadsheets leave after the last; raise on other widths."""
    if len(row) > width and not any(cell.strip() for cell in row[width:]):
        del row[width:]
    if len(row) != width:
        raise ReadError("read.ragged_row", file=name, row=place, cells=len(row), expected=width)


def find_separator(text: str) -> str:
    """Return the separator that gives the first rows the most, and the most regular, cells.

    Every candidate is tried by really parsing, so that separators inside quotes count for nothing.
    """
    sample = "\n".join(islice(text.split("\n"), _SAMPLE))

    def score(separator: str) -> tuple[float, int]:
        try:
            widths = [
                len(row) for row in csv.reader(io.StringIO(sample), delimiter=separator) if row
            ]
        except csv.Error:
            return 0.0, 0
        if not widths or widths[0] == 1:
            return 0.0, 0
        regular = sum(width == widths[0] for width in widths) / len(widths)
        return (regular if regular >= 0.5 else 0.0), widths[0]

    best = max(_SEPARATORS, key=score)
    return best if score(best)[0] > 0 else ","
