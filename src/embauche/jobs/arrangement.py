"""Which goal evidence is in which job, with people's words on it; operations carried out on that.

The start is what the machine grouped; `replay` carries the standing operations of a log out on it,
in their order. Every piece of goal evidence is in exactly one job or in none, always.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from embauche.jobs.operations import (
    Delete,
    Entry,
    Members,
    Merge,
    Move,
    Redo,
    Rename,
    Retype,
    SetParent,
    Split,
    Undelete,
    Undo,
    snapshots,
)
from embauche.vocabulary import JobType, Language

_NOTHING: Mapping[str, Any] = MappingProxyType({})

Nearest = Callable[[str, Sequence[Members]], int]
"""Goal evidence and sets of goal evidence → the place of the set that it is nearest to."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Jobs as sets of goal evidence, and what people said of them.

    Attributes
    ----------
    members
        Job id → its goal evidence, never empty.
    unassigned
        Goal evidence in no job.
    others
        Evidence that states no goal.
    statements
        Job id → language → a person's wording.
    types
        Job id → the type that a person gave it.
    parents
        Job id → the job that it is part of.
    attached
        Evidence that states no goal → the job that a person moved it to, or ``None``.
    deleted
        Id of a deleted job → the goal evidence that it had.
    merged
        Id of a job that is gone → the job that it was made part of.
    """

    members: Mapping[str, Members]
    unassigned: Members = frozenset()
    others: Members = frozenset()
    statements: Mapping[str, Mapping[Language, str]] = field(default_factory=lambda: _NOTHING)
    types: Mapping[str, JobType] = field(default_factory=lambda: _NOTHING)
    parents: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    attached: Mapping[str, str | None] = field(default_factory=lambda: _NOTHING)
    deleted: Mapping[str, Members] = field(default_factory=lambda: _NOTHING)
    merged: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    def job_of(self, goal: str) -> str | None:
        """Return the job that goal evidence is in."""
        return next((job for job, items in self.members.items() if goal in items), None)

    def current(self, job: str) -> str | None:
        """Return the job that an id stands for by now: itself, or what it was merged into."""
        seen = set()
        while job not in self.members and job in self.merged and job not in seen:
            seen.add(job)
            job = self.merged[job]
        return job if job in self.members else None


@dataclass(frozen=True, slots=True)
class Conflict:
    """An operation that could not be carried out, or not on all of its evidence.

    Attributes
    ----------
    entry
        Its id in the log.
    missing
        What is no longer there: ``"job"``, ``"evidence"``, ``"part"`` (some of the evidence; the
        rest was carried out) or ``"cycle"`` (a job would be part of itself).
    ids
        The jobs or the evidence that are missing.
    """

    entry: str
    missing: str
    ids: tuple[str, ...] = ()


def replay(
    start: Arrangement, entries: Iterable[Entry], *, nearest: Nearest | None = None
) -> tuple[Arrangement, tuple[Conflict, ...]]:
    """Carry operations out one after the other.

    Parameters
    ----------
    start
        What the machine grouped.
    entries
        The operations that stand (`OperationLog.standing`).
    nearest
        Tells which part of a job that was split new evidence belongs to; without it new evidence
        stays with the part that kept the job's id.

    Returns
    -------
    arrangement, conflicts
        The jobs as people arranged them, and what could not be carried out.
    """
    entries = tuple(entries)
    desk = _Desk(start, nearest, _named(entries))
    for entry in entries:
        desk.carry_out(entry)
    return desk.arrangement(), tuple(desk.conflicts)


def _named(entries: Iterable[Entry]) -> Members:
    """Return the ids of all jobs that operations are about."""
    named: set[str] = set()
    for entry in entries:
        if not isinstance(entry.operation, Undo | Redo):
            named.update(snapshots(entry.operation))
        if isinstance(entry.operation, Split):
            named.update(entry.operation.parts)
    return frozenset(named)


class _Desk:
    """An arrangement that is being worked on."""

    def __init__(self, start: Arrangement, nearest: Nearest | None, named: Members) -> None:
        self.start = start
        self.nearest = nearest
        self.named = named
        self.place: dict[str, str | None] = dict.fromkeys(sorted(start.unassigned))
        for job, items in start.members.items():
            self.place.update(dict.fromkeys(items, job))
        self.members = {job: set(items) for job, items in start.members.items()}
        self.statements = {job: dict(words) for job, words in start.statements.items()}
        self.types = dict(start.types)
        self.parents = dict(start.parents)
        self.attached = dict(start.attached)
        self.deleted = dict(start.deleted)
        self.merged = dict(start.merged)
        self.conflicts: list[Conflict] = []
        self.entry = ""

    def arrangement(self) -> Arrangement:
        return Arrangement(
            members={job: frozenset(items) for job, items in self.members.items()},
            unassigned=frozenset(key for key, job in self.place.items() if job is None),
            others=self.start.others,
            statements={job: dict(words) for job, words in self.statements.items()},
            types=dict(self.types),
            parents=dict(self.parents),
            attached=dict(self.attached),
            deleted=dict(self.deleted),
            merged={old: new for old, new in self.merged.items() if old not in self.members},
        )

    def carry_out(self, entry: Entry) -> None:
        self.entry = entry.id
        done = entry.operation
        if isinstance(done, Merge):
            self._merge(done)
        elif isinstance(done, Split):
            self._split(done)
        elif isinstance(done, Move):
            self._move(done)
        elif isinstance(done, Delete):
            self._delete(done)
        elif isinstance(done, Undelete):
            self._undelete(done)
        elif isinstance(done, Rename | Retype | SetParent):
            self._say(done)

    def _conflict(self, missing: str, ids: Iterable[str] = ()) -> None:
        self.conflicts.append(Conflict(self.entry, missing, tuple(sorted(ids))))

    def _known(self, wanted: Members) -> Members:
        """Keep the goal evidence that is still there, and note what is not."""
        here = frozenset(key for key in wanted if key in self.place)
        if here and len(here) < len(wanted):
            self._conflict("part", wanted - here)
        return here

    def _put(self, goals: Iterable[str], job: str | None) -> None:
        for goal in list(goals):
            before = self.place[goal]
            if before is not None:
                self.members[before].discard(goal)
                if not self.members[before] and before != job:
                    del self.members[before]
            self.place[goal] = job
            if job is not None:
                self.members.setdefault(job, set()).add(goal)

    def _mostly(self, goals: Members) -> list[str]:
        """Return the jobs most of whose goal evidence is among `goals`."""
        return [job for job, items in self.members.items() if 2 * len(items & goals) > len(items)]

    def _merge(self, done: Merge) -> None:
        goals = self._known(frozenset().union(*done.jobs.values()))
        jobs = {*(job for job in done.jobs if job in self.members), *self._mostly(goals)}
        if not goals and len(jobs) < 2:
            self._conflict("job", done.jobs)
            return
        # The job is taken up by its id in the order given, so that its words win.
        words = [self.statements.get(job, {}) for job in (done.into, *sorted(done.jobs))]
        types = [self.types[job] for job in (done.into, *sorted(done.jobs)) if job in self.types]
        self._put({*goals, *(goal for job in jobs for goal in self.members[job])}, done.into)
        for gone in sorted({*jobs, *done.jobs} - {done.into}):
            if gone not in self.members:
                self.merged[gone] = done.into
        said = {lang: text for own in reversed(words) for lang, text in own.items()}
        if said:
            self.statements[done.into] = said
        if types:
            self.types[done.into] = types[0]
        self.merged.pop(done.into, None)
        self.parents = {
            job: done.into if parent in done.jobs else parent
            for job, parent in self.parents.items()
            if not (parent in done.jobs and job in done.jobs)
        }
        if self._is_above(done.into, self.parents.get(done.into)):
            del self.parents[done.into]

    def _split(self, done: Split) -> None:
        parts = {job: self._known(goals) for job, goals in done.parts.items()}
        parts = {job: goals for job, goals in parts.items() if goals}
        if not parts:
            self._conflict("evidence", frozenset().union(*done.parts.values()))
            return
        out = frozenset().union(*parts.values())
        kept = frozenset(goal for goal in done.evidence - out if goal in self.place)
        sides = {done.job: kept, **parts} if kept else parts
        follow: dict[str, str] = {}
        for job, items in self.members.items():
            near = [side for side, goals in sides.items() if goals & items]
            rest = sorted(items - done.evidence)
            decided = len(items) - len(rest)
            if not near or (job != done.job and 2 * decided < len(items)):
                continue
            # New evidence of the job that was split follows one of its parts.
            largest = max(near, key=lambda side: len(sides[side] & items))
            for goal in rest:
                follow[goal] = (
                    near[self.nearest(goal, [sides[side] for side in near])]
                    if self.nearest is not None and len(near) > 1
                    else done.job
                    if done.job in near
                    else largest
                )
        for side, goals in sides.items():
            self._put(sorted(goals), side)
        for goal, side in follow.items():
            self._put([goal], side)

    def _move(self, done: Move) -> None:
        job = None if done.job is None else self._target(done)
        if done.job is not None and job is None:
            self._conflict("job", [done.job])
        elif done.moved in self.place:
            self._put([done.moved], job)
        elif done.moved in self.start.others:
            self.attached[done.moved] = job
        else:
            self._conflict("evidence", [done.moved])

    def _target(self, done: Move) -> str | None:
        job = str(done.job)
        return self._current(job) or (job if self._find(job, done.beside) else None)

    def _find(self, job: str, evidence: Members) -> bool:
        """Find a job by its id, else by its evidence, and let it have its id again.

        By evidence a job is found where at least half of what is left of it is together, or where
        it makes up at least half of another, that no operation is about.
        """
        if job in self.members:
            return True
        here = [goal for goal in evidence if goal in self.place]
        shared = Counter(self.place[goal] for goal in here)
        found = [
            other
            for other, n in shared.items()
            if other is not None
            and other not in self.named
            and (2 * n >= len(here) or 2 * n >= len(self.members[other]))
        ]
        if not found:
            return False
        best = min(found, key=lambda other: (-shared[other], other))
        self._put(sorted(self.members[best]), job)
        return True

    def _current(self, job: str) -> str | None:
        return Arrangement(
            {key: frozenset(items) for key, items in self.members.items()}, merged=self.merged
        ).current(job)

    def _delete(self, done: Delete) -> None:
        if not self._find(done.job, done.evidence):
            self._conflict("job", [done.job])
            return
        gone = frozenset(self.members[done.job])
        self._put(sorted(gone), None)
        self.deleted[done.job] = gone

    def _undelete(self, done: Undelete) -> None:
        had = self.deleted.get(done.job, done.evidence)
        back = [goal for goal in sorted(had) if goal in self.place and self.place[goal] is None]
        if not back or done.job in self.members:
            self._conflict("job", [done.job])
            return
        self._put(back, done.job)
        self.deleted.pop(done.job, None)

    def _say(self, done: Rename | Retype | SetParent) -> None:
        if not self._find(done.job, done.evidence):
            self._conflict("job", [done.job])
        elif isinstance(done, Rename):
            self.statements.setdefault(done.job, {})[done.language] = done.statement
        elif isinstance(done, Retype):
            self.types[done.job] = done.type
        elif done.parent is None:
            self.parents.pop(done.job, None)
        else:
            self._set_parent(done.job, done.parent)

    def _set_parent(self, job: str, wanted: str) -> None:
        parent = self._current(wanted)
        if parent is None:
            self._conflict("job", [wanted])
            return
        if self._is_above(job, parent):
            self._conflict("cycle", [job, parent])
            return
        self.parents[job] = parent

    def _is_above(self, job: str, other: str | None) -> bool:
        """Tell whether a job is another one, or one that the other is part of."""
        while other is not None and other != job:
            other = self.parents.get(other)
        return other is not None
