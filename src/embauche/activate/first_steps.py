"""All first steps of a study in one: for the jobs that matter most, in the order of priority."""

from __future__ import annotations

from collections.abc import Sequence

from embauche.activate.backlog import backlog
from embauche.activate.funnel import funnel
from embauche.activate.ideas import ideas
from embauche.activate.messages import messages
from embauche.activate.steps import Steps
from embauche.identify.evidence import Evidence
from embauche.jobs.job import JobMap, NeedLink
from embauche.prioritise.priority import Opportunity, QualitativePriority

MOST_JOBS = 8
"""Jobs that get messages and a funnel: more is a list, not a priority."""


def first_steps(
    job_map: JobMap | None,
    evidence: Sequence[Evidence],
    *,
    priorities: Sequence[QualitativePriority] = (),
    opportunities: Sequence[Opportunity] = (),
    links: Sequence[NeedLink] = (),
    most: int = MOST_JOBS,
) -> Steps:
    """Arrange messages, funnels, backlog and ideas from what was found.

    Parameters
    ----------
    job_map, evidence
        The jobs and what they were made of; ``None`` where nobody was heard.
    priorities
        Qualitative priorities, best first: they order the jobs.
    opportunities, links
        From the survey, and how its needs link to the jobs.
    most
        Jobs that get messages and a funnel.
    """
    heard = job_map if job_map is not None else JobMap((), {}, (), 0.0)
    jobs = {job.id: job for job in heard.jobs}
    ranked = [jobs[item.job] for item in priorities if item.job in jobs and item.rank is not None]
    ranked += [job for job in heard.jobs if job not in ranked]
    chosen = ranked[:most]
    return Steps(
        messages=tuple(messages(job, evidence) for job in chosen),
        funnels={job.id: funnel(job, evidence) for job in chosen},
        backlog=backlog(opportunities, heard, evidence, links=links, priorities=priorities),
        ideas=ideas(heard, evidence, opportunities=opportunities, links=links),
    )
