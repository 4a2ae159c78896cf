"""Priorities: the qualitative index from interviews, and the ODI opportunity from a survey."""

from embauche.prioritise.heatmap import HeatCell, HeatRow, heatmap
from embauche.prioritise.opportunity import opportunities
from embauche.prioritise.opportunity_ranking import OpportunityRanking, opportunity_rankings
from embauche.prioritise.priority import Opportunity, QualitativePriority
from embauche.prioritise.qualitative import qualitative_priorities

__all__ = [
    "HeatCell",
    "HeatRow",
    "Opportunity",
    "OpportunityRanking",
    "QualitativePriority",
    "heatmap",
    "opportunities",
    "opportunity_rankings",
    "qualitative_priorities",
]
