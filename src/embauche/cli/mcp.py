"""`embauche mcp`: an assistant reads a study and proposes evidence; people decide."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from embauche.cli.options import HELP, LANG
from embauche.cli.terminal import errors_in_one_line, language_of_user
from embauche.errors import WorkbenchError
from embauche.messages import messages
from embauche.vocabulary import Language

if TYPE_CHECKING:
    from embauche.workbench.mcp_session import Session


@click.command(help=HELP.text("mcp.help"))
@click.option("--study", help=HELP.text("mcp.option.study"))
@click.option("--demo", is_flag=True, help=HELP.text("mcp.option.demo"))
@click.option(
    "--token", envvar="EMBAUCHE_TOKEN", show_envvar=True, help=HELP.text("mcp.option.token")
)
@LANG
def mcp(*, study: str | None, demo: bool, token: str | None, lang: str | None) -> None:
    """Serve an assistant over standard input and output."""
    language = language_of_user(lang)
    with errors_in_one_line(messages(language)):
        if find_spec("mcp") is None:
            raise WorkbenchError("mcp.not_installed")
        session = _session(study, token, language, demo=demo)
        from embauche.workbench.mcp_server import serve

        serve(session)


def _session(study: str | None, secret: str | None, language: Language, *, demo: bool) -> Session:
    """Return for whom the assistant works: a token's owner, or the laptop's one user."""
    from embauche.workbench.configure import use_workspace
    from embauche.workbench.demo import demo_workspace

    use_workspace(demo_workspace() if demo else None)
    from django.conf import settings

    from embauche.workbench.mcp_session import Session
    from embauche.workbench.services.api_tokens import SCOPES, token_of
    from embauche.workbench.services.roles import local_user

    if secret is None and settings.SERVER_MODE:
        raise WorkbenchError("mcp.token_needed")
    if secret is None:
        session = Session(local_user(), frozenset(SCOPES), study, language)
    else:
        token = token_of(secret)
        if token is None:
            raise WorkbenchError("api.bad_token")
        if token.study is not None and study not in {None, token.study.slug}:
            raise WorkbenchError("api.one_study")
        only = token.study.slug if token.study is not None else study
        session = Session(token.user, frozenset(token.scopes), only, language)
    if study is not None and not session.studies():
        known = [
            row.slug for row in Session(session.user, session.scopes, None, language).studies()
        ]
        raise WorkbenchError("workbench.no_study", study=study, known=known or ["—"])
    return session
