"""A wording that mends a fault of a job's statement, where one can be told from its own words.

The linter says what is wrong; here its words are put right as far as they allow. What they do not
allow (what « outil » was wanted for, when nobody says it) is left to the person, and the message
says what to do: a mend is a proposal with the person's words, whole, and nothing invented.
"""

from __future__ import annotations

import re
from typing import Final

from embauche.jobs import english, french
from embauche.jobs import english_grammar as english_words
from embauche.jobs import french_grammar as french_words
from embauche.jobs.clause import MOST_WORDS, capitalised
from embauche.jobs.english_words import BARE_VERBS
from embauche.jobs.foreign_words import BRANDS, SOLUTIONS, product_pattern
from embauche.jobs.mending_forms import felt, seen
from embauche.jobs.statement_grammar import second_job, starts_with_infinitive
from embauche.notices import Notice
from embauche.vocabulary import JobType, Language

_WISH: Final = {
    Language.FR: re.compile(
        r"(?:(?:je|j'|on|nous|il|elle) ?(?:veux|veut|voulons|voudrais|voudrait|aimerais|aimerait"
        r"|dois|doit|cherche à|ai besoin de?|a besoin de?|essaie de|souhaite|faut)|vouloir"
        r"|pouvoir|chercher à|essayer de|avoir besoin de?|réussir à|arriver à)"
        r" ?(?:pouvoir |d')?(?=\w)",
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r"(?:(?:i|we|he|she|they) (?:want|wants|need|needs|have|would like|try|am trying)"
        r"|i'd like|want|need|try|be able|to be able) to (?:be able to )?(?=\w)",
        re.IGNORECASE,
    ),
}
_SUBJECT: Final = {
    Language.FR: re.compile(r"(?:je |j'|on |nous |vous |il |elle |ils |elles )", re.IGNORECASE),
    Language.EN: re.compile(r"(?:i|we|you|he|she|they|one) ", re.IGNORECASE),
}
_DETERMINER: Final = {
    Language.FR: re.compile(
        r"(?:le|la|les|un|une|des|du|mon|ma|mes|ton|ta|tes|son|sa|ses|notre|nos|votre|vos|leurs?"
        r"|ces?|cette?)\s|l'",
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r"(?:the|an?|my|your|our|their|his|her|this|these|some)\s", re.IGNORECASE
    ),
}
_ANY_VERB: Final = {Language.FR: "Obtenir", Language.EN: "Get"}
_NOUN_ENDINGS: Final = re.compile(r"(?:ation|ement|age|tion|ment|ing|al|ance|ence|s|ed)$")
_OF: Final = {
    Language.FR: re.compile(r"(?:de la |de l'|de |du |des |d')", re.IGNORECASE),
    Language.EN: re.compile(r"of ", re.IGNORECASE),
}
_ARTICLE: Final = {"du ": "le ", "des ": "les ", "de la ": "la ", "de l'": "l'"}

