"""The short form that teams share: "When …, I want to …, so that …", only from what was said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from embauche.identify.evidence import Evidence
from embauche.jobs import english_grammar as english
from embauche.jobs import french_grammar as french
from embauche.jobs import french_soundness
from embauche.jobs.clause import words_of
from embauche.jobs.job import Attachment
from embauche.jobs.statement import Wording, content_lemmas
from embauche.jobs.statement_grammar import starts_with_infinitive
from embauche.vocabulary import Facet, Language

_SITUATION: Final = {
    Language.FR: re.compile(
        r"\b(?:quand|lorsque|dès que|le jour où|chaque fois que|une fois que)(?= |')\s*"
        r"(?P<what>(?:je|j'|on|il|elle|ils|elles|le|la|les|l'|un|une|mon|ma|mes|ça"
        r"|c'est)[^.;:!?…,()«»]{8,80})",
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r"\b(?:whenever|when|once|as soon as|the day|every time|each time)\s+"
        r"(?P<what>(?:i|we|he|she|it|they|the|a|an|my|our|someone|people|there"
        r"|you)\b[^.;:!?…,()\"]{8,80})",
        re.IGNORECASE,
    ),
}

_RESULT: Final = {
    Language.FR: re.compile(
        r"\b(?P<cue>pour que|pour qu'|afin que|afin qu'|pour|afin de|afin d'|sans)\s*"
        r"(?P<what>[^.;:!?…,()«»]{8,80})",
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r"\b(?P<cue>so that|so|without|in order to)\s+(?P<what>[^.;:!?…,()\"]{8,80})", re.IGNORECASE
    ),
}

_RESULT_SUBJECT = re.compile(
    r"(?:i|we|you|it|they|he|she|the|my|our|nothing|everything|no|people|everyone)\b", re.IGNORECASE
)


_NEAR: Final = 0.35
"""Cosine with the job from which another participant's words may complete a story."""

_Finder = Callable[[str, Language], str | None]

_POINTS_ELSEWHERE: Final = {
    Language.FR: re.compile(
        r"^(?:pour que |pour qu'|sans qu'|sans que )?"
        r"(?:il(?! (?:n'y|y) a)|elle|ils|elles|c'|ce soit)(?!\w)"
        r"|\b(?:ça|cela|celui|celle|là|truc|machin)\b",
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r"^(?:so that |in order to |without )?(?:it|they|he|she|this|that)\b"
        r"|\b(?:this|that one|whole thing|it's)\b"
        r"|\b(?:is|was|are)$",
        re.IGNORECASE,
    ),
}


def _stands_alone(part: str, language: Language) -> bool:
    """Tell whether a part is one whole clause, understood without what was said before it."""
    words = re.sub(
        r"^(?:pour que |pour qu'|pour |afin de |afin d'|sans |so that |in order to |without )",
        "",
        part,
    )
    clause, whole = french.cut(words) if language is Language.FR else english.cut(words)
    return whole and clause == words and _POINTS_ELSEWHERE[language].search(part) is None


def _repeats(part: str, said: str, language: Language) -> bool:
    """Tell whether most of a part's words of substance were said already."""
    words, before = content_lemmas(part, language), content_lemmas(said, language)
    return not words or 2 * len(words & before) >= len(words)


_STANDING: Final = {
    Language.FR: re.compile(
        r"(?:^|[,;] )(?P<what>(?:il y a|il n'y a (?:pas|plus)|je suis (?:à|au|aux|en|sur|dans"
        r"|chez|seule?)"
        r"|on est (?:à|au|en|sur|dans|chez|\w+ (?:dans|pour|à))|je n'ai (?:pas"
        r"|plus|que)|j'ai (?:pas|peu|les))"
        r" [^.;:!?…,()«»]{4,60})",
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r"(?:^|[,;] )(?P<what>(?:there(?:'s| is| are) (?:no|only|never)|i'm (?:on|at|in|alone"
        r"|away|out)|i am (?:on|at|in)"
        r"|we're (?:on|at|in)|i don't have|i have (?:no|only|little)|i've (?:no"
        r"|only)) [^.;:!?…,()\"]{4,60})",
        re.IGNORECASE,
    ),
}
"""Standing circumstances that « quand … » can introduce: places, company, what is lacking."""


