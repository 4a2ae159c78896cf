"""English grammar for clauses: base forms, the neutral person, and where a clause ends."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import simplemma

from embauche.jobs.clause import MOST_WORDS, without, without_stutter, words_of
from embauche.jobs.english_words import BARE_VERBS, DANGLING, NOT_VERBS

_FILLERS: Final = re.compile(
    r"\((?:laughs?|pause|sighs?|laughing)\)|(?<![\w'])(?:um+|uh+|erm+|hmm+|er(?=,)"
    # "some kind of light", "the people you know", "what I think", "until then" are no hesitations.
    r"|you know(?=,)|(?<=, )you know|(?<!what )(?<!how )(?<!than )(?:i mean|i guess|i suppose"
    r"|i think)"
    r"|(?<!a )(?<!an )(?<!some )(?<!any )(?<!this )(?<!that )(?<!what )(?<!the )"
    r"(?<!one )(?<!every )(?:kind|sort) of|kinda|sorta|basically"
    r"|actually|literally|honestly|obviously|definitely|really|just|simply|like(?=,)"
    r"|(?:(?<=^)|(?<=[.;,] ))well(?=,)|essentially"
    r"|for example|for instance|and stuff|and things like that|and so on|etc|or "
    r"whatever|pretty much"
    r"|i'd say|so to speak|as well(?! as)|also"
    r"|(?<!until )(?<!by )(?<!since )(?<!back )(?<!than )then"
    r")(?![\w'-])",
    re.IGNORECASE,
)


_END: Final = re.compile(
    r"[.;:!?…()\n]|,|\s[-–—]+\s|\s(?:but|because|since|so (?:i|we|that|it|you"
    r"|they)|whereas|although|though|unless|otherwise|rather than"
    r"|and (?:i|i'm|i've|i'll|i'd|we|you|it|it's|that|then|so|they|he|she|this|there"
    r"|not|also|if|now|even|see|don't|doesn't|won't|can|could|will|would|is|are|was)"
    r"|or (?:if|even|maybe|so)|if (?:i|it|that)|i (?:think|guess|mean|feel|am|was)"
    r"|(?:i|we)(?:'ll| have to| had to)"
    r"|it's|that's|is|are|was|were)(?=\s|$)",
    re.IGNORECASE,
)


@cache
def is_base(word: str, *, cued: bool) -> bool:
    """Tell whether a word can be a verb's base form; after a plain aim nearly any word can."""
    word = word.lower()
    if word in NOT_VERBS or not re.fullmatch(r"[a-z]{2,}(?:-[a-z]+)?", word):
        return False
    if word in BARE_VERBS or word in {"be", "do", "go", "feel", "use"}:
        return True
    if not cued or word.endswith(("ing", "ly", "ed", "tion", "ness", "ment", "ity")):
        return False
    return bool(simplemma.is_known(word, lang="en")) and simplemma.lemmatize(word, "en") == word


def lemma(word: str) -> str:
    """Return an English word's dictionary form."""
    return str(simplemma.lemmatize(word.lower(), "en"))


_DOUBLED: Final = frozenset("bdgmnprt")


def base_of(gerund: str) -> str | None:
    """Return « track » for « tracking », or nothing if the word is no verb's gerund."""
    word = gerund.lower()
    if not word.endswith("ing") or len(word) < 5:
        return None
    stem = word[:-3]
    options = [stem, f"{stem}e"]
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] in _DOUBLED:
        options.insert(0, stem[:-1])
    if stem.endswith("y"):
        options.append(f"{stem[:-1]}ie")
    for option in options:
        if option in BARE_VERBS:
            return option
    lemma = simplemma.lemmatize(word, "en")
    return lemma if lemma in options else None


# British speech has "me own front room", "me mum": possessive, not the pronoun.
_PERSON: Final = tuple(
    (re.compile(rf"\b(?:{pattern})(?:\b|(?<= ))", re.IGNORECASE), replacement)
    for pattern, replacement in (
        (
            (
                "me (?=(?:own|mum|mom|dad|mam|mother|father|wife|husband|kids|mates?|sister"
                "|brother|head|phone|house|car|van|bike|logo)\\b)"
            ),
            "your ",
        ),
        ("i am|i'm|we are|we're", "you're"),
        ("i was", "you were"),
        ("i've|we've", "you've"),
        ("i'll|we'll", "you'll"),
        ("i'd|we'd", "you'd"),
        ("myself|ourselves", "yourself"),
        ("mine|ours", "yours"),
        ("my|our", "your"),
        ("i|we", "you"),
        ("me|us", "you"),
    )
)


