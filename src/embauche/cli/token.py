"""`embauche token`: keys to the API, made, listed and ended."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from embauche.cli.options import HELP, JSON, LANG
from embauche.cli.terminal import aligned, errors_in_one_line, language_of_user
from embauche.errors import WorkbenchError
from embauche.messages import messages

if TYPE_CHECKING:
    from embauche.workbench.models import ApiToken, Study, User

_USER = click.option(
    "--user", default="local", show_default=True, help=HELP.text("token.option.user")
)


@click.group(help=HELP.text("token.help"))
def token() -> None:
    """Keys to the API."""


@token.command(name="add", help=HELP.text("token.help.add"))
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, help=HELP.text("token.option.scope"))
@click.option("--study", help=HELP.text("token.option.study"))
@click.option("--days", type=click.IntRange(1, 3650), help=HELP.text("token.option.days"))
@_USER
@JSON
@LANG
def add(
    name: str,
    *,
    scopes: tuple[str, ...],
    study: str | None,
    days: int | None,
    user: str,
    as_json: bool,
    lang: str | None,
) -> None:
    """Make a token NAME and print its secret, this once."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        owner = _user(user)
        from django.utils import timezone

        from embauche.workbench.services.api_tokens import make_token

        ends = timezone.now() + timedelta(days=days) if days else None
        row, secret = make_token(owner, name, scopes or ["study:read"], _study(study), ends)
        if as_json:
            click.echo(json.dumps({**_shown(row), "secret": secret}, ensure_ascii=False))
        else:
            click.echo(secret)
            click.echo(words.text("token.made", name=row.name, scopes=row.scopes), err=True)


@token.command(name="list", help=HELP.text("token.help.list"))
@_USER
@JSON
@LANG
def list_(*, user: str, as_json: bool, lang: str | None) -> None:
    """List a person's tokens."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        owner = _user(user)
        from embauche.workbench.services.api_tokens import tokens_of

        rows = tokens_of(owner)
        if as_json:
            click.echo(json.dumps([_shown(row) for row in rows], ensure_ascii=False, indent=2))
        elif rows:
            names = ("number", "name", "prefix", "scopes", "study", "expires", "used")
            head = [words.text(f"token.column.{name}") for name in names]
            click.echo(aligned([head, *([str(row.pk), *_cells(row)] for row in rows)]))
        else:
            click.echo(words.text("token.none"), err=True)


@token.command(name="revoke", help=HELP.text("token.help.revoke"))
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@_USER
@LANG
def revoke(number: int, *, user: str, lang: str | None) -> None:
    """End the token of a NUMBER at once."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        owner = _user(user)
        from embauche.workbench.services.api_tokens import revoke_token, tokens_of

        if number not in {row.pk for row in tokens_of(owner)}:
            raise WorkbenchError("api.no_token", token=str(number), user=user)
        row = revoke_token(number, owner)
        click.echo(words.text("token.revoked", name=row.name))


def _user(name: str) -> User:
    from embauche.workbench.configure import use_workspace

    use_workspace()
    from embauche.workbench.models import User
    from embauche.workbench.services.roles import LOCAL_USER, local_user

    if name == LOCAL_USER:
        return local_user()
    found: User | None = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        known = User.objects.filter(is_active=True).order_by("username")
        raise WorkbenchError(
            "api.no_user", user=name, known=list(known.values_list("username", flat=True)) or ["—"]
        )
    return found


def _study(slug: str | None) -> Study | None:
    from embauche.workbench.models import Study

    if slug is None:
        return None
    found: Study | None = Study.objects.filter(slug=slug).first()
    if found is None:
        known = list(Study.objects.order_by("slug").values_list("slug", flat=True))
        raise WorkbenchError("workbench.no_study", study=slug, known=known or ["—"])
    return found


def _cells(row: ApiToken) -> list[str]:
    dates = [when.date().isoformat() if when else "—" for when in (row.expires_at, row.used_at)]
    study = row.study.slug if row.study else "—"
    return [row.name, f"{row.prefix}…", ", ".join(row.scopes), study, *dates]


def _shown(row: ApiToken) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "prefix": row.prefix,
        "scopes": row.scopes,
        "study": row.study.slug if row.study else None,
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        "used_at": row.used_at.isoformat() if row.used_at else None,
    }
