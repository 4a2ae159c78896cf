"""French clauses: the infinitive after an aim, and the forms of emotional and social jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from embauche.jobs.clause import FEWEST_WORDS, Clause, Form, words_of
from embauche.jobs.french_grammar import (
    avoiding,
    cleaned,
    cut,
    infinitive_at,
    infinitive_of,
    neutral,
    says_what,
)
from embauche.jobs.french_wishes import feelings, regards
from embauche.jobs.french_words import NO_JOBS, VAGUE_VERBS

# What announces an aim, and how plainly. The infinitive comes next.
_CUES: Final[tuple[tuple[str, float], ...]] = (
    (r"j'ai besoin (?:de |d')|besoin (?:de |d')|on a besoin (?:de |d')", 1.0),
    (r"(?:je|j'y|on|nous) cherch\w+ (?:à |surtout à |toujours à )", 1.0),
    (r"(?:j'|on |nous |je )(?:essa\w+)(?: toujours| surtout)? (?:de |d')", 0.95),
    (
        (
            r"(?:je|j'|on|nous) (?:ne )?(?:veux|veut|voulons|voul(?:ai|u)[st]"
            r"|voudrai[st])(?: bien)? "
        ),
        1.0,
    ),
    (r"(?:j'|on |nous )(?:aimerais|aimerait|aimerions)(?: bien)? ", 1.0),
    (r"(?:ai|avais|as|a|avait) envie (?:de |d')", 1.0),
    (r"(?:but|objectif|idée|intérêt|avantage)[^.;]{0,25}?(?:c'est|est|était)(?: de| d'|) ?", 1.0),
    (r"(?:permet|permettre|permettait|permettrait|permis)[^.,;]{0,45}? (?:de |d')", 0.9),
    (r"(?:aide|aider|aident|aidait|aiderait|aidé)[^.,;]{0,12}? à ", 0.9),
    (
        (
            r"(?:sers|sert|servait|servir|servent|utilise|utilisais|utilisait)[^.,;]{0,30}? "
            r"(?:pour|à) "
        ),
        1.0,
    ),
    (
        (
            r"(?:afin de |afin d'|histoire de |histoire d'|de manière à |de façon à "
            r"|dans le but de )"
        ),
        0.9,
    ),
    (r"(?:j'|je |on |nous )\w+[^.;]{0,25},? c'(?:est|était) (?:surtout |de |d')?", 0.9),
    (r"(?:intéress\w+|essay\w+) (?:de |d'|à )", 0.8),
    (r"(?:(?:pour|afin|sorte|et|surtout) |^)qu(?:e je|'on) (?:puisse|arrive à) (?:encore )?", 0.8),
    (r"(?:voudrait|voudraient|aimerait|aimeraient|souhait\w+) ", 0.85),
    (r"pouvoir ", 0.85),
    (r"(?:je peux|on peut|je pouvais|(?:j'étais|je suis|on est) venue?s?) (?:enfin )?", 0.6),
    (r"pour ", 0.8),
    (r"(?:il faut|faut|il faudrait|faudrait|il fallait|je dois|on doit|je devais|obligé de) ", 0.6),
    (
        (
            r"(?:idéal|mieux|important|nécessaire|utile|pratique)[^.,;]{0,12}?(?:c'est |ce "
            r"serait |serait )?(?:de |d')"
        ),
        0.6,
    ),
)

# « trop cher pour changer » tells of no aim; « ce que j'essaie de faire » has its object before.
_NO_AIM: Final = re.compile(
    r"(?:\b(?:trop|assez|suffisamment)\b[^.,;]{0,25}|\bce (?:que |qu')"
    r"|\b(?:quand|où|comment|combien|si|qui) )$",
    re.IGNORECASE,
)

_WEAK_OBJECT: Final = re.compile(
    r"^(?:\S+ )?\S+ (?:ça|cela|ceci|le|la|les|tout|rien|quelque chose)$"
)


def _clause(rest: str, cue: float, form: Form = "plain") -> Clause | None:
    match = infinitive_at(rest)
    if match is None:
        return None
    verb = match.group(2).lower()
    if re.search(r"\b(?:vous|te|t')", match.group(1), re.IGNORECASE):
        return None  # said to the interviewer: « pour vous donner un exemple »
    # « pouvoir retrouver » says no more than « retrouver ».
    if verb in {"pouvoir", "essayer", "arriver", "réussir"}:
        tail = re.sub(r"^\s*(?:de |d'|à )?", "", rest[match.end() :])
        inner = _clause(tail, cue, form) if infinitive_at(tail) else None
        if inner:
            return inner
    text, whole = cut(rest.strip())
    negated = re.match(
        r"(?:ne |n')?(?:pas|plus jamais|plus|jamais) (?:à |de |d')?(?=\S)", text, re.IGNORECASE
    )
    if negated:
        text = avoiding(text[negated.end() :])
    text = neutral(text)
    if len(words_of(text)) < FEWEST_WORDS or _WEAK_OBJECT.match(text) or not says_what(text, verb):
        return None
    vague = verb in VAGUE_VERBS
    return Clause(text, cue - (0.35 if vague else 0.0) - (0.0 if whole else 0.25), form, whole)


_HABIT: Final = re.compile(
    (
        r"(?<!que )(?<!qu')(?<!où )(?<!dont )(?<!quand )(?<!si )(?<!comme )(?<!\w)(?:je|j'|on"
        r"|nous)"
        r"\s*((?:y )?)([^\W\d_]+)\s+(?=(?:le|la|les|mes|mon|ma|nos|un|une|des|du|ce|l'\w+"
        r"|leur|si|où|combien)\b)"
    ),
    re.IGNORECASE,
)


_LEFT_UNSAID: Final = 6

_ASKED: Final = r"(?:enfin )?(?:où|combien|si) "


def _habits(text: str) -> Iterator[Clause]:
    """« Je compare les prix avant de réserver » tells of the job of comparing prices."""
    for match in _HABIT.finditer(text):
        verb = match.group(2).lower()
        base = infinitive_of(verb)
        if re.match(r"(?:pas|plus|jamais|rien|que|qu'|déjà)(?!\w)", text[match.end() :]):
            continue
        if (
            base is None
            or (
                (base in VAGUE_VERBS or base in NO_JOBS)
                and not (base in {"voir", "savoir"} and re.match(_ASKED, text[match.end() :]))
            )
            or not re.search(r"(?:e|s|x|d|t)$", verb)
        ):
            continue
        clause = _clause(f"{base} {text[match.end() :]}", 0.45)
        # Told on the way to something else, a habit is a step or a circumstance, not the aim.
        said = words_of(text[match.start() :])
        if clause and len(said) - clause.words <= _LEFT_UNSAID:
            yield clause


def _needs(text: str) -> Iterator[Clause]:
    """« Il faut que je retrouve… » and « je cherche un… » hold the infinitive in another form."""
    for match in re.finditer(
        r"\b(?:il )?(?:faut|faudrait|fallait) (?:vraiment )?qu(?:e je |'on )"
        r"((?:le |la |les |l'|me |m'|se |s'|y |en )?)([^\W\d_]+) ",
        text,
        re.IGNORECASE,
    ):
        base = infinitive_of(match.group(2))
        if base is not None and base not in VAGUE_VERBS:
            clause = _clause(f"{match.group(1)}{base} {text[match.end() :]}", 0.85)
            if clause:
                yield clause
    for match in re.finditer(
        r"\b(?:je|j'y|on|nous) cherch\w+ (?=(?:un|une|quelqu|des|du|le|la|les|quelque)\b)",
        text,
        re.IGNORECASE,
    ):
        clause = _clause(f"trouver {text[match.end() :]}", 0.85)
        if clause:
            yield clause
    for match in _SO_THAT.finditer(text):
        bare, whole = cut(match["what"])
        indicative = re.search(
            r"\b(?:est|sont|ont|va|vont|peu(?:ven)?t|sait|savent|fait|font|doit|était|avait)\b",
            bare,
        )
        if len(words_of(bare)) >= FEWEST_WORDS and not indicative:
            made = neutral(f"faire en sorte {'qu' + chr(39) if match['short'] else 'que '}{bare}")
            yield Clause(made, 0.6 if whole else 0.3, "plain", whole)


_SO_THAT: Final = re.compile(
    r"(?<!\w)(?:^|pour |afin |de (?:façon|manière|sorte)(?: à ce)?|veill\w+ à ce"
    r"|ser[tv]\w* à ce|faut|faudrait"
    r"|c'est|voulais|veux|voudrais|besoin) ?qu(?:e (?=(?:les?|la|l'|mes|mon|ma|tout|chaque"
    r"|chacun|un|une)\b)"
    r"|(?P<short>')(?=(?:on|une?|aucun|aucune) ))(?P<what>[^.;:!?…]{8,110})",
    re.IGNORECASE,
)


# Aims that « pas » denies before them or inside them: « j'ai pas besoin de », « ça permet pas de ».
_DENIABLE: Final = re.compile(r"besoin|envie|permet|aide|ser[ts]|but|idée", re.IGNORECASE)

_DENIED: Final = re.compile(
    r"(?<!\w)(?:pas|plus|jamais|aucun) (?:de |d'|l')?(?:besoin|envie|but|idée)"
    r"|(?:permet\w*|aide\w*|ser[ts]) pas ",
    re.IGNORECASE,
)


def _refused(text: str, match: re.Match[str]) -> bool:
    """Tell whether the aim itself is denied."""
    around = text[max(0, match.start() - 20) : match.end()]
    return bool(_DENIABLE.search(match.group()) and _DENIED.search(around))


def clauses(quote: str) -> tuple[Clause, ...]:
    """Return every clause of a French quote that could state a job, the plainest aim first."""
    text = cleaned(quote)
    found = [*feelings(text), *regards(text)]
    for pattern, cue in _CUES:
        for match in re.finditer(rf"(?<!\w)(?:{pattern})", text, re.IGNORECASE):
            clause = _clause(text[match.end() :], cue)
            if (
                clause
                and not _refused(text, match)
                and not (
                    _NO_AIM.search(text[: match.start()]) and not re.search(r"c'\w+", match.group())
                )
            ):
                found.append(clause)
    found.extend(_needs(text))
    found.extend(_habits(text))
    opening = re.match(r"(?:(?:et|puis|mais|ou|à|de|d') ?)?", text, re.IGNORECASE)
    start = _clause(text[opening.end() if opening else 0 :], 0.5)
    found.extend([start] if start else [])
    unique: dict[str, Clause] = {}
    for clause in sorted(found, key=lambda item: -item.cue):
        unique.setdefault(clause.text.lower(), clause)
    return tuple(unique.values())
