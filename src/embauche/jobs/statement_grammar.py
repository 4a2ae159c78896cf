"""The grammar of job statements, told yes or no: infinitives, forms of a type, second jobs."""

from __future__ import annotations

import re
from typing import Final

from embauche.jobs.english_grammar import is_base
from embauche.jobs.english_words import BARE_VERBS
from embauche.jobs.french_grammar import is_infinitive
from embauche.vocabulary import JobType, Language

_EMOTIONAL: Final = {
    Language.FR: re.compile(
        r"(?:se sentir|éviter (?:de |d'|le |la |les |l'|un |une |\w+))", re.IGNORECASE
    ),
    Language.EN: re.compile(r"(?:feel|avoid (?:feeling|\w+ing|\w+))\b", re.IGNORECASE),
}

_SOCIAL: Final = {
    Language.FR: re.compile(
        (
            r"(?:(?:éviter d')?être (?:perçu|vu|considéré|reconnu)(?:\(e\)|e)?s? comme"
            r"|montrer (?:que|qu'|à|aux?\b))"
        ),
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r"(?:(?:be|avoid being) (?:seen|perceived|recogni[sz]ed) as|show that)\b", re.IGNORECASE
    ),
}

_FEELING: Final = {
    Language.FR: re.compile(r"(?:éviter de )?se sentir\b", re.IGNORECASE),
    Language.EN: re.compile(r"(?:feel|avoid feeling)\b", re.IGNORECASE),
}
_IMAGE: Final = {
    Language.FR: re.compile(
        r"(?:éviter d')?être (?:perçu|vu|considéré|reconnu)(?:\(e\)|e)?s? comme\b", re.IGNORECASE
    ),
    Language.EN: re.compile(
        r"(?:be|avoid being) (?:seen|perceived|recogni[sz]ed) as\b", re.IGNORECASE
    ),
}

_PRONOUNS: Final = frozenset("i we you he she they it one someone people".split())  # noqa: SIM905


def in_form(text: str, job_type: JobType, language: Language) -> bool:
    """Tell whether a statement has the form that its type asks for; any other type is free."""
    if job_type is JobType.EMOTIONAL:
        return _EMOTIONAL[language].match(text) is not None
    if job_type is JobType.SOCIAL:
        return _SOCIAL[language].match(text) is not None
    return True


def says_feeling(text: str, language: Language) -> bool:
    """Tell whether a statement says how someone wants to feel, beyond doubt."""
    return _FEELING[language].match(text) is not None


def says_image(text: str, language: Language) -> bool:
    """Tell whether a statement says how someone wants to be seen, beyond doubt."""
    return _IMAGE[language].match(text) is not None


def starts_with_infinitive(text: str, language: Language) -> bool:
    """Tell whether a statement begins with an infinitive (a base form in English)."""
    if language is Language.FR:
        match = re.match(
            r"(?:(?:ne pas|ne plus|ne rien|se|y|en|mieux|bien) |s')*([^\W\d_]+)",
            text,
            re.IGNORECASE,
        )
        return bool(
            match and (is_infinitive(match.group(1)) or match.group(1).lower() in {"être", "avoir"})
        )
    match = re.match(r"(?:to |not )?([A-Za-z-]+)", text)
    return bool(
        match and match.group(1).lower() not in _PRONOUNS and is_base(match.group(1), cued=True)
    )


def second_job(text: str, language: Language) -> re.Match[str] | None:
    """Find where a second job begins (« … et envoyer … »): its verb is the first group."""
    pattern = (
        r"\s(?:et|ou)\s(?:de |d'|à |se |s'|les? |la |l')?([^\W\d_]+)"
        if language is Language.FR
        else r"\s(?:and|or)\s(?:to )?([a-z]+)(?=\s)"
    )
    for match in re.finditer(pattern, text, re.IGNORECASE):
        word = match.group(1).lower()
        if is_infinitive(word) if language is Language.FR else word in BARE_VERBS:
            return match
    return None
