"""Which jobs are near each other: candidates for a merge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embauche.identify.evidence import Evidence
from embauche.jobs.job import JobMap
from embauche.jobs.space import fit_space, unit
from embauche.vocabulary import GOAL_FACETS


def nearest_jobs(
    job_map: JobMap,
    evidence: Sequence[Evidence],
    vectors: NDArray[np.floating],
    *,
    most: int = 2,
) -> dict[str, tuple[tuple[str, float], ...]]:
    """Find the jobs nearest to each job.

    Parameters
    ----------
    job_map
        The jobs.
    evidence, vectors
        What they were made of, and (n, d) vectors, one row a piece of evidence.
    most
        Neighbours a job.

    Returns
    -------
    dict
        Job id → pairs of a job's id and the cosine of the two centres, nearest first.
    """
    rows = [row for row, item in enumerate(evidence) if item.facet in GOAL_FACETS]
    if not rows or len(job_map.jobs) < 2:
        return {job.id: () for job in job_map.jobs}
    languages = [evidence[row].language for row in rows]
    own = np.asarray(vectors, dtype=np.float64)[rows]
    placed = fit_space(own, languages).place(own, languages)
    place = {evidence[row].id: at for at, row in enumerate(rows)}
    centres = unit(
        np.stack(
            [
                placed[[place[key] for facet in GOAL_FACETS for key in job.evidence(facet)]].sum(
                    axis=0
                )
                for job in job_map.jobs
            ]
        )
    )
    near = centres @ centres.T
    np.fill_diagonal(near, -np.inf)
    return {
        job.id: tuple(
            (job_map.jobs[int(other)].id, round(float(near[row, other]), 4))
            for other in np.argsort(-near[row], kind="stable")[:most]
            if np.isfinite(near[row, other])
        )
        for row, job in enumerate(job_map.jobs)
    }
