"""Sources and the people heard in them."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Schema
from pydantic import Field

from embauche.vocabulary import Facet, SourceKind
from embauche.workbench.api.callers import needs, study_of
from embauche.workbench.api.lists import part_of, versioned
from embauche.workbench.api.routes import router
from embauche.workbench.api.rows import SOURCE_LEFT, participant_row, source_row
from embauche.workbench.api.shapes import (
    Line,
    Number,
    Page,
    Paging,
    ParticipantShape,
    Slug,
    SourceShape,
)
from embauche.workbench.services.search import Hit, search

TAG: Final = "sources"


class TurnShape(Schema):
    """One turn: who speaks, from where to where in the text."""

    index: int
    speaker: str | None
    role: str
    participant: str | None
    start: int
    end: int
    begins_at: float | None


class SourceDetail(SourceShape):
    """A source with its text; positions are Unicode code points."""

    text: str
    turns: list[TurnShape]


class Asked(Paging):
    """What is looked for, and where."""

    words: Annotated[Line, Field(min_length=1)]
    facet: Facet | Literal["none"] | None = None
    participant: Line = ""
    kind: SourceKind | None = None
    who: Literal["participants", "interviewers"] | None = None


class PartShape(Schema):
    """Words of a sentence, and whether they are what was looked for."""

    text: str
    found: bool


class MarkShape(Schema):
    """What a sentence was coded with."""

    id: int
    facet: str


class HitShape(Schema):
    """A sentence that holds all that was looked for."""

    source: int
    source_name: str
    participant: str
    interviewer: bool
    start: int
    end: int
    parts: list[PartShape]
    before: str
    after: str
    evidence: list[MarkShape]


class FoundShape(Schema):
    """What a search found; ``cut`` where more was found than is counted."""

    items: list[HitShape]
    total: int
    sources: int
    cut: bool


@router.get("studies/{slug}/sources", response=Page[SourceShape], **needs("study:read"))
def list_sources(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    paging: Query[Paging],
    kind: SourceKind | None = None,
) -> dict[str, Any]:
    """List the sources in their order."""
    study = study_of(request, slug)
    rows = study.sources.filter(current=True).defer(*SOURCE_LEFT).order_by("position", "pk")
    if kind is not None:
        rows = rows.filter(kind=kind.value)
    return part_of(request, response, rows, paging, source_row)


@router.get("studies/{slug}/sources/{int:id}", response=SourceDetail, **needs("study:read"))
def read_source(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    id: Path[Number],  # noqa: A002
) -> dict[str, Any]:
    """Return a source with its text."""
    row = get_object_or_404(study_of(request, slug).sources, pk=id)
    return versioned(response, {**source_row(row), "text": row.text, "turns": row.turns})


@router.get("studies/{slug}/participants", response=Page[ParticipantShape], **needs("study:read"))
def list_participants(
    request: Any, response: HttpResponse, slug: Slug, paging: Query[Paging]
) -> dict[str, Any]:
    """List the participants by pseudonym."""
    rows = study_of(request, slug).participants.order_by("position", "pk")
    return part_of(request, response, rows, paging, participant_row)


@router.get("studies/{slug}/search", response=FoundShape, **needs("study:read"))
def search_words(request: Any, slug: Slug, asked: Query[Asked]) -> dict[str, Any]:
    """Find sentences in all sources: words in all their forms, phrases in quotation marks."""
    found = search(
        study_of(request, slug),
        request.auth.user,
        asked.words,
        facet=str(asked.facet or ""),
        participant=asked.participant,
        kind=asked.kind.value if asked.kind else "",
        who=asked.who or "",
        begin=asked.offset,
        most=asked.limit,
    )
    return {
        "total": found.n,
        "sources": found.sources,
        "cut": found.cut,
        "items": [_hit(item) for item in found.hits],
    }


def _hit(item: Hit) -> dict[str, Any]:
    names = (
        "source",
        "source_name",
        "participant",
        "interviewer",
        "start",
        "end",
        "before",
        "after",
    )
    return {
        **{name: getattr(item, name) for name in names},
        "parts": [{"text": text, "found": here} for text, here in item.parts],
        "evidence": [{"id": row.pk, "facet": row.facet} for row in item.evidence],
    }
