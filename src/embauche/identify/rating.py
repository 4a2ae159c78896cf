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

_SHARPNESS: Final = 12.0
_NEAR_ENOUGH: Final = 0.45
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
    texts: Sequence[str], vectors: NDArray[np.float32], encoder: SentenceVectors
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

    Notes
    -----
    Every level has sixteen seed statements in two languages. A text's level is the mean of the
    levels weighted by likeness, ``Σ level · exp(12 cos) / Σ exp(12 cos)`` (kernel regression),
    moved by 0.4 for each intensifier or softener more than the other kind, at most by 0.8, and
    rounded. A text no nearer than cosine 0.45 to any two seeds of a level is unknown: most
    sentences say nothing of how much it matters.
    """
    return _level("intensity", texts, vectors, encoder)


def dissatisfaction(
    texts: Sequence[str], vectors: NDArray[np.float32], encoder: SentenceVectors
) -> list[int | None]:
    """Propose how badly the need is served today, from 0 to 4, or ``None``; as `intensity`."""
    return _level("dissatisfaction", texts, vectors, encoder)


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
    name: str, texts: Sequence[str], vectors: NDArray[np.float32], encoder: SentenceVectors
) -> list[int | None]:
    if not texts:
        return []
    known = seeds(name, encoder)
    levels = np.array([float(level) for level in known.classes])
    expected = known.kernel(vectors, _SHARPNESS) @ levels
    nearest = known.similarity(vectors).max(axis=1)
    proposed: list[int | None] = []
    for text, value, near in zip(texts, expected, nearest, strict=True):
        push = len(_STRONGER.findall(text)) - len(_WEAKER.findall(text))
        # An intensifier makes the good better and the bad worse: away from the middle for a
        # scale of discontent, upwards for one of importance.
        toward = 1.0 if name == "intensity" or value >= 1.5 else -1.0
        moved = value + toward * float(np.clip(0.4 * push, -0.8, 0.8))
        proposed.append(int(np.clip(np.floor(moved + 0.5), 0, 4)) if near >= _NEAR_ENOUGH else None)
    return proposed
