"""The analysis in the background, as a page sees it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from embauche.errors import EmbaucheError
from embauche.messages import messages
from embauche.workbench.models import Run
from embauche.workbench.page import page, study_of, wants_part
from embauche.workbench.services import analysis


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


@require_POST
def cancel(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """Ask a run to stop."""
    study = study_of(request, slug)
    if not Run.objects.filter(pk=run_id, study=study).exists():
        raise Http404
    analysis.cancel(run_id, request.user)
    return HttpResponseRedirect(reverse("progress", args=[slug, run_id]))
