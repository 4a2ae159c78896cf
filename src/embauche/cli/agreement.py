"""`embauche agreement`: blind double coding, how far coders agree, and what is to be settled."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from embauche.cli.options import HELP, JSON, LANG, SEED, spoken
from embauche.cli.terminal import (
    aligned,
    errors_in_one_line,
    existing,
    language_of_user,
    progress_bars,
    say_notices,
)
from embauche.messages import Messages, messages
from embauche.notices import Notice
from embauche.vocabulary import Facet, label

if TYPE_CHECKING:
    from embauche.identify.agreement import Agreement, FacetAgreement
    from embauche.identify.agreement_figures import Estimate

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_CODER = click.option("--coder", required=True, help=HELP.text("cli.option.coder"))
_OUT = click.option("--out", type=_FILE, help=HELP.text("cli.option.sheet_out"))
_FRENCH = click.option("--french-csv", is_flag=True, help=HELP.text("cli.option.french_csv"))
_SHOWN = 10


class _ShowsByDefault(click.Group):
    """A group whose bare form, ``embauche agreement FOLDER``, is its command ``show``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``show`` in front of what is neither a command nor a request for help."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["show", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_ShowsByDefault, help=HELP.text("cli.help.agreement"))
def agreement() -> None:
    """Measure how far coders agree."""


@agreement.command(help=HELP.text("cli.help.agreement.show"))
@click.argument("folder", type=_FOLDER)
@click.option("--coders", help=HELP.text("cli.option.coders"))
@click.option("--no-machine", is_flag=True, help=HELP.text("cli.option.no_machine"))
@SEED
@spoken
def show(
    folder: Path,
    *,
    coders: str | None,
    no_machine: bool,
    seed: int,
    as_json: bool,
    quiet: bool,
    lang: str | None,
) -> None:
    """Print how far the coders of FOLDER agree, and where they do not."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.study.agreement_report import study_agreement
        from embauche.study.config import read_config

        config = read_config(existing(folder))
        with progress_bars(words, quiet=quiet or as_json) as report:
            found = study_agreement(
                config,
                coders=_names(coders),
                machine=not no_machine,
                seed=seed,
                report=report,
            )
        if as_json:
            click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
            return
        for one in (*([found.among] if found.among else []), *found.with_machine):
            _print(one, words, quiet=quiet)
        if found.disagreements:
            click.echo(words.text("agreement.disagreements", n=len(found.disagreements)))
            for item in found.disagreements[:_SHOWN]:
                click.echo(
                    f"  « {item.unit.quote} »"
                    if words.language == "fr"
                    else f"  “{item.unit.quote}”"
                )
                for coder, said in item.said.items():
                    names = [label(facet, words.language) for facet in said]
                    given = ", ".join(names) or words.text("agreement.nothing")
                    click.echo(f"    {_short(coder)}{words.text('agreement.colon')} {given}")
        if found.open_codes:
            click.echo(words.text("agreement.open", n=found.open_codes))
        if not quiet:
            say_notices(words, found.notices)


@agreement.command(help=HELP.text("cli.help.agreement.prepare"))
@click.argument("folder", type=_FOLDER)
@_CODER
@click.option("--sources", help=HELP.text("cli.option.sources"))
@_OUT
@_FRENCH
@JSON
@LANG
def prepare(
    folder: Path,
    *,
    coder: str,
    sources: str | None,
    out: Path | None,
    french_csv: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Write a blank coding sheet."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.study.agreement_report import study_corpus
        from embauche.study.coding_sheet import blank_sheet
        from embauche.study.config import read_config
        from embauche.study.files import SHEET_PREFIX

        corpus = study_corpus(read_config(existing(folder)))
        text, n = blank_sheet(corpus, _names(sources), language=words.language, french=french_csv)
        target = out or folder / f"{SHEET_PREFIX}coding-{_plain(coder)}.csv"
        _write_new(target, text)
        _done(words, as_json, "agreement.prepared", {"path": str(target), "n": n})


@agreement.command(name="import", help=HELP.text("cli.help.agreement.import"))
@click.argument("folder", type=_FOLDER)
@click.argument("sheet", type=_FILE)
@_CODER
@click.option("--all", "every_source", is_flag=True, help=HELP.text("cli.option.every_source"))
@JSON
@LANG
def import_(
    folder: Path, sheet: Path, *, coder: str, every_source: bool, as_json: bool, lang: str | None
) -> None:
    """Read a filled coding SHEET into the study's coding.jsonl."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.study.agreement_report import study_corpus
        from embauche.study.coding_sheet import read_coding
        from embauche.study.config import read_config
        from embauche.study.decisions import add_lines, read_decisions
        from embauche.study.several_coders import person
        from embauche.study.sheets import read_sheet

        config = read_config(existing(folder))
        found = read_coding(
            read_sheet(sheet),
            study_corpus(config),
            person(coder),
            read_decisions(folder).lines,
            at=datetime.now(tz=UTC),
            every_source=every_source,
        )
        add_lines(folder, found.lines, config.coding.adjudicator)
        say_notices(words, found.notices)
        params = {"n": found.sentences, "codes": found.codes, "coder": _short(coder)}
        _done(words, as_json, "agreement.imported", params)


