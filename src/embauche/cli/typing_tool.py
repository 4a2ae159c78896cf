"""`embauche typing`: the fewest questions that tell a segment, as a form and as a scorer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from embauche.cli.options import HELP, NEEDS, SEED, columns, spoken
from embauche.cli.terminal import (
    aligned,
    errors_in_one_line,
    language_of_user,
    progress_bars,
    say_notices,
    write_whole,
)
from embauche.messages import Messages, messages

if TYPE_CHECKING:
    from embauche.segment.typing_tool import TypingTool


@click.command(help=HELP.text("cli.help.typing"))
@click.argument("path", metavar="FOLDER|FILE", type=click.Path(exists=True, path_type=Path))
@NEEDS
@click.option(
    "--accuracy",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.9,
    show_default=True,
    help=HELP.text("cli.option.typing_accuracy"),
)
@click.option(
    "--max-questions", type=click.IntRange(1), help=HELP.text("cli.option.typing_max_questions")
)
@click.option(
    "--unsure",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.6,
    show_default=True,
    help=HELP.text("cli.option.typing_unsure"),
)
@click.option(
    "--export",
    "form",
    type=click.Choice(["json", "sql", "html"]),
    help=HELP.text("cli.option.typing_export"),
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help=HELP.text("cli.option.typing_output"),
)
@click.option(
    "--table",
    default="customers",
    show_default=True,
    help=HELP.text("cli.option.typing_table"),
)
@SEED
@spoken
def typing(
    path: Path,
    *,
    needs: tuple[str, ...],
    accuracy: float,
    max_questions: int | None,
    unsure: float,
    form: str | None,
    output: Path | None,
    table: str,
    seed: int,
    as_json: bool,
    quiet: bool,
    lang: str | None,
) -> None:
    """Find the fewest questions that tell which segment someone belongs to."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.present.typing_sheet import typing_sheet
        from embauche.present.typing_words import segment_names, typing_data
        from embauche.segment.typing_sql import to_sql
        from embauche.study.typing_study import survey_of, type_study

        tool, names = _read(path) if path.suffix.lower() == ".json" else (None, {})
        if tool is None:
            survey = survey_of(path, columns(needs)).survey
            with progress_bars(words, quiet=quiet or as_json) as report:
                found, tool, refused = type_study(
                    survey,
                    accuracy=accuracy,
                    max_questions=max_questions,
                    unsure=unsure,
                    seed=seed,
                    report=report,
                )
            if tool is None:
                say_notices(words, refused, least="info")
                raise SystemExit(1)
            names = segment_names(found, survey, words.language)
        made = typing_data(tool, names)
        text = json.dumps(made, ensure_ascii=False, indent=2) + "\n"
        written = text
        if form is not None and form != "json":
            sheet = form == "html"
            written = typing_sheet(tool, names, words.language) if sheet else to_sql(tool, table)
        if output is not None:
            write_whole(output, written.encode())
        if as_json:
            click.echo(text, nl=False)
        elif form is not None and output is None:
            click.echo(written, nl=False)
        else:
            _print(tool, names, words)
        if not quiet:
            say_notices(words, tool.notices, least="info")
        if output is not None:
            click.echo(words.text("typing.written", path=str(output)), err=True)


def _read(path: Path) -> tuple[TypingTool, dict[str, str]]:
    from embauche.errors import ReadError
    from embauche.segment.typing_tool import TypingTool

    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return TypingTool.from_dict(data), dict(data.get("segment_names", {}))
    except (ValueError, AttributeError, KeyError) as error:
        raise ReadError("typing.not_json", file=path.name) from error


def _limits(low: float, high: float, words: Messages) -> str:
    return words.text("cli.limits", low=words.number(low, "%"), high=words.number(high, "%"))


def _print(tool: TypingTool, names: dict[str, str], words: Messages) -> None:
    from embauche.present.typing_words import typing_summary

    click.echo(typing_summary(tool, words))
    rows = [
        [words.number(step.questions), words.number(step.agreement, "%"),
         _limits(step.low, step.high, words), step.need or ""]
        for step in tool.steps
    ]  # fmt: skip
    head = [words.text(f"typing.column.{key}") for key in ("questions", "agreement")]
    click.echo(aligned([[*head, "95 %", words.text("typing.column.added")], *rows]))
    click.echo()
    head = [words.text(f"typing.column.{key}") for key in ("segment", "n", "found")]
    found = [
        [f"{one.segment} · {names.get(one.segment, '')}".rstrip(" ·"), words.number(one.n),
         words.number(one.share, "%"),
         _limits(one.low, one.high, words)]
        for one in tool.recall
    ]  # fmt: skip
    click.echo(aligned([[*head, "95 %"], *found]))
    click.echo()
    for place, question in enumerate(tool.questions, 1):
        click.echo(f"{place}. {question.label}")
