"""The plain verdict on segments, with the thresholds that decide and the figures that met them.

natural
    The answers fall into groups: classes describe them better (BIC) than one or two continuous
    dimensions do, and are not ordered levels of one thing; BIC and stability ask for the same
    number; stability ≥ `NATURAL_STABILITY`, entropy ≥ `NATURAL_ENTROPY`, and every segment is found
    again (Jaccard ≥ `NATURAL_SEGMENT`). Never where a response style had to be taken out of
    ratings: those who tick the same answer throughout, or the end of the scale, then look alike
    and would pass for a group of their own.
reproducible
    The same segments come back (stability ≥ `REPRODUCIBLE_STABILITY`, every segment ≥
    `REPRODUCIBLE_SEGMENT`), though people may well stand along a continuum that they cut up.
constructed
    There is more than noise (BIC prefers several classes; stability well above that of shuffled
    answers), but other respondents would have given other segments: a useful cut at best.
no stable segments
    BIC finds no classes, or refits agree hardly more than on shuffled answers.

After Dolnicar and Leisch (2010) and Dolnicar, Grün and Leisch (2018), who name the first three; the
limits .75 and .6 for a segment follow Hennig (2007). Stability of .6 to .8 is common in surveys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.notices import Notice
from embauche.vocabulary import Solidity

NATURAL_STABILITY: Final = 0.8
NATURAL_ENTROPY: Final = 0.8
NATURAL_SEGMENT: Final = 0.75
REPRODUCIBLE_STABILITY: Final = 0.6
REPRODUCIBLE_SEGMENT: Final = 0.5
ABOVE_NOISE: Final = 0.2
"""How far stability must stand above that of shuffled answers to be more than noise."""

LEVELS: Final = 0.9
"""Share of the difference between classes from which they are ordered levels of one thing."""

RATIO_LEVEL: Final = 0.05
"""Bootstrap p up to which one class more is better by more than chance."""

BIC_MARGIN: Final = 6.0
"""Least BIC difference that counts as strong (Kass and Raftery 1995)."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the verdict rests on.

    Attributes
    ----------
    k, bic_k, ratio_k
        Number of segments kept; number that BIC alone prefers; number up to which the bootstrap
        likelihood-ratio test finds one class more better (``None`` where it was not made).
    stability, by_segment, entropy
        Of the solution kept (`by_segment` (k,)).
    noise_stability
        Stability of as many classes on shuffled answers.
    classes_bic, continuum_bic, dimensions
        Best BIC of the classes; of the continuous models, and how many dimensions that one has.
    levels
        Share of the difference between classes that is one of level
        (`embauche.segment.number_of_classes.levels`).
    styled
        Whether ratings were centred on the respondent (`embauche.segment.indicators`).
    """

    k: int
    bic_k: int
    stability: float
    by_segment: NDArray[np.float64]
    entropy: float
    noise_stability: float
    classes_bic: float
    continuum_bic: float
    dimensions: int
    levels: float
    styled: bool = False
    ratio_k: int | None = None


def verdict_of(grounds: Grounds) -> tuple[Solidity, tuple[Notice, ...]]:
    """Judge, and give every reason for or against, with figures and thresholds."""
    g = grounds
    if g.k == 1:
        return Solidity.NO_STABLE_SEGMENTS, (Notice("segment.reason.one_class", {}, "info"),)
    weakest = float(g.by_segment.min())
    grouped = g.classes_bic + BIC_MARGIN < g.continuum_bic
    figures = {
        "stability": g.stability,
        "natural": NATURAL_STABILITY,
        "reproducible": REPRODUCIBLE_STABILITY,
        "noise": g.noise_stability,
    }
    reasons = [Notice("segment.reason.stability", figures, "info")]
    weak = {
        "weakest": weakest,
        "segment": f"S{int(g.by_segment.argmin()) + 1}",
        "natural": NATURAL_SEGMENT,
        "reproducible": REPRODUCIBLE_SEGMENT,
    }
    reasons.append(Notice("segment.reason.weakest", weak, "info"))
    entropy = {"entropy": g.entropy, "natural": NATURAL_ENTROPY}
    reasons.append(Notice("segment.reason.entropy", entropy, "info"))
    bics = {"classes": g.classes_bic, "continuum": g.continuum_bic, "dimensions": g.dimensions}
    code = "segment.reason.grouped" if grouped else "segment.reason.continuum"
    reasons.append(Notice(code, bics, "info" if grouped else "weak"))
    if g.levels >= LEVELS:
        shares = {"levels_share": g.levels, "limit_share": LEVELS}
        reasons.append(Notice("segment.reason.levels", shares))
    if g.styled:
        reasons.append(Notice("segment.reason.style", {}))
    if g.ratio_k is not None:
        tested = {"ratio_k": g.ratio_k, "k": g.k, "level": RATIO_LEVEL}
        code = "segment.reason.ratio" if g.ratio_k == g.k else "segment.reason.ratio_disagrees"
        reasons.append(Notice(code, tested, "info"))
    if g.bic_k != g.k:
        reasons.append(Notice("segment.reason.disagreement", {"bic_k": g.bic_k, "k": g.k}))
    if g.stability < g.noise_stability + ABOVE_NOISE:
        return Solidity.NO_STABLE_SEGMENTS, tuple(reasons)
    if (
        grouped
        and not g.styled
        and g.levels < LEVELS
        and g.bic_k == g.k
        and g.stability >= NATURAL_STABILITY
        and g.entropy >= NATURAL_ENTROPY
        and weakest >= NATURAL_SEGMENT
    ):
        return Solidity.NATURAL, tuple(reasons)
    if g.stability >= REPRODUCIBLE_STABILITY and weakest >= REPRODUCIBLE_SEGMENT:
        return Solidity.REPRODUCIBLE, tuple(reasons)
    return Solidity.CONSTRUCTED, tuple(reasons)
