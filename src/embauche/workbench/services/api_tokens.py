"""Keys to the API: made, shown once, kept as a hash; each acts as its owner, within its scopes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from embauche.errors import WorkbenchError
from embauche.workbench.models import ApiToken, Event, Study, User
from embauche.workbench.services.roles import require

SCOPES: Final = (
    "study:read",
    "study:write",
    "evidence:propose",
    "evidence:review",
    "jobs:write",
    "analysis:run",
    "team:admin",
)
"""What a token may be allowed; never more than its owner's role in the study."""

LONGEST_DAYS: Final = 3650
_MARK: Final = "emb_"
_SHOWN: Final = 10
_BETWEEN_WRITES: Final = timedelta(minutes=1)


def make_token(
    actor: User,
    name: str,
    scopes: Iterable[str],
    study: Study | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which is kept nowhere.

    Parameters
    ----------
    actor
        Who the token acts as.
    name
        What it is for, up to 100 characters.
    scopes
        Some of `SCOPES`.
    study
        The only study that it opens; all of the actor's by default.
    expires_at
        When it ends; never by default.

    Raises
    ------
    WorkbenchError
        If it has no name, no scope, an unknown one, or ends in the past.
    """
    name, chosen = " ".join(name.split()), set(scopes)
    unknown = sorted(chosen - set(SCOPES))
    if not name or len(name) > 100:
        raise WorkbenchError("api.token_name")
    if not chosen or unknown:
        raise WorkbenchError("api.token_scopes", unknown=unknown or ["—"], known=list(SCOPES))
    if expires_at is not None and expires_at <= timezone.now():
        raise WorkbenchError("api.token_expiry")
    secret = _MARK + secrets.token_urlsafe(32)
    with transaction.atomic():
        if study is not None:
            require(actor, study, "reader")
        token = ApiToken.objects.create(
            user=actor,
            study=study,
            name=name,
            prefix=secret[:_SHOWN],
            token_hash=_hash(secret),
            scopes=[scope for scope in SCOPES if scope in chosen],
            expires_at=expires_at,
        )
        _record(token, actor, "token.made")
    return token, secret


def revoke_token(token_id: int, actor: User) -> ApiToken:
    """End a token at once; only its owner may.

    Raises
    ------
    PermissionDenied
        If the token is another person's.
    """
    with transaction.atomic():
        token = ApiToken.objects.select_related("study").get(pk=token_id)
        if token.user_id != actor.pk:
            raise PermissionDenied
        ended = ApiToken.objects.filter(pk=token_id, revoked_at=None).update(
            revoked_at=timezone.now()
        )
        token.refresh_from_db()
        if ended:
            _record(token, actor, "token.revoked")
    return token


def tokens_of(actor: User) -> list[ApiToken]:
    """Return a person's tokens, the newest first; those revoked are left out."""
    return list(
        ApiToken.objects.filter(user=actor, revoked_at=None)
        .filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now() - timedelta(days=30)))
        .select_related("study")
    )


def token_of(secret: str) -> ApiToken | None:
    """Return the token of a secret, if it still opens anything, and note that it was used."""
    if not secret.startswith(_MARK):
        return None
    token = (
        ApiToken.objects.select_related("user")
        .filter(token_hash=_hash(secret), revoked_at=None, user__is_active=True)
        .first()
    )
    now = timezone.now()
    if token is None or (token.expires_at is not None and token.expires_at <= now):
        return None
    if token.used_at is None or now - token.used_at > _BETWEEN_WRITES:
        # Once a minute at most: reading must not wait for the write lock each time.
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)
    return token


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _record(token: ApiToken, actor: User, verb: str) -> None:
    """Write it into the history of the study that the token is for, if it is for one."""
    if token.study is None:
        return
    Event(
        study=token.study,
        actor=actor,
        verb=verb,
        kind="token",
        key=token.prefix,
        version=1,
        payload={"name": token.name, "scopes": token.scopes},
    ).save()
