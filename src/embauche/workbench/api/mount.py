"""Where the API hangs in the site: its addresses are loaded with the first request for one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import Resolver404
from django.views.decorators.csrf import csrf_exempt


# Operations check the page's CSRF token themselves: a bearer token is sent by no browser unasked.
@csrf_exempt
def api(request: Any, rest: str = "") -> HttpResponse:
    """Answer a request of the API; whatever becomes of it is told as the API tells it."""
    from embauche.workbench.api.application import addresses
    from embauche.workbench.api.problems import from_error, tidied
    from embauche.workbench.middleware import _accepted

    request.language = _accepted(request)
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


def openapi(request: Any) -> JsonResponse:
    """Serve the API's description; it tells nothing of anyone's studies."""
    from embauche.workbench.api.application import description
    from embauche.workbench.middleware import _accepted

    return JsonResponse(description(_accepted(request)))
