"""Jobs: the map, what people do to it, the matrix, and links to what a survey asks."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Schema
from pydantic import Field

from embauche.errors import StudyError
from embauche.vocabulary import Facet, JobType, Language
from embauche.workbench.api.callers import figures_of, needs
from embauche.workbench.api.lists import part_of, version_given, versioned
from embauche.workbench.api.routes import router
from embauche.workbench.api.rows import job_row
from embauche.workbench.api.shapes import (
    Given,
    JobShape,
    Line,
    Number,
    Page,
    Paging,
    Slug,
    Version,
    Words,
)
from embauche.workbench.models import Job, JobEvidence, NeedLink, Study
from embauche.workbench.services.inputs import decisions_in, study_folder
from embauche.workbench.services.job_operations import (
    history,
    named_operation,
    operate,
    redo,
    undo,
)
from embauche.workbench.services.jobs_view import job_rows, need_rows
from embauche.workbench.services.matrix_view import Filters, matrix_of
from embauche.workbench.services.proposal_lines import suggestions
from embauche.workbench.services.proposing import machine_name, suggest_statement
from embauche.workbench.services.wording import confirm_link, rename_job

TAG: Final = "jobs"


class AttachmentShape(Schema):
    """A piece of evidence in a cell of a job."""

    evidence: int
    key: str
    facet: Facet
    position: int
    similarity: float
    proximity: float


class SuggestionShape(Schema):
    """A statement that a program proposes; it stands once a person takes it."""

    language: Language
    statement: str
    coder: str
    reason: str
    at: str


class JobDetail(JobShape):
    """A job with its evidence and what programs propose to call it."""

    evidence: list[AttachmentShape]
    suggestions: list[SuggestionShape]


class StatementGiven(Given):
    """A person's wording of a job."""

    statement: Words
    language: Language
    version: Version = None


class SuggestionGiven(Given):
    """A program's wording of a job."""

    statement: Words
    language: Language
    reason: Annotated[Words, Field(max_length=2000)] = ""


class Operation(StrEnum):
    """What can be done to jobs."""

    MERGE = "merge"
    MOVE = "move"
    SPLIT = "split"
    RENAME = "rename"
    RETYPE = "retype"
    PARENT = "parent"
    DELETE = "delete"
    UNDELETE = "undelete"


class OperationGiven(Given):
    """What to do to jobs; jobs and evidence are named by their keys."""

    op: Operation
    job: Line = ""
    other: Line = Field("", description="api.note.other")
    evidence: Annotated[list[Line], Field(max_length=500)] = []
    statement: Words = ""
    language: Language | None = None
    type: JobType | None = None
    version: Version = Field(None, description="api.note.rename_version")


class UndoGiven(Given):
    """Which operation to take back: the latest that stands, or a named one."""

    entry: Line | None = None


class DoneShape(Schema):
    """One operation of the history."""

    id: str
    op: str
    coder: str
    at: str
    stands: bool
    fields: dict[str, Any]


class Counted(Schema):
    """Whom and what the matrix counts."""

    participant: Line = Field("", description="api.note.participant")
    language: Language | None = None
    segment: Line = Field("", description="api.note.segment")
    situation: Annotated[list[Line], Field(max_length=10)] = Field(
        default_factory=list, description="api.note.situation"
    )


class CellShape(Schema):
    """One cell of the matrix."""

    key: str
    participants: int
    quotes: int
    unreviewed: int
    quote: str


class MatrixRowShape(Schema):
    """One job of the matrix."""

    job: int
    key: str
    number: str
    type: str
    statement: str
    participants: int
    of: int
    share: float
    low: float | None
    high: float | None
    cells: list[CellShape]


class NeedShape(Schema):
    """A need that the survey asks about, and the job that it is taken to belong to."""

    need: str
    wording: str
    job: int | None
    similarity: float
    confirmed: bool


class LinkGiven(Given):
    """Which job a survey's need belongs to; none with null."""

    need: Line
    job: Number | None


@router.get("studies/{slug}/jobs", response=Page[JobShape], **needs("study:read"))
def list_jobs(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    paging: Query[Paging],
    type: JobType | None = None,  # noqa: A002
) -> dict[str, Any]:
    """List the jobs of the latest analysis, most participants first."""
    study = figures_of(request, slug)
    rows = study.jobs.filter(current=True).select_related("worded_by").order_by("position", "pk")
    if type is not None:
        rows = rows.filter(type=type.value)
    return part_of(request, response, rows, paging, job_row)


@router.get("studies/{slug}/jobs/operations", response=Page[DoneShape], **needs("study:read"))
def list_operations(
    request: Any, response: HttpResponse, slug: Slug, paging: Query[Paging]
) -> dict[str, Any]:
    """List all operations, the latest first, those taken back included."""
    done, _ = history(figures_of(request, slug))
    return part_of(request, response, done, paging, _done)


@router.post("studies/{slug}/jobs/operations", response={201: DoneShape}, **needs("jobs:write"))
def create_operation(request: Any, slug: Slug, given: OperationGiven) -> dict[str, Any]:
    """Do something to jobs; the next analysis carries it out."""
    study = figures_of(request, slug)
    fields = {
        "job": given.job,
        "other": given.other,
        "statement": given.statement,
        "type": given.type.value if given.type else "",
    }
    language = given.language or study.language
    make = named_operation(given.op.value, fields, list(given.evidence), language)
    if make is None:
        raise StudyError("api.no_operation", op=given.op.value)
    entry = operate(study.pk, make, request.auth.user, given.version)
    return _entry(study, entry.id)


