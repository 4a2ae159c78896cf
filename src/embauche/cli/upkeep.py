"""The commands `embauche backup`, `restore` and `doctor`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from embauche.cli.options import HELP, JSON, spoken
from embauche.cli.terminal import errors_in_one_line, language_of_user, progress_bars
from embauche.messages import messages

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(help=HELP.text("cli.help.backup"))
@click.argument("file", type=_FILE, required=False)
@click.option("--with-secrets", is_flag=True, help=HELP.text("cli.option.with_secrets"))
@spoken
def backup(
    file: Path | None, *, with_secrets: bool, as_json: bool, quiet: bool, lang: str | None
) -> None:
    """Write the workspace into one archive."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.workbench.configure import use_workspace

        workspace = use_workspace()
        from embauche.workbench.backups.making import make_backup

        with progress_bars(words, quiet=quiet or as_json) as report:
            made = make_backup(workspace, file, secrets=with_secrets, report=report)
        if as_json:
            found = {
                "file": str(made.path),
                "studies": made.studies,
                "rows": made.rows,
                "files": made.files,
                "bytes": made.size,
            }
            click.echo(json.dumps(found, ensure_ascii=False))
        elif not quiet:
            said = {"path": str(made.path), "n": made.studies, "mb": made.size / 1e6}
            click.echo(words.text("server.backup.done", **said))


@click.command(help=HELP.text("cli.help.restore"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@spoken
def restore(file: Path, *, as_json: bool, quiet: bool, lang: str | None) -> None:
    """Put an archive into an empty workspace."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.workbench.configure import use_workspace

        workspace = use_workspace(migrate=False)
        from embauche.workbench.backups.restoring import restore_backup

        with progress_bars(words, quiet=quiet or as_json) as report:
            manifest = restore_backup(workspace, file, report=report)
        studies = manifest.rows.get("workbench_study", 0)
        if as_json:
            found = {
                "studies": studies,
                "rows": sum(manifest.rows.values()),
                "files": len(manifest.files),
                "made_at": manifest.made_at,
            }
            click.echo(json.dumps(found))
        elif not quiet:
            click.echo(words.text("server.restore.done", n=studies, folder=str(workspace.folder)))


@click.command(help=HELP.text("cli.help.doctor"))
@JSON
@click.option("--lang", type=click.Choice(["fr", "en"]), help=HELP.text("cli.option.lang"))
def doctor(*, as_json: bool, lang: str | None) -> None:
    """Look for what is wrong with the workspace and say what to do."""
    language = language_of_user(lang)
    words = messages(language)
    with errors_in_one_line(words):
        from embauche.workbench.configure import use_workspace

        workspace = use_workspace(migrate=False)
        from embauche.workbench.services.doctor import examine

        found = examine(workspace)
    if as_json:
        told = [
            {"check": each.code, "verdict": each.verdict, "params": each.params} for each in found
        ]
        click.echo(json.dumps({"checks": told}, ensure_ascii=False, indent=1))
    else:
        for each in found:
            sign = words.text(f"server.doctor.sign.{each.verdict}")
            click.echo(f"{sign} {words.text(each.key, **each.params)}")
            if each.verdict != "ok":
                click.echo(f"    {words.text(f'{each.key}.hint', **each.params)}")
    if any(each.verdict == "problem" for each in found):
        raise SystemExit(1)
