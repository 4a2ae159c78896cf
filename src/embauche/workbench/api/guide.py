"""The interview guide: made from a few answers, edited, printed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

from django.http import Http404, HttpResponse
from ninja import Schema
from pydantic import Field

from embauche.collect import GuideBrief, GuideQuestion
from embauche.collect.guide_editing import LISTS, TEXTS
from embauche.present.guide_files import FORMATS, MEDIA_TYPES, guide_file
from embauche.vocabulary import Facet, Language, Moment
from embauche.workbench.api.callers import needs, study_of
from embauche.workbench.api.plain import plain
from embauche.workbench.api.routes import router
from embauche.workbench.api.shapes import Given, Line, Slug, Version, Words
from embauche.workbench.services import guide as service
from embauche.workbench.services.roles import require

TAG: Final = "guide"
Form = StrEnum("Form", {name.upper(): name for name in FORMATS})  # type: ignore[misc]
TextName = StrEnum("TextName", {name.upper(): name for name in (*TEXTS, *LISTS)})  # type: ignore[misc]
_Seen = Annotated[Line, Field(max_length=64, description="api.note.seen")]
Key = Annotated[Line, Field(max_length=80)]


class BriefGiven(Given):
    """What a guide is made from."""

    product: Annotated[Line, Field(max_length=200)]
    language: Language
    situation: Annotated[Line, Field(max_length=400)] = ""
    audience: Annotated[Line, Field(max_length=400)] = ""
    minutes: Annotated[int, Field(ge=1, le=600)] = 45
    organisation: Annotated[Line, Field(max_length=200)] = ""
    contact: Annotated[Line, Field(max_length=200)] = ""
    months: Annotated[int, Field(ge=1, le=600)] = 12
    version: Version = Field(None, description="api.note.guide_version")


class QuestionGiven(Given):
    """A person's wording of a question."""

    text: Annotated[Words, Field(max_length=2000)]
    facet: Facet | None = None
    moment: Moment | None = None
    follow_ups: Annotated[list[Line], Field(max_length=30)] = []
    note: Annotated[Words, Field(max_length=2000)] = ""
    essential: bool = False
    seen: _Seen


class NewQuestion(Given):
    """A question of one's own, at the end of a part."""

    part: Key
    text: Annotated[Words, Field(max_length=2000)]
    facet: Facet | None = None
    moment: Moment | None = None


class PlaceGiven(Given):
    """Where a question goes."""

    part: Key
    at: Annotated[int, Field(ge=0, le=1000)]


class PartGiven(Given):
    """A part's title, intent and minutes."""

    title: Annotated[Line, Field(max_length=200)]
    intent: Annotated[Words, Field(max_length=1000)] = ""
    minutes: Annotated[int, Field(ge=0, le=600)]
    seen: _Seen


class TextGiven(Given):
    """The words of a text, or of a list, a line an entry."""

    text: Words
    seen: _Seen


class GuideShape(Schema):
    """The guide; every part, question and text has the mark ``seen`` that a change names."""

    version: int
    brief: dict[str, Any]
    parts: list[dict[str, Any]]
    texts: dict[str, dict[str, Any]]
    minutes: int


@router.get("studies/{slug}/guide", response=GuideShape, **needs("study:read"))
def read_guide(request: Any, slug: Slug) -> dict[str, Any]:
    """Read the interview guide."""
    return _guide(request, slug)


@router.put("studies/{slug}/guide", response=GuideShape, **needs("study:write", versioned=True))
def put_guide(request: Any, slug: Slug, given: BriefGiven) -> dict[str, Any]:
    """Make the guide, or fit the one that there is to another brief."""
    study = study_of(request, slug)
    brief = GuideBrief(**given.dict(exclude={"version"}))
    service.make_guide(study.pk, brief, request.auth.user, given.version)
    return _guide(request, slug)


@router.post("studies/{slug}/guide/questions", response={201: GuideShape}, **needs("study:write"))
def create_question(request: Any, slug: Slug, given: NewQuestion) -> Any:
    """Add a question of one's own."""
    study = _held(request, slug)
    service.put_question(
        study.pk, given.part, given.text, request.auth.user, facet=given.facet, moment=given.moment
    )
    return _guide(request, slug)


