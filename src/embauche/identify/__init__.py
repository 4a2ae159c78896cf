"""Evidence: what a span of a participant's words speaks for."""

from __future__ import annotations

from embauche.identify.coder import Calibration, Coding, OfflineCoder, shipped_coder
from embauche.identify.emotion import EmotionHint, EmotionKind, emotion_hints
from embauche.identify.evidence import Evidence, verified
from embauche.identify.features import Utterance
from embauche.identify.frequency import frequency_per_month
from embauche.identify.moments import moments
from embauche.identify.proposals import Proposals, evidence_id, propose
from embauche.identify.rating import dissatisfaction, intensity, valence
from embauche.identify.vectors import SentenceVectors, UniversalVectors, shared_vectors

__all__ = [
    "Calibration",
    "Coding",
    "EmotionHint",
    "EmotionKind",
    "Evidence",
    "OfflineCoder",
    "Proposals",
    "SentenceVectors",
    "UniversalVectors",
    "Utterance",
    "dissatisfaction",
    "emotion_hints",
    "evidence_id",
    "frequency_per_month",
    "intensity",
    "moments",
    "propose",
    "shared_vectors",
    "shipped_coder",
    "valence",
    "verified",
]
