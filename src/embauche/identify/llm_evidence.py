"""From answers to evidence: spans of sources, checked once more against the sources themselves."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from embauche.collect.source import Corpus, Source
from embauche.identify.coded_units import CodingUnit, coding_units
from embauche.identify.evidence import Evidence, verified
from embauche.identify.frequency import frequency_per_month
from embauche.identify.llm_answer import Code
from embauche.identify.llm_prompt import Ask
from embauche.identify.moments import moments
from embauche.identify.proposals import evidence_id
from embauche.identify.rated_facets import DISSATISFACTION_OF, INTENSITY_OF, MATTERS
from embauche.identify.rating import dissatisfaction, intensity, valence
from embauche.identify.vectors import RememberedVectors, SentenceVectors
from embauche.vocabulary import Facet

REASON: Final = "model"
"""`Evidence.reason` of what a language model proposes."""


def asks_of(corpus: Corpus) -> tuple[Ask, ...]:
    """Return the sentences that a model is asked about: those that the offline coder reads."""
    languages = {source.id: source.language for source in corpus.sources}
    return tuple(Ask(unit, languages[unit.source]) for unit in coding_units(corpus))


def evidence_of(
    corpus: Corpus, answers: Mapping[str, Sequence[Code]], coder: str
) -> tuple[Evidence, ...]:
    """Make evidence of answers, in the order of the sources, then of their text.

    Parameters
    ----------
    corpus
        The sources.
    answers
        Key of a sentence (`Ask.key`) → its codes. Sentences without an answer are left out.
    coder
        Who answered.

    Raises
    ------
    EvidenceError
        If a span is not the source's own words; an answer to the same words cannot cause it.
    """
    sources = {source.id: source for source in corpus.sources}
    made: list[Evidence] = []
    for ask in asks_of(corpus):
        source = sources[ask.unit.source]
        for code in answers.get(ask.key, ()):
            start, end = ask.unit.start + code.start, ask.unit.start + code.end
            proposed = Evidence(
                id=evidence_id(source.id, start, end, code.facet),
                source=source.id,
                participant=_participant(source, start),
                start=start,
                end=end,
                quote=source.text[start:end],
                facet=code.facet,
                language=source.language,
                coder=coder,
                confidence=code.confidence,
                frequency=frequency_per_month(source.text[start:end]),
                reason=REASON,
            )
            made.append(verified(proposed, source))
    return tuple(made)


def _participant(source: Source, start: int) -> str:
    turn = next(turn for turn in source.turns if turn.start <= start < turn.end)
    return turn.participant or ""


def _question(units: Sequence[CodingUnit], start: int) -> str:
    """Return the question that the sentence at a position answers."""
    at = bisect_right(units, start, key=lambda unit: unit.start) - 1
    return units[at].question if at >= 0 else ""


def rated(
    evidence: Sequence[Evidence], corpus: Corpus, vectors: SentenceVectors
) -> tuple[Evidence, ...]:
    """Add what is read from the words alone: moment, intensity, dissatisfaction, valence.

    These come from the offline readers, whoever proposes the facet, so that proposals of several
    coders stand on the same scales.
    """
    if not evidence:
        return ()
    encoder = RememberedVectors(vectors)
    units: dict[str, list[CodingUnit]] = {}
    for ask in asks_of(corpus):
        units.setdefault(ask.unit.source, []).append(ask.unit)
    quotes = [item.quote for item in evidence]
    facets = [item.facet for item in evidence]
    encoded = np.asarray(encoder.encode(quotes), dtype=np.float32)
    questions = [_question(units.get(item.source, []), item.start) for item in evidence]
    heard = np.asarray(encoder.encode(questions), dtype=np.float32)
    when = moments(encoded, heard, facets, encoder)
    matters = intensity(quotes, encoded, encoder, [facet in MATTERS for facet in facets])
    unserved = dissatisfaction(
        quotes, encoded, encoder, [facet is Facet.FRUSTRATION for facet in facets]
    )
    feels = valence(encoded, encoder)
    return tuple(
        replace(
            item,
            moment=when[row],
            intensity=matters[row] if item.facet in INTENSITY_OF else None,
            dissatisfaction=unserved[row] if item.facet in DISSATISFACTION_OF else None,
            valence=round(float(feels[row]), 4),
        )
        for row, item in enumerate(evidence)
    )
