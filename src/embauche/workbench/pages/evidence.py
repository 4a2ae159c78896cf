"""Identify: the evidence to review, filtered, singly or by the page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from embauche.vocabulary import EvidenceStatus, Facet, Language
from embauche.workbench.models import Evidence, Study
from embauche.workbench.page import number_of, page, study_of, wants_part
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.review import review_evidence, review_many, undo_review

_A_PAGE = 30
_FILTERS = ("facet", "status", "participant", "language")


def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """List evidence under the chosen filters."""
    study = study_of(request, slug)
    chosen = {name: request.GET.get(name, "") for name in _FILTERS}
    rows = _filtered(study, chosen)
    shown = Paginator(rows, _A_PAGE).get_page(number_of(request, "page"))
    return page(
        request,
        "evidence",
        study,
        section="identify",
        rows=shown,
        waiting=[row for row in shown if row.status == "proposed"],
        chosen=chosen,
        query=urlencode({key: value for key, value in chosen.items() if value}),
        facets=list(Facet),
        statuses=list(EvidenceStatus),
        languages=list(Language),
        participants=study.participants.filter(evidence__current=True).distinct(),
        done=number_of(request, "done", 0),
        stale=number_of(request, "stale", 0),
    )


@require_POST
def review(request: HttpRequest, slug: str, evidence_id: int) -> HttpResponse:
    """Take one decision; answer with the evidence as it now stands."""
    study = study_of(request, slug)
    row = get_object_or_404(Evidence, pk=evidence_id, study=study)
    version, decision = _number(request.POST.get("version")), request.POST.get("decision", "")
    conflict = False
    try:
        if decision == "undo":
            undo_review(row.pk, request.user, version)
        elif decision in {"accepted", "rejected"}:
            review_evidence(row.pk, decision, request.user, version)
    except StaleVersionError:
        conflict = True
    if not wants_part(request):
        return HttpResponseRedirect(_back(request, reverse("evidence", args=[slug])))
    row = Evidence.objects.select_related("coder", "reviewer", "participant", "source").get(
        pk=row.pk
    )
    return page(
        request,
        "parts/reviewed",
        study,
        section="identify",
        row=row,
        conflict=conflict,
        compact=request.POST.get("view") == "margin",
    )


@require_POST
def review_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the same decision about everything that a page showed."""
    study = study_of(request, slug)
    shown = []
    for item in request.POST.getlist("shown"):
        key, _, version = item.partition(":")
        shown.append((_number(key), _number(version)))
    decided, stale = review_many(study, shown, EvidenceStatus.ACCEPTED, request.user)
    back = _back(request, reverse("evidence", args=[slug]))
    separator = "&" if "?" in back else "?"
    return HttpResponseRedirect(f"{back}{separator}done={decided}&stale={stale}")


def _filtered(study: Study, chosen: dict[str, str]) -> Any:
    rows = study.evidence.filter(current=True).select_related(
        "coder", "reviewer", "participant", "source"
    )
    rows = rows.defer("source__text", "source__turns", "source__sentences")
    if chosen["facet"]:
        rows = rows.filter(facet=chosen["facet"])
    if chosen["status"]:
        rows = rows.filter(status=chosen["status"])
    if chosen["participant"]:
        rows = rows.filter(participant__key=chosen["participant"])
    if chosen["language"]:
        rows = rows.filter(language=chosen["language"])
    return rows


def _back(request: HttpRequest, default: str) -> str:
    back = request.POST.get("back", "")
    return back if back and url_has_allowed_host_and_scheme(back, allowed_hosts=None) else default


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
