"""What a team gets in hand for each job: arranged evidence, nothing invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from embauche.notices import Notice
from embauche.vocabulary import Facet, Force, JobType, Language, Moment, Zone

THIN = 3
"""Participants below which evidence is thin, and is said to be."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One participant's own words.

    Attributes
    ----------
    evidence, participant
        Ids.
    quote
        The exact words.
    facet, language
        What they are evidence of, and in which language.
    reviewed
        Whether a person has accepted them as evidence.
    """

    evidence: str
    participant: str
    quote: str
    facet: Facet
    language: Language
    reviewed: bool


@dataclass(frozen=True, slots=True)
class MessageMaterial:
    """The raw material of messages for one job.

    Attributes
    ----------
    job
        Id of the job.
    pains, gains
        Words for the pain and for the wished-for result; different participants first, the most
        typical and clearest first.
    pains_participants, gains_participants
        People behind each, over all the job's evidence and not only what is listed.
    notices
        Where a side is thin or empty.
    """

    job: str
    pains: tuple[Voice, ...]
    gains: tuple[Voice, ...]
    pains_participants: int
    gains_participants: int
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class FunnelItem:
    """What acts on people at one moment.

    Attributes
    ----------
    role
        ``"triggers"``, ``"pulls"``, ``"blocks"`` or ``"reassures"``.
    force
        The force of a switch that it feeds; ``None`` for what reassures.
    voices
        Words, different participants first.
    participants
        People behind it, each once.
    """

    role: str
    force: Force | None
    voices: tuple[Voice, ...]
    participants: int


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One moment of the timeline, with what acts there.

    Attributes
    ----------
    moment
        ``None`` gathers what no moment could be told for.
    items
        In the order triggers, pulls, blocks, reassures; empty roles are left out.
    participants
        People heard at this moment, each once.
    notices
        Where it is thin.
    """

    moment: Moment | None
    items: tuple[FunnelItem, ...]
    participants: int
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class BacklogRow:
    """One row of the backlog.

    Attributes
    ----------
    rank
        1 is first.
    origin
        ``"survey"`` (a badly served outcome) or ``"interviews"`` (a frustration of a job).
    label
        The outcome as asked, or the job's most typical frustration in its own words.
    job
        Id of the linked job, if any.
    score, low, high
        ODI opportunity (0 to 20), or the job's qualitative index (0 to 100), with its interval.
    zone
        Zone of the opportunity landscape; ``None`` for interviews.
    n
        Respondents, or participants behind the row.
    worst_segment, worst_score
        Segment in which the outcome is served worst, where segments exist.
    voices
        Frustrations of the linked job, in participants' words.
    notices
        What is weak about it.
    """

    rank: int
    origin: str
    label: str
    job: str | None
    score: float | None
    low: float | None
    high: float | None
    zone: Zone | None
    n: int
    worst_segment: str | None
    worst_score: float | None
    voices: tuple[Voice, ...]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Idea:
    """A lead for a new offer.

    Attributes
    ----------
    kind
        ``"unserved"`` (a job for which nobody names an alternative) or ``"over-served"`` (an
        outcome that a simpler, cheaper offer could do).
    job
        Id of the job, if any.
    job_type
        Type of the job, if any.
    outcome
        The over-served outcome as asked, else ``None``.
    n
        Participants who state the job, or respondents who rated the outcome.
    voices
        Words of those who state the job.
    notices
        What is weak about it; silence about alternatives is no proof that none exist.
    """

    kind: str
    job: str | None
    job_type: JobType | None
    outcome: str | None
    n: int
    voices: tuple[Voice, ...]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Steps:
    """All first steps of a study, the jobs in the order of their priority.

    Attributes
    ----------
    messages
        One entry a priority job.
    funnels
        Job id → what acts along its timeline, in the order of `messages`.
    backlog
        Badly served outcomes, or frustrations of the jobs served worst.
    ideas
        Jobs that nothing serves, and outcomes that are served too well.
    """

    messages: tuple[MessageMaterial, ...]
    funnels: Mapping[str, tuple[FunnelStep, ...]]
    backlog: tuple[BacklogRow, ...]
    ideas: tuple[Idea, ...]
