"""Share links: whoever holds one reads a study's results, and nothing else."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from embauche.workbench.models import ShareLink, Study, User
from embauche.workbench.services.link_secrets import end_after, fresh_secret, hash_of, short_note
from embauche.workbench.services.roles import require
from embauche.workbench.services.team_events import record


class NoShareError(Exception):
    """The link opens nothing: unknown, expired or revoked — nobody is told which."""


def share(study: Study, days: int, note: str, actor: User) -> tuple[ShareLink, str]:
    """Make a share link and return it with its secret, which is kept nowhere.

    Raises
    ------
    WorkbenchError
        If the days are not between 1 and 365, or the note is too long.
    """
    secret, kept = fresh_secret()
    with transaction.atomic():
        require(actor, study, "editor")
        row = ShareLink.objects.create(
            study=study,
            token_hash=kept,
            note=short_note(note),
            created_by=actor,
            expires_at=end_after(days),
        )
        record(study, actor, "share.made", str(row.pk), {"until": row.expires_at.isoformat()})
    return row, secret


def revoke_share(study: Study, share_id: int, actor: User) -> None:
    """End a share link at once."""
    with transaction.atomic():
        require(actor, study, "editor", archived=True)
        ended = ShareLink.objects.filter(study=study, pk=share_id, revoked_at=None).update(
            revoked_at=timezone.now()
        )
        if ended:
            record(study, actor, "share.revoked", str(share_id), {})


def open_shares(study: Study) -> list[ShareLink]:
    """Return the links that still open the study, the newest first."""
    rows = study.share_links.filter(revoked_at=None, expires_at__gt=timezone.now())
    return list(rows.select_related("created_by"))


def shared_study(secret: str, *, count: bool) -> Study:
    """Return the study that a link opens.

    Parameters
    ----------
    count
        True where it is opened at its first page, which is counted.

    Raises
    ------
    NoShareError
        If it opens nothing.
    """
    now = timezone.now()
    row = (
        ShareLink.objects.select_related("study")
        .filter(token_hash=hash_of(secret), revoked_at=None, expires_at__gt=now)
        .first()
    )
    if row is None:
        raise NoShareError
    if count:
        ShareLink.objects.filter(pk=row.pk).update(opened=F("opened") + 1, opened_at=now)
    return row.study
