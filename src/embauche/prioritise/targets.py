"""Whom to serve first with what: segment × outcome, weighed by the customers who are in it.

A target is an outcome inside a segment. What is at stake in it is how many customers hold the
outcome for important and are not satisfied with what they use now:

    customers at stake = expected customers of the segment × share underserved

and likewise for their value. The first factor comes from the customer table, the second from the
survey; the product takes customers of a segment to answer as its respondents do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.notices import Notice
from embauche.prioritise.opportunity_draws import PRIOR
from embauche.prioritise.opportunity_intervals import ranks_of
from embauche.prioritise.opportunity_segments import BLURRED
from embauche.prioritise.priority import Opportunity
from embauche.prioritise.ratings import Ratings, read_ratings
from embauche.prioritise.target_customers import (
    CustomersOfSegment,
    Memberships,
    Z,
    expected_customers,
)
from embauche.segment.segmentation import Segmentation

Float = NDArray[np.float64]
Basis = Literal["value", "customers", "share"]

DRAWS: Final = 500
FEW: Final = 30
"""Under this many raters in a segment a target is weak, as no zone is given either."""

_TAILS: Final = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Target:
    """One outcome inside one segment.

    Attributes
    ----------
    segment, outcome, importance_column
        What it is.
    n
        Respondents of the segment who rated both.
    underserved, underserved_low, underserved_high
        Share of the segment that holds the outcome for important and is not satisfied, with its
        95 % interval.
    at_stake, at_stake_low, at_stake_high
        In the unit of `Targets.basis`: value or number of customers underserved, or share of all
        respondents.
    rank, rank_low, rank_high
        By what is at stake, 1 first, with its 95 % range.
    opportunity
        The outcome's row inside the segment: score, satisfaction now, intervals, notices.
    notices
        What is weak about the target beyond its opportunity.
    """

    segment: str
    outcome: str
    importance_column: str
    n: int
    underserved: float
    underserved_low: float
    underserved_high: float
    at_stake: float
    at_stake_low: float
    at_stake_high: float
    rank: int
    rank_low: int
    rank_high: int
    opportunity: Opportunity
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Targets:
    """Targets, the greatest stake first, and what they rest on.

    Attributes
    ----------
    basis
        What is at stake: ``"value"``, ``"customers"``, or ``"share"`` of respondents where there
        is no customer table.
    targets
        Empty without importance and satisfaction ratings.
    customers
        One entry a segment; empty without a customer table.
    n_customers, unanswered
        Customers in segments, and those who answered no need.
    missing
        What would make the list better: ``"ratings"``, ``"customers"``, ``"value"``.
    notices
        What is weak about the list as a whole.
    """

    basis: Basis
    targets: tuple[Target, ...] = ()
    customers: tuple[CustomersOfSegment, ...] = ()
    n_customers: int = 0
    unanswered: int = 0
    missing: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


def find_targets(
    survey: Survey,
    segmentation: Segmentation,
    opportunities: Sequence[Opportunity],
    memberships: Memberships | None = None,
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> Targets | None:
    """Rank every outcome of every segment by what is at stake.

    Parameters
    ----------
    survey, segmentation
        The survey and its segments.
    opportunities
        As `opportunities` returns them, with rows inside segments.
    memberships
        Customers in the order of the segments; ``None`` where there is no customer table.
    draws
        Bootstrap replicates.
    seed
        Seed of the replicates.

    Returns
    -------
    Targets or None
        ``None`` where there is but one segment: everybody is the target.

    Notes
    -----
    The share underserved is averaged with posterior memberships; for ratings that did not form the
    segments with the weights of Bolck, Croon and Hagenaars (2004), as `opportunity_segments` has
    it. Its interval is a Bayesian bootstrap over respondents with Jeffreys' prior on the four joint
    cells, memberships held: it does not hold the error of the segments themselves, which the
    opportunity's own interval does. What is at stake multiplies each replicate by a draw of the
    segment's customers.
    """
    K = len(segmentation.segments)
    if K < 2:
        return None
    ids = [segment.id for segment in segmentation.segments]
    counted = expected_customers(memberships, ids) if memberships is not None else ()
    valued = bool(counted) and counted[0].value is not None
    basis: Basis = "value" if valued else "customers" if counted else "share"
    inside = {(row.segment, row.importance_column): row for row in opportunities if row.segment}
    missing = [
        name
        for name, absent in (
            ("ratings", not inside),
            ("customers", not counted),
            ("value", bool(counted) and not valued),
        )
        if absent
    ]
    made: tuple[Target, ...] = ()
    if inside:
        rng = np.random.default_rng(seed)
        ratings = read_ratings(survey)
        share, replicates, sizes = _underserved(survey, segmentation, ratings, draws, rng)
        size, drawn = _sizes(counted, basis, sizes, draws, rng)
        made = _ranked(ids, ratings, inside, (share, replicates), (size, drawn))
    return Targets(
        basis=basis,
        targets=made,
        customers=counted,
        n_customers=0 if memberships is None else len(memberships.posterior),
        unanswered=0 if memberships is None else memberships.unanswered,
        missing=tuple(missing),
        notices=_notices(made, counted, memberships),
    )


def _underserved(
    survey: Survey,
    segmentation: Segmentation,
    ratings: Ratings,
    draws: int,
    rng: np.random.Generator,
) -> tuple[Float, Float, tuple[Float, Float]]:
    """Return (K, J) shares, (B, K, J) replicates, and segment sizes with their replicates."""
    weights = _weights(survey)
    used = np.flatnonzero((segmentation.labels >= 0) & (weights > 0))
    w, p = weights[used], segmentation.posterior[used]
    both = ratings.both[used].astype(np.float64)
    lacking = ratings.importance[used] * (1 - ratings.satisfaction[used]) * both
    needs = set(segmentation.needs)
    pairs = zip(ratings.importance_columns, ratings.satisfaction_columns, strict=True)
    formed = np.array([one in needs and other in needs for one, other in pairs], dtype=np.bool_)
    members = w[:, None] * p
    mass = np.maximum(members.T @ both, 1e-300)
    unit = ((members**2).T @ both) / mass
    estimate = _shares(w, p, both, lacking, formed, np.zeros((*mass.shape, 2)))
    replicates = np.empty((draws, *mass.shape))
    sizes = np.empty((draws, p.shape[1]))
    for at in range(draws):
        again = w * rng.standard_exponential(len(used))
        gamma = rng.standard_gamma(PRIOR, size=(*mass.shape, 4)) * unit[..., None]
        prior = np.stack([gamma.sum(axis=-1), gamma[..., 1]], axis=-1)
        replicates[at] = _shares(again, p, both, lacking, formed, prior)
        sizes[at] = again @ p / again.sum()
    return estimate, replicates, (w @ p / w.sum(), sizes)


def _shares(
    w: Float, p: Float, both: Float, lacking: Float, formed: NDArray[np.bool_], prior: Float
) -> Float:
    """(K, J) share underserved under weights `w`; `prior` (K, J, 2) adds weight and underserved."""
    plain = w[:, None] * p
    D = plain.T @ p / np.maximum(plain.sum(axis=0)[:, None], 1e-300)
    blurred = np.linalg.svd(D, compute_uv=False).min() < BLURRED
    sharp = plain if blurred else plain @ np.linalg.inv(D)
    result = np.zeros(prior.shape[:2])
    with np.errstate(invalid="ignore", divide="ignore"):
        for chosen, columns in ((plain, formed), (sharp, ~formed)):
            total = chosen.T @ both[:, columns] + prior[:, columns, 0]
            result[:, columns] = (chosen.T @ lacking[:, columns] + prior[:, columns, 1]) / total
    return np.clip(np.nan_to_num(result), 0.0, 1.0)


def _weights(survey: Survey) -> Float:
    if survey.weight is None:
        return np.ones(survey.n)
    known = survey.frame[survey.weight].cast(pl.Float64).fill_null(0.0).fill_nan(0.0)
    return np.asarray(known.to_numpy(), dtype=np.float64)


def _sizes(
    counted: Sequence[CustomersOfSegment],
    basis: Basis,
    shares: tuple[Float, Float],
    draws: int,
    rng: np.random.Generator,
) -> tuple[Float, Float]:
    """Return (K,) sizes in the unit of the basis, and (B, K) draws of them."""
    if basis == "share":
        return shares
    if basis == "value":
        rows = [(c.value or 0.0, c.value_low or 0.0, c.value_high or 0.0) for c in counted]
    else:
        rows = [(c.expected, c.low, c.high) for c in counted]
    middle, low, high = np.array(rows, dtype=np.float64).T
    drawn = rng.normal(middle, np.maximum(high - low, 0.0) / (2 * Z), size=(draws, len(rows)))
    return middle, np.clip(drawn, np.minimum(low, middle), np.maximum(high, middle))


def _ranked(
    ids: Sequence[str],
    ratings: Ratings,
    inside: Mapping[tuple[str, str], Opportunity],
    shares: tuple[Float, Float],
    sizes: tuple[Float, Float],
) -> tuple[Target, ...]:
    places = [
        (k, j, row)
        for k, segment in enumerate(ids)
        for j, column in enumerate(ratings.importance_columns)
        if (row := inside.get((segment, column))) is not None
    ]
    ks, js = np.array([k for k, _, _ in places]), np.array([j for _, j, _ in places])
    share, replicates = shares[0][ks, js], shares[1][:, ks, js]
    stake, drawn = sizes[0][ks] * share, sizes[1][:, ks] * replicates
    rank, ranks = ranks_of(stake), ranks_of(drawn)
    limits = [np.quantile(values, _TAILS, axis=0) for values in (replicates, drawn)]
    lowest = np.quantile(ranks, _TAILS[0], axis=0, method="lower")
    highest = np.quantile(ranks, _TAILS[1], axis=0, method="higher")
    made = []
    for at in np.lexsort((js, ks, rank)):
        k, _, row = places[at]
        weak = row.n < FEW
        params = {"n": row.n, "least": FEW}
        made.append(
            Target(
                segment=ids[k],
                outcome=row.outcome,
                importance_column=row.importance_column,
                n=row.n,
                underserved=float(share[at]),
                underserved_low=float(min(limits[0][0, at], share[at])),
                underserved_high=float(max(limits[0][1, at], share[at])),
                at_stake=float(stake[at]),
                at_stake_low=float(min(limits[1][0, at], stake[at])),
                at_stake_high=float(max(limits[1][1, at], stake[at])),
                rank=int(rank[at]),
                rank_low=int(min(lowest[at], rank[at])),
                rank_high=int(max(highest[at], rank[at])),
                opportunity=row,
                notices=(Notice("targets.few", params),) if weak else (),
            )
        )
    return tuple(made)


def _notices(
    made: Sequence[Target],
    counted: Sequence[CustomersOfSegment],
    memberships: Memberships | None,
) -> tuple[Notice, ...]:
    notices = []
    if made and counted:
        notices.append(Notice("targets.answers_carried_over", {}, "info"))
    if counted:
        notices.append(Notice("targets.membership_only", {}, "info"))
    if memberships is not None and memberships.unanswered:
        of = memberships.unanswered + len(memberships.posterior)
        params = {"n": memberships.unanswered, "of": of}
        many = memberships.unanswered > 0.2 * of
        notices.append(Notice("targets.unanswered", params, "weak" if many else "info"))
    if counted and counted[0].value is not None and memberships is not None:
        unknown = len(memberships.posterior) - counted[0].valued
        if unknown:
            params = {"n": unknown, "of": len(memberships.posterior)}
            notices.append(Notice("targets.value_unknown", params))
    if len(made) > 1 and made[0].rank_high > 1:
        said = {"n": made[0].rank_high, "segment": made[0].segment, "outcome": made[0].outcome}
        notices.append(Notice("targets.first_not_settled", said))
    return tuple(notices)
