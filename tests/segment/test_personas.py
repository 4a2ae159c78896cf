from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from embauche.collect.survey import Survey
from embauche.segment.personas import LEAST_N, find_personas, personas
from embauche.segment.personas_descriptions import describe
from embauche.segment.segmentation import Segment, Segmentation
from embauche.vocabulary import Solidity


def segmentation_of(labels):
    segments = tuple(
        Segment(f"S{k + 1}", int((labels == k).sum()), float((labels == k).mean()), None, (), 1.0)
        for k in range(labels.max() + 1)
    )
    posterior = np.eye(labels.max() + 1)[np.maximum(labels, 0)]
    return Segmentation(
        ("n",),
        len(segments),
        Solidity.NATURAL,
        (),
        (),
        segments,
        labels,
        posterior,
        {},
        len(labels),
        0,
    )


@pytest.fixture
def study():
    """Fictional: segment 1 travels in the morning alone, segment 2 at random; age splits them."""
    rng = np.random.default_rng(4)
    labels = np.repeat([0, 1], 200)
    n = len(labels)
    often = labels == 0
    when = np.where(often & (rng.random(n) < 0.8), "morning", rng.choice(["noon", "night"], n))
    who = np.where(rng.random(n) < np.where(often, 0.7, 0.3), "alone", "family")
    frame = pl.DataFrame(
        {
            "n": labels,
            "when": when,
            "who": who,
            "noise": rng.choice(["a", "b", "c"], n),
            "trips": np.where(often, rng.poisson(9, n), rng.poisson(4, n)),
            "age": np.where(often, 30, 60) + rng.integers(-5, 6, n),
            "gender": np.where(often, "f", "m"),
        }
    )
    survey = Survey(
        "s",
        frame,
        needs=("n",),
        situation=("when", "who", "noise", "trips"),
        demographics=("age", "gender"),
    )
    return segmentation_of(labels), survey


def test_finds_what_was_put_in(study):
    found = personas(*study)
    first = found["S1"][0]
    assert first.id == "S1.1"
    assert first.traits["when"] == "morning"
    assert first.n >= LEAST_N
    assert first.low < first.share < first.high
    assert 1 < first.lift_low < first.lift < first.lift_high
    columns = {column for persona in found["S1"] + found["S2"] for column in persona.traits}
    assert "noise" not in columns


def test_share_n_and_lift_by_hand():
    # 40 of 100 in S1 and 10 of 100 in S2 are at home: lift (40.5/100.5)/(10.5/100.5).
    labels = np.repeat([0, 1], 100)
    place = ["home"] * 40 + ["work"] * 60 + ["home"] * 10 + ["work"] * 90
    survey = Survey("s", pl.DataFrame({"place": place}), situation=("place",))
    (persona,) = personas(segmentation_of(labels), survey)["S1"]
    assert dict(persona.traits) == {"place": "home"}
    assert (persona.n, persona.share) == (40, 0.4)
    assert persona.lift == pytest.approx(40.5 / 10.5)
    assert (persona.low, persona.high) == pytest.approx((0.3094, 0.4980), abs=1e-4)


def test_demographics_cannot_enter(study):
    segmentation, survey = study
    plain = find_personas(segmentation, survey)
    shuffled = replace(
        survey,
        frame=survey.frame.with_columns(pl.lit(1).alias("age"), pl.lit("x").alias("gender")),
    )
    assert find_personas(segmentation, shuffled) == plain
    # Even where a column is listed as both, it stays out, though it splits the segments perfectly.
    both = replace(survey, situation=(*survey.situation, "gender"))
    assert find_personas(segmentation, both) == plain


def test_refusals(study):
    segmentation, survey = study
    none = find_personas(segmentation, replace(survey, situation=()))
    assert [notice.code for notice in none.notices] == ["persona.no_situation"]
    assert none.personas["S1"] == ()
    labels = np.array([0] * 390 + [1] * 10)
    small = find_personas(segmentation_of(labels), survey)
    assert "persona.small_segment" in [notice.code for notice in small.notices]
    assert small.personas["S2"] == ()


def test_noise_gives_no_personas():
    found = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        labels = rng.integers(0, 3, 400)
        frame = pl.DataFrame({f"q{j}": rng.choice(["a", "b", "c"], 400) for j in range(6)})
        survey = Survey("s", frame, situation=tuple(frame.columns))
        found += sum(map(len, personas(segmentation_of(labels), survey).values()))
    assert found <= 6  # 60 searches, each wrong in about one of forty


def test_numbers_are_banded_and_the_rule_is_shown(study):
    found = find_personas(*study)
    notice = next(n for n in found.notices if n.code == "persona.bands")
    assert notice.params["column"] == "trips"
    trips = study[1].frame["trips"]
    assert notice.params["low"] == trips.quantile(1 / 3, "linear")


def test_weights_count_as_replication():
    labels = np.repeat([0, 1], 60)
    place = (["home"] * 20 + ["work"] * 40) + (["home"] * 5 + ["work"] * 55)
    weight = [2] * 120
    weighted = Survey(
        "s", pl.DataFrame({"place": place, "w": weight}), situation=("place",), weight="w"
    )
    (persona,) = personas(segmentation_of(labels), weighted)["S1"]
    assert persona.share == pytest.approx(1 / 3)
    assert persona.n == 20


def test_descriptions_say_who_is_in_a_segment(study):
    found = describe(*study)
    first = {item.column: item for item in found["S1"]}
    assert (first["gender"].answer, first["gender"].share, first["gender"].overall) in {
        ("f", 1.0, 0.5), ("m", 0.0, 0.5),
    }  # fmt: skip
    assert float(first["age"].answer) == pytest.approx(30, abs=1)
    assert first["age"].median == pytest.approx(30, abs=1)
    assert first["age"].overall_median == study[1].frame["age"].median()
    assert first["age"].share < 0.05
    assert "noise" not in first


def test_of_two_answers_the_more_frequent_one_describes(study):
    found = describe(*study)
    assert [item.answer for item in found["S1"] if item.column == "gender"] == ["f"]
    assert [item.answer for item in found["S2"] if item.column == "gender"] == ["m"]


def test_a_handful_of_people_describes_no_segment():
    # All 8 who live on the island are in S1: clear by the formula, of which too few are expected.
    labels = np.repeat([0, 1], 100)
    island = ["island"] * 8 + ["town", "village"] * 46 + ["town", "village"] * 50
    survey = Survey("s", pl.DataFrame({"place": island}), demographics=("place",))
    assert describe(segmentation_of(labels), survey) == {"S1": (), "S2": ()}
    more = ["island"] * 12 + ["town", "village"] * 44 + ["town", "village"] * 50
    survey = replace(survey, frame=pl.DataFrame({"place": more}))
    assert describe(segmentation_of(labels), survey)["S1"][0].answer == "island"
