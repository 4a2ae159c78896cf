"""The hierarchical route: interviewed people grouped by the jobs they state.

One row a participant, one column a job, 1 where the participant states it (how often it is said
measures how long the interview was). Jobs that one person alone states make nobody alike and are
left out; so are participants who then state none.

A dozen interviews show which jobs exist, not how people divide: with fewer than
`routes_verdict.LEAST_PEOPLE` the result says so first, and is never better than "constructed".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import ColumnReading, Survey
from embauche.errors import StatisticsError
from embauche.jobs.job import Job
from embauche.notices import Notice
from embauche.segment.markers import markers_of
from embauche.segment.routes_dashboard import CLOUD_DRAWS, choose_groups
from embauche.segment.routes_odi import LEAST_RESPONDENTS, route_segment
from embauche.segment.routes_partition import AverageLinkage
from embauche.segment.routes_result import RouteSegmentation
from embauche.segment.routes_verdict import LEAST_PEOPLE, route_verdict

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class JobVectors:
    """Who states which job.

    Attributes
    ----------
    people, jobs
        Ids of participants and of jobs, in the order given.
    table
        (n, J), 1.0 where the participant states the job.
    """

    people: tuple[str, ...]
    jobs: tuple[str, ...]
    table: Float


def job_vectors(jobs: Sequence[Job], people: Sequence[str]) -> JobVectors:
    """Return the participants × jobs table of what is stated, jobs that are part of others too."""
    stated = [set(job.participants) for job in jobs]
    table = np.array([[float(person in who) for who in stated] for person in people])
    table = table.reshape(len(people), len(jobs))
    return JobVectors(tuple(people), tuple(job.id for job in jobs), table)


def segment_by_interviews(
    jobs: Sequence[Job],
    people: Sequence[str],
    *,
    k_max: int = 8,
    seed: int = 0,
    bootstrap: int = 30,
    draws: int = CLOUD_DRAWS,
    progress: Callable[[float], None] | None = None,
) -> RouteSegmentation:
    """Group participants by the jobs they state, by average linkage of Jaccard distances.

    Parameters
    ----------
    jobs
        Jobs, with the participants who state them.
    people
        Ids of all participants.
    k_max, seed, bootstrap, draws, progress
        As in `embauche.segment.routes_dashboard.choose_groups`.

    Raises
    ------
    StatisticsError
        If fewer than six participants state a job that another states too.
    """
    vectors = job_vectors(jobs, people)
    shared = vectors.table.sum(axis=0) >= 2
    table = vectors.table[:, shared]
    kept = table.sum(axis=1) > 0
    n = int(kept.sum())
    if n < LEAST_RESPONDENTS:
        raise StatisticsError("routes.few_participants", n=n, least=LEAST_RESPONDENTS)
    table = table[kept]
    if len(np.unique(table, axis=0)) < 2:
        raise StatisticsError("routes.same_jobs", n=n)
    choice = choose_groups(
        table,
        AverageLinkage(),
        weights=np.ones(n),
        k_max=k_max,
        seed=seed,
        bootstrap=bootstrap,
        draws=draws,
        progress=progress,
    )
    labels = np.full(len(people), -1, dtype=np.int64)
    labels[kept] = choice.labels
    verdict, reasons = route_verdict(choice.grounds)
    names = tuple(job for job, used in zip(vectors.jobs, shared, strict=True) if used)
    answers = Survey(
        "",
        pl.DataFrame(vectors.table[:, shared].astype(np.int64), schema=list(names), orient="row"),
        needs=names,
        readings={name: ColumnReading(name, name, "yes_no") for name in names},
    )
    weights = kept.astype(np.float64)
    return RouteSegmentation(
        route="hierarchical",
        criterion_name=AverageLinkage.criterion_name,
        columns=names,
        k=choice.k,
        verdict=verdict,
        reasons=reasons,
        criteria=choice.criteria,
        segments=tuple(
            route_segment(g, labels, weights, choice, markers_of(answers, labels == g, weights))
            for g in range(choice.k)
        ),
        labels=labels,
        n=n,
        seed=seed,
        notices=_notices(n, len(people), int((~shared).sum()), len(names)),
        people=vectors.people,
    )


def _notices(n: int, people: int, alone: int, jobs: int) -> tuple[Notice, ...]:
    notices = []
    if n < LEAST_PEOPLE:
        notices.append(Notice("routes.too_few_people", {"n": n, "least": LEAST_PEOPLE}))
    notices.append(Notice("routes.interviews_rule", {"n": n, "jobs": jobs}, "info"))
    if people > n:
        notices.append(Notice("routes.stated_nothing", {"n": people - n}))
    if alone:
        notices.append(Notice("routes.stated_alone", {"n": alone}, "info"))
    return tuple(notices)
