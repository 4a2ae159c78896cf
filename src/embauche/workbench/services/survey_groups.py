"""The columns of a survey in the order in which they ask for a person: doubtful ones first.

A survey of seventy columns is mostly batteries of one kind, recognised by their names and answers.
What nobody can tell from those comes first; the rest is put together by role, to be looked at and
changed as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from embauche.collect.survey_mapping import ColumnRole
from embauche.notices import Notice

if TYPE_CHECKING:
    from embauche.workbench.services.survey_mapping import ColumnView

UNDECIDED: Final = "undecided"
"""Key of the columns that somebody has to decide about."""
ALONE: Final = "alone"
"""Key of the columns with few of their kind, shown one by one."""

FEW_COLUMNS: Final = 12
"""A survey with so many columns is read at once: its columns stay in the file's order."""
FEW_OF_A_KIND: Final = 2
"""So many columns of one role are no longer to read than a line about them."""

_DOUBTFUL: Final = frozenset(
    {"roles.unused", "roles.outcome_ambiguous", "roles.frequency_and_outcome"}
)
"""Reasons that name what could not be told, rather than what was recognised."""


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """Columns that are shown together.

    Attributes
    ----------
    key
        `UNDECIDED`, `ALONE`, or the role that all of them have; empty where nothing is grouped.
    columns
        In the order of the file.
    reason
        Why all of them were recognised so, where it is the same for all.
    closed
        True where a line stands for them until somebody opens it.
    """

    key: str
    columns: tuple[ColumnView, ...]
    reason: Notice | None = None
    closed: bool = False


def column_groups(columns: Sequence[ColumnView], *, settled: bool) -> tuple[ColumnGroup, ...]:
    """Put a survey's columns together.

    Parameters
    ----------
    columns
        Every column, in the order of the file.
    settled
        True where somebody has saved the role of every column: none is left to decide.

    Returns
    -------
    tuple
        Those to decide (left out where there are none), those alone of their kind, then one group
        a role; one group of all for at most `FEW_COLUMNS` columns. Every column is in one group.
    """
    if len(columns) <= FEW_COLUMNS:
        return (ColumnGroup("", tuple(columns)),)
    undecided = () if settled else tuple(item for item in columns if _doubtful(item))
    kinds: dict[ColumnRole, list[ColumnView]] = {role: [] for role in ColumnRole}
    for item in columns:
        if item not in undecided:
            kinds[item.role].append(item)
    alone = sorted(
        (item for kind in kinds.values() if len(kind) <= FEW_OF_A_KIND for item in kind),
        key=lambda item: item.index,
    )
    many = [(role, kind) for role, kind in kinds.items() if len(kind) > FEW_OF_A_KIND]
    return (
        *((ColumnGroup(UNDECIDED, undecided),) if undecided else ()),
        *((ColumnGroup(ALONE, tuple(alone)),) if alone else ()),
        *(ColumnGroup(role.value, tuple(kind), _shared(kind), closed=True) for role, kind in many),
    )


def _doubtful(column: ColumnView) -> bool:
    return column.reason is not None and column.reason.code in _DOUBTFUL


def _shared(columns: Sequence[ColumnView]) -> Notice | None:
    codes = {column.reason.code if column.reason else "" for column in columns}
    return columns[0].reason if len(codes) == 1 else None
