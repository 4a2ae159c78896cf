"""People's wordings of jobs, and the ids of the jobs that they worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from embauche.jobs.identity import same_jobs
from embauche.jobs.job import Job, JobMap
from embauche.jobs.operations import Rename
from embauche.notices import Notice
from embauche.study.decisions import FILE_NAME, Decisions
from embauche.study.several_coders import Line, taken_at
from embauche.vocabulary import GOAL_FACETS, Language

_QUOTED = "jobs.quotes_as_statements"


def decide_jobs(job_map: JobMap, decisions: Decisions) -> tuple[JobMap, tuple[Notice, ...]]:
    """Apply people's wordings of jobs, and let the jobs that they worded keep their ids.

    A job is known again by its id, else by the evidence that states it: the job whose goal
    statements overlap most with those of the decision (Jaccard of at least one half). Wordings of
    jobs that are gone are named in a notice.
    """
    kept = job_map.arrangement
    gone = {*kept.merged, *kept.deleted} - kept.members.keys() if kept else set()
    known = _recognised(
        job_map, {key: line for key, line in decisions.jobs.items() if key not in gone}
    )
    renamed = {job: decision for decision, job in known.items()}

    def worded(job: Job) -> Job:
        decision = renamed.get(job.id)
        if decision is None:
            return job
        wording = _wording(decisions.jobs[decision], job.id, decisions)
        if not wording:
            return replace(job, id=decision)
        return replace(
            job,
            id=decision,
            statement={**job.statement, **wording},
            statement_is_proposal=False,
            statement_is_quote=False,
            notices=tuple(item for item in job.notices if not item.code.startswith("jobs.state")),
        )

    main_job = {who: renamed.get(job, job) for who, job in job_map.main_job.items()}
    shares = {
        who: {renamed.get(job, job): share for job, share in mine.items()}
        for who, mine in job_map.shares.items()
    }
    lost = len(decisions.jobs.keys() - gone) - len(known)
    notices = (
        (Notice("study.decisions_without_job", {"n": lost, "file": FILE_NAME}, "weak"),)
        if lost
        else ()
    )
    jobs = tuple(worded(job) for job in job_map.jobs)
    quotes = sum(job.statement_is_quote for job in jobs)
    said = tuple(
        Notice(item.code, {"n": quotes}, item.severity) if item.code == _QUOTED else item
        for item in job_map.notices
        if item.code != _QUOTED or quotes
    )
    named = replace(job_map, jobs=jobs, main_job=main_job, shares=shares, notices=said)
    return named, notices


def _wording(line: Line, job: str, decisions: Decisions) -> dict[Language, str]:
    """Return what a line says of a job, unless an operation reworded the job since."""
    since = {
        (entry.operation.job, entry.operation.language): taken_at({"at": entry.at})
        for entry in decisions.operations.standing
        if isinstance(entry.operation, Rename)
    }
    said, taken = {}, taken_at(line)
    for key, text in (line.get("statement") or {}).items():
        place = (job, Language(key))
        reworded = since.get(place)
        if place in since and (taken is None or reworded is None or reworded >= taken):
            continue
        said[Language(key)] = str(text)
    return said


def _recognised(job_map: JobMap, decided: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return decision id → id that its job has in this run; each job at most once."""
    here = {
        job.id: {key for facet in GOAL_FACETS for key in job.evidence(facet)}
        for job in job_map.jobs
    }
    known = {key: key for key in decided if key in here}
    free = [job for job in here if job not in known]
    if job_map.arrangement is not None:
        return known  # `group` has known jobs again by their evidence already
    stated = {
        key: [set(entry.get("evidence", ()))] for key, entry in decided.items() if key not in known
    }
    again = same_jobs([here[job] for job in free], stated)
    return {**known, **{key: free[place] for place, key in again.items()}}
