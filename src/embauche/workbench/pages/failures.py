"""Pages for what went wrong: always what happened and what to do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from embauche.errors import EmbaucheError
from embauche.messages import messages
from embauche.workbench.api import mount
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.roles import RANK


def _answer(
    request: Any, status: int, title: str, hint: str, leads: tuple[str, str] | None = None
) -> HttpResponse:
    language = getattr(request, "language", "en")
    html = render_to_string(
        "workbench/failure.html",
        {
            "title": title,
            "hint": hint,
            "status": status,
            "leads": leads,
            "words": messages(language),
            "language": str(language),
            "theme": getattr(request, "theme", "system"),
            # Without a session not even the style sheet is served on a laptop.
            "plain": not settings.SERVER_MODE
            and not getattr(getattr(request, "user", None), "is_authenticated", False),
        },
    )
    return HttpResponse(html, status=status)


def _say(request: Any, status: int, code: str) -> HttpResponse:
    words = messages(getattr(request, "language", "en"))
    return _answer(
        request,
        status,
        words.text(f"workbench.failure.{code}"),
        words.text(f"workbench.failure.{code}.hint"),
    )


def no_token(request: HttpRequest) -> HttpResponse:
    """403: this browser did not bring the token."""
    return _say(request, 403, "no_token")


def forbidden(request: HttpRequest, exception: object = None) -> HttpResponse:  # noqa: ARG001
    """403: this person may not do that here."""
    return _say(request, 403, "forbidden")


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403: a form that this server did not make, or a page open since before a restart."""
    return _say(request, 403, "csrf")


def missing(request: HttpRequest, exception: object = None) -> HttpResponse:  # noqa: ARG001
    """404: nothing at that address; a program is told so as the API tells it."""
    if request.path.startswith("/api/"):
        return mount.missing(request)
    return _say(request, 404, "missing")


def incomplete(request: HttpRequest) -> HttpResponse:
    """400: a form without a field that it needs."""
    return _say(request, 400, "incomplete")


def broken(request: HttpRequest) -> HttpResponse:
    """500: a defect of ours; the log has the trace, which a server writes to its journal."""
    where = "server" if settings.SERVER_MODE else "laptop"
    words = messages(getattr(request, "language", "en"))
    return _answer(
        request,
        500,
        words.text("workbench.failure.broken"),
        words.text(f"workbench.failure.broken.hint.{where}"),
    )


def mendable(request: Any, error: EmbaucheError) -> HttpResponse:
    """409 for a conflict, 422 for what a person can mend: the error's message and hint."""
    status = 409 if isinstance(error, StaleVersionError) else 422
    language = getattr(request, "language", "en")
    return _answer(
        request, status, error.message(language), error.hint(language), _leads(request, error)
    )


def _leads(request: Any, error: EmbaucheError) -> tuple[str, str] | None:
    """Return the page where a wrong speaker is mended, for who may mend it."""
    match, number = request.resolver_match, error.params.get("source_id")
    editor = RANK.get(getattr(request, "role", ""), 0) >= RANK["editor"]
    if error.code != "coding.not_a_participant" or number is None or not editor:
        return None
    address = reverse("source-speakers", args=[match.kwargs["slug"], number])
    return address, messages(request.language).text("speakers.mend")
