"""What is told of a segment, a line a thing: a marker, a persona, who is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from embauche.messages import Messages
from embauche.segment.segmentation import Description, Marker, Persona


def marker_text(marker: Marker, words: Messages, spec: Any = "") -> str:
    """Say a marker's value with its interval, against everyone's."""
    spec = spec or ("%" if marker.unit == "share" else ".1")
    return words.text(
        "report.against",
        value=with_limits(marker, spec, words),
        overall=words.number(marker.overall, spec),
    )


def with_limits(marker: Marker, spec: Any, words: Messages) -> str:
    """Say a marker's value with its interval."""
    value = words.number(marker.value, spec)
    if marker.low is None or marker.high is None:
        return value
    return f"{value} ({words.number(marker.low, spec)}–{words.number(marker.high, spec)})"


def index_text(marker: Marker, words: Messages) -> str:
    """Say a marker's index, 100 being everyone; a dash where it has none."""
    known = marker.index == marker.index
    return words.text("segment.index", value=words.number(marker.index, ".0") if known else "–")


def persona_text(persona: Persona, words: Messages) -> str:
    """Say how frequent a persona is in its segment, with n, and against elsewhere."""
    limits = f"{words.number(persona.low, '%')}–{words.number(persona.high, '%')}"
    share = f"{words.number(persona.share, '%')} ({limits}) · {words.text('report.n', n=persona.n)}"
    return f"{share} · {words.text('report.segments.lift', value=persona.lift)}"


def description_text(item: Description, words: Messages) -> str:
    """Say an answer's share against everyone's; of a number, the medians."""
    if item.median is not None:
        return words.text(
            "segment.description.number",
            median=item.median,
            everyone=item.overall_median,
            share=item.share,
            overall=item.overall,
        )
    share, overall = (words.number(value, "%") for value in (item.share, item.overall))
    against = words.text("report.against", value=share, overall=overall)
    return f"{item.answer} · {against}"


def persona_records(personas: tuple[Persona, ...]) -> list[dict[str, Any]]:
    """Return personas as JSON-ready rows."""
    fields = ("id", "n", "share", "low", "high", "lift")
    return [
        {"traits": dict(one.traits), **{name: getattr(one, name) for name in fields}}
        for one in personas
    ]


def description_records(descriptions: tuple[Description, ...]) -> list[dict[str, Any]]:
    """Return who is in a segment as JSON-ready rows."""
    fields = ("column", "answer", "share", "overall", "median", "overall_median")
    return [{name: getattr(one, name) for name in fields} for one in descriptions]


def labelled(label: str, text: str, words: Messages) -> str:
    """Put a text behind its label, with the language's colon."""
    return words.text("segment.labelled", label=label, text=text)


def traits_text(traits: Mapping[str, str], called: Mapping[str, str], words: Messages) -> str:
    """Say the situation that makes a persona."""
    return " · ".join(
        labelled(called.get(column) or column, answer, words) for column, answer in traits.items()
    )
