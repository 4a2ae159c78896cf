"""Questions with several answers in one cell (made-up answers from a fixed seed)."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from embauche.collect import infer_roles, make_survey, read_table
from embauche.collect.several_answers import split_answers
from embauche.errors import ColumnError

N = 120
WANTED = ["Save time", "Be sure", "Forget nothing", "Share it"]


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def ticked(rng, separator=";", options=WANTED):
    chosen = rng.random((N, len(options))) < 0.5
    return [separator.join(o for o, yes in zip(options, row, strict=True) if yes) for row in chosen]


@pytest.mark.parametrize("separator", [";", "; ", "|", ", "])
def test_each_answer_becomes_a_yes_no_column(rng, separator):
    cells = ticked(rng, separator)
    found = dict(split_answers(pl.Series("What for?", [cell or None for cell in cells])))
    assert set(found) == set(WANTED)
    for answer, column in found.items():
        assert column.name == f"What for?: {answer}"
        assert column.to_list() == [int(answer in cell) if cell else None for cell in cells]


def test_what_a_few_typed_in_is_left_out(rng):
    cells = [f"{cell};mine {i}" if i % 15 == 0 else cell for i, cell in enumerate(ticked(rng))]
    assert {answer for answer, _ in split_answers(pl.Series("q", cells))} == set(WANTED)


@pytest.mark.parametrize(
    "cells",
    [
        [f"{city}, {country}" for city, country in (("Lyon", "France"), ("Rome", "Italy"))] * 30,
        ["Nice; Nice", "Lyon", "Rome; Oslo; Lyon"] * 30,
        [f"I write it down, then I look for {i}, again" for i in range(60)],
        ["yes", "no", "maybe"] * 30,
        ["a;b", "b;c", "c"],
    ],
    ids=["place and country", "twice the same", "sentences", "one answer", "few rows"],
)
def test_other_columns_are_left_alone(cells):
    assert split_answers(pl.Series("q", cells)) == []


def test_a_form_s_export_gives_needs_by_itself(rng, tmp_path: Path):
    path = tmp_path / "answers.csv"
    pl.DataFrame(
        {
            "Timestamp": [f"2026/10/{i % 28 + 1:02d} 10:00" for i in range(N)],
            "What do you want? (several answers)": ticked(rng),
            "Age": rng.integers(20, 70, N),
        }
    ).write_csv(path)
    table = read_table(path)
    survey = make_survey(table, infer_roles(table))
    assert len(survey.needs) == len(WANTED)
    assert {survey.readings[need].label for need in survey.needs} == set(WANTED)
    assert {survey.readings[need].scale for need in survey.needs} == {"yes_no"}
    assert "What do you want? (several answers)" in survey.frame.columns
    told = next(item for item in survey.notices if item.code == "table.several_answers")
    assert told.params["n"] == len(WANTED)
    assert read_table(path, raw=True).frame.width == 3


def test_a_column_an_answer_is_read_as_ticks(rng, tmp_path: Path):
    chosen = rng.random((N, 4)) < 0.5
    chosen[0] = False
    path = tmp_path / "answers.csv"
    pl.DataFrame(
        {"town": ["Lyon"] * N}
        | {f"q1_{j}": np.where(chosen[:, j], WANTED[j], "") for j in range(4)}
        | {"age": rng.integers(20, 70, N)}
    ).write_csv(path)
    table = read_table(path)
    assert [table.label(f"q1_{j}") for j in range(4)] == WANTED
    assert table.frame["town"].to_list() == ["Lyon"] * N
    for j in range(4):
        column = table.frame[f"q1_{j}"].to_list()
        nothing = ~chosen.any(axis=1)
        assert column == [
            None if none else int(yes) for yes, none in zip(chosen[:, j], nothing, strict=True)
        ]
    assert infer_roles(table).needs == tuple(f"q1_{j}" for j in range(4))
    assert [item.code for item in table.notices] == ["table.ticked"]


def test_questions_and_import_codes_under_the_header_are_no_answers(tmp_path: Path):
    path = tmp_path / "export.csv"
    rows = ["StartDate,Q1,Q2", 'Start,"How important\nis speed?",Your age']
    rows.append(
        '"{""ImportId"":""startDate""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"'
    )
    rows += [f"2026-10-{day:02d},{1 + day % 5},{20 + day}" for day in range(1, 21)]
    path.write_text("\n".join(rows), encoding="utf-8")
    table = read_table(path)
    assert table.frame.height == 20
    assert table.frame["Q1"].dtype.is_integer()
    assert table.label("Q1") == "How important is speed?"
    assert table.first_row == 4
    assert read_table(path, raw=True).frame.height == 22


def test_questions_above_their_first_column_alone(rng, tmp_path: Path):
    path = tmp_path / "monkey.csv"
    chosen = rng.random((N, 4)) < 0.5
    rows = ["Respondent ID,What do you want?,,,,How old are you?"]
    rows.append(",".join(["", *WANTED, "Open-Ended Response"]))
    for i, row in enumerate(chosen):
        ticks = [o if yes else "" for o, yes in zip(WANTED, row, strict=True)]
        rows.append(",".join([str(1000 + i), *ticks, str(20 + i % 50)]))
    path.write_text("\n".join(rows), encoding="utf-8")
    table = read_table(path)
    needs = [f"What do you want?: {answer}" for answer in WANTED]
    assert table.frame.columns == ["Respondent ID", *needs, "How old are you?"]
    assert table.frame.height == N
    assert table.first_row == 3
    roles = infer_roles(table)
    assert roles.needs == tuple(needs)
    assert roles.demographics == ("How old are you?",)


def test_a_lost_title_is_still_an_error(tmp_path: Path):
    path = tmp_path / "lost.csv"
    path.write_text("a,,c\n1,2,3\n4,5,6\n", encoding="utf-8")
    with pytest.raises(ColumnError):
        read_table(path)
