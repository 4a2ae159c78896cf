"""The board: jobs as they stand now, each with its best statements, a page of them at a time."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from embauche.workbench.services.board_evidence import Attached, Piece, moved, pieces
from embauche.workbench.services.desk import Desk

FULL: Final = 12
"""Jobs whose evidence is there at once; that of the others comes as one gets to them."""

GOALS_SHOWN: Final = 3
ATTACHED_SHOWN: Final = 2
A_PAGE: Final = 20
"""Statements of a job that one more look brings."""

TRAY_SHOWN: Final = 8
_SAFE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Card:
    """One job on the board.

    Attributes
    ----------
    key, anchor
        Its id, and the id of its element.
    pk, version, number
        Of its row; ``None``, 0 and empty where it was split off since the last analysis.
    quoted
        True where its name is a quote, because nobody and nothing has worded it yet.
    worded_by
        Who worded it, where a person did.
    parent, parent_name
        The job that it is part of.
    full
        False where its evidence is not shown yet.
    goals, attached
        Its best pieces; `goal_count` and `attached_count` are how many there are.
    facets
        Facet → how many attached pieces.
    """

    key: str
    anchor: str
    pk: int | None
    version: int
    number: str
    type: str
    statement: str
    quoted: bool
    proposal: bool
    worded_by: str
    participants: int
    parent: str | None
    parent_name: str
    full: bool
    goals: tuple[Piece, ...]
    goal_count: int
    attached: tuple[Piece, ...]
    attached_count: int
    facets: tuple[tuple[str, int], ...]

    @property
    def more_goals(self) -> int:
        """How many of its statements are not shown."""
        return self.goal_count - len(self.goals)

    @property
    def more_attached(self) -> int:
        """How many attached pieces are not shown."""
        return self.attached_count - len(self.attached)


@dataclass(frozen=True, slots=True)
class Tray:
    """What is in no job: goals, pieces that a person took out, and jobs taken off the map."""

    pieces: tuple[Piece, ...]
    count: int
    deleted: tuple[tuple[str, str], ...]

    @property
    def more(self) -> int:
        """How many pieces are not shown."""
        return self.count - len(self.pieces)


@dataclass(frozen=True)
class Board:
    """The board: cards in the order of the last analysis, parts beside what they came from."""

    cards: tuple[Card, ...]
    tray: Tray


def anchor(job: str) -> str:
    """Return the id of a job's element, whatever signs its own id holds."""
    safe = job if _SAFE.fullmatch(job) else sha256(job.encode()).hexdigest()[:12]
    return f"job-{safe}"


def board(
    found: Desk, only: Collection[str] | None = None, full: Collection[str] | None = None
) -> Board:
    """Return the board, or some of its cards, with the tray.

    Parameters
    ----------
    found
        What `desk` read.
    only
        Ids of the jobs to make cards of; all of them by default.
    full
        Ids of the jobs whose evidence is shown, the others by name alone; all by default.
    """
    wanted = [key for key in found.order if only is None or key in only]
    shown = {key for key in wanted if full is None or key in full}
    near = Attached.read(found, shown)
    live = {key: found.live(key) for key in shown}
    alone = tray_rows(found)
    goals = {key: [found.goals[goal].pk for goal in live[key][:GOALS_SHOWN]] for key in shown}
    attached = {key: near.best(key)[:ATTACHED_SHOWN] for key in shown}
    lists = (*goals.values(), *attached.values(), alone[:TRAY_SHOWN])
    read = pieces(found.study, [pk for pks in lists for pk in pks])

    def of(pks: Iterable[int]) -> tuple[Piece, ...]:
        return tuple(read[pk] for pk in pks if pk in read)

    cards = tuple(
        _card(
            found,
            key,
            full=key in shown,
            goals=of(goals.get(key, ())),
            attached=of(attached.get(key, ())),
            facets=near.facets(key),
        )
        for key in wanted
    )
    deleted = tuple(
        (key, found.name(key))
        for key in sorted(found.jobs.deleted)
        if key not in found.jobs.members
    )
    return Board(cards, Tray(of(alone[:TRAY_SHOWN]), len(alone), deleted))


def _card(
    found: Desk,
    key: str,
    *,
    full: bool,
    goals: tuple[Piece, ...],
    attached: tuple[Piece, ...],
    facets: tuple[tuple[str, int], ...],
) -> Card:
    row = found.rows.get(key)
    parent = found.jobs.current(found.jobs.parents.get(key, ""))
    worded = found.worded_by(key)
    held = [goal for goal in found.jobs.members[key] if goal in found.goals]
    return Card(
        key=key,
        anchor=anchor(key),
        pk=row.pk if row else None,
        version=row.version if row else 0,
        number=found.numbers.get(key, ""),
        type=found.type_of(key),
        statement=found.name(key),
        quoted=found.quoted(key),
        proposal=not worded and (row is None or row.statement_is_proposal),
        worded_by=worded,
        participants=len({found.goals[goal].participant for goal in held}),
        parent=parent,
        parent_name=found.name(parent) if parent else "",
        full=full,
        goals=goals,
        goal_count=len(held),
        attached=attached,
        attached_count=sum(n for _, n in facets),
        facets=facets,
    )


def tray_rows(found: Desk) -> list[int]:
    """Return the rows of what is in no job: what people took out first."""
    out = [key for key in found.moved_into(None) if key not in found.goals]
    taken = moved(found)
    goals = [found.goals[key].pk for key in found.live(None)]
    return [*(taken[key][0] for key in out if key in taken), *goals]


def more(found: Desk, job: str | None, which: str, start: int) -> tuple[tuple[Piece, ...], int]:
    """Return a page of a job's pieces and how many there are.

    Parameters
    ----------
    job
        Its id; ``None`` for what is in no job.
    which
        ``"goals"`` or ``"attached"``.
    start
        How many come before.
    """
    if which == "goals":
        pks = tray_rows(found) if job is None else [found.goals[key].pk for key in found.live(job)]
    else:
        pks = Attached.all_of(found, job or "")
    page = pks[start : start + A_PAGE]
    read = pieces(found.study, page)
    return tuple(read[pk] for pk in page if pk in read), len(pks)
