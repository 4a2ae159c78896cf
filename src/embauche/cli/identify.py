"""`embauche identify`: what machine coders propose, and the one door to a language model."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from embauche.cli.options import HELP, spoken
from embauche.cli.terminal import (
    aligned,
    errors_in_one_line,
    existing,
    language_of_user,
    progress_bars,
    say_notices,
)
from embauche.messages import Messages, messages
from embauche.vocabulary import label

if TYPE_CHECKING:
    from embauche.collect.source import Corpus
    from embauche.identify.llm_coder import LLMProposals
    from embauche.identify.llm_settings import LLMSettings
    from embauche.identify.llm_usage import LLMEstimate
    from embauche.study.config import StudyConfig
    from embauche.study.identifying import StudyProposals
    from embauche.study.progress import Report
    from embauche.study.teaching_queue import StudyQueue

_CODERS = click.Choice(["both", "offline", "llm"])


@click.command(help=HELP.text("identify_cli.help"))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--llm", "ask", is_flag=True, help=HELP.text("identify_cli.option.llm"))
@click.option("--yes", is_flag=True, help=HELP.text("identify_cli.option.yes"))
@click.option("--coder", type=_CODERS, help=HELP.text("identify_cli.option.coder"))
@click.option("--estimate", "reckon", is_flag=True, help=HELP.text("identify_cli.option.estimate"))
@click.option("--forget", is_flag=True, help=HELP.text("identify_cli.option.forget"))
@click.option(
    "--queue", "asked", type=click.IntRange(min=1), help=HELP.text("identify_cli.option.queue")
)
@spoken
def identify(
    folder: Path,
    *,
    ask: bool,
    yes: bool,
    coder: str | None,
    reckon: bool,
    forget: bool,
    asked: int | None,
    as_json: bool,
    quiet: bool,
    lang: str | None,
) -> None:
    """Propose evidence for FOLDER; a language model is asked with --llm only."""
    words = messages(language_of_user(lang))
    with errors_in_one_line(words):
        from embauche.study.config import read_config

        config = read_config(existing(folder))
        if forget:
            _forget(folder, words)
            return
        with progress_bars(words, quiet=quiet or as_json) as report:
            from embauche.study.identifying import corpus_of_study

            corpus = corpus_of_study(config, report)
        if reckon:
            _reckon(config, corpus, words, as_json=as_json)
            return
        if asked:
            with progress_bars(words, quiet=quiet or as_json) as report:
                from embauche.study.teaching_queue import queue_of_study

                queue = queue_of_study(config, corpus, asked, report)
            if as_json:
                click.echo(json.dumps(queue.to_dict(), ensure_ascii=False, indent=2))
            else:
                click.echo("\n".join(_queued(queue, words)))
            return
        given: dict[str, Any] = {}
        if ask:
            settings = _agreed_to(config, corpus, words, yes=yes)
            with progress_bars(words, quiet=quiet or as_json) as report:
                given = _ask(config, settings, corpus, report, words, quiet=quiet)
        from embauche.study.identifying import propose_for_study

        with progress_bars(words, quiet=quiet or as_json) as report:
            proposals = propose_for_study(config, corpus, coder, report=report)
    if not quiet:
        say_notices(words, proposals.notices)
    if as_json:
        click.echo(json.dumps({**proposals.to_dict(), **given}, ensure_ascii=False, indent=2))
    else:
        _show(proposals, words)


def _forget(folder: Path, words: Messages) -> None:
    from embauche.study.llm_coding import FILE_NAME, forget_llm_coding

    done = "forgotten" if forget_llm_coding(folder) else "nothing_to_forget"
    click.echo(words.text(f"identify_cli.{done}", file=FILE_NAME))


def _reckon(config: StudyConfig, corpus: Corpus, words: Messages, *, as_json: bool) -> None:
    """Show what would leave the machine; nothing does."""
    from embauche.study.identifying import estimate_llm, settings_of_study

    reckoned = estimate_llm(config, settings_of_study(config, os.environ), corpus)
    if as_json:
        data = {"estimate": reckoned.to_dict()}
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_told(reckoned, words)))


def _queued(queue: StudyQueue, words: Messages) -> list[str]:
    """Return the lines that show the queue."""
    lines = []
    for number, item in enumerate(queue.sentences, 1):
        lines.append(f"{number}. {item.participant} · {item.name} · {item.start}-{item.end}")
        if item.question:
            lines.append(f"   — {' '.join(item.question.split())}")
        lines.append(f"   {' '.join(item.quote.split())}")
        proposed = [
            f"{label(guess.facet, words.language)} {words.number(guess.confidence, '%')}"
            for guess in item.guesses
            if guess.proposed
        ]
        key = "identify_cli.queue.thinks" if proposed else "identify_cli.queue.nothing"
        lines += [f"   → {words.text(key, facets=', '.join(proposed))}", ""]
    if not lines:
        lines.append(words.text("identify_cli.queue.none"))
    lines.append(words.text("identify_cli.queue.learned", n=queue.taught, left=queue.left))
    return lines


def _agreed_to(
    config: StudyConfig, corpus: Corpus, words: Messages, *, yes: bool
) -> LLMSettings | None:
    """Say what would leave the machine and ask; ``None`` where there is nothing left to send."""
    from embauche.study.identifying import estimate_llm, settings_of_study

    settings = settings_of_study(config, os.environ, confirmed=not yes)
    reckoned = estimate_llm(config, settings, corpus)
    click.echo("\n".join(_told(reckoned, words)), err=True)
    if not reckoned.sentences:
        return None
    if not yes:
        try:
            agreed = click.confirm(words.text("identify_cli.confirm"), err=True)
        except click.Abort:
            agreed = False
        if not agreed:
            click.echo(words.text("identify_cli.declined"), err=True)
            raise SystemExit(1)
    return settings


def _told(reckoned: LLMEstimate, words: Messages) -> list[str]:
    """Return the lines that say what leaves the machine, where it goes and what it costs."""
    said = reckoned.to_dict() | {"n": reckoned.sentences}
    lines = []
    if reckoned.already:
        lines.append(words.text("identify_cli.send.already", n=reckoned.already))
    if not reckoned.sentences:
        return [*lines, words.text("identify_cli.send.nothing")]
    where = "here" if reckoned.on_this_machine else "away"
    lines.append(words.text(f"identify_cli.send.{where}", **said))
    if reckoned.in_the_clear:
        lines.append(words.text("identify_cli.send.in_the_clear"))
    if reckoned.with_key:
        lines.append(words.text("identify_cli.send.with_key"))
    if reckoned.url_from == "study.toml":
        lines.append(words.text("identify_cli.send.from_study"))
    lines.append(words.text("identify_cli.send.tokens", **(said | {"n": reckoned.requests})))
    if reckoned.cost is not None:
        lines.append(words.text("identify_cli.send.cost", **said))
    elif not reckoned.on_this_machine:
        lines.append(words.text("identify_cli.send.no_price"))
    return lines


def _ask(
    config: StudyConfig,
    settings: LLMSettings | None,
    corpus: Corpus,
    report: Report,
    words: Messages,
    *,
    quiet: bool,
) -> dict[str, Any]:
    """Ask the model, and say what it used and what was rejected."""
    from embauche.study.identifying import ask_llm

    if settings is None:
        return {}
    found = ask_llm(config, settings, corpus, report)
    if not quiet:
        say_notices(words, found.notices, least="info")
        click.echo(_used(found, settings, words), err=True)
    return {"llm": found.to_dict()}


def _used(found: LLMProposals, settings: LLMSettings, words: Messages) -> str:
    used = found.usage
    kind = "counted" if used.counted else "reckoned"
    said = {"n": used.requests, "read": used.input_tokens, "written": used.output_tokens}
    line = words.text(f"identify_cli.used.{kind}", **said)
    if found.cost is None:
        return line
    cost = words.text("identify_cli.used.cost", cost=found.cost, currency=settings.currency)
    return f"{line} {cost}"


def _show(proposals: StudyProposals, words: Messages) -> None:
    """Print the number of proposals by facet and coder, and how far the coders agree."""
    coders = list(proposals.by_coder)
    rows = [[words.text("identify_cli.table.facet"), *coders]]
    for facet, counts in proposals.counts().items():
        rows.append(
            [label(facet, words.language), *(words.number(counts[name]) for name in coders)]
        )
    totals = [words.number(len(found)) for found in proposals.by_coder.values()]
    rows.append([words.text("identify_cli.table.total"), *totals])
    click.echo(aligned(rows))
    click.echo()
    said = {"n": len(proposals.evidence), "sentences": proposals.sentences}
    click.echo(words.text("identify_cli.total", **said))
    agreed = proposals.agreement
    if agreed is not None and agreed.overall.alpha.value is not None:
        params = {"alpha": agreed.overall.alpha.value, "n": agreed.units}
        click.echo(words.text("identify_cli.agreement", **params))
