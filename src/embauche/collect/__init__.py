"""Readers: interviews, reviews, surveys and customer tables become frozen records."""

from embauche.collect.interviews import (
    InterviewInspection,
    SpeakerGuess,
    inspect_interview,
    read_interviews,
)
from embauche.collect.tables import Table, read_table

__all__ = [
    "InterviewInspection",
    "SpeakerGuess",
    "Table",
    "inspect_interview",
    "read_interviews",
    "read_table",
]
