"""Answers as integer codes: what each column measures, and what its values may be.

Every indicator is *levels → density*: the distinct values of a column are its levels, coded from 0
on, and a class has one density at each level. Categories that a model knows are levels once and for
all; the amounts of a count or Gaussian column are levels of the table at hand only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from embauche.errors import StatisticsError
from embauche.segment.table_columns import Column, columns_of, is_missing, plain

Category = bool | int | str
"""An answer, as JSON can hold it."""

Kind = Literal["binary", "nominal", "ordinal", "cumulative", "count", "gaussian"]

KINDS: Final[tuple[str, ...]] = get_args(Kind)
"""What a column may measure; see `Indicator`."""

AMOUNTS: Final = ("count", "gaussian")
"""Kinds whose values are amounts, not categories."""

LARGEST: Final = 1e100
"""Amounts beyond this are refused: their squares would pass what a number can hold."""

MISSING: Final = -1
"""Code of a missing answer."""

_UNKNOWN: Final = -2

_SHOWN: Final = 6
"""How many known answers an error lists before it stops."""

_NORMAL_SPREAD: Final = 1.349
"""Interquartile range of a standard normal variable."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One column that classes are told by.

    Attributes
    ----------
    name
        The column's name.
    categories
        Its answers, in the order of their codes; empty for amounts.
    kind
        ``"binary"``, ``"nominal"``: each class has a probability of its own for every answer.
        ``"ordinal"``: adjacent-category logits, ``log θ_kc = α_c + β_k s_c − const``, α shared by
        the classes. ``"cumulative"``: ``P(answer ≤ c | k) = logistic(α_c − β_k)``. ``"count"``:
        Poisson. ``"gaussian"``: a mean and a variance in each class.
    values
        The amounts behind the codes of the table that was encoded, ascending; not part of what an
        indicator *is*.
    centre, scale
        By which a Gaussian column is standardised inside the kernel.
    """

    name: str
    categories: tuple[Category, ...]
    kind: str = "nominal"
    values: NDArray[np.float64] = field(
        default_factory=lambda: np.empty(0), compare=False, repr=False
    )
    centre: float = 0.0
    scale: float = 1.0

    @property
    def size(self) -> int:
        """Number of levels."""
        return len(self.values) if self.kind in AMOUNTS else len(self.categories)

    @property
    def scores(self) -> NDArray[np.float64]:
        """(C,) scores of ordinal answers, 0 to 1: the numbers themselves, else their ranks."""
        given = (
            self.categories
            if all(isinstance(answer, int) for answer in self.categories)
            else range(len(self.categories))
        )
        scores = np.array(given, dtype=np.float64)
        width = scores[-1] - scores[0] if len(scores) > 1 else 1.0
        scaled: NDArray[np.float64] = (scores - scores[0]) / width
        return scaled

    @property
    def score_width(self) -> float:
        """Distance of the last ordinal answer from the first, in the answers' own unit."""
        if all(isinstance(answer, int) for answer in self.categories):
            return float(self.categories[-1]) - float(self.categories[0])
        return float(len(self.categories) - 1)


def encode(
    frame: Any,
    known: Sequence[Indicator] | None = None,
    kinds: Mapping[str, str] | str | None = None,
) -> tuple[tuple[Indicator, ...], NDArray[np.int32]]:
    """Turn a table into codes.

    Parameters
    ----------
    frame
        A polars or pandas frame (anything narwhals takes), or a 2-D array, whose columns are then
        called ``x1``, ``x2``… Null and NaN are missing.
    known
        The indicators to code by. Without them they are read from the table: the answers that
        occur, in ascending order (or in the order of an enumeration).
    kinds
        What columns measure (`Indicator.kind`), by name, or one kind for all. A column that is not
        named is nominal: whole numbers, booleans, strings and categoricals are its categories.

    Returns
    -------
    indicators, codes
        The indicators and (n, J) codes, −1 where missing. Those of amounts carry the values of
        this table, also where `known` is given.

    Raises
    ------
    StatisticsError
        Where a column is missing, stands in another order than `known`, holds an answer that is
        not known or not of its kind, or measures amounts without a kind; the error names the
        column, the row and the value.
    """
    columns = columns_of(frame, None if known is None else [column.name for column in known])
    if known is None:
        given = _kinds(kinds, list(columns))
        coded = [_learn(name, column, given[name]) for name, column in columns.items()]
    else:
        coded = [_code(indicator, columns[indicator.name]) for indicator in known]
    codes = np.empty((len(coded[0][1]), len(coded)), dtype=np.int32)
    for j, (_, column_codes) in enumerate(coded):
        codes[:, j] = column_codes
    return tuple(indicator for indicator, _ in coded), codes


def _kinds(kinds: Mapping[str, str] | str | None, names: list[str]) -> dict[str, str]:
    if kinds is None or isinstance(kinds, str):
        named = dict.fromkeys(names, kinds or "nominal")
    else:
        for name in kinds:
            if name not in names:
                raise StatisticsError("latent_class.kind_column", column=str(name), known=names)
        named = {name: kinds.get(name, "nominal") for name in names}
    for name, kind in named.items():
        if kind not in KINDS:
            raise StatisticsError(
                "latent_class.kind", column=name, kind=str(kind), known=list(KINDS)
            )
    return named


