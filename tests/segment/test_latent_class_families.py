"""Ordinal, count and Gaussian columns: closed forms, two back ends, weights, errors, JSON."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixed_columns import KINDS, mixed, patterns_of
from scipy import stats

from embauche.errors import StatisticsError
from embauche.segment import LatentClassModel
from embauche.segment.kernel import kernel
from embauche.segment.patterns import collapse
from embauche.segment.starts import draw, search


@pytest.mark.parametrize("family", ["nominal", "ordinal", "cumulative", "count", "gaussian", "all"])
@pytest.mark.parametrize("prior", [0.0, 1.0])
def test_both_back_ends_take_the_same_steps(family, prior):
    frame = mixed(1, n=150)
    if family == "all":
        kinds = KINDS
    else:
        frame, kinds = frame.select("own", "rank", "degree", "times"), family
    patterns, _ = patterns_of(frame, kinds)
    results = []
    for backend in ("numba", "numpy"):
        em = kernel(patterns, 3, prior=prior, backend=backend)
        theta, share = draw(em, 3, 3, np.random.default_rng(1))
        objective, steps, _ = em.climb(theta, share, 9, 0.0)
        results.append((objective, steps, theta, share))
    for a, b in zip(*results, strict=True):
        assert a == pytest.approx(b, rel=1e-10, abs=1e-10)


def test_one_class_is_each_familys_maximum_likelihood():
    frame = mixed(2)
    model = LatentClassModel(1, kinds=KINDS, tol=1e-12).fit(frame)
    expected = 0.0
    for name in ("own", "rank", "degree"):
        shares = frame[name].drop_nulls().value_counts(sort=True, normalize=True).sort(name)
        assert model.item_probabilities_[name][0] == pytest.approx(shares["proportion"], abs=1e-6)
        counts = shares["proportion"].to_numpy() * frame[name].count()
        expected += counts @ np.log(shares["proportion"].to_numpy())
    times, spent = (frame[name].drop_nulls().to_numpy() for name in ("times", "spent"))
    assert model.item_parameters_["times"]["rates"] == pytest.approx(times.mean())
    assert model.item_parameters_["spent"]["means"] == pytest.approx(spent.mean())
    assert model.item_parameters_["spent"]["variances"] == pytest.approx(spent.var())
    expected += stats.poisson.logpmf(times, times.mean()).sum()
    expected += stats.norm.logpdf(spent, spent.mean(), spent.std()).sum()
    assert model.log_likelihood_ == pytest.approx(expected, abs=1e-6)
    assert model.n_parameters_ == 1 + 4 + 4 + 1 + 2


def test_two_answers_are_the_same_whatever_their_kind():
    rng = np.random.default_rng(4)
    k = rng.integers(0, 2, 400)
    answers = (rng.random((400, 5)) < np.array([[0.8] * 5, [0.3] * 5])[k]).astype(int)
    fits = [
        LatentClassModel(2, kinds=kind, tol=1e-10).fit(answers)
        for kind in ("binary", "nominal", "ordinal", "cumulative")
    ]
    for fit in fits[1:]:
        assert fit.log_likelihood_ == pytest.approx(fits[0].log_likelihood_, abs=1e-5)
        assert fit.n_parameters_ == fits[0].n_parameters_
        for name in fits[0].columns_:
            assert fit.item_probabilities_[name] == pytest.approx(
                fits[0].item_probabilities_[name], abs=2e-3
            )


def test_values_far_out_are_scored_exactly():
    frame = mixed(8, missing=0).select("times", "spent")
    kinds = {"times": "count", "spent": "gaussian"}
    model = LatentClassModel(2, kinds=kinds).fit(frame)
    far = pl.DataFrame({"times": [0.0, 5000.0], "spent": [1e6, -1e6]})
    found = model.item_parameters_
    logs = stats.poisson.logpmf(far["times"].to_numpy()[:, None], found["times"]["rates"])
    scale = np.sqrt(found["spent"]["variances"])
    logs = logs + stats.norm.logpdf(
        far["spent"].to_numpy()[:, None], found["spent"]["means"], scale
    )
    joint = logs + np.log(model.class_shares_)
    assert model.score_samples(far) == pytest.approx(np.logaddexp.reduce(joint, axis=1), rel=1e-12)
    assert model.predict(far).tolist() == joint.argmax(axis=1).tolist()
    assert model.predict_proba(far).sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("backend", ["numba", "numpy"])
def test_columns_that_contradict_each_other_do_not_underflow(backend):
    """Each column rules out, by e^-1000 and less, the class that the other one asks for."""
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(0, 1, (60, 2)), rng.normal(400, 1, (60, 2))])
    values[0] = [0, 400]
    patterns, columns = patterns_of(values, "gaussian")
    em = kernel(patterns, 2, prior=0.0, backend=backend)
    theta = np.empty((1, 4, 2))
    for j, column in enumerate(columns):
        theta[0, 2 * j] = (np.array([0.0, 400.0]) - column.centre) / column.scale
        theta[0, 2 * j + 1] = -2 * np.log(column.scale)
    share = np.array([[0.5, 0.5]])
    objective, _, _ = em.climb(theta.copy(), share.copy(), 2, np.inf)
    logs = stats.norm.logpdf(values[:, :, None], np.array([0.0, 400.0])).sum(axis=1) + np.log(0.5)
    # Two EM steps return the objective after the first; its start is the closed form.
    assert np.logaddexp.reduce(logs, axis=1).sum() <= objective[0] < 0
    assert np.isfinite(objective[0])


def test_the_gaussian_peer_finds_the_same_maximum():
    peer = pytest.importorskip("stepmix.stepmix", reason="the peer comes with embauche[bench]")
    frame = mixed(9, n=400, missing=0).select("spent", "times")
    model = LatentClassModel(3, kinds="gaussian", tol=1e-10).fit(frame)
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = peer.StepMix(
            n_components=3,
            measurement="gaussian_diag",
            n_init=20,
            abs_tol=1e-10,
            rel_tol=0,
            max_iter=3000,
            random_state=0,
            progress_bar=0,
            verbose=0,
        )
        other.fit(frame.to_numpy())
        theirs = float(other.score(frame.to_numpy()) * len(frame))
    # The peer adds 1e-6 to every variance.
    assert model.log_likelihood_ >= theirs - 1e-3
    assert model.log_likelihood_ == pytest.approx(theirs, abs=0.05)


def test_the_likelihood_of_a_narrow_class_stays_finite_and_is_flagged():
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(0, 1, 80), np.full(20, 6.0)])
    model = LatentClassModel(2, kinds="gaussian").fit(values[:, None])
    notice = next(n for n in model.notices_ if n.code == "latent_class.variance_floor")
    assert notice.params["column"] == "x1"
    assert model.item_parameters_["x1"]["variances"].min() >= 0.9e-3 * values.var()
    row = model.summary().filter(pl.col("parameter") == "variance", pl.col("boundary"))
    assert len(row) == len(notice.params["classes"])


def test_duplicate_and_boundary_classes_are_flagged_in_every_family():
    rng = np.random.default_rng(1)
    frame = pl.DataFrame({"spent": rng.normal(0, 1, 500), "times": rng.poisson(3, 500)})
    kinds = {"spent": "gaussian", "times": "count"}
    patterns, columns = patterns_of(frame, kinds)
    em = kernel(patterns, 2, prior=0.0, backend="numpy")
    one = LatentClassModel(1, kinds=kinds).fit(frame)
    twice = np.repeat(np.concatenate(one._rows), 2, axis=1)
    found = search(
        em,
        2,
        rng,
        n_starts=0,
        warm=(em.table(twice), np.array([0.6, 0.4])),
    )
    codes = {n.code for n in LatentClassModel(2).take(found, patterns, columns).notices_}
    assert "latent_class.duplicate_classes" in codes
    silent = frame.with_columns(times=pl.when(pl.col("spent") < 0).then(0).otherwise(9))
    notices = LatentClassModel(2, kinds=kinds).fit(silent).notices_
    assert "latent_class.boundary" in {n.code for n in notices}


def test_wrong_values_name_column_row_and_value():
    frame = mixed(10, n=80, missing=0)
    model = LatentClassModel(2, kinds=KINDS).fit(frame)

    def refused(code, *words, **columns):
        with pytest.raises(StatisticsError) as error:
            model.predict(frame.with_columns(**columns))
        assert error.value.code == code
        for word in words:
            assert word in str(error.value)

    text = pl.Series(["12"] * 4 + ["much"] + ["1"] * 75)
    refused("latent_class.not_a_number", "spent", "row 1", "12", spent=text)
    negative = pl.Series([1.0] * 7 + [-2.0] + [1.0] * 72)
    refused("latent_class.not_a_count", "times", "row 8", "-2", times=negative)
    refused("latent_class.not_a_count", "times", "0.5", times=pl.lit(0.5))
    refused("latent_class.unknown_category", "rank", "row 1", "9", rank=pl.lit(9))
    refused("latent_class.not_a_number", "spent", "inf", spent=pl.lit(float("inf")))
    with pytest.raises(StatisticsError, match="spent") as error:
        LatentClassModel(2).fit(frame.select("spent", "own"))
    assert error.value.code == "latent_class.continuous_column"
    assert 'kinds={"spent": "gaussian"}' in str(error.value)
    for kinds, code in [
        ({"spend": "gaussian"}, "latent_class.kind_column"),
        ({"spent": "normal"}, "latent_class.kind"),
        ({"spent": "gaussian", "rank": "binary"}, "latent_class.not_binary"),
    ]:
        with pytest.raises(StatisticsError) as error:
            LatentClassModel(2, kinds=kinds).fit(frame)
        assert error.value.code == code
    with pytest.raises(StatisticsError) as error:
        LatentClassModel(2, kinds="ordinal").fit(pl.DataFrame({"a": ["low", "high"]}))
    assert error.value.code == "latent_class.unordered_text"
    with pytest.raises(StatisticsError) as error:
        LatentClassModel(2, kinds="gaussian").fit(np.ones((9, 1)))
    assert error.value.code == "latent_class.constant_amount"
    with pytest.raises(StatisticsError) as error:
        LatentClassModel(2, weights="people").fit(frame.select("own"))
    assert error.value.code == "latent_class.weight_meaning"


def test_ordinal_answers_follow_the_order_of_an_enumeration():
    words = ["low", "middle", "high"]
    rng = np.random.default_rng(0)
    k = rng.integers(0, 2, 300)
    codes = np.clip(rng.integers(0, 2, (300, 4)) + k[:, None], 0, 2)
    frame = pl.DataFrame(
        {
            f"a{j}": pl.Series([words[c] for c in codes[:, j]], dtype=pl.Enum(words))
            for j in range(4)
        }
    )
    as_pandas = pd.DataFrame(
        {
            name: pd.Categorical(frame[name].to_list(), categories=words, ordered=True)
            for name in frame.columns
        }
    )
    numbers = LatentClassModel(2, kinds="ordinal").fit(codes)
    for table in (frame, as_pandas):
        model = LatentClassModel(2, kinds="ordinal").fit(table)
        assert model.categories_["a0"] == ("low", "middle", "high")
        assert model.log_likelihood_ == pytest.approx(numbers.log_likelihood_, abs=1e-9)
    slopes = model.item_parameters_["a0"]["slopes"]
    assert slopes.sum() == pytest.approx(0, abs=1e-9)


def test_a_mixed_model_survives_json_and_version_1_is_read():
    frame = mixed(11)
    model = LatentClassModel(2, kinds=KINDS, weights="survey").fit(frame)
    stored = json.loads(json.dumps(model.to_dict(), allow_nan=False))
    again = LatentClassModel.from_dict(stored)
    assert again.predict_proba(frame) == pytest.approx(model.predict_proba(frame), abs=1e-12)
    assert again.score(frame) == pytest.approx(model.score(frame), rel=1e-12)
    assert np.isnan(again.bic_)
    assert again.kinds_ == model.kinds_
    assert again.n_effective_ == model.n_effective_
    with pytest.raises(StatisticsError) as error:
        again.summary()
    assert error.value.code == "latent_class.no_data"
    old = {
        "type": "latent_class",
        "version": 1,
        "settings": {"n_classes": 2, "seed": 0, "n_starts": None, "prior": 0.0, "max_iter": 9},
        "indicators": [
            {
                "name": "own",
                "kind": "nominal",
                "categories": [0, 1],
                "probabilities": [[0.9, 0.1], [0.2, 0.8]],
            }
        ],
        "class_shares": [0.6, 0.4],
        "figures": {
            name.rstrip("_"): 1.0
            for name in (
                *("log_likelihood", "n_parameters", "n", "aic", "bic", "sabic", "icl", "entropy"),
                *("starts", "hits", "converged"),
            )
        },
        "notices": [],
    }
    first = LatentClassModel.from_dict(old)
    assert first.predict_proba(np.array([[1]]))[0, 1] == pytest.approx(0.32 / 0.38)


def test_many_numbers_in_a_nominal_column_are_doubted():
    codes = {
        notice.code
        for notice in LatentClassModel(1).fit(np.arange(60).reshape(-1, 1) % 30).notices_
    }
    assert "latent_class.many_numbers" in codes


def test_wide_tables_are_collapsed_in_the_same_order():
    rng = np.random.default_rng(0)
    codes = rng.integers(-1, 50, (200, 40)).astype(np.int32)
    codes[50:100] = codes[:50]
    found = collapse(codes, np.full(40, 50), np.ones(200))
    distinct, counts = np.unique(codes, axis=0, return_counts=True)
    assert (found.codes == distinct).all()
    assert (found.weights == counts).all()
    assert (found.codes[found.inverse] == codes).all()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_climbing_never_falls_with_mixed_columns(seed):
    patterns, _ = patterns_of(mixed(seed, n=60), KINDS)
    em = kernel(patterns, 3, prior=0.0, backend="numba")
    heights = []
    for steps in (2, 5, 8, 20, 80):
        theta, share = draw(em, 3, 1, np.random.default_rng(seed))
        heights.append(em.climb(theta, share, steps, 0.0)[0][0])
    assert (np.diff(heights) >= -1e-7).all()


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_units_and_row_order_do_not_matter(seed):
    frame = mixed(seed, n=90)
    rng = np.random.default_rng(seed)
    order = rng.permutation(90).tolist()
    a = LatentClassModel(2, kinds=KINDS, n_starts=4).fit(frame)
    b = LatentClassModel(2, kinds=KINDS, n_starts=4).fit(frame[order])
    assert a.log_likelihood_ == pytest.approx(b.log_likelihood_, abs=1e-9)
    scaled = frame.with_columns(spent=pl.col("spent") * 1024 + 4096)
    c = LatentClassModel(2, kinds=KINDS, n_starts=4).fit(scaled)
    shift = frame["spent"].count() * np.log(1024)
    assert c.log_likelihood_ == pytest.approx(a.log_likelihood_ - shift, abs=1e-6)
