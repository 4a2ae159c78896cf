"""Propose evidence: read every participant's sentences and quote those that carry a facet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.collect.source import Corpus, Sentence, Source
from embauche.identify.coder import FACETS, OfflineCoder, shipped_coder
from embauche.identify.evidence import Evidence, verified
from embauche.identify.features import Utterance, dense_features
from embauche.identify.frequency import frequency_per_month
from embauche.identify.moments import moments
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

_INTENSITY_OF: Final = frozenset(
    {
        Facet.JOB_FUNCTIONAL,
        Facet.JOB_EMOTIONAL,
        Facet.JOB_SOCIAL,
        Facet.OBJECTIVE,
        Facet.FRUSTRATION,
        Facet.EMOTION,
        Facet.TRIGGER,
    }
)
_MATTERS: Final = frozenset({Facet.JOB_EMOTIONAL, Facet.FRUSTRATION, Facet.EMOTION, Facet.TRIGGER})
"""Facets that speak by themselves of how much something matters."""

_DISSATISFACTION_OF: Final = frozenset({Facet.FRUSTRATION, Facet.OBJECTIVE, Facet.EMOTION})

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
class _Unit:
    """A participant's sentence, trimmed, with what precedes it."""

    source: Source
    participant: str
    start: int
    end: int
    utterance: Utterance


def propose(
    corpus: Corpus,
    *,
    coder: OfflineCoder | None = None,
    vectors: SentenceVectors | None = None,
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
    progress
        Called with the share done, 0 to 1; may raise to cancel.
    """
    coder = coder or shipped_coder()
    base = vectors or shared_vectors()
    encoder = RememberedVectors(base)
    report = progress or (lambda _share: None)
    report(0.0)
    units = [unit for source in corpus.sources for unit in _units(source)]
    evidence: list[Evidence] = []
    rows: list[NDArray[np.float32]] = []
    for begin in range(0, len(units), _BLOCK):
        found, encoded = _coded(units[begin : begin + _BLOCK], coder, encoder)
        evidence.extend(found)
        rows.append(encoded)
        report(min(1.0, (begin + _BLOCK) / len(units)))
    report(1.0)
    notices = [
        Notice(
            "identify.proposals",
            {"n": len(evidence), "sentences": len(units), "coder": coder.version},
            "info",
        )
    ]
    if not units:
        notices.append(Notice("identify.no_participant_words", severity="problem"))
    elif not evidence:
        notices.append(Notice("identify.no_evidence", {"n": len(units)}))
    stacked = np.concatenate(rows) if rows else np.zeros((0, DIMENSIONS), dtype=np.float32)
    return Proposals(tuple(evidence), stacked, len(units), tuple(notices))


def _units(source: Source) -> Iterator[_Unit]:
    question, before, turn_before = "", "", -1
    for sentence in source.sentences:
        turn = source.turn_of(sentence)
        if turn.role is not SpeakerRole.PARTICIPANT or turn.participant is None:
            question = _question(source, sentence, question, same=turn.index == turn_before)
            turn_before = turn.index
            continue
        # What was said before a question is no longer what an answer follows from.
        before = before if turn.index == turn_before else ""
        turn_before = turn.index
        start, end = trimmed(source.text, sentence.start, sentence.end)
        text = source.text[start:end]
        if word_count(text) < FEWEST_WORDS:
            continue
        yield _Unit(source, turn.participant, start, end, Utterance(text, before, question))
        before = text


def _question(source: Source, sentence: Sentence, known: str, *, same: bool) -> str:
    """Return the last question of the interviewer's turn, or its last sentence."""
    words = source.text[sentence.start : sentence.end].strip()
    keep = same and known.endswith("?") and not words.endswith("?")
    return known if keep or not words else words


def _coded(
    units: Sequence[_Unit], coder: OfflineCoder, encoder: SentenceVectors
) -> tuple[list[Evidence], NDArray[np.float32]]:
    utterances = [unit.utterance for unit in units]
    dense = dense_features(utterances, encoder)
    coding = coder.code(utterances, dense=dense)
    carried = [tuple(int(j) for j in np.flatnonzero(row)) for row in coding.chosen]
    spans = _narrowed(units, carried, coding.probabilities, coder, encoder)
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
    matters = intensity(quotes, encoded, encoder, [facet in _MATTERS for facet in facets])
    unserved = dissatisfaction(
        quotes, encoded, encoder, [facet is Facet.FRUSTRATION for facet in facets]
    )
    feels = valence(encoded, encoder)
    evidence = []
    for row, (i, j) in enumerate(found):
        unit, facet = units[i], facets[row]
        start, end = starts[row]
        asked_for = bool(coding.question[i, j] >= _QUESTION_COUNTS)
        told_by = "both" if asked_for else "words"
        if not coding.by_words[i, j]:
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
            coder=coder.version,
            confidence=round(float(coding.probabilities[i, j]), 4),
            moment=when[row],
            intensity=matters[row] if facet in _INTENSITY_OF else None,
            dissatisfaction=unserved[row] if facet in _DISSATISFACTION_OF else None,
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
    units: Sequence[_Unit],
    carried: Sequence[tuple[int, ...]],
    probabilities: NDArray[np.float64],
    coder: OfflineCoder,
    encoder: SentenceVectors,
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
    clauses = _log_odds(coder.code(parts, vectors=encoder).probabilities)
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
