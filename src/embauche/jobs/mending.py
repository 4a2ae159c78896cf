"""A wording that mends a fault of a job's statement, where one can be told from its own words.

The linter says what is wrong; here its words are put right as far as they allow. What they do not
allow (what « outil » was wanted for, when nobody says it) is left to the person: a mend is a
proposal with the person's words and nothing invented, and ``…`` stands where words are missing.
"""

from __future__ import annotations

import re
from typing import Final

from embauche.jobs.clause import capitalised
from embauche.jobs.foreign_words import METRICS, SOLUTIONS, product_pattern
from embauche.notices import Notice
from embauche.vocabulary import Language

_PURPOSE: Final = {
    Language.FR: re.compile(r"\b(?:pour|afin de|afin d'|qui permette? de)\s*(?=\w)", re.IGNORECASE),
    Language.EN: re.compile(r"\b(?:in order to|so as to|to|that lets me)\s+(?=\w)", re.IGNORECASE),
}
_WITH: Final = {
    Language.FR: (
        r"[\s,]+(?:avec|dans|sur|via|par|grâce (?:à|au|aux)|depuis|au moyen de|à l'aide de)\s+"
        r"(?:(?:un|une|des|du|de la|le|la|les|mon|ma|mes|notre|nos|cet|cette|ce)\s+|l'|d')?"
    ),
    Language.EN: (
        r"[\s,]+(?:with|in|on|via|by|through|using|from)\s+"
        r"(?:(?:an?|the|my|our|this|that|some)\s+)?"
    ),
}
_BREAK: Final = {
    Language.FR: re.compile(r",|\s(?=(?:pour|afin|quand|lorsque|parce|puisque|car|mais)\b)"),
    Language.EN: re.compile(r",|\s(?=(?:so that|when|because|since|but|in order)\b)"),
}
_NOT: Final = {
    Language.FR: re.compile(r"(?:ne (?:pas|plus|jamais)|sans)\s+", re.IGNORECASE),
    Language.EN: re.compile(r"(?:not|never|stop|without|no longer)\s+(?:to\s+)?", re.IGNORECASE),
}
_BE: Final = {
    Language.FR: re.compile(
        r"(?:être|paraître|sembler|passer pour|avoir l'air)\s+(?:d'être\s+)?", re.IGNORECASE
    ),
    Language.EN: re.compile(r"(?:to\s+)?(?:be|look|seem|appear|come across as)\s+", re.IGNORECASE),
}
_FEEL: Final = {Language.FR: ("Se sentir", "Éviter de"), Language.EN: ("Feel", "Avoid")}
_SEEN: Final = {
    Language.FR: ("Être perçu comme", "Éviter d'être perçu comme"),
    Language.EN: ("Be seen as", "Avoid being seen as"),
}
_MOST_WORDS: Final = 14


def mended(  # noqa: PLR0911 (one kind of fault a line)
    text: str, fault: Notice, language: Language, *, product: str = ""
) -> str | None:
    """Propose a wording without one fault.

    Parameters
    ----------
    text
        The statement.
    fault
        One of the notices of `lint_statement`.
    language
        In which language it is.
    product
        The product's name.

    Returns
    -------
    str or None
        ``None`` where the statement's own words hold nothing to go by.
    """
    text = " ".join(text.replace("’", "'").split())
    kind = fault.code.rpartition(".")[2]
    if kind == "no_infinitive":
        return _tidy(f"{fault.params['mend']} {text.partition(' ')[2]}")
    if kind == "two_jobs":
        return _tidy(str(fault.params["mend"]))
    if kind == "no_object":
        return f"{capitalised(text)} …"
    if kind == "metric":
        return _changed(text, METRICS[language].sub(" ", text))
    if kind == "solution":
        return _without(text, SOLUTIONS[language], language)
    if kind == "brand":
        named = product_pattern(product)
        return _without(text, named, language) if named else None
    if kind == "too_long":
        return _shortened(text, language)
    if kind == "emotional_form":
        return _formed(text, language, *_FEEL[language])
    if kind == "social_form":
        return _formed(text, language, *_SEEN[language])
    return None


def _tidy(text: str) -> str:
    return capitalised(re.sub(r"\s+", " ", text).strip(" ,;:.")) if text.strip(" ,;:.") else ""


def _changed(text: str, new: str) -> str | None:
    made = _tidy(new)
    return made if len(made.split()) >= 2 and made.casefold() != text.casefold() else None


def _without(text: str, named: re.Pattern[str], language: Language) -> str | None:
    """Leave « avec une application » out, or keep what the solution is said to be for."""
    beside = re.compile(f"{_WITH[language]}(?:\\w+\\s+)?{_pattern(named)}", re.IGNORECASE)
    rest = _tidy(beside.sub("", text))
    if len(rest.split()) >= 2 and not named.search(rest):
        return rest
    found = named.search(text)
    purpose = _PURPOSE[language].search(text, found.end()) if found else None
    return _changed(text, text[purpose.end() :]) if purpose else None


def _pattern(named: re.Pattern[str]) -> str:
    return f"(?:{named.pattern})"


def _shortened(text: str, language: Language) -> str | None:
    """Cut at the last break that leaves fourteen words or fewer."""
    cuts = [text[: match.start()] for match in _BREAK[language].finditer(text)]
    short = [cut for cut in cuts if 3 <= len(cut.split()) <= _MOST_WORDS]
    return _changed(text, max(short, key=len)) if short else None


def _formed(text: str, language: Language, wish: str, avoid: str) -> str:
    """Put the words after the beginning that the type asks for."""
    denied = _NOT[language].match(text)
    rest = text[denied.end() :] if denied else text
    state = _BE[language].match(rest)
    beginning = avoid if denied else wish
    if state:
        words = rest[state.end() :]
        if denied and beginning in {"Éviter de", "Avoid"}:
            beginning = "Éviter de se sentir" if language is Language.FR else "Avoid feeling"
        return f"{beginning} {words}"
    if denied and beginning == "Éviter de":
        return (
            f"Éviter d'{rest}"
            if re.match(r"[aeéèêiouhy]", rest, re.IGNORECASE)
            else (f"Éviter de {rest}")
        )
    return f"{beginning} …"
