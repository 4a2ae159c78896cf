"""The board: jobs as they stand now, each with its best statements, a page of them at a time."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from embauche.vocabulary import Facet
from embauche.workbench.services.board_evidence import Attached, Piece, pieces
from embauche.workbench.services.desk import Desk

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
    names: Mapping[str, str]
    of: int


def anchor(job: str) -> str:
    """Return the id of a job's element, whatever signs its own id holds."""
    safe = job if _SAFE.fullmatch(job) else sha256(job.encode()).hexdigest()[:12]
    return f"job-{safe}"


def board(found: Desk, only: Collection[str] | None = None) -> Board:
    """Return the board, or some of its cards with the tray.

    Parameters
    ----------
    found
        What `desk` read.
    only
        Ids of the jobs to make cards of; all of them by default.
    """
    order = found.order()
    wanted = [key for key in order if only is None or key in only]
    names = {key: found.name(key) for key in order}
    near = Attached.read(found)
    live = {key: found.live(key) for key in wanted}
    alone = found.live(None)
    out = [key for key in found.moved_into(None) if key not in found.goals]
    tray = [*[near.pk_of[key] for key in out if key in near.pk_of],
            *[found.goals[key].pk for key in alone]]  # fmt: skip
    shown_goals = {
        key: [found.goals[goal].pk for goal in live[key][:GOALS_SHOWN]] for key in wanted
    }
    shown_near = {key: near.best(key)[:ATTACHED_SHOWN] for key in wanted}
    read = pieces(
        found.study,
        [
            *(pk for pks in shown_goals.values() for pk in pks),
            *(pk for pks in shown_near.values() for pk in pks),
            *tray[:TRAY_SHOWN],
        ],
    )

    def of(pks: Iterable[int]) -> tuple[Piece, ...]:
        return tuple(read[pk] for pk in pks if pk in read)

    cards = []
    for key in wanted:
        row = found.rows.get(key)
        parent = found.jobs.current(found.jobs.parents.get(key, ""))
        counts = near.counts.get(key, {})
        quoted = found.quoted(key)
        worded = found.worded_by(key)
        cards.append(
            Card(
                key=key,
                anchor=anchor(key),
                pk=row.pk if row else None,
                version=row.version if row else 0,
                number=found.numbers.get(key, ""),
                type=found.type_of(key),
                statement=names[key],
                quoted=quoted,
                proposal=not worded and (row is None or row.statement_is_proposal),
                worded_by=worded,
                participants=len({found.goals[goal].participant for goal in live[key]}),
                parent=parent,
                parent_name=names.get(parent, "") if parent else "",
                goals=of(shown_goals[key]),
                goal_count=len(live[key]),
                attached=of(shown_near[key]),
                attached_count=sum(counts.values()),
                facets=tuple(
                    (facet.value, counts[facet.value]) for facet in Facet if counts.get(facet.value)
                ),
            )
        )
    deleted = tuple(
        (key, found.name(key))
        for key in sorted(found.jobs.deleted)
        if key not in found.jobs.members
    )
    return Board(
        cards=tuple(cards),
        tray=Tray(of(tray[:TRAY_SHOWN]), len(tray), deleted),
        names=names,
        of=found.study.participants.count(),
    )


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
        pks = [found.goals[key].pk for key in found.live(job)]
        if job is None:
            near = Attached.read(found)
            out = [key for key in found.moved_into(None) if key not in found.goals]
            pks = [*[near.pk_of[key] for key in out if key in near.pk_of], *pks]
    else:
        pks = Attached.all_of(found, job or "")
    page = pks[start : start + A_PAGE]
    read = pieces(found.study, page)
    return tuple(read[pk] for pk in page if pk in read), len(pks)
