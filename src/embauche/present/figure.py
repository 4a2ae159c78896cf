"""A chart as it is handed over: its definition, its finding in words, and its table of data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import altair as alt
import vl_convert

from embauche.messages import Messages
from embauche.notices import Notice
from embauche.present.chart_theme import DARK, LIGHT, ChartTheme, vega_config
from embauche.present.lettering import wrap
from embauche.present.printable import printable

WIDE, NARROW = 680, 330
DrawnChart = alt.LayerChart | alt.VConcatChart | alt.HConcatChart


@dataclass(frozen=True, slots=True)
class ChartFigure:
    """One chart, for a page, a notebook or a file.

    Attributes
    ----------
    id
        Stable within a report, such as ``"opportunity-landscape"``.
    title
        The finding, in a sentence.
    subtitle
        What is plotted, and n.
    spec
        Vega-Lite definition for a wide page (`WIDE` pixels), without its title.
    narrow
        The same for a phone (`NARROW` pixels).
    header, rows
        The data as a table of texts, in the language of the chart.
    notices
        What is weak about it.
    key
        Names of what the narrow drawing numbers from 1, where it has no room for names.
    picks
        What each of `rows` is about (a segment's id, a column), where charts of a page that say
        something of the same things mark them together; marks carry it in their data as ``key``.
        Empty, or one entry a row.
    """

    id: str
    title: str
    subtitle: str
    spec: Mapping[str, Any]
    narrow: Mapping[str, Any]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notices: tuple[Notice, ...] = ()
    key: tuple[str, ...] = ()
    picks: tuple[str, ...] = ()

    def titled(self) -> dict[str, Any]:
        """Return the wide definition with its title and subtitle, for a file that stands alone."""
        return {
            **self.spec,
            "title": {
                "text": wrap(self.title, WIDE, 17, 3),
                "subtitle": wrap(self.subtitle, WIDE, 13, 3),
            },
        }

    def svg(self, *, narrow: bool = False, titled: bool = False) -> str:
        """Draw the chart as SVG, without a browser.

        Parameters
        ----------
        narrow
            Draw the phone's definition.
        titled
            Draw title and subtitle into the picture (wide only).
        """
        spec = self.narrow if narrow else self.titled() if titled else dict(self.spec)
        return str(vl_convert.vegalite_to_svg(printable(dict(spec))))

    def png(self, scale: float = 2.0) -> bytes:
        """Draw the chart with its title as PNG: on its theme's sheet, in the product's letters."""
        _register_letters()
        ink = self.spec["config"]["text"]["color"]
        theme = DARK if ink == DARK.ink else LIGHT
        spec = {**self.titled(), "background": theme.sheet, "padding": 16}
        return bytes(vl_convert.vegalite_to_png(printable(spec), scale=scale))


@cache
def _register_letters() -> None:
    """Give the drawing library the letters that ship with the product, once a process.

    In a checkout without its front end there are none, and it falls back to its own.
    """
    with as_file(files("embauche.present") / "assets" / "fonts" / "print") as folder:
        if folder.is_dir():
            vl_convert.register_font_directory(str(folder))


def chart_of(rows: Sequence[Mapping[str, Any]]) -> alt.Chart:
    """Begin a chart of rows of data."""
    # As a tuple: lists are copied again for each layer, and that takes longer than drawing.
    return alt.Chart(alt.InlineData(values=tuple(rows)))


def layered(
    layers: Sequence[alt.Chart], width: float, height: float, **properties: Any
) -> alt.LayerChart:
    """Lay marks over each other on one pair of scales."""
    chart = alt.LayerChart(width=width, height=height, **properties)
    # Given afterwards: the constructor would copy each of them three times.
    chart.layer = list(layers)
    return chart


def stacked(panels: Sequence[alt.LayerChart], spacing: float, **properties: Any) -> DrawnChart:
    """Put panels under each other."""
    chart = alt.VConcatChart(spacing=spacing, **properties)
    chart.vconcat = list(panels)
    return chart


def side_by_side(panels: Sequence[alt.LayerChart], spacing: float) -> DrawnChart:
    """Put panels beside each other."""
    chart = alt.HConcatChart(spacing=spacing)
    chart.hconcat = list(panels)
    return chart


def finished(chart: DrawnChart, theme: ChartTheme, words: Messages) -> dict[str, Any]:
    """Return a chart's definition with the configuration of a theme and language."""
    # Validating against Vega-Lite's schema takes seconds a report: the tests do it instead.
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec["datasets"] = {name: list(rows) for name, rows in spec.get("datasets", {}).items()}
    spec["config"] = vega_config(theme, words.language)
    return spec


def page_svg(svg: str, theme: ChartTheme, label: str, prefix: str) -> str:
    """Prepare an SVG to stand in a page: it follows the page's theme and says what it shows.

    Colours that are tokens become custom properties, so that one drawing serves light and dark;
    the picture takes the width it is given and is announced by `label`. Ids of its parts, which the
    drawing library counts on from picture to picture, begin anew behind `prefix`.
    """
    tokens = theme.tokens()

    def themed(match: re.Match[str]) -> str:
        token = tokens.get(match["colour"].lower())
        return f'{match["what"]}="var(--{token})"' if token else match[0]

    svg = re.sub(r'(?P<what>fill|stroke)="(?P<colour>#[0-9a-fA-F]{6})"', themed, svg)
    found = list(dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg)))
    for place, name in enumerate(found, 1):
        svg = re.sub(rf'(id="|url\(#){re.escape(name)}(?=["\)])', rf"\g<1>{prefix}-{place}", svg)
    svg = re.sub(r' font-family="[^"]*"', "", svg)
    svg = re.sub(r' aria-(label|roledescription|hidden)="[^"]*"| role="graphics-[a-z]+"', "", svg)
    escaped = label.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return svg.replace(
        'version="1.1" class="marks"', f'class="chart" role="img" aria-label="{escaped}"', 1
    ).replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "", 1)
