import json
from dataclasses import astuple

import numpy as np
import pandas as pd
import polars as pl
import pytest

from embauche.errors import StatisticsError
from embauche.segment import LatentClassModel, distal
from embauche.segment.classification import classify
from embauche.segment.distal import limits
from embauche.segment.distal_fit import fit_ml
from embauche.segment.distal_outcome import OutcomeDensity, read_outcome
from embauche.segment.first_step import first_step
from embauche.segment.wald import holm, wald

SETTINGS = [(m, a) for m in ("bch", "ml") for a in ("modal", "proportional")]
KINDS = ["continuous", "binary", "nominal", "count"]


def simulated(seed=0, n=600, clear=0.85):
    """Fictional: two classes of six yes/no needs, and four outcomes that differ between them."""
    rng = np.random.default_rng(seed)
    kind = (rng.random(n) < 0.4).astype(int)
    yes = np.where(kind[:, None] == 1, clear, 1 - clear)
    needs = pl.DataFrame((rng.random((n, 6)) < yes).astype(int), schema=list("abcdef"))
    bands = np.array([[0.6, 0.9], [0.2, 0.5]])[kind]
    return (
        needs,
        kind,
        {
            "continuous": 50 + 20 * kind + rng.normal(0, 5 + 5 * kind),
            "binary": np.where(rng.random(n) < 0.3 + 0.4 * kind, "yes", "no"),
            "nominal": np.array(["low", "mid", "top"])[(bands < rng.random((n, 1))).sum(axis=1)],
            "count": rng.poisson(1 + 2 * kind),
        },
    )


@pytest.fixture(scope="module")
def survey():
    needs, _, outcomes = simulated()
    return needs, outcomes, LatentClassModel(2, seed=1).fit(needs)


