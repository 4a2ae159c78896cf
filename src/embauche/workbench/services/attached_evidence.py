"""What the last analysis attached to jobs, kept beside the evidence that a process holds.

Attachments change with an analysis only, and decisions change a few rows: what is made of a job's
evidence is made anew for the jobs that hold one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from embauche.workbench.models import JobEvidence, Study
from embauche.workbench.services.restored_evidence import KeptEvidence, Row

T = TypeVar("T")


class Attached(NamedTuple):
    """A piece of evidence in a cell of a job."""

    facet: str
    pk: int
    similarity: float
    proximity: float
    position: int


def attached(study: Study, table: KeptEvidence) -> dict[int, list[Attached]]:
    """Return the evidence of each job, read once an analysis."""
    mark = (study.fingerprint, study.analysed_at)
    kept = table.beside.get("attached")
    if kept is None or kept[0] != mark:
        found: dict[int, list[Attached]] = {}
        for job, *rest in (
            JobEvidence.objects.filter(job__study=study)
            .order_by()
            .values_list("job_id", "facet", "evidence_id", "similarity", "proximity", "position")
        ):
            found.setdefault(job, []).append(Attached(*rest))
        table.beside.clear()
        kept = table.beside["attached"] = (mark, found)
    of_jobs: dict[int, list[Attached]] = kept[1]
    return of_jobs


def made_of_jobs(
    study: Study,
    table: KeptEvidence,
    what: str,
    make: Callable[[list[tuple[Attached, Row]]], T],
) -> dict[int, T]:
    """Return something made of each job's evidence, what was rejected left out.

    Parameters
    ----------
    study, table
        The study, and its evidence as this process keeps it.
    what
        A name for it: made before, it is made anew for those jobs whose evidence changed.
    make
        Makes it of attachments and their rows, and of nothing else.
    """
    held = attached(study, table)
    made: dict[int, tuple[Any, T]] = table.beside.setdefault(what, {})
    for job, mark in _marks(held, table).items():
        if job not in made or made[job][0] != mark:
            pairs = [(each, row) for each in held[job] if (row := table.rows.get(each.pk))]
            shown = [pair for pair in pairs if pair[1].standing.status != "rejected"]
            made[job] = (mark, make(shown))
    return {job: value for job, (_, value) in made.items()}


_KeptMarks = tuple[int, dict[int, set[int]], dict[int, tuple[int, int]]]
"""When they were made, jobs by row, and the mark of each job."""


def _marks(held: dict[int, list[Attached]], table: KeptEvidence) -> dict[int, tuple[int, int]]:
    """Return how much evidence each job holds, and when one of it changed last."""
    kept: _KeptMarks | None = table.beside.get("marks")
    changed = table.changed_since(kept[0]) if kept is not None else None
    if kept is None or changed is None:
        jobs_of: dict[int, set[int]] = {}
        for job, items in held.items():
            for item in items:
                jobs_of.setdefault(item.pk, set()).add(job)
        kept = (table.tick, jobs_of, {})
        anew = set(held)
    else:
        anew = {job for pk in changed for job in kept[1].get(pk, ())}
    jobs_of, marks = kept[1:]
    for job in anew:
        ticks = [row.tick for item in held[job] if (row := table.rows.get(item.pk))]
        marks[job] = (len(ticks), max(ticks, default=0))
    table.beside["marks"] = (table.tick, jobs_of, marks)
    return marks
