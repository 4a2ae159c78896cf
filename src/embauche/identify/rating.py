"""Ratings proposed from the words: how much it matters, how badly it is served, how it feels.

The anchors of the scales (keys ``notice.identify.intensity.0`` … ``identify.dissatisfaction.4``):

| | intensity | dissatisfaction |
|-|-----------|-----------------|
| 0 | makes no difference | nothing to complain of |
| 1 | nice to have | small flaws |
| 2 | needed, matters | often gets in the way |
| 3 | very important, a priority | goes wrong all the time, annoys |
| 4 | cannot do without, all depends on it | unbearable, given up |

"Unknown" is ``None`` and never zero.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.identify.seeds import seeds
from embauche.identify.vectors import SentenceVectors

_RIDGE: Final = 0.3
"""By leaving one seed statement (with its translation) out: Spearman .63 for intensity, .52 for
dissatisfaction; weighting levels by likeness alone (kernel regression) reached .53 and .33."""

_NEAR: Final = 0.33
"""Cosine with the nearest two seeds that nine in ten uncoded training sentences do not reach."""

_NEAR_WHERE_EXPECTED: Final = 0.25
"""The same where the span's facet already says that the matter is spoken of."""

_VALENCE_SLOPE: Final = 6.0

_STRONGER: Final = re.compile(
    r"\b(?:très|vraiment|trop|tellement|énormément|absolument|super|hyper|carrément|toujours"
    r"|sans arrêt|à chaque fois|tout le temps|jamais|complètement|very|really|so|far too|too"
    r"|extremely|absolutely|totally|completely|always|constantly|every (?:single )?time|never)\b",
    re.IGNORECASE,
)
_WEAKER: Final = re.compile(
    r"\b(?:un peu|parfois|plutôt|un petit|légèrement|de temps en temps|pas trop|pas tellement"
    r"|a bit|a little|slightly|sometimes|occasionally|somewhat|fairly|not too|not that)\b",
    re.IGNORECASE,
)


def intensity(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    encoder: SentenceVectors,
    expected: Sequence[bool] | None = None,
) -> list[int | None]:
    """Propose how much the need matters, from 0 to 4, or ``None``.

    Parameters
    ----------
    texts
        n quotes.
    vectors
        (n, 512), theirs.
    encoder
        What encodes the seed statements.
    expected
        Whether each quote's facet already says that something matters; likeness may then be less.

    Notes
    -----
    Every level has sixteen seed statements in two languages. A ridge regression of the level on
    their vectors and valence gives each quote a value, which is moved by 0.4 for each intensifier
    or softener more than the other kind, at most by 0.8, and rounded. A quote too far from every
    level's seeds (mean cosine of the nearest two under .33, or .25 where expected) is unknown:
    most sentences say nothing of how much it matters.
    """
    return _level("intensity", texts, vectors, encoder, expected)


def dissatisfaction(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    encoder: SentenceVectors,
    expected: Sequence[bool] | None = None,
) -> list[int | None]:
    """Propose how badly the need is served today, from 0 to 4, or ``None``; as `intensity`."""
    return _level("dissatisfaction", texts, vectors, encoder, expected)


def valence(vectors: NDArray[np.float32], encoder: SentenceVectors) -> NDArray[np.float64]:
    """Return (n,) from −1 (unpleasant) to 1 (pleasant); near 0 is undecided.

    ``tanh(6 · (likeness to pleasant seeds − likeness to unpleasant seeds))``, likeness being the
    mean cosine with the five nearest of twenty seeds. The size is the confidence.
    """
    known = seeds("valence", encoder)
    near = known.similarity(vectors, nearest=5)
    pleasant, unpleasant = known.classes.index("1"), known.classes.index("-1")
    return np.asarray(np.tanh(_VALENCE_SLOPE * (near[:, pleasant] - near[:, unpleasant])))


def _level(
    name: str,
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    encoder: SentenceVectors,
    expected: Sequence[bool] | None,
) -> list[int | None]:
    if not texts:
        return []
    known = seeds(name, encoder)
    levels = np.array([float(known.classes[place]) for place in known.of])
    values = _ridge(_rated(known.vectors, encoder), levels, _rated(vectors, encoder))
    nearest = known.similarity(vectors).max(axis=1)
    proposed: list[int | None] = []
    for place, (text, value, near) in enumerate(zip(texts, values, nearest, strict=True)):
        bar = _NEAR_WHERE_EXPECTED if expected is not None and expected[place] else _NEAR
        if near < bar:
            proposed.append(None)
            continue
        push = len(_STRONGER.findall(text)) - len(_WEAKER.findall(text))
        # An intensifier makes praise warmer and complaint sharper, but a need only greater.
        upwards = 1.0 if name == "intensity" or value >= 1.5 else -1.0
        moved = value + upwards * float(np.clip(0.4 * push, -0.8, 0.8))
        proposed.append(int(np.clip(np.floor(moved + 0.5), 0, 4)))
    return proposed


def _rated(vectors: NDArray[np.float32], encoder: SentenceVectors) -> NDArray[np.float64]:
    return np.column_stack([vectors.astype(np.float64), 2 * valence(vectors, encoder)])


def _ridge(
    known: NDArray[np.float64], levels: NDArray[np.float64], new: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Predict by ridge regression with an intercept, in its dual form (few rows, many columns)."""
    centre, mean = known.mean(axis=0), levels.mean()
    inside = known - centre
    weights = np.linalg.solve(inside @ inside.T + _RIDGE * np.eye(len(levels)), levels - mean)
    return np.asarray((new - centre) @ (inside.T @ weights) + mean)
