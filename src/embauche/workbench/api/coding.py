"""Coding by a person: decide, mark words, change what was marked, take back; memos."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Self

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Path, Schema, Status
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from embauche.vocabulary import EvidenceStatus, Facet, Moment
from embauche.workbench.api.callers import needs, study_of
from embauche.workbench.api.evidence import seen
from embauche.workbench.api.lists import version_given, versioned
from embauche.workbench.api.routes import router
from embauche.workbench.api.rows import evidence_row, job_row, source_row
from embauche.workbench.api.shapes import (
    EvidenceShape,
    Given,
    JobShape,
    Number,
    Slug,
    SourceShape,
    Version,
    Words,
)
from embauche.workbench.models import Study
from embauche.workbench.services import coding, history_undo
from embauche.workbench.services.evidence_history import RATED
from embauche.workbench.services.learning_aside import learn_soon
from embauche.workbench.services.memos import LONGEST, write_memo
from embauche.workbench.services.review import review_evidence, review_many, undo_review
from embauche.workbench.services.visibility import visible_evidence

TAG: Final = "coding"
_At = Annotated[int, Field(ge=0, le=2**31 - 1)]
_Level = Annotated[int, Field(ge=0, le=4)]


class DecisionGiven(Given):
    """A person's decision about a proposal."""

    decision: EvidenceStatus
    version: Version = None


class VersionGiven(Given):
    """The version that a change was made on."""

    version: Version = None


class Shown(Given):
    """A piece of evidence, and the version that the change was made on."""

    id: Number
    version: _At


_Many = Annotated[list[Shown], Field(max_length=200)]


class ManyGiven(Given):
    """One decision about many."""

    decision: EvidenceStatus
    evidence: _Many


class ChosenGiven(Given):
    """Many pieces of evidence."""

    evidence: _Many


class RecodeGiven(ChosenGiven):
    """Another facet for many."""

    facet: Facet


class SpanGiven(Given):
    """Where words begin and end, in code points; the quote is checked letter for letter."""

    start: _At
    end: _At
    quote: Words | None = None


class CodeGiven(SpanGiven):
    """Words of a participant that a person gives a facet."""

    source: Number
    facet: Facet
    sentences: bool = Field(
        default=False,
        description="api.note.sentences",
    )


class ChangeGiven(Given):
    """What changes of a piece of evidence: what is left out stays; null: it cannot be told."""

    facet: Facet = None  # type: ignore[assignment]
    start: _At = None  # type: ignore[assignment]
    end: _At = None  # type: ignore[assignment]
    quote: Words = None  # type: ignore[assignment]
    moment: Moment | None = None
    intensity: _Level | None = None
    dissatisfaction: _Level | None = None
    frequency: Annotated[float, Field(ge=0, le=100_000)] | None = Field(
        None, description="api.note.frequency"
    )
    memo: Annotated[Words, Field(max_length=LONGEST)] = None  # type: ignore[assignment]
    version: Version = None

    @model_validator(mode="after")
    def _whole_span(self) -> Self:
        """Refuse a span with one end."""
        if (self.start is None) is not (self.end is None):
            raise PydanticCustomError("span", "start and end")
        return self


class MemoGiven(Given):
    """A memo; an empty one takes it away."""

    text: Annotated[Words, Field(max_length=LONGEST)]
    version: Version = None


class ManyDecided(Schema):
    """How many were decided, and how many somebody else had changed meanwhile."""

    decided: int
    stale: int


class ManyChanged(Schema):
    """The evidence as it stands now, and how many somebody else had changed meanwhile."""

    evidence: list[EvidenceShape]
    stale: int


class StepShape(Schema):
    """What was taken back or brought back, and whose later work stood in the way."""

    act: str
    what: str
    n: int
    words: str
    facet: str
    kept: list[str]


_REVIEW: Final = needs("evidence:review", versioned=True)


@router.post(
    "studies/{slug}/evidence/{int:id}/review", response={200: EvidenceShape, 204: None}, **_REVIEW
)
def decide_evidence(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    given: DecisionGiven,
) -> Any:
    """Take a decision; the open proposals are ranked anew."""
    study = _holding(request, slug, id)
    version = version_given(request, given.version)
    review_evidence(id, given.decision, request.auth.user, version)
    return _after(request, response, study, id)


@router.post(
    "studies/{slug}/evidence/{int:id}/undo", response={200: EvidenceShape, 204: None}, **_REVIEW
)
def undo_evidence(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    given: VersionGiven,
) -> Any:
    """Take a decision of one's own back; can be repeated to the beginning."""
    study = _holding(request, slug, id)
    undo_review(id, request.auth.user, version_given(request, given.version))
    return _after(request, response, study, id)


@router.post("studies/{slug}/evidence/review", response=ManyDecided, **needs("evidence:review"))
def decide_many(request: Any, slug: Slug, given: ManyGiven) -> dict[str, int]:
    """Take one decision about up to 200; what somebody else changed meanwhile is left alone."""
    study = study_of(request, slug)
    pairs = _pairs(request, study, given.evidence)
    decided, stale = review_many(study, pairs, given.decision, request.auth.user)
    learn_soon(study)
    return {"decided": decided, "stale": stale}


