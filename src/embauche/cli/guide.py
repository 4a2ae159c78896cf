"""`embauche guide`: the interview guide of a study, as a file to print or to work on."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import click

from embauche.cli.terminal import (
    errors_in_one_line,
    existing,
    language_of_user,
    language_typed,
    write_whole,
)
from embauche.messages import messages
from embauche.vocabulary import Language

_HELP = messages(language_of_user(language_typed(sys.argv)))


@click.command(help=_HELP.text("guide.cli.help"))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--product", help=_HELP.text("guide.cli.product"))
@click.option("--situation", help=_HELP.text("guide.cli.situation"))
@click.option("--audience", help=_HELP.text("guide.cli.audience"))
@click.option("--minutes", type=int, help=_HELP.text("guide.cli.minutes"))
@click.option("--organisation", help=_HELP.text("guide.cli.organisation"))
@click.option("--contact", help=_HELP.text("guide.cli.contact"))
@click.option("--months", type=int, help=_HELP.text("guide.cli.months"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "docx", "pdf"]),
    default="md",
    show_default=True,
    help=_HELP.text("guide.cli.format"),
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_HELP.text("guide.cli.out"),
)
@click.option("--force", is_flag=True, help=_HELP.text("guide.cli.force"))
@click.option("--json", "as_json", is_flag=True, help=_HELP.text("cli.option.json"))
@click.option("--quiet", is_flag=True, help=_HELP.text("cli.option.quiet"))
@click.option("--lang", type=click.Choice(["fr", "en"]), help=_HELP.text("guide.cli.lang"))
def guide(
    folder: Path,
    *,
    product: str | None,
    situation: str | None,
    audience: str | None,
    minutes: int | None,
    organisation: str | None,
    contact: str | None,
    months: int | None,
    form: str,
    out: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
    lang: str | None,
) -> None:
    """Build the interview guide of the study in FOLDER, or fit and print the one it has."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.collect import GuideBrief, build_guide, guide_to_dict, refit_guide
        from embauche.errors import GuideError
        from embauche.present.guide_files import guide_file
        from embauche.study.config import read_config
        from embauche.study.guide_file import write_guide

        config = read_config(existing(folder))
        asked = {
            "product": product,
            "situation": situation,
            "audience": audience,
            "minutes": minutes,
            "organisation": organisation,
            "contact": contact,
            "months": months,
            "language": Language(lang) if lang else None,
        }
        given = {name: value for name, value in asked.items() if value is not None}
        if config.guide is None:
            language = Language(lang or config.study.language or language_of_user())
            brief = GuideBrief(config.study.product or "", language)
            made = build_guide(replace(brief, **given))  # type: ignore[arg-type]
        elif given:
            made = refit_guide(config.guide, replace(config.guide.brief, **given))  # type: ignore[arg-type]
        else:
            made = config.guide
        name = words.text("guide.file")
        target = out or folder / f"{name}.{form}"
        if target.exists() and not force:
            raise GuideError("guide.same_file", file=str(target))
        write_whole(target, guide_file(made, form))
        if made != config.guide:
            write_guide(folder, made)
    if as_json:
        click.echo(json.dumps(guide_to_dict(made), ensure_ascii=False, indent=2))
    elif not quiet:
        click.echo(words.text("guide.cli.done", path=str(target)))
