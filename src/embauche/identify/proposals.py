"""Propose evidence: read every participant's sentences and quote those that carry a facet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.collect.guide import Guide
from embauche.collect.source import Corpus
from embauche.identify.clauses import narrowed
from embauche.identify.coder import FACETS, Coding, OfflineCoder
from embauche.identify.corrections import Correction
from embauche.identify.evidence import Evidence, verified
from embauche.identify.frequency import frequency_per_month
from embauche.identify.heard_corpus import HeardCorpus, hear_corpus
from embauche.identify.moments import moments
from embauche.identify.rated_facets import DISSATISFACTION_OF, INTENSITY_OF, MATTERS
from embauche.identify.rating import dissatisfaction, intensity, valence
from embauche.identify.vectors import (
    DIMENSIONS,
    SentenceVectors,
    remembering,
    shared_vectors,
)
from embauche.notices import Notice
from embauche.vocabulary import Facet

_BLOCK: Final = 1024
QUESTION_COUNTS: Final = 0.25
"""Log-odds from which the interviewer's question is named among the reasons."""


Progress = Callable[[float], None]
HeardListener = Callable[[HeardCorpus, SentenceVectors], None]


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


def propose(
    corpus: Corpus,
    *,
    coder: OfflineCoder | None = None,
    vectors: SentenceVectors | None = None,
    corrections: Sequence[Correction] = (),
    progress: Progress | None = None,
    listener: HeardListener | None = None,
    guide: Guide | None = None,
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
    listener
        Given what was heard and an encoder that knows its vectors, so that nothing need be read
        again to learn from the next decision (`identify.remembered_talk`).
    guide
        The interview guide: answers to a question of it that is recognised are placed at the
        moment of the timeline that the question announces.
    """
    report = progress or (lambda _share: None)
    encoder = remembering(vectors or shared_vectors())
    report(0.0)
    heard = hear_corpus(
        corpus,
        coder=coder,
        guide=guide,
        vectors=encoder,
        progress=lambda share: report(0.6 * share),
    )
    found = proposals_of(
        heard,
        corrections=corrections,
        vectors=encoder,
        progress=lambda share: report(0.6 + 0.4 * share),
    )
    if listener is not None:
        listener(heard, encoder)
    report(1.0)
    return found


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
    coder = heard.coder
    encoder = remembering(vectors or shared_vectors())
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
    spans = narrowed(units, carried, at_first[block], heard.coder, heard.readings)
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
    when = moments(encoded, asked, facets, encoder, [units[i].announced for i, _ in found])
    matters = intensity(quotes, encoded, encoder, [facet in MATTERS for facet in facets])
    unserved = dissatisfaction(
        quotes, encoded, encoder, [facet is Facet.FRUSTRATION for facet in facets]
    )
    feels = valence(encoded, encoder)
    evidence = []
    for row, (i, j) in enumerate(found):
        unit, facet = units[i], facets[row]
        start, end = starts[row]
        asked_for = bool(question[i, j] >= QUESTION_COUNTS)
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
