"""Membership and outcomes of classes told by ordinal, count and Gaussian indicators."""

import numpy as np
import polars as pl
import pytest

from embauche.segment import LatentClassModel, distal, membership
from embauche.segment.first_step import first_step
from embauche.segment.measurement import FROZEN
from embauche.segment.mixture_information import Mixture
from embauche.segment.multinomial_logit import log_probabilities

KINDS = {"rate": "ordinal", "grade": "cumulative", "times": "count", "spent": "gaussian"}


def simulated(seed=0, n=500):
    """Fictional: two classes seen in an ordinal, a graded, a counted and a measured answer."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=n)
    kind = (rng.random(n) < 1 / (1 + np.exp(-z))).astype(int)
    steps = rng.logistic(size=(n, 2)) + 3 * kind[:, None]
    frame = pl.DataFrame(
        {
            "rate": np.digitize(steps[:, 0], [0, 2, 4]) + 1,
            "grade": np.digitize(steps[:, 1], [0.5, 3]) + 1,
            "times": rng.poisson(1 + 3 * kind),
            "spent": rng.normal(10 + 6 * kind, 2 + kind).round(1),
            "yes": (rng.random(n) < 0.2 + 0.6 * kind).astype(int),
        }
    )
    holes = pl.Series(rng.random(n) < 0.1)
    frame = frame.with_columns(times=pl.when(~holes).then(pl.col("times")))
    return frame, pl.DataFrame({"z": z}), kind


@pytest.fixture(scope="module")
def fitted():
    frame, covariates, kind = simulated()
    return frame, covariates, kind, LatentClassModel(2, seed=1, kinds=KINDS).fit(frame)


def test_scores_of_every_family_are_derivatives(fitted):
    frame, covariates, _, model = fitted
    first = first_step(model, frame, None, "frequency")
    part = first.measurement.fixing(FROZEN)
    n = len(frame)
    z = np.column_stack([np.ones(n), covariates.to_numpy()])
    beta = np.array([[0.0, 0.0], [0.1, 0.9]])
    links = np.eye(sum(part.sizes)) if part.links is None else part.links

    def at(step):
        moved = beta.copy()
        moved[1] += step[:2]
        now = part.moved(links @ step[2:])
        logs = log_probabilities(z, moved)
        joint = logs + now.log_density()[now.inverse]
        total = np.log(np.exp(joint).sum(axis=1))
        return total, Mixture(z, np.exp(logs), np.exp(joint - total[:, None]), np.ones(n), 0, now)

    # 3 thresholds and a slope, 2 and 1, two rates, two means and variances, two shares
    assert links.shape[1] == 4 + 3 + 2 + 4 + 2
    m = 2 + links.shape[1]
    mixture = at(np.zeros(m))[1]
    h = 1e-5 * np.eye(m)
    slopes = np.array([(at(e)[0] - at(-e)[0]) / 2e-5 for e in h]).T
    assert mixture.project(np.eye(m)) == pytest.approx(slopes, rel=1e-4, abs=1e-5)
    assert mixture.gradient() == pytest.approx(slopes.sum(axis=0), rel=1e-4, abs=1e-3)
    bend = -np.array([(at(e)[1].gradient() - at(-e)[1].gradient()) / 2e-5 for e in h])
    # Cumulative logits take the expected information of a known class: near, not equal.
    scale = np.sqrt(np.outer(np.diag(bend), np.diag(bend)))
    assert (mixture.information() / scale) == pytest.approx(bend / scale, abs=0.1)


def test_the_first_step_stands_at_its_maximum(fitted):
    frame, _, _, model = fitted
    first = first_step(model, frame, None, "frequency")
    information = first.mixture.information()
    gain = first.mixture.gradient() @ np.linalg.solve(information, first.mixture.gradient())
    assert gain < 1e-4
    assert first.notices == ()


@pytest.mark.parametrize("method", ["one-step", "bch", "ml"])
def test_effects_are_found_whatever_the_indicators(fitted, method):
    frame, covariates, kind, model = fitted
    found = membership(model, frame, covariates, method=method)
    assert found.converged
    second = int(np.bincount(kind[model.predict(frame) == 1]).argmax())
    effect = found.effect(2, "z")
    true = 1.0 if second == 1 else -1.0
    assert abs(effect.estimate - true) < 3 * effect.se
    assert 0.08 < effect.se < 0.25
    if method == "one-step":
        assert found.log_likelihood > model.log_likelihood_
        assert found.n_parameters == 2 + 15


@pytest.mark.parametrize("method", ["one-step", "bch", "ml"])
def test_frequency_weights_equal_repeated_rows_whatever_the_indicators(method):
    frame, covariates, _ = simulated(seed=4, n=200)
    times = np.random.default_rng(1).integers(0, 4, 200)
    index = np.repeat(np.arange(200), times)
    settings = {"seed": 1, "kinds": KINDS, "tol": 1e-12}
    weighted = LatentClassModel(2, **settings).fit(frame, sample_weight=times)
    repeated = LatentClassModel(2, **settings).fit(frame[index])
    one = membership(weighted, frame, covariates, sample_weight=times, method=method)
    two = membership(repeated, frame[index], covariates[index], method=method)
    assert one.coefficients == pytest.approx(two.coefficients, abs=1e-6)
    assert one.covariance == pytest.approx(two.covariance, abs=1e-6)


def test_outcomes_differ_whatever_the_indicators(fitted):
    frame, _, kind, model = fitted
    paid = np.random.default_rng(3).normal(5 * kind, 1)
    found = distal(model, frame, paid)
    assert abs(abs(found.pairs[0].difference) - 5) < 3 * found.pairs[0].se
    assert found.notices == ()
