"""How a column's answers are read: explicit rules, each with a code that the user sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from embauche.collect.answer_order import DONT_KNOW, order_answers
from embauche.collect.role_words import fold
from embauche.collect.survey import ColumnReading, ScaleKind
from embauche.errors import ColumnError

RATING_SCALES: Final[dict[ScaleKind, tuple[float, float]]] = {
    "1-5": (1, 5),
    "1-7": (1, 7),
    "0-10": (0, 10),
    "1-100": (0, 100),
}
"""Rating scales with their lowest and highest answer; 1–100 may have a 0."""

_YES = frozenset(
    fold(w) or w
    for w in ("yes", "y", "oui", "o", "true", "vrai", "1", "x", "checked", "coché", "cochée",
              "selected", "sélectionné", "quoted", "cité", "✓", "✔", "☑")
)  # fmt: skip
_NO = frozenset(
    fold(w) for w in ("no", "n", "non", "false", "faux", "0", "unchecked", "not checked",
                      "not selected", "not quoted", "non coché", "non sélectionné", "non cité")
)  # fmt: skip
_MANY = 30
_SHOWN_ROWS = 5


def is_yes_no(series: pl.Series) -> bool:
    """Say whether a column's answers are yes and no, in any of the usual spellings."""
    if series.dtype == pl.Boolean:
        return True
    distinct: set[str] = set()
    for value in series.drop_nulls().unique().to_list():
        distinct.add(_plain(value))
        if len(distinct) > 2:  # names, amounts: the thousands of others say nothing more
            return False
    if not distinct:
        return False
    if len(distinct) == 1:
        only = next(iter(distinct))
        # One answer only: 0 or 1 throughout, or boxes ticked or left blank.
        return only in {"0", "1"} or (only in _YES | _NO and bool(series.null_count()))
    return len(distinct & _YES) == 1 and len(distinct & _NO) == 1


def is_two_coded(series: pl.Series) -> bool:
    """Say whether a column holds the codes 1 and 2 alone: two answers, of which none is "yes"."""
    if not series.dtype.is_numeric():
        return False
    return sorted(series.drop_nulls().unique().to_list()) == [1, 2]


def rating_scale(columns: Sequence[pl.Series]) -> ScaleKind | None:
    """Return the one scale that a group of numeric columns shares, or ``None``.

    The group is judged together: a column where nobody answered 5 is on 1–5 all the same. A scale
    is taken although a few answers lie outside (under 1 % of the answers, in under a quarter of
    the columns): these are slips, for `read_column` to name. Answers of 1 and 2 alone are codes.
    """
    numeric = [one.drop_nulls() for one in columns if one.dtype.is_numeric()]
    if len(numeric) != len(columns) or not numeric:
        return None
    values = pl.concat([one.cast(pl.Float64) for one in numeric])
    if not len(values) or values.is_in([1.0, 2.0]).all():
        return None
    for kind, (low, high) in RATING_SCALES.items():
        inside = values.is_between(low, high)
        if kind != "1-100" and not (values.filter(inside) == values.filter(inside).floor()).all():
            continue
        if inside.all():
            return kind
        outside = sum(not one.is_between(low, high).all() for one in numeric)
        share = 1 - float(inside.sum()) / len(values)
        if share < 0.01 and outside < 0.25 * len(numeric):
            return kind
    return None


def read_column(
    series: pl.Series,
    *,
    label: str = "",
    scale: ScaleKind | None = None,
    nominal: bool = False,
    value_labels: Mapping[float, str] | None = None,
    file: str = "",
    first_row: int = 2,
) -> tuple[pl.Series, ColumnReading]:
    """Read one column by an explicit rule.

    Parameters
    ----------
    series
        As `read_table` returns it: numbers or strings, null is missing.
    label
        The question asked.
    scale
        The scale that its group is on; told from the column alone where ``None``.
    nominal
        Numbers are codes without an order (a region, a browser).
    value_labels
        Code → label, where the file has them; a rating's labels are turned back into codes.
    file, first_row
        For errors: the file and the row of the first respondent.

    Returns
    -------
    series, reading
        Numbers for numeric scales, 0/1 for ``yes_no``, strings for ``nominal`` and ``ordinal``.

    Raises
    ------
    ColumnError
        If an answer lies outside the scale; the rows are named.
    """
    if scale in RATING_SCALES:
        codes = _coded(series, value_labels)
        _check_scale(codes, scale, file, first_row)
        return codes, _reading(codes, label, scale, f"survey.rule.rating.{_slug(scale)}")
    if scale == "yes_no" or (scale is None and is_yes_no(series)):
        return _yes_no(series, label, file, first_row)
    if series.dtype.is_numeric():
        return _numeric(series, label, nominal=nominal or scale == "nominal")
    return _words(series, label)


def _slug(scale: str) -> str:
    return scale.replace("-", "_")


