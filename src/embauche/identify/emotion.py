"""Which kind of emotion the words express: a hint, never a finding."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embauche.identify.seeds import seeds
from embauche.identify.vectors import SentenceVectors


class EmotionKind(StrEnum):
    """A kind of felt emotion (`notice.identify.emotion.<kind>` names it)."""

    JOY = "joy"
    PRIDE = "pride"
    RELIEF = "relief"
    FEAR = "fear"
    ANGER = "anger"
    SADNESS = "sadness"
    SHAME = "shame"
    SURPRISE = "surprise"
    BOREDOM = "boredom"


class EmotionHint(NamedTuple):
    """A kind of emotion and the share of likeness that it has among all kinds (0 to 1)."""

    kind: EmotionKind
    confidence: float


_SHARPNESS: Final = 12.0
_SUREST: Final = 0.3
_NEAR: Final = 0.33
"""As for ratings: words far from every seed express none of these."""


def emotion_hints(
    vectors: NDArray[np.float32], encoder: SentenceVectors
) -> list[EmotionHint | None]:
    """Return, for each of n vectors, the likeliest kind of emotion or ``None``.

    Likeness to seed sentences written for this project, ``exp(12 · mean cosine of the nearest
    two)`` of a kind over all kinds and a neutral one; ``None`` where the neutral one is likelier
    or the share is under 0.3 or the cosine under 0.33.
    """
    if not len(vectors):
        return []
    known = seeds("emotions", encoder)
    near = known.similarity(vectors)
    weights = np.exp(_SHARPNESS * near)
    shares = weights / weights.sum(axis=1, keepdims=True)
    hints: list[EmotionHint | None] = []
    for row, likeness in zip(shares, near, strict=True):
        best = int(row.argmax())
        name = known.classes[best]
        sure = name != "neutral" and row[best] >= _SUREST and likeness[best] >= _NEAR
        hints.append(EmotionHint(EmotionKind(name), float(row[best])) if sure else None)
    return hints
