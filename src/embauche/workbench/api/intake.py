"""Intake: new studies, files dropped and taken, texts, participants."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import File, Path, Query, Schema, Status, UploadedFile
from pydantic import Field

from embauche.errors import EmbaucheError
from embauche.vocabulary import Language
from embauche.workbench.api.callers import everywhere, needs, study_of
from embauche.workbench.api.lists import version_given, versioned
from embauche.workbench.api.plain import plain, told
from embauche.workbench.api.routes import router
from embauche.workbench.api.rows import participant_row, source_row, study_row
from embauche.workbench.api.shapes import (
    Given,
    Line,
    Number,
    ParticipantShape,
    Slug,
    SourceShape,
    StudyShape,
    Version,
    Words,
)
from embauche.workbench.models import Upload
from embauche.workbench.services import intake_participants as people
from embauche.workbench.services.intake_studies import create_study, delete_study
from embauche.workbench.services.intake_taking import Wish, take
from embauche.workbench.services.intake_uploads import leave, receive, reread, waiting
from embauche.workbench.services.replacing import remove_source

TAG: Final = "intake"
Kind = Literal[
    "interview", "reviews", "survey", "customers", "participants", "coding", "project", "unknown"
]
_Texts = Annotated[dict[Line, Line], Field(max_length=100)]


class StudyGiven(Given):
    """What a new study is about."""

    title: Annotated[Line, Field(min_length=1, max_length=200)]
    language: Language
    product: Annotated[Line, Field(max_length=200)] = ""
    question: Annotated[Words, Field(max_length=2000)] = ""


class KindGiven(Given):
    """What a person says that a file is."""

    kind: Kind


class TakenGiven(Given):
    """How one file is to be taken; what is left out is as it was recognised."""

    id: Number
    kind: Kind | None = None
    name: Line = ""
    interviewers: Annotated[list[Line], Field(max_length=20)] | None = None
    text: Line = Field("", description="api.note.text_column")
    participant: Line = Field("", description="api.note.author_column")
    hidden: Annotated[list[Line], Field(max_length=500)] = Field(
        default_factory=list, description="api.note.hidden"
    )
    replaces: Line = Field("", description="api.note.replaces")


class FilesGiven(Given):
    """Files to be taken."""

    files: Annotated[list[TakenGiven], Field(min_length=1, max_length=100)]


class InterviewGiven(Given):
    """An interview as text: ``Name: words``, a turn a paragraph."""

    name: Annotated[Line, Field(min_length=1, max_length=120)]
    text: Annotated[str, Field(min_length=1, max_length=1_000_000, pattern=r"^[^\x00]*$")]
    interviewers: Annotated[list[Line], Field(max_length=20)] | None = Field(
        None, description="api.note.interviewers"
    )


class ParticipantGiven(Given):
    """What is said of a participant; what is left out stays."""

    pseudonym: Annotated[Line, Field(min_length=1, max_length=200)] | None = None
    situation: _Texts = Field(default_factory=dict)
    demographics: _Texts = Field(default_factory=dict)
    version: Version = None


class UploadShape(Schema):
    """A file that waits, with what it would be taken for, or why it cannot be read."""

    id: int
    name: str
    size: int
    kind: str
    preview: dict[str, Any] | None
    error: dict[str, str] | None


class TakenShape(Schema):
    """What became of files."""

    names: list[str]
    failed: int
    source: int | None
    waiting: list[UploadShape]


@router.post("studies", response={201: StudyShape}, **needs("study:write"))
def new_study(request: Any, response: HttpResponse, given: StudyGiven) -> Any:
    """Make an empty study; the caller becomes its owner."""
    study = create_study(
        everywhere(request).user,
        title=given.title,
        product=given.product,
        language=given.language.value,
        question=given.question,
    )
    return Status(201, versioned(response, study_row(study)))


@router.delete("studies/{slug}", response={204: None}, **needs("team:admin"))
def drop_study(request: Any, slug: Slug, title: Annotated[Line, Query()]) -> Any:
    """Delete a study for good; its title confirms it."""
    delete_study(study_of(request, slug).pk, title, request.auth.user)
    return Status(204, None)


@router.get("studies/{slug}/uploads", response=list[UploadShape], **needs("study:read"))
def list_uploads(request: Any, slug: Slug) -> list[dict[str, Any]]:
    """List the files that wait to be taken."""
    return [_upload(request, row) for row in waiting(study_of(request, slug))]


@router.post("studies/{slug}/uploads", response={201: UploadShape}, **needs("study:write"))
def create_upload(request: Any, slug: Slug, file: File[UploadedFile]) -> Any:
    """Drop a file; it waits with what it would be taken for."""
    row = receive(study_of(request, slug).pk, file, request.auth.user)
    return Status(201, _upload(request, row))


@router.patch("studies/{slug}/uploads/{int:id}", response=UploadShape, **needs("study:write"))
def change_upload(request: Any, slug: Slug, id: Path[Number], given: KindGiven) -> Any:  # noqa: A002
    """Read a file that waits as what a person says that it is."""
    row = get_object_or_404(Upload, pk=id, study=study_of(request, slug))
    return _upload(request, reread(row.pk, given.kind, request.auth.user))


@router.delete("studies/{slug}/uploads/{int:id}", response={204: None}, **needs("study:write"))
def delete_upload(request: Any, slug: Slug, id: Path[Number]) -> Any:  # noqa: A002
    """Leave a file that waits: it is gone from the workspace."""
    study = study_of(request, slug)
    get_object_or_404(Upload, pk=id, study=study)
    leave(study.pk, [id], request.auth.user)
    return Status(204, None)


@router.post("studies/{slug}/uploads/take", response=TakenShape, **needs("study:write"))
def take_uploads(request: Any, slug: Slug, given: FilesGiven) -> dict[str, Any]:
    """Take files that wait into the study; one that fails stays, with the reason."""
    study = study_of(request, slug)
    kinds = {row.pk: row.kind for row in waiting(study)}
    wishes = {
        item.id: Wish(
            kind=item.kind or kinds.get(item.id) or "unknown",
            name=item.name,
            interviewers=None if item.interviewers is None else tuple(item.interviewers),
            text=item.text,
            participant=item.participant,
            hidden=frozenset(item.hidden),
            replaces=item.replaces,
        )
        for item in given.files
    }
    done = take(study.pk, wishes, request.auth.user)
    return {
        "names": list(done.names),
        "failed": done.failed,
        "source": done.source,
        "waiting": [_upload(request, row) for row in waiting(study)],
    }


@router.post("studies/{slug}/sources", response={201: SourceShape}, **needs("study:write"))
def create_source(request: Any, response: HttpResponse, slug: Slug, given: InterviewGiven) -> Any:
    """Take an interview from its text."""
    study, actor = study_of(request, slug), request.auth.user
    name = given.name if given.name.lower().endswith((".txt", ".md")) else f"{given.name}.txt"
    row = receive(study.pk, SimpleUploadedFile(name, given.text.encode()), actor)
    wish = Wish(
        kind="interview",
        name=name,
        interviewers=None if given.interviewers is None else tuple(given.interviewers),
    )
    done = take(study.pk, {row.pk: wish}, actor)
    if done.source is None:
        row.refresh_from_db()
        error = row.error or {"code": "api.malformed", "params": {}}
        leave(study.pk, [row.pk], actor)
        raise EmbaucheError(error["code"], **error["params"])
    found = source_row(study.sources.get(pk=done.source))
    return Status(201, versioned(response, found))


@router.delete(
    "studies/{slug}/sources/{int:id}",
    response={204: None},
    **needs("study:write", versioned=True),
)
def delete_source(
    request: Any,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    version: Annotated[Version, Query()] = None,
) -> Any:
    """Remove a source; what people coded in it is kept as history."""
    row = get_object_or_404(study_of(request, slug).sources.filter(current=True), pk=id)
    remove_source(row.pk, request.auth.user, version_given(request, version))
    return Status(204, None)


@router.patch(
    "studies/{slug}/participants/{int:id}",
    response=ParticipantShape,
    **needs("study:write", versioned=True),
)
def change_participant(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    given: ParticipantGiven,
) -> Any:
    """Name a participant otherwise, and say what is known of them."""
    study = study_of(request, slug)
    row = get_object_or_404(study.participants, pk=id)
    cells = {
        "name": given.pseudonym or row.pseudonym,
        "version": version_given(request, given.version),
        people.SITUATION: dict(given.situation),
        people.DEMOGRAPHICS: dict(given.demographics),
    }
    with transaction.atomic():
        people.save_grid(study.pk, {row.pk: cells}, request.auth.user)
    row.refresh_from_db()
    return versioned(response, participant_row(row))


def _upload(request: Any, row: Upload) -> dict[str, Any]:
    if row.pk is None:
        raise Http404
    return {
        "id": row.pk,
        "name": row.name,
        "size": row.size,
        "kind": row.kind,
        "preview": plain(row.preview, request.language) if row.preview else None,
        "error": told(row.error, request.language),
    }
