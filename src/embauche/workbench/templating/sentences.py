"""Functions that put sentences, terms, numbers and figures into a page, in its language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from jinja2 import pass_context
from jinja2.runtime import Context

from embauche.errors import EmbaucheError
from embauche.messages import Messages
from embauche.notices import Notice
from embauche.vocabulary import (
    FACET_LETTER,
    Comparison,
    EvidenceStatus,
    Facet,
    JobType,
    Language,
    Moment,
    Solidity,
    SourceKind,
    SpeakerRole,
    Stage,
    Zone,
    label,
)

_TERMS: dict[str, Any] = {
    "comparison": Comparison,
    "facet": Facet,
    "job": JobType,
    "kind": SourceKind,
    "language": Language,
    "moment": Moment,
    "role": SpeakerRole,
    "solidity": Solidity,
    "stage": Stage,
    "status": EvidenceStatus,
    "zone": Zone,
}


def _words(context: Context) -> Messages:
    words: Messages = context["words"]
    return words


@pass_context
def t(context: Context, key: str, **params: Any) -> str:
    """Write the sentence of a key: ``{{ t("workbench.home.title", n=3) }}``."""
    return _words(context).text(key, **params)


@pass_context
def operation(context: Context, line: dict[str, Any], jobs: list[Any]) -> str:
    """Say what was done to jobs, each named by its number where it is still there."""
    numbers = {row.key: f"{row.number} « {row.statement} »" for row in jobs}
    return operation_said(_words(context), line, numbers)


def operation_said(words: Messages, line: dict[str, Any], names: Mapping[str, str]) -> str:
    """Say what an operation did to jobs: each by its name, or by its id where it has none."""
    none = words.text("jobs_cli.none")

    def name(key: Any) -> str:
        return none if key is None else names.get(str(key), str(key))

    return words.text(
        f"jobs_cli.done.{line['op']}",
        **{key: name(line.get(key)) for key in ("job", "into", "parent")},
        jobs=[name(key) for key in line.get("jobs", {})],
        parts=[name(key) for key in line.get("parts", {})],
        moved=line.get("moved", ""),
        statement=line.get("statement", ""),
        type=label(JobType(line["type"]), words.language) if "type" in line else "",
    )


@pass_context
def term(context: Context, kind: str, value: Any) -> str:
    """Write a term of the method: ``{{ term("facet", row.facet) }}``."""
    return label(_TERMS[kind](value), _words(context).language)


@pass_context
def notice(context: Context, item: Notice) -> str:
    """Put a notice in words."""
    return _words(context).notice(item)


@pass_context
def error_said(context: Context, error: EmbaucheError) -> str:
    """Say what was wrong and where."""
    return error.message(_words(context).language)


@pass_context
def error_hint(context: Context, error: EmbaucheError) -> str:
    """Say what to do about it."""
    return error.hint(_words(context).language)


@pass_context
def filesize(context: Context, size: int) -> str:
    """Write the size of a file."""
    words = _words(context)
    if size < 1_000_000:
        return words.text("intake.kilobytes", size=max(1, round(size / 1000)))
    return words.text("intake.megabytes", size=size / 1e6)


@pass_context
def num(context: Context, value: float | None, spec: str = "") -> str:
    """Write a number as the language does; a dash where it is unknown."""
    return "—" if value is None else _words(context).number(value, spec)


@pass_context
def fig(
    context: Context,
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    n: int | None = None,
    spec: str = ".1",
) -> str:
    """Write a figure with its interval and its n, the latter two in soft ink."""
    words = _words(context)
    if value is None:
        return format_html('<span class="fig unknown">{}</span>', words.text("workbench.unknown"))
    soft = ""
    if low is not None and high is not None:
        soft = f" ({words.span(low, high, spec)})"
    if n is not None:
        soft += f" · {words.text('report.n', n=n)}"
    return format_html(
        '<span class="fig"><b>{}</b><small>{}</small></span>', words.number(value, spec), soft
    )


def marker(facet: Any) -> str:
    """Return the class of a facet's marker stroke."""
    return str(getattr(facet, "value", facet)).replace("job.", "job-")


def letter(facet: Any) -> str:
    """Return the one-letter tag of a facet."""
    return FACET_LETTER[Facet(facet)]


