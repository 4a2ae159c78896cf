"""Undo and redo without end, each person their own: the acts of a study, taken back in order.

An act is what a person did in one go: one code, a page accepted, forty pieces of evidence recoded,
a memo, an operation on jobs. Undoing takes back the person's latest act that stands and touches
nobody else's: where somebody changed the same thing later, their work stays and is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from embauche.errors import StudyError
from embauche.workbench.models import Event, Evidence, Job, Study, User
from embauche.workbench.services import job_operations
from embauche.workbench.services.conflicts import StaleVersionError, change, touch
from embauche.workbench.services.deciding import hold, refold, restored
from embauche.workbench.services.evidence_history import act_of, standing, verb_of
from embauche.workbench.services.memos import MODELS
from embauche.workbench.services.roles import RANK, role_in
from embauche.workbench.services.visibility import coding_blind

_KINDS: Final = ("evidence", "sentence", "memo", "source", "job", "operation", "step")
_BACK, _AGAIN, _PASSED = "undone", "redone", "passed"
_A_LOOK: Final = 200
_OPERATION: Final = "job.operation"


@dataclass(frozen=True, slots=True)
class Step:
    """One act that was, or can be, taken back or brought back.

    Attributes
    ----------
    act
        Its name.
    what
        What was done, for the sentence (``coding.did.<what>``).
    n
        How many things it is about.
    words
        A few words of the first of them.
    facet
        The facet, where it is about one.
    kept_by
        Who changed the same later: their work stands.
    keys
        Keys of the evidence that it is about.
    """

    act: str
    what: str
    n: int = 1
    words: str = ""
    facet: str = ""
    kept_by: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def undo_latest(study_id: int, actor: User) -> Step | None:
    """Take back the actor's latest act that stands; ``None`` where there is none."""
    with transaction.atomic():
        study = hold(study_id, actor)
        found = next_undo(study, actor)
        return None if found is None else undo_act(study, actor, *found)


def redo_latest(study_id: int, actor: User) -> Step | None:
    """Bring back what the actor took back last, unless they did something else since."""
    with transaction.atomic():
        study = hold(study_id, actor)
        found = next_redo(study, actor)
        return None if found is None else _redo_act(study, actor, *found)


def next_undo(study: Study, actor: User) -> tuple[str, int] | None:
    """Return the name of the act that an undo would take back, and the key of an event of it."""
    state: dict[str, str] = {}
    for event in _acts(study, actor):
        move, act = _move(event)
        if move is None:
            if state.get(act) in {None, _AGAIN}:
                return act, event.pk
        else:
            state.setdefault(act, move)
    return None


def next_redo(study: Study, actor: User) -> tuple[str, int] | None:
    """Return the name of the act that a redo would bring back, and the key of an event of it."""
    state: dict[str, str] = {}
    for event in _acts(study, actor):
        move, act = _move(event)
        if move is None:
            return None  # done since, or before all that was taken back
        if state.setdefault(act, move) == _BACK:
            return act, event.pk
    return None


def undo_act(study: Study, actor: User, act: str, at: int | None = None) -> Step:
    """Take one act back; the caller holds the study, and may know one of its events."""
    events = _events_of(study, actor, act, at)
    step = _step(study, act, events)
    if not events:
        return step
    kept: list[str] = []
    kinds = {event.kind for event in events}
    if "operation" in kinds:
        kept += _undo_operation(study, actor, events[0])
    rows = _rows(study, events)
    said = [event for event in events if event.kind == "evidence"]
    _mark(study, actor, said, _BACK, act)
    refold(study, rows, [actor.pk])
    if not coding_blind(study, actor):
        kept += _later(study, actor, said)
    _mark(study, actor, [event for event in events if event.kind == "sentence"], _BACK, act)
    seen = [event for event in events if event.verb == "source.reviewed"]
    _mark(study, actor, seen, _BACK, act)
    for event in events:
        if event.kind == "memo":
            kept += _set_memo(study, actor, event, act, _BACK)
        elif event.verb == "job.reworded":
            kept += _unreword(study, actor, event, act)
    if kept and not said:
        # Nothing was taken back: the next undo goes on to the act before.
        _record(study, actor, f"step.{_PASSED}", "step", act[:200], 1, {"of": act})
    touch(study)
    return replace(step, kept_by=tuple(dict.fromkeys(kept)))


