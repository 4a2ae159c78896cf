"""What one operation changed on the board, and how it is said: only these cards are drawn anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from embauche.jobs import Arrangement, Entry
from embauche.jobs.operations import (
    Delete,
    Merge,
    Move,
    Rename,
    Retype,
    SetParent,
    Split,
    Undelete,
)
from embauche.workbench.models import Evidence, JobEvidence, Study
from embauche.workbench.services.board import Board, anchor, board
from embauche.workbench.services.desk import Desk

_QUOTED = 90


@dataclass(frozen=True, slots=True)
class Sentence:
    """What an operation is called, with what it names.

    Attributes
    ----------
    kind, params
        ``board.done.<kind>`` of the catalogue says it, ``board.was.<kind>`` names it.
    type
        Of a job, where the sentence names one.
    """

    kind: str
    params: Mapping[str, Any]
    type: str = ""


@dataclass(frozen=True)
class Changes:
    """What is drawn anew.

    Attributes
    ----------
    board
        The changed cards, and the tray.
    new
        Id of a new card → id of the one that it lies behind, ``None`` where it comes first.
    gone
        Ids of the elements of jobs that are no more.
    """

    board: Board
    new: Mapping[str, str | None]
    gone: tuple[str, ...]


def changes(before: Desk, after: Desk) -> Changes:
    """Compare the board before and after."""
    old, new = before.jobs, after.jobs
    touched = {
        key
        for key in new.members
        if key not in old.members
        or old.members[key] != new.members[key]
        or _said(old, key) != _said(new, key)
        or before.name(key) != after.name(key)
    }
    moved = {
        key
        for key in {*old.attached, *new.attached}
        if _target(old, key) != _target(new, key) or (key in old.attached) != (key in new.attached)
    }
    for key in moved:
        touched.update(job for jobs in (old, new) if (job := _target(jobs, key)) is not None)
    touched.update(_analysed_jobs(after.study, moved, new))
    # A job that is part of a renamed one says so.
    touched.update(job for job, parent in new.parents.items() if parent in touched)
    order = after.order
    fresh = {
        key: order[place - 1] if place else None
        for place, key in enumerate(order)
        if key not in old.members
    }
    gone = tuple(anchor(key) for key in sorted(old.members.keys() - new.members.keys()))
    return Changes(board(after, touched & new.members.keys()), fresh, gone)


def told(entry: Entry, found: Desk, before: Desk | None = None) -> Sentence:
    """Say what an operation does or did.

    Parameters
    ----------
    entry
        The operation.
    found
        The board that has the names.
    before
        The board before it, where it is at hand: it knows the names of jobs that are gone.
    """
    done = entry.operation
    names = _Names(found, before)
    kind = type(done).__name__.lower()
    params: dict[str, Any] = {}
    if isinstance(done, Merge):
        gone = [names.of(job) for job in done.jobs if job != done.into]
        params = {"jobs": gone, "into": names.of(done.into)}
    elif isinstance(done, Split):
        n = sum(len(goals) for goals in done.parts.values())
        params = {"n": n, "job": names.of(done.job)}
    elif isinstance(done, Move):
        kind = "move_out" if done.job is None else "move"
        params = {"quote": _shortened(_quote(found.study, done.moved)), "job": names.of(done.job)}
    elif isinstance(done, Rename):
        params = {"statement": done.statement}
    elif isinstance(done, SetParent):
        kind = "no_parent" if done.parent is None else "parent"
        params = {"job": names.of(done.job), "parent": names.of(done.parent)}
    elif isinstance(done, Retype | Delete | Undelete):
        params = {"job": names.of(done.job)}
    return Sentence(kind, params, done.type.value if isinstance(done, Retype) else "")


class _Names:
    """Names of jobs, also of those that are no more."""

    def __init__(self, found: Desk, before: Desk | None) -> None:
        self._desks = (before, found) if before is not None else (found,)

    def of(self, job: str | None) -> str:
        if job is None:
            return ""
        for desk in self._desks:
            if job in desk.jobs.members or job in desk.rows:
                return desk.name(job)
        return self._desks[0].name(job)


def _said(jobs: Arrangement, key: str) -> tuple[object, ...]:
    parent = jobs.parents.get(key)
    return (
        dict(jobs.statements.get(key, {})),
        jobs.types.get(key),
        jobs.current(parent) if parent else None,
    )


def _target(jobs: Arrangement, evidence: str) -> str | None:
    job = jobs.attached.get(evidence)
    return jobs.current(job) if job is not None else None


def _analysed_jobs(study: Study, moved: set[str], jobs: Arrangement) -> set[str]:
    """Return the jobs that the analysis had attached evidence to."""
    if not moved:
        return set()
    rows = JobEvidence.objects.filter(job__study=study, evidence__key__in=moved)
    return {now for job in rows.values_list("job__key", flat=True) if (now := jobs.current(job))}


def _quote(study: Study, key: str) -> str:
    found = Evidence.objects.filter(study=study, key=key).values_list("quote", flat=True)
    return found.first() or key


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _QUOTED else text[:_QUOTED].rsplit(" ", 1)[0] + "…"
