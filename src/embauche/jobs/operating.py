"""Operations made from the jobs that a person sees; what makes no sense is refused at once.

Ids. A merged job keeps the id of the job with the most goal evidence, of equals that of the one
named first. When a job is split, what stays keeps the id; a part split off gets an id made from its
own evidence, which is written in the operation, so that it is the same whenever it is replayed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from hashlib import sha256

from embauche.errors import StudyError
from embauche.jobs.arrangement import Arrangement
from embauche.jobs.job import JobMap
from embauche.jobs.operations import (
    Delete,
    Members,
    Merge,
    Move,
    Rename,
    Retype,
    SetParent,
    Split,
    Undelete,
)
from embauche.vocabulary import GOAL_FACETS, JobType, Language

LONGEST_STATEMENT = 300


def arrangement_of(job_map: JobMap) -> Arrangement:
    """Return the arrangement of a job map, people's operations included."""
    if job_map.arrangement is not None:
        return job_map.arrangement
    members = {
        job.id: frozenset(key for facet in GOAL_FACETS for key in job.evidence(facet))
        for job in job_map.jobs
    }
    others = {
        item.evidence
        for job in job_map.jobs
        for facet, items in job.cells.items()
        if facet not in GOAL_FACETS
        for item in items
    }
    return Arrangement(
        members, frozenset(job_map.unassigned), frozenset({*others, *job_map.unattached})
    )


def merge_jobs(jobs: Arrangement, ids: Sequence[str]) -> Merge:
    """Make one of several jobs.

    Raises
    ------
    StudyError
        If fewer than two jobs are named, or one that is not there (with the nearest id).
    """
    named = list(dict.fromkeys(ids))
    for job in named:
        _members(jobs, job)
    if len(named) < 2:
        raise StudyError("jobs.merge_needs_two", n=len(named))
    largest = max(named, key=lambda job: len(jobs.members[job]))  # the first of equals
    return Merge({job: jobs.members[job] for job in named}, largest)


def split_job(jobs: Arrangement, job: str, parts: Sequence[Collection[str]]) -> Split:
    """Put goal evidence of a job apart; what no part names keeps the job's id.

    Raises
    ------
    StudyError
        If a part is empty, nothing would be left, or evidence is not the job's own.
    """
    held = _members(jobs, job)
    named: dict[str, Members] = {}
    seen: set[str] = set()
    taken = {*jobs.members, *jobs.deleted, *jobs.merged}
    for part in parts:
        goals = frozenset(part)
        wrong = sorted((goals - held) | (goals & seen))
        if wrong:
            raise StudyError("jobs.not_of_this_job", job=job, evidence=wrong[0])
        if not goals:
            raise StudyError("jobs.empty_part", job=job)
        seen |= goals
        named[_part_id(goals, taken)] = goals
        taken.update(named)
    if not named:
        raise StudyError("jobs.empty_part", job=job)
    if seen == held:
        raise StudyError("jobs.nothing_left", job=job, n=len(held))
    return Split(job, held, named)


def rename_job(jobs: Arrangement, job: str, statement: str, language: Language) -> Rename:
    """Give a job a person's statement in a language.

    Raises
    ------
    StudyError
        If the job is not there, or the statement is empty or longer than 300 characters.
    """
    held = _members(jobs, job)
    text = " ".join(statement.split())
    if not text:
        raise StudyError("jobs.empty_statement", job=job)
    if len(text) > LONGEST_STATEMENT:
        raise StudyError("jobs.long_statement", n=len(text), most=LONGEST_STATEMENT)
    return Rename(job, held, Language(language), text)


def move_evidence(jobs: Arrangement, evidence: str, job: str | None) -> Move:
    """Put a piece of evidence into a job, or into none.

    Raises
    ------
    StudyError
        If the evidence or the job is not there.
    """
    known = {*jobs.unassigned, *jobs.others}.union(*jobs.members.values())
    if evidence not in known:
        raise StudyError("jobs.no_such_evidence", evidence=evidence, nearest=_near(evidence, known))
    return Move(evidence, job, frozenset() if job is None else _members(jobs, job) - {evidence})


def retype_job(jobs: Arrangement, job: str, job_type: JobType) -> Retype:
    """Say which type of job it is."""
    return Retype(job, _members(jobs, job), JobType(job_type))


def set_parent(jobs: Arrangement, job: str, parent: str | None) -> SetParent:
    """Make a job part of another, or of none.

    Raises
    ------
    StudyError
        If a job is not there, or would be part of itself.
    """
    held = _members(jobs, job)
    above = parent
    if above is not None:
        _members(jobs, above)
    while above is not None:
        if above == job:
            raise StudyError("jobs.part_of_itself", job=job, parent=parent)
        above = jobs.parents.get(above)
    return SetParent(job, held, parent)


def delete_job(jobs: Arrangement, job: str) -> Delete:
    """Take a job off the map; its goal evidence belongs to no job until somebody moves it."""
    return Delete(job, _members(jobs, job))


def undelete_job(jobs: Arrangement, job: str) -> Undelete:
    """Bring a deleted job back.

    Raises
    ------
    StudyError
        If no job of that id was deleted.
    """
    if job not in jobs.deleted:
        raise StudyError("jobs.not_deleted", job=job, known=sorted(jobs.deleted) or ["—"])
    return Undelete(job, jobs.deleted[job])


def job_named(jobs: Arrangement, job: str) -> str:
    """Return the id that a job has now: itself, or that of the job that it was merged into.

    Raises
    ------
    StudyError
        If there is no such job (with the nearest id).
    """
    now = jobs.current(job)
    if now is None:
        raise StudyError("jobs.no_such_job", job=job, nearest=_near(job, jobs.members))
    return now


def _members(jobs: Arrangement, job: str) -> Members:
    if job not in jobs.members:
        raise StudyError("jobs.no_such_job", job=job, nearest=_near(job, jobs.members))
    return jobs.members[job]


def _near(name: str, known: Collection[str]) -> str:
    return next(iter(get_close_matches(name, sorted(known), n=1, cutoff=0.0)), "—")


def _part_id(goals: Members, taken: Collection[str]) -> str:
    number = 0
    while True:
        text = "\0".join([*sorted(goals), *([str(number)] if number else [])])
        made = "J-" + sha256(text.encode()).hexdigest()[:8]
        if made not in taken:
            return made
        number += 1
