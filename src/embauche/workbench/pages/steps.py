"""Activate: the raw material of messages, the funnel, the backlog and ideas."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from embauche.messages import messages
from embauche.present.names import Names
from embauche.present.quotes import Quotes
from embauche.workbench.page import page, study_of
from embauche.workbench.pages.pieces import piece
from embauche.workbench.services.restoring import findings

_OPEN = 3
"""So many jobs are laid open; the others wait behind their names."""


def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Show arranged evidence for those who act on it; nothing is invented."""
    study = study_of(request, slug)
    found = findings(study, request.language)
    names, words = Names(found), messages(request.language)
    quotes = Quotes(names)
    steps = found.steps
    material = [
        (
            names.job(item.job),
            piece(words, "steps", "material", item, names.job(item.job), quotes, level=3),
        )
        for item in (steps.messages if steps else ())
    ]
    funnels = [
        (names.job(key), piece(words, "steps", "funnel", funnel, names.job(key), quotes))
        for key, funnel in (steps.funnels.items() if steps else ())
        if funnel
    ]
    return page(
        request,
        "steps",
        study,
        section="activate",
        material=material[:_OPEN],
        more=material[_OPEN:],
        funnels=funnels,
        backlog=piece(words, "steps", "backlog", steps.backlog, names, quotes)
        if steps and steps.backlog
        else "",
        ideas=[
            piece(words, "steps", "idea", item, names, quotes, level=3)
            for item in (steps.ideas if steps else ())
        ],
    )
