"""`embauche jobs`: the jobs of a study folder, and what people do to them."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from embauche.cli import jobs_print
from embauche.cli.options import HELP, JSON, LANG, spoken
from embauche.cli.reviews import reviews
from embauche.cli.terminal import (
    errors_in_one_line,
    existing,
    language_of_user,
    progress_bars,
    say_notices,
)
from embauche.messages import Messages, messages
from embauche.vocabulary import JobType

if TYPE_CHECKING:
    from embauche.jobs.arrangement import Arrangement
    from embauche.jobs.operations import Operation
    from embauche.study.mapping import MappedStudy

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_CODER = click.option("--coder", help=HELP.text("jobs_cli.option.coder"))
_THRESHOLD = click.option(
    "--threshold", type=click.FloatRange(0.1, 1.5), help=HELP.text("jobs_cli.option.threshold")
)
_NONE = "none"


class _ListsByDefault(click.Group):
    """A group whose bare form, ``embauche jobs FOLDER``, is its command ``list``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``list`` in front of what is neither a command nor a request for help."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_ListsByDefault, help=HELP.text("cli.help.jobs"))
def jobs() -> None:
    """List the jobs of a study, and merge, split, rename and move them."""


jobs.add_command(reviews)


def _mapped(
    folder: Path, words: Messages, lang: str | None, *, quiet: bool, threshold: float | None = None
) -> MappedStudy:
    from embauche.study.config import read_config
    from embauche.study.mapping import map_study

    config = read_config(existing(folder))
    with progress_bars(words, quiet=quiet) as report:
        return map_study(config, language=lang, threshold=threshold, report=report)


def _say(data: Any, text: str, *, as_json: bool) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else text)


@jobs.command(name="list", help=HELP.text("cli.help.jobs.list"))
@click.argument("folder", type=_FOLDER)
@_THRESHOLD
@spoken
def list_(
    folder: Path, *, threshold: float | None, as_json: bool, quiet: bool, lang: str | None
) -> None:
    """List the jobs of FOLDER with who states them, their evidence and their neighbours."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        found = _mapped(folder, words, lang, quiet=quiet or as_json, threshold=threshold)
        data = jobs_print.listing(found)
        _say(data, jobs_print.listing_text(data, words), as_json=as_json)
        if not quiet:
            say_notices(words, found.notices)


@jobs.command(help=HELP.text("cli.help.jobs.show"))
@click.argument("folder", type=_FOLDER)
@click.argument("job")
@spoken
def show(folder: Path, job: str, *, as_json: bool, quiet: bool, lang: str | None) -> None:
    """Show a JOB: its evidence with ids, similarity, proximity and quotes."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        found = _mapped(folder, words, lang, quiet=quiet or as_json)
        data = jobs_print.one(found, job)
        _say(data, jobs_print.one_text(data, words), as_json=as_json)


@jobs.command(help=HELP.text("cli.help.jobs.thresholds"))
@click.argument("folder", type=_FOLDER)
@spoken
def thresholds(folder: Path, *, as_json: bool, quiet: bool, lang: str | None) -> None:
    """Show what each threshold gives: jobs, goals left alone, stability."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        found = _mapped(folder, words, lang, quiet=quiet or as_json)
        data = jobs_print.thresholds(found)
        _say(data, jobs_print.thresholds_text(data, words), as_json=as_json)


@jobs.command(help=HELP.text("cli.help.jobs.lint"))
@click.argument("folder", type=_FOLDER)
@spoken
def lint(folder: Path, *, as_json: bool, quiet: bool, lang: str | None) -> None:
    """Check the jobs' statements: what is wrong with each, and a wording that mends it."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        found = _mapped(folder, words, lang, quiet=quiet or as_json)
        data = jobs_print.lint(found, words)
        _say(data, jobs_print.lint_text(data, words), as_json=as_json)


@jobs.command(help=HELP.text("cli.help.jobs.diff"))
@click.argument("folder", type=_FOLDER)
@click.argument("old", type=_FILE)
@spoken
def diff(folder: Path, old: Path, *, as_json: bool, quiet: bool, lang: str | None) -> None:
    """Tell what changed since an OLD results.json or jobs-state.json."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.jobs.diff import diff_jobs
        from embauche.study.mapping import previous_jobs

        before = previous_jobs(old)
        found = _mapped(folder, words, lang, quiet=quiet or as_json)
        made = diff_jobs(before, found.job_map)
        _say(made.to_dict(), jobs_print.diff_text(made, words), as_json=as_json)


def _operate(
    folder: Path,
    make: Callable[[Arrangement], Operation],
    *,
    coder: str | None,
    as_json: bool,
    quiet: bool,
    lang: str | None,
) -> None:
    """Make an operation from the jobs that stand, write it down, and say so."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.jobs.operation_lines import line_of
        from embauche.study.mapping import record

        found = _mapped(folder, words, lang, quiet=quiet or as_json)
        entry = record(folder, make(found.jobs), _who(coder))
        _say(line_of(entry), jobs_print.entry_text(entry, words), as_json=as_json)


def _who(coder: str | None) -> str:
    from embauche.study.several_coders import person

    return person(coder or getpass.getuser())


@jobs.command(help=HELP.text("cli.help.jobs.merge"))
@click.argument("folder", type=_FOLDER)
@click.argument("job", nargs=-1, required=True)
@_CODER
@spoken
def merge(folder: Path, job: tuple[str, ...], **options: Any) -> None:
    """Make one of several JOBs; the largest keeps its id."""
    from embauche.jobs.operating import merge_jobs

    _operate(folder, lambda now: merge_jobs(now, job), **options)


