"""People: members and their roles, invitations, share links, comments and mentions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Path, Query, Schema, Status
from pydantic import Field

from embauche.errors import WorkbenchError
from embauche.workbench.api.callers import everywhere, needs, study_of
from embauche.workbench.api.lists import part_of, version_given, versioned
from embauche.workbench.api.routes import router
from embauche.workbench.api.shapes import Given, Line, Number, Page, Paging, Slug, Version, Words
from embauche.workbench.models import Comment, Invitation, Membership, Mention, ShareLink, Study
from embauche.workbench.services import comments, invitations, members, sharing
from embauche.workbench.services.roles import require

TAG: Final = "team"
_Days = Annotated[int, Field(ge=1, le=365, description="api.note.days")]


class On(StrEnum):
    """What a comment is about."""

    JOB = "job"
    EVIDENCE = "evidence"
    STUDY = "study"


class MemberShape(Schema):
    """Someone with a role in the study."""

    id: int
    username: str
    name: str
    pseudonym: str
    role: Membership.Role


class RoleGiven(Given):
    """Another role, and the one that was seen."""

    role: Membership.Role
    held: Membership.Role


class InvitationGiven(Given):
    """What an invitation gives, and for how long it stands."""

    role: Membership.Role
    days: _Days = 7
    note: Annotated[Line, Field(max_length=200)] = ""


class ShareGiven(Given):
    """For how long a share link stands."""

    days: _Days = 30
    note: Annotated[Line, Field(max_length=200)] = ""


class LinkShape(Schema):
    """A link that opens the study to someone."""

    id: int
    role: str | None
    note: str
    created_by: str
    created_at: datetime
    expires_at: datetime


class LinkMade(LinkShape):
    """A new link with its address, shown this once."""

    url: str


class CommentGiven(Given):
    """What someone says; ``@name`` mentions a member."""

    on: On
    id: Number | None = Field(None, description="api.note.about")
    text: Words


class CommentEdited(Given):
    """Other words."""

    text: Words
    version: Version = None


class CommentShape(Schema):
    """What someone said."""

    id: int
    on: str
    key: str
    author: str | None
    text: str
    created_at: datetime
    edited_at: datetime | None
    version: int


class MentionShape(Schema):
    """A comment that names the caller."""

    id: int
    study: str
    comment: CommentShape
    seen_at: datetime | None


@router.get("studies/{slug}/members", response=list[MemberShape], **needs("study:read"))
def list_members(request: Any, slug: Slug) -> list[dict[str, Any]]:
    """List who has a role in the study, owners first."""
    return [_member(row) for row in members.members(study_of(request, slug))]


@router.patch("studies/{slug}/members/{int:id}", response=MemberShape, **needs("team:admin"))
def change_member(request: Any, slug: Slug, id: Path[Number], given: RoleGiven) -> dict[str, Any]:  # noqa: A002
    """Give a member another role."""
    row = get_object_or_404(Membership, pk=id, study=study_of(request, slug))
    changed = members.change_role(row.pk, given.role.value, request.auth.user, given.held.value)
    return _member(changed)


@router.delete("studies/{slug}/members/{int:id}", response={204: None}, **needs("team:admin"))
def remove_member(request: Any, slug: Slug, id: Path[Number], held: Membership.Role) -> Any:  # noqa: A002
    """Take a member out of the study."""
    row = get_object_or_404(Membership, pk=id, study=study_of(request, slug))
    members.remove(row.pk, request.auth.user, held.value)
    return Status(204, None)


@router.post("studies/{slug}/leave", response={204: None}, **needs("team:admin"))
def leave_study(request: Any, slug: Slug) -> Any:
    """Leave the study oneself."""
    members.leave(study_of(request, slug).pk, request.auth.user)
    return Status(204, None)


@router.get("studies/{slug}/invitations", response=list[LinkShape], **needs("team:admin"))
def list_invitations(request: Any, slug: Slug) -> list[dict[str, Any]]:
    """List the invitations that nobody took yet."""
    study = _owned(request, slug)
    return [_link(row) for row in invitations.open_invitations(study)]


@router.post("studies/{slug}/invitations", response={201: LinkMade}, **needs("team:admin"))
def create_invitation(request: Any, slug: Slug, given: InvitationGiven) -> Any:
    """Make an invitation; its address is shown this once."""
    study = _owned(request, slug)
    _needs_a_server()
    row, secret = invitations.invite(
        study, given.role.value, given.days, given.note, request.auth.user
    )
    return Status(201, {**_link(row), "url": _url(request, "invitation", secret)})


@router.delete("studies/{slug}/invitations/{int:id}", response={204: None}, **needs("team:admin"))
def delete_invitation(request: Any, slug: Slug, id: Path[Number]) -> Any:  # noqa: A002
    """End an invitation."""
    study = study_of(request, slug)
    get_object_or_404(Invitation, pk=id, study=study)
    invitations.revoke_invitation(study, id, request.auth.user)
    return Status(204, None)


@router.get("studies/{slug}/shares", response=list[LinkShape], **needs("team:admin"))
def list_shares(request: Any, slug: Slug) -> list[dict[str, Any]]:
    """List the links by which anyone may read the report."""
    study = study_of(request, slug)
    require(request.auth.user, study, "editor", archived=True)
    return [_link(row) for row in sharing.open_shares(study)]


@router.post("studies/{slug}/shares", response={201: LinkMade}, **needs("team:admin"))
def create_share(request: Any, slug: Slug, given: ShareGiven) -> Any:
    """Make a link by which anyone may read the report; its address is shown this once."""
    study = study_of(request, slug)
    require(request.auth.user, study, "editor")
    _needs_a_server()
    row, secret = sharing.share(study, given.days, given.note, request.auth.user)
    return Status(201, {**_link(row), "url": _url(request, "shared", secret)})


@router.delete("studies/{slug}/shares/{int:id}", response={204: None}, **needs("team:admin"))
def delete_share(request: Any, slug: Slug, id: Path[Number]) -> Any:  # noqa: A002
    """End a share link."""
    study = study_of(request, slug)
    get_object_or_404(ShareLink, pk=id, study=study)
    sharing.revoke_share(study, id, request.auth.user)
    return Status(204, None)


@router.get("studies/{slug}/comments", response=list[CommentShape], **needs("study:read"))
def list_comments(
    request: Any,
    slug: Slug,
    on: On,
    id: Annotated[Number | None, Query()] = None,  # noqa: A002
) -> list[dict[str, Any]]:
    """List what is said about a job, a piece of evidence or the study."""
    study = study_of(request, slug)
    rows = comments.comments_on(study, _subject(request, study, on, id), request.auth.user)
    return [_comment(row) for row in rows]


@router.post("studies/{slug}/comments", response={201: CommentShape}, **needs("study:write"))
def create_comment(request: Any, response: HttpResponse, slug: Slug, given: CommentGiven) -> Any:
    """Say something about a job, a piece of evidence or the study."""
    study = study_of(request, slug)
    subject = _subject(request, study, given.on, given.id)
    row = comments.write_comment(study, subject, given.text, request.auth.user)
    return Status(201, versioned(response, _comment(row)))


@router.patch(
    "studies/{slug}/comments/{int:id}",
    response=CommentShape,
    **needs("study:write", versioned=True),
)
def edit_comment(
    request: Any,
    response: HttpResponse,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    given: CommentEdited,
) -> dict[str, Any]:
    """Change one's own comment."""
    row = get_object_or_404(Comment, pk=id, study=study_of(request, slug), deleted_at=None)
    version = version_given(request, given.version)
    done = comments.edit_comment(row.pk, given.text, request.auth.user, version)
    return versioned(response, _comment(done))


