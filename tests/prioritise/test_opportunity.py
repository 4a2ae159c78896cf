import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.collect.survey import ColumnReading, Survey
from embauche.errors import ColumnError
from embauche.prioritise import opportunities
from embauche.prioritise.opportunity_intervals import dirichlet_over, limits_of, ranks_of, score_of
from embauche.prioritise.ratings import top_answers
from embauche.segment import LatentClassModel, code_answers, coding_of
from embauche.segment.segmentation import Segment, Segmentation
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
     (60, 62, Zone.UNIMPORTANT), (60, 150, Zone.OVER_SERVED)],
)  # fmt: skip
def test_zones(importance, satisfaction, zone):
    survey = survey_of({"a": (answers(importance, 200, 1), answers(satisfaction, 200, 2))})
    assert opportunities(survey, draws=400)[0].zone is zone


def test_only_pairs_with_both_answers_count():
    survey = survey_of({"a": ([5, 5, None, 2] * 30, [2, None, 5, 2] * 30)})
    (row,) = opportunities(survey, draws=100)
    assert row.n == 60
    assert (row.importance, row.satisfaction) == (5.0, 0.0)


def test_other_scales_are_mapped_without_a_zone():
    assert [top_answers(1, 5), top_answers(1, 7), top_answers(0, 10), top_answers(1, 100)] == [
        4, 5, 7, 61,
    ]  # fmt: skip
    survey = survey_of({"a": ([7, 6] * 60, [0, 10] * 60)}, scale="0-10")
    (row,) = opportunities(survey, draws=100)
    assert (row.importance, row.satisfaction, row.zone) == (5.0, 5.0, None)
    codes = [notice.code for notice in row.notices]
    assert "opportunity.no_zone" in codes
    assert "opportunity.scale_mapped" in codes


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
    found = dirichlet_over(cells, 40_000, rng, threshold=6.0)[0]
    assert found == pytest.approx(beta(61, 41).sf(0.6), abs=0.03)


def test_coverage_where_the_branches_meet():
    # At I = S the score has its kink; 300 samples, so a share under .91 would be a real failure.
    rng = np.random.default_rng(8)
    n, hits = 150, []
    shares = rng.multinomial(n, [0.25] * 4, size=300) / n
    again = rng.multinomial(n, shares, size=(600, 300)) / n
    i, s = 10 * (shares[:, 0] + shares[:, 1]), 10 * (shares[:, 0] + shares[:, 2])
    for at in range(300):
        one = slice(at, at + 1)
        draws_i = 10 * (again[:, one, 0] + again[:, one, 1])
        draws_s = 10 * (again[:, one, 0] + again[:, one, 2])
        limits = limits_of(i[one], s[one], draws_i, draws_s, np.array([150.0]), np.zeros(1))
        hits.append(limits.low[0] <= 5 <= limits.high[0])
    assert 0.91 < np.mean(hits) < 0.99


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
