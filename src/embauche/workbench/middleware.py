"""What every request passes: host, security headers, language and theme, the token, failures."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import DisallowedHost, PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.middleware.gzip import GZipMiddleware
from django.utils.datastructures import MultiValueDictKeyError
from whitenoise.middleware import WhiteNoiseMiddleware

from embauche.errors import EmbaucheError
from embauche.vocabulary import Language
from embauche.workbench.accepted_language import accepted_language

Answer = Callable[[HttpRequest], HttpResponse]

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
LANGUAGE_COOKIE, THEME_COOKIE = "embauche_language", "embauche_theme"
_PAGE_METHODS = ("GET", "HEAD", "POST")
_YEAR = 60 * 60 * 24 * 365


class LocalHost:
    """Answers only to the machine's own names, so that no web site can rebind its name to us."""

    def __init__(self, get_response: Answer) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse other host names with a plain page."""
        try:
            request.get_host()
        except DisallowedHost:
            names = (
                "the names given with --allowed-host"
                if settings.SERVER_MODE
                else "127.0.0.1 and localhost"
            )
            return HttpResponse(
                f"400 · Embauche answers only to {names}.\n",
                status=400,
                content_type="text/plain; charset=utf-8",
            )
        return self._next(request)


class SecurityPolicy:
    """Puts the security headers on every answer."""

    def __init__(self, get_response: Answer) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers; a page that needs another content policy has set its own."""
        response = self._next(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if settings.HSTS and request.is_secure():
            headers.setdefault("Strict-Transport-Security", settings.HSTS)
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "private, no-store"
        return response


class Methods:
    """Lets pages be read and forms be sent; the API looks after its own methods."""

    def __init__(self, get_response: Answer) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse what no page is asked by."""
        if request.method in _PAGE_METHODS or request.path.startswith("/api/"):
            return self._next(request)
        return HttpResponseNotAllowed(_PAGE_METHODS)


class Compression(GZipMiddleware):
    """Compresses pages, scripts and styles; fonts and pictures are compressed already."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Leave what would not shrink."""
        if request.path.endswith((".woff2", ".png")):
            return response
        compressed: HttpResponse = super().process_response(request, response)
        return compressed


class Preferences:
    """Finds the language and theme of a page: chosen by cookie, else by the browser."""

    def __init__(self, get_response: Answer) -> None:
        self._next = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Set `language`, `language_chosen` and `theme` on the request."""
        chosen = request.COOKIES.get(LANGUAGE_COOKIE)
        request.language_chosen = chosen in tuple(Language)
        request.language = (
            Language(chosen)
            if request.language_chosen
            else accepted_language(request.headers.get("Accept-Language", ""))
        )
        theme = request.COOKIES.get(THEME_COOKIE)
        request.theme = theme if theme in {"light", "dark"} else "system"
        return self._next(request)


_OPEN_ANYWHERE = ("/health/", "/api/")
_OPEN_ON_A_SERVER = ("/login/", "/invitations/", "/shared/", "/static/", "/preferences/")


class Access:
    """Lets in who has a session, and nobody else.

    On a laptop the workspace's token opens one; on a server people log in. The API, the health
    check and links that carry a secret of their own look after themselves.
    """

    def __init__(self, get_response: Answer) -> None:
        self._next = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Let through, open a session, send to the log-in, or refuse."""
        if request.path.startswith(_OPEN_ANYWHERE):
            return self._next(request)
        return self._server(request) if settings.SERVER_MODE else self._laptop(request)

    def _server(self, request: Any) -> HttpResponse:
        if request.path.startswith(_OPEN_ON_A_SERVER) or request.user.is_authenticated:
            return self._next(request)
        return _to_log_in(request)

    def _laptop(self, request: Any) -> HttpResponse:
        token = request.GET.get("token")
        if token is not None:
            if not secrets.compare_digest(token.encode(), settings.ACCESS_TOKEN.encode()):
                return refused(request)
            self._open(request)
            return self._without_token(request)
        if not request.user.is_authenticated:
            if settings.ACCESS_REQUIRED:
                return refused(request)
            self._open(request)
        return self._next(request)

    @staticmethod
    def _open(request: Any) -> None:
        from embauche.workbench.services.roles import local_user

        user = local_user()
        if request.user != user:
            login(request, user, backend="django.contrib.auth.backends.ModelBackend")

    @staticmethod
    def _without_token(request: Any) -> HttpResponse:
        """Keep the token out of the address bar and of the history."""
        left = {key: value for key, value in request.GET.items() if key not in {"token", "lang"}}
        path = request.path + (f"?{urlencode(left)}" if left else "")
        response = HttpResponseRedirect(path)
        if request.GET.get("lang") in tuple(Language):
            remember(response, LANGUAGE_COOKIE, request.GET["lang"])
        return response


class Assets(WhiteNoiseMiddleware):
    """Serves the built front end from the package."""

    def __init__(self, get_response: Answer) -> None:
        super().__init__(get_response)
        if settings.ASSETS.is_dir():
            self.add_files(str(settings.ASSETS), prefix="/static/")


class Failures:
    """Turns what services raise into a page that says what to do."""

    def __init__(self, get_response: Answer) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; see `process_exception`."""
        return self._next(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Refuse a form or an address with a sign in it that no database keeps."""
        from embauche.workbench.pages import failures

        if request.path.startswith("/api/"):
            return None
        sent = [*request.GET.lists(), *request.POST.lists()]
        if any("\0" in text for name, texts in sent for text in (name, *texts)):
            return failures.incomplete(request)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer an error that a user can mend with its message and its hint."""
        from embauche.workbench.pages import failures

        if isinstance(error, EmbaucheError):
            return failures.mendable(request, error)
        if isinstance(error, PermissionDenied):
            return failures.forbidden(request)
        if isinstance(error, Http404):
            return failures.missing(request)
        if isinstance(error, MultiValueDictKeyError):
            return failures.incomplete(request)
        return None


def _to_log_in(request: HttpRequest) -> HttpResponse:
    """Send to the log-in, and back to the page from there; a form is not sent a second time."""
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    address = "/login/" + (f"?{urlencode({'next': back})}" if back != "/" else "")
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=401)
        response.headers["HX-Redirect"] = "/login/"
        return response
    return HttpResponseRedirect(address)


def remember(response: HttpResponse, cookie: str, value: str) -> None:
    """Keep a preference for a year."""
    response.set_cookie(
        cookie, value, max_age=_YEAR, samesite="Strict", httponly=True, secure=settings.HTTPS
    )


def refused(request: HttpRequest) -> HttpResponse:
    """Answer 403 with a plain page that says what to do."""
    from embauche.workbench.pages import failures

    return failures.no_token(request)
