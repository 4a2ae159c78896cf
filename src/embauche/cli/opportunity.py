"""`embauche opportunity`: ODI scores of a survey, with their error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from embauche.cli.options import HELP, SEED, columns, spoken
from embauche.cli.terminal import (
    aligned,
    errors_in_one_line,
    language_of_user,
    progress_bars,
    say_notices,
)
from embauche.messages import Messages, messages
from embauche.vocabulary import label

if TYPE_CHECKING:
    from embauche.notices import Notice
    from embauche.prioritise import Opportunity, OpportunityRanking
    from embauche.study.scoring import Scored


@click.command(help=HELP.text("cli.help.opportunity"))
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--importance", multiple=True, help=HELP.text("cli.option.importance"))
@click.option("--satisfaction", multiple=True, help=HELP.text("cli.option.satisfaction"))
@click.option("--segment", "by", help=HELP.text("cli.option.segment_column"))
@click.option("--everyone", is_flag=True, help=HELP.text("cli.option.everyone"))
@click.option("--weight", help=HELP.text("cli.option.weight"))
@click.option("--top", type=click.IntRange(1), help=HELP.text("cli.option.top"))
@click.option(
    "--draws",
    type=click.IntRange(200, 100_000),
    default=2000,
    show_default=True,
    help=HELP.text("cli.option.draws"),
)
@SEED
@spoken
def opportunity(
    path: Path,
    *,
    importance: tuple[str, ...],
    satisfaction: tuple[str, ...],
    by: str | None,
    everyone: bool,
    weight: str | None,
    top: int | None,
    draws: int,
    seed: int,
    as_json: bool,
    quiet: bool,
    lang: str | None,
) -> None:
    """Score the outcomes of a survey: a table, or the survey of a study folder."""
    words = messages(language_of_user(lang))
    if bool(importance) != bool(satisfaction):
        raise click.UsageError(words.text("opportunity.both_needed"))
    with errors_in_one_line(words):
        from embauche.study.scoring import score_survey

        with progress_bars(words, quiet=quiet or as_json) as report:
            found = score_survey(
                path,
                importance=columns(importance),
                satisfaction=columns(satisfaction),
                weight=weight,
                by=by,
                segments=not everyone,
                top=top,
                draws=draws,
                seed=seed,
                report=report,
            )
        if as_json:
            click.echo(json.dumps(_data(found, words), ensure_ascii=False, indent=2))
            return
        for ranking in found.rankings:
            rows = [row for row in found.opportunities if row.segment == ranking.segment]
            _print(rows, ranking, found.by, words)
        if not quiet:
            say_notices(words, _said_once(found))


def _data(found: Scored, words: Messages) -> dict[str, Any]:
    from embauche.present.results_opportunity import opportunity_records, ranking_records

    notices = [notice for ranking in found.rankings for notice in ranking.notices]
    notices += [*_said_once(found)]
    warnings = {
        (item.code, sentence): {"code": item.code, "severity": item.severity, "message": sentence}
        for item in notices
        if (sentence := words.notice(item))
    }
    return {
        "file": found.survey.name,
        "respondents": found.survey.n,
        "weight": found.survey.weight,
        "by": found.by,
        "opportunities": opportunity_records(found.opportunities),
        "rankings": ranking_records(found.rankings),
        "warnings": list(warnings.values()),
    }


def _said_once(found: Scored) -> tuple[Notice, ...]:
    """Return the notices of the table and of single rows that no ranking says already."""
    said = [notice for ranking in found.rankings for notice in ranking.notices]
    kept: list[Notice] = []
    for notice in [*found.notices, *(item for row in found.opportunities for item in row.notices)]:
        if notice not in kept and notice not in said:
            kept.append(notice)
    return tuple(kept)


def _print(
    rows: list[Opportunity], ranking: OpportunityRanking, by: str | None, words: Messages
) -> None:
    name = ranking.segment
    if name is None:
        title = words.text("report.everyone")
    else:
        title = f"{by} = {name}" if by is not None else name
    click.echo(words.text("opportunity.title", name=title, n=max(row.n for row in rows)))
    zoned = ranking.tested > 0
    head = [
        "",
        words.text("report.column.score"),
        "95 %",
        words.text("report.column.rank"),
        words.text("opportunity.p_top", n=rows[0].top or ranking.top),
        *([">10", ">12", ">15", words.text("report.column.zone")] if zoned else []),
        "n",
    ]
    click.echo(aligned([head, *(_cells(row, words, zoned=zoned) for row in rows)]))
    for notice in ranking.notices:
        click.echo(words.notice(notice))
    click.echo()


def _cells(row: Opportunity, words: Messages, *, zoned: bool) -> list[str]:
    low, high = words.number(row.low, ".1"), words.number(row.high, ".1")
    rank = words.number(row.rank)
    if row.rank_low != row.rank_high:
        rank += f" [{row.rank_low}–{row.rank_high}]"
    zone = label(row.zone, words.language) if row.zone else "–"
    chances = [_chance(p, words) for p in (row.p_over_10, row.p_over_12, row.p_over_15)]
    return [
        row.outcome,
        words.number(row.score, ".1"),
        f"[{low}–{high}]",
        rank,
        _chance(row.p_top, words),
        *([*chances, zone] if zoned else []),
        words.number(row.n),
    ]


def _chance(p: float | None, words: Messages) -> str:
    return "–" if p is None else words.number(p, "%")
