"""Leads for new offers: jobs that no alternative serves, and over-served outcomes."""

from __future__ import annotations

from collections.abc import Sequence

from embauche.activate.steps import THIN, Idea
from embauche.activate.voices import chosen, held
from embauche.identify.evidence import Evidence
from embauche.jobs.job import JobMap, NeedLink
from embauche.notices import Notice
from embauche.prioritise.priority import Opportunity
from embauche.vocabulary import GOAL_FACETS, Facet, Zone


def ideas(
    job_map: JobMap,
    evidence: Sequence[Evidence],
    *,
    opportunities: Sequence[Opportunity] = (),
    links: Sequence[NeedLink] = (),
    least: int = THIN,
    most: int = 3,
) -> tuple[Idea, ...]:
    """Find jobs that nothing serves and outcomes that are served too well.

    Parameters
    ----------
    job_map, evidence
        Jobs and what they were made of.
    opportunities
        Overall scores; those in the zone over-served are ideas for a simpler, cheaper offer.
    links
        Which job an outcome's column asks about.
    least
        Participants who must state a job before its lack of alternatives means anything.
    most
        Quotes an idea at most.

    Returns
    -------
    tuple of Idea
        Unserved jobs first, those of most participants first.
    """
    known = {item.id: item for item in evidence}
    leads = []
    for job in job_map.jobs:
        if len(job.participants) >= least and not job.cells.get(Facet.ALTERNATIVE):
            voices = chosen(held(job, GOAL_FACETS, known), most)
            notice = Notice("activate.silence_is_no_proof", {"n": len(job.participants)}, "info")
            leads.append(
                Idea("unserved", job.id, job.type, None, len(job.participants), voices, (notice,))
            )
    job_of = {link.need: link.job for link in links}
    types = {job.id: job.type for job in job_map.jobs}
    for item in opportunities:
        if item.segment is None and item.zone is Zone.OVER_SERVED:
            job_id = job_of.get(item.importance_column) or job_of.get(item.satisfaction_column)
            leads.append(
                Idea(
                    "over-served",
                    job_id,
                    types.get(job_id or ""),
                    item.outcome,
                    item.n,
                    (),
                    item.notices,
                )
            )
    return tuple(leads)