_PAST: Final = {
    Language.FR: re.compile(
        r"(?<!\w)(?:j'ai|on a|il a|elle a|ils ont|elles ont|est|sont|suis|m'est|m'a|s'est)"
        r"(?: \w+)? \w+(?:é|ée|és|ées|i|is|it|u|us|ue)\b|\w(?:ais|ait|aient|âmes|èrent)\b",
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r"\b(?:was|were|had|did|got|came|went|said|told|lost|broke|began|left|took|saw|found|made"
        r"|thought|knew|gave|bought|started|\w{2,}ed)\b",
        re.IGNORECASE,
    ),
}


_BIOGRAPHY: Final = re.compile(
    r"\byears?\b|\bIT\b|\bsupport\b|\bPhD\b|\bannée\b|\bans\b|\bdegree\b|\bno way around\b",
    re.IGNORECASE,
)
"""Who somebody is, rather than when the need arises."""


def _situation(quote: str, language: Language) -> str | None:
    cleaned = french.cleaned(quote) if language is Language.FR else english.cleaned(quote)
    for pattern in (_SITUATION[language], _STANDING[language]):
        match = pattern.search(cleaned)
        if match is not None and 3 <= len(words_of(match["what"])) <= 14:
            what = match["what"].strip()
            if _PAST[language].search(what) or _BIOGRAPHY.search(what):
                continue  # "when I lost it, I want to …": what is over is no standing situation
            if language is Language.EN:
                what = what[:1].lower() + what[1:]
                return re.sub(r"^i\b", "I", what)
            return what[:1].lower() + what[1:]
    return None


# « pas pour perdre … », « trop lent pour … », "not so that …"
_NOT_MEANT: Final = re.compile(
    r"\b(?:pas|plus|trop|assez|jamais|not|never|too)\b[^.,;]{0,20}$", re.IGNORECASE
)


def _result(quote: str, language: Language) -> str | None:
    """Return the outcome that an objective tells: in its own clause of purpose, or as a whole."""
    cleaned = french.cleaned(quote) if language is Language.FR else english.cleaned(quote)
    match = _RESULT[language].search(cleaned)
    if match is not None and _NOT_MEANT.search(cleaned[: match.start()]):
        match = None
    if match is not None and 3 <= len(words_of(match["what"])) <= 14:
        cue, what = match["cue"].lower(), match["what"].strip()
        made = _french_result(cue, what) if language is Language.FR else _english_result(cue, what)
        if made and _stands_alone(made, language):
            return made
    return _gain_fr(cleaned) if language is Language.FR else _gain_en(cleaned)


_GAIN_FR: Final = re.compile(
    r"(?:^|[,;:] |\bet |\bdonc )(?:je|j'|on|ça me fait|ça nous fait|ça me permet de"
    r"|ça m'évite de)\s*"
    r"(?P<no>n')?(?P<verb>[^\W\d_]+) (?P<rest>[^.;:!?…,()«»]{4,70})",
    re.IGNORECASE,
)

_GAINS_FR: Final = frozenset(
    """
    gagner économiser finir perdre dormir oublier éviter réduire garder passer dépenser terminer
    arriver rentrer vendre répondre rendre retrouver livrer partir savoir
    """.split()  # noqa: SIM905
)


def _gain_fr(text: str) -> str | None:
    """Read « afin de gagner une heure par semaine » from « je gagne une heure par semaine »."""
    for match in _GAIN_FR.finditer(text):
        verb = match["verb"].lower()
        base = verb if french.is_infinitive(verb) else french.infinitive_of(verb)
        rest = match["rest"].strip()
        if base not in _GAINS_FR or re.match(r"(?:pas|plus|rien|jamais)\b", rest):
            continue
        clause = french.neutral(f"{base} {rest}")
        if french_soundness.sound(clause):
            return f"afin {'d' + chr(39) if base[0] in 'aeéiou' else 'de '}{clause}"
    return None


_GAIN_EN: Final = re.compile(
    r"(?:^|[,;:] |\band |\bso )(?P<what>(?:i|we) (?:can|don't|no longer|save|saves|get|never"
    r"|spend|finish"
    r"|lose|know|sleep|make|do) (?!think|know (?:if|why)|mean|care|like"
    r"|mind)[^.;:!?…,()\"]{4,70})",
    re.IGNORECASE,
)


def _gain_en(text: str) -> str | None:
    """Read "so that I save an hour a week" from "I save an hour a week"."""
    for match in _GAIN_EN.finditer(text):
        what = re.sub(r"^we\b", "I", match["what"].strip(), flags=re.IGNORECASE)
        what = re.sub(r"\bour\b", "my", re.sub(r"\bus\b", "me", what))
        clause, whole = english.cut(what)
        if whole and clause == what and 4 <= len(words_of(what)) <= 14:
            return f"so that I{what[1:]}"
    return None


