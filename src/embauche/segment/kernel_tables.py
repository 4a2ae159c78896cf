"""Joint-state lookup tables: items packed in groups, so that a row costs one look-up a group.

Some five binary items have 32 joint states. Their joint probability in every class is tabulated
once per EM step; a pattern then multiplies one table row per group instead of one probability per
item, and needs no exponential. A missing answer is one more state, of probability 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embauche.segment.families import Families
from embauche.segment.patterns import Patterns


class Layout(NamedTuple):
    """Patterns as table rows (a named tuple: compiled code takes it as it is).

    Attributes
    ----------
    rows
        (P, G) row of the tables that each pattern looks up in each group.
    weights
        (P,) weights.
    group_start
        (G + 1,) where each group begins in `items`.
    items
        (J,) columns in the order of their groups.
    group_size
        (G,) joint states of each group.
    table_start
        (G,) first table row of each group.
    levels
        (J,) answers of each column, plus one where some are missing.
    cardinality, offsets
        (J,) answers of each column; where they begin among the C answers of all columns.
    table_rows
        Rows of all tables together.
    pseudo
        (C,) prior counts of each answer in each class (zeros without a prior).
    pseudo_share
        Prior count of each class.
    family, first_row, value, base, level_weight, bound
        As in `embauche.segment.families.Families`.
    mixed
        Whether a column is not nominal; otherwise parameters are the densities themselves.
    """

    rows: NDArray[np.int32]
    weights: NDArray[np.float64]
    group_start: NDArray[np.int64]
    items: NDArray[np.int64]
    group_size: NDArray[np.int64]
    table_start: NDArray[np.int64]
    levels: NDArray[np.int64]
    cardinality: NDArray[np.int64]
    offsets: NDArray[np.int64]
    table_rows: int
    pseudo: NDArray[np.float64]
    pseudo_share: float
    family: NDArray[np.int64]
    first_row: NDArray[np.int64]
    value: NDArray[np.float64]
    base: NDArray[np.float64]
    level_weight: NDArray[np.float64]
    bound: NDArray[np.float64]
    mixed: bool


def largest_table(patterns: int) -> int:
    """Return how many joint states a group may have, so that tables stay cheap beside the rows."""
    return int(min(4096, max(32, patterns // 24)))


def lay_out(
    patterns: Patterns, pseudo: NDArray[np.float64], pseudo_share: float, families: Families
) -> Layout:
    """Pack the columns of `patterns` into groups and code every pattern by group.

    Parameters
    ----------
    patterns
        Patterns and their weights.
    pseudo, pseudo_share
        Prior counts; see `Layout`.
    families
        What the columns measure.
    """
    codes, cardinality = patterns.codes, patterns.cardinality
    levels = cardinality + (codes < 0).any(axis=0)
    groups = _pack(levels, largest_table(len(codes)))
    sizes = np.array([int(np.prod(levels[group])) for group in groups], dtype=np.int64)
    table_start = np.cumsum(sizes) - sizes
    rows = np.zeros((len(codes), len(groups)), dtype=np.int64)
    for g, group in enumerate(groups):
        stride = 1
        for j in group:
            rows[:, g] += np.where(codes[:, j] < 0, cardinality[j], codes[:, j]) * stride
            stride *= int(levels[j])
    rows += table_start
    # Neighbours in this order share table rows, which keeps them in the processor's cache.
    order = np.lexsort(rows.T[::-1])
    lengths = np.array([0, *(len(group) for group in groups)], dtype=np.int64)
    return Layout(
        rows=np.ascontiguousarray(rows[order], dtype=np.int32),
        weights=np.ascontiguousarray(patterns.weights[order]),
        group_start=np.cumsum(lengths),
        items=np.array([j for group in groups for j in group], dtype=np.int64),
        group_size=sizes,
        table_start=table_start,
        levels=levels.astype(np.int64),
        cardinality=cardinality.astype(np.int64),
        offsets=patterns.offsets,
        table_rows=int(sizes.sum()),
        pseudo=np.ascontiguousarray(pseudo),
        pseudo_share=float(pseudo_share),
        family=families.family,
        first_row=families.first_row,
        value=np.ascontiguousarray(families.value),
        base=np.ascontiguousarray(families.base),
        level_weight=np.ascontiguousarray(families.level_weight),
        bound=families.bound,
        mixed=bool(families.family.any()),
    )


def _pack(levels: NDArray[np.int64], limit: int) -> list[list[int]]:
    """First-fit packing, widest columns first."""
    groups: list[list[int]] = []
    sizes: list[int] = []
    for j in np.argsort(-levels, kind="stable").tolist():
        for g, size in enumerate(sizes):
            if size * int(levels[j]) <= limit:
                groups[g].append(j)
                sizes[g] *= int(levels[j])
                break
        else:
            groups.append([j])
            sizes.append(int(levels[j]))
    return groups