def _redo_act(study: Study, actor: User, act: str, at: int) -> Step:
    events = _events_of(study, actor, act, at)
    step = _step(study, act, events)
    kept: list[str] = []
    if any(event.kind == "operation" for event in events):
        try:
            job_operations.redo(study.pk, actor)
        except StudyError:
            kept.append("")
    said = [event for event in events if event.kind == "evidence"]
    rows = _rows(study, events)
    _mark(study, actor, said, _AGAIN, act)
    refold(study, rows, [actor.pk])
    rest = [event for event in events if event.kind == "sentence"]
    rest += [event for event in events if event.verb == "source.reviewed"]
    _mark(study, actor, rest, _AGAIN, act)
    for event in events:
        if event.kind == "memo":
            kept += _set_memo(study, actor, event, act, _AGAIN)
    touch(study)
    return replace(step, kept_by=tuple(dict.fromkeys(kept)))


def _acts(study: Study, actor: User) -> Iterator[Event]:
    """Give the actor's events that undo knows, the latest first, a handful at a time."""
    rows = Event.objects.filter(study=study, actor=actor, kind__in=_KINDS).order_by("-pk")
    editor = RANK.get(role_in(actor, study) or "", 0) >= RANK["editor"]
    last: int | None = None
    while True:
        page = list((rows if last is None else rows.filter(pk__lt=last))[:_A_LOOK])
        for event in page:
            if event.payload is None:
                continue
            if event.kind in {"job", "operation"} and not editor:
                continue
            if event.kind == "job" and event.verb not in {"job.reworded", "job.undone"}:
                continue
            if event.kind == "source" and event.verb.partition(".")[2] not in {
                "reviewed", _BACK, _AGAIN,
            }:  # fmt: skip
                continue
            yield event
        if len(page) < _A_LOOK:
            return
        last = page[-1].pk


def _move(event: Event) -> tuple[str | None, str]:
    """Return whether an event takes an act back or brings it back, and which act it is about."""
    payload: dict[str, Any] = event.payload or {}
    if event.verb == _OPERATION:
        op = payload.get("op")
        if op in {"undo", "redo"}:
            return (_BACK if op == "undo" else _AGAIN), f"O:{payload.get('entry')}"
        return None, f"O:{payload.get('id')}"
    verb = verb_of(event)
    if verb in {_BACK, _AGAIN, _PASSED}:
        return verb, str(payload.get("of") or f"#{event.pk}")
    return None, act_of(event)


def _events_of(study: Study, actor: User, act: str, at: int | None) -> list[Event]:
    rows = Event.objects.filter(study=study, actor=actor).order_by("pk")
    if act.startswith("O:"):
        return list(rows.filter(verb=_OPERATION, key=act[2:]))
    if act.startswith("#"):
        found = list(rows.filter(pk=int(act[1:])))
        keys = [key for event in found for key in (event.payload or {}).get("evidence", ())]
        if keys:  # an answer of before acts had names: its evidence are events of their own
            latest: dict[str, Event] = {}
            for event in rows.filter(kind="evidence", key__in=keys):
                latest[event.key] = event
            found += latest.values()
        return found
    near = rows.filter(pk=at).first() if at is not None else None
    if near is not None and verb_of(near) in {_BACK, _AGAIN}:
        same = rows.filter(kind=near.kind, key=near.key, pk__lt=near.pk)
        near = next((item for item in same if act_of(item) == act), None)
    if near is not None:
        # An act is written in one go: looking into the rest of the history would take its time.
        around = timedelta(minutes=1)
        rows = rows.filter(at__gte=near.at - around, at__lte=near.at + around)
    found = rows.filter(payload__act=act, kind__in=_KINDS)
    return [event for event in found if verb_of(event) not in {_BACK, _AGAIN}]


def _rows(study: Study, events: list[Event]) -> list[Evidence]:
    """Return the evidence of an act; what an analysis let go since is made again."""
    added = {event.key: event for event in events if event.kind == "evidence"}
    rows = list(
        Evidence.objects.filter(study=study, key__in=added).select_related("participant", "source")
    )
    known = {row.key for row in rows}
    for key, event in added.items():
        if key not in known and (made := restored(study, event)) is not None:
            rows.append(made)
    return rows


def _mark(study: Study, actor: User, events: list[Event], verb: str, act: str) -> None:
    """Write down, of each thing of an act, that it was taken back or brought back."""
    Event.objects.bulk_create(
        Event(
            study=study,
            actor=actor,
            verb=f"{kind}.{verb}",
            kind=kind,
            key=key,
            version=version + 1,
            payload={"of": act_of(event) if act.startswith("#") else act},
        )
        for kind, key, version, event in (
            (event.kind, event.key, event.version, event) for event in events
        )
    )


