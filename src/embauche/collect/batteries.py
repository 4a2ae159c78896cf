"""Batteries: columns that ask the same question of several things, and pairs of batteries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from embauche.collect.answer_order import DONT_KNOW, order_answers
from embauche.collect.column_words import IMPORTANCE, SATISFACTION
from embauche.collect.columns import RATING_SCALES, is_two_coded, is_yes_no, rating_scale
from embauche.collect.role_words import fold
from embauche.collect.survey import ScaleKind
from embauche.collect.tables import Table

LEAST_NEEDS = 3
"""Fewer columns are no battery."""

LEAST_TWO_CODED = 4
"""Fewer columns of codes 1 and 2 may be anything: sex, town or country, tenant or owner."""

_LETTERS = frozenset("iesp")
_SEPARATED = re.compile(r"(.+?)[\s._:\-–—/(\[]+(.+?)[\])]*")
_NUMBERED = re.compile(r"([^\W\d_]+)[\s._-]*(\d+)")

_LEAST_STEPS, _MOST_STEPS = 3, 11


def paired_ratings(table: Table, columns: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Find importance and satisfaction asked of the same things.

    Columns pair when they differ only in a word for importance (or expectation) and a word for
    satisfaction (or performance), before or after: ``imp_x``/``sat_x``, ``x_importance``/
    ``x_satisfaction``, « importance : x », ``e1``/``s1``. Names are tried first, then the
    questions. Single letters need three pairs, words two.

    Returns
    -------
    importance, satisfaction, outcome_names
        In the order of the importance columns; empty without pairs. Satisfaction alone is empty
        where only importance is asked.
    """
    named = {column: column for column in columns}
    asked = {column: table.labels[column] for column in columns if column in table.labels}
    for titles in (named, asked):
        important = _keys(titles, IMPORTANCE)
        satisfied = _keys(titles, SATISFACTION)
        both = [key for key in important if key in satisfied and important[key] != satisfied[key]]
        words = [key for key in both if not key[1]]
        chosen = words if len(words) >= 2 else [key for key in both if key[1]]
        if len(chosen) < (2 if chosen == words else LEAST_NEEDS):
            continue
        # Letters pair only within one letter each: e1…e23 with s1…s23.
        chosen = _one_family(chosen, important, satisfied)
        importance = [important[key] for key in chosen]
        satisfaction = [satisfied[key] for key in chosen]
        if not chosen or not _rated(table, importance) or not _rated(table, satisfaction):
            continue
        names = [_outcome_name(table, c, key[0]) for c, key in zip(importance, chosen, strict=True)]
        return importance, satisfaction, names
    for titles in (named, asked):
        alone = {key: c for key, c in _keys(titles, IMPORTANCE).items() if not key[1]}
        if len(alone) >= LEAST_NEEDS and _rated(table, list(alone.values())):
            names = [_outcome_name(table, column, key[0]) for key, column in alone.items()]
            return list(alone.values()), [], names
    return [], [], []


def names_of_pairs(
    table: Table, importance: Sequence[str], satisfaction: Sequence[str]
) -> list[str]:
    """Name what pairs given by the user ask about: the words that both columns share.

    A pair whose columns share no words keeps the name of its importance column.
    """
    names = []
    for one, other in zip(importance, satisfaction, strict=False):
        answers = {key for word, key in _splits(other) if word in SATISFACTION}
        shared = [key for word, key in _splits(one) if word in IMPORTANCE and key in answers]
        names.append(_outcome_name(table, one, shared[0]) if shared else one)
    return names


def _one_family(
    keys: list[tuple[str, str]],
    important: Mapping[tuple[str, str], str],
    satisfied: Mapping[tuple[str, str], str],
) -> list[tuple[str, str]]:
    if not keys or not keys[0][1]:
        return keys
    families: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for key in keys:
        family = (important[key][0].casefold(), satisfied[key][0].casefold())
        families.setdefault(family, []).append(key)
    best = max(families.values(), key=len)
    return best if len(best) >= LEAST_NEEDS else []