@router.delete(
    "studies/{slug}/comments/{int:id}",
    response={204: None},
    **needs("study:write", versioned=True),
)
def delete_comment(
    request: Any,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    version: Annotated[Version, Query()] = None,
) -> Any:
    """Take one's own comment away."""
    row = get_object_or_404(Comment, pk=id, study=study_of(request, slug), deleted_at=None)
    comments.delete_comment(row.pk, request.auth.user, version_given(request, version))
    return Status(204, None)


@router.get("mentions", response=Page[MentionShape], **needs("study:read"))
def list_mentions(request: Any, response: HttpResponse, paging: Query[Paging]) -> dict[str, Any]:
    """List the comments that name the caller, the latest first."""
    rows = comments.mentions_of(everywhere(request).user)
    return part_of(request, response, rows, paging, _mention)


@router.post("mentions/seen", response={204: None}, **needs("study:write"))
def see_mentions(request: Any) -> Any:
    """Note that the caller has seen all comments that name them."""
    comments.see(everywhere(request).user)
    return Status(204, None)


def _owned(request: Any, slug: str) -> Study:
    study = study_of(request, slug)
    require(request.auth.user, study, "owner", archived=True)
    return study


def _needs_a_server() -> None:
    """On a laptop nobody else could open the link."""
    if not settings.SERVER_MODE:
        raise WorkbenchError("team.needs_server")


def _url(request: Any, name: str, secret: str) -> str:
    address: str = request.build_absolute_uri(reverse(name, args=[secret]))
    return address


def _subject(request: Any, study: Study, on: On, number: int | None) -> comments.Subject:
    pk = study.pk if on is On.STUDY else number or 0
    return comments.subject_of(study, on.value, pk, request.auth.user)


def _member(row: Membership) -> dict[str, Any]:
    return {
        "id": row.pk,
        "username": row.user.username,
        "name": row.user.first_name or row.user.username,
        "pseudonym": row.user.pseudonym or row.user.username,
        "role": row.role,
    }


def _link(row: Invitation | ShareLink) -> dict[str, Any]:
    return {
        "id": row.pk,
        "role": getattr(row, "role", None),
        "note": row.note,
        "created_by": row.created_by.username,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
    }


def _comment(row: Comment) -> dict[str, Any]:
    names = ("key", "text", "created_at", "edited_at", "version")
    return {
        "id": row.pk,
        "on": row.kind,
        "author": row.author.username if row.author else None,
        **{name: getattr(row, name) for name in names},
    }


def _mention(row: Mention) -> dict[str, Any]:
    return {
        "id": row.pk,
        "study": row.comment.study.slug,
        "comment": _comment(row.comment),
        "seen_at": row.seen_at,
    }
