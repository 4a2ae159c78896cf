"""Who calls, and what they may do."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from ninja import Schema
from pydantic import Field

from embauche.vocabulary import Language
from embauche.workbench.api.callers import Caller, needs
from embauche.workbench.api.routes import router
from embauche.workbench.api.shapes import Given, Line
from embauche.workbench.services.accounts import LONGEST_SHOWN, save_profile

TAG: Final = "caller"


class Me(Schema):
    """Who calls."""

    username: str
    name: str
    pseudonym: str
    token: str | None
    study: str | None
    scopes: list[str]
    language: Language


class ProfileGiven(Given):
    """What the team reads of the caller; what is left out stays, an empty language is no choice."""

    name: Annotated[Line, Field(max_length=LONGEST_SHOWN)] | None = None
    pseudonym: Annotated[Line, Field(max_length=LONGEST_SHOWN)] | None = None
    language: Language | Literal[""] | None = None


@router.patch("me", response=Me, **needs(None))
def change_me(request: Any, given: ProfileGiven) -> dict[str, Any]:
    """Change one's name, one's name as a coder and one's language."""
    user = request.auth.user
    values = (
        (given.name, user.first_name),
        (given.pseudonym, user.pseudonym),
        (given.language, user.language),
    )
    chosen = [held if value is None else str(value) for value, held in values]
    request.auth = replace(request.auth, user=save_profile(user, *chosen))
    return me(request)


@router.get("me", response=Me, **needs("study:read"))
def me(request: Any) -> dict[str, Any]:
    """Tell who calls."""
    caller: Caller = request.auth
    token = caller.token
    return {
        "username": caller.user.get_username(),
        "name": caller.user.first_name,
        "pseudonym": caller.user.pseudonym,
        "token": token.name if token else None,
        "study": token.study.slug if token and token.study else None,
        "scopes": sorted(caller.scopes),
        "language": request.language,
    }
