import numpy as np
import pandas as pd
import polars as pl
import pytest
from simulated_membership import METHODS, SLOPES, both, simulated

from embauche.segment import LatentClassModel, membership
from embauche.segment.classification import classify, covariance
from embauche.segment.first_step import first_step
from embauche.segment.measurement import FROZEN
from embauche.segment.mixture_information import Mixture
from embauche.segment.multinomial_logit import fit_logit, log_probabilities
from embauche.segment.three_step import FITTERS

METHODS += [("ml", "modal"), ("ml", "proportional")]


@pytest.mark.parametrize(("method", "assignment"), METHODS)
def test_frequency_weights_equal_repeated_rows(method, assignment):
    needs, covariates, _ = simulated(seed=3, n=250, missing=0.05)
    times = np.random.default_rng(1).integers(0, 4, 250)
    index = np.repeat(np.arange(250), times)
    weighted = LatentClassModel(3, seed=1).fit(needs, sample_weight=times)
    repeated = LatentClassModel(3, seed=1).fit(needs[index])
    settings = {"method": method, "assignment": assignment}
    one = membership(weighted, needs, covariates, sample_weight=times, **settings)
    two = membership(repeated, needs[index], covariates[index], **settings)
    assert both(one, two)
    assert one.n == two.n
    assert one.overall.statistic == pytest.approx(two.overall.statistic, rel=1e-9)


@pytest.mark.parametrize(("method", "assignment"), METHODS)
def test_survey_weights_do_not_depend_on_their_scale_and_equal_weights_give_the_sandwich(
    survey, method, assignment
):
    needs, covariates, _, model = survey
    settings = {"method": method, "assignment": assignment}
    plain = membership(model, needs, covariates, **settings)
    ones = np.ones(len(needs))
    once, scaled = (
        membership(model, needs, covariates, sample_weight=w * ones, weights="survey", **settings)
        for w in (1.0, 7.0)
    )
    assert both(once, scaled)
    assert once.coefficients == pytest.approx(plain.coefficients, abs=1e-9)
    if method == "one-step":  # the inverse information and the sandwich differ, but not by much
        assert np.sqrt(np.diag(once.covariance)) == pytest.approx(
            np.sqrt(np.diag(plain.covariance)), rel=0.25
        )
        assert not np.allclose(once.covariance, plain.covariance, rtol=1e-3)
    else:
        assert once.covariance == pytest.approx(plain.covariance, abs=1e-9)


def test_uneven_survey_weights_cost_precision(survey):
    needs, covariates, _, _ = survey
    w = np.random.default_rng(0).choice([0.2, 3.0], len(needs))
    model = LatentClassModel(3, seed=1).fit(needs, sample_weight=w)
    even = membership(model, needs, covariates, sample_weight=w)
    survey_weights = membership(model, needs, covariates, sample_weight=w, weights="survey")
    assert survey_weights.coefficients == pytest.approx(even.coefficients, abs=1e-9)
    assert np.diag(survey_weights.covariance).mean() > 1.2 * np.diag(even.covariance).mean()
    assert survey_weights.n == pytest.approx(w.sum() ** 2 / (w**2).sum())


def test_known_classes_give_an_ordinary_multinomial_logit():
    """With answers that leave no doubt all three methods are the logit of the known classes."""
    needs, covariates, kind = simulated(seed=5, n=400, clear=1.0)
    model = LatentClassModel(3, seed=1).fit(needs)
    order = [int(np.bincount(kind[model.predict(needs) == t]).argmax()) for t in range(3)]
    z = np.column_stack([np.ones(400), covariates.to_numpy()])
    known = fit_logit(z, np.eye(3)[[order.index(k) for k in kind]], np.ones(400), 0)
    usual = np.linalg.inv(
        Mixture(z, known.probabilities, np.zeros((400, 3)), np.ones(400), 0).information()
    )
    for method, assignment in METHODS:
        found = membership(model, needs, covariates, method=method, assignment=assignment)
        assert found.coefficients == pytest.approx(known.beta, abs=1e-5)
        if method == "one-step":
            assert found.covariance == pytest.approx(usual, abs=1e-5)