def _french_result(cue: str, what: str) -> str | None:
    if cue.startswith(("pour qu", "afin qu")):
        return f"{cue}{'' if cue.endswith(chr(39)) else ' '}{what}"
    first = re.sub(rf"^{french.CLITIC}", "", what, flags=re.IGNORECASE)
    if not first or not french.is_infinitive("".join(re.findall(r"^\w+", first))):
        return None
    if not french_soundness.sound(french.neutral(what)) or re.search(r"\bs'en\b", what):
        return None
    return f"sans {what}" if cue == "sans" else f"pour {what}"


def _english_result(cue: str, what: str) -> str | None:
    first = what.split(maxsplit=1)[0]
    fits = {
        "without": first.endswith("ing"),
        "in order to": english.is_base(first, cued=True),
    }.get(cue, bool(_RESULT_SUBJECT.match(what)))
    if re.search(r"\b(?:was|were|did|had|(?:has|have) \w+ed)\b", what, re.IGNORECASE):
        return None
    return f"{'so that' if cue == 'so' else cue} {what}" if fits else None


def tell_story(
    goals: Sequence[Evidence],
    attached: Sequence[Evidence],
    cells: Mapping[Facet, tuple[Attachment, ...]],
    wordings: Mapping[Language, Wording],
) -> dict[Language, str]:
    """Tell a job as a story, in each language where every part of it was said.

    The motivation is the job's statement. The situation comes from its triggers and contexts, the
    outcome from its objectives: those of the statement's speaker first, then those of the other
    participants who state the job, then the rest of the job's evidence, best first.

    Parameters
    ----------
    goals, attached
        Evidence of the job: its statements, and what was attached to it.
    cells
        The job's cells, best first.
    wordings
        The job's statements.

    Returns
    -------
    dict
        Language → story; a language is missing where a part was not said in it, or not in words
        that make one whole clause.
    """
    known = {item.id: item for item in (*goals, *attached)}
    stating = {item.participant for item in goals}

    def first(
        facets: Sequence[Facet], language: Language, find: _Finder, said: str, teller: str
    ) -> str | None:
        """Return the best part that does not repeat what the story already says."""
        ranked = [
            known[made.evidence]
            for facet in facets
            for made in cells.get(facet, ())
            if made.similarity >= _NEAR or known[made.evidence].participant == teller
        ]
        ranked.sort(key=lambda item: (item.participant != teller, item.participant not in stating))
        for item in ranked:
            part = find(item.quote, language) if item.language is language else None
            if part and _stands_alone(part, language) and not _repeats(part, said, language):
                return part
        return None

    stories: dict[Language, str] = {}
    for language, wording in wordings.items():
        opening = wording.text[:1].lower() + wording.text[1:]
        if wording.is_quote or not starts_with_infinitive(opening, language):
            continue
        teller = known[wording.source].participant
        situation = first(
            (Facet.TRIGGER, Facet.CONTEXT), language, _situation, wording.text, teller
        )
        if not situation:
            continue
        said = f"{wording.text} {situation}"
        result = first((Facet.OBJECTIVE,), language, _result, said, teller)
        if not result:
            continue
        if language is Language.FR:
            wish, outcome = _first_person_fr(opening), _first_person_fr(result)
            stories[language] = f"Quand {situation}, je veux {wish}, {outcome}."
        else:
            stories[language] = (
                f"When {situation}, I want to {_first_person_en(opening)}, {result}."
            )
    return stories


def _first_person_fr(clause: str) -> str:
    """Say a neutral clause in the first person again, for the story is told by the participant."""
    for neutral_form, mine in (("ses", "mes"), ("son", "mon"), ("sa", "ma")):
        clause = re.sub(rf"\b{neutral_form}\b", mine, clause)
    clause = re.sub(r"\bse (?=\w+(?:er|ir|re)\b)", "me ", clause)
    return re.sub(r"\bs'(?=\w+(?:er|ir|re)\b)", "m'", clause)


def _first_person_en(clause: str) -> str:
    clause = re.sub(r"\byourself\b", "myself", clause)
    clause = re.sub(r"\byour\b", "my", clause)
    clause = re.sub(r"\byou're\b", "I'm", clause)
    clause = re.sub(
        r"\b(round|around|to|for|with|of|at|on|from|about|before|after|tells?|told|gives?"
        r"|asks?|helps?"
        r"|costs?|lets?|makes?|shows?|beats?|concern) you\b",
        r"\1 me",
        clause,
    )
    return re.sub(r"\byou\b(?= \w)", "I", clause)
