"""Groups of texts of several sentences: reviews, tickets, answers to an open question.

A review praises, greets, and names one trouble. Compared as a whole it is like every other polite
review; so texts are compared sentence by sentence, each with the likest one of the other text, and
a sentence counts as much as the coder hears evidence in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster

from embauche.collect.sentences import split_sentences
from embauche.errors import EvidenceError
from embauche.identify.coder import FACETS, OfflineCoder, Utterance, shipped_coder
from embauche.identify.vectors import SentenceVectors, shared_vectors
from embauche.jobs.clustering import linked_tree
from embauche.jobs.goals import DEFAULT_THRESHOLD
from embauche.jobs.likeness import common_neighbours, shared_words
from embauche.jobs.space import fit_space
from embauche.vocabulary import Facet, Language

Floats = NDArray[np.float32]

MOST_TEXTS: Final = 3000
"""Texts are compared in pairs: more would take gigabytes."""

NEIGHBOURS_COUNT: Final = 0.25
"""What common neighbours count beside a cosine and shared words, which count one each."""

_SILENT: Final = 0.05
"""Weight of a sentence in which nothing is heard: a text may hold no other."""


class TextGroups(NamedTuple):
    """Texts that speak of the same thing.

    Attributes
    ----------
    labels
        (n,) number of each text's group, from 0, the largest group first.
    typical
        (groups,) the text of each group that is likest to the group's others.
    """

    labels: NDArray[np.int64]
    typical: NDArray[np.int64]


def group_texts(
    texts: Sequence[str],
    languages: Sequence[Language],
    *,
    threshold: float = DEFAULT_THRESHOLD,
    vectors: SentenceVectors | None = None,
    coder: OfflineCoder | None = None,
) -> TextGroups:
    """Group texts that speak of the same thing.

    Parameters
    ----------
    texts
        n texts of one or more sentences, of one product.
    languages
        One a text.
    threshold
        Distance at which groups are kept apart; two texts are 1 apart on average.
    vectors, coder
        Who reads them; the shipped ones by default.

    Raises
    ------
    ValueError
        If there are more or fewer languages than texts.
    EvidenceError
        If there are more than `MOST_TEXTS`.
    """
    if len(texts) != len(languages):
        msg = f"{len(texts)} texts and {len(languages)} languages"
        raise ValueError(msg)
    if len(texts) > MOST_TEXTS:
        raise EvidenceError("jobs.too_many_texts", n=len(texts), most=MOST_TEXTS)
    if len(texts) < 2:
        one = np.zeros(len(texts), dtype=np.int64)
        return TextGroups(one, one)
    alike = text_likeness(texts, languages, vectors=vectors, coder=coder)
    _, first, found, sizes = np.unique(
        fcluster(linked_tree(1.0 - alike), threshold, "distance"),
        return_index=True, return_inverse=True, return_counts=True,
    )  # fmt: skip
    order = np.lexsort((first, -sizes))
    labels = np.argsort(order)[found]
    groups = [np.flatnonzero(labels == label) for label in range(len(order))]
    typical = [rows[alike[np.ix_(rows, rows)].sum(axis=1).argmax()] for rows in groups]
    return TextGroups(labels, np.array(typical, dtype=np.int64))


def text_likeness(
    texts: Sequence[str],
    languages: Sequence[Language],
    *,
    vectors: SentenceVectors | None = None,
    coder: OfflineCoder | None = None,
) -> Floats:
    """Return (n, n) likeness of texts, symmetric, 0 on average; parameters as for `group_texts`.

    A sentence's likeness with another is the cosine of their vectors in the space of aims and the
    words they share; a text's with another the weighted mean, over its sentences, of that with the
    likest sentence of the other, taken both ways; to which their common neighbours are added.
    """
    parts, owner = _parts(texts)
    spoken = [languages[text] for text in owner]
    encoded = (vectors or shared_vectors()).encode(parts)
    placed: Floats = fit_space(encoded, spoken).place(encoded, spoken).astype(np.float32)
    alike: Floats = placed @ placed.T + shared_words(parts, spoken)
    whole = _matched(alike, owner, _weights(parts, coder or shipped_coder()))
    whole += NEIGHBOURS_COUNT * common_neighbours(whole)
    np.fill_diagonal(whole, 0.0)
    pairs = len(texts) * (len(texts) - 1)
    whole -= whole.sum() / max(pairs, 1)
    return whole


def _parts(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return all sentences and the text of each; a text without a sentence is one itself."""
    parts: list[str] = []
    owner: list[int] = []
    for number, text in enumerate(texts):
        spans = split_sentences(text) or [(0, len(text))]
        parts += [text[start:end] for start, end in spans]
        owner += [number] * len(spans)
    return parts, owner


def _weights(parts: Sequence[str], coder: OfflineCoder) -> Floats:
    """Return (parts,) how surely each carries a facet at all, times the root of its words.

    A felt emotion alone ("love it!") does not say what it is about.
    """
    heard = coder.code([Utterance(part, review=True) for part in parts]).probabilities
    kept = [column for column, facet in enumerate(FACETS) if facet is not Facet.EMOTION]
    carried = 1.0 - np.prod(1.0 - heard[:, kept], axis=1)
    words = np.array([max(len(part.split()), 1) for part in parts])
    return np.asarray((carried + _SILENT) * np.sqrt(words), dtype=np.float32)


def _matched(alike: Floats, owner: Sequence[int], weights: Floats) -> Floats:
    """Return (n, n) weighted means of each sentence's likest one in the other text, both ways."""
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    best = np.maximum.reduceat(alike, starts, axis=1)
    summed = np.add.reduceat(best * weights[:, None], starts, axis=0)
    one_way = summed / np.add.reduceat(weights, starts)[:, None]
    return np.asarray((one_way + one_way.T) / 2.0)