@pytest.mark.parametrize(("method", "assignment"), SETTINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_frequency_weights_equal_repeated_rows(kind, method, assignment):
    needs, _, outcomes = simulated(seed=2, n=250)
    times = np.random.default_rng(1).integers(0, 4, 250)
    index = np.repeat(np.arange(250), times)
    settings = {"method": method, "assignment": assignment, "kind": kind}
    one = distal(
        LatentClassModel(2, seed=1).fit(needs, sample_weight=times),
        needs, outcomes[kind], sample_weight=times, **settings,
    )  # fmt: skip
    repeated = LatentClassModel(2, seed=1).fit(needs[index])
    two = distal(repeated, needs[index], outcomes[kind][index], **settings)
    for a, b in zip(one.classes, two.classes, strict=True):
        assert (a.value, a.low, a.high) == pytest.approx((b.value, b.low, b.high), abs=1e-9)
    assert one.covariance == pytest.approx(two.covariance, abs=1e-9)
    assert one.omnibus.statistic == pytest.approx(two.omnibus.statistic, rel=1e-8)


def test_bch_by_hand(survey):
    """Means weighted by the inverse of the classification table."""
    needs, outcomes, model = survey
    y = outcomes["continuous"]
    p = model.predict_proba(needs)
    assigned = np.eye(2)[p.argmax(axis=1)]
    table = p.T @ assigned / p.sum(axis=0)[:, None]
    b = assigned @ np.linalg.inv(table)
    found = distal(model, needs, pl.Series("y", y))
    assert [v.value for v in found.classes] == pytest.approx(list(b.T @ y / b.sum(axis=0)))
    shares = distal(model, needs, outcomes["binary"])
    assert shares.kind == "binary"
    assert shares.classes[0].category == "yes"
    expected = b.T @ (outcomes["binary"] == "yes") / b.sum(axis=0)
    assert [v.value for v in shares.classes] == pytest.approx(list(expected))


@pytest.mark.parametrize("kind", KINDS)
def test_known_classes_give_ordinary_means_and_errors(kind):
    needs, _, outcomes = simulated(seed=3, clear=1.0)
    model = LatentClassModel(2, seed=1).fit(needs)
    label = model.predict(needs)
    found = [
        distal(model, needs, outcomes[kind], kind=kind, method=m, assignment=a) for m, a in SETTINGS
    ]
    columns = read_outcome(outcomes[kind], kind).columns
    for result in found:
        c = columns.shape[1]
        for i, value in enumerate(result.classes):
            inside = columns[label == i // c, i % c]
            assert value.value == pytest.approx(inside.mean(), abs=1e-6)
            error = inside.std() / np.sqrt(len(inside) - len(inside) / 600)
            assert value.se == pytest.approx(error, rel=1e-5)
            assert value.members == pytest.approx(len(inside), abs=1e-3)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("assignment", ["modal", "proportional"])
def test_the_mixture_of_the_outcome_is_at_its_maximum(survey, kind, assignment):
    needs, outcomes, model = survey
    first = first_step(model, needs, None, "frequency")
    cls = classify(first, assignment)
    rows = np.ones(600, dtype=bool)
    outcome = read_outcome(outcomes[kind], kind)
    fit = fit_ml(first, cls, outcome, rows)
    assert fit.converged
    y, share, r = outcome.columns, fit.members / 600, cls.assigned

    def likelihood(values, variances):
        density = OutcomeDensity(outcome, np.arange(600), values, variances)
        joint = np.exp(density.log_density()) * share
        return (r * np.log(joint @ cls.table)).sum()

    if kind == "continuous":
        return  # its variances are not part of the result
    best_values = astuple(fit)[0]
    best = likelihood(best_values, np.ones(2))
    assert best == pytest.approx(fit.log_likelihood, abs=1e-6)
    for t in range(2):
        for step in (-0.01, 0.01):
            other = np.array(best_values)
            other[t, 0] += step
            if y.shape[1] > 1:
                other[t, 1] -= step
            assert likelihood(other, np.ones(2)) < best


@pytest.mark.parametrize("kind", KINDS)
def test_scores_and_information_of_the_densities_are_derivatives(kind):
    _, _, outcomes = simulated(seed=6, n=40)
    outcome = read_outcome(outcomes[kind], kind)
    values = np.array([outcome.columns.mean(axis=0), outcome.columns.mean(axis=0) * 0.8 + 0.05])
    density = OutcomeDensity(outcome, np.arange(40), values, np.array([60.0, 90.0]))
    size = density.sizes[0]
    amounts = np.linspace(0.1, 1, 40)
    for k in range(2):
        steps = np.zeros((size, 2 * size))
        steps[:, k * size : (k + 1) * size] = 1e-5 * np.eye(size)
        ahead = [density.moved(s) for s in steps]
        back = [density.moved(-s) for s in steps]
        slope = [
            (a.log_density()[:, k] - b.log_density()[:, k]) / 2e-5
            for a, b in zip(ahead, back, strict=True)
        ]
        assert density.scores(k) == pytest.approx(np.array(slope).T, rel=1e-5, abs=1e-6)
        bend = [
            amounts @ (a.scores(k) - b.scores(k)) / 2e-5 for a, b in zip(ahead, back, strict=True)
        ]
        assert density.complete_information(k, amounts) == pytest.approx(
            -np.array(bend), rel=1e-4, abs=1e-4
        )


def test_classes_and_pairs_are_tested(survey):
    needs, outcomes, _ = survey
    model = LatentClassModel(3, seed=1, n_starts=30).fit(needs)
    found = distal(model, needs, outcomes["continuous"], method="bch", assignment="proportional")
    assert found.omnibus.df == 2
    assert len(found.pairs) == 3
    raw = np.array([pair.test.p for pair in found.pairs])
    assert [pair.p_adjusted for pair in found.pairs] == pytest.approx(list(holm(raw)))
    pair = found.pairs[0]
    assert pair.difference == pytest.approx(found.value(1).value - found.value(2).value)
    assert pair.test.statistic == pytest.approx((pair.difference / pair.se) ** 2)
    nominal = distal(model, needs, outcomes["nominal"])
    assert nominal.omnibus.df == 4
    assert nominal.pairs[0].test.df == 2
    assert nominal.pairs[0].difference is None
    assert json.loads(json.dumps(nominal.to_dict()))["kind"] == "nominal"
    for number in (1, 2, 3):
        shares = [v.value for v in nominal.classes if v.class_number == number]
        assert sum(shares) == pytest.approx(1)


def test_no_difference_is_rejected_as_often_as_it_should_be():
    rejected = 0
    for seed in range(60):
        needs, _, _ = simulated(seed=seed, n=500)
        model = LatentClassModel(2, n_starts=4).fit(needs)
        noise = np.random.default_rng(seed + 1000).normal(size=500)
        rejected += distal(model, needs, noise).omnibus.p < 0.05
    assert rejected <= 8  # 3 are expected; more than 8 come in 0.3 % of such runs


def test_holm_and_wald_by_hand():
    assert holm(np.array([0.01, 0.04, np.nan, 0.03])) == pytest.approx(
        [0.03, 0.06, np.nan, 0.06], nan_ok=True
    )
    test = wald(np.array([1.0, 2.0]), np.diag([1.0, 4.0]))
    assert (test.statistic, test.df) == pytest.approx((2.0, 2))
    assert test.p == pytest.approx(np.exp(-1.0))
    doubled = wald(np.array([1.0, 1.0]), np.ones((2, 2)))
    assert (doubled.statistic, doubled.df) == pytest.approx((1.0, 1))


def test_limits_of_shares_stay_between_zero_and_one():
    value = np.array([-0.01, 0.0, 0.02, 0.5, 1.0])
    low, high = limits(value, np.array([0.01, 0.0, 0.02, 0.05, 0.0]), np.full(5, 100.0), "binary")
    assert (low >= 0).all()
    assert (high <= 1).all()
    assert (high - low > 0.02).all()
    z2 = 1.959964**2
    assert (low[1], high[1]) == pytest.approx((0, z2 / (100 + z2)), abs=1e-6)
    assert (low[3], high[3]) == pytest.approx((0.404, 0.596), abs=2e-3)
    low, high = limits(np.array([4.0]), np.array([0.4]), np.array([9.0]), "count")
    assert (low[0] * high[0], high[0]) == pytest.approx((16, 4 * np.exp(0.1959964)))


def test_missing_outcomes_and_silent_rows_are_left_out_and_said(survey):
    needs, outcomes, _ = survey
    silent = needs.with_columns(pl.all().replace_strict({0: 0, 1: 1}))
    silent = pl.concat(
        [silent, pl.DataFrame({c: [None] for c in needs.columns}, schema=needs.schema)]
    )
    y = pl.Series([None, *outcomes["continuous"][1:], 3.0])
    model = LatentClassModel(2, seed=1).fit(silent)
    found = distal(model, silent, y)
    codes = {notice.code: notice.params for notice in found.notices}
    assert codes["distal.missing"]["n"] == 1
    assert codes["membership.no_answers"]["n"] == 1
    assert found.rows == 599


def test_frames_of_other_makes_give_the_same(survey):
    needs, outcomes, model = survey
    y = outcomes["continuous"]
    expected = distal(model, needs, y).to_dict()
    assert distal(model, needs, pd.Series(y)).to_dict() == expected
    assert distal(model, needs, y.tolist()).to_dict() == expected
    assert distal(model, needs, [bool(v > 60) for v in y]).kind == "binary"
    assert distal(model, needs, (y > 60).astype(int)).classes[0].category == "1"


@pytest.mark.parametrize(
    ("outcome", "settings", "code"),
    [
        ([1.0] * 600, {}, "distal.constant"),
        ([None] * 600, {}, "distal.constant"),
        (["x"] * 600, {}, "distal.constant"),
        (["x", "y"] * 300, {"kind": "continuous"}, "distal.not_numbers"),
        ([0.5, 1.0] * 300, {"kind": "count"}, "distal.not_counts"),
        (["x", "y", "z"] * 200, {"kind": "binary"}, "distal.not_binary"),
        ([0.5, 1.0] * 300, {"kind": "ratio"}, "distal.kind"),
        ([0.5, 1.0] * 300, {"method": "one-step"}, "distal.method"),
        ([0.5, 1.0] * 200, {}, "distal.row_count"),
        (np.zeros((600, 2)), {}, "distal.not_a_column"),
        (3.0, {}, "distal.not_a_column"),
    ],
)
def test_outcomes_that_cannot_be_used_are_named(survey, outcome, settings, code):
    needs, _, model = survey
    with pytest.raises(StatisticsError) as raised:
        distal(model, needs, outcome, **settings)
    assert raised.value.code == code
    assert raised.value.hint("fr") != f"error.{code}.hint"


def test_an_outcome_that_moves_the_classes_is_noticed():
    """An outcome with two heaps of its own looks like two classes to the normal mixture."""
    needs, _, _ = simulated(seed=1, clear=0.8)
    rng = np.random.default_rng(0)
    y = np.where(rng.random(600) < 0.05, 40.0, 0.0) + rng.normal(size=600)
    model = LatentClassModel(2, seed=1).fit(needs)
    found = distal(model, needs, y, method="ml")
    assert "distal.drift" in {notice.code for notice in found.notices}
    pair = distal(model, needs, y).pairs[0]
    assert pair.low < 0 < pair.high
