"""Who calls, and what they may do."""

from __future__ import annotations

from typing import Any, Final

from ninja import Schema

from embauche.vocabulary import Language
from embauche.workbench.api.callers import Caller, needs
from embauche.workbench.api.routes import router

TAG: Final = "caller"


class Me(Schema):
    """Who calls."""

    username: str
    pseudonym: str
    token: str | None
    study: str | None
    scopes: list[str]
    language: Language


@router.get("me", response=Me, **needs("study:read"))
def me(request: Any) -> dict[str, Any]:
    """Tell who calls."""
    caller: Caller = request.auth
    token = caller.token
    return {
        "username": caller.user.get_username(),
        "pseudonym": caller.user.pseudonym,
        "token": token.name if token else None,
        "study": token.study.slug if token and token.study else None,
        "scopes": sorted(caller.scopes),
        "language": request.language,
    }
