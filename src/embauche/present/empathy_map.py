"""The job-centred empathy map: says, thinks, feels, does, pains and gains around one job.

Which evidence feeds which box:

========  =================================================================================
says      functional and social jobs: what the person says they try to get done
thinks    anxieties and pulls, and objectives stated as a belief (« je pense que », "I think")
feels     emotions and personal emotional jobs
does      alternatives and habits: what the person really does today
pains     frustrations
gains     objectives, except those stated as a belief
========  =================================================================================

Triggers and contexts are no part of the map; they stand in the Jobs Canvas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from embauche.jobs.job import Job
from embauche.present.canvas import Box, box
from embauche.present.findings import Findings
from embauche.vocabulary import Facet

EMPATHY_BOXES: Final[dict[str, tuple[Facet, ...]]] = {
    "says": (Facet.JOB_FUNCTIONAL, Facet.JOB_SOCIAL),
    "thinks": (Facet.ANXIETY, Facet.PULL),
    "feels": (Facet.EMOTION, Facet.JOB_EMOTIONAL),
    "does": (Facet.ALTERNATIVE, Facet.HABIT),
    "pains": (Facet.FRUSTRATION,),
    "gains": (Facet.OBJECTIVE,),
}
"""Box → facets that feed it; objectives stated as a belief go to « thinks », not to « gains »."""

_BELIEF = re.compile(
    r"\b(je (pense|crois|trouve|suppose) que|j['’]imagine que|à mon avis|selon moi|pour moi,"
    r"|i (think|believe|guess|reckon|suppose|feel like)|in my (opinion|view)|to me,)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class EmpathyMap:
    """The empathy map of one job.

    Attributes
    ----------
    job
        Id of the job.
    boxes
        In the order of `EMPATHY_BOXES`; a box without evidence is empty, never filled in.
    """

    job: str
    boxes: tuple[Box, ...]


def empathy_map(findings: Findings, job: Job) -> EmpathyMap:
    """Lay a job's evidence out as an empathy map.

    Parameters
    ----------
    findings
        The study that the job belongs to.
    job
        One of its jobs.
    """
    words = {item.id: item.quote for item in findings.evidence}
    beliefs = [
        item for item in job.evidence(Facet.OBJECTIVE) if _BELIEF.search(words.get(item, ""))
    ]
    boxes = []
    for key, facets in EMPATHY_BOXES.items():
        ids = [item for facet in facets for item in job.evidence(facet)]
        if key == "thinks":
            ids += beliefs
        if key == "gains":
            ids = [item for item in ids if item not in beliefs]
        boxes.append(box(findings, key, ids))
    return EmpathyMap(job=job.id, boxes=tuple(boxes))
