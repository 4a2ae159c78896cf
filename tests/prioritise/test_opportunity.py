from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.collect.survey import ColumnReading, Survey
from embauche.errors import ColumnError
from embauche.prioritise import opportunities
from embauche.prioritise.opportunity_intervals import (
    dirichlet_posterior,
    holm,
    limits_of,
    ranks_of,
    score_of,
)
from embauche.prioritise.opportunity_segments import relative_entropy
from embauche.prioritise.ratings import top_answers
from embauche.segment import LatentClassModel, code_answers, coding_of
from embauche.segment.segmentation import Criterion, Segment, Segmentation
from embauche.vocabulary import Solidity, Zone


def survey_of(pairs, weight=None, scale="1-5"):
    """Fictional ratings: outcome → (importance, satisfaction) answers."""
    columns, readings = {}, {}
    for name, (importance, satisfaction) in pairs.items():
        columns[f"i {name}"], columns[f"s {name}"] = importance, satisfaction
        for column in (f"i {name}", f"s {name}"):
            readings[column] = ColumnReading(column, column, scale)
    if weight is not None:
        columns["w"] = weight
    return Survey(
        "fictional",
        pl.DataFrame(columns),
        needs=tuple(f"i {name}" for name in pairs),
        importance=tuple(f"i {name}" for name in pairs),
        satisfaction=tuple(f"s {name}" for name in pairs),
        outcome_names=tuple(pairs),
        weight=None if weight is None else "w",
        readings=readings,
    )


def answers(top, n, seed=0):
    return np.random.default_rng(seed).permutation([5] * top + [2] * (n - top)).tolist()


def test_score_by_hand():
    # 8 of 10 important, 3 of 10 satisfied: 8 + (8 - 3) = 13, "strong"; the other is 4 + 0 = 4.
    survey = survey_of(
        {
            "fast": (answers(160, 200, 1), answers(60, 200, 2)),
            "cheap": (answers(80, 200, 3), answers(180, 200, 4)),
        }
    )
    fast, cheap = opportunities(survey, draws=500)
    assert (fast.outcome, fast.importance, fast.satisfaction) == ("fast", 8.0, 3.0)
    assert fast.score == pytest.approx(13.0)
    assert fast.gap_only == pytest.approx(5.0)
    assert fast.zone is Zone.STRONG
    assert fast.rank == 1
    assert cheap.score == pytest.approx(4.0)
    assert cheap.zone is Zone.OVER_SERVED
    assert fast.low < 13 < fast.high
    assert fast.p_over_10 > 0.99
    assert cheap.p_over_10 < 0.01


def test_mean_based_by_hand():
    # Means 3.5 and 2 on 1-5 are 6.25 and 2.5 on 0-10: 6.25 + 3.75 = 10.
    survey = survey_of({"a": ([5, 2] * 40, [2, 2] * 40)})
    (row,) = opportunities(survey, draws=100)
    assert row.mean_based == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("importance", "satisfaction", "zone"),
    [(190, 40, Zone.EXTREME), (150, 80, Zone.WORTH_A_LOOK), (140, 138, Zone.SERVED),
     (104, 26, Zone.NOT_NOW), (100, 100, Zone.SERVED), (100, 99, Zone.NOT_NOW),
     (60, 62, Zone.UNIMPORTANT), (60, 150, Zone.OVER_SERVED)],
)  # fmt: skip
def test_zones(importance, satisfaction, zone):
    survey = survey_of({"a": (answers(importance, 200, 1), answers(satisfaction, 200, 2))})
    assert opportunities(survey, draws=400)[0].zone is zone


def test_only_pairs_with_both_answers_count():
    survey = survey_of({"a": ([5, 5, None, 2] * 30, [2, None, 5, 2] * 30)})
    (row,) = opportunities(survey, draws=100)
    assert (row.n, row.one_rating_only) == (60, 60)
    assert "opportunity.pairwise" in [
        notice.code for notice in row.notices if notice.severity == "weak"
    ]
    assert (row.importance, row.satisfaction) == (5.0, 0.0)


def test_other_scales_are_mapped_without_a_zone():
    assert [top_answers(1, 5), top_answers(1, 7), top_answers(0, 10), top_answers(1, 100)] == [
        4, 5, 7, 61,
    ]  # fmt: skip
    survey = survey_of({"a": ([7, 6] * 60, [0, 10] * 60)}, scale="0-10")
    (row,) = opportunities(survey, draws=100)
    assert (row.importance, row.satisfaction, row.zone) == (5.0, 5.0, None)
    assert (row.importance_scale, row.importance_top, row.p_holm) == ("0-10", 7, None)
    codes = [notice.code for notice in row.notices]
    assert "opportunity.no_zone" in codes
    assert "opportunity.scale_mapped" in codes


