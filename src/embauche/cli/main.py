"""The command `embauche`: a folder of research becomes job segments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from embauche import __version__
from embauche.cli.agreement import agreement
from embauche.cli.compare import compare
from embauche.cli.exchange import export, import_
from embauche.cli.guide import guide
from embauche.cli.identify import identify
from embauche.cli.jobs import jobs
from embauche.cli.mcp import mcp
from embauche.cli.opportunity import opportunity
from embauche.cli.options import HELP, JSON, LANG, QUIET, SEED, spoken
from embauche.cli.relate import relate
from embauche.cli.saturation import saturation
from embauche.cli.segment import segment
from embauche.cli.serve import serve
from embauche.cli.terminal import (
    errors_in_one_line,
    existing,
    language_of_user,
    progress_bars,
    say_notices,
    speak_click,
)
from embauche.cli.token import token
from embauche.cli.typing_tool import typing
from embauche.cli.upkeep import backup, doctor, restore
from embauche.cli.user import user
from embauche.messages import messages

_FOLDER = click.Path(file_okay=False, path_type=Path)
speak_click(HELP.language)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    help=HELP.text("cli.help.main"),
    invoke_without_command=True,
)
@click.version_option(__version__, prog_name="embauche")
@click.option("--port", type=int, default=0, help=HELP.text("cli.option.port"))
@click.option("--no-browser", is_flag=True, help=HELP.text("cli.option.no_browser"))
@LANG
@click.pass_context
def main(context: click.Context, *, port: int, no_browser: bool, lang: str | None) -> None:
    """Segment customers by the job they hire a product for. La segmentation par les jobs."""
    if context.invoked_subcommand is not None:
        return
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.workbench.server import Server

        server = Server(port=port, path=f"/?lang={words.language}" if lang else "/")
        _serve(server, words, open_browser=not no_browser)


@main.command(help=HELP.text("cli.help.run"))
@click.argument("folder", type=_FOLDER)
@click.option("--out", type=_FOLDER, help=HELP.text("cli.option.out"))
@SEED
@JSON
@QUIET
@click.option("--strict", is_flag=True, help=HELP.text("cli.option.strict"))
@click.option("--french-csv", is_flag=True, help=HELP.text("cli.option.french_csv"))
@LANG
def run(
    folder: Path,
    *,
    out: Path | None,
    seed: int,
    as_json: bool,
    quiet: bool,
    strict: bool,
    french_csv: bool,
    lang: str | None,
) -> None:
    """Read FOLDER, find jobs, segments and priorities, and write a report."""
    language = language_of_user(lang)
    words = messages(language)
    with errors_in_one_line(words):
        from embauche.present.outputs import write_outputs
        from embauche.present.results_json import results
        from embauche.study.config import read_config
        from embauche.study.jobs_state import write_state
        from embauche.study.stages import run_study
        from embauche.study.target import output_folder

        config = read_config(existing(folder))
        target = output_folder(config, out)
        with progress_bars(words, quiet=quiet) as report:
            findings = run_study(config, seed=seed, language=lang, out=target, report=report)
            report("write", 0.0)
            write_outputs(findings, target, french_csv=french_csv)
            if findings.job_map is not None:
                write_state(config.folder, findings.job_map)
            report("write", 1.0)
        problems = [notice for notice in findings.notices if notice.severity == "problem"]
        if not quiet:
            # Without a study.toml, what each file was taken for is said as well.
            say_notices(words, findings.notices, least="weak" if config.written else "info")
            if config.written:  # what changed since the last run is no weakness, and always said
                changed = tuple(item for item in findings.notices if item.code == "jobs.changed")
                say_notices(words, changed, least="info")
        if as_json:
            click.echo(json.dumps(results(findings), ensure_ascii=False, indent=2))
        else:
            click.echo(words.text("cli.run.done", path=str(target / "report.html")))
    if strict and problems:
        raise SystemExit(1)


@main.command(help=HELP.text("cli.help.init"))
@click.argument("folder", type=_FOLDER)
@click.option("--force", is_flag=True, help=HELP.text("cli.option.force"))
@spoken
def init(folder: Path, *, force: bool, as_json: bool, quiet: bool, lang: str | None) -> None:
    """Inspect FOLDER and write a commented draft of study.toml, with the reason of each guess."""
    language = language_of_user(lang)
    words = messages(language)
    with errors_in_one_line(words):
        from embauche.study.draft import write_draft

        with progress_bars(words, quiet=quiet or as_json) as report:
            plan, path = write_draft(existing(folder), words=words, force=force, report=report)
        if as_json:
            click.echo(json.dumps(plan.to_dict(), ensure_ascii=False, indent=2))
        elif not quiet:
            say_notices(words, plan.notices)
            click.echo(words.text("cli.init.done", path=str(path)))


@main.command(help=HELP.text("cli.help.demo"))
@click.option("--port", type=int, default=0, help=HELP.text("cli.option.port"))
@click.option("--no-browser", is_flag=True, help=HELP.text("cli.option.no_browser"))
@QUIET
@LANG
def demo(*, port: int, no_browser: bool, quiet: bool, lang: str | None) -> None:
    """Run the fictional note-taking study and open it in the browser."""
    language = language_of_user(lang)
    words = messages(language)
    with errors_in_one_line(words):
        from embauche.workbench.demo import run_demo

        with progress_bars(words, quiet=quiet) as report:
            server = run_demo(language, port=port, report=report)
        _serve(server, words, open_browser=not no_browser)


@main.command(name="open", help=HELP.text("cli.help.open"))
@click.argument("folder", type=_FOLDER)
@click.option("--port", type=int, default=0, help=HELP.text("cli.option.port"))
@click.option("--no-browser", is_flag=True, help=HELP.text("cli.option.no_browser"))
@SEED
@QUIET
@LANG
def open_(
    folder: Path, *, port: int, no_browser: bool, seed: int, quiet: bool, lang: str | None
) -> None:
    """Open a study FOLDER in the workbench."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.workbench.opening import open_study

        with progress_bars(words, quiet=quiet) as report:
            server = open_study(existing(folder), port=port, seed=seed, report=report)
        _serve(server, words, open_browser=not no_browser)


main.add_command(import_)
main.add_command(export)
main.add_command(guide)
main.add_command(identify)
main.add_command(agreement)
main.add_command(saturation)
main.add_command(segment)
main.add_command(jobs)
main.add_command(relate)
main.add_command(compare)
main.add_command(typing)
main.add_command(opportunity)
main.add_command(mcp)
main.add_command(token)
main.add_command(serve)
main.add_command(backup)
main.add_command(restore)
main.add_command(doctor)
main.add_command(user)


def _serve(server: Any, words: Any, *, open_browser: bool) -> None:
    """Serve until Ctrl-C."""
    click.echo(words.text("cli.serve.ready", url=server.url))
    click.echo(words.text("cli.serve.stop"), err=True)
    server.serve(open_browser=open_browser)
