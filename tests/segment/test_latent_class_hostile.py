"""Tables and settings that nobody should pass: a clear error, or a result that makes sense."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest

from embauche.errors import StatisticsError
from embauche.segment import LatentClassModel

_RNG = np.random.default_rng(4)
_N = 60
_ANSWERS = {f"a{j}": _RNG.integers(0, 2, _N) for j in range(4)}
_FRAME = pl.DataFrame(_ANSWERS)


def fitted(frame, weights=None, **settings):
    return LatentClassModel(2, n_starts=4, **settings).fit(frame, sample_weight=weights)


def test_two_columns_of_one_name_are_refused():
    frame = pd.DataFrame(_ANSWERS).set_axis(["a", "a", "b", "c"], axis=1)
    with pytest.raises(StatisticsError, match="Two columns are called “a”"):
        fitted(frame)
    numbers = pd.DataFrame(_ANSWERS).set_axis([1, "1", 2, 3], axis=1)
    with pytest.raises(StatisticsError, match="Two columns are called “1”"):
        fitted(numbers)


def test_columns_named_by_numbers_are_columns():
    numbered = pd.DataFrame(_ANSWERS).set_axis(range(4), axis=1)
    model = fitted(numbered)
    assert model.columns_ == ("0", "1", "2", "3")
    assert model.log_likelihood_ == fitted(_FRAME).log_likelihood_
    assert (model.predict(numbered) == fitted(_FRAME).predict(_FRAME)).all()


def test_a_column_added_empty_is_missing_whatever_its_type():
    model = fitted(_FRAME)
    expected = model.predict_proba(_FRAME.with_columns(a1=pl.lit(None, pl.Int64)))
    for kind in (pl.Null, pl.String, pl.Date, pl.List(pl.Int64)):
        found = model.predict_proba(_FRAME.with_columns(a1=pl.lit(None, kind)))
        assert np.array_equal(found, expected)
    for kind in (pl.Null, pl.String):
        with pytest.raises(StatisticsError, match="“a1” is entirely empty"):
            fitted(_FRAME.with_columns(a1=pl.lit(None, kind)))


def test_what_a_mask_hides_is_missing():
    answers = _FRAME.to_numpy()
    hidden = _RNG.random(answers.shape) < 0.2
    masked = np.ma.MaskedArray(np.where(hidden, 9, answers), mask=hidden)
    expected = fitted(np.where(hidden, np.nan, answers))
    assert fitted(masked).log_likelihood_ == expected.log_likelihood_


@pytest.mark.parametrize("table", [None, [[0, 1]] * 9, {"a": [0, 1]}, _FRAME.lazy(), "a table"])
def test_what_is_no_table_is_refused(table):
    with pytest.raises(StatisticsError, match="needs a table"):
        fitted(table)


@pytest.mark.parametrize("array", [np.zeros(3), np.zeros((2, 2, 2)), np.zeros((0, 3)), np.array(1)])
def test_arrays_that_are_no_table_are_refused(array):
    with pytest.raises(StatisticsError, match=r"table"):
        fitted(array)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (["a"] * _N, "weights are not numbers"),
        ([None, "x"] * (_N // 2), "weights are not numbers"),
        (np.full(_N, 1e300), "Row 1: the weight 1e"),
        (np.r_[1.0, np.nan, np.ones(_N - 2)], "Row 2"),
        (np.r_[1.0, 1.0, -1e-9, np.ones(_N - 3)], "Row 3"),
        (np.zeros(_N), "All weights are zero"),
    ],
)
def test_weights_that_mean_nothing_are_refused(weights, words):
    with pytest.raises(StatisticsError, match=words):
        fitted(_FRAME, weights)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"prior": float("nan")}, "prior nan"),
        ({"prior": float("inf")}, "prior inf"),
        ({"seed": -1}, "seed -1"),
        ({"seed": None}, "seed None"),
        ({"tol": -1.0}, "tol =\u00a0-1"),
        ({"tol": float("nan")}, "tol =\u00a0nan"),
        ({"max_iter": 0}, "max_iter =\u00a00"),
    ],
)
def test_settings_that_mean_nothing_are_refused(settings, words):
    with pytest.raises(StatisticsError, match=words):
        fitted(_FRAME, **settings)


def test_amounts_too_large_to_square_are_refused():
    amounts = _FRAME.with_columns(a0=pl.Series(_RNG.normal(size=_N) * 1e200))
    with pytest.raises(StatisticsError, match="“a0”, row 1"):
        fitted(amounts, kinds={"a0": "gaussian"})


def test_a_number_of_classes_from_numpy_is_written_out():
    model = LatentClassModel(np.int64(2), n_starts=4).fit(_FRAME)
    again = LatentClassModel.from_dict(json.loads(json.dumps(model.to_dict())))
    assert np.array_equal(again.predict_proba(_FRAME), model.predict_proba(_FRAME))


@pytest.mark.parametrize("kind", [pl.Boolean, pl.String, pl.UInt8, pl.Float32, pl.Categorical])
def test_every_type_of_answer_gives_the_same(kind):
    plain, cast = _FRAME, _FRAME.cast(pl.String).cast(kind) if kind is pl.Categorical else None
    cast = _FRAME.cast(kind) if cast is None else cast
    assert fitted(cast).log_likelihood_ == fitted(plain).log_likelihood_


@pytest.mark.parametrize("kind", ["category", "Int64", "boolean", "object", "Float64", "string"])
def test_every_type_of_pandas_gives_the_same(kind):
    frame = pd.DataFrame(_ANSWERS)
    cast = frame.astype(str).astype(kind) if kind == "string" else frame.astype(kind)
    assert fitted(cast).log_likelihood_ == fitted(_FRAME).log_likelihood_
    if kind != "object":
        gaps = _RNG.random(frame.shape) < 0.2
        holed = fitted(cast.mask(gaps)).log_likelihood_
        assert holed == fitted(frame.astype(float).mask(gaps)).log_likelihood_


def test_codes_with_gaps_are_answers_and_scores():
    coded = pl.DataFrame({f"r{j}": _RNG.choice([1, 2, 4, 7], _N) for j in range(4)})
    ranked = coded.select(pl.all().replace_strict({1: 1, 2: 2, 4: 3, 7: 4}))
    for kind in ("nominal", "cumulative"):  # what the numbers are does not matter
        one, other = fitted(coded, kinds=kind), fitted(ranked, kinds=kind)
        assert one.log_likelihood_ == pytest.approx(other.log_likelihood_, abs=1e-6)
    adjacent = fitted(coded, kinds="ordinal"), fitted(ranked, kinds="ordinal")
    assert adjacent[0].n_parameters_ == adjacent[1].n_parameters_
    assert abs(adjacent[0].log_likelihood_ - adjacent[1].log_likelihood_) > 1e-3
