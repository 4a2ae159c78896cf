"""The words of another program's text in our own: the same words, other code points.

Our texts are normalised once (composed letters, no invisible characters); theirs are kept as they
are. A `Alignment` turns positions of the one into positions of the other.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from embauche.collect.decoding import normalise

_INVISIBLE = frozenset("\ufeff\u200b\u200e\u200f\u2060")
_JAMO = range(0x1160, 0x1200)


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two texts of the same words.

    Attributes
    ----------
    theirs, ours
        The texts.
    """

    theirs: str
    ours: str
    _marks: tuple[int, ...] = ()
    _places: tuple[int, ...] = ()

    def to_ours(self, position: int) -> int:
        """Turn a position of their text into one of ours."""
        return _move(position, self._marks, self._places, len(self.ours))

    def to_theirs(self, position: int) -> int:
        """Turn a position of our text into one of theirs."""
        if not self._marks:
            return min(position, len(self.theirs))
        row = bisect_right(self._places, position) - 1
        # What is invisible in front of a character is left outside of the span.
        limit = self._marks[row + 1] if row + 1 < len(self._marks) else len(self.theirs)
        return min(self._marks[row] + position - self._places[row], limit)


def align(theirs: str) -> Alignment:
    """Normalise a text as our readers do, and keep where each character went."""
    ours = normalise(theirs)
    if ours == theirs:
        return Alignment(theirs, ours)
    marks, places, place, start = [0], [0], 0, 0
    for end in _clusters(theirs):
        cluster = theirs[start:end]
        whole = cluster if cluster.isascii() else normalise(cluster)
        place += len(whole)
        start = end
        if len(whole) != len(cluster):
            marks.append(end)
            places.append(place)
    if place != len(ours):  # letters that compose across what was taken for separate
        return _by_prefix(theirs, ours)
    return Alignment(theirs, ours, tuple(marks), tuple(places))


def _clusters(text: str) -> list[int]:
    """Return where each cluster ends: a character with all that may compose with it."""
    ends = [place for place, character in enumerate(text) if _begins(character)]
    return [*ends[1:], len(text)] if ends and ends[0] == 0 else [*ends, len(text)]


def _begins(character: str) -> bool:
    if character.isascii():
        return True
    return not (
        character in _INVISIBLE
        or unicodedata.category(character).startswith("M")
        or ord(character) in _JAMO
    )


def _by_prefix(theirs: str, ours: str) -> Alignment:
    """Align line by line: line breaks stand in both texts, and nothing composes across them."""
    marks, places = [0], [0]
    mark = place = 0
    for one, other in zip(theirs.split("\n"), ours.split("\n"), strict=False):
        mark, place = mark + len(one) + 1, place + len(other) + 1
        marks.append(min(mark, len(theirs)))
        places.append(min(place, len(ours)))
    return Alignment(theirs, ours, tuple(marks), tuple(places))


def _move(position: int, marks: tuple[int, ...], places: tuple[int, ...], most: int) -> int:
    if not marks:
        return min(position, most)
    row = bisect_right(marks, position) - 1
    limit = places[row + 1] if row + 1 < len(places) else most
    return min(places[row] + position - marks[row], limit)
