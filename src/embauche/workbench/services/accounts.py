"""Accounts of a server: made, disabled, their passwords and profiles."""

from __future__ import annotations

import re
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from embauche.errors import WorkbenchError
from embauche.vocabulary import Language
from embauche.workbench.models import Coder, Event, Membership, Study, User
from embauche.workbench.services.conflicts import touch
from embauche.workbench.services.roles import LOCAL_USER

NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")
"""What an account may be called: it is typed to log in, and after an @ to mention someone."""

LONGEST_SHOWN: Final = 80
LONGEST_PASSWORD: Final = 1000
_OWNER: Final = Membership.Role.OWNER


def make_account(name: str, password: str, *, shown: str = "") -> User:
    """Make an account that can log in.

    Parameters
    ----------
    name
        What is typed to log in; lower case.
    shown
        The name that the team reads; the account's name where empty.

    Raises
    ------
    WorkbenchError
        If the name is taken or cannot be one, or the password is too weak.
    """
    name = name.strip().lower()
    if not NAME.fullmatch(name):
        raise WorkbenchError("team.name_form", name=name[:40])
    shown = _one_line(shown)
    with transaction.atomic():
        if _taken(name):
            raise WorkbenchError("team.name_taken", name=name)
        user = User(username=name, first_name=shown)
        check_password_strength(password, user)
        user.set_password(password)
        user.save()
    return user


def check_password_strength(password: str, user: User) -> None:
    """Refuse a password that is easily guessed.

    Raises
    ------
    WorkbenchError
        With the first reason: ``team.password_too_short``, ``…_too_common``, ``…_too_similar``,
        ``…_entirely_numeric`` or ``…_too_long``.
    """
    if len(password) > LONGEST_PASSWORD:
        raise WorkbenchError("team.password_too_long", most=LONGEST_PASSWORD)
    try:
        validate_password(password, user)
    except ValidationError as error:
        first = error.error_list[0]
        least = (first.params or {}).get("min_length", 0)
        code = f"team.{first.code}"
        raise WorkbenchError(code, least=least) from error


def take_over(user: User) -> list[Study]:
    """Make a server's first account an owner of the studies that the laptop's user owned alone."""
    with transaction.atomic():
        owned = Study.objects.filter(
            memberships__role=_OWNER, memberships__user__username=LOCAL_USER
        ).exclude(memberships__user=user)
        alone = [study for study in owned if study.memberships.filter(role=_OWNER).count() == 1]
        for study in alone:
            Membership.objects.create(user=user, study=study, role=_OWNER)
            Event(
                study=study,
                actor=user,
                verb="member.joined",
                kind="member",
                key=str(user.pk),
                version=1,
                payload={"role": str(_OWNER)},
            ).save()
    return alone


def people() -> list[User]:
    """Return all accounts that log in, by name; the laptop's own user is none of them."""
    return list(User.objects.exclude(username=LOCAL_USER).order_by("username"))


def account(name: str) -> User:
    """Return an account by its name.

    Raises
    ------
    WorkbenchError
        If there is none.
    """
    found = User.objects.exclude(username=LOCAL_USER).filter(username=name.strip().lower()).first()
    if found is None:
        raise WorkbenchError("team.no_account", name=name)
    return found


def set_active(user: User, *, active: bool) -> None:
    """Let an account in or keep it out; its sessions and API tokens end at once."""
    User.objects.filter(pk=user.pk).update(is_active=active)
    user.refresh_from_db()


def set_password(user: User, password: str) -> None:
    """Set a password; every session of the account ends."""
    check_password_strength(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])


def change_password(user: User, old: str, new: str) -> None:
    """Change one's own password; other sessions of the account end.

    Raises
    ------
    WorkbenchError
        If the old one is not right, or the new one too weak.
    """
    if len(old) > LONGEST_PASSWORD or not user.check_password(old):
        raise WorkbenchError("team.wrong_password")
    set_password(user, new)


def save_profile(user: User, shown: str, pseudonym: str, language: str) -> User:
    """Keep the name that the team reads, the name as a coder, and the language.

    The pseudonym is what stands in reports and exports; the person's earlier work takes it over.

    Raises
    ------
    WorkbenchError
        If another person, or another coder of one of their studies, already has that name.
    """
    shown, pseudonym = _one_line(shown), _one_line(pseudonym)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        named = pseudonym or user.get_username()
        if _taken(named, but=user):
            raise WorkbenchError("team.name_taken", name=named)
        own = list(Coder.objects.filter(user=user).select_related("study"))
        moved = [row for row in own if row.name != f"person:{named}"]
        for row in moved:
            same = Coder.objects.filter(study=row.study, name=f"person:{named}")
            if same.exclude(pk=row.pk).exists():
                raise WorkbenchError("team.name_taken", name=named)
            Coder.objects.filter(pk=row.pk).update(name=f"person:{named}")
            touch(row.study)
        user.first_name, user.pseudonym = shown, pseudonym
        user.language = language if language in tuple(Language) else ""
        user.save(update_fields=["first_name", "pseudonym", "language"])
    return user


def _taken(name: str, but: User | None = None) -> bool:
    """Tell whether another person is called so: as a coder, two would be one."""
    others = User.objects.exclude(pk=but.pk) if but is not None else User.objects.all()
    return others.filter(Q(username__iexact=name) | Q(pseudonym__iexact=name)).exists()


def _one_line(text: str) -> str:
    found = " ".join(text.split())
    if len(found) > LONGEST_SHOWN:
        raise WorkbenchError("team.long_name", most=LONGEST_SHOWN)
    return found
