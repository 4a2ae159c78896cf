"""Evidence: listed, read, proposed and decided about."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Path, Query, Router, Schema
from pydantic import Field

from embauche.vocabulary import EvidenceStatus, Facet, Language
from embauche.workbench.api.callers import needs, study_of
from embauche.workbench.api.lists import part_of, version_given, versioned
from embauche.workbench.api.rows import EVIDENCE_FIELDS, EVIDENCE_WITH, evidence_row
from embauche.workbench.api.shapes import (
    EvidenceShape,
    Given,
    Line,
    Number,
    Page,
    Paging,
    Slug,
    Version,
    Words,
)
from embauche.workbench.models import Evidence, Study, User
from embauche.workbench.services.proposing import machine_name, propose_evidence
from embauche.workbench.services.relearning import relearn
from embauche.workbench.services.review import review_evidence, review_many, undo_review

TAG: Final = "evidence"
router = Router()
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
    participant: Line = Field("", description="Key of a participant.")
    source: Number | None = Field(None, description="Number of a source.")
    coder: Line = Field("", description="Name of who coded, as shown.")
    job: Number | None = Field(None, description="Number of a job that it is attached to.")
    words: Line = Field("", description="Words that the quote holds.")
    order: Order = Order.PLACE


class EvidenceGiven(Given):
    """Words of a participant, proposed as evidence."""

    source: Number
    quote: Words
    facet: Facet
    start: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = Field(
        None, description="Where the quote begins, in code points; for words said several times."
    )
    confidence: float = Field(0.5, ge=0, le=1)
    reason: Annotated[Words, Field(max_length=2000)] = ""


class DecisionGiven(Given):
    """A person's decision about a proposal."""

    decision: EvidenceStatus
    version: Version = None


class VersionGiven(Given):
    """The version that a change was made on."""

    version: Version = None


class Shown(Given):
    """A piece of evidence, and the version that the decision was taken on."""

    id: Number
    version: Annotated[int, Field(ge=0, le=2**31 - 1)]


class ManyGiven(Given):
    """One decision about many."""

    decision: EvidenceStatus
    evidence: Annotated[list[Shown], Field(max_length=200)]


class ManyDecided(Schema):
    """How many were decided, and how many somebody else had decided about meanwhile."""

    decided: int
    stale: int


@router.get("studies/{slug}/evidence", response=Page[EvidenceShape], summary="List evidence",
            **needs("study:read"))  # fmt: skip
def list_evidence(
    request: Any, response: HttpResponse, slug: Slug, filters: Query[Filters]
) -> dict[str, Any]:
    """List evidence under filters, in the order of the sources by default."""
    study = study_of(request, slug)
    rows = _filtered(shown_to(request.auth.user, study), filters)
    rows = rows.select_related(*EVIDENCE_WITH).only(*EVIDENCE_FIELDS)
    rows = rows.order_by(*_ORDERS[filters.order])
    return part_of(request, response, rows, filters, evidence_row)


@router.get("studies/{slug}/evidence/{int:id}", response=EvidenceShape, summary="Read a piece",
            **needs("study:read"))  # fmt: skip
def read_evidence(
    request: Any, response: HttpResponse, slug: Slug, id: Path[Number]  # noqa: A002
) -> dict[str, Any]:  # fmt: skip
    """Return one piece of evidence."""
    return versioned(response, evidence_row(_one(request, slug, id)))


@router.post("studies/{slug}/evidence", response={201: EvidenceShape, 200: EvidenceShape},
             summary="Propose a participant's exact words",
             **needs("evidence:propose"))  # fmt: skip
def create_evidence(request: Any, response: HttpResponse, slug: Slug, given: EvidenceGiven) -> Any:
    """Propose evidence; 200 where it was there already."""
    from ninja import Status

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
    shown = versioned(response, evidence_row(_one(request, slug, row.pk)))
    return Status(201 if fresh else 200, shown)


@router.post("studies/{slug}/evidence/{int:id}/review", response=EvidenceShape,
             summary="Accept, reject or put back", **needs("evidence:review"))  # fmt: skip
def decide_evidence(
    request: Any, response: HttpResponse, slug: Slug, id: Path[Number],  # noqa: A002
    given: DecisionGiven,
) -> dict[str, Any]:  # fmt: skip
    """Take a decision; the open proposals are ranked anew."""
    row = _one(request, slug, id)
    version = version_given(request, given.version)
    review_evidence(row.pk, given.decision, request.auth.user, version)
    relearn(row.study)
    return versioned(response, evidence_row(_one(request, slug, id)))


@router.post("studies/{slug}/evidence/{int:id}/undo", response=EvidenceShape,
             summary="Take the latest decision back", **needs("evidence:review"))  # fmt: skip
def undo_evidence(
    request: Any, response: HttpResponse, slug: Slug, id: Path[Number],  # noqa: A002
    given: VersionGiven,
) -> dict[str, Any]:  # fmt: skip
    """Take a decision back; can be repeated to the beginning."""
    row = _one(request, slug, id)
    undo_review(row.pk, request.auth.user, version_given(request, given.version))
    relearn(row.study)
    return versioned(response, evidence_row(_one(request, slug, id)))


@router.post("studies/{slug}/evidence/review", response=ManyDecided,
             summary="Decide about many at once", **needs("evidence:review"))  # fmt: skip
def decide_many(request: Any, slug: Slug, given: ManyGiven) -> dict[str, int]:
    """Take one decision about up to 200; what somebody else changed meanwhile is left alone."""
    study = study_of(request, slug)
    seen = shown_to(request.auth.user, study).filter(pk__in=[item.id for item in given.evidence])
    open_ids = set(seen.values_list("pk", flat=True))
    pairs = [(item.id, item.version) for item in given.evidence if item.id in open_ids]
    decided, stale = review_many(study, pairs, given.decision, request.auth.user)
    relearn(study)
    return {"decided": decided, "stale": stale}


def shown_to(actor: User, study: Study) -> QuerySet[Evidence]:
    """Return the evidence that a person may see."""
    _ = actor
    return study.evidence.filter(current=True, withdrawn=False)


def _one(request: Any, slug: str, number: int) -> Evidence:
    study = study_of(request, slug)
    rows = shown_to(request.auth.user, study).select_related(*EVIDENCE_WITH, "study")
    found: Evidence = get_object_or_404(
        rows.defer("source__text", "source__turns", "source__sentences"), pk=number
    )
    return found


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
