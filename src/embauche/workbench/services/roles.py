"""Who may do what in a study."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from embauche.workbench.models import Coder, Membership, Study, User

_RANK = {"reader": 0, "coder": 1, "editor": 2, "owner": 3}
LOCAL_USER = "local"


def local_user() -> User:
    """Return the one person who uses a workspace on a laptop; made at the first start."""
    user, _ = User.objects.get_or_create(
        username=LOCAL_USER, defaults={"password": "!", "is_active": True}
    )
    return user


def require(actor: User, study: Study, role: str) -> None:
    """Refuse unless the actor has at least that role in the study.

    Raises
    ------
    PermissionDenied
        If the actor may not.
    """
    held = Membership.objects.filter(user=actor, study=study).values_list("role", flat=True).first()
    if held is None or _RANK[held] < _RANK[role]:
        raise PermissionDenied


def coder_of(actor: User, study: Study) -> Coder:
    """Return the actor as a coder of the study: ``person:<name>``."""
    name = actor.pseudonym or actor.get_username()
    coder, _ = Coder.objects.get_or_create(
        study=study, name=f"person:{name}", defaults={"user": actor}
    )
    return coder
