"""The outcome of a comparison: of which kind it is, and which answers can be told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.errors import ColumnError
from embauche.notices import Notice
from embauche.segment.learner import Kind

Float = NDArray[np.float64]

LEAST_ROWS: Final = 60
"""Fewer respondents with an outcome are refused: a held-out fifth would hold under a dozen."""

FEW_ROWS: Final = 200
LEAST_CASES: Final = 10
"""An answer rarer than this is pooled; a yes/no outcome with fewer cases is refused."""

FEW_CASES: Final = 50
SKEWED: Final = 2.0
"""Amounts that are never negative and skewer than this are compared on the scale log(1 + x)."""

MOST_LEVELS: Final = 7
"""Ordered answers up to this many are predicted answer by answer; longer scales as amounts."""

MOST_COUNTED: Final = 100
"""Whole numbers that reach further than this are amounts rather than counts."""


METRICS: Final[Mapping[Kind, str]] = {
    "binary": "auc", "ordered": "auc", "classes": "skill", "count": "d2", "amount": "r2",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome that can be predicted.

    Attributes
    ----------
    column, kind, metric
        As in `Validation`.
    learner
        The regression that predicts it.
    rows
        (n,) positions of the respondents used.
    target
        (n,) amounts, counts or 0/1, or (n, C) indicators.
    strata
        (n,) answer by which folds are balanced; zeros for amounts.
    notices
        How the outcome was read, and what is weak about it.
    """

    column: str
    kind: str
    metric: str
    learner: Kind
    rows: NDArray[np.int64]
    target: Float
    strata: NDArray[np.int64]
    notices: tuple[Notice, ...]


def read_outcome(survey: Survey, column: str, weights: Float) -> Outcome | Notice:
    """Read the outcome, or say why it cannot be compared on.

    Raises
    ------
    ColumnError
        If the survey has no such column.
    """
    if column not in survey.frame.columns:
        raise ColumnError("comparison.no_column", column=column, file=survey.name)
    values = survey.frame[column]
    if values.dtype.is_float():
        values = values.fill_nan(None)
    rows = np.flatnonzero(values.is_not_null().to_numpy() & (weights > 0)).astype(np.int64)
    n = len(rows)
    if n < LEAST_ROWS:
        return _refusal("comparison.too_few_rows", column=column, n=n, least=LEAST_ROWS)
    kind = _kind(survey, column, values)
    known = values.gather(rows)
    if known.n_unique() < 2:
        return _refusal("comparison.constant_outcome", column=column)
    read = _amount if kind in {"count", "amount"} else _answers
    found = read(survey, column, known, kind)
    if isinstance(found, Notice):
        return found
    learner, target, strata, kept, notices = found
    few = (Notice("comparison.few_rows", {"n": n, "least": FEW_ROWS}),) if n < FEW_ROWS else ()
    metric = METRICS[learner]
    shown = "binary" if learner == "binary" else kind
    return Outcome(
        column, shown, metric, learner, rows[kept], target[kept], strata[kept], (*few, *notices)
    )


def _refusal(code: str, **params: Any) -> Notice:
    return Notice(code, params)


def _kind(survey: Survey, column: str, values: pl.Series) -> str:
    reading = survey.readings.get(column)
    distinct = values.n_unique() - int(values.null_count() > 0)
    if not values.dtype.is_numeric():
        return "ordered" if reading is not None and reading.scale == "ordinal" else "nominal"
    kinds: Mapping[str, str] = {
        "yes_no": "nominal", "nominal": "nominal", "ordinal": "ordered", "1-5": "ordered",
        "1-7": "ordered", "0-10": "amount", "1-100": "amount", "count": "count", "amount": "amount",
    }  # fmt: skip
    if reading is not None:
        kind = kinds[reading.scale]
        return "amount" if kind == "ordered" and distinct > MOST_LEVELS else kind
    if distinct == 2:
        return "nominal"
    return "amount"


_Read = tuple[Kind, Float, NDArray[np.int64], NDArray[np.bool_], tuple[Notice, ...]]


