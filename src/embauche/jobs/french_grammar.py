"""French grammar for clauses: infinitives, the neutral person, and where a clause ends."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import simplemma

from embauche.jobs.clause import MOST_WORDS, without, without_stutter, words_of
from embauche.jobs.french_words import DANGLING, FUNCTION_WORDS, NOT_INFINITIVES

_FILLERS: Final = re.compile(
    r"\((?:rires?|silence|soupir|…|\.\.\.)\)|(?<![\w'])(?:euh+|heu+|hum+|hein|ben|bah"
    # « bon angle », « le moment après », « sur quoi », « chez moi » are no hesitations.
    r"|beh|(?:(?<=^)|(?<=[,.;] ))bon(?=[ ,])|bon(?=,)"
    r"|(?<!importe )(?<!sur )(?<!de )(?<!à )(?<!pour )(?<!par )(?<!savoir )"
    r"(?<!en )quoi(?=[,.…]|$)|voilà"
    r"|tu vois|vous voyez|tu sais|vous savez|vous comprenez|on va dire|je dirais|j'allais dire"
    r"|disons|en fait|du coup|en gros|(?<!ce )(?<!du )(?<!le )(?<!un )(?<!quel )genre(?! d)"
    r"|enfin|(?<!plus )(?<!moins )franchement|justement|effectivement|finalement"
    r"|un (?:petit )?peu(?! (?:de|plus|moins|partout)\b| d')|quand même|vraiment"
    r"|(?<!plus )simplement|carrément"
    r"|forcément|évidemment|après(?=,)|donc|alors(?! qu)|aussi(?! \w+ qu)|également|notamment"
    r"|par exemple|etc|surtout|juste(?= (?:pour|une?|des|envie|besoin|savoir|me|se|que"
    r"|histoire|de quoi)\b)"
    r"|(?<!chez )(?<!à )(?<!de )(?<!pour )(?<!avec )(?<!comme )(?<!sur )moi(?=,)"
    r"|tout (?:simplement|bonnement)|mine de rien|entre guillemets|j'imagine"
    r"|en tout cas|à la limite|au final|par contre|d'ailleurs|du moins|au fond"
    r"|malgré tout|bien sûr|comment dire|je sais pas|je ne sais pas|si vous voulez"
    r"|si on veut)(?![\w'-])",
    re.IGNORECASE,
)


CLITIC: Final = (
    r"(?:(?:ne|pas|plus|jamais|rien|me|te|se|nous|vous|le|la|les|lui|leur|y|en|tout|bien|mieux"
    r"|vite|toujours|directement|rapidement|facilement|correctement)\s+|[nmtsl]')*"
)

_END: Final = re.compile(
    r"[.;:!?…()\n]|,|\s[-–—]\s|\s(?:mais|parce qu|car|donc|puisqu|alors qu|sauf qu"
    r"|et (?:je|j'|on|tu|vous|ça"
    r"|c'|il|elle|que|puis|là|après|du|qu'|donc|alors|en plus|pas|surtout|ils|elles"
    r"|nous|moi|lui|encore|voilà)"
    r"|ou (?:je|j'|on|ça|c'|il|elle|alors|bien)|c'est|ça|il y a|y a"
    r"|(?<!importe )(?<!sur )(?<!avec )quoi(?! que))(?=[\s'’]|$)"
    r"|\s(?:on \w+|j'ai|je (?:suis|me|m'|pense|crois|trouve))(?=\s)",
    re.IGNORECASE,
)

_INNER: Final = re.compile(
    r"(?<!\w)(?:que|qu'|qui|où|quand|lorsqu|si|dont|comme|comment|pourquoi|quel|quelle|quels"
    r"|quelles)",
    re.IGNORECASE,
)


# « les lundis, mardis et jeudis »: cut at the comma, it would say something else.
_LISTED: Final = re.compile(
    r"(?:,\s*[^\W\d_]{4,})+\s+et\s+[^\W\d_]{4,}(?=[.,;:!?]|$)", re.IGNORECASE
)


def _end_of(rest: str) -> re.Match[str] | None:
    """Find the clause's end; « on… », « je… » begin another one unless it is inside this one."""
    for match in _END.finditer(rest):
        if match.group() == "," and _LISTED.match(rest, match.start()):
            continue
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


