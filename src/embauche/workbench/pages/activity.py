"""What happened in a study, and the history of one job or one piece of evidence."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse

from embauche.workbench.models import Event
from embauche.workbench.page import number_of, page, study_of
from embauche.workbench.pages.object_links import Place, event_places, job_words
from embauche.workbench.services import activity
from embauche.workbench.services.blind_reading import hidden_events
from embauche.workbench.services.comments import subject_of
from embauche.workbench.services.members import members


def listing(request: Any, slug: str) -> HttpResponse:
    """Show what people did, in bursts, the latest first."""
    study = study_of(request, slug)
    who, kind = number_of(request, "who", 0), request.GET.get("kind", "")
    before = number_of(request, "before", 0)
    hidden = hidden_events(study, request.user)
    kinds = activity.kinds_of(study)
    kind = kind if kind in kinds else ""
    found = activity.feed(study, actor=who or None, kind=kind, before=before or None, hidden=hidden)
    events = [
        event for burst in found.bursts for line in burst.lines.values() for event in line.events
    ]
    places = event_places(study, events, request.language)
    for burst in found.bursts:
        for line in burst.lines.values():
            _once(line.events, places)
    query = {name: value for name, value in (("who", who), ("kind", kind)) if value}
    return page(
        request,
        "activity",
        study,
        section="team",
        tab="activity",
        bursts=found.bursts,
        older=urlencode({**query, "before": found.older}) if found.older else "",
        newest=urlencode(query) if before else None,
        people=[row.user for row in members(study)],
        kinds=kinds,
        whom=who,
        kind=kind,
        places=places,
        jobs=job_words(study, request.language),
    )


def _once(events: list[Event], places: dict[int, Place]) -> None:
    """Name an object once, however often something was done to it."""
    seen = set()
    for event in events:
        place = places.get(event.pk)
        if place is not None and place in seen:
            del places[event.pk]
        seen.add(place)


def history(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Show all that was done to one job or one piece of evidence."""
    study = study_of(request, slug)
    try:
        subject = subject_of(study, kind, pk, request.user)
    except ObjectDoesNotExist:
        raise Http404 from None
    events = activity.history_of(
        study, subject.kind, subject.key, hidden_events(study, request.user)
    )
    return page(
        request,
        "history",
        study,
        section="team",
        tab="activity",
        subject=subject,
        events=events,
        places=event_places(study, events, request.language),
        jobs=job_words(study, request.language),
    )
