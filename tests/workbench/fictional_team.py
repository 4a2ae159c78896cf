"""A fictional team: people of each role in the fictional study, and a stranger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PASSWORD = "paper lantern orchard"
QUICK_HASHES = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""The real one is slow on purpose."""


@contextmanager
def as_server() -> Iterator[None]:
    """Behave as a team's server."""
    from django.test import override_settings

    with override_settings(SERVER_MODE=True, ACCESS_REQUIRED=True, PASSWORD_HASHERS=QUICK_HASHES):
        yield


def person(name: str, study: Any = None, role: str = "") -> Any:
    """Make a person, with a role in a study if it is given."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    from embauche.workbench.models import Membership, User

    hashed = MD5PasswordHasher().encode(PASSWORD, "salt")
    user = User.objects.create(username=name, first_name=name.title(), password=hashed)
    if role:
        Membership.objects.create(user=user, study=study, role=role)
    return user


def browser(user: Any = None, **more: Any) -> Any:
    """Return a browser, logged in as a person if one is given."""
    from django.test import Client

    made = Client(
        HTTP_HOST="127.0.0.1",
        raise_request_exception=False,
        headers={"accept-language": "en"},
        **more,
    )
    if user is not None:
        made.force_login(user)
    return made
