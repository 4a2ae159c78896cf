"""Who is in a segment, told afterwards: demographics describe, and never form, a segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.segment.personas_answers import FEW_NUMBERS, MOST_ANSWERS, kish, survey_weights
from embauche.segment.routes_result import RouteSegmentation
from embauche.segment.segmentation import Description, Segmentation

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

MOST: Final = 8
CLEAR: Final = 1.96
"""An answer describes a segment when its share differs from the others' by this many errors."""

EXPECTED: Final = 5.0
"""Fewest people whom every cell of the comparison (answer or not × segment or others) would hold if
the segment were like everyone. With fewer the error above is not one, and a handful of people, such
as the few of one region, would describe a segment, or be named by it."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer to one question: in words, who gave it, who answered the question."""

    text: str
    holds: Bool
    answered: Bool
    median: float | None = None
    overall_median: float | None = None


def describe(
    segmentation: Segmentation | RouteSegmentation, survey: Survey
) -> dict[str, tuple[Description, ...]]:
    """Describe each segment by the situation and demographic answers that set it apart.

    Parameters
    ----------
    segmentation
        Segments of this survey's respondents, by any route.
    survey
        Its situation and demographic columns are read.

    Returns
    -------
    dict
        Segment id → at most eight answers, the clearest first. For a number, `median` and
        `overall_median` are given, and the shares are of people above the median of all. Of a
        question with two answers only the one that is more frequent in the segment is told.
    """
    weights = survey_weights(survey)
    known = segmentation.labels >= 0
    found: dict[str, tuple[Description, ...]] = {}
    for at, segment in enumerate(segmentation.segments):
        inside = segmentation.labels == at
        scored: list[tuple[float, Description]] = []
        for name in dict.fromkeys((*survey.situation, *survey.demographics)):
            for one in _answers(survey.frame[name], inside, known, weights):
                part, rest = inside & one.answered, known & ~inside & one.answered
                share, other = _share(one.holds, part, weights), _share(one.holds, rest, weights)
                overall = _share(one.holds, known & one.answered, weights)
                n_in, n_out = kish(weights[part]), kish(weights[rest])
                if min(overall, 1 - overall) * min(n_in, n_out) < EXPECTED:
                    continue
                error = overall * (1 - overall) * (1 / n_in + 1 / n_out)
                clear = abs(share - other) / float(np.sqrt(error))
                if clear < CLEAR:
                    continue
                description = Description(
                    name, one.text, share, overall, one.median, one.overall_median
                )
                scored.append((clear, description))
        scored.sort(key=lambda item: -item[0])
        found[segment.id] = tuple(description for _, description in scored[:MOST])
    return found


def _share(holds: Bool, among: Bool, weights: Float) -> float:
    total = float(weights[among].sum())
    return float(weights[among & holds].sum()) / total if total > 0 else 0.0


def _answers(column: pl.Series, inside: Bool, known: Bool, weights: Float) -> list[_Answer]:
    values = column.fill_nan(None) if column.dtype.is_float() else column
    answered = values.is_not_null().to_numpy()
    distinct = values.drop_nulls().unique().sort()
    part, whole = inside & answered & (weights > 0), known & answered & (weights > 0)
    if not part.any():
        return []
    if values.dtype.is_numeric() and len(distinct) > FEW_NUMBERS:
        numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        own, of_all = (_median(numbers[rows], weights[rows]) for rows in (part, whole))
        with np.errstate(invalid="ignore"):
            return [_Answer(f"{own:g}", numbers > of_all, answered, own, of_all)]
    if len(distinct) > MOST_ANSWERS:
        return []
    found = [
        _Answer(str(value), (values == value).fill_null(value=False).to_numpy(), answered)
        for value in distinct.to_list()
    ]
    if len(found) == 2:  # the second says nothing that the first does not
        above = [_share(x.holds, part, weights) - _share(x.holds, whole, weights) for x in found]
        found = found[:1] if above[0] >= above[1] else found[1:]
    return found


def _median(numbers: Float, weights: Float) -> float:
    order = np.argsort(numbers, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    middle = int(np.searchsorted(reached, 0.5))
    value = numbers[order]
    if middle + 1 < len(value) and abs(reached[middle] - 0.5) < 1e-12:
        return float((value[middle] + value[middle + 1]) / 2)
    return float(value[min(middle, len(value) - 1)])
