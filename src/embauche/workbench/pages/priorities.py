"""Prioritise: the heatmap of jobs, the landscape and the ranking of outcomes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from embauche.messages import messages
from embauche.present.names import Names, sentence_case
from embauche.present.sections import heat_rows
from embauche.present.zones import doubtful, is_opportunity
from embauche.workbench.page import page, study_of
from embauche.workbench.pages.pieces import charts, piece
from embauche.workbench.services.restoring import findings


def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is served worst, by interviews and by survey, each with its interval."""
    study = study_of(request, slug)
    found = findings(study, request.language)
    names = Names(found)
    drawn = charts(found)
    heat = heat_rows(names)
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
        heatmap=piece(messages(request.language), "heat", "heatmap", heat) if heat else "",
        heat=heat,
        charts=drawn,
        overall=parts.get(None, []),
        segments=[(names.segment(key), rows) for key, rows in parts.items() if key is not None],
    )
