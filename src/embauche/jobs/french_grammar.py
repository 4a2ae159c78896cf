"""French grammar for clauses: infinitives, the neutral person, and where a clause ends."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import simplemma

from embauche.jobs.clause import MOST_WORDS, without, without_stutter, words_of
from embauche.jobs.french_words import DANGLING, NOT_INFINITIVES

_FILLERS: Final = re.compile(
    r"\((?:rires?|silence|soupir|…|\.\.\.)\)|(?<![\w'])(?:euh+|heu+|hum+|hein|ben|bah"
    r"|beh|bon|quoi(?=[,.…]|$)|voilà"
    r"|tu vois|vous voyez|tu sais|vous savez|on va dire|je dirais|j'allais dire|disons"
    r"|en fait|du coup|en gros|genre|enfin|franchement|justement|effectivement|finalement"
    r"|un petit peu|un peu|quand même|vraiment|simplement|carrément|forcément|évidemment"
    r"|après(?=,)|donc|alors|aussi|également|notamment|par exemple|etc|surtout|juste"
    r"|moi(?=,)|tout simplement|en même temps|mine de rien|entre guillemets|j'imagine"
    r"|en tout cas|à la limite|au final|à ce moment-là|par contre|d'ailleurs|du moins"
    r"|malgré tout|bien sûr|on va dire"
    r"|comment dire|je sais pas|je ne sais pas|si vous voulez|si on veut)(?![\w'-])",
    re.IGNORECASE,
)


CLITIC: Final = (
    r"(?:(?:ne|pas|plus|jamais|rien|me|te|se|nous|vous|le|la|les|lui|leur|y|en|tout|bien|mieux"
    r"|vite|toujours|directement|rapidement|facilement|correctement)\s+|[nmtsl]')*"
)

_END: Final = re.compile(
    r"[.;:!?…()«»\n]|,|\s[-–—]\s|\s(?:mais|parce qu|car|donc|puisqu|alors qu|sauf qu"
    r"|et (?:je|j'|on|tu|vous|ça"
    r"|c'|il|elle|que|puis|là|après|du|qu'|donc|alors|en plus|pas|surtout|ils|elles"
    r"|nous|moi|lui|encore|voilà)"
    r"|ou (?:je|j'|on|ça|c'|il|elle|alors|bien)|c'est|ça|il y a|y a|quoi)(?=[\s'’]|$)"
    r"|\s(?:on \w+|j'ai|je (?:suis|me|m'|pense|crois|trouve))(?=\s)",
    re.IGNORECASE,
)

_INNER: Final = re.compile(
    r"(?<!\w)(?:que|qu'|qui|où|quand|lorsqu|si|dont|comme|comment|pourquoi|quel|quelle|quels|quelles)",
    re.IGNORECASE,
)


def _end_of(rest: str) -> re.Match[str] | None:
    """Find the clause's end; « on… », « je… » begin another one unless it is inside this one."""
    for match in _END.finditer(rest):
        subject = re.match(r"\s(?:on |j'|je )", match.group(), re.IGNORECASE)
        if not (subject and _INNER.search(rest[: match.start()])):
            return match
    return None


@cache
def is_infinitive(word: str) -> bool:
    """Tell whether a French word is an infinitive."""
    word = word.lower()
    if word in NOT_INFINITIVES or not re.fullmatch(
        r"[^\W\d_]{2,}(?:er|ir|re|ïr)|voir|dire|lire|rire", word
    ):
        return False
    if re.search(
        r"(?:ière|oire|ure|eure|aire|tre|dre|bre|gre|cre|ire|vre)$", word
    ) and not re.search(
        r"(?:ndre|rdre|oudre|ttre|aître|être|plaire|faire|taire|traire|lire|dire|rire"
        r"|écrire|inscrire"
        r"|crire|duire|truire|suivre|vivre|cuire|nuire|conclure|inclure|exclure|vaincre"
        r"|rompre|boire|croire)$",
        word,
    ):
        return False
    return bool(simplemma.is_known(word, lang="fr")) and simplemma.lemmatize(word, "fr") == word


_ON: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (r"\b(qu|lorsqu|puisqu)e (?=je |j')", r"\1'"),
        (r"\b(où|quand|comment|si|ce) (?=je |j')", r"\1 "),
        (r"\bj'ai\b", "on a"),
        (r"\bje suis\b", "on est"),
        (r"\bje vais\b", "on va"),
        (r"\bj'(\w+)", r"je \1"),
    )
)


def _third(verb: str) -> str:
    """Conjugate a first-person form as « on » wants it: dois → doit, peux → peut."""
    for ending, change in (
        ("ais", "ait"),
        ("rai", "ra"),
        ("ds", "d"),
        ("ts", "t"),
        ("cs", "c"),
        ("x", "t"),
        ("ai", "a"),
        ("s", "t"),
    ):
        if verb.endswith(ending):
            return verb[: -len(ending)] + change
    return verb


