"""The sentences that the offline coder learns from, written for this project."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Final

import numpy as np

from embauche.errors import EvidenceError
from embauche.vocabulary import Facet, Language

COLUMNS: Final = ("topic", "facets", "text", "before", "question")


@dataclass(frozen=True, slots=True)
class TrainingSentence:
    """A sentence with its codes.

    Attributes
    ----------
    topic
        What the sentence is about; a split never divides a topic.
    facets
        Its codes; none for about half of the sentences.
    text
        The sentence that is coded.
    before, question
        The sentence before it and the interviewer's question; empty where there is none.
    language
        Language of the file it stands in.
    """

    topic: str
    facets: frozenset[Facet]
    text: str
    before: str
    question: str
    language: Language


def training_sentences() -> tuple[TrainingSentence, ...]:
    """Read every training file of the package, in the order of their names.

    Raises
    ------
    EvidenceError
        If a row lacks a column or names a facet that does not exist.
    """
    sentences: list[TrainingSentence] = []
    for name, text in _files():
        for number, row in enumerate(_rows(text), start=2):
            known = {str(facet) for facet in Facet}
            facets = [part.strip() for part in (row.get("facets") or "").split(",") if part.strip()]
            if not row.get("text") or not row.get("topic") or not known.issuperset(facets):
                raise EvidenceError("identify.training_row", file=name, row=number)
            sentences.append(
                TrainingSentence(
                    topic=f"{name[:2]}:{row['topic']}",
                    facets=frozenset(Facet(facet) for facet in facets),
                    text=row["text"],
                    before=row.get("before") or "",
                    question=row.get("question") or "",
                    language=Language(name[:2]),
                )
            )
    return tuple(sentences)


def training_fingerprint() -> str:
    """Return the SHA-256 of all training files, which the shipped weights carry as well."""
    digest = sha256()
    for name, text in _files():
        digest.update(name.encode() + b"\0" + text.encode() + b"\0")
    return digest.hexdigest()


def topic_folds(sentences: Sequence[TrainingSentence], folds: int, seed: int) -> list[int]:
    """Return each sentence's fold; sentences of a topic share one.

    Parameters
    ----------
    sentences
        What is to be split.
    folds
        Number of folds of about as many topics each.
    seed
        Of the topics' shuffle.
    """
    topics = sorted({sentence.topic for sentence in sentences})
    order = np.random.default_rng(seed).permutation(len(topics))
    fold = {topic: int(place) % folds for topic, place in zip(topics, order, strict=True)}
    return [fold[sentence.topic] for sentence in sentences]


def _files() -> list[tuple[str, str]]:
    folder = files("embauche.identify") / "training"
    return [
        (entry.name, entry.read_text(encoding="utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda item: item.name)
        if entry.name.endswith(".tsv")
    ]


def _rows(text: str) -> csv.DictReader[str]:
    return csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
