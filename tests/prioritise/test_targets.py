from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embauche.collect.survey import ColumnReading, Survey
from embauche.customers import Assignment, SegmentOfCustomers, memberships_of
from embauche.prioritise import (
    Memberships,
    expected_customers,
    find_targets,
    opportunities,
)
from embauche.segment.segmentation import Segment, Segmentation
from embauche.vocabulary import Solidity

SEGMENTS = ("S1", "S2")


def segmentation_of(posterior, needs=("n1",)) -> Segmentation:
    """Return two segments of respondents who belong as `posterior` says."""
    posterior = np.asarray(posterior, dtype=np.float64)
    segments = tuple(
        Segment(name, int((posterior.argmax(axis=1) == k).sum()), 0.5, None, (), 1.0)
        for k, name in enumerate(SEGMENTS)
    )
    return Segmentation(
        needs, 2, Solidity.REPRODUCIBLE, (), (), segments, posterior.argmax(axis=1), posterior,
        {"type": "given"}, len(posterior), 0,
    )  # fmt: skip


def rated(columns, weight=None) -> Survey:
    """Return a fictional survey: outcome → (importance, satisfaction) answers on 1–5."""
    frame, readings = {}, {}
    for name, (importance, satisfaction) in columns.items():
        frame[f"i {name}"], frame[f"s {name}"] = importance, satisfaction
        for column in (f"i {name}", f"s {name}"):
            readings[column] = ColumnReading(column, column, "1-5")
    if weight is not None:
        frame["w"] = weight
    return Survey(
        "fictional",
        pl.DataFrame(frame),
        needs=("n1",),
        importance=tuple(f"i {name}" for name in columns),
        satisfaction=tuple(f"s {name}" for name in columns),
        outcome_names=tuple(columns),
        weight=None if weight is None else "w",
        readings=readings,
    )


def certain(first, second):
    return [[1.0, 0.0]] * first + [[0.0, 1.0]] * second


@pytest.fixture
def known():
    """Return 100 people in S1, of whom 60 lack "fast"; 100 in S2, of whom 10 do."""
    fast = [5] * 80 + [2] * 20 + [5] * 30 + [2] * 70
    served = [5] * 20 + [2] * 80 + [5] * 20 + [2] * 80
    cheap = [5] * 200
    survey = rated({"fast": (fast, served), "cheap": (cheap, cheap)})
    segmentation = segmentation_of(certain(100, 100))
    return survey, segmentation, opportunities(survey, segmentation=segmentation, draws=200)


def test_expected_customers_by_hand():
    # Three customers: sure of S1, half and half, one in four S1.
    memberships = Memberships(
        np.array([[1.0, 0.0], [0.5, 0.5], [0.25, 0.75]]), np.array([100.0, 40.0, 20.0])
    )
    one, two = expected_customers(memberships, SEGMENTS)
    assert (one.assigned, two.assigned) == (2, 1)
    assert (one.expected, two.expected) == (1.75, 1.25)
    assert one.value == 100 + 20 + 5
    assert two.value == 20 + 15
    # Variance of the value of S1: 40² · 0.25 + 20² · 0.1875 = 475.
    assert one.value_low == pytest.approx(max(100.0, 125 - 1.959964 * 475**0.5))
    assert one.value_high == pytest.approx(min(160.0, 125 + 1.959964 * 475**0.5))
    # Who is certain is in, and there are but three.
    assert (one.low, one.high) == (1.0, 3.0)
    assert two.low == pytest.approx(max(0.0, 1.25 - 1.959964 * 0.4375**0.5))
    assert two.high == pytest.approx(min(2.0, 1.25 + 1.959964 * 0.4375**0.5))
    assert (one.valued, two.valued) == (3, 3)


def test_certain_customers_have_no_interval():
    memberships = Memberships(np.array(certain(3, 2)), np.array([1.0, np.nan, 3.0, -4.0, 5.0]))
    one, two = expected_customers(memberships, SEGMENTS)
    assert (one.low, one.expected, one.high) == (3, 3, 3)
    assert (two.value_low, two.value, two.value_high) == (1, 1, 1)
    assert (one.value, one.valued) == (4, 4)


@settings(deadline=None, max_examples=50)
@given(arrays(np.float64, st.tuples(st.integers(1, 40)), elements=st.floats(0, 1)), st.integers())
def test_limits_hold_the_count_and_stay_possible(first, seed):
    value = np.random.default_rng(abs(seed)).normal(10, 30, len(first))
    memberships = Memberships(np.column_stack([first, 1 - first]), value)
    rows = expected_customers(memberships, SEGMENTS)
    assert sum(row.expected for row in rows) == pytest.approx(len(first))
    assert sum(row.value or 0.0 for row in rows) == pytest.approx(value.sum())
    for row in rows:
        assert -1e-9 <= row.low <= row.expected + 1e-9 <= row.high + 2e-9
        assert row.high <= len(first) + 1e-9
        assert (row.value_low or 0) <= (row.value or 0) + 1e-6 <= (row.value_high or 0) + 2e-6


def test_the_interval_of_a_count_covers_what_memberships_draw():
    rng = np.random.default_rng(3)
    p = rng.random(400)
    one, _ = expected_customers(Memberships(np.column_stack([p, 1 - p])), SEGMENTS)
    counts = (rng.random((4000, 400)) < p).sum(axis=1)
    assert 0.93 < np.mean((counts >= one.low) & (counts <= one.high)) < 0.97


