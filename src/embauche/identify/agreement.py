"""How far coders agree, per facet and overall, with intervals.

A sentence carries a set of facets, so each facet is a yes-or-no decision of its own on every
sentence that a coder looked at, uncoded sentences included. Overall, the facets that somebody used
are pooled with chance reckoned inside each facet; beside it stands α over whole sets with MASI
distances, which counts "nearly the same set" as nearly agreed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from embauche.errors import StatisticsError
from embauche.identify.agreement_coefficients import MISSING
from embauche.identify.agreement_doubts import doubts
from embauche.identify.agreement_figures import (
    COEFFICIENTS,
    Estimate,
    facet_estimates,
    facet_parts,
    pooled_estimates,
    set_estimates,
    source_rows,
    source_weights,
)
from embauche.identify.coded_units import CodedUnits
from embauche.notices import Notice
from embauche.vocabulary import Facet

RESAMPLES: Final = 2000
LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True)
class FacetAgreement:
    """Agreement on one facet, or overall.

    Attributes
    ----------
    facet
        ``None`` for the overall figures: the facets that somebody used, pooled.
    units
        Sentences on which at least two coders decided.
    codes
        Coder → how many of these sentences they gave the facet (overall: codes of any facet).
    alpha, kappa, ac1, percent
        Krippendorff's α; Cohen's κ (the mean over pairs of coders); Gwet's AC1; share of agreeing
        pairs.
    """

    facet: Facet | None
    units: int
    codes: Mapping[str, int]
    alpha: Estimate
    kappa: Estimate
    ac1: Estimate
    percent: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON-ready data."""
        return {
            "facet": self.facet.value if self.facet else None,
            "units": self.units,
            "codes": dict(self.codes),
            **{name: getattr(self, name).to_dict() for name in COEFFICIENTS},
        }


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far coders agree.

    Attributes
    ----------
    coders
        Who is compared.
    units, sources
        Sentences on which at least two of them decided, and how many sources these stand in.
    facets
        One row a facet, in the codebook's order.
    overall
        All facets that somebody used, pooled.
    sets
        Krippendorff's α over whole sets of facets, MASI distance.
    same_sets
        Share of pairs of coders whose whole sets are equal.
    level, resamples
        Of the intervals: percentiles over resamples of sources.
    notices
        What is weak about the figures; those about facets name them in ``facets``.
    """

    coders: tuple[str, ...]
    units: int
    sources: int
    facets: tuple[FacetAgreement, ...]
    overall: FacetAgreement
    sets: Estimate
    same_sets: Estimate
    level: float
    resamples: int
    notices: tuple[Notice, ...]

    def facet(self, facet: Facet) -> FacetAgreement:
        """Return the row of a facet.

        Raises
        ------
        KeyError
            If the facet was not among those that coders could give.
        """
        for row in self.facets:
            if row.facet is facet:
                return row
        raise KeyError(facet)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-ready data."""
        return {
            "coders": list(self.coders),
            "units": self.units,
            "sources": self.sources,
            "level": self.level,
            "resamples": self.resamples,
            "overall": {
                **self.overall.to_dict(),
                "alpha_of_sets": self.sets.to_dict(),
                "same_sets": self.same_sets.to_dict(),
            },
            "facets": [row.to_dict() for row in self.facets],
            "warnings": [notice.to_dict() for notice in self.notices],
        }


def agreement(
    coded: CodedUnits,
    *,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> Agreement:
    """Compute the agreement of coders.

    Parameters
    ----------
    coded
        Who gave what; see `CodedUnits.among` for some of the coders. Any number of coders, and
        not all need have looked at every unit.
    resamples
        Resamples of sources with replacement. Sentences of one talk resemble each other, so that
        resampling sentences would give intervals that are too narrow.
    level
        Of the percentile intervals.
    seed
        Of the resamples.
    progress
        Called with the share done; may raise to cancel.

    Returns
    -------
    Agreement
        With ``None`` and a notice wherever a figure is undefined.

    Raises
    ------
    StatisticsError
        If no sentence was looked at by two coders.
    """
    tick = progress or (lambda _share: None)
    tick(0.0)
    shared = _looked_at_twice(coded)
    if not shared.units:
        raise StatisticsError("agreement.nothing_shared", coders=list(coded.coders))
    rows, sources = source_rows(shared)
    weights = source_weights(sources, resamples, seed)
    parts = []
    for column in range(len(shared.facets)):
        parts.append(facet_parts(shared.values[:, :, column].astype(np.int64), rows, weights))
        tick((column + 1) / (len(shared.facets) + 1))
    used = (shared.values == 1).any(axis=(0, 1))
    facets = tuple(
        _row(shared, column, facet_estimates(parts[column], level, used=bool(used[column])))
        for column in range(len(shared.facets))
    )
    overall = _row(shared, None, pooled_estimates(parts, used, level))
    sets, same_sets = set_estimates(shared, rows, weights, level)
    made = Agreement(
        coders=shared.coders,
        units=len(shared.units),
        sources=sources,
        facets=facets,
        overall=overall,
        sets=sets,
        same_sets=same_sets,
        level=level,
        resamples=resamples,
        notices=(),
    )
    tick(1.0)
    return replace(made, notices=doubts(facets, overall, units=made.units, sources=sources))


def _looked_at_twice(coded: CodedUnits) -> CodedUnits:
    """Leave only the units where two coders decided about the same facet."""
    twice = ((coded.values != MISSING).sum(axis=1) >= 2).any(axis=1)
    kept = np.flatnonzero(twice)
    units = tuple(coded.units[row] for row in kept.tolist())
    return replace(coded, units=units, values=coded.values[kept])


def _row(coded: CodedUnits, column: int | None, figures: Mapping[str, Estimate]) -> FacetAgreement:
    values = coded.values if column is None else coded.values[:, :, column : column + 1]
    decided = ((values != MISSING).sum(axis=1) >= 2).any(axis=1)
    counts = (values == 1).sum(axis=(0, 2))
    return FacetAgreement(
        facet=None if column is None else coded.facets[column],
        units=int(decided.sum()),
        codes=MappingProxyType(
            {coder: int(n) for coder, n in zip(coded.coders, counts, strict=True)}
        ),
        **figures,
    )