def _keys(titles: Mapping[str, str], words: frozenset[str]) -> dict[tuple[str, str], str]:
    """Return (what is asked about, "letter" or "") → column, for titles that hold a word."""
    found: dict[tuple[str, str], str] = {}
    for column, title in titles.items():
        for word, key in _splits(title):
            if word in words and key:
                found.setdefault((key, "letter" if word in _LETTERS else ""), column)
                break
    return found


def _splits(title: str) -> Iterable[tuple[str, str]]:
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", "_", title.strip())
    numbered = _NUMBERED.fullmatch(title.strip())
    if numbered:
        yield fold(numbered[1]), numbered[2]
    parts = re.split(r"[\s._:\-–—/()\[\]]+", spaced)
    parts = [part for part in parts if part]
    if len(parts) >= 2:
        drop = {"de", "du", "des", "la", "le", "les", "l", "of", "with", "avec", "the", "a", "d"}
        head = parts[1:]
        while len(head) > 1 and fold(head[0]) in drop:
            head = head[1:]
        yield fold(parts[0]), fold(" ".join(head))
        yield fold(parts[-1]), fold(" ".join(parts[:-1]))
        middle = [
            i for i, p in enumerate(parts) if fold(p) in (IMPORTANCE | SATISFACTION) - _LETTERS
        ]
        for i in middle:
            yield fold(parts[i]), fold(" ".join(parts[:i] + parts[i + 1 :]))


def _rated(table: Table, columns: Sequence[str]) -> bool:
    return rating_scale([numbers(table, column) for column in columns]) is not None


def numbers(table: Table, column: str) -> pl.Series:
    """Return a column as numbers where it has codes behind its labels, else as it is."""
    series = table.frame[column]
    labels = table.value_labels.get(column)
    if series.dtype.is_numeric() or not labels:
        return series
    codes = {text: code for code, text in labels.items()}
    values = [None if v is None else codes.get(v) for v in series.to_list()]
    return pl.Series(column, values, dtype=pl.Float64)


def _outcome_name(table: Table, column: str, key: str) -> str:
    """Name what is asked about: the question or the title, without its word for importance."""
    title = table.labels.get(column) or column
    if key.isdigit() and title == column:
        return column
    return _without(title, IMPORTANCE - _LETTERS) or (title if title != column else key)


def _without(title: str, words: frozenset[str]) -> str | None:
    """Return a title's own letters without a first or last word of `words`; else ``None``."""
    first = re.fullmatch(r"\s*([^\W_]+)[\s._:\-–—/]+(?:(?:de|du|des|of|with) )?(.+?)\s*", title)
    if first and fold(first[1]) in words:
        return str(first[2])
    last = re.fullmatch(r"\s*(.+?)[\s._:\-–—/(\[]+([^\W_]+)[)\]]?\s*", title)
    if last and fold(last[2]) in words:
        return str(last[1])
    return None


def largest_block(table: Table, columns: Sequence[str]) -> tuple[list[str], ScaleKind] | None:
    """Return the largest run of neighbouring columns that ask the same kind of question.

    Parameters
    ----------
    columns
        Columns that may be needs, in the order of the file; others break no run.

    Returns
    -------
    columns, scale
        At least `LEAST_NEEDS` yes/no columns, ratings on one scale or columns with the same ordered
        answers in words (``"ordinal"``), or `LEAST_TWO_CODED` columns of codes 1 and 2
        (``"nominal"``); of two runs as long the yes/no one. ``None`` without such a run.
    """
    order = {column: i for i, column in enumerate(table.frame.columns)}
    runs: list[list[str]] = []
    for column in columns:
        if runs and order[column] == order[runs[-1][-1]] + 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    blocks: list[tuple[list[str], ScaleKind]] = []
    for run in runs:
        blocks.extend(_homogeneous(table, run))
    blocks = [block for block in blocks if len(block[0]) >= LEAST_NEEDS]
    if not blocks:
        return None
    return max(blocks, key=lambda block: (len(block[0]), block[1] == "yes_no"))


