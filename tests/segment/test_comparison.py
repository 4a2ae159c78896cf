from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.collect.survey import ColumnReading, Survey
from embauche.errors import ColumnError
from embauche.segment import comparison_predictors
from embauche.segment.comparison_outcome import read_outcome
from embauche.segment.comparison_predictors import Predictors
from embauche.segment.comparison_run import compare_with_demographics, comparison_refusal
from embauche.segment.comparison_terms import Columns
from embauche.segment.indicators import coding_of
from embauche.segment.learner import PENALTIES, fit_predict
from embauche.segment.learner_families import Binary, Count, Ordered, newton
from embauche.segment.learner_scores import (
    auc,
    concordance,
    corrected_difference,
    corrected_interval,
    d2,
    foretells,
    r2,
    skill,
)
from embauche.vocabulary import Comparison


def simulated(cause, seed, n=400, items=8):
    """A fictional survey whose yes/no outcome depends on age, on the kind of person, or nothing."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 2, n)
    shares = np.where(kind[:, None] == 0, [0.85, 0.15] * 4, [0.15, 0.85] * 4)
    needs = (rng.random((n, items)) < shares).astype(int)
    age = rng.integers(18, 75, n)
    pull = {"age": (age - 46) / 14, "kind": 2.0 * kind - 1.0, "nothing": np.zeros(n)}[cause]
    buys = (rng.random(n) < 1 / (1 + np.exp(-pull))).astype(int)
    frame = pl.DataFrame(
        {f"n{j}": needs[:, j] for j in range(items)}
        | {"age": age, "gender": rng.choice(["f", "m"], n), "buys": buys}
    )
    return Survey(
        "s", frame, needs=tuple(f"n{j}" for j in range(items)), demographics=("age", "gender"),
        outcome="buys",
    )  # fmt: skip


def verdict(survey, seed=1):
    return compare_with_demographics(survey, k=2, seed=seed, repeats=2)


def test_jobs_win_where_jobs_decide():
    found = verdict(simulated("kind", 1))
    assert found.verdict is Comparison.JOBS_BETTER
    assert found.low > 0
    assert found.metric == "auc"
    assert [row.predictors for row in found.scores] == [
        "job_segments", "demographic_segments", "demographics", "raw_needs",
        "segments_and_demographics", "nothing",
    ]  # fmt: skip
    assert "comparison.association" in [notice.code for notice in found.notices]


def test_demographics_win_where_age_decides():
    found = verdict(simulated("age", 1))
    assert found.verdict is Comparison.DEMOGRAPHICS_BETTER
    assert found.high < 0
    assert found.segments_high < 0.1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_difference_where_nothing_decides(seed):
    found = verdict(simulated("nothing", seed))
    assert found.verdict is Comparison.NO_DIFFERENCE_SHOWN
    assert "comparison.nothing_foretold" in [notice.code for notice in found.notices]


def test_same_seed_same_result_and_progress():
    survey, seen = simulated("kind", 2, n=120), []
    first = compare_with_demographics(survey, k=2, seed=5, repeats=1, progress=seen.append)
    assert first == compare_with_demographics(survey, k=2, seed=5, repeats=1)
    assert seen[0] == 0.0
    assert seen[-1] == 1.0


def test_missing_answers_and_weights_are_taken():
    survey = simulated("kind", 3, n=300)
    rng = np.random.default_rng(0)
    holes = {
        name: pl.Series(
            name,
            [
                None if gone else v
                for v, gone in zip(survey.frame[name], rng.random(300) < 0.1, strict=True)
            ],
        )
        for name in ("n0", "n1", "age", "gender", "buys")
    }
    frame = survey.frame.with_columns(*holes.values(), pl.Series("w", rng.uniform(0.5, 2, 300)))
    found = verdict(replace(survey, frame=frame, weight="w"))
    assert found.n == 300 - frame["buys"].null_count()
    assert found.verdict is Comparison.JOBS_BETTER


def test_refusals_name_the_reason():
    survey = simulated("kind", 1, n=200)
    assert comparison_refusal(survey, k=2) is None
    for broken, code in (
        (replace(survey, outcome=None), "comparison.no_outcome"),
        (replace(survey, demographics=()), "comparison.no_demographics"),
        (replace(survey, frame=survey.frame.head(40)), "comparison.too_few_rows"),
        (
            replace(survey, frame=survey.frame.with_columns(buys=pl.lit(1))),
            "comparison.constant_outcome",
        ),
        (
            replace(survey, frame=survey.frame.with_columns(buys=pl.Series([1] * 4 + [0] * 196))),
            "comparison.rare_outcome",
        ),
    ):
        assert comparison_refusal(broken, k=2).code == code
        assert compare_with_demographics(broken, k=2) is None
    assert comparison_refusal(survey, k=1) is None
    with pytest.raises(ColumnError, match="gone"):
        comparison_refusal(replace(survey, outcome="gone"), k=2)


def outcome_of(values, scale=None, categories=()):
    readings = {} if scale is None else {"y": ColumnReading("y", "y", scale, categories)}
    survey = Survey("s", pl.DataFrame({"y": values}), readings=readings)
    return read_outcome(survey, "y", np.ones(len(values)))


def test_kinds_of_outcome():
    assert outcome_of(["yes", "no"] * 50).kind == "binary"
    assert outcome_of([1, 2, 3, 4, 5] * 20, "1-5").learner == "ordered"
    assert outcome_of(["a", "b", "c"] * 30, "nominal").metric == "skill"
    assert outcome_of([0, 1, 2, 5] * 30, "count").metric == "d2"
    assert outcome_of([1.5, 2.5, 3.7, 9.1] * 20).metric == "r2"
    assert outcome_of(list(range(11)) * 10, "0-10").kind == "amount"
    skewed = outcome_of([0] * 90 + [1000] * 10, "amount")
    assert [notice.code for notice in skewed.notices] == [
        "comparison.few_rows",
        "comparison.log_scale",
    ]


def test_rare_answers_are_pooled_with_their_neighbour():
    values = ["low"] * 40 + ["middle"] * 40 + ["high"] * 3
    found = outcome_of(values, "ordinal", ("low", "middle", "high"))
    assert found.kind == "binary"
    pooled = next(n for n in found.notices if n.code == "comparison.pooled")
    assert pooled.params["answers"] == ["middle + high"]


def test_corrected_interval_by_hand():
    # J = 10 folds of 5: s² (1/10 + 1/4), t(9) = 2.262157.
    values = np.array([0.1, 0.2] * 5)
    mean, low, high = corrected_interval(values, 5)
    reach = 2.2621572 * np.sqrt(0.35 * values.var(ddof=1))
    assert (mean, low, high) == pytest.approx((0.15, 0.15 - reach, 0.15 + reach))


def test_an_interval_where_nothing_is_foretold_is_that_of_a_degenerate_statistic():
    # Scores of folds that are products of chance associations, as with a rule learned from noise.
    rng = np.random.default_rng(0)
    corrected = widened = 0
    for _ in range(400):
        chance = rng.normal(size=(10, 3))
        values = ((chance.sum(axis=0) - chance) * chance).sum(axis=1)
        mean, low, _high = corrected_interval(values, 10)
        corrected += abs(mean) > mean - low
        mean, low, _high = corrected_interval(values, 10, foretold=False)
        widened += abs(mean) > mean - low
    assert widened < 0.08 * 400
    assert widened < corrected


def test_a_difference_holds_the_degenerate_variance_of_the_side_that_knows_nothing():
    rng = np.random.default_rng(1)
    unknown, known = rng.normal(0.5, 0.05, 30), rng.normal(0.8, 0.05, 30)
    assert not foretells(unknown, 10, 0.5)
    assert foretells(known, 10, 0.5)
    mean, low, high = corrected_difference(unknown, known, 10, 0.5)
    # Ten folds thrice: 1/30 + 1/9 and 2 · 9 / (10 · 8); t(29) = 2.0452296.
    wide, narrow = 0.225 * unknown.var(ddof=1), (1 / 30 + 1 / 9) * known.var(ddof=1)
    both = np.sqrt(0.225 * (1 / 30 + 1 / 9)) * np.cov(unknown, known)[0, 1]
    reach = 2.0452296 * np.sqrt(wide + narrow - 2 * both)
    assert (mean, low, high) == pytest.approx(
        ((unknown - known).mean(), mean - reach, mean + reach)
    )
    swapped = corrected_difference(known, unknown, 10, 0.5)
    assert swapped == pytest.approx((-mean, -high, -low))


def test_differences_of_sides_alike_are_those_of_one_factor():
    rng = np.random.default_rng(2)
    known = rng.normal(0.7, 0.02, (2, 30))
    assert corrected_difference(*known, 10, 0.5) == pytest.approx(
        corrected_interval(known[0] - known[1], 10)
    )
    unknown = rng.normal(0.5, 0.05, (2, 30))
    assert corrected_difference(*unknown, 10, 0.5) == pytest.approx(
        corrected_interval(unknown[0] - unknown[1], 10, foretold=False)
    )


def test_scores_by_hand():
    one = np.ones(4)
    assert auc(np.array([0, 0, 1, 1.0]), np.array([0.1, 0.4, 0.35, 0.8]), one) == 0.75
    # Of the pairs (0,1), (0,2), (1,2), the last is ordered wrongly.
    assert concordance(np.arange(3.0), np.array([0.1, 0.9, 0.5]), np.ones(3)) == pytest.approx(
        2 / 3
    )
    assert auc(np.array([0, 1.0]), np.array([0.5, 0.5]), np.ones(2)) == 0.5
    assert r2(np.array([1.0, 3.0]), np.array([1.0, 3.0]), 2.0, np.ones(2)) == 1.0
    base = np.array([0.5, 0.5])
    assert skill(np.eye(2), np.full((2, 2), 0.5), base, np.ones(2)) == pytest.approx(0.0)


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.booleans(), st.integers(0, 5), st.integers(1, 3)), min_size=4, max_size=30
    )
)
def test_auc_weights_are_replication(rows):
    y, x, w = (np.array(part, dtype=float) for part in zip(*rows, strict=True))
    if 0 < y.sum() < len(y):
        again = np.repeat(np.arange(len(y)), w.astype(int))
        assert auc(y, x, w) == pytest.approx(auc(y[again], x[again], np.ones(len(again))))
        assert auc(y, -x, w) == pytest.approx(1 - auc(y, x, w))


def drawn(seed=0, n=300):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    return rng, (X - X.mean(0)) / X.std(0)


def test_learner_agrees_with_scikit_learn():
    from sklearn.linear_model import LogisticRegression

    rng, X = drawn()
    for classes in (2, 3):
        y = np.clip((X[:, 0] + rng.normal(size=300)).round(), 0, classes - 1).astype(int)
        kind = "binary" if classes == 2 else "classes"
        target = y.astype(float) if classes == 2 else np.eye(3)[y]
        # Whichever penalty the criterion chooses, it is one of these.
        ours = fit_predict(X, target, np.ones(300), X, kind)
        distance = []
        for penalty in PENALTIES:
            peer = LogisticRegression(C=1 / (penalty * 300), tol=1e-8, max_iter=1000).fit(X, y)
            proba = peer.predict_proba(X)
            distance.append(np.abs(ours - (proba[:, 1] if classes == 2 else proba)).max())
        assert min(distance) < 5e-3


def test_count_learner_agrees_with_scikit_learn_where_counts_are_poisson():
    from sklearn.linear_model import PoissonRegressor

    rng, X = drawn(1)
    y = rng.poisson(np.exp(0.3 * X[:, 0] - 0.2)).astype(float)
    family = Count(y, np.ones(300))
    family.alpha = 0.0
    start = np.concatenate([family.start(np.ones(300)), np.zeros(4)])
    ours, _ = newton(family, X, np.ones(300), 300 * 0.1, start)
    peer = PoissonRegressor(alpha=0.1, tol=1e-10, max_iter=2000).fit(X, y)
    assert ours == pytest.approx([peer.intercept_, *peer.coef_], abs=1e-5)


@pytest.mark.parametrize("kind", ["binary", "count", "overdispersed", "ordered"])
def test_slopes_are_those_of_the_loss(kind):
    rng, X = drawn(2, n=80)
    w = rng.uniform(0.5, 2, 80)
    y = rng.integers(0, 4, 80)
    family = {
        "binary": Binary((y > 1).astype(float)),
        "count": Count(y.astype(float), w),
        "overdispersed": Count((y**3).astype(float), w),
        "ordered": Ordered(np.eye(4)[y]),
    }[kind]
    at = np.concatenate([family.start(w), rng.normal(size=4) / 4])
    gradient, curvature = family.slopes(at, X, w)
    steps = 1e-5 * np.eye(len(at))
    numeric = [(family.loss(at + s, X, w) - family.loss(at - s, X, w)) / 2e-5 for s in steps]
    assert gradient == pytest.approx(np.array(numeric), rel=1e-4, abs=1e-3)
    if "count" not in kind and kind != "overdispersed":  # counts take the expected curvature
        bent = [
            (family.slopes(at + s, X, w)[0] - family.slopes(at - s, X, w)[0]) / 2e-5 for s in steps
        ]
        assert curvature == pytest.approx(np.array(bent), rel=1e-3, abs=1e-2)


def test_learner_finds_what_moves_an_ordered_outcome():
    rng, X = drawn(3, n=600)
    y = np.searchsorted([-1.0, 0.0, 1.0], X[:, 0] + rng.logistic(size=600))
    shares = fit_predict(X, np.eye(4)[y], np.ones(600), X, "ordered")
    assert shares.sum(axis=1) == pytest.approx(np.ones(600))
    assert np.corrcoef(shares @ np.arange(4), X[:, 0])[0, 1] > 0.97


def test_learner_is_ridge_for_amounts():
    rng, X = drawn(n=200)
    y = 2 * X[:, 0] + rng.normal(size=200) / 10
    found = fit_predict(X, y, np.ones(200), X, "amount")
    assert np.corrcoef(found, y)[0, 1] > 0.99


def test_deviance_explained_by_hand():
    one = np.ones(2)
    target, predicted = np.array([0.0, 2.0]), np.array([0.5, 1.5])
    # Poisson deviance: 2 Σ (y log(y/μ) − (y − μ)).
    found = 2 * (0.5 + 2 * np.log(2 / 1.5) - 0.5)
    reference = 2 * (1 + 2 * np.log(2) - 1)
    assert d2(target, predicted, 1.0, 0.0, one) == pytest.approx(1 - found / reference)
    assert d2(target, np.ones(2), 1.0, 0.7, one) == pytest.approx(0.0)


def test_terms_learn_from_training_rows_only():
    rng = np.random.default_rng(0)
    age = rng.integers(18, 80, 200).astype(float)
    age[:20] = np.nan
    region = np.array(list("abcd"))[rng.integers(0, 4, 200)]
    train = np.arange(0, 150)
    first = Columns.of(pl.DataFrame({"age": age, "region": region}), frozenset()).terms(train)
    age[150:], region[150:] = 1000.0, "z"
    again = Columns.of(pl.DataFrame({"age": age, "region": region}), frozenset()).terms(train)
    assert first[train] == pytest.approx(again[train])
    assert np.isfinite(again).all()


def test_a_u_shape_is_seen():
    rng = np.random.default_rng(0)
    age = rng.integers(18, 80, 500).astype(float)
    y = ((age - 49) / 15) ** 2 + rng.normal(size=500)
    terms = Columns.of(pl.DataFrame({"age": age}), frozenset()).terms(np.arange(250))
    predicted = fit_predict(terms[:250], y[:250], np.ones(250), terms[250:], "amount")
    assert r2(y[250:], predicted, float(y[:250].mean()), np.ones(250)) > 0.35


def test_cut_offs_of_ratings_come_from_the_training_rows(monkeypatch):
    rng = np.random.default_rng(0)
    frame = pl.DataFrame({f"r{j}": rng.integers(1, 6, 90) for j in range(4)})
    survey = Survey(
        "s", frame.with_columns(age=pl.lit(30)), needs=tuple(frame.columns), demographics=("age",),
        readings={name: ColumnReading(name, name, "1-5") for name in frame.columns},
    )  # fmt: skip
    seen = []

    def spy(part):
        seen.append(part.n)
        return coding_of(part)

    monkeypatch.setattr(comparison_predictors, "coding_of", spy)
    predictors = Predictors.of(survey, ["age"], np.ones(90))
    predictors.fold(np.arange(60), 2, 0)
    assert seen == [90, 60]


def test_one_class_is_compared_with_two_segments_and_said():
    found = compare_with_demographics(simulated("age", 4), k=1, repeats=1)
    assert found.k == 2
    assert found.verdict is Comparison.DEMOGRAPHICS_BETTER
    assert "comparison.one_segment" in [notice.code for notice in found.notices]


def test_an_outcome_observed_apart_is_no_mere_association():
    found = compare_with_demographics(
        simulated("kind", 4, n=120), k=2, repeats=1, measured_apart=True
    )
    assert "comparison.association" not in [notice.code for notice in found.notices]


def test_a_column_that_restates_the_outcome_is_doubted():
    survey = simulated("kind", 5)
    told = survey.frame.with_columns(says=pl.when(pl.col("buys") == 1).then(1).otherwise(0))
    found = verdict(replace(survey, frame=told, demographics=("age", "says")))
    assert "comparison.too_good_demographics" in [notice.code for notice in found.notices]


def test_a_real_survey_is_compared(shared_data):
    frame = pl.read_csv(
        shared_data / "surveys" / "airlinesat.csv", null_values="NA", infer_schema_length=None
    )
    survey = Survey(
        "airlinesat.csv", frame, needs=tuple(f"e{j}" for j in range(1, 24)),
        demographics=("age", "country", "gender", "language"), outcome="nflights",
        readings={f"e{j}": ColumnReading(f"e{j}", f"e{j}", "1-100") for j in range(1, 24)},
    )  # fmt: skip
    found = compare_with_demographics(survey, k=3)
    assert found.metric == "r2"
    assert found.n == 1065
    # Age and country say a little about how often people fly, expectations nothing.
    assert found.verdict is Comparison.DEMOGRAPHICS_BETTER
