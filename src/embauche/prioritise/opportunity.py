"""ODI opportunity scores, overall and inside each segment, with their error.

``I`` and ``S`` are ten times the weighted share of top answers among those who rated both; the
score is ``I + max(I − S, 0)``, 0 to 20 (Ulwick, *What Customers Want*, 2005).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.notices import Notice
from embauche.prioritise.opportunity_intervals import (
    Limits,
    dirichlet_over,
    limits_of,
    ranks_of,
    score_of,
)
from embauche.prioritise.opportunity_segments import SegmentDraws, segment_draws
from embauche.prioritise.priority import Opportunity
from embauche.prioritise.ratings import Ratings, read_ratings
from embauche.segment.segmentation import Segmentation
from embauche.vocabulary import Zone

Float = NDArray[np.float64]
Progress = Callable[[float], None]

FEW: Final = 100
"""Under this many respondents the interval is too wide to rank outcomes by."""

TOO_FEW: Final = 30
"""Under this many no zone is given."""

UNIMPORTANT: Final = 5.0
"""Importance under 5 of 10: fewer than half give a top answer."""

_CHUNK: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class _Group:
    """Everything about one group of respondents (overall, or a segment)."""

    segment: str | None
    n: NDArray[np.int64]
    importance: Float
    satisfaction: Float
    gap_only: Float
    mean_based: Float
    p_over_10: Float
    limits: Limits
    notices: tuple[Notice, ...]


def opportunities(
    survey: Survey,
    *,
    segmentation: Segmentation | None = None,
    draws: int = 2000,
    seed: int = 0,
    progress: Progress | None = None,
) -> tuple[Opportunity, ...]:
    """Score every outcome that has importance and satisfaction ratings.

    Parameters
    ----------
    survey
        With paired ratings; without any, nothing is returned.
    segmentation
        Where given, outcomes are scored inside each segment as well.
    draws
        Bootstrap replicates. Inside segments at most `SEGMENT_DRAWS` are used, since each refits
        the segmentation; a notice says how many.
    seed
        Seed of every random choice.
    progress
        Called with the share done, 0 to 1; may raise to cancel.

    Returns
    -------
    tuple of Opportunity
        Best first: everyone, then segment by segment.

    Notes
    -----
    Interval: percentile bootstrap over respondents of the score's two branches
    (`opportunity_intervals`). Probability of more than 10: Dirichlet posterior over the four joint
    cells (important × satisfied) with Jeffreys' prior, weights scaled to Kish's effective n; inside
    segments the share of bootstrap draws, which hold the segments' own uncertainty. Over-served:
    the lower limit of ``S − I`` is above 0. Unimportant: importance under 5 and not over-served.

    Raises
    ------
    ColumnError
        If a rating column is missing or holds no ratings.
    """
    if not survey.importance:
        return ()
    ratings = read_ratings(survey)
    weights = _weights(survey)
    overall_seed, segment_seed = np.random.SeedSequence(seed).spawn(2)
    parted = segmentation is not None and len(segmentation.segments) > 1
    share = 0.2 if parted else 1.0
    groups = [_overall(ratings, weights, draws, overall_seed, _part(progress, 0.0, share))]
    if segmentation is not None and parted:
        found = segment_draws(
            survey, segmentation, ratings, weights, draws, segment_seed, _part(progress, share, 1.0)
        )
        groups += [_inside(part) for part in found]
    if progress is not None:
        progress(1.0)
    return tuple(row for group in groups for row in _rows(group, ratings))


def _part(progress: Progress | None, low: float, high: float) -> Progress | None:
    if progress is None:
        return None
    return lambda done: progress(low + (high - low) * done)


def _weights(survey: Survey) -> Float:
    if survey.weight is None:
        return np.ones(survey.n)
    column = survey.frame[survey.weight].cast(pl.Float64)
    return column.fill_null(0.0).fill_nan(0.0).to_numpy().astype(np.float64)


def _overall(
    ratings: Ratings,
    weights: Float,
    draws: int,
    seed: np.random.SeedSequence,
    progress: Progress | None,
) -> _Group:
    rng = np.random.default_rng(seed)
    used = np.flatnonzero((weights > 0) & ratings.both.any(axis=1))
    w = weights[used]
    both = ratings.both[used].astype(np.float64)
    parts = np.concatenate([both, ratings.importance[used], ratings.satisfaction[used]], axis=1)
    J, n = both.shape[1], len(used)
    sums = w @ parts
    with np.errstate(invalid="ignore", divide="ignore"):
        importance, satisfaction = _tenths(sums[None], J)
        importance, satisfaction = importance[0], satisfaction[0]
        step = max(1, _CHUNK // max(n, 1))
        drawn = np.empty((draws, 3 * J))
        for first in range(0, draws, step):
            last = min(first + step, draws)
            counts = rng.multinomial(n, np.full(n, 1 / n), size=last - first) if n else 0
            drawn[first:last] = (counts * w) @ parts if n else 0.0
            if progress is not None:
                progress(last / draws)
        draws_i, draws_s = _tenths(drawn, J)
    both_top = w @ (ratings.importance[used] * ratings.satisfaction[used])
    n_eff = sums[:J] ** 2 / np.maximum((w**2) @ both, 1e-300)
    total = np.maximum(sums[:J], 1e-300)
    cells = np.stack(
        [both_top, sums[J : 2 * J] - both_top, sums[2 * J :] - both_top,
         sums[:J] - sums[J : 2 * J] - sums[2 * J :] + both_top], axis=1
    )  # fmt: skip
    cells = np.maximum(cells, 0) / total[:, None] * n_eff[:, None]
    means = w @ np.concatenate([ratings.importance_mean[used], ratings.satisfaction_mean[used]], 1)
    with np.errstate(invalid="ignore"):
        phi = _phi(importance / 10, satisfaction / 10, both_top / total)
        limits = limits_of(importance, satisfaction, draws_i, draws_s, n_eff, phi)
    return _Group(
        None,
        ratings.both[used].sum(axis=0),
        importance,
        satisfaction,
        np.maximum(importance - satisfaction, 0),
        score_of(means[:J] / total, means[J:] / total),
        dirichlet_over(cells, max(draws, 1000), rng),
        limits,
        (),
    )


def _tenths(sums: Float, J: int) -> tuple[Float, Float]:
    return 10 * sums[:, J : 2 * J] / sums[:, :J], 10 * sums[:, 2 * J :] / sums[:, :J]


def _phi(a: Float, b: Float, joint: Float) -> Float:
    spread = np.sqrt(a * (1 - a) * b * (1 - b))
    return np.where(spread > 0, (joint - a * b) / np.where(spread > 0, spread, 1.0), 0.0)


def _inside(found: SegmentDraws) -> _Group:
    score = score_of(found.draws_i, found.draws_s)
    with np.errstate(invalid="ignore"):
        limits = limits_of(
            found.importance,
            found.satisfaction,
            found.draws_i,
            found.draws_s,
            found.n_eff,
            found.phi,
        )
        over = ((score > 10).sum(axis=0) + 0.5) / (len(score) + 1)
    return _Group(
        found.segment,
        found.n,
        found.importance,
        found.satisfaction,
        np.maximum(found.importance - found.satisfaction, 0),
        score_of(found.importance_mean, found.satisfaction_mean),
        over,
        limits,
        found.notices,
    )


def _rows(group: _Group, ratings: Ratings) -> list[Opportunity]:
    score = score_of(group.importance, group.satisfaction)
    known = group.n > 0
    ranks = ranks_of(np.where(known, score, -1.0))
    moved = _moved(group, known)
    rows = []
    for at in sorted(np.flatnonzero(known), key=lambda j: (ranks[j], j)):
        n = int(group.n[at])
        notices = [*group.notices, *ratings.notices[at]]
        if n < TOO_FEW:
            notices.append(Notice("opportunity.too_few", {"n": n, "least": TOO_FEW}))
        elif n < FEW:
            notices.append(Notice("opportunity.few", {"n": n, "least": FEW}))
        if not ratings.zones[at]:
            notices.append(Notice("opportunity.no_zone", {"outcome": ratings.names[at]}, "info"))
        if moved[at]:
            notices.append(Notice("opportunity.formula_matters", {"outcome": ratings.names[at]}))
        if known.sum() > 1:
            count = int(known.sum())
            notices.append(Notice("opportunity.multiple", {"n": count}, "info"))
        rows.append(
            Opportunity(
                outcome=ratings.names[at],
                importance_column=ratings.importance_columns[at],
                satisfaction_column=ratings.satisfaction_columns[at],
                segment=group.segment,
                n=n,
                importance=float(group.importance[at]),
                satisfaction=float(group.satisfaction[at]),
                score=float(score[at]),
                low=float(min(group.limits.low[at], score[at])),
                high=float(max(group.limits.high[at], score[at])),
                p_over_10=float(group.p_over_10[at]),
                rank=int(ranks[at]),
                rank_low=int(min(group.limits.rank_low[at], ranks[at])),
                rank_high=int(max(group.limits.rank_high[at], ranks[at])),
                zone=_zone(group, int(at), float(score[at])) if ratings.zones[at] else None,
                gap_only=float(group.gap_only[at]),
                mean_based=float(group.mean_based[at]),
                notices=tuple(notices),
            )
        )
    return rows


def _moved(group: _Group, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell the outcomes whose rank leaves its range under both other formulas."""
    outside = np.ones(len(known), dtype=np.bool_)
    for variant in (group.gap_only, group.mean_based):
        ranks = ranks_of(np.where(known, variant, -1.0))
        outside &= (ranks < group.limits.rank_low) | (ranks > group.limits.rank_high)
    return outside


def _zone(group: _Group, at: int, score: float) -> Zone | None:
    if group.n[at] < TOO_FEW:
        return None
    for least, zone in ((12.0, Zone.STRONG), (10.0, Zone.WORTH_A_LOOK)):
        if score > 15.0:
            return Zone.EXTREME
        if score >= least:
            return zone
    if group.limits.over_served[at] > 0:
        return Zone.OVER_SERVED
    return Zone.UNIMPORTANT if group.importance[at] < UNIMPORTANT else Zone.SERVED
