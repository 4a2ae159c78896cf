"""Columns that were made from other columns, and partitions made before: neither is an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from embauche.collect.column_words import tokens
from embauche.collect.columns import is_yes_no
from embauche.collect.word_lists import word_list

_AFFIXES = word_list(
    "b d bin binary dummy dum top top2 t2b t2 rec recode recoded cat grp group groupe classe "
    "quart quartile q z c r log n"
)


def recodes(frame: pl.DataFrame, columns: Sequence[str]) -> dict[str, str]:
    """Return the columns that another one determines: recoded column → its source.

    A candidate shares the source's name but for a short prefix, suffix or number (``bclean`` and
    ``clean``, ``Income2`` and ``Income``) or names a user type; it is a recode when each answer of
    the source goes with one answer only, and it has fewer answers than the source.
    """
    found: dict[str, str] = {}
    for column in columns:
        for source in columns:
            if (
                source != column
                and source not in found
                and _named_after(column, source)
                and _determines(frame, source, column)
            ):
                found[column] = source
                break
    return found


def _named_after(column: str, source: str) -> bool:
    one, other = "".join(tokens(column)), "".join(tokens(source))
    if len(other) >= 3 and len(one) > len(other):
        if one.endswith(other) and one[: -len(other)] in _AFFIXES:
            return True
        rest = one[len(other) :] if one.startswith(other) else ""
        return bool(rest) and (rest in _AFFIXES or re.fullmatch(r"\d{1,2}", rest) is not None)
    # "usertype" (light, heavy) beside "frequency": the type is made from the frequency.
    return "user" in one and "type" in one and "freq" in other


def _determines(frame: pl.DataFrame, source: str, column: str) -> bool:
    pair = frame.select(pl.col(source).alias("a"), pl.col(column).alias("b")).drop_nulls()
    answers = pair["a"].n_unique()
    if pair.height < 5 or pair["b"].n_unique() >= answers or answers >= 0.95 * pair.height:
        return False
    return pair.unique().height == answers


def precomputed_groups(frame: pl.DataFrame, columns: Sequence[str]) -> list[str]:
    """Return partitions made before: ``vacmot6`` holds the six group numbers 1 … 6.

    The number in the name counts the groups. A column that is one of a numbered battery
    (``q5`` beside ``q1`` … ``q9``) is an answer, not a partition.
    """
    stems = [re.sub(r"\W*\d+$", "", column).casefold() for column in frame.columns]
    found = []
    for column in columns:
        match = re.fullmatch(r"(.*\D)(\d{1,2})", column)
        series = frame[column]
        if match is None or not series.dtype.is_integer() or is_yes_no(series):
            continue
        stem = re.sub(r"\W*$", "", match[1]).casefold()
        groups = sorted(series.drop_nulls().unique().to_list())
        if (
            stems.count(stem) == 1
            and len(stem) >= 2
            and groups == list(range(1, int(match[2]) + 1))
            and len(groups) >= 2
        ):
            found.append(column)
    return found
