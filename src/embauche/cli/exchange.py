"""`embauche import` and `embauche export`: studies in and out of other programs' files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

import click

from embauche.cli.options import HELP, spoken
from embauche.cli.terminal import (
    errors_in_one_line,
    language_of_user,
    progress_bars,
    say_notices,
)
from embauche.errors import EvidenceError
from embauche.messages import Messages, messages
from embauche.study.progress import Report
from embauche.vocabulary import Facet, Language

if TYPE_CHECKING:
    from embauche.study.refi_exchange import Exported, Positions

_FILE = click.Path(path_type=Path)
_SHOWN = 12


@click.command(name="import", help=HELP.text("exchange.help.import"))
@click.argument("file", type=_FILE)
@click.argument("folder", type=_FILE)
@click.option("--facet", "given", multiple=True, help=HELP.text("exchange.option.facet"))
@click.option("--strict", is_flag=True, help=HELP.text("exchange.option.strict"))
@spoken
def import_(
    file: Path,
    folder: Path,
    *,
    given: tuple[str, ...],
    strict: bool,
    as_json: bool,
    quiet: bool,
    lang: str | None,
) -> None:
    """Make a study FOLDER of a REFI-QDA FILE."""
    language = language_of_user(lang)
    words = messages(language)
    with errors_in_one_line(words):
        from embauche.study.refi_exchange import import_study

        with progress_bars(words, quiet=quiet or as_json) as report:
            found = import_study(
                file,
                folder,
                facets=_facets(given),
                language=Language(lang) if lang else None,
                strict=strict,
                report=report,
            )
        if as_json:
            click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
        elif not quiet:
            say_notices(words, found.notices, least="info")
            taken = [f"{name} → {facet}" for name, facet in found.facets.items()]
            if taken:
                more = {"n": len(taken), "facets": taken[:_SHOWN]}
                click.echo(words.text("exchange.import.facets", **more))
            what = {key: value for key, value in found.to_dict().items() if key != "facets"}
            key = "exchange.import.done" if found.sources else "exchange.import.codebook"
            click.echo(words.text(key, **what))


@click.command(help=HELP.text("exchange.help.export"))
@click.argument("study")
@click.argument("target", type=_FILE)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["folder", "qdpx", "qdc"]),
    default=None,
    help=HELP.text("exchange.option.format"),
)
@click.option(
    "--positions",
    type=click.Choice(["standard", "nvivo"]),
    default="standard",
    show_default=True,
    help=HELP.text("exchange.option.positions"),
)
@click.option("--proposals", is_flag=True, help=HELP.text("exchange.option.proposals"))
@spoken
def export(
    study: str,
    target: Path,
    *,
    kind: Literal["folder", "qdpx", "qdc"] | None,
    positions: Positions,
    proposals: bool,
    as_json: bool,
    quiet: bool,
    lang: str | None,
) -> None:
    """Write a STUDY as a folder, or as a REFI-QDA project or codebook."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        chosen = kind or _kind_of(target)
        if chosen == "folder":
            from embauche.workbench.export import export_study as export_folder

            export_folder(study, target)
            if as_json:
                click.echo(json.dumps({"path": str(target)}, ensure_ascii=False))
            elif not quiet:
                click.echo(words.text("cli.export.done", path=str(target)))
            return
        with progress_bars(words, quiet=quiet or as_json) as report:
            language = Language(lang) if lang else None
            found = _export(study, target, chosen, positions, language, report, proposals=proposals)
        _say(found, words, as_json=as_json, quiet=quiet)


def _export(
    study: str,
    target: Path,
    kind: Literal["qdpx", "qdc"],
    positions: Positions,
    language: Language | None,
    report: Report,
    *,
    proposals: bool,
) -> Exported:
    """Export a study folder, or a study of the workbench by way of one."""
    from embauche.study.config import read_config
    from embauche.study.refi_exchange import export_study

    def write(folder: Path) -> Exported:
        return export_study(
            read_config(folder),
            target,
            kind=kind,
            positions=positions,
            proposals=proposals,
            language=language,
            report=report,
        )

    if Path(study).is_dir():
        return write(Path(study))
    from embauche.workbench.export import export_study as export_folder

    with TemporaryDirectory(prefix="embauche-") as place:
        return write(export_folder(study, Path(place) / study))


def _say(found: Exported, words: Messages, *, as_json: bool, quiet: bool) -> None:
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
    elif not quiet:
        say_notices(words, found.notices)
        click.echo(words.text("exchange.export.done", **found.to_dict()))


def _kind_of(target: Path) -> Literal["folder", "qdpx", "qdc"]:
    """Tell the format by the target's suffix; anything else is a folder."""
    suffix = target.suffix.casefold()
    return "qdpx" if suffix == ".qdpx" else "qdc" if suffix == ".qdc" else "folder"


def _facets(given: Iterable[str]) -> dict[str, Facet]:
    """Read ``NAME=FACET`` pairs.

    Raises
    ------
    EvidenceError
        If a facet is none of the codebook's.
    """
    found = {}
    for pair in given:
        name, sign, value = pair.rpartition("=")
        if not sign or value not in tuple(Facet):
            raise EvidenceError(
                "refi.unknown_facet", value=value, facets=[str(facet) for facet in Facet]
            )
        found[name] = Facet(value)
    return found
