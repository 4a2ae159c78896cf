"""Jobs as codes below their type, and the codebook that holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from embauche.collect.refi import RefiCode, guid_key
from embauche.jobs.job import Job
from embauche.jobs.operation_lines import line_of
from embauche.study.decisions import Decisions
from embauche.study.refi_codes import guid_of
from embauche.vocabulary import JOB_TYPE_OF_FACET, Facet, JobType, Language


def job_guid(job: Job) -> str:
    """Return the GUID of a job's code: the original's own where the job came with it."""
    return job.id.removeprefix("refi-") if job.id.startswith("refi-") else guid_of("job", job.id)


def job_codes(jobs: Sequence[Job], language: Language) -> Iterator[tuple[Facet, RefiCode]]:
    """Return a code for each job, below its parent where it has one.

    Yields
    ------
    Facet, RefiCode
        The facet whose code stands above, and the code of a job without a parent among `jobs`.
    """
    ids = {job.id for job in jobs}
    below: dict[str, list[Job]] = {}
    for job in jobs:
        if job.parent in ids and job.parent is not None:
            below.setdefault(job.parent, []).append(job)
    placed: set[str] = set()

    def code(job: Job) -> RefiCode:
        placed.add(job.id)
        inner = tuple(code(child) for child in below.get(job.id, ()) if child.id not in placed)
        return RefiCode(job_guid(job), _statement(job, language), codes=inner)

    for job in jobs:
        if job.parent not in ids:
            yield _facet_of_type(job.type), code(job)
    for job in jobs:  # whose parents go round in a circle
        if job.id not in placed:
            yield _facet_of_type(job.type), code(job)


def _facet_of_type(kind: JobType) -> Facet:
    return next((f for f, named in JOB_TYPE_OF_FACET.items() if named is kind), Facet.CONTEXT)


def _statement(job: Job, language: Language) -> str:
    return job.statement.get(language) or next(iter(job.statement.values()), job.id)


def with_children(
    codes: Iterable[RefiCode], below: Mapping[str, list[RefiCode]]
) -> tuple[RefiCode, ...]:
    """Return a tree of codes with further codes below those named by `guid_key`."""
    return tuple(
        replace(
            code, codes=(*with_children(code.codes, below), *below.get(guid_key(code.guid), ()))
        )
        for code in codes
    )


def only_codes(codes: Iterable[RefiCode], wanted: set[str]) -> Iterator[RefiCode]:
    """Return the wanted codes of our codebook, with what stands above them."""
    for code in codes:
        if guid_key(code.guid) in wanted:
            yield code
        else:
            inner = tuple(only_codes(code.codes, wanted))
            if inner:
                yield replace(code, codes=inner)


def decided_jobs(decisions: Decisions) -> frozenset[str]:
    """Return the ids of the jobs that people worded or worked on (merged, split, moved…)."""
    found = set(decisions.jobs)
    for line in map(line_of, decisions.operations.entries):
        found.update(str(line[key]) for key in ("job", "into", "parent") if line.get(key))
        found.update(str(job) for key in ("jobs", "parts") for job in line.get(key, ()))
    return frozenset(found)
