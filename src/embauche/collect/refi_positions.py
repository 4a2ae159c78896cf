r"""Positions of other programs, counted their way, as code points of our text.

A text is stored once with ``\n`` line breaks. A `Ruler` holds, for one text and one way to count,
the other program's position of every code point; looking a position up is a binary search.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from embauche.collect.refi_model import Convention
from embauche.errors import ReadError

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_BREAK = re.compile(r"\r\n?|\n")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
OVERSHOOT = 2
"""How far a program may count beyond the end: the mark of the last paragraph, one unit or two."""


@dataclass(frozen=True, slots=True)
class RawText:
    r"""A text as it was stored.

    Attributes
    ----------
    text
        With ``\n`` line breaks and without byte order mark.
    breaks
        How many characters each line break was written with (1 or 2), in their order.
    marked
        Whether a byte order mark stood before it.
    """

    text: str
    breaks: npt.NDArray[np.int64]
    marked: bool = False


def raw_text(written: str, *, marked: bool = False) -> RawText:
    """Return a text with its line breaks unified and remembered."""
    if written.startswith("\ufeff"):
        written, marked = written[1:], True
    if "\r" not in written:
        breaks = np.ones(written.count("\n"), dtype=np.int64)
        return RawText(written, breaks, marked)
    lengths = [len(match[0]) for match in _BREAK.finditer(written)]
    return RawText(_BREAK.sub("\n", written), np.array(lengths, dtype=np.int64), marked)


def decode_text(data: bytes, file: str, member: str) -> RawText:
    """Decode a stored text: UTF-8, UTF-16 by its mark or its zero bytes, then cp1252.

    Raises
    ------
    ReadError
        If no encoding fits or what comes out is not text.
    """
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings = ["utf-16"]
    elif _looks_utf16(data, 1):
        encodings = ["utf-16-le"]
    elif _looks_utf16(data, 0):
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return raw_text(text, marked=encoding == "utf-16")
    raise ReadError("refi.not_text", file=file, member=member)


def _looks_utf16(data: bytes, zero: int) -> bool:
    """Say whether nearly every other byte is zero: UTF-16 of a European text without its mark."""
    if len(data) < 4 or len(data) % 2:
        return False
    sample = np.frombuffer(data[: 1 << 16][: len(data[: 1 << 16]) // 2 * 2], dtype=np.uint8)
    pairs = sample.reshape(-1, 2) == 0
    return bool(pairs[:, zero].mean() > 0.7 and pairs[:, 1 - zero].mean() < 0.05)


def counted_alike(raw: RawText, convention: Convention) -> Convention:
    """Return the plainest way that counts this text the same, begun from 0 and half-open."""
    unit, line_break = convention.unit, convention.line_break
    if raw.text.isascii() or (unit == "utf16" and not _ASTRAL.search(raw.text)):
        unit = "code_points"
    if line_break == "as_written" and len(set(raw.breaks.tolist())) == 1:
        line_break = "two" if raw.breaks[0] == 2 else "one"
    return Convention(unit, line_break if len(raw.breaks) else "one")


def positions_of(raw: RawText, convention: Convention) -> Ints:
    """Return where each code point begins, counted in units, and at last where the text ends."""
    unit, line_break = convention.unit, convention.line_break
    points = np.frombuffer(raw.text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    widths = np.ones(len(points), dtype=np.int64)
    if unit == "utf16":
        widths += points > 0xFFFF
    elif unit == "utf8":
        widths += points > 0x7F
        widths += points > 0x7FF
        widths += points > 0xFFFF
    if line_break != "as_written" or len(raw.breaks):
        at = np.flatnonzero(points == 10)
        wide = {"one": 1, "two": 2}.get(line_break)
        widths[at] = raw.breaks if wide is None else wide
    return np.concatenate(([0], np.cumsum(widths)))


class Ruler:
    """Another program's positions of every code point of a text.

    Parameters
    ----------
    raw
        The text as it was stored.
    convention
        How the program counts.
    positions
        What `positions_of` gives for them, where it is at hand.
    """

    def __init__(self, raw: RawText, convention: Convention, positions: Ints | None = None) -> None:
        self._inclusive = int(convention.inclusive)
        self._shift = convention.first + int(convention.mark)
        self._positions = positions_of(raw, convention) if positions is None else positions

    def to_text(
        self, starts: Ints, ends: Ints, *, beyond: int = 0
    ) -> tuple[Ints, Ints, Flags, Flags]:
        """Turn positions into half-open spans of the text.

        Parameters
        ----------
        beyond
            How far an end may lie beyond the text; it is then the end of the text.

        Returns
        -------
        starts, ends
            In code points; meaningless where a position lies outside.
        inside
            Both positions lie in the text, and the end not before the start.
        exact
            Neither position lies inside of a character or line break.
        """
        begin, begin_inside, begin_exact = self._find(starts - self._shift)
        last = ends - self._shift + self._inclusive
        over = (last > self._positions[-1]) & (last <= self._positions[-1] + beyond)
        end, end_inside, end_exact = self._find(np.where(over, self._positions[-1], last))
        inside = begin_inside & end_inside & (begin <= end)
        return begin, end, inside, begin_exact & end_exact

    def point(self, position: int) -> int | None:
        """Turn one position into a place of the text; ``None`` where it lies outside."""
        most = int(self._positions[-1])
        held = position - self._shift
        if not 0 <= held <= most + OVERSHOOT:
            return None
        return int(np.searchsorted(self._positions, min(held, most), side="right")) - 1

    def of_point(self, place: int) -> int:
        """Turn a place of the text into the program's position."""
        return int(self._positions[place]) + self._shift

    def _find(self, wanted: Ints) -> tuple[Ints, Flags, Flags]:
        inside = (wanted >= 0) & (wanted <= self._positions[-1])
        held = np.clip(wanted, 0, self._positions[-1])
        index = np.searchsorted(self._positions, held, side="right") - 1
        return index, inside, self._positions[index] == held

    def from_text(self, start: int, end: int) -> tuple[int, int]:
        """Turn a span of the text into the program's positions."""
        return (
            int(self._positions[start]) + self._shift,
            int(self._positions[end]) + self._shift - self._inclusive,
        )


def written_breaks(text: str, width: int) -> RawText:
    r"""Return the text as if each of its line breaks were written ``\n`` (1) or CR LF (2)."""
    return RawText(text, np.full(text.count("\n"), width, dtype=np.int64))


def character_classes(text: str) -> tuple[Flags, Flags]:
    """Return which characters belong to words (letters, digits, their marks) and which are space.

    Both have one place more than the text, for what stands after its end.
    """
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    table = np.zeros(int(points.max(initial=0)) + 1, dtype=np.int8)
    for character in set(text):
        table[ord(character)] = _kind(character)
    codes = table[points]
    codes = np.append(codes, np.int8(2))
    return codes == 1, codes == 2


def _kind(character: str) -> int:
    if character.isspace():
        return 2
    return int(character.isalnum() or unicodedata.category(character).startswith("M"))


def spans_of(pairs: Sequence[tuple[int, int]]) -> tuple[Ints, Ints]:
    """Return positions as two arrays; numbers beyond any text are held within 63 bits."""
    most = 2**62
    held = [[max(-most, min(most, value)) for value in pair] for pair in pairs]
    array = np.array(held, dtype=np.int64).reshape(-1, 2)
    return array[:, 0], array[:, 1]
