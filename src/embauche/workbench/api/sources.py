"""Sources and the people heard in them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Schema

from embauche.vocabulary import SourceKind
from embauche.workbench.api.callers import needs, study_of
from embauche.workbench.api.lists import part_of, versioned
from embauche.workbench.api.routes import router
from embauche.workbench.api.rows import SOURCE_LEFT, participant_row, source_row
from embauche.workbench.api.shapes import (
    Number,
    Page,
    Paging,
    ParticipantShape,
    Slug,
    SourceShape,
)

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


@router.get("studies/{slug}/sources", response=Page[SourceShape], summary="List the sources",
            **needs("study:read"))  # fmt: skip
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


@router.get("studies/{slug}/sources/{int:id}", response=SourceDetail,
            summary="Read a source: its text and turns", **needs("study:read"))  # fmt: skip
def read_source(
    request: Any, response: HttpResponse, slug: Slug, id: Path[Number]  # noqa: A002
) -> dict[str, Any]:  # fmt: skip
    """Return a source with its text."""
    row = get_object_or_404(study_of(request, slug).sources, pk=id)
    return versioned(response, {**source_row(row), "text": row.text, "turns": row.turns})


@router.get("studies/{slug}/participants", response=Page[ParticipantShape],
            summary="List the participants", **needs("study:read"))  # fmt: skip
def list_participants(
    request: Any, response: HttpResponse, slug: Slug, paging: Query[Paging]
) -> dict[str, Any]:
    """List the participants by pseudonym."""
    rows = study_of(request, slug).participants.order_by("position", "pk")
    return part_of(request, response, rows, paging, participant_row)
