"""Propose evidence: read every participant's sentences and quote those that carry a facet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.collect.source import Corpus, Sentence, Source
from embauche.identify.coder import (
    FACETS,
    Coding,
    OfflineCoder,
    Readings,
    Utterance,
    heard_question,
    shipped_coder,
)
from embauche.identify.evidence import Evidence, verified
from embauche.identify.frequency import frequency_per_month
from embauche.identify.learning import learn, place
from embauche.identify.moments import moments
from embauche.identify.rated_facets import DISSATISFACTION_OF, INTENSITY_OF, MATTERS
from embauche.identify.rating import dissatisfaction, intensity, valence
from embauche.identify.spans import (
    FEWEST_WORDS,
    LONG_SENTENCE,
    clause_windows,
    trimmed,
    word_count,
)
from embauche.identify.vectors import (
    DIMENSIONS,
    RememberedVectors,
    SentenceVectors,
    shared_vectors,
)
from embauche.notices import Notice
from embauche.vocabulary import Facet, SpeakerRole

_BLOCK: Final = 1024
_SURER: Final = 1.0
"""Log-odds by which a clause must beat its whole sentence to be quoted in its stead."""

_QUESTION_COUNTS: Final = 0.25
"""Log-odds from which the interviewer's question is named among the reasons."""


Progress = Callable[[float], None]


@dataclass(frozen=True)
class Proposals:
    """Evidence that a machine proposes; nobody has reviewed it.

    Attributes
    ----------
    evidence
        In the order of the sources, then of their text, then of the facets.
    vectors
        (n, 512), row i of ``evidence[i].quote``.
    sentences
        How many participants' sentences were read, fragments left out.
    notices
        What is weak about it.
    """

    evidence: tuple[Evidence, ...]
    vectors: NDArray[np.float32]
    sentences: int
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A participant's sentence, trimmed, with what precedes it."""

    source: Source
    participant: str
    start: int
    end: int
    utterance: Utterance


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
        """Return (n, 12) of 1 and 0 where a person decided, NaN elsewhere.

        A correction counts for the sentences that it covers by half, or in which it lies by half;
        of two about the same sentence and facet a yes wins.
        """
        codes = np.full(self.odds.shape, np.nan)
        rows: dict[str, list[int]] = {}
        for row, unit in enumerate(self.units):
            rows.setdefault(unit.source.id, []).append(row)
        for item in sorted(corrections, key=lambda item: item.carried):
            for row in rows.get(item.source, ()):
                unit = self.units[row]
                common = min(item.end, unit.end) - max(item.start, unit.start)
                if 2 * common >= min(item.end - item.start, unit.end - unit.start):
                    codes[row, FACETS.index(item.facet)] = float(item.carried)
        return codes

    def learned(self, codes: NDArray[np.float64], vectors: SentenceVectors) -> NDArray[np.float64]:
        """Return (n, 12) what people's codes add to the log-odds."""
        taught = np.flatnonzero(~np.isnan(codes).all(axis=1))
        if not len(taught):
            return np.zeros(self.odds.shape)
        placed = self.placed(vectors)
        return learn(placed[taught], self.odds[taught], codes[taught]).added(placed)

    def placed(self, vectors: SentenceVectors) -> NDArray[np.float32]:
        """Return (n, d) vectors of the sentences, as learning compares them."""
        return place(vectors.encode([unit.utterance.text for unit in self.units]))


def propose(
    corpus: Corpus,
    *,
    coder: OfflineCoder | None = None,
    vectors: SentenceVectors | None = None,
    corrections: Sequence[Correction] = (),
    progress: Progress | None = None,
) -> Proposals:
    """Propose evidence for all that participants said or wrote.

    Only participants' sentences of three words or more are coded; an interviewer's words serve as
    context and are never evidence. Every quote is checked letter for letter.

    Parameters
    ----------
    corpus
        The sources.
    coder
        The shipped offline coder by default.
    vectors
        The shared sentence encoder by default.
    corrections
        What people decided so far: the coder learns from it for this corpus (`identify.learning`).
    progress
        Called with the share done, 0 to 1; may raise to cancel.
    """
    report = progress or (lambda _share: None)
    report(0.0)
    heard = hear_corpus(corpus, coder=coder, progress=lambda share: report(0.6 * share))
    found = proposals_of(
        heard,
        corrections=corrections,
        vectors=vectors,
        progress=lambda share: report(0.6 + 0.4 * share),
    )
    report(1.0)
    return found


