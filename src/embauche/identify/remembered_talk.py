"""What a coder heard in a study, kept so that learning from a decision reads nothing again.

Reading ten thousand sentences takes seconds and two models; laying what people decided on what was
read takes a fraction of a second and none. All that a proposal says beside its confidence (its
span, moment and ratings) is settled by the words, hence read once for every facet. No words are
held, only places: the words stay in the sources.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from io import BytesIO
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from embauche.collect.source import Source
from embauche.identify.clauses import narrowed
from embauche.identify.coder import FACETS
from embauche.identify.corrections import Correction, SentencePlaces
from embauche.identify.evidence import Evidence, verified
from embauche.identify.frequency import frequency_per_month
from embauche.identify.heard_corpus import HeardCorpus, Unit
from embauche.identify.learning import learned_addition, teaching
from embauche.identify.moments import USUAL, moments
from embauche.identify.proposals import QUESTION_COUNTS, evidence_id
from embauche.identify.rated_facets import DISSATISFACTION_OF, INTENSITY_OF, MATTERS
from embauche.identify.rating import dissatisfaction, intensity, valence
from embauche.identify.vectors import SentenceVectors, remembering
from embauche.vocabulary import Facet, Moment

Float = NDArray[np.float64]
_MOMENTS: Final = tuple(Moment)
_UNKNOWN: Final = -1
_BLOCK: Final = 1024
_UNUSUAL: Final = next(facet for facet in Facet if facet not in USUAL)


@dataclass(frozen=True, eq=False)
class RememberedTalk:
    """What a coder heard, with n sentences and m spans that may be quoted.

    Attributes
    ----------
    coder
        Its version.
    thresholds
        (12,) probability from which each facet is proposed.
    sources, participants
        Ids.
    places
        (n, 4) source and participant (as rows of the above), start, end of each sentence.
    odds, unasked
        (n, 12) calibrated log-odds, with and without the interviewer's question.
    placed
        (n, 512) vectors, as learning compares them.
    quoted
        (n, 12) span that is quoted for each facet: a row of `spans`.
    spans
        (m, 2) start and end; the first n are the whole sentences.
    when
        (m,) moment by its place in `Moment`, −1 where the words do not tell.
    matters, unserved
        (m, 2) intensity and dissatisfaction, −1 unknown; the second column where the facet itself
        speaks of it.
    often, feels
        (m,) occurrences a month (NaN unknown), and valence.
    """

    coder: str
    thresholds: Float
    sources: tuple[str, ...]
    participants: tuple[str, ...]
    places: NDArray[np.int64]
    odds: Float
    unasked: Float
    placed: NDArray[np.float32]
    quoted: NDArray[np.int64]
    spans: NDArray[np.int64]
    when: NDArray[np.int8]
    matters: NDArray[np.int8]
    unserved: NDArray[np.int8]
    often: Float
    feels: NDArray[np.float32]

    @cached_property
    def sentences(self) -> SentencePlaces:
        """The sentences' places, to find them by."""
        return SentencePlaces(
            [(self.sources[source], start, end) for source, _, start, end in self.places.tolist()]
        )

    @cached_property
    def by_span(self) -> dict[tuple[str, int, int], int]:
        """Source, start and end of what may be quoted → its sentence."""
        found: dict[tuple[str, int, int], int] = {}
        for row, spans in enumerate(self.quoted.tolist()):
            source = self.sources[self.places[row, 0]]
            for span in set(spans):
                start, end = self.spans[span].tolist()
                found[source, start, end] = row
        return found

    def relearned(self, corrections: Sequence[Correction]) -> Relearned:
        """Return what the coder thinks of every sentence after what people decided."""
        codes = self.sentences.codes(corrections)
        added = learned_addition(self.placed, self.odds, codes)
        at_first = _probability(self.odds) >= self.thresholds
        probabilities = _probability(self.odds + added)
        proposed = (probabilities >= self.thresholds) | (at_first & ~np.isnan(codes))
        by_words = _probability(self.unasked + added) >= self.thresholds
        return Relearned(self, probabilities, proposed, by_words, codes)