# What a solution is said to be for: « … pour retrouver », "an app that lets me track".
_PURPOSE: Final = {
    Language.FR: re.compile(
        r"(?:\w+\s+){0,3}?(?:pour|afin de|afin d'|qui (?:(?:me|m'|nous|vous|lui) ?)?"
        r"(?:permette?|aide|sert|serve) (?:à|de|d')|de|d'|à)\s*(?=\w)",
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r"(?:\w+\s+){0,3}?(?:in order to|so as to|(?:that|which) (?:lets?|helps?) (?:me|us|you)"
        r"(?: to)?|(?:that|which) allows? (?:me|us|you) to|to|for)\s+(?=\w)",
        re.IGNORECASE,
    ),
}
_BETWEEN: Final = {
    Language.FR: r"avec|dans|sur|via|par|depuis|pour|pendant|avant|après|de|en|à|chez",
    Language.EN: r"with|in|on|via|by|through|using|from|for|during|before|after|of|to|at",
}
_WITH: Final = {
    Language.FR: (
        r"[\s,]+(?:avec|dans|sur|via|par|grâce (?:à|au|aux)|depuis|au moyen de|à l'aide de)\s+"
    ),
    Language.EN: r"[\s,]+(?:with|in|on|via|by|through|using|from)\s+",
}
# Where what is said of a solution ends: the circumstances that follow are the job's own.
_AFTER: Final = {
    Language.FR: (
        r"(?:,|$|\s(?=(?:pour|afin|avant|après|pendant|quand|lorsque|sans|chaque|dès|chez|en"
        r"|et|ou)\b))"
    ),
    Language.EN: (
        r"(?:,|$|\s(?=(?:to|before|after|while|when|without|every|each|at|during|so|for|and"
        r"|or)\b))"
    ),
}
_MEASURE: Final = {
    Language.FR: re.compile(
        r",?\s*(?:en|dans|sous)\s+(?:(?:moins|plus) (?:de |d')|au plus |environ )?\d+\s*[^\W\d]+"
        r"|\s+(?:\w+ fois |beaucoup |bien |encore |le )?plus"
        r" (?:vite|rapidement|facilement|souvent)\b"
        r"|\s+moins (?:souvent|cher)\b|\s+(?:avec |en )?moins (?:de temps|d'erreurs)\b"
        r"|\s+au (?:maximum|minimum)\b|\s+\d+ fois par \w+",
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r",?\s+(?:in|within)\s+(?:(?:under|less than|at most|about) )?\d+\s*[a-z]+"
        r"|\s+(?:\w+ times |much |even |far )?(?:faster|quicker|more (?:quickly|often|easily))\b"
        r"|\s+(?:with |in )?less (?:time|effort|often)\b|\s+twice as (?:fast|quickly)\b"
        r"|^more (?:quickly|easily|often)\s+|(?<=\ba )cheaper\s|\s+\d+ times an? \w+",
        re.IGNORECASE,
    ),
}
# « réduire le temps passé à classer … »: the job is what the time is spent on.
_SPENT_ON: Final = {
    Language.FR: re.compile(
        r"(?:minimiser|maximiser|réduire|diminuer|limiter)\b.*?\s(?:à|de|pour|d')\s*(?=\w)",
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r"(?:minimi[sz]e|maximi[sz]e|reduce|cut|limit)\b.*?\s(?:spent|of|on|to)\s+"
        r"(?:on |not )?(?=\w)",
        re.IGNORECASE,
    ),
}
_BREAK: Final = {
    Language.FR: re.compile(r",|\s(?=(?:pour|afin|quand|lorsque|parce|puisque|car|mais)\b)"),
    Language.EN: re.compile(r",|\s(?=(?:so that|when|because|since|but|in order)\b)"),
}
_LOOSER_BREAK: Final = {
    Language.FR: re.compile(r"\s(?=(?:qui|que|dont|où)\b|qu')"),
    Language.EN: re.compile(r"\s(?=(?:that|which|who|whose|where)\b)"),
}


def mended(  # noqa: PLR0911 (one kind of fault a line)
    text: str,
    fault: Notice,
    language: Language,
    *,
    product: str = "",
    job_type: JobType = JobType.FUNCTIONAL,
) -> str | None:
    """Propose a wording without one fault.

    Parameters
    ----------
    text
        The statement.
    fault
        One of the notices of `lint_statement`, which keeps only proposals that pass it.
    language
        In which language it is.
    product
        The product's name.
    job_type
        The type that the statement is of.

    Returns
    -------
    str or None
        ``None`` where the statement's own words hold nothing to go by.
    """
    text = " ".join(text.replace("’", "'").split())
    kind = fault.code.rpartition(".")[2]
    if kind == "quote":
        return _lifted(text, job_type, language)
    if kind == "no_infinitive":
        return _begun(text, language)
    if kind == "two_jobs":
        return _first_job(text, language)
    if kind == "metric":
        return _unmeasured(text, language)
    if kind == "solution":
        return _without(text, SOLUTIONS[language], language)
    if kind == "brand":
        named = product_pattern(product)
        held = named if named and named.search(text) else BRANDS
        return _without(text, held, language)
    if kind == "too_long":
        return _shortened(text, language)
    if kind == "emotional_form":
        return _changed(text, felt(_unwished(text, language), language))
    if kind == "social_form":
        return _changed(text, seen(_unwished(text, language), language))
    return None


