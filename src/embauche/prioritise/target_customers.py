"""How many customers a segment has and what they are worth, by who may be in which segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

Z: Final = 1.959964
"""Normal quantile of a two-sided 95 % interval."""


@dataclass(frozen=True, slots=True)
class Memberships:
    """Customers as targets need them: who may be in which segment, and what they are worth.

    Attributes
    ----------
    posterior
        (m, K) probability of each segment, for customers who answered at least one need.
    value
        (m,) worth, NaN where it is not known; ``None`` without a column of values.
    unanswered
        Customers who answered no need: in no segment.
    """

    posterior: Float
    value: Float | None = None
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class CustomersOfSegment:
    """How many customers a segment has, and what they are worth.

    Attributes
    ----------
    segment
        Id of the segment.
    assigned
        Customers whose most probable segment it is.
    expected, low, high
        ``Σ p`` and its 95 % interval from membership alone: variance ``Σ p (1 − p)``.
    value, value_low, value_high
        ``Σ v p`` and its interval: variance ``Σ v² p (1 − p)``; ``None`` without values.
    valued
        Customers whose value is known.
    """

    segment: str
    assigned: int
    expected: float
    low: float
    high: float
    value: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    valued: int = 0


def expected_customers(
    memberships: Memberships, segments: Sequence[str]
) -> tuple[CustomersOfSegment, ...]:
    """Count the customers of every segment by their probabilities.

    Parameters
    ----------
    memberships
        Of m customers in K segments.
    segments
        (K,) ids.

    Notes
    -----
    Customers are independent given the segments, so that a count has variance ``Σ p (1 − p)`` and a
    sum of values ``Σ v² p (1 − p)``; limits are normal and never leave what is possible (who is
    certain to be in, and who is possible at all). They hold who belongs where, not the error of the
    segments themselves.
    """
    p = memberships.posterior
    spread = np.sqrt((p * (1 - p)).sum(axis=0))
    best = p.argmax(axis=1) if len(p) else np.empty(0, dtype=np.int64)
    value = memberships.value
    known = np.empty(0) if value is None else np.nan_to_num(value, nan=0.0)
    rows = []
    for k, segment in enumerate(segments):
        mine = p[:, k]
        expected = float(mine.sum())
        low, high = _limits(expected, float(spread[k]), np.ones(len(mine)), mine)
        row = CustomersOfSegment(segment, int((best == k).sum()), expected, low, high)
        if value is not None:
            total = float(known @ mine)
            error = float(np.sqrt(known**2 @ (mine * (1 - mine))))
            limits = _limits(total, error, known, mine)
            valued = int(np.isfinite(value).sum())
            row = CustomersOfSegment(
                segment, row.assigned, expected, low, high, total, *limits, valued
            )
        rows.append(row)
    return tuple(rows)


def _limits(total: float, error: float, each: Float, p: Float) -> tuple[float, float]:
    """Return normal limits inside what is possible; `each` is what a customer adds."""
    gains, losses = np.maximum(each, 0.0), np.minimum(each, 0.0)
    least = float(gains[p >= 1].sum() + losses[p > 0].sum())
    most = float(gains[p > 0].sum() + losses[p >= 1].sum())
    return max(least, total - Z * error), min(most, total + Z * error)
