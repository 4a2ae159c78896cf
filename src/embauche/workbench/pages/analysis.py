"""The analysis in the background, as a page sees it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from embauche.errors import EmbaucheError
from embauche.messages import messages
from embauche.workbench.models import Run
from embauche.workbench.page import page, study_of, wants_part
from embauche.workbench.services import analysis

FIGURES = frozenset({"overview", "segments", "compare", "priorities", "targets", "steps"})


@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for an analysis and show its progress."""
    study = study_of(request, slug)
    run = analysis.analyse(study.pk, request.user)
    return HttpResponseRedirect(reverse("progress", args=[slug, run.pk]))


def progress(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """Show how far a run is; the page asks again every second until it ends."""
    study = study_of(request, slug)
    run = get_object_or_404(Run, pk=run_id, study=study)
    error = None
    if run.error:
        problem = EmbaucheError(run.error["code"], **run.error["params"])
        words = messages(request.language)
        error = (problem.message(words.language), problem.hint(words.language))
    template = "parts/run" if wants_part(request) else "progress"
    return page(
        request,
        template,
        study,
        section="progress",
        run=run,
        error=error,
        active=run.state in analysis.ACTIVE,
    )


def strip(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """Say above any page how far a run is; once it has ended, offer the figures that it made."""
    study = study_of(request, slug)
    run = get_object_or_404(Run, pk=run_id, study=study)
    back = request.GET.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("overview", args=[slug])
    if not wants_part(request):
        return HttpResponseRedirect(back)
    return page(
        request,
        "parts/strip",
        run=run,
        study_here=study,
        active=run.state in analysis.ACTIVE,
        back=back,
        swaps=_shows_figures(back),
    )


def _shows_figures(address: str) -> bool:
    """Tell whether a page holds figures and nothing that someone may be working on."""
    try:
        return resolve(urlsplit(address).path).url_name in FIGURES
    except Resolver404:
        return False


@require_POST
def cancel(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """Ask a run to stop."""
    study = study_of(request, slug)
    if not Run.objects.filter(pk=run_id, study=study).exists():
        raise Http404
    analysis.cancel(run_id, request.user)
    return HttpResponseRedirect(reverse("progress", args=[slug, run_id]))
