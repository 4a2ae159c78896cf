"""The verdict on groups found by k-means or hierarchical clustering, with its thresholds.

The four words mean what they mean for latent classes (`embauche.segment.verdict`), and limits that
are the same there are the same here. What plays the part of BIC against a continuum is the test
against one unimodal cloud (`embauche.segment.routes_cloud`), and that of entropy the silhouette.

natural
    The groups are more than a cut through one cloud (p ≤ `CLOUD_LEVEL`), are not ordered levels of
    one thing, stand apart (mean silhouette ≥ `NATURAL_SILHOUETTE`) with few people between any two
    of them (≤ `VALLEY`), criterion and stability ask for the same number, stability ≥ .8 and every
    group is found again (Jaccard ≥ .75). Never where respondents differ mostly in how they
    rate, nor with fewer than `LEAST_PEOPLE`.
reproducible
    Stability ≥ .6 and every group ≥ .5; not with fewer than `LEAST_PEOPLE`.
constructed
    More than noise (stability well above that of shuffled columns), and no more than that.
no stable segments
    Refits agree hardly more than on shuffled columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.notices import Notice
from embauche.segment.verdict import (
    ABOVE_NOISE,
    LEVELS,
    NATURAL_SEGMENT,
    NATURAL_STABILITY,
    REPRODUCIBLE_SEGMENT,
    REPRODUCIBLE_STABILITY,
)
from embauche.vocabulary import Solidity

CLOUD_LEVEL: Final = 0.05
"""p up to which groups are more than a cut through one cloud."""

NATURAL_SILHOUETTE: Final = 0.25
"""Under this mean silhouette width there is no substantial structure (Kaufman and Rousseeuw 1990).
"""

VALLEY: Final = 0.10
"""Most members of two groups that may stand in the middle third between their means. One normal
cloud that is cut in two has 21 % there, a uniform one 17 %; two normal groups four standard
deviations apart have 9 %."""

LEAST_PEOPLE: Final = 30
"""With 30 people a third is ten, and an answer that half of them give lies between 24 and 76 %
(Wilson): with fewer no group can be told from chance."""


@dataclass(frozen=True, slots=True)
class RouteGrounds:
    """What the verdict rests on.

    Attributes
    ----------
    n, k, criterion_k
        People; number of groups kept; number that the criterion alone prefers.
    stability, by_segment, silhouette, noise_stability
        Of the groups kept; stability on columns shuffled one by one.
    p, draws
        Of the test against one cloud.
    levels
        Share of the difference between groups that is one of level.
    between
        Greatest share, over pairs of groups, of their members who stand in the middle third between
        their means.
    styled
        Whether respondents differ mostly in how they rate.
    """

    n: int
    k: int
    criterion_k: int
    stability: float
    by_segment: NDArray[np.float64]
    silhouette: float
    noise_stability: float
    p: float
    draws: int
    levels: float
    between: float
    styled: bool = False


def route_verdict(grounds: RouteGrounds) -> tuple[Solidity, tuple[Notice, ...]]:
    """Judge, and give every reason for or against, with figures and thresholds."""
    g = grounds
    weakest = float(g.by_segment.min())
    few = g.n < LEAST_PEOPLE
    apart = g.p <= CLOUD_LEVEL
    reasons = _reasons(g, weakest)
    if g.stability < g.noise_stability + ABOVE_NOISE:
        return Solidity.NO_STABLE_SEGMENTS, reasons
    found_again = g.stability >= REPRODUCIBLE_STABILITY and weakest >= REPRODUCIBLE_SEGMENT
    if few or not found_again:
        return Solidity.CONSTRUCTED, reasons
    if (
        apart
        and not g.styled
        and g.levels < LEVELS
        and g.between <= VALLEY
        and g.criterion_k == g.k
        and g.silhouette >= NATURAL_SILHOUETTE
        and g.stability >= NATURAL_STABILITY
        and weakest >= NATURAL_SEGMENT
    ):
        return Solidity.NATURAL, reasons
    return Solidity.REPRODUCIBLE, reasons


def _reasons(g: RouteGrounds, weakest: float) -> tuple[Notice, ...]:
    reasons = []
    if g.n < LEAST_PEOPLE:
        reasons.append(Notice("routes.reason.few_people", {"n": g.n, "least": LEAST_PEOPLE}))
    stability = {
        "stability": g.stability,
        "natural": NATURAL_STABILITY,
        "reproducible": REPRODUCIBLE_STABILITY,
        "noise": g.noise_stability,
    }
    reasons.append(Notice("segment.reason.stability", stability, "info"))
    weak = {
        "weakest": weakest,
        "segment": f"S{int(g.by_segment.argmin()) + 1}",
        "natural": NATURAL_SEGMENT,
        "reproducible": REPRODUCIBLE_SEGMENT,
    }
    reasons.append(Notice("segment.reason.weakest", weak, "info"))
    silhouette = {"silhouette": g.silhouette, "natural": NATURAL_SILHOUETTE}
    reasons.append(Notice("routes.reason.silhouette", silhouette, "info"))
    apart = g.p <= CLOUD_LEVEL
    cloud = {"p": g.p, "draws": g.draws, "level": CLOUD_LEVEL}
    code = "routes.reason.apart" if apart else "routes.reason.one_cloud"
    reasons.append(Notice(code, cloud, "info" if apart else "weak"))
    valley = {"between_share": g.between, "limit_share": VALLEY}
    reasons.append(
        Notice("routes.reason.between", valley, "info" if g.between <= VALLEY else "weak")
    )
    if g.levels >= LEVELS:
        shares = {"levels_share": g.levels, "limit_share": LEVELS}
        reasons.append(Notice("segment.reason.levels", shares))
    if g.styled:
        reasons.append(Notice("routes.reason.style", {}))
    if g.criterion_k != g.k:
        numbers = {"criterion_k": g.criterion_k, "k": g.k}
        reasons.append(Notice("routes.reason.disagreement", numbers))
    return tuple(reasons)
