"""A customer table with its segments, as targets need it: probabilities and values."""

from __future__ import annotations

import numpy as np
import polars as pl

from embauche.customers.assignment import Assignment
from embauche.prioritise.target_customers import Memberships


def memberships_of(assignment: Assignment) -> Memberships:
    """Return who may be in which segment, and what they are worth.

    Values that are no numbers count as none at all.
    """
    segments = [item.segment for item in assignment.segments]
    inside = assignment.frame.drop_nulls("segment")
    value = None
    if assignment.value is not None and inside[assignment.value].dtype.is_numeric():
        known = inside[assignment.value].cast(pl.Float64).fill_null(float("nan"))
        value = known.to_numpy().astype(np.float64)
    columns = [inside[f"p_{segment}"].to_numpy() for segment in segments]
    posterior = np.column_stack(columns).astype(np.float64) if columns else np.empty((0, 0))
    return Memberships(posterior, value, assignment.frame.height - inside.height)
