"""Opportunity scores of one survey: a table, or that of a study folder, without other stages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from embauche.collect import Table, make_survey, read_table
from embauche.collect.survey import Survey
from embauche.errors import FolderError, StatisticsError
from embauche.notices import Notice
from embauche.prioritise import OpportunityRanking, opportunities, opportunity_rankings
from embauche.prioritise.opportunity import DRAWS, TOP
from embauche.prioritise.priority import Opportunity
from embauche.segment import segment_survey
from embauche.segment.segmentation import Segmentation
from embauche.study.config import StudyConfig, SurveySection, read_config
from embauche.study.plan import make_plan, survey_roles
from embauche.study.progress import Report, part, silent


@dataclass(frozen=True, slots=True)
class Scored:
    """A survey's opportunities.

    Attributes
    ----------
    survey, segmentation
        What was scored; segments where they were estimated.
    by
        Column of known groups, if any.
    opportunities, rankings
        Rows, and what holds of each ranking.
    notices
        How the table was read, and what is weak of its segments.
    """

    survey: Survey
    segmentation: Segmentation | None
    by: str | None
    opportunities: tuple[Opportunity, ...]
    rankings: tuple[OpportunityRanking, ...]
    notices: tuple[Notice, ...]


def score_survey(
    path: Path,
    *,
    importance: tuple[str, ...] = (),
    satisfaction: tuple[str, ...] = (),
    weight: str | None = None,
    by: str | None = None,
    segments: bool = True,
    top: int | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    report: Report = silent,
) -> Scored:
    """Score the outcomes of a table, or of the survey in a study folder.

    Parameters
    ----------
    path
        A table, or a study folder, whose ``study.toml`` names the columns that are not given here.
    importance, satisfaction
        Columns or glob patterns, paired in order; inferred where both are empty.
    weight
        Column of survey weights; inferred where ``None``, none where empty.
    by
        Column of known groups to score as well.
    segments
        Whether, in a study folder and without `by`, segments are estimated as a run does.
    top
        As in `opportunities`; by default what ``study.toml`` says.
    draws, seed
        As in `opportunities`.

    Raises
    ------
    FolderError
        If the folder has no survey.
    ColumnError
        If a column is missing or does not hold what its role needs.
    StatisticsError
        If no pairs of ratings are found.
    """
    report("collect", 0.0)
    given = SurveySection(
        importance=importance or None, satisfaction=satisfaction or None, weight=weight
    )
    table, config = _folder(path, given) if path.is_dir() else _file(path, given)
    survey = make_survey(table, survey_roles(table, config))
    report("collect", 1.0)
    if not survey.importance:
        raise StatisticsError("opportunity.no_pairs", file=survey.name)
    notices = list(survey.notices)
    found: Segmentation | None = None
    if path.is_dir() and segments and by is None:
        try:
            found = segment_survey(survey, seed=seed, progress=part(report, "segment"))
            notices += [*found.reasons, *found.notices]
        except StatisticsError as error:
            notices.append(Notice(error.code, dict(error.params), "problem"))
    rows = opportunities(
        survey,
        segmentation=found,
        by=by,
        draws=draws,
        top=top or int(config.survey.top or TOP),
        seed=seed,
        progress=part(report, "prioritise"),
    )
    return Scored(survey, found, by, rows, opportunity_rankings(rows), tuple(notices))


def _file(path: Path, given: SurveySection) -> tuple[Table, StudyConfig]:
    return read_table(path, name=path.name), StudyConfig(folder=path.parent, survey=given)


def _folder(path: Path, given: SurveySection) -> tuple[Table, StudyConfig]:
    config = read_config(path)
    named = {
        name: value
        for name in ("importance", "satisfaction", "weight")
        if (value := getattr(given, name)) is not None
    }
    config = replace(config, survey=replace(config.survey, **named))
    plan = make_plan(config)
    if plan.survey is None:
        raise FolderError("folder.no_survey", folder=str(path))
    return read_table(plan.survey, name=plan.survey.relative_to(path).as_posix()), config
