"""The survey and the customers' table: what every column is, and what comes of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

from django.http import Http404
from ninja import Schema
from pydantic import Field

from embauche.collect.survey_mapping import ColumnRole
from embauche.workbench.api.callers import needs, study_of
from embauche.workbench.api.plain import plain
from embauche.workbench.api.routes import router
from embauche.workbench.api.shapes import Given, Line, Slug
from embauche.workbench.services.customers_mapping import current_customers, save_customers
from embauche.workbench.services.mapping_undo import undo_mapping
from embauche.workbench.services.roles import require
from embauche.workbench.services.survey_mapping import (
    Draft,
    MappingView,
    current_mapping,
    drafted_mapping,
    save_mapping,
)

TAG: Final = "survey"
SurveyRole = StrEnum("SurveyRole", {role.name: role.value for role in ColumnRole})  # type: ignore[misc]
_Place = Annotated[int, Field(ge=0, le=100_000)]
_Mark = Annotated[Line, Field(max_length=64, description="api.note.mark")]


class PairGiven(Given):
    """An importance column and its partner, by their places in the file."""

    importance: _Place
    partner: _Place


class MappingGiven(Given):
    """A role for every column, in the file's order."""

    file: Line
    roles: Annotated[list[SurveyRole], Field(max_length=10_000)]
    pairs: Annotated[list[PairGiven], Field(max_length=5000)] = []


class MappingKept(MappingGiven):
    """A mapping to keep."""

    version: _Mark


class CustomersGiven(Given):
    """The customers' table and its columns; empty is none."""

    file: Line
    id: Line = ""
    value: Line = ""
    version: Annotated[Line, Field(max_length=64)] = ""


class ColumnShape(Schema):
    """One column: what it is, and why it was recognised so."""

    index: int
    name: str
    label: str
    role: str
    reason: dict[str, Any] | None
    rule: dict[str, Any] | None
    answered: int
    missing: int
    examples: list[str]


class MappingShape(Schema):
    """The survey's mapping, and what an analysis will make of it."""

    file: str
    files: list[str]
    n: int
    columns: list[ColumnShape]
    pairs: list[dict[str, Any]]
    forecast: dict[str, Any]
    version: str
    given: bool
    changed: bool


class CustomersShape(Schema):
    """The customers' table as an analysis would take it."""

    file: str | None
    files: list[str]
    n: int
    columns: list[str]
    id: str | None
    value: str | None
    shared: list[str]
    lacking: list[str]
    notices: list[dict[str, Any]]
    version: str


@router.get("studies/{slug}/survey", response=MappingShape, **needs("study:read"))
def read_mapping(request: Any, slug: Slug, file: Line = "") -> dict[str, Any]:
    """Read what every column of the survey was recognised as, and why."""
    view = current_mapping(study_of(request, slug), file or None)
    if view is None:
        raise Http404
    return _mapping(view, request.language)


@router.post("studies/{slug}/survey/check", response=MappingShape, **needs("study:read"))
def check_mapping(request: Any, slug: Slug, given: MappingGiven) -> dict[str, Any]:
    """Say what a mapping would lead to; nothing is kept."""
    return _mapping(drafted_mapping(study_of(request, slug), _draft(given)), request.language)


@router.put("studies/{slug}/survey", response=MappingShape, **needs("study:write"))
def put_mapping(request: Any, slug: Slug, given: MappingKept) -> dict[str, Any]:
    """Keep a mapping; the next analysis reads it."""
    study = study_of(request, slug)
    require(request.auth.user, study, "editor")
    save_mapping(study.pk, _draft(given), request.auth.user, given.version)
    view = current_mapping(study)
    if view is None:
        raise Http404
    return _mapping(view, request.language)


@router.post("studies/{slug}/survey/undo", response=MappingShape, **needs("study:write"))
def undo_mapped(request: Any, slug: Slug) -> dict[str, Any]:
    """Take back the mapping, or the customers' table, that was kept last."""
    study = study_of(request, slug)
    undo_mapping(study.pk, request.auth.user)
    view = current_mapping(study)
    if view is None:
        raise Http404
    return _mapping(view, request.language)


@router.get("studies/{slug}/survey/customers", response=CustomersShape, **needs("study:read"))
def read_customers_table(request: Any, slug: Slug) -> dict[str, Any]:
    """Read which table holds the customers, and its columns."""
    return _customers(request, slug)


@router.put("studies/{slug}/survey/customers", response=CustomersShape, **needs("study:write"))
def put_customers_table(request: Any, slug: Slug, given: CustomersGiven) -> dict[str, Any]:
    """Keep which table holds the customers, and its columns of id and value."""
    study = study_of(request, slug)
    require(request.auth.user, study, "editor")
    save_customers(study.pk, given.file, given.id, given.value, request.auth.user, given.version)
    return _customers(request, slug)


def _draft(given: MappingGiven) -> Draft:
    pairs = {item.importance: item.partner for item in given.pairs}
    return Draft(given.file, [role.value for role in given.roles], pairs)


def _mapping(view: MappingView, language: str) -> dict[str, Any]:
    forecast = {
        key: value
        for key, value in vars_of(view.forecast).items()
        if key not in {"survey", "problem"}
    }
    problem = view.forecast.problem
    told = (
        {"code": problem.code, "detail": problem.message(language), "hint": problem.hint(language)}
        if problem is not None
        else None
    )
    return {
        "file": view.file,
        "files": [file.name for file in view.files],
        "n": view.n,
        "columns": [plain(column, language) for column in view.columns],
        "pairs": [
            {"importance": pair.importance.index, "partner": pair.partner} for pair in view.pairs
        ],
        "forecast": {**plain(forecast, language), "problem": told},
        "version": view.version,
        "given": view.given,
        "changed": view.changed,
    }


def vars_of(value: Any) -> dict[str, Any]:
    """Return a dataclass's fields by name."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _customers(request: Any, slug: str) -> dict[str, Any]:
    study = study_of(request, slug)
    view = current_customers(study, current_mapping(study))
    shown = plain(vars_of(view), request.language)
    return {**shown, "files": [file.name for file in view.files]}