def test_stake_by_hand(known):
    survey, segmentation, rows = known
    # S1: 80 hold "fast" for important, the first 20 of them are satisfied: 60 % underserved.
    memberships = Memberships(np.array(certain(50, 350)), np.r_[np.full(50, 1000.0), np.ones(350)])
    found = find_targets(survey, segmentation, rows, memberships, draws=300)
    assert found is not None
    assert found.basis == "value"
    assert found.missing == ()
    first = found.targets[0]
    assert (first.segment, first.outcome, first.n) == ("S1", "fast", 100)
    assert first.underserved == pytest.approx(0.6)
    assert first.at_stake == pytest.approx(0.6 * 50_000)
    assert first.opportunity.satisfaction == pytest.approx(2.0)
    second = next(t for t in found.targets if (t.segment, t.outcome) == ("S2", "fast"))
    assert second.underserved == pytest.approx(0.1)
    assert second.at_stake == pytest.approx(0.1 * 350)
    assert all(t.underserved == 0.0 for t in found.targets if t.outcome == "cheap")


def test_without_values_customers_count_and_the_order_turns(known):
    survey, segmentation, rows = known
    memberships = Memberships(np.array(certain(50, 3500)))
    found = find_targets(survey, segmentation, rows, memberships, draws=300)
    assert found is not None
    assert (found.basis, found.missing) == ("customers", ("value",))
    assert [(t.segment, t.at_stake) for t in found.targets[:2]] == [
        ("S2", pytest.approx(350.0)),
        ("S1", pytest.approx(30.0)),
    ]


def test_without_customers_the_shares_of_respondents_stand_in(known):
    survey, segmentation, rows = known
    found = find_targets(survey, segmentation, rows, draws=300)
    assert found is not None
    assert (found.basis, found.missing, found.customers) == ("share", ("customers",), ())
    assert found.targets[0].at_stake == pytest.approx(0.5 * 0.6)
    assert found.targets[0].rank_low == found.targets[0].rank_high == 1


def test_without_ratings_only_customers_are_counted(known):
    survey, segmentation, _ = known
    found = find_targets(survey, segmentation, (), Memberships(np.array(certain(2, 3))))
    assert found is not None
    assert (found.targets, found.missing) == ((), ("ratings", "value"))
    assert [row.expected for row in found.customers] == [2, 3]


def test_one_segment_has_no_targets(known):
    survey, segmentation, rows = known
    alone = replace(segmentation, segments=segmentation.segments[:1], k=1)
    assert find_targets(survey, alone, rows) is None


def test_survey_weights_weigh_what_is_underserved():
    # Two in S1: the one who lacks it weighs three times the other.
    survey = rated({"fast": ([5, 5, 5, 5], [1, 5, 5, 5])}, weight=[3.0, 1.0, 1.0, 1.0])
    segmentation = segmentation_of(certain(2, 2))
    rows = opportunities(survey, segmentation=segmentation, draws=50)
    found = find_targets(survey, segmentation, rows, draws=50)
    assert found is not None
    assert found.targets[0].underserved == pytest.approx(0.75)
    assert found.targets[0].at_stake == pytest.approx(4 / 6 * 0.75)
    assert {item.code for item in found.targets[0].notices} == {"targets.few"}


def test_classification_error_is_undone_for_ratings_that_did_not_form_segments():
    # Everyone is 80 % sure; in truth all of S1 lack it and nobody in S2 does.
    posterior = [[0.8, 0.2]] * 50 + [[0.2, 0.8]] * 50
    truth = np.r_[np.ones(40), np.zeros(10), np.ones(10), np.zeros(40)].astype(bool)
    survey = rated({"fast": ([5] * 100, np.where(truth, 1, 5).tolist())})
    segmentation = segmentation_of(posterior)
    rows = opportunities(survey, segmentation=segmentation, draws=50)
    found = find_targets(survey, segmentation, rows, draws=50)
    assert found is not None
    by_segment = {target.segment: target.underserved for target in found.targets}
    assert by_segment == {"S1": pytest.approx(1.0), "S2": pytest.approx(0.0, abs=1e-9)}


def test_the_interval_of_the_share_covers_the_truth():
    lacking = np.random.default_rng(11).random((120, 120)) < 0.3
    survey = rated({f"o{j}": ([5] * 120, np.where(lacking[:, j], 1, 5)) for j in range(120)})
    segmentation = segmentation_of(certain(60, 60))
    rows = opportunities(survey, segmentation=segmentation, draws=20)
    found = find_targets(survey, segmentation, rows, draws=300)
    assert found is not None
    mine = [target for target in found.targets if target.segment == "S1"]
    hits = sum(target.underserved_low <= 0.3 <= target.underserved_high for target in mine)
    assert hits >= 106  # of 120; 114 expected, 106 is three standard errors below


def test_the_same_seed_gives_the_same_list(known):
    survey, segmentation, rows = known
    made = [find_targets(survey, segmentation, rows, draws=60, seed=5) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0] != find_targets(survey, segmentation, rows, draws=60, seed=6)


def test_memberships_come_from_the_assignment():
    frame = pl.DataFrame(
        {
            "row": [2, 3, 4],
            "segment": ["S1", None, "S2"],
            "probability": [0.9, None, 0.6],
            "p_S1": [0.9, None, 0.4],
            "p_S2": [0.1, None, 0.6],
            "worth": [10.0, 7.0, None],
        }
    )
    segments = tuple(SegmentOfCustomers(name, 1, 0.5, None, 0.8) for name in SEGMENTS)
    made = Assignment("fictional", frame, None, "worth", (), (), 1.0, segments, 3)
    found = memberships_of(made)
    assert found.posterior.tolist() == [[0.9, 0.1], [0.4, 0.6]]
    assert found.value is not None
    assert found.value[0] == 10
    assert np.isnan(found.value[1])
    assert found.unanswered == 1
    assert memberships_of(replace(made, value=None)).value is None
