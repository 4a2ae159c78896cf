"""Saturation: whether more interviews are likely to bring anything new.

"Nothing new was said in the last three interviews" depends on the order in which they were held.
Here the curve is the mean over all orderings with the band of random ones, what is still unheard is
estimated from what was heard once and twice, and the verdict rests on what the next interviews
would bring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from embauche.errors import StatisticsError
from embauche.identify.agreement_figures import Estimate
from embauche.identify.richness import (
    Heard,
    Z,
    chao2,
    coming,
    coming_at_most,
    coverage,
    expected_heard,
    heard,
    ordering_band,
    redrawn,
)
from embauche.notices import Notice

ORDERINGS: Final = 1000
RESAMPLES: Final = 1000
AHEAD: Final = 3
"""The verdict is about this many more interviews."""

FEWEST: Final = 6
"""Interviews under which no verdict is given."""

ADDS: Final = 0.5
"""New items expected of the next interviews from which on more interviews are worth it."""

AT_MOST: Final = 1.0
"""Upper limit of that expectation under which they are unlikely to add anything."""

LOW_COVERAGE: Final = 0.5
"""Coverage under which Chao2 is only a far lower bound of what is unheard."""


class Verdict(StrEnum):
    """What is to be expected of the next interviews."""

    ADDS = "adds"
    UNLIKELY = "unlikely"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Curve:
    """Items heard in 1, 2, … interviews: the mean over all orderings, and a band of random ones."""

    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Saturation:
    """How much was heard, how much was not, and what more interviews would bring.

    Attributes
    ----------
    kind
        What is counted: ``"jobs"``, ``"goals"``, ``"facets"``, ``"themes"``…
    interviews, observed
        How many there are; how many items they hold.
    once, twice
        Items heard in exactly one interview, and in exactly two.
    curve
        Items heard by number of interviews.
    unheard
        Items not heard yet (Chao2, a lower bound) with its log-normal interval.
    coverage
        Share of what is said that belongs to items already heard.
    coming
        Number of further interviews → new items expected of them; the upper limit is exact and
        never 0.
    ahead
        The number of further interviews that the verdict is about.
    verdict
        Whether they are likely to add anything.
    notices
        What is weak about it.
    """

    kind: str
    interviews: int
    observed: int
    once: int
    twice: int
    curve: Curve
    unheard: Estimate
    coverage: Estimate
    coming: Mapping[int, Estimate]
    ahead: int
    verdict: Verdict
    notices: tuple[Notice, ...] = ()

    @property
    def said(self) -> tuple[Notice, Notice]:
        """The finding in two sentences: what is unheard, and what to do about it."""
        left, next_ones = self.unheard, self.coming[self.ahead]
        params = {
            "n": self.interviews,
            "heard": self.observed,
            "unheard": left.value,
            "low": round(left.low or 0.0),
            "high": round(left.high or 0.0),
        }
        verdict = {"n": self.ahead, "new": next_ones.value, "high": next_ones.high}
        told = "unheard" if round(left.value or 0.0, 1) or params["high"] else "all_heard"
        return (
            Notice(f"saturation.{told}.{self.kind}", params, "info"),
            Notice(f"saturation.verdict.{self.verdict.value}", verdict, "info"),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-ready data."""
        return {
            "kind": self.kind,
            "interviews": self.interviews,
            "observed": self.observed,
            "once": self.once,
            "twice": self.twice,
            "unheard": self.unheard.to_dict(),
            "coverage": self.coverage.to_dict(),
            "coming": {str(t): figure.to_dict() for t, figure in self.coming.items()},
            "verdict": self.verdict.value,
            "curve": [
                {"interviews": t, "mean": mean, "low": low, "high": high}
                for t, (mean, low, high) in enumerate(
                    zip(self.curve.mean, self.curve.low, self.curve.high, strict=True), 1
                )
            ],
            "warnings": [notice.to_dict() for notice in self.notices],
        }


def saturation(
    incidence: ArrayLike,
    *,
    kind: str = "jobs",
    ahead: int = AHEAD,
    most: int | None = None,
    orderings: int = ORDERINGS,
    resamples: int = RESAMPLES,
    level: float = 0.95,
    seed: int = 0,
) -> Saturation:
    """Tell how saturated interviews are.

    Parameters
    ----------
    incidence
        (interviews, items) truth values: which interview holds which item.
    kind
        What the items are; names the sentence of the verdict.
    ahead
        How many more interviews the verdict is about.
    most
        How many items there can be at all, where that is known (facets are a closed set).
    orderings
        Random orderings of the interviews, for the band of the curve.
    resamples
        Of the bootstrap of coverage and of what is to come.
    level
        Of the curve's band. The other intervals are of 95 %.
    seed
        Of everything drawn.

    Raises
    ------
    StatisticsError
        If there is no interview.
    """
    table = np.asarray(incidence, dtype=bool)
    if table.ndim != 2 or not len(table):
        raise StatisticsError("saturation.no_interviews")
    said = heard(table)
    m = said.interviews
    left = chao2(said)
    room = np.inf if most is None else float(max(most - said.observed, 0))
    low, high = ordering_band(table, orderings=orderings, level=level, seed=seed)
    once, twice, total = redrawn(said, resamples=resamples, seed=seed)
    covered = float(coverage(said.once, said.twice, sum(said.frequencies), m))
    again = coverage(once, twice, total, m)
    share = Estimate(None)
    if not np.isnan(covered):
        share = _around(covered, float(np.nanstd(again)) if len(again) else 0.0, most=1.0)
    expected = {}
    for t in range(1, max(ahead, 1) + 1):
        se = float(np.std(coming(once, twice, m, t)))
        new = _around(float(coming(said.once, said.twice, m, t)), se)
        expected[t] = _capped(replace(new, high=coming_at_most(said.once, m, t)), room)
    return Saturation(
        kind=kind,
        interviews=m,
        observed=said.observed,
        once=said.once,
        twice=said.twice,
        curve=Curve(
            tuple(expected_heard(said).tolist()), tuple(low.tolist()), tuple(high.tolist())
        ),
        unheard=_capped(Estimate(left.value, left.low, left.high), room),
        coverage=share,
        coming=MappingProxyType(expected),
        ahead=max(ahead, 1),
        verdict=_verdict(said, expected[max(ahead, 1)]),
        notices=_doubts(said, share),
    )


def _around(value: float, se: float, most: float = np.inf) -> Estimate:
    return Estimate(value, max(0.0, value - Z * se), min(most, value + Z * se))


def _capped(figure: Estimate, room: float) -> Estimate:
    """Keep a figure and its limits to what is left to hear."""
    value, low, high = (min(part or 0.0, room) for part in (figure.value, figure.low, figure.high))
    return Estimate(value, low, high)


def _verdict(said: Heard, expected: Estimate) -> Verdict:
    if said.interviews < FEWEST or not said.observed:
        return Verdict.TOO_FEW
    if (expected.value or 0.0) >= ADDS:
        return Verdict.ADDS
    return Verdict.UNLIKELY if (expected.high or 0.0) < AT_MOST else Verdict.TOO_FEW


def _doubts(said: Heard, share: Estimate) -> tuple[Notice, ...]:
    notices = []
    if said.interviews < FEWEST:
        notices.append(Notice("saturation.few_interviews", {"n": said.interviews, "least": FEWEST}))
    if said.observed and (share.value or 0.0) < LOW_COVERAGE:
        notices.append(Notice("saturation.low_coverage", {"coverage_share": share.value or 0.0}))
    if not said.observed:
        notices.append(Notice("saturation.nothing_heard"))
    return tuple(notices)
