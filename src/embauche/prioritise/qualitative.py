"""The qualitative priority index of jobs: it speaks of these n people, not of the market.

Index of a job = frequency level × mean intensity / 4 × mean dissatisfaction / 4, as a percentage
(METHOD.md, section 4). The frequency is how often the job arises, from what participants say; where
nobody says, the share of participants who have the job stands in. It is never an ODI score.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.identify.evidence import Evidence
from embauche.jobs.job import Job, JobMap
from embauche.notices import Notice
from embauche.prioritise.opportunity_intervals import ranks_of
from embauche.prioritise.priority import QualitativePriority
from embauche.segment.personas_answers import wilson
from embauche.vocabulary import GOAL_FACETS, EvidenceStatus

Float = NDArray[np.float64]

FEW: Final = 12
"""Under this many participants the order of jobs is told to be unstable."""

FEW_RATED: Final = 3
"""A mean of fewer participants' ratings than this has an interval that says too little."""

TOP_RATING: Final = 4.0

DAILY: Final = 30.0
"""Occurrences a month from which a job counts as always there (level 1)."""

_TAILS: Final = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class JobRatings:
    """What participants' evidence says of one job.

    Attributes
    ----------
    states
        (p,) 1 where the participant states the job.
    intensity, dissatisfaction
        (p,) mean rating 0–4 of the participant's evidence; NaN is unknown.
    frequency
        (p,) median occurrences per month that the participant states; NaN is unknown.
    evidence, unreviewed
        Pieces of evidence behind it (rejected ones left out), and how many nobody reviewed.
    """

    states: Float
    intensity: Float
    dissatisfaction: Float
    frequency: Float
    evidence: int
    unreviewed: int


def qualitative_priorities(
    job_map: JobMap,
    evidence: Sequence[Evidence],
    participants: int,
    *,
    draws: int = 2000,
    seed: int = 0,
) -> tuple[QualitativePriority, ...]:
    """Rank jobs by frequency × intensity × dissatisfaction among participants.

    Parameters
    ----------
    job_map, evidence
        The jobs and all evidence; rejected evidence is left out.
    participants
        Participants with a source, whether they state a job or not.
    draws, seed
        Bootstrap over participants.

    Returns
    -------
    tuple of QualitativePriority
        Best first; jobs whose intensity or dissatisfaction nobody rated come last, by the number
        of participants, without an index or a rank.

    Notes
    -----
    A participant's ratings are averaged first, so that who talks most does not count most. The
    share has a Wilson interval; index and ranks come from resampled participants, where a replicate
    that holds nobody who rated a factor is left out. What stands for the frequency is settled once,
    on all participants, and stays the same in every replicate.
    """
    people = people_of(job_map, evidence)
    rated = [ratings_of(job, evidence, people) for job in job_map.jobs]
    ids = len(rated[0].states) if rated else 0
    total = max(participants, ids)
    if not rated or total == 0:
        return ()
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(total, np.full(total, 1 / total), size=draws)[:, :ids].astype(float)
    index = np.array([_index(job, np.ones((1, ids)), total)[0] for job in rated])
    drawn = np.stack([_index(job, counts, total) for job in rated], axis=1)
    known = np.flatnonzero(~np.isnan(index))
    limits = {int(j): _limits(drawn[:, j]) for j in known}
    ranks = dict(zip(known.tolist(), ranks_of(index[known]).tolist(), strict=True))
    ranges = _rank_ranges(drawn[:, known]) if len(known) else np.empty((2, 0), dtype=np.int64)
    whole = _of_the_whole(index, drawn, known, total) + _mixed(rated)
    rows = []
    for j, (job, found) in enumerate(zip(job_map.jobs, rated, strict=True)):
        at = int(np.searchsorted(known, j)) if j in ranks else None
        low, high = limits.get(j, (None, None))
        states = int(found.states.sum())
        share_low, share_high = wilson(states / total, total)
        rows.append(
            QualitativePriority(
                job=job.id,
                participants=states,
                of=total,
                frequency=_median(found.frequency),
                frequency_n=int((~np.isnan(found.frequency)).sum()),
                frequency_basis="share" if np.isnan(found.frequency).all() else "occurrences",
                frequency_level=float(_frequency(found, np.ones((1, ids)), total)[0]),
                frequency_share=states / total,
                frequency_low=share_low,
                frequency_high=share_high,
                intensity=_mean(found.intensity),
                intensity_n=int((~np.isnan(found.intensity)).sum()),
                dissatisfaction=_mean(found.dissatisfaction),
                dissatisfaction_n=int((~np.isnan(found.dissatisfaction)).sum()),
                index=None if at is None else float(index[j]),
                low=low,
                high=high,
                rank=ranks.get(j),
                rank_low=None if at is None else int(min(ranges[0, at], ranks[j])),
                rank_high=None if at is None else int(max(ranges[1, at], ranks[j])),
                unreviewed_share=found.unreviewed / found.evidence if found.evidence else 0.0,
                notices=(*whole, *_notices(found, job)),
            )
        )
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, -row.participants))
    return tuple(rows)


