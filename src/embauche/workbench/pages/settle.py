"""Identify: two codings of a source beside each other, and the decision between them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from embauche.workbench.models import Source
from embauche.workbench.page import page, study_of, wants_part
from embauche.workbench.pages.last_step import number
from embauche.workbench.services.adjudication import settle, side_by_side
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.learning_aside import learn_soon
from embauche.workbench.services.roles import RANK


def disagreements(request: Any, slug: str, source_id: int) -> HttpResponse:
    """Show where two people differ in a source, or take a decision about one sentence."""
    study = study_of(request, slug, writes="editor")
    if RANK[request.role] < RANK["editor"]:
        raise PermissionDenied
    source = get_object_or_404(Source, pk=source_id, study=study)
    source.study = study
    given = request.POST if request.method == "POST" else request.GET
    pair = [name for name in given.getlist("coder") if name]
    stale = False
    if request.method == "POST":
        choice = given.get("keep", "")
        parts = {name: given.getlist(name) for name in ("first", "second")}
        every = [*parts["first"], *parts["second"]]
        kept = {"both": every, "neither": [], **parts}.get(choice)
        if kept is None:
            raise Http404
        try:
            span = (number(given.get("start")), number(given.get("end")))
            settle(source.pk, span, every, kept, request.user)
        except StaleVersionError:
            stale = True
        except ValueError as error:
            raise Http404 from error
        learn_soon(study)
        if not wants_part(request):
            query = "&".join(f"coder={name}" for name in pair)
            place = reverse("settle", args=[slug, source.pk])
            return HttpResponseRedirect(f"{place}?{query}")
    return page(
        request,
        "parts/differences" if wants_part(request) else "settle",
        study,
        section="identify",
        tab="agreement",
        source=source,
        found=side_by_side(source, request.user, pair),
        stale=stale,
    )
