"""From labels to jobs that people arranged: ids known again, then their operations done again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np

from embauche.jobs.arrangement import Arrangement, Conflict, replay
from embauche.jobs.goals import Goals
from embauche.jobs.identity import same_jobs
from embauche.jobs.job import Job
from embauche.jobs.operations import Entry, Members, Redo, Split, Undo, snapshots
from embauche.notices import Notice


@dataclass(frozen=True, slots=True)
class Arranged:
    """Goals with the jobs that the machine found and people arranged.

    Attributes
    ----------
    goals
        With the label of each, which is a place in `ids`.
    ids
        Ids of the jobs.
    found
        Job id → goal evidence before people's operations.
    arrangement
        What people made of it.
    attached
        Evidence that states no goal and was moved by a person → place of its job, −1 for none.
    notices
        Operations that could not be carried out.
    """

    goals: Goals
    ids: tuple[str, ...]
    found: Mapping[str, Members]
    arrangement: Arrangement
    attached: Mapping[str, int]
    notices: tuple[Notice, ...]

    def as_said(self, job: Job) -> Job:
        """Return a job with the wording and the parent that people gave it."""
        said = self.arrangement
        parent = said.parents.get(job.id)
        job = replace(job, parent=said.current(parent) if parent is not None else None)
        words = said.statements.get(job.id)
        if not words:
            return job
        return replace(
            job,
            statement={**job.statement, **words},
            statement_is_proposal=False,
            statement_is_quote=False,
            notices=tuple(item for item in job.notices if not item.code.startswith("jobs.state")),
        )


def arranged(
    goals: Goals,
    others: Collection[str],
    operations: Sequence[Entry],
    known: Mapping[str, AbstractSet[str]],
    seen: AbstractSet[str] = frozenset(),
) -> Arranged:
    """Give jobs their ids and do people's operations again.

    Parameters
    ----------
    goals
        What the machine grouped.
    others
        Ids of the evidence that states no goal.
    operations
        Those that stand, in their order.
    known
        Id → goal evidence of jobs seen before.
    seen
        All goal evidence that was in a job then; by what is new no job is known again.
    """
    ids = _ids(goals, operations, known, seen)
    found = {
        key: frozenset(goals.items[row].id for row in goals.of(number).tolist())
        for number, key in enumerate(ids)
    }
    free = [item.id for item, label in zip(goals.items, goals.labels, strict=True) if label < 0]
    start = Arrangement(found, frozenset(free), frozenset(others))
    if not operations:
        return Arranged(goals, ids, found, start, {}, ())
    rows = {item.id: row for row, item in enumerate(goals.items)}

    def nearest(goal: str, sets: Sequence[Members]) -> int:
        sums = [goals.placed[sorted(rows[key] for key in items)].mean(axis=0) for items in sets]
        return int(np.argmax([float(goals.placed[rows[goal]] @ mean) for mean in sums]))

    made, conflicts = replay(start, operations, nearest=nearest)
    # The machine's order first, so that nothing moves for jobs that nobody touched.
    order = (*(key for key in ids if key in made.members), *sorted(made.members.keys() - set(ids)))
    place = {key: number for number, key in enumerate(order)}
    labels = np.full(len(goals.items), -1, dtype=np.int64)
    for key, items in made.members.items():
        labels[[rows[item] for item in items]] = place[key]
    attached: dict[str, int] = {}
    for item, job in made.attached.items():
        now = None if job is None else made.current(job)
        if job is None or now is not None:
            attached[item] = -1 if now is None else place[now]
    return Arranged(
        Goals(goals.items, goals.placed, labels),
        order,
        found,
        made,
        attached,
        conflict_notices(conflicts),
    )


def conflict_notices(conflicts: Sequence[Conflict]) -> tuple[Notice, ...]:
    """Say which operations could not be carried out, and why; they stay in the log."""
    by_kind: dict[str, list[Conflict]] = {}
    for conflict in conflicts:
        by_kind.setdefault(conflict.missing, []).append(conflict)
    notices = []
    for kind, held in sorted(by_kind.items()):
        entries = sorted({conflict.entry for conflict in held})
        ids = sorted({key for conflict in held for key in conflict.ids})
        params = {"n": len(entries), "operations": entries, "ids": ids, "count": len(ids)}
        if kind == "part":
            notices.append(Notice("jobs.operation_in_part", params, "info"))
        elif kind == "evidence":
            notices.append(Notice("jobs.operation_without_evidence", params, "weak"))
        elif kind == "cycle":
            notices.append(Notice("jobs.operation_in_a_circle", params, "weak"))
        else:
            notices.append(Notice("jobs.operation_without_job", params, "weak"))
    return tuple(notices)


def _ids(
    goals: Goals,
    operations: Sequence[Entry],
    known: Mapping[str, AbstractSet[str]],
    seen: AbstractSet[str],
) -> tuple[str, ...]:
    """Return an id a job: that of the job it is known again as, else one made from its medoid."""
    had: dict[str, list[AbstractSet[str]]] = {key: [items] for key, items in known.items()}
    made_by_people: set[str] = set()
    first: set[str] = set()
    for entry in operations:
        done = entry.operation
        if isinstance(done, Undo | Redo):
            continue
        for key, items in snapshots(done).items():
            # A later snapshot shows what people made of the job, not what a machine groups.
            if key not in made_by_people and key not in first and items:
                first.add(key)
                had.setdefault(key, []).append(items)
        if isinstance(done, Split):
            made_by_people.update(done.parts)
    for key in made_by_people:
        had.pop(key, None)
    count = int(goals.labels.max(initial=-1)) + 1
    sets = [{goals.items[row].id for row in goals.of(job).tolist()} for job in range(count)]
    common = set().union(*sets) & seen
    again = same_jobs(sets, had, common=common or None)
    taken = {*again.values(), *made_by_people}
    ids = []
    for job in range(count):
        key = again.get(job) or _free(_medoid(goals, job), taken)
        taken.add(key)
        ids.append(key)
    return tuple(ids)


def _medoid(goals: Goals, job: int) -> str:
    """Return the evidence nearest to all of a job: the same core evidence gives the same id."""
    rows = goals.of(job).tolist()
    mean = goals.placed[rows] @ goals.placed[rows].sum(axis=0)
    best = min(
        range(len(rows)), key=lambda at: (-round(float(mean[at]), 9), goals.items[rows[at]].id)
    )
    return str(goals.items[rows[best]].id)


def _free(evidence: str, taken: set[str]) -> str:
    number, text = 0, evidence
    while (key := "J-" + sha256(text.encode()).hexdigest()[:8]) in taken:
        number += 1
        text = f"{evidence}\0{number}"
    return key
