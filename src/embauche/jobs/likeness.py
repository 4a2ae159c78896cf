"""What texts share beside their meaning: words, and the texts that resemble both.

Sentence vectors tell what a text is about. People who mean the same thing also name it alike
("Bluetooth", « sommeil »), in both languages more often than one would think, and are like the same
other texts. Both are added to the cosine of two texts before they are grouped.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.vocabulary import Language

Floats = NDArray[np.float32]

PIECES: Final = (3, 5)
"""Letters of the pieces of words that are compared: they join *sync*, *synchro*, *syncing*."""

NEIGHBOURS: Final = 10
"""Nearest texts of each that are compared with those of the other."""


def shared_words(texts: Sequence[str], languages: Sequence[Language]) -> Floats:
    """Return (n, n) how much of their words texts share, beyond what chance would give.

    The cosine of tf–idf of the pieces of words, accents left out, less its mean. Two languages
    share fewer pieces than one does: each pair of languages has its own mean and is brought to the
    spread of all, so that a word which both languages know (*Bluetooth*) counts as much.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    n = len(texts)
    pieces = TfidfVectorizer(
        analyzer="char_wb", ngram_range=PIECES, sublinear_tf=True, dtype=np.float32
    )
    try:
        found = pieces.fit_transform([_plain(text) for text in texts])
    except ValueError:  # not one word in any of them
        return np.zeros((n, n), dtype=np.float32)
    alike = np.asarray((found @ found.T).toarray(), dtype=np.float32)
    own = np.array([language.value for language in languages])
    apart = ~np.eye(n, dtype=bool)
    blocks = []
    for one in sorted(set(own)):
        for other in sorted(set(own)):
            block = np.outer(own == one, own == other)
            pairs = alike[block & apart]
            if len(pairs):
                alike[block] -= pairs.mean()
                blocks.append((block, float(pairs.std())))
    spread = float(np.sqrt(np.mean([size**2 for _, size in blocks]))) if blocks else 0.0
    for block, size in blocks:
        if size > 0:
            alike[block] *= spread / size
    np.fill_diagonal(alike, 0.0)
    return alike


def common_neighbours(alike: Floats) -> Floats:
    """Return (n, n) the share of their nearest texts that two have in common, less its mean.

    Each text counts as its own neighbour (Jarvis and Patrick 1973).
    """
    n = len(alike)
    most = min(NEIGHBOURS, n // 5)
    if not most:
        return np.zeros((n, n), dtype=np.float32)
    ranked = alike.copy()
    np.fill_diagonal(ranked, np.inf)
    nearest = np.argsort(-ranked, axis=1, kind="stable")[:, : most + 1]
    near = np.zeros((n, n), dtype=np.float32)
    np.put_along_axis(near, nearest, 1.0, axis=1)
    common = (near @ near.T) / np.float32(most + 1)
    common -= common[~np.eye(n, dtype=bool)].mean()
    np.fill_diagonal(common, 0.0)
    return common


def _plain(text: str) -> str:
    """Return a text in small letters without accents."""
    parted = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in parted if not unicodedata.combining(letter))
