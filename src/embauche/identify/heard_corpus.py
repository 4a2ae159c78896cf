"""What a coder hears in a corpus, before anything is proposed or learned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.collect.guide import Guide
from embauche.collect.source import Corpus, Sentence, Source
from embauche.identify.asked_questions import asked_questions
from embauche.identify.coder import (
    FACETS,
    OfflineCoder,
    Readings,
    Utterance,
    heard_question,
    of_reviews,
    shipped_coder,
)
from embauche.identify.corrections import Correction, SentencePlaces
from embauche.identify.learning import learned_addition, place
from embauche.identify.spans import FEWEST_WORDS, trimmed, word_count
from embauche.identify.vectors import SentenceVectors
from embauche.vocabulary import Moment, SourceKind, SpeakerRole

_BLOCK: Final = 1024

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Unit:
    """A participant's sentence, trimmed, with what precedes it.

    `announced` is the moment of the guide's question that it answers, where one was recognised.
    """

    source: Source
    participant: str
    start: int
    end: int
    utterance: Utterance
    announced: Moment | None = None


@dataclass(frozen=True)
class HeardCorpus:
    """What a coder heard in a corpus, before anything is proposed or learned.

    Attributes
    ----------
    units
        n sentences of participants.
    odds, unasked
        (n, 12) calibrated log-odds, with and without the interviewer's question.
    coder, readings
        Who heard, and what of each text is remembered.
    """

    units: tuple[Unit, ...]
    odds: NDArray[np.float64]
    unasked: NDArray[np.float64]
    coder: OfflineCoder
    readings: Readings

    def codes(self, corrections: Sequence[Correction]) -> NDArray[np.float64]:
        """Return (n, 12) of 1 and 0 where a person decided, NaN elsewhere (`SentencePlaces`)."""
        spans = [(unit.source.id, unit.start, unit.end) for unit in self.units]
        return SentencePlaces(spans).codes(corrections)

    def learned(self, codes: NDArray[np.float64], vectors: SentenceVectors) -> NDArray[np.float64]:
        """Return (n, 12) what people's codes add to the log-odds."""
        if np.isnan(codes).all():
            return np.zeros(self.odds.shape)
        return learned_addition(self.placed(vectors), self.odds, codes)

    def placed(self, vectors: SentenceVectors) -> NDArray[np.float32]:
        """Return (n, d) vectors of the sentences, as learning compares them."""
        return place(vectors.encode([unit.utterance.text for unit in self.units]))


def hear_corpus(
    corpus: Corpus,
    *,
    coder: OfflineCoder | None = None,
    guide: Guide | None = None,
    vectors: SentenceVectors | None = None,
    progress: Progress | None = None,
) -> HeardCorpus:
    """Let the coder read a corpus once; parameters as for `propose`."""
    coder = coder or shipped_coder()
    report = progress or (lambda _share: None)
    readings = Readings(coder.network)
    announced = _announced(corpus, guide, vectors)
    units = tuple(unit for source in corpus.sources for unit in _units(source, announced))
    scores, unasked = [np.zeros((0, len(FACETS)))], [np.zeros((0, len(FACETS)))]
    for begin in range(0, len(units), _BLOCK):
        block = [unit.utterance for unit in units[begin : begin + _BLOCK]]
        heard = coder.hear(block, readings)
        reviews = of_reviews(block)
        scores.append(coder.log_odds(heard.scores, reviews))
        unasked.append(coder.log_odds(heard.unasked, reviews))
        report(min(1.0, (begin + _BLOCK) / len(units)))
    return HeardCorpus(
        units,
        np.concatenate(scores),
        np.concatenate(unasked),
        coder,
        readings,
    )


def _announced(
    corpus: Corpus, guide: Guide | None, vectors: SentenceVectors | None
) -> Mapping[tuple[str, int], Moment | None]:
    """Return source and turn → moment of the last question of the guide asked in it."""
    if guide is None:
        return {}
    found = asked_questions(corpus, guide, vectors=vectors)
    return {(item.source, item.turn): guide.question(item.question).moment for item in found}


def _units(source: Source, announced: Mapping[tuple[str, int], Moment | None]) -> Iterator[Unit]:
    asked: list[str] = []
    meant: Moment | None = None
    before, turn_before = "", -1
    for sentence in source.sentences:
        turn = source.turn_of(sentence)
        if turn.role is not SpeakerRole.PARTICIPANT or turn.participant is None:
            asked = _question(source, sentence, asked, same=turn.index == turn_before)
            meant = announced.get((source.id, turn.index))
            turn_before = turn.index
            continue
        # What was said before a question is no longer what an answer follows from.
        before = before if turn.index == turn_before else ""
        turn_before = turn.index
        start, end = trimmed(source.text, sentence.start, sentence.end)
        text = source.text[start:end]
        if word_count(text) < FEWEST_WORDS:
            continue
        yield Unit(
            source,
            turn.participant,
            start,
            end,
            Utterance(text, before, heard_question(asked), source.kind is SourceKind.REVIEW),
            meant,
        )
        before = text


def _question(source: Source, sentence: Sentence, asked: list[str], *, same: bool) -> list[str]:
    """Return the sentences of the interviewer's turn so far, this one included."""
    words = source.text[sentence.start : sentence.end].strip()
    before = asked if same else []
    return [*before, words] if words else before
