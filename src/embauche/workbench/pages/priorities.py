"""Prioritise: the heatmap of jobs, the landscape and the ranking of outcomes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from embauche.present.charts import heatmap_chart, landscape_chart, ranking_chart
from embauche.present.charts_priorities import heat_step
from embauche.present.names import Names, sentence_case
from embauche.present.sections import HeatRow, heat_rows
from embauche.present.zones import doubtful, is_opportunity
from embauche.workbench.page import page, study_of
from embauche.workbench.pages.pieces import charts
from embauche.workbench.services.restoring import findings


def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is served worst, by interviews and by survey, each with its interval."""
    study = study_of(request, slug)
    found = findings(study, request.language)
    names = Names(found)
    drawn = charts(study, found, heatmap_chart, landscape_chart, ranking_chart)
    heat = heat_rows(names)
    top = max((row.priority.high or 0.0 for row in heat), default=0.0) or 100.0
    parts: dict[str | None, list[dict[str, object]]] = {}
    low = min((item.low for item in found.opportunities), default=0.0)
    high = max((item.high for item in found.opportunities), default=20.0)
    for item in sorted(found.opportunities, key=lambda one: one.rank):
        parts.setdefault(item.segment, []).append(
            {
                "item": item,
                "name": sentence_case(item.outcome),
                "doubtful": doubtful(item),
                "opportunity": is_opportunity(item),
                "line": [
                    round(4 + 192 * (value - low) / ((high - low) or 1), 1)
                    for value in (item.low, item.score, item.high)
                ],
            }
        )
    return page(
        request,
        "priorities",
        study,
        section="prioritise",
        heat=[_heat(row, top) for row in heat],
        charts=drawn,
        overall=parts.get(None, []),
        segments=[(names.segment(key), rows) for key, rows in parts.items() if key is not None],
    )


def _heat(row: HeatRow, top: float) -> dict[str, Any]:
    """Return one job's row of the heatmap: steps of the ramp, the interval's line, the reasons."""
    item = row.priority
    line = None
    if item.index is not None and item.low is not None and item.high is not None:
        line = [round(4 + 192 * value / top, 1) for value in (item.low, item.index, item.high)]
    return {
        "number": row.number,
        "statement": row.statement,
        "item": item,
        "often": None if item.frequency is None else round(item.frequency, 1),
        "steps": [
            heat_step(item.frequency_level, 1),
            heat_step(item.intensity, 4),
            heat_step(item.dissatisfaction, 4),
        ],
        "line": line,
        "reasons": [notice for notice in item.notices if notice.severity != "info"],
    }
