"""The short form that teams share: "When …, I want to …, so that …", only from what was said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from embauche.identify.evidence import Evidence
from embauche.jobs import english_grammar as english
from embauche.jobs import french_grammar as french
from embauche.jobs.clause import words_of
from embauche.jobs.job import Attachment
from embauche.jobs.statement import Wording, content_lemmas
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


_Finder = Callable[[str, Language], str | None]

_POINTS_ELSEWHERE: Final = {
    Language.FR: re.compile(
        r"^(?:pour que |pour qu'|sans qu'|sans que )?(?:il|elle|ils|elles|c'|ce soit)(?!\w)"
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
    words = re.sub(r"^(?:pour que|pour qu'|pour|sans|so that|in order to|without) ?", "", part)
    clause, whole = french.cut(words) if language is Language.FR else english.cut(words)
    return whole and clause == words and _POINTS_ELSEWHERE[language].search(part) is None


def _repeats(part: str, said: str, language: Language) -> bool:
    """Tell whether most of a part's words of substance were said already."""
    words, before = content_lemmas(part, language), content_lemmas(said, language)
    return not words or 2 * len(words & before) >= len(words)


def _situation(quote: str, language: Language) -> str | None:
    cleaned = french.cleaned(quote) if language is Language.FR else english.cleaned(quote)
    match = _SITUATION[language].search(cleaned)
    if match is None or not 3 <= len(words_of(match["what"])) <= 14:
        return None
    return match["what"].strip()


def _result(quote: str, language: Language) -> str | None:
    cleaned = french.cleaned(quote) if language is Language.FR else english.cleaned(quote)
    match = _RESULT[language].search(cleaned)
    if match is None or not 3 <= len(words_of(match["what"])) <= 14:
        return None
    cue, what = match["cue"].lower(), match["what"].strip()
    return _french_result(cue, what) if language is Language.FR else _english_result(cue, what)


def _french_result(cue: str, what: str) -> str | None:
    if cue.startswith(("pour qu", "afin qu")):
        return f"{cue}{'' if cue.endswith(chr(39)) else ' '}{what}"
    first = re.sub(rf"^{french.CLITIC}", "", what, flags=re.IGNORECASE)
    if not first or not french.is_infinitive("".join(re.findall(r"^\w+", first))):
        return None
    return f"sans {what}" if cue == "sans" else f"pour {what}"


def _english_result(cue: str, what: str) -> str | None:
    first = what.split(maxsplit=1)[0]
    fits = {
        "without": first.endswith("ing"),
        "in order to": english.is_base(first, cued=True),
    }.get(cue, bool(_RESULT_SUBJECT.match(what)))
    return f"{'so that' if cue == 'so' else cue} {what}" if fits else None


def tell_story(
    goals: Sequence[Evidence],
    attached: Sequence[Evidence],
    cells: Mapping[Facet, tuple[Attachment, ...]],
    wordings: Mapping[Language, Wording],
) -> dict[Language, str]:
    """Tell a job as a story, in each language where every part of it was said.

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
        Language → story; a language is missing where one person did not say all three parts in
        it: a story patched together from several people would be nobody's.
    """
    known = {item.id: item for item in (*goals, *attached)}

    def first(
        facets: Sequence[Facet], language: Language, find: _Finder, said: str, teller: str
    ) -> str | None:
        """Return the teller's best part that does not repeat what the story already says."""
        for facet in facets:
            for made in cells.get(facet, ()):
                item = known[made.evidence]
                part = (
                    find(item.quote, language)
                    if (item.participant, item.language) == (teller, language)
                    else None
                )
                if part and _stands_alone(part, language) and not _repeats(part, said, language):
                    return part
        return None

    stories: dict[Language, str] = {}
    for language, wording in wordings.items():
        if wording.is_quote:
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
        motivation = wording.text[:1].lower() + wording.text[1:]
        if language is Language.FR:
            stories[language] = (
                f"Quand {situation}, je veux {_first_person_fr(motivation)}, {result}."
            )
        else:
            stories[language] = (
                f"When {situation}, I want to {_first_person_en(motivation)}, {result}."
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
    return re.sub(r"\byou\b(?= \w)", "I", clause)
