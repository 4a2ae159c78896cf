"""Who is in a segment, told afterwards: demographics describe, and never form, a segment."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.segment.personas_answers import FEW_NUMBERS, MOST_ANSWERS, kish, survey_weights
from embauche.segment.segmentation import Description, Segmentation

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

MOST: Final = 8
CLEAR: Final = 1.96
"""An answer describes a segment when its share differs from the others' by this many errors."""

LEAST_N: Final = 10


def describe(segmentation: Segmentation, survey: Survey) -> dict[str, tuple[Description, ...]]:
    """Describe each segment by the situation and demographic answers that set it apart.

    Parameters
    ----------
    segmentation
        Segments of this survey's respondents.
    survey
        Its situation and demographic columns are read.

    Returns
    -------
    dict
        Segment id → at most eight answers, the clearest first. For a number, `answer` is the
        segment's median, and the shares are of people above the median of all.
    """
    weights = survey_weights(survey)
    known = segmentation.labels >= 0
    found: dict[str, tuple[Description, ...]] = {}
    for at, segment in enumerate(segmentation.segments):
        inside = segmentation.labels == at
        scored: list[tuple[float, Description]] = []
        for name in (*survey.situation, *survey.demographics):
            for answer, holds, answered in _answers(survey.frame[name], inside, weights):
                part, rest = inside & answered, known & ~inside & answered
                if (holds & part).sum() < LEAST_N and not holds[rest].any():
                    continue
                share, other = _share(holds, part, weights), _share(holds, rest, weights)
                overall = _share(holds, known & answered, weights)
                error = (
                    overall
                    * (1 - overall)
                    * (1 / max(kish(weights[part]), 1) + 1 / max(kish(weights[rest]), 1))
                )
                clear = abs(share - other) / float(np.sqrt(error)) if error > 0 else 0.0
                if clear >= CLEAR:
                    scored.append((clear, Description(name, answer, share, overall)))
        scored.sort(key=lambda item: -item[0])
        found[segment.id] = tuple(description for _, description in scored[:MOST])
    return found


def _share(holds: Bool, among: Bool, weights: Float) -> float:
    total = float(weights[among].sum())
    return float(weights[among & holds].sum()) / total if total > 0 else 0.0


def _answers(column: pl.Series, inside: Bool, weights: Float) -> list[tuple[str, Bool, Bool]]:
    values = column.fill_nan(None) if column.dtype.is_float() else column
    answered = values.is_not_null().to_numpy()
    distinct = values.drop_nulls().unique().sort()
    if values.dtype.is_numeric() and len(distinct) > FEW_NUMBERS:
        numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        used = inside & answered
        if not used.any():
            return []
        middle = _median(numbers[answered], weights[answered])
        text = f"{_median(numbers[used], weights[used]):g}"
        with np.errstate(invalid="ignore"):
            return [(text, numbers > middle, answered)]
    if len(distinct) > MOST_ANSWERS:
        return []
    return [
        (str(value), (values == value).fill_null(value=False).to_numpy(), answered)
        for value in distinct.to_list()
    ]


def _median(numbers: Float, weights: Float) -> float:
    order = np.argsort(numbers, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    middle = int(np.searchsorted(reached, 0.5))
    value = numbers[order]
    if middle + 1 < len(value) and abs(reached[middle] - 0.5) < 1e-12:
        return float((value[middle] + value[middle + 1]) / 2)
    return float(value[min(middle, len(value) - 1)])
