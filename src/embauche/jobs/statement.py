"""A readable statement for a job, made of a participant's own words.

The most central statement that holds a usable clause gives its words; where none does, the most
central short quote stands in, between quotation marks. Nothing is translated: a language has a
statement only where someone spoke it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import simplemma

from embauche.identify.evidence import Evidence
from embauche.jobs import (
    english,
    english_soundness,
    english_words,
    french,
    french_soundness,
    french_words,
)
from embauche.jobs.clause import Clause, capitalised, words_of
from embauche.jobs.foreign_words import METRICS, SOLUTIONS, product_pattern
from embauche.jobs.statement_grammar import in_form
from embauche.vocabulary import Facet, JobType, Language

_IDEAL = range(4, 12)

_FORM_OF_TYPE = {JobType.EMOTIONAL: "feel", JobType.SOCIAL: "seen"}

_IGNORED = {
    Language.FR: french_words.FUNCTION_WORDS | french_words.VAGUE_VERBS,
    Language.EN: english_words.FUNCTION_WORDS | english_words.VAGUE_VERBS,
}

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
        r"|(?:^|\s)(?:(?:le|la|les|y|en) |l')\w+(?:er|ir|re)\b",
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r"\b(?:this|that|those|these|it|them|they|he|she|him|her|there|here|thing|things"
        r"|stuff|something|"
        r"anything|everything)\b",
        re.IGNORECASE,
    ),
}


LEAST_QUALITY = 0.05
"""Below it a clause reads worse than a quote."""


class Typicality:
    """How much a clause's words are those that the participants of a job share.

    A lemma's weight is the share of the job's participants who use it, less that of one person
    alone: what a single speaker says is no sign of what the job is about.
    """

    def __init__(self, goals: Sequence[Evidence], language: Language) -> None:
        self.language = language
        people = {goal.participant for goal in goals}
        said = {
            (goal.participant, lemma)
            for goal in goals
            for lemma in content_lemmas(goal.quote, language)
        }
        counts = Counter(lemma for _, lemma in said)
        n = max(len(people), 2)
        self.weights = {lemma: (count - 1) / (n - 1) for lemma, count in counts.items()}

    def of(self, clause: str) -> float:
        """Return the mean weight of the clause's content words, 0 to 1."""
        lemmas = content_lemmas(clause, self.language)
        if not lemmas:
            return 0.0
        # Two content words at least are divided by, so that one frequent verb is not enough.
        return sum(self.weights.get(lemma, 0.0) for lemma in lemmas) / max(len(lemmas), 2)


def content_lemmas(text: str, language: Language) -> set[str]:
    """Return the lemmas of a text's words of substance."""
    ignored = _IGNORED[language]
    words = {word for word in re.findall(r"[^\W\d_]{3,}", text.lower()) if word not in ignored}
    return {str(simplemma.lemmatize(word, str(language))).lower() for word in words} - ignored


_PRONOUN_OBJECT = {
    Language.FR: re.compile(
        r"(?:éviter (?:de |d'))?(?:(?:le|la|les|lui|leur|y|en) |l')\w+(?:er|ir|re)\b", re.IGNORECASE
    ),
    Language.EN: re.compile(
        r"(?:avoid )?\w+ (?:it|this|that|them|you|her|him|one)\b(?! (?:way|kind|time|day))",
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


@lru_cache(maxsize=8192)
def clauses_of(quote: str, language: Language) -> tuple[Clause, ...]:
    """Return the clauses of a quote that could state a job, the plainest aim first."""
    return french.clauses(quote) if language is Language.FR else english.clauses(quote)


@lru_cache(maxsize=8192)
def _readable(clause: Clause, job_type: JobType, language: Language) -> Clause | None:
    """Return a clause, or the longest beginning of it, that can be read alone; else nothing.

    Precision comes first: a quote in its speaker's own words beats a statement that limps.
    """
    grammar = french_soundness if language is Language.FR else english_soundness
    for number, text in enumerate(grammar.shortened(clause.text)):
        if number == 0 and not clause.whole:
            continue  # it was cut off in its middle: only an earlier seam can end it
        if grammar.sound(text) and in_form(text, job_type, language):
            return replace(clause, text=text, whole=number == 0)
    return None


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
    if wanted not in {"plain", clause.form}:
        score -= 0.25
    words = clause.words
    if words not in _IDEAL:
        score -= 0.06 * (4 - words if words < 4 else words - 11)
    if not clause.whole:
        score -= 0.15
    score -= 0.3 * len(_FIRST_PERSON[language].findall(clause.text))
    score -= 0.12 * len(_POINTING[language].findall(clause.text))
    score -= 0.3 * bool(_PRONOUN_OBJECT[language].match(clause.text))
    score -= 0.5 * ("[" in clause.text)  # [REDACTED], [inaudible]
    score -= 0.15 * bool(METRICS[language].search(clause.text))
    score -= 0.3 * bool(SOLUTIONS[language].search(clause.text))
    if avoid is not None and avoid.search(clause.text):
        score -= 0.35
    return score


def word_job(
    goals: Sequence[Evidence],
    centrality: Sequence[float],
    job_type: JobType,
    language: Language,
    *,
    product: str = "",
    taken: Collection[str] = (),
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
    taken
        Statements of other jobs, case-folded: no two jobs have the same words.

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
    typical = Typicality([goal for goal, _ in own], language)
    for goal, near in own:
        for found in clauses_of(goal.quote, language):
            clause = _readable(found, job_type, language)
            if clause is None:
                continue
            form = _quality(clause, job_type, language, avoid)
            if form < LEAST_QUALITY:
                continue
            score = near + form + 1.2 * typical.of(clause.text)
            score += 0.6 * goal.surety - (0.15 if goal.facet is Facet.OBJECTIVE else 0.0)
            text = capitalised(clause.text)
            if text.casefold() in taken:
                continue
            if best is None or (-score, goal.id, text) < (-best[0], best[1], best[2].text):
                best = (score, goal.id, Wording(text, goal.id, is_quote=False))
    if best is not None:
        return best[2]
    if not own:
        return None
    goal = max(own, key=lambda pair: (_as_quote(pair[0], pair[1], typical, language), pair[0].id))[
        0
    ]
    return Wording(quoted(goal.quote, language), goal.id, is_quote=True)


def _as_quote(goal: Evidence, near: float, typical: Typicality, language: Language) -> float:
    """How well a quote names a job: central, neither a scrap nor a ramble, clear by itself."""
    words = len(words_of(goal.quote))
    length = 0.03 * max(0, words - 14) + 0.08 * max(0, 6 - words)
    unclear = 0.08 * len(_POINTING[language].findall(goal.quote))
    objective = 0.15 if goal.facet is Facet.OBJECTIVE else 0.0
    return near + 0.6 * goal.surety + typical.of(goal.quote) - length - unclear - objective


def quoted(quote: str, language: Language) -> str:
    """Return a quote between its language's marks, cut after 18 words."""
    words = quote.split()
    text = " ".join(words[:18]).rstrip(".,;: ") + (" …" if len(words) > 18 else "")
    return f"« {text} »" if language is Language.FR else f"“{text}”"