@dataclass(frozen=True, eq=False)
class Relearned:
    """What a coder thinks of n sentences after what people decided.

    Attributes
    ----------
    talk
        What was heard.
    probabilities, proposed, by_words
        (n, 12) as in `Coding`; what was proposed at first and is decided stays proposed.
    codes
        (n, 12) of 1 and 0 where a person decided, NaN elsewhere.
    """

    talk: RememberedTalk
    probabilities: Float
    proposed: NDArray[np.bool_]
    by_words: NDArray[np.bool_]
    codes: Float

    @property
    def taught(self) -> int:
        """How many sentences were learned from."""
        return int((~np.isnan(self.codes)).any(axis=1).sum())

    def queue(self, most: int, without: Iterable[int] = ()) -> list[int]:
        """Return the sentences whose decision would teach most, best first (`teaching`).

        Parameters
        ----------
        most
            How many.
        without
            Sentences that are not asked about now.
        """
        left_out = np.zeros(len(self.codes), dtype=np.bool_)
        left_out[list(without)] = True
        rows = np.flatnonzero(np.isnan(self.codes).all(axis=1) & ~left_out)
        chosen = teaching(self.probabilities[rows], self.talk.placed[rows], most)
        return [int(rows[row]) for row in chosen]

    def confidence(self, row: int, column: int) -> float:
        """Return a proposal's confidence, as evidence states it."""
        return round(float(self.probabilities[row, column]), 4)

    def reason(self, row: int, column: int) -> str:
        """Return what told it, as evidence states it."""
        if not self.by_words[row, column]:
            return "question"
        added = float(self.talk.odds[row, column] - self.talk.unasked[row, column])
        return "both" if added >= QUESTION_COUNTS else "words"

    def evidence(self, row: int, column: int, source: Source) -> Evidence:
        """Return the proposal of a facet for a sentence, its quote checked letter for letter.

        Raises
        ------
        EvidenceError
            If the source's text is not the one that was heard.
        """
        talk, facet = self.talk, FACETS[column]
        span = int(talk.quoted[row, column])
        start, end = talk.spans[span].tolist()
        expected = int(facet in MATTERS), int(facet is Facet.FRUSTRATION)
        told = int(talk.when[span])
        often = float(talk.often[span])
        made = Evidence(
            id=evidence_id(source.id, start, end, facet),
            source=source.id,
            participant=talk.participants[talk.places[row, 1]],
            start=start,
            end=end,
            quote=source.text[start:end],
            facet=facet,
            language=source.language,
            coder=talk.coder,
            confidence=self.confidence(row, column),
            moment=USUAL.get(facet) if told == _UNKNOWN else _MOMENTS[told],
            intensity=_known(talk.matters[span, expected[0]]) if facet in INTENSITY_OF else None,
            dissatisfaction=_known(talk.unserved[span, expected[1]])
            if facet in DISSATISFACTION_OF
            else None,
            frequency=None if np.isnan(often) else often,
            valence=round(float(talk.feels[span]), 4),
            reason=self.reason(row, column),
        )
        return verified(made, source)


def remember_talk(heard: HeardCorpus, vectors: SentenceVectors) -> RememberedTalk:
    """Read from a heard corpus all that learning and proposing will need.

    Parameters
    ----------
    heard
        What the coder heard.
    vectors
        What encodes sentences; one that remembers those of the corpus is quick.
    """
    encoder = remembering(vectors)
    units, coder = heard.units, heard.coder
    first = coder.decided(heard.odds, heard.unasked).probabilities
    every = [tuple(range(len(FACETS)))] * len(units)
    clauses = narrowed(units, every, first, coder, heard.readings)
    quoted = np.repeat(np.arange(len(units))[:, None], len(FACETS), axis=1)
    spans = [(unit.start, unit.end) for unit in units]
    of = list(range(len(units)))
    rows: dict[tuple[int, tuple[int, int]], int] = {}
    for (row, column), span in clauses.items():
        if (row, span) not in rows:
            rows[row, span] = len(spans)
            spans.append(span)
            of.append(row)
        quoted[row, column] = rows[row, span]
    sources = tuple(dict.fromkeys(unit.source.id for unit in units))
    people = tuple(dict.fromkeys(unit.participant for unit in units))
    source_rows = {key: row for row, key in enumerate(sources)}
    person_rows = {key: row for row, key in enumerate(people)}
    quotes = [
        units[row].source.text[start:end] for row, (start, end) in zip(of, spans, strict=True)
    ]
    read = _read(quotes, [units[row] for row in of], encoder)
    return RememberedTalk(
        coder=coder.version,
        thresholds=np.array([coder.calibration[facet].threshold for facet in FACETS]),
        sources=sources,
        participants=people,
        places=np.array(
            [
                (source_rows[unit.source.id], person_rows[unit.participant], unit.start, unit.end)
                for unit in units
            ],
            dtype=np.int64,
        ).reshape(-1, 4),
        odds=heard.odds,
        unasked=heard.unasked,
        placed=heard.placed(encoder),
        quoted=quoted,
        spans=np.array(spans, dtype=np.int64).reshape(-1, 2),
        **read,
    )


