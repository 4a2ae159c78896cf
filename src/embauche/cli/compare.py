"""`embauche compare`: job segments against demographics, alone."""

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
)
from embauche.messages import Messages, messages

if TYPE_CHECKING:
    from embauche.segment.comparison import Validation


@click.command(help=HELP.text("cli.help.compare"))
@click.argument("path", metavar="FOLDER|FILE", type=click.Path(exists=True, path_type=Path))
@NEEDS
@click.option("--outcome", help=HELP.text("cli.option.compare_outcome"))
@click.option("--demographics", help=HELP.text("cli.option.compare_demographics"))
@click.option(
    "--segments", type=click.IntRange(2, 20), help=HELP.text("cli.option.compare_segments")
)
@click.option("--observed", is_flag=True, help=HELP.text("cli.option.compare_observed"))
@SEED
@spoken
def compare(
    path: Path,
    *,
    needs: tuple[str, ...],
    outcome: str | None,
    demographics: str | None,
    segments: int | None,
    observed: bool,
    seed: int,
    as_json: bool,
    quiet: bool,
    lang: str | None,
) -> None:
    """Tell whether job segments or demographics say more about an outcome."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.present.plain import notice_record
        from embauche.present.results_json import validation_json
        from embauche.study.typing_study import compare_study, survey_of

        survey = survey_of(path, columns(needs)).survey
        named = [name.strip() for name in (demographics or "").split(",") if name.strip()]
        with progress_bars(words, quiet=quiet or as_json) as report:
            made, notices = compare_study(
                survey,
                outcome=outcome,
                demographics=named,
                segments=segments,
                measured_apart=observed,
                seed=seed,
                report=report,
            )
        if made is None:
            say_notices(words, notices, least="info")
            raise SystemExit(1)
        if as_json:
            said = [notice_record(one, words) for one in (*notices, *made.notices)]
            data = {**validation_json(made), "sentence": sentence(made, words), "warnings": said}
            click.echo(json.dumps(data, ensure_ascii=False, indent=2))
            return
        _print(made, words)
        if not quiet:
            say_notices(words, (*notices, *made.notices), least="info")


def sentence(made: Validation, words: Messages) -> str:
    """Return the verdict in a sentence."""
    return words.text(
        f"report.validation.verdict.{made.verdict.name.lower()}", outcome=made.outcome
    )


def _print(made: Validation, words: Messages) -> None:
    click.echo(sentence(made, words))
    click.echo(
        words.text(
            "report.chart.validation.subtitle",
            metric=words.text(f"report.metric.{made.metric}"),
            n=made.n,
            folds=made.folds,
            repeats=made.repeats,
        )
    )

    def figures(value: float, low: float, high: float) -> list[str]:
        low_end, high_end = words.number(low, ".3"), words.number(high, ".3")
        limits = words.text("cli.limits", low=low_end, high=high_end)
        return [words.number(value, ".3"), limits]

    rows = [
        [words.text(f"report.predictors.{one.predictors}"), *figures(one.score, one.low, one.high)]
        for one in made.scores
    ]
    rows.append(
        [
            words.text("report.difference.against_demographics"),
            *figures(made.difference, made.low, made.high),
        ]
    )
    rows.append(
        [
            words.text("report.difference.against_segments"),
            *figures(made.segments_difference, made.segments_low, made.segments_high),
        ]
    )
    click.echo(aligned(rows))
