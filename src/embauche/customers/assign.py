"""Every customer's most probable segment, from the needs that their table shares with the survey.

Customers who answered alike are scored once: a million rows are some thousand patterns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.customers.answers import FIRST_ROW, Shared, read_answers, shared_needs
from embauche.customers.assignment import Assignment, SegmentOfCustomers
from embauche.errors import ColumnError
from embauche.notices import Notice
from embauche.segment.indicators import code_answers
from embauche.segment.kernel import log_joint, posterior_of
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.patterns import Indicator, collapse, encode
from embauche.segment.segmentation import Segmentation

Float = NDArray[np.float64]
Codes = NDArray[np.int32]

LOW_ACCURACY: Final = 0.7
UNSURE: Final = 0.5
"""A customer whose best segment is less probable than this is counted as unsure."""

_SHOWN: Final = 5


def assign_customers(
    table: pl.DataFrame,
    *,
    name: str,
    id: str | None,  # noqa: A002 - the name that study.toml gives it
    value: str | None,
    segmentation: Segmentation,
    survey: Survey,
    progress: Callable[[float], None] | None = None,
) -> Assignment:
    """Assign customers to segments by their answers to the survey's needs.

    Parameters
    ----------
    table
        One row a customer; columns are matched to needs by name or by the question asked.
    name
        Its file name, for notices and errors.
    id, value
        Columns of the customer's id and value, if any.
    segmentation, survey
        The segments, and the survey they come from.
    progress
        Called with the share done, 0 to 1; may raise to cancel.

    Returns
    -------
    Assignment
        One row a customer, in the table's order.

    Notes
    -----
    The posterior is ``P(k | x) ∝ π_k Π_j θ_jk(x_j)`` over the needs answered. A customer who
    answered none of them has no segment. Expected accuracy: share of (weighted) respondents whose
    segment from the shared needs alone is their segment from all needs.

    Raises
    ------
    ColumnError
        If `id` or `value` is no column, or the table shares no need with the survey.
    """
    for column in (id, value):
        if column is not None and column not in table.columns:
            raise ColumnError(
                "customers.no_column", file=name, column=column, known=table.columns[:20]
            )
    stored: Any = segmentation.model
    model = LatentClassModel.from_dict(stored)
    notices: list[Notice] = []
    shared = shared_needs(table, model.columns_, survey, name)
    if not shared.columns:
        raise ColumnError(
            "customers.no_shared_need", file=name, needs=list(model.columns_[:_SHOWN])
        )
    notices += shared.notices
    columns = []
    for at, need in enumerate(model.columns_):
        if progress is not None:
            progress(0.8 * at / len(model.columns_))
        if need in shared.columns:
            answers, found = read_answers(table[shared.columns[need]], need, survey, name)
            notices += found
        else:
            answers = pl.Series(need, [None], dtype=survey.frame[need].dtype)
            answers = answers.new_from_index(0, table.height)
        columns.append(answers)
    codes = _codes(pl.DataFrame(columns), model, segmentation)
    posterior, answered = _posteriors(codes, model)
    frame = _frame(table, id, value, segmentation, posterior, answered)
    accuracy = _accuracy(shared, model, segmentation, survey)
    notices += _notices(table, id, shared, answered, posterior, accuracy)
    if progress is not None:
        progress(1.0)
    return Assignment(
        name=name,
        frame=frame,
        id=id,
        value=value,
        shared=tuple(shared.columns),
        missing=shared.missing,
        expected_accuracy=accuracy,
        segments=_segments(frame, segmentation, value),
        n=table.height,
        notices=tuple(notices),
    )


def _codes(frame: pl.DataFrame, model: LatentClassModel, segmentation: Segmentation) -> Codes:
    """(n, J) codes of a frame of the survey's needs, by the segmentation's own rules."""
    if frame.height == 0:
        return np.empty((0, len(model.columns_)), dtype=np.int32)
    coded = code_answers(frame, segmentation.coding)
    # A band that no respondent fell in says nothing about a customer's segment.
    coded = coded.select(
        pl.when(pl.col(item.name).is_in(list(item.categories))).then(pl.col(item.name))
        for item in model.indicators_
    )
    return encode(coded, model.indicators_)[1]


def _posteriors(codes: Codes, model: LatentClassModel) -> tuple[Float, NDArray[np.bool_]]:
    """(n, K) posteriors, and who answered anything."""
    sizes = _sizes(model.indicators_)
    patterns = collapse(codes, sizes, np.ones(len(codes)))
    theta = np.concatenate([table.T for table in model.item_probabilities_.values()])
    joint = log_joint(patterns.codes, patterns.offsets, theta, model.class_shares_)
    posterior = posterior_of(joint)[0] if len(joint) else joint
    answered: NDArray[np.bool_] = np.any(patterns.codes >= 0, axis=1)
    return posterior[patterns.inverse], answered[patterns.inverse]


def _sizes(indicators: Sequence[Indicator]) -> NDArray[np.int64]:
    return np.array([len(item.categories) for item in indicators], dtype=np.int64)


def _frame(
    table: pl.DataFrame,
    id_column: str | None,
    value: str | None,
    segmentation: Segmentation,
    posterior: Float,
    answered: NDArray[np.bool_],
) -> pl.DataFrame:
    rows = pl.Series("row", np.arange(FIRST_ROW, table.height + FIRST_ROW), dtype=pl.Int64)
    columns = [table[id_column] if id_column is not None else rows]
    ids = [segment.id for segment in segmentation.segments]
    best = posterior.argmax(axis=1) if len(posterior) else np.empty(0, dtype=np.int64)
    top = posterior.max(axis=1) if len(posterior) else np.empty(0)
    hidden = pl.Series(~answered)

    def shown(series: pl.Series) -> pl.Series:
        return series.set(hidden, None)

    chosen = pl.Series("segment", ids, dtype=pl.String).gather(best.astype(np.uint32))
    columns += [shown(chosen), shown(pl.Series("probability", top, dtype=pl.Float64))]
    columns += [
        shown(pl.Series(f"p_{segment}", posterior[:, k], dtype=pl.Float64))
        for k, segment in enumerate(ids)
    ]
    if value is not None and value != id_column:
        columns.append(table[value])
    return pl.DataFrame(columns)


def _segments(
    frame: pl.DataFrame, segmentation: Segmentation, value: str | None
) -> tuple[SegmentOfCustomers, ...]:
    assigned = frame.drop_nulls("segment")
    rows = []
    for segment in segmentation.segments:
        mine = assigned.filter(pl.col("segment") == segment.id)
        total = None
        if value is not None and frame[value].dtype.is_numeric():
            total = float(mine[value].cast(pl.Float64).fill_nan(None).sum())
        certainty = mine["probability"].mean() if mine.height else None
        rows.append(
            SegmentOfCustomers(
                segment=segment.id,
                n=mine.height,
                share=mine.height / assigned.height if assigned.height else 0.0,
                value=total,
                certainty=float(certainty) if isinstance(certainty, float) else 0.0,
            )
        )
    return tuple(rows)


def _accuracy(
    shared: Shared, model: LatentClassModel, segmentation: Segmentation, survey: Survey
) -> float:
    lacking = [pl.lit(None).cast(survey.frame[n].dtype).alias(n) for n in shared.missing]
    codes = _codes(survey.frame.with_columns(lacking), model, segmentation)
    posterior, answered = _posteriors(codes, model)
    used = answered & (segmentation.labels >= 0)
    if not used.any():
        return 0.0
    right = posterior[used].argmax(axis=1) == segmentation.labels[used]
    if survey.weight is None:
        return float(right.mean())
    weights = survey.frame[survey.weight].cast(pl.Float64).fill_null(0).fill_nan(0).to_numpy()[used]
    return float(np.average(right, weights=weights)) if weights.sum() > 0 else 0.0


def _notices(
    table: pl.DataFrame,
    id_column: str | None,
    shared: Shared,
    answered: NDArray[np.bool_],
    posterior: Float,
    accuracy: float,
) -> list[Notice]:
    notices = []
    if shared.missing:
        params = {"needs": list(shared.missing[:_SHOWN]), "n": len(shared.missing),
                  "of": len(shared.missing) + len(shared.columns)}  # fmt: skip
        notices.append(Notice("customers.missing_needs", params))
    if accuracy < LOW_ACCURACY:
        params = {"accuracy_share": accuracy, "n": len(shared.columns)}
        notices.append(Notice("customers.low_accuracy", params))
    silent = int((~answered).sum())
    if silent:
        notices.append(Notice("customers.unanswered", {"n": silent, "of": table.height}, "info"))
    if answered.any():
        unsure = float((posterior[answered].max(axis=1) < UNSURE).mean())
        if unsure > 0.05:
            params = {"unsure_share": unsure, "least_share": UNSURE}
            notices.append(Notice("customers.unsure", params))
    if id_column is not None:
        ids = table[id_column]
        twice = ids.drop_nulls().filter(ids.drop_nulls().is_duplicated())
        if len(twice):
            shown = [str(v) for v in twice.unique(maintain_order=True).head(_SHOWN).to_list()]
            notices.append(Notice("customers.duplicate_ids", {"n": len(twice), "ids": shown}))
        if ids.null_count():
            notices.append(Notice("customers.no_id", {"n": ids.null_count()}))
    return notices
