"""What the commands share: language, progress bars on stderr, errors as one line."""

from __future__ import annotations

import errno
import gettext
import locale
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from embauche.errors import EmbaucheError, FolderError, WorkbenchError
from embauche.messages import Messages
from embauche.notices import Notice
from embauche.study.progress import Report, silent
from embauche.vocabulary import Language

_OF_THE_DISK: Final = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EEXIST,
    errno.ENOTDIR,
}


def language_of_user(given: str | None = None) -> Language:
    """Tell the language of the user: the option, EMBAUCHE_LANG, the system's, else English."""
    for candidate in (given, os.environ.get("EMBAUCHE_LANG"), *_system_languages()):
        if candidate and candidate[:2].lower() in tuple(Language):
            return Language(candidate[:2].lower())
    return Language.EN


def language_typed(arguments: Sequence[str]) -> str | None:
    """Return the value of ``--lang`` among the words typed, if any."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if word == "--lang":
            return following
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    return None


def speak_click(language: Language) -> None:
    """Have click's own words ("Usage", "Missing argument"…) in a language, by gettext's domain."""
    os.environ["LANGUAGE"] = str(language)
    gettext.bindtextdomain("click", str(Path(__file__).parent / "locale"))
    gettext.textdomain("click")


def _system_languages() -> Iterator[str]:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            yield os.environ[name]
            return
    yield locale.getlocale()[0] or ""


@contextmanager
def progress_bars(words: Messages, *, quiet: bool) -> Iterator[Report]:
    """Show one bar a stage on stderr, and give the function that stages report to."""
    if quiet:
        yield silent
        return
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=False) as bars:
        tasks = {}

        def report(stage: str, fraction: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(words.text(f"cli.stage.{stage}"), total=1.0)
            bars.update(tasks[stage], completed=min(max(fraction, 0.0), 1.0))

        yield report


@contextmanager
def errors_in_one_line(words: Messages) -> Iterator[None]:
    """Turn our errors, and the machine's, into one line on stderr and an exit code.

    A full disk, a file that may not be written and a database that is away are the machine's; all
    others are defects and stay.
    """
    try:
        yield
    except Exception as error:
        found = error if isinstance(error, EmbaucheError) else _of_the_machine(error)
        if found is None:
            raise
        language = words.language
        line = words.text("cli.error", message=found.message(language), hint=found.hint(language))
        click.echo(line, err=True)
        raise SystemExit(found.exit_code) from error
    except KeyboardInterrupt:
        click.echo(words.text("cli.interrupted"), err=True)
        raise SystemExit(130) from None


def _of_the_machine(error: Exception) -> EmbaucheError | None:
    """Return what to say of an error that the machine is the cause of."""
    if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
        file, reason = error.filename or "—", error.strerror or str(error)
        return FolderError("cli.cannot_write", file=str(file), reason=reason)
    if type(error) in _kinds_of_databases():
        reason = str(error).strip().partition("\n")[0]
        torn = type(error).__name__ == "DatabaseError"
        code = "server.database_damaged" if torn else "server.database_away"
        return WorkbenchError(code, reason=reason)
    return None


def _kinds_of_databases() -> set[type[Exception]]:
    """Return what is raised where a database is away, full or damaged; none before one is used."""
    names = ("DatabaseError", "OperationalError", "InterfaceError")
    used = [sys.modules.get(name) for name in ("django.db.utils", "sqlite3")]
    return {getattr(module, name) for module in used if module is not None for name in names}


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole, or leave what was there.

    Raises
    ------
    FolderError
        If it cannot be written.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise FolderError("cli.cannot_write", file=str(path), reason=reason) from error


def say_notices(words: Messages, notices: tuple[Notice, ...], *, least: str = "weak") -> None:
    """Print notices on stderr, the gravest first; with ``least="info"`` all of them."""
    order = ("problem", "weak", "info")
    for severity in order[: order.index(least) + 1]:
        for notice in notices:
            if notice.severity == severity:
                sign = words.text(f"cli.severity.{severity}")
                click.echo(f"{sign} {words.notice(notice)}", err=True)


def existing(folder: Path) -> Path:
    """Return the folder.

    Raises
    ------
    FolderError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise FolderError("folder.missing", folder=str(folder))
    return folder


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return a table of text: the first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        first = row[0].ljust(widths[0])
        rest = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join([first, *rest]).rstrip())
    return "\n".join(lines)
