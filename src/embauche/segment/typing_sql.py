"""A typing tool as one plain SELECT, which SQLite, DuckDB and PostgreSQL run alike.

Every name and text goes in quotes, doubled inside; numbers are written in full. Each row of the
table comes back with all its columns, a probability a segment, and the segment.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from embauche.errors import StatisticsError
from embauche.segment.typing_tool import Answer, Question, TypingTool

PREFIX: Final = "embauche_"


def to_sql(tool: TypingTool, table: str = "customers") -> str:
    """Write the tool as a SELECT over a table.

    Parameters
    ----------
    tool
        The typing tool.
    table
        Table or view whose columns bear the names of the questions' needs, with answers as in the
        survey (yes/no as 1 and 0). A dot in the name is part of it, and parts no schema off.

    Returns
    -------
    str
        Adds ``embauche_p_<segment>`` (probabilities), ``embauche_answered`` (number of questions
        answered) and ``embauche_segment`` (the segment, ``'unsure'``, or null without an answer).

    Raises
    ------
    StatisticsError
        If a name holds a character that SQL cannot (NUL).
    """
    segments = [f"{PREFIX}s{k + 1}" for k in range(len(tool.segments))]
    shares = [f"{PREFIX}p_{segment}" for segment in tool.segments]
    points = ",\n".join(
        f"    {_points(tool, k)} AS {identifier(segments[k])}" for k in range(len(segments))
    )
    answered = " + ".join(_answered(question) for question in tool.questions)
    top = identifier(f"{PREFIX}top")
    ahead = "\n".join(
        f"      WHEN {_leads(one, segments)} THEN {identifier(one)}" for one in segments
    )
    odds = [f"EXP({identifier(one)} - {top})" for one in segments]
    total = " + ".join(odds)
    probabilities = ",\n".join(
        f"    {one} / ({total}) AS {identifier(share)}"
        for one, share in zip(odds, shares, strict=True)
    )
    given = identifier(f"{PREFIX}answered")
    sure = "\n".join(
        f"    WHEN {identifier(share)} >= {_number(tool.unsure)} AND {_leads(share, shares)}"
        f" THEN {text(segment)}"
        for share, segment in zip(shares, tool.segments, strict=True)
    )
    return (  # every name and text in it is quoted above
        f"WITH {identifier(PREFIX + 'points')} AS (\n"  # noqa: S608
        f"  SELECT t.*,\n    {answered} AS {given},\n{points}\n"
        f"  FROM {identifier(table)} AS t\n"
        f"), {identifier(PREFIX + 'best')} AS (\n"
        f"  SELECT p.*,\n    CASE\n{ahead}\n    END AS {top}\n"
        f"  FROM {identifier(PREFIX + 'points')} AS p\n"
        f"), {identifier(PREFIX + 'shares')} AS (\n"
        f"  SELECT b.*,\n{probabilities}\n"
        f"  FROM {identifier(PREFIX + 'best')} AS b\n"
        f")\n"
        f"SELECT q.*,\n"
        f"  CASE\n    WHEN {given} = 0 THEN NULL\n{sure}\n    ELSE 'unsure'\n"
        f"  END AS {identifier(PREFIX + 'segment')}\n"
        f"FROM {identifier(PREFIX + 'shares')} AS q\n"
    )


def _leads(one: str, all_of: Sequence[str]) -> str:
    others = [other for other in all_of if other != one]
    return " AND ".join(f"{identifier(one)} >= {identifier(other)}" for other in others)


def identifier(name: str) -> str:
    """Quote a name as SQL does."""
    return '"' + _checked(name).replace('"', '""') + '"'


def text(value: str) -> str:
    """Quote a text as SQL does."""
    return "'" + _checked(value).replace("'", "''") + "'"


def _checked(value: str) -> str:
    if "\0" in value:
        raise StatisticsError("typing.sql_name", name=value.replace("\0", "\\0"))
    return value


def _number(value: float) -> str:
    # A cast, since a bare decimal is an exact number in PostgreSQL, and EXP of one is slow.
    return f"CAST({value!r} AS DOUBLE PRECISION)"


def _points(tool: TypingTool, k: int) -> str:
    parts = [_number(tool.start[k])]
    parts += [_case(one, [answer.points[k] for answer in one.answers]) for one in tool.questions]
    return "\n      + ".join(parts)


def _case(question: Question, values: Sequence[float]) -> str:
    branches = [
        f"WHEN {_test(question, answer)} THEN {_number(value)}"
        for answer, value in zip(question.answers, values, strict=True)
    ]
    return f"CASE {' '.join(branches)} ELSE {_number(0.0)} END"


def _answered(question: Question) -> str:
    tests = " OR ".join(_test(question, answer) for answer in question.answers)
    return f"CASE WHEN {tests} THEN 1 ELSE 0 END"


def _test(question: Question, answer: Answer) -> str:
    name = f"t.{identifier(question.need)}"
    if answer.value is not None:
        if isinstance(answer.value, bool):
            return f"{name} = {'TRUE' if answer.value else 'FALSE'}"
        shown = text(answer.value) if isinstance(answer.value, str) else repr(answer.value)
        return f"{name} = {shown}"
    lower = "" if answer.low is None else f"{name} > {answer.low!r} AND "
    # Without a limit, what is no number (NaN) would be above all numbers in DuckDB and PostgreSQL.
    upper = repr(answer.high) if answer.high is not None else _number(sys.float_info.max)
    return f"{lower}{name} <= {upper}"