def test_a_zero_makes_the_scale_begin_at_zero():
    hundred = np.array([[0, 100], [61, 60]] * 20)
    frame = pl.DataFrame({"i": hundred[:, 0], "s": hundred[:, 1]})
    readings = {name: ColumnReading(name, name, "1-100") for name in frame.columns}
    survey = Survey("s", frame, importance=("i",), satisfaction=("s",), readings=readings)
    (row,) = opportunities(survey, draws=200)
    assert (row.importance_scale, row.satisfaction_scale) == ("0-100", "0-100")
    assert (row.importance_top, row.importance, row.satisfaction) == (61, 5.0, 5.0)
    said = next(item for item in row.notices if item.code == "opportunity.scale_mapped")
    assert (said.params["low"], said.params["top"]) == (0, 61)
    (row,) = opportunities(replace(survey, frame=frame.with_columns(pl.all().clip(1))), draws=200)
    assert row.importance_scale == "1-100"


def test_small_samples_say_so():
    few = opportunities(survey_of({"a": (answers(30, 60), answers(10, 60))}), draws=100)[0]
    assert "opportunity.few" in [notice.code for notice in few.notices]
    assert few.zone is not None
    tiny = opportunities(survey_of({"a": (answers(15, 20), answers(5, 20))}), draws=100)[0]
    assert tiny.zone is None
    assert "opportunity.too_few" in [notice.code for notice in tiny.notices]


def test_a_share_of_one_still_has_an_interval():
    (row,) = opportunities(survey_of({"a": ([5] * 40, [1] * 40)}), draws=100)
    assert row.score == 20
    assert 14 < row.low < 19.5


def test_words_are_refused_by_name():
    survey = Survey(
        "s.csv", pl.DataFrame({"i": ["a"], "s": [1]}), importance=("i",), satisfaction=("s",)
    )
    with pytest.raises(ColumnError) as caught:
        opportunities(survey)
    assert caught.value.params["column"] == "i"
    assert "« i »" in caught.value.message("fr").replace("\u00a0", " ")


def test_no_ratings_no_opportunities():
    assert opportunities(Survey("s", pl.DataFrame({"a": [1]}))) == ()


ratings = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 3)), min_size=5, max_size=40
)


@settings(max_examples=25, deadline=None)
@given(rows=ratings, order=st.randoms(use_true_random=False))
def test_properties(rows, order):
    importance, satisfaction, counts = (list(part) for part in zip(*rows, strict=True))
    (weighted,) = opportunities(survey_of({"a": (importance, satisfaction)}, counts), draws=50)
    again = [row for row in rows for _ in range(row[2])]
    order.shuffle(again)
    (replicated,) = opportunities(
        survey_of({"a": ([r[0] for r in again], [r[1] for r in again])}), draws=50
    )
    assert weighted.score == pytest.approx(replicated.score)
    assert weighted.mean_based == pytest.approx(replicated.mean_based)
    assert 0 <= weighted.low <= weighted.score <= weighted.high <= 20


def test_same_seed_same_result():
    survey = survey_of({"a": (answers(50, 120, 1), answers(40, 120, 2))})
    assert opportunities(survey, seed=4, draws=100) == opportunities(survey, seed=4, draws=100)
    assert opportunities(survey, seed=4, draws=100) != opportunities(survey, seed=5, draws=100)


def test_ranks():
    assert ranks_of(np.array([3.0, 9.0, 3.0])).tolist() == [2, 1, 2]
    assert ranks_of(np.array([[3.0, 9.0], [9.0, 3.0]])).tolist() == [[2, 1], [1, 2]]


def test_posterior_agrees_with_the_beta_distribution():
    # S far above I: the score is I, whose posterior is Beta(60 + 1, 40 + 1); P(I > .6)...
    from scipy.stats import beta

    rng = np.random.default_rng(1)
    cells = np.array([[60.0, 0.0, 38.0, 2.0]])
    found = (dirichlet_posterior(cells, rng, 40_000).score > 6.0).mean()
    assert found == pytest.approx(beta(61, 41).sf(0.6), abs=0.03)


def test_coverage_where_the_branches_meet():
    # At I = S the score has its kink; 300 samples, so a share under .91 would be a real failure.
    rng = np.random.default_rng(8)
    n, hits = 150, []
    for counts in rng.multinomial(n, [0.25] * 4, size=300):
        posterior = dirichlet_posterior(counts[None].astype(float), rng, 600)
        low, high = limits_of(posterior.importance, posterior.satisfaction).score[:, 0]
        hits.append(low <= 5 <= high)
    assert 0.91 < np.mean(hits) < 0.99


