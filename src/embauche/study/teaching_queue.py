"""The queue of a study folder: the sentences whose decision would teach the coder most."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from embauche.collect.source import Corpus
from embauche.identify import (
    RememberedTalk,
    coding_units,
    evidence_id,
    hear_corpus,
    remember_talk,
    shared_vectors,
    shipped_coder,
)
from embauche.identify.coder import FACETS
from embauche.study.config import StudyConfig
from embauche.study.corrections import corrections_of
from embauche.study.decisions import read_decisions
from embauche.study.progress import Report, part, silent
from embauche.study.proposal_cache import keep_talk, load_talk, talk_fingerprint
from embauche.vocabulary import Facet

_LEAST_SAID: Final = 0.05
"""Probability from which a facet that is not proposed is named all the same."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What the coder thinks of one facet of a sentence, and the id that its proposal has."""

    facet: Facet
    confidence: float
    proposed: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class QueuedSentence:
    """A sentence to decide about.

    Attributes
    ----------
    source, name, participant
        Id and name of the source, and who said it.
    start, end, quote
        The exact words.
    before, question
        What was said just before, and what the interviewer had asked.
    guesses
        What the coder thinks, the surest first.
    """

    source: str
    name: str
    participant: str
    start: int
    end: int
    quote: str
    before: str
    question: str
    guesses: tuple[Guess, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON-ready data, facets under ``proposals``."""
        guesses = [
            {
                "id": guess.evidence,
                "facet": guess.facet.value,
                "confidence": guess.confidence,
                "proposed": guess.proposed,
            }
            for guess in self.guesses
        ]
        named = ("source", "name", "participant", "start", "end", "quote", "before", "question")
        return {name: getattr(self, name) for name in named} | {"proposals": guesses}


@dataclass(frozen=True, slots=True)
class StudyQueue:
    """What would teach most.

    Attributes
    ----------
    taught, left
        Sentences that were learned from, and sentences that nobody decided about.
    sentences
        The next ones, what would teach most first.
    """

    taught: int
    left: int
    sentences: tuple[QueuedSentence, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-ready data."""
        queued = [item.to_dict() for item in self.sentences]
        return {"learned_from": self.taught, "undecided": self.left, "queue": queued}


def queue_of_study(
    config: StudyConfig, corpus: Corpus, most: int, report: Report = silent
) -> StudyQueue:
    """Return the sentences of a study whose decision would teach most.

    The coder first learns from the decisions in ``coding.jsonl``. What it heard is kept beside the
    study (`proposal_cache`), so that the second call reads nothing again.

    Parameters
    ----------
    config, corpus
        The study and what its participants said.
    most
        How many sentences.
    report
        Told of progress.
    """
    talk = _heard(config.folder, corpus, report)
    decisions = read_decisions(config.folder, config.coding.adjudicator)
    found = talk.relearned(corrections_of(decisions))
    names = {source.id: source.name for source in corpus.sources}
    people = {person.id: person.pseudonym for person in corpus.participants}
    units = {(unit.source, unit.start, unit.end): unit for unit in coding_units(corpus)}
    queued = []
    for row in found.queue(most):
        source, person, start, end = talk.places[row].tolist()
        key, who = talk.sources[source], talk.participants[person]
        unit = units[key, start, end]
        guesses = [
            Guess(
                facet,
                found.confidence(row, column),
                bool(found.proposed[row, column]),
                _id(talk, row, column),
            )
            for column, facet in enumerate(FACETS)
            if found.proposed[row, column] or found.probabilities[row, column] >= _LEAST_SAID
        ]
        guesses.sort(key=lambda guess: -guess.confidence)
        queued.append(
            QueuedSentence(
                source=key,
                name=names[key],
                participant=people.get(who, who),
                start=start,
                end=end,
                quote=unit.quote,
                before=unit.before,
                question=unit.question,
                guesses=tuple(guesses),
            )
        )
    return StudyQueue(found.taught, len(found.codes) - found.taught, tuple(queued))


def _id(talk: RememberedTalk, row: int, column: int) -> str:
    start, end = talk.spans[talk.quoted[row, column]].tolist()
    return evidence_id(talk.sources[talk.places[row, 0]], start, end, FACETS[column])


def _heard(folder: Path, corpus: Corpus, report: Report) -> RememberedTalk:
    key = talk_fingerprint(corpus, shipped_coder().version)
    talk = load_talk(folder, key)
    if talk is None:
        tell = part(report, "identify", 0.0, 0.8)
        talk = remember_talk(hear_corpus(corpus, progress=tell), shared_vectors())
        keep_talk(folder, key, talk)
    report("identify", 1.0)
    return talk
