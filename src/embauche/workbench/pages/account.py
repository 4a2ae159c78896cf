"""Log-in, log-out, invitations, and one's own profile."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from embauche.errors import WorkbenchError
from embauche.vocabulary import Language
from embauche.workbench.address import client_address
from embauche.workbench.middleware import LANGUAGE_COOKIE, remember
from embauche.workbench.models import User
from embauche.workbench.page import page
from embauche.workbench.services import accounts, invitations
from embauche.workbench.services.logging_in import authenticated

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def log_in(request: Any) -> HttpResponse:
    """Ask for name and password; whoever is logged in goes on to the page they wanted."""
    _on_a_server()
    back = _back(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(back)
    wrong, error = False, None
    name = str(request.POST.get("name", ""))[:150]
    if request.method == "POST":
        try:
            user = authenticated(
                request, name, request.POST.get("password", ""), client_address(request)
            )
        except WorkbenchError as problem:
            error = problem
        else:
            if user is not None:
                return _let_in(request, user, back)
            wrong = True
    status = 429 if error else 200
    return page(
        request,
        "log_in",
        status=status,
        name=name,
        back=back,
        wrong=wrong,
        error=_said(request, error),
    )


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    _on_a_server()
    logout(request)
    return HttpResponseRedirect(reverse("login"))


def profile(request: Any) -> HttpResponse:
    """Show one's profile; keep what is changed in it, or another password."""
    error = None
    saved = request.GET.get("saved", "")
    if request.method == "POST":
        try:
            return _kept(request)
        except WorkbenchError as problem:
            error = problem
            saved = ""
    return page(
        request,
        "profile",
        status=422 if error else 200,
        person=User.objects.get(pk=request.user.pk),
        languages=list(Language),
        saved=saved,
        error=_said(request, error),
        about=request.POST.get("do", ""),
        longest=accounts.LONGEST_SHOWN,
    )


def _kept(request: Any) -> HttpResponse:
    if request.POST.get("do") == "password":
        _on_a_server()
        old, new = request.POST.get("old", ""), request.POST.get("new", "")
        accounts.change_password(request.user, old, new)
        update_session_auth_hash(request, request.user)
        return HttpResponseRedirect(reverse("account") + "?saved=password")
    given = (request.POST.get(name, "") for name in ("shown", "pseudonym", "language"))
    user = accounts.save_profile(request.user, *given)
    response = HttpResponseRedirect(reverse("account") + "?saved=profile")
    if user.language:
        remember(response, LANGUAGE_COOKIE, user.language)
    return response


def invitation(request: Any, secret: str) -> HttpResponse:
    """Show what an invitation gives; opening it changes nothing, accepting it does."""
    try:
        row = invitations.invitation_of(secret)
        if not request.language_chosen:
            request.language = Language(row.study.language)
        error = None
        if request.method == "POST":
            try:
                return _accepted(request, secret)
            except WorkbenchError as problem:
                error = problem
    except invitations.NoInvitationError:
        return page(request, "no_link", status=404, about="invitation")
    response = page(
        request,
        "invitation",
        status=422 if error else 200,
        row=row,
        name=str(request.POST.get("name", ""))[:80],
        shown=str(request.POST.get("shown", ""))[:80],
        error=_said(request, error),
        to_log_in=f"{reverse('login')}?next={request.path}",
        longest=accounts.LONGEST_SHOWN,
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _accepted(request: Any, secret: str) -> HttpResponse:
    if request.user.is_authenticated:
        study = invitations.accept(secret, request.user)
        return HttpResponseRedirect(reverse("overview", args=[study.slug]))
    given = (request.POST.get(name, "") for name in ("name", "password", "shown"))
    user, study = invitations.join(secret, *given)
    return _let_in(request, user, reverse("overview", args=[study.slug]))


def _let_in(request: Any, user: User, back: str) -> HttpResponse:
    """Open a session: a new one, so that nobody can have planted its key."""
    login(request, user, backend=_BACKEND)
    response = HttpResponseRedirect(back)
    if user.language:
        remember(response, LANGUAGE_COOKIE, user.language)
    return response


def _back(request: Any) -> str:
    back = request.POST.get("next") or request.GET.get("next") or "/"
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/"


def _said(request: Any, error: WorkbenchError | None) -> tuple[str, str] | None:
    if error is None:
        return None
    return error.message(request.language), error.hint(request.language)


def _on_a_server() -> None:
    """On a laptop there is nothing to log in to."""
    if not settings.SERVER_MODE:
        raise Http404
