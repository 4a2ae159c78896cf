"""Identify: how far coders agree, and the sentences on which they do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from embauche.identify.agreement import FacetAgreement
from embauche.notices import Notice
from embauche.vocabulary import Facet, label
from embauche.workbench.models import Study
from embauche.workbench.page import number_of, page, study_of, wants_part
from embauche.workbench.pages.threshold import come_again, failure_of
from embauche.workbench.services.agreement_view import (
    agreement_figures,
    disputes,
    may_see,
    restored,
)

_A_PAGE = 20


def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Show agreement per facet and overall for the chosen coders, then what they disagree on."""
    study = study_of(request, slug)
    if not may_see(study, request.user):
        return page(request, "agreement", study, section="identify", hidden=True, status=403)
    coders = request.GET.getlist("coder")
    found = agreement_figures(study, coders, request.user)
    if wants_part(request) and found.fresh:
        return come_again()
    given: dict[str, Any] = {"fresh": found.fresh, "failure": failure_of(request, found.error)}
    if found.data:
        figures, notices = restored(found.data)
        number = max(number_of(request, "page", 1), 1)
        count = len(found.data.get("disputes", []))
        shown = disputes(study, found.data, (number - 1) * _A_PAGE, _A_PAGE)
        given |= {
            "data": found.data,
            "chosen": found.data["coders"],
            "figures": figures,
            "rows": _rows(figures.facets) if figures else [],
            "notices": [_named(item, request) for item in notices],
            "doubts": [_named(item, request) for item in figures.notices] if figures else [],
            "disputes": [(item, _settle(study, item.source.pk)) for item in shown],
            "number": number,
            "last": max(-(-count // _A_PAGE), 1),
            "query": "&".join(f"coder={name}" for name in coders),
        }
    template = "parts/waits" if wants_part(request) else "agreement"
    return page(request, template, study, section="identify", **given)


def _rows(facets: tuple[FacetAgreement, ...]) -> list[FacetAgreement]:
    """Leave out the facets that nobody used; a notice names them."""
    return [row for row in facets if any(row.codes.values())]


def _named(notice: Notice, request: HttpRequest) -> Notice:
    """Give the facets of a notice their names."""
    if "facets" not in notice.params:
        return notice
    named = [label(Facet(key), request.language) for key in notice.params["facets"]]
    return replace(notice, params={**notice.params, "facets": named})


def _settle(study: Study, source_id: int) -> str:
    """Return where a source's disagreements are settled, where there is such a page."""
    try:
        return reverse("settle", args=[study.slug, source_id])
    except NoReverseMatch:
        return ""
