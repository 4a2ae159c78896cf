"""The team of a study: members, invitations, share links."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from embauche.errors import WorkbenchError
from embauche.workbench.models import Invitation, Membership, ShareLink, Study
from embauche.workbench.page import page, study_of
from embauche.workbench.pages.conflict_words import said_of
from embauche.workbench.services import invitations, members, sharing
from embauche.workbench.services.conflicts import StaleVersionError

_DAYS = (1, 7, 30, 90)
_ROLES = tuple(reversed(Membership.Role.values))


def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who works on the study, and the links that open it to others."""
    return _listed(request, study_of(request, slug))


def _listed(request: Any, study: Study, **more: Any) -> HttpResponse:
    rows = members.members(study)
    owner, editor = request.role == "owner", request.role in {"owner", "editor"}
    return page(
        request,
        "people",
        study,
        section="team",
        tab="people",
        rows=rows,
        own=next((row for row in rows if row.user_id == request.user.pk), None),
        alone=sum(row.role == "owner" for row in rows) == 1,
        owner=owner,
        editor=editor,
        roles=_ROLES,
        days=_DAYS,
        invited=invitations.open_invitations(study) if owner else [],
        shares=sharing.open_shares(study) if editor else [],
        **more,
    )


@require_POST
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Make an invitation and show its link: now, and never again."""
    study = study_of(request, slug, writes="owner")
    note, days = request.POST.get("note", ""), _number(request, "days")
    try:
        _needs_a_server()
        _, secret = invitations.invite(study, _role(request), days, note, request.user)
    except WorkbenchError as error:
        return _refused(request, study, error)
    link = request.build_absolute_uri(reverse("invitation", args=[secret]))
    return _listed(request, study, link=link, link_of="invitation")


@require_POST
def revoke_invitation(request: HttpRequest, slug: str, invitation_id: int) -> HttpResponse:
    """End an invitation."""
    study = study_of(request, slug, writes="owner")
    get_object_or_404(Invitation, pk=invitation_id, study=study)
    invitations.revoke_invitation(study, invitation_id, request.user)
    return _back(study, "invitations")


@require_POST
def change(request: HttpRequest, slug: str, membership_id: int) -> HttpResponse:
    """Give a member another role, or take them out."""
    study = study_of(request, slug, writes="owner")
    row = get_object_or_404(Membership, pk=membership_id, study=study)
    held = request.POST.get("held", "")
    try:
        if request.POST.get("do") == "remove":
            members.remove(row.pk, request.user, held)
        else:
            members.change_role(row.pk, _role(request), request.user, held)
    except WorkbenchError as error:
        return _refused(request, study, error)
    if row.user_id == request.user.pk:
        return HttpResponseRedirect(reverse("home"))
    return _back(study)


@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave the study."""
    study = study_of(request, slug, writes="reader")
    try:
        members.leave(study.pk, request.user)
    except WorkbenchError as error:
        return _refused(request, study, error)
    return HttpResponseRedirect(reverse("home"))


@require_POST
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a share link and show it: now, and never again."""
    study = study_of(request, slug, writes="editor")
    note, days = request.POST.get("note", ""), _number(request, "days")
    try:
        _needs_a_server()
        _, secret = sharing.share(study, days, note, request.user)
    except WorkbenchError as error:
        return _refused(request, study, error)
    link = request.build_absolute_uri(reverse("shared", args=[secret]))
    return _listed(request, study, link=link, link_of="share")


@require_POST
def revoke_share(request: HttpRequest, slug: str, share_id: int) -> HttpResponse:
    """End a share link."""
    study = study_of(request, slug, writes="editor")
    get_object_or_404(ShareLink, pk=share_id, study=study)
    sharing.revoke_share(study, share_id, request.user)
    return _back(study, "shares")


def _refused(request: Any, study: Study, error: WorkbenchError) -> HttpResponse:
    """Show the team as it is now, and why nothing was changed."""
    said = said_of(error, request.language, "team.conflict.people")
    status = 409 if isinstance(error, StaleVersionError) else 422
    return _listed(request, study, problem=said, status=status)


def _back(study: Study, place: str = "") -> HttpResponse:
    address = reverse("people", args=[study.slug])
    return HttpResponseRedirect(f"{address}#{place}" if place else address)


def _role(request: HttpRequest) -> str:
    role = request.POST.get("role", "")
    if role not in Membership.Role.values:
        raise WorkbenchError("team.no_role")
    return role


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _needs_a_server() -> None:
    """On a laptop nobody else could open the link."""
    if not settings.SERVER_MODE:
        raise WorkbenchError("team.needs_server")
