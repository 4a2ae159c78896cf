"""Answers to closed questions as rows that hold them, and the intervals on their shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.notices import Notice

Float = NDArray[np.float64]

FEW_NUMBERS: Final = 5
"""A numeric column with no more distinct answers than this is taken answer by answer."""

MOST_ANSWERS: Final = 40
"""A column with more answers than this is open text or an identifier, not a closed question."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to one question.

    Attributes
    ----------
    column, answer
        What was asked; the answer in words, or the band of a number.
    column_order, order
        Position of the question and of the answer among all answers.
    holds
        (n,) who gave it; a missing answer holds nothing.
    """

    column: str
    answer: str
    column_order: int
    order: int
    holds: NDArray[np.bool_]


def answers_of(survey: Survey, columns: tuple[str, ...]) -> tuple[list[Answer], list[Notice]]:
    """List every answer of closed questions, numbers cut at their tertiles.

    Of a yes/no question only "yes" is listed: what does not happen is no situation.
    """
    found: list[Answer] = []
    notices: list[Notice] = []
    for at, name in enumerate(columns):
        values = survey.frame[name]
        if values.dtype.is_float():
            values = values.fill_nan(None)
        distinct = values.drop_nulls().unique().sort()
        reading = survey.readings.get(name)
        yes_no = reading is not None and reading.scale == "yes_no"
        if values.dtype.is_numeric() and not yes_no and len(distinct) > FEW_NUMBERS:
            bands, notice = _bands(name, values)
            notices.append(notice)
        elif len(distinct) > MOST_ANSWERS:
            notices.append(
                Notice("persona.open_column", {"column": name, "answers": len(distinct)}, "info")
            )
            continue
        else:
            shown = [value for value in distinct.to_list() if not (yes_no and value == 0)]
            bands = [(_text(v), (values == v).fill_null(value=False).to_numpy()) for v in shown]
        for answer, holds in bands:
            found.append(Answer(name, answer, at, len(found), holds))
    return found, notices


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _bands(name: str, values: pl.Series) -> tuple[list[tuple[str, NDArray[np.bool_]]], Notice]:
    numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    low, high = np.nanquantile(numbers, [1 / 3, 2 / 3])
    with np.errstate(invalid="ignore"):
        parts = [
            (f"≤ {low:g}", numbers <= low),
            (f"{low:g} – {high:g}", (numbers > low) & (numbers <= high)),
            (f"> {high:g}", numbers > high),
        ]
    params = {"column": name, "low": float(low), "high": float(high)}
    kept = [(answer, holds) for answer, holds in parts if holds.any()]
    return kept, Notice("persona.bands", params, "info")


def survey_weights(survey: Survey) -> Float:
    """Return (n,) weights: the survey's, or ones; a missing weight is zero."""
    if survey.weight is None:
        return np.ones(survey.n)
    column = survey.frame[survey.weight].cast(pl.Float64)
    return column.fill_null(0.0).fill_nan(0.0).to_numpy().astype(np.float64)


def kish(weights: Float) -> float:
    """Return Kish's effective number of respondents, ``(Σw)² / Σw²``."""
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def wilson(share: float, n: float, z: float = 1.959963984540054) -> tuple[float, float]:
    """Return the Wilson (1927) score interval of a share of `n` respondents; (0, 1) where n = 0."""
    if n <= 0:
        return 0.0, 1.0
    spread = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / spread
    reach = z * float(np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))) / spread
    return max(0.0, centre - reach), min(1.0, centre + reach)
