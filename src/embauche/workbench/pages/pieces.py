"""Pieces that the report and the pages share: rendered by the room that owns them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any

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
            {"pick": pick, "texts": texts}
            for pick, texts in zip(picks, figure.rows, strict=True)
        ],
        "script": f"chart-{figure.id}",
        "data": {
            "wide": dict(figure.spec),
            "narrow": dict(figure.narrow),
            "tokens": LIGHT.tokens(),
            "label": f"{figure.title}. {figure.subtitle}",
        },
    }


_KEPT = 32
_drawn: OrderedDict[tuple[object, ...], dict[str, dict[str, Any] | None]] = OrderedDict()
_lock = Lock()


def charts(
    study: Study, found: Findings, *kinds: Callable[[Names], ChartFigure | None]
) -> dict[str, dict[str, Any] | None]:
    """Return some of a study's charts, by id; kept until the study changes.

    Parameters
    ----------
    study
        The study, whose stamp tells whether it has changed.
    found
        Its findings, in the page's language.
    kinds
        Functions of `embauche.present.charts`.
    """
    language = found.card.language
    key = (study.pk, study.stamp, language, *(getattr(kind, "__name__", kind) for kind in kinds))
    with _lock:
        kept = _drawn.get(key)
    if kept is None:
        names = Names(found)
        figures = [kind(names) for kind in kinds]
        kept = {figure.id: chart(figure) for figure in figures if figure is not None}
        with _lock:
            _drawn[key] = kept
            while len(_drawn) > _KEPT:
                _drawn.popitem(last=False)
    return kept


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