def hear_corpus(
    corpus: Corpus, *, coder: OfflineCoder | None = None, progress: Progress | None = None
) -> HeardCorpus:
    """Let the coder read a corpus once; parameters as for `propose`."""
    coder = coder or shipped_coder()
    report = progress or (lambda _share: None)
    readings = Readings(coder.network)
    units = tuple(unit for source in corpus.sources for unit in _units(source))
    scores, unasked = [np.zeros((0, len(FACETS)))], [np.zeros((0, len(FACETS)))]
    for begin in range(0, len(units), _BLOCK):
        block = [unit.utterance for unit in units[begin : begin + _BLOCK]]
        heard = coder.hear(block, readings)
        scores.append(coder.log_odds(heard.scores))
        unasked.append(coder.log_odds(heard.unasked))
        report(min(1.0, (begin + _BLOCK) / len(units)))
    return HeardCorpus(
        units,
        np.concatenate(scores),
        np.concatenate(unasked),
        coder,
        readings,
    )


def proposals_of(
    heard: HeardCorpus,
    *,
    corrections: Sequence[Correction] = (),
    vectors: SentenceVectors | None = None,
    progress: Progress | None = None,
) -> Proposals:
    """Propose evidence from what was heard, and from what people decided since.

    What a person decided about stays among the proposals whatever was learned from it, so that no
    decision loses what it is about.
    """
    report = progress or (lambda _share: None)
    coder, encoder = heard.coder, RememberedVectors(vectors or shared_vectors())
    codes = heard.codes(corrections)
    added = heard.learned(codes, encoder)
    at_first = coder.decided(heard.odds, heard.unasked)
    coding = coder.decided(heard.odds + added, heard.unasked + added)
    kept = coding.chosen | (at_first.chosen & ~np.isnan(codes))
    evidence: list[Evidence] = []
    rows: list[NDArray[np.float32]] = []
    for begin in range(0, len(heard.units), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        found, encoded = _coded(heard, block, coding, kept, at_first.probabilities, encoder)
        evidence.extend(found)
        rows.append(encoded)
        report(min(1.0, (begin + _BLOCK) / len(heard.units)))
    taught = int((~np.isnan(codes)).any(axis=1).sum())
    notices = [
        Notice(
            "identify.proposals",
            {"n": len(evidence), "sentences": len(heard.units), "coder": coder.version},
            "info",
        )
    ]
    if taught:
        notices.append(Notice("identify.learned", {"n": taught}, "info"))
    if not heard.units:
        notices.append(Notice("identify.no_participant_words", severity="problem"))
    elif not evidence:
        notices.append(Notice("identify.no_evidence", {"n": len(heard.units)}))
    stacked = np.concatenate(rows) if rows else np.zeros((0, DIMENSIONS), dtype=np.float32)
    return Proposals(tuple(evidence), stacked, len(heard.units), tuple(notices))


def _units(source: Source) -> Iterator[Unit]:
    asked: list[str] = []
    before, turn_before = "", -1
    for sentence in source.sentences:
        turn = source.turn_of(sentence)
        if turn.role is not SpeakerRole.PARTICIPANT or turn.participant is None:
            asked = _question(source, sentence, asked, same=turn.index == turn_before)
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
            Utterance(text, before, heard_question(asked)),
        )
        before = text


def _question(source: Source, sentence: Sentence, asked: list[str], *, same: bool) -> list[str]:
    """Return the sentences of the interviewer's turn so far, this one included."""
    words = source.text[sentence.start : sentence.end].strip()
    before = asked if same else []
    return [*before, words] if words else before


