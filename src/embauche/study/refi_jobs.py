"""Jobs as codes below their type, and the codebook that holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from embauche.collect.refi import RefiCode, guid_key
from embauche.jobs.job import Job
from embauche.study.refi_codes import guid_of
from embauche.vocabulary import JOB_TYPE_OF_FACET, Facet, JobType, Language


def job_guid(job: Job) -> str:
    """Return the GUID of a job's code: the original's own where the job came with it."""
    return job.id.removeprefix("refi-") if job.id.startswith("refi-") else guid_of("job", job.id)


def facet_of_type(kind: JobType) -> Facet:
    """Return the facet whose code stands above the jobs of a type."""
    return next((f for f, named in JOB_TYPE_OF_FACET.items() if named is kind), Facet.CONTEXT)


def statement(job: Job, language: Language) -> str:
    """Return a job's statement in a language, else in the one that it has."""
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
