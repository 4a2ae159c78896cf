"""French clauses: the infinitive after an aim, and the forms of emotional and social jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import simplemma

from embauche.jobs.clause import (
    FEWEST_WORDS,
    MOST_WORDS,
    Clause,
    Form,
    without,
    without_stutter,
    words_of,
)
from embauche.jobs.french_words import DANGLING, NOT_INFINITIVES, VAGUE_VERBS

_FILLERS: Final = re.compile(
    r"\((?:rires?|silence|soupir|…|\.\.\.)\)|(?<![\w'])(?:euh+|heu+|hum+|hein|ben|bah"
    r"|beh|bon|quoi(?=[,.…]|$)|voilà"
    r"|tu vois|vous voyez|tu sais|vous savez|on va dire|je dirais|j'allais dire|disons"
    r"|en fait|du coup|en gros|genre|enfin|franchement|justement|effectivement|finalement"
    r"|un petit peu|un peu|quand même|vraiment|simplement|carrément|forcément|évidemment"
    r"|après(?=,)|donc|alors|aussi|également|notamment|par exemple|etc|surtout|juste"
    r"|moi(?=,)|tout simplement|en même temps|mine de rien|entre guillemets|j'imagine"
    r"|comment dire|je sais pas|je ne sais pas|si vous voulez|si on veut)(?![\w'-])",
    re.IGNORECASE,
)


_CLITIC: Final = (
    r"(?:(?:ne|n'|pas|plus|jamais|rien|me|m'|te|t'|se|s'|nous|vous|le|la|les|l'|lui|leur|y|en"
    r"|tout|bien|mieux|vite|toujours|directement|rapidement|facilement|correctement|enfin)\s*)*"
)

# What announces an aim, and how plainly. The infinitive comes next.
_CUES: Final[tuple[tuple[str, float], ...]] = (
    (r"j'ai besoin (?:de |d')|besoin (?:de |d')|on a besoin (?:de |d')", 1.0),
    (r"(?:je|on|nous) cherch\w+ (?:à |surtout à |toujours à )", 1.0),
    (r"(?:j'|on |nous |je )(?:essa\w+)(?: toujours| surtout)? (?:de |d')", 0.95),
    (r"(?:je|j'|on|nous) (?:veux|veut|voulais|voulait|voudrais|voudrait|voulons)(?: bien)? ", 1.0),
    (r"(?:j'|on |nous )(?:aimerais|aimerait|aimerions)(?: bien)? ", 1.0),
    (r"(?:ai|avais|as|a|avait) envie (?:de |d')", 1.0),
    (r"(?:but|objectif|idée|intérêt|avantage)[^.,;]{0,25}?(?:c'est|est|était)(?: de| d'|) ?", 1.0),
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
    (r"(?:j'|je |on )\w+[^.;]{0,25}, c'est (?:surtout |de |d')?", 0.8),
    (r"(?:intéress\w+|essay\w+) (?:de |d'|à )", 0.8),
    (r"pour qu(?:e |')(?:[^.,;]{2,25} )?(?:puisse|puissent|arrive à|arrivent à) ", 0.75),
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

_END: Final = re.compile(
    r"[.;:!?…()«»\n]|,|\s[-–—]\s|\s(?:mais|parce qu|car|donc|puisqu|alors qu|sauf qu"
    r"|et (?:je|j'|on|tu|vous|ça"
    r"|c'|il|elle|que|puis|là|après|du|qu'|donc|alors|en plus|pas|surtout|ils|elles"
    r"|nous|moi|lui|encore|voilà)"
    r"|ou (?:je|j'|on|ça|c'|il|elle|alors|bien)|c'est|ça|il y a|y a|j'ai|je (?:suis|me"
    r"|m'|pense|crois|trouve)|quoi)(?=[\s'’]|$)",
    re.IGNORECASE,
)


_WEAK_OBJECT: Final = re.compile(
    r"^(?:\S+ )?\S+ (?:ça|cela|ceci|le|la|les|tout|rien|quelque chose)$"
)


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
    """Conjugate a first-person form as « on » wants it: dois → doit, notais → notait, peux → peut."""
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


def neutral(clause: str) -> str:
    """Make the first person neutral: « mes devis » → « ses devis », « ce que je note » → « ce qu'on note »."""
    text = clause.replace("’", "'")
    for pattern, replacement in _ON:
        text = pattern.sub(replacement, text)
    text = re.sub(
        r"\bje ((?:ne |n'|me |m'|le |la |les |l'|lui |y |en |nous )*)(\w+)",
        lambda m: f"on {m.group(1)}{_third(m.group(2))}",
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(r"\b(qu|lorsqu|puisqu)e (?=on )", r"\1'", text)
    text = re.sub(
        r"\b(?:me|te|nous|vous) (?=(?:\w+ )?\w+(?:er|ir|re)\b)", "se ", text, flags=re.IGNORECASE
    )
    text = re.sub(r"\b(?:m'|t')(?=\w)", "s'", text, flags=re.IGNORECASE)
    text = re.sub(r"\bon me (?=\w)", "on se ", text)
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
    text = re.sub(r"\b[Nn]otre (?=[aeiouyéèêâîôœh])", "son ", text)
    # An infinitive's own pronoun agrees with nobody in particular.
    return re.sub(r"\bse (?=[aeiouyéèêâîôœ])", "s'", text)


def cleaned(text: str) -> str:
    """Drop hesitations and stutters of spoken French."""
    text = text.replace("’", "'").replace("\u202f", " ").replace("\u00a0", " ")
    return without_stutter(without(text, _FILLERS))


def _cut(rest: str) -> tuple[str, bool]:
    """Cut at the clause's end, at 14 words at most, never on a function word."""
    whole = True
    end = _END.search(rest)
    text = rest[: end.start()] if end else rest
    # One job a statement: a second infinitive after « et » is another one.
    joined = re.search(r"\s(?:et|ou|puis)\s(?:de |d'|à |pour |" + _CLITIC + r")(\w+)", text)
    if joined and is_infinitive(joined.group(1)):
        text = text[: joined.start()]
    pieces = text.split()
    if len(words_of(text)) > MOST_WORDS:
        whole = False
        while len(words_of(" ".join(pieces))) > MOST_WORDS:
            pieces.pop()
        # Step back to where a complement or a relative clause begins, if that leaves enough.
        for back in range(len(pieces) - 1, 4, -1):
            if re.match(
                (
                    r"(?:qui|que|qu'|dont|où|quand|lorsqu|avec|dans|sur|pour|par|sans|chez|en|et|ou"
                    r"|comme|si|afin|à|au|aux)$|qu'"
                ),
                pieces[back].lower(),
            ):
                pieces = pieces[:back]
                whole = True
                break
    while (
        pieces
        and pieces[-1].lower().strip(",'") + ("'" if pieces[-1].endswith("'") else "") in DANGLING
    ):
        pieces.pop()
    return " ".join(pieces).strip(" ,-–—"), whole


def _infinitive_at(text: str) -> re.Match[str] | None:
    match = re.match(rf"\s*({_CLITIC})([^\W\d_]+)", text, re.IGNORECASE)
    if match and is_infinitive(match.group(2)):
        return match
    return None


def _clause(rest: str, cue: float, form: Form = "plain") -> Clause | None:
    match = _infinitive_at(rest)
    if match is None:
        return None
    verb = match.group(2).lower()
    # « pouvoir retrouver » says no more than « retrouver ».
    if verb in {"pouvoir", "essayer", "arriver", "réussir"}:
        tail = re.sub(r"^\s*(?:de |d'|à )?", "", rest[match.end() :])
        inner = _clause(tail, cue, form) if _infinitive_at(tail) else None
        if inner:
            return inner
    text, whole = _cut(rest.strip())
    negated = re.match(r"(?:ne |n')?(?:pas|plus|jamais) (?:à |de |d')?(?=\S)", text, re.IGNORECASE)
    if negated:
        tail = text[negated.end() :]
        text = ("éviter d'" if re.match(r"[aeiouyéèêâîôœ]", tail) else "éviter de ") + tail
    text = neutral(text)
    if len(words_of(text)) < FEWEST_WORDS or _WEAK_OBJECT.match(text):
        return None
    vague = verb in VAGUE_VERBS
    return Clause(text, cue - (0.35 if vague else 0.0) - (0.0 if whole else 0.25), form, whole)


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
        bare, whole = _cut(verb + rest)
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
        bare, whole = _cut(match["what"])
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
        bare, whole = _cut(match["what"])
        joint = "d'" if re.match(r"[aeiouyéèêâîôœ]", bare, re.IGNORECASE) else "de "
        yield Clause(neutral(f"éviter {joint}{bare}"), 0.9 if whole else 0.6, "feel", whole)


def _regards(text: str) -> Iterator[Clause]:
    for match in re.finditer(
        r"\b(?P<not>(?:ne |n')?(?:pas|plus|jamais) )?(?:(?:être (?:vue?|perçue?"
        r"|considérée?) comme|passer pour|passe pour)"
        r"|avoir l'air (?:de |d'|du |des )?|paraître|faire (?=pro\b|sérieux|amateur"
        r"|professionnel)) ?(?P<what>[^.;:!?…]+)",
        text,
        re.IGNORECASE,
    ):
        bare, whole = _cut(match["what"])
        if not bare or len(bare.split()) > 10:
            continue
        head = "éviter d'être perçu(e) comme" if match["not"] else "être perçu(e) comme"
        yield Clause(neutral(f"{head} {bare}"), 1.0 if whole else 0.7, "seen", whole)
    for match in re.finditer(
        r"\b(?:montrer|prouver|qu'(?:on|ils|elles|il|elle) (?:voient?|voie|sachent?|sache"
        r"|se disent?|pensent?|pense|comprennent?|croient?|croie|se dise))"
        r"(?: aux? \w+)? (?:bien )?(?P<what>qu(?:e |')[^.;:!?…]+)",
        text,
        re.IGNORECASE,
    ):
        bare, whole = _cut(match["what"])
        if len(bare.split()) >= 3:
            yield Clause(neutral(f"montrer {bare}"), 1.0 if whole else 0.7, "seen", whole)


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
        base = simplemma.lemmatize(verb, "fr")
        if (
            base == verb
            or base in VAGUE_VERBS
            or not is_infinitive(base)
            or base
            in {
                "penser",
                "croire",
                "trouver",
                "aimer",
                "utiliser",
                "parler",
                "imaginer",
                "rappeler",
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
        base = simplemma.lemmatize(match.group(2).lower(), "fr")
        if is_infinitive(base) and base not in VAGUE_VERBS:
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


def clauses(quote: str) -> tuple[Clause, ...]:
    """Return every clause of a French quote that could state a job, the plainest aim first."""
    text = cleaned(quote)
    found = [*_feelings(text), *_regards(text)]
    for pattern, cue in _CUES:
        for match in re.finditer(rf"(?<!\w)(?:{pattern})", text, re.IGNORECASE):
            clause = _clause(text[match.end() :], cue)
            if clause:
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


def lemma(word: str) -> str:
    """Return a French word's dictionary form."""
    return str(simplemma.lemmatize(word.lower(), "fr"))
