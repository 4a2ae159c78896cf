"""`embauche relate`: who belongs to which segment, and what differs between segments."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from embauche.cli.options import HELP, NEEDS, SEED, columns, spoken
from embauche.cli.terminal import (
    errors_in_one_line,
    language_of_user,
    progress_bars,
    say_notices,
)
from embauche.messages import Messages, messages

if TYPE_CHECKING:
    from embauche.segment.distal_result import DistalMethod
    from embauche.segment.membership_result import Method


@click.command(help=HELP.text("cli.help.relate"))
@click.argument("path", metavar="FOLDER|FILE", type=click.Path(exists=True, path_type=Path))
@NEEDS
@click.option("--covariate", multiple=True, help=HELP.text("cli.option.covariate"))
@click.option("--outcome", multiple=True, help=HELP.text("cli.option.relate_outcome"))
@click.option(
    "--method",
    type=click.Choice(["ml", "bch", "one-step"]),
    default="ml",
    show_default=True,
    help=HELP.text("cli.option.relate_method"),
)
@click.option(
    "--outcome-method",
    type=click.Choice(["bch", "ml"]),
    default="bch",
    show_default=True,
    help=HELP.text("cli.option.outcome_method"),
)
@click.option("--classes", type=click.IntRange(2, 20), help=HELP.text("cli.option.relate_classes"))
@click.option("--reference", default="S1", show_default=True, help=HELP.text("cli.option.against"))
@click.option("--reference-level", multiple=True, help=HELP.text("cli.option.reference_level"))
@click.option("--kind", multiple=True, help=HELP.text("cli.option.relate_kind"))
@click.option("--pairs", is_flag=True, help=HELP.text("cli.option.pairs"))
@SEED
@spoken
def relate(
    path: Path,
    *,
    needs: tuple[str, ...],
    covariate: tuple[str, ...],
    outcome: tuple[str, ...],
    method: str,
    outcome_method: str,
    classes: int | None,
    reference: str,
    reference_level: tuple[str, ...],
    kind: tuple[str, ...],
    pairs: bool,
    seed: int,
    as_json: bool,
    quiet: bool,
    lang: str | None,
) -> None:
    """Relate the segments of a survey to its other columns. Nothing is written."""
    words = messages(language_of_user(lang))
    if not covariate and not outcome:
        raise click.UsageError(words.text("relate.nothing_asked"))
    number = re.fullmatch(r"[Ss]?(\d+)", reference.strip())
    if number is None:
        raise click.UsageError(words.text("relate.reference", value=reference))
    levels = _settings("--reference-level", reference_level, words)
    kinds = _settings("--kind", kind, words)
    with errors_in_one_line(words):
        from embauche.cli.relate_print import relation_lines
        from embauche.present.results_relation import relation_record
        from embauche.segment import relate_survey
        from embauche.study.progress import part
        from embauche.study.typing_study import survey_of

        survey = survey_of(path, columns(needs)).survey
        with progress_bars(words, quiet=quiet or as_json) as report:
            found = relate_survey(
                survey,
                covariates=covariate,
                outcomes=outcome,
                method=cast("Method", method),
                outcome_method=cast("DistalMethod", outcome_method),
                classes=classes,
                reference=int(number[1]),
                reference_levels=levels,
                kinds=kinds,
                seed=seed,
                progress=part(report, "segment"),
            )
        called = {name: reading.label or name for name, reading in survey.readings.items()}
        if as_json:
            record = relation_record(found, called, survey.name, words)
            click.echo(json.dumps(record, ensure_ascii=False, indent=2))
            return
        for line in relation_lines(found, called, words, pairs=pairs):
            click.echo(line)
        if not quiet:
            say_notices(words, found.notices)


def _settings(option: str, given: tuple[str, ...], words: Messages) -> Mapping[str, str]:
    """Take COLUMN=VALUE apart at the last sign of equality."""
    found = {}
    for item in given:
        name, sign, value = item.rpartition("=")
        if not sign or not name.strip() or not value.strip():
            raise click.UsageError(words.text("relate.setting", option=option, value=item))
        found[name.strip()] = value.strip()
    return found
