"""Readers: interviews, reviews, surveys and customer tables become frozen records."""

from embauche.collect.columns import read_column
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
    "InterviewInspection",
    "SpeakerGuess",
    "SurveyRoles",
    "Table",
    "infer_roles",
    "inspect_interview",
    "make_survey",
    "read_column",
    "read_customers",
    "read_interviews",
    "read_reviews",
    "read_table",
    "split_sentences",
]
