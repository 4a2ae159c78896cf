"""What a priority is: the qualitative index of a job, and the ODI opportunity of an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from embauche.notices import Notice
from embauche.vocabulary import Zone


@dataclass(frozen=True, slots=True)
class QualitativePriority:
    """The qualitative priority index of one job: it describes these n people, not the market.

    Attributes
    ----------
    job
        Id of the job.
    participants, of
        Participants who state the job, of all participants with a source.
    frequency
        Occurrences per month, median of what was said; ``None`` where nothing was said.
    frequency_n
        Participants who said how often.
    frequency_basis
        What the index takes for the frequency: ``"occurrences"``, or ``"share"`` where nobody said
        how often.
    frequency_level
        The frequency as the index takes it, 0 to 1: the mean of ``ln(1 + o) / ln(1 + 30)`` over the
        participants who said, or the share.
    frequency_share, frequency_low, frequency_high
        Share of participants who have the job, with its 95 % Wilson interval.
    intensity, dissatisfaction
        Means over participants of ratings from 0 to 4; ``None`` is unknown, never zero.
    intensity_n, dissatisfaction_n
        Participants behind each mean.
    index
        ``frequency_level × intensity/4 × dissatisfaction/4`` as a percentage (0 to 100); ``None``
        where a factor is unknown.
    low, high
        95 % interval of the index over resampled participants.
    rank, rank_low, rank_high
        Rank among the jobs (1 is first) and its 95 % range; ``None`` without an index.
    unreviewed_share
        Share of the evidence behind it that no person has reviewed.
    notices
        What is weak about it.
    """

    job: str
    participants: int
    of: int
    frequency: float | None
    frequency_n: int
    frequency_basis: Literal["occurrences", "share"]
    frequency_level: float
    frequency_share: float
    frequency_low: float
    frequency_high: float
    intensity: float | None
    intensity_n: int
    dissatisfaction: float | None
    dissatisfaction_n: int
    index: float | None
    low: float | None
    high: float | None
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    unreviewed_share: float
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Opportunity:
    """The ODI opportunity of one outcome, overall or inside a segment.

    Attributes
    ----------
    outcome
        What was asked about.
    importance_column, satisfaction_column
        Columns of the survey.
    segment
        Id of the segment; ``None`` for everyone.
    n
        Respondents who rated both.
    importance, satisfaction
        Ten times the (weighted) share of 4–5 answers on the 1–5 scale.
    score
        ``importance + max(importance − satisfaction, 0)``, 0 to 20.
    low, high
        95 % interval.
    p_over_10
        Posterior probability that the score exceeds 10.
    rank, rank_low, rank_high
        Among the outcomes of the same segment, 1 first, with its 95 % range.
    zone
        ``None`` where the rating scale does not allow zones (not 1–5 top-two-box).
    gap_only, mean_based
        Sensitivity check: ``max(importance − satisfaction, 0)`` and the score from means rescaled
        to 0–10.
    notices
        What is weak about it.
    """

    outcome: str
    importance_column: str
    satisfaction_column: str
    segment: str | None
    n: int
    importance: float
    satisfaction: float
    score: float
    low: float
    high: float
    p_over_10: float
    rank: int
    rank_low: int
    rank_high: int
    zone: Zone | None
    gap_only: float
    mean_based: float
    notices: tuple[Notice, ...] = ()
