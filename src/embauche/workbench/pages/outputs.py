"""The report and the files, made from the study as it stands now."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from embauche.workbench.page import study_of
from embauche.workbench.services.exporting import OUTPUTS, written

# The report is one self-contained file: its own styles and scripts, in an origin of its own.
_REPORT_POLICY = (
    "sandbox allow-scripts allow-modals allow-downloads allow-popups; default-src 'none'; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; font-src data:; "
    "frame-ancestors 'none'"
)


def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve the same ``report.html`` as ``embauche run`` writes."""
    study = study_of(request, slug)
    path = written(study, "report.html", request.language)
    response = HttpResponse(path.read_bytes(), content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _REPORT_POLICY
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
