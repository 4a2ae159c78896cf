"""Who has read a source to its end: what they left uncoded there counts as a no."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from embauche.workbench.models import Event, Source, User
from embauche.workbench.services.conflicts import touch
from embauche.workbench.services.deciding import hold, new_act
from embauche.workbench.services.evidence_history import standing
from embauche.workbench.services.roles import coder_of
from embauche.workbench.services.visibility import coding_blind

_READ, _UNREAD = "source.reviewed", ("source.undone", "source.redone")


@dataclass(frozen=True, slots=True)
class Readers:
    """Whether the actor has read a source to its end, and who else has."""

    me: bool
    others: tuple[str, ...]


def mark_read(source_id: int, read: bool, actor: User) -> None:  # noqa: FBT001 (the value set)
    """Say that the actor has read a source to its end, or that they have not."""
    with transaction.atomic():
        source = Source.objects.select_related("study").get(pk=source_id)
        study = hold(source.study_id, actor)
        if readers(source, actor).me == read:
            return
        coder_of(actor, study)
        Event(
            study=study,
            actor=actor,
            verb=_READ,
            kind="source",
            key=source.key,
            version=source.version,
            payload={"act": new_act(), "reviewed": read, "blind": study.blind},
        ).save()
        touch(study)


def readers(source: Source, actor: User) -> Readers:
    """Return who has read a source to its end; a blind coder learns of themselves alone."""
    history: dict[int, list[Event]] = {}
    rows = Event.objects.filter(
        study=source.study_id, kind="source", key=source.key, verb__in=(_READ, *_UNREAD)
    )
    for event in rows.select_related("actor").order_by("pk"):
        if event.actor_id is not None:
            history.setdefault(event.actor_id, []).append(event)
    done = {}
    for person, events in history.items():
        left = standing(events)
        if left and (left[-1].payload or {}).get("reviewed", True):
            done[person] = left[-1].actor
    others = [
        user.pseudonym or user.get_username()
        for key, user in done.items()
        if key != actor.pk and user is not None
    ]
    hidden = coding_blind(source.study, actor)
    return Readers(actor.pk in done, () if hidden else tuple(others))
