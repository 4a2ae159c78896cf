"""Reading to the end, settling between coders, and what is wrong with a statement."""

from __future__ import annotations

from typing import Annotated, Any, Final

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Schema, Status
from pydantic import Field

from embauche.vocabulary import Facet, JobType, Language
from embauche.workbench.api.callers import needs, study_of
from embauche.workbench.api.plain import plain
from embauche.workbench.api.routes import router
from embauche.workbench.api.shapes import Given, Line, Number, Slug
from embauche.workbench.models import Source
from embauche.workbench.services.adjudication import settle, side_by_side
from embauche.workbench.services.blind_coding import mark_read
from embauche.workbench.services.guide import guide_of
from embauche.workbench.services.guide_asked import asked_in_interviews
from embauche.workbench.services.learning_aside import learn_soon
from embauche.workbench.services.linting import linted
from embauche.workbench.services.roles import require

TAG: Final = "settling"
_At = Annotated[int, Field(ge=0, le=2**31 - 1)]
_Facets = Annotated[list[Facet], Field(max_length=12)]


class ReadGiven(Given):
    """Whether one has read a source to its end."""

    read: bool


class SettledGiven(Given):
    """A sentence, the facets that were in dispute, and those of them that hold."""

    start: _At
    end: _At
    disputed: _Facets
    kept: _Facets


class StatementAsked(Given):
    """A statement to be looked at."""

    statement: Annotated[Line, Field(max_length=300)]
    language: Language
    type: JobType = JobType.FUNCTIONAL


class DifferencesShape(Schema):
    """Two people's coding of a source, side by side."""

    people: list[str]
    pair: list[str]
    differences: list[dict[str, Any]]
    alike: int
    settled: int


class FaultsShape(Schema):
    """What is wrong with a statement; nothing where it is well made."""

    faults: list[dict[str, Any]]


class AskedShape(Schema):
    """Which questions of the guide were asked in which interview."""

    asked: dict[str, Any]


@router.put(
    "studies/{slug}/sources/{int:id}/read", response={204: None}, **needs("evidence:review")
)
def put_read(request: Any, slug: Slug, id: Path[Number], given: ReadGiven) -> Any:  # noqa: A002
    """Say that one has read a source to its end: what one left uncoded there is a no."""
    mark_read(_source(request, slug, id).pk, given.read, request.auth.user)
    return Status(204, None)


@router.get(
    "studies/{slug}/sources/{int:id}/differences", response=DifferencesShape, **needs("study:read")
)
def read_differences(
    request: Any,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    coder: Annotated[list[Line], Query(max_length=2)] = [],  # noqa: B006
) -> dict[str, Any]:
    """Read where two people coded a source differently; editors and owners only."""
    row = _source(request, slug, id)
    require(request.auth.user, row.study, "editor", archived=True)
    shown: dict[str, Any] = plain(
        side_by_side(row, request.auth.user, list(coder)), request.language
    )
    return shown


@router.post(
    "studies/{slug}/sources/{int:id}/differences", response={204: None}, **needs("evidence:review")
)
def settle_difference(request: Any, slug: Slug, id: Path[Number], given: SettledGiven) -> Any:  # noqa: A002
    """Settle what people disagree on about a sentence; editors and owners only."""
    row = _source(request, slug, id)
    require(request.auth.user, row.study, "editor")
    try:
        with transaction.atomic():
            span = (given.start, given.end)
            settle(row.pk, span, given.disputed, given.kept, request.auth.user)
    except ValueError as error:
        raise Http404 from error
    learn_soon(row.study)
    return Status(204, None)


@router.post("studies/{slug}/statements/check", response=FaultsShape, **needs("study:read"))
def check_statement(request: Any, slug: Slug, given: StatementAsked) -> dict[str, Any]:
    """Say what is wrong with a job's statement, before it is kept."""
    study = study_of(request, slug)
    found = linted(study, given.statement, given.type.value, given.language)
    return {"faults": plain(found, request.language)}


@router.get("studies/{slug}/guide/asked", response=AskedShape, **needs("study:read"))
def read_asked(request: Any, slug: Slug) -> dict[str, Any]:
    """Read which questions of the guide were asked in which interview."""
    study = study_of(request, slug)
    held = guide_of(study)
    if held is None:
        raise Http404
    return {"asked": plain(asked_in_interviews(study, held[0]), request.language)}


def _source(request: Any, slug: str, number: int) -> Source:
    study = study_of(request, slug)
    found: Source = get_object_or_404(study.sources.filter(current=True), pk=number)
    found.study = study
    return found
