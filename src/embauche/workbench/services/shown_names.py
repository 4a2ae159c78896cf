"""What people are called on pages."""

from __future__ import annotations

from typing import Any

from embauche.messages import Messages
from embauche.workbench.services.roles import LOCAL_USER


def shown_name(user: Any, words: Messages) -> str:
    """Return the name that the team reads; of an account that is gone, that it is gone."""
    if user is None:
        return words.text("team.somebody")
    name = user.first_name or user.pseudonym
    if not name and user.username == LOCAL_USER:
        return words.text("team.local_user")
    return str(name or user.username)
