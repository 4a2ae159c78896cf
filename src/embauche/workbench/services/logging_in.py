"""Log-in: who guesses is slowed down, and learns nothing about which accounts exist."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.contrib.auth import authenticate
from django.utils import timezone
from django.utils.crypto import salted_hmac

from embauche.errors import WorkbenchError
from embauche.workbench.models import LoginAttempt, User
from embauche.workbench.services.accounts import LONGEST_PASSWORD

WINDOW: Final = timedelta(minutes=15)
MOST_AN_ACCOUNT: Final = 5
"""Failures for one account from one address within the window; then a wait."""

MOST_AN_ADDRESS: Final = 50
"""Failures from one address for all accounts within the window."""


def authenticated(request: Any, name: str, password: str, address: str) -> User | None:
    """Return who brings the right password, or ``None``.

    An attempt is written down before the password is looked at, so that many at once do not all
    get a try; a success takes it away again. An account that does not exist costs the same time
    and counts in the same way as one that does.

    Raises
    ------
    WorkbenchError
        If too many attempts failed (``team.too_many_attempts``).
    """
    name = name.strip().lower()[:150]
    account, place = _mark(f"{name}\0{address}"), _mark(address)
    since = timezone.now() - WINDOW
    LoginAttempt.objects.filter(at__lt=since).delete()
    attempt = LoginAttempt.objects.create(account=account, address=place)
    recent = LoginAttempt.objects.filter(at__gte=since)
    if (
        recent.filter(account=account).count() > MOST_AN_ACCOUNT
        or recent.filter(address=place).count() > MOST_AN_ADDRESS
    ):
        attempt.delete()
        raise WorkbenchError("team.too_many_attempts", n=int(WINDOW.total_seconds() // 60))
    if len(password) > LONGEST_PASSWORD:
        return None
    user = authenticate(request, username=name, password=password)
    if not isinstance(user, User):
        return None
    LoginAttempt.objects.filter(account=account).delete()
    return user


def _mark(text: str) -> str:
    return salted_hmac("embauche.log_in", text, algorithm="sha256").hexdigest()
