"""The space in which statements are compared: vectors centred per language, tone taken out.

Sentence vectors of two languages lie in two clouds; what is left after each cloud's own mean is
taken away is what the sentence is about. The first principal axis that remains is that of tone and
register (« je voudrais… » against a bare noun phrase), not of subject: without it, paraphrases of
one job come nearer (benchmarks/grouping.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embauche.vocabulary import Language

_AXIS_NEEDS = 30
"""Statements below which the first axis is somebody's subject rather than everybody's tone."""

_SHRINKAGE = 4.0
"""A mean of few statements is drawn to zero as if this many more had been read."""


@dataclass(frozen=True, slots=True)
class Space:
    """What is taken away from every vector before cosines are taken.

    Attributes
    ----------
    means
        Language → (d,) mean that is subtracted.
    axis
        (d,) unit vector that is projected out, or ``None``.
    """

    means: dict[Language, NDArray[np.float64]]
    axis: NDArray[np.float64] | None

    def place(
        self, vectors: NDArray[np.floating], languages: Sequence[Language]
    ) -> NDArray[np.float64]:
        """Return unit vectors, (n, d), whose dot products are the cosines of this space."""
        placed = np.array(vectors, dtype=np.float64, copy=True)
        for language, mean in self.means.items():
            rows = np.fromiter((item is language for item in languages), bool, len(languages))
            placed[rows] -= mean
        if self.axis is not None:
            placed -= np.outer(placed @ self.axis, self.axis)
        return unit(placed)


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return rows of length one; a row of zeros stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    divided: NDArray[np.float64] = np.divide(
        vectors, length, out=np.zeros_like(vectors), where=length > 0
    )
    return divided


def fit_space(vectors: NDArray[np.floating], languages: Sequence[Language]) -> Space:
    """Learn the space of a set of statements.

    Parameters
    ----------
    vectors
        (n, d), of the statements that are to be grouped.
    languages
        One language a row.

    Returns
    -------
    Space
        Per-language means shrunk by ``n / (n + 4)``, and the first principal axis of what remains
        where there are at least 30 statements.
    """
    rows = np.asarray(vectors, dtype=np.float64)
    means: dict[Language, NDArray[np.float64]] = {}
    for language in Language:
        mask = np.fromiter((item is language for item in languages), bool, len(languages))
        n = int(mask.sum())
        if n:
            means[language] = rows[mask].mean(axis=0) * (n / (n + _SHRINKAGE))
    plain = Space(means, None)
    if len(rows) < _AXIS_NEEDS:
        return plain
    placed = plain.place(rows, languages)
    spread = placed - placed.mean(axis=0)
    _, axes = np.linalg.eigh(spread.T @ spread)
    return Space(means, np.asarray(axes[:, -1], dtype=np.float64))
