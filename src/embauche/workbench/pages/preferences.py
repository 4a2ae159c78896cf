"""Language and theme, switched at once and everywhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from embauche.vocabulary import Language
from embauche.workbench.middleware import LANGUAGE_COOKIE, THEME_COOKIE, remember


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choice and return to the page that it was made on."""
    back = request.POST.get("back", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = HttpResponseRedirect(back)
    language, theme = request.POST.get("language"), request.POST.get("theme")
    if language in tuple(Language):
        remember(response, LANGUAGE_COOKIE, str(language))
    if theme in {"light", "dark", "system"}:
        remember(response, THEME_COOKIE, str(theme))
    return response
