"""Indicators, stability, verdicts and markers, on small fictional surveys."""

import json

import numpy as np
import polars as pl
import pytest

from embauche.collect.survey import ColumnReading, Survey
from embauche.errors import StatisticsError
from embauche.messages import messages
from embauche.segment import LatentClassModel, assign, indicators, segment_survey
from embauche.segment.indicators import response_style
from embauche.segment.latent_trait import fit_trait
from embauche.segment.patterns import collapse, encode
from embauche.segment.stability import adjusted_rand, bootstrap_stability
from embauche.vocabulary import Solidity


def survey_of(answers, scale="yes_no", **roles):
    names = [f"need{j}" for j in range(answers.shape[1])]
    frame = pl.DataFrame(answers, schema=names)
    readings = {name: ColumnReading(name, name, scale) for name in names}
    for name, values in roles.pop("extra", {}).items():
        frame = frame.with_columns(pl.Series(name, values))
    return Survey("fictional.csv", frame, needs=tuple(names), readings=readings, **roles)


def classes(seed, n=500, J=12):
    rng = np.random.default_rng(seed)
    theta = np.full((3, J), 0.15)
    for k in range(3):
        theta[k, 4 * k : 4 * k + 4] = 0.85
    truth = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    return truth, (rng.random((n, J)) < theta[truth]).astype(int)


def patterns_of(answers):
    columns, codes = encode(answers)
    sizes = np.array([len(c.categories) for c in columns])
    return columns, collapse(codes, sizes, np.ones(len(codes)))


@pytest.fixture(scope="module")
def natural():
    truth, answers = classes(0)
    survey = survey_of(answers)
    return truth, survey, segment_survey(survey, k_max=4, bootstrap=8)


def test_separated_classes_are_natural(natural):
    truth, _, found = natural
    assert (found.k, found.verdict) == (3, Solidity.NATURAL)
    table = np.array(
        [[((truth == a) & (found.labels == b)).sum() for b in range(3)] for a in range(3)]
    )
    assert adjusted_rand(table.astype(float)) > 0.85
    assert [segment.id for segment in found.segments] == ["S1", "S2", "S3"]
    assert [segment.share for segment in found.segments] == pytest.approx(
        np.sort(np.bincount(truth) / 500)[::-1], abs=0.04
    )
    assert sum(segment.n for segment in found.segments) == 500
    leading = {marker.need for marker in found.segments[0].markers[:4]}
    assert leading & {"need0", "need1", "need2", "need3"}
    assert len(found.segments[0].markers) == 12
    assert all(segment.stability > 0.8 for segment in found.segments)


def test_the_same_seed_gives_the_same_segments(natural):
    _, survey, found = natural
    again = segment_survey(survey, k_max=4, bootstrap=8)
    assert again.criteria == found.criteria
    assert (again.labels == found.labels).all()


def test_the_model_scores_other_tables(natural):
    _, survey, found = natural
    turned = survey.frame.select(reversed(survey.frame.columns))
    labels, posterior = assign(found, turned)
    assert (labels == found.labels).all()
    assert posterior == pytest.approx(found.posterior)
    json.dumps([dict(found.model), dict(found.coding)])


def test_every_notice_has_its_sentence_in_both_languages(natural):
    _, _, found = natural
    for language in ("fr", "en"):
        for notice in (*found.reasons, *found.notices):
            text = messages(language).notice(notice)
            assert not text.startswith("notice.")
            assert "{" not in text


def test_noise_has_no_stable_segments():
    rng = np.random.default_rng(1)
    found = segment_survey(survey_of(rng.integers(0, 2, (400, 10))), k_max=3, bootstrap=6)
    assert (found.k, found.verdict) == (1, Solidity.NO_STABLE_SEGMENTS)
    assert len(found.segments) == 1
    assert found.segments[0].n == 400
    assert "segment.one_segment" in {notice.code for notice in found.notices}


def test_one_continuous_factor_is_not_natural():
    rng = np.random.default_rng(2)
    logits = rng.normal(0, 0.7, 12) + rng.normal(size=(600, 1)) * rng.uniform(1, 2, 12)
    answers = (rng.random((600, 12)) < 1 / (1 + np.exp(-logits))).astype(int)
    found = segment_survey(survey_of(answers), k_max=4, bootstrap=6)
    assert found.k > 1
    assert found.verdict is not Solidity.NATURAL
    assert "segment.reason.continuum" in {reason.code for reason in found.reasons}