def neutral(clause: str) -> str:
    """Make the first person neutral: "my notes" → "your notes", "what I said" → "what you said"."""
    text = clause.replace("’", "'")
    for pattern, replacement in _PERSON:
        text = pattern.sub(replacement, text)
    return text


def gerund_of(base: str) -> str:
    """Return « losing » for « lose »."""
    base = base.lower()
    if base in {"be", "see"}:
        return f"{base}ing"
    if base.endswith("ie"):
        return f"{base[:-2]}ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return f"{base[:-1]}ing"
    short = re.fullmatch(r"[^aeiou]*[aeiou][bdgmnpt]", base)
    known = base in {"forget", "begin", "admit", "refer", "regret", "upset"}
    return f"{base}{base[-1]}ing" if short or known else f"{base}ing"


def cleaned(text: str) -> str:
    """Drop hesitations and stutters of spoken English."""
    return without_stutter(without(text.replace("’", "'"), _FILLERS))


_STRANDED: Final = re.compile(
    r"\s(?:than|what|where|that|as|which|who|how|why|when|if)"
    r"(?:\s(?:exactly\s)?(?:i|you|we|they|it|he|she|people|someone))?$",
    re.IGNORECASE,
)

_INNER: Final = re.compile(
    r"\b(?:who|whose|who's|which|what|that|when|where|if|how|whether|while|whatever|before"
    r"|after)\b",
    re.IGNORECASE,
)

_RELATIVE: Final = re.compile(r"\b(?:what|which|that|who|where|whatever)\b", re.IGNORECASE)


def _end_of(rest: str) -> re.Match[str] | None:
    """Find the clause's end; "is" ends a clause unless it is the verb of one inside it."""
    for match in _END.finditer(rest):
        ended = match.group().strip().lower()
        copula = ended in {"is", "are", "was", "were"} or ended.endswith(" to")
        if not (copula and _INNER.search(rest[: match.start()])):
            return match
    return None


def _first_job(text: str) -> str:
    """Keep one job a statement: a second verb after "and" is another one."""
    # "use one recorder to transcribe talks and a model to tag them"
    other = re.search(r"\sand (?:an?|the|your|my|our) [\w ]{2,30}? (?:to|for) (?=\w)", text)
    if other and "between" not in text[: other.start()]:
        text = text[: other.start()]
    for joined in re.finditer(r"\s(?:and|or)(?: to)? ([a-z]+)(?=\s\S)", text, re.IGNORECASE):
        if joined.group(1).lower() in BARE_VERBS | {"come", "go", "be", "do", "use"}:
            return text[: joined.start()]
    return text


def _ends_stranded(pieces: list[str], mark: str) -> bool:
    """Tell whether a last preposition is meant: "find exactly what you're looking for"."""
    return (
        bool(pieces)
        and pieces[-1].lower() in {"for", "from", "with", "about", "to", "at", "on", "in"}
        and mark in ".,;:!?…"
        and _RELATIVE.search(" ".join(pieces)) is not None
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
    halved = bool(end and end.group().strip().lower() in {"is", "are", "was", "were"})
    pieces = _first_job(text).split()
    whole = len(words_of(" ".join(pieces))) <= MOST_WORDS and not halved
    if _ends_stranded(pieces, rest[end.start()] if end else "."):
        return " ".join(pieces).strip(" ,-–—'"), True
    while pieces:
        text = " ".join(pieces)
        stranded = _STRANDED.search(text)
        if stranded:
            pieces = text[: stranded.start()].split()
        elif pieces[-1].lower().strip(",'") in DANGLING and not (
            pieces[-1].lower() in {"one", "two", "three", "four", "five"}
            and pieces[-2:][0].lower() in {"at", "by", "until", "before", "after"}
        ):
            pieces.pop()
        else:
            break
        whole = False
    return " ".join(pieces).strip(" ,-–—'"), whole
