"""Invitation links: each gives one person a role in a study, once."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from embauche.workbench.models import Invitation, Membership, Study, User
from embauche.workbench.services.accounts import make_account
from embauche.workbench.services.link_secrets import end_after, fresh_secret, hash_of, short_note
from embauche.workbench.services.roles import RANK, require
from embauche.workbench.services.team_events import record


class NoInvitationError(Exception):
    """The link opens nothing: unknown, used, expired or revoked — nobody is told which."""


def invite(study: Study, role: str, days: int, note: str, actor: User) -> tuple[Invitation, str]:
    """Make an invitation and return it with its secret, which is kept nowhere.

    Parameters
    ----------
    role
        What the person who accepts it will be.
    days
        How long it can be accepted, 1 to 365.
    note
        Whom it is for; seen by the study's owners only.

    Raises
    ------
    WorkbenchError
        If the days or the note make no sense.
    """
    role = Membership.Role(role).value
    secret, kept = fresh_secret()
    with transaction.atomic():
        require(actor, study, "owner")
        row = Invitation.objects.create(
            study=study,
            role=role,
            token_hash=kept,
            note=short_note(note),
            created_by=actor,
            expires_at=end_after(days),
        )
        record(study, actor, "invitation.made", str(row.pk), {"role": role})
    return row, secret


def revoke_invitation(study: Study, invitation_id: int, actor: User) -> None:
    """End an invitation that nobody has accepted yet."""
    with transaction.atomic():
        require(actor, study, "owner", archived=True)
        ended = _open(Invitation.objects.filter(study=study, pk=invitation_id)).update(
            revoked_at=timezone.now()
        )
        if ended:
            record(study, actor, "invitation.revoked", str(invitation_id), {})


def open_invitations(study: Study) -> list[Invitation]:
    """Return the invitations that can still be accepted, the newest first."""
    return list(_open(Invitation.objects.filter(study=study)).select_related("created_by"))


def invitation_of(secret: str) -> Invitation:
    """Return the invitation of a secret.

    Raises
    ------
    NoInvitationError
        If it opens nothing.
    """
    rows = Invitation.objects.filter(token_hash=hash_of(secret)).select_related(
        "study", "created_by"
    )
    found = _open(rows).first()
    if found is None:
        raise NoInvitationError
    return found


def accept(secret: str, actor: User) -> Study:
    """Take the role that an invitation gives; a higher one that the person has stays.

    Raises
    ------
    NoInvitationError
        If it opens nothing any more, or someone accepted it meanwhile.
    """
    with transaction.atomic():
        row = invitation_of(secret)
        # The check and the write are one statement: of two at once only one gets the role.
        taken = _open(Invitation.objects.filter(pk=row.pk)).update(
            accepted_by=actor, accepted_at=timezone.now()
        )
        if not taken:
            raise NoInvitationError
        held, fresh = Membership.objects.get_or_create(
            study=row.study, user=actor, defaults={"role": row.role}
        )
        if not fresh and RANK[held.role] < RANK[row.role]:
            held.role = row.role
            held.save(update_fields=["role"])
        record(
            row.study,
            actor,
            "member.joined",
            str(actor.pk),
            {"role": held.role, "invitation": row.pk, "by": row.created_by_id},
        )
    return row.study


def join(secret: str, name: str, password: str, shown: str) -> tuple[User, Study]:
    """Make an account and accept an invitation with it, both or neither.

    Raises
    ------
    NoInvitationError
        If the invitation opens nothing any more.
    WorkbenchError
        If the name is taken or the password too weak.
    """
    with transaction.atomic():
        invitation_of(secret)
        user = make_account(name, password, shown=shown)
        return user, accept(secret, user)


def _open(rows: QuerySet[Invitation]) -> QuerySet[Invitation]:
    return rows.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())