def _plain(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    return fold(text) or text


def _reading(
    series: pl.Series, label: str, scale: ScaleKind, rule: str, categories: Sequence[str] = ()
) -> ColumnReading:
    return ColumnReading(
        name=series.name,
        label=label or series.name,
        scale=scale,
        categories=tuple(categories),
        missing=series.null_count(),
        rule=rule,
    )


def _coded(series: pl.Series, value_labels: Mapping[float, str] | None) -> pl.Series:
    """Put a rating's labels back into its codes."""
    if series.dtype.is_numeric() or not value_labels:
        return series
    codes = {text: code for code, text in value_labels.items()}
    values = [None if v is None else codes.get(str(v)) for v in series.to_list()]
    return pl.Series(series.name, values, dtype=pl.Float64).cast(pl.Int64, strict=False)


def _check_scale(series: pl.Series, scale: ScaleKind, file: str, first_row: int) -> None:
    low, high = RATING_SCALES[scale]
    if not series.dtype.is_numeric():
        bad = [i for i, value in enumerate(series.to_list()) if value is not None]
    else:
        wrong = ~series.cast(pl.Float64).is_between(low, high)
        if scale != "1-100":
            wrong |= series.cast(pl.Float64) != series.cast(pl.Float64).floor()
        bad = wrong.fill_null(value=False).arg_true().to_list()
    if bad:
        raise ColumnError(
            "column.outside_scale",
            file=file,
            column=series.name,
            scale=scale.replace("-", "–"),
            values=sorted({_plain(series[i]) for i in bad})[:_SHOWN_ROWS],
            rows=[str(i + first_row) for i in bad[:_SHOWN_ROWS]],
            n=len(bad),
        )


def _yes_no(
    series: pl.Series, label: str, file: str, first_row: int
) -> tuple[pl.Series, ColumnReading]:
    values = series.to_list()
    plain = [None if value is None else _plain(value) for value in values]
    bad = [i for i, v in enumerate(plain) if v is not None and v not in _YES | _NO]
    if bad:
        raise ColumnError(
            "column.outside_scale",
            file=file,
            column=series.name,
            scale="0/1",
            values=sorted({str(values[i]) for i in bad})[:_SHOWN_ROWS],
            rows=[str(i + first_row) for i in bad[:_SHOWN_ROWS]],
            n=len(bad),
        )
    distinct = {v for v in plain if v is not None}
    ticked = len(distinct) == 1 and distinct <= _YES and None in plain
    coded = [(0 if ticked else None) if v is None else int(v in _YES) for v in plain]
    result = pl.Series(series.name, coded, dtype=pl.Int64)
    if ticked:
        rule = "ticked"
    elif distinct <= {"0", "1"}:
        rule = "zero_one"
    else:
        rule = "words"
    shown = {int(p in _YES): str(v) for v, p in zip(values, plain, strict=True) if p is not None}
    if series.dtype == pl.Boolean:
        shown = {0: "false", 1: "true"}
    categories = (shown.get(0, "0"), shown.get(1, "1"))
    return result, _reading(result, label, "yes_no", f"survey.rule.yes_no.{rule}", categories)


def _numeric(series: pl.Series, label: str, *, nominal: bool) -> tuple[pl.Series, ColumnReading]:
    known = series.drop_nulls()
    distinct = sorted(known.unique().to_list())
    values = known.cast(pl.Float64)
    whole = bool(len(known)) and bool((values == values.floor()).all())
    if nominal or not len(known):
        text = pl.Series(
            series.name,
            [None if v is None else _plain(v) for v in series.to_list()],
            dtype=pl.String,
        )
        rule = "codes" if len(known) else "empty"
        shown = [_plain(value) for value in distinct]
        return text, _reading(text, label, "nominal", f"survey.rule.nominal.{rule}", shown)
    if is_two_coded(series):
        text = series.cast(pl.Int64).cast(pl.String)
        return text, _reading(text, label, "nominal", "survey.rule.nominal.two_codes", ("1", "2"))
    scale = _lone_scale([float(v) for v in distinct]) if whole else None
    if scale is not None:
        rule = f"survey.rule.rating_alone.{_slug(scale)}"
        return series, _reading(series, label, scale, rule)
    if whole and float(distinct[0]) >= 0:
        return series, _reading(series, label, "count", "survey.rule.count")
    return series, _reading(series, label, "amount", "survey.rule.amount")


def _lone_scale(distinct: Sequence[float]) -> ScaleKind | None:
    """Take a column for a rating on its own evidence: both ends and nearly every step occur."""
    for kind, (low, high) in RATING_SCALES.items():
        steps = high - low + 1
        if (
            kind != "1-100"
            and distinct[0] == low
            and distinct[-1] == high
            and len(distinct) >= steps - 1
        ):
            return kind
    return None


def _words(series: pl.Series, label: str) -> tuple[pl.Series, ColumnReading]:
    text = series.cast(pl.String).str.strip_chars()
    distinct = sorted(text.drop_nulls().unique().to_list())
    unknown = [answer for answer in distinct if fold(answer) in DONT_KNOW]
    answers = [answer for answer in distinct if answer not in unknown]
    ordered = order_answers(answers) if 2 <= len(answers) <= _MANY else None
    if ordered is None:
        kind = "empty" if not distinct else "many" if len(distinct) > _MANY else "words"
        rule = f"survey.rule.nominal.{kind}"
        shown = distinct if len(distinct) <= _MANY else ()
        return text, _reading(text, label, "nominal", rule, shown)
    categories, code = ordered
    rule = f"survey.rule.ordinal.{code}"
    if unknown:
        known = [None if answer in unknown else answer for answer in text.to_list()]
        text = pl.Series(text.name, known, dtype=pl.String)
        rule = f"{rule}.dont_know"
    return text, _reading(text, label, "ordinal", rule, categories)
