"""Where the API hangs in the site: its addresses are loaded with the first request for one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import Resolver404
from django.views.decorators.csrf import csrf_exempt

from embauche.vocabulary import Language
from embauche.workbench.accepted_language import accepted_language


# Operations check the page's CSRF token themselves: a bearer token is sent by no browser unasked.
@csrf_exempt
def api(request: Any, rest: str = "") -> HttpResponse:
    """Answer a request of the API; whatever becomes of it is told as the API tells it."""
    from embauche.workbench.api.application import addresses
    from embauche.workbench.api.problems import from_error, tidied

    request.language = _asked(request)
    head = request.method == "HEAD"
    if head:
        request.method = "GET"
    try:
        match = addresses().resolve(rest)
    except Resolver404:
        return from_error(request, Http404())
    response = tidied(request, match.func(request, *match.args, **match.kwargs))
    if head and not response.streaming:
        response.content = b""
    return response


def missing(request: Any) -> HttpResponse:
    """Tell that an address is none of the API's."""
    from embauche.workbench.api.problems import from_error

    request.language = _asked(request)
    return from_error(request, Http404())


@csrf_exempt
def openapi(request: Any) -> HttpResponse:
    """Serve the API's description; it tells nothing of anyone's studies."""
    from embauche.workbench.api.application import description
    from embauche.workbench.api.problems import tidied

    if request.method not in {"GET", "HEAD"}:
        request.language = _asked(request)
        return tidied(request, HttpResponseNotAllowed(["GET", "HEAD"]))
    return JsonResponse(description(_asked(request)))


def _asked(request: Any) -> Language:
    return accepted_language(request.headers.get("Accept-Language", ""))
