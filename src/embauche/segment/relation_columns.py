"""Columns of a survey as covariates and outcomes of its segments: found by name, typed, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.errors import ColumnError, StatisticsError

KINDS: Final = ("continuous", "binary", "nominal", "count")

MOST_CATEGORIES: Final = 30
"""A column with more categories than this names people or writes free text."""

_SAMPLE: Final = 8


def named(given: Sequence[str], survey: Survey) -> tuple[str, ...]:
    """Return column names once each; a list between commas is taken apart unless it is a name."""
    names: list[str] = []
    for item in given:
        parts = [item] if item in survey.frame.columns else item.split(",")
        names += [part.strip() for part in parts if part.strip()]
    return tuple(dict.fromkeys(names))


def check(
    names: Sequence[str], survey: Survey, needs: Sequence[str], rows: NDArray[np.bool_]
) -> None:
    """Refuse columns that are unknown, form the segments, weigh, or do not vary.

    Parameters
    ----------
    names
        Columns asked for.
    survey
        Where they should be.
    needs
        Columns that form the segments.
    rows
        (n,) respondents that take part.

    Raises
    ------
    ColumnError
        It names the column and the file.
    """
    for name in names:
        where = {"column": name, "file": survey.name}
        if name not in survey.frame.columns:
            columns = [one for one in survey.frame.columns if one not in needs]
            near = get_close_matches(name, columns, _SAMPLE, 0.5) or columns[:_SAMPLE]
            raise ColumnError("relate.no_column", **where, known=near)
        if name in needs:
            raise ColumnError("relate.forms_segments", **where)
        if name == survey.weight:
            raise ColumnError("relate.is_weight", **where)
        known = survey.frame[name].filter(pl.Series(rows)).drop_nulls()
        if known.dtype.is_float():
            known = known.drop_nans()
        if known.n_unique() < 2:
            raise ColumnError("relate.constant", **where)


def kinds_of(survey: Survey, asked: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """Return the kind of each column: as asked for, else by how the survey was read.

    Yes and no and other pairs of words are ``"binary"``, several words and ordered answers
    ``"nominal"``, all numbers ``"continuous"``: whether whole numbers are counts (an age, a
    number of visits) cannot be seen.

    Raises
    ------
    StatisticsError
        If a kind does not exist, or is asked of a column that takes no part.
    """
    for name, kind in asked.items():
        if name not in names:
            raise StatisticsError("relate.setting_elsewhere", column=name, used=list(names))
        if kind not in KINDS:
            raise StatisticsError("relate.kind", column=name, value=kind)
    found = {}
    for name in names:
        reading = survey.readings.get(name)
        scale = reading.scale if reading is not None else "nominal"
        values = survey.frame[name]
        two = scale == "yes_no" or values.drop_nulls().n_unique() == 2
        words = "binary" if two else "nominal"
        numeric = values.dtype.is_numeric() and scale != "yes_no"
        found[name] = asked.get(name) or ("continuous" if numeric else words)
    return found


def typed(survey: Survey, name: str, kind: str) -> pl.Series:
    """Return a column as its kind wants it: numbers, or categories in the survey's order.

    Raises
    ------
    ColumnError
        If words were to be numbers, or there are too many categories.
    """
    values = survey.frame[name]
    if kind in ("continuous", "count"):
        if not values.dtype.is_numeric():
            first = str(values.drop_nulls()[0])
            raise ColumnError(
                "relate.not_numbers", column=name, file=survey.name, value=first, kind=kind
            )
        return values
    if kind == "binary" and values.dtype.is_numeric():
        return values
    texts = [None if value is None or value != value else _text(value) for value in values]  # noqa: PLR0124 - NaN
    present = {text for text in texts if text is not None}
    if len(present) > MOST_CATEGORIES:
        params = {"n": len(present), "most": MOST_CATEGORIES}
        raise ColumnError("relate.many_categories", column=name, file=survey.name, **params)
    reading = survey.readings.get(name)
    order = [text for text in (reading.categories if reading else ()) if text in present]
    if len(order) != len(present):
        order = sorted(present, key=_by_size if values.dtype.is_numeric() else None)
    return pl.Series(name, texts, dtype=pl.Enum(order))


def _by_size(text: str) -> float:
    return float(text)


def _text(value: object) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else str(value)  # type: ignore[call-overload]