@router.post(
    "studies/{slug}/jobs/operations/undo", response={201: DoneShape}, **needs("jobs:write")
)
def undo_operation(request: Any, slug: Slug, given: UndoGiven) -> dict[str, Any]:
    """Take back the latest operation that stands, or a named one."""
    study = figures_of(request, slug)
    return _entry(study, undo(study.pk, request.auth.user, given.entry).id)


@router.post(
    "studies/{slug}/jobs/operations/redo", response={201: DoneShape}, **needs("jobs:write")
)
def redo_operation(request: Any, slug: Slug) -> dict[str, Any]:
    """Bring back what was undone last."""
    study = figures_of(request, slug)
    return _entry(study, redo(study.pk, request.auth.user).id)


@router.get("studies/{slug}/jobs/{int:id}", response=JobDetail, **needs("study:read"))
def read_job(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    id: Path[Number],  # noqa: A002
) -> dict[str, Any]:
    """Return a job, what is attached to it, and what programs propose to call it."""
    study = figures_of(request, slug)
    return versioned(response, _detail(study, _job(study, id)))


@router.put(
    "studies/{slug}/jobs/{int:id}/statement",
    response=JobDetail,
    **needs("jobs:write", versioned=True),
)
def put_statement(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    given: StatementGiven,
) -> dict[str, Any]:
    """Give a job a person's wording in one language; that also confirms it."""
    study = figures_of(request, slug)
    job = _job(study, id)
    version = version_given(request, given.version)
    rename_job(job.pk, given.statement, given.language, request.auth.user, version)
    return versioned(response, _detail(study, _job(study, id)))


@router.post(
    "studies/{slug}/jobs/{int:id}/suggestions",
    response={201: SuggestionShape},
    **needs("evidence:propose"),
)
def create_suggestion(
    request: Any,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    given: SuggestionGiven,
) -> Any:
    """Propose a wording; the job keeps its own until a person takes it."""
    study = figures_of(request, slug)
    token = request.auth.token
    coder = machine_name("api", token.name if token else request.auth.user.get_username())
    return suggest_statement(
        _job(study, id).pk,
        given.statement,
        given.language,
        coder,
        request.auth.user,
        given.reason,
    )


@router.get("studies/{slug}/matrix", response=list[MatrixRowShape], **needs("study:read"))
def read_matrix(request: Any, slug: Slug, asked: Query[Counted]) -> list[dict[str, Any]]:
    """Return the matrix: a job a row, a facet a cell."""
    study = figures_of(request, slug)
    pairs = (item.partition("=") for item in asked.situation)
    filters = Filters(
        participant=asked.participant,
        language=asked.language.value if asked.language else "",
        segment=asked.segment,
        situation={name: answer for name, _, answer in pairs if answer},
    )
    cells = matrix_of(study, filters).cells
    names = ("key", "number", "type", "statement", "participants", "of", "share", "low", "high")
    shown = ("key", "participants", "quotes", "unreviewed", "quote")
    return [
        {
            "job": row.pk,
            **{name: getattr(row, name) for name in names},
            "cells": [{name: getattr(cell, name) for name in shown} for cell in cells[row.pk]],
        }
        for row in job_rows(study, request.language)
        if row.pk in cells
    ]


@router.get("studies/{slug}/links", response=list[NeedShape], **needs("study:read"))
def list_links(request: Any, slug: Slug) -> list[Any]:
    """List the needs that the survey asks about with the job of each."""
    study = figures_of(request, slug)
    return list(need_rows(study))


@router.put("studies/{slug}/links", response=list[NeedShape], **needs("jobs:write"))
def put_link(request: Any, slug: Slug, given: LinkGiven) -> list[Any]:
    """Confirm a link, or that a need belongs to no job."""
    study = figures_of(request, slug)
    known = need_rows(study)
    held = NeedLink.objects.filter(study=study, need=given.need).exists()
    if not held and given.need not in {row.need for row in known}:
        raise StudyError("api.no_need", need=given.need[:80])
    job = _job(study, given.job).pk if given.job is not None else None
    confirm_link(study.pk, given.need, job, request.auth.user)
    study.refresh_from_db()
    return list(need_rows(study))


def _job(study: Study, number: int) -> Job:
    rows = study.jobs.filter(current=True).select_related("worded_by")
    found: Job = get_object_or_404(rows, pk=number)
    return found


def _detail(study: Study, job: Job) -> dict[str, Any]:
    names = ("evidence_id", "evidence__key", "facet", "position", "similarity", "proximity")
    rows = JobEvidence.objects.filter(job=job).order_by("facet", "position", "pk")
    keys = ("evidence", "key", "facet", "position", "similarity", "proximity")
    return {
        **job_row(job),
        "evidence": [dict(zip(keys, row, strict=True)) for row in rows.values_list(*names)],
        "suggestions": suggestions(study, decisions_in(study_folder(study))).get(job.key, []),
    }


def _entry(study: Study, entry: str) -> dict[str, Any]:
    done, _ = history(study)
    return _done(next(item for item in done if item.entry.id == entry))


def _done(item: Any) -> dict[str, Any]:
    line = dict(item.line)
    fields = {
        key: value for key, value in line.items() if key not in {"kind", "op", "id", "coder", "at"}
    }
    return {
        "id": item.entry.id,
        "op": line["op"],
        "coder": item.entry.coder,
        "at": item.entry.at,
        "stands": item.stands,
        "fields": fields,
    }
