"""Identify: search in everything that was said, and code from what was found."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse

from embauche.vocabulary import Facet, SourceKind
from embauche.workbench.page import number_of, page, study_of
from embauche.workbench.pages.last_step import later
from embauche.workbench.services.roles import RANK
from embauche.workbench.services.search import search
from embauche.workbench.services.visibility import coding_blind

_A_PAGE: Final = 30
_FILTERS: Final = ("facet", "participant", "kind", "who")
_WHO: Final = ("participants", "interviewers")


def results(request: Any, slug: str) -> HttpResponse:
    """Show the sentences that hold what was asked for."""
    study = study_of(request, slug)
    query = request.GET.get("q", "").strip()[:400]
    chosen = {name: request.GET.get(name, "") for name in _FILTERS}
    if chosen["facet"] not in {*(item.value for item in Facet), "none"}:
        chosen["facet"] = ""
    number = max(number_of(request, "page"), 1)
    found = search(study, request.user, query, **chosen, begin=(number - 1) * _A_PAGE, most=_A_PAGE)
    asked = {key: value for key, value in {"q": query, **chosen}.items() if value}
    pages = -(-found.n // _A_PAGE)
    return page(
        request,
        "search",
        study,
        section="identify",
        query=query,
        chosen=chosen,
        found=found,
        facets=list(Facet),
        kinds=list(SourceKind),
        everyone=_WHO,
        participants=study.participants.only("key", "pseudonym", "study"),
        asked=urlencode(asked),
        number=number,
        pages=pages,
        before=number - 1 if number > 1 else None,
        after=number + 1 if number < pages else None,
        may_code=RANK[request.role] >= RANK["coder"],
        blind=coding_blind(study, request.user),
        step=later(request),
    )
