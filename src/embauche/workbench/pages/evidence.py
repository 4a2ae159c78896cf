"""Identify: the evidence to review, filtered, singly or by the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from embauche.vocabulary import EvidenceStatus, Facet, Language
from embauche.workbench.models import Evidence, Study
from embauche.workbench.page import number_of, page, study_of, wants_part
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.relearning import Learned, relearn, relearned
from embauche.workbench.services.review import review_evidence, review_many, undo_review

_A_PAGE: Final = 30
_FILTERS: Final = ("facet", "status", "participant", "language")
_PLACE: Final = ("source__position", "start", "end", "facet")
_ORDERS: Final = {
    "place": _PLACE,
    "sure": ("-confidence", *_PLACE),
    "doubtful": ("confidence", *_PLACE),
}


def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """List evidence under the chosen filters, in the chosen order."""
    study = study_of(request, slug)
    found = relearned(study)
    return page(
        request,
        "evidence",
        study,
        section="identify",
        facets=list(Facet),
        statuses=list(EvidenceStatus),
        languages=list(Language),
        orders=list(_ORDERS),
        participants=study.participants.filter(evidence__current=True).distinct(),
        done=number_of(request, "done", 0),
        stale=number_of(request, "stale", 0),
        learned=Learned(found.taught) if found else None,
        **_shown(study, request.GET),
    )


@require_POST
def review(request: HttpRequest, slug: str, evidence_id: int) -> HttpResponse:
    """Take one decision, learn from it, and answer with what stands now.

    In a list the open proposals come re-ranked; beside a transcript the note alone.
    """
    study = study_of(request, slug)
    row = get_object_or_404(Evidence, pk=evidence_id, study=study)
    version, decision = _number(request.POST.get("version")), request.POST.get("decision", "")
    conflict = False
    learned = None
    try:
        if decision == "undo":
            undo_review(row.pk, request.user, version)
        elif decision in {"accepted", "rejected"}:
            review_evidence(row.pk, decision, request.user, version)
        learned = relearn(study)
    except StaleVersionError:
        conflict = True
    if not wants_part(request):
        return HttpResponseRedirect(back_of(request, reverse("evidence", args=[slug])))
    study.refresh_from_db()
    if request.POST.get("view") == "list":
        shown = [_number(item) for item in request.POST.getlist("on_page")]
        return page(
            request,
            "parts/reranked",
            study,
            section="identify",
            learned=learned,
            conflict=row.pk if conflict else None,
            **_shown(study, QueryDict(request.POST.get("query", "")), shown, row.pk),
        )
    row = Evidence.objects.select_related("coder", "reviewer", "participant", "source").get(
        pk=row.pk
    )
    beside = Evidence.objects.filter(
        source=row.source_id, current=True, withdrawn=False, status=EvidenceStatus.PROPOSED.value
    )
    return page(
        request,
        "parts/reviewed",
        study,
        section="identify",
        row=row,
        conflict=row.pk if conflict else None,
        compact=request.POST.get("view") == "margin",
        others=beside.exclude(pk=row.pk).only("pk", "confidence") if learned else [],
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
    relearn(study)
    back = back_of(request, reverse("evidence", args=[slug]))
    separator = "&" if "?" in back else "?"
    return HttpResponseRedirect(f"{back}{separator}done={decided}&stale={stale}")


def _shown(
    study: Study, asked: QueryDict, on_page: Sequence[int] = (), just: int | None = None
) -> dict[str, Any]:
    """Return a page of evidence; what was decided on it stays there, whatever the filter.

    `on_page` are the rows that it showed, `just` the one that was decided just now.
    """
    chosen = {name: asked.get(name, "") for name in _FILTERS}
    order = asked.get("order", "place")
    order = order if order in _ORDERS else "place"
    rows = _filtered(study, chosen, Q(pk=just) | Q(pk__in=on_page, reviewer__isnull=False))
    rows = rows.order_by(*_ORDERS[order])
    number = asked.get("page", "")
    shown = Paginator(rows, _A_PAGE).get_page(number if number.isascii() else 1)
    query = {key: value for key, value in chosen.items() if value}
    if order != "place":
        query["order"] = order
    here = {**query, "page": shown.number} if shown.number > 1 else query
    address = reverse("evidence", args=[study.slug])
    return {
        "rows": shown,
        "waiting": [row for row in shown if row.status == "proposed"],
        "chosen": chosen,
        "order": order,
        "query": urlencode(query),
        "query_here": urlencode(here),
        "address": f"{address}?{urlencode(here)}" if here else address,
    }


def _filtered(study: Study, chosen: dict[str, str], stays: Q) -> Any:
    rows = study.evidence.filter(Q(withdrawn=False) | stays, current=True).select_related(
        "coder", "reviewer", "participant", "source"
    )
    rows = rows.defer("source__text", "source__turns", "source__sentences")
    if chosen["facet"]:
        rows = rows.filter(facet=chosen["facet"])
    if chosen["status"]:
        rows = rows.filter(Q(status=chosen["status"]) | stays)
    if chosen["participant"]:
        rows = rows.filter(participant__key=chosen["participant"])
    if chosen["language"]:
        rows = rows.filter(language=chosen["language"])
    return rows


def back_of(request: HttpRequest, default: str) -> str:
    """Return the page to go back to, where it is one of ours."""
    back = request.POST.get("back", "")
    return back if back and url_has_allowed_host_and_scheme(back, allowed_hosts=None) else default


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
