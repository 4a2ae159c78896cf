"""What charts look like: the tokens of the look, for light files and for pages in either theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from embauche.vocabulary import Language

FONT: Final = '"Atkinson Hyperlegible Next", "Atkinson Hyperlegible", system-ui, sans-serif'


@dataclass(frozen=True, slots=True)
class ChartTheme:
    """Colours of a chart, named as the tokens of the style sheet.

    Attributes
    ----------
    name
        ``"light"`` or ``"dark"``.
    paper, sheet, ink, ink_soft, rule, hire, ember
        The tokens of that name.
    heat
        The sequential ramp from paper through sand to ember, six steps.
    heat_ink
        Text on the ramp.
    segments
        Eight colours made for the colour-blind (from Okabe and Ito), darkened or lightened to be
        read on the page's ground; a segment's name always stands beside its colour.
    """

    name: str
    paper: str
    sheet: str
    ink: str
    ink_soft: str
    rule: str
    hire: str
    ember: str
    heat: tuple[str, ...]
    heat_ink: str
    segments: tuple[str, ...]

    def tokens(self) -> dict[str, str]:
        """Return colour → name of the style sheet's custom property."""
        named = {
            self.paper: "paper",
            self.ink: "ink",
            self.ink_soft: "ink-soft",
            self.rule: "rule",
            self.hire: "hire",
            self.ember: "ember",
            self.heat_ink: "heat-ink",
        }
        named |= {colour: f"heat-{step}" for step, colour in enumerate(self.heat)}
        named |= {colour: f"seg-{place}" for place, colour in enumerate(self.segments, 1)}
        return {self.sheet: "sheet"} | named


LIGHT: Final = ChartTheme(
    name="light",
    paper="#fbfaf6",
    sheet="#ffffff",
    ink="#1c2230",
    ink_soft="#5a6172",
    rule="#e3ded3",
    hire="#0e6b63",
    ember="#b8461b",
    heat=("#fbf9f4", "#f5e4d3", "#efcbae", "#e9b48e", "#e2945f", "#d4743a"),
    heat_ink="#1c2231",
    segments=(
        "#0572c9",
        "#9c671b",
        "#22552f",
        "#7e067c",
        "#2b6b86",
        "#745d32",
        "#3d34c4",
        "#545454",
    ),
)

DARK: Final = ChartTheme(
    name="dark",
    paper="#14171c",
    sheet="#1b1f26",
    ink="#ece9e2",
    ink_soft="#a7adb9",
    rule="#2c323c",
    hire="#57bfb2",
    ember="#f08a5d",
    heat=("#1b1f27", "#3a2a22", "#5a3a29", "#7d4a2e", "#9a5530", "#ab5c2c"),
    heat_ink="#fbfaf7",
    segments=(
        "#33a3fe",
        "#f8bb3d",
        "#3fe8c8",
        "#e06294",
        "#8ed4f0",
        "#dde3a5",
        "#a885c7",
        "#b8b8b8",
    ),
)


def vega_config(theme: ChartTheme, language: Language) -> dict[str, Any]:
    """Return the Vega-Lite configuration of a theme and a language.

    French numbers take a decimal comma, a narrow no-break space between thousands and before %.
    """
    french = language is Language.FR
    return {
        "background": "transparent",
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None},
        "axis": {
            "labelColor": theme.ink_soft,
            "titleColor": theme.ink_soft,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "labelFont": FONT,
            "titleFont": FONT,
            "domain": False,
            "ticks": False,
            "gridColor": theme.rule,
            "gridWidth": 1,
            "labelPadding": 6,
            "titlePadding": 8,
        },
        "text": {"color": theme.ink, "fontSize": 13, "font": FONT},
        "title": {
            "anchor": "start",
            "color": theme.ink,
            "subtitleColor": theme.ink_soft,
            "fontSize": 17,
            "subtitleFontSize": 13,
            "font": FONT,
            "subtitleFont": FONT,
            "fontWeight": 600,
            "offset": 16,
        },
        "locale": {
            "number": {
                "decimal": "," if french else ".",
                "thousands": "\u202f" if french else ",",
                "grouping": [3],
                "currency": ["", "\u202f€"] if french else ["€", ""],
                "percent": "\u202f%" if french else "%",
                "minus": "−",
            }
        },
    }
