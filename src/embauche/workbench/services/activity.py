"""What happened in a study: the event log, read in bursts of one person's work."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet

from embauche.workbench.models import Event, Study, User

BREAK: Final = timedelta(minutes=30)
"""After so long a pause, what a person does next is another burst."""

_BURSTS: Final = 30
_READ: Final = 1000
_SHOWN: Final = 5
_OPERATION: Final = "job.operation"
_STEPS: Final = "step"
"""Kind of events that only help to undo."""


@dataclass(slots=True)
class Line:
    """One thing that a person did in a burst, however often.

    Attributes
    ----------
    verb
        The event's verb; an operation on jobs has its own name after a second dot.
    n
        How often.
    events
        The latest of them, with their payload: what they were done to is shown.
    """

    verb: str
    n: int = 0
    pks: list[int] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.n - len(self.events)


@dataclass(slots=True)
class Burst:
    """What one person did without a longer pause.

    Attributes
    ----------
    actor
        The person; ``None`` once their account is gone.
    first, last
        When it began and ended.
    lines
        What they did, the latest first.
    """

    actor: User | None
    first: datetime
    last: datetime
    lines: dict[str, Line] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of bursts; `older` is where the next one begins, if there is one."""

    bursts: tuple[Burst, ...]
    older: int | None


def feed(
    study: Study,
    *,
    actor: int | None = None,
    kind: str = "",
    before: int | None = None,
    hidden: Q | None = None,
) -> Feed:
    """Read the history backwards, in bursts.

    Parameters
    ----------
    actor
        Only what this person did.
    kind
        Only what was done to this kind of object.
    before
        Only events older than this one.
    hidden
        What the reader may not see.
    """
    rows = Event.objects.filter(study=study).order_by("-pk")
    if hidden is not None:
        rows = rows.exclude(hidden)
    if actor is not None:
        rows = rows.filter(actor=actor)
    if kind:
        rows = rows.filter(kind=kind)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    told = ("pk", "actor_id", "verb", "at", "payload__op", "payload__added")
    read = list(rows.exclude(kind=_STEPS).values_list(*told)[:_READ])
    going: dict[int | None, Burst] = {}
    found: list[Burst] = []
    who: list[int | None] = []
    older = read[-1][0] if len(read) == _READ else None
    for place, (pk, actor_id, verb, at, operation, added) in enumerate(read):
        burst = going.get(actor_id)
        if burst is None or burst.first - at > BREAK:
            if len(found) == _BURSTS:
                older = read[place - 1][0]
                break
            burst = going[actor_id] = Burst(None, at, at)
            found.append(burst)
            who.append(actor_id)
        burst.first = at
        name = _name(verb, operation, added)
        line = burst.lines.setdefault(name, Line(name))
        line.n += 1
        if len(line.pks) < _SHOWN:
            line.pks.append(pk)
    _fill(found, who)
    return Feed(tuple(found), older)


def history_of(study: Study, kind: str, key: str, hidden: Q | None = None) -> list[Event]:
    """Return all that was done to one job or one piece of evidence, the latest first."""
    rows: QuerySet[Event] = Event.objects.filter(study=study).select_related("actor")
    if hidden is not None:
        rows = rows.exclude(hidden)
    about = Q(kind=kind, key=key) | Q(kind="comment", payload__on=kind, payload__object=key)
    found = list(rows.filter(about))
    if kind in {"job", "evidence"}:
        done = rows.filter(kind="operation", verb=_OPERATION)
        found += [event for event in done if _names(event.payload, key)]
    return sorted(found, key=lambda event: -event.pk)


def kinds_of(study: Study) -> list[str]:
    """Return the kinds of objects that something was done to."""
    rows = Event.objects.filter(study=study).order_by().values_list("kind", flat=True)
    return sorted(rows.exclude(kind=_STEPS).distinct())


def _name(verb: str, operation: object, added: object) -> str:
    """Tell operations on jobs apart, and what a person coded from what they accepted."""
    if verb == _OPERATION and operation:
        return f"{verb}.{operation}"
    return f"{verb}.added" if verb == "evidence.accepted" and added else verb


def _fill(found: list[Burst], who: list[int | None]) -> None:
    """Read the people and the events that are shown, each kind in one query."""
    users = User.objects.in_bulk([pk for pk in who if pk is not None])
    shown = [pk for burst in found for line in burst.lines.values() for pk in line.pks]
    events = Event.objects.in_bulk(shown)
    for burst, actor in zip(found, who, strict=True):
        burst.actor = users.get(actor) if actor is not None else None
        for line in burst.lines.values():
            line.events = [events[pk] for pk in line.pks if pk in events]


def _names(value: Any, key: str) -> bool:
    """Tell whether a key stands anywhere in what an event says."""
    if isinstance(value, dict):
        return any(name == key or _names(item, key) for name, item in value.items())
    if isinstance(value, list):
        return any(_names(item, key) for item in value)
    return bool(value == key)
