"""Figures that take a while: agreement, saturation, thresholds, targets, other comparisons."""

from __future__ import annotations

from typing import Annotated, Any, Final

from ninja import Query, Schema, Status
from pydantic import Field

from embauche.workbench.api.callers import figures_of, needs, study_of
from embauche.workbench.api.plain import plain, told
from embauche.workbench.api.routes import router
from embauche.workbench.api.runs import RunShape, run_row
from embauche.workbench.api.shapes import Given, Line, Slug
from embauche.workbench.services.agreement_view import agreement_figures
from embauche.workbench.services.agreement_view import restored as agreement_restored
from embauche.workbench.services.comparing import compare_outcome, comparisons, outcome_choices
from embauche.workbench.services.prepared import Prepared, prepared
from embauche.workbench.services.restoring import figures
from embauche.workbench.services.saturation_view import restored as saturation_restored
from embauche.workbench.services.targeting import study_targets
from embauche.workbench.services.threshold import (
    chosen_threshold,
    cuts,
    set_threshold,
    used_threshold,
)

TAG: Final = "figures"


class PreparedShape(Schema):
    """Figures that are made in the background; ``fresh`` is false while newer ones are made."""

    fresh: bool
    error: dict[str, str] | None
    figures: dict[str, Any] | None


class ThresholdShape(PreparedShape):
    """Where the tree of statements is cut, and what other places would give."""

    used: float
    chosen: float | None


class ThresholdGiven(Given):
    """Where the next analysis cuts; null for the usual place."""

    threshold: Annotated[float, Field(gt=0, le=1)] | None


class OutcomeGiven(Given):
    """What is to be foretold."""

    outcome: Line


class TargetsShape(Schema):
    """Whom to serve first with what; null without a survey of two segments."""

    targets: dict[str, Any] | None


class ComparisonsShape(Schema):
    """What was found on other outcomes, and which may be asked for."""

    found: list[dict[str, Any]]
    choices: list[str]


@router.get("studies/{slug}/agreement", response=PreparedShape, **needs("study:read"))
def read_agreement(
    request: Any,
    slug: Slug,
    coder: Annotated[list[Line], Query(max_length=20)] = [],  # noqa: B006
) -> dict[str, Any]:
    """Read how far coders agree, facet by facet; while coded blind, editors and owners only."""
    found = agreement_figures(study_of(request, slug), list(coder), request.auth.user)
    made = None
    if found.data:
        figures, notices = agreement_restored(found.data)
        made = {
            "coders": found.data["coders"],
            "everybody": found.data["everybody"],
            "open_codes": found.data["open_codes"],
            "agreement": plain(figures, request.language),
            "notices": plain(notices, request.language),
        }
    return _prepared(found, made, request.language)


@router.get("studies/{slug}/saturation", response=PreparedShape, **needs("study:read"))
def read_saturation(
    request: Any, slug: Slug, ahead: Annotated[int, Query(ge=1, le=20)] = 3
) -> dict[str, Any]:
    """Read whether more interviews are likely to bring anything new."""
    found = prepared(figures_of(request, slug), "saturation", {"ahead": ahead})
    made = None
    if found.data:
        curves, notices = saturation_restored(found.data)
        made = {
            "curves": plain(curves, request.language),
            "notices": plain(notices, request.language),
        }
    return _prepared(found, made, request.language)


@router.get("studies/{slug}/threshold", response=ThresholdShape, **needs("study:read"))
def read_threshold(request: Any, slug: Slug) -> dict[str, Any]:
    """Read where statements are cut into jobs, and what other places would give."""
    return _threshold(request, slug)


@router.put("studies/{slug}/threshold", response=ThresholdShape, **needs("jobs:write"))
def put_threshold(request: Any, slug: Slug, given: ThresholdGiven) -> dict[str, Any]:
    """Say where the next analysis cuts."""
    study = figures_of(request, slug)
    set_threshold(study.pk, given.threshold, request.auth.user)
    return _threshold(request, slug)


@router.get("studies/{slug}/targets", response=TargetsShape, **needs("study:read"))
def read_targets(request: Any, slug: Slug) -> dict[str, Any]:
    """Read segment × customers × value × opportunity × satisfaction, the greatest stake first."""
    study = figures_of(request, slug)
    found = study_targets(study, figures(study, request.language))
    return {"targets": plain(found, request.language)}


@router.get("studies/{slug}/comparisons", response=ComparisonsShape, **needs("study:read"))
def list_comparisons(request: Any, slug: Slug) -> dict[str, Any]:
    """List the comparisons of jobs with demographics on other outcomes."""
    study = figures_of(request, slug)
    found = figures(study)
    choices = outcome_choices(found.survey) if found.survey and found.segmentation else ()
    return {
        "found": [plain(item, request.language) for item in comparisons(study)],
        "choices": [item.column for item in choices],
    }


@router.post("studies/{slug}/comparisons", response={202: RunShape}, **needs("analysis:run"))
def create_comparison(request: Any, slug: Slug, given: OutcomeGiven) -> Any:
    """Ask for a comparison on another outcome, in the background."""
    study = figures_of(request, slug)
    run = compare_outcome(study.pk, given.outcome, request.auth.user)
    return Status(202, run_row(run, request.language))


def _prepared(found: Prepared, made: dict[str, Any] | None, language: str) -> dict[str, Any]:
    return {"fresh": found.fresh, "error": told(found.error, language), "figures": made}


def _threshold(request: Any, slug: str) -> dict[str, Any]:
    study = figures_of(request, slug)
    found = prepared(study, "threshold")
    made = {"cuts": plain(cuts(found.data), request.language)} if found.data else None
    return {
        **_prepared(found, made, request.language),
        "used": used_threshold(study),
        "chosen": chosen_threshold(study),
    }