def _read(quotes: Sequence[str], units: Sequence[Unit], encoder: SentenceVectors) -> dict[str, Any]:
    """Return moment, ratings, frequency and valence of quotes, a block at a time."""
    when: list[int] = []
    matters: list[list[int]] = []
    unserved: list[list[int]] = []
    feels: list[NDArray[np.float64]] = [np.zeros(0)]
    for begin in range(0, len(quotes), _BLOCK):
        texts = list(quotes[begin : begin + _BLOCK])
        encoded = np.asarray(encoder.encode(texts), dtype=np.float32)
        block = units[begin : begin + _BLOCK]
        questions = [unit.utterance.question for unit in block]
        asked = np.asarray(encoder.encode(questions), dtype=np.float32)
        announced = [unit.announced for unit in block]
        told = moments(encoded, asked, [_UNUSUAL] * len(texts), encoder, announced)
        when += [_UNKNOWN if moment is None else _MOMENTS.index(moment) for moment in told]
        for rate, into in ((intensity, matters), (dissatisfaction, unserved)):
            both = [
                rate(texts, encoded, encoder, [expected] * len(texts)) for expected in (False, True)
            ]
            into += [
                [_UNKNOWN if level is None else level for level in levels]
                for levels in zip(*both, strict=True)
            ]
        feels.append(valence(encoded, encoder))
    often = [frequency_per_month(quote) for quote in quotes]
    return {
        "when": np.array(when, dtype=np.int8),
        "matters": np.array(matters, dtype=np.int8).reshape(-1, 2),
        "unserved": np.array(unserved, dtype=np.int8).reshape(-1, 2),
        "often": np.array([np.nan if n is None else n for n in often], dtype=np.float64),
        "feels": np.concatenate(feels).astype(np.float32),
    }


_NAMES: Final = ("coder", "sources", "participants")


def talk_to_bytes(talk: RememberedTalk) -> bytes:
    """Pack what was heard."""
    names = json.dumps({name: getattr(talk, name) for name in _NAMES}).encode()
    arrays: dict[str, Any] = {
        item.name: getattr(talk, item.name) for item in fields(talk) if item.name not in _NAMES
    }
    buffer = BytesIO()
    np.savez(buffer, names=np.frombuffer(names, dtype=np.uint8), **arrays)
    return buffer.getvalue()


def talk_from_bytes(data: bytes) -> RememberedTalk:
    """Restore what `talk_to_bytes` packed.

    Raises
    ------
    ValueError, KeyError, OSError
        If the bytes are not of the kind.
    """
    with np.load(BytesIO(data), allow_pickle=False) as kept:
        names = json.loads(kept["names"].tobytes().decode())
        arrays = {
            item.name: kept[item.name] for item in fields(RememberedTalk) if item.name not in _NAMES
        }
    return RememberedTalk(
        coder=str(names["coder"]),
        sources=tuple(names["sources"]),
        participants=tuple(names["participants"]),
        **arrays,
    )


def proposed_by(learned: Relearned) -> list[tuple[int, int]]:
    """Return sentence and column of every proposal, in the order of the text."""
    rows, columns = np.nonzero(learned.proposed)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _known(level: Any) -> int | None:
    return None if level == _UNKNOWN else int(level)


def _probability(odds: Float) -> Float:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))
