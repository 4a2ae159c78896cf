"""Secrets of links that are sent around: shown once, kept as a hash."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.utils import timezone

from embauche.errors import WorkbenchError

LONGEST_DAYS: Final = 365
_LONGEST_NOTE: Final = 200


def fresh_secret() -> tuple[str, str]:
    """Return a secret of 256 bits and the hash that is kept of it."""
    secret = secrets.token_urlsafe(32)
    return secret, hash_of(secret)


def hash_of(secret: str) -> str:
    """Return the SHA-256 hash of a secret."""
    return sha256(secret.encode()).hexdigest()


def end_after(days: int) -> datetime:
    """Return when a link that lives so many days ends.

    Raises
    ------
    WorkbenchError
        If the days are not between 1 and 365.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise WorkbenchError("team.link_days", most=LONGEST_DAYS)
    return timezone.now() + timedelta(days=days)


def short_note(note: str) -> str:
    """Return a note on one line.

    Raises
    ------
    WorkbenchError
        If it is longer than 200 characters.
    """
    found = " ".join(note.split())
    if len(found) > _LONGEST_NOTE:
        raise WorkbenchError("team.long_note", most=_LONGEST_NOTE)
    return found
