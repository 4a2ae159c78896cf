"""Segments: latent classes, how many, how solid, and what they predict."""

from embauche.segment.distal import distal
from embauche.segment.indicators import code_answers, coding_of, indicators
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.membership import membership
from embauche.segment.number_of_classes import choose_number
from embauche.segment.survey_segments import assign, segment_survey
from embauche.segment.verdict import verdict_of

__all__ = [
    "LatentClassModel",
    "assign",
    "choose_number",
    "code_answers",
    "coding_of",
    "distal",
    "indicators",
    "membership",
    "segment_survey",
    "verdict_of",
]
