"""What membership analyses say of weak ground, and refuse."""

import numpy as np
import polars as pl
import pytest
from simulated_membership import simulated

from embauche.errors import StatisticsError
from embauche.messages import messages
from embauche.segment import LatentClassModel, membership


def codes(result):
    return {notice.code for notice in result.notices}


def test_weak_ground_is_said():
    needs, covariates, _ = simulated(seed=9, n=490, clear=0.7)
    model = LatentClassModel(2, seed=1).fit(needs[:, :4])
    needs = needs[:, :4]
    found = membership(model, needs, covariates)
    assert {"membership.low_entropy", "membership.small_sample"} <= codes(found)
    strong, covariates, _ = simulated(n=600, clear=0.9)
    found = membership(LatentClassModel(3, seed=1).fit(strong), strong, covariates)
    assert found.entropy > 0.8
    assert found.notices == ()


def test_separation_is_noticed_and_has_no_standard_error(survey):
    needs, covariates, _, model = survey
    sure = model.predict(needs) == 0
    split = covariates.with_columns(first=np.where(sure, "yes", "no"))
    for method in ("one-step", "ml", "bch"):
        found = membership(model, needs, split, method=method)
        assert {"membership.separation", "membership.negative_cells"} & codes(found), method
    found = membership(model, needs, split, method="ml")
    runaway = [effect for effect in found.effects if np.isnan(effect.se)]
    assert "first: yes" in {effect.term for effect in runaway}
    assert all(effect.high == np.inf for effect in runaway)
    assert np.isnan(found.tests["first"].p)


def test_other_rows_or_weights_are_noticed(survey):
    needs, covariates, _, model = survey
    found = membership(model, needs, covariates, sample_weight=np.arange(600) % 3)
    assert "membership.other_rows" in codes(found)


def test_classes_that_the_covariates_move_are_noticed():
    rng = np.random.default_rng(0)
    needs = pl.DataFrame(rng.integers(0, 2, (400, 4)), schema=list("abcd"), orient="row")
    model = LatentClassModel(2, seed=1).fit(needs)
    near = needs["a"].to_numpy() + rng.normal(0, 0.3, 400)
    found = membership(model, needs, pl.DataFrame({"near": near}), method="one-step")
    assert "membership.classes_moved" in codes(found)
    assert found.item_probabilities["a"].shape == (2, 2)


def test_the_result_can_be_written_as_json_and_its_notices_read(survey):
    import json

    needs, covariates, _, model = survey
    small = membership(model, needs[:200], covariates[:200], method="bch")
    data = json.loads(json.dumps(small.to_dict()))
    assert data["effects"][0]["term"] == "(constant)"
    for language in ("fr", "en"):
        for notice in small.notices:
            assert "{" not in messages(language).notice(notice)
            assert messages(language).notice(notice) != f"notice.{notice.code}"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"method": "two-step"}, "membership.method"),
        ({"assignment": "random"}, "membership.assignment"),
        ({"weights": "design"}, "membership.weights"),
        ({"reference": 4}, "membership.reference"),
        ({"reference_levels": {"age": "x"}}, "membership.missing_covariate"),
        ({"reference_levels": {"a": "x"}}, "membership.reference_of_number"),
        ({"sample_weight": [1.0]}, "latent_class.weight_count"),
    ],
)
def test_settings_that_cannot_be_used_are_named(survey, change, code):
    needs, covariates, _, model = survey
    with pytest.raises(StatisticsError) as raised:
        membership(model, needs, covariates, **change)
    assert raised.value.code == code
    assert raised.value.hint("fr") != f"error.{code}.hint"


@pytest.mark.parametrize(
    ("column", "code"),
    [
        (pl.lit(1.0), "membership.constant_covariate"),
        (pl.lit("x"), "membership.constant_covariate"),
        (pl.col("a") * 2 - 1, "membership.collinear_covariate"),
        (pl.lit(None, dtype=pl.Float64), "membership.all_missing"),
        (pl.when(pl.col("a") > 0).then(float("inf")), "membership.not_finite"),
        (pl.date(2026, 1, 1), "membership.covariate_type"),
    ],
)
def test_covariates_that_cannot_be_used_are_named(survey, column, code):
    needs, covariates, _, model = survey
    with pytest.raises(StatisticsError) as raised:
        membership(model, needs, covariates.with_columns(new=column))
    assert raised.value.code == code


def test_rows_must_match(survey):
    needs, covariates, _, model = survey
    with pytest.raises(StatisticsError) as raised:
        membership(model, needs, covariates[:-1])
    assert raised.value.code == "membership.row_count"
    found = membership(model, needs, covariates)
    with pytest.raises(StatisticsError) as raised:
        found.probabilities(covariates.drop("b"))
    assert raised.value.code == "membership.missing_covariate"
    with pytest.raises(StatisticsError) as raised:
        found.effect(1, "a")
    assert raised.value.code == "membership.no_effect"


def test_one_class_has_no_members_to_explain(survey):
    needs, covariates, _, _ = survey
    with pytest.raises(StatisticsError) as raised:
        membership(LatentClassModel(1).fit(needs), needs, covariates)
    assert raised.value.code == "membership.one_class"
