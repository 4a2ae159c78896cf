"""What could identify people: found in a source, hidden behind tokens everywhere."""

from __future__ import annotations

from typing import Annotated, Any, Final

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from ninja import Path, Schema, Status
from pydantic import Field

from embauche.workbench.api.callers import needs, study_of
from embauche.workbench.api.lists import version_given
from embauche.workbench.api.plain import plain
from embauche.workbench.api.routes import router
from embauche.workbench.api.shapes import Given, Line, Number, Slug, Version
from embauche.workbench.models import Source, Study
from embauche.workbench.services.intake_keyring import delete_keyring, key_file
from embauche.workbench.services.pseudonymising import (
    gone_through,
    leave_all,
    look_through,
    pseudonymise,
)
from embauche.workbench.services.roles import require
from embauche.workbench.services.team_events import record

TAG: Final = "privacy"
_Entities = Annotated[list[Line], Field(max_length=2000)]


class HiddenGiven(Given):
    """Which entities a token takes the place of; none says that nothing need be hidden."""

    hidden: _Entities = []
    added: Annotated[list[Line], Field(max_length=50)] = []
    ignored: _Entities = []
    version: Version = None


class LookedShape(Schema):
    """A source, and whether somebody went through its text as it is now."""

    source: int
    name: str
    done: bool


class IdentifiersShape(Schema):
    """What could identify people in a source."""

    entries: list[dict[str, Any]]


class ReplacedShape(Schema):
    """How many places were replaced."""

    replaced: int


@router.get("studies/{slug}/pseudonyms", response=list[LookedShape], **needs("study:write"))
def list_looked(request: Any, slug: Slug) -> list[dict[str, Any]]:
    """List the sources, and which of them somebody went through; editors and owners only."""
    study = _edited(request, slug)
    looked = gone_through(study)
    rows = study.sources.filter(current=True).order_by("position", "pk").only("pk", "key", "name")
    return [
        {"source": row.pk, "name": row.name, "done": looked.get(row.key, False)} for row in rows
    ]


@router.get("studies/{slug}/pseudonyms/{int:id}", response=IdentifiersShape, **needs("study:write"))
def read_identifiers(request: Any, slug: Slug, id: Path[Number]) -> dict[str, Any]:  # noqa: A002
    """Read what could identify people in a source, each in its sentence."""
    found = look_through(_source(_edited(request, slug), id))
    return {"entries": plain(found.entries, request.language)}


@router.post(
    "studies/{slug}/pseudonyms/{int:id}",
    response=ReplacedShape,
    **needs("study:write", versioned=True),
)
def hide_identifiers(
    request: Any,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    given: HiddenGiven,
) -> dict[str, int]:
    """Put tokens in the place of entities, everywhere that the source reaches."""
    row, actor = _source(_edited(request, slug), id), request.auth.user
    version = version_given(request, given.version)
    if not given.hidden and not given.added:
        leave_all(row.pk, actor)
        return {"replaced": 0}
    n = pseudonymise(row.pk, given.hidden, actor, version, added=given.added, ignored=given.ignored)
    return {"replaced": n}


# Who is who is read by a person, never by a token that may be lost.
@router.get("studies/{slug}/pseudonyms/key", **needs(None, binary=True))
def read_key(request: Any, slug: Slug) -> FileResponse:
    """Download the key to the pseudonyms; owners only, and the history says so."""
    study = _owned(request, slug)
    path = key_file(study)
    if not path.is_file():
        raise Http404
    record(study, request.auth.user, "study.key_downloaded", study.slug, {})
    name = f"{study.slug}-pseudonyms.json"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@router.delete("studies/{slug}/pseudonyms/key", response={204: None}, **needs(None))
def delete_key(request: Any, slug: Slug) -> Any:
    """Delete the key for good: nobody can tell any more whom a token stands for."""
    study = _owned(request, slug)
    if not delete_keyring(study):
        raise Http404
    record(study, request.auth.user, "study.key_deleted", study.slug, {})
    return Status(204, None)


def _owned(request: Any, slug: str) -> Study:
    study = study_of(request, slug)
    require(request.auth.user, study, "owner", archived=True)
    return study


def _edited(request: Any, slug: str) -> Study:
    study = study_of(request, slug)
    require(request.auth.user, study, "editor", archived=True)
    return study


def _source(study: Study, number: int) -> Source:
    rows = study.sources.filter(current=True).select_related("study")
    found: Source = get_object_or_404(rows, pk=number)
    return found
