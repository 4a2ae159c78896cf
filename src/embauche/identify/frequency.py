"""How often: occurrences per month that the words state, in French and in English."""

from __future__ import annotations

import re
from typing import Final

DAYS, WEEKS, WORKDAYS = 30.0, 4.35, 21.0
"""Days, weeks and working days of a month."""

_NUMBERS: Final = {
    **dict.fromkeys(("un", "une", "one", "once", "a", "an"), 1.0),
    **dict.fromkeys(("deux", "two", "twice", "couple"), 2.0),
    **dict.fromkeys(("trois", "three", "thrice"), 3.0),
    **dict.fromkeys(("quatre", "four"), 4.0),
    **dict.fromkeys(("cinq", "five"), 5.0),
    **dict.fromkeys(("six",), 6.0),
    **dict.fromkeys(("sept", "seven"), 7.0),
    **dict.fromkeys(("huit", "eight"), 8.0),
    **dict.fromkeys(("neuf", "nine"), 9.0),
    **dict.fromkeys(("dix", "ten"), 10.0),
    **dict.fromkeys(("douze", "twelve"), 12.0),
    **dict.fromkeys(("quinze", "fifteen"), 15.0),
    **dict.fromkeys(("vingt", "twenty"), 20.0),
}

_PER_MONTH: Final = {
    **dict.fromkeys(("heure", "hour"), DAYS * 8),
    **dict.fromkeys(
        ("jour", "matin", "soir", "nuit", "midi", "journée", "soirée", "matinée"), DAYS
    ),
    **dict.fromkeys(("day", "morning", "evening", "night", "afternoon", "lunchtime"), DAYS),
    **dict.fromkeys(("workday", "weekday"), WORKDAYS),
    **dict.fromkeys(("semaine", "week", "weekend", "week-end"), WEEKS),
    **dict.fromkeys(
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"), WEEKS
    ),
    **dict.fromkeys(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), WEEKS
    ),
    **dict.fromkeys(("mois", "month"), 1.0),
    **dict.fromkeys(("trimestre", "quarter"), 1 / 3),
    **dict.fromkeys(("an", "année", "year"), 1 / 12),
}

_UNIT: Final = (
    "(?P<unit>"
    + "|".join(sorted((re.escape(unit) for unit in _PER_MONTH), key=len, reverse=True))
    + r")(?:s|x)?\b"
)
_COUNT: Final = (
    r"\b(?P<n>\d+|"
    + "|".join(word for word in _NUMBERS if word not in {"a", "an", "couple"})
    + r")(?:\s*(?:-|–|à|ou|to|or)\s*(?P<m>\d+|"
    + "|".join(word for word in _NUMBERS if word not in {"a", "an", "couple"})
    + r"))?"
)
_FLAGS: Final = re.IGNORECASE

_NEVER: Final = re.compile(
    r"^\W*(?:jamais|never)\W*$"
    r"|\bje (?:ne |n['’])?(?:[\w'’]+ ){0,3}jamais\b|\bI(?:'ve|’ve| have)? never\b",
    _FLAGS,
)
_TIMES: Final = re.compile(
    rf"{_COUNT}\s*(?:fois|times)?\s*(?:par|/|a|an|per|each|every|tous les|toutes les|chaque)\s+"
    rf"{_UNIT}",
    _FLAGS,
)
_EVERY_N: Final = re.compile(
    rf"\b(?:tous les|toutes les|every)\s+{_COUNT}\s+{_UNIT}",
    _FLAGS,
)
_EVERY_OTHER: Final = re.compile(
    rf"\bevery (?:other|second)\s+{_UNIT}|\b(?:un|une) (?P<fr>jour|semaine|mois|an) sur deux\b",
    _FLAGS,
)
_EVERY: Final = re.compile(
    rf"\b(?:tous les|toutes les|chaque|every(?: single)?|each)\s+{_UNIT}", _FLAGS
)
_PLAIN: Final = (
    (re.compile(r"\b(?:quotidien(?:ne)?(?:ment)?s?|daily|everyday)\b", _FLAGS), DAYS),
    (re.compile(r"\b(?:hebdomadaire(?:ment)?s?|weekly)\b", _FLAGS), WEEKS),
    (re.compile(r"\b(?:mensuel(?:le)?(?:ment)?s?|monthly)\b", _FLAGS), 1.0),
    (re.compile(r"\b(?:trimestriel(?:le)?(?:ment)?s?|quarterly)\b", _FLAGS), 1 / 3),
    (re.compile(r"\b(?:annuel(?:le)?(?:ment)?s?|yearly|annually)\b", _FLAGS), 1 / 12),
    (re.compile(r"\bon (?:mon|tues|wednes|thurs|fri|satur|sun)days\b", _FLAGS), WEEKS),
)


def frequency_per_month(text: str) -> float | None:
    """Return the occurrences per month that a text states, or ``None`` where it states none.

    Parameters
    ----------
    text
        A sentence. A range ("3-4 times a week") counts as its middle; the first statement that
        is found, in the order count per unit, every so many, every, adverb, is taken.

    Notes
    -----
    A month has 30 days, 4.35 weeks, 21 working days. "Never" is 0 only where the speaker says it
    of what they themselves do.
    """
    for pattern in (_EVERY_OTHER, _EVERY_N, _TIMES):
        if found := pattern.search(text):
            unit = _PER_MONTH[(found["unit"] or found.group("fr")).lower()]
            if pattern is _EVERY_OTHER:
                return unit / 2
            count = _mean(found["n"], found["m"])
            if count:
                return unit / count if pattern is _EVERY_N else unit * count
    if found := _EVERY.search(text):
        return _PER_MONTH[found["unit"].lower()]
    for pattern, value in _PLAIN:
        if pattern.search(text):
            return value
    return 0.0 if _NEVER.search(text) else None


def _mean(first: str, second: str | None) -> float:
    numbers = [_number(word) for word in (first, second) if word]
    return sum(numbers) / len(numbers)


def _number(word: str) -> float:
    return float(word) if word.isdigit() else _NUMBERS[word.lower()]
