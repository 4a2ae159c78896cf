"""Options that most commands share, their help in the language of whoever typed the command."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from embauche.cli.terminal import language_of_user, language_typed
from embauche.messages import messages

HELP = messages(language_of_user(language_typed(sys.argv)))
"""Words of ``--help``: known before the options are read."""

Command = TypeVar("Command", bound=Callable[..., Any])

LANG = click.option("--lang", type=click.Choice(["fr", "en"]), help=HELP.text("cli.option.lang"))
QUIET = click.option("--quiet", is_flag=True, help=HELP.text("cli.option.quiet"))
JSON = click.option("--json", "as_json", is_flag=True, help=HELP.text("cli.option.json"))
SEED = click.option(
    "--seed", type=int, default=0, show_default=True, help=HELP.text("cli.option.seed")
)
NEEDS = click.option("--needs", multiple=True, help=HELP.text("cli.option.needs"))


def columns(given: tuple[str, ...]) -> tuple[str, ...]:
    """Take lists between commas apart; names and patterns hold none."""
    return tuple(name.strip() for item in given for name in item.split(",") if name.strip())


def spoken(command: Command) -> Command:
    """Add ``--json``, ``--quiet`` and ``--lang``: `as_json`, `quiet` and `lang`."""
    return JSON(QUIET(LANG(command)))