def infinitive_at(text: str) -> re.Match[str] | None:
    """Match an infinitive, with its clitics, at the start of a text."""
    match = re.match(rf"\s*({CLITIC})([^\W\d_]+)", text, re.IGNORECASE)
    if match and is_infinitive(match.group(2)):
        return match
    return None


_MUTE: Final = re.compile(
    r"[aeiouyéèêâîôœ]|h(?:abit|ésit|umili|onor|érit|éberg|armonis|istoir|ospital)", re.IGNORECASE
)


def avoiding(what: str) -> str:
    """Return « éviter d'oublier » for « oublier »."""
    return f"éviter {'d' + chr(39) if _MUTE.match(what) else 'de '}{what}"


def says_what(text: str, verb: str) -> bool:
    """Tell whether something of substance follows the verb."""
    after = text.lower().partition(verb)[2]
    return any(
        len(word) > 2 and word not in FUNCTION_WORDS for word in re.findall(r"[^\W\d_]+", after)
    )


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
    if re.fullmatch(r"(?:re)?connais|(?:ap|dis)?parais|nais|(?:dé)?plais", verb):
        return f"{verb[:-3]}aît"
    for ending, change in (
        ("aie", "ait"),
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
    text = re.sub(
        r"\b(?:m'|t')(\w+)",
        lambda m: f"s'{m.group(1)}" if is_infinitive(m.group(1)) else m.group(),
        text,
        flags=re.IGNORECASE,
    )
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
        # « un ton moins sec » is no possessive.
        noun = r"(?<!un )(?<!le )(?<!du )(?<!ce )(?<!bon )(?<!de )" if mine == "ton" else ""
        text = re.sub(rf"{noun}\b{mine}\b", neutral_form, text)
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


def cut(rest: str) -> tuple[str, bool]:
    """Cut at the clause's end, never on a function word; what is too long is not whole.

    Returns
    -------
    tuple
        The clause, and whether it ends where its speaker ended it, within 16 words.
    """
    end = _end_of(rest)
    text = rest[: end.start()] if end else rest
    for joined in _SECOND_JOB.finditer(text):
        # One job a statement: a second infinitive after « et » is another one.
        if is_infinitive(joined.group(1)):
            text = text[: joined.start()]
            break
    pieces = text.split()
    whole = len(words_of(text)) <= MOST_WORDS
    while pieces and _dangles(pieces):
        pieces.pop()
        whole = False
    return " ".join(pieces).strip(" ,-–—"), whole


def _dangles(pieces: list[str]) -> bool:
    last = pieces[-1].lower().strip(",")
    before = pieces[-2].lower() if len(pieces) > 1 else ""
    if last in {"pas", "plus", "rien", "jamais"} and re.search(
        r"(?<!\w)(?:ne |n')", " ".join(pieces[:-1]), re.IGNORECASE
    ):
        return False  # dropped, the clause would say the opposite
    if last in {"plus", "moins", "autres", "autre", "deux", "trois"}:
        # « ce qui coûte le plus », « comme les autres », « à deux »
        return before not in {"le", "les", "en", "de", "au", "des", "une", "un", "à", "d'", "tous"}
    if last == "qui" and before == "n'importe":
        return False
    return last in DANGLING or last.endswith("'")


def lemma(word: str) -> str:
    """Return a French word's dictionary form."""
    return str(simplemma.lemmatize(word.lower(), "fr"))


def infinitive_of(verb: str) -> str | None:
    """Return the infinitive of a verb's form: note → noter, retrouve → retrouver."""
    verb = verb.lower()
    options = [lemma(verb), f"{verb}r" if verb.endswith("e") else verb]
    if re.search(r"è[^aeiou]+e$", verb):  # règle → régler, achète → acheter
        options += [re.sub(r"è([^è]+)$", rf"{vowel}\1r", verb) for vowel in "ée"]
    return next((option for option in options if option != verb and is_infinitive(option)), None)
