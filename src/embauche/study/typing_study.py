"""From a study folder or a table to its typing tool, or to jobs against demographics, alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from embauche.collect import make_survey, read_table
from embauche.collect.survey import Survey
from embauche.errors import ColumnError, FolderError
from embauche.notices import Notice
from embauche.segment import segment_survey
from embauche.segment.comparison import Validation
from embauche.segment.comparison_run import compare_with_demographics, comparison_refusal
from embauche.segment.segmentation import Segmentation
from embauche.segment.typing_build import make_typing_tool, typing_refusal
from embauche.segment.typing_tool import TypingTool
from embauche.study.config import StudyConfig, read_config
from embauche.study.plan import make_plan
from embauche.study.progress import Report, part, silent


@dataclass(frozen=True, slots=True)
class SurveyOfStudy:
    """The survey of a folder, with its settings."""

    config: StudyConfig
    survey: Survey


def survey_of(path: Path, needs: tuple[str, ...] = ()) -> SurveyOfStudy:
    """Read the survey of a study folder, or of the folder that a table stands in.

    Parameters
    ----------
    path
        A study folder or a table.
    needs
        Columns or glob patterns whose answers form the segments; by default those that
        ``study.toml`` names, else those that look like needs.

    Raises
    ------
    EmbaucheError
        If there is neither, or no column could be taken for a need.
    """
    folder = path if path.is_dir() else path.parent
    config = read_config(folder)
    if not path.is_dir():
        config = replace(config, survey=replace(config.survey, file=path.name))
    if needs:
        config = replace(config, survey=replace(config.survey, needs=needs))
    plan = make_plan(config)
    if plan.survey is None or plan.roles is None:
        raise FolderError("study.no_survey_file", folder=str(path))
    table = read_table(plan.survey, name=plan.survey.relative_to(config.folder).as_posix())
    survey = make_survey(table, plan.roles)
    if not survey.needs:
        raise FolderError("study.survey_without_needs", file=survey.name)
    return SurveyOfStudy(config, survey)


def type_study(
    survey: Survey,
    *,
    accuracy: float,
    max_questions: int | None,
    unsure: float,
    seed: int = 0,
    report: Report = silent,
) -> tuple[Segmentation, TypingTool | None, tuple[Notice, ...]]:
    """Segment the survey and build its typing tool; notices say why there is none."""
    found = segment_survey(survey, seed=seed, progress=part(report, "segment"))
    tool = make_typing_tool(
        found,
        survey,
        accuracy=accuracy,
        max_questions=max_questions,
        unsure=unsure,
        seed=seed,
        progress=part(report, "typing"),
    )
    refusal = typing_refusal(found, survey) if tool is None else None
    return found, tool, (refusal,) if refusal is not None else ()


def compare_study(
    survey: Survey,
    *,
    outcome: str | None,
    demographics: Sequence[str] = (),
    segments: int | None = None,
    measured_apart: bool = False,
    seed: int = 0,
    report: Report = silent,
) -> tuple[Validation | None, tuple[Notice, ...]]:
    """Compare job segments with demographics; notices say why there is no comparison.

    Raises
    ------
    ColumnError
        If a column named is not in the survey.
    """
    chosen = outcome or survey.outcome or survey.frequency
    for name in demographics:
        if name not in survey.frame.columns:
            raise ColumnError("comparison.no_column", column=name, file=survey.name)
    if demographics:
        survey = replace(survey, demographics=tuple(demographics))
    k = segments
    if k is None:
        refusal = comparison_refusal(survey, k=2, outcome=chosen)
        if refusal is not None:
            return None, (refusal,)
        k = segment_survey(survey, seed=seed, progress=part(report, "segment")).k
    made = compare_with_demographics(
        survey,
        k=k,
        outcome=chosen,
        measured_apart=measured_apart,
        seed=seed,
        progress=part(report, "validate"),
    )
    if made is None:
        refusal = comparison_refusal(survey, k=k, outcome=chosen)
        return None, (refusal,) if refusal is not None else ()
    notices: tuple[Notice, ...] = ()
    if outcome is None and survey.outcome is None:
        notices = (Notice("study.frequency_as_outcome", {"column": str(chosen)}, "info"),)
    return made, notices
