"""Sentences on which coders do not agree, for discussion: the most contentious first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from types import MappingProxyType
from typing import Any

from embauche.identify.agreement_coefficients import MISSING, masi_distance
from embauche.identify.coded_units import CodedUnits, CodingUnit
from embauche.vocabulary import Facet


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A sentence that coders coded differently.

    Attributes
    ----------
    unit
        The sentence.
    said
        Coder → the facets they gave, for each coder who looked.
    disputed
        Facets that some gave and others did not, in the codebook's order.
    given_by, withheld_by
        Disputed facet → the coders who gave it, and those who looked and did not.
    contention
        Mean MASI distance over pairs of coders, 0 to 1: 1 where no two share a facet.
    """

    unit: CodingUnit
    said: Mapping[str, tuple[Facet, ...]]
    disputed: tuple[Facet, ...]
    given_by: Mapping[Facet, tuple[str, ...]]
    withheld_by: Mapping[Facet, tuple[str, ...]]
    contention: float

    def only(self, facets: Collection[Facet]) -> Disagreement:
        """Return the disagreement about some of its facets."""
        return replace(
            self,
            disputed=tuple(facet for facet in self.disputed if facet in facets),
            given_by={facet: self.given_by[facet] for facet in facets},
            withheld_by={facet: self.withheld_by[facet] for facet in facets},
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the disagreement as JSON-ready data."""
        return {
            "source": self.unit.source,
            "start": self.unit.start,
            "end": self.unit.end,
            "quote": self.unit.quote,
            "contention": round(self.contention, 4),
            "disputed": [facet.value for facet in self.disputed],
            "said": {coder: [facet.value for facet in said] for coder, said in self.said.items()},
        }


def disagreements(coded: CodedUnits) -> tuple[Disagreement, ...]:
    """List the sentences that coders coded differently.

    They are ordered by contention, then by the number of disputed facets (two coders who each saw
    something else come before one who saw nothing), then as they stand in the table.
    """
    found = [item for row in range(len(coded.units)) if (item := _at(coded, row)) is not None]
    return tuple(sorted(found, key=lambda item: (-item.contention, -len(item.disputed))))


def _at(coded: CodedUnits, row: int) -> Disagreement | None:
    values = coded.values[row]
    given, looked = values == 1, values != MISSING
    split = given.any(axis=0) & (looked & ~given).any(axis=0)
    if not split.any():
        return None
    facets = [facet for facet, apart in zip(coded.facets, split, strict=True) if apart]
    sets = {
        coder: said
        for column, coder in enumerate(coded.coders)
        if (said := coded.given(row, column)) is not None
    }

    def coders(facet: Facet, value: int) -> tuple[str, ...]:
        column = values[:, coded.facets.index(facet)]
        return tuple(coder for coder, got in zip(coded.coders, column, strict=True) if got == value)

    pairs = [masi_distance(one, other) for one, other in combinations(sets.values(), 2)]
    return Disagreement(
        unit=coded.units[row],
        said=MappingProxyType(
            {
                coder: tuple(facet for facet in coded.facets if facet in said)
                for coder, said in sets.items()
            }
        ),
        disputed=tuple(facets),
        given_by=MappingProxyType({facet: coders(facet, 1) for facet in facets}),
        withheld_by=MappingProxyType({facet: coders(facet, 0) for facet in facets}),
        contention=sum(pairs) / len(pairs) if pairs else 1.0,
    )
