"""How wide a label is: advance widths of the interface face, so that nothing is cut or overlaps.

Charts are drawn without a browser and without the web font, whose width the drawing library cannot
measure; the widths of Atkinson Hyperlegible Next (regular) are therefore written here, in
hundredths of an em, measured once in Chromium. Unknown characters count as wide.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BY_WIDTH: Final = {
    16: "'",
    21: ",.:;",
    25: "il|`´·’‘",
    28: " \u00a0\u202f!¡j¦",
    31: "f()[{}",
    34: 't-]"°',
    37: "r_ªº²³¸",
    40: "/1I“”\\",
    46: "vxyz",
    48: "ckJs*?¢",
    52: "7aéàx",
    55: "beghnopqu2FL<>=^~+×±$",
    59: "03456789BEPSTYV#",
    63: "ACKRXZ«»−&€£",
    69: "GHNUD@…",
    72: "OQw",
    84: "mM—½¼¾",
    92: "W%",
}
_WIDTH: Final = {char: width for width, chars in _BY_WIDTH.items() for char in chars}
_UNKNOWN: Final = 60


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Estimate the width of a line of text in pixels, never much under the truth.

    Parameters
    ----------
    size
        Font size in pixels.
    bold
        Semi-bold letters are about 5 % wider.
    """
    total = 0
    for char in text:
        base = unicodedata.normalize("NFD", char)[0]
        total += _WIDTH.get(char, _WIDTH.get(base, _UNKNOWN))
    return total / 100 * size * (1.05 if bold else 1.0)


def wrap(text: str, width: float, size: float, lines: int = 2) -> list[str]:
    """Break a label into lines of about equal length; the last ends in « … » where text is left.

    Parameters
    ----------
    width
        Pixels that a line may take.
    size
        Font size in pixels.
    lines
        At most this many.
    """
    filled = _filled(text, width, size)
    if len(filled) > lines:
        rest = " ".join(filled[lines - 1 :])
        return [_shortened(line, width, size) for line in (*filled[: lines - 1], rest)]
    even = width
    while even > 0.5 * width and len(_filled(text, even - 6, size)) == len(filled):
        even -= 6
    return [_shortened(line, width, size) for line in _filled(text, even, size)]


def _filled(text: str, width: float, size: float) -> list[str]:
    """Fill lines greedily with whole words; what no-break spaces join stays on one line."""
    done: list[str] = []
    current = ""
    for word in re.split(r"[^\S\u00a0\u202f]+", text.strip()):
        longer = f"{current} {word}".strip()
        if current and text_width(longer, size) > width:
            done.append(current)
            current = word
        else:
            current = longer
    return [*done, current]


def _shortened(text: str, width: float, size: float) -> str:
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip(" ,;:.") + "…"
