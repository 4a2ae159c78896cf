import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import polars as pl
import pytest

from embauche.collect.survey import ColumnReading, Survey
from embauche.errors import StatisticsError
from embauche.segment import segment_survey
from embauche.segment.typing_answers import asked
from embauche.segment.typing_build import make_typing_tool, typing_refusal
from embauche.segment.typing_scorers import fit_points, shares_of
from embauche.segment.typing_sql import identifier, text, to_sql
from embauche.segment.typing_tool import Answer, Question, TypingTool

_SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "typing.schema.json"
_AWKWARD = 'quick "or" slow; DROP TABLE customers; --'


def yes_no(n=360, items=9, seed=0):
    """Three fictional kinds of people; the first six needs tell them, the last three tell nothing."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, n)
    shares = np.full((3, items), 0.5)
    for k in range(3):
        shares[k, :6] = np.where(np.arange(6) % 3 == k, 0.95, 0.08)
    answers = (rng.random((n, items)) < shares[kind]).astype(int)
    names = [_AWKWARD, *(f"n{j}" for j in range(1, items))]
    frame = pl.DataFrame({name: answers[:, j] for j, name in enumerate(names)})
    return Survey(
        "s", frame, needs=tuple(names),
        readings={name: ColumnReading(name, name, "yes_no") for name in names},
    )  # fmt: skip


@pytest.fixture(scope="module")
def made():
    survey = yes_no()
    found = segment_survey(survey, k_max=3, bootstrap=2)
    return survey, found, make_typing_tool(found, survey, accuracy=0.85)


def test_telling_questions_are_chosen_and_idle_ones_left_out(made):
    _, found, tool = made
    assert found.k == 3
    assert tool.scorer == "latent_class"
    assert tool.reached
    assert tool.agreement > 0.8
    assert tool.low < tool.agreement < tool.high
    assert 2 <= len(tool.questions) <= 5
    assert not {question.need for question in tool.questions} & {"n6", "n7", "n8"}
    assert [one.segment for one in tool.recall] == list(tool.segments)


def test_all_questions_are_the_segments_own_model(made):
    survey, found, _ = made
    data = asked(found, survey)
    every, chosen = np.arange(survey.n), list(range(9))
    shares = shares_of(data, chosen, every, *fit_points(data, chosen, every))
    # One M step at the maximum stays there, but for the half pseudo-answer.
    assert shares == pytest.approx(found.posterior, abs=0.08)
    assert (shares.argmax(axis=1) == found.labels).mean() > 0.98
    tool = make_typing_tool(found, survey, accuracy=0.9999)
    assert not tool.reached
    assert "typing.not_reached" in [notice.code for notice in tool.notices]


def test_same_seed_same_tool_and_json_round_trip(made):
    survey, found, tool = made
    assert make_typing_tool(found, survey, accuracy=0.85) == tool
    data = json.loads(json.dumps(tool.to_dict()))
    jsonschema.validate(data, json.loads(_SCHEMA.read_text("utf-8")))
    assert TypingTool.from_dict(data) == tool
    with pytest.raises(StatisticsError, match="version"):
        TypingTool.from_dict({**data, "version": 99})


def test_missing_answers_add_nothing_and_unsure_is_said(made):
    survey, _, tool = made
    blank = survey.frame.head(2).with_columns(pl.all().cast(pl.Int64) * pl.lit(None, pl.Int64))
    assert tool.predict(blank) == [None, None]
    start = np.exp(tool.start)
    assert tool.predict_proba(blank)[0] == pytest.approx(start / start.sum())
    told = tool.predict(survey.frame)
    shares = tool.predict_proba(survey.frame)
    assert [one == "unsure" for one in told] == (shares.max(axis=1) < tool.unsure).tolist()
    with pytest.raises(StatisticsError, match="column"):
        tool.predict_proba(survey.frame.drop(tool.questions[0].need))


def rows_by_sql(tool, frame, table):
    base = sqlite3.connect(":memory:")
    columns = ", ".join(identifier(name) for name in frame.columns)
    base.execute(f"CREATE TABLE {identifier(table)} ({columns})")
    holes = ", ".join("?" for _ in frame.columns)
    base.executemany(f"INSERT INTO {identifier(table)} VALUES ({holes})", frame.rows())  # noqa: S608
    found = base.execute(to_sql(tool, table))
    names = [one[0] for one in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def test_sql_gives_the_same_probabilities_and_segments(made):
    survey, _, tool = made
    rng = np.random.default_rng(1)
    holed = survey.frame.with_columns(
        pl.when(pl.Series(rng.random(survey.n) < 0.2))
        .then(None)
        .otherwise(pl.col(name))
        .alias(name)
        for name in survey.needs
    )
    found = rows_by_sql(tool, holed, 'my "table"; --')
    shares = np.array([[row[f"embauche_p_{one}"] for one in tool.segments] for row in found])
    assert shares == pytest.approx(tool.predict_proba(holed), abs=1e-12)
    assert [row["embauche_segment"] for row in found] == tool.predict(holed)
    assert [row["embauche_answered"] for row in found] == tool.answered(holed).tolist()


def test_sql_of_texts_and_bands():
    tool = TypingTool(
        "multinomial", ("S1", "S2"), (0.0, -0.2),
        (
            Question("it's", "?", "nominal", (Answer((1.0, 0.0), "a'b"), Answer((0.0, 2.0), "c"))),
            Question("r", "?", "1-100", (Answer((0.5, 0.0), None, None, 40.0), Answer((0.0, 0.3), None, 40.0, 80.5), Answer((0.0, 1.0), None, 80.5, None))),
        ),
        unsure=0.6, target=0.9, reached=True, steps=(), agreement=0.9, low=0.8, high=1.0, recall=(),
        unsure_share=0.1, sure_agreement=0.9, claimed=0.8, n=100, folds=10, seed=0,
    )  # fmt: skip
    frame = pl.DataFrame(
        {"it's": ["a'b", "c", None, "other", "c"], "r": [40.0, 40.1, 80.5, 99.0, None]}
    )
    found = rows_by_sql(tool, frame, "t")
    shares = np.array([[row["embauche_p_S1"], row["embauche_p_S2"]] for row in found])
    assert shares == pytest.approx(tool.predict_proba(frame), abs=1e-12)
    assert tool.predict_proba(frame)[0, 0] == pytest.approx(1 / (1 + np.exp(-1.7)))
    assert [row["embauche_answered"] for row in found] == [2, 2, 1, 1, 1]


def test_names_are_quoted_for_sql():
    assert identifier('a"b') == '"a""b"'
    assert text("it's") == "'it''s'"
    with pytest.raises(StatisticsError, match="SQL"):
        identifier("a\0b")


def test_centred_ratings_get_a_scorer_of_their_own():
    rng = np.random.default_rng(3)
    n, items = 300, 6
    kind = rng.integers(0, 2, n)
    level = rng.normal(55, 15, n)
    lift = np.where((np.arange(items) % 2 == kind[:, None]), 9, -9)
    answers = np.clip(level[:, None] + lift + rng.normal(0, 5, (n, items)), 1, 100).round()
    frame = pl.DataFrame({f"r{j}": answers[:, j] for j in range(items)})
    survey = Survey(
        "s", frame, needs=tuple(frame.columns),
        readings={name: ColumnReading(name, name, "1-100") for name in frame.columns},
    )  # fmt: skip
    found = segment_survey(survey, k_max=2, bootstrap=2)
    assert found.coding["batteries"]["1-100"]["centred"]
    tool = make_typing_tool(found, survey, accuracy=0.85)
    assert tool.scorer == "multinomial"
    assert "typing.own_scorer" in [notice.code for notice in tool.notices]
    assert 2 <= len(tool.questions) < items
    assert tool.agreement > 0.8


def test_refusals_and_wrong_settings(made):
    survey, found, _ = made
    alone = segment_survey(survey, k_max=1, bootstrap=2)
    assert typing_refusal(alone, survey).code == "typing.one_segment"
    assert make_typing_tool(alone, survey) is None
    with pytest.raises(StatisticsError, match="accuracy"):
        make_typing_tool(found, survey, accuracy=90)
    with pytest.raises(StatisticsError, match="0"):
        make_typing_tool(found, survey, max_questions=0)
    assert len(make_typing_tool(found, survey, max_questions=1).questions) == 1


def test_held_out_agreement_is_not_flattered_by_noise():
    """Where needs are noise, a tool fitted and scored on the same rows would look far better."""
    rng = np.random.default_rng(5)
    frame = pl.DataFrame({f"n{j}": rng.integers(0, 2, 200) for j in range(8)})
    survey = Survey("s", frame, needs=tuple(frame.columns), readings={
        name: ColumnReading(name, name, "yes_no") for name in frame.columns})  # fmt: skip
    found = segment_survey(yes_no(200, 8, seed=6), k_max=3, bootstrap=2)
    if found.k < 2:
        pytest.skip("no segments in this draw")
    shuffled = replace(found, coding={"columns": dict.fromkeys(frame.columns), "batteries": {}},
                       model={**found.model})  # fmt: skip
    tool = make_typing_tool(shuffled, survey, accuracy=0.9)
    chance = max(one.n for one in tool.recall) / tool.n
    assert tool.agreement < chance + 0.1
