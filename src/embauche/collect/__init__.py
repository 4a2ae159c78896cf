"""Readers: interviews, reviews, surveys and customer tables become frozen records."""

from embauche.collect.columns import read_column
from embauche.collect.guide import (
    Guide,
    GuideBrief,
    GuidePart,
    GuideQuestion,
    guide_from_dict,
    guide_to_dict,
)
from embauche.collect.guide_building import build_guide, refit_guide
from embauche.collect.interviews import (
    InterviewInspection,
    SpeakerGuess,
    inspect_interview,
    read_interviews,
)
from embauche.collect.reviews import read_reviews
from embauche.collect.roles import SurveyRoles, infer_roles
from embauche.collect.sentences import split_sentences
from embauche.collect.surveys import make_survey, read_customers
from embauche.collect.tables import Table, read_table

__all__ = [
    "Guide",
    "GuideBrief",
    "GuidePart",
    "GuideQuestion",
    "InterviewInspection",
    "SpeakerGuess",
    "SurveyRoles",
    "Table",
    "build_guide",
    "guide_from_dict",
    "guide_to_dict",
    "infer_roles",
    "inspect_interview",
    "make_survey",
    "read_column",
    "read_customers",
    "read_interviews",
    "read_reviews",
    "read_table",
    "refit_guide",
    "split_sentences",
]
