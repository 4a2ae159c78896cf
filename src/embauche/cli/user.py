"""`embauche user`: the accounts of a server."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from embauche.cli.options import HELP, JSON, LANG
from embauche.cli.terminal import errors_in_one_line, language_of_user
from embauche.messages import Messages, messages

if TYPE_CHECKING:
    from embauche.workbench.models import User

_NAME = click.argument("name")
_STDIN = click.option(
    "--password-stdin", "from_stdin", is_flag=True, help=HELP.text("team.cli.option.stdin")
)


@click.group(help=HELP.text("team.cli.help"))
def user() -> None:
    """Accounts of a server: add, list, disable, set a password."""


@user.command(help=HELP.text("team.cli.help.add"))
@_NAME
@click.option("--shown", default="", help=HELP.text("team.cli.option.shown"))
@_STDIN
@LANG
def add(name: str, *, shown: str, from_stdin: bool, lang: str | None) -> None:
    """Make an account; the first one takes over the studies that the workspace holds already."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        accounts = _accounts()
        first = not accounts.people()
        made = accounts.make_account(name, _password(words, from_stdin=from_stdin), shown=shown)
        click.echo(words.text("team.cli.added", name=made.username))
        taken = accounts.take_over(made) if first else []
        if taken:
            click.echo(words.text("team.cli.took_over", n=len(taken)))


@user.command(name="list", help=HELP.text("team.cli.help.list"))
@JSON
@LANG
def list_(*, as_json: bool, lang: str | None) -> None:
    """List the accounts."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        rows = [_row(row) for row in _accounts().people()]
        if as_json:
            click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            line = words.text(
                "team.cli.row", name=row["name"], shown=row["shown"] or "—", n=row["studies"]
            )
            mark = "" if row["active"] else f" · {words.text('team.cli.disabled_mark')}"
            click.echo(line + mark)
        if not rows:
            click.echo(words.text("team.cli.none"))


@user.command(help=HELP.text("team.cli.help.disable"))
@_NAME
@LANG
def disable(name: str, *, lang: str | None) -> None:
    """Keep an account out."""
    _set_active(name, lang, active=False)


@user.command(help=HELP.text("team.cli.help.enable"))
@_NAME
@LANG
def enable(name: str, *, lang: str | None) -> None:
    """Let an account in again."""
    _set_active(name, lang, active=True)


@user.command(help=HELP.text("team.cli.help.password"))
@_NAME
@_STDIN
@LANG
def password(name: str, *, from_stdin: bool, lang: str | None) -> None:
    """Set the password of an account."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        accounts = _accounts()
        found = accounts.account(name)
        accounts.set_password(found, _password(words, from_stdin=from_stdin))
        click.echo(words.text("team.cli.password_set", name=found.username))


def _set_active(name: str, lang: str | None, *, active: bool) -> None:
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        accounts = _accounts()
        found = accounts.account(name)
        accounts.set_active(found, active=active)
        said = "team.cli.enabled" if active else "team.cli.disabled"
        click.echo(words.text(said, name=found.username))


def _accounts() -> Any:
    """Open the workspace and return the service; the database is imported no sooner."""
    from embauche.workbench.configure import use_workspace

    use_workspace()
    from embauche.workbench.services import accounts

    return accounts


def _password(words: Messages, *, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    given: str = click.prompt(
        words.text("team.cli.password"),
        hide_input=True,
        confirmation_prompt=words.text("team.cli.password.again"),
    )
    return given


def _row(row: User) -> dict[str, Any]:
    return {
        "name": row.username,
        "shown": row.first_name,
        "active": row.is_active,
        "studies": row.memberships.count(),
        "last_login": row.last_login.isoformat() if row.last_login else None,
    }
