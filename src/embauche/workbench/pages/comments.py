"""Comments on a job, a piece of evidence or the study, and where one is named in them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from embauche.errors import WorkbenchError
from embauche.workbench.models import Comment, Study
from embauche.workbench.page import number_of, page, part, study_of, wants_part
from embauche.workbench.pages.conflict_words import said_of
from embauche.workbench.pages.object_links import places_of
from embauche.workbench.services import comments
from embauche.workbench.services.comments import Subject
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.members import members

_A_PAGE = 30


def panel(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Show what was said of an object, or add to it: as a panel, or as a page without scripts."""
    study = study_of(request, slug)
    subject = _subject(request, study, kind, pk)
    problem, text = None, ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            comments.write_comment(study, subject, text, request.user)
        except WorkbenchError as error:
            problem = error
        else:
            text = ""
            if not wants_part(request):
                return HttpResponseRedirect(request.path)
    return _panel(request, study, subject, problem=problem, text=text)


@require_POST
def change(request: HttpRequest, slug: str, comment_id: int) -> HttpResponse:
    """Edit or delete one's own comment."""
    study = study_of(request, slug)
    row = get_object_or_404(Comment, pk=comment_id, study=study)
    subject = _subject_of_row(request, study, row)
    text, given = request.POST.get("text", ""), request.POST.get("version", "")
    version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    problem = None
    try:
        if request.POST.get("do") == "delete":
            comments.delete_comment(row.pk, request.user, version)
        else:
            comments.edit_comment(row.pk, text, request.user, version)
    except WorkbenchError as error:
        problem = error
    if problem is None and not wants_part(request):
        return HttpResponseRedirect(reverse("comments", args=[slug, subject.kind, subject.pk]))
    return _panel(request, study, subject, problem=problem, attempt=(row.pk, text))


def mentions(request: HttpRequest) -> HttpResponse:
    """List where the reader was named, the newest first."""
    rows = Paginator(comments.mentions_of(request.user), _A_PAGE).get_page(
        number_of(request, "page")
    )
    return page(
        request,
        "mentions",
        rows=rows,
        places=places_of([row.comment for row in rows], request.language),
        waiting=comments.unseen(request.user),
    )


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Mark all mentions as seen."""
    comments.see(request.user)
    return HttpResponseRedirect(reverse("mentions"))


def _panel(
    request: Any,
    study: Study,
    subject: Subject,
    *,
    problem: WorkbenchError | None = None,
    text: str = "",
    attempt: tuple[int, str] | None = None,
) -> HttpResponse:
    rows = comments.comments_on(study, subject, request.user)
    comments.see(request.user, rows)
    status = 200
    if problem is not None:
        status = 409 if isinstance(problem, StaleVersionError) else 422
    context: dict[str, Any] = {
        "subject": subject,
        "comments": rows,
        "people": [row.user for row in members(study)],
        "problem": said_of(problem, request.language, "team.conflict.comment"),
        "text": text,
        "attempt": attempt if problem is not None else None,
        "longest": comments.LONGEST,
        "counted": wants_part(request),
    }
    if wants_part(request):
        response = part(request, "parts/comments", study=study, **context)
        response.status_code = status
        return response
    return page(request, "comments", study, status=status, section="team", **context)


def _subject(request: Any, study: Study, kind: str, pk: int) -> Subject:
    try:
        return comments.subject_of(study, kind, pk, request.user)
    except ObjectDoesNotExist:
        raise Http404 from None


def _subject_of_row(request: Any, study: Study, row: Comment) -> Subject:
    """Return what a comment is about; its object may be gone since."""
    rows: Any = {"job": study.jobs, "evidence": study.evidence}.get(row.kind)
    pk = study.pk if rows is None else rows.filter(key=row.key).values_list("pk", flat=True).first()
    if pk is None:
        raise Http404
    return _subject(request, study, row.kind, pk)
