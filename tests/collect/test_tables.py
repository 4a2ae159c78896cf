"""Tables in every format, and what is wrong with some (all fictional)."""

import polars as pl
import pyreadstat
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from embauche.collect import read_customers, read_table
from embauche.collect.delimited import parse_delimited
from embauche.errors import ColumnError, ReadError


def table(folder, text, name="t.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return read_table(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_and_encodings(tmp_path, encoding, separator):
    rows = [["n°", "âge", "dit"], ["1", "30", '"a, b; c"'], ["2", "NA", "été"]]
    text = "\n".join(separator.join(row) for row in rows) + "\n"
    frame = table(tmp_path, text, encoding=encoding).frame
    assert frame.rows() == [(1, 30, "a, b; c"), (2, None, "été")]


def test_french_numbers(tmp_path):
    frame = table(tmp_path, "a;b;c;d\n1,5;1 234,50 €;x, y;01\n2;12,00 €;z;02\n").frame
    assert frame.rows() == [(1.5, 1234.5, "x, y", "01"), (2.0, 12.0, "z", "02")]
    assert table(tmp_path, 'a,b\n"1,234",1.5\n"12,345",2\n').frame.rows() == [
        (1234, 1.5),
        (12345, 2),
    ]


def test_row_names_of_r_are_left_out(tmp_path):
    read = table(tmp_path, '"","a","b"\n"1",2,3\n"2",3,4\n')
    assert read.frame.columns == ["a", "b"]
    assert [n.code for n in read.notices] == ["table.row_names"]
    assert table(tmp_path, '"a","b"\n"1",2,3\n"2",3,4\n').frame.rows() == [(2, 3), (3, 4)]


def test_sentinels_are_missing_and_said(tmp_path):
    read = table(tmp_path, "a,b\n1,-5\n-99,-99\n5,3\n")
    assert read.frame.rows() == [(1, -5), (None, -99), (5, 3)]
    assert [(n.code, n.params["column"], n.params["n"]) for n in read.notices] == [
        ("table.sentinel", "a", 1)
    ]


@pytest.mark.parametrize(
    ("text", "error", "code", "params"),
    [
        ("a,b,a\n1,2,3\n", ColumnError, "column.duplicate_name", {"positions": [1, 3]}),
        ("a,,c\n1,2,3\n", ColumnError, "column.empty_name", {"position": 2}),
        ("a,b\n1,2\n\n1,2,3\n", ReadError, "read.ragged_row", {"row": 4, "cells": 3}),
        ("a,b,c\n1,2,3\n1,2\n", ReadError, "read.ragged_row", {"row": 3, "cells": 2}),
        ("a,b\n", ReadError, "read.no_rows", {}),
        ("  \n", ReadError, "read.empty_file", {}),
    ],
)
def test_wrong_tables_name_the_file_and_the_place(tmp_path, text, error, code, params):
    with pytest.raises(error) as caught:
        table(tmp_path, text)
    assert caught.value.code == code
    assert caught.value.params["file"] == "t.csv"
    assert params.items() <= caught.value.params.items()
    for language in ("fr", "en"):
        assert "t.csv" in caught.value.message(language)
        assert caught.value.hint(language)


def test_workbooks(tmp_path):
    path = tmp_path / "w.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("vide")
        sheet = book.add_worksheet("données")
        for row, cells in enumerate([("id", "note", "dit"), (1, 2.5, "a"), (2, 3, "NA")]):
            sheet.write_row(row, 0, cells)
    assert read_table(path).frame.rows() == [(1, 2.5, "a"), (2, 3.0, None)]
    with pytest.raises(ReadError) as caught:
        read_table(path, sheet="absente")
    assert caught.value.params["sheets"] == ["vide", "données"]


def test_sav_labels(tmp_path):
    pd = pytest.importorskip("pandas")
    path = tmp_path / "s.sav"
    frame = pd.DataFrame({"q1": [1.0, 2.0, 5.0, None], "sexe": [1.0, 2.0, 1.0, 2.0]})
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels={"q1": "Importance du prix"},
        variable_value_labels={
            "sexe": {1: "Homme", 2: "Femme"},
            "q1": {1: "Pas du tout", 5: "Très"},
        },
    )
    read = read_table(path)
    assert read.frame["sexe"].to_list() == ["Homme", "Femme", "Homme", "Femme"]
    assert read.frame["q1"].to_list() == [1, 2, 5, None]
    assert read.label("q1") == "Importance du prix"
    assert read.label("sexe") == "sexe"


def test_parquet_and_broken_files(tmp_path):
    path = tmp_path / "p.parquet"
    pl.DataFrame({"a": [1, None], "b": ["x", "y"]}).write_parquet(path)
    assert read_table(path).frame.rows() == [(1, "x"), (None, "y")]
    for name in ("p.parquet", "s.sav", "w.xlsx"):
        (tmp_path / name).write_bytes(b"PAR1 $FL2 nothing")
        with pytest.raises(ReadError):
            read_table(tmp_path / name)


def test_customers(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("id,worth\n1,10\n1,20\n", encoding="utf-8")
    read = read_customers(path, root=tmp_path, id="id", value="worth")
    assert [(n.code, n.params["n"]) for n in read.notices] == [("customers.repeated_id", 1)]
    with pytest.raises(ColumnError) as caught:
        read_customers(path, root=tmp_path, id="idd", value=None)
    assert caught.value.params["nearest"] == "id"


_CELLS = st.text(st.characters(exclude_characters="\r\n\x00", codec="utf-8"), max_size=8)


@given(
    rows=st.lists(st.lists(_CELLS, min_size=3, max_size=3), min_size=1, max_size=8),
    separator=st.sampled_from([",", ";", "\t"]),
)
def test_what_a_writer_quotes_is_read_back(rows, separator):
    def quote(cell):
        return '"' + cell.replace('"', '""') + '"'

    rows = [[f"{cell}x" for cell in row] for row in rows]
    text = "\n".join(separator.join(map(quote, row)) for row in [["a", "b", "c"], *rows])
    header, columns, found = parse_delimited(text, "t.csv")
    assert (header, found) == (["a", "b", "c"], separator)
    assert [list(row) for row in zip(*columns, strict=True)] == rows