def test_two_groups_by_hand():
    """One yes/no covariate, two classes: BCH is the corrected two-by-two table."""
    rng = np.random.default_rng(2)
    kind = rng.integers(0, 2, 800)
    group = rng.random(800) < np.where(kind == 1, 0.7, 0.3)
    needs = pl.DataFrame((rng.random((800, 5)) < np.where(kind, 0.85, 0.2)[:, None]).astype(int))
    model = LatentClassModel(2, seed=1).fit(needs)
    found = membership(model, needs, pl.DataFrame({"group": group}), method="bch")
    p = model.predict_proba(needs)
    w = np.eye(2)[p.argmax(axis=1)]
    errors = p.T @ w / p.sum(axis=0)[:, None]
    counts = np.array([w[~group].sum(axis=0), w[group].sum(axis=0)]) @ np.linalg.inv(errors)
    odds = np.log(counts[:, 1] / counts[:, 0])
    assert found.classification == pytest.approx(errors, abs=1e-12)
    assert found.effect(2, "(constant)").estimate == pytest.approx(odds[0], abs=1e-9)
    effect = found.effect(2, "group: True")
    assert effect.estimate == pytest.approx(odds[1] - odds[0], abs=1e-9)
    assert effect.odds_ratio == pytest.approx(np.exp(odds[1] - odds[0]))
    ml = membership(model, needs, pl.DataFrame({"group": group}), method="ml")
    # A saturated third step: both corrections solve the same two equations.
    assert ml.coefficients == pytest.approx(found.coefficients, abs=1e-6)


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_gradient_and_information_are_derivatives_of_the_log_likelihood(missing):
    needs, covariates, _ = simulated(seed=4, n=120, missing=missing)
    model = LatentClassModel(3, seed=1).fit(needs)
    first = first_step(model, needs, None, "frequency")
    rows = np.ones(120, dtype=bool)
    part = first.mixture.measurement.fixing(FROZEN)
    z = np.column_stack([rows, covariates.to_numpy()]).astype(float)
    beta = SLOPES.copy()

    def at(step):
        moved = beta.copy()
        moved[1:] += step[:6].reshape(2, 3)
        now = part.moved(step[6:])
        logs = log_probabilities(z, moved)
        joint = logs + now.log_density()[now.inverse]
        total = np.log(np.exp(joint).sum(axis=1))
        mixture = Mixture(z, np.exp(logs), np.exp(joint - total[:, None]), rows * 1.0, 0, now)
        return total, mixture

    m = 6 + sum(part.sizes)
    _, mixture = at(np.zeros(m))
    h = 1e-5 * np.eye(m)
    slopes = np.array([(at(e)[0] - at(-e)[0]) / 2e-5 for e in h]).T
    assert mixture.project(np.eye(m)) == pytest.approx(slopes, abs=1e-6)
    assert mixture.gradient() == pytest.approx(slopes.sum(axis=0), abs=1e-5)
    assert mixture.outer(np.arange(120.0)) == pytest.approx(
        slopes.T @ (slopes * np.arange(120.0)[:, None]), rel=1e-4, abs=1e-3
    )
    bend = np.array([(at(e)[1].gradient() - at(-e)[1].gradient()) / 2e-5 for e in h])
    assert mixture.information() == pytest.approx(-bend, abs=1e-4)


@pytest.mark.parametrize("assignment", ["modal", "proportional"])
@pytest.mark.parametrize("method", ["bch", "ml"])
def test_the_third_step_knows_how_it_depends_on_the_table(survey, method, assignment):
    """Numeric derivatives of the third step's equations with respect to D and β."""
    from dataclasses import replace

    needs, covariates, _, model = survey
    first = first_step(model, needs, None, "frequency")
    cls = classify(first, assignment)
    z = np.column_stack([np.ones(600), covariates.to_numpy()])
    rows = np.arange(600) % 5 > 0
    fit = FITTERS[method](cls, z[rows], rows, first.weights[rows], 0)
    assert first.weights @ fit.third.scores == pytest.approx(0, abs=1e-8)

    def refitted(u, s, h):
        table = cls.table.copy()
        table[u, [s, u - 1]] += [h, -h]  # rows go on summing to 1
        moved = replace(cls, table=table, inverse=np.linalg.inv(table))
        return FITTERS[method](moved, z[rows], rows, first.weights[rows], 0).logit.beta[1:].ravel()

    by_table = fit.third.by_table
    for u, s in [(0, 0), (1, 2), (2, 0)]:
        slope = (refitted(u, s, 1e-5) - refitted(u, s, -1e-5)) / 2e-5
        change = by_table[:, u, s] - by_table[:, u, u - 1]
        assert slope == pytest.approx(np.linalg.solve(fit.third.information, change), rel=1e-4)


def test_the_error_of_the_first_step_is_carried(survey):
    needs, covariates, _ = simulated(seed=8, n=500, clear=0.75)
    model = LatentClassModel(3, seed=1).fit(needs)
    first = first_step(model, needs, None, "frequency")
    cls = classify(first, "proportional")
    z = np.column_stack([np.ones(500), covariates.to_numpy()])
    fit = FITTERS["ml"](cls, z, np.ones(500, dtype=bool), np.ones(500), 0)
    with_it = np.diag(covariance(first, cls, fit.third))
    without = np.diag(covariance(first, cls, fit.third, carry=False))
    assert (with_it > without).all()
    assert with_it.max() > 1.3 * without.max()


