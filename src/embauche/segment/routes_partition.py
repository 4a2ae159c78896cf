"""The two ways of cutting a table into groups: k-means, and average linkage of shared answers."""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from embauche.segment.routes_kmeans import k_means

Float = NDArray[np.float64]
Labels = NDArray[np.int64]

STARTS: Final = 50
"""k-means starts on the data themselves."""

REFIT_STARTS: Final = 8
"""k-means starts in bootstrap samples and drawn data sets."""

MOST_DISTANCES: Final = 2000
"""Silhouettes are computed on at most so many rows, drawn evenly."""


class Partition(Protocol):
    """A way of cutting a table into k groups.

    Attributes
    ----------
    criterion_name
        What `criterion` is.
    """

    criterion_name: str

    def fit(
        self, table: Float, weights: Float, k: int, rng: np.random.Generator, *, full: bool
    ) -> Labels:
        """(n,) group of each row; `full` asks for all starts."""
        ...

    def place(self, table: Float, labels: Labels, rows: Float, k: int) -> Labels:
        """(m,) group of other rows, given the groups of `table`."""
        ...

    def criterion(self, table: Float, weights: Float, labels: Labels, k: int) -> float:
        """How well k groups describe the table; higher is better."""
        ...

    def distances(self, table: Float) -> Float:
        """(n, n) distances between rows, for silhouettes."""
        ...


class KMeans:
    """Least squares: each row goes to the nearest mean (Lloyd), from k-means++ starts."""

    criterion_name = "calinski_harabasz"

    def fit(
        self, table: Float, weights: Float, k: int, rng: np.random.Generator, *, full: bool
    ) -> Labels:
        """(n,) nearest of the k means of the best start."""
        return k_means(table, weights, k, STARTS if full else REFIT_STARTS, rng)[0]

    def place(self, table: Float, labels: Labels, rows: Float, k: int) -> Labels:
        """(m,) group whose mean is nearest."""
        means = group_means(table, np.ones(len(table)), labels, k)
        apart = (rows**2).sum(axis=1)[:, None] - 2 * rows @ means.T + (means**2).sum(axis=1)
        nearest: Labels = np.where(np.isnan(apart), np.inf, apart).argmin(axis=1)
        return nearest

    def criterion(self, table: Float, weights: Float, labels: Labels, k: int) -> float:
        """Calinski–Harabasz: (between / (k − 1)) / (within / (n − k)) sums of squares."""
        means = group_means(table, weights, labels, k)
        centre = np.average(table, axis=0, weights=weights)
        within = float((weights * ((table - means[labels]) ** 2).sum(axis=1)).sum())
        whole = float((weights * ((table - centre) ** 2).sum(axis=1)).sum())
        if within <= 0:
            return float("inf")
        return (whole - within) / (k - 1) / (within / (len(table) - k))

    def distances(self, table: Float) -> Float:
        """(n, n) Euclidean distances."""
        squares = (table**2).sum(axis=1)
        apart = squares[:, None] + squares - 2 * table @ table.T
        result: Float = np.sqrt(np.maximum(apart, 0.0))
        np.fill_diagonal(result, 0.0)
        return result


class AverageLinkage:
    """Agglomerative: average linkage of Jaccard distances between sets of jobs.

    That two people both leave a job unsaid makes them no more alike, so shared absences do not
    count (Jaccard); Ward's criterion is one of squared Euclidean distances, which count them.
    """

    criterion_name = "silhouette"

    def fit(
        self,
        table: Float,
        weights: Float,  # noqa: ARG002 - one person, one vote
        k: int,
        rng: np.random.Generator,  # noqa: ARG002 - nothing is left to chance
        *,
        full: bool,  # noqa: ARG002
    ) -> Labels:
        """(n,) branch of each row once the tree is cut into k."""
        from scipy.cluster.hierarchy import cut_tree, linkage
        from scipy.spatial.distance import squareform

        tree = linkage(squareform(self.distances(table), checks=False), "average")
        labels: Labels = cut_tree(tree, k)[:, 0].astype(np.int64)
        return labels

    def place(self, table: Float, labels: Labels, rows: Float, k: int) -> Labels:
        """(m,) group with the least average distance."""
        apart = jaccard_distances(rows, table)
        sums = apart @ np.eye(k)[labels]
        sizes = np.bincount(labels, minlength=k)
        mean = np.divide(sums, sizes, out=np.full_like(sums, np.inf), where=sizes > 0)
        nearest: Labels = mean.argmin(axis=1)
        return nearest

    def criterion(
        self,
        table: Float,
        weights: Float,  # noqa: ARG002
        labels: Labels,
        k: int,
    ) -> float:
        """Mean silhouette width."""
        return float(silhouettes(self.distances(table), labels, k).mean())

    def distances(self, table: Float) -> Float:
        """(n, n) Jaccard distances."""
        result = jaccard_distances(table, table)
        np.fill_diagonal(result, 0.0)
        return result


def jaccard_distances(a: Float, b: Float) -> Float:
    """(n, m) share of the jobs that either has and not both; 1 where neither has any."""
    both = a @ b.T
    either = a.sum(axis=1)[:, None] + b.sum(axis=1) - both
    result: Float = 1 - np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    return result


def group_means(table: Float, weights: Float, labels: Labels, k: int) -> Float:
    """(k, d) weighted means; NaN for an empty group."""
    member = np.eye(k)[labels] * weights[:, None]
    total = member.sum(axis=0)[:, None]
    sums = member.T @ table
    result: Float = np.divide(sums, total, out=np.full_like(sums, np.nan), where=total > 0)
    return result


def silhouettes(distances: Float, labels: Labels, k: int) -> Float:
    """(n,) silhouette width of each row (Rousseeuw 1987); 0 in a group of one."""
    sizes = np.bincount(labels, minlength=k).astype(np.float64)
    sums = distances @ np.eye(k)[labels]
    rows = np.arange(len(labels))
    own = sizes[labels]
    inside = np.divide(sums[rows, labels], own - 1, out=np.zeros(len(labels)), where=own > 1)
    mean = np.divide(sums, sizes, out=np.full_like(sums, np.inf), where=sizes > 0)
    mean[rows, labels] = np.inf
    outside = mean.min(axis=1)
    widest = np.maximum(inside, outside)
    found = np.where((own > 1) & (widest > 0) & np.isfinite(outside), (outside - inside), 0.0)
    result: Float = np.divide(found, widest, out=np.zeros_like(found), where=found != 0)
    return result
