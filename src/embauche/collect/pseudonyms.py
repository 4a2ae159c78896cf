"""Who and what could be recognised in a text: names, mail, phone, accounts, links, addresses.

Rules and a short list of first names, no model: what is found is proposed to a person, with the
reason, and what is doubtful says so. A token such as ``[Personne 1]`` takes the place of all that
stands for the same entity; `replaced` tells where every other character went.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from embauche.collect.identifier_numbers import find_numbers
from embauche.collect.person_names import NameHit, find_names, name_key
from embauche.collect.role_words import fold
from embauche.vocabulary import Language


class IdentifierKind(StrEnum):
    """What kind of thing could be recognised."""

    PERSON = "person"
    EMAIL = "email"
    PHONE = "phone"
    IBAN = "iban"
    LINK = "link"
    ADDRESS = "address"
    NUMBER = "number"


_WORDS: Final[Mapping[IdentifierKind, tuple[str, str]]] = {
    IdentifierKind.PERSON: ("Personne", "Person"),
    IdentifierKind.EMAIL: ("E-mail", "E-mail"),
    IdentifierKind.PHONE: ("Téléphone", "Phone"),
    IdentifierKind.IBAN: ("IBAN", "IBAN"),
    IdentifierKind.LINK: ("Lien", "Link"),
    IdentifierKind.ADDRESS: ("Adresse", "Address"),
    IdentifierKind.NUMBER: ("Numéro", "Number"),
}
_TOKEN: Final = re.compile(
    r"\[(" + "|".join(sorted({w for pair in _WORDS.values() for w in pair})) + r") (\d+)\]"
)


@dataclass(frozen=True, slots=True)
class Identifier:
    """Something by which a person could be recognised.

    Attributes
    ----------
    kind
        What it is.
    start, end
        Span in code points.
    text
        The words.
    entity
        The same for all that stands for the same entity (``"person marie dupont"``).
    reason
        Code of why (``label``, ``introduced``, ``title``, ``address``, ``first_name``, ``told``,
        ``again``, ``added``, ``form``); the sentence is ``pseudonyms.reason.<reason>``.
    sure
        False where the rule is often wrong: a person must say.
    """

    kind: IdentifierKind
    start: int
    end: int
    text: str
    entity: str
    reason: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Moves:
    """Where the characters of a text went when pieces of it were replaced.

    Attributes
    ----------
    pieces
        (start, end, new start, new end) of every replaced piece, in order.
    """

    pieces: tuple[tuple[int, int, int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the new place of a span; one that cuts into a piece takes the whole token."""
        return self._start(start), self._end(end)

    def _start(self, at: int) -> int:
        before = bisect.bisect_right(self.pieces, at, key=lambda piece: piece[0]) - 1
        if before < 0:
            return at
        _, end, new_start, new_end = self.pieces[before]
        return new_start if at < end else at - end + new_end

    def _end(self, at: int) -> int:
        before = bisect.bisect_left(self.pieces, at, key=lambda piece: piece[0]) - 1
        if before < 0:
            return at
        _, end, _, new_end = self.pieces[before]
        return new_end if at < end else at - end + new_end


def find_identifiers(
    text: str,
    language: Language,
    *,
    labels: Sequence[str] = (),
    names: Sequence[str] = (),
) -> tuple[Identifier, ...]:
    """Find what could identify people, in order and without overlap.

    Parameters
    ----------
    text
        The text.
    language
        Its language.
    labels
        Labels of speakers, as written; role words among them are no names.
    names
        Names and other words that a person added, or that were found elsewhere in the study.
    """
    hidden = [match.span() for match in _TOKEN.finditer(text)]
    found = [
        Identifier(IdentifierKind(kind), start, end, text[start:end], f"{kind} {key}", "form", sure)
        for kind, start, end, key, sure in find_numbers(text, language)
    ]
    taken = [*hidden, *((item.start, item.end) for item in found)]
    hits = find_names(text, language, labels=labels, names=names, taken=taken)
    found += [_person(text, hit) for hit in hits]
    return tuple(_apart(found, hidden))


def _person(text: str, hit: NameHit) -> Identifier:
    return Identifier(
        IdentifierKind.PERSON,
        hit.start,
        hit.end,
        text[hit.start : hit.end],
        f"{IdentifierKind.PERSON} {hit.key}",
        hit.reason,
        hit.sure,
    )


def _apart(found: Iterable[Identifier], hidden: Sequence[tuple[int, int]]) -> Iterator[Identifier]:
    end = 0
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        inside = any(a < item.end and item.start < b for a, b in hidden)
        if item.start >= end and not inside:
            end = item.end
            yield item


def entity_of(kind: IdentifierKind, text: str) -> str:
    """Return the entity that words stand for, as `find_identifiers` names it."""
    key = name_key(text) if kind is IdentifierKind.PERSON else re.sub(r"\s+", "", fold(text))
    return f"{kind} {key}"


def token(kind: IdentifierKind, number: int, language: Language) -> str:
    """Return the token of an entity: ``[Personne 1]``, ``[Person 1]``."""
    return f"[{_WORDS[kind][list(Language).index(language)]} {number}]"


def bare(mark: str) -> str:
    """Return a token without its brackets: what a speaker is called by."""
    return mark.strip("[]")


def numbers_in(texts: Iterable[str]) -> dict[IdentifierKind, int]:
    """Return the highest number that tokens of each kind have in some texts."""
    kinds = {word: kind for kind, words in _WORDS.items() for word in words}
    highest: dict[IdentifierKind, int] = {}
    for text in texts:
        for match in _TOKEN.finditer(text):
            kind = kinds[match[1]]
            highest[kind] = max(highest.get(kind, 0), int(match[2]))
    return highest


def replaced(text: str, pieces: Iterable[tuple[int, int, str]]) -> tuple[str, Moves]:
    """Put tokens in the place of pieces of a text.

    Parameters
    ----------
    text
        The text.
    pieces
        (start, end, token), in any order, without overlap.

    Returns
    -------
    text, moves
        The new text, and where everything else went.

    Raises
    ------
    ValueError
        If pieces overlap or lie outside the text.
    """
    ordered = sorted(pieces)
    if any(a[1] > b[0] for a, b in pairwise(ordered)) or any(
        not 0 <= start < end <= len(text) for start, end, _ in ordered
    ):
        msg = "pieces overlap or lie outside the text"
        raise ValueError(msg)
    parts: list[str] = []
    moves: list[tuple[int, int, int, int]] = []
    at = length = 0
    for start, end, mark in ordered:
        parts += [text[at:start], mark]
        length += start - at
        moves.append((start, end, length, length + len(mark)))
        length += len(mark)
        at = end
    return "".join([*parts, text[at:]]), Moves(tuple(moves))
