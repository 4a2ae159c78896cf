"""A table and the roles of its columns become a survey."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType

import polars as pl

from embauche.collect.batteries import names_of_pairs, numbers
from embauche.collect.column_words import CODES, tokens
from embauche.collect.columns import RATING_SCALES, is_yes_no, rating_scale, read_column
from embauche.collect.names import relative_name
from embauche.collect.roles import SurveyRoles
from embauche.collect.survey import ColumnReading, ScaleKind, Survey
from embauche.collect.tables import Table, read_table
from embauche.errors import ColumnError
from embauche.notices import Notice

_SEVERAL = ("needs", "importance", "satisfaction", "situation", "demographics")
_SINGLE = ("id", "frequency", "weight", "outcome")
_COMPATIBLE = frozenset({frozenset({"needs", "importance"}), frozenset({"frequency", "outcome"})})
_MANY_MISSING = 0.2


def make_survey(table: Table, roles: SurveyRoles) -> Survey:
    """Read every column by its role and rule.

    Parameters
    ----------
    table
        As `read_table` returns it.
    roles
        Names or glob patterns. A column that one role names exactly is not taken by another
        role's pattern.

    Raises
    ------
    ColumnError
        If a name matches no column (the nearest is named), a column has two incompatible roles,
        importance and satisfaction do not pair, a weight is negative, or an answer lies outside
        its battery's scale.
    """
    found = _resolved(table, roles)
    _check_roles(table, found)
    notices = [*table.notices, *roles.notices]
    scales = _scales(table, found, notices)
    columns: list[pl.Series] = []
    readings: dict[str, ColumnReading] = {}
    for column in table.frame.columns:
        series, reading = read_column(
            table.frame[column],
            label=table.label(column),
            scale=scales.get(column),
            nominal=_is_code(table, column),
            value_labels=table.value_labels.get(column),
            file=table.name,
            first_row=table.first_row,
        )
        columns.append(series)
        readings[column] = reading
    frame = pl.DataFrame(columns)
    _check_weight(table, frame, found)
    notices.extend(_gaps(table, found, readings))
    importance = found["importance"]
    names = list(roles.outcome_names)
    if len(names) != len(importance):
        names = names_of_pairs(table, importance, found["satisfaction"])
    single = {role: (found[role][0] if found[role] else None) for role in _SINGLE}
    return Survey(
        name=table.name,
        frame=frame,
        id=single["id"],
        needs=found["needs"] or importance,
        importance=importance if found["satisfaction"] else (),
        satisfaction=found["satisfaction"],
        outcome_names=tuple(names) if found["satisfaction"] else (),
        frequency=single["frequency"],
        situation=found["situation"],
        demographics=found["demographics"],
        weight=single["weight"],
        outcome=single["outcome"],
        readings=MappingProxyType(readings),
        notices=tuple(notices),
    )


def match_columns(names: Iterable[str], columns: Sequence[str], file: str, role: str) -> list[str]:
    """Return the columns that names or glob patterns stand for, in order and once each.

    Raises
    ------
    ColumnError
        If one matches no column; the nearest name is given.
    """
    matched: dict[str, None] = {}
    for name in names:
        hits = [name] if name in columns else [c for c in columns if fnmatchcase(c, name)]
        if not hits:
            near = get_close_matches(name.casefold(), [c.casefold() for c in columns], 1, 0.0)
            nearest = next((c for c in columns if near and c.casefold() == near[0]), "")
            raise ColumnError("column.unknown", file=file, column=name, role=role, nearest=nearest)
        matched.update(dict.fromkeys(hits))
    return list(matched)


def _resolved(table: Table, roles: SurveyRoles) -> dict[str, tuple[str, ...]]:
    columns = table.frame.columns
    given = {role: tuple(getattr(roles, role)) for role in _SEVERAL}
    given |= {role: (value,) if (value := getattr(roles, role)) else () for role in _SINGLE}
    exact = {name: role for role, names in given.items() for name in names if name in columns}
    found: dict[str, tuple[str, ...]] = {}
    for role, names in given.items():
        matched = match_columns(names, columns, table.name, role)
        found[role] = tuple(
            c for c in matched if c in names or c not in exact or _compatible(role, exact[c])
        )
        if role in _SINGLE and len(found[role]) > 1:
            raise ColumnError(
                "column.several", file=table.name, role=role, columns=list(found[role])
            )
    return found


def _compatible(one: str, other: str) -> bool:
    return one == other or frozenset({one, other}) in _COMPATIBLE


def _check_roles(table: Table, found: dict[str, tuple[str, ...]]) -> None:
    seen: dict[str, str] = {}
    for role, columns in found.items():
        for column in columns:
            if column in seen and not _compatible(seen[column], role):
                raise ColumnError(
                    "column.two_roles", file=table.name, column=column, roles=[seen[column], role]
                )
            seen.setdefault(column, role)
    importance, satisfaction = found["importance"], found["satisfaction"]
    if satisfaction and len(importance) != len(satisfaction):
        raise ColumnError(
            "column.unpaired",
            file=table.name,
            importance=len(importance),
            satisfaction=len(satisfaction),
        )


def _scales(
    table: Table, found: dict[str, tuple[str, ...]], notices: list[Notice]
) -> dict[str, ScaleKind]:
    """Decide the scale of each battery together."""
    scales: dict[str, ScaleKind] = {}
    for role in ("importance", "satisfaction", "needs"):
        columns = [column for column in found[role] if column not in scales]
        if len(columns) < 2:
            continue
        series = [numbers(table, column) for column in columns]
        ratings = [one for one in series if one.dtype.is_numeric()]
        yes_no = [is_yes_no(one) for one in series]
        if sum(yes_no) >= 0.75 * len(columns):
            # Most are yes/no: the others must be, or hold what they must not.
            scales.update(
                {c: "yes_no" for c, one in zip(columns, series, strict=True) if _near_yes_no(one)}
            )
            continue
        kind = rating_scale(ratings) if len(ratings) == len(series) else None
        if kind is None:
            continue
        scales.update(dict.fromkeys(columns, kind))
        top = max(float(one.max() or 0.0) for one in ratings)  # type: ignore[arg-type]
        if kind != "1-100" and top < RATING_SCALES[kind][1]:
            notices.append(
                Notice(
                    "survey.top_never_used",
                    {
                        "file": table.name,
                        "columns": columns,
                        "scale": kind.replace("-", "–"),
                        "top": int(top),
                    },
                )
            )
    return scales


def _near_yes_no(series: pl.Series) -> bool:
    """Say whether a column among yes/no ones is one with at most a few slips in it."""
    known = series.drop_nulls()
    if is_yes_no(series) or not len(known):
        return True
    first_two = known.value_counts(sort=True)["count"].head(2).sum()
    return float(first_two) >= 0.98 * len(known)


def _is_code(table: Table, column: str) -> bool:
    series = table.frame[column]
    words = tokens(column)
    return (
        series.dtype.is_integer()
        and bool(words)
        and (words[-1] in CODES or words[0] in CODES)
        and series.n_unique() <= 60
    )


def _check_weight(table: Table, frame: pl.DataFrame, found: dict[str, tuple[str, ...]]) -> None:
    for column in found["weight"]:
        series = frame[column]
        if not series.dtype.is_numeric():
            raise ColumnError("column.weight_not_number", file=table.name, column=column)
        bad = (series < 0).fill_null(value=False).arg_true().to_list()
        if bad:
            rows = [str(i + table.first_row) for i in bad[:5]]
            raise ColumnError("column.weight_negative", file=table.name, column=column, rows=rows)


def _gaps(
    table: Table, found: dict[str, tuple[str, ...]], readings: dict[str, ColumnReading]
) -> list[Notice]:
    notices = []
    n = table.frame.height
    for column in dict.fromkeys((*found["needs"], *found["importance"], *found["satisfaction"])):
        share = readings[column].missing / n if n else 0.0
        if share > _MANY_MISSING:
            params = {"file": table.name, "column": column, "missing_share": share}
            notices.append(Notice("survey.many_missing", params))
    return notices


def read_customers(
    path: Path,
    *,
    root: Path,
    id: str | None = None,  # noqa: A002 - the key of study.toml
    value: str | None = None,
) -> Table:
    """Read a customer table and check the columns that the user names.

    Parameters
    ----------
    id, value
        Columns of the customer's id and worth.

    Raises
    ------
    ReadError
        If the file cannot be read.
    ColumnError
        If a named column is not there (the nearest is given).
    """
    table = read_table(path, name=relative_name(path, root))
    for role, name in (("id", id), ("value", value)):
        if name is not None and name not in table.frame.columns:
            match_columns([name.replace("[", "[[]")], table.frame.columns, table.name, role)
    if id is not None and table.frame[id].n_unique() < table.frame.height:
        twice = int(table.frame.height - table.frame[id].n_unique())
        notice = Notice("customers.repeated_id", {"file": table.name, "column": id, "n": twice})
        return Table(
            table.name,
            table.frame,
            table.labels,
            table.value_labels,
            table.first_row,
            (*table.notices, notice),
        )
    return table
