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
    p_over_10, p_over_12, p_over_15
        Posterior probability that the score exceeds 10, 12, 15.
    rank, rank_low, rank_high
        Among the outcomes of the same segment, 1 first, with its 95 % range.
    zone
        ``None`` where the rating scale does not allow zones (not 1–5 top-two-box), and under 30
        respondents.
    gap_only, mean_based
        Sensitivity check: ``max(importance − satisfaction, 0)`` and the score from means rescaled
        to 0–10.
    notices
        What is weak about it.
    n_effective
        Kish's effective n under survey weights and, inside estimated segments, memberships.
    p_satisfied_more
        Posterior probability that satisfaction exceeds importance.
    p_zone
        Posterior probability that what the zone says holds; ``None`` without a zone.
    p_holm
        Chance of a score of 10 or less, adjusted by Holm for all outcomes of the segment; ``None``
        where the scale allows no zones.
    top, p_top
        k, and the share of replicates in which the outcome is among the k best.
    gap_rank, mean_rank
        Ranks by the two variants.
    importance_low, importance_high, satisfaction_low, satisfaction_high
        95 % intervals.
    excess_low, excess_high
        95 % interval of ``satisfaction − importance``; over-served where `excess_low` is above 0.
    importance_scale, importance_top, satisfaction_scale, satisfaction_top
        The scale of the ratings (``"1-5"``) and the least answer counted as a top answer.
    one_rating_only
        Respondents left out because they gave one of the two ratings only.
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
    n_effective: float | None = None
    p_over_12: float | None = None
    p_over_15: float | None = None
    p_satisfied_more: float | None = None
    p_zone: float | None = None
    p_holm: float | None = None
    top: int | None = None
    p_top: float | None = None
    gap_rank: int | None = None
    mean_rank: int | None = None
    importance_low: float | None = None
    importance_high: float | None = None
    satisfaction_low: float | None = None
    satisfaction_high: float | None = None
    excess_low: float | None = None
    excess_high: float | None = None
    importance_scale: str | None = None
    importance_top: int | None = None
    satisfaction_scale: str | None = None
    satisfaction_top: int | None = None
    one_rating_only: int = 0
