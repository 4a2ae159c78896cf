"""Comments on jobs, evidence and the study: written, edited, deleted, and who is named in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from embauche.errors import WorkbenchError
from embauche.workbench.models import Comment, Evidence, Job, Mention, Study, User
from embauche.workbench.services.blind_reading import hidden_comments, may_see, may_see_jobs
from embauche.workbench.services.conflicts import StaleVersionError, change
from embauche.workbench.services.roles import require
from embauche.workbench.services.team_events import record

KINDS: Final = ("job", "evidence", "study")
"""What can be commented on."""

LONGEST: Final = 4000
NAMED: Final = re.compile(r"(?<![\w@.])@([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)", re.IGNORECASE)
"""A member named in a comment: an @ and the name of their account."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a comment is about.

    Attributes
    ----------
    kind, key
        The object, as events name it.
    pk
        Its row.
    row
        The job, the evidence or the study itself.
    """

    kind: str
    key: str
    pk: int
    row: Job | Evidence | Study


def subject_of(study: Study, kind: str, pk: int, reader: User) -> Subject:
    """Return the object of a study that can be commented on.

    Raises
    ------
    ObjectDoesNotExist
        If the study has no such object, or the reader may not see it.
    """
    if kind == "job":
        job = study.jobs.get(pk=pk)
        if not may_see_jobs(study, reader):
            raise ObjectDoesNotExist
        return Subject(kind, job.key, pk, job)
    if kind == "evidence":
        evidence = study.evidence.select_related("participant", "coder").get(pk=pk)
        if not may_see(study, reader, evidence):
            raise ObjectDoesNotExist
        return Subject(kind, evidence.key, pk, evidence)
    if kind == "study" and pk == study.pk:
        return Subject(kind, study.slug, pk, study)
    raise ObjectDoesNotExist


def comments_on(study: Study, subject: Subject, reader: User) -> list[Comment]:
    """Return what was said of an object, the oldest first; what was deleted is left out."""
    rows = Comment.objects.filter(study=study, kind=subject.kind, key=subject.key, deleted_at=None)
    return list(rows.exclude(hidden_comments(study, reader)).select_related("author"))


def comment_counts(study: Study, reader: User) -> dict[tuple[str, str], int]:
    """Count the comments of every object that has some."""
    rows = (
        Comment.objects.filter(study=study, deleted_at=None)
        .exclude(hidden_comments(study, reader))
        .order_by()
        .values_list("kind", "key")
        .annotate(n=Count("pk"))
    )
    return {(kind, key): n for kind, key, n in rows}


def write_comment(study: Study, subject: Subject, text: str, actor: User) -> Comment:
    """Say something of an object; members named with an @ are told.

    Raises
    ------
    WorkbenchError
        If it says nothing, or more than 4 000 characters.
    """
    text = _said(text)
    with transaction.atomic():
        require(actor, study, "coder")
        row = Comment.objects.create(
            study=study, author=actor, kind=subject.kind, key=subject.key, text=text
        )
        _name(row, actor)
        record(study, actor, "comment.written", str(row.pk), _about(row))
    return row


def edit_comment(comment_id: int, text: str, actor: User, version: int) -> Comment:
    """Write one's own comment anew; who is named in it now is told, if they were not before.

    Raises
    ------
    StaleVersionError
        If it was changed in another window meanwhile.
    PermissionDenied
        If it is another person's.
    """
    text = _said(text)
    with transaction.atomic():
        row = _own(comment_id, actor)
        before = row.text
        change(row, version, text=text, edited_at=timezone.now())
        _name(row, actor)
        record(
            row.study,
            actor,
            "comment.edited",
            str(row.pk),
            {**_about(row), "before": before},
            version=row.version,
        )
    return row


def delete_comment(comment_id: int, actor: User, version: int) -> Comment:
    """Delete one's own comment; its words go on in the history only.

    Raises
    ------
    StaleVersionError
        If it was changed in another window meanwhile.
    PermissionDenied
        If it is another person's.
    """
    with transaction.atomic():
        row = _own(comment_id, actor)
        before = row.text
        change(row, version, text="", deleted_at=timezone.now())
        row.named.all().delete()
        record(
            row.study,
            actor,
            "comment.deleted",
            str(row.pk),
            {**_about(row), "before": before},
            version=row.version,
        )
    return row


def mentions_of(user: User) -> QuerySet[Mention]:
    """Return where a person was named, in the studies that they are still in, the newest first."""
    return (
        Mention.objects.filter(
            user=user, comment__deleted_at=None, comment__study__memberships__user=user
        )
        # In a blind study, what others say of evidence waits.
        .exclude(comment__study__blind=True, comment__kind="evidence")
        .select_related("comment__study", "comment__author")
        .order_by("-comment__pk")
    )


def unseen(user: User) -> int:
    """Count the mentions that a person has not seen."""
    # Asked on every page, and nearly always none: the plain question comes first.
    if not Mention.objects.filter(user=user, seen_at=None).exists():
        return 0
    return mentions_of(user).filter(seen_at=None).count()


def see(user: User, comments: Iterable[Comment] | None = None) -> int:
    """Note that a person has seen where they were named: in these comments, or everywhere."""
    rows = Mention.objects.filter(user=user, seen_at=None)
    if comments is not None:
        rows = rows.filter(comment__in=[row.pk for row in comments])
    # Asked first: reading a page must not wait for the write lock.
    return rows.update(seen_at=timezone.now()) if rows.exists() else 0


def _said(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise WorkbenchError("team.empty_comment")
    if len(text) > LONGEST:
        raise WorkbenchError("team.long_comment", n=len(text), most=LONGEST)
    return text


def _own(comment_id: int, actor: User) -> Comment:
    row = Comment.objects.select_related("study").get(pk=comment_id)
    require(actor, row.study, "coder")
    if row.author_id != actor.pk:
        raise PermissionDenied
    if row.deleted_at is not None:
        raise StaleVersionError(row)
    return row


def _name(row: Comment, actor: User) -> None:
    """Tell the members whom a comment names; one names oneself to no effect."""
    names = {name.lower() for name in NAMED.findall(row.text)}
    members = User.objects.filter(memberships__study=row.study_id).exclude(pk=actor.pk)
    named = {user.pk for user in members if user.username.lower() in names}
    row.named.exclude(user__in=named).delete()
    Mention.objects.bulk_create(
        (Mention(comment=row, user_id=pk) for pk in sorted(named)), ignore_conflicts=True
    )


def _about(row: Comment) -> dict[str, str]:
    return {"on": row.kind, "object": row.key}
