"""Map: jobs, their canvas and empathy map, and their links to survey needs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from embauche.errors import StudyError
from embauche.jobs import Arrangement, Operation, merge_jobs, move_evidence
from embauche.jobs.operating import job_named
from embauche.messages import messages
from embauche.notices import Notice
from embauche.present.canvas import jobs_canvas
from embauche.present.empathy_map import empathy_map
from embauche.present.names import Names
from embauche.present.quotes import Quotes
from embauche.vocabulary import Language
from embauche.workbench.models import Job, NeedLink, Study
from embauche.workbench.page import page, study_of, wants_part
from embauche.workbench.pages.job_cards import cards, choice
from embauche.workbench.pages.last_step import number
from embauche.workbench.pages.pieces import piece
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.frozen import thaw
from embauche.workbench.services.inputs import decisions_in, study_folder
from embauche.workbench.services.job_operations import history, operate, redo, undo
from embauche.workbench.services.jobs_view import job_rows, need_rows
from embauche.workbench.services.proposal_lines import Suggestion, statements_for
from embauche.workbench.services.restoring import findings
from embauche.workbench.services.standing import kept_map
from embauche.workbench.services.wording import confirm_link, rename_job, save_offer

_QUOTES_IN_A_BOX = 4
_OPERATIONS = 20
"""Of the history, unless all of it is asked for."""


def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """List the jobs, most participants first, and the needs that ask about them."""
    return _listed(request, study_of(request, slug))


def _listed(
    request: HttpRequest, study: Study, *, status: int = 200, failure: StudyError | None = None
) -> HttpResponse:
    done, log = history(study)
    said = (failure.message(request.language), failure.hint(request.language)) if failure else None
    data = kept_map(study)
    jobs, needs = job_rows(study, request.language), need_rows(study)
    names = tuple((row.pk, f"{row.number} · {row.statement}") for row in jobs)
    return page(
        request,
        "jobs",
        study,
        status=status,
        section="map",
        jobs=jobs,
        cards=cards(request, study, jobs, _suggested(study, request.language)),
        choices={need.need: choice(names, need.job) for need in needs},
        needs=needs,
        unassigned=len(data["unassigned"]) if data else 0,
        notices=[thaw(Notice, item) for item in data["notices"]] if data else [],
        done=done if "history" in request.GET else done[:_OPERATIONS],
        all_done=len(done),
        redoable=bool(log.redoable),
        standing=bool(log.standing),
        failure=said,
    )


@require_POST
def operation(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Merge two jobs, move evidence, undo or redo; what makes no sense is said on the page."""
    study = study_of(request, slug)
    job, other = request.POST.get("job", ""), request.POST.get("other", "")

    def merged(now: Arrangement) -> Operation:
        return merge_jobs(now, [job_named(now, job), job_named(now, other)])

    def moved(now: Arrangement) -> Operation:
        target = job_named(now, other) if other else None
        return move_evidence(now, request.POST.get("evidence", ""), target)

    try:
        if kind == "undo":
            undo(study.pk, request.user, request.POST.get("entry") or None)
        elif kind == "redo":
            redo(study.pk, request.user)
        elif kind in {"merge", "move"}:
            operate(study.pk, merged if kind == "merge" else moved, request.user)
        else:
            raise Http404
    except StudyError as error:
        study.refresh_from_db()
        return _listed(request, study, status=409, failure=error)
    return HttpResponseRedirect(reverse("jobs", args=[slug]) + "#history")


@require_POST
def statement(request: HttpRequest, slug: str, job_id: int) -> HttpResponse:
    """Keep a person's wording of a job; a conflict shows both wordings and loses neither."""
    study = study_of(request, slug)
    job = get_object_or_404(Job, pk=job_id, study=study)
    text = request.POST.get("statement", "")
    version = request.POST.get("version")
    conflict = False
    try:
        rename_job(job.pk, text, request.language, request.user, number(version))
    except StaleVersionError:
        conflict = True
    if not wants_part(request) and not conflict:
        return HttpResponseRedirect(reverse("jobs", args=[slug]))
    study.refresh_from_db()
    row = next(iter(job_rows(study, request.language, job.pk)), None)
    if row is None:
        raise Http404
    template = "parts/job" if wants_part(request) else "job_conflict"
    status = 200 if wants_part(request) or not conflict else 409
    return page(
        request,
        template,
        study,
        status=status,
        row=row,
        suggested=_suggested(study, request.language),
        conflict=conflict,
        attempt=text,
    )


def _suggested(study: Study, language: Language | str) -> dict[str, list[Suggestion]]:
    """Return the statements that programs propose, by the job's key."""
    return statements_for(study, decisions_in(study_folder(study)), language)


def canvas(request: HttpRequest, slug: str, job_id: int) -> HttpResponse:
    """Show a job's canvas, with the offer's answers to edit."""
    return _sheet(request, slug, job_id, "canvas")


def empathy(request: HttpRequest, slug: str, job_id: int) -> HttpResponse:
    """Show a job's empathy map."""
    return _sheet(request, slug, job_id, "empathy")


def _sheet(request: HttpRequest, slug: str, job_id: int, which: str) -> HttpResponse:
    study = study_of(request, slug)
    row = get_object_or_404(Job, pk=job_id, study=study, current=True)
    found = findings(study, request.language)
    names = Names(found)
    words = messages(request.language)
    job = names.jobs[row.key]
    quotes = Quotes(names)
    shown = {
        "limit": _QUOTES_IN_A_BOX,
        "opens": True,
        "opened": request.GET.get("all", ""),
    }
    drawn = (
        piece(
            words,
            "canvas",
            "jobs_canvas",
            jobs_canvas(found, job),
            names.job(job.id),
            quotes,
            **shown,
        )
        if which == "canvas"
        else piece(
            words,
            "canvas",
            "empathy_map",
            empathy_map(found, job),
            names.job(job.id),
            quotes,
            **shown,
        )
    )
    rows = job_rows(study, request.language)
    return page(
        request,
        which,
        study,
        section="map",
        drawn=drawn,
        job=next(item for item in rows if item.pk == row.pk),
        jobs=rows,
        offer=[*study.offer.items(), ("", "")],
    )


@require_POST
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the offer's answers and return to the canvas."""
    study = study_of(request, slug)
    job = get_object_or_404(Job, pk=number(request.POST.get("job")), study=study)
    names, texts = request.POST.getlist("part"), request.POST.getlist("text")
    save_offer(
        study.pk,
        dict(zip(names, texts, strict=False)),
        request.user,
        number(request.POST.get("version")),
    )
    return HttpResponseRedirect(reverse("canvas", args=[slug, job.pk]))


@require_POST
def link(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm which job a survey need asks about."""
    confirmed(request, study_of(request, slug))
    return HttpResponseRedirect(reverse("jobs", args=[slug]) + "#needs")


def confirmed(request: Any, study: Study) -> None:
    """Keep which job a form says that a need asks about; both are the study's own."""
    need, chosen = request.POST.get("need", ""), request.POST.get("job", "")
    known = NeedLink.objects.filter(study=study, need=need).exists()
    if not known and need not in {row.need for row in need_rows(study)}:
        raise Http404
    job = get_object_or_404(Job, pk=number(chosen), study=study) if chosen else None
    confirm_link(study.pk, need, job.pk if job is not None else None, request.user)
