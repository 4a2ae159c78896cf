"""Who calls: the owner of a bearer token, or whoever is logged in on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from ninja.utils import check_csrf

from embauche.errors import WorkbenchError
from embauche.workbench.models import ApiToken, Study, User
from embauche.workbench.services.api_tokens import SCOPES, token_of
from embauche.workbench.services.roles import local_user, require
from embauche.workbench.services.visibility import shut_while_blind

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ScopeError(WorkbenchError):
    """The token is not allowed that."""


class CallerError(WorkbenchError):
    """Nobody we know calls."""


class ForgedError(WorkbenchError):
    """A browser calls from a page that is not ours."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and by which token; ``None`` where it is the page's session."""

    user: User
    token: ApiToken | None

    @property
    def scopes(self) -> frozenset[str]:
        """What the caller may do, within their role in each study."""
        return frozenset(SCOPES if self.token is None else self.token.scopes)

    @property
    def machine(self) -> str:
        """Name of what proposes for the caller, for the record."""
        return f"machine:api:{self.token.name if self.token else self.user.get_username()}"


class Needs:
    """Lets a caller in who has a scope; ``None`` asks for the page's session itself."""

    def __init__(self, scope: str | None) -> None:
        self.scope = scope

    def __call__(self, request: Any) -> Caller:
        """Return who calls.

        Raises
        ------
        CallerError
            If nobody we know calls.
        ScopeError
            If the token is not allowed that.
        ForgedError
            If a browser calls without the page's CSRF token.
        """
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind:
            token = token_of(secret.strip()) if kind.lower() == "bearer" else None
            if token is None:
                raise CallerError("api.bad_token")
            if self.scope is None:
                raise ScopeError("api.session_only")
            if self.scope not in token.scopes:
                raise ScopeError("api.scope", scope=self.scope)
            return Caller(token.user, token)
        user = _of_session(request)
        if user is None:
            raise CallerError("api.nobody")
        if request.method not in _SAFE and check_csrf(request) is not None:
            raise ForgedError("api.csrf")
        return Caller(user, None)


def needs(scope: str | None, *, versioned: bool = False, binary: bool = False) -> dict[str, Any]:
    """Return what an operation is declared with.

    Parameters
    ----------
    scope
        What the caller's token must be allowed; ``None`` where only the page's session may.
    versioned
        Whether a change names the version that it was made on.
    binary
        Whether the answer is a file.
    """
    extra: dict[str, Any] = {"x-scope": scope or "session"}
    if versioned:
        extra["x-versioned"] = True
    if binary:
        # Bytes of any kind: a schema would be one of JSON.
        extra["responses"] = {200: {"description": "The file.", "content": {"*/*": {}}}}
    return {"auth": Needs(scope), "openapi_extra": extra}


def study_of(request: Any, slug: str) -> Study:
    """Return the study of an address, for who may read it; strangers learn nothing.

    Raises
    ------
    Http404
        If there is none, or the caller, or the token, has nothing to do with it.
    """
    caller: Caller = request.auth
    study = Study.objects.filter(slug=slug).first()
    if study is None or not opens(caller, study):
        raise Http404
    try:
        require(caller.user, study, "reader")
    except PermissionDenied:
        raise Http404 from None
    return study


def figures_of(request: Any, slug: str) -> Study:
    """Return the study of an address whose jobs and figures the caller may read.

    Raises
    ------
    PermissionDenied
        If the study is coded blind and they would show a coder what others coded.
    """
    study = study_of(request, slug)
    if shut_while_blind(study, request.auth.user):
        raise PermissionDenied
    return study


def opens(caller: Caller, study: Study) -> bool:
    """Tell whether the caller's token is for that study."""
    return caller.token is None or caller.token.study_id in {None, study.pk}


def everywhere(request: Any) -> Caller:
    """Return the caller of an operation on no study; a token of one study is refused.

    Raises
    ------
    ScopeError
        If the token is for one study only.
    """
    caller: Caller = request.auth
    if caller.token is not None and caller.token.study_id is not None:
        raise ScopeError("api.one_study")
    return caller


def _of_session(request: Any) -> User | None:
    if request.user.is_authenticated:
        return User.objects.get(pk=request.user.pk)
    # A laptop server started without its token takes whoever comes for its one user.
    if not settings.ACCESS_REQUIRED and not getattr(settings, "SERVER_MODE", False):
        return local_user()
    return None
