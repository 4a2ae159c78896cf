"""Collect: the survey and the customer table, what every column is, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from embauche.collect.survey_mapping import ColumnRole
from embauche.errors import EmbaucheError, WorkbenchError
from embauche.messages import messages
from embauche.workbench.models import Study
from embauche.workbench.page import page, study_of, wants_part
from embauche.workbench.pages.jobs import confirmed
from embauche.workbench.services.customers_mapping import (
    CustomersView,
    current_customers,
    save_customers,
)
from embauche.workbench.services.intake_runs import analyse_anew
from embauche.workbench.services.mapping_undo import last_mapping, undo_mapping
from embauche.workbench.services.survey_links import link_rows
from embauche.workbench.services.survey_mapping import (
    Draft,
    MappingConflictError,
    MappingView,
    current_mapping,
    drafted_mapping,
    save_mapping,
)
from embauche.workbench.services.table_upload import PARTS, bring_table

ROLES = tuple(role.value for role in ColumnRole)


def mapping(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what every column of the survey was recognised as, and why."""
    study = study_of(request, slug)
    return _shown(request, study, lambda: current_mapping(study, request.GET.get("file")))


@require_POST
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what a mapping leads to; nothing is kept."""
    study = study_of(request, slug)
    draft = _draft(request)
    return _shown(request, study, lambda: drafted_mapping(study, draft))


@require_POST
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the mapping, and analyse where that was asked for."""
    study = study_of(request, slug)
    draft = _draft(request)
    try:
        save_mapping(study.pk, draft, request.user, request.POST.get("version", ""))
    except MappingConflictError as error:
        return _shown(request, study, lambda: current_mapping(study), error, status=409)
    except EmbaucheError as error:
        return _shown(request, study, lambda: drafted_mapping(study, draft), error, status=422)
    if request.POST.get("then") == "analyse":
        run = analyse_anew(study, request.user)
        if run is not None:
            return HttpResponseRedirect(reverse("progress", args=[slug, run.pk]))
    return HttpResponseRedirect(reverse("survey", args=[slug]) + "?saved=1")


@require_POST
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back what was saved last."""
    study = study_of(request, slug)
    try:
        undo_mapping(study.pk, request.user)
    except WorkbenchError as error:
        return _shown(request, study, lambda: current_mapping(study), error, status=409)
    return HttpResponseRedirect(reverse("survey", args=[slug]) + "?saved=undone")


@require_POST
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a file as the survey or the customer table."""
    study = study_of(request, slug)
    part = next((item for item in PARTS if item == request.POST.get("part")), PARTS[0])
    file = request.FILES.get("file")
    if file is None:
        return HttpResponseRedirect(reverse("survey", args=[slug]))
    try:
        bring_table(study.pk, file, part, request.user)
    except EmbaucheError as error:
        return _shown(request, study, lambda: current_mapping(study), error, status=422)
    return HttpResponseRedirect(
        reverse("survey", args=[slug]) + ("#customers" if part == "customers" else "")
    )


@require_POST
def customers(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep which table holds the customers, and its columns."""
    study = study_of(request, slug)
    sent = request.POST
    try:
        save_customers(
            study.pk, sent.get("file", ""), sent.get("id", ""), sent.get("value", ""),
            request.user, sent.get("version", ""),
        )  # fmt: skip
    except MappingConflictError as error:
        return _shown(request, study, lambda: current_mapping(study), error, status=409)
    except EmbaucheError as error:
        return _shown(request, study, lambda: current_mapping(study), error, status=422)
    return HttpResponseRedirect(reverse("survey", args=[slug]) + "?saved=customers#customers")


@require_POST
def link(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm which job a need of the survey asks about."""
    confirmed(request, study_of(request, slug))
    return HttpResponseRedirect(reverse("survey", args=[slug]) + "#links")


def _draft(request: HttpRequest) -> Draft:
    """Read the form: a role a column, pairs, and a role given to all that are ticked or grouped."""
    sent = request.POST
    roles = _in_file_order(sent.getlist("role"), sent.getlist("place"))
    then, _, group = sent.get("then", "").partition(":")
    given, places = "", []
    if then == "bulk":
        given, places = sent.get("bulk", ""), sent.getlist("tick")
    elif then == "group":
        members = (one.partition(":") for one in sent.getlist("member"))
        given = sent.get(f"group-{group}", "")
        places = [place for place, _, key in members if key == group]
    there = {str(at) for at in range(len(roles))}
    for place in places if given in ROLES else ():
        if place in there:
            roles[int(place)] = given
    pairs = {}
    for pair in sent.getlist("pair"):
        one, _, other = pair.partition(":")
        if one in there and other in there:
            pairs[int(one)] = int(other)
    return Draft(sent.get("file", ""), roles, pairs)


def _in_file_order(roles: list[str], places: list[str]) -> list[str]:
    """Return roles as the file has its columns, which a page shows in groups.

    Places that are not each column's once make no mapping: no roles are returned.
    """
    if not places:
        return roles
    if sorted(places) != sorted(str(at) for at in range(len(roles))):
        return []
    return [role for _, role in sorted(zip(map(int, places), roles, strict=True))]


def _shown(
    request: HttpRequest,
    study: Study,
    read: Callable[[], MappingView | None],
    failure: EmbaucheError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a mapping; where it cannot even be read, say why and keep the way to mend it."""
    view: MappingView | None = None
    words = messages(request.language)
    try:
        view = read()
    except EmbaucheError as error:
        failure, status = failure or error, max(status, 422)
    part = wants_part(request) and view is not None
    rest: dict[str, Any] = {}
    if not part:
        rest = {
            "customers": _customers(study, view),
            "links": link_rows(study, request.language),
            "undoable": last_mapping(study) is not None,
        }
    return page(
        request,
        "parts/mapping_checked" if part else "survey",
        study,
        section="collect",
        tab="survey",
        status=status,
        view=view,
        roles=[(role, words.text(f"mapping.role.{role}")) for role in ROLES],
        failure=failure and (failure.message(request.language), failure.hint(request.language)),
        problem=_problem(view, request.language),
        saved=request.GET.get("saved", ""),
        **rest,
    )


def _problem(view: MappingView | None, language: str) -> tuple[str, str] | None:
    error = view.forecast.problem if view else None
    return (error.message(language), error.hint(language)) if error else None


def _customers(study: Study, view: MappingView | None) -> CustomersView | None:
    try:
        return current_customers(study, view)
    except EmbaucheError:
        return None
