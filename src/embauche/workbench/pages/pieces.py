"""Pieces that the report and the pages share: rendered by the room that owns them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from threading import Lock
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Template

from embauche.messages import Messages, messages
from embauche.present.chart_theme import LIGHT
from embauche.present.charts_priorities import heat_step
from embauche.present.figure import ChartFigure
from embauche.present.findings import Findings
from embauche.present.names import Names, sentence_case
from embauche.present.pages import environment
from embauche.vocabulary import Language, label
from embauche.workbench.models import Study
from embauche.workbench.services.drawn_charts import (
    draw_soon,
    former_name,
    keep_charts,
    kept_charts,
    name_of,
)


def piece(
    words: Messages, file: str, macro: str, *values: Any, level: int = 2, **options: Any
) -> SafeString:
    """Render one macro of ``present/templates/pieces``; it escapes what it writes.

    Its headings, fourth-level in the report, take the `level` that they have on the page.
    """
    html = _template(words.language, file, macro).render(values=values, options=options)
    return mark_safe(html.replace("<h4", f'<h4 aria-level="{level}"'))  # noqa: S308


def chart(figure: ChartFigure | None) -> dict[str, Any] | None:
    """Return what the chart template needs: both definitions, and the token of each colour."""
    if figure is None:
        return None
    picks = figure.picks or ("",) * len(figure.rows)
    return {
        "figure": figure,
        "table": [
            {"pick": pick, "texts": texts} for pick, texts in zip(picks, figure.rows, strict=True)
        ],
        "script": f"chart-{figure.id}",
        "data": {
            "wide": dict(figure.spec),
            "narrow": dict(figure.narrow),
            "tokens": LIGHT.tokens(),
            "label": f"{figure.title}. {figure.subtitle}",
        },
    }


_KEPT = 64
_Drawn = dict[str, dict[str, Any] | None]
_drawn: OrderedDict[tuple[object, ...], tuple[tuple[object, ...], _Drawn]] = OrderedDict()
_lock, _drawing = Lock(), Lock()
DRAWING_AHEAD: ContextVar[bool] = ContextVar("DRAWING_AHEAD", default=False)
"""True where charts are drawn for those who will open them, not for somebody who waits."""


def charts(
    study: Study,
    found: Findings,
    *kinds: Callable[[Names], ChartFigure | None],
    also: object = None,
) -> dict[str, dict[str, Any] | None]:
    """Return some of a study's charts, by id; kept until what they show changes.

    Parameters
    ----------
    study
        The study.
    found
        Its findings, in the page's language.
    kinds
        Functions of `embauche.present.charts`, each known by its ``__name__``.
    also
        What the charts show beside the findings.
    """
    language = found.card.language
    key = (study.pk, language, *(getattr(kind, "__name__", kind) for kind in kinds))
    shown = (*_shown(found), also)
    kept = _remembered(key, shown)
    if kept is not None:
        return kept
    name = name_of(study, found, [str(each) for each in key[2:]], also)
    if not connection.in_atomic_block and not DRAWING_AHEAD.get():
        former = former_name(study, name)
        if former is not None and former != name:
            draw_soon(study, str(language))
            held = _former(study, key, former)
            if held is not None and also is not None:
                return {name: {**each, "former": True} for name, each in held.items() if each}
            if held is not None:
                return held
    # One reader draws; those who ask meanwhile wait for it instead of drawing the same.
    with _drawing:
        kept = _remembered(key, shown)
        if kept is not None:
            return kept
        figures = kept_charts(study, name)
        if figures is None:
            names = Names(found)
            figures = [figure for kind in kinds if (figure := kind(names)) is not None]
            keep_charts(study, name, figures)
        made = {figure.id: chart(figure) for figure in figures}
        with _lock:
            _drawn[key] = (shown, made)
            while len(_drawn) > _KEPT:
                _drawn.popitem(last=False)
    return made


def _former(study: Study, key: tuple[object, ...], name: str) -> _Drawn | None:
    """Return charts with the wordings before, unless they have just gone."""
    beside = (*key, "former")
    kept = _remembered(beside, (name,))
    if kept is None:
        figures = kept_charts(study, name)
        if figures is None:
            return None
        kept = {figure.id: chart(figure) for figure in figures}
        with _lock:
            _drawn[beside] = ((name,), kept)
    return kept


def _remembered(key: tuple[object, ...], shown: tuple[object, ...]) -> _Drawn | None:
    with _lock:
        kept = _drawn.get(key)
        if kept is None or kept[0] != shown:
            return None
        _drawn.move_to_end(key)
        return kept[1]


class _Same:
    """Compares by identity what is too large to be compared, and keeps it alive."""

    def __init__(self, part: object) -> None:
        self._part = part

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other._part is self._part

    __hash__ = None  # type: ignore[assignment]


def _shown(found: Findings) -> tuple[object, ...]:
    """Return what charts are made from: the figures, the jobs and their words, the links.

    A decision about evidence changes none of it, so nothing is drawn anew for it.
    """
    figures = (
        found.survey,
        found.segmentation,
        found.validation,
        found.typing,
        found.qualitative,
        found.opportunities,
        found.assignment,
    )
    return (*(_Same(part) for part in figures), found.job_map, found.links)


@cache
def _template(language: Language, file: str, macro: str) -> Template:
    made = environment(messages(language))
    made.globals.update(
        heat_step=heat_step,
        sentence_case=sentence_case,
        term=lambda item: label(item, language),
    )
    return made.from_string(
        f"{{% from 'pieces/{file}.html' import {macro} with context %}}"
        f"{{{{ {macro}(*values, **options) }}}}"
    )
