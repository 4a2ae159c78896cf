"""Segments: latent classes, how many, how solid, and what they predict."""

from embauche.segment.comparison_run import compare_with_demographics, comparison_refusal
from embauche.segment.distal import distal
from embauche.segment.indicators import code_answers, coding_of, indicators
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.membership import membership
from embauche.segment.number_of_classes import choose_number
from embauche.segment.personas import find_personas
from embauche.segment.personas_descriptions import describe
from embauche.segment.relation import relate_survey
from embauche.segment.routes_interviews import segment_by_interviews
from embauche.segment.routes_odi import segment_by_odi
from embauche.segment.survey_segments import assign, segment_survey
from embauche.segment.typing_build import make_typing_tool, typing_refusal
from embauche.segment.typing_sql import to_sql
from embauche.segment.typing_tool import TypingTool
from embauche.segment.verdict import verdict_of

__all__ = [
    "LatentClassModel",
    "TypingTool",
    "assign",
    "choose_number",
    "code_answers",
    "coding_of",
    "compare_with_demographics",
    "comparison_refusal",
    "describe",
    "distal",
    "find_personas",
    "indicators",
    "make_typing_tool",
    "membership",
    "relate_survey",
    "segment_by_interviews",
    "segment_by_odi",
    "segment_survey",
    "to_sql",
    "typing_refusal",
    "verdict_of",
]
