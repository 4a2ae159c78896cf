"""Survey and customer tables as the statistics see them: roles of columns, and shown rules.

A table stays a polars frame; this module says what each column *is* and by which rule its answers
were read, so that nothing about a figure's origin is implicit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import polars as pl

from embauche.notices import Notice

ScaleKind = Literal[
    "yes_no", "nominal", "1-5", "1-7", "0-10", "1-100", "count", "amount", "ordinal"
]


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """How one column was read.

    Attributes
    ----------
    name
        The column's name in the file.
    label
        The question asked, where the file has it (``.sav`` variable label); else the name.
    scale
        The kind of scale its answers were taken for.
    categories
        The answers in order, for ``yes_no``, ``nominal`` and ``ordinal``; else empty.
    missing
        How many answers are missing.
    rule
        Code of the rule that decided (``survey.rule.yes_no.zero_one``…), for the sentence shown
        to the user (catalogue key ``notice.<rule>``).
    """

    name: str
    label: str
    scale: ScaleKind
    categories: tuple[str, ...] = ()
    missing: int = 0
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey: a frame and the role of its columns.

    Attributes
    ----------
    name
        File name relative to the study folder.
    frame
        One row a respondent. Numeric scales are numeric; ``yes_no`` columns hold 0/1 integers;
        ``nominal`` and ``ordinal`` columns hold strings; null is missing.
    id
        Column that identifies respondents, if any.
    needs
        Columns whose answers form the segments (what people try to get done). May be the
        importance columns.
    importance, satisfaction
        Columns of ratings, paired in order: ``satisfaction[i]`` is the satisfaction with what
        ``importance[i]`` asks. Both empty, or of equal length.
    outcome_names
        One label a pair of ratings (what is asked about).
    frequency
        Column that says how often a respondent has the job, if any.
    situation, demographics
        Columns that say when, where, with whom; and who people are.
    weight
        Column of sampling weights, if any.
    outcome
        Column of what matters in the end (purchase, renewal, visits), if any.
    readings
        Column name → how it was read.
    notices
        What is doubtful about the reading.
    """

    name: str
    frame: pl.DataFrame
    id: str | None = None
    needs: tuple[str, ...] = ()
    importance: tuple[str, ...] = ()
    satisfaction: tuple[str, ...] = ()
    outcome_names: tuple[str, ...] = ()
    frequency: str | None = None
    situation: tuple[str, ...] = ()
    demographics: tuple[str, ...] = ()
    weight: str | None = None
    outcome: str | None = None
    readings: Mapping[str, ColumnReading] = field(default_factory=lambda: MappingProxyType({}))
    notices: tuple[Notice, ...] = ()

    @property
    def n(self) -> int:
        """Number of respondents."""
        return self.frame.height
