import json

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.errors import StatisticsError
from embauche.segment import LatentClassModel, kernel_numba

# Fictional counts of the eight patterns of three yes/no items, 1,000 rows. With two classes the model
# is just identified, so its maximum is the saturated one where that is a mixture (as it is here,
# drawn from shares .6/.4 and yes-probabilities .9/.2 to whole expected counts of 1,000 rows).
EIGHT = {(1, 1, 1): 441, (1, 1, 0): 61, (1, 0, 1): 61, (1, 0, 0): 57}
EIGHT |= {(0, 1, 1): 61, (0, 1, 0): 57, (0, 0, 1): 57, (0, 0, 0): 205}


def simulated(seed=0, n=400, J=8, K=3, missing=0.1):
    rng = np.random.default_rng(seed)
    theta = np.where(rng.random((K, J)) < 0.5, 0.15, 0.85)
    answers = (rng.random((n, J)) < theta[rng.integers(0, K, n)]).astype(float)
    answers[rng.random((n, J)) < missing] = np.nan
    frame = pl.DataFrame(answers, schema=[f"need{j}" for j in range(J)])
    return frame.fill_nan(None).cast(pl.Int64)


@pytest.mark.parametrize(
    ("file", "k", "expected"),
    [
        ("carcinoma", 2, -317.2568),
        ("carcinoma", 3, -293.7050),
        ("carcinoma", 4, -289.2858),
        ("values", 2, -504.4677),
        ("values", 3, -503.3011),
        ("gss82", 2, -2783.2680),
        ("gss82", 3, -2754.5454),
        ("gss82", 4, -2746.6208),
    ],
)
def test_published_log_likelihoods(shared_data, file, k, expected):
    frame = pl.read_csv(shared_data / "lca" / f"{file}.csv")
    assert LatentClassModel(k).fit(frame).log_likelihood_ == pytest.approx(expected, abs=1e-3)


def test_two_classes_of_three_items_reach_the_saturated_maximum():
    frame = pl.DataFrame(list(EIGHT), schema=["a", "b", "c"], orient="row")
    counts = np.array(list(EIGHT.values()))
    model = LatentClassModel(2, tol=1e-12).fit(frame, sample_weight=counts)
    saturated = float(counts @ np.log(counts / counts.sum()))
    assert model.log_likelihood_ == pytest.approx(saturated, abs=1e-4)
    assert model.n_parameters_ == 7
    assert model.bic_ == pytest.approx(-2 * model.log_likelihood_ + 7 * np.log(1000))
    assert model.class_shares_ == pytest.approx([0.6, 0.4], abs=0.01)
    assert model.item_probabilities_["a"][:, 1] == pytest.approx([0.9, 0.2], abs=0.01)


def test_numpy_and_numba_give_the_same_numbers():
    frame = simulated()
    fits = [LatentClassModel(3, n_starts=24, backend=b).fit(frame) for b in ("numba", "numpy")]
    assert fits[0].log_likelihood_ == pytest.approx(fits[1].log_likelihood_, abs=1e-7)
    assert fits[0].predict_proba(frame) == pytest.approx(fits[1].predict_proba(frame), abs=1e-4)
    assert fits[0].hits_ == fits[1].hits_


def test_one_em_step_is_the_same_in_both_kernels():
    from embauche.segment.kernel import kernel
    from embauche.segment.patterns import collapse, encode
    from embauche.segment.starts import draw

    columns, codes = encode(simulated(missing=0.3))
    patterns = collapse(codes, np.array([len(c.categories) for c in columns]), np.ones(len(codes)))
    results = []
    for backend in ("numba", "numpy"):
        em = kernel(patterns, 3, prior=1.0, backend=backend)
        theta, share = draw(em, 3, 2, np.random.default_rng(1))
        objective, _, _ = em.climb(theta, share, 9, 0.0)
        results.append((objective, theta, share))
    for a, b in zip(*results, strict=True):
        assert a == pytest.approx(b, rel=1e-9, abs=1e-11)


def test_frequency_weights_equal_replicated_rows():
    frame = simulated(n=120)
    times = np.random.default_rng(3).integers(0, 4, 120)
    weighted = LatentClassModel(3, seed=4).fit(frame, sample_weight=times)
    repeated = LatentClassModel(3, seed=4).fit(frame[np.repeat(np.arange(120), times).tolist()])
    for name in ("log_likelihood_", "bic_", "icl_", "entropy_", "n_"):
        assert getattr(weighted, name) == pytest.approx(getattr(repeated, name), rel=1e-9)
    assert weighted.predict_proba(frame) == pytest.approx(repeated.predict_proba(frame), abs=1e-9)


def test_pandas_polars_and_arrays_agree():
    frame = simulated(missing=0)
    with_gaps = simulated()
    a = LatentClassModel(2).fit(frame)
    b = LatentClassModel(2).fit(pd.DataFrame(frame.to_dict(as_series=False)))
    c = LatentClassModel(2).fit(frame.to_numpy())
    assert a.log_likelihood_ == b.log_likelihood_ == c.log_likelihood_
    d = LatentClassModel(2).fit(with_gaps)
    e = LatentClassModel(2).fit(pd.DataFrame(with_gaps.to_dict(as_series=False)))
    assert d.log_likelihood_ == e.log_likelihood_


