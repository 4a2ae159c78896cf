"""From replicates to rows: intervals, posterior probabilities, zones and what is weak of each."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.notices import Notice
from embauche.prioritise.opportunity_draws import GroupDraws
from embauche.prioritise.opportunity_intervals import (
    THRESHOLDS,
    Posterior,
    dirichlet_posterior,
    holm,
    limits_of,
    ranks_of,
    score_of,
)
from embauche.prioritise.priority import Opportunity
from embauche.prioritise.ratings import Ratings
from embauche.vocabulary import Zone

Float = NDArray[np.float64]

FEW: Final = 100
"""Under this many respondents the interval is too wide to rank outcomes by."""

TOO_FEW: Final = 30
"""Under this many no zone is given."""

UNIMPORTANT: Final = 5.0
"""Importance under 5 of 10: fewer than half give a top answer."""

SATISFIED: Final = 5.0
"""Satisfaction of 5 of 10 or more: at least half give a top answer."""

ONE_ANSWER: Final = 0.2
"""Where more than this share of raters gave one of the two ratings only, the row warns."""

_EXACT: Final = 9
"""Decimals to which scores are exact: 2 · 7 − 2 is 12, whatever binary fractions make of it."""


def rows_of(
    group: GroupDraws, ratings: Ratings, top: int, rng: np.random.Generator
) -> list[Opportunity]:
    """Return the rows of one group, best first; outcomes that nobody rated are left out.

    Parameters
    ----------
    top
        How many best outcomes `Opportunity.p_top` is about.
    rng
        For the Dirichlet posterior of a fixed group.
    """
    known = np.flatnonzero(group.n > 0)
    if not len(known):
        return []
    draws_i, draws_s = group.draws_i[:, known], group.draws_s[:, known]
    limits = limits_of(draws_i, draws_s)
    posterior = (
        Posterior(draws_i, draws_s)
        if group.cells is None
        else dirichlet_posterior(group.cells[known], rng)
    )
    importance, satisfaction = group.importance[known], group.satisfaction[known]
    score, gap, mean = (
        np.round(values, _EXACT).astype(np.float64)
        for values in (
            score_of(importance, satisfaction),
            np.maximum(importance - satisfaction, 0.0),
            score_of(group.importance_mean[known], group.satisfaction_mean[known]),
        )
    )
    over = [posterior.probability(posterior.score > threshold) for threshold in THRESHOLDS]
    more = posterior.probability(posterior.satisfaction > posterior.importance)
    ranks, gap_ranks, mean_ranks = ranks_of(score), ranks_of(gap), ranks_of(mean)
    p_top, adjusted = limits.p_top(top), _adjusted(over[0], known, ratings)
    rows = []
    for at in np.lexsort((known, ranks)):
        j = int(known[at])
        n = int(group.n[j])
        zone = None
        if ratings.has_zones(j) and n >= TOO_FEW:
            zone = _zone(
                float(score[at]),
                float(importance[at]),
                float(satisfaction[at]),
                float(limits.excess[0, at]),
            )
        rank = int(ranks[at])
        outside = all(
            not limits.rank[0, at] <= other[at] <= limits.rank[1, at]
            for other in (gap_ranks, mean_ranks)
        )
        rows.append(
            Opportunity(
                outcome=ratings.names[j],
                importance_column=ratings.importance_columns[j],
                satisfaction_column=ratings.satisfaction_columns[j],
                segment=group.segment,
                n=n,
                importance=float(importance[at]),
                satisfaction=float(satisfaction[at]),
                score=float(score[at]),
                low=float(min(limits.score[0, at], score[at])),
                high=float(max(limits.score[1, at], score[at])),
                p_over_10=float(over[0][at]),
                rank=rank,
                rank_low=int(min(limits.rank[0, at], rank)),
                rank_high=int(max(limits.rank[1, at], rank)),
                zone=zone,
                gap_only=float(gap[at]),
                mean_based=float(mean[at]),
                notices=(*group.notices, *_notices(group, ratings, j, outside=outside)),
                n_effective=float(group.n_eff[j]),
                p_over_12=float(over[1][at]),
                p_over_15=float(over[2][at]),
                p_satisfied_more=float(more[at]),
                p_zone=_p_zone(zone, posterior, int(at)),
                p_holm=float(adjusted[at]) if ratings.has_zones(j) else None,
                top=top,
                p_top=float(p_top[at]),
                gap_rank=int(gap_ranks[at]),
                mean_rank=int(mean_ranks[at]),
                importance_low=float(min(limits.importance[0, at], importance[at])),
                importance_high=float(max(limits.importance[1, at], importance[at])),
                satisfaction_low=float(min(limits.satisfaction[0, at], satisfaction[at])),
                satisfaction_high=float(max(limits.satisfaction[1, at], satisfaction[at])),
                excess_low=float(limits.excess[0, at]),
                excess_high=float(limits.excess[1, at]),
                importance_scale=str(ratings.importance_scales[j]),
                importance_top=ratings.importance_scales[j].top,
                satisfaction_scale=str(ratings.satisfaction_scales[j]),
                satisfaction_top=ratings.satisfaction_scales[j].top,
                one_rating_only=int(group.either[j]) - n,
            )
        )
    return rows


def _adjusted(over_10: Float, known: NDArray[np.int64], ratings: Ratings) -> Float:
    """Adjust the chance of a score of 10 or less for how many outcomes may have a zone."""
    zoned = np.array([ratings.has_zones(int(j)) for j in known], dtype=np.bool_)
    adjusted = np.ones(len(known))
    adjusted[zoned] = holm(1 - over_10[zoned])
    return adjusted


def _zone(score: float, importance: float, satisfaction: float, excess_low: float) -> Zone:
    if score > 15.0:
        return Zone.EXTREME
    if score >= 12.0:
        return Zone.STRONG
    if score >= 10.0:
        return Zone.WORTH_A_LOOK
    if excess_low > 0:
        return Zone.OVER_SERVED
    if importance < UNIMPORTANT:
        return Zone.UNIMPORTANT
    return Zone.SERVED if satisfaction >= SATISFIED else Zone.NOT_NOW


def _p_zone(zone: Zone | None, posterior: Posterior, at: int) -> float | None:
    """Return the posterior probability that what a zone says holds."""
    if zone is None:
        return None
    importance, satisfaction = posterior.importance[:, at], posterior.satisfaction[:, at]
    score = score_of(importance, satisfaction)
    low = score <= THRESHOLDS[0]
    holds = {
        Zone.EXTREME: score > 15.0,
        Zone.STRONG: (score > 12.0) & (score <= 15.0),
        Zone.WORTH_A_LOOK: (score > 10.0) & (score <= 12.0),
        Zone.OVER_SERVED: low & (satisfaction > importance),
        Zone.UNIMPORTANT: low & (importance < UNIMPORTANT),
        Zone.SERVED: low & (importance >= UNIMPORTANT) & (satisfaction >= SATISFIED),
        Zone.NOT_NOW: low & (importance >= UNIMPORTANT) & (satisfaction < SATISFIED),
    }[zone]
    return float(posterior.probability(holds[:, None])[0])


def _notices(group: GroupDraws, ratings: Ratings, j: int, *, outside: bool) -> list[Notice]:
    name, n, either = ratings.names[j], int(group.n[j]), int(group.either[j])
    notices = list(ratings.notices[j])
    if n < TOO_FEW:
        notices.append(Notice("opportunity.too_few", {"n": n, "least": TOO_FEW}))
    elif n < FEW:
        notices.append(Notice("opportunity.few", {"n": n, "least": FEW}))
    if not ratings.has_zones(j):
        notices.append(Notice("opportunity.no_zone", {}, "info"))
    if either > n:
        params = {"outcome": name, "n": either - n, "of": either, "kept": n}
        many = either - n > ONE_ANSWER * either
        notices.append(Notice("opportunity.pairwise", params, "weak" if many else "info"))
    if outside:
        notices.append(Notice("opportunity.formula_matters", {"outcome": name}))
    return notices