def _later(study: Study, actor: User, events: list[Event]) -> list[str]:
    """Return who decided later about the same evidence: their decisions stand."""
    if not events:
        return []
    first = min(event.pk for event in events)
    said: dict[str, list[Event]] = {}
    for event in Event.objects.filter(
        study=study, kind="evidence", key__in=[event.key for event in events], pk__gt=first
    ).select_related("actor"):
        said.setdefault(event.key, []).append(event)
    names = []
    for history in said.values():
        names += [
            event.actor.pseudonym or event.actor.get_username()
            for event in standing(history)
            if event.actor is not None and event.actor_id != actor.pk
        ]
    return names


def _undo_operation(study: Study, actor: User, event: Event) -> list[str]:
    """Take an operation on jobs back, unless somebody else did something to the same jobs since."""
    payload: dict[str, Any] = event.payload or {}
    about = _jobs_in(payload)
    since = Event.objects.filter(study=study, verb=_OPERATION, pk__gt=event.pk)
    off = {str((item.payload or {}).get("entry")) for item in since}
    for item in since.exclude(actor=actor).select_related("actor"):
        told: dict[str, Any] = item.payload or {}
        if item.key not in off and "entry" not in told and about & _jobs_in(told):
            actor_ = item.actor
            return [(actor_.pseudonym or actor_.get_username()) if actor_ else ""]
    try:
        job_operations.undo(study.pk, actor, event.key)
    except StudyError:
        return [""]
    return []


def _jobs_in(line: dict[str, Any]) -> set[str]:
    found = {str(line[key]) for key in ("job", "into", "parent") if line.get(key)}
    for key in ("jobs", "parts"):
        found.update(str(job) for job in line.get(key) or ())
    return found


def _set_memo(study: Study, actor: User, event: Event, act: str, verb: str) -> list[str]:
    payload: dict[str, Any] = event.payload or {}
    of, _, key = event.key.partition(":")
    was, now = payload.get("before", ""), payload.get("after", "")
    wanted, other = (was, now) if verb == _BACK else (now, was)
    row = MODELS[of].objects.filter(study=study, key=key).first()
    if row is None or row.memo != other:
        return [_last_hand(study, actor, event)]
    change(row, row.version, memo=wanted)
    _record(study, actor, f"memo.{verb}", "memo", event.key, row.version, {"of": act})
    return []


def _unreword(study: Study, actor: User, event: Event, act: str) -> list[str]:
    before: dict[str, Any] = event.payload or {}
    row = Job.objects.filter(study=study, key=event.key).first()
    if row is None or row.version != event.version or "statement" not in before:
        return [_last_hand(study, actor, event)]
    back = bool(before.get("proposal"))
    try:
        change(
            row,
            event.version,
            statement=before["statement"],
            statement_is_proposal=back,
            **({"worded_by": None, "worded_at": None} if back else {}),
        )
    except StaleVersionError:
        return [_last_hand(study, actor, event)]
    _record(study, actor, "job.undone", "job", event.key, row.version, {"of": act})
    return []


def _last_hand(study: Study, actor: User, event: Event) -> str:
    """Return the name of who changed the same thing last; empty where it is not known."""
    later = Event.objects.filter(study=study, kind=event.kind, key=event.key, pk__gt=event.pk)
    other = later.exclude(actor=actor).select_related("actor").last()
    if other is None or other.actor is None:
        return ""
    return str(other.actor.pseudonym or other.actor.get_username())


def _step(study: Study, act: str, events: list[Event]) -> Step:
    """Say what an act was, in a code and a few words."""
    if not events:
        return Step(act, "nothing", 0)
    first = next((event for event in events if event.kind == "sentence"), events[0])
    said = [event for event in events if event.kind == "evidence"]
    verbs = {verb_of(event) for event in said}
    about = [event.key.partition(":")[2] for event in events if event.kind == "memo"]
    keys = tuple(event.key for event in said) or tuple(about)
    row = Evidence.objects.filter(study=study, key__in=keys).last()
    words = row.quote if row is not None else ""
    facet = row.facet if row is not None and len(said) == 1 else ""
    if first.kind in {"sentence", "operation", "memo", "source", "job"}:
        what = "statement" if first.kind == "job" else first.kind
    elif len(verbs) > 1 and "accepted" in verbs:
        what = "changed"
    elif any((event.payload or {}).get("set") for event in said):
        what = "rated" if not (said[0].payload or {}).get("added") else "coded"
    elif any((event.payload or {}).get("added") for event in said):
        what = "coded"
    elif verbs == {"retracted"}:
        what = "removed"
    else:
        what = next(iter(verbs))
    several = len(said) // 2 if what == "changed" else len(said)
    return Step(act, what, max(several, 1), words[:80], facet, keys=keys)


def _record(
    study: Study, actor: User, verb: str, kind: str, key: str, version: int, payload: dict[str, Any]
) -> None:
    Event(
        study=study, actor=actor, verb=verb, kind=kind, key=key, version=version, payload=payload
    ).save()
