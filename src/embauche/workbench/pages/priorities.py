"""Prioritise: the heatmap of jobs, the landscape and the ranking of outcomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from embauche.messages import messages
from embauche.present.charts import heatmap_chart, landscape_chart, ranking_chart
from embauche.present.charts_priorities import heat_step
from embauche.present.figure import ChartFigure
from embauche.present.names import Names
from embauche.present.opportunity_parts import opportunity_intro, opportunity_parts
from embauche.present.sections import HeatRow, heat_rows
from embauche.workbench.page import page, study_of
from embauche.workbench.pages.pieces import charts, piece
from embauche.workbench.services.kept_parts import kept_part
from embauche.workbench.services.restoring import findings

Kind = Callable[[Names], ChartFigure | None]


def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is served worst, by interviews and by survey, each with its interval."""
    study = study_of(request, slug)
    found = findings(study, request.language)
    names = Names(found)
    segments = [key for key in dict.fromkeys(row.segment for row in found.opportunities) if key]
    chosen = request.GET.get("segment", "")
    chosen = chosen if chosen in segments else ""
    heat = heat_rows(names)
    drawn = {
        # Ratings of evidence are averaged as they stand now: what is said decides what is drawn.
        **charts(study, found, heatmap_chart, also=heat),
        **charts(study, found, *_of(chosen, landscape_chart, ranking_chart)),
    }
    top = max((row.priority.high or 0.0 for row in heat), default=0.0) or 100.0
    intro, tables = kept_part(
        study, f"opportunities {request.language} {chosen}", lambda: _tables(names, chosen)
    )
    return page(
        request,
        "priorities",
        study,
        section="prioritise",
        heat=[_heat(row, top) for row in heat],
        charts=drawn,
        overall=tables[0] if tables else None,
        segments=tables[1:],
        intro=intro,
        choices=[(key, names.segment(key)) for key in segments],
        chosen=chosen,
    )


def _tables(names: Names, chosen: str) -> tuple[Any, list[tuple[str, int, SafeString]]]:
    """Write the ratings as tables: no decision about evidence changes them."""
    found = names.findings
    words = messages(found.card.language)
    parts = [
        part
        for part in opportunity_parts(found, names)
        if not chosen or part.rows[0].segment == chosen
    ]
    tables = [
        (part.name, part.rows[0].n, piece(words, "ranking", "ranking", part, frame="sheet scroll"))
        for part in parts
    ]
    return opportunity_intro(parts), tables


def _of(segment: str, *kinds: Kind) -> list[Kind]:
    """Return charts of everyone as charts of one segment."""
    if not segment:
        return list(kinds)

    def of(kind: Kind) -> Kind:
        def drawn(names: Names) -> ChartFigure | None:
            found = names.findings
            rows = [row for row in found.opportunities if row.segment == segment]
            alone = tuple(replace(row, segment=None) for row in rows)
            return kind(Names(replace(found, opportunities=alone)))

        drawn.__name__ = f"{getattr(kind, '__name__', kind)}-{segment}"
        return drawn

    return [of(kind) for kind in kinds]


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
