"""The templates' environment: one for the report, and for the pages that reuse its pieces."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from embauche.messages import Messages
from embauche.notices import Notice
from embauche.present.charts_priorities import heat_step
from embauche.present.names import sentence_case
from embauche.present.proportions import wilson
from embauche.present.typing_words import typing_summary
from embauche.present.zones import doubtful, has_zones, is_opportunity
from embauche.prioritise.opportunity_ranking import shared_notices
from embauche.prioritise.priority import Opportunity
from embauche.segment.typing_tool import TypingTool
from embauche.vocabulary import label


def environment(words: Messages) -> Environment:
    """Return the environment of one language; everything that is written is escaped.

    Templates get ``t(key, **params)`` (a sentence), ``num(value, spec)`` (a number), ``fig(value,
    low, high, n, spec)`` (a figure with its interval and n, the latter two in soft ink),
    ``notice(item)``, ``typing_summary(tool)``, ``weak(notices)`` and ``shared_notices(rows)``.
    """
    made = Environment(
        loader=PackageLoader("embauche.present", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def figure(
        value: float,
        low: float | None = None,
        high: float | None = None,
        n: int | None = None,
        spec: str = ".1",
    ) -> Markup:
        soft = ""
        if low is not None and high is not None:
            soft = f" ({words.span(low, high, spec)})"
        if n is not None:
            soft += f" · {words.text('report.n', n=n)}"
        return Markup('<span class="fig"><b>{}</b><span>{}</span></span>').format(
            words.number(value, spec), soft
        )

    def zone_name(item: Opportunity) -> str:
        return label(item.zone, words.language) if item.zone else "–"

    def term(item: StrEnum) -> str:
        return label(item, words.language)

    def summary(tool: TypingTool) -> str:
        return typing_summary(tool, words)

    def weak(notices: Sequence[Notice]) -> list[Notice]:
        return [item for item in notices if item.severity != "info"]

    made.globals.update(
        t=words.text,
        num=words.number,
        fig=figure,
        notice=words.notice,
        weak=weak,
        shared_notices=shared_notices,
        typing_summary=summary,
        wilson=wilson,
        heat_step=heat_step,
        doubtful=doubtful,
        has_zones=has_zones,
        is_opportunity=is_opportunity,
        sentence_case=sentence_case,
        zone_name=zone_name,
        term=term,
        lang=str(words.language),
    )
    return made