@router.put(
    "studies/{slug}/guide/questions/{question}",
    response=GuideShape,
    **needs("study:write", versioned=True),
)
def put_question(request: Any, slug: Slug, question: Key, given: QuestionGiven) -> Any:
    """Keep a person's wording of a question."""
    study = _held(request, slug)
    worded = GuideQuestion(
        id=question,
        text=given.text,
        facet=given.facet,
        moment=given.moment,
        follow_ups=tuple(given.follow_ups),
        note=given.note,
        essential=given.essential,
    )
    service.save_question(study.pk, worded, request.auth.user, given.seen)
    return _guide(request, slug)


@router.delete(
    "studies/{slug}/guide/questions/{question}",
    response=GuideShape,
    **needs("study:write", versioned=True),
)
def delete_question(request: Any, slug: Slug, question: Key, seen: _Seen) -> Any:
    """Take a question out; undo brings it back."""
    service.drop_question(_held(request, slug).pk, question, request.auth.user, seen)
    return _guide(request, slug)


@router.post(
    "studies/{slug}/guide/questions/{question}/place", response=GuideShape, **needs("study:write")
)
def place_question(request: Any, slug: Slug, question: Key, given: PlaceGiven) -> Any:
    """Put a question at another place."""
    study = _held(request, slug)
    service.place(study.pk, question, given.part, given.at, request.auth.user)
    return _guide(request, slug)


@router.put(
    "studies/{slug}/guide/parts/{part}", response=GuideShape, **needs("study:write", versioned=True)
)
def put_part(request: Any, slug: Slug, part: Key, given: PartGiven) -> Any:
    """Keep a part's title, intent and minutes."""
    study = _held(request, slug)
    values = given.dict(exclude={"seen"})
    service.save_part(study.pk, part, request.auth.user, given.seen, **values)
    return _guide(request, slug)


@router.put(
    "studies/{slug}/guide/texts/{name}", response=GuideShape, **needs("study:write", versioned=True)
)
def put_text(request: Any, slug: Slug, name: TextName, given: TextGiven) -> Any:
    """Keep the words of the welcome, the thanks, the consent text or a list of notes."""
    study = _held(request, slug)
    service.save_text(study.pk, name.value, given.text, request.auth.user, given.seen)
    return _guide(request, slug)


@router.post("studies/{slug}/guide/undo", response=GuideShape, **needs("study:write"))
def undo_guide(request: Any, slug: Slug) -> Any:
    """Take back the latest change of the guide."""
    service.undo(_held(request, slug).pk, request.auth.user)
    return _guide(request, slug)


@router.get("studies/{slug}/guide/files/{form}", **needs("study:read", binary=True))
def read_guide_file(request: Any, slug: Slug, form: Form) -> HttpResponse:
    """Download the guide as a file."""
    held = service.guide_of(study_of(request, slug))
    if held is None:
        raise Http404
    response = HttpResponse(guide_file(held[0], form.value), content_type=MEDIA_TYPES[form.value])
    name = f'attachment; filename="{slug}-guide.{form.value}"'
    response.headers["Content-Disposition"] = name
    return response


def _held(request: Any, slug: str) -> Any:
    """Return a study that has a guide which the caller may change."""
    study = study_of(request, slug)
    require(request.auth.user, study, "editor")
    if service.guide_of(study) is None:
        raise Http404
    return study


def _guide(request: Any, slug: str) -> dict[str, Any]:
    held = service.guide_of(study_of(request, slug))
    if held is None:
        raise Http404
    guide, row = held
    parts = []
    for part in guide.parts:
        asked = [
            {**plain(item, request.language), "seen": service.seen_mark(item)}
            for item in part.questions
        ]
        shown = {**plain(part, request.language), "seen": service.seen_mark(part)}
        parts.append({**shown, "questions": asked})
    texts = {
        name: {
            "text": plain(getattr(guide, name), request.language),
            "seen": service.seen_mark(getattr(guide, name)),
        }
        for name in (*TEXTS, *LISTS)
    }
    return {
        "version": row.version,
        "brief": plain(guide.brief, request.language),
        "parts": parts,
        "texts": texts,
        "minutes": guide.minutes,
    }