@pytest.mark.parametrize(("method", "assignment"), METHODS)
def test_effects_are_on_the_original_scale_and_do_not_depend_on_the_reference(
    survey, method, assignment
):
    needs, covariates, _, model = survey
    settings = {"method": method, "assignment": assignment}
    plain = membership(model, needs, covariates, **settings)
    shifted = membership(
        model, needs, covariates.with_columns(pl.col("a") * 1000 + 5), reference=3, **settings
    )
    first, second = plain.effect(2, "a"), shifted.effect(2, "a")
    assert second.estimate == pytest.approx(
        (first.estimate - plain.effect(3, "a").estimate) / 1000, abs=1e-9
    )
    assert shifted.tests["a"].statistic == pytest.approx(plain.tests["a"].statistic, rel=1e-6)
    assert shifted.overall.df == plain.overall.df == 4
    assert shifted.probabilities(covariates.with_columns(pl.col("a") * 1000 + 5)) == pytest.approx(
        plain.probabilities(covariates), abs=1e-8
    )


def test_categories_are_compared_with_a_stated_reference(survey):
    needs, _, kind, model = survey
    rng = np.random.default_rng(0)
    town = np.where(rng.random(600) < 0.3 + 0.2 * kind, "Lyon", rng.choice(["Brest", "Nice"], 600))
    covariates = pl.DataFrame({"town": town, "age": rng.integers(18, 80, 600)})
    found = membership(model, needs, covariates)
    assert (found.covariates[0].reference, found.covariates[0].levels) == (
        "Brest",
        ("Lyon", "Nice"),
    )
    other = membership(model, needs, covariates, reference_levels={"town": "Lyon"})
    assert other.effect(2, "town: Brest").estimate == pytest.approx(
        -found.effect(2, "town: Lyon").estimate, abs=1e-8
    )
    assert other.tests["town"].statistic == pytest.approx(found.tests["town"].statistic, rel=1e-6)
    assert other.tests["town"].df == 4
    pandas = membership(model, needs, pd.DataFrame(covariates.to_dict(as_series=False)))
    assert both(found, pandas)


def test_missing_covariates_leave_the_last_step_only(survey):
    needs, covariates, _, model = survey
    holes = covariates.with_row_index().with_columns(
        b=pl.when(pl.col("index") % 10 == 0).then(None).otherwise(pl.col("b"))
    )
    found = membership(model, needs, holes.drop("index"))
    (notice,) = [n for n in found.notices if n.code == "membership.missing_covariates"]
    assert (notice.params["n"], notice.params["columns"]) == (60, ["b"])
    assert found.rows == 540
    assert found.classification == pytest.approx(
        membership(model, needs, covariates).classification, abs=1e-12
    )


def test_the_one_step_fit_is_at_least_as_likely_as_any_other(survey):
    needs, covariates, _, model = survey
    one = membership(model, needs, covariates, method="one-step")
    z = np.column_stack([np.ones(600), covariates.to_numpy()])
    first = first_step(model, needs, None, "frequency")
    part = first.mixture.measurement
    for method in ("ml", "bch"):
        beta = membership(model, needs, covariates, method=method).coefficients
        joint = log_probabilities(z, beta) + part.log_density()[part.inverse]
        assert np.log(np.exp(joint).sum(axis=1)).sum() < one.log_likelihood
    assert one.log_likelihood > model.log_likelihood_
    assert one.converged
    assert one.n_parameters == 6 + 24


@pytest.mark.parametrize("method", ["bch", "ml"])
def test_the_peer_finds_the_same_effects_where_nothing_is_weighted(method):
    pytest.importorskip("stepmix", reason="the peer is not installed (extra `bench`)")
    import warnings

    from stepmix.stepmix import StepMix

    needs, covariates, _ = simulated(seed=6, n=400, clear=0.88)
    model = LatentClassModel(3, seed=1, tol=1e-11).fit(needs)
    found = membership(model, needs, covariates, method=method)
    peer = StepMix(
        n_components=3, measurement="binary", structural="covariate", n_steps=3,
        correction=method.upper(), assignment="modal", n_init=8, max_iter=2000, abs_tol=1e-10,
        rel_tol=0, random_state=0, progress_bar=0, verbose=0,
        structural_params={"method": "newton-raphson", "max_iter": 100, "tol": 1e-8},
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer.fit(needs.to_numpy(), covariates.to_numpy())
    theirs = peer.get_parameters()
    order = np.argsort(-theirs["weights"])
    beta = theirs["structural"]["beta"][order]
    assert found.coefficients == pytest.approx(beta - beta[0], abs=1e-3)
