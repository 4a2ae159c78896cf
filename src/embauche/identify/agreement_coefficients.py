r"""Agreement beyond chance: Krippendorff's α, Cohen's κ, Gwet's AC1 and percent agreement.

Every coefficient is :math:`(p_o - p_e) / (1 - p_e)`, with its own idea of the agreement that chance
alone would bring. All are functions of sums over units, so that a resample of sources is a
weighted sum and thousands of them are one product of matrices. Where nothing varies a coefficient
is undefined (NaN here, ``None`` in results), never 0 or 1.

Sources: Krippendorff 2011, *Computing Krippendorff's Alpha-Reliability*; Cohen 1960, *A coefficient
of agreement for nominal scales*; Light 1971 (mean of pairs for more than two coders); Gwet 2008,
*Computing inter-rater reliability and its variance in the presence of high agreement*; Passonneau
2006, *Measuring agreement on set-valued items* (MASI); De Vries, Elliott, Kanouse and Teleki 2008,
*Using pooled kappa to summarize interrater agreement across many items*.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

MISSING = -1
"""Stands where a coder did not look at a unit."""

_NOTHING_VARIES = 1e-12

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parts:
    """Observed agreement and agreement by chance; equal shapes, NaN where there are no data."""

    observed: Floats
    chance: Floats

    @property
    def coefficient(self) -> Floats:
        """(p_o − p_e) / (1 − p_e), NaN where chance alone would always agree."""
        room = 1.0 - self.chance
        out: Floats = np.full(np.shape(room), np.nan)
        np.divide(self.observed - self.chance, room, out=out, where=room > _NOTHING_VARIES)
        return out


def source_sums(
    values: ArrayLike,
    sources: NDArray[np.int64],
    size: int,
    distance: Floats | None = None,
) -> Floats:
    """Return what each source adds to the sums that α, AC1 and percent agreement are made of.

    Parameters
    ----------
    values
        (units, coders) categories from 0, `MISSING` where a coder did not look.
    sources
        (units,) number of each unit's source, from 0.
    size
        How many categories (K) coders could choose from.
    distance
        (K, K) symmetric, 0 on the diagonal; nominal (all differences are 1) by default.

    Returns
    -------
    ndarray
        (sources, 4 + 2K): units looked at twice; their shares of agreeing pairs; their
        disagreements over ``r − 1``; units looked at; values among units looked at twice (K);
        shares of values (K).
    """
    rows = np.asarray(values, dtype=np.int64)
    seen = rows != MISSING
    rated = seen.sum(axis=1)
    agree, apart = np.zeros(len(rows)), np.zeros(len(rows))
    for a, b in combinations(range(rows.shape[1]), 2):
        both = seen[:, a] & seen[:, b]
        same = rows[:, a] == rows[:, b]
        agree += both & same
        # A unit counts each pair twice, once in either direction.
        between = ~same if distance is None else distance[rows[:, a], rows[:, b]]
        apart += 2.0 * np.where(both, between, 0.0)
    twice = rated >= 2
    agree /= np.maximum(rated * (rated - 1) / 2, 1.0)
    apart /= np.maximum(rated - 1, 1)
    n = int(sources.max(initial=-1)) + 1
    sums = np.zeros((n, 4 + 2 * size))
    for column, add in enumerate((twice, agree, apart, rated >= 1)):
        sums[:, column] = np.bincount(sources, weights=add.astype(np.float64), minlength=n)
    for coder in range(rows.shape[1]):
        at = np.flatnonzero(seen[:, coder])
        place = (sources[at], 4 + rows[at, coder])
        np.add.at(sums, place, twice[at].astype(np.float64))
        np.add.at(sums, (place[0], place[1] + size), 1.0 / rated[at])
    return sums


def alpha_parts(sums: Floats, distance: Floats | None = None) -> Parts:
    r"""Return α's parts, from sums of `source_sums` over sources.

    With :math:`n_c` values *c* among units that two coders or more looked at and
    :math:`n = \sum n_c`, α is :math:`1 - D_o/D_e` where
    :math:`D_o = \frac1n \sum_u \sum_{c,k} \frac{r_{uc} r_{uk}}{r_u - 1} \delta_{ck}` and
    :math:`D_e = \frac{1}{n(n-1)} \sum_{c,k} n_c n_k \delta_{ck}` (over distinct values, a value and
    another one).

    Parameters
    ----------
    sums
        (…, 4 + 2K).
    distance
        As given to `source_sums`.
    """
    size = (sums.shape[-1] - 4) // 2
    distance = 1.0 - np.eye(size) if distance is None else distance
    values = sums[..., 4 : 4 + size]
    n = values.sum(axis=-1)
    observed = _share(sums[..., 2], n)
    expected = _share(((values @ distance) * values).sum(axis=-1), n * (n - 1.0))
    return Parts(1.0 - observed, 1.0 - expected)


def ac1_parts(sums: Floats) -> Parts:
    r"""Return AC1's parts, from sums of `source_sums` over sources.

    :math:`p_e = \frac{1}{K-1} \sum_k \pi_k (1 - \pi_k)`, where :math:`\pi_k` is the mean share of
    coders who gave *k*, over all units that anyone looked at.
    """
    size = (sums.shape[-1] - 4) // 2
    prevalence = _share(sums[..., 4 + size :], sums[..., 3, None])
    chance = (prevalence * (1.0 - prevalence)).sum(axis=-1) / max(size - 1, 1)
    return Parts(_share(sums[..., 1], sums[..., 0]), chance)


def source_tables(values: ArrayLike, sources: NDArray[np.int64], size: int) -> Floats:
    """Return each source's cross-table of every pair of coders.

    Returns
    -------
    ndarray
        (sources, pairs, K, K), over the units that both looked at.
    """
    rows = np.asarray(values, dtype=np.int64)
    n = int(sources.max(initial=-1)) + 1
    pairs = list(combinations(range(rows.shape[1]), 2))
    tables = np.zeros((n, len(pairs), size, size))
    for number, (a, b) in enumerate(pairs):
        both = np.flatnonzero((rows[:, a] != MISSING) & (rows[:, b] != MISSING))
        np.add.at(tables[:, number], (sources[both], rows[both, a], rows[both, b]), 1.0)
    return tables


def kappa_parts(tables: Floats) -> Parts:
    r"""Return κ's parts of each pair, from cross-tables summed over units.

    :math:`p_o` is the share on the diagonal, :math:`p_e = \sum_k p_{k+} p_{+k}`.

    Parameters
    ----------
    tables
        (…, K, K).
    """
    n = tables.sum(axis=(-2, -1))
    observed = _share(np.trace(tables, axis1=-2, axis2=-1), n)
    rows, columns = tables.sum(axis=-1), tables.sum(axis=-2)
    return Parts(observed, _share((rows * columns).sum(axis=-1), n * n))


def pooled(parts: Parts, used: NDArray[np.bool_], axis: int = 0) -> Parts:
    """Pool facets: the mean of the observed and of the chance agreement (De Vries et al. 2008).

    A pooled table would count it as agreement beyond chance that everybody knows which facets are
    rare; here chance is reckoned inside each facet.

    Parameters
    ----------
    used
        (facets,) the facets that somebody used: one that nobody used says nothing.
    """
    index = np.flatnonzero(used)
    observed = np.take(parts.observed, index, axis=axis)
    chance = np.take(parts.chance, index, axis=axis)
    known = ~(np.isnan(observed) | np.isnan(chance))
    n = known.sum(axis=axis).astype(np.float64)
    return Parts(
        _share(np.where(known, observed, 0.0).sum(axis=axis), n),
        _share(np.where(known, chance, 0.0).sum(axis=axis), n),
    )


def masi_distance(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """Return 1 − Jaccard × monotonicity: 1 where equal, 2/3 nested, 1/3 overlapping, 0 disjoint.

    Two empty sets are equal: that nothing is there is a decision too.
    """
    if one == other:
        return 0.0
    common, union = one & other, one | other
    nested = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1.0 - len(common) / len(union) * (nested if common else 0.0)


def masi_distances(sets: Sequence[AbstractSet[str]]) -> Floats:
    """Return the (K, K) MASI distances of sets."""
    return np.array([[masi_distance(a, b) for b in sets] for a in sets]).reshape(
        len(sets), len(sets)
    )


def krippendorff_alpha(values: ArrayLike, *, distance: Floats | None = None) -> float | None:
    """Return Krippendorff's α of (units, coders) categories; nominal unless distances are given.

    Parameters
    ----------
    values
        Categories from 0, `MISSING` where a coder did not look. Units that fewer than two coders
        looked at say nothing of agreement and are left out.
    distance
        (K, K) distances of categories.

    Returns
    -------
    float or None
        ``None`` where no unit was looked at twice, or all values are the same.
    """
    size = _categories(values) if distance is None else len(distance)
    return _number(alpha_parts(_summed(values, size, distance), distance).coefficient)


def gwet_ac1(values: ArrayLike, *, categories: int | None = None) -> float | None:
    """Return Gwet's AC1 of (units, coders) categories; ``None`` where it is undefined.

    Parameters
    ----------
    values
        As for `krippendorff_alpha`.
    categories
        How many categories coders could choose from; those that occur by default.
    """
    size = categories or _categories(values)
    return None if size < 2 else _number(ac1_parts(_summed(values, size)).coefficient)


def percent_agreement(values: ArrayLike) -> float | None:
    """Return the mean share of agreeing pairs of coders, over units that two or more looked at."""
    return _number(ac1_parts(_summed(values, _categories(values))).observed)


def cohen_kappa(one: ArrayLike, other: ArrayLike) -> float | None:
    """Return Cohen's κ of two coders, over the units that both looked at."""
    values = np.column_stack([np.asarray(one), np.asarray(other)])
    tables = source_tables(values, np.zeros(len(values), dtype=np.int64), _categories(values))
    return _number(kappa_parts(tables).coefficient[0, 0]) if len(tables) else None


def _summed(values: ArrayLike, size: int, distance: Floats | None = None) -> Floats:
    rows = np.asarray(values, dtype=np.int64)
    one_source = np.zeros(len(rows), dtype=np.int64)
    return np.asarray(source_sums(rows, one_source, size, distance).sum(axis=0))


def _categories(values: ArrayLike) -> int:
    return max(int(np.asarray(values).max(initial=0)) + 1, 1)


def _number(value: NDArray[np.float64] | np.float64 | float) -> float | None:
    number = float(value)
    return None if np.isnan(number) else number


def _share(part: Floats, whole: Floats) -> Floats:
    """Divide, NaN where the whole is 0."""
    part, whole = np.broadcast_arrays(part, whole)
    out: Floats = np.full(part.shape, np.nan)
    np.divide(part, whole, out=out, where=whole > 0)
    return out