def test_likelihoods_that_underflow_are_computed_in_logs():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 150)
    answers = rng.integers(0, 8, (150, 400))
    answers[truth == 1, :120] = 7
    model = LatentClassModel(2, n_starts=6).fit(answers)
    peer = LatentClassModel(2, n_starts=6, backend="numpy").fit(answers)
    assert model.score_samples(answers).max() < np.log(kernel_numba._TINY)
    assert np.isfinite(model.log_likelihood_)
    assert model.log_likelihood_ == pytest.approx(peer.log_likelihood_, rel=1e-9)
    same = model.predict(answers) == truth
    assert same.all() or not same.any()


def test_a_row_without_answers_gets_the_class_shares():
    frame = simulated()
    model = LatentClassModel(3).fit(frame)
    empty = pl.DataFrame({name: [None] for name in frame.columns}, schema=frame.schema)
    assert model.predict_proba(empty)[0] == pytest.approx(model.class_shares_)


def test_a_model_survives_json():
    frame = simulated().with_columns(
        pl.col("need0").cast(pl.String), pl.col("need1").cast(pl.Boolean)
    )
    model = LatentClassModel(3, seed=2, prior=1.0).fit(frame)
    again = LatentClassModel.from_dict(json.loads(json.dumps(model.to_dict())))
    assert (again.predict_proba(frame) == model.predict_proba(frame)).all()
    assert again.bic_ == model.bic_
    assert again.notices_ == model.notices_


def test_scoring_says_which_column_is_wrong():
    frame = simulated(missing=0)
    model = LatentClassModel(2).fit(frame)
    with pytest.raises(StatisticsError, match="need3") as missing:
        model.predict(frame.drop("need3"))
    assert missing.value.code == "latent_class.missing_column"
    names = [*frame.columns]
    names[0], names[1] = names[1], names[0]
    with pytest.raises(StatisticsError, match="need1") as swapped:
        model.predict(frame.select(names))
    assert swapped.value.code == "latent_class.swapped_columns"
    with pytest.raises(StatisticsError, match="need2") as unknown:
        model.predict(frame.with_columns(need2=pl.lit(7)))
    assert unknown.value.params["value"] == "7"
    with pytest.raises(StatisticsError, match=r"0\.5"):
        LatentClassModel(2).fit(pl.DataFrame({"a": [0.5, 1.0]}))
    with pytest.raises(StatisticsError):
        LatentClassModel(0).fit(frame)
    with pytest.raises(StatisticsError):
        LatentClassModel(2).fit(frame, sample_weight=-np.ones(400))


def test_the_prior_keeps_off_the_boundary_and_is_off_by_default():
    frame = simulated(n=60, missing=0)
    free, kept = LatentClassModel(4).fit(frame), LatentClassModel(4, prior=1.0).fit(frame)
    assert free.log_likelihood_ > kept.log_likelihood_
    assert "latent_class.boundary" in {notice.code for notice in free.notices_}
    assert "latent_class.boundary" not in {notice.code for notice in kept.notices_}


def test_one_class_is_independence():
    frame = simulated()
    model = LatentClassModel(1).fit(frame)
    expected = 0.0
    for name in frame.columns:
        counts = frame[name].drop_nulls().value_counts()["count"].to_numpy()
        expected += counts @ np.log(counts / counts.sum())
    assert model.log_likelihood_ == pytest.approx(expected, abs=1e-6)
    assert model.entropy_ == 1.0


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4))
def test_rows_may_come_in_any_order(seed, k):
    frame = simulated(seed, n=80, J=5)
    order = np.random.default_rng(seed).permutation(80)
    a = LatentClassModel(k, n_starts=6).fit(frame)
    b = LatentClassModel(k, n_starts=6).fit(frame[order.tolist()])
    assert a.log_likelihood_ == b.log_likelihood_
    assert a.predict_proba(frame)[order] == pytest.approx(b.predict_proba(frame[order.tolist()]))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_climbing_never_falls(seed):
    from embauche.segment.kernel import kernel
    from embauche.segment.patterns import collapse, encode
    from embauche.segment.starts import draw

    columns, codes = encode(simulated(seed, n=60, J=6))
    patterns = collapse(codes, np.array([len(c.categories) for c in columns]), np.ones(60))
    em = kernel(patterns, 3, prior=0.0, backend="numba")
    heights = []
    for steps in (2, 5, 8, 20, 80):
        theta, share = draw(em, 3, 1, np.random.default_rng(seed))
        heights.append(em.climb(theta, share, steps, 0.0)[0][0])
    assert (np.diff(heights) >= -1e-7).all()


def test_code_is_compiled_where_no_folder_keeps_it():
    space: dict = {}
    exec(compile("def twice(x):\n    return 2 * x\n", "<no file>", "exec"), space)  # noqa: S102
    assert kernel_numba.compiled(space["twice"])(4) == 8


@pytest.mark.slow
def test_the_hard_maximum_is_found_by_default(shared_data):
    path = shared_data / "surveys" / "vacmot.csv"
    frame = pl.read_csv(path, null_values="NA", infer_schema_length=None)[:, :20]
    model = LatentClassModel(7).fit(frame)
    assert model.log_likelihood_ == pytest.approx(-9905.4545, abs=1e-3)
    assert model.hits_ >= 2
