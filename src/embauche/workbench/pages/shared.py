"""What a share link opens: a study's answer, its result pages and its report, read-only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from embauche.messages import messages
from embauche.present.answer import cover_answer
from embauche.present.charts import (
    heatmap_chart,
    landscape_chart,
    personas_chart,
    profile_chart,
    ranking_chart,
    sizes_chart,
    validation_chart,
)
from embauche.present.findings import Findings
from embauche.present.names import Names
from embauche.present.quotes import Quotes
from embauche.present.sections import groups, job_sections
from embauche.vocabulary import Language
from embauche.workbench.models import Study
from embauche.workbench.page import page
from embauche.workbench.pages.outputs import REPORT_POLICY
from embauche.workbench.pages.pieces import chart
from embauche.workbench.services.shared_results import shared_findings, shared_report
from embauche.workbench.services.sharing import NoShareError, shared_study


@require_safe
def cover(request: Any, secret: str) -> HttpResponse:
    """Open a share link: the answer, what it rests on, and where to read on."""
    return _answer(request, secret, "cover", first=True)


@require_safe
def part(request: Any, secret: str, name: str) -> HttpResponse:
    """Show one of the result pages."""
    return _answer(request, secret, name)


@require_safe
def report(request: Any, secret: str) -> HttpResponse:
    """Serve the report, shut in a sandbox."""
    try:
        study = shared_study(secret, count=False)
    except NoShareError:
        return _private(page(request, "no_link", status=404, about="share"))
    html = shared_report(study, _language(request, study)).read_bytes()
    response = HttpResponse(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = REPORT_POLICY
    return _private(response)


def _answer(request: Any, secret: str, name: str, *, first: bool = False) -> HttpResponse:
    try:
        # Programs that look whether a link works ask for its head alone: nobody has opened it.
        study = shared_study(secret, count=first and request.method == "GET")
    except NoShareError:
        return _private(page(request, "no_link", status=404, about="share"))
    request.language = _language(request, study)
    found = shared_findings(study, request.language)
    there = _parts(found) if study.analysed_at else []
    if name not in there and not first:
        raise Http404
    response = page(
        request,
        f"shared/{name}",
        shared=study,
        secret=secret,
        parts=there,
        part=name,
        **_CONTEXTS[name](found),
    )
    return _private(response)


def _parts(found: Findings) -> list[str]:
    """Return the result pages that the study has something for."""
    there = {
        "jobs": bool(found.job_map and found.job_map.jobs),
        "segments": found.segmentation is not None or bool(found.job_map and found.job_map.jobs),
        "priorities": bool(found.opportunities or found.qualitative),
    }
    return [name for name, has in there.items() if has]


def _cover(found: Findings) -> dict[str, Any]:
    return {"answer": cover_answer(Names(found)) if found.card.made_on else None}


def _jobs(found: Findings) -> dict[str, Any]:
    names = Names(found)
    return {"sections": job_sections(names, Quotes(names))}


def _segments(found: Findings) -> dict[str, Any]:
    names, segmentation = Names(found), found.segmentation
    if segmentation is None:
        return {"groups": groups(names)}
    return {
        "segmentation": segmentation,
        "verdict": segmentation.verdict.name.lower(),
        "charts": _drawn(names, sizes_chart, personas_chart),
        "profiles": [
            (names.segment_name(item.id), chart(profile_chart(names, item)))
            for item in segmentation.segments
        ],
        "validation": _drawn(names, validation_chart),
    }


def _priorities(found: Findings) -> dict[str, Any]:
    return {"charts": _drawn(Names(found), heatmap_chart, landscape_chart, ranking_chart)}


def _drawn(names: Names, *kinds: Callable[[Names], Any]) -> list[dict[str, Any]]:
    return [made for kind in kinds if (made := chart(kind(names))) is not None]


_CONTEXTS: Final[dict[str, Callable[[Findings], dict[str, Any]]]] = {
    "cover": _cover,
    "jobs": _jobs,
    "segments": _segments,
    "priorities": _priorities,
}


def _language(request: HttpRequest, study: Study) -> Language:
    """Return the language that the address asks for, else the study's; no cookie is set here."""
    asked = request.GET.get("lang")
    return Language(asked) if asked in tuple(Language) else messages(study.language).language


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the secret in the address from other sites, and the page from search engines."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
