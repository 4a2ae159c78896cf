"""Turns of phrase: word n-grams that the coder learned beside what the network hears.

The network sees every sentence through the encoder's tokens; plain counts of words and pairs of
words err elsewhere than it does, so that both together find more than either (benchmarks).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_WORD: Final = re.compile(r"\w+|[?!…]")


def ngrams(text: str) -> Counter[str]:
    """Count the words and pairs of words of a text; digits and case are folded."""
    words = ["0" if word.isdigit() else word for word in _WORD.findall(text.lower())]
    found: Counter[str] = Counter(words)
    found.update(" ".join(pair) for pair in pairwise(words))
    return found


@dataclass(frozen=True)
class Wording:
    """A vocabulary of n-grams with their inverse document frequencies.

    Attributes
    ----------
    index
        N-gram → column.
    idf
        (columns,) ``ln((1 + n) / (1 + df)) + 1``.
    """

    index: Mapping[str, int]
    idf: NDArray[np.float32]

    @classmethod
    def learn(cls, texts: Iterable[str], fewest: int) -> Wording:
        """Keep the n-grams that at least `fewest` of the texts hold."""
        holding: Counter[str] = Counter()
        n = 0
        for text in texts:
            holding.update(ngrams(text).keys())
            n += 1
        kept = sorted(gram for gram, count in holding.items() if count >= fewest)
        counts = np.array([holding[gram] for gram in kept], dtype=np.float64)
        idf = (np.log((1 + n) / (1 + counts)) + 1).astype(np.float32)
        return cls({gram: column for column, gram in enumerate(kept)}, idf)

    def matrix(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return (n, columns) weights ``(1 + ln tf) · idf``, rows of unit length."""
        places: list[int] = []
        values: list[float] = []
        bounds = [0]
        for text in texts:
            row = {
                self.index[gram]: 1 + float(np.log(count))
                for gram, count in ngrams(text).items()
                if gram in self.index
            }
            columns = sorted(row)
            weights = np.array([row[c] for c in columns], dtype=np.float64) * self.idf[columns]
            length = float(np.linalg.norm(weights)) or 1.0
            places.extend(columns)
            values.extend((weights / length).tolist())
            bounds.append(len(places))
        return sparse.csr_matrix(
            (np.array(values, dtype=np.float32), np.array(places, dtype=np.int64), bounds),
            shape=(len(texts), len(self.index)),
        )
