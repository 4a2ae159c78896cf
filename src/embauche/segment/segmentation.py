"""What a segmentation is: the classes, how many, how solid, who is in them, what marks them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from embauche.notices import Notice
from embauche.vocabulary import Solidity


@dataclass(frozen=True, slots=True)
class Criterion:
    """What speaks for or against one number of classes.

    Attributes
    ----------
    k
        Number of classes.
    log_likelihood, parameters, aic, bic, sabic, icl
        Of the best solution found.
    entropy
        Relative entropy of the posterior, 0 to 1 (1 when k = 1).
    stability
        Mean adjusted Rand index over pairs of bootstrap solutions; ``None`` for k = 1.
    starts, hits
        Random starts made, and how many reached the best log-likelihood (within 0.01).
    stability_error
        Standard error of `stability`.
    within, across
        (k,) stability of each segment within solutions (SLSw: mean Jaccard similarity with its best
        match in bootstrap solutions) and across (SLSa: whether it comes whole out of one segment of
        the solution with one fewer), largest segment first; empty for k = 1.
    ratio, ratio_p, ratio_draws
        Likelihood-ratio statistic against k − 1 classes, its bootstrap p and the data sets drawn;
        ``None`` for k = 1 and where the likelihood is not one of independent respondents.
    sizes
        (k,) share of respondents in each segment, largest first.
    origins
        For each of the k segments the shares of its members who stand in each segment of the
        solution with one fewer (k − 1 shares); empty for k = 1.
    """

    k: int
    log_likelihood: float
    parameters: int
    aic: float
    bic: float
    sabic: float
    icl: float
    entropy: float
    stability: float | None
    starts: int
    hits: int
    stability_error: float | None = None
    within: tuple[float, ...] = ()
    across: tuple[float, ...] = ()
    ratio: float | None = None
    ratio_p: float | None = None
    ratio_draws: int | None = None
    sizes: tuple[float, ...] = ()
    origins: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Marker:
    """How a segment answers one need, beside everyone.

    Attributes
    ----------
    need
        Column of the survey.
    value
        In the segment: share of « yes » (yes/no), share of top-two-box (ratings), or mean.
    overall
        The same over all respondents.
    index
        ``100 * value / overall`` (100 is average); NaN where `overall` is 0.
    unit
        ``"share"`` or ``"mean"``.
    answer
        Which answer a nominal need's share is of (the one that distinguishes most).
    low, high
        Limits of the 95 % interval of `value`, the segment taken as given (Wilson for shares, by
        Kish's effective n; normal for means); ``None`` where nobody answered.
    """

    need: str
    value: float
    overall: float
    index: float
    unit: str
    answer: str | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """A demographic or situation answer that describes a segment afterwards.

    Attributes
    ----------
    column, answer
        The survey's column and the answer (for numbers: the segment's median as text).
    share, overall
        Weighted share of the answer in the segment and over all; for numbers, of answers above the
        median of all.
    median, overall_median
        For numbers, the weighted medians in the segment and over all; else ``None``.
    """

    column: str
    answer: str
    share: float
    overall: float
    median: float | None = None
    overall_median: float | None = None


@dataclass(frozen=True, slots=True)
class Persona:
    """A contextual persona: typical users by situation inside one segment; never by demographics.

    Attributes
    ----------
    id
        ``"<segment id>.<number>"``.
    segment
        Id of the segment.
    traits
        The situation answers that define it: column → answer.
    n
        Respondents.
    share
        Of the segment, with its 95 % interval.
    low, high
        Limits of the share's interval.
    lift, lift_low, lift_high
        Share in the segment over share outside of it, with its 95 % interval.
    """

    id: str
    segment: str
    traits: Mapping[str, str]
    n: int
    share: float
    low: float
    high: float
    lift: float
    lift_low: float | None = None
    lift_high: float | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment.

    Attributes
    ----------
    id
        ``"S1"``, ``"S2"``… by size, largest first.
    n
        Respondents whose most probable class it is.
    share
        Estimated size (weighted), 0 to 1.
    stability
        Mean Jaccard similarity with its best match over bootstrap solutions (segment-level
        stability), 0 to 1; ``None`` where it was not computed.
    markers
        Every need, the most distinguishing first.
    certainty
        Mean posterior probability of those assigned to it.
    job
        Id of the job that the segment hires for most, where needs and jobs are linked.
    """

    id: str
    n: int
    share: float
    stability: float | None
    markers: tuple[Marker, ...]
    certainty: float
    descriptions: tuple[Description, ...] = ()
    personas: tuple[Persona, ...] = ()
    job: str | None = None


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Segments found in a survey's needs, with the proof of how real they are.

    Attributes
    ----------
    needs
        Columns that formed the segments.
    k
        Number of segments kept.
    verdict
        How solid they are.
    reasons
        Why, as notices with the figures and thresholds that decided.
    criteria
        One entry a number of classes tried.
    segments
        Largest first. Where k = 1 there is one entry, everyone: no segmentation, but what comes
        after can still describe the whole; the verdict and `reasons` say so.
    labels
        (n,) index into `segments` for every respondent; −1 where no need was answered.
    posterior
        (n, k) probabilities.
    model
        What `LatentClassModel.from_dict` restores, classes in the order of `segments`. Its columns
        hold the coded answers (`indicators.code_answers` makes them from a survey's or a customer
        table's columns, by `coding`).
    n
        Respondents used.
    seed
        Seed of every random choice.
    notices
        What is weak about it (sample size, boundary classes…).
    coding
        How answers became the model's categories, JSON-ready.
    """

    needs: tuple[str, ...]
    k: int
    verdict: Solidity
    reasons: tuple[Notice, ...]
    criteria: tuple[Criterion, ...]
    segments: tuple[Segment, ...]
    labels: NDArray[np.int64]
    posterior: NDArray[np.float64]
    model: Mapping[str, object]
    n: int
    seed: int
    notices: tuple[Notice, ...] = ()
    coding: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
