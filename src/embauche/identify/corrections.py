"""What people decided about spans, laid on the sentences that a coder reads."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.vocabulary import Facet

_COLUMN: Final = {facet: column for column, facet in enumerate(Facet)}


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person decided about a span: whether it carries a facet.

    Attributes
    ----------
    source
        Id of the source.
    start, end
        Span in code points.
    facet
        Of the decision.
    carried
        True where the person accepted or added it, False where they rejected it.
    """

    source: str
    start: int
    end: int
    facet: Facet
    carried: bool


class SentencePlaces:
    """Finds the sentences that a span covers.

    Parameters
    ----------
    spans
        Source, start and end of n sentences; those of a source in the order of its text.
    """

    def __init__(self, spans: Sequence[tuple[str, int, int]]) -> None:
        self._spans = spans
        self._rows: dict[str, list[int]] = {}
        for row, (source, _, _) in enumerate(spans):
            self._rows.setdefault(source, []).append(row)
        self._starts = {
            source: [spans[row][1] for row in rows] for source, rows in self._rows.items()
        }

    def rows(self, source: str, start: int, end: int) -> list[int]:
        """Return the sentences that a span covers by half, or in which it lies by half."""
        rows = self._rows.get(source, [])
        if not rows:
            return []
        found = []
        for row in rows[max(bisect_right(self._starts[source], start) - 1, 0) :]:
            _, first, last = self._spans[row]
            if first >= end:
                break
            common = min(end, last) - max(start, first)
            if common > 0 and 2 * common >= min(end - start, last - first):
                found.append(row)
        return found

    def codes(self, corrections: Iterable[Correction]) -> NDArray[np.float64]:
        """Return (n, 12) of 1 and 0 where a person decided, NaN elsewhere.

        Of two corrections about the same sentence and facet a yes wins.
        """
        codes = np.full((len(self._spans), len(_COLUMN)), np.nan)
        known: dict[tuple[str, int, int], list[int]] = {}
        for item in corrections:
            place = (item.source, item.start, item.end)
            rows = known.get(place)
            if rows is None:
                rows = known[place] = self.rows(*place)
            column = _COLUMN[item.facet]
            for row in rows:
                codes[row, column] = np.fmax(codes[row, column], float(item.carried))
        return codes
