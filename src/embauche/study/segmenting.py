"""The stage that segments a survey: segments, personas, comparison and typing tool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from embauche.collect.survey import Survey
from embauche.errors import ReadError, StatisticsError
from embauche.notices import Notice
from embauche.segment import segment_survey
from embauche.segment.comparison_run import compare_with_demographics, comparison_refusal
from embauche.segment.personas import find_personas
from embauche.segment.personas_descriptions import describe
from embauche.segment.routes_result import RouteSegmentation
from embauche.segment.segmentation import Segment, Segmentation
from embauche.segment.typing_build import make_typing_tool, typing_refusal
from embauche.study.parts import Collected, Mapped, Segmented
from embauche.study.progress import Report, part, silent

S = TypeVar("S", Segmentation, RouteSegmentation)


def segment(
    collected: Collected, mapped: Mapped | None, seed: int = 0, report: Report = silent
) -> Segmented:
    """Segment the survey by its needs and test the segments against demographics."""
    survey = collected.survey
    if survey is None or not survey.needs:
        return Segmented(None, None, ())
    try:
        found = segment_survey(survey, seed=seed, progress=part(report, "segment"))
    except StatisticsError as error:
        return Segmented(None, None, (problem(error),))
    found, said = with_people(found, survey)
    jobs = {link.need: link.job for link in mapped.links} if mapped is not None else {}
    segments = tuple(replace(item, job=_hired_for(item, jobs)) for item in found.segments)
    found = replace(found, segments=segments)
    notices: list[Notice] = list(said)
    outcome = survey.outcome or survey.frequency
    if survey.outcome is None and outcome is not None:
        notices.append(Notice("study.frequency_as_outcome", {"column": outcome}, "info"))
    validation = compare_with_demographics(
        survey, k=found.k, outcome=outcome, seed=seed, progress=part(report, "validate")
    )
    if validation is None:
        refusal = comparison_refusal(survey, k=found.k, outcome=outcome)
        notices += [refusal] if refusal is not None else []
    report("validate", 1.0)
    tool = make_typing_tool(found, survey, seed=seed, progress=part(report, "typing"))
    if tool is None:
        none = typing_refusal(found, survey)
        notices += [none] if none is not None else []
    report("typing", 1.0)
    return Segmented(found, validation, tuple(notices), tool)


def with_people(found: S, survey: Survey) -> tuple[S, tuple[Notice, ...]]:
    """Return segments with their personas and with who is in them, and what is weak about these."""
    situations, people = find_personas(found, survey), describe(found, survey)
    segments = tuple(
        replace(
            item,
            personas=situations.personas.get(item.id, ()),
            descriptions=people.get(item.id, ()),
        )
        for item in found.segments
    )
    return replace(found, segments=segments), situations.notices


def _hired_for(segment: Segment, jobs: Mapping[str, str]) -> str | None:
    """Return the job linked to the need that a segment has most above everyone."""
    above = [mark for mark in segment.markers if mark.value > mark.overall and mark.need in jobs]
    best = max(above, key=lambda mark: mark.value - mark.overall, default=None)
    return None if best is None else jobs[best.need]


def problem(error: ReadError | StatisticsError) -> Notice:
    """Return an error as a notice: the rest of the study goes on."""
    return Notice(error.code, dict(error.params), "problem")