def test_acquiescence_is_taken_out_of_ratings():
    rng = np.random.default_rng(3)
    style = rng.normal(0, 1.2, (500, 1))
    answers = np.clip(np.round(3 + style + rng.normal(0, 0.7, (500, 8))), 1, 5).astype(int)
    survey = survey_of(answers, "1-5")
    frame, notices = indicators(survey)
    assert response_style(answers.astype(float)) > 0.5
    assert "segment.bands_centred" in {notice.code for notice in notices}
    assert set(np.unique(frame.to_numpy())) <= {1, 2, 3}
    assert segment_survey(survey, k_max=3, bootstrap=6).verdict is not Solidity.NATURAL


def test_ratings_without_style_are_cut_at_thirds():
    answers = np.random.default_rng(4).integers(1, 101, (300, 6))
    frame, notices = indicators(survey_of(answers, "1-100"))
    rule = next(notice for notice in notices if notice.code == "segment.bands").params
    assert (rule["low"], rule["high"]) == pytest.approx((33, 67), abs=3)
    assert frame["need0"].to_list() == [
        1 if a <= rule["low"] else 2 if a <= rule["high"] else 3 for a in answers[:, 0]
    ]
    small = next(notice for notice in notices if notice.code == "segment.small_sample")
    assert small.params["least"] == 420


def test_missing_answers_weights_and_silent_respondents():
    _, answers = classes(5, n=240)
    table = answers.astype(float)
    table[np.random.default_rng(0).random(table.shape) < 0.1] = np.nan
    table[7] = np.nan
    weights = np.where(np.arange(240) % 2, 2.0, 1.0)
    survey = survey_of(table, weight="w", extra={"w": weights})
    survey = Survey(
        "fictional.csv",
        survey.frame.fill_nan(None),
        needs=survey.needs,
        readings=survey.readings,
        weight="w",
    )
    found = segment_survey(survey, k_max=3, bootstrap=4)
    assert found.labels[7] == -1
    assert found.n == 239
    assert found.posterior[7] == pytest.approx([s.share for s in found.segments])
    assert {"segment.no_answers", "segment.survey_weights"} <= {n.code for n in found.notices}
    again = segment_survey(survey, k_max=3, bootstrap=4)
    assert again.segments[0].share == found.segments[0].share


def test_needs_that_cannot_be_used_are_named():
    with pytest.raises(StatisticsError):
        segment_survey(Survey("fictional.csv", pl.DataFrame({"a": [1, 2]})))
    with pytest.raises(StatisticsError, match="need0"):
        indicators(survey_of(np.arange(20).reshape(10, 2), "amount"))


def test_adjusted_rand_of_a_published_table():
    # Hubert and Arabie's index for the table of Yeung and Ruzzo (2001), .313.
    table = np.array([[1.0, 1, 0], [1, 2, 1], [0, 0, 4]])
    assert adjusted_rand(table) == pytest.approx(0.313, abs=5e-4)
    assert adjusted_rand(np.diag([3.0, 4, 5])) == 1.0


def test_stability_tells_structure_from_noise():
    columns, structured = patterns_of(classes(6, n=300)[1])
    model = LatentClassModel(3, n_starts=24).fit_patterns(structured, columns)
    good = bootstrap_stability(structured, *model.solution(), np.random.SeedSequence(0), refits=6)
    columns, noise = patterns_of(np.random.default_rng(0).integers(0, 2, (300, 12)))
    model = LatentClassModel(3, n_starts=24).fit_patterns(noise, columns)
    bad = bootstrap_stability(noise, *model.solution(), np.random.SeedSequence(0), refits=6)
    assert good.overall > 0.8
    assert bad.overall < 0.3
    assert good.by_class.shape == (3,)


def test_the_trait_model_without_slopes_is_independence():
    columns, noise = patterns_of(np.random.default_rng(5).integers(0, 2, (2000, 6)))
    trait = fit_trait(noise, 1)
    one = LatentClassModel(1).fit_patterns(noise, columns)
    assert one.log_likelihood_ <= trait.log_likelihood <= one.log_likelihood_ + 12
    assert trait.parameters == 12


def test_the_trait_gradient_is_right():
    from embauche.segment.latent_trait import _Likelihood

    _, patterns = patterns_of(np.random.default_rng(6).integers(0, 3, (80, 4)))
    for dimensions in (1, 2):
        loss = _Likelihood(patterns, dimensions).loss
        point = np.random.default_rng(0).normal(0, 0.5, 8 * (1 + dimensions))
        slope = [
            (loss(point + step)[0] - loss(point - step)[0]) / 2e-5
            for step in 1e-5 * np.eye(point.size)
        ]
        assert loss(point)[1] == pytest.approx(slope, abs=1e-7)
