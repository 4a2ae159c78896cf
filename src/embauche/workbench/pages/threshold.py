"""Map: how fine the jobs are cut, looked at before it is chosen."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from embauche.jobs import DEFAULT_THRESHOLD
from embauche.messages import messages
from embauche.notices import Notice
from embauche.workbench.page import page, study_of, wants_part
from embauche.workbench.pages.board import may_arrange
from embauche.workbench.services.desk import desk
from embauche.workbench.services.prepared import prepared
from embauche.workbench.services.threshold import (
    chosen_threshold,
    cuts,
    preview,
    set_threshold,
    used_threshold,
)


def threshold(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what each threshold would give, and let the next analysis use one."""
    study = study_of(request, slug)
    if request.method == "POST":
        value = _number(request.POST.get("threshold"))
        before = set_threshold(study.pk, value, request.user)
        query = f"?was={before:g}" if before is not None else "?was="
        return HttpResponseRedirect(reverse("board-threshold", args=[slug]) + query)
    used, chosen = used_threshold(study), chosen_threshold(study)
    found = prepared(study, "threshold")
    given: dict[str, Any] = {
        "ready": found.data is not None,
        "fresh": found.fresh,
        "failure": failure_of(request, found.error),
        "used": used,
        "chosen": chosen,
        "usual": DEFAULT_THRESHOLD,
        "waits": (DEFAULT_THRESHOLD if chosen is None else chosen) != used,
        "was": request.GET.get("was"),
        "editable": may_arrange(request, study),
    }
    names = desk(study, request.language)
    if found.data and found.data["cuts"] and names is not None:
        wanted = _number(request.GET.get("at"))
        at = wanted if wanted is not None else chosen if chosen is not None else used
        given |= {"cuts": cuts(found.data), "preview": preview(names, found.data, at)}
    template = "parts/threshold" if wants_part(request) else "threshold"
    return page(request, template, study, section="map", tab="board", **given)


def come_again() -> HttpResponse:
    """Let a page that waited for figures load itself again: they are there."""
    return HttpResponse(headers={"HX-Refresh": "true"})


def failure_of(request: HttpRequest, error: dict[str, Any] | None) -> str:
    """Put what kept figures from being made in words."""
    if error is None:
        return ""
    return messages(request.language).notice(Notice(error["code"], error["params"], "problem"))


def _number(text: str | None) -> float | None:
    try:
        value = float((text or "").replace(",", "."))
    except ValueError:
        return None
    return value if 0 < value < 10 else None
