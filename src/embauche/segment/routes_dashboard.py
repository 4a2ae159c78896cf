"""How many groups, and are they real: the dashboard of the routes other than latent classes.

For every number of groups: a criterion, the mean silhouette, global stability with its error, and
the stability of each group within (SLSw) and across solutions (SLSa), as for latent classes
(`embauche.segment.stability`, `embauche.segment.across`). Kept is, among the numbers whose
stability reaches `ACCEPTABLE`, the one with the best criterion; where none does, the best
criterion. The number kept is tested against one unimodal cloud, ``p = (b + 1) / (n + 1)``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.segment.across import flows, shares_of_origin, stability_across
from embauche.segment.number_of_classes import ACCEPTABLE, SHUFFLES
from embauche.segment.replicates import in_order
from embauche.segment.routes_cloud import Cloud
from embauche.segment.routes_partition import MOST_DISTANCES, Partition, group_means, silhouettes
from embauche.segment.routes_result import RouteCriterion
from embauche.segment.routes_verdict import RouteGrounds
from embauche.segment.stability import Stability, agreement

Float = NDArray[np.float64]
Labels = NDArray[np.int64]

CLOUD_DRAWS: Final = 99
"""Data sets drawn from the cloud at most."""

ENOUGH: Final = 8
"""Drawn criteria that reach the observed one before drawing ends (Besag and Clifford 1991)."""

LEAST_PER_GROUP: Final = 3
"""Fewer people a group than this are not tried."""


@dataclass(frozen=True, slots=True)
class RouteChoice:
    """The number of groups, and what spoke for and against each.

    Attributes
    ----------
    k
        Number kept.
    criteria
        One entry a number tried.
    labels
        (n,) groups kept, the largest first.
    widths
        (n,) silhouette widths of the groups kept; NaN for rows left out of them.
    grounds
        What the verdict rests on.
    """

    k: int
    criteria: tuple[RouteCriterion, ...]
    labels: Labels
    widths: Float
    grounds: RouteGrounds


def choose_groups(
    table: Float,
    partition: Partition,
    *,
    weights: Float,
    k_max: int,
    seed: int,
    bootstrap: int,
    draws: int = CLOUD_DRAWS,
    styled: bool = False,
    progress: Callable[[float], None] | None = None,
) -> RouteChoice:
    """Cut a table into 2 to `k_max` groups, test them, and choose.

    Parameters
    ----------
    table
        (n, d) complete data.
    partition
        How it is cut.
    weights
        (n,) weights, mean 1.
    k_max
        Largest number tried; fewer where people are few (`LEAST_PER_GROUP` a group).
    seed
        Seed of every random choice.
    bootstrap
        Bootstrap refits.
    draws
        Data sets drawn from the cloud at most.
    styled
        Whether respondents differ mostly in how they rate; goes to the verdict.
    progress
        Called with the share done; may raise to cancel.
    """
    from threadpoolctl import threadpool_limits

    report = progress if progress is not None else _silent
    n = len(table)
    distinct = len(np.unique(table, axis=0))
    numbers = range(2, max(2, min(k_max, n // LEAST_PER_GROUP, distinct)) + 1)
    streams = np.random.SeedSequence(seed).spawn(5)
    with threadpool_limits(1):  # sums over several threads differ in their last digits
        rng = np.random.default_rng(streams[0])
        labels = {1: np.zeros(n, dtype=np.int64)} | {
            k: by_size(partition.fit(table, weights, k, rng, full=True), weights, k)
            for k in numbers
        }
        report(0.1)
        stabilities = _stabilities(
            table,
            partition,
            weights,
            {k: labels[k] for k in numbers},
            streams[1],
            bootstrap,
            lambda share: report(0.1 + 0.6 * share),
        )
        criterion = {k: partition.criterion(table, weights, labels[k], k) for k in numbers}
        criterion_k = max(numbers, key=lambda k: criterion[k])
        fit = [k for k in numbers if stabilities[k].overall >= ACCEPTABLE]
        k = max(fit, key=lambda k: criterion[k]) if fit else criterion_k
        p, made = _against_cloud(
            table,
            partition,
            weights,
            (k, criterion[k]),
            streams[2],
            draws,
            lambda share: report(0.7 + 0.25 * share),
        )
        noise = _noise(table, partition, weights, k, streams[3])
    widths = {number: _widths(table, partition, labels[number], number) for number in numbers}
    report(1.0)
    moves = {
        number: flows(labels[number - 1], labels[number], weights, (number - 1, number))
        for number in numbers
    }
    criteria = tuple(
        RouteCriterion(
            k=number,
            criterion=criterion[number],
            silhouette=float(np.nanmean(widths[number])),
            stability=stabilities[number].overall,
            stability_error=stabilities[number].error,
            within=tuple(stabilities[number].by_class.tolist()),
            across=tuple(stability_across(moves[number]).tolist()),
            sizes=tuple((moves[number].sum(axis=0) / moves[number].sum()).tolist()),
            origins=shares_of_origin(moves[number]),
            p=p if number == k else None,
            draws=made if number == k else None,
        )
        for number in numbers
    )
    means = group_means(table, weights, labels[k], k)
    grounds = RouteGrounds(
        n=n,
        k=k,
        criterion_k=criterion_k,
        stability=stabilities[k].overall,
        by_segment=stabilities[k].by_class,
        silhouette=float(np.nanmean(widths[k])),
        noise_stability=noise,
        p=p,
        draws=made,
        levels=level_share(means, weights, labels[k]),
        between=share_between(table, means, weights, labels[k]),
        styled=styled,
    )
    return RouteChoice(k, criteria, labels[k], widths[k], grounds)


def by_size(labels: Labels, weights: Float, k: int) -> Labels:
    """Return the groups numbered by weight, the heaviest first."""
    order = np.argsort(-np.bincount(labels, weights=weights, minlength=k), kind="stable")
    place = np.empty(k, dtype=np.int64)
    place[order] = np.arange(k)
    result: Labels = place[labels]
    return result


def level_share(means: Float, weights: Float, labels: Labels) -> float:
    """Share of the difference between groups that is one of level (`number_of_classes.levels`)."""
    k = len(means)
    if k == 2:
        gaps = means[0] - means[1]
        total = float((gaps**2).sum())
        upward = float((gaps[gaps > 0] ** 2).sum())
        return max(upward, total - upward) / total if total > 0 else 0.0
    share = np.bincount(labels, weights=weights, minlength=k) / weights.sum()
    centred = (means - share @ means) * np.sqrt(share)[:, None]
    values = np.linalg.svd(centred, compute_uv=False) ** 2
    return float(values[0] / values.sum()) if values.sum() > 0 else 0.0


def share_between(table: Float, means: Float, weights: Float, labels: Labels) -> float:
    """Greatest share of two groups' members in the middle third of the line between their means."""
    greatest = 0.0
    for a, b in combinations(range(len(means)), 2):
        line = means[b] - means[a]
        length = float(line @ line)
        rows = (labels == a) | (labels == b)
        if length <= 0 or not rows.any():
            return 1.0
        place = (table[rows] - means[a]) @ line / length
        middle = (place > 1 / 3) & (place < 2 / 3)
        greatest = max(greatest, float(weights[rows] @ middle / weights[rows].sum()))
    return greatest


