"""Figures of the latest analysis, and the files made from them."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Callable
from enum import StrEnum
from threading import Lock
from typing import Any, Final

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Path, Schema

from embauche.jobs.job import Job
from embauche.present.canvas import jobs_canvas
from embauche.present.empathy_map import empathy_map
from embauche.present.findings import Findings
from embauche.present.results_json import results, results_schema
from embauche.present.typing_sheet import typing_sheet
from embauche.present.typing_words import segment_names, typing_data
from embauche.segment.typing_sql import to_sql
from embauche.workbench.api.callers import figures_of, needs
from embauche.workbench.api.plain import plain
from embauche.workbench.api.routes import router
from embauche.workbench.api.shapes import Line, Number, Slug
from embauche.workbench.services.exporting import OUTPUTS, written
from embauche.workbench.services.restoring import findings

TAG: Final = "results"


class TypingForm(StrEnum):
    """What a typing tool is written as."""

    HTML = "html"
    JSON = "json"
    SQL = "sql"


class PlainShape(Schema):
    """What was found, as data; null where there is nothing."""

    found: dict[str, Any] | None


_KEPT: Final = 4
_made: OrderedDict[tuple[int, int, str], dict[str, Any]] = OrderedDict()
_lock = Lock()
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
    key = (study.pk, study.stamp, str(request.language))
    with _lock:
        made = _made.get(key)
    if made is None:
        made = results(findings(study, request.language))
        with _lock:
            _made[key] = made
            while len(_made) > _KEPT:
                _made.popitem(last=False)
    return {name: made[name] for name in names}


_ALL: Final = tuple(results_schema()["properties"])


@router.get("studies/{slug}/results", response=dict[str, Any], **_declared("study:read", *_ALL))
def read_results(request: Any, slug: Slug) -> dict[str, Any]:
    """Return ``results.json`` as `embauche run` writes it, with today's decisions."""
    return _found(request, slug, *_ALL)


@router.get(
    "studies/{slug}/segments",
    response=dict[str, Any],
    **_declared("study:read", "segments", "typing", "warnings"),
)
def read_segments(request: Any, slug: Slug) -> dict[str, Any]:
    """Return the segments with their verdict, criteria, personas and typing tool."""
    return _found(request, slug, "segments", "typing", "warnings")


@router.get(
    "studies/{slug}/comparison", response=dict[str, Any], **_declared("study:read", "validation")
)
def read_comparison(request: Any, slug: Slug) -> dict[str, Any]:
    """Return whether job segments say more than demographics."""
    return _found(request, slug, "validation")


@router.get(
    "studies/{slug}/opportunities",
    response=dict[str, Any],
    **_declared("study:read", "opportunities", "opportunity_rankings", "priorities", "heatmap"),
)
def read_opportunities(request: Any, slug: Slug) -> dict[str, Any]:
    """Return what is served worst, by survey and by interviews, with intervals."""
    return _found(request, slug, "opportunities", "opportunity_rankings", "priorities", "heatmap")


@router.get(
    "studies/{slug}/customers", response=dict[str, Any], **_declared("study:read", "assignments")
)
def read_customers(request: Any, slug: Slug) -> dict[str, Any]:
    """Return how many customers each segment has; who is in which is in assignments.csv."""
    return _found(request, slug, "assignments")


@router.get("studies/{slug}/files", response=list[str], **needs("study:read"))
def list_files(request: Any, slug: Slug) -> list[str]:
    """List the files that can be downloaded."""
    study = figures_of(request, slug)
    return [name for name in _FILES if _path(study, name, request.language) is not None]


@router.get("studies/{slug}/files/{name}", **needs("study:read", binary=True))
def read_file(request: Any, slug: Slug, name: Line) -> FileResponse:
    """Return a table, ``results.json`` or the report, made from the study as it stands now."""
    study = figures_of(request, slug)
    path = _path(study, name, request.language) if name in _FILES else None
    if path is None:
        raise Http404
    made = FileResponse(path.open("rb"), as_attachment=True, filename=f"{study.slug}-{name}")
    made.headers["Content-Type"] = re.sub(r";.*", "", made.headers["Content-Type"])
    return made


@router.get("studies/{slug}/typing/{form}", **needs("study:read", binary=True))
def read_typing(request: Any, slug: Slug, form: TypingForm) -> HttpResponse:
    """Download the typing tool: a sheet to print, a scorer as data or as SQL."""
    study = figures_of(request, slug)
    found = findings(study, request.language)
    tool, segmentation, survey = found.typing, found.segmentation, found.survey
    if tool is None or segmentation is None or survey is None:
        raise Http404
    names = segment_names(segmentation, survey, found.card.language)
    if form is TypingForm.HTML:
        text, kind = typing_sheet(tool, names, found.card.language), "text/html"
    elif form is TypingForm.JSON:
        text = json.dumps(typing_data(tool, names), ensure_ascii=False, indent=2) + "\n"
        kind = "application/json"
    else:
        text, kind = to_sql(tool), "application/sql"
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{study.slug}-typing.{form.value}"'
    )
    return response


@router.get("studies/{slug}/steps", response=PlainShape, **needs("study:read"))
def read_steps(request: Any, slug: Slug) -> dict[str, Any]:
    """Read the material of messages, the funnel, the backlog and ideas."""
    study = figures_of(request, slug)
    return {"found": plain(findings(study, request.language).steps, request.language)}


@router.get("studies/{slug}/jobs/{int:id}/canvas", response=PlainShape, **needs("study:read"))
def read_canvas(request: Any, slug: Slug, id: Path[Number]) -> dict[str, Any]:  # noqa: A002
    """Read a job's canvas."""
    return _sheet(request, slug, id, jobs_canvas)


@router.get("studies/{slug}/jobs/{int:id}/empathy", response=PlainShape, **needs("study:read"))
def read_empathy(request: Any, slug: Slug, id: Path[Number]) -> dict[str, Any]:  # noqa: A002
    """Read a job's empathy map."""
    return _sheet(request, slug, id, empathy_map)


def _sheet(
    request: Any, slug: str, number: int, make: Callable[[Findings, Job], Any]
) -> dict[str, Any]:
    study = figures_of(request, slug)
    row = get_object_or_404(study.jobs.filter(current=True), pk=number)
    found = findings(study, request.language)
    jobs = found.job_map.jobs if found.job_map else ()
    job = next((item for item in jobs if item.id == row.key), None)
    if job is None:
        raise Http404
    return {"found": plain(make(found, job), request.language)}


def _path(study: Any, name: str, language: Any) -> Any:
    try:
        return written(study, name, language)
    except FileNotFoundError:
        return None
