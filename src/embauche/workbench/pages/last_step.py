"""What was done last, in a sentence: on the answer itself, or on the next page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from embauche.messages import messages
from embauche.vocabulary import Facet, label
from embauche.workbench.services.history_undo import Step

_KEPT = "last_step"


def step_words(request: Any, step: Step | None, prefix: str = "done") -> str:
    """Say what was done, taken back (``undone``) or brought back (``redone``)."""
    words = messages(request.language)
    if step is None:
        return words.text(f"coding.{prefix}.nothing")
    what = words.text(
        f"coding.did.{step.what}",
        n=step.n,
        words=step.words,
        facet=label(Facet(step.facet), words.language) if step.facet else "",
    )
    text = words.text(f"coding.{prefix}", what=what)
    if step.kept_by:
        names = [name for name in step.kept_by if name]
        text += " " + (
            words.text("coding.kept_by", who=names) if names else words.text("coding.kept")
        )
    return text


def said(request: Any, step: Step) -> str:
    """Say what was done just now."""
    return step_words(request, step)


def later(request: Any, text: str | None = None) -> str:
    """Keep a sentence for the next page; without one, return the one that was kept, once."""
    if text is not None:
        request.session[_KEPT] = text
        return ""
    return str(request.session.pop(_KEPT, ""))


def back_of(request: Any, default: str) -> str:
    """Return the page to go back to, where it is one of ours."""
    back = request.POST.get("back", "")
    return back if back and url_has_allowed_host_and_scheme(back, allowed_hosts=None) else default


def number(text: str | None) -> int:
    """Return a whole number that a form sends; 0 where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def refreshed() -> HttpResponse:
    """Answer that the page is to be loaded again: more of it changed than a part shows."""
    response = HttpResponse()
    response["HX-Refresh"] = "true"
    return response