@jobs.command(help=HELP.text("cli.help.jobs.split"))
@click.argument("folder", type=_FOLDER)
@click.argument("job")
@click.option(
    "--evidence", multiple=True, required=True, help=HELP.text("jobs_cli.option.evidence")
)
@_CODER
@spoken
def split(folder: Path, job: str, *, evidence: tuple[str, ...], **options: Any) -> None:
    """Put goal evidence of a JOB apart; each --evidence is one new job."""
    from embauche.jobs.operating import split_job

    parts = [[key.strip() for key in part.split(",") if key.strip()] for part in evidence]
    _operate(folder, lambda now: split_job(now, job, parts), **options)


@jobs.command(help=HELP.text("cli.help.jobs.rename"))
@click.argument("folder", type=_FOLDER)
@click.argument("job")
@click.argument("statement")
@_CODER
@spoken
def rename(folder: Path, job: str, statement: str, *, lang: str | None, **options: Any) -> None:
    """Give a JOB your STATEMENT, in the language of --lang."""
    from embauche.jobs.operating import rename_job

    spoken = language_of_user(lang)

    def make(now: Arrangement) -> Operation:
        return rename_job(now, job, statement, spoken)

    _operate(folder, make, lang=lang, **options)


@jobs.command(help=HELP.text("cli.help.jobs.move"))
@click.argument("folder", type=_FOLDER)
@click.argument("evidence")
@click.argument("job")
@_CODER
@spoken
def move(folder: Path, evidence: str, job: str, **options: Any) -> None:
    """Put a piece of EVIDENCE into a JOB, or into "none"."""
    from embauche.jobs.operating import move_evidence

    target = None if job == _NONE else job
    _operate(folder, lambda now: move_evidence(now, evidence, target), **options)


@jobs.command(help=HELP.text("cli.help.jobs.retype"))
@click.argument("folder", type=_FOLDER)
@click.argument("job")
@click.argument("kind", type=click.Choice([str(item) for item in JobType]))
@_CODER
@spoken
def retype(folder: Path, job: str, kind: str, **options: Any) -> None:
    """Say which type a JOB is."""
    from embauche.jobs.operating import retype_job

    _operate(folder, lambda now: retype_job(now, job, JobType(kind)), **options)


@jobs.command(help=HELP.text("cli.help.jobs.parent"))
@click.argument("folder", type=_FOLDER)
@click.argument("job")
@click.argument("parent")
@_CODER
@spoken
def parent(folder: Path, job: str, parent: str, **options: Any) -> None:
    """Make a JOB part of a PARENT, or of "none"."""
    from embauche.jobs.operating import set_parent

    above = None if parent == _NONE else parent
    _operate(folder, lambda now: set_parent(now, job, above), **options)


@jobs.command(help=HELP.text("cli.help.jobs.delete"))
@click.argument("folder", type=_FOLDER)
@click.argument("job")
@_CODER
@spoken
def delete(folder: Path, job: str, **options: Any) -> None:
    """Take a JOB off the map; its goal evidence is in no job."""
    from embauche.jobs.operating import delete_job

    _operate(folder, lambda now: delete_job(now, job), **options)


@jobs.command(help=HELP.text("cli.help.jobs.undelete"))
@click.argument("folder", type=_FOLDER)
@click.argument("job")
@_CODER
@spoken
def undelete(folder: Path, job: str, **options: Any) -> None:
    """Bring a deleted JOB back."""
    from embauche.jobs.operating import undelete_job

    _operate(folder, lambda now: undelete_job(now, job), **options)


@jobs.command(help=HELP.text("cli.help.jobs.undo"))
@click.argument("folder", type=_FOLDER)
@click.option("--operation", help=HELP.text("jobs_cli.option.operation"))
@_CODER
@JSON
@LANG
def undo(
    folder: Path, *, operation: str | None, coder: str | None, as_json: bool, lang: str | None
) -> None:
    """Take back the latest operation that stands, or a named one."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.jobs.operation_lines import line_of
        from embauche.study import mapping

        entry = mapping.undo(existing(folder), _who(coder), operation)
        text = words.text("jobs_cli.undone", what=jobs_print.entry_text(entry, words))
        _say(line_of(entry), text, as_json=as_json)


@jobs.command(help=HELP.text("cli.help.jobs.redo"))
@click.argument("folder", type=_FOLDER)
@_CODER
@JSON
@LANG
def redo(folder: Path, *, coder: str | None, as_json: bool, lang: str | None) -> None:
    """Bring back what was undone last."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.jobs.operation_lines import line_of
        from embauche.study import mapping

        entry = mapping.redo(existing(folder), _who(coder))
        text = words.text("jobs_cli.redone", what=jobs_print.entry_text(entry, words))
        _say(line_of(entry), text, as_json=as_json)


@jobs.command(help=HELP.text("cli.help.jobs.history"))
@click.argument("folder", type=_FOLDER)
@JSON
@LANG
def history(folder: Path, *, as_json: bool, lang: str | None) -> None:
    """List all operations, with whether each stands."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.study.decisions import read_decisions

        log = read_decisions(existing(folder)).operations
        _say(jobs_print.history(log), jobs_print.history_text(log, words) or "—", as_json=as_json)
