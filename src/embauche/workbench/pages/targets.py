"""Prioritise: whom to serve first with what, by the customers who are in each segment."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from embauche.present.charts_targets import amount, targets_chart
from embauche.present.figure import ChartFigure
from embauche.present.findings import Findings
from embauche.present.names import Names, sentence_case
from embauche.present.proportions import wilson
from embauche.present.zones import is_opportunity
from embauche.prioritise import Target, Targets
from embauche.workbench.page import page, study_of
from embauche.workbench.pages.pieces import charts
from embauche.workbench.services.restoring import figures
from embauche.workbench.services.targeting import study_targets

_AT_FIRST = 12


def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Show segment × customers × value × opportunity × satisfaction, the greatest stake first."""
    study = study_of(request, slug)
    found = figures(study, request.language)
    names = Names(found)
    targets = study_targets(study, found)
    parted = found.segmentation if targets else None
    segments = [item.id for item in parted.segments] if parted else []
    chosen = request.GET.get("segment", "")
    chosen = chosen if chosen in segments else ""
    rows: list[dict[str, Any]] = []
    drawn: dict[str, Any] = {}
    if targets is not None:
        listed = [item for item in targets.targets if chosen in ("", item.segment)]
        rows = [_row(item, names) for item in listed]

        def chart(names: Names) -> ChartFigure | None:
            return targets_chart(names, targets, segment=chosen or None)

        chart.__name__ = f"targets-{chosen}-{study.analysed_at}"
        drawn = charts(study, found, chart)
    return page(
        request,
        "targets",
        study,
        section="prioritise",
        targets=targets,
        spec=".1%" if targets is not None and targets.basis == "share" else ".0",
        rows=rows[:_AT_FIRST],
        more=rows[_AT_FIRST:],
        segments=[(item, names.segment(item)) for item in segments],
        chosen=chosen,
        summary=_summary(found, targets, names) if targets else [],
        charts=drawn,
        one=found.segmentation is not None and found.segmentation.k < 2,
        assignment=found.assignment,
    )


def _row(item: Target, names: Names) -> dict[str, Any]:
    row = item.opportunity
    return {
        "target": item,
        "segment": names.segment(item.segment),
        "outcome": sentence_case(item.outcome),
        "satisfied": row.satisfaction / 10,
        "satisfied_low": _tenth(row.satisfaction_low),
        "satisfied_high": _tenth(row.satisfaction_high),
        "opportunity": row,
        "strong": is_opportunity(row),
        "weak": [notice for notice in item.notices if notice.severity != "info"],
    }


def _tenth(value: float | None) -> float | None:
    """Turn a limit on 0–10 into a share."""
    return None if value is None else value / 10


def _summary(found: Findings, targets: Targets, names: Names) -> list[dict[str, Any]]:
    """Return one line a segment: respondents, customers, value, and what is at stake most."""
    segmentation = found.segmentation
    if segmentation is None:
        return []
    customers = {item.segment: item for item in targets.customers}
    first: dict[str, Target] = {}
    for item in targets.targets:
        first.setdefault(item.segment, item)
    lines = []
    for segment in segmentation.segments:
        low, high = wilson(segment.share, segmentation.n)
        top = first.get(segment.id)
        lines.append(
            {
                "segment": segment,
                "name": names.segment(segment.id),
                "low": low,
                "high": high,
                "customers": customers.get(segment.id),
                "top": top,
                "outcome": sentence_case(top.outcome) if top else "",
                "stake": amount(top.at_stake, targets, names) if top else "",
            }
        )
    return lines
