"""Pages: what every one of them is given, and the study that an address names."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from embauche.messages import messages
from embauche.workbench.models import Study
from embauche.workbench.services.roles import require
from embauche.workbench.services.state import study_state
from embauche.workbench.tabs import tabs


def everywhere(request: Any) -> dict[str, Any]:
    """Return what all templates get: the words of the page's language, language and theme."""
    language = getattr(request, "language", "en")
    return {
        "words": messages(language),
        "language": str(language),
        "other_language": "en" if language == "fr" else "fr",
        "theme": getattr(request, "theme", "system"),
        "here": request.get_full_path(),
    }


def page(
    request: Any, template: str, study: Study | None = None, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page; one of a study gets its stages for the rail, and tabs."""
    if study is not None:
        context["study"] = study
        context["state"] = study_state(study)
        match = request.resolver_match
        here = context.get("tab") or (match.url_name if match else None)
        context["tabs"] = tabs(study, context.get("section", ""), here)
    return TemplateResponse(request, f"workbench/{template}.html", context, status=status)


def study_of(request: Any, slug: str) -> Study:
    """Return the study of an address, for who may read it; strangers learn nothing.

    The page speaks the study's language unless the reader chose another.
    """
    study = Study.objects.filter(slug=slug).first()
    if study is None:
        raise Http404
    try:
        require(request.user, study, "reader")
    except PermissionDenied:
        raise Http404 from None
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
