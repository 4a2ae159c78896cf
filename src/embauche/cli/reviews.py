"""`embauche jobs reviews`: which reviews, tickets or open answers speak of the same thing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from embauche.cli.options import HELP, spoken
from embauche.cli.terminal import errors_in_one_line, language_of_user, say_notices, write_whole
from embauche.messages import Messages, messages

if TYPE_CHECKING:
    from embauche.collect.source import Corpus
    from embauche.jobs.texts import TextGroups

_FILE = click.Path(dir_okay=False, path_type=Path)
_SHOWN = 20
_LONGEST = 100


@click.command(help=HELP.text("cli.help.jobs.reviews"))
@click.argument("file", type=_FILE)
@click.option("--text", help=HELP.text("jobs_cli.option.text"))
@click.option(
    "--threshold", type=click.FloatRange(0.1, 1.5), help=HELP.text("jobs_cli.option.apart")
)
@click.option("--out", type=_FILE, help=HELP.text("jobs_cli.option.out"))
@click.option("--french-csv", is_flag=True, help=HELP.text("cli.option.french_csv"))
@spoken
def reviews(
    file: Path,
    *,
    text: str | None,
    threshold: float | None,
    out: Path | None,
    french_csv: bool,
    as_json: bool,
    quiet: bool,
    lang: str | None,
) -> None:
    """Group the reviews of FILE that speak of the same thing."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.collect import read_reviews
        from embauche.jobs import DEFAULT_THRESHOLD, group_texts
        from embauche.present.tables import csv_text

        corpus = read_reviews(file, root=file.parent, text=text)
        sources = corpus.sources
        found = group_texts(
            [source.text for source in sources],
            [source.language for source in sources],
            threshold=threshold or DEFAULT_THRESHOLD,
        )
        if out is not None:
            rows = [
                [int(label) + 1, _row(source.name), source.language.value, source.text]
                for label, source in zip(found.labels, sources, strict=True)
            ]
            header = [words.text(f"jobs_cli.reviews.{name}") for name in _COLUMNS]
            write_whole(out, csv_text(header, rows, french=french_csv).encode())
        data = _groups(found, corpus)
        if as_json:
            click.echo(json.dumps(data, ensure_ascii=False, indent=2))
            return
        click.echo(_in_words(data, words))
        if not quiet:
            say_notices(words, corpus.notices, least="info")


_COLUMNS = ("group", "row", "language", "text")


def _row(name: str) -> int:
    return int(name.rsplit("#", 1)[-1])


def _groups(found: TextGroups, corpus: Corpus) -> dict[str, Any]:
    """Return the groups, largest first, each with its rows and its most typical text."""
    rows = [_row(source.name) for source in corpus.sources]
    groups = []
    for label, typical in enumerate(found.typical.tolist()):
        held = [row for row, own in enumerate(found.labels.tolist()) if own == label]
        groups.append(
            {
                "group": label + 1,
                "texts": len(held),
                "typical": {"row": rows[typical], "text": corpus.sources[typical].text},
                "rows": [rows[row] for row in held],
            }
        )
    return {"texts": len(rows), "groups": groups}


def _in_words(data: dict[str, Any], words: Messages) -> str:
    several = [group for group in data["groups"] if group["texts"] > 1]
    alone = data["texts"] - sum(group["texts"] for group in several)
    counts = {"texts": data["texts"], "n": len(several), "alone": alone}
    lines = [words.text("jobs_cli.reviews.head", **counts)]
    for group in several[:_SHOWN]:
        said = " ".join(group["typical"]["text"].split())
        said = said if len(said) <= _LONGEST else said[: _LONGEST - 1].rstrip() + "…"
        lines.append(f"{group['group']:>4}  {group['texts']:>5}  {said}")
    if len(several) > _SHOWN:
        lines.append(words.text("jobs_cli.reviews.more", n=len(several) - _SHOWN))
    return "\n".join(lines)
