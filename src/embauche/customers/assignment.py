"""What assigning customers to segments gives: one row a customer, and a summary a segment."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from embauche.notices import Notice


@dataclass(frozen=True, slots=True)
class SegmentOfCustomers:
    """Customers of one segment.

    Attributes
    ----------
    segment
        Id of the segment.
    n
        Customers whose most probable segment it is.
    share
        Of all customers assigned.
    value
        Sum of their value; ``None`` where no value column is known.
    certainty
        Mean probability of the assignment.
    """

    segment: str
    n: int
    share: float
    value: float | None
    certainty: float


@dataclass(frozen=True, slots=True)
class Assignment:
    """A customer table with its segments.

    Attributes
    ----------
    name
        File name of the customer table, relative to the study folder.
    frame
        The table's id column (or ``row``, from 2 as a spreadsheet counts), ``segment`` (null where
        no shared need was answered), ``probability``, one ``p_<segment>`` column a segment, and
        the value column where there is one; in the table's order.
    id, value
        Column names; ``None`` where there is none.
    shared, missing
        Needs that the table has, and needs it lacks.
    expected_accuracy
        Share of survey respondents whose segment is told correctly from the shared needs alone
        (their segment from all needs taken as true).
    segments
        One entry a segment, in the segmentation's order.
    n
        Rows of the table.
    notices
        What is weak about the assignment.
    """

    name: str
    frame: pl.DataFrame
    id: str | None
    value: str | None
    shared: tuple[str, ...]
    missing: tuple[str, ...]
    expected_accuracy: float
    segments: tuple[SegmentOfCustomers, ...]
    n: int
    notices: tuple[Notice, ...] = ()
