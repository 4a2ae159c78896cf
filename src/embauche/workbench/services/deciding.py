"""Write down what people say of evidence: an event each, their coding, and the outcome in the row.

Every use case that codes goes through `write`; every undo through `refold`. Both are called inside
a transaction that holds the study (`hold`), so that two at once take turns.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from embauche.errors import EvidenceError
from embauche.workbench.models import (
    Coder,
    Coding,
    Event,
    Evidence,
    Participant,
    Source,
    Study,
    User,
)
from embauche.workbench.services.coded_words import still_said
from embauche.workbench.services.conflicts import touch
from embauche.workbench.services.evidence_history import (
    ACCEPTED,
    PROPOSED,
    RATED,
    REJECTED,
    Outcome,
    outcome,
)
from embauche.workbench.services.roles import coder_of, require

_SIDES = ("evidence", "coder", "adjudicated", "here")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says of one piece of evidence.

    Attributes
    ----------
    row
        The evidence as it stands.
    status
        ``"accepted"``, ``"rejected"``, ``"retracted"`` or ``"proposed"``.
    rated
        Moment and ratings that they change; ``None`` says that a value is unknown.
    added
        True where nobody had proposed or coded it.
    adjudicated
        True where it settles what others disagree on.
    aside
        True for a no to evidence that is set aside: it is meant, and leaves it there.
    """

    row: Evidence
    status: str
    rated: Mapping[str, Any] = field(default_factory=dict)
    added: bool = False
    adjudicated: bool = False
    aside: bool = False


def new_act() -> str:
    """Return a name for what a person does in one go: it is undone in one go as well."""
    return uuid.uuid4().hex[:12]


def hold(study_id: int, actor: User, role: str = "coder") -> Study:
    """Return the study, locked until the transaction ends, if the actor may.

    Raises
    ------
    PermissionDenied
        If the actor may not.
    """
    study = Study.objects.select_for_update().get(pk=study_id)
    require(actor, study, role)
    return study


def write(study: Study, actor: User, decisions: Sequence[Decision], act: str | None = None) -> str:
    """Write down decisions, all of one act; rows are refreshed in place.

    Returns
    -------
    str
        The act.
    """
    act = act or new_act()
    if not decisions:
        return act
    coder, now = coder_of(actor, study), timezone.now()
    Event.objects.bulk_create(
        [_event(study, actor, item, act) for item in decisions], batch_size=200
    )
    said = [item for item in decisions if item.status in {ACCEPTED, REJECTED}]
    aside: set[int] = {item.row.pk for item in said if not _may_stand(item.row)}
    for item in said:
        if item.row.pk in aside and not item.aside:
            source = item.row.source
            raise EvidenceError("coding.not_a_participant", source=source.name, source_id=source.pk)
    _keep_codings(study, coder, said, now)
    settled = set(
        Coding.objects.filter(
            study=study, adjudicated=True, evidence__in=[item.row.pk for item in said]
        ).values_list("evidence_id", flat=True)
    )
    for item in said:
        row = item.row
        for name, value in item.rated.items():
            setattr(row, name, _stored(name, value))
        row.current, row.withdrawn = row.pk not in aside, False
        if item.adjudicated or row.pk not in settled:
            row.status, row.reviewer, row.reviewed_at = item.status, coder, now
    _save([item.row for item in said])
    rest = [item.row for item in decisions if item.status not in {ACCEPTED, REJECTED}]
    refold(study, rest, [actor.pk])
    touch(study, evidence_only=True)
    return act


def refold(study: Study, rows: Sequence[Evidence], actors: Iterable[int | None]) -> None:
    """Bring rows, and what these people say of them, up to what stands of their history."""
    if not rows:
        return
    history: dict[str, list[Event]] = {}
    keys = [row.key for row in rows]
    for event in Event.objects.filter(study=study, kind="evidence", key__in=keys).order_by("pk"):
        history.setdefault(event.key, []).append(event)
    coders = dict(
        Coder.objects.filter(study=study, user__isnull=False).values_list("user_id", "pk")
    )
    people = set(actors)
    Coding.objects.filter(
        study=study,
        here=True,
        evidence__in=[row.pk for row in rows],
        coder__in=[coders[actor] for actor in people if actor in coders],
    ).delete()
    codings: list[Coding] = []
    for row in rows:
        found = outcome(history.get(row.key, ()))
        if found is None:
            continue
        _take(row, found, coders)
        codings += [
            Coding(
                study=study,
                evidence=row,
                coder_id=coders[say.actor],
                status=say.status,
                facet=row.facet,
                rated=dict(say.rated),
                adjudicated=say.adjudicated,
                blind=say.blind,
                at=say.at,
            )
            for say in found.says
            if say.actor in people and say.actor in coders
        ]
    Coding.objects.bulk_create(codings, batch_size=200)
    _save(rows)


