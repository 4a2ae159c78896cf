"""`embauche segment`: the segments of a survey or of interviews, and how real they are, alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, cast

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
    from embauche.segment.routes_result import RouteName, RouteSegmentation
    from embauche.segment.segmentation import Segment, Segmentation
    from embauche.study.segment_study import SegmentedStudy

_MARKERS = 3


@click.command(help=HELP.text("cli.help.segment"))
@click.argument("path", metavar="FOLDER|FILE", type=click.Path(exists=True, path_type=Path))
@NEEDS
@click.option(
    "--route",
    type=click.Choice(["latent-class", "k-means", "hierarchical"]),
    default="latent-class",
    show_default=True,
    help=HELP.text("cli.option.route"),
)
@click.option(
    "--k-max",
    type=click.IntRange(1, 20),
    default=8,
    show_default=True,
    help=HELP.text("cli.option.k_max"),
)
@click.option(
    "--bootstrap",
    type=click.IntRange(3, 1000),
    default=30,
    show_default=True,
    help=HELP.text("cli.option.bootstrap"),
)
@click.option(
    "--page",
    type=click.Path(dir_okay=False, path_type=Path),
    help=HELP.text("cli.option.segment_page"),
)
@SEED
@spoken
def segment(
    path: Path,
    *,
    needs: tuple[str, ...],
    route: str,
    k_max: int,
    bootstrap: int,
    page: Path | None,
    seed: int,
    as_json: bool,
    quiet: bool,
    lang: str | None,
) -> None:
    """Find segments, and tell how real they are."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.present.results_segments import segments_record
        from embauche.study.segment_study import segment_study

        with progress_bars(words, quiet=quiet or as_json) as report:
            made = segment_study(
                path,
                needs=columns(needs),
                route=cast("RouteName", route),
                k_max=k_max,
                bootstrap=bootstrap,
                seed=seed,
                report=report,
            )
        if page is not None:
            _write(page, made, words)
        if as_json:
            record = segments_record(made.found, made.labels, made.people, words)
            click.echo(json.dumps(record, ensure_ascii=False, indent=2))
            return
        _print(made, words)
        if not quiet:
            say_notices(words, made.found.notices, least="info")


def _write(page: Path, made: SegmentedStudy, words: Messages) -> None:
    from embauche import __version__
    from embauche.present.segment_names import SegmentsAlone
    from embauche.present.segments_page import segments_page

    names = SegmentsAlone(made.found, made.labels, words.language)
    written = segments_page(names, made.title, __version__, fictional=made.fictional)
    write_whole(page, written.encode())
    click.echo(words.text("routes.page_written", path=str(page)), err=True)


def _print(made: SegmentedStudy, words: Messages) -> None:
    from embauche.present.segment_names import names_of
    from embauche.segment.routes_result import RouteSegmentation

    found = made.found
    verdict = found.verdict.name.lower()
    if made.survey is None:
        click.echo(words.text(f"routes.title.{verdict}", n=found.k))
    else:
        click.echo(words.text(f"report.segments.title.{verdict}", n=found.k))
    for notice in found.reasons:
        click.echo(f"- {words.notice(notice)}")
    click.echo()
    rows = (
        _route_rows(found, words)
        if isinstance(found, RouteSegmentation)
        else _class_rows(found, words)
    )
    click.echo(aligned(rows))
    click.echo()
    named = names_of(found, made.labels, words)
    for item in found.segments:
        share = words.text("report.share_n", share=item.share, n=item.n)
        proposal = words.text("report.segments.proposed")
        click.echo(f"{item.id} · {named[item.id]} ({proposal}) · {share}")
        for line in _about(item, made.labels, words):
            click.echo(f"    {line}")
    click.echo()


def _about(item: Segment, labels: Mapping[str, str], words: Messages) -> Iterator[str]:
    """Say what marks a segment, in what situations it is typical, and who is in it."""
    from embauche.present.names import with_answer
    from embauche.present.segment_words import (
        description_text,
        index_text,
        labelled,
        marker_text,
        persona_text,
        traits_text,
    )

    for marker in item.markers[:_MARKERS]:
        need = with_answer(labels.get(marker.need) or marker.need, marker)
        said = f"{marker_text(marker, words)} · {index_text(marker, words)}"
        yield labelled(need, said, words)
    if item.personas:
        yield words.text("report.segments.personas")
        for persona in item.personas:
            yield "  " + traits_text(persona.traits, labels, words)
            yield "    " + persona_text(persona, words)
    if item.descriptions:
        yield words.text("report.segments.descriptions")
        for one in item.descriptions:
            label = labels.get(one.column) or one.column
            yield "  " + labelled(label, description_text(one, words), words)


def _class_rows(found: Segmentation, words: Messages) -> list[list[str]]:
    head = [
        words.text(f"report.column.{key}")
        for key in ("k", "aic", "bic", "sabic", "icl", "entropy", "ratio_p", "stability")
    ]
    rows = [[*head, "SLSw", "SLSa"]]
    rows.extend(
        [
            _kept(item.k, found.k),
            *(words.number(v, ".0") for v in (item.aic, item.bic, item.sabic, item.icl)),
            words.number(item.entropy, ".2"),
            _tested(item.ratio_p, item.ratio_draws, words),
            _stability(item.stability, item.stability_error, words),
            _least(item.within, words),
            _least(item.across, words),
        ]
        for item in found.criteria
    )
    return rows


def _route_rows(found: RouteSegmentation, words: Messages) -> list[list[str]]:
    both = found.criterion_name != "silhouette"  # where it is the criterion it stands there once
    rows = [
        [
            words.text("report.column.k"),
            *([words.text(f"report.column.{found.criterion_name}")] if both else []),
            words.text("report.column.silhouette"),
            words.text("report.column.cloud_p"),
            words.text("report.column.stability"),
            "SLSw",
            "SLSa",
        ]
    ]
    rows.extend(
        [
            _kept(item.k, found.k),
            *([words.number(item.criterion, ".2")] if both else []),
            words.number(item.silhouette, ".2"),
            _tested(item.p, item.draws, words),
            _stability(item.stability, item.stability_error, words),
            _least(item.within, words),
            _least(item.across, words),
        ]
        for item in found.criteria
    )
    return rows


def _tested(p: float | None, draws: int | None, words: Messages) -> str:
    return f"{words.number(p, '.3')} ({draws})" if p is not None else "–"


def _kept(k: int, kept: int) -> str:
    return f"→ {k}" if k == kept else f"  {k}"


def _stability(value: float | None, error: float | None, words: Messages) -> str:
    if value is None:
        return "–"
    return f"{words.number(value, '.2')} ± {words.number(error or 0.0, '.2')}"


def _least(values: tuple[float, ...], words: Messages) -> str:
    known = [value for value in values if isfinite(value)]
    return words.number(min(known), ".2") if known else "–"
