"""The space in which statements are compared: vectors centred per language, mapped by aim.

Sentence vectors of two languages lie in two clouds; what is left after each cloud's own mean is
taken away is what the sentence is about. A learned map (``aim.npz``, made by
``tools/train_aims.py``) then brings statements of one aim together, whatever their turn of phrase,
and sets apart other aims in the same words: on products that it never saw, the adjusted Rand index
at the cut in use rises from .09 to .14 for goals, .19 to .24 for problems, .30 to .40 for requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from embauche.identify.vectors import DIMENSIONS
from embauche.vocabulary import Language

_SHRINKAGE = 4.0
"""A mean of few statements is drawn to zero as if this many more had been read."""


@dataclass(frozen=True, slots=True)
class Space:
    """What is done to every vector before cosines are taken.

    Attributes
    ----------
    means
        Language → (d,) mean that is subtracted.
    aims
        (d, d) map that follows, or ``None``.
    """

    means: dict[Language, NDArray[np.float64]]
    aims: NDArray[np.float64] | None

    def place(
        self, vectors: NDArray[np.floating], languages: Sequence[Language]
    ) -> NDArray[np.float64]:
        """Return unit vectors, (n, d), whose dot products are the cosines of this space."""
        placed = np.array(vectors, dtype=np.float64, copy=True)
        for language, mean in self.means.items():
            rows = np.fromiter((item is language for item in languages), bool, len(languages))
            placed[rows] -= mean
        if self.aims is not None:
            placed = unit(placed) @ self.aims
        return unit(placed)


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return rows of length one; a row of zeros stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    divided: NDArray[np.float64] = np.divide(
        vectors, length, out=np.zeros_like(vectors), where=length > 0
    )
    return divided


@cache
def shipped_aims() -> NDArray[np.float64]:
    """Return the (512, 512) map that comes with the product."""
    data = (files("embauche.jobs") / "aim.npz").read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as stored:
        moved = stored["moved"].astype(np.float64)
    return np.asarray(np.eye(len(moved)) + moved)


def fit_space(
    vectors: NDArray[np.floating],
    languages: Sequence[Language],
    *,
    mapped: NDArray[np.float64] | bool = True,
) -> Space:
    """Learn the space of a set of statements.

    Parameters
    ----------
    vectors
        (n, d), of the statements that are to be grouped.
    languages
        One language a row.
    mapped
        A map of aims; ``True`` for the product's own (which is for vectors of 512 dimensions:
        others are only centred), ``False`` for none.

    Returns
    -------
    Space
        Per-language means shrunk by ``n / (n + 4)``, and the map.
    """
    rows = np.asarray(vectors, dtype=np.float64)
    means: dict[Language, NDArray[np.float64]] = {}
    for language in Language:
        mask = np.fromiter((item is language for item in languages), bool, len(languages))
        n = int(mask.sum())
        if n:
            means[language] = rows[mask].mean(axis=0) * (n / (n + _SHRINKAGE))
    if isinstance(mapped, bool):
        aims = shipped_aims() if mapped and rows.shape[1:] == (DIMENSIONS,) else None
    else:
        aims = mapped
    return Space(means, aims)