@agreement.command(help=HELP.text("cli.help.agreement.adjudicate"))
@click.argument("folder", type=_FOLDER)
@click.argument("sheet", type=_FILE, required=False)
@click.option("--coder", help=HELP.text("cli.option.adjudicator"))
@_OUT
@_FRENCH
@JSON
@LANG
def adjudicate(
    folder: Path,
    sheet: Path | None,
    *,
    coder: str | None,
    out: Path | None,
    french_csv: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Write a sheet of what coders disagree on, or read a settled SHEET back."""
    words = messages(language_of_user(lang))
    if sheet is not None and coder is None:
        raise click.UsageError(words.text("agreement.coder_needed"))
    with errors_in_one_line(words):
        from embauche.study.adjudication_sheet import disagreement_sheet, read_settlement
        from embauche.study.agreement_report import study_coding
        from embauche.study.coded_study import disputed
        from embauche.study.config import read_config
        from embauche.study.decisions import add_lines
        from embauche.study.files import SHEET_PREFIX
        from embauche.study.several_coders import person
        from embauche.study.sheets import read_sheet

        config = read_config(existing(folder))
        coding, corpus, _ = study_coding(config)
        if sheet is None or coder is None:
            found = disputed(coding, config.coding.adjudicator)
            n = sum(len(item.disputed) for item in found)
            target = out or folder / f"{SHEET_PREFIX}disagreements.csv"
            if n:
                text = disagreement_sheet(found, corpus, language=words.language, french=french_csv)
                _write_new(target, text)
            key = "agreement.to_settle" if n else "agreement.nothing_to_settle"
            _done(words, as_json, key, {"n": n, "path": str(target) if n else ""})
            return
        made = read_settlement(read_sheet(sheet), coding, person(coder), at=datetime.now(tz=UTC))
        add_lines(folder, made.lines, config.coding.adjudicator)
        _done(words, as_json, "agreement.settled", {"n": made.settled, "left": made.left})


def _print(found: Agreement, words: Messages, *, quiet: bool) -> None:
    names = [_short(coder) for coder in found.coders]
    params = {"coders": names, "n": found.units, "sources": found.sources}
    click.echo(words.text("agreement.title", **params))
    head = [
        "",
        *(name.split(":")[0] for name in names),
        "α",
        "κ",
        "AC1",
        words.text("agreement.percent"),
    ]
    body = [_cells(row, words) for row in found.facets if any(row.codes.values())]
    click.echo(aligned([head, *body, _cells(found.overall, words)]))
    click.echo(
        words.text(
            "agreement.sets",
            alpha=_figure(found.sets, words),
            same=_figure(found.same_sets, words, "%"),
        )
    )
    if not quiet:
        say_notices(words, tuple(_named(notice, words) for notice in found.notices))
    click.echo()


def _cells(row: FacetAgreement, words: Messages) -> list[str]:
    name = (
        words.text("agreement.overall") if row.facet is None else label(row.facet, words.language)
    )
    figures = [_figure(getattr(row, item), words) for item in ("alpha", "kappa", "ac1")]
    counts = [words.number(n) for n in row.codes.values()]
    return [name, *counts, *figures, _figure(row.percent, words, "%")]


def _figure(found: Estimate, words: Messages, spec: str = ".2") -> str:
    if found.value is None:
        return "—"
    text = words.number(found.value, spec)
    if found.low is None or found.high is None:
        return text
    low, high = words.number(found.low, spec), words.number(found.high, spec)
    return words.text("agreement.interval", value=text, low=low, high=high)


def _named(notice: Notice, words: Messages) -> Notice:
    """Return the notice with its facets' names in the reader's language."""
    if "facets" not in notice.params:
        return notice
    facets = [label(Facet(key), words.language) for key in notice.params["facets"]]
    return replace(notice, params={**notice.params, "facets": facets})


def _write_new(path: Path, text: str) -> None:
    """Write a sheet; one that is there may hold somebody's work and is never written over."""
    from embauche.errors import FolderError

    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise FolderError("sheet.exists", file=str(path)) from None


def _done(words: Messages, as_json: bool, key: str, params: dict[str, object]) -> None:  # noqa: FBT001
    if as_json:
        click.echo(json.dumps(params, ensure_ascii=False))
    else:
        click.echo(words.text(key, **params))


def _names(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def _plain(name: str) -> str:
    kept = "".join(sign if sign.isalnum() else "-" for sign in _short(name).strip())
    return kept or "coder"


def _short(coder: str) -> str:
    return coder.removeprefix("person:")
