"""A survey's mapping as a person edits it: one role a column, and who pairs with whom.

`SurveyRoles` says which columns play a role; a mapping says which role a column plays. Both say the
same, and each can be made from the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from embauche.collect.batteries import paired_ratings
from embauche.collect.roles import SurveyRoles
from embauche.collect.surveys import match_columns
from embauche.collect.tables import Table
from embauche.errors import ColumnError


class ColumnRole(StrEnum):
    """What a column of a survey is."""

    NEED = "need"
    IMPORTANCE = "importance"
    IMPORTANCE_NEED = "importance_need"
    SATISFACTION = "satisfaction"
    SITUATION = "situation"
    DEMOGRAPHICS = "demographics"
    FREQUENCY = "frequency"
    FREQUENCY_OUTCOME = "frequency_outcome"
    OUTCOME = "outcome"
    WEIGHT = "weight"
    ID = "id"
    IGNORED = "ignored"


SINGLE = {
    ColumnRole.ID: "id",
    ColumnRole.FREQUENCY: "frequency",
    ColumnRole.WEIGHT: "weight",
    ColumnRole.OUTCOME: "outcome",
}
"""Roles that one column plays, with their key in ``study.toml``."""

_IMPORTANT = (ColumnRole.IMPORTANCE, ColumnRole.IMPORTANCE_NEED)


@dataclass(frozen=True, slots=True)
class SurveyMapping:
    """What every column is.

    Attributes
    ----------
    roles
        Column → role, in the order of the file.
    pairs
        Importance column → the column of satisfaction with the same thing.
    """

    roles: Mapping[str, ColumnRole]
    pairs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def columns(self, *roles: ColumnRole) -> tuple[str, ...]:
        """Return the columns that play one of the roles."""
        return tuple(column for column, role in self.roles.items() if role in roles)

    @property
    def importance(self) -> tuple[str, ...]:
        """Columns that ask how important something is."""
        return self.columns(*_IMPORTANT)

    @property
    def unpaired(self) -> tuple[str, ...]:
        """Importance and satisfaction columns without a partner, where there are both kinds."""
        satisfaction = self.columns(ColumnRole.SATISFACTION)
        if not satisfaction or not self.importance:
            return satisfaction
        taken = {self.pairs.get(column) for column in self.importance}
        alone = [c for c in self.importance if self.pairs.get(c) not in satisfaction]
        return (*alone, *(column for column in satisfaction if column not in taken))


def mapping_of(table: Table, roles: SurveyRoles) -> SurveyMapping:
    """Return what every column of a table is, by its roles.

    Raises
    ------
    ColumnError
        If a name matches no column.
    """
    columns = table.frame.columns

    def matched(names: Sequence[str], role: str) -> list[str]:
        return match_columns(names, columns, table.name, role)

    found = dict.fromkeys(columns, ColumnRole.IGNORED)
    plain = (
        (roles.situation, "situation", ColumnRole.SITUATION),
        (roles.demographics, "demographics", ColumnRole.DEMOGRAPHICS),
        (roles.satisfaction, "satisfaction", ColumnRole.SATISFACTION),
        (roles.importance, "importance", ColumnRole.IMPORTANCE),
        (roles.needs, "needs", ColumnRole.NEED),
    )
    importance = matched(roles.importance, "importance")
    needs = matched(roles.needs, "needs")
    for names, key, role in plain:
        for column in matched(names, key):
            found[column] = role
    for column in importance:
        # Importance that forms the segments for want of needs is importance and no more.
        both = column in needs and set(needs) != set(importance)
        found[column] = ColumnRole.IMPORTANCE_NEED if both else ColumnRole.IMPORTANCE
    for role, key in SINGLE.items():
        for column in matched([name] if (name := getattr(roles, key)) else [], key):
            twice = role is ColumnRole.OUTCOME and found[column] is ColumnRole.FREQUENCY
            found[column] = ColumnRole.FREQUENCY_OUTCOME if twice else role
    satisfaction = matched(roles.satisfaction, "satisfaction")
    pairs = dict(zip(importance, satisfaction, strict=False))
    return SurveyMapping(MappingProxyType(found), MappingProxyType(pairs))


def roles_of(mapping: SurveyMapping, file: str) -> SurveyRoles:
    """Return the roles that a mapping gives; needs are empty where importance stands for them.

    Raises
    ------
    ColumnError
        If a role that one column plays was given to several, or ratings have no partner.
    """
    single: dict[str, str | None] = {}
    for role, key in SINGLE.items():
        wanted = {role}
        if role in (ColumnRole.FREQUENCY, ColumnRole.OUTCOME):
            wanted.add(ColumnRole.FREQUENCY_OUTCOME)
        columns = mapping.columns(*wanted)
        if len(columns) > 1:
            reason = f"mapping.several_{key}"
            raise ColumnError(reason, file=file, columns=list(columns))
        single[key] = columns[0] if columns else None
    if mapping.unpaired:
        raise ColumnError(
            "mapping.unpaired", file=file, columns=list(mapping.unpaired), n=len(mapping.unpaired)
        )
    importance = mapping.importance
    paired = bool(mapping.columns(ColumnRole.SATISFACTION))
    return SurveyRoles(
        needs=mapping.columns(ColumnRole.NEED, ColumnRole.IMPORTANCE_NEED),
        importance=importance,
        satisfaction=tuple(mapping.pairs[column] for column in importance) if paired else (),
        situation=mapping.columns(ColumnRole.SITUATION),
        demographics=mapping.columns(ColumnRole.DEMOGRAPHICS),
        id=single["id"],
        frequency=single["frequency"],
        weight=single["weight"],
        outcome=single["outcome"],
    )


def match_pairs(table: Table, mapping: SurveyMapping) -> SurveyMapping:
    """Pair the importance and satisfaction columns that have no partner yet.

    Pairs given stay as long as both columns keep their roles. The rest pair by the words of their
    names or questions; where none do and as many are left of each, in the order of the file.
    """
    satisfaction = mapping.columns(ColumnRole.SATISFACTION)
    kept: dict[str, str] = {}
    for column in mapping.importance:
        partner = mapping.pairs.get(column)
        if partner in satisfaction and partner not in kept.values():
            kept[column] = partner
    left = [column for column in mapping.importance if column not in kept]
    right = [column for column in satisfaction if column not in kept.values()]
    if left and right:
        order = {*left, *right}
        named = paired_ratings(table, [c for c in table.frame.columns if c in order])
        kept |= {
            one: other
            for one, other in zip(named[0], named[1], strict=False)
            if one in left and other in right
        }
        left = [column for column in left if column not in kept]
        right = [column for column in right if column not in kept.values()]
        if len(left) == len(right):
            kept |= dict(zip(left, right, strict=True))
    ordered = {column: kept[column] for column in mapping.importance if column in kept}
    return replace(mapping, pairs=MappingProxyType(ordered))