def restored(study: Study, event: Event) -> Evidence | None:
    """Make again a row that an analysis let go, from the event that had added it."""
    made = (event.payload or {}).get("row")
    if made is None:
        return None
    source = Source.objects.filter(study=study, key=made["source"], current=True).first()
    person = Participant.objects.filter(study=study, key=made["participant"]).first()
    start, end = int(made["start"]), int(made["end"])
    if source is None or person is None or source.text[start:end] != made["quote"]:
        return None
    row: Evidence = Evidence.objects.create(
        study=study,
        key=event.key,
        source=source,
        participant=person,
        coder=Coder.objects.get_or_create(study=study, name=made["coder"])[0],
        start=start,
        end=end,
        quote=made["quote"],
        facet=made["facet"],
        language=source.language,
        status=PROPOSED,
        analysed_status="",
        current=False,
    )
    return row


def _may_stand(row: Evidence) -> bool:
    """Tell whether evidence is a participant's words, or stood as such before."""
    return row.current or still_said(row)


def _take(row: Evidence, found: Outcome, coders: Mapping[int, int]) -> None:
    for name, value in found.rated.items():
        setattr(row, name, _stored(name, value))
    # Evidence that is set aside comes back with the words of a participant, not with an undo.
    row.current = found.current and (row.current or still_said(row))
    row.status, row.withdrawn = found.status, False
    if found.say is not None:
        row.reviewer_id = coders.get(found.say.actor) if found.say.actor is not None else None
        row.reviewed_at = found.say.at
    else:
        row.reviewer_id = found.reviewer
        row.reviewed_at = parse_datetime(found.at) if found.at else None


def _stored(name: str, value: Any) -> Any:
    return value or "" if name == "moment" else value


def _save(rows: Sequence[Evidence]) -> None:
    """Write rows, one statement for all that hold the same values; each has a version more."""
    groups: dict[tuple[Any, ...], list[Evidence]] = {}
    for row in rows:
        values = (
            row.status, row.reviewer_id, row.reviewed_at, row.current, row.withdrawn,
            *(getattr(row, name) for name in RATED),
        )  # fmt: skip
        groups.setdefault(values, []).append(row)
    names = ("status", "reviewer_id", "reviewed_at", "current", "withdrawn", *RATED)
    for values, same in groups.items():
        Evidence.objects.filter(pk__in=[row.pk for row in same]).update(
            **dict(zip(names, values, strict=True)), version=F("version") + 1
        )
        for row in same:
            row.version += 1


def _event(study: Study, actor: User, item: Decision, act: str) -> Event:
    row = item.row
    payload: dict[str, Any] = {
        "act": act,
        "status": row.status,
        "reviewer": row.reviewer_id,
        "at": row.reviewed_at.isoformat() if row.reviewed_at else None,
    }
    if item.rated:
        payload["set"] = dict(item.rated)
        payload["was"] = {name: getattr(row, name) for name in item.rated}
    if item.added:
        payload |= {"status": PROPOSED, "reviewer": None, "at": None, "added": True}
        payload["row"] = {
            "source": row.source.key,
            "participant": row.participant.key,
            "coder": row.coder.name,
            "start": row.start,
            "end": row.end,
            "quote": row.quote,
            "facet": row.facet,
        }
    if item.adjudicated:
        payload["adjudicated"] = True
    if study.blind and not item.adjudicated:
        payload["blind"] = True
    return Event(
        study=study,
        actor=actor,
        verb=f"evidence.{item.status}",
        kind="evidence",
        key=row.key,
        version=row.version + 1,
        payload=payload,
    )


def _keep_codings(study: Study, coder: Coder, said: Sequence[Decision], now: datetime) -> None:
    known = {
        (evidence, adjudicated): rated
        for evidence, adjudicated, rated in Coding.objects.filter(
            study=study, coder=coder, here=True, evidence__in=[item.row.pk for item in said]
        ).values_list("evidence_id", "adjudicated", "rated")
    }
    Coding.objects.bulk_create(
        [
            Coding(
                study=study,
                evidence=item.row,
                coder=coder,
                status=item.status,
                facet=item.row.facet,
                rated={**known.get((item.row.pk, item.adjudicated), {}), **item.rated},
                adjudicated=item.adjudicated,
                blind=study.blind and not item.adjudicated,
                at=now,
            )
            for item in said
        ],
        batch_size=200,
        update_conflicts=True,
        unique_fields=list(_SIDES),
        update_fields=["status", "facet", "rated", "blind", "at"],
    )
