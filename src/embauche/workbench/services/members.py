"""Who works on a study, and what each may do there."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from embauche.errors import WorkbenchError
from embauche.workbench.models import Invitation, Membership, Study, User
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.roles import require
from embauche.workbench.services.team_events import record

_OWNER = Membership.Role.OWNER


def members(study: Study) -> list[Membership]:
    """Return the study's members, owners first, then by name."""
    order = list(Membership.Role)
    rows = study.memberships.select_related("user")
    return sorted(rows, key=lambda row: (order.index(Membership.Role(row.role)), row.user.username))


def change_role(membership_id: int, role: str, actor: User, held: str) -> Membership:
    """Give a member another role.

    Parameters
    ----------
    held
        The role that the page showed.

    Raises
    ------
    StaleVersionError
        If someone else changed it meanwhile.
    WorkbenchError
        If the study would have no owner left.
    """
    role = Membership.Role(role).value
    with transaction.atomic():
        row = _locked(membership_id, actor)
        if row.role != held:
            raise StaleVersionError(row)
        if role == held:
            return row
        if held == _OWNER:
            _another_owner(row)
            _end_invitations_of(row)
        row.role = role
        row.save(update_fields=["role"])
        record(row.study, actor, "member.changed", str(row.user_id), {"before": held, "role": role})
    return row


def remove(membership_id: int, actor: User, held: str) -> None:
    """Take a member out of the study; what they did stays, under their name.

    Raises
    ------
    StaleVersionError
        If someone else changed their role meanwhile.
    WorkbenchError
        If they are the last owner.
    """
    with transaction.atomic():
        row = _locked(membership_id, actor)
        if row.role != held:
            raise StaleVersionError(row)
        _take_out(row, actor, "member.removed")


def leave(study_id: int, actor: User) -> None:
    """Leave a study.

    Raises
    ------
    PermissionDenied
        If the actor is no member.
    WorkbenchError
        If the actor is the last owner.
    """
    with transaction.atomic():
        Study.objects.select_for_update().get(pk=study_id)
        row = Membership.objects.select_related("study").filter(study=study_id, user=actor).first()
        if row is None:
            raise PermissionDenied
        _take_out(row, actor, "member.left")


def _locked(membership_id: int, actor: User) -> Membership:
    """Return a membership; the study is locked, so that two owners do not remove each other."""
    row = Membership.objects.select_related("study").get(pk=membership_id)
    Study.objects.select_for_update().get(pk=row.study_id)
    row.refresh_from_db()
    require(actor, row.study, "owner", archived=True)
    return row


def _take_out(row: Membership, actor: User, verb: str) -> None:
    if row.role == _OWNER:
        _another_owner(row)
    _end_invitations_of(row)
    record(row.study, actor, verb, str(row.user_id), {"before": row.role})
    row.delete()


def _another_owner(row: Membership) -> None:
    others = Membership.objects.filter(study=row.study_id, role=_OWNER).exclude(pk=row.pk)
    if not others.exists():
        raise WorkbenchError("team.last_owner")


def _end_invitations_of(row: Membership) -> None:
    """End the invitations that someone made who may no longer invite."""
    Invitation.objects.filter(
        study=row.study_id, created_by=row.user_id, accepted_at=None, revoked_at=None
    ).update(revoked_at=timezone.now())
