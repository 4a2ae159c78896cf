"""Roles of a survey's columns: given by the user, or inferred, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import polars as pl

from embauche.collect.batteries import largest_block, paired_ratings
from embauche.collect.column_words import (
    DEMOGRAPHICS,
    GROUPING,
    ID,
    SITUATION,
    WEIGHT,
    names_frequency,
    names_strong_demographic,
    outcome_tier,
    tokens,
)
from embauche.collect.columns import is_yes_no
from embauche.collect.recodes import precomputed_groups, recodes
from embauche.collect.tables import Table
from embauche.notices import Notice

_TOO_MANY_ANSWERS = 60
_LONGEST_WEIGHT = 3
_YES_NO_DEMOGRAPHICS = frozenset({"gender", "sex", "sexe", "genre", "marital", "nationality"})

_NEEDS = {"yes_no": "needs.yes_no", "nominal": "needs.two_codes", "ordinal": "needs.ordered"}


@dataclass(frozen=True, slots=True)
class SurveyRoles:
    """Which column plays which role in a survey.

    Attributes
    ----------
    id, frequency, weight, outcome
        One column each, or ``None``.
    needs, importance, satisfaction, situation, demographics
        Column names or glob patterns, in order; a pattern stands for the columns that match it,
        in the order of the file.
    outcome_names
        What each pair of ratings asks about; made from the columns where empty.
    reasons
        Column → why it was given its role or left out, where the roles were inferred.
    notices
        What could not be told (an ambiguous outcome, no needs).
    """

    id: str | None = None
    needs: tuple[str, ...] = ()
    importance: tuple[str, ...] = ()
    satisfaction: tuple[str, ...] = ()
    frequency: str | None = None
    situation: tuple[str, ...] = ()
    demographics: tuple[str, ...] = ()
    weight: str | None = None
    outcome: str | None = None
    outcome_names: tuple[str, ...] = ()
    reasons: Mapping[str, Notice] = field(default_factory=lambda: MappingProxyType({}))
    notices: tuple[Notice, ...] = ()


class _Draft:
    """Columns given away one after the other; what is given is given."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.reasons: dict[str, Notice] = {}

    def free(self) -> list[str]:
        return [column for column in self.table.frame.columns if column not in self.reasons]

    def give(self, column: str, code: str, **params: object) -> str:
        notice = Notice(f"roles.{code}", {"column": column, **params}, "info")
        self.reasons[column] = notice
        return column


def infer_roles(table: Table) -> SurveyRoles:
    """Infer the roles of a survey's columns from their names, answers and neighbours.

    The order matters: ids, weights and columns made from other columns are set aside first, then
    batteries are found, and only then do single words in names decide, so that a need called
    ``children`` in a battery of motives is not taken for a demographic. Every column gets a
    reason, those left out as well. Where several columns could be the outcome, none is chosen.
    """
    draft = _Draft(table)
    respondent = _set_aside(draft)
    strong = [column for column in draft.free() if _who(table, column)]
    left = [column for column in draft.free() if column not in strong]
    importance, satisfaction, names = paired_ratings(table, left)
    for column in importance:
        draft.give(column, "importance" if satisfaction else "importance_alone", n=len(importance))
    for column in satisfaction:
        draft.give(column, "satisfaction", n=len(satisfaction))
    weight = _weight(draft)
    needs = _needs(draft, strong, importance)
    demographics = [draft.give(column, "demographic") for column in strong]
    frequency = _frequency(draft)
    outcome, notices = _outcome(draft, frequency)
    situation = _situation(draft, demographics)
    for column in draft.free():
        draft.give(column, "unused")
    if not needs and not importance:
        notices.append(Notice("roles.no_needs", {"file": table.name}))
    order = {column: i for i, column in enumerate(table.frame.columns)}
    return SurveyRoles(
        id=respondent,
        needs=tuple(needs or importance),
        importance=tuple(importance),
        satisfaction=tuple(satisfaction),
        outcome_names=tuple(names),
        frequency=frequency,
        situation=tuple(sorted(situation, key=order.__getitem__)),
        demographics=tuple(sorted(demographics, key=order.__getitem__)),
        weight=weight,
        outcome=outcome,
        reasons=MappingProxyType({c: draft.reasons[c] for c in table.frame.columns}),
        notices=tuple(notices),
    )


