"""Pages: what every one of them is given, and the study that an address names."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.backends.utils import csrf_input
from django.template.response import TemplateResponse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from embauche.errors import WorkbenchError
from embauche.messages import messages
from embauche.workbench.models import Membership, Study
from embauche.workbench.services.comments import unseen
from embauche.workbench.services.roles import RANK
from embauche.workbench.services.shown_names import shown_name
from embauche.workbench.services.state import study_state
from embauche.workbench.services.visibility import shut_while_blind
from embauche.workbench.tabs import tabs

_READS = frozenset({"GET", "HEAD", "OPTIONS"})

# Pages that are made of everybody's coding: shut to coders while a study is coded blind.
_SHOWS_OTHERS = frozenset(
    {
        "agreement", "board", "canvas", "cell", "compare", "download", "empathy", "jobs", "matrix",
        "operation", "priorities", "report", "saturation", "segments", "settle", "statement",
        "steps", "targets",
    }
)  # fmt: skip


def everywhere(request: Any) -> dict[str, Any]:
    """Return what all templates get: words, language and theme, who reads and in what role."""
    language = getattr(request, "language", "en")
    words = messages(language)
    user: Any = getattr(request, "user", None)
    known = bool(getattr(user, "is_authenticated", False))
    return {
        "words": words,
        "me": shown_name(user, words) if known else "",
        # Counted where a page shows it.
        "unseen": lambda: unseen(user) if known else 0,
        "role": getattr(request, "role", ""),
        "server_mode": settings.SERVER_MODE,
        "language": str(language),
        "other_language": "en" if language == "fr" else "fr",
        "theme": getattr(request, "theme", "system"),
        "here": request.get_full_path(),
        "csrf_input": SimpleLazyObject(lambda: form_token(request)),
    }


def form_token(request: Any) -> SafeString:
    """Return the field that each form of a page carries.

    Once a page: the token of each form is else masked anew, which packs badly.
    """
    if not hasattr(request, "form_token"):
        request.form_token = csrf_input(request)
    token: SafeString = request.form_token
    return token


def page(
    request: Any, template: str, study: Study | None = None, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page; one of a study gets its stages for the rail, and tabs."""
    if study is not None:
        context["study"] = study
        if "state" not in context:
            context["state"] = study_state(study, request.user)
        match = request.resolver_match
        here = context.get("tab") or (match.url_name if match else None)
        context["tabs"] = tabs(study, context.get("section", ""), here)
    return TemplateResponse(request, f"workbench/{template}.html", context, status=status)


def part(request: Any, template: str, **context: Any) -> HttpResponse:
    """Render a part of a page that changes without the rail: none of its figures is counted."""
    return TemplateResponse(request, f"workbench/{template}.html", context)


def study_of(request: Any, slug: str, *, writes: str = "coder") -> Study:
    """Return the study of an address, for who may read it; strangers learn nothing.

    The page speaks the study's language unless the reader chose another. What is not asked for
    with GET needs the role `writes`, before any service asks again for the role that it needs.
    """
    # One question for both: a study that one is no member of is as one that is not there.
    member = Membership.objects.filter(user=request.user, study__slug=slug)
    found = member.select_related("study").first()
    if found is None:
        raise Http404
    study, held = found.study, found.role
    if request.method not in _READS and RANK[held] < RANK[writes]:
        raise PermissionDenied
    request.role = held
    match = request.resolver_match
    shown = str(match.url_name).partition("-")[0] if match else ""
    if shown in _SHOWS_OTHERS and shut_while_blind(study, request.user):
        raise WorkbenchError("coding.shut_while_blind")
    if not request.language_chosen:
        request.language = messages(study.language).language
    return study


def wants_part(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of the page."""
    return request.headers.get("HX-Request") == "true"


def number_of(request: HttpRequest, name: str, default: int = 1) -> int:
    """Return a whole number of the query, or the default where it is none."""
    text = str(request.GET.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default
