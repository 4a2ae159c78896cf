"""Collect: the evidence that a change of speakers set aside, to accept back or to drop."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from embauche.errors import EmbaucheError
from embauche.workbench.models import Evidence, Source
from embauche.workbench.page import page, study_of
from embauche.workbench.pages.conflict_words import said_of
from embauche.workbench.pages.last_step import number
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.review import undo_review
from embauche.workbench.services.roles import RANK
from embauche.workbench.services.set_aside import accept_back, aside_of, drop
from embauche.workbench.services.visibility import coding_blind


def listing(request: Any, slug: str, source_id: int) -> HttpResponse:
    """List what is set aside in a source; accept its words back, drop it, or take that back."""
    study = study_of(request, slug, writes="editor")
    if RANK[request.role] < RANK["editor"] or coding_blind(study, request.user):
        raise PermissionDenied
    source = get_object_or_404(Source, pk=source_id, study=study, current=True, kind="interview")
    source.study = study
    problem: EmbaucheError | None = None
    if request.method == "POST":
        row = get_object_or_404(
            Evidence, pk=number(request.POST.get("evidence")), source=source, current=False
        )
        do = {"accept": accept_back, "drop": drop, "undo": undo_review}
        act = do.get(request.POST.get("do", ""), undo_review)
        try:
            act(row.pk, request.user, number(request.POST.get("version")))
        except EmbaucheError as error:
            problem = error
        else:
            return HttpResponseRedirect(reverse("source-aside", args=[slug, source.pk]))
    rows = aside_of(source)
    status = 409 if isinstance(problem, StaleVersionError) else 422
    return page(
        request,
        "set_aside",
        study,
        status=200 if problem is None else status,
        section="collect",
        tab="sources",
        source=source,
        decided=[one for one in rows if one.decided and one.row.status != "rejected"],
        proposed=[one for one in rows if not one.decided and one.row.status != "rejected"],
        dropped=[one for one in rows if one.row.status == "rejected"],
        error=said_of(problem, request.language, "speakers.aside.conflict"),
    )