def _coded(
    heard: HeardCorpus,
    block: slice,
    coding: Coding,
    kept: NDArray[np.bool_],
    at_first: NDArray[np.float64],
    encoder: SentenceVectors,
) -> tuple[list[Evidence], NDArray[np.float32]]:
    units = heard.units[block]
    utterances = [unit.utterance for unit in units]
    question, by_words = coding.question[block], coding.by_words[block]
    probabilities = coding.probabilities[block]
    carried = [tuple(int(j) for j in np.flatnonzero(row)) for row in kept[block]]
    # Quotes are cut as the coder first heard them: learning must not move the words of a decision.
    spans = _narrowed(units, carried, at_first[block], heard.coder, heard.readings)
    found = [(i, j) for i, columns in enumerate(carried) for j in columns]
    if not found:
        return [], np.zeros((0, DIMENSIONS), dtype=np.float32)
    quotes, starts = [], []
    for i, j in found:
        start, end = spans.get((i, j), (units[i].start, units[i].end))
        starts.append((start, end))
        quotes.append(units[i].source.text[start:end])
    encoded = np.asarray(encoder.encode(quotes), dtype=np.float32)
    asked = np.asarray(encoder.encode([utterances[i].question for i, _ in found]), dtype=np.float32)
    facets = [FACETS[j] for _, j in found]
    when = moments(encoded, asked, facets, encoder)
    matters = intensity(quotes, encoded, encoder, [facet in MATTERS for facet in facets])
    unserved = dissatisfaction(
        quotes, encoded, encoder, [facet is Facet.FRUSTRATION for facet in facets]
    )
    feels = valence(encoded, encoder)
    evidence = []
    for row, (i, j) in enumerate(found):
        unit, facet = units[i], facets[row]
        start, end = starts[row]
        asked_for = bool(question[i, j] >= _QUESTION_COUNTS)
        told_by = "both" if asked_for else "words"
        if not by_words[i, j]:
            told_by = "question"
        proposed = Evidence(
            id=evidence_id(unit.source.id, start, end, facet),
            source=unit.source.id,
            participant=unit.participant,
            start=start,
            end=end,
            quote=quotes[row],
            facet=facet,
            language=unit.source.language,
            coder=heard.coder.version,
            confidence=round(float(probabilities[i, j]), 4),
            moment=when[row],
            intensity=matters[row] if facet in INTENSITY_OF else None,
            dissatisfaction=unserved[row] if facet in DISSATISFACTION_OF else None,
            frequency=frequency_per_month(quotes[row]),
            valence=round(float(feels[row]), 4),
            reason=told_by,
        )
        evidence.append(verified(proposed, unit.source))
    return evidence, encoded


def evidence_id(source: str, start: int, end: int, facet: Facet) -> str:
    """Return an id that stays for the same source, span and facet."""
    return sha256(f"{source}\0{start}\0{end}\0{facet}".encode()).hexdigest()[:16]


def _narrowed(
    units: Sequence[Unit],
    carried: Sequence[tuple[int, ...]],
    probabilities: NDArray[np.float64],
    coder: OfflineCoder,
    readings: Readings,
) -> dict[tuple[int, int], tuple[int, int]]:
    """Find, in long sentences, the clauses that carry a facet much more surely than the whole."""
    windows: list[tuple[int, tuple[int, int]]] = []
    for i, unit in enumerate(units):
        if carried[i] and word_count(unit.utterance.text) > LONG_SENTENCE:
            spans = clause_windows(unit.source.text, unit.start, unit.end)
            windows.extend((i, span) for span in spans)
    if not windows:
        return {}
    parts = [
        units[i].utterance._replace(text=units[i].source.text[start:end])
        for i, (start, end) in windows
    ]
    clauses = _log_odds(coder.code(parts, readings).probabilities)
    whole = _log_odds(probabilities)
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {}
    for row, (i, span) in enumerate(windows):
        for j in carried[i]:
            surer = float(clauses[row, j] - whole[i, j])
            if surer >= max(_SURER, best.get((i, j), (_SURER, span))[0]):
                best[i, j] = (surer, span)
    return {key: span for key, (_, span) in best.items()}


def _log_odds(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip(probabilities, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(inside / (1 - inside)))
