"""Several people's decisions about one study: kept side by side, and what counts as decided.

Each coder has one line a piece of evidence (or job), made of all that they wrote about it, later
fields winning. What counts is what an adjudicator settled, else what all who decided say, else what
was said last; a notice then counts the codes on which coders disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

Line = Mapping[str, Any]

ANONYMOUS: Final = "person:"
"""Coder of a line that names none."""


def coder_of(line: Line) -> str:
    """Return who wrote a line."""
    return str(line.get("coder") or ANONYMOUS)


def person(name: str) -> str:
    """Return a coder's id from a name: ``person:<name>``, whether or not the name says so."""
    name = name.strip()
    return name if name.startswith("person:") else f"person:{name}"


def own_lines(lines: Iterable[Line]) -> tuple[dict[str, Any], ...]:
    """Fold each coder's lines about the same thing into one, in the order of the latest of each.

    What a coder settled as an adjudicator stays apart from what they coded themselves.
    """
    own: dict[tuple[str, str, str, bool], dict[str, Any]] = {}
    for line in lines:
        key = (
            str(line["kind"]),
            str(line["id"]),
            coder_of(line),
            bool(line.get("adjudicated")),
        )
        own[key] = {**own.pop(key, {}), **line}
    return tuple(own.values())


def settled(lines: Iterable[Line], adjudicator: str | None = None) -> dict[str, dict[str, Any]]:
    """Return what counts: id → fields.

    Parameters
    ----------
    lines
        Lines of one kind, in the order in which they were written.
    adjudicator
        A coder whose lines settle a matter even without being marked ``adjudicated``.
    """
    by_id: dict[str, list[Line]] = {}
    for line in lines:
        by_id.setdefault(str(line["id"]), []).append(line)
    found = {}
    for key, said in by_id.items():
        fields: dict[str, Any] = {}
        for line in _in_order(said, adjudicator):
            fields.update(line)
        found[key] = fields
    return found


def is_settled(line: Line, adjudicator: str | None = None) -> bool:
    """Tell whether a line settles a matter between coders."""
    by_name = adjudicator is not None and coder_of(line) == person(adjudicator)
    return bool(line.get("adjudicated")) or by_name


def _in_order(lines: list[Line], adjudicator: str | None) -> list[Line]:
    """Order by time where every line says when it was taken, else as written; settled ones last."""
    times = [time for line in lines if (time := taken_at(line)) is not None]
    if len(times) == len(lines):
        # Of two lines of the same second the later written stays later.
        lines = [lines[row] for row in sorted(range(len(lines)), key=lambda row: times[row])]
    return sorted(lines, key=lambda line: is_settled(line, adjudicator))


def taken_at(line: Line) -> datetime | None:
    """Return when a decision was taken, where the line says so."""
    try:
        time = datetime.fromisoformat(str(line.get("at") or ""))
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