@cache
def _stamp(name: str) -> str:
    path = Path(f"{settings.ASSETS}/{name}")
    return str(int(path.stat().st_mtime)) if path.is_file() else "0"


def asset(name: str) -> str:
    """Return the address of a built file, which changes whenever the file does."""
    return f"{settings.STATIC_URL}{name}?v={_stamp(name)}"


@pass_context
def stage_state(context: Context, item: Any) -> str:
    """Say where a stage stands: what it holds, and what waits for a person."""
    words = _words(context)
    params = dict(item.params)
    if item.code.startswith("collected.") and item.code != "collected.nothing":
        parts = [
            words.text(f"workbench.count.{key}", n=params[key])
            for key in ("interviews", "reviews", "respondents")
            if params.get(key)
        ]
        return " · ".join(parts)
    if params.get("verdict"):
        params["verdict"] = label(Solidity(params["verdict"]), words.language)
        if item.params["verdict"] == Solidity.NO_STABLE_SEGMENTS.value:
            return params["verdict"]
    text = words.text(item.key, **params)
    for key in ("waiting", "proposed"):
        if params.get(key):
            text += " · " + words.text(f"workbench.count.{key}", n=params[key])
    return text


@pass_context
def run_stage(context: Context, stage: str) -> str:
    """Say what an analysis does now."""
    return _words(context).text(f"workbench.run.stage.{stage}")


@pass_context
def run_end(context: Context, state: str) -> str:
    """Say how an analysis ended."""
    return _words(context).text(f"workbench.run.end.{state}")


@pass_context
def tk(context: Context, prefix: str, name: Any, **params: Any) -> str:
    """Write the sentence of a key made of a prefix and a code."""
    return _words(context).text(f"{prefix}.{getattr(name, 'value', name)}", **params)


@pass_context
def turn_words(context: Context, turn: Any, here: int | None = None) -> str:
    """Write a turn's words: sentences that can be focused and coded, under their markers.

    Nothing stands between the pieces that is not in the text: positions are counted in it.
    """
    words, parts = _words(context), []
    for piece in turn.pieces:
        html = "".join(_stroke(item, words) for item in piece.strokes)
        if piece.index is None:
            parts.append(html)
            continue
        mark = ' data-here=""' if piece.index == here else ""
        parts.append(
            f'<span class="s" id="s{piece.index}" tabindex="-1" data-start="{piece.start}"'
            f' data-end="{piece.end}"{mark}>{html}</span>'
        )
    return mark_safe("".join(parts))  # noqa: S308 (escaped piece by piece)


def _stroke(piece: Any, words: Messages) -> str:
    html = str(conditional_escape(piece.text))
    for row in reversed(piece.evidence):
        doubt = " is-proposed" if row.status == "proposed" else ""
        html = f'<mark class="mk mk-{marker(row.facet)}{doubt}" data-e="{row.pk}">{html}</mark>'
    for row in piece.ends:
        proposed = row.status == "proposed"
        title = label(Facet(row.facet), words.language)
        title += " · " + words.text("workbench.proposed") if proposed else ""
        doubt = "\u202f?" if proposed else ""
        html += (
            f'<sup class="tag tag-{marker(row.facet)}" data-tag="{row.pk}"'
            f' title="{conditional_escape(title)}">{letter(row.facet)}{doubt}</sup>'
        )
    return html


@pass_context
def why(context: Context, reason: str) -> str:
    """Say why a machine proposes something; nothing where it gives no reason that we know."""
    words, key = _words(context), f"notice.identify.reason.{reason}"
    return words.text(key) if key in words else ""


def person(coder: str) -> str:
    """Return the name of a coder without its kind."""
    return coder.partition(":")[2] or coder


@pass_context
def fig_share(context: Context, share: float, low: float, high: float, n: int) -> str:
    """Write a share as a percentage with its interval and n."""
    return fig(context, share, low, high, n, "%")


@pass_context
def steady(context: Context, value: float) -> str:
    """Say how steadily a segment is found again; a weak one in ember."""
    # Hennig 2007: under 0.6 not to be leaned on, from 0.75 stable.
    code = "steady" if value >= 0.75 else "unsteady" if value < 0.6 else "middling"
    text = _words(context).text(f"report.segments.stability.{code}", value=value)
    return format_html('<span class="{}">{}</span>', "weak" if code == "unsteady" else "soft", text)
