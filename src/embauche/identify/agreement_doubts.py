"""What is weak about figures of agreement: rare facets, paradoxes, few units, perfect scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from embauche.identify.agreement_figures import LEAST_SOURCES, Estimate
from embauche.notices import Notice
from embauche.vocabulary import Facet

FEW_UNITS: Final = 100
"""Sentences under which intervals are wide whatever the coders did."""

FEW_SOURCES: Final = 10
"""Sources under which a resampling of them says little of other sources."""

FEW_CODES: Final = 10
"""Mean uses of a facet by a coder under which its figures rest on too little."""

RARE: Final = 0.05
PARADOX_AGREEMENT: Final = 0.9
PARADOX_GAP: Final = 0.2
"""κ is paradoxical where a facet is rarer than `RARE` (or as common), coders agree on nine units
of ten, and κ lies this far below AC1 (Feinstein and Cicchetti 1990)."""

ACCEPTABLE: Final = 0.667
"""α under which Krippendorff (2004) advises against drawing conclusions."""


class Row(Protocol):
    """What is looked at: a facet's figures."""

    @property
    def facet(self) -> Facet | None: ...  # noqa: D102

    @property
    def units(self) -> int: ...  # noqa: D102

    @property
    def codes(self) -> Mapping[str, int]: ...  # noqa: D102

    @property
    def alpha(self) -> Estimate: ...  # noqa: D102

    @property
    def kappa(self) -> Estimate: ...  # noqa: D102

    @property
    def ac1(self) -> Estimate: ...  # noqa: D102

    @property
    def percent(self) -> Estimate: ...  # noqa: D102


def doubts(facets: Sequence[Row], overall: Row, *, units: int, sources: int) -> tuple[Notice, ...]:
    """Return what a reader must know beside the figures, one notice a kind."""
    notices: list[Notice] = []
    if units < FEW_UNITS:
        notices.append(Notice("agreement.few_units", {"n": units, "least": FEW_UNITS}))
    if sources < LEAST_SOURCES:
        notices.append(Notice("agreement.too_few_sources", {"n": sources, "least": LEAST_SOURCES}))
    elif sources < FEW_SOURCES:
        notices.append(Notice("agreement.few_sources", {"n": sources, "least": FEW_SOURCES}))

    def about(code: str, holds: Callable[[Row], bool], **params: object) -> None:
        named = [row.facet.value for row in facets if row.facet is not None and holds(row)]
        if named:
            notices.append(Notice(code, {"n": len(named), "facets": named, **params}))

    about("agreement.unused", _unused)
    about("agreement.undefined", lambda row: not _unused(row) and row.alpha.value is None)
    about("agreement.few_codes", lambda row: 0 < _mean_codes(row) < FEW_CODES, least=FEW_CODES)
    about("agreement.paradox", _paradoxical)
    about("agreement.perfect", lambda row: not _unused(row) and row.percent.value == 1.0)
    about(
        "agreement.no_interval",
        _without_interval if sources >= LEAST_SOURCES else lambda _row: False,
    )
    low = [
        row.facet.value
        for row in facets
        if row.facet is not None
        and _mean_codes(row) >= FEW_CODES
        and row.alpha.value is not None
        and row.alpha.value < ACCEPTABLE
    ]
    if low:
        params = {"n": len(low), "facets": low, "least": ACCEPTABLE}
        notices.append(Notice("agreement.low", params))
    if overall.alpha.value is None:
        notices.append(Notice("agreement.overall_undefined"))
    return tuple(notices)


def _unused(row: Row) -> bool:
    return not any(row.codes.values())


def _mean_codes(row: Row) -> float:
    return sum(row.codes.values()) / max(len(row.codes), 1)


def _without_interval(row: Row) -> bool:
    return row.alpha.value is not None and row.alpha.low is None


def _paradoxical(row: Row) -> bool:
    kappa, ac1, percent = row.kappa.value, row.ac1.value, row.percent.value
    if kappa is None or ac1 is None or percent is None or not row.units:
        return False
    share = _mean_codes(row) / row.units
    skewed = share < RARE or share > 1 - RARE
    return skewed and percent >= PARADOX_AGREEMENT and ac1 - kappa >= PARADOX_GAP
