"""The linter of job statements: the grammar of METHOD.md section 1, each fault with its mend."""

from __future__ import annotations

import re
from typing import Final

from embauche.jobs.english_grammar import base_of, is_base
from embauche.jobs.english_grammar import lemma as lemma_en
from embauche.jobs.english_words import BARE_VERBS
from embauche.jobs.foreign_words import METRICS, SOLUTIONS, product_pattern
from embauche.jobs.french_grammar import is_infinitive, lemma
from embauche.notices import Notice
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


def lint_statement(
    text: str, job_type: JobType, language: Language, *, product: str = ""
) -> tuple[Notice, ...]:
    """Check a job's statement against the grammar of its type.

    Parameters
    ----------
    text
        The statement.
    job_type, language
        What grammar, and in which language.
    product
        The product's name, which a job must not hold.

    Returns
    -------
    tuple of Notice
        Severity ``"weak"``; empty where the statement is well formed. Parameters hold what was
        found (``found``) and, where it can be told, a wording that mends it (``mend``).
    """
    text = text.strip().replace("’", "'")
    if not text:
        return (Notice("jobs.lint.empty", {}),)
    faults: list[Notice] = []
    if text[0] in '«“"':
        return (Notice("jobs.lint.quote", {}),)
    if job_type is JobType.EMOTIONAL:
        if not in_form(text, job_type, language):
            faults.append(Notice("jobs.lint.emotional_form", {"found": text}))
    elif job_type is JobType.SOCIAL:
        if not in_form(text, job_type, language):
            faults.append(Notice("jobs.lint.social_form", {"found": text}))
    elif job_type is JobType.FUNCTIONAL:
        faults.extend(_functional(text, language))
    faults.extend(_words(text, job_type, language, product))
    return tuple(faults)


def in_form(text: str, job_type: JobType, language: Language) -> bool:
    """Tell whether a statement has the form that its type asks for; any other type is free."""
    if job_type is JobType.EMOTIONAL:
        return _EMOTIONAL[language].match(text) is not None
    if job_type is JobType.SOCIAL:
        return _SOCIAL[language].match(text) is not None
    return True


def _functional(text: str, language: Language) -> list[Notice]:
    faults: list[Notice] = []
    if not starts_with_infinitive(text, language):
        first = text.split(maxsplit=1)[0]
        faults.append(
            Notice(
                "jobs.lint.no_infinitive", {"found": first, "mend": _infinitive(first, language)}
            )
        )
    elif len(text.split()) < 2:
        faults.append(Notice("jobs.lint.no_object", {"found": text}))
    metric = METRICS[language].search(text)
    if metric:
        faults.append(Notice("jobs.lint.metric", {"found": metric.group()}))
    joined = second_job(text, language)
    if joined is not None:
        faults.append(
            Notice(
                "jobs.lint.two_jobs",
                {"found": text[joined:].strip(), "mend": text[:joined].rstrip(" ,")},
            )
        )
    return faults


def _words(text: str, job_type: JobType, language: Language, product: str) -> list[Notice]:
    faults: list[Notice] = []
    named = product_pattern(product)
    brand = named.search(text) if named else None
    if brand:
        faults.append(Notice("jobs.lint.brand", {"found": brand.group()}))
    solution = SOLUTIONS[language].search(text)
    if solution and job_type is not JobType.RELATED and not brand:
        faults.append(Notice("jobs.lint.solution", {"found": solution.group()}))
    if job_type is not JobType.RELATED and len(text.split()) > 16:
        faults.append(Notice("jobs.lint.too_long", {"n": len(text.split())}))
    return faults


def starts_with_infinitive(text: str, language: Language) -> bool:
    """Tell whether a statement begins with an infinitive (a base form in English)."""
    if language is Language.FR:
        match = re.match(
            r"(?:(?:ne pas|ne plus|ne rien|se|s'|y|en|mieux|bien) ?)*([^\W\d_]+)",
            text,
            re.IGNORECASE,
        )
        return bool(
            match and (is_infinitive(match.group(1)) or match.group(1).lower() in {"être", "avoir"})
        )
    match = re.match(r"(?:to |not )?([A-Za-z-]+)", text)
    return bool(match and is_base(match.group(1), cued=True))


def second_job(text: str, language: Language) -> int | None:
    """Return where a second job begins (« … et envoyer … »), or nothing."""
    pattern = (
        r"\s(?:et|ou)\s(?:de |d'|à |se |s'|les? |la |l')?([^\W\d_]+)"
        if language is Language.FR
        else r"\s(?:and|or)\s(?:to )?([a-z]+)(?=\s)"
    )
    for match in re.finditer(pattern, text, re.IGNORECASE):
        word = match.group(1).lower()
        if language is Language.FR and is_infinitive(word):
            return match.start()
        if language is Language.EN and word in BARE_VERBS:
            return match.start()
    return None


_ANY_VERB: Final = {Language.FR: "obtenir", Language.EN: "get"}

_NOUN_ENDINGS: Final = re.compile(r"(?:ation|ement|age|tion|ment|ing|al|ance|ence|s|ed)$")


def _infinitive(word: str, language: Language) -> str:
    """Return the verb that a statement could begin with: préparation → préparer, saved → save."""
    word = word.lower()
    stem = _NOUN_ENDINGS.sub("", word)
    if language is Language.EN:
        options = [base_of(word) or word, lemma_en(word), stem, f"{stem}e", f"{stem}ate"]
        fitting = (option for option in options if option in BARE_VERBS)
    else:
        options = [lemma(word), f"{stem}er", f"{stem}ir"]
        fitting = (option for option in options if is_infinitive(option))
    return next(fitting, _ANY_VERB[language]).capitalize()
