"""The guide's questions in transcripts: which was asked, where, in its own words or in others.

An interviewer's sentence is compared, as a point in the space of meanings, with every question of
the guide. A question whose words people left alone is also known by other wordings of it
(``seeds/guide_questions.tsv``), and by the point in their middle: what they all mean. One of
people's own is known by its words alone.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.collect.guide import Guide, GuideQuestion
from embauche.collect.guide_building import build_guide
from embauche.collect.source import Corpus, Source
from embauche.identify.vectors import SentenceVectors, shared_vectors
from embauche.vocabulary import Language, SpeakerRole

AT_LEAST: Final = 0.6
"""Nearness from which a sentence is taken to ask a question of the guide."""
AHEAD: Final = 0.02
"""How far ahead of the next question the best one must be."""
STILL: Final = 0.75
"""Cosine from which a reworded question still asks the same as the model's."""
_MIDDLE: Final = 0.7
"""What the middle of a question's wordings counts for; the nearest of them counts for the rest."""
_FARTHER: Final = 0.05
"""How much farther away the middle is than a wording: it is added."""
_FEWEST_WORDINGS: Final = 4
_FEWEST_WORDS: Final = 3
_PIECE_WORDS: Final = 5
_PIECES: Final = re.compile(r"(?<=[.?!…])\s+|\s?[:;]\s+")
_MEANT: Final = {Language.FR: "cela", Language.EN: "it"}
_ELIDED: Final = re.compile(r"\b(d|qu|l)[’'](?=cela\b)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the guide, heard in a transcript.

    Attributes
    ----------
    question
        Its id in the guide.
    source, turn
        Where it was asked.
    start, end
        Span of the sentence that asks it.
    similarity
        How near the sentence is to the question: a cosine with its wordings and their middle.
    """

    question: str
    source: str
    turn: int
    start: int
    end: int
    similarity: float


@dataclass(frozen=True)
class KnownQuestions:
    """The wordings by which a guide's questions are known.

    Attributes
    ----------
    ids
        The guide's questions, in order.
    of
        (n,) question of each wording, as an index into `ids`; one past the last for what any
        interviewer asks and the guide does not.
    vectors
        (n, 512).
    product
        What stands for the product in a transcript; it says nothing about what is asked.
    """

    ids: tuple[str, ...]
    of: NDArray[np.int64]
    vectors: NDArray[np.float32]
    product: re.Pattern[str] | None

    def similarity(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return (m, questions + 1): how near each question is, then what is none of them.

        The nearest wording counts, and the middle of the wordings where there are some.
        """
        cosines = np.asarray(vectors @ self.vectors.T, dtype=np.float64)
        found = np.full((len(vectors), len(self.ids) + 1), -1.0)
        for place in range(len(self.ids) + 1):
            own = self.of == place
            found[:, place] = cosines[:, own].max(axis=1, initial=-1.0)
            if place < len(self.ids) and own.sum() >= _FEWEST_WORDINGS:
                middle = self.vectors[own].mean(axis=0)
                near = np.asarray(vectors @ (middle / np.linalg.norm(middle)))
                found[:, place] = (1 - _MIDDLE) * found[:, place] + _MIDDLE * near + _FARTHER
        return np.asarray(np.minimum(found, 1.0))


def known_questions(guide: Guide, vectors: SentenceVectors) -> KnownQuestions:
    """Gather and encode the wordings of a guide's questions."""
    product = _product(guide.brief.product)
    model = {question.id: question for question in build_guide(guide.brief).questions}
    wordings: list[tuple[int, str]] = []
    same = _unchanged(guide, model, vectors)
    for place, question in enumerate(guide.questions):
        said = neutral(question.text, guide.brief.language, product)
        pieces = [piece for piece in _PIECES.split(said) if len(piece.split()) >= _PIECE_WORDS]
        wordings += [(place, text) for text in dict.fromkeys((said, *pieces))]
        if question.id in same:
            wordings += [(place, text) for text in _other_wordings().get(question.id, ())]
    wordings += [(len(guide.questions), text) for text in _other_wordings()[""]]
    encoded = vectors.encode([text for _, text in wordings])
    return KnownQuestions(
        tuple(question.id for question in guide.questions),
        np.array([place for place, _ in wordings], dtype=np.int64),
        np.asarray(encoded, dtype=np.float32),
        product,
    )


def asked_questions(
    corpus: Corpus, guide: Guide, *, vectors: SentenceVectors | None = None
) -> tuple[Asked, ...]:
    """Tell which questions of a guide interviewers asked, in the order of the transcripts.

    Parameters
    ----------
    corpus
        The sources; only interviewers' turns are looked at.
    guide
        The guide as it stands.
    vectors
        The shared sentence encoder by default.

    Notes
    -----
    A sentence asks the question that is nearest, where that is at least `AT_LEAST` and `AHEAD` of
    the next question and of what any interviewer asks ("How did it go?"). The product's name
    counts for nothing: it is replaced by "it" on both sides.
    """
    encoder = vectors or shared_vectors()
    if not guide.questions:
        return ()
    known = known_questions(guide, encoder)
    places = [item for source in corpus.sources for item in interviewer_sentences(source)]
    if not places:
        return ()
    texts = [
        neutral(source.text[start:end], source.language, known.product)
        for source, _, start, end in places
    ]
    return recognised(places, np.asarray(encoder.encode(texts)), known)


def recognised(
    places: Sequence[tuple[Source, int, int, int]],
    vectors: NDArray[np.float32],
    known: KnownQuestions,
) -> tuple[Asked, ...]:
    """Tell the questions that sentences ask.

    Parameters
    ----------
    places
        Source, turn, start and end of n sentences.
    vectors
        (n, 512) of the sentences.
    """
    near = known.similarity(vectors)
    found = []
    for (source, turn, start, end), row in zip(places, near, strict=True):
        order = np.argsort(row)
        best = int(order[-1])
        clear = row[best] >= AT_LEAST and row[best] - row[order[-2]] >= AHEAD
        if clear and best < len(known.ids):
            found.append(
                Asked(known.ids[best], source.id, turn, start, end, round(float(row[best]), 4))
            )
    return tuple(found)


def interviewer_sentences(source: Source) -> Iterator[tuple[Source, int, int, int]]:
    """Yield turn, start and end of each sentence of an interviewer, fragments left out."""
    for sentence in source.sentences:
        turn = source.turn_of(sentence)
        if turn.role is not SpeakerRole.INTERVIEWER:
            continue
        if len(source.text[sentence.start : sentence.end].split()) >= _FEWEST_WORDS:
            yield source, turn.index, sentence.start, sentence.end


def neutral(text: str, language: Language, product: re.Pattern[str] | None) -> str:
    """Return the text with "it" for the product."""
    if product is None:
        return text
    meant = _MEANT[language]
    return _ELIDED.sub(
        lambda found: {"d": "de ", "qu": "que ", "l": ""}[found[1]], (product.sub(meant, text))
    )


def _product(name: str) -> re.Pattern[str] | None:
    """Match a product's own name, without its article."""
    bare = re.sub(r"^(?:le|la|les|un|une|the|an?)\s|^l[’']", "", name.strip(), flags=re.IGNORECASE)
    return re.compile(rf"\b{re.escape(bare)}\b", re.IGNORECASE) if bare else None


def _unchanged(
    guide: Guide, model: dict[str, GuideQuestion], vectors: SentenceVectors
) -> frozenset[str]:
    """Return the ids of questions that still ask what the model's do."""
    both = [
        (item.id, item.text, model[item.id].text) for item in guide.questions if item.id in model
    ]
    if not both:
        return frozenset()
    told = [text for _, now, was in both for text in (now, was)]
    encoded = np.asarray(vectors.encode(told))
    near = (encoded[0::2] * encoded[1::2]).sum(axis=1)
    return frozenset(name for (name, _, _), value in zip(both, near, strict=True) if value >= STILL)


@cache
def _other_wordings() -> dict[str, tuple[str, ...]]:
    text = (files("embauche.identify") / "seeds" / "guide_questions.tsv").read_text("utf-8")
    found: dict[str, list[str]] = {}
    for row in csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        found.setdefault(row["class"], []).append(row["text"])
    return {name: tuple(texts) for name, texts in found.items()}
