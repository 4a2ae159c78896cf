"""Priorities: the qualitative index from interviews, and the ODI opportunity from a survey."""

from embauche.prioritise.heatmap import HeatCell, HeatRow, heatmap
from embauche.prioritise.opportunity import opportunities
from embauche.prioritise.opportunity_ranking import OpportunityRanking, opportunity_rankings
from embauche.prioritise.priority import Opportunity, QualitativePriority
from embauche.prioritise.qualitative import qualitative_priorities
from embauche.prioritise.target_customers import (
    CustomersOfSegment,
    Memberships,
    expected_customers,
)
from embauche.prioritise.targets import Target, Targets, find_targets

__all__ = [
    "CustomersOfSegment",
    "HeatCell",
    "HeatRow",
    "Memberships",
    "Opportunity",
    "OpportunityRanking",
    "QualitativePriority",
    "Target",
    "Targets",
    "expected_customers",
    "find_targets",
    "heatmap",
    "opportunities",
    "opportunity_rankings",
    "qualitative_priorities",
]
