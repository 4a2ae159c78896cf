"""Wordings in the form that an emotional or a social job asks for, from a statement's own words."""

from __future__ import annotations

import re
from typing import Final

from embauche.jobs import english_grammar as english
from embauche.jobs import french_grammar as french
from embauche.vocabulary import Language

_NOT: Final = {
    Language.FR: re.compile(
        r"(?:ne (?:pas|plus|jamais)\s+|sans\s+|(?:arrêter|cesser) (?:de\s+|d'))", re.IGNORECASE
    ),
    Language.EN: re.compile(r"(?:not|never|stop|without|no longer)\s+(?:to\s+)?", re.IGNORECASE),
}
_BE: Final = {
    Language.FR: re.compile(
        r"(?:être|paraître|sembler|passer pour|avoir l'air|me sentir|nous sentir)\s+"
        r"(?:d'être\s+)?",
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r"(?:to\s+)?(?:be|being|feel|feeling|look(?: like)?|seem|appear|come across as)\s+",
        re.IGNORECASE,
    ),
}
_SEEN: Final = {
    Language.FR: re.compile(
        r"être (?P<how>(?:perçu|vu|considéré|reconnu)(?:\(e\)|e)?s?) comme\s+", re.IGNORECASE
    ),
    Language.EN: re.compile(
        r"(?:be|being) (?P<how>seen|perceived|recogni[sz]ed) as\s+", re.IGNORECASE
    ),
}
_OTHERS_SEE: Final = {
    Language.FR: re.compile(
        r"(?:qu'(?:on|ils|elles)|que (?:les gens|les autres|mes? \w+))\s+"
        r"(?:voit|voie|voient|sache|sachent|remarque|comprenne)\s+(?P<what>qu(?:e\s|').+)",
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r"(?:let|make|have)\s+(?:people|others|them|everyone|my \w+)\s+"
        r"(?:see|know|notice|understand)\s+that\s+(?P<what>.+)",
        re.IGNORECASE,
    ),
}
# The state that a noun of feeling names: « tranquillité » → « tranquille ».
_STATE: Final = {
    Language.FR: {
        "tranquillité": "tranquille",
        "tranquillité d'esprit": "tranquille",
        "sérénité": "serein",
        "calme": "calme",
        "confiance": "en confiance",
        "sécurité": "en sécurité",
        "fierté": "fier",
        "liberté": "libre",
        "soulagement": "soulagé",
    },
    Language.EN: {
        "peace of mind": "at peace",
        "confidence": "confident",
        "safety": "safe",
        "security": "secure",
        "calm": "calm",
        "pride": "proud",
        "relief": "relieved",
        "freedom": "free",
    },
}
_HAVING: Final = re.compile(
    r"(?:avoir |have |gain |get )?(?:de la |la |le |de l'|the )?", re.IGNORECASE
)
_SECOND: Final = {
    Language.FR: re.compile(
        r"\s(?:et|ou)\s(?:de |d'|me |m'|se |s')?(?P<verb>[^\W\d_]+)", re.IGNORECASE
    ),
    Language.EN: re.compile(r"\s(?:and|or)\s(?:to )?(?P<verb>[a-z]+)", re.IGNORECASE),
}


def felt(text: str, language: Language) -> str | None:
    """Say how the person wants to feel, where the words name a state or what is to be avoided."""
    denied = _NOT[language].match(text)
    rest = text[denied.end() :] if denied else text
    state = _BE[language].match(rest)
    if state:
        words = _one_state(rest[state.end() :], language)
        if language is Language.FR:
            return f"Éviter de se sentir {words}" if denied else f"Se sentir {words}"
        return f"Avoid feeling {words}" if denied else f"Feel {words}"
    if denied:
        return _avoiding(rest, language)
    noun = rest[(having.end() if (having := _HAVING.match(rest)) else 0) :].lower()
    named = _STATE[language].get(noun)
    if named is None:
        return None
    return f"Se sentir {named}" if language is Language.FR else f"Feel {named}"


def seen(text: str, language: Language) -> str | None:
    """Say how the person wants to be seen, where the words tell it."""
    others = _OTHERS_SEE[language].match(text)
    if others:
        if language is Language.FR:
            return f"Montrer {french.neutral(others['what'])}"
        return f"Show that {english.neutral(others['what'])}"
    denied = _NOT[language].match(text)
    rest = text[denied.end() :] if denied else text
    form = _SEEN[language].match(rest)
    state = form or _BE[language].match(rest)
    if state is None:
        return None
    words = rest[state.end() :]
    if language is Language.FR:
        how = form["how"] if form else "perçu"
        return f"{'Éviter d’être' if denied else 'Être'} {how} comme {words}".replace("’", "'")
    how = form["how"] if form else "seen"
    return f"{'Avoid being' if denied else 'Be'} {how} as {words}"


def _one_state(words: str, language: Language) -> str:
    """Leave « et dormir » out of « serein et dormir »: that is another job."""
    for match in _SECOND[language].finditer(words):
        verb = match["verb"].lower()
        if (
            french.is_infinitive(verb)
            if language is Language.FR
            else english.is_base(verb, cued=False)
        ):
            return words[: match.start()]
    return words


def _avoiding(rest: str, language: Language) -> str | None:
    """Return « éviter de stresser » for what follows « ne plus », if it is a verb."""
    if language is Language.FR:
        neutral = french.neutral(rest[:1].lower() + rest[1:])
        if not french.infinitive_at(neutral):
            return None
        return french.avoiding(neutral)
    verb, _, object_ = rest.partition(" ")
    if english.base_of(verb):
        return f"Avoid {english.neutral(rest)}"
    if not english.is_base(verb, cued=True):
        return None
    return f"Avoid {english.gerund_of(verb.lower())} {object_}".strip()
