"""Figures of the latest analysis, and the files made from them."""

from __future__ import annotations

import re
from typing import Any, Final

from django.http import FileResponse, Http404

from embauche.present.results_json import results, results_schema
from embauche.workbench.api.callers import figures_of, needs
from embauche.workbench.api.routes import router
from embauche.workbench.api.shapes import Line, Slug
from embauche.workbench.services.exporting import OUTPUTS, written
from embauche.workbench.services.restoring import findings

TAG: Final = "results"
_FILES: Final = (*OUTPUTS, "report.html")


def _part(names: tuple[str, ...]) -> dict[str, Any]:
    """Return the schema of an answer that holds parts of ``results.json``."""
    known = results_schema()["properties"]
    shown = {name: {"description": known[name].get("description", "")} for name in names}
    return {"type": "object", "properties": shown, "required": list(names)}


def _answers(*names: str) -> dict[str, Any]:
    content = {"application/json": {"schema": _part(names)}}
    about = "Parts of results.json; its schema is docs/results.schema.json."
    return {"responses": {200: {"description": about, "content": content}}}


def _declared(scope: str, *names: str) -> dict[str, Any]:
    made = needs(scope)
    return {**made, "openapi_extra": {**made["openapi_extra"], **_answers(*names)}}


def _found(request: Any, slug: str, *names: str) -> dict[str, Any]:
    study = figures_of(request, slug)
    made = results(findings(study, request.language))
    return {name: made[name] for name in names}


_ALL: Final = tuple(results_schema()["properties"])


@router.get("studies/{slug}/results", response=dict[str, Any], summary="Read all figures at once",
            **_declared("study:read", *_ALL))  # fmt: skip
def read_results(request: Any, slug: Slug) -> dict[str, Any]:
    """Return ``results.json`` as `embauche run` writes it, with today's decisions."""
    return _found(request, slug, *_ALL)


@router.get("studies/{slug}/segments", response=dict[str, Any], summary="Read the segments",
            **_declared("study:read", "segments", "typing", "warnings"))  # fmt: skip
def read_segments(request: Any, slug: Slug) -> dict[str, Any]:
    """Return the segments with their verdict, criteria, personas and typing tool."""
    return _found(request, slug, "segments", "typing", "warnings")


@router.get("studies/{slug}/comparison", response=dict[str, Any],
            summary="Read jobs against demographics",
            **_declared("study:read", "validation"))  # fmt: skip
def read_comparison(request: Any, slug: Slug) -> dict[str, Any]:
    """Return whether job segments say more than demographics."""
    return _found(request, slug, "validation")


@router.get("studies/{slug}/opportunities", response=dict[str, Any],
            summary="Read opportunities and priorities",
            **_declared("study:read", "opportunities", "opportunity_rankings", "priorities",
                        "heatmap"))  # fmt: skip
def read_opportunities(request: Any, slug: Slug) -> dict[str, Any]:
    """Return what is served worst, by survey and by interviews, with intervals."""
    return _found(request, slug, "opportunities", "opportunity_rankings", "priorities", "heatmap")


@router.get("studies/{slug}/customers", response=dict[str, Any],
            summary="Read customers by segment",
            **_declared("study:read", "assignments"))  # fmt: skip
def read_customers(request: Any, slug: Slug) -> dict[str, Any]:
    """Return how many customers each segment has; who is in which is in assignments.csv."""
    return _found(request, slug, "assignments")


@router.get("studies/{slug}/files", response=list[str], summary="List the files",
            **needs("study:read"))  # fmt: skip
def list_files(request: Any, slug: Slug) -> list[str]:
    """List the files that can be downloaded."""
    study = figures_of(request, slug)
    return [name for name in _FILES if _path(study, name, request.language) is not None]


_BYTES: Final = {
    "responses": {
        200: {
            "description": "The file.",
            "content": {
                kind: {"schema": {"type": "string"}}
                for kind in ("text/csv", "application/json", "text/html")
            },
        }
    }
}


@router.get("studies/{slug}/files/{name}", summary="Download a file",
            auth=needs("study:read")["auth"],
            openapi_extra={**needs("study:read")["openapi_extra"], **_BYTES})  # fmt: skip
def read_file(request: Any, slug: Slug, name: Line) -> FileResponse:
    """Return a table, ``results.json`` or the report, made from the study as it stands now."""
    study = figures_of(request, slug)
    path = _path(study, name, request.language) if name in _FILES else None
    if path is None:
        raise Http404
    made = FileResponse(path.open("rb"), as_attachment=True, filename=f"{study.slug}-{name}")
    made.headers["Content-Type"] = re.sub(r";.*", "", made.headers["Content-Type"])
    return made


def _path(study: Any, name: str, language: Any) -> Any:
    try:
        return written(study, name, language)
    except FileNotFoundError:
        return None
