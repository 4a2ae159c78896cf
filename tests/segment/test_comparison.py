from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.collect.survey import ColumnReading, Survey
from embauche.errors import ColumnError
from embauche.segment.comparison_outcome import read_outcome
from embauche.segment.comparison_run import compare_with_demographics, comparison_refusal
from embauche.segment.learner import PENALTIES, fit_predict
from embauche.segment.learner_scores import auc, corrected_interval, r2, skill
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
        "job_segments", "demographic_segments", "demographics", "segments_and_demographics", "nothing",
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
    assert comparison_refusal(survey, k=1).code == "comparison.one_segment"
    with pytest.raises(ColumnError, match="gone"):
        comparison_refusal(replace(survey, outcome="gone"), k=2)


def outcome_of(values, scale=None, categories=()):
    readings = {} if scale is None else {"y": ColumnReading("y", "y", scale, categories)}
    survey = Survey("s", pl.DataFrame({"y": values}), readings=readings)
    return read_outcome(survey, "y", np.ones(len(values)))


def test_kinds_of_outcome():
    assert outcome_of(["yes", "no"] * 50).kind == "binary"
    assert outcome_of([1, 2, 3, 4, 5] * 20, "1-5").metric == "skill"
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


def test_scores_by_hand():
    one = np.ones(4)
    assert auc(np.array([0, 0, 1, 1.0]), np.array([0.1, 0.4, 0.35, 0.8]), one) == 0.75
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


def test_learner_agrees_with_scikit_learn():
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 4))
    X = (X - X.mean(0)) / X.std(0)
    for classes in (2, 3):
        y = np.clip((X[:, 0] + rng.normal(size=300)).round(), 0, classes - 1).astype(int)
        kind = "binary" if classes == 2 else "classes"
        target = y.astype(float) if classes == 2 else np.eye(3)[y]
        # Whichever penalty the inner folds choose, it is one of these.
        ours = fit_predict(X, target, np.ones(300), X, kind, np.arange(300) % 3)
        distance = []
        for penalty in PENALTIES:
            peer = LogisticRegression(C=1 / (penalty * 300), tol=1e-8, max_iter=1000).fit(X, y)
            proba = peer.predict_proba(X)
            distance.append(np.abs(ours - (proba[:, 1] if classes == 2 else proba)).max())
        assert min(distance) < 5e-3


def test_learner_is_ridge_for_amounts():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 3))
    y = 2 * X[:, 0] + rng.normal(size=200) / 10
    found = fit_predict(X, y, np.ones(200), X, "amount", np.arange(200) % 3)
    assert np.corrcoef(found, y)[0, 1] > 0.99


def test_a_real_survey_is_compared(shared_data):
    frame = pl.read_csv(
        shared_data / "surveys" / "airlinesat.csv", null_values="NA", infer_schema_length=None
    )
    survey = Survey(
        "airlinesat.csv", frame, needs=tuple(f"e{j}" for j in range(1, 24)),
        demographics=("age", "country", "gender", "language"), outcome="nflights",
        readings={f"e{j}": ColumnReading(f"e{j}", f"e{j}", "1-100") for j in range(1, 24)},
    )  # fmt: skip
    found = compare_with_demographics(survey, k=3, repeats=1)
    assert found.metric == "r2"
    assert found.n == 1065
