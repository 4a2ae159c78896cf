"""Who may do what in a study."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from embauche.errors import WorkbenchError
from embauche.workbench.models import Coder, Membership, Study, User

RANK = {"reader": 0, "coder": 1, "editor": 2, "owner": 3}
"""Roles in a study: each may do what those below it may."""

LOCAL_USER = "local"


def local_user() -> User:
    """Return the one person who uses a workspace on a laptop; made at the first start."""
    user, _ = User.objects.get_or_create(
        username=LOCAL_USER, defaults={"password": "!", "is_active": True}
    )
    return user


def role_in(actor: User, study: Study) -> str | None:
    """Return the actor's role in the study; ``None`` for a stranger."""
    rows = Membership.objects.filter(user=actor, study=study)
    return rows.values_list("role", flat=True).first()


def require(actor: User, study: Study, role: str, *, archived: bool = False) -> None:
    """Refuse unless the actor has at least that role in the study.

    An archived study is only read, by whatever role.

    Parameters
    ----------
    archived
        True for what is done to an archived study too: bring it back, let someone go.

    Raises
    ------
    PermissionDenied
        If the actor may not.
    WorkbenchError
        If the study is archived and the role is needed to change it.
    """
    held = role_in(actor, study)
    if held is None or RANK[held] < RANK[role]:
        raise PermissionDenied
    if study.archived_at is not None and RANK[role] and not archived:
        raise WorkbenchError("team.archived")


def coder_of(actor: User, study: Study) -> Coder:
    """Return the actor as a coder of the study: ``person:<name>``.

    Work that came with the study's folder under the same name is taken to be the actor's own.
    """
    name = actor.pseudonym or actor.get_username()
    coder, fresh = Coder.objects.get_or_create(
        study=study, name=f"person:{name}", defaults={"user": actor}
    )
    if not fresh and coder.user_id is None:
        Coder.objects.filter(pk=coder.pk, user=None).update(user=actor)
        coder.refresh_from_db()
    return coder
