"""Evidence: listed, read, proposed and decided about."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Status
from pydantic import Field

from embauche.vocabulary import EvidenceStatus, Facet, Language
from embauche.workbench.api.callers import needs, study_of
from embauche.workbench.api.lists import part_of, versioned
from embauche.workbench.api.routes import router
from embauche.workbench.api.rows import EVIDENCE_FIELDS, EVIDENCE_WITH, evidence_row
from embauche.workbench.api.shapes import (
    EvidenceShape,
    Given,
    Line,
    Number,
    Page,
    Paging,
    Slug,
    Words,
)
from embauche.workbench.models import Evidence, Study
from embauche.workbench.services.proposing import machine_name, propose_evidence
from embauche.workbench.services.visibility import as_seen, coding_blind, visible_evidence

TAG: Final = "evidence"
_PLACE: Final = ("source__position", "start", "end", "facet", "pk")


class Order(StrEnum):
    """In which order evidence is listed."""

    PLACE = "place"
    SURE = "sure"
    DOUBTFUL = "doubtful"


_ORDERS: Final = {
    Order.PLACE: _PLACE,
    Order.SURE: ("-confidence", *_PLACE),
    Order.DOUBTFUL: ("confidence", *_PLACE),
}


class Filters(Paging):
    """Which evidence."""

    facet: Facet | None = None
    status: EvidenceStatus | None = None
    language: Language | None = None
    participant: Line = Field("", description="api.note.participant")
    source: Number | None = Field(None, description="api.note.source")
    coder: Line = Field("", description="api.note.coder")
    job: Number | None = Field(None, description="api.note.job")
    words: Line = Field("", description="api.note.words")
    order: Order = Order.PLACE


class EvidenceGiven(Given):
    """Words of a participant, proposed as evidence."""

    source: Number
    quote: Words
    facet: Facet
    start: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = Field(
        None, description="api.note.start"
    )
    confidence: float = Field(0.5, ge=0, le=1)
    reason: Annotated[Words, Field(max_length=2000)] = ""


@router.get("studies/{slug}/evidence", response=Page[EvidenceShape], **needs("study:read"))
def list_evidence(
    request: Any, response: HttpResponse, slug: Slug, filters: Query[Filters]
) -> dict[str, Any]:
    """List evidence under filters, in the order of the sources by default."""
    study = study_of(request, slug)
    if coding_blind(study, request.auth.user):
        # What others decided, or where it belongs, must not be learned by asking for it.
        filters.status = filters.job = None
        filters.coder = ""
    rows = _filtered(visible_evidence(study, request.auth.user), filters)
    rows = rows.order_by(*_ORDERS[filters.order])
    return part_of(
        request, response, rows, filters, evidence_row, lambda part: seen(request, study, part)
    )


@router.get("studies/{slug}/evidence/{int:id}", response=EvidenceShape, **needs("study:read"))
def read_evidence(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    id: Path[Number],  # noqa: A002
) -> dict[str, Any]:
    """Return one piece of evidence."""
    study = study_of(request, slug)
    return versioned(response, _one(request, study, id))


@router.post(
    "studies/{slug}/evidence",
    response={201: EvidenceShape, 200: EvidenceShape},
    **needs("evidence:propose"),
)
def create_evidence(request: Any, response: HttpResponse, slug: Slug, given: EvidenceGiven) -> Any:
    """Propose evidence; 200 where it was there already."""
    study = study_of(request, slug)
    source = get_object_or_404(study.sources.filter(current=True).only("pk"), pk=given.source)
    token = request.auth.token
    coder = machine_name("api", token.name if token else request.auth.user.get_username())
    row, fresh = propose_evidence(
        source.pk,
        given.quote,
        given.facet,
        coder,
        request.auth.user,
        start=given.start,
        confidence=given.confidence,
        reason=given.reason,
    )
    # In a blind study whoever let it be proposed does not see it either.
    shown = evidence_row(Evidence.objects.select_related(*EVIDENCE_WITH).get(pk=row.pk))
    return Status(201 if fresh else 200, versioned(response, shown))


def seen(request: Any, study: Study, rows: QuerySet[Evidence]) -> list[Evidence]:
    """Return rows as the caller may see them, with what `evidence_row` reads."""
    found = rows.select_related(*EVIDENCE_WITH).only(*EVIDENCE_FIELDS, "coder__user", "study")
    return as_seen(found, study, request.auth.user)


def _one(request: Any, study: Study, number: int) -> dict[str, Any]:
    rows = visible_evidence(study, request.auth.user).filter(pk=number)
    found = seen(request, study, rows)
    if not found:
        raise Http404
    return evidence_row(found[0])


def _filtered(rows: QuerySet[Evidence], asked: Filters) -> QuerySet[Evidence]:
    plain = {
        "facet": asked.facet and asked.facet.value,
        "status": asked.status and asked.status.value,
        "language": asked.language and asked.language.value,
        "participant__key": asked.participant,
        "source": asked.source,
        "coder__name": asked.coder,
        "quote__icontains": asked.words,
    }
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if asked.job is not None:
        rows = rows.filter(Q(attachments__job=asked.job)).distinct()
    return rows
