"""Keys to the API, and its reference."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from embauche.errors import WorkbenchError
from embauche.workbench.models import ApiToken, Study
from embauche.workbench.page import page
from embauche.workbench.services.api_tokens import SCOPES, make_token, revoke_token, tokens_of

_DAYS: Final = (30, 90, 365)


def listing(request: HttpRequest) -> HttpResponse:
    """Show one's tokens, and make one."""
    if request.method == "POST":
        return _made(request)
    return _listed(request)


def _made(request: Any) -> HttpResponse:
    """Make a token and show its secret: now, and never again."""
    sent = request.POST
    chosen, days = sent.getlist("scope"), sent.get("days", "")
    slug = sent.get("study", "")
    given = {"name": sent.get("name", ""), "scopes": chosen, "study": slug, "days": days}
    study = get_object_or_404(_studies(request), slug=slug) if slug else None
    ends = timezone.now() + timedelta(days=int(days)) if days in map(str, _DAYS) else None
    try:
        row, secret = make_token(request.user, given["name"], chosen, study, ends)
    except WorkbenchError as error:
        said = (error.message(request.language), error.hint(request.language))
        return _listed(request, status=422, failure=said, given=given)
    return _listed(request, made=row, secret=secret)


@require_POST
def revoke(request: Any, token_id: int) -> HttpResponse:
    """End a token at once."""
    row = get_object_or_404(ApiToken, pk=token_id, user=request.user)
    revoke_token(row.pk, request.user)
    return HttpResponseRedirect(reverse("tokens"))


def reference(request: Any) -> HttpResponse:
    """Show what the API offers, from its own description."""
    from embauche.workbench.api.reference import chapters

    return page(request, "reference", chapters=chapters(request.language))


def _listed(request: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    more.setdefault("given", {"scopes": ["study:read"], "days": "90"})
    return page(
        request,
        "tokens",
        status=status,
        rows=tokens_of(request.user),
        studies=_studies(request),
        scopes=SCOPES,
        days=_DAYS,
        now=timezone.now(),
        address=request.build_absolute_uri("/api/v1/studies"),
        **more,
    )


def _studies(request: Any) -> Any:
    return Study.objects.filter(memberships__user=request.user).order_by("title")
