"""What the routes other than the latent class model give: partitions, with the same dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from embauche.notices import Notice
from embauche.segment.segmentation import Segment
from embauche.vocabulary import Solidity

RouteName = Literal["latent-class", "k-means", "hierarchical"]


@dataclass(frozen=True, slots=True)
class RouteCriterion:
    """What speaks for or against one number of groups.

    Attributes
    ----------
    k
        Number of groups, from 2.
    criterion
        Calinski–Harabasz index (k-means) or mean silhouette width (hierarchical); higher is better.
    silhouette
        Mean silhouette width, −1 to 1.
    stability, stability_error
        Mean adjusted Rand index over pairs of bootstrap solutions, and its standard error.
    within, across, sizes, origins
        (k,) SLSw, SLSa, shares and where the groups come from, as in
        `embauche.segment.segmentation.Criterion`.
    p, draws
        Of the test of the number that was kept against one unimodal cloud, and data sets drawn;
        ``None`` for the other numbers.
    """

    k: int
    criterion: float
    silhouette: float
    stability: float
    stability_error: float
    within: tuple[float, ...]
    across: tuple[float, ...]
    sizes: tuple[float, ...]
    origins: tuple[tuple[float, ...], ...]
    p: float | None = None
    draws: int | None = None


@dataclass(frozen=True, slots=True)
class RouteSegmentation:
    """Groups found by a route other than the latent class model.

    Attributes
    ----------
    route
        Which.
    criterion_name
        ``"calinski_harabasz"`` or ``"silhouette"``.
    columns
        What formed the groups: outcomes, or ids of jobs.
    k, verdict, reasons, criteria, segments, n, seed, notices
        As in `embauche.segment.segmentation.Segmentation`. A segment's `certainty` is the share of
        its members that stand nearer to it than to any other (silhouette above 0).
    labels
        (rows,) index into `segments` of every respondent or participant; −1 for those left out.
    people
        Ids of the rows, where they are participants.
    """

    route: RouteName
    criterion_name: str
    columns: tuple[str, ...]
    k: int
    verdict: Solidity
    reasons: tuple[Notice, ...]
    criteria: tuple[RouteCriterion, ...]
    segments: tuple[Segment, ...]
    labels: NDArray[np.int64]
    n: int
    seed: int
    notices: tuple[Notice, ...] = ()
    people: tuple[str, ...] = ()
