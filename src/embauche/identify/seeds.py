"""Seed sentences: what a class of words sounds like, written for this project in both languages.

A text is compared with the seeds of every class in vector space; seeds are in ``seeds/*.tsv``
(columns class, language, text).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from embauche.identify.vectors import RememberedVectors, SentenceVectors


@dataclass(frozen=True)
class Seeds:
    """Encoded seed sentences.

    Attributes
    ----------
    classes
        In the order of the file.
    of
        (n,) class of every seed, as an index into `classes`.
    vectors
        (n, 512).
    """

    classes: tuple[str, ...]
    of: NDArray[np.int64]
    vectors: NDArray[np.float32]

    def similarity(self, vectors: NDArray[np.float32], nearest: int = 2) -> NDArray[np.float64]:
        """Return (m, classes): mean cosine with the `nearest` closest seeds of each class."""
        cosines = np.asarray(vectors @ self.vectors.T, dtype=np.float64)
        columns = []
        for place in range(len(self.classes)):
            own = np.sort(cosines[:, self.of == place], axis=1)
            columns.append(own[:, -nearest:].mean(axis=1))
        return np.column_stack(columns)


_loaded: WeakKeyDictionary[SentenceVectors, dict[str, Seeds]] = WeakKeyDictionary()


def seeds(name: str, encoder: SentenceVectors) -> Seeds:
    """Return the seeds of a file, encoded once an encoder and process."""
    base = encoder.base if isinstance(encoder, RememberedVectors) else encoder
    known = _loaded.setdefault(base, {})
    if name not in known:
        text = (files("embauche.identify") / "seeds" / f"{name}.tsv").read_text("utf-8")
        rows = list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
        classes = tuple(dict.fromkeys(row["class"] for row in rows))
        of = np.array([classes.index(row["class"]) for row in rows], dtype=np.int64)
        encoded = np.asarray(encoder.encode([row["text"] for row in rows]), dtype=np.float32)
        known[name] = Seeds(classes, of, encoded)
    return known[name]