_SAID_TO = r"(?:demand|di[ts]|donn|racont|expliqu|répond|envo|propos|montr|laiss)"


def _own(pronouns: str) -> str:
    """« Je me demande » is « on se demande », and « on me demande » is not."""
    return pronouns.replace("me ", "se ").replace("m'", "s'")


def neutral(clause: str) -> str:
    """Make the first person neutral: « mes » → « ses », « ce que je note » → « ce qu'on note »."""
    text = clause.replace("’", "'")
    for pattern, replacement in _ON:
        text = pattern.sub(replacement, text)
    text = re.sub(
        r"\bje ((?:ne |n'|me |m'|le |la |les |l'|lui |y |en |nous )*)(\w+)",
        lambda m: f"on {_own(m.group(1))}{_third(m.group(2))}",
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(r"\b(qu|lorsqu|puisqu)e (?=on )", r"\1'", text)
    text = re.sub(
        r"(?<![\w-])(?:me|te|nous|vous) ((?:en |y )?)([^\W\d_]+)",
        lambda m: f"se {m.group(1)}{m.group(2)}" if is_infinitive(m.group(2)) else m.group(),
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(r"\b(?:m'|t')(?=\w)", "s'", text, flags=re.IGNORECASE)
    text = re.sub(rf"\bon me (?={_SAID_TO})", "on lui ", text)
    for mine, neutral_form in (
        ("mes", "ses"),
        ("mon", "son"),
        ("ma", "sa"),
        ("nos", "ses"),
        ("tes", "ses"),
        ("ton", "son"),
        ("ta", "sa"),
        ("vos", "ses"),
        ("moi-même", "soi-même"),
        ("moi", "soi"),
        ("nous-mêmes", "soi-même"),
        ("vous-même", "soi-même"),
        ("le mien", "le sien"),
        ("la mienne", "la sienne"),
    ):
        text = re.sub(rf"\b{mine}\b", neutral_form, text)
    text = re.sub(r"\bnotre (?=[aeiouyéèêâîôœh])", "son ", text)
    text = re.sub(
        r"\bnotre (?=\w+(?:tion|ée|té|ure|ence|ance|ette|ie|ise|tude|ière)\b)", "sa ", text
    )
    text = re.sub(r"\bnotre (?=\w+(?:age|ment|eau|oir|isme|ier|et|al|eur|on)\b)", "son ", text)
    # An infinitive's own pronoun agrees with nobody in particular.
    return re.sub(r"\bse (?=[aeiouyéèêâîôœ])", "s'", text)


def cleaned(text: str) -> str:
    """Drop hesitations and stutters of spoken French."""
    text = text.replace("’", "'").replace("\u202f", " ").replace("\u00a0", " ")
    return without_stutter(without(text, _FILLERS))


_SECOND_JOB: Final = re.compile(
    r"\s(?:et|ou|puis)\s(?:de |d'|à |pour )?" + CLITIC + r"([^\W\d_]+)", re.IGNORECASE
)

# Where an overlong clause may be cut, the cleanest seams first.
_SEAMS: Final = (
    re.compile(r"(?:quand|lorsqu\S*|sans|pour|afin|avec|si|comme|dont|où|qui|plutôt)$|qu'|que$"),
    re.compile(r"(?:dans|sur|par|chez|en|et|ou|à|au|aux|de|du|des|d'\S+)$"),
)


def cut(rest: str) -> tuple[str, bool]:
    """Cut at the clause's end, at 14 words at most, never on a function word.

    Returns
    -------
    tuple
        The clause, and whether it ends where its speaker ended it or at a clean seam.
    """
    end = _end_of(rest)
    text = rest[: end.start()] if end else rest
    for joined in _SECOND_JOB.finditer(text):
        # One job a statement: a second infinitive after « et » is another one.
        if is_infinitive(joined.group(1)):
            text = text[: joined.start()]
            break
    pieces = text.split()
    whole = True
    if len(words_of(text)) > MOST_WORDS:
        while len(words_of(" ".join(pieces))) > MOST_WORDS:
            pieces.pop()
        at = next(
            (
                back
                for seam in _SEAMS
                for back in range(len(pieces) - 1, 4, -1)
                if seam.match(pieces[back].lower())
            ),
            None,
        )
        whole = at is not None
        pieces = pieces[:at]
    while pieces and _dangles(pieces[-1]):
        pieces.pop()
        whole = False
    return " ".join(pieces).strip(" ,-–—"), whole


def _dangles(word: str) -> bool:
    return word.lower().strip(",") in DANGLING or word.endswith("'")


def lemma(word: str) -> str:
    """Return a French word's dictionary form."""
    return str(simplemma.lemmatize(word.lower(), "fr"))


def infinitive_of(verb: str) -> str | None:
    """Return the infinitive of a verb's form: note → noter, retrouve → retrouver."""
    verb = verb.lower()
    options = [lemma(verb), f"{verb}r" if verb.endswith("e") else verb]
    return next((option for option in options if option != verb and is_infinitive(option)), None)