def _learn(name: str, column: Column, kind: str) -> tuple[Indicator, NDArray[np.int64]]:
    """Read an indicator from a column, and code the column."""
    if kind in AMOUNTS:
        return _learn_amounts(name, column, kind)
    values = column.values
    if values.dtype.kind == "b":
        found: list[Any] = [bool(value) for value in np.unique(values)]
    elif values.dtype.kind == "f":
        answers = np.unique(values[~np.isnan(values)])
        uneven = answers[~np.isfinite(answers) | (answers != np.floor(answers))]
        if uneven.size:
            raise StatisticsError(
                "latent_class.continuous_column",
                column=name,
                value=float(uneven[0]),
                row=int(np.flatnonzero(values == uneven[0])[0]) + 1,
            )
        found = [int(value) for value in answers]
    else:
        distinct = {plain(value) for value in values if not is_missing(value)}
        if column.order is not None:
            found = [answer for answer in column.order if answer in distinct]
        else:
            if kind in ("ordinal", "cumulative") and any(isinstance(v, str) for v in distinct):
                raise StatisticsError("latent_class.unordered_text", column=name, kind=kind)
            found = sorted(distinct, key=lambda value: (isinstance(value, str), value))
    if not found:
        raise StatisticsError("latent_class.empty_column", column=name)
    if kind == "binary" and len(found) > 2:
        listed = [str(value) for value in found[:_SHOWN]]
        raise StatisticsError("latent_class.not_binary", column=name, n=len(found), answers=listed)
    return _code(Indicator(name, tuple(found), kind), column)


def _learn_amounts(name: str, column: Column, kind: str) -> tuple[Indicator, NDArray[np.int64]]:
    amounts = _amounts(name, column, kind)
    values = np.unique(amounts[~np.isnan(amounts)])
    if values.size == 0:
        raise StatisticsError("latent_class.empty_column", column=name)
    if kind == "count":
        return _code_amounts(Indicator(name, (), kind), amounts)
    if values.size == 1:
        raise StatisticsError("latent_class.constant_amount", column=name, value=float(values[0]))
    # From the distinct values: weights and repeated rows then standardise alike, to the last bit.
    low, centre, high = np.quantile(values, [0.25, 0.5, 0.75])
    scale = (high - low) / _NORMAL_SPREAD
    return _code_amounts(
        Indicator(name, (), kind, centre=float(centre), scale=float(scale)), amounts
    )


def _code(indicator: Indicator, column: Column) -> tuple[Indicator, NDArray[np.int64]]:
    """Code a column by an indicator."""
    values = column.values
    if indicator.kind in AMOUNTS:
        return _code_amounts(indicator, _amounts(indicator.name, column, indicator.kind))
    numbers = not any(isinstance(value, str) for value in indicator.categories)
    if values.dtype.kind in "bf" and numbers:
        known = np.array(indicator.categories, dtype=np.float64)
        answers = values.astype(np.float64)
        order = np.argsort(known, kind="stable")
        place = np.searchsorted(known[order], answers).clip(max=len(known) - 1)
        codes: NDArray[np.int64] = order[place].astype(np.int64)
        codes[known[codes] != answers] = _UNKNOWN
        codes[np.isnan(answers)] = MISSING
    else:
        lookup = {value: code for code, value in enumerate(indicator.categories)}
        codes = np.array(
            [MISSING if is_missing(v) else lookup.get(plain(v), _UNKNOWN) for v in values],
            dtype=np.int64,
        )
    unknown = np.flatnonzero(codes == _UNKNOWN)
    if unknown.size:
        listed = [str(value) for value in indicator.categories[:_SHOWN]]
        raise StatisticsError(
            "latent_class.unknown_category",
            column=indicator.name,
            value=str(plain(values[unknown[0]])),
            row=int(unknown[0]) + 1,
            known=[*listed, "…"] if len(indicator.categories) > _SHOWN else listed,
        )
    return indicator, codes


def _code_amounts(
    indicator: Indicator, amounts: NDArray[np.float64]
) -> tuple[Indicator, NDArray[np.int64]]:
    missing = np.isnan(amounts)
    values, place = np.unique(amounts[~missing], return_inverse=True)
    codes = np.full(len(amounts), MISSING, dtype=np.int64)
    codes[~missing] = place
    return (
        Indicator(
            indicator.name,
            (),
            indicator.kind,
            values=values,
            centre=indicator.centre,
            scale=indicator.scale,
        ),
        codes,
    )


def _amounts(name: str, column: Column, kind: str) -> NDArray[np.float64]:
    """(n,) amounts, NaN where missing."""
    values = column.values
    if values.dtype.kind in "bf":
        amounts = values.astype(np.float64)
    else:
        amounts = np.full(len(values), np.nan)
        for row, value in enumerate(values):
            if is_missing(value):
                continue
            if isinstance(value, str) or not isinstance(value, int | float | np.number):
                raise StatisticsError(
                    "latent_class.not_a_number",
                    column=name,
                    row=row + 1,
                    value=str(value),
                    kind=kind,
                )
            amounts[row] = float(value)
    with np.errstate(invalid="ignore"):
        wrong = np.isinf(amounts)
        if kind == "count":
            wrong |= (amounts < 0) | (amounts != np.floor(amounts)) & ~np.isnan(amounts)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        code = "latent_class.not_a_count" if kind == "count" else "latent_class.not_a_number"
        raise StatisticsError(code, column=name, row=row + 1, value=f"{amounts[row]:g}", kind=kind)
    with np.errstate(invalid="ignore"):
        large = np.flatnonzero(np.abs(amounts) > LARGEST)
    if large.size:
        at = int(large[0])
        raise StatisticsError(
            "latent_class.large_amount", column=name, row=at + 1, value=f"{amounts[at]:g}"
        )
    return amounts
