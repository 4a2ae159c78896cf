"""Settings of a study."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from embauche.errors import WorkbenchError
from embauche.vocabulary import Language
from embauche.workbench.models import Study
from embauche.workbench.page import page, study_of
from embauche.workbench.pages.conflict_words import said_of
from embauche.workbench.services import study_settings
from embauche.workbench.services.conflicts import StaleVersionError

_TEXTS = ("title", "product", "question")


def settings(request: Any, slug: str) -> HttpResponse:
    """Show the settings, or keep them."""
    study = study_of(request, slug, writes="editor")
    if request.method != "POST":
        return _shown(request, study, saved="saved" in request.GET)
    given = {name: request.POST.get(name, "") for name in _TEXTS}
    given |= {
        "language": request.POST.get("language", ""),
        "blind": request.POST.get("blind") == "1",
        "seed": _number(request, "seed"),
    }
    if given["language"] not in tuple(Language):
        given["language"] = study.language
    try:
        study_settings.save_settings(study.pk, given, request.user, _number(request, "version"))
    except StaleVersionError as error:
        study.refresh_from_db()
        return _shown(request, study, problem=error, attempt=given, status=409)
    except WorkbenchError as error:
        return _shown(request, study, problem=error, attempt=given, status=422)
    return HttpResponseRedirect(reverse("settings", args=[slug]) + "?saved=1")


@require_POST
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the study away, or bring it back."""
    study = study_of(request, slug, writes="owner")
    archived, version = request.POST.get("do") == "archive", _number(request, "version")
    try:
        study_settings.archive(study.pk, request.user, version, archived=archived)
    except StaleVersionError as error:
        study.refresh_from_db()
        return _shown(request, study, problem=error, status=409)
    return HttpResponseRedirect(reverse("settings", args=[slug]))


def _shown(
    request: Any,
    study: Study,
    *,
    saved: bool = False,
    problem: WorkbenchError | None = None,
    attempt: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = {name: getattr(study, name) for name in (*_TEXTS, "language", "blind", "seed")}
    return page(
        request,
        "settings",
        study,
        status=status,
        section="team",
        tab="settings",
        saved=saved,
        form=attempt or now,
        now=now,
        conflict=isinstance(problem, StaleVersionError),
        problem=said_of(problem, request.language, "team.conflict.settings"),
        languages=list(Language),
        longest=study_settings.LONGEST,
        most_seed=study_settings.MOST_SEED,
    )


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0
