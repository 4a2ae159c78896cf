"""A readable statement for a job, made of a participant's own words.

The most central statement that holds a usable clause gives its words; where none does, the most
central short quote stands in, between quotation marks. Nothing is translated: a language has a
statement only where someone spoke it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from embauche.identify.evidence import Evidence
from embauche.jobs import english, french
from embauche.jobs.clause import Clause, capitalised, words_of
from embauche.vocabulary import Facet, JobType, Language

_IDEAL = range(4, 12)

_FORM_OF_TYPE = {JobType.EMOTIONAL: "feel", JobType.SOCIAL: "seen"}

_FIRST_PERSON = {
    Language.FR: re.compile(
        r"\b(?:je|j'|me|m'|moi|mon|ma|mes|nous|notre|tu|te)(?!\w)", re.IGNORECASE
    ),
    Language.EN: re.compile(r"\b(?:i|i'm|me|my|we|us|our)\b", re.IGNORECASE),
}

_POINTING = {
    Language.FR: re.compile(
        r"\b(?:ça|cela|ceci|celui|celle|ceux|celles|là|là-bas|ici|truc|trucs|machin|chose"
        r"|choses|il|elle|ils|elles|lui)(?!\w)"
        r"|(?:^|\s)(?:le|la|les|l'|y|en) ?\w+(?:er|ir|re)\b",
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r"\b(?:this|that|those|these|it|them|they|he|she|him|her|there|here|thing|things"
        r"|stuff|something|"
        r"anything|everything)\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A job's words in one language.

    Attributes
    ----------
    text
        The statement.
    source
        Id of the evidence that its words come from.
    is_quote
        True where it is a quote for want of a clause.
    """

    text: str
    source: str
    is_quote: bool


def clauses_of(quote: str, language: Language) -> tuple[Clause, ...]:
    """Return the clauses of a quote that could state a job, the plainest aim first."""
    return french.clauses(quote) if language is Language.FR else english.clauses(quote)


def _quality(
    clause: Clause, job_type: JobType, language: Language, avoid: re.Pattern[str] | None
) -> float:
    """How well a clause reads as the statement of a job of a type, whatever it is about."""
    score = 0.35 * clause.cue
    wanted = _FORM_OF_TYPE.get(job_type, "plain")
    if clause.form == wanted:
        score += 0.6 if wanted != "plain" else 0.15
    elif clause.form != "plain":
        score -= 0.4
    words = clause.words
    if words not in _IDEAL:
        score -= 0.06 * (4 - words if words < 4 else words - 11)
    if not clause.whole:
        score -= 0.15
    score -= 0.3 * len(_FIRST_PERSON[language].findall(clause.text))
    score -= 0.12 * len(_POINTING[language].findall(clause.text))
    if re.search(r"\d", clause.text):
        score -= 0.2
    if avoid is not None and avoid.search(clause.text):
        score -= 0.35
    return score


def product_pattern(product: str) -> re.Pattern[str] | None:
    """Return a pattern that finds a product's name in words, or nothing for no name."""
    names = [re.escape(name.strip()) for name in re.split(r"[,/()]", product) if name.strip()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", re.IGNORECASE) if names else None


def word_job(
    goals: Sequence[Evidence],
    centrality: Sequence[float],
    job_type: JobType,
    language: Language,
    *,
    product: str = "",
) -> Wording | None:
    """Find a job's words in one language.

    Parameters
    ----------
    goals
        The goal statements of the job.
    centrality
        Cosine of each with the job's centre.
    job_type
        What grammar the statement should have.
    language
        Only words of this language are used.
    product
        The product's name: a job does not name its solution.

    Returns
    -------
    Wording or None
        ``None`` where nobody stated the job in this language.
    """
    avoid = product_pattern(product)
    best: tuple[float, str, Wording] | None = None
    own = [
        (goal, near)
        for goal, near in zip(goals, centrality, strict=True)
        if goal.language is language
    ]
    for goal, near in own:
        for clause in clauses_of(goal.quote, language):
            score = near + _quality(clause, job_type, language, avoid)
            score += 0.1 * goal.confidence - (0.15 if goal.facet is Facet.OBJECTIVE else 0.0)
            wording = Wording(capitalised(clause.text), goal.id, is_quote=False)
            if best is None or (-score, goal.id, clause.text) < (-best[0], best[1], best[2].text):
                best = (score, goal.id, wording)
    if best is not None:
        return best[2]
    if not own:
        return None
    goal, _ = max(
        own,
        key=lambda pair: (pair[1] - 0.02 * max(0, len(words_of(pair[0].quote)) - 14), pair[0].id),
    )
    return Wording(quoted(goal.quote, language), goal.id, is_quote=True)


def quoted(quote: str, language: Language) -> str:
    """Return a quote between its language's marks, cut after 18 words."""
    words = quote.split()
    text = " ".join(words[:18]).rstrip(".,;: ") + (" …" if len(words) > 18 else "")
    return f"« {text} »" if language is Language.FR else f"“{text}”"
