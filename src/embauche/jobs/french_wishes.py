"""French clauses already in the form of emotional and social jobs: what to feel, how to be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from embauche.jobs.clause import Clause
from embauche.jobs.french_grammar import avoiding, cut, infinitive_at, neutral, says_what

_MOODS: Final = (
    r"(?:tranquilles?|sereine?s?|rassurée?s?|en paix|en sécurité|en confiance|à l'aise|libres?"
    r"|fi(?:er|ère)s?"
    r"|sûre?s?|confiante?s?|calmes?|zen|détendue?s?|contente?s?|utiles?|légère?|léger"
    r"|capables?|fortes?|forts?"
    r"|à la hauteur|à ma place|chez (?:moi|soi)|moi-même|soulagée?s?|protégée?s?|entourée?s?"
    r"|soutenue?s?"
    r"|apaisée?s?|attendue?s?|maître|maîtresse|autonomes?|indépendante?s?|vivante?s?"
    r"|normale?s?|aimable"
    r"|prête?s?|en forme|heureu(?:x|se)s?|moins \w+)"
)

_FED_UP: Final = re.compile(
    r"(?:marre|assez|ras-le-bol|n'en (?:peux|pouvais|peut|pouvait) plus|\bfatiguée?|\blasse?"
    r"|\bpeur"
    r"|\bhonte|\bhantise)\s(?:de |d')$",
    re.IGNORECASE,
)


_ENDED: Final = re.compile(
    r"(?<!\w)(?:pas|plus|jamais|sans|(?:cess|arrêt|évit)\w+ (?:de |d')|peur (?:de |d'))\s*$",
    re.IGNORECASE,
)


def feelings(text: str) -> Iterator[Clause]:
    """Yield what people want to feel, or stop feeling."""
    for match in re.finditer(
        r"(?<!\w)(?P<not>(?:ne |n')?(?:pas|plus|jamais) )?(?:me|m'|se|nous|vous) "
        r"?(?P<verb>sentir|faire du souci|inquiéter|soucier)"
        r"(?P<rest> [^.;:!?…]*)?",
        text,
        re.IGNORECASE,
    ):
        verb = match["verb"].lower()
        bare, whole = cut(verb + (match["rest"] or ""))
        if verb == "sentir" and len(bare.split()) < 2:
            continue
        head = "s'inquiéter" + bare[len("inquiéter") :] if verb == "inquiéter" else f"se {bare}"
        before = text[: match.start()]
        if match["not"] or verb != "sentir" or _FED_UP.search(before) or _ENDED.search(before):
            head = f"éviter de {head}"
        yield Clause(neutral(head), 1.0 if whole else 0.7, "feel", whole)
    for match in re.finditer(
        rf"(?<!\w)(?:être|rester|redevenir) (?P<what>(?:plus |enfin |bien "
        rf"|tout à fait )?{_MOODS}(?!\w)"
        r"[^.;:!?…]*)",
        text,
        re.IGNORECASE,
    ):
        if _ENDED.search(text[: match.start()]):
            continue
        bare, whole = cut(match["what"])
        yield Clause(neutral(f"se sentir {bare}"), 0.95 if whole else 0.7, "feel", whole)
    for match in re.finditer(
        rf"(?<!\w)je me sens (?P<what>(?:enfin |beaucoup |bien |plus "
        rf"|très )?{_MOODS}(?!\w)[^.;:!?…]*)",
        text,
        re.IGNORECASE,
    ):
        bare, whole = cut(match["what"])
        yield Clause(neutral(f"se sentir {bare}"), 0.7 if whole else 0.4, "feel", whole)
    yield from _spared(text)


_SPARED: Final = re.compile(
    r"(?<!\w)(?:sans|(?:ne )?(?:plus jamais|plus|pas|jamais)(?: avoir à)?|(?:arrêter|arrête"
    r"|arrêté|cesser"
    r"|éviter|dispense|évite|m'éviter) (?:de |d')"
    r"|(?:marre|assez|ras-le-bol|n'en (?:peux|pouvais) plus|fatiguée?|lasse?|peur"
    r"|hantise) (?:de |d'))"
    r"\s*(?=\S)",
    re.IGNORECASE,
)


def _spared(text: str) -> Iterator[Clause]:
    """Yield what people want to be spared: « sans guetter … », « ne plus avoir peur de … »."""
    for match in _SPARED.finditer(text):
        rest = text[match.end() :]
        at = infinitive_at(rest)
        if at is None or re.search(r"(?<!\w)(?:pas|plus|vous)\b", at.group(1), re.IGNORECASE):
            continue
        if re.search(r"\bqu(?:e |')[^,;.]{2,40}$", text[: match.start()]) and re.match(
            r"arrêt", match.group(), re.IGNORECASE
        ):
            continue  # « que mon père arrête de dire … » : another's doing
        if re.search(
            r"besoin (?:de )?$|arrivée? à ne plus $",
            text[: match.start()] + match.group(),
            re.IGNORECASE,
        ):
            continue
        verb = at.group(2).lower()
        if verb in {"aimer", "vouloir", "pouvoir", "savoir", "devoir", "venir", "mentir"}:
            continue  # what one can no longer do is a loss, not an aim
        bare, whole = cut(rest.strip())
        alone = verb in _TROUBLED and len(bare.split()) >= 1
        text_made = neutral(avoiding(bare))
        if alone or says_what(bare, verb):
            yield Clause(text_made, 0.9 if verb in _TROUBLED else 0.7, "feel", whole)


_TROUBLED: Final = frozenset(
    """
    stresser paniquer angoisser culpabiliser gamberger ruminer énerver craindre redouter douter
    inquiéter trembler regretter
    """.split()  # noqa: SIM905
)


_UNWANTED: Final = re.compile(r"(?<!\w)(?:pas|plus|jamais|surtout pas|sans) (?:\w+ )?$")

_WANTED: Final = re.compile(
    r"(?:\b(?:veux|veut|voulais|voulait|voudrais|aimerais|envie|besoin|pour|afin|essaie"
    r"|cherche|important)"
    r"(?:[^.;]{0,25}))$",
    re.IGNORECASE,
)


def _seen_as(what: str, *, unwanted: bool) -> str:
    head = "éviter d'être" if unwanted else "être"
    many = "s" if re.match(r"(?:des|les) ", what, re.IGNORECASE) else ""
    return neutral(f"{head} perçu(e){many} comme {what}")


def regards(text: str) -> Iterator[Clause]:  # noqa: C901 - one case a way of saying it
    """Yield how people want to be seen, or not to be seen."""
    for match in re.finditer(
        r"(?<!\w)(?P<not>(?:ne |n')?(?:pas|plus|jamais|sans) )?(?:"
        r"(?P<as>être (?:vue?s?|perçue?s?|considérée?s?|reconnue?s?) comme)"
        r"|(?P<pass>passer pour|(?:me|m'|nous|vous) ?(?:prenne(?:nt)?|prend(?:re|s)?"
        r"|prennent) pour)"
        r"|(?:me|nous) (?:voi(?:en)?t|voie|considère|considèrent) comme"
        r"|avoir l'air (?:de |d'|(?P<du>du ))?(?=\w)|paraître|faire (?=pro\b|sérieux|sérieuse"
        r"|amateur|professionnel)|être (?=(?:un |une |la |le |celui |celle )(?!\w+(?:er|ir)\b))"
        r") ?(?P<what>[^.;:!?…]+)",
        text,
        re.IGNORECASE,
    ):
        bare, whole = cut(match["what"])
        if not bare or len(bare.split()) > 12:
            continue
        if match["du"]:
            bare = f"le {bare}"
        before = text[: match.start()]
        unwanted = bool(match["not"] or _UNWANTED.search(before) or _FED_UP.search(before))
        aimed = bool(_WANTED.search(before))
        if match["pass"]:
            # « passer pour » is nearly always feared; where no aim is told, nothing is known.
            denied = re.search(
                r"(?:\b(?:ne|n'|j')[^.;]{0,30}(?:pas|plus|jamais)|pas|plus|sans"
                r"|éviter)\b[^.;]{0,30}$",
                before,
                re.IGNORECASE,
            )
            if not (unwanted or denied):
                continue
            unwanted = True
        elif not (unwanted or aimed):
            continue
        elif not unwanted and re.search(
            r"\b(?:veux|veut|voulais|voudrais|envie|aimerais|voulait) (?:pas|plus"
            r"|jamais)\b[^.;,]{0,20}$"
            r"|\b(?:pas|plus|jamais) (?:d')?envie (?:de |d')$",
            before,
            re.IGNORECASE,
        ):
            unwanted = True
        yield Clause(_seen_as(bare, unwanted=unwanted), 1.0 if whole else 0.7, "seen", whole)
    for match in re.finditer(
        r"\b(?:montrer|prouver|qu(?:'(?:on|ils|elles|il|elle)|e (?:mes|les|mon|ma|le|la"
        r"|tout le) \w+) (?:voient?|voie|sachent?|sache"
        r"|se disent?|pensent?|pense|comprennent?|croient?|croie|se dise))"
        r"(?P<to> (?:à (?:la |l'|mes |mon |ma )?|aux? )\w+)? (?:bien )?(?P<what>qu(?:e "
        r"|')[^.;:!?…]+)",
        text,
        re.IGNORECASE,
    ):
        bare, whole = cut(match["what"])
        if len(bare.split()) < 3:
            continue
        head = f"montrer{match['to'] or ''} {bare}"
        if re.search(
            r"(?<!\w)(?:pas|plus|jamais|surtout pas|sans) (?:\w+ )?$", text[: match.start()]
        ):
            # What people must not think is only turned round where it says what one is.
            feared = re.match(r"que je (?:suis|sois) (.+)", bare, re.IGNORECASE)
            if feared is None:
                continue
            head = _seen_as(feared.group(1), unwanted=True)
        yield Clause(neutral(head), 1.0 if whole else 0.7, "seen", whole)