@router.post(
    "studies/{slug}/evidence/code", response={201: EvidenceShape}, **needs("evidence:review")
)
def code_words(request: Any, response: HttpResponse, slug: Slug, given: CodeGiven) -> Any:
    """Code words as the caller; where they were proposed with the facet, that is accepted."""
    study = study_of(request, slug)
    source = get_object_or_404(study.sources.filter(current=True).only("pk"), pk=given.source)
    make = coding.code_sentences if given.sentences else coding.code
    span = (given.start, given.end)
    row = make(source.pk, span, given.facet, request.auth.user, given.quote)
    learn_soon(study)
    found = _shown(request, study, row.pk)
    return Status(201, versioned(response, found))


@router.post("studies/{slug}/evidence/recode", response=ManyChanged, **needs("evidence:review"))
def recode_many(request: Any, slug: Slug, given: RecodeGiven) -> dict[str, Any]:
    """Recode up to 200: what was chosen is refused, the same words get the new facet."""
    study = study_of(request, slug)
    pairs = _pairs(request, study, given.evidence)
    done = coding.recode(study.pk, pairs, given.facet, request.auth.user)
    learn_soon(study)
    rows = seen(
        request,
        study,
        visible_evidence(study, request.auth.user).filter(pk__in=[row.pk for row in done.rows]),
    )
    return {"evidence": [evidence_row(row) for row in rows], "stale": done.stale}


@router.post("studies/{slug}/evidence/remove", response=ManyDecided, **needs("evidence:review"))
def remove_many(request: Any, slug: Slug, given: ChosenGiven) -> dict[str, int]:
    """Take away up to 200: what the caller had added goes, all else they say no to."""
    study = study_of(request, slug)
    pairs = _pairs(request, study, given.evidence)
    done = coding.remove(study.pk, pairs, request.auth.user)
    learn_soon(study)
    return {"decided": len(done.rows), "stale": done.stale}


@router.patch("studies/{slug}/evidence/{int:id}", response=EvidenceShape, **_REVIEW)
def change_evidence(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    given: ChangeGiven,
) -> Any:
    """Change evidence, all in one act; with other words or another facet it is another row."""
    study = _holding(request, slug, id)
    version = version_given(request, given.version)
    values = given.dict(exclude_unset=True)
    row = coding.change_evidence(
        id,
        request.auth.user,
        version,
        facet=given.facet,
        span=(given.start, given.end) if "start" in values else None,
        quote=given.quote,
        rated={name: values[name] for name in RATED if name in values},
        memo=given.memo,
    )
    learn_soon(study)
    return versioned(response, _shown(request, study, row.pk))


@router.put("studies/{slug}/sources/{int:id}/memo", response=SourceShape, **_REVIEW)
def put_source_memo(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    given: MemoGiven,
) -> Any:
    """Write the memo of a source."""
    rows = study_of(request, slug).sources.filter(current=True)
    get_object_or_404(rows.only("pk"), pk=id)
    _note(request, "source", id, given)
    return versioned(response, source_row(rows.get(pk=id)))


@router.put("studies/{slug}/jobs/{int:id}/memo", response=JobShape, **_REVIEW)
def put_job_memo(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    given: MemoGiven,
) -> Any:
    """Write the memo of a job."""
    rows = study_of(request, slug).jobs.filter(current=True).select_related("worded_by")
    get_object_or_404(rows, pk=id)
    _note(request, "job", id, given)
    return versioned(response, job_row(rows.get(pk=id)))


@router.post("studies/{slug}/undo", response=StepShape, **needs("evidence:review"))
def undo_step(request: Any, slug: Slug) -> Any:
    """Take back what the caller did last, whatever it was; others' later work stays."""
    return _step(request, slug, history_undo.undo_latest)


@router.post("studies/{slug}/redo", response=StepShape, **needs("evidence:review"))
def redo_step(request: Any, slug: Slug) -> Any:
    """Bring back what the caller took back last."""
    return _step(request, slug, history_undo.redo_latest)


def _step(request: Any, slug: str, move: Any) -> Any:
    study = study_of(request, slug)
    step = move(study.pk, request.auth.user)
    if step is None:
        return {"act": "", "what": "nothing", "n": 0, "words": "", "facet": "", "kept": []}
    learn_soon(study)
    told = {name: getattr(step, name) for name in ("act", "what", "n", "words", "facet")}
    return {**told, "kept": list(step.kept_by)}


def _holding(request: Any, slug: str, number: int) -> Study:
    """Return the study, once the caller may see that evidence of it."""
    study = study_of(request, slug)
    get_object_or_404(visible_evidence(study, request.auth.user).only("pk"), pk=number)
    return study


def _pairs(request: Any, study: Study, chosen: list[Shown]) -> list[tuple[int, int]]:
    rows = visible_evidence(study, request.auth.user).filter(pk__in=[item.id for item in chosen])
    known = set(rows.values_list("pk", flat=True))
    return [(item.id, item.version) for item in chosen if item.id in known]


def _note(
    request: Any, of: Literal["evidence", "source", "job"], number: int, given: MemoGiven
) -> None:
    version = version_given(request, given.version)
    write_memo(of, number, given.text, request.auth.user, version)


def _after(request: Any, response: HttpResponse, study: Study, number: int) -> Any:
    """Learn from the decision, and return the row; nothing where the caller sees it no more."""
    learn_soon(study)
    rows = visible_evidence(study, request.auth.user).filter(pk=number)
    found = seen(request, study, rows)
    return versioned(response, evidence_row(found[0])) if found else Status(204, None)


def _shown(request: Any, study: Study, number: int) -> dict[str, Any]:
    rows = visible_evidence(study, request.auth.user).filter(pk=number)
    return evidence_row(seen(request, study, rows)[0])
