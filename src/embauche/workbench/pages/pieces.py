"""Pieces that the report and the pages share: rendered by the room that owns them."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString, mark_safe

from embauche.messages import Messages
from embauche.present.chart_theme import LIGHT
from embauche.present.charts import chart_figures
from embauche.present.charts_priorities import heat_step
from embauche.present.figure import ChartFigure
from embauche.present.findings import Findings
from embauche.present.names import sentence_case
from embauche.present.pages import environment
from embauche.vocabulary import label


def piece(
    words: Messages, file: str, macro: str, *values: Any, level: int = 2, **options: Any
) -> SafeString:
    """Render one macro of ``present/templates/pieces``; it escapes what it writes.

    Its headings, fourth-level in the report, take the `level` that they have on the page.
    """
    made = environment(words)
    made.globals.update(
        heat_step=heat_step,
        sentence_case=sentence_case,
        term=lambda item: label(item, words.language),
    )
    template = made.from_string(
        f"{{% from 'pieces/{file}.html' import {macro} with context %}}"
        f"{{{{ {macro}(*values, **options) }}}}"
    )
    html = template.render(values=values, options=options)
    return mark_safe(html.replace("<h4", f'<h4 aria-level="{level}"'))  # noqa: S308


def chart(figure: ChartFigure | None) -> dict[str, Any] | None:
    """Return what the chart template needs: both definitions, and the token of each colour."""
    if figure is None:
        return None
    return {
        "figure": figure,
        "script": f"chart-{figure.id}",
        "data": {
            "wide": dict(figure.spec),
            "narrow": dict(figure.narrow),
            "tokens": LIGHT.tokens(),
            "label": f"{figure.title}. {figure.subtitle}",
        },
    }


def charts(found: Findings) -> dict[str, dict[str, Any] | None]:
    """Return every chart of a study, by id."""
    return {key: chart(figure) for key, figure in chart_figures(found, LIGHT).items()}
