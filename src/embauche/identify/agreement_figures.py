"""Figures of agreement with their intervals: sums a source, weighted by resamples of sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.identify.agreement_coefficients import (
    MISSING,
    Floats,
    Parts,
    ac1_parts,
    alpha_parts,
    kappa_parts,
    masi_distances,
    pooled,
    source_sums,
    source_tables,
)
from embauche.identify.coded_units import CodedUnits

COEFFICIENTS: Final = ("alpha", "kappa", "ac1", "percent")
LEAST_DEFINED: Final = 0.9
"""Share of resamples in which a figure must be defined for its interval to be shown."""

LEAST_SOURCES: Final = 4
"""Sources under which no interval is given: resamples of two or three are nearly all alike."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval; ``None`` is undefined or unknown, never 0 or 1."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def to_dict(self) -> dict[str, float | None]:
        """Return the estimate as JSON-ready data."""
        return {"value": self.value, "low": self.low, "high": self.high}


UNDEFINED: Final = Estimate(None)


@dataclass(frozen=True, slots=True)
class FacetParts:
    """Parts of every coefficient on one facet: row 0 of the data, the others of resamples.

    `kappa` has a second axis, the pairs of coders.
    """

    alpha: Parts
    kappa: Parts
    ac1: Parts


def source_rows(coded: CodedUnits) -> tuple[NDArray[np.int64], int]:
    """Return the number of each unit's source, (units,), and how many sources there are."""
    numbers: dict[str, int] = {}
    rows = [numbers.setdefault(unit.source, len(numbers)) for unit in coded.units]
    return np.asarray(rows, dtype=np.int64), len(numbers)


def source_weights(sources: int, resamples: int, seed: int) -> Floats:
    """Return (1 + resamples, sources) how often each source is drawn; row 0 is the data itself.

    With fewer than `LEAST_SOURCES` a resample says next to nothing, and row 0 stands alone.
    """
    whole = np.ones((1, sources))
    if sources < LEAST_SOURCES:
        return whole
    drawn = np.random.default_rng(seed).multinomial(
        sources, np.full(sources, 1 / sources), size=resamples
    )
    return np.concatenate([whole, drawn.astype(np.float64)])


def facet_parts(values: NDArray[np.int64], rows: NDArray[np.int64], weights: Floats) -> FacetParts:
    """Return the parts of one facet.

    Parameters
    ----------
    values
        (units, coders) of 0, 1 or `MISSING`.
    rows
        (units,) source numbers.
    weights
        As `source_weights` returns.
    """
    sums = weights @ source_sums(values, rows, 2)
    tables = source_tables(values, rows, 2)
    crossed = weights @ tables.reshape(len(tables), -1)
    kappa = kappa_parts(crossed.reshape(len(weights), *tables.shape[1:]))
    return FacetParts(alpha_parts(sums), kappa, ac1_parts(sums))


def facet_estimates(parts: FacetParts, level: float, *, used: bool) -> dict[str, Estimate]:
    """Return the estimate of each coefficient; all but the percentage need somebody to use it."""
    made = {
        "alpha": estimate(parts.alpha.coefficient, level),
        "kappa": estimate(_mean_of_pairs(parts.kappa.coefficient), level),
        "ac1": estimate(parts.ac1.coefficient, level) if used else UNDEFINED,
        "percent": estimate(parts.ac1.observed, level),
    }
    return {name: made[name] for name in COEFFICIENTS}


def pooled_estimates(
    facets: list[FacetParts], used: NDArray[np.bool_], level: float
) -> dict[str, Estimate]:
    """Return the estimates over all facets that somebody used; see `pooled`."""
    if not used.any():
        return dict.fromkeys(COEFFICIENTS, UNDEFINED)

    def stacked(kind: str) -> Parts:
        held: list[Parts] = [getattr(part, kind) for part in facets]
        return Parts(
            np.stack([part.observed for part in held]), np.stack([part.chance for part in held])
        )

    ac1 = pooled(stacked("ac1"), used)
    return {
        "alpha": estimate(pooled(stacked("alpha"), used).coefficient, level),
        "kappa": estimate(_mean_of_pairs(pooled(stacked("kappa"), used).coefficient), level),
        "ac1": estimate(ac1.coefficient, level),
        "percent": estimate(ac1.observed, level),
    }


def set_estimates(
    coded: CodedUnits, rows: NDArray[np.int64], weights: Floats, level: float
) -> tuple[Estimate, Estimate]:
    """Return α over whole sets (MASI distance), and the share of pairs whose sets are equal.

    Only coders who looked at every facet of a unit count there.
    """
    known = (coded.values != MISSING).all(axis=2)
    if not known.any():
        return UNDEFINED, UNDEFINED
    # A set is told by a number whose binary digits are its facets.
    codes = (coded.values == 1).astype(np.int64) @ (1 << np.arange(len(coded.facets)))
    distinct, numbers = np.unique(codes, return_inverse=True)
    values = np.where(known, numbers.reshape(codes.shape), MISSING)
    sets = [
        frozenset(facet for at, facet in enumerate(coded.facets) if code >> at & 1)
        for code in distinct.tolist()
    ]
    distance = masi_distances(sets)
    sums = weights @ source_sums(values, rows, len(sets), distance)
    alpha = alpha_parts(sums, distance).coefficient
    return estimate(alpha, level), estimate(ac1_parts(sums).observed, level)


def estimate(values: Floats, level: float) -> Estimate:
    """Return the figure of row 0 with the percentiles of the other rows.

    The interval is unknown where there are no resamples, or where the figure is undefined in more
    than a tenth of them.
    """
    if np.isnan(values[0]):
        return UNDEFINED
    drawn = values[1:]
    drawn = drawn[~np.isnan(drawn)]
    if len(values) < 2 or len(drawn) < LEAST_DEFINED * (len(values) - 1):
        return Estimate(float(values[0]))
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(values[0]), float(low), float(high))


def _mean_of_pairs(values: Floats) -> Floats:
    """Return the mean over pairs of coders for which the figure is defined (Light 1971)."""
    known = ~np.isnan(values)
    n = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    out: Floats = np.full(total.shape, np.nan)
    np.divide(total, n, out=out, where=n > 0)
    return out
