"""Where on the buying timeline the words stand, from the interviewer's question and the words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.identify.seeds import seeds
from embauche.identify.vectors import SentenceVectors
from embauche.vocabulary import Facet, Moment

_QUESTION_AT_LEAST: Final = 0.55
_WORDS_AT_LEAST: Final = 0.5
_AHEAD: Final = 0.04

USUAL: Final = {
    Facet.TRIGGER: Moment.FIRST_THOUGHT,
    Facet.PULL: Moment.DECIDING,
}
"""Facets whose definition places them, where neither question nor words do."""


def moments(
    vectors: NDArray[np.float32],
    questions: NDArray[np.float32],
    facets: Sequence[Facet],
    encoder: SentenceVectors,
    announced: Sequence[Moment | None] | None = None,
) -> list[Moment | None]:
    """Return each span's moment, or ``None`` where it cannot be told.

    Parameters
    ----------
    vectors
        (n, 512) of the quotes.
    questions
        (n, 512) of the interviewer's questions; zero rows where there is none.
    facets
        What the quotes were coded with.
    encoder
        What encodes the seed questions and statements.
    announced
        The moment of the guide's question that each span answers, where one was recognised
        (`identify.asked_questions`).

    Notes
    -----
    A moment is told by the words where their mean cosine with its two nearest seed statements is
    at least .5, by the question from .55 on, and in both cases .04 ahead of the next moment. Words
    win over the question, since people stray from what they were asked; a question of the guide is
    taken at its word; the facet's own place in the story comes last.
    """
    if not len(vectors):
        return []
    by_words = _told("moments", vectors, _WORDS_AT_LEAST, encoder)
    said = announced or [None] * len(facets)
    by_question = _told("questions", questions, _QUESTION_AT_LEAST, encoder)
    return [
        words or meant or question or USUAL.get(facet)
        for words, meant, question, facet in zip(by_words, said, by_question, facets, strict=True)
    ]


def _told(
    name: str, vectors: NDArray[np.float32], at_least: float, encoder: SentenceVectors
) -> list[Moment | None]:
    known = seeds(name, encoder)
    near = known.similarity(vectors)
    told: list[Moment | None] = []
    for row in near:
        second, best = np.argsort(row)[-2:]
        clear = row[best] >= at_least and row[best] - row[second] >= _AHEAD
        told.append(Moment(known.classes[best]) if clear else None)
    return told