def people_of(job_map: JobMap, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Return the ids of everyone who is heard in the evidence or states a job, in order."""
    heard = {item.participant for item in evidence}
    return tuple(sorted(heard.union(*(job.participants for job in job_map.jobs))))


def ratings_of(job: Job, evidence: Sequence[Evidence], people: Sequence[str]) -> JobRatings:
    """Average the ratings in a job's cells by participant, in the order of `people`."""
    place = {person: at for at, person in enumerate(people)}
    goal = {e for facet in GOAL_FACETS for e in job.evidence(facet)}
    held = goal | {e for facet in job.cells for e in job.evidence(facet)}
    known = [item for item in evidence if item.id in held]
    kept = [item for item in known if item.status is not EvidenceStatus.REJECTED]
    listed = {item.participant for item in known if item.id in goal}
    stating = {item.participant for item in kept if item.id in goal}
    states = np.zeros(len(people))
    for person in job.participants:
        # Someone whose every statement of the job was rejected does not state it any more.
        states[place[person]] = float(person in stating or person not in listed)
    given = [(item.intensity, item.dissatisfaction, item.frequency) for item in kept]
    rated = [
        (item.participant, ratings)
        for item, ratings in zip(kept, given, strict=True)
        if ratings != (None, None, None)
    ]
    return JobRatings(
        states,
        _by_person(rated, 0, place, fmean),
        _by_person(rated, 1, place, fmean),
        _by_person(rated, 2, place, median),
        len(kept),
        sum(item.status is EvidenceStatus.PROPOSED for item in kept),
    )


def _by_person(
    rated: Sequence[tuple[str, tuple[float | None, ...]]],
    at: int,
    place: dict[str, int],
    average: Callable[[list[float]], float],
) -> Float:
    values: dict[str, list[float]] = {}
    for person, ratings in rated:
        if (value := ratings[at]) is not None:
            values.setdefault(person, []).append(float(value))
    result = np.full(len(place), np.nan)
    for person, given in values.items():
        result[place[person]] = average(given)
    return result


def _index(job: JobRatings, counts: Float, total: int) -> Float:
    """(B,) index under (B, p) counts of each participant; NaN where a factor is unknown."""
    factors = _frequency(job, counts, total)
    for ratings in (job.intensity, job.dissatisfaction):
        known = ~np.isnan(ratings)
        heard = counts @ known
        summed = counts @ np.where(known, ratings, 0.0)
        factors = factors * np.where(heard > 0, summed / np.maximum(heard, 1), np.nan) / TOP_RATING
    return 100 * factors


def frequency_level(per_month: Float) -> Float:
    """Bring occurrences a month onto 0 to 1: ``ln(1 + o) / ln(1 + 30)``, at most 1.

    Ratios count and not differences: from once a year (0.03) to once a month (0.20), a week (0.49)
    and a day (1) the steps feel alike, and one very frequent job does not flatten all others.
    """
    return np.asarray(np.minimum(np.log1p(per_month) / np.log1p(DAILY), 1.0))


def _frequency(job: JobRatings, counts: Float, total: int) -> Float:
    """(B,) frequency level: mean over who says how often, else the share who have the job."""
    known = ~np.isnan(job.frequency)
    if not known.any():
        return np.asarray((counts @ job.states) / total)
    heard = counts @ known
    summed = counts @ np.where(known, frequency_level(job.frequency), 0.0)
    return np.asarray(np.where(heard > 0, summed / np.maximum(heard, 1), np.nan))


def _limits(draws: Float) -> tuple[float, float]:
    low, high = np.nanquantile(draws, _TAILS)
    return float(low), float(high)


def _rank_ranges(drawn: Float) -> NDArray[np.int64]:
    ranks = ranks_of(np.where(np.isnan(drawn), -1.0, drawn))
    low = np.quantile(ranks, _TAILS[0], axis=0, method="lower")
    high = np.quantile(ranks, _TAILS[1], axis=0, method="higher")
    return np.stack([low, high]).astype(np.int64)


def _of_the_whole(
    index: Float, drawn: Float, known: NDArray[np.int64], total: int
) -> tuple[Notice, ...]:
    notices = [Notice("qualitative.these_people", {"n": total}, "info")]
    if total < FEW and len(known) > 1:
        first = known[int(np.argmax(index[known]))]
        others = np.where(np.isnan(drawn[:, known]), -1.0, drawn[:, known])
        changes = known[others.argmax(axis=1)] != first
        params = {"n": total, "changes_share": float(changes.mean()), "least": FEW}
        notices.append(Notice("qualitative.few_participants", params))
    return tuple(notices)


def _mixed(rated: Sequence[JobRatings]) -> tuple[Notice, ...]:
    """Say it where some jobs are ranked by occurrences and others by the share that stands in."""
    stand_in = sum(bool(np.isnan(job.frequency).all()) for job in rated)
    if not 0 < stand_in < len(rated):
        return ()
    return (Notice("qualitative.frequency_mixed", {"n": stand_in, "of": len(rated)}, "info"),)


def _notices(found: JobRatings, job: Job) -> list[Notice]:
    notices = []
    said = int((~np.isnan(found.frequency)).sum())
    if said == 0:
        notices.append(Notice("qualitative.frequency_unknown", {"job": job.id}, "info"))
    elif said < FEW_RATED:
        notices.append(Notice("qualitative.frequency_thin", {"n": said, "job": job.id}))
    for factor in ("intensity", "dissatisfaction"):
        n = int((~np.isnan(getattr(found, factor))).sum())
        if n == 0:
            notices.append(Notice(f"qualitative.{factor}_unknown", {"job": job.id}))
        elif n < FEW_RATED:
            notices.append(Notice(f"qualitative.{factor}_thin", {"n": n, "job": job.id}))
    if found.unreviewed:
        params = {
            "unreviewed_share": found.unreviewed / found.evidence,
            "n": found.unreviewed,
            "of": found.evidence,
        }
        notices.append(Notice("qualitative.unreviewed", params))
    return notices


def _mean(values: Float) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None


def _median(values: Float) -> float | None:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else None
