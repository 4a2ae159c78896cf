"""Evidence that is set aside: its words were found to be no participant's, and it is kept."""

from __future__ import annotations

from typing import Final

from embauche.workbench.models import Event, Source, Study

CHANGED: Final = "source.speakers"
UNDONE: Final = "source.speakers_undone"


def set_aside(study: Study, source: Source | None = None) -> frozenset[str]:
    """Return the keys of evidence that a change of speakers ever set aside.

    Parameters
    ----------
    study
        The study.
    source
        Only of this source.
    """
    events = Event.objects.filter(study=study, verb__in=(CHANGED, UNDONE), payload__isnull=False)
    if source is not None:
        events = events.filter(key=source.key)
    payloads = events.values_list("payload", flat=True)
    return frozenset(key for payload in payloads for key in payload.get("aside", ()))