def _amount(survey: Survey, column: str, values: pl.Series, kind: str) -> _Read:  # noqa: ARG001
    amounts = values.cast(pl.Float64).to_numpy().astype(np.float64)
    zeros, every = np.zeros(len(amounts), dtype=np.int64), np.ones(len(amounts), dtype=np.bool_)
    whole = bool((amounts == np.floor(amounts)).all()) and amounts.min() >= 0
    if kind == "count" and whole and amounts.max() <= MOST_COUNTED:
        notices = (Notice("comparison.count_model", {"column": column}, "info"),)
        return "count", amounts, zeros, every, notices
    spread = amounts.std()
    skewness = float((((amounts - amounts.mean()) / spread) ** 3).mean())
    if amounts.min() < 0 or skewness <= SKEWED:
        return "amount", amounts, zeros, every, ()
    params = {"column": column, "skewness": skewness}
    if amounts.min() > 0:
        code, amounts = "comparison.log_amounts", np.log(amounts)
    else:
        code, amounts = "comparison.log_scale", np.log1p(amounts)
    return "amount", amounts, zeros, every, (Notice(code, params, "info"),)


def _answers(survey: Survey, column: str, values: pl.Series, kind: str) -> _Read | Notice:
    reading = survey.readings.get(column)
    listed = [str(value) for value in values.to_list()]
    present = set(listed)
    order = [answer for answer in (reading.categories if reading else ()) if answer in present]
    if len(order) != len(present):
        numeric = values.dtype.is_numeric()
        order = sorted(present, key=(lambda text: (float(text), text)) if numeric else None)
    place = {answer: at for at, answer in enumerate(order)}
    codes = np.array([place[answer] for answer in listed], dtype=np.int64)
    groups = [[answer] for answer in order]
    if len(groups) > 2:
        codes, groups = _pooled(codes, groups, ordered=kind == "ordered")
    counts = np.bincount(codes, minlength=len(groups))
    notices: list[Notice] = []
    pooled = [" + ".join(group) for group in groups if len(group) > 1]
    if pooled:
        notices.append(Notice("comparison.pooled", {"column": column, "answers": pooled}, "info"))
    kept = counts[codes] >= LEAST_CASES
    if (counts >= LEAST_CASES).sum() < 2:
        cases = int(counts.min())
        return _refusal("comparison.rare_outcome", column=column, n=cases, least=LEAST_CASES)
    if not kept.all():
        notices.append(Notice("comparison.left_out", {"column": column, "n": int((~kept).sum())}))
    used = np.flatnonzero(counts >= LEAST_CASES)
    codes = np.searchsorted(used, codes).clip(max=len(used) - 1)
    least = int(counts[used].min())
    if least < FEW_CASES:
        notices.append(Notice("comparison.few_cases", {"column": column, "n": least}))
    if len(used) == 2:
        return "binary", codes.astype(np.float64), codes, kept, tuple(notices)
    learner: Kind = "ordered" if kind == "ordered" else "classes"
    return learner, np.eye(len(used))[codes], codes, kept, tuple(notices)


def _pooled(
    codes: NDArray[np.int64], groups: list[list[str]], *, ordered: bool
) -> tuple[NDArray[np.int64], list[list[str]]]:
    """Pool rare answers: with the smaller neighbour where they have an order, else together."""
    while len(groups) > 2:
        counts = np.bincount(codes, minlength=len(groups))
        rare = int(np.argmin(counts))
        if counts[rare] >= LEAST_CASES:
            break
        if ordered:
            near = [at for at in (rare - 1, rare + 1) if 0 <= at < len(groups)]
            other = min(near, key=lambda at: counts[at])
        else:
            other = int(np.argsort(counts, kind="stable")[1])
        low, high = sorted((rare, other))
        codes = np.where(codes == high, low, codes)
        codes = codes - (codes > high)
        groups = [*groups[:low], groups[low] + groups[high], *groups[low + 1 : high],
                  *groups[high + 1 :]]  # fmt: skip
    return codes, groups
