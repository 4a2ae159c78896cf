"""Segment: how many, how solid, who they are, and whether they say more than demographics."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from embauche.present.charts import (
    criteria_chart,
    flow_chart,
    personas_chart,
    profile_chart,
    sizes_chart,
    stability_chart,
    validation_chart,
    votes_chart,
)
from embauche.present.figure import ChartFigure
from embauche.present.findings import Findings
from embauche.present.names import Names
from embauche.present.proportions import wilson
from embauche.present.sections import groups
from embauche.present.typing_words import typing_summary
from embauche.segment.segmentation import Segment
from embauche.workbench.models import Study
from embauche.workbench.page import page, study_of
from embauche.workbench.pages.outputs import TYPING_FORMS
from embauche.workbench.pages.pieces import charts, piece
from embauche.workbench.services.restoring import figures, findings


def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the segments with the proof of how real they are; without a survey, the groups."""
    study = study_of(request, slug)
    found = figures(study, request.language)
    if found.segmentation is None:  # groups of those interviewed show what they said
        found = findings(study, request.language)
    names = Names(found)
    segmentation = found.segmentation
    drawn = (
        charts(
            study,
            found,
            criteria_chart,
            votes_chart,
            stability_chart,
            flow_chart,
            sizes_chart,
            personas_chart,
            validation_chart,
        )
        if segmentation
        else {}
    )
    parts: list[dict[str, Any]] = []
    for segment in segmentation.segments if segmentation else ():
        low, high = wilson(segment.share, segmentation.n if segmentation else 0)
        parts.append(
            {
                "segment": segment,
                "name": names.segment_name(segment.id),
                "low": low,
                "high": high,
                "chart": _profile(study, found, segment),
            }
        )
    return page(
        request,
        "segments",
        study,
        section="segment",
        segmentation=segmentation,
        parts=parts,
        charts=drawn,
        validation=found.validation,
        typing=_typing(names),
        groups=groups(names) if segmentation is None else [],
        assignment=found.assignment,
        names={segment["segment"].id: segment["name"] for segment in parts},
        wording={
            name: names.column(name) for name in (found.survey.readings if found.survey else ())
        },
        verdict=segmentation.verdict.name.lower() if segmentation else "",
        people=len(found.corpus.participants) if found.corpus else 0,
        job_map=found.job_map,
    )


def _typing(names: Names) -> dict[str, Any] | None:
    """Return the section on the typing tool, as in the report, and its files."""
    tool = names.findings.typing
    if tool is None:
        return None
    return {
        "title": "report.typing.title" if tool.reached else "report.typing.title_short",
        "summary": typing_summary(tool, names.words),
        "body": piece(names.words, "typing", "typing", tool, names),
        "forms": TYPING_FORMS,
    }


def _profile(study: Study, found: Findings, segment: Segment) -> dict[str, Any] | None:
    def profile(names: Names) -> ChartFigure | None:
        return profile_chart(names, segment)

    profile.__name__ = f"profile-{segment.id}"
    return next(iter(charts(study, found, profile).values()), None)
