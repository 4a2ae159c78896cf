"""Collect: the sources, and one transcript with its evidence in the margin."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse

from embauche.workbench.page import number_of, page, study_of
from embauche.workbench.services.restoring import findings

_A_PAGE = 50


def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """List what was collected: sources, survey, customers, and how they were read."""
    study = study_of(request, slug)
    rows = (
        study.sources.filter(current=True)
        .defer("text", "sentences", "turns")
        .annotate(
            kept=Count("evidence", filter=Q(evidence__current=True)),
            waiting=Count(
                "evidence", filter=Q(evidence__current=True, evidence__status="proposed")
            ),
        )
        .order_by("position")
    )
    found = findings(study, request.language)
    people: dict[str, list[str]] = {}
    names = {person.key: person.pseudonym for person in study.participants.all()}
    if found.corpus:
        for source in found.corpus.sources:
            heard = dict.fromkeys(turn.participant for turn in source.turns if turn.participant)
            people[source.id] = [names.get(key, key) for key in heard]
    survey = found.survey
    return page(
        request,
        "sources",
        study,
        section="collect",
        sources=Paginator(rows, _A_PAGE).get_page(number_of(request, "page")),
        people=people,
        survey=survey,
        roles=_roles(survey) if survey else [],
        assignment=found.assignment,
        notices=found.corpus.notices if found.corpus else (),
    )


def _roles(survey: Any) -> list[tuple[str, list[Any]]]:
    """Pair each role of the survey with the columns that play it."""
    names = (
        "id",
        "needs",
        "importance",
        "satisfaction",
        "frequency",
        "situation",
        "demographics",
        "weight",
        "outcome",
    )
    found = []
    for name in names:
        value = getattr(survey, name)
        columns = [value] if isinstance(value, str) else list(value or ())
        if columns:
            found.append((name, [survey.readings.get(column) for column in columns]))
    return found
