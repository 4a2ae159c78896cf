"""The report and the files, made from the study as it stands now."""

from __future__ import annotations

import json
from typing import Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from embauche.present.typing_sheet import typing_sheet
from embauche.present.typing_words import segment_names, typing_data
from embauche.segment.typing_sql import to_sql
from embauche.workbench.page import study_of
from embauche.workbench.services.exporting import OUTPUTS, written
from embauche.workbench.services.restoring import findings

TYPING_FORMS: Final = ("html", "json", "sql")
"""What a typing tool is written as: a sheet to print, and two scorers."""

# The report is one self-contained file: its own styles and scripts, in an origin of its own.
REPORT_POLICY = (
    "sandbox allow-scripts allow-modals allow-downloads allow-popups; default-src 'none'; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; font-src data:; "
    "frame-ancestors 'none'"
)


def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve the same ``report.html`` as ``embauche run`` writes."""
    study = study_of(request, slug)
    path = written(study, "report.html", request.language)
    response = HttpResponse(path.read_bytes(), content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = REPORT_POLICY
    return response


def download(request: HttpRequest, slug: str, name: str) -> FileResponse:
    """Serve one of the tables, or ``results.json``."""
    study = study_of(request, slug)
    if name not in OUTPUTS:
        raise Http404
    try:
        path = written(study, name, request.language)
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{study.slug}-{name}")


def typing(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Serve the typing tool as ``embauche typing --export`` writes it."""
    study = study_of(request, slug)
    found = findings(study, request.language)
    tool, segmentation, survey = found.typing, found.segmentation, found.survey
    if form not in TYPING_FORMS or tool is None or segmentation is None or survey is None:
        raise Http404
    names = segment_names(segmentation, survey, found.card.language)
    if form == "html":
        sheet = typing_sheet(tool, names, found.card.language)
        response = HttpResponse(sheet, content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = REPORT_POLICY
        return response
    if form == "json":
        text = json.dumps(typing_data(tool, names), ensure_ascii=False, indent=2) + "\n"
        kind = "application/json"
    else:
        text, kind = to_sql(tool), "application/sql; charset=utf-8"
    response = HttpResponse(text, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{study.slug}-typing.{form}"'
    return response
