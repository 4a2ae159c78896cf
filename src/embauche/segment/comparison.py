"""What a comparison of job segments with demographics is."""

from __future__ import annotations

from dataclasses import dataclass

from embauche.notices import Notice
from embauche.vocabulary import Comparison


@dataclass(frozen=True, slots=True)
class HeldOutScore:
    """How well one set of predictors foretells the outcome on held-out data.

    Attributes
    ----------
    predictors
        ``"job_segments"``, ``"demographic_segments"``, ``"demographics"`` (full), ``"raw_needs"``,
        ``"segments_and_demographics"`` or ``"nothing"`` (the base rate or mean).
    score
        Mean over repeated folds, in the validation's metric (higher is better).
    low, high
        95 % interval (corrected resampled t).
    """

    predictors: str
    score: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Validation:
    """Job segments against demographics on held-out data.

    Attributes
    ----------
    outcome
        Column that was predicted.
    outcome_kind
        ``"binary"``, ``"ordered"``, ``"nominal"``, ``"count"`` or ``"amount"``.
    metric
        ``"auc"`` (yes/no; ordered answers: of pairs with different answers, the share ordered
        rightly), ``"skill"`` (several answers: 1 − log-loss / log-loss of the base rate),
        ``"d2"`` (counts: 1 − deviance / deviance of the training mean) or ``"r2"`` (amounts:
        against the training mean).
    scores
        One entry a set of predictors.
    difference, low, high
        Job segments minus *full demographics*, with its 95 % interval.
    segments_difference, segments_low, segments_high
        Job segments minus demographic segments, likewise.
    verdict
        Of the first comparison (against full demographics).
    n, folds, repeats
        Respondents used; folds and repeats of the cross-validation.
    notices
        Among them that needs and outcome were asked in the same survey.
    k
        Number of job segments and of demographic segments; 0 where it was not recorded.
    """

    outcome: str
    outcome_kind: str
    metric: str
    scores: tuple[HeldOutScore, ...]
    difference: float
    low: float
    high: float
    segments_difference: float
    segments_low: float
    segments_high: float
    verdict: Comparison
    n: int
    folds: int
    repeats: int
    notices: tuple[Notice, ...] = ()
    k: int = 0
