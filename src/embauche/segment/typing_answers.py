"""Which questions could be asked, and into which boxes their answers fall.

The segments' own model can be scored on fewer questions where each of its answers stands for
itself: yes/no, named answers, ratings cut at fixed values. A battery that was centred on the
respondent's mean cannot: a person's mean over three questions is not their mean over all. There,
raw answers are asked for (single answers up to seven on the scale, else up to eight bands with as
many answers each), and a regression learns the segments from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.segmentation import Segmentation
from embauche.segment.typing_tool import Answer, Question, Scorer

Float = NDArray[np.float64]
Codes = NDArray[np.int64]

MOST_SINGLE: Final = 7
"""A scale with no more distinct answers than this is asked answer by answer."""

BANDS: Final = 8

_NONE: Final = (0.0,)


@dataclass(frozen=True, slots=True)
class Asked:
    """Every question that could be asked, with the answers of the respondents used.

    Attributes
    ----------
    scorer
        Which scorer can be built on them.
    questions
        Without points.
    codes
        (n, J) boxes, −1 where there is no answer.
    sizes
        (J,) number of boxes.
    ordered
        (J,) whether the boxes are in order, so that their place is a number.
    posterior
        (n, K) probabilities by all answers.
    labels
        (n,) segments by all answers.
    weights
        (n,) weights, mean 1.
    """

    scorer: Scorer
    questions: tuple[Question, ...]
    codes: Codes
    sizes: tuple[int, ...]
    ordered: tuple[bool, ...]
    posterior: Float
    labels: Codes
    weights: Float


def asked(segmentation: Segmentation, survey: Survey) -> Asked:
    """Read which questions could be asked, and what the respondents answered to them."""
    coding = segmentation.coding
    columns: Mapping[str, str | None] = cast("Mapping[str, str | None]", coding["columns"])
    batteries: Mapping[str, Mapping[str, Any]] = cast(
        "Mapping[str, Mapping[str, Any]]", coding["batteries"]
    )
    stored: Any = segmentation.model
    model = LatentClassModel.from_dict(stored)
    tables = model.item_probabilities_
    plain = all(name in tables for name in columns)
    raw = not plain or any(rule["centred"] for rule in batteries.values())
    weights = _weights(survey)
    used = np.flatnonzero((segmentation.labels >= 0) & (weights > 0))
    questions, ordered = [], []
    for name, scale in columns.items():
        reading = survey.readings.get(name)
        label = reading.label if reading is not None and reading.label else name
        kind = scale or (reading.scale if reading is not None else "nominal")
        if scale is None:
            boxes = tuple(Answer(_NONE, value=value) for value in _values(survey.frame[name]))
            ordered.append(len(boxes) == 2)
        else:
            members = [one for one, other in columns.items() if other == scale]
            tops = (
                _raw_tops(survey.frame, members)
                if raw
                else tuple(sorted({batteries[scale]["low"], batteries[scale]["high"]}))
            )
            limits = (None, *tops, None)
            boxes = tuple(Answer(_NONE, low=low, high=high) for low, high in pairwise(limits))
            ordered.append(True)
        questions.append(Question(name, label, kind, boxes))
    codes = np.column_stack([one.codes(survey.frame[one.need]) for one in questions])[used]
    return Asked(
        scorer="multinomial" if raw else "latent_class",
        questions=tuple(questions),
        codes=codes,
        sizes=tuple(len(one.answers) for one in questions),
        ordered=tuple(ordered),
        posterior=segmentation.posterior[used],
        labels=segmentation.labels[used].astype(np.int64),
        weights=weights[used] / weights[used].mean(),
    )


def with_points(question: Question, points: Float) -> Question:
    """Return the question with (answers, K) points in its boxes."""
    answers = tuple(
        replace(answer, points=tuple(float(value) for value in row))
        for answer, row in zip(question.answers, points, strict=True)
    )
    return replace(question, answers=answers)


def _values(column: pl.Series) -> list[Any]:
    if column.dtype.is_float():
        column = column.fill_nan(None)
    values = column.drop_nulls().unique().sort().to_list()
    return [int(v) if isinstance(v, float) and v.is_integer() else v for v in values]


def _raw_tops(frame: pl.DataFrame, members: list[str]) -> tuple[float, ...]:
    """Upper limits of all boxes of a battery but the last."""
    answers = np.concatenate(
        [frame[name].cast(pl.Float64).drop_nulls().drop_nans().to_numpy() for name in members]
    )
    distinct = np.unique(answers)
    if len(distinct) <= MOST_SINGLE:
        return tuple(float(value) for value in distinct[:-1])
    tops = np.unique(np.quantile(answers, np.arange(1, BANDS) / BANDS, method="inverted_cdf"))
    return tuple(float(value) for value in tops if value < distinct[-1])


def _weights(survey: Survey) -> Float:
    if survey.weight is None:
        return np.ones(survey.n)
    column = survey.frame[survey.weight].cast(pl.Float64).fill_null(0).fill_nan(0)
    weights: Float = np.maximum(column.to_numpy(), 0.0)
    return weights
