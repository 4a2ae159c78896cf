"""Analyses: asked for, followed, stopped."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Schema, Status

from embauche.workbench.api.callers import needs, study_of
from embauche.workbench.api.lists import part_of
from embauche.workbench.api.plain import told
from embauche.workbench.api.routes import router
from embauche.workbench.api.shapes import Number, Page, Paging, Slug
from embauche.workbench.models import Run
from embauche.workbench.services import analysis

TAG: Final = "analysis"


class RunError(Schema):
    """Why an analysis failed."""

    code: str
    detail: str
    hint: str


class RunShape(Schema):
    """One analysis: how far it is, and how it ended."""

    id: int
    state: Run.State
    progress: float
    stage: str
    active: bool
    error: RunError | None
    started_at: datetime
    finished_at: datetime | None


@router.get("studies/{slug}/runs", response=Page[RunShape], **needs("study:read"))
def list_runs(
    request: Any, response: HttpResponse, slug: Slug, paging: Query[Paging]
) -> dict[str, Any]:
    """List the analyses, the latest first."""
    rows = Run.objects.filter(study=study_of(request, slug)).order_by("-pk")
    return part_of(request, response, rows, paging, lambda row: run_row(row, request.language))


@router.post("studies/{slug}/runs", response={202: RunShape}, **needs("analysis:run"))
def create_run(request: Any, response: HttpResponse, slug: Slug) -> Any:
    """Ask for an analysis; where one runs already, that one is returned."""
    study = study_of(request, slug)
    run = analysis.analyse(study.pk, request.auth.user)
    response.headers["Location"] = f"{request.path}/{run.pk}"
    return Status(202, run_row(run, request.language))


@router.get("studies/{slug}/runs/{int:id}", response=RunShape, **needs("study:read"))
def read_run(request: Any, slug: Slug, id: Path[Number]) -> dict[str, Any]:  # noqa: A002
    """Return how far an analysis is, and how it ended."""
    run = get_object_or_404(Run, pk=id, study=study_of(request, slug))
    return run_row(run, request.language)


@router.post(
    "studies/{slug}/runs/{int:id}/cancel", response={202: RunShape}, **needs("analysis:run")
)
def cancel_run(request: Any, slug: Slug, id: Path[Number]) -> Any:  # noqa: A002
    """Ask an analysis to stop; it does so at its next report of progress."""
    run = get_object_or_404(Run, pk=id, study=study_of(request, slug))
    return Status(202, run_row(analysis.cancel(run.pk, request.auth.user), request.language))


def run_row(row: Run, language: str) -> dict[str, Any]:
    """Return an analysis."""
    names = ("state", "progress", "stage", "started_at", "finished_at")
    return {
        "id": row.pk,
        "error": told(row.error, language),
        "active": row.state in analysis.ACTIVE,
        **{name: getattr(row, name) for name in names},
    }
