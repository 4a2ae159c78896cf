"""What happens in a team, written into the study's history."""

from __future__ import annotations

from typing import Any

from embauche.workbench.models import Event, Study, User


def record(
    study: Study,
    actor: User | None,
    verb: str,
    key: str,
    payload: dict[str, Any],
    *,
    version: int = 1,
) -> Event:
    """Write an event; its kind is the part of the verb before the dot."""
    event = Event(
        study=study,
        actor=actor,
        verb=verb,
        kind=verb.partition(".")[0],
        key=key,
        version=version,
        payload=payload,
    )
    event.save()
    return event
