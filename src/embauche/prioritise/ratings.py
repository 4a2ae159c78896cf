"""Importance and satisfaction ratings on whatever scale they were given, by one shown rule.

The opportunity score counts the top two answers of a 1–5 scale. On any other scale the top 40 % of
the answers are counted, rounded to whole answers: 5–7 of 1–7, 7–10 of 0–10, 61–100 of 1–100 and of
0–100. The published zones were set for 1–5 and hold there only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.errors import ColumnError
from embauche.notices import Notice

Float = NDArray[np.float64]

TOP_SHARE: Final = 0.4
"""Two answers of five."""

_LIMITS: Final = {"yes_no": (0, 1), "1-5": (1, 5), "1-7": (1, 7), "0-10": (0, 10),
                  "1-100": (1, 100)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """A rating scale: its ends, and the least answer that counts as a top answer."""

    low: int
    high: int

    @property
    def top(self) -> int:
        """Least of the answers that are counted."""
        return top_answers(self.low, self.high)

    @property
    def has_zones(self) -> bool:
        """Whether the published zones hold: for top-two-box shares of 1–5 only."""
        return (self.low, self.high) == (1, 5)

    def __str__(self) -> str:
        return f"{self.low}-{self.high}"


@dataclass(frozen=True, slots=True)
class Ratings:
    """Paired ratings of J outcomes by n respondents.

    Attributes
    ----------
    names, importance_columns, satisfaction_columns
        (J,) as in the survey.
    both
        (n, J) who rated both; the other arrays count only there and are 0 elsewhere.
    either
        (n, J) who rated at least one of both: those who rated one only do not count (the pairwise
        rule: an outcome is scored on those who rated both its importance and its satisfaction,
        whatever they left out elsewhere).
    importance, satisfaction
        (n, J) 1 where the answer is a top answer.
    importance_mean, satisfaction_mean
        (n, J) answers stretched to 0–10.
    importance_scales, satisfaction_scales
        (J,) the scales; zones hold where both are 1–5.
    notices
        (J,) how other scales were mapped.
    """

    names: tuple[str, ...]
    importance_columns: tuple[str, ...]
    satisfaction_columns: tuple[str, ...]
    both: NDArray[np.bool_]
    either: NDArray[np.bool_]
    importance: Float
    satisfaction: Float
    importance_mean: Float
    satisfaction_mean: Float
    importance_scales: tuple[Scale, ...]
    satisfaction_scales: tuple[Scale, ...]
    notices: tuple[tuple[Notice, ...], ...]

    def has_zones(self, at: int) -> bool:
        """Tell whether an outcome's score may be put in a zone."""
        return self.importance_scales[at].has_zones and self.satisfaction_scales[at].has_zones


@dataclass(frozen=True, slots=True)
class _Column:
    known: NDArray[np.bool_]
    top: Float
    stretched: Float
    scale: Scale
    notice: Notice | None


def read_ratings(survey: Survey) -> Ratings:
    """Read a survey's pairs of ratings.

    Raises
    ------
    ColumnError
        If a rating column is missing, or holds words or amounts that are no rating.
    """
    pairs = list(zip(survey.importance, survey.satisfaction, strict=True))
    names = survey.outcome_names or survey.importance
    least = least_of_hundred(survey)
    left = [_read(survey, column, least) for column, _ in pairs]
    right = [_read(survey, column, least) for _, column in pairs]
    both = np.column_stack([a.known & b.known for a, b in zip(left, right, strict=True)])

    def stacked(parts: list[Float]) -> Float:
        return np.where(both, np.column_stack(parts), 0.0)

    return Ratings(
        names=tuple(names),
        importance_columns=survey.importance,
        satisfaction_columns=survey.satisfaction,
        both=both,
        either=np.column_stack([a.known | b.known for a, b in zip(left, right, strict=True)]),
        importance=stacked([column.top for column in left]),
        satisfaction=stacked([column.top for column in right]),
        importance_mean=stacked([column.stretched for column in left]),
        satisfaction_mean=stacked([column.stretched for column in right]),
        importance_scales=tuple(column.scale for column in left),
        satisfaction_scales=tuple(column.scale for column in right),
        notices=tuple(
            tuple(_distinct(a.notice, b.notice)) for a, b in zip(left, right, strict=True)
        ),
    )


def _distinct(first: Notice | None, second: Notice | None) -> list[Notice]:
    return [item for item in (first, None if second == first else second) if item is not None]


def top_answers(low: int, high: int) -> int:
    """Return the least of the answers that count as top answers on the scale `low` to `high`."""
    count = max(1, round(TOP_SHARE * (high - low + 1)))
    return high - count + 1


def least_of_hundred(survey: Survey) -> int:
    """Return 0 where any rating up to 100 is a 0, else 1: all such columns share one scale."""
    for name in (*survey.importance, *survey.satisfaction):
        reading = survey.readings.get(name)
        if reading is None or reading.scale != "1-100" or name not in survey.frame.columns:
            continue
        column = survey.frame[name]
        if column.dtype.is_numeric() and (column < 1).any():
            return 0
    return 1


def _read(survey: Survey, name: str, least: int) -> _Column:
    if name not in survey.frame.columns:
        raise ColumnError("opportunity.no_column", column=name, file=survey.name)
    column = survey.frame[name]
    reading = survey.readings.get(name)
    if not column.dtype.is_numeric():
        if reading is None or reading.scale != "ordinal" or not reading.categories:
            raise ColumnError("opportunity.not_a_rating", column=name, file=survey.name)
        place = {answer: at + 1 for at, answer in enumerate(reading.categories)}
        column = pl.Series(name, [place.get(v) for v in column.to_list()], dtype=pl.Int64)
        low, high = 1, len(reading.categories)
    elif reading is not None and reading.scale in _LIMITS:
        low, high = _LIMITS[reading.scale]
        low = least if reading.scale == "1-100" else low
    else:
        low, high = _guess(survey, name, column)
    values = column.cast(pl.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)
    known = ~np.isnan(values)
    scale = Scale(low, high)
    notice = None
    if not scale.has_zones:
        params = {"low": low, "high": high, "top": scale.top}
        notice = Notice("opportunity.scale_mapped", params, "info")
    with np.errstate(invalid="ignore"):
        top = (values >= scale.top).astype(np.float64)
    stretched = np.where(known, np.clip((values - low) / (high - low), 0, 1) * 10, 0.0)
    return _Column(known, top, stretched, scale, notice)


def _guess(survey: Survey, name: str, column: pl.Series) -> tuple[int, int]:
    """Take the narrowest usual scale that holds every answer."""
    values = column.cast(pl.Float64).drop_nulls().drop_nans().to_numpy()
    if len(values) == 0:
        return 1, 5
    for low, high in ((1, 5), (1, 7), (0, 10), (1, 100)):
        if values.min() >= low and values.max() <= high:
            return low, high
    if values.min() >= 0 and values.max() <= 100:
        return 0, 100
    raise ColumnError(
        "opportunity.not_a_rating", column=name, file=survey.name, low=float(values.min())
    )
