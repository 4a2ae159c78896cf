"""The parts of `results.json` about priorities: opportunities, their rankings, and the heatmap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from embauche.present.findings import Findings
from embauche.prioritise.heatmap import HeatRow, heatmap
from embauche.prioritise.opportunity_ranking import OpportunityRanking
from embauche.prioritise.priority import Opportunity

OPPORTUNITY_FIELDS: Final = (
    "segment", "outcome", "importance_column", "satisfaction_column", "n", "importance",
    "satisfaction", "score", "low", "high", "p_over_10", "rank", "rank_low", "rank_high", "zone",
    "gap_only", "mean_based", "p_over_12", "p_over_15", "p_holm", "p_zone", "p_satisfied_more",
    "top", "p_top", "gap_rank", "mean_rank", "importance_low", "importance_high",
    "satisfaction_low", "satisfaction_high", "excess_low", "excess_high", "importance_scale",
    "importance_top", "satisfaction_scale", "satisfaction_top", "one_rating_only", "n_effective",
)  # fmt: skip
"""Fields of an opportunity, in the order of the columns of `opportunities.csv`."""

_RANKING: Final = (
    "segment", "outcomes", "top", "best", "gap_tau", "gap_in", "gap_out", "mean_tau", "mean_in",
    "mean_out", "tested", "by_chance", "passed", "kept",
)  # fmt: skip


def opportunity_records(opportunities: Sequence[Opportunity]) -> list[dict[str, Any]]:
    """Return opportunities as JSON-ready rows."""
    return [{name: getattr(item, name) for name in OPPORTUNITY_FIELDS} for item in opportunities]


def ranking_records(rankings: Sequence[OpportunityRanking]) -> list[dict[str, Any]]:
    """Return what holds of whole rankings as JSON-ready rows."""
    return [
        {
            name: list(value) if isinstance(value := getattr(item, name), tuple) else value
            for name in _RANKING
        }
        for item in rankings
    ]


def heat_of(findings: Findings) -> tuple[HeatRow, ...]:
    """Return the heatmap's rows of a study, with intervals."""
    if findings.job_map is None:
        return ()
    return heatmap(findings.qualitative, findings.job_map, findings.evidence)


def heat_records(findings: Findings) -> list[dict[str, Any]]:
    """Return the heatmap as JSON-ready rows."""
    return [asdict(row) for row in heat_of(findings)]
