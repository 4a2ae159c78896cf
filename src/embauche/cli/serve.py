"""The command `embauche serve`: the workbench for a team."""

from __future__ import annotations

import sys

import click

from embauche.cli.terminal import errors_in_one_line, language_of_user, language_typed
from embauche.messages import messages

_HELP = messages(language_of_user(language_typed(sys.argv)))


@click.command(help=_HELP.text("cli.help.serve"))
@click.option(
    "--host", default="127.0.0.1", show_default=True, help=_HELP.text("cli.option.serve.host")
)
@click.option(
    "--port", type=int, default=8000, show_default=True, help=_HELP.text("cli.option.serve.port")
)
@click.option(
    "--workers",
    type=int,
    default=1 if sys.platform == "win32" else 2,
    show_default=True,
    help=_HELP.text("cli.option.serve.workers"),
)
@click.option("--allowed-host", multiple=True, help=_HELP.text("cli.option.serve.allowed_host"))
@click.option("--trust-proxy", is_flag=True, help=_HELP.text("cli.option.serve.trust_proxy"))
@click.option("--no-backup", is_flag=True, help=_HELP.text("cli.option.serve.no_backup"))
@click.option("--lang", type=click.Choice(["fr", "en"]), help=_HELP.text("cli.option.lang"))
def serve(
    *,
    host: str,
    port: int,
    workers: int,
    allowed_host: tuple[str, ...],
    trust_proxy: bool,
    no_backup: bool,
    lang: str | None,
) -> None:
    """Serve the workspace to a team, with log-in, until Ctrl-C or SIGTERM."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.workbench.team_server import Serving, TeamServer

        given = Serving(
            host=host,
            port=port,
            workers=workers,
            allowed_hosts=allowed_host,
            trust_proxy=trust_proxy,
            backup=not no_backup,
        )
        server = TeamServer(given)
        if given.in_the_clear:
            click.echo(words.text("server.serve.in_the_clear"), err=True)
        click.echo(words.text("server.serve.ready", url=server.url))
        click.echo(words.text("cli.serve.stop"), err=True)
        server.serve()
