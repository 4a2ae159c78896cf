"""Questions with several answers: a yes/no column for each answer.

Google Forms, Microsoft Forms and others write what was ticked into one cell ("Save time;Be sure").
A column is taken for such a question where the same few answers come back in different sets.
Qualtrics, SurveyMonkey and others write one column an answer, which holds the answer's own words
where it was ticked and nothing elsewhere. SurveyMonkey writes the question above the first of them
only, and the answers in a row of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import polars as pl

_SEPARATORS: Final = (";", "|", ", ")
_LEAST_CELLS: Final = 10
_FEWEST, _MOST = 3, 40
_SEVERAL: Final = 0.1
"""Least share of cells with several answers."""

_COVERED: Final = 0.9
"""Least share of all that was ticked which the answers that come back make up; the rest is typed
in under « other »."""

_ONE_SIZE: Final = 0.95
"""Where more cells than this hold equally many parts, they are parts of one answer (a place and its
country)."""

_LONGEST: Final = 150

_PLAIN: Final = frozenset(
    {"", "response", "open-ended response", "réponse", "réponse ouverte", "reponse"}
)
"""What SurveyMonkey writes under a question with one column."""


def joined_header(header: Sequence[str], columns: Sequence[Sequence[str]]) -> list[str] | None:
    """Return one title a column where a question stands above the first of its columns only.

    Parameters
    ----------
    header
        Titles, blank over the further columns of a question.
    columns
        Cells below; the first of each is the answer that the column is about.

    Returns
    -------
    list or None
        ``"question: answer"``, or the question alone; ``None`` for a table with one header.
    """
    if not header or not header[0] or not columns or len(columns[0]) <= 1:
        return None
    under = [cells[0].strip() for cells in columns]
    blank = [place for place, title in enumerate(header) if not title]
    if len(blank) < _FEWEST - 1 or any(not under[place] for place in blank):
        return None
    grouped = {*blank, *(place - 1 for place in blank)}
    others = [under[place].casefold() for place in range(len(header)) if place not in grouped]
    if any(text not in _PLAIN for text in others):
        return None
    joined, question = [], ""
    for title, answer in zip(header, under, strict=True):
        question = title or question
        joined.append(question if answer.casefold() in _PLAIN else f"{question}: {answer}")
    return joined if len(set(joined)) == len(joined) else None


def split_answers(series: pl.Series) -> list[tuple[str, pl.Series]]:
    """Return answer → 0/1 column of a question with several answers; nothing for another column.

    Parameters
    ----------
    series
        A column as it was read. Blank cells stay without an answer in every column.

    Returns
    -------
    list
        The answers that come back, the most frequent first, with columns named
        ``"question: answer"``.
    """
    if series.dtype != pl.String:
        return []
    cells = series.to_list()
    for separator in _SEPARATORS:
        if not any(cell is not None and separator in cell for cell in cells):
            continue
        parts = [None if cell is None else _parts(cell, separator) for cell in cells]
        answers = _answers([one for one in parts if one is not None])
        if answers:
            return [
                (
                    answer,
                    pl.Series(
                        f"{series.name}: {answer}",
                        [None if one is None else int(answer in one) for one in parts],
                        dtype=pl.Int64,
                    ),
                )
                for answer in answers
            ]
    return []


def _parts(cell: str, separator: str) -> list[str]:
    return [part for part in (piece.strip() for piece in cell.split(separator)) if part]


def _answers(cells: list[list[str]]) -> list[str]:
    if len(cells) < _LEAST_CELLS:
        return []
    sizes = Counter(len(cell) for cell in cells)
    several = sum(count for size, count in sizes.items() if size > 1)
    if several < _SEVERAL * len(cells) or max(sizes.values()) > _ONE_SIZE * len(cells):
        return []
    if any(len(set(cell)) < len(cell) for cell in cells):
        return []  # nobody ticks an answer twice
    ticked = Counter(part for cell in cells for part in cell)
    least = max(2, round(0.01 * len(cells)))
    kept = [(answer, count) for answer, count in ticked.most_common() if count >= least]
    covered = sum(count for _, count in kept)
    fit = _FEWEST <= len(kept) <= _MOST and covered >= _COVERED * ticked.total()
    if not fit or any(len(answer) > _LONGEST for answer, _ in kept):
        return []
    sets = {frozenset(cell) for cell in cells}
    return [answer for answer, _ in kept] if len(sets) > len(kept) / 2 else []


def ticked_runs(frame: pl.DataFrame) -> list[list[tuple[str, pl.Series]]]:
    """Return runs of neighbouring columns that hold one answer each, as (answer, 0/1 column).

    A respondent who ticked nothing of a run has no answer in it.
    """
    runs: list[list[pl.Series]] = [[]]
    for series in frame.get_columns():
        if _one_answer(series) is not None:
            runs[-1].append(series)
        elif runs[-1]:
            runs.append([])
    found = []
    for run in runs:
        answers = [_one_answer(series) or "" for series in run]
        if len(run) < _FEWEST or len(set(answers)) < len(run):
            continue
        ticks = pl.DataFrame([series.is_not_null().cast(pl.Int64) for series in run])
        asked = ticks.max_horizontal() > 0
        found.append(
            [
                (answer, column.set(~asked, None))
                for answer, column in zip(answers, ticks.get_columns(), strict=True)
            ]
        )
    return found


def _one_answer(series: pl.Series) -> str | None:
    """Return the one answer that a column of words holds beside blanks."""
    if series.dtype != pl.String or not series.null_count():
        return None
    answers = series.drop_nulls().unique().to_list()
    return str(answers[0]).strip() if len(answers) == 1 else None
