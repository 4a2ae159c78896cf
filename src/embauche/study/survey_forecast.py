"""What an analysis will make of a survey read by a mapping: said before it runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from embauche.collect.survey import Survey
from embauche.collect.survey_mapping import SurveyMapping, roles_of
from embauche.collect.surveys import make_survey
from embauche.collect.tables import Table
from embauche.errors import ColumnError, EmbaucheError, StatisticsError
from embauche.notices import Notice
from embauche.prioritise.ratings import read_ratings
from embauche.segment.comparison_run import comparison_refusal
from embauche.segment.indicators import indicators

Step = Literal["segments", "opportunities", "comparison", "personas", "weight"]
_LEAST_SEGMENTS = 2


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one step will do.

    Attributes
    ----------
    step
        Which step.
    ready
        Whether it will be carried out.
    said
        What it will do, or what it lacks.
    warnings
        What will be weak about it.
    """

    step: Step
    ready: bool
    said: Notice
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyForecast:
    """What a mapping leads to.

    Attributes
    ----------
    survey
        The survey as it will be read; ``None`` where the mapping cannot be used.
    problem
        Why not.
    outlooks
        One entry a step.
    notices
        What is doubtful about the reading.
    """

    survey: Survey | None
    problem: EmbaucheError | None = None
    outlooks: tuple[Outlook, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether the mapping can be saved."""
        return self.survey is not None


def forecast_survey(table: Table, mapping: SurveyMapping) -> SurveyForecast:
    """Read a table by a mapping and say what every step will make of it.

    Parameters
    ----------
    table
        As `read_table` returns it.
    mapping
        The role of every column.

    Returns
    -------
    SurveyForecast
        With a problem instead of a survey where the mapping contradicts itself or the answers.
    """
    try:
        survey = make_survey(table, replace(roles_of(mapping, table.name), notices=()))
    except ColumnError as error:
        return SurveyForecast(None, error)
    outlooks = [_segments(survey), _opportunities(survey), _comparison(survey), _personas(survey)]
    if survey.weight is not None:
        said = Notice("mapping.weight.ready", {"column": survey.weight}, "info")
        outlooks.append(Outlook("weight", ready=True, said=said))
    return SurveyForecast(survey, None, tuple(outlooks), survey.notices)


def _segments(survey: Survey) -> Outlook:
    if not survey.needs:
        return _lacking("segments", "mapping.segments.no_needs")
    try:
        coded, notices = indicators(survey)
    except StatisticsError as error:
        return _refused("segments", error)
    answered = int(coded.select(pl.any_horizontal(pl.all().is_not_null())).to_series().sum())
    stands_in = survey.needs == survey.importance
    code = f"mapping.segments.{'by_importance' if stands_in else 'ready'}"
    said = Notice(code, {"n": coded.width, "respondents": answered}, "info")
    weak = tuple(item for item in notices if item.severity != "info")
    return Outlook("segments", ready=True, said=said, warnings=weak)


def _opportunities(survey: Survey) -> Outlook:
    if not survey.satisfaction:
        asked = survey.needs and set(survey.needs) & set(survey.importance)
        code = "no_satisfaction" if asked else "no_ratings"
        return _lacking("opportunities", f"mapping.opportunities.{code}")
    try:
        ratings = read_ratings(survey)
    except ColumnError as error:
        return _refused("opportunities", error)
    count = len(ratings.names)
    both = ratings.both.sum(axis=0)
    zoned = all(ratings.has_zones(at) for at in range(count))
    params = {"n": count, "least": int(both.min()), "most": int(both.max())}
    said = Notice(f"mapping.opportunities.{'ready' if zoned else 'unzoned'}", params, "info")
    return Outlook("opportunities", ready=True, said=said)


def _comparison(survey: Survey) -> Outlook:
    outcome = survey.outcome or survey.frequency
    try:
        refusal = comparison_refusal(survey, k=_LEAST_SEGMENTS, outcome=outcome)
    except StatisticsError as error:
        return _refused("comparison", error)
    if refusal is not None:
        return Outlook("comparison", ready=False, said=refusal)
    who = [column for column in survey.demographics if column != outcome]
    params = {"outcome": survey.readings[outcome or ""].label, "n": len(who)}
    stands_in = survey.outcome is None
    code = f"mapping.comparison.{'by_frequency' if stands_in else 'ready'}"
    return Outlook("comparison", ready=True, said=Notice(code, params, "info"))


def _personas(survey: Survey) -> Outlook:
    if not survey.needs:
        return _lacking("personas", "mapping.personas.no_segments")
    if not survey.situation:
        return _lacking("personas", "mapping.personas.no_situation")
    said = Notice("mapping.personas.ready", {"n": len(survey.situation)}, "info")
    return Outlook("personas", ready=True, said=said)


def _lacking(step: Step, code: str) -> Outlook:
    return Outlook(step, ready=False, said=Notice(code, {}, "info"))


def _refused(step: Step, error: EmbaucheError) -> Outlook:
    return Outlook(step, ready=False, said=Notice(error.code, dict(error.params), "problem"))