def verb_to_begin_with(text: str, language: Language) -> str:
    """Return the verb that a statement could begin with: préparation → préparer, saved → save."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    return _verb_of(first, language) or _ANY_VERB[language]


def _verb_of(word: str, language: Language) -> str | None:
    word = word.lower()
    stem = _NOUN_ENDINGS.sub("", word)
    if language is Language.EN:
        of_word = (english_words.base_of(word) or word, english_words.lemma(word))
        options = [*of_word, stem, f"{stem}e", f"{stem}ate"]
        fitting = (option for option in options if option in BARE_VERBS)
    else:
        options = [french_words.lemma(word), f"{stem}er", f"{stem}ir"]
        fitting = (option for option in options if french_words.is_infinitive(option))
    found = next(fitting, None)
    return found.capitalize() if found else None


def _tidy(text: str) -> str:
    return capitalised(re.sub(r"\s+", " ", text).strip(" ,;:.")) if text.strip(" ,;:.") else ""


def _changed(text: str, new: str | None) -> str | None:
    made = _tidy(new or "")
    return made if len(made.split()) >= 2 and made.casefold() != text.casefold() else None


def _unwished(text: str, language: Language) -> str:
    """Leave « je veux » out of « je veux retrouver mes notes »."""
    return _WISH[language].sub("", text, count=1) if _WISH[language].match(text) else text


def _lifted(text: str, job_type: JobType, language: Language) -> str | None:
    """Lift the plainest clause that states an aim out of a quote."""
    said = text.strip(' «»“”"')
    clauses = french.clauses(said) if language is Language.FR else english.clauses(said)
    wanted = {JobType.EMOTIONAL: "feel", JobType.SOCIAL: "seen"}.get(job_type, "plain")
    fitting = (item for item in clauses if item.whole and item.cue > 0 and item.form == wanted)
    clause = next(fitting, None)
    return _tidy(clause.text) if clause else None


def _begun(text: str, language: Language) -> str | None:
    """Let the statement begin with a base form: of its wish, its verb, its noun, or "get"."""
    wish = _unwished(text, language)
    if wish != text:
        return _changed(text, wish) if starts_with_infinitive(wish, language) else None
    if _DETERMINER[language].match(text):
        return f"{_ANY_VERB[language]} {text[:1].lower()}{text[1:]}"
    subject = _SUBJECT[language].match(text)
    first, _, rest = (text[subject.end() :] if subject else text).partition(" ")
    verb = _verb_of(first, language)
    if verb is None or not rest:
        return None
    of = _OF[language].match(rest)
    if of:
        rest = _ARTICLE.get(of.group().lower(), "") + rest[of.end() :]
    return f"{verb} {rest}"


def _first_job(text: str, language: Language) -> str | None:
    """Keep the first of two jobs; « classer et retrouver ses notes » share their object."""
    joined = second_job(text, language)
    if joined is None:
        return None
    first = text[: joined.start()].rstrip(" ,")
    if len(first.split()) == 1:
        return _changed(text, f"{first} {text[joined.end() :].strip()}")
    clitic = r",\s+(?:de |d'|se |s'|les? |la |l'|to )?([^\W\d_]+)"
    for match in re.finditer(clitic, first, re.IGNORECASE):
        word = match.group(1).lower()
        if french_words.is_infinitive(word) if language is Language.FR else word in BARE_VERBS:
            first = first[: match.start()]
            break
    return _changed(text, first)


def _unmeasured(text: str, language: Language) -> str | None:
    """Leave a measure out, or name what the time is spent on; never half a measure."""
    spent = _SPENT_ON[language].match(text)
    if spent:
        rest = text[spent.end() :]
        first, _, object_ = rest.partition(" ")
        if language is Language.EN:
            first = english_words.base_of(first) or first
        made = f"{first} {object_}"
        return _changed(text, made) if starts_with_infinitive(made, language) else None
    return _changed(text, _MEASURE[language].sub(" ", text))


def _without(text: str, named: re.Pattern[str], language: Language) -> str | None:
    """Leave « avec une application » out, or keep what the solution is said to be for."""
    beside = re.compile(
        f"{_WITH[language]}(?:(?!(?:{_BETWEEN[language]})\\b)[\\w'’-]+[\\s'])"
        f"{{0,4}}?(?:(?<=')|(?<=\\s))(?:{named.pattern})(?P<of>.*?){_AFTER[language]}",
        re.IGNORECASE,
    )
    found = beside.search(text)
    if found:
        after = text[found.end() :].lstrip()
        # « avec Feuillet et son agenda »: the rest would hang on nothing.
        hangs = re.match(r"(?:et|ou|and|or)\b", after, re.IGNORECASE)
        rest = _tidy(f"{text[: found.start()]} {after}")
        if not hangs and len(rest.split()) >= 2 and not named.search(rest):
            return rest
    first = named.search(text)
    purpose = _PURPOSE[language].match(text[first.end() :].lstrip()) if first else None
    if first is None or purpose is None:
        return None
    rest = text[first.end() :].lstrip()[purpose.end() :]
    if language is Language.EN:
        verb, _, object_ = rest.partition(" ")
        rest = f"{english_words.base_of(verb) or verb} {object_}"
        fits = rest.split()[0].lower() in BARE_VERBS
    else:
        fits = starts_with_infinitive(rest, language)
    return _changed(text, rest) if fits else None


def _shortened(text: str, language: Language) -> str | None:
    """Cut at the last break that leaves as many words as the rule allows."""
    text = _unwished(text, language)
    for seams in (_BREAK[language], _LOOSER_BREAK[language]):
        cuts = [text[: match.start()] for match in seams.finditer(text)]
        short = [cut for cut in cuts if 3 <= len(cut.split()) <= MOST_WORDS]
        if short:
            return _changed(text, max(short, key=len))
    return _changed(text, text) if len(text.split()) <= MOST_WORDS else None
