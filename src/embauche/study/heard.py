"""What each interview of a study holds: jobs, facets and themes, for the saturation curve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embauche.collect.source import Corpus
from embauche.errors import StatisticsError
from embauche.identify import shared_vectors
from embauche.identify.evidence import Evidence
from embauche.identify.saturation import AHEAD, Saturation, saturation
from embauche.jobs.clustering import linked
from embauche.jobs.goals import SURE_ENOUGH
from embauche.jobs.job import JobMap
from embauche.jobs.space import fit_space
from embauche.notices import Notice
from embauche.study.config import StudyConfig
from embauche.study.decisions import read_decisions
from embauche.study.plan import make_plan
from embauche.study.progress import Report, silent
from embauche.study.stages import collect, listen
from embauche.vocabulary import (
    GOAL_FACETS,
    JOB_FACETS,
    EvidenceStatus,
    Facet,
    Language,
    SourceKind,
)

KINDS = ("jobs", "facets", "themes")


@dataclass(frozen=True, slots=True)
class StudySaturation:
    """How saturated a study is.

    Attributes
    ----------
    found
        Of jobs, facets, and themes (a facet of a job).
    notices
        What all of it rests on.
    """

    found: tuple[Saturation, ...]
    notices: tuple[Notice, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-ready data."""
        return {
            **{item.kind: item.to_dict() for item in self.found},
            "warnings": [notice.to_dict() for notice in self.notices],
        }


def study_saturation(
    config: StudyConfig, *, ahead: int = AHEAD, seed: int = 0, report: Report = silent
) -> StudySaturation:
    """Tell whether more interviews are likely to bring new jobs, facets or themes.

    Parameters
    ----------
    config
        The study.
    ahead
        How many more interviews the verdict is about.
    seed
        Of everything drawn.
    report
        Told of progress.

    Raises
    ------
    StatisticsError
        If there are neither interviews nor reviews.
    """
    collected = collect(make_plan(config), report)
    decisions = read_decisions(config.folder, config.coding.adjudicator)
    language = Language(config.study.language or Language.FR)
    mapped = listen(collected, config, decisions, language, seed, report)
    if mapped is None:
        raise StatisticsError("saturation.no_interviews")
    return saturation_of(collected.corpus, mapped.job_map, mapped.evidence, ahead=ahead, seed=seed)


def saturation_of(
    corpus: Corpus,
    job_map: JobMap,
    evidence: Iterable[Evidence],
    *,
    ahead: int = AHEAD,
    seed: int = 0,
) -> StudySaturation:
    """Tell the same of what is known already: the jobs, and the evidence with people's decisions.

    Parameters
    ----------
    corpus
        What was said.
    job_map
        The jobs.
    evidence
        All of it; what was rejected is left out.
    ahead, seed
        As `study_saturation` has them.

    Raises
    ------
    StatisticsError
        If there are neither interviews nor reviews.
    """
    sources, notices = _interviews(corpus)
    evidence = [item for item in evidence if item.status is not EvidenceStatus.REJECTED]
    jobs, rare = _jobs(job_map, evidence)
    held = {
        "jobs": jobs,
        "facets": _facets(evidence),
        "themes": _themes(job_map, evidence),
    }
    if rare:
        params = {"n": rare, "jobs": len(job_map.jobs)}
        notices.append(Notice("saturation.rare_goals", params, "info"))
    waiting = sum(item.status is EvidenceStatus.PROPOSED for item in evidence)
    if waiting:
        params = {"n": waiting, "of": len(evidence)}
        notices.append(Notice("saturation.unreviewed", params, "weak"))
    found = tuple(
        saturation(
            incidence(held[kind], sources),
            kind=kind,
            ahead=ahead,
            most=len(Facet) if kind == "facets" else None,
            seed=seed,
        )
        for kind in KINDS
    )
    # What is said of few interviews holds for all kinds alike, and is said once.
    few = [item for item in found[0].notices if item.code == "saturation.few_interviews"]
    own = tuple(
        replace(one, notices=tuple(item for item in one.notices if item not in few))
        for one in found
    )
    return StudySaturation(own, (*notices, *few))


def incidence(held: Mapping[str, Iterable[str]], sources: list[str]) -> NDArray[np.bool_]:
    """Return (sources, items) which source holds which item.

    Parameters
    ----------
    held
        Item → ids of the sources that hold it; others than `sources` are left out.
    sources
        Ids, in the order of the rows.
    """
    rows = {source: row for row, source in enumerate(sources)}
    table = np.zeros((len(sources), len(held)), dtype=bool)
    for column, where in enumerate(held.values()):
        table[[rows[source] for source in where if source in rows], column] = True
    return table


def _interviews(corpus: Corpus) -> tuple[list[str], list[Notice]]:
    """Return the interviews' ids; without any, each review counts as a short interview."""
    interviews = [item.id for item in corpus.sources if item.kind is SourceKind.INTERVIEW]
    if interviews:
        return interviews, []
    reviews = [item.id for item in corpus.sources]
    return reviews, [Notice("saturation.reviews_as_interviews", {"n": len(reviews)}, "info")]


def _jobs(job_map: JobMap, evidence: list[Evidence]) -> tuple[dict[str, set[str]], int]:
    """Return what states each job, and how many of them are not jobs yet.

    A job is shared by several participants by its very definition, so that jobs alone would never
    be heard only once, and nothing would ever seem unheard. Sure statements of goals that joined no
    job are therefore grouped as jobs are, and each group counts as one more.
    """
    source = {item.id: item.source for item in evidence}
    held = {
        job.id: {source[key] for facet in GOAL_FACETS for key in job.evidence(facet)}
        for job in job_map.jobs
    }
    left = set(job_map.unassigned)
    goals = [item for item in evidence if item.facet in GOAL_FACETS]
    alone = [
        row
        for row, item in enumerate(goals)
        if item.id in left and item.facet in JOB_FACETS and item.surety >= SURE_ENOUGH
    ]
    if not alone:
        return held, 0
    vectors = shared_vectors().encode([item.quote for item in goals])
    languages = [item.language for item in goals]
    placed = fit_space(vectors, languages).place(vectors, languages)
    groups = linked(placed[alone], job_map.threshold)
    for row, group in zip(alone, groups.tolist(), strict=True):
        held.setdefault(f"rare-{group}", set()).add(goals[row].source)
    return held, len(set(groups.tolist()))


def _facets(evidence: list[Evidence]) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {}
    for item in evidence:
        held.setdefault(item.facet.value, set()).add(item.source)
    return held


def _themes(job_map: JobMap, evidence: list[Evidence]) -> dict[str, set[str]]:
    source = {item.id: item.source for item in evidence}
    return {
        f"{job.id} {facet.value}": {source[key] for key in job.evidence(facet)}
        for job in job_map.jobs
        for facet in Facet
        if job.evidence(facet)
    }
