"""The rankings of opportunities, part by part: what the report and the pages show of them."""

from __future__ import annotations

from dataclasses import dataclass

from embauche.notices import Notice
from embauche.present.findings import Findings
from embauche.present.names import Names, sentence_case
from embauche.present.zones import has_zones
from embauche.prioritise.opportunity_ranking import (
    named_outcomes,
    opportunity_rankings,
    shared_notices,
)
from embauche.prioritise.priority import Opportunity


@dataclass(frozen=True, slots=True)
class OpportunityPart:
    """The ranking among everyone, or inside a segment.

    Attributes
    ----------
    name, rows
        Whose ranking; the best first.
    scale
        Limits drawn, the same for all parts.
    zoned
        Whether the scale of any row allows zones.
    shared
        Notices that every row carries: said once, with `notices`.
    notices
        What holds of the whole ranking.
    """

    name: str
    rows: tuple[Opportunity, ...]
    scale: tuple[float, float]
    zoned: bool = True
    shared: tuple[Notice, ...] = ()
    notices: tuple[Notice, ...] = ()


def opportunity_parts(findings: Findings, names: Names) -> list[OpportunityPart]:
    """Return the rankings, everyone's first."""
    by_segment: dict[str | None, list[Opportunity]] = {}
    for item in findings.opportunities:
        by_segment.setdefault(item.segment, []).append(item)
    keys = sorted(by_segment, key=lambda key: (key is not None, key or ""))
    low = min((item.low for item in findings.opportunities), default=0.0)
    high = max((item.high for item in findings.opportunities), default=20.0)
    rankings = {item.segment: item for item in opportunity_rankings(findings.opportunities)}
    return [
        OpportunityPart(
            name=names.segment(key),
            rows=tuple(sorted(by_segment[key], key=lambda item: item.rank)),
            scale=(low, high),
            zoned=any(has_zones(item) for item in by_segment[key]),
            shared=shared_notices(by_segment[key]),
            notices=tuple(named_outcomes(item, sentence_case) for item in rankings[key].notices),
        )
        for key in keys
    ]


def opportunity_intro(parts: list[OpportunityPart]) -> str:
    """Return the key of the sentence above the rankings: the zones hold for 1–5 ratings only."""
    zoned = not parts or parts[0].zoned
    return "report.opportunities.intro" if zoned else "report.opportunities.intro_other"
