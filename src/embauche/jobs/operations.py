"""What people do to jobs: merge, split, rename, move… as immutable operations in a log.

An operation holds the goal evidence of the jobs that it is about, as a person saw them. That is how
it is carried out again when new interviews came in or the coder or the threshold changed: what was
put together stays together, what was put apart stays apart, whatever the jobs are called by then.

The log only grows. An undo is an entry that names the operation it takes back, a redo one that
brings it back; both can be repeated to the beginning and to the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from embauche.vocabulary import JobType, Language

Members = frozenset[str]
"""Ids of goal evidence."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Several jobs are one: `jobs` (id → its goal evidence) become the job `into`."""

    jobs: Mapping[str, Members]
    into: str


@dataclass(frozen=True, slots=True)
class Split:
    """Goal evidence leaves a job: `parts` (new id → goal evidence); what is left keeps the id."""

    job: str
    evidence: Members
    parts: Mapping[str, Members]


@dataclass(frozen=True, slots=True)
class Rename:
    """A person's statement of a job in one language."""

    job: str
    evidence: Members
    language: Language
    statement: str


@dataclass(frozen=True, slots=True)
class Move:
    """One piece of evidence goes to a job, or to none; `beside` is the job's goal evidence."""

    moved: str
    job: str | None
    beside: Members = frozenset()


@dataclass(frozen=True, slots=True)
class Retype:
    """A person says which of the four types of job it is."""

    job: str
    evidence: Members
    type: JobType


@dataclass(frozen=True, slots=True)
class SetParent:
    """A job is part of another, or of none."""

    job: str
    evidence: Members
    parent: str | None


@dataclass(frozen=True, slots=True)
class Delete:
    """A job is taken off the map; its goal evidence belongs to no job."""

    job: str
    evidence: Members


@dataclass(frozen=True, slots=True)
class Undelete:
    """A deleted job comes back with the evidence that no other job took meanwhile."""

    job: str
    evidence: Members


Operation = Merge | Split | Rename | Move | Retype | SetParent | Delete | Undelete


@dataclass(frozen=True, slots=True)
class Undo:
    """Takes back an operation: `entry` is its id in the log."""

    entry: str


@dataclass(frozen=True, slots=True)
class Redo:
    """Brings back an operation that was undone."""

    entry: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log.

    Attributes
    ----------
    id
        Unique in the log.
    operation
        What was done.
    coder
        Who did it, ``person:<name>``.
    at
        When, ISO 8601; empty where it is not known.
    """

    id: str
    operation: Operation | Undo | Redo
    coder: str = "person:"
    at: str = ""


@dataclass(frozen=True, slots=True)
class OperationLog:
    """Everything that people did to the jobs of a study, in order; it only grows."""

    entries: tuple[Entry, ...] = ()

    def append(
        self, operation: Operation | Undo | Redo, *, coder: str = "person:", at: str = ""
    ) -> OperationLog:
        """Return the log with one more entry; its id follows from the log and the operation."""
        known = {entry.id for entry in self.entries}
        number = len(self.entries)
        while (key := _digest(f"{number}\0{coder}\0{at}\0{operation!r}")) in known:
            number += 1
        return replace(self, entries=(*self.entries, Entry(key, operation, coder, at)))

    def undo(
        self, entry: str | None = None, *, coder: str = "person:", at: str = ""
    ) -> OperationLog:
        """Take back the latest operation that stands, or a named one.

        Raises
        ------
        LookupError
            If there is nothing to undo, or the named operation does not stand.
        """
        standing = [item.id for item in self.standing]
        if not standing or (entry is not None and entry not in standing):
            raise LookupError(entry or "")
        return self.append(Undo(entry or standing[-1]), coder=coder, at=at)

    def redo(self, *, coder: str = "person:", at: str = "") -> OperationLog:
        """Bring back what was undone last, unless something else was done since.

        Raises
        ------
        LookupError
            If there is nothing to redo.
        """
        if not self.redoable:
            raise LookupError
        return self.append(Redo(self.redoable[-1]), coder=coder, at=at)

    @property
    def standing(self) -> tuple[Entry, ...]:
        """The operations that count, in the order in which they were first done."""
        return tuple(entry for entry, stands in self.history() if stands)

    @property
    def redoable(self) -> tuple[str, ...]:
        """Ids of what was undone since the last operation; the last comes back first."""
        return tuple(self._fold()[1])

    def history(self) -> Iterator[tuple[Entry, bool]]:
        """Give every operation with whether it stands; undo and redo themselves left out."""
        stands = self._fold()[0]
        for entry in self.entries:
            if entry.id in stands:
                yield entry, stands[entry.id]

    def _fold(self) -> tuple[dict[str, bool], list[str]]:
        stands: dict[str, bool] = {}
        undone: list[str] = []
        for entry in self.entries:
            done = entry.operation
            if isinstance(done, Undo):
                if stands.get(done.entry):
                    stands[done.entry] = False
                    undone.append(done.entry)
            elif isinstance(done, Redo):
                if done.entry in undone:
                    stands[done.entry] = True
                    undone.remove(done.entry)
            elif entry.id not in stands:
                stands[entry.id] = True
                undone.clear()
        return stands, undone


def snapshots(operation: Operation) -> dict[str, Members]:
    """Return the jobs that an operation is about, as they were: id → goal evidence."""
    if isinstance(operation, Merge):
        return dict(operation.jobs)
    if isinstance(operation, Move):
        return {} if operation.job is None else {operation.job: operation.beside}
    return {operation.job: operation.evidence}


def _digest(text: str) -> str:
    return "O-" + sha256(text.encode()).hexdigest()[:8]
