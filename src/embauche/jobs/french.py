"""French clauses: the infinitive after an aim, and the forms of emotional and social jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from embauche.jobs.clause import FEWEST_WORDS, Clause, Form, words_of
from embauche.jobs.french_grammar import CLITIC, cleaned, cut, infinitive_of, is_infinitive, neutral
from embauche.jobs.french_words import FUNCTION_WORDS, VAGUE_VERBS

# What announces an aim, and how plainly. The infinitive comes next.
_CUES: Final[tuple[tuple[str, float], ...]] = (
    (r"j'ai besoin (?:de |d')|besoin (?:de |d')|on a besoin (?:de |d')", 1.0),
    (r"(?:je|on|nous) cherch\w+ (?:à |surtout à |toujours à )", 1.0),
    (r"(?:j'|on |nous |je )(?:essa\w+)(?: toujours| surtout)? (?:de |d')", 0.95),
    (
        r"(?:je|j'|on|nous) (?:ne )?(?:veux|veut|voulons|voul(?:ai|u)[st]|voudrai[st])(?: bien)? ",
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
        r"(?:afin de |afin d'|histoire de |histoire d'|de manière à |de façon à |dans le but de )",
        0.9,
    ),
    (r"(?:j'|je |on )\w+[^.;]{0,25},? c'est (?:surtout |de |d')?", 0.8),
    (r"(?:intéress\w+|essay\w+) (?:de |d'|à )", 0.8),
    (r"pour qu(?:e |')(?:[^.,;]{2,25} )?(?:puisse|puissent|arrive à|arrivent à) ", 0.75),
    (r"(?:voudrait|voudraient|aimerait|aimeraient|souhait\w+) ", 0.85),
    (r"pouvoir ", 0.85),
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

_WEAK_OBJECT: Final = re.compile(
    r"^(?:\S+ )?\S+ (?:ça|cela|ceci|le|la|les|tout|rien|quelque chose)$"
)


def _infinitive_at(text: str) -> re.Match[str] | None:
    match = re.match(rf"\s*({CLITIC})([^\W\d_]+)", text, re.IGNORECASE)
    if match and is_infinitive(match.group(2)):
        return match
    return None


def _clause(rest: str, cue: float, form: Form = "plain") -> Clause | None:
    match = _infinitive_at(rest)
    if match is None:
        return None
    verb = match.group(2).lower()
    if re.search(r"\b(?:vous|te|t')", match.group(1), re.IGNORECASE):
        return None  # said to the interviewer: « pour vous donner un exemple »
    # « pouvoir retrouver » says no more than « retrouver ».
    if verb in {"pouvoir", "essayer", "arriver", "réussir"}:
        tail = re.sub(r"^\s*(?:de |d'|à )?", "", rest[match.end() :])
        inner = _clause(tail, cue, form) if _infinitive_at(tail) else None
        if inner:
            return inner
    text, whole = cut(rest.strip())
    negated = re.match(r"(?:ne |n')?(?:pas|plus|jamais) (?:à |de |d')?(?=\S)", text, re.IGNORECASE)
    if negated:
        tail = text[negated.end() :]
        text = ("éviter d'" if re.match(r"[aeiouyéèêâîôœ]", tail) else "éviter de ") + tail
    text = neutral(text)
    if len(words_of(text)) < FEWEST_WORDS or _WEAK_OBJECT.match(text) or not _says_what(text, verb):
        return None
    vague = verb in VAGUE_VERBS
    return Clause(text, cue - (0.35 if vague else 0.0) - (0.0 if whole else 0.25), form, whole)


def _says_what(text: str, verb: str) -> bool:
    """Tell whether something of substance follows the verb."""
    after = text.lower().partition(verb)[2]
    return any(
        len(word) > 2 and word not in FUNCTION_WORDS for word in re.findall(r"[^\W\d_]+", after)
    )


def _feelings(text: str) -> Iterator[Clause]:
    for match in re.finditer(
        r"\b(?P<not>(?:ne |n')?(?:pas|plus|jamais) )?(?:me|m'|se|nous|vous) "
        r"?(?P<verb>sentir|faire du souci|inquiéter|soucier)"
        r"(?P<rest> [^.;:!?…]*)?",
        text,
        re.IGNORECASE,
    ):
        rest = match["rest"] or ""
        verb = match["verb"].lower()
        bare, whole = cut(verb + rest)
        if verb == "sentir" and len(bare.split()) < 2:
            continue
        head = "s'inquiéter" + bare[len("inquiéter") :] if verb == "inquiéter" else f"se {bare}"
        if match["not"] or verb != "sentir":
            head = f"éviter de {head}"
        yield Clause(neutral(head), 1.0 if whole else 0.7, "feel", whole)
    for match in re.finditer(
        r"\bêtre (?P<what>(?:plus |enfin |bien |à l'aise|(?:en )?)?(?:tranquille|serein"
        r"|sereine|rassuré|rassurée|en paix"
        r"|en sécurité|à l'aise|libre|fier|fière|sûr|sûre|confiant|confiante|calme|zen"
        r"|détendu|détendue|content|contente)"
        r"[^.;:!?…]*)",
        text,
        re.IGNORECASE,
    ):
        bare, whole = cut(match["what"])
        yield Clause(neutral(f"se sentir {bare}"), 0.95 if whole else 0.7, "feel", whole)
    for match in re.finditer(
        r"\b(?:sans|ne (?:pas|plus)|(?:pas|plus)|arrêter (?:de |d')|cesser de |éviter de )\s*"
        r"(?P<what>(?:me |m'|se |s'|y )?(?:avoir (?:peur|honte|la boule|l'impression|le "
        r"sentiment|à (?:penser|m'|me))|stresser|paniquer|angoisser|culpabiliser|gamberger"
        r"|ruminer|m'énerver|s'énerver|énerver|me faire avoir|me demander|craindre"
        r"|redouter|douter)[^.;:!?…]*)",
        text,
        re.IGNORECASE,
    ):
        bare, whole = cut(match["what"])
        joint = "d'" if re.match(r"[aeiouyéèêâîôœ]", bare, re.IGNORECASE) else "de "
        yield Clause(neutral(f"éviter {joint}{bare}"), 0.9 if whole else 0.6, "feel", whole)


_UNWANTED: Final = re.compile(r"(?<!\w)(?:pas|plus|jamais|surtout pas|sans) (?:\w+ )?$")


def _regards(text: str) -> Iterator[Clause]:
    for match in re.finditer(
        r"\b(?P<not>(?:ne |n')?(?:pas|plus|jamais) )?(?:(?:être (?:vue?|perçue?"
        r"|considérée?) comme|passer pour|passe pour)"
        r"|avoir l'air (?:de |d'|du |des )?|paraître|faire (?=pro\b|sérieux|amateur"
        r"|professionnel)) ?(?P<what>[^.;:!?…]+)",
        text,
        re.IGNORECASE,
    ):
        bare, whole = cut(match["what"])
        if not bare or len(bare.split()) > 10:
            continue
        head = "éviter d'être perçu(e) comme" if match["not"] else "être perçu(e) comme"
        yield Clause(neutral(f"{head} {bare}"), 1.0 if whole else 0.7, "seen", whole)
    for match in re.finditer(
        r"\b(?:montrer|prouver|qu(?:'(?:on|ils|elles|il|elle)|e (?:mes|les|mon|ma|le|la"
        r"|tout le) \w+) (?:voient?|voie|sachent?|sache"
        r"|se disent?|pensent?|pense|comprennent?|croient?|croie|se dise))"
        r"(?: (?:à |aux? )(?:\w+ ?){1,2})? (?:bien )?(?P<what>qu(?:e |')[^.;:!?…]+)",
        text,
        re.IGNORECASE,
    ):
        bare, whole = cut(match["what"])
        if len(bare.split()) < 3:
            continue
        head = f"montrer {bare}"
        if re.search(
            r"(?<!\w)(?:pas|plus|jamais|surtout pas|sans) (?:\w+ )?$", text[: match.start()]
        ):
            # What people must not think is only turned round where it says what one is.
            feared = re.match(r"que je (?:suis|sois) (.+)", bare, re.IGNORECASE)
            if feared is None:
                continue
            head = f"éviter d'être perçu(e) comme {feared.group(1)}"
        yield Clause(neutral(head), 1.0 if whole else 0.7, "seen", whole)


_HABIT: Final = re.compile(
    (
        r"(?:^|[,;:] |\bet |\bque |\balors |\bquand )(?:je|j'|on)\s*((?:le |la |les |l'"
        r"|me |m'|se |s'|y |en )?)([^\W\d_]+)\s+(?=\S)"
    ),
    re.IGNORECASE,
)


def _habits(text: str) -> Iterator[Clause]:
    """« Je compare les prix avant de réserver » tells of the job of comparing prices."""
    for match in _HABIT.finditer(text):
        verb = match.group(2).lower()
        base = infinitive_of(verb)
        if re.match(r"(?:pas|plus|jamais|rien|que|qu'|déjà)(?!\w)", text[match.end() :]):
            continue
        if (
            base is None
            or base in VAGUE_VERBS
            or base
            in {
                "penser",
                "adorer",
                "aimer",
                "préférer",
                "détester",
                "avouer",
                "connaître",
                "rappeler",
                "supporter",
                "arriver",
                "essayer",
                "commencer",
                "croire",
                "trouver",
                "utiliser",
                "parler",
                "imaginer",
                "sentir",
                "sortir",
                "mettre",
                "prendre",
                "travailler",
                "voir",
                "laisser",
                "perdre",
                "oublier",
            }
            or not re.search(r"(?:e|s|x|d|t)$", verb)
            or match.group(1).strip()
        ):
            continue
        clause = _clause(f"{base} {text[match.end() :]}", 0.45)
        if clause:
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
        r"\b(?:je|on) cherch\w+ (?=(?:un|une|quelqu|des|du|le|la|les|quelque)\b)",
        text,
        re.IGNORECASE,
    ):
        clause = _clause(f"trouver {text[match.end() :]}", 0.85)
        if clause:
            yield clause


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
    found = [*_feelings(text), *_regards(text)]
    for pattern, cue in _CUES:
        for match in re.finditer(rf"(?<!\w)(?:{pattern})", text, re.IGNORECASE):
            clause = _clause(text[match.end() :], cue)
            if clause and not _refused(text, match):
                found.append(clause)
    found.extend(_needs(text))
    found.extend(_habits(text))
    if not found:
        start = _clause(text, 0.5)
        found.extend([start] if start else [])
    unique: dict[str, Clause] = {}
    for clause in sorted(found, key=lambda item: -item.cue):
        unique.setdefault(clause.text.lower(), clause)
    return tuple(unique.values())
