"""Whole studies: written out as an archive, opened from one; tables and columns taken away."""

from __future__ import annotations

import pathlib
from enum import StrEnum
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

from django.http import FileResponse, HttpResponse
from ninja import File, Schema, Status, UploadedFile
from pydantic import Field

from embauche.errors import ReadError
from embauche.vocabulary import Language
from embauche.workbench.api.callers import everywhere, figures_of, needs, study_of
from embauche.workbench.api.lists import versioned
from embauche.workbench.api.routes import router
from embauche.workbench.api.rows import study_row
from embauche.workbench.api.shapes import Given, Line, Slug, StudyShape
from embauche.workbench.services.intake_files import MOST_BYTES, safe_name
from embauche.workbench.services.intake_participants import (
    DEMOGRAPHICS,
    SITUATION,
    add_column,
    drop_column,
    known_people,
)
from embauche.workbench.services.intake_studies import archive_of, open_archive, open_demo
from embauche.workbench.services.replacing import remove_table

TAG: Final = "archives"


class Part(StrEnum):
    """A table of the study."""

    SURVEY = "survey"
    CUSTOMERS = "customers"


class Of(StrEnum):
    """What an attribute tells."""

    SITUATION = SITUATION
    DEMOGRAPHICS = DEMOGRAPHICS


class DemoGiven(Given):
    """The language of the fictional study."""

    language: Language


class ColumnGiven(Given):
    """An attribute of participants."""

    name: Annotated[Line, Field(min_length=1, max_length=80)]
    of: Of = Of.SITUATION


class ColumnsShape(Schema):
    """Attributes of participants."""

    situation: list[str]
    demographics: list[str]


@router.get("studies/{slug}/archive.zip", **needs("study:read", binary=True))
def read_archive(request: Any, slug: Slug) -> FileResponse:
    """Download the study folder, people's decisions included, as a zip."""
    study = figures_of(request, slug)
    with TemporaryDirectory(prefix="embauche-") as place:
        made = archive_of(study, pathlib.Path(place) / "study.zip")
        # Open while the folder is there; what is sent lives as long as it is open.
        return FileResponse(made.open("rb"), as_attachment=True, filename=f"{study.slug}.zip")


@router.post("archives", response={201: StudyShape}, **needs("study:write"))
def open_zip(request: Any, response: HttpResponse, file: File[UploadedFile]) -> Any:
    """Make a study of a zipped study folder."""
    user = everywhere(request).user
    name, size = safe_name(file.name or ""), int(file.size or 0)
    if size > MOST_BYTES:
        raise ReadError("intake.too_large", file=name, size=size / 1e6, most=MOST_BYTES / 1e6)
    with TemporaryDirectory(prefix="embauche-") as place:
        kept = pathlib.Path(place) / "archive.zip"
        with kept.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        study = open_archive(kept, name, user, language=str(request.language))
    return Status(201, versioned(response, study_row(study)))


@router.post("demo", response={201: StudyShape}, **needs("study:write"))
def create_demo(request: Any, response: HttpResponse, given: DemoGiven) -> Any:
    """Open the fictional study; one that is there already is found again."""
    study = open_demo(given.language.value, everywhere(request).user)
    return Status(201, versioned(response, study_row(study)))


@router.delete("studies/{slug}/tables/{part}", response={204: None}, **needs("study:write"))
def delete_table(request: Any, slug: Slug, part: Part, file: Line) -> Any:
    """Remove the survey or the customers' table, with the roles of its columns."""
    remove_table(study_of(request, slug).pk, part.value, file, request.auth.user)
    return Status(204, None)


@router.get("studies/{slug}/participants/columns", response=ColumnsShape, **needs("study:read"))
def list_columns(request: Any, slug: Slug) -> dict[str, Any]:
    """List the attributes of participants."""
    known = known_people(study_of(request, slug))
    return {"situation": list(known.situation), "demographics": list(known.demographics)}


@router.post(
    "studies/{slug}/participants/columns", response={201: ColumnsShape}, **needs("study:write")
)
def create_column(request: Any, slug: Slug, given: ColumnGiven) -> Any:
    """Add an attribute to the situation or to the demographics."""
    add_column(study_of(request, slug).pk, given.of.value, given.name, request.auth.user)
    return Status(201, list_columns(request, slug))


@router.delete("studies/{slug}/participants/columns", response={204: None}, **needs("study:write"))
def delete_column(request: Any, slug: Slug, name: Line) -> Any:
    """Take an attribute away, with what it says of everybody."""
    drop_column(study_of(request, slug).pk, name, request.auth.user)
    return Status(204, None)
