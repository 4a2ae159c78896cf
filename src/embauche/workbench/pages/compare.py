"""Segment: whether job segments say more than demographics, in full."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from embauche.errors import WorkbenchError
from embauche.present.charts import validation_chart
from embauche.present.figure import ChartFigure
from embauche.present.findings import Findings
from embauche.present.names import Names
from embauche.segment.comparison import Validation
from embauche.workbench.models import Study
from embauche.workbench.page import page, study_of
from embauche.workbench.pages.pieces import charts
from embauche.workbench.services.comparing import compare_outcome, comparisons, outcome_choices
from embauche.workbench.services.restoring import figures

_SAME_SURVEY = "comparison.association"


def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Show every competitor with its interval, what decides, and what to do."""
    study = study_of(request, slug)
    return _shown(request, study)


@require_POST
def test(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the test on another outcome, and show its progress."""
    study = study_of(request, slug)
    try:
        run = compare_outcome(study.pk, request.POST.get("outcome", ""), request.user)
    except WorkbenchError as error:
        failure = (error.message(request.language), error.hint(request.language))
        return _shown(request, study, failure, status=422)
    return HttpResponseRedirect(reverse("progress", args=[slug, run.pk]))


def _shown(
    request: HttpRequest,
    study: Study,
    failure: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = figures(study, request.language)
    names = Names(found)
    others = comparisons(study)
    own = (found.validation,) if found.validation is not None else ()
    every = {item.outcome: item for item in (*own, *others)}
    asked = request.GET.get("outcome", "")
    chosen = every.get(asked) or next(iter(every.values()), None)
    choices = outcome_choices(found.survey) if found.survey and found.segmentation else ()
    return page(
        request,
        "compare",
        study,
        section="segment",
        tab="compare",
        status=status,
        failure=failure,
        validation=chosen,
        outcome=names.column(chosen.outcome) if chosen else "",
        tested=[(item.outcome, names.column(item.outcome), item) for item in every.values()],
        choices=[item for item in choices if item.column not in every],
        charts=_drawn(study, found, chosen) if chosen else {},
        competitors=_competitors(chosen, names) if chosen else [],
        differences=_differences(chosen, names) if chosen else [],
        same_survey=[n for n in chosen.notices if n.code == _SAME_SURVEY] if chosen else [],
        notices=[n for n in chosen.notices if n.code != _SAME_SURVEY] if chosen else [],
    )


def _drawn(study: Study, found: Findings, chosen: Validation) -> dict[str, Any]:
    def chart(_: Names) -> ChartFigure | None:
        made = Names(replace(found, validation=chosen))
        drawn = validation_chart(made)
        return drawn and replace(drawn, title=made.words.text("compare.chart"))

    chart.__name__ = f"validation-{chosen.outcome}"
    return charts(study, found, chart, also=chosen)


def _competitors(chosen: Validation, names: Names) -> list[dict[str, Any]]:
    ranked = sorted(chosen.scores, key=lambda item: -item.score)
    return [
        {
            "name": names.predictors(item.predictors),
            "knows": f"compare.knows.{item.predictors}",
            "score": item,
            "own": item.predictors == "job_segments",
            "nothing": item.predictors == "nothing",
        }
        for item in ranked
    ]


def _differences(chosen: Validation, names: Names) -> list[dict[str, Any]]:
    rows = (
        ("against_demographics", chosen.difference, chosen.low, chosen.high),
        (
            "against_segments",
            chosen.segments_difference,
            chosen.segments_low,
            chosen.segments_high,
        ),
    )
    return [
        {
            "name": names.words.text(f"report.difference.{key}"),
            "value": value,
            "low": low,
            "high": high,
            "settled": low > 0 or high < 0,
        }
        for key, value, low, high in rows
        if isfinite(value)
    ]
