"""Proposals of several coders as one list, by a rule that keeps people's decisions in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from embauche.identify.evidence import Evidence
from embauche.vocabulary import Facet

AGREED: Final = "agreed"
"""`Evidence.reason` of what several coders propose alike."""


def union_of_proposals(*coders: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Put the proposals of several machine coders together.

    The rule: whatever one coder proposes is proposed. Two proposals are the same where their spans
    overlap and their facet is the same; the first coder's then stays (its id, words and coder, so
    that decisions about it hold), with the higher of the confidences and ``reason="agreed"``. The
    offline coder is given first, hence adding a language model never changes an id. Agreement
    between the coders is computed on their own lists, not on the union.

    Parameters
    ----------
    *coders
        Each coder's proposals.

    Returns
    -------
    tuple of Evidence
        In the order of the sources (as they first appear), then of their text and the facets.
    """
    places: dict[str, int] = {}
    kept: list[Evidence] = []
    rows: dict[tuple[str, Facet], list[int]] = {}
    for proposals in coders:
        known = {key: tuple(held) for key, held in rows.items()}
        for item in proposals:
            places.setdefault(item.source, len(places))
            twin = next(
                (
                    row
                    for row in known.get((item.source, item.facet), ())
                    if kept[row].start < item.end and item.start < kept[row].end
                ),
                None,
            )
            if twin is None:
                rows.setdefault((item.source, item.facet), []).append(len(kept))
                kept.append(item)
            else:
                sure = max(kept[twin].confidence, item.confidence)
                kept[twin] = replace(kept[twin], confidence=sure, reason=AGREED)
    order = list(Facet)
    return tuple(
        sorted(
            kept,
            key=lambda item: (places[item.source], item.start, item.end, order.index(item.facet)),
        )
    )