def _set_aside(draft: _Draft) -> str | None:
    frame = draft.table.frame
    respondent = None
    for column in frame.columns:
        series = frame[column]
        if series.null_count() == len(series):
            draft.give(column, "empty")
        elif series.n_unique() == 1 and len(series) > 1:
            draft.give(column, "constant")
    for column in draft.free():
        words = tokens(column)
        unique = frame[column].n_unique() == frame.height and not frame[column].null_count()
        if (
            respondent is None
            and unique
            and frame.height > 1
            and (set(words) & ID or words == ("n",))
        ):
            respondent = draft.give(column, "id")
    for column in draft.free():
        if set(tokens(column)) & GROUPING and frame[column].n_unique() <= max(
            20, 0.2 * frame.height
        ):
            draft.give(column, "grouping")
    for column in precomputed_groups(frame, draft.free()):
        draft.give(column, "grouping")
    for column, source in recodes(frame, draft.free()).items():
        draft.give(column, "recode", source=source)
    return respondent


def _weight(draft: _Draft) -> str | None:
    for column in draft.free():
        series = draft.table.frame[column]
        words = tokens(column)
        # A whole question about somebody's weight is an answer, not a weight.
        short = len(words) <= _LONGEST_WEIGHT
        if short and set(words) & WEIGHT and series.dtype.is_numeric():
            known = series.drop_nulls().cast(pl.Float64)
            mean = float(known.mean() or 0.0)  # type: ignore[arg-type]
            # Sampling weights are positive and average about one; kilograms do not.
            if len(known) and bool((known >= 0).all()) and 0.2 <= mean <= 5:
                return draft.give(column, "weight")
    return None


def _who(table: Table, column: str) -> bool:
    series = table.frame[column]
    if series.dtype == pl.String and series.n_unique() > max(_TOO_MANY_ANSWERS, 0.2 * len(series)):
        return False
    if is_yes_no(series) and not set(tokens(column)) & _YES_NO_DEMOGRAPHICS:
        return False  # "good.job" is a motive among yes/no motives; "sexe" in 0/1 is not
    if names_strong_demographic(column):
        return True
    label = table.labels.get(column, "")
    return bool(label) and len(tokens(label)) <= 4 and names_strong_demographic(label)


def _needs(draft: _Draft, strong: list[str], importance: list[str]) -> list[str]:
    possible = [
        column
        for column in draft.free()
        if column not in strong and outcome_tier(column) != 0 and not names_frequency(column)
    ]
    block = largest_block(draft.table, possible)
    if block is None:
        return []
    columns, scale = block
    if importance and scale != "yes_no":
        return []  # importance says what is needed better than another rating would
    code = _NEEDS.get(scale, "needs.ratings")
    for column in columns:
        draft.give(column, code, n=len(columns), scale=scale.replace("-", "–"))
    return columns


def _frequency(draft: _Draft) -> str | None:
    found = [column for column in draft.free() if names_frequency(column)]
    if len(found) != 1:
        exact = [c for c in found if "freq" in "".join(tokens(c))]
        found = exact if len(exact) == 1 else []
    return draft.give(found[0], "frequency") if found else None


def _outcome(draft: _Draft, frequency: str | None) -> tuple[str | None, list[Notice]]:
    tiers: dict[int, list[str]] = {}
    for column in draft.free():
        tier = outcome_tier(column)
        if tier is not None:
            tiers.setdefault(tier, []).append(column)
    if not tiers:
        if frequency is None:
            return None, [Notice("roles.no_outcome", {"file": draft.table.name}, "info")]
        draft.give(frequency, "frequency_and_outcome")
        return frequency, []
    best = tiers[min(tiers)]
    if len(best) == 1:
        return draft.give(best[0], "outcome"), []
    for column in best:
        draft.give(column, "outcome_ambiguous", columns=best)
    notice = Notice("roles.outcome_ambiguous", {"file": draft.table.name, "columns": best})
    return None, [notice]


def _situation(draft: _Draft, demographics: list[str]) -> list[str]:
    situation: list[str] = []
    frame = draft.table.frame
    for column in draft.free():
        words = tokens(column)
        few = frame[column].n_unique() <= min(_TOO_MANY_ANSWERS, 0.5 * frame.height + 2)
        if not few or not words or len(words) > 5:
            continue
        if {"situation", "contexte", "context"} & set(words) or words[-1] in SITUATION:
            situation.append(draft.give(column, "situation"))
        elif words[-1] in DEMOGRAPHICS or words[0] in DEMOGRAPHICS:
            demographics.append(draft.give(column, "demographic"))
        elif set(words) & SITUATION:
            situation.append(draft.give(column, "situation"))
    return [column for column in situation if not _alone_class(draft, column, demographics)]


def _alone_class(draft: _Draft, column: str, demographics: list[str]) -> bool:
    """Take ``class`` alone for a year of study, unlike ``flight_class``."""
    if tokens(column) != ("class",):
        return False
    demographics.append(draft.give(column, "demographic"))
    return True
