from dataclasses import replace

import numpy as np
import polars as pl

from embauche.collect import Table, infer_roles
from embauche.collect.survey_mapping import ColumnRole, SurveyMapping, mapping_of
from embauche.study.survey_forecast import SurveyForecast, forecast_survey


def table(n: int = 600, top: int = 5) -> Table:
    """Return fictional answers: three pairs of ratings, a situation, an age and a purchase."""
    rng = np.random.default_rng(2)
    columns = {f"imp_{j}": rng.integers(1, top + 1, n) for j in range(3)}
    columns |= {f"sat_{j}": rng.integers(1, top + 1, n) for j in range(3)}
    columns["place"] = rng.choice(["on site", "office"], n)
    columns["age"] = rng.integers(18, 70, n)
    columns["bought"] = rng.integers(0, 2, n)
    return Table("fictional.csv", pl.DataFrame(columns))


def forecast(given: Table, **changed: ColumnRole) -> SurveyForecast:
    mapping = mapping_of(given, infer_roles(given))
    return forecast_survey(given, replace(mapping, roles={**mapping.roles, **changed}))


def said(found: SurveyForecast) -> dict[str, tuple[bool, str]]:
    return {item.step: (item.ready, item.said.code) for item in found.outlooks}


def test_all_that_the_columns_allow_is_promised():
    found = forecast(table())
    assert found.usable
    assert said(found) == {
        "segments": (True, "mapping.segments.by_importance"),
        "opportunities": (True, "mapping.opportunities.ready"),
        "comparison": (True, "mapping.comparison.ready"),
        "personas": (True, "mapping.personas.ready"),
    }
    assert found.outlooks[0].said.params == {"n": 3, "respondents": 600}
    assert found.outlooks[1].said.params == {"n": 3, "least": 600, "most": 600}


def test_no_zones_are_promised_off_the_1_to_5_scale():
    assert said(forecast(table(top=7)))["opportunities"] == (True, "mapping.opportunities.unzoned")


def test_what_is_taken_away_is_no_longer_promised():
    ignored = dict.fromkeys(("sat_0", "sat_1", "sat_2", "place", "age"), ColumnRole.IGNORED)
    found = said(forecast(table(), **ignored))
    assert found["opportunities"] == (False, "mapping.opportunities.no_ratings")
    assert found["comparison"] == (False, "comparison.no_demographics")
    assert found["personas"] == (False, "mapping.personas.no_situation")
    assert found["segments"][0]


def test_no_needs_no_segments():
    given = table()
    everything = dict.fromkeys(given.frame.columns, ColumnRole.IGNORED)
    found = said(forecast_survey(given, SurveyMapping(everything)))
    assert found["segments"] == (False, "mapping.segments.no_needs")
    assert found["personas"] == (False, "mapping.personas.no_segments")


def test_an_amount_cannot_form_segments():
    given = table()
    given = replace(given, frame=given.frame.with_columns(spend=pl.Series(np.linspace(-5, 5, 600))))
    found = forecast(given, spend=ColumnRole.NEED)
    assert said(found)["segments"] == (False, "segment.need_is_amount")


def test_a_small_sample_is_warned_of_before_the_run():
    found = forecast(table(60))
    assert [item.code for item in found.outlooks[0].warnings] == ["segment.small_sample"]


def test_a_contradiction_is_a_problem_in_words():
    found = forecast(table(), imp_0=ColumnRole.IGNORED)
    assert not found.usable
    assert found.problem is not None
    assert found.problem.code == "mapping.unpaired"
    assert "sat_0" in found.problem.message("fr")
    words = forecast(table(), place=ColumnRole.WEIGHT)
    assert words.problem is not None
    assert words.problem.code == "column.weight_not_number"
    assert words.problem.message("en")
