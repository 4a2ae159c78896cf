"""`embauche saturation`: whether more interviews are likely to add anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from embauche.cli.options import HELP, SEED, spoken
from embauche.cli.terminal import (
    aligned,
    errors_in_one_line,
    existing,
    language_of_user,
    progress_bars,
    say_notices,
)
from embauche.messages import Messages, messages

if TYPE_CHECKING:
    from embauche.identify.agreement_figures import Estimate
    from embauche.identify.saturation import Saturation


@click.command(help=HELP.text("cli.help.saturation"))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--ahead",
    type=click.IntRange(1, 100),
    default=3,
    show_default=True,
    help=HELP.text("cli.option.ahead"),
)
@SEED
@spoken
def saturation(
    folder: Path, *, ahead: int, seed: int, as_json: bool, quiet: bool, lang: str | None
) -> None:
    """Tell whether more interviews are likely to bring anything new."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.study.config import read_config
        from embauche.study.heard import study_saturation

        config = read_config(existing(folder))
        with progress_bars(words, quiet=quiet or as_json) as report:
            found = study_saturation(config, ahead=ahead, seed=seed, report=report)
        if as_json:
            click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
            return
        for one in found.found:
            _print(one, words)
            if not quiet:
                say_notices(words, one.notices)
        if not quiet:
            say_notices(words, found.notices, least="info")


def _print(one: Saturation, words: Messages) -> None:
    click.echo(words.text(f"saturation.title.{one.kind}"))
    for notice in one.said:
        click.echo(words.notice(notice))
    click.echo(words.text("saturation.coverage", coverage=_figure(one.coverage, words, "%")))
    head = [words.text("saturation.interviews"), words.text("saturation.heard"), "95 %"]
    rows = [
        [words.number(t), words.number(one.curve.mean[t - 1], ".1"), _band(one, t, words)]
        for t in _steps(one.interviews)
    ]
    click.echo(aligned([head, *rows]))
    click.echo()


def _band(one: Saturation, t: int, words: Messages) -> str:
    low, high = one.curve.low[t - 1], one.curve.high[t - 1]
    return words.text("cli.limits", low=words.number(low, ".0"), high=words.number(high, ".0"))


def _steps(n: int) -> list[int]:
    """Return up to eight numbers of interviews that show the curve."""
    step = max(1, -(-n // 7))
    return sorted({1, *range(step, n + 1, step), n})


def _figure(found: Estimate, words: Messages, spec: str) -> str:
    if found.value is None:
        return "—"
    text = words.number(found.value, spec)
    if found.low is None or found.high is None:
        return text
    low, high = words.number(found.low, spec), words.number(found.high, spec)
    return words.text("agreement.interval", value=text, low=low, high=high)
