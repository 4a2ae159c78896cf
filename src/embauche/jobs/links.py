"""Survey needs linked to the jobs that interviews found: proposed by nearness, then confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from embauche.errors import ConfigError
from embauche.identify.evidence import Evidence
from embauche.jobs.job import Job, JobMap, NeedLink
from embauche.jobs.space import unit
from embauche.vocabulary import GOAL_FACETS, Language

LEAST_SIMILARITY = 0.45
"""On 28 needs of the project's own (benchmarks/grouping.py --links, in sample) 11 of 14 links are
found and 2 are wrong; at 0.35, 12 and 4. Proposals are confirmed by a person."""

_QUOTES = 12

Vectors = Callable[[Sequence[str]], NDArray[np.floating]]


def link_needs(
    needs: Mapping[str, str],
    job_map: JobMap,
    evidence: Sequence[Evidence],
    *,
    vectors_of: Vectors,
    language: Language,
    confirmed: Mapping[str, str] | None = None,
    least: float = LEAST_SIMILARITY,
) -> tuple[NeedLink, ...]:
    """Propose which job each survey need asks about.

    A need's similarity with a job is the greater of its cosine with the job's statement and the
    mean of its three greatest cosines with the job's goal quotes; a need has at most one job, and
    several needs may ask about the same job.

    Parameters
    ----------
    needs
        Column of the survey → its wording.
    job_map, evidence
        The jobs and what they were made of.
    vectors_of
        Texts → (n, d) unit vectors, both languages in one space.
    language
        Language of the survey's wording.
    confirmed
        ``[survey.jobs]``: column → a job's id or statement. Such links stand as given.
    least
        Similarity from which a link is proposed.

    Returns
    -------
    tuple of NeedLink
        In the order of `needs`; a need that is near no job is missing.

    Raises
    ------
    ConfigError
        If `confirmed` names a need or a job that does not exist.
    """
    given = {
        need: _named(need, name, needs, job_map, language)
        for need, name in (confirmed or {}).items()
    }
    if not needs or not job_map.jobs:
        return ()
    known = {item.id: item for item in evidence}
    near = _similarities(list(needs.values()), job_map.jobs, known, vectors_of)
    place = {job.id: column for column, job in enumerate(job_map.jobs)}
    links = []
    for row, need in enumerate(needs):
        if need in given:
            value = round(float(near[row, place[given[need]]]), 4)
            links.append(NeedLink(need, given[need], value, confirmed=True))
            continue
        best = int(near[row].argmax())
        if near[row, best] >= least:
            links.append(NeedLink(need, job_map.jobs[best].id, round(float(near[row, best]), 4)))
    return tuple(links)


def _similarities(
    wordings: Sequence[str],
    jobs: Sequence[Job],
    known: Mapping[str, Evidence],
    vectors_of: Vectors,
) -> NDArray[np.float64]:
    texts: list[str] = list(wordings)
    owners: list[tuple[int, bool]] = []
    for column, job in enumerate(jobs):
        for text in job.statement.values():
            texts.append(text)
            owners.append((column, True))
        goals = [known[i] for facet in GOAL_FACETS for i in job.evidence(facet) if i in known]
        for item in goals[:_QUOTES]:
            texts.append(item.quote)
            owners.append((column, False))
    vectors = unit(np.asarray(vectors_of(texts), dtype=np.float64))
    cosine = vectors[: len(wordings)] @ vectors[len(wordings) :].T
    near = np.zeros((len(wordings), len(jobs)))
    for column in range(len(jobs)):
        said = [
            k
            for k, (owner, is_statement) in enumerate(owners)
            if owner == column and not is_statement
        ]
        stated = [
            k for k, (owner, is_statement) in enumerate(owners) if owner == column and is_statement
        ]
        top = np.sort(cosine[:, said], axis=1)[:, -3:].mean(axis=1) if said else np.zeros(len(near))
        near[:, column] = np.maximum(cosine[:, stated].max(axis=1), top) if stated else top
    return near


def _named(
    need: str, name: str, needs: Mapping[str, str], job_map: JobMap, language: Language
) -> str:
    """Return the id of the job that ``[survey.jobs]`` names by id or by statement."""
    if need not in needs:
        nearest = get_close_matches(need, list(needs), n=1, cutoff=0.0)
        raise ConfigError("jobs.unknown_need", need=need, nearest=nearest[0] if nearest else "—")
    names: dict[str, str] = {}
    for job in job_map.jobs:
        for text in (job.id, *job.statement.values()):
            names.setdefault(text.casefold().replace("’", "'").strip(" ."), job.id)
    wanted = name.casefold().replace("’", "'").strip(" .")
    if wanted in names:
        return names[wanted]
    nearest = get_close_matches(wanted, list(names), n=1, cutoff=0.0)
    shown = "—"
    if nearest:
        job = job_map.job(names[nearest[0]])
        shown = job.statement.get(language) or next(iter(job.statement.values()))
    raise ConfigError("jobs.unknown_job", need=need, job=name, nearest=shown)
