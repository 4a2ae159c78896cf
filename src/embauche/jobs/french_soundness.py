"""Whether a French clause can be read alone: the last gate before a statement is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from embauche.jobs.clause import FEWEST_WORDS, MOST_WORDS, words_of
from embauche.jobs.french_grammar import infinitive_of, is_infinitive
from embauche.jobs.french_words import (
    DETERMINERS,
    ENDS_BADLY,
    FUNCTION_WORDS,
    NEEDS_OBJECT,
    PREPOSITIONS,
    TAKES_INFINITIVE,
)

# Who spoke, or what was said before: nobody can tell from the statement.
_UNTOLD: Final = re.compile(
    r"(?<![\w-])[jmtc]'(?=\w)|(?<![\w-])(?:je|me|moi|mon|ma|mes|nous|notre|nos|tu|te|toi|tes"
    r"|vous|votre|vos"
    r"|ça|cela|ceci|y(?! (?:a|avait|compris|arriver)\b)|moi-même|celui|celle|ceux|celles"
    r"|(?<!est )(?<!sont )(?<!être )là|[^\W\d_]+-là|là-bas|là-dedans|là-dessus|dedans|dessus|ici"
    r"|lui|eux|elle|elles|ils|truc|trucs|machin|choses?|bidule|ainsi|pareil|autrement"
    r"|il(?! (?:y a|n'y a|y avait|faut|reste|manque|fait|pleut|est temps)\b)|le mien|la mienne"
    r"|le sien|la sienne"
    r"|(?<!que )tout (?:est|se)|dont|lequel|laquelle|lesquels|duquel)(?![\w-])",
    re.IGNORECASE,
)

_HEAD: Final = re.compile(
    r"(?P<avoid>éviter (?:de |d'))?(?:ne (?:pas|plus|rien|jamais) )?(?P<own>se |s')?"
    r"(?P<clitic>(?:le|la|les|lui|leur|y|en) |l')?(?:(?:mieux|bien|toujours|vite) )?"
    r"(?P<verb>[^\W\d_]+)",
    re.IGNORECASE,
)

_INNER: Final = re.compile(r"(?<!\w)(?:que|qu'|qui|où|combien|comment|pourquoi)", re.IGNORECASE)

_PLURAL: Final = re.compile(r"\b(?:les|des|aux|ses|ces|plusieurs|deux|trois)\b", re.IGNORECASE)

_ELISION: Final = re.compile(
    r"\b(?:de|que|le|se|ne|jusque) (?!onz|oui|un\b|une\b|yaou|ouistiti)[aeiouéèêâîôœ]",
    re.IGNORECASE,
)

_LOOSE: Final = re.compile(
    r"\b(?:aller|venir) l[aes]s? \w+(?:er|ir|re)\b|\b(?:la|le) même (?:sur|dans|à|chez)\b"
    r"|en sorte .* à soi$",
    re.IGNORECASE,
)

_OPEN_IDIOM: Final = re.compile(
    r"(?<!\w)(?:un œil|compte|besoin|en train|le temps|la main|partie|au courant|à même|à moins"
    r"|au lieu|une trace|(?:le|au) moment|(?:chaque|une|la première) fois|maintenant|en cas"
    r"|à cause|au fur|au fur et à mesure|le fait|de quoi|à force|à partir|à côté|quelque chose)$",
    re.IGNORECASE,
)

_TOOL: Final = re.compile(
    r"^(?:demander|dire|faire faire) (?:à |au |aux )?(?:la machine|l'ia|l'assistant|l'outil"
    r"|chatgpt)",
    re.IGNORECASE,
)


def sound(text: str) -> bool:  # noqa: PLR0911 - a gate: the first doubt refuses
    """Tell whether a clause is a whole infinitive clause, understood without its neighbours.

    Precision comes first: what cannot be told from word lists and simplemma's dictionary is
    refused, and a quote stands in.
    """
    told = re.sub(r"\bsans (?:y|en|l[ae]s?) (?=\w+(?:er|ir|re)\b)", "sans ", text)
    if not FEWEST_WORDS <= len(words_of(text)) <= MOST_WORDS + 2:
        return False
    if _UNTOLD.search(told) or _ELISION.search(text):
        return False
    if (
        text.count("«") != text.count("»")
        or text.count('"') % 2
        or text.count("(") != text.count(")")
    ):
        return re.search(r"perçu\(e\)s? comme", text) is not None and text.count("(") == text.count(
            ")"
        )
    head = _HEAD.match(text)
    if _OPEN_IDIOM.search(text) or _LOOSE.search(text):
        return False
    said = re.search(r"(?<!\w)on ", text)
    if said and not re.search(
        r"(?<!\w)(?:qu|où|quand|si|comme|dont|combien)", text[: said.start()]
    ):
        return False  # « pour m'exercer je prends … » : two clauses without a comma
    if head is None or head["clitic"] or _TOOL.match(text):
        return False
    verb = head["verb"].lower()
    if not (is_infinitive(verb) or verb in {"être", "avoir"}):
        return False
    rest = text[head.end() :].strip()
    words = text.split()
    return (
        _ends_well(words)
        and _has_object(verb, rest, own=bool(head["own"]))
        and _one_verb_at_a_time(words)
        and _joins_well(words)
        and _inner_clauses_whole(text)
        and ("leur" not in words or bool(_PLURAL.search(text.partition(" leur ")[0])))
    )


def _ends_well(words: list[str]) -> bool:
    last = words[-1].lower().strip(",")
    before = words[-2].lower() if len(words) > 1 else ""
    if last.endswith("'"):
        return False
    if last in {"pas", "plus", "rien", "jamais"} and any(
        word.lower() == "ne" or word.lower().startswith("n'") for word in words[:-1]
    ):
        return True
    if last in {"plus", "moins", "mieux"}:
        return before in {"le", "de", "en", "au", "non"} or last == "mieux"
    if last in {"autre", "autres", "même"}:
        return before in {"les", "des", "l'", "un", "une", "d'", "le", "soi"} or before.endswith(
            "'"
        )
    if last in {"quoi", "qui"}:
        return before == "n'importe"
    return last not in ENDS_BADLY


def _has_object(  # noqa: C901, PLR0911 - one case a kind of verb
    verb: str, rest: str, *, own: bool
) -> bool:
    after = re.findall(r"[^\W\d_]+'?|\d+", rest.lower())
    if not any(len(word) > 2 and word not in FUNCTION_WORDS for word in after):
        return False
    if verb in {"savoir", "voir", "décider", "comprendre"} and after and after[0] == "quand":
        return True
    if verb == "avoir" and after[0] == "à" and len(after) > 1 and is_infinitive(after[1]):
        return _has_object(after[1], " ".join(after[2:]), own=own)
    if own or verb not in NEEDS_OBJECT:
        return True
    if verb == "faire" and after[:2] == ["en", "sorte"]:
        return len(after) > 4
    if verb == "avoir" and len(after) < 3:
        return False
    while after and (
        after[0].endswith("ment") or after[0] in {"bien", "mieux", "toujours", "vite"}
    ):
        after.pop(0)
    if not after or after[0] not in PREPOSITIONS | {"comme", "quand", "et", "ou", "plus"}:
        return bool(after)
    later = after[1:]
    if verb in {"mettre", "remettre", "prendre", "garder", "tenir"}:
        return any(word in DETERMINERS for word in later)
    if verb in {"montrer", "dire", "expliquer", "demander", "envoyer", "donner", "savoir"}:
        told = later[2:] if after[0] in {"à", "au", "aux"} else later
        return any(word in DETERMINERS | {"que", "qu'", "où", "si", "combien"} for word in told)
    return False


def _one_verb_at_a_time(words: list[str]) -> bool:
    for first, second in pairwise(words):
        verb, follower = first.lower().strip(","), second.lower()
        if (
            is_infinitive(verb)
            and is_infinitive(follower)
            and verb not in TAKES_INFINITIVE
            and not follower.endswith(("oir", "aire"))  # nouns as often as not: pouvoir, devoir
        ):
            return False
    return True


def _joins_well(words: list[str]) -> bool:
    """Tell whether what follows each « et » can be joined to what stands before it."""
    for at, word in enumerate(words):
        if word.lower() not in {"et", "ou", "ni"}:
            continue
        after = [each.lower() for each in words[at + 1 :]]
        if not after:
            return False
        first = after[0]
        elided = re.match(r"(?:l|d|qu)'\w", first)
        if first in DETERMINERS | {"de", "du"} or elided:
            if not elided and (len(after) < 2 or after[1] in PREPOSITIONS | {"et", "ou"}):
                return False
            following = after[1 if elided else 2 :]
            if following and _finite(following[0]):
                return False
        elif first in PREPOSITIONS | {"qu'on", "ce", "qui", "comment", "combien", "où", "quand"}:
            continue
        elif _finite(first) or first in {"non", "me", "se", "ne", "puis", "pas", "en", "y"}:
            return False
    return True


def _finite(word: str) -> bool:
    """Tell whether a word is likely a conjugated verb."""
    word = word.strip(",")
    return bool(re.search(r"(?:[^aeiou]e|ent|it|ait|ont|eut|end|ez|aient)$", word)) and (
        infinitive_of(word) is not None
    )


def _inner_clauses_whole(text: str) -> bool:
    last = None
    for match in _INNER.finditer(text):
        last = match
    if last is None:
        return True
    after = text[last.end() :].split()
    word = last.group().lower()
    if word == "qui" and re.fullmatch(r"\w+ (?:fait|dit|pris|mis|vu|donné)", " ".join(after)):
        return False
    if word == "combien" and after[:1] == ["de"]:
        after = after[1:]  # « combien de flans » asks nothing yet
    if word in {"comment", "combien", "pourquoi", "où"}:
        return len(after) >= (2 if word == "combien" else 1)
    return len(after) >= (1 if word == "qui" else 2)


_SEAM: Final = re.compile(
    r"(?:,? )(?=(?:quand|lorsqu\S+|lorsque|sans|pour|afin|avec|si|comme|dont|où|qui|que|qu'\S+"
    r"|et|ou"
    r"|avant|après|pendant|depuis|dès|plutôt|puis|en|dans|chez|sur|jusqu\S+|parce|par|"
    r"selon|entre|depuis|malgré|histoire|suivant|sinon|tellement|vu|tant|s'ils?)(?: |$))",
    re.IGNORECASE,
)


def shortened(text: str) -> Iterator[str]:
    """Yield a clause, then the clause cut at its seams, longest first."""
    yield text
    for match in reversed(list(_SEAM.finditer(text))):
        if len(text[: match.start()].split()) >= FEWEST_WORDS - 1:
            yield text[: match.start()]
