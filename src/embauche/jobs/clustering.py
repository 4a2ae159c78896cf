"""Groups of statements: average linkage, then small groups into the nearest large one.

The cut alone leaves too many groups to discuss: of 2,000 statements it makes a hundred, most of
them one person's. A job is *shared*, so groups that several participants state are kept as cores,
the others join the nearest core within a looser limit, and what is near nothing stays alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_array
from scipy.spatial.distance import squareform

from embauche.jobs.space import unit

MERGE_AT_LEAST = 0.30
"""Cosine of two cores' centres below which they are two jobs, however many there are."""

_SURE_AT_LEAST = 20
"""Statements that may form cores even where fewer are sure."""

_LINKED_AT_MOST = 4000
"""Statements that linkage compares pairwise (64 MB); the others join the nearest core."""


def linked(
    placed: NDArray[np.float64], threshold: float, penalty: NDArray[np.float64] | None = None
) -> NDArray[np.int64]:
    """Cut an average linkage of cosine distances.

    Parameters
    ----------
    placed
        (n, d) unit vectors.
    threshold
        Cosine distance at which groups are kept apart.
    penalty
        (n, n) added to the distances, if any.

    Returns
    -------
    ndarray
        (n,) labels from 0, in no particular order.
    """
    if len(placed) < 2:
        return np.zeros(len(placed), dtype=np.int64)
    tree = tree_of(placed, penalty)
    return np.asarray(fcluster(tree, threshold, "distance"), dtype=np.int64) - 1


def tree_of(
    placed: NDArray[np.float64], penalty: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return the average linkage of cosine distances, (n − 1, 4) as SciPy writes it.

    Parameters
    ----------
    placed, penalty
        As in `linked`.
    """
    if len(placed) < 2:
        return np.zeros((0, 4))
    distance = 1.0 - placed @ placed.T
    if penalty is not None:
        distance += penalty
    return linked_tree(distance)


def linked_tree(distance: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the average linkage of (n, n) distances, n ≥ 2, as SciPy writes it."""
    distance = np.clip((distance + distance.T) / 2.0, 0.0, None)
    np.fill_diagonal(distance, 0.0)
    return np.asarray(linkage(squareform(distance, checks=False), "average"), dtype=np.float64)


def _centres(
    placed: NDArray[np.float64], labels: NDArray[np.int64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    groups = int(labels.max()) + 1 if labels.size else 0
    kept = np.flatnonzero(labels >= 0)
    member = csr_array((weights[kept], (labels[kept], kept)), shape=(groups, len(placed)))
    return unit(np.asarray(member @ placed))


def _people(labels: NDArray[np.int64], people: NDArray[np.int64]) -> NDArray[np.int64]:
    groups = int(labels.max()) + 1 if labels.size else 0
    kept = labels >= 0
    pairs = np.unique(np.stack([labels[kept], people[kept]]), axis=1)
    return np.bincount(pairs[0], minlength=groups).astype(np.int64)


def _renumbered(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return labels numbered by first member, whatever the linkage called them."""
    order: dict[int, int] = {}
    for label in labels:
        if label >= 0:
            order.setdefault(int(label), len(order))
    return np.array([order.get(int(label), -1) for label in labels], dtype=np.int64)


def shared_groups(
    placed: NDArray[np.float64],
    people: NDArray[np.int64],
    *,
    threshold: float,
    weights: NDArray[np.float64],
    penalty: Callable[[Sequence[int]], NDArray[np.float64]] | None = None,
    least: int = 2,
    most: int = 20,
    join: float = 0.22,
    sure: float = 0.0,
) -> NDArray[np.int64]:
    """Group statements so that each group is shared by several people.

    Parameters
    ----------
    placed
        (n, d) unit vectors in a canonical order.
    people
        (n,) who states each.
    threshold
        Cosine distance of the linkage's cut.
    weights
        (n,) how sure each statement is.
    penalty
        From row numbers to an (m, m) matrix that is added to their distances.
    least
        People that make a core.
    most
        Cores at most: beyond it the two nearest cores are made one.
    join
        Cosine with a core's centre that lets a statement outside of the cores join it.
    sure
        Weight below which a statement forms no core and can only join one; the 20 surest may
        form cores whatever their weight.

    Returns
    -------
    ndarray
        (n,) labels from 0; −1 for statements that are near no core.
    """
    n = len(placed)
    labels = np.full(n, -1, dtype=np.int64)
    if n == 0:
        return labels
    rows = np.argsort(-weights, kind="stable")[:_LINKED_AT_MOST]
    rows = rows[: max(_SURE_AT_LEAST, int((weights[rows] >= sure).sum()))]
    rows.sort()
    added = penalty(rows.tolist()) if penalty else None
    labels[rows] = linked(placed[rows], threshold, added)
    counts = _people(labels, people)
    labels = np.where((labels >= 0) & (counts[labels] >= least), labels, -1)
    labels = _renumbered(labels)
    labels = _merged(placed, labels, people, weights, most)
    return _joined(placed, labels, people, weights, join, least)


def _merged(
    placed: NDArray[np.float64],
    labels: NDArray[np.int64],
    people: NDArray[np.int64],
    weights: NDArray[np.float64],
    most: int,
) -> NDArray[np.int64]:
    """Make one of the two nearest cores until `most` remain, as long as they are near at all.

    What is still too many after that are jobs of few people: their statements are set free, and
    join another core or stay alone.
    """
    labels = labels.copy()
    while labels.max(initial=-1) + 1 > most:
        centres = _centres(placed, labels, weights)
        near = centres @ centres.T
        near[np.tril_indices(len(centres))] = -np.inf
        keep, gone = np.unravel_index(int(np.argmax(near)), near.shape)
        if near[keep, gone] < MERGE_AT_LEAST:
            break
        labels[labels == gone] = keep
        labels = _renumbered(labels)
    if labels.max(initial=-1) + 1 > most:
        counts = _people(labels, people)
        sizes = np.bincount(labels[labels >= 0], minlength=len(counts))
        order = np.lexsort((np.arange(len(counts)), -sizes, -counts))
        kept = np.zeros(len(counts), dtype=bool)
        kept[order[:most]] = True
        labels = np.where((labels >= 0) & kept[labels], labels, -1)
    return _renumbered(labels)


def _joined(
    placed: NDArray[np.float64],
    labels: NDArray[np.int64],
    people: NDArray[np.int64],
    weights: NDArray[np.float64],
    join: float,
    least: int,
) -> NDArray[np.int64]:
    """Let every statement go to the nearest core, twice, as spherical k-means does."""
    for _ in range(2):
        if labels.max(initial=-1) < 0:
            return labels
        near = placed @ _centres(placed, labels, weights).T
        best = near.argmax(axis=1)
        reached = near[np.arange(len(placed)), best]
        # A core's own member leaves only for a core that is clearly nearer.
        own = np.where(labels >= 0, near[np.arange(len(placed)), labels], -1.0)
        stays = (labels >= 0) & (own >= np.maximum(reached - 0.05, join / 2))
        labels = np.where(stays, labels, np.where(reached >= join, best, -1))
        counts = _people(labels, people)
        labels = np.where((labels >= 0) & (counts[labels] >= least), labels, -1)
        labels = _renumbered(labels)
    return labels
