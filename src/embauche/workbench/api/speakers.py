"""Who speaks in an interview, mended after its file was taken."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Path, Schema
from pydantic import Field

from embauche.workbench.api.callers import needs, study_of
from embauche.workbench.api.lists import version_given, versioned
from embauche.workbench.api.routes import router
from embauche.workbench.api.shapes import Given, Line, Number, Slug, Version
from embauche.workbench.models import Source
from embauche.workbench.services.speaker_labels import Choice, beginnings_of, labels_of
from embauche.workbench.services.speakers import change_speakers, effect_of, undo_speakers

TAG: Final = "sources"
Role = Literal["participant", "interviewer", "other"]
RoleGiven = Literal["participant", "interviewer", "other", "none"]


class SpeakerGiven(Given):
    """Who a label is to be."""

    label: Line
    role: RoleGiven
    participant: Line = ""
    new: bool = False


class SpeakersGiven(Given):
    """Who labels are to be; those that are left out stay who they are."""

    speakers: Annotated[list[SpeakerGiven], Field(min_length=1, max_length=100)] = Field(
        description="api.note.speakers"
    )


class SpeakersChanged(SpeakersGiven):
    """The same, on the version that was read."""

    version: Version = None


class TakenBack(Given):
    """The version that was read."""

    version: Version = None


class SpeakerShape(Schema):
    """A label as it stands: ``participant`` is empty where nobody answers under it."""

    label: str
    role: Role
    participant: str
    turns: int
    words: int
    sample: str


class BeginningShape(Schema):
    """Lines that begin alike, and may bear a label that was not recognised."""

    text: str
    lines: int
    sample: str


class SpeakersShape(Schema):
    """The labels of an interview, in the order in which they first speak."""

    source: int
    version: int
    speakers: list[SpeakerShape]
    beginnings: list[BeginningShape]


class EffectShape(Schema):
    """What a choice would cause."""

    turns: int
    aside: int
    aside_decided: int
    trimmed: int
    moved: int
    back: int
    come: list[str]
    gone: list[str]


_SPEAKERS: Final = "studies/{slug}/sources/{int:id}/speakers"


@router.get(_SPEAKERS, response=SpeakersShape, **needs("study:read"))
def read_speakers(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    id: Path[Number],  # noqa: A002
) -> dict[str, Any]:
    """Read the labels of an interview, and who each is."""
    return versioned(response, _labels(_source(request, slug, id)))


@router.put(_SPEAKERS, response=SpeakersShape, **needs("study:write", versioned=True))
def change_who_speaks(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    given: SpeakersChanged,
) -> dict[str, Any]:
    """Say who labels are; the others stay who they are."""
    row, version = _source(request, slug, id), version_given(request, given.version)
    changed = change_speakers(row.pk, _choices(given), request.auth.user, version)
    return versioned(response, _labels(changed))


@router.post(f"{_SPEAKERS}/effect", response=EffectShape, **needs("study:write"))
def try_speakers(request: Any, slug: Slug, id: Path[Number], given: SpeakersGiven) -> Any:  # noqa: A002
    """Say what a choice would cause; nothing is written."""
    return effect_of(_source(request, slug, id), _choices(given), request.auth.user)


@router.post(f"{_SPEAKERS}/undo", response=SpeakersShape, **needs("study:write", versioned=True))
def undo_who_speaks(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    given: TakenBack,
) -> dict[str, Any]:
    """Take the latest change back."""
    row, version = _source(request, slug, id), version_given(request, given.version)
    return versioned(response, _labels(undo_speakers(row.pk, request.auth.user, version)))


def _source(request: Any, slug: str, number: int) -> Source:
    study = study_of(request, slug)
    found: Source = get_object_or_404(study.sources.filter(current=True), pk=number)
    found.study = study
    return found


def _choices(given: SpeakersGiven) -> dict[str, Choice]:
    return {
        item.label: Choice(item.role, item.participant, new=item.new) for item in given.speakers
    }


def _labels(source: Source) -> dict[str, Any]:
    return {
        "source": source.pk,
        "version": source.version,
        "speakers": labels_of(source),
        "beginnings": beginnings_of(source),
    }
