"""Priorities: the qualitative index from interviews, and the ODI opportunity from a survey."""

from embauche.prioritise.opportunity import opportunities
from embauche.prioritise.priority import Opportunity, QualitativePriority

__all__ = ["Opportunity", "QualitativePriority", "opportunities"]
