"""Studies: which there are, what one is about, and how far it is."""

from __future__ import annotations

from typing import Annotated, Any, Final

from django.http import HttpResponse
from ninja import Query, Schema
from pydantic import Field

from embauche.vocabulary import Language
from embauche.workbench.api.callers import Caller, needs, study_of
from embauche.workbench.api.lists import part_of, version_given, versioned
from embauche.workbench.api.routes import router
from embauche.workbench.api.rows import study_row
from embauche.workbench.api.shapes import (
    Given,
    Line,
    Page,
    Paging,
    Slug,
    StudyShape,
    Version,
    Words,
)
from embauche.workbench.models import Event, Study
from embauche.workbench.services.blind_reading import hidden_events
from embauche.workbench.services.state import study_state
from embauche.workbench.services.study_settings import archive, save_settings
from embauche.workbench.services.wording import save_offer

TAG: Final = "studies"


class StageShape(Schema):
    """Where one stage of the method stands."""

    stage: str
    number: int
    done: bool
    code: str
    params: dict[str, Any]


class StudyDetail(StudyShape):
    """A study and where it stands."""

    role: str
    stages: list[StageShape]
    counts: dict[str, int]
    moved: int = Field(description="api.note.moved")
    run: int | None = Field(description="api.note.run")


class OfferGiven(Given):
    """What the product answers with: name of the part → the team's words."""

    offer: Annotated[dict[Line, Words], Field(max_length=50)]
    version: Version = None


class SettingsGiven(Given):
    """What a study is called and asks, how it is coded; what is left out stays."""

    title: Annotated[Line, Field(min_length=1, max_length=200)] | None = None
    product: Annotated[Line, Field(max_length=200)] | None = None
    question: Annotated[Words, Field(max_length=2000)] | None = None
    language: Language | None = None
    blind: bool | None = None
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    version: Version = None


class ArchiveGiven(Given):
    """Whether the study is put away."""

    archived: bool
    version: Version = None


class EventShape(Schema):
    """One thing that someone did."""

    id: int
    verb: str
    kind: str
    key: str
    version: int
    actor: str | None
    at: Any


@router.get("studies", response=Page[StudyShape], **needs("study:read"))
def list_studies(
    request: Any, response: HttpResponse, paging: Query[Paging], *, archived: bool = False
) -> dict[str, Any]:
    """List the caller's studies, the newest first; archived ones on demand."""
    caller: Caller = request.auth
    rows = Study.objects.filter(memberships__user=caller.user, archived_at__isnull=not archived)
    if caller.token is not None and caller.token.study_id is not None:
        rows = rows.filter(pk=caller.token.study_id)
    return part_of(request, response, rows.order_by("-created_at", "-pk"), paging, study_row)


@router.get("studies/{slug}", response=StudyDetail, **needs("study:read"))
def read_study(request: Any, response: HttpResponse, slug: Slug) -> dict[str, Any]:
    """Return a study with the state of its stages."""
    return versioned(response, detail(request, study_of(request, slug)))


@router.put("studies/{slug}/offer", response=StudyDetail, **needs("study:write", versioned=True))
def put_offer(
    request: Any, response: HttpResponse, slug: Slug, given: OfferGiven
) -> dict[str, Any]:
    """Keep the offer's answers, all at once."""
    study = study_of(request, slug)
    version = version_given(request, given.version)
    saved = save_offer(study.pk, given.offer, request.auth.user, version)
    return versioned(response, detail(request, saved))


@router.patch("studies/{slug}", response=StudyDetail, **needs("study:write", versioned=True))
def change_study(
    request: Any, response: HttpResponse, slug: Slug, given: SettingsGiven
) -> dict[str, Any]:
    """Change a study's settings; what is left out stays."""
    study = study_of(request, slug)
    version = version_given(request, given.version)
    values = {
        name: value
        for name, value in given.dict(exclude_unset=True, exclude={"version"}).items()
        if value is not None
    }
    saved = save_settings(study.pk, values, request.auth.user, version)
    return versioned(response, detail(request, saved))


@router.post("studies/{slug}/archive", response=StudyDetail, **needs("team:admin", versioned=True))
def archive_study(
    request: Any, response: HttpResponse, slug: Slug, given: ArchiveGiven
) -> dict[str, Any]:
    """Put a study away, read-only, or bring it back."""
    study = study_of(request, slug)
    version = version_given(request, given.version)
    saved = archive(study.pk, request.auth.user, version, archived=given.archived)
    return versioned(response, detail(request, saved))


@router.get("studies/{slug}/activity", response=Page[EventShape], **needs("study:read"))
def list_activity(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    paging: Query[Paging],
    kind: Line = "",
    key: Line = "",
) -> dict[str, Any]:
    """List what was done, the latest first; without the words that were changed."""
    study = study_of(request, slug)
    rows = Event.objects.filter(study=study).select_related("actor").defer("payload")
    hidden = hidden_events(study, request.auth.user)
    if hidden is not None:
        rows = rows.exclude(hidden)
    if kind:
        rows = rows.filter(kind=kind)
    if key:
        rows = rows.filter(key=key)
    return part_of(request, response, rows.order_by("-pk"), paging, _event)


def detail(request: Any, study: Study) -> dict[str, Any]:
    """Return a study with the state of its stages."""
    state = study_state(study, request.auth.user)
    held = study.memberships.filter(user=request.auth.user).values_list("role", flat=True)
    return {
        **study_row(study),
        "role": held.first() or "",
        "stages": [
            {
                "stage": item.stage.value,
                "number": item.number,
                "done": item.done,
                "code": item.code,
                "params": item.params,
            }
            for item in state.stages
        ],
        "counts": state.counts,
        "moved": state.moved,
        "run": state.run.pk if state.run else None,
    }


def _event(row: Event) -> dict[str, Any]:
    names = ("verb", "kind", "key", "version", "at")
    actor = row.actor.pseudonym or row.actor.get_username() if row.actor else None
    return {"id": row.pk, "actor": actor, **{name: getattr(row, name) for name in names}}