def test_replicates_are_the_dirichlet_posterior_of_the_cells():
    # 30 both, 25 important only, 10 satisfied only, 35 neither: without weights the replicates of
    # the Bayesian bootstrap and the posterior are one distribution.
    left = [5] * 55 + [2] * 45
    right = [5] * 30 + [2] * 25 + [5] * 10 + [2] * 35
    (row,) = opportunities(survey_of({"a": (left, right)}), draws=20_000)
    cells = np.array([[30.0, 25.0, 10.0, 35.0]])
    posterior = dirichlet_posterior(cells, np.random.default_rng(3), 20_000)
    limits = limits_of(posterior.importance, posterior.satisfaction)
    assert (row.low, row.high) == pytest.approx(tuple(limits.score[:, 0]), abs=0.08)
    assert (row.excess_low, row.excess_high) == pytest.approx(tuple(limits.excess[:, 0]), abs=0.08)


def test_weights_make_intervals_wider_as_kish_says():
    # Half of the respondents weigh nine times the others: n_eff = (5n)² / (41n) = .61 n.
    left, right = answers(240, 400, 1), answers(160, 400, 2)
    even = opportunities(survey_of({"a": (left, right)}), draws=4000)[0]
    weight = [1, 9] * 200
    uneven = opportunities(survey_of({"a": (left, right)}, weight), draws=4000)[0]
    assert uneven.n_effective == pytest.approx(400 * 25 / 41)
    widths = [row.importance_high - row.importance_low for row in (even, uneven)]
    assert widths[1] / widths[0] == pytest.approx((41 / 25) ** 0.5, rel=0.08)


def test_weights_that_are_none_are_refused():
    pair = {"a": ([5, 2, 4], [2, 2, 4])}
    with pytest.raises(ColumnError) as caught:
        opportunities(survey_of(pair, [1.0, -2.0, 1.0]))
    assert caught.value.params["respondent"] == 2
    with pytest.raises(ColumnError):
        opportunities(survey_of(pair, ["a", "b", "c"]))
    (row,) = opportunities(survey_of(pair, [1.0, None, 1.0]), draws=20)
    assert row.n == 2
    assert "opportunity.no_weight" in [notice.code for notice in row.notices]


def test_holm_by_hand():
    # .01·3 = .03; .02·2 = .04; .9·1 = .9; an adjusted value never falls below the one before.
    assert holm(np.array([0.9, 0.01, 0.02])).tolist() == pytest.approx([0.9, 0.03, 0.04])
    assert holm(np.array([0.03, 0.029])).tolist() == pytest.approx([0.058, 0.058])


def test_probabilities_of_thresholds_zones_and_ranks():
    survey = survey_of(
        {
            "far": (answers(285, 300, 1), answers(30, 300, 2)),
            "near": (answers(165, 300, 3), answers(120, 300, 4)),
            "over": (answers(90, 300, 5), answers(240, 300, 6)),
        }
    )
    far, near, over = opportunities(survey, draws=1000, top=2)
    assert far.zone is Zone.EXTREME
    assert far.p_over_10 >= far.p_over_12 >= far.p_over_15 > 0.99
    assert far.p_zone == pytest.approx(far.p_over_15)
    assert (far.top, far.p_top) == (2, 1.0)
    assert over.p_top == 0.0
    assert over.excess_low > 0
    assert over.p_zone > 0.99
    assert near.p_over_10 < near.p_top
    assert far.p_holm < 0.001 < near.p_holm
    assert sum(row.p_top for row in (far, near, over)) == pytest.approx(2.0)


def test_the_zone_that_an_exact_score_is_in():
    # 7 + (7 − 2) is 12 and not 11.999…: to be seized.
    survey = survey_of({"a": (answers(70, 100, 1), answers(20, 100, 2))})
    row = opportunities(survey, draws=50)[0]
    assert (row.score, row.zone) == (12.0, Zone.STRONG)


def test_known_groups_are_scored_each():
    survey = survey_of({"a": ([5] * 40 + [2] * 60, [2] * 100)})
    grouped = survey.frame.with_columns(pl.Series("who", ["x"] * 40 + ["y"] * 50 + [None] * 10))
    survey = replace(survey, frame=grouped)
    everyone, first, second = opportunities(survey, by="who", draws=50)
    assert (everyone.score, everyone.n) == (8.0, 100)
    assert (first.segment, first.n, first.score) == ("y", 50, 0.0)
    assert (second.segment, second.n, second.score) == ("x", 40, 20.0)
    assert "opportunity.no_group" in [notice.code for notice in first.notices]
    with pytest.raises(ColumnError):
        opportunities(survey, by="nobody")
    people = survey.frame.with_columns(pl.Series("who", [f"p{i}" for i in range(100)]))
    with pytest.raises(ColumnError) as caught:
        opportunities(replace(survey, frame=people), by="who")
    assert caught.value.code == "opportunity.too_many_groups"