def _stabilities(
    table: Float,
    partition: Partition,
    weights: Float,
    labels: dict[int, Labels],
    stream: np.random.SeedSequence,
    bootstrap: int,
    report: Callable[[float], None],
) -> dict[int, Stability]:
    """Refit every number on the same bootstrap samples, and classify the rows themselves."""
    n = len(table)

    def refitted(own: np.random.SeedSequence) -> dict[int, Labels]:
        rng = np.random.default_rng(own)
        rows = rng.integers(0, n, n)
        found = {}
        for k in labels:
            groups = partition.fit(table[rows], weights[rows], k, rng, full=False)
            found[k] = partition.place(table[rows], groups, table, k)
        return found

    refits: list[dict[int, Labels]] = []
    waiting = lambda: report(len(refits) / bootstrap)  # noqa: E731
    for one in in_order(refitted, stream.spawn(bootstrap), waiting):
        refits.append(one)
        report(len(refits) / bootstrap)
    return {k: agreement(own, [one[k] for one in refits], weights, k) for k, own in labels.items()}


def _against_cloud(
    table: Float,
    partition: Partition,
    weights: Float,
    observed: tuple[int, float],
    stream: np.random.SeedSequence,
    draws: int,
    report: Callable[[float], None],
) -> tuple[float, int]:
    """Return p of the criterion with k groups, and the data sets drawn."""
    k, value = observed
    fitted, drawn = stream.spawn(2)
    cloud = Cloud(table, fitted)

    def one(own: np.random.SeedSequence) -> float:
        rng = np.random.default_rng(own)
        sample = cloud.draw(rng)
        groups = partition.fit(sample, weights, k, rng, full=False)
        return partition.criterion(sample, weights, groups, k)

    reached = made = 0
    for found in in_order(one, drawn.spawn(draws)):
        made += 1
        reached += found >= value
        report(made / draws)
        if reached >= ENOUGH:
            break
    return (reached + 1) / (made + 1), made


def _noise(
    table: Float,
    partition: Partition,
    weights: Float,
    k: int,
    stream: np.random.SeedSequence,
) -> float:
    """Stability of as many groups once each column is shuffled."""
    dealt, refits = stream.spawn(2)
    rng = np.random.default_rng(dealt)
    shuffled = rng.permuted(table, axis=0)
    labels = partition.fit(shuffled, weights, k, rng, full=False)
    found = _stabilities(shuffled, partition, weights, {k: labels}, refits, SHUFFLES, _silent)
    return found[k].overall


def _widths(table: Float, partition: Partition, labels: Labels, k: int) -> Float:
    """(n,) silhouette widths, of evenly drawn rows where there are many; NaN for the others."""
    n = len(table)
    rows = np.unique(np.linspace(0, n - 1, min(n, MOST_DISTANCES)).astype(np.int64))
    result = np.full(n, np.nan)
    result[rows] = silhouettes(partition.distances(table[rows]), labels[rows], k)
    return result


def _silent(_: float) -> None:
    return None