def _homogeneous(table: Table, run: Sequence[str]) -> Iterable[tuple[list[str], ScaleKind]]:
    kinds = [_kind(table, column) for column in run]
    start = 0
    for i in range(1, len(run) + 1):
        if i < len(run) and (kinds[i] == kinds[start]):
            continue
        if kinds[start][0] == "yes_no":
            yield list(run[start:i]), "yes_no"
        elif kinds[start][0] == "two_coded":
            if i - start >= LEAST_TWO_CODED:
                yield list(run[start:i]), "nominal"
        elif kinds[start][0] == "ordered":
            yield from _ordered(table, list(run[start:i]))
        elif kinds[start][0] == "rating":
            yield from _ratings(table, list(run[start:i]))
        start = i


def _kind(table: Table, column: str) -> tuple[str, tuple[str, ...]]:
    """Return what a column could be in a battery, with the labels of its codes.

    The columns of a battery share their labels; a region and a brand, both coded, do not.
    """
    if is_yes_no(table.frame[column]):
        return "yes_no", ()
    if is_two_coded(table.frame[column]):
        return "two_coded", ()
    if column not in table.value_labels and len(_answers(table, column)) >= _LEAST_STEPS:
        return "ordered", ()
    labels = tuple(table.value_labels.get(column, {}).values())
    return _kind_of_numbers(numbers(table, column)), labels


def _answers(table: Table, column: str) -> frozenset[str]:
    """Return a column's answers in words that stand in an order; none where they do not."""
    series = table.frame[column]
    if series.dtype != pl.String:
        return frozenset()
    given = {str(answer).strip() for answer in series.drop_nulls().unique().to_list()}
    known = frozenset(answer for answer in given if fold(answer) not in DONT_KNOW)
    few = _LEAST_STEPS <= len(known) <= _MOST_STEPS
    return known if few and order_answers(known) is not None else frozenset()


def _ordered(table: Table, run: list[str]) -> Iterable[tuple[list[str], ScaleKind]]:
    """Divide neighbouring columns of ordered answers by what the answers are.

    Where nobody gave one of the answers, the column still has most of those of its neighbours.
    """
    piece: list[str] = []
    shared: frozenset[str] = frozenset()
    for column in [*run, ""]:
        own = _answers(table, column) if column else frozenset()
        if piece and len(own & shared) < max(2, len(shared) - 1):
            yield piece, "ordinal"
            piece, shared = [], frozenset()
        if column:
            piece.append(column)
            shared |= own


def _kind_of_numbers(series: pl.Series) -> str:
    if not series.dtype.is_numeric():
        return "other"
    known = series.drop_nulls().cast(pl.Float64)
    whole = len(known) > 0 and bool((known == known.floor()).all())
    if not whole or known.n_unique() < 3:
        return "other"
    return "rating" if bool(known.is_between(0, 100).mean() > 0.99) else "other"  # type: ignore[operator]


def _ratings(table: Table, run: list[str]) -> Iterable[tuple[list[str], ScaleKind]]:
    """Divide neighbouring ratings by scale: most of them say which scale the battery is on.

    A column whose answers often exceed the others' scale (``eatin`` on 1–7 before nine columns on
    1–5) is another question; one that exceeds it once or twice has slips in it.
    """
    series = {column: numbers(table, column).drop_nulls().cast(pl.Float64) for column in run}

    def fits(column: str, kind: ScaleKind) -> bool:
        low, high = RATING_SCALES[kind]
        return float(series[column].is_between(low, high).mean() or 0.0) >= 0.99  # type: ignore[arg-type]

    smallest = {
        column: next((kind for kind in RATING_SCALES if fits(column, kind)), None) for column in run
    }
    piece: list[str] = []
    scale: ScaleKind | None = None
    for column in [*run, ""]:
        own = smallest.get(column)
        if piece and (not column or own != scale):
            if scale is not None:
                yield piece, scale
            piece = []
        if column:
            piece.append(column)
            scale = own
