"""Tokens: made and ended from the page's session only, so that a lost one makes no others."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from django.shortcuts import get_object_or_404
from ninja import Path, Schema
from pydantic import AwareDatetime, Field

from embauche.workbench.api.callers import needs, study_of
from embauche.workbench.api.routes import router
from embauche.workbench.api.shapes import Given, Line, Number, Slug
from embauche.workbench.models import ApiToken
from embauche.workbench.services.api_tokens import SCOPES, make_token, revoke_token, tokens_of

TAG: Final = "tokens"
Scope = Annotated[Line, Field(json_schema_extra={"enum": list(SCOPES)})]


class TokenShape(Schema):
    """A token, by its first letters."""

    id: int
    name: str
    prefix: str
    scopes: list[str]
    study: str | None
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class TokenMade(TokenShape):
    """A new token with its secret, shown this once."""

    secret: str


class TokenGiven(Given):
    """What a token is for."""

    name: Annotated[Line, Field(min_length=1, max_length=100)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(SCOPES))]
    study: Slug | None = None
    expires_at: AwareDatetime | None = None


@router.get("tokens", response=list[TokenShape], **needs(None))
def list_tokens(request: Any) -> list[dict[str, Any]]:
    """List the caller's tokens, the newest first."""
    return [_token(row) for row in tokens_of(request.auth.user)]


@router.post("tokens", response={201: TokenMade}, **needs(None))
def create_token(request: Any, given: TokenGiven) -> dict[str, Any]:
    """Make a token; its secret is kept nowhere and shown this once."""
    study = study_of(request, given.study) if given.study else None
    row, secret = make_token(request.auth.user, given.name, given.scopes, study, given.expires_at)
    return {**_token(row), "secret": secret}


@router.delete("tokens/{int:id}", response={204: None}, **needs(None))
def delete_token(request: Any, id: Path[Number]) -> None:  # noqa: A002
    """End one of the caller's tokens at once."""
    row = get_object_or_404(ApiToken, pk=id, user=request.auth.user)
    revoke_token(row.pk, request.auth.user)


def _token(row: ApiToken) -> dict[str, Any]:
    names = ("name", "prefix", "scopes", "created_at", "expires_at", "used_at")
    return {
        "id": row.pk,
        "study": row.study.slug if row.study else None,
        **{name: getattr(row, name) for name in names},
    }
