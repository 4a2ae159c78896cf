"""Identifiers that are told by their form: mail, phone, accounts, links, addresses, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from embauche.collect.role_words import fold
from embauche.vocabulary import Language

Found = tuple[str, int, int, str, bool]
"""Kind, start, end, what identifies the entity, and whether the form is unmistakable."""

_GAP: Final = "[ .\u00a0\u202f-]?"
_EMAIL: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|[\[(]at[\])]|\sarobase\s)\s?[\w-]{1,63}(?:\.[\w-]{1,63})+",
    re.IGNORECASE,
)
_LINK: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>\"«»]{2,500}"
    r"|(?<![\w@.])(?:[a-z0-9-]{2,40}\.){1,3}[a-z]{2,10}/[^\s<>\"«»]{1,500}",
    re.IGNORECASE,
)
_HANDLE: Final = re.compile(r"(?<![\w@.])@[A-Za-z_][\w.]{2,29}\b")
_IBAN: Final = re.compile(
    r"(?<!\w)[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){2,7}(?:[ \u00a0]?[A-Z0-9]{1,3})?(?!\w)"
)
_PHONES: Final = (
    # France, as written there and from abroad
    re.compile(
        rf"(?<![\w+])(?:(?:\+|00)33{_GAP}(?:\(0\){_GAP})?|0)[1-9]"
        rf"(?P<gap>{_GAP})\d{{2}}(?:(?P=gap)\d{{2}}){{3}}(?!\w)"
    ),
    # Any country, with its code
    re.compile(rf"(?<![\w+])(?:\+|00)[1-9]\d{{0,2}}(?:{_GAP}\(?\d{{1,5}}\)?){{2,6}}(?!\w)"),
    # North America
    re.compile(rf"(?<![\w+])(?:1{_GAP})?(?:\(\d{{3}}\)\s?|\d{{3}}[ .-])\d{{3}}[ .-]\d{{4}}(?!\w)"),
    # United Kingdom
    re.compile(r"(?<![\w+])(?:\(?0\d{2,4}\)?[ -]\d{3,4}[ -]?\d{3,4}|07\d{3}[ -]?\d{6})(?!\w)"),
)
_WAYS: Final = (
    r"rue|avenue|av\.?|boulevard|bd\.?|bld|place|chemin|impasse|allée|allee|quai|route|cours|square|"
    r"passage|faubourg|sentier|résidence|lotissement|esplanade|rond-point"
)
_STREET_FR: Final = re.compile(
    rf"(?<!\w)\d{{1,4}}(?:\s?(?:bis|ter|quater)\b)?,?\s+(?i:{_WAYS})\s+"
    r"(?:(?:de\s+la|de\s+l['’]|du|des|de|d['’]|l['’]|la|le|les|à|aux|en|sur|saint|sainte|st)\s?)*"
    r"[\w'’-]+(?:\s+(?:(?:de|du|des|la|le|et)\s+)?[A-ZÀ-Þ0-9][\w'’-]*){0,4}"
    r"(?:,?\s+(?:à\s+)?\d{5}(?:\s+[A-ZÀ-Þ][\w'’-]+(?:[ -][A-ZÀ-Þ][\w'’-]+){0,3})?)?"
)
_TYPES: Final = (
    r"Street|St\.?|Road|Rd\.?|Avenue|Ave\.?|Lane|Ln\.?|Drive|Dr\.?|Boulevard|Blvd\.?|Court|Ct\.?|Way|"
    r"Place|Square|Terrace|Close|Crescent|Gardens|Highway|Parkway"
)
_STREET_EN: Final = re.compile(
    rf"(?<!\w)\d{{1,5}}[A-Za-z]?,?\s+(?:[A-Z][\w'’.-]*\s+){{1,4}}(?:{_TYPES})(?!\w)"
    r"(?:,?\s+(?:apt|apartment|suite|unit|flat)\.?\s*#?\w{1,6})?"
    r"(?:,\s+[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+){0,2})?(?:,?\s+[A-Z]{2}\s+\d{5}(?:-\d{4})?)?"
)
_POSTCODE_UK: Final = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}(?!\w)")
_POSTCODE_FR: Final = re.compile(
    r"(?<![\w.,])(?:0[1-9]|[1-8]\d|9[0-8])\d{3}\s+(?!Euros?\b|EUR\b|Dollars?\b)"
    r"[A-ZÀ-Þ][a-zà-ÿ'’-]+(?:[ -][A-ZÀ-Þ][a-zà-ÿ'’-]+){0,3}"
)
_NIR: Final = re.compile(
    r"(?<!\w)[12][ ]?\d{2}[ ]?(?:0[1-9]|1[0-2]|[2-9]\d)[ ]?(?:\d{2}|2[AB])[ ]?\d{3}[ ]?\d{3}"
    r"(?:[ ]?\d{2})?(?!\w)"
)
_LONG: Final = re.compile(r"(?<![\w.,+])\d(?:[ -]?\d){12,18}(?!\w|[.,]\d)")
_NATIONAL: Final = re.compile(
    r"(?<!\w)(?:\d{3}-\d{2}-\d{4}|[A-CEGHJ-PR-TW-Z]{2}[ ]?\d{2}[ ]?\d{2}[ ]?\d{2}[ ]?[A-D])(?!\w)"
)


def find_numbers(text: str, language: Language) -> list[Found]:
    """Find identifiers by their form; earlier kinds win where two overlap."""
    found: list[Found] = []
    held: list[tuple[int, int]] = []
    for kind, start, end, key, sure in _all(text, language):
        if not any(a < end and start < b for a, b in held):
            held.append((start, end))
            found.append((kind, start, end, key, sure))
    return sorted(found, key=lambda item: item[1])


def _all(text: str, language: Language) -> Iterator[Found]:
    for match in _EMAIL.finditer(text):
        yield _whole("email", match)
    yield from _links(text)
    for match in _IBAN.finditer(text):
        bare = re.sub(r"\s", "", match[0])
        if 14 < len(bare) < 35 and sum(sign.isdigit() for sign in bare) >= 10:
            yield "iban", match.start(), match.end(), bare.casefold(), _checks(bare)
    yield from _numbers(text)
    yield from _phones(text)
    streets = (_STREET_FR, _STREET_EN) if language is Language.FR else (_STREET_EN, _STREET_FR)
    for pattern in (*streets, _POSTCODE_UK):
        for match in pattern.finditer(text):
            yield _whole("address", match)
    for match in _POSTCODE_FR.finditer(text):
        yield _whole("address", match, sure=False)


def _links(text: str) -> Iterator[Found]:
    for match in _LINK.finditer(text):
        words = match[0].rstrip(".,;:!?)]}'’…")
        if len(words) > 4:
            start = match.start()
            yield "link", start, start + len(words), fold(words).rstrip("/"), True
    for match in _HANDLE.finditer(text):
        yield _whole("link", match)


def _phones(text: str) -> Iterator[Found]:
    for pattern in _PHONES:
        for match in pattern.finditer(text):
            digits = re.sub(r"\D", "", match[0])
            if 8 <= len(digits) <= 15 and not _is_date(match[0]):
                yield "phone", match.start(), match.end(), _local(digits), True


def _numbers(text: str) -> Iterator[Found]:
    for match in _NIR.finditer(text):
        digits = re.sub(r"\s", "", match[0])
        yield "number", match.start(), match.end(), digits, len(digits) == 15
    for match in _LONG.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if _luhn(digits):
            yield "number", match.start(), match.end(), digits, True
    for match in _NATIONAL.finditer(text):
        yield _whole("number", match)


def _whole(kind: str, match: re.Match[str], *, sure: bool = True) -> Found:
    return kind, match.start(), match.end(), re.sub(r"\s+", "", fold(match[0])), sure


def _local(digits: str) -> str:
    """Return the digits by which a number is the same from home and from abroad (France)."""
    return re.sub(r"^(?:00)?33(?=[1-9]\d{8}$)", "0", digits)


def _checks(iban: str) -> bool:
    """Tell whether an IBAN's check digits are right (ISO 13616, modulo 97)."""
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def _luhn(digits: str) -> bool:
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_date(text: str) -> bool:
    return re.fullmatch(r"\d{1,2}[ .-]\d{1,2}[ .-](?:19|20)\d{2}.*", text) is not None
