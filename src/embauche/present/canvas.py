"""The Jobs Canvas: one job and what surrounds it on one side, the offer's answers on the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from embauche.jobs.job import Job
from embauche.present.findings import Findings
from embauche.vocabulary import EvidenceStatus, Facet

CANVAS_BOXES: Final[dict[str, tuple[Facet, ...]]] = {
    "functional": (Facet.JOB_FUNCTIONAL,),
    "emotional": (Facet.JOB_EMOTIONAL,),
    "social": (Facet.JOB_SOCIAL,),
    "related": (Facet.CONTEXT,),
    "outcomes": (Facet.OBJECTIVE,),
    "frustrations": (Facet.FRUSTRATION,),
    "emotions": (Facet.EMOTION,),
    "triggers": (Facet.TRIGGER,),
    "alternatives": (Facet.ALTERNATIVE,),
}
"""Box → facets that feed it. The first four are the four job types (METHOD.md, section 5)."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a canvas or a map.

    Attributes
    ----------
    key
        Name of the box in the catalogue (``report.box.<key>``).
    evidence
        Ids of the evidence in it, best first; empty where no one spoke of it.
    participants
        How many people are behind it.
    """

    key: str
    evidence: tuple[str, ...]
    participants: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the offer's answers, in the team's own words."""

    part: str
    text: str


@dataclass(frozen=True, slots=True)
class JobsCanvas:
    """The canvas of one job.

    Attributes
    ----------
    job
        Id of the job.
    boxes
        In the order of `CANVAS_BOXES`.
    offer
        The offer's answers; empty until the team enters them.
    """

    job: str
    boxes: tuple[Box, ...]
    offer: tuple[Answer, ...]


def jobs_canvas(findings: Findings, job: Job) -> JobsCanvas:
    """Lay a job's evidence out as a canvas.

    Parameters
    ----------
    findings
        The study that the job belongs to.
    job
        One of its jobs.
    """
    boxes = tuple(
        box(findings, key, [item for facet in facets for item in job.evidence(facet)])
        for key, facets in CANVAS_BOXES.items()
    )
    offer = tuple(Answer(part, text) for part, text in findings.card.offer.items())
    return JobsCanvas(job=job.id, boxes=boxes, offer=offer)


def box(findings: Findings, key: str, ids: list[str]) -> Box:
    """Make a box of evidence, rejected evidence left out."""
    asked = set(ids)
    people = {
        item.id: item.participant
        for item in findings.evidence
        if item.id in asked and item.status is not EvidenceStatus.REJECTED
    }
    kept = tuple(item for item in ids if item in people)
    return Box(key, kept, len({people[item] for item in kept}))
