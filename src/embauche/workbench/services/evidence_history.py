"""What stands of a piece of evidence after all that was done and undone: a fold of its events.

Each event says what one person did: ``evidence.accepted``, ``.rejected``, ``.retracted`` (their
own say is taken away), ``.proposed`` (put back to be reviewed); ``.undone`` and ``.redone`` name
the act that they take back or bring back. Nobody's undo touches what another person said: their
says stand side by side, and the outcome is the latest of those that stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from embauche.vocabulary import EvidenceStatus
from embauche.workbench.models import Event

RATED: Final = ("moment", "intensity", "dissatisfaction", "frequency")
"""What a person may change of a piece of evidence besides its words and facet."""

ACCEPTED: Final = EvidenceStatus.ACCEPTED.value
REJECTED: Final = EvidenceStatus.REJECTED.value
PROPOSED: Final = EvidenceStatus.PROPOSED.value
RETRACTED: Final = "retracted"
_BACK, _AGAIN = "undone", "redone"


@dataclass(frozen=True, slots=True)
class Say:
    """What one person says of a piece of evidence, as it stands."""

    actor: int | None
    status: str
    at: datetime
    rated: Mapping[str, Any]
    adjudicated: bool = False
    blind: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What stands of a piece of evidence.

    Attributes
    ----------
    says
        Who says what, the latest last.
    status, reviewer, at
        What counts, and the person it comes from: a say, or what the row held before all events.
        `reviewer` is the id of a coder's row where it comes from before, else ``None``.
    say
        The say that counts, if it is one.
    current
        False where nobody stands for words that a person had added.
    rated
        Values of `RATED` that events changed at some time, as they are now.
    """

    says: tuple[Say, ...]
    status: str
    reviewer: int | None
    at: str | None
    say: Say | None
    current: bool
    rated: Mapping[str, Any] = field(default_factory=dict)


def act_of(event: Event) -> str:
    """Return the name of the act that an event is part of; older events are acts of their own."""
    return str((event.payload or {}).get("act") or f"#{event.pk}")


def verb_of(event: Event) -> str:
    """Return what was done, without the kind of object."""
    return event.verb.partition(".")[2]


def standing(events: Iterable[Event]) -> list[Event]:
    """Return the events about one object that were not taken back, in order."""
    done: list[Event] = []
    off: set[str] = set()
    for event in events:
        verb, of = verb_of(event), (event.payload or {}).get("of")
        if verb == _BACK and of is not None:
            off.add(str(of))
        elif verb == _AGAIN:
            off.discard(str(of))
        elif verb == _BACK:  # before acts had names, an undo took back what stood last
            last = next((item for item in done[::-1] if act_of(item) not in off), None)
            if last is not None:
                done.remove(last)
        else:
            done.append(event)
    return [event for event in done if act_of(event) not in off]


def outcome(events: Iterable[Event]) -> Outcome | None:
    """Fold the events about one piece of evidence; ``None`` where nothing was ever done to it."""
    history = list(events)
    first = next((item for item in history if verb_of(item) not in {_BACK, _AGAIN}), None)
    if first is None:
        return None
    start = first.payload or {}
    status, reviewer, at = str(start.get("status") or PROPOSED), start.get("reviewer"), None
    at = start.get("at")
    says: dict[tuple[int | None, bool], Say] = {}
    left = standing(history)
    for event in left:
        payload, verb = event.payload or {}, verb_of(event)
        key = (event.actor_id, bool(payload.get("adjudicated")))
        if verb in {ACCEPTED, REJECTED}:
            before = says.pop(key, None)
            rated = {**(before.rated if before else {}), **payload.get("set", {})}
            says[key] = Say(
                event.actor_id, verb, event.at, rated, key[1], bool(payload.get("blind"))
            )
        elif verb in {RETRACTED, PROPOSED}:
            says.pop((event.actor_id, False), None)
            if verb == PROPOSED:
                status, reviewer, at = PROPOSED, None, None
    order = sorted(says.values(), key=lambda say: say.adjudicated)  # stable: settled ones last
    counts = order[-1] if order else None
    there = not start.get("added") or any(say.status == ACCEPTED for say in order)
    return Outcome(
        says=tuple(order),
        status=counts.status if counts else status,
        reviewer=None if counts else reviewer,
        at=None if counts else at,
        say=counts,
        current=there,
        rated=_rated(history, left),
    )


def _rated(history: list[Event], left: list[Event]) -> dict[str, Any]:
    """Return each changed value: as last set by what stands, else as it was before all changes."""
    values: dict[str, Any] = {}
    for event in history:
        for name, value in (event.payload or {}).get("was", {}).items():
            values.setdefault(name, value)
    for event in left:
        values.update((event.payload or {}).get("set", {}))
    return values
