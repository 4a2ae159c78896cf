"""Jobs: groups of goal statements with a type, a statement, and the evidence attached to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from embauche.jobs.arrangement import Arrangement
from embauche.notices import Notice
from embauche.vocabulary import Facet, JobType, Language


@dataclass(frozen=True, slots=True)
class Attachment:
    """A piece of evidence that belongs to a job, and how near it is.

    Attributes
    ----------
    evidence
        Id of the evidence.
    similarity
        Cosine with the job's centre, −1 to 1.
    proximity
        How near in the conversation the same participant states the job: 1 in the same words,
        0.6 in the same turn, 0.3 in a neighbouring turn, 0 elsewhere; 1 for goal evidence.
    """

    evidence: str
    similarity: float
    proximity: float = 0.0


@dataclass(frozen=True, slots=True)
class Job:
    """A job to be done, as participants state it.

    Attributes
    ----------
    id
        Stable while its core evidence stays.
    type
        One of the four types of job.
    statement
        The job in the grammar of its type, by language; at least the language of the study.
    statement_is_proposal
        True until a person confirmed the wording.
    story
        The short form that teams share, by language; only from what participants said.
    cells
        Facet → evidence attached, best first. The goal facets hold the statements that formed
        the job; the other facets hold what was attached to the nearest job.
    participants
        Ids of the participants who state the job (goal facets), in order.
    name_source
        Id of the evidence that the statement's words come from.
    statement_is_quote
        True where no one's words hold a clause in the grammar of a job: the statement is then a
        quote between its own quotation marks.
    notices
        What is weak about the job or its wording.
    parent
        Id of the job that a person made it part of.
    """

    id: str
    type: JobType
    statement: Mapping[Language, str]
    cells: Mapping[Facet, tuple[Attachment, ...]]
    participants: tuple[str, ...]
    name_source: str
    statement_is_proposal: bool = True
    story: Mapping[Language, str] = field(default_factory=lambda: MappingProxyType({}))
    statement_is_quote: bool = False
    notices: tuple[Notice, ...] = ()
    parent: str | None = None

    def evidence(self, facet: Facet) -> tuple[str, ...]:
        """Return the ids of the evidence of a facet, best first."""
        return tuple(item.evidence for item in self.cells.get(facet, ()))

    @property
    def evidence_count(self) -> int:
        """How many pieces of evidence the job holds, over all facets."""
        return sum(len(items) for items in self.cells.values())


@dataclass(frozen=True, slots=True)
class JobMap:
    """The jobs that a corpus states.

    Attributes
    ----------
    jobs
        Most participants first.
    main_job
        Participant id → id of their main job (the one they state most and most surely).
    unassigned
        Ids of goal evidence that joined no job (stated once, near nothing).
    threshold
        The cosine distance at which groups were kept apart.
    notices
        What is weak about the grouping.
    unattached
        Ids of other evidence (frustrations, emotions, alternatives…) that no job is near to.
    shares
        Participant id → job id → share of what they state that states this job, 0 to 1.
    found
        Job id → goal evidence, as the machine grouped it before people's operations.
    arrangement
        Which goal evidence is in which job after them.
    """

    jobs: tuple[Job, ...]
    main_job: Mapping[str, str]
    unassigned: tuple[str, ...]
    threshold: float
    notices: tuple[Notice, ...] = ()
    unattached: tuple[str, ...] = ()
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: MappingProxyType({}))
    found: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    arrangement: Arrangement | None = None

    def job(self, job_id: str) -> Job:
        """Return the job with an id.

        Raises
        ------
        KeyError
            If there is none.
        """
        for job in self.jobs:
            if job.id == job_id:
                return job
        raise KeyError(job_id)


@dataclass(frozen=True, slots=True)
class NeedLink:
    """A survey need linked to a job that interviews found.

    Attributes
    ----------
    need
        Column of the survey.
    job
        Id of the job.
    similarity
        Cosine between the need's wording and the job's statements.
    confirmed
        True where a person confirmed the link (``[survey.jobs]`` of ``study.toml``).
    """

    need: str
    job: str
    similarity: float
    confirmed: bool = False
