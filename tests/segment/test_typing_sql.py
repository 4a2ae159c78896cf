"""The typing tool's SQL, run by each database that the guide names, against the Python scorer.

The table is what a company would hold: an id, a weight, text, numbers with gaps, dates, names that
need quoting. Everything in it is fictional.
"""

import os
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
import polars as pl
import pytest

from embauche.collect.survey import ColumnReading, Survey
from embauche.segment import segment_survey
from embauche.segment.typing_build import make_typing_tool
from embauche.segment.typing_sql import identifier, to_sql
from embauche.segment.typing_tool import Answer, Question, TypingTool

Run = Callable[[TypingTool, pl.DataFrame], list[dict[str, Any]]]
_TABLE = 'new "visitors"; --'
_TYPES = {pl.Int64: "BIGINT", pl.Float64: "DOUBLE PRECISION", pl.String: "VARCHAR", pl.Date: "DATE"}
_HOW = 'Where did you "hear" of it?'


def _parts(frame: pl.DataFrame) -> tuple[str, str]:
    """Return the columns with their types, and one place a column."""
    columns = ", ".join(
        f"{identifier(name)} {_TYPES[type(kind)]}" for name, kind in frame.schema.items()
    )
    return columns, ", ".join("?" for _ in frame.columns)


def _dicts(cursor: Any) -> list[dict[str, Any]]:
    names = [one[0] for one in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _sqlite(tool: TypingTool, frame: pl.DataFrame) -> list[dict[str, Any]]:
    columns, places = _parts(frame)
    rows = frame.with_columns(pl.col(pl.Date).cast(pl.String)).rows()
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE {identifier(_TABLE)} ({columns})")
    base.executemany(f"INSERT INTO {identifier(_TABLE)} VALUES ({places})", rows)  # noqa: S608
    found = _dicts(base.execute(to_sql(tool, _TABLE)))
    base.close()
    return found


def _duckdb(tool: TypingTool, frame: pl.DataFrame) -> list[dict[str, Any]]:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    columns, places = _parts(frame)
    with duckdb.connect() as base:
        base.execute(f"CREATE TABLE {identifier(_TABLE)} ({columns})")
        base.executemany(f"INSERT INTO {identifier(_TABLE)} VALUES ({places})", frame.rows())  # noqa: S608
        return _dicts(base.execute(to_sql(tool, _TABLE)))


def _postgresql(tool: TypingTool, frame: pl.DataFrame) -> list[dict[str, Any]]:
    url = os.environ.get("EMBAUCHE_TEST_DATABASE_URL")
    if not url:
        reason = "no PostgreSQL server: EMBAUCHE_TEST_DATABASE_URL is not set"
        if os.environ.get("EMBAUCHE_REQUIRE_POSTGRES"):
            pytest.fail(reason)
        pytest.skip(reason)
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    columns, places = _parts(frame)
    with psycopg.connect(url) as base:  # a temporary table goes with the connection
        base.execute(f"CREATE TEMPORARY TABLE {identifier(_TABLE)} ({columns})")
        cursor = base.cursor()
        cursor.executemany(
            f"INSERT INTO {identifier(_TABLE)} VALUES ({places.replace('?', '%s')})",  # noqa: S608
            frame.rows(),
        )
        return _dicts(base.execute(to_sql(tool, _TABLE)))


@pytest.fixture(
    params=[
        pytest.param(_sqlite, id="sqlite"),
        pytest.param(_duckdb, id="duckdb"),
        pytest.param(_postgresql, id="postgresql", marks=pytest.mark.postgres),
    ]
)
def run(request: pytest.FixtureRequest) -> Run:
    """Return what runs a tool's SQL over a table, in one database."""
    made: Run = request.param
    return made


def _survey(n: int, seed: int) -> Survey:
    """Three kinds of people; yes/no, a named answer, 1–7 ratings and a weight, with gaps."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, n)
    frame: dict[str, Any] = {"id": [uuid4().hex for _ in range(n)], "weight": rng.gamma(4, 0.25, n)}
    yes = np.array([[0.95, 0.1, 0.1, 0.6], [0.1, 0.9, 0.1, 0.5], [0.1, 0.1, 0.9, 0.4]])[kind]
    for j in range(4):
        frame[f"use {j}"] = (rng.random(n) < yes[:, j]).astype(int)
    names = np.array(["word of mouth", "l'affiche", 'Web; "ad"'])
    frame[_HOW] = names[np.where(rng.random(n) < 0.8, kind, rng.integers(0, 3, n))]
    for j in range(4):
        centre = np.array([2.0, 4.0, 6.0])[(kind + j) % 3]
        frame[f"rating {j}"] = np.clip(rng.normal(centre, 1.1).round(), 1, 7).astype(int)
    frame["joined"] = [date(2026, 1, 1) + timedelta(days=int(d)) for d in rng.integers(0, 300, n)]
    made = pl.DataFrame(frame)
    needs = [name for name in made.columns if name not in {"id", "weight", "joined"}]
    gaps = [
        pl.when(pl.Series(rng.random(n) < 0.15)).then(None).otherwise(pl.col(name)).alias(name)
        for name in needs
    ]
    scales = {"u": "yes_no", "W": "nominal", "r": "1-7"}
    return Survey(
        "fictional", made.with_columns(gaps), needs=tuple(needs), weight="weight",
        readings={name: ColumnReading(name, name, scales[name[0]]) for name in needs},
    )  # fmt: skip


def _same(tool: TypingTool, frame: pl.DataFrame, found: list[dict[str, Any]]) -> None:
    """Compare row by row; databases return rows in any order, so that the id leads."""
    at = {row["id"]: row for row in found}
    rows = [at[one] for one in frame["id"]]
    assert len(found) == frame.height
    shares = np.array([[row[f"embauche_p_{one}"] for one in tool.segments] for row in rows])
    assert np.abs(shares - tool.predict_proba(frame)).max() < 1e-9
    assert [row["embauche_segment"] for row in rows] == tool.predict(frame)
    assert [row["embauche_answered"] for row in rows] == tool.answered(frame).tolist()
    assert set(frame.columns) <= set(rows[0])


def test_a_weighted_survey_with_gaps_is_scored_alike(run: Run) -> None:
    survey = _survey(400, seed=2)
    tool = make_typing_tool(
        segment_survey(survey, k_max=3, bootstrap=2), survey, accuracy=0.999, unsure=0.8
    )
    assert tool is not None
    assert {question.scale for question in tool.questions} == {"yes_no", "nominal", "1-7"}
    visitors = _survey(150, seed=3).frame
    blank = visitors.head(1).with_columns(
        pl.lit("nobody").alias("id"), *(pl.lit(None).alias(name) for name in survey.needs)
    )
    table = pl.concat([visitors, blank], how="vertical_relaxed")
    told = tool.predict(table)
    assert {None, "unsure"} < set(told)
    _same(tool, table, run(tool, table))


def test_centred_ratings_are_scored_alike(run: Run) -> None:
    rng = np.random.default_rng(3)
    n, items = 300, 6
    kind = rng.integers(0, 2, n)
    lift = np.where((np.arange(items) % 2 == kind[:, None]), 9, -9)
    level = rng.normal(55, 15, n)[:, None]
    answers = np.clip(level + lift + rng.normal(0, 5, (n, items)), 1, 100).round(1)
    answers[rng.random((n, items)) < 0.1] = np.nan
    frame = pl.DataFrame({f"r{j}": answers[:, j] for j in range(items)})
    survey = Survey(
        "fictional", frame.fill_nan(None), needs=tuple(frame.columns),
        readings={name: ColumnReading(name, name, "1-100") for name in frame.columns},
    )  # fmt: skip
    tool = make_typing_tool(segment_survey(survey, k_max=2, bootstrap=2), survey, accuracy=0.85)
    assert tool is not None
    assert tool.scorer == "multinomial"
    table = frame.with_columns(pl.Series("id", range(n)))
    _same(tool, table, run(tool, table))


def test_limits_of_bands_and_answers_never_seen(run: Run) -> None:
    bands = (None, 40.0), (40.0, 80.5), (80.5, None)
    tool = TypingTool(
        "multinomial", ("S1", "S2"), (0.0, -0.2),
        (
            Question("it's", "?", "nominal", (Answer((1.0, 0.0), "a'b"), Answer((0.0, 2.0), "é"))),
            Question("r", "?", "1-100", tuple(
                Answer((0.5 - k, 0.3 * k), None, *band) for k, band in enumerate(bands)
            )),
        ),
        unsure=0.6, target=0.9, reached=True, steps=(), agreement=0.9, low=0.8, high=1.0, recall=(),
        unsure_share=0.1, sure_agreement=0.9, claimed=0.8, n=100, folds=10, seed=0,
    )  # fmt: skip
    table = pl.DataFrame(
        {
            "id": range(9),
            "it's": ["a'b", "é", None, "other", "é", "A'B", "", None, None],
            "r": [40.0, 40.1, 80.5, 1e6, None, -3.0, 80.6, None, float("nan")],
        }
    )
    found = run(tool, table)
    _same(tool, table, found)
    told = {row["id"]: row["embauche_answered"] for row in found}
    assert [told[one] for one in range(9)] == [2, 2, 1, 1, 1, 1, 1, 0, 0]