def test_an_outcome_that_nobody_rated_twice_is_left_out():
    survey = survey_of(
        {"a": ([5, 2] * 20, [2, 5] * 20), "b": ([5] * 20 + [None] * 20, [None] * 20 + [3] * 20)}
    )
    rows = opportunities(survey, draws=50)
    assert [row.outcome for row in rows] == ["a"]


def two_kinds(n=500, seed=3):
    """Two fictional kinds of people who rate five outcomes in opposite ways."""
    rng = np.random.default_rng(seed)
    kind = np.repeat([0, 1], n // 2)
    shares = np.where(kind[:, None] == 0, [0.9, 0.9, 0.2, 0.2, 0.9], [0.2, 0.2, 0.9, 0.9, 0.2])
    happy = np.where(kind[:, None] == 0, 0.2, 0.7)
    left = np.where(rng.random((n, 5)) < shares, 5, 2)
    right = np.where(rng.random((n, 5)) < happy, 5, 2)
    survey = survey_of({f"o{j}": (left[:, j].tolist(), right[:, j].tolist()) for j in range(5)})
    coding = coding_of(survey)[0]
    frame = code_answers(survey.frame, coding)
    model = LatentClassModel(2, seed=1, n_starts=8).fit(frame)
    posterior = model.predict_proba(frame)
    labels = posterior.argmax(axis=1)
    segments = tuple(
        Segment(f"S{k + 1}", int((labels == k).sum()), float(model.class_shares_[k]), None, (), 1.0)
        for k in range(2)
    )
    segmentation = Segmentation(
        survey.needs, 2, Solidity.NATURAL, (), (), segments, labels, posterior,
        model.to_dict(), n, 0, (), coding,
    )  # fmt: skip
    return survey, segmentation, labels, kind


def test_segments_recover_what_was_put_in():
    survey, segmentation, labels, kind = two_kinds()
    rows = opportunities(survey, segmentation=segmentation, draws=150, seed=2)
    assert [row.segment for row in rows] == [None] * 5 + ["S1"] * 5 + ["S2"] * 5
    first = next(f"S{k + 1}" for k in (0, 1) if (kind[labels == k] == 0).mean() > 0.5)
    found = {row.outcome: row for row in rows if row.segment == first}
    assert found["o0"].score == pytest.approx(9 + 7, abs=1.2)
    assert found["o2"].score == pytest.approx(2, abs=1.0)
    assert any(notice.code == "opportunity.refitted" for notice in found["o0"].notices)


def test_progress_ends_at_one_and_can_cancel():
    survey, segmentation, *_ = two_kinds(200)
    seen = []
    opportunities(survey, segmentation=segmentation, draws=20, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        opportunities(survey, draws=20, progress=stop)


def test_score_is_ulwicks():
    assert score_of(np.array([9.0, 4.0]), np.array([3.0, 8.0])).tolist() == [15.0, 4.0]


def test_overlapping_segments_warn():
    survey, segmentation, *_ = two_kinds()
    clear = opportunities(survey, segmentation=segmentation, draws=20)
    assert "opportunity.overlap" not in {n.code for row in clear for n in row.notices}
    blurred = replace(segmentation, posterior=0.5 + 0.5 * (segmentation.posterior - 0.5))
    rows = opportunities(survey, segmentation=blurred, draws=20)
    warned = {row.segment for row in rows if "opportunity.overlap" in [n.code for n in row.notices]}
    assert warned == {"S1", "S2"}


def test_segments_that_do_not_come_back_warn_however_far_apart_they_look():
    survey, segmentation, *_ = two_kinds()

    def codes(stability):
        kept = Criterion(2, -1.0, 3, 1.0, 1.0, 1.0, 1.0, 0.9, stability, 1, 1)
        given = replace(segmentation, criteria=(kept,))
        rows = opportunities(survey, segmentation=given, draws=20)
        return {notice.code for row in rows for notice in row.notices}

    assert "opportunity.unstable" in codes(0.4)
    assert "opportunity.unstable" not in codes(0.9)


def test_relative_entropy_by_hand():
    assert relative_entropy(np.array([[1.0, 0.0], [0.0, 1.0]]), np.ones(2)) == pytest.approx(1.0)
    assert relative_entropy(np.array([[0.5, 0.5], [1.0, 0.0]]), np.array([1.0, 3.0])) == (
        pytest.approx(0.75)
    )
