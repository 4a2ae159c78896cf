"""What marks a segment: how it answers each need, beside everyone."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.segment.personas_answers import kish, wilson
from embauche.segment.segmentation import Marker

Float = NDArray[np.float64]

_TOP = {"1-5": 4.0, "1-7": 6.0, "0-10": 9.0}
"""From which answer a rating counts as top-two-box."""

_Z = 1.959963984540054


def markers_of(survey: Survey, member: NDArray[np.bool_], weights: Float) -> tuple[Marker, ...]:
    """Describe one segment by every need, the most distinguishing first.

    Parameters
    ----------
    survey
        The survey whose needs formed the segments.
    member
        (n,) who is in the segment.
    weights
        (n,) sampling weights.

    Notes
    -----
    Ranked by the size of the difference from everyone else: Cohen's h for shares, d for means, so
    that rare and common needs, shares and means, are comparable.
    """
    ranked = [_marker(survey, name, member, weights) for name in survey.needs]
    ranked.sort(key=lambda pair: (-pair[0], pair[1].need))
    return tuple(marker for _, marker in ranked)


def _marker(
    survey: Survey, name: str, member: NDArray[np.bool_], weights: Float
) -> tuple[float, Marker]:
    series = survey.frame[name]
    reading = survey.readings.get(name)
    scale = reading.scale if reading is not None else "nominal"
    given = series.is_not_null().to_numpy() & (weights > 0)
    inside = weights[given & member]
    if scale in ("nominal", "ordinal"):
        answers = series.drop_nulls().unique().sort().to_list()
        found = [
            (answer, _share(_equal(series, answer), given, member, weights)) for answer in answers
        ]
        if not found:
            return 0.0, Marker(name, np.nan, np.nan, np.nan, "share")
        # Of answers that set it apart as much, as of two alone, the one that it gives more often.
        answer, (size, value, overall) = max(
            found, key=lambda item: (round(item[1][0], 9), item[1][1] > item[1][2])
        )
        low, high = _share_limits(value, inside)
        index = _index(value, overall)
        return size, Marker(name, value, overall, index, "share", str(answer), low, high)
    values = series.cast(pl.Float64).fill_null(np.nan).to_numpy()
    if scale == "yes_no" or scale in _TOP:
        least = 1.0 if scale == "yes_no" else _TOP[scale]
        size, value, overall = _share(values >= least, given, member, weights)
        low, high = _share_limits(value, inside)
        index = _index(value, overall)
        return size, Marker(name, value, overall, index, "share", None, low, high)
    size, value, overall = _mean(values, given, member, weights)
    low, high = _mean_limits(values[given & member], value, inside)
    return size, Marker(name, value, overall, _index(value, overall), "mean", None, low, high)


def _share_limits(value: float, weights: Float) -> tuple[float | None, float | None]:
    n = kish(weights)
    return wilson(value, n) if n > 0 else (None, None)


def _mean_limits(values: Float, mean: float, weights: Float) -> tuple[float | None, float | None]:
    n = kish(weights)
    if n <= 1:
        return None, None
    variance = float(weights @ (values - mean) ** 2 / weights.sum()) * n / (n - 1)
    error = _Z * float(np.sqrt(variance / n))
    return mean - error, mean + error


def _equal(series: pl.Series, answer: object) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = (series == answer).fill_null(value=False).to_numpy()
    return same


def _average(values: Float, chosen: NDArray[np.bool_], weights: Float) -> float:
    total = float(weights[chosen].sum())
    return float(weights[chosen] @ values[chosen]) / total if total > 0 else float("nan")


def _share(
    yes: NDArray[np.bool_], given: NDArray[np.bool_], member: NDArray[np.bool_], weights: Float
) -> tuple[float, float, float]:
    """Return Cohen's h against the others, the segment's share and everyone's."""
    value = _average(yes.astype(np.float64), given & member, weights)
    rest = _average(yes.astype(np.float64), given & ~member, weights)
    overall = _average(yes.astype(np.float64), given, weights)
    size = abs(2 * np.arcsin(np.sqrt(value)) - 2 * np.arcsin(np.sqrt(rest)))
    return (float(size) if np.isfinite(size) else 0.0), value, overall


def _mean(
    values: Float, given: NDArray[np.bool_], member: NDArray[np.bool_], weights: Float
) -> tuple[float, float, float]:
    """Return d against the others, the segment's mean and everyone's."""
    value = _average(values, given & member, weights)
    rest = _average(values, given & ~member, weights)
    overall = _average(values, given, weights)
    spread = np.sqrt(_average((values - overall) ** 2, given, weights))
    size = abs(value - rest) / spread if spread > 0 else 0.0
    return (float(size) if np.isfinite(size) else 0.0), value, overall


def _index(value: float, overall: float) -> float:
    return 100 * value / overall if overall else float("nan")
