"""What each coder made of each sentence: the table that agreement is computed from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from embauche.collect.source import Corpus, Source
from embauche.identify.agreement_coefficients import MISSING
from embauche.identify.spans import FEWEST_WORDS, trimmed, word_count
from embauche.vocabulary import Facet, SpeakerRole


@dataclass(frozen=True, slots=True)
class CodingUnit:
    """A participant's sentence that is coded as a whole.

    Attributes
    ----------
    source
        Id of the source.
    start, end
        Span in code points of the source's text.
    quote
        The exact words.
    before, question
        What the participant said just before in the same turn, and the interviewer's words that
        the turn answers; empty where there are none.
    """

    source: str
    start: int
    end: int
    quote: str
    before: str = ""
    question: str = ""

    @property
    def key(self) -> str:
        """``source@start-end``: names the unit in coding sheets."""
        return f"{self.source}@{self.start}-{self.end}"


@dataclass(frozen=True, eq=False)
class CodedUnits:
    """Units, coders, facets, and who gave what.

    Attributes
    ----------
    units
        The sentences.
    coders
        ``"person:<name>"`` or ``"machine:<version>"``.
    facets
        The facets that coders could give.
    values
        (units, coders, facets) int8: 1 given, 0 not given by a coder who looked, −1 not looked at.
    """

    units: tuple[CodingUnit, ...]
    coders: tuple[str, ...]
    facets: tuple[Facet, ...]
    values: NDArray[np.int8]

    def among(self, coders: Sequence[str]) -> CodedUnits:
        """Return the table of some coders, with the units that one of them looked at.

        Raises
        ------
        ValueError
            If a coder is not in the table.
        """
        columns = [self.coders.index(coder) for coder in coders]
        values = self.values[:, columns, :]
        seen = np.flatnonzero((values != MISSING).any(axis=(1, 2)))
        units = tuple(self.units[row] for row in seen.tolist())
        return replace(self, units=units, coders=tuple(coders), values=values[seen])

    def given(self, unit: int, coder: int) -> frozenset[Facet] | None:
        """Return the facets that a coder gave a unit; ``None`` where they did not look at it."""
        row = self.values[unit, coder]
        if (row == MISSING).all():
            return None
        return frozenset(facet for facet, value in zip(self.facets, row, strict=True) if value == 1)


def coded_sets(
    units: Iterable[CodingUnit],
    sets: Iterable[Sequence[Iterable[Facet | str] | None]],
    coders: Sequence[str],
    facets: Sequence[Facet] = tuple(Facet),
) -> CodedUnits:
    """Make the table from each coder's set of facets a unit.

    Parameters
    ----------
    units
        The units.
    sets
        One row a unit, one set of facets a coder; ``None`` where the coder did not look.
    coders, facets
        The table's columns.
    """
    held = tuple(units)
    values = np.full((len(held), len(coders), len(facets)), MISSING, dtype=np.int8)
    place = {facet: column for column, facet in enumerate(facets)}
    for row, given in enumerate(sets):
        for column, one in enumerate(given):
            if one is None:
                continue
            values[row, column] = 0
            for facet in one:
                if (at := place.get(Facet(facet))) is not None:
                    values[row, column, at] = 1
    return CodedUnits(held, tuple(coders), tuple(facets), values)


def coding_units(corpus: Corpus, sources: Iterable[str] | None = None) -> tuple[CodingUnit, ...]:
    """Return the sentences that are coded: a participant's, of three words or more.

    They are the sentences that the offline coder reads, so that it can be compared like a person.

    Parameters
    ----------
    corpus
        All that was said.
    sources
        Ids of the sources to take; all of them by default.
    """
    wanted = None if sources is None else set(sources)
    return tuple(
        unit
        for source in corpus.sources
        if wanted is None or source.id in wanted
        for unit in _units(source)
    )


def _units(source: Source) -> list[CodingUnit]:
    units: list[CodingUnit] = []
    question = before = ""
    last = -1
    for sentence in source.sentences:
        turn = source.turn_of(sentence)
        if turn.role is not SpeakerRole.PARTICIPANT or turn.participant is None:
            question = source.text[turn.start : turn.end].strip()
            continue
        before = before if turn.index == last else ""
        last = turn.index
        start, end = trimmed(source.text, sentence.start, sentence.end)
        text = source.text[start:end]
        if word_count(text) < FEWEST_WORDS:
            continue
        units.append(CodingUnit(source.id, start, end, text, before, question))
        before = text
    return units
