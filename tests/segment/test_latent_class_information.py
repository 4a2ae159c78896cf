"""Standard errors of latent class models, and weights in them."""

import numpy as np
import polars as pl
import pytest
from mixed_columns import KINDS, mixed

from embauche.errors import StatisticsError
from embauche.segment import LatentClassModel


def test_standard_errors_of_one_class_have_closed_forms():
    frame = mixed(3, missing=0)
    table = LatentClassModel(1, kinds=KINDS, tol=1e-12).fit(frame).summary()
    n = len(frame)

    def se(column, parameter, category=None):
        row = table.filter(pl.col("column") == column, pl.col("parameter") == parameter)
        row = row if category is None else row.filter(pl.col("category") == category)
        return row["estimate"][0], row["se"][0], row["low"][0], row["high"][0]

    for column in ("own", "rank", "degree"):
        p, error, low, high = se(column, "probability", "1")
        assert error == pytest.approx(np.sqrt(p * (1 - p) / n), rel=1e-4)
        assert 0 < low < p < high < 1
    rate, error, low, high = se("times", "rate")
    assert error == pytest.approx(np.sqrt(rate / n), rel=1e-6)
    assert np.log(high / rate) == pytest.approx(np.log(rate / low))
    _, variance_error, _, _ = se("spent", "variance")
    variance = frame["spent"].var(ddof=0)
    assert se("spent", "mean")[1] == pytest.approx(np.sqrt(variance / n), rel=1e-6)
    assert variance_error == pytest.approx(variance * np.sqrt(2 / n), rel=1e-6)


def log_likelihood(model, rows, share):
    """Objective of the model's data at other parameters."""
    from embauche.segment.kernel import log_joint_of, posterior_of
    from embauche.segment.solution import level_logs

    patterns = model.patterns_
    joint = log_joint_of(
        patterns.codes, patterns.offsets, level_logs(model.indicators_, rows), share
    )
    return float(patterns.weights @ posterior_of(joint)[1])


def moved(model, step):
    """Rows and shares after a step in the smooth parameters of `information`."""
    from embauche.segment.families import NOMINAL, family_of

    found, K = model.information(), model.n_classes
    logits = np.log(model.class_shares_ / model.class_shares_[0])
    logits[1:] += step[: K - 1]
    share = np.exp(logits) / np.exp(logits).sum()
    rows = []
    for column, solved, block in zip(model.indicators_, model._rows, found.blocks, strict=True):
        part = solved.copy()
        for k in range(K):
            delta = step[block.index[k]]
            if family_of(column) == NOMINAL:
                others = np.delete(np.arange(len(part)), part[:, k].argmax())
                weights = part[:, k].copy()
                weights[others] *= np.exp(delta)
                part[:, k] = weights / weights.sum()
            else:
                part[:, k] += delta
        rows.append(part)
    return rows, share


def test_information_is_the_hessian_and_the_gradient_is_zero():
    model = LatentClassModel(2, kinds=KINDS, tol=1e-13, max_iter=50_000).fit(mixed(5, n=200))
    found = model.information()
    q = len(found.gradient)
    assert np.abs(found.gradient).max() < 1e-3
    h = 1e-4

    def value(step):
        return log_likelihood(model, *moved(model, step))

    unit = np.eye(q) * h
    centre = value(np.zeros(q))
    assert centre == pytest.approx(model.log_likelihood_, abs=1e-9)
    rng = np.random.default_rng(0)
    pairs = [(i, i) for i in range(q)] + [tuple(rng.integers(0, q, 2)) for _ in range(60)]
    scale = np.abs(found.observed).max()
    for i, j in pairs:
        numeric = (
            value(unit[i] + unit[j])
            - value(unit[i] - unit[j])
            - value(unit[j] - unit[i])
            + value(-unit[i] - unit[j])
        ) / (4 * h * h)
        assert -numeric == pytest.approx(found.observed[i, j], abs=2e-4 * scale, rel=1e-3)
    for i in range(q):
        slope = (value(unit[i]) - value(-unit[i])) / (2 * h)
        assert slope == pytest.approx(found.gradient[i], abs=1e-3)


def test_frequency_weights_equal_replicated_rows_in_everything():
    frame = mixed(6, n=120)
    times = np.random.default_rng(3).integers(0, 4, 120)
    weighted = LatentClassModel(2, kinds=KINDS, seed=4).fit(frame, sample_weight=times)
    rows = np.repeat(np.arange(120), times).tolist()
    repeated = LatentClassModel(2, kinds=KINDS, seed=4).fit(frame[rows])
    for name in ("log_likelihood_", "aic_", "bic_", "sabic_", "icl_", "entropy_", "n_"):
        assert getattr(weighted, name) == pytest.approx(getattr(repeated, name), rel=1e-9)
    assert weighted.predict_proba(frame) == pytest.approx(repeated.predict_proba(frame), abs=1e-9)
    for errors in ("observed", "sandwich"):
        a, b = weighted.summary(errors=errors), repeated.summary(errors=errors)
        for name in ("estimate", "se", "low", "high"):
            assert a[name].to_numpy() == pytest.approx(b[name].to_numpy(), rel=1e-9, nan_ok=True)


def test_survey_weights_give_sandwich_errors_and_no_bic():
    frame = mixed(7, n=250, missing=0)
    weights = np.random.default_rng(0).uniform(0.2, 5, 250)
    model = LatentClassModel(1, kinds=KINDS, weights="survey").fit(frame, weights)
    table = model.summary()
    spent, w = frame["spent"].to_numpy(), weights / weights.sum()
    mean = w @ spent
    row = table.filter(pl.col("column") == "spent", pl.col("parameter") == "mean")
    assert row["estimate"][0] == pytest.approx(mean)
    assert row["se"][0] == pytest.approx(np.sqrt((w**2) @ (spent - mean) ** 2))
    for name in ("aic_", "bic_", "sabic_", "icl_"):
        assert np.isnan(getattr(model, name))
    assert model.n_ == pytest.approx(250)
    assert model.n_effective_ == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    notice = next(n for n in model.notices_ if n.code == "latent_class.survey_weights")
    assert notice.params["effective"] == round(model.n_effective_)
    with pytest.raises(StatisticsError, match="sandwich"):
        model.summary(errors="observed")
    scaled = LatentClassModel(1, kinds=KINDS, weights="survey").fit(frame, weights * 1000)
    assert scaled.summary()["se"].to_numpy() == pytest.approx(table["se"].to_numpy(), rel=1e-9)


def test_a_probability_on_the_boundary_keeps_a_limit():
    rng = np.random.default_rng(0)
    k = np.repeat([0, 1], 100)
    answers = (rng.random((200, 6)) < np.array([[0.8] * 6, [0.2] * 6])[k]).astype(int)
    answers[k == 0, 0] = 1
    answers[k == 1, 0] = 0
    model = LatentClassModel(2, tol=1e-10).fit(answers)
    rows = model.summary().filter(pl.col("boundary"))
    assert len(rows) >= 2
    assert rows["se"].is_null().all()
    first = rows.filter(pl.col("column") == "x1", pl.col("estimate") < 0.5)
    assert first["low"][0] == 0
    assert first["high"][0] == pytest.approx(1 - 0.05 ** (1 / 100), rel=0.2)
    inner = model.summary().filter(~pl.col("boundary"))
    assert inner["se"].is_not_null().all()


def test_what_the_data_do_not_tell_has_no_standard_error():
    model = LatentClassModel(2).fit(np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 20))
    shares = model.summary().filter(pl.col("parameter") == "share")
    assert shares["se"].is_null().all()
