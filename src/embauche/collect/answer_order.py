"""The order of answers given in words: ranges, frequencies, and the usual ladders of surveys."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Final

from embauche.collect.answer_ladders import LADDERS
from embauche.collect.role_words import fold

_NUMBER = r"[-+]?\d+(?:[ ,.\u202f\u00a0]\d{3})*(?:[.,]\d+)?"
_VALUE = re.compile(rf"({_NUMBER})\s*(k|m|mille|thousand|million)?(?![\w])", re.IGNORECASE)
_BELOW = re.compile(
    r"^(?:<=?|≤|less than|under|below|moins de|moins que|inferieur|up to|jusqu)", re.IGNORECASE
)
_ABOVE = re.compile(
    r"^(?:>=?|≥|more than|over|above|at least|plus de|plus que|superieur|au moins|from)|"
    r"(?:(?<=\d)\s?\+|or more|and over|and above|or older|and older|or over|et plus|ou plus|"
    r"and more)"
    r"\W*[^\W\d]*\W*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"(?<=\d)\s*(?:k|m|€|\$|£|%)?\s*(?:[-–—;]|to|a|et|and)\s*(?=[€$£]?\s*[-+]?\d)",
    re.IGNORECASE,
)
_UNITS: Final = {
    "day": 1, "days": 1, "jour": 1, "jours": 1, "week": 7, "weeks": 7, "semaine": 7,
    "semaines": 7, "month": 30.4, "months": 30.4, "mois": 30.4, "quarter": 91.3, "trimestre": 91.3,
    "year": 365.25, "years": 365.25, "an": 365.25, "ans": 365.25, "annee": 365.25,
    "hour": 1 / 24, "hours": 1 / 24, "heure": 1 / 24, "heures": 1 / 24,
    "daily": 1, "weekly": 7, "monthly": 30.4, "yearly": 365.25, "quotidien": 1,
    "hebdomadaire": 7, "mensuel": 30.4, "annuel": 365.25, "quotidiennement": 1,
}  # fmt: skip
_COUNTS: Final = {
    "once": 1.0, "une fois": 1.0, "one": 1.0, "un": 1.0, "une": 1.0, "twice": 2.0, "two": 2.0,
    "deux": 2.0, "three": 3.0, "trois": 3.0, "four": 4.0, "quatre": 4.0, "five": 5.0, "cinq": 5.0,
    "six": 6.0, "several": 3.0, "plusieurs": 3.0, "a few": 2.5, "quelques": 2.5,
}  # fmt: skip

DONT_KNOW: Final = frozenset(
    fold(word)
    for word in (
        "don't know", "dont know", "do not know", "dk", "no opinion", "no answer", "not applicable",
        "prefer not to say", "rather not say", "refused", "unsure", "ne sait pas", "nsp",
        "je ne sais pas", "sans opinion", "sans réponse", "non concerné", "non concerne",
        "ne se prononce pas", "refus", "ne souhaite pas répondre", "non applicable",
    )
)  # fmt: skip
"""Answers that stand outside any order."""


def order_answers(answers: Iterable[str]) -> tuple[tuple[str, ...], str] | None:
    """Return answers in their order with the code of the rule, or ``None`` without an order.

    Every answer must be understood by the same rule, and no two may stand on the same step;
    answers of `DONT_KNOW` must have been taken out before.

    Rules
    -----
    ``ladder``
        All are steps of one known ladder (never … always, strongly disagree … strongly agree).
    ``rate``
        All say how often (« une fois par semaine », "every three months").
    ``range``
        All are numbers or ranges ("$5 to $9", "(25,35]", « 65 ans et plus », "<30k").
    ``numbered``
        All hold one number in the same place ("1 – not at all", "I love it!+5", "Q3").
    """
    distinct = sorted({answer.strip() for answer in answers})
    if len(distinct) < 2:
        return None
    for code, keys in (
        ("ladder", _by_ladder(distinct)),
        ("rate", _all(_rate(answer) for answer in distinct)),
        ("range", _ranges(distinct)),
        ("numbered", _numbered(distinct)),
    ):
        if keys is not None and len(set(keys)) == len(distinct):
            pairs = sorted(zip(keys, distinct, strict=True))
            return tuple(answer for _, answer in pairs), code
    return None


def _all(keys: Iterable[float | None]) -> list[float] | None:
    found = list(keys)
    known = [key for key in found if key is not None]
    return known if len(known) == len(found) else None


def _by_ladder(answers: list[str]) -> list[float] | None:
    for ladder in LADDERS:
        steps = [
            next((float(i) for i, rung in enumerate(ladder) if fold(answer) in rung), None)
            for answer in answers
        ]
        found = _all(steps)
        if found is not None and len(set(found)) == len(answers):
            return found
    return None


def _rate(answer: str) -> float | None:
    """Return how many times a year an answer says, or ``None``."""
    text = fold(answer).replace("-", " ")
    if text in {"never", "jamais", "not at all", "0 times", "aucune fois", "0 fois"}:
        return 0.0
    unit = next((u for u in re.findall(r"[a-z]+", text) if u in _UNITS), None)
    if unit is None or not re.search(
        r"\b(?:once|twice|times?|fois|every|each|per|par|tous|toutes|chaque|daily|weekly|monthly|"
        r"yearly|quotidien\w*|hebdomadaire|mensuel|annuel)\b",
        text,
    ):
        return None
    if re.search(r"\bwithin\b|\blast\b|dernier", text):
        return None
    number = re.search(r"\d+(?:[.,]\d+)?", text)
    count = float(number[0].replace(",", ".")) if number else None
    words = [w for w in _COUNTS if re.search(rf"\b{w}\b", text)]
    if count is None and words:
        count = _COUNTS[max(words, key=len)]
    period = _UNITS[unit]
    if re.search(r"\b(?:every|each|chaque|tous|toutes)\b", text):
        times = 365.25 / (period * (count or 1.0))
    else:
        times = (count or 1.0) * 365.25 / period
    if re.search(r"\b(?:more|plus|over|at least|several)\b", text):
        times *= 1.01
    if re.search(r"\b(?:less|moins|under)\b", text):
        times *= 0.99
    return times


def _ranges(answers: list[str]) -> list[float] | None:
    bounds = [_range(answer) for answer in answers]
    if any(bound is None for bound in bounds):
        return None
    known = [bound for bound in bounds if bound is not None]
    if not any(low != high for low, high in known):
        return None
    order = sorted(set(known))
    if len(order) != len(answers):
        return None
    # A middle that rises with the bounds; open ends count as their only bound.
    keys = [_middle(low, high) for low, high in known]
    return keys if len(set(keys)) == len(keys) else None


def _middle(low: float, high: float) -> float:
    if math.isinf(low):
        return high - 1e-6 * max(1.0, abs(high))
    if math.isinf(high):
        return low + 1e-6 * max(1.0, abs(low))
    return (low + high) / 2


def _range(answer: str) -> tuple[float, float] | None:
    text = fold(answer.strip("[]() ")).replace("$", "").replace("€", "").replace("£", "")
    text = re.sub(r"\s+", " ", text).strip()
    if re.match(r"\s*[-–]\d", answer):
        text = f"-{text}"  # `fold` strips dashes
    within = re.match(
        r"(?:within the last|in the last|au cours des?|dans les?)\s*(?:(\d+)\s*)?(.*)", text
    )
    if within:
        unit = next((u for u in re.findall(r"[a-z]+", within[2]) if u in _UNITS), None)
        if unit:
            return -math.inf, float(within[1] or 1) * _UNITS[unit]
    interval = re.fullmatch(r"\s*[\[(\]]([^,;]+)[,;]([^,;]+)[\])\[]\s*", answer)
    parts = list(interval.groups()) if interval else _BETWEEN.split(text, maxsplit=1)
    values = [value for part in parts if (value := _value(part)) is not None]
    if not values or len(values) > 2:
        return None
    words = len(re.findall(r"[a-z]{2,}", _VALUE.sub("", text)))
    if words > 6:
        return None
    if len(values) == 2:
        low, high = values
        multiple = re.search(r"\d\s*(k|m)\b", parts[1])
        if multiple and not re.search(r"\d\s*(k|m)\b", parts[0]):
            low *= 1000.0 if multiple[1] == "k" else 1e6
        return (low, high) if low <= high else None
    return _open_range(answer, text, values[0], words)


def _open_range(answer: str, text: str, value: float, words: int) -> tuple[float, float] | None:
    if _BELOW.search(text):
        return -math.inf, value
    if _ABOVE.search(text) or answer.rstrip().endswith("+"):
        return value, math.inf
    return (value, value) if words <= 2 else None


def _value(text: str) -> float | None:
    match = _VALUE.search(text)
    if match is None:
        return None
    digits = re.sub(r"[ \u202f\u00a0]", "", match[1])
    digits = re.sub(r"[,.](?=\d{3}(?:\D|$))", "", digits).replace(",", ".")
    scale = {"k": 1e3, "mille": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6}
    return float(digits) * scale.get((match[2] or "").casefold(), 1.0)


def _numbered(answers: list[str]) -> list[float] | None:
    """Read one whole number from each: bare, at the beginning, or at the end."""
    found: list[float] = []
    prefixes: set[str] = set()
    for answer in answers:
        match = re.fullmatch(
            r"(?P<a>[-+]?\d{1,2})(?:\s*[-–—=:.)]?\s*\D*)?|(?P<p>\D*?)\s?\(?(?P<b>[-+]?\d{1,2})\)?",
            answer.strip(),
        )
        if match is None:
            return None
        found.append(float(match["a"] or match["b"]))
        prefixes.add(fold(match["p"] or ""))
    coded = len(prefixes) == 1 and "" not in prefixes
    if coded and not prefixes <= {
        "q",
        "t",
        "d",
        "quartile",
        "tertile",
        "decile",
        "niveau",
        "level",
    }:
        return None  # "P1", "P2": names of things, not steps
    numbers = sorted(found)
    return found if numbers[-1] - numbers[0] <= 3 * len(numbers) else None
