"""Names of persons in talk: by label, introduction, title, address, a list of first names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from embauche.collect.first_names import ALSO_WORDS, FIRST_NAMES, NOT_NAMES
from embauche.collect.role_words import fold
from embauche.collect.speakers import personal_name
from embauche.vocabulary import Language

_CAP: Final = (
    r"[A-ZÀ-ÖØ-ÞŒ](?:[a-zà-öø-ÿœ]+(?:[A-Z][a-z]+)?|['’][A-ZÀ-Þ][a-zà-ÿ]+|[A-ZÀ-Þ]+)(?![^\W\d_])"
)
_WORD: Final = rf"{_CAP}(?:-{_CAP})*(?:['’][a-zà-ÿ]{{3,}})?"
_PARTICLE: Final = (
    r"(?:de la|de|du|des|d['’]|le|la|van der|van den|van|von|da|di|del|el|al|ben|bin|O['’]|Mc|Mac)"
)
_NAME: Final = rf"{_WORD}(?:\s(?:{_PARTICLE}\s?)?{_WORD}){{0,2}}"
_TITLE: Final = re.compile(
    rf"\b(?:M\.|Mr\.?|Mme\.?|Mlle\.?|Mrs\.?|Ms\.?|Miss|Dr\.?|Pr\.?|Prof\.?|Me|Monsieur|Madame|"
    rf"Mademoiselle|Maître|Docteur|Doctor|Professeur|Professor|Sir|Lady|monsieur|madame|"
    rf"mademoiselle|maître|docteur)\s(?P<name>{_NAME})"
)
_KIN_FR: Final = (
    r"femme|mari|épouse|époux|compagnon|compagne|conjointe?|fils|fille|frère|sœur|soeur|père|mère|"
    r"oncle|tante|cousine?|neveu|nièce|belle-mère|beau-père|beau-frère|belle-sœur|collègue|associée?|"
    r"patronne?|chef|cheffe|amie?|copain|copine|voisine?|assistante?|comptable|client|cliente|"
    r"responsable|manager|directeur|directrice|apprentie?|salariée?|employée?|stagiaire|médecin"
)
_KIN_EN: Final = (
    r"wife|husband|partner|son|daughter|brother|sister|father|mother|dad|mom|mum|uncle|aunt|cousin|"
    r"nephew|niece|boss|manager|colleague|coworker|co-worker|friend|neighbor|neighbour|assistant|"
    r"accountant|client|customer|director|supervisor|roommate|boyfriend|girlfriend|buddy|teammate"
)
_SURE: Final = {
    Language.FR: re.compile(
        r"\b(?:[jJ]e m['’]appelle|[mM]on (?:nom|prénom)(?: à moi)?,? (?:est|c['’]est)|"
        r"(?:[iI]l|[eE]lle|[oO]n|qui|[tT]u) (?:s['’]|m['’]|t['’])appell(?:e|ent|es|ait)|"
        r"une? (?:certaine?|dénommée?|nommée?)|prénommée?|"
        r"(?:[mM]on|[mM]a|[nN]otre|[sS]on|[sS]a|[lL]eur|[vV]otre|[tT]on|[tT]a) "
        rf"(?:{_KIN_FR}),?(?: (?:qui )?s['’]appelle)?)\s(?P<name>{_NAME})"
    ),
    Language.EN: re.compile(
        r"\b(?:[mM]y (?:first |last |full )?name(?:['’]s| is)|"
        r"(?:[hH]is|[hH]er|[tT]heir) name(?:['’]s| is| was)|[cC]all me|[yY]ou can call me|"
        r"(?:guy|man|woman|girl|boy|person|lady|colleague|friend|client|someone|somebody) "
        r"(?:named|called)|"
        rf"(?:[mM]y|[oO]ur|[hH]is|[hH]er|[tT]heir|[yY]our) (?:{_KIN_EN}),?)\s(?P<name>{_NAME})"
    ),
}
_DOUBTFUL: Final = {
    Language.FR: re.compile(
        r"(?:\b[mM]oi,? (?:c['’]est|je suis)|\b[jJ]e suis|\b[iI]ci|\b[cC]['’]est|"
        r"(?:^|[.!?]\s|[«\"]\s?)(?:[bB]onjour|[bB]onsoir|[sS]alut|[mM]erci|[cC]her|[cC]hère|"
        rf"[cC]oucou|[aA]u revoir))\s(?P<name>{_NAME})",
        re.MULTILINE,
    ),
    Language.EN: re.compile(
        r"(?:\b(?:I['’]m|I am|[tT]his is|[iI]t['’]s)|(?:^|[.!?]\s|[“\"]\s?)"
        r"(?:[hH]i|[hH]ello|[hH]ey|[tT]hanks|[tT]hank you|[dD]ear|[gG]ood morning|[bB]ye)),?"
        rf"\s(?P<name>{_NAME})",
        re.MULTILINE,
    ),
}
_SAYS: Final = {
    Language.FR: re.compile(
        rf"\b(?P<name>{_NAME})\s(?:(?:m['’]|me |nous |lui )?(?:a dit|avait dit|dit que|disait|"
        r"a demandé|m['’]a (?:dit|appelée?|demandé|montré|expliqué|envoyé|aidée?)|nous a|voulait|"
        r"pense que|s['’]occupe))"
    ),
    Language.EN: re.compile(
        rf"\b(?P<name>{_NAME})\s(?:said|says|told|asked|thinks|wanted|called me|emailed|"
        r"showed me|sent me|helped me)\b"
    ),
}
_LISTED: Final = re.compile(rf"(?<![\w’'-]){_WORD}")
_AFTER: Final = re.compile(rf"\s(?:{_PARTICLE}\s?)?(?P<more>{_WORD})")
_BEGINS: Final = re.compile(r"(?:^|[.!?…:]\s+|\n|[«“\"(\[*-]\s?)$")


@dataclass(frozen=True, slots=True)
class NameHit:
    """A name of a person: where, whose (folded), why, and whether the rule is seldom wrong."""

    start: int
    end: int
    key: str
    reason: str
    sure: bool


def name_key(name: str) -> str:
    """Return the folded name by which a person is the same everywhere."""
    return " ".join(re.sub(r"['’]s$", "", fold(name)).replace("-", " ").split())


def find_names(
    text: str,
    language: Language,
    *,
    labels: Sequence[str] = (),
    names: Sequence[str] = (),
    taken: Sequence[tuple[int, int]] = (),
) -> list[NameHit]:
    """Find names of persons; every occurrence of a name that is sure once is found.

    Parameters
    ----------
    text, language
        The text and its language.
    labels
        Labels of speakers, as written.
    names
        Names that are known, from elsewhere or because a person added them.
    taken
        Spans that are something else.
    """
    persons = [label for label in labels if personal_name(label)]
    first = list(_told(text, language))
    sure = {name_key(text[a:b]) for a, b, _, certain in first if certain}
    known = {name_key(name): "added" for name in names if len(name_key(name)) > 1}
    known |= {name_key(label): "label" for label in persons}
    people = _people([*known, *sure])
    spans: dict[tuple[int, int], tuple[str, bool]] = {}
    for start, end, reason, certain in first:
        if (start, end) not in spans or (certain and not spans[start, end][1]):
            spans[start, end] = reason, certain
    for start, end, key in _occurrences(text, people):
        known_by = known.get(key) or next((known[k] for k in known if key in k.split()), "again")
        single = " " not in key and key in ALSO_WORDS and key not in known
        spans.setdefault((start, end), (known_by, not single))
    for start, end in _literal(text, names):
        spans.setdefault((start, end), ("added", True))
    hits = []
    last = 0
    for (start, end), (reason, certain) in sorted(
        spans.items(), key=lambda item: (item[0][0], -item[0][1], not item[1][1])
    ):
        if start < last or any(a < end and start < b for a, b in taken):
            continue
        last = end
        key = name_key(text[start:end])
        hits.append(NameHit(start, end, people.get(key, key), reason, certain))
    return hits


def _people(keys: Iterable[str]) -> dict[str, str]:
    """Return each name, and the parts that only one full name has, with the person's full name."""
    full = sorted(set(keys), key=lambda key: (-len(key.split()), key))
    owners: dict[str, set[str]] = {}
    people: dict[str, str] = {}
    for key in full:
        words = key.split()
        if len(words) > 1:
            for word in {words[0], words[-1]}:
                if len(word) > 2 and word not in NOT_NAMES:
                    owners.setdefault(word, set()).add(key)
        people[key] = key
    for word, whose in owners.items():
        if len(whose) == 1:
            people[word] = next(iter(whose))
    return people


def _occurrences(text: str, people: dict[str, str]) -> Iterator[tuple[int, int, str]]:
    if not people:
        return
    for match in re.finditer(_SPELT, text):
        for part in _runs(match):
            key = name_key(text[part[0] : part[1]])
            if key in people:
                yield part[0], part[1], key


def _literal(text: str, names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield what a person asked for as they wrote it, small letters included."""
    wanted = sorted(
        {name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True
    )
    if wanted:
        pattern = "|".join(r"\s+".join(map(re.escape, name.split())) for name in wanted)
        for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text):
            yield match.span()


_SPELT: Final = re.compile(rf"(?<![\w@.-]){_WORD}(?:\s(?:{_PARTICLE}\s?)?{_WORD}){{0,3}}")


def _runs(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield every run of words of a match, the longest first."""
    words = [
        (match.start() + found.start(), match.start() + found.end())
        for found in re.finditer(r"[^\s]+", match[0])
    ]
    for size in range(len(words), 0, -1):
        for first in range(len(words) - size + 1):
            yield words[first][0], words[first + size - 1][1]


def _told(text: str, language: Language) -> Iterator[tuple[int, int, str, bool]]:
    """Yield spans that a rule takes for names: start, end, reason, sure."""
    for match in _TITLE.finditer(text):
        yield from _kept(text, match, "title", certain=True)
    for match in _SURE[language].finditer(text):
        # What "is called X" may be a thing, and so may what is written in capitals.
        thing = match[0].startswith(("qui s", "Qui s")) or match["name"].isupper()
        listed = fold(match["name"]).split(" ")[0].split("-")[0] in FIRST_NAMES
        yield from _kept(text, match, "introduced", certain=listed or not thing)
    for match in _DOUBTFUL[language].finditer(text):
        listed = fold(match["name"]).split(" ")[0].split("-")[0] in FIRST_NAMES
        yield from _kept(text, match, "introduced", certain=listed, listed=True)
    for match in _SAYS[language].finditer(text):
        yield from _kept(text, match, "told", certain=False, listed=False)
    yield from _listed(text)


def _kept(
    text: str, match: re.Match[str], reason: str, *, certain: bool, listed: bool = False
) -> Iterator[tuple[int, int, str, bool]]:
    start, end = match.span("name")
    words = list(re.finditer(r"\S+", text[start:end]))
    # What a name runs into is not part of it: "my boss Marie But then…".
    kept = []
    for word in words:
        if fold(word[0]) in NOT_NAMES:
            break
        kept.append(word)
    while kept and not kept[-1][0][0].isupper():
        kept.pop()
    if not kept:
        return
    first = fold(kept[0][0]).split("-")[0]
    if listed and first not in FIRST_NAMES and reason == "introduced" and len(kept) < 2:
        return
    if reason == "told" and first not in FIRST_NAMES and _at_beginning(text, start):
        return
    yield start + kept[0].start(), start + kept[-1].end(), reason, certain


def _listed(text: str) -> Iterator[tuple[int, int, str, bool]]:
    for match in _LISTED.finditer(text):
        word = fold(match[0])
        first = word.split("-")[0]
        if first not in FIRST_NAMES or word in NOT_NAMES or (match[0].isupper() and len(word) < 4):
            continue
        start, end = match.span()
        surname = False
        while (more := _AFTER.match(text, end)) is not None and end - start < 60:
            if fold(more["more"]) in NOT_NAMES or "\n" in more[0]:
                break
            end, surname = more.end(), True
        ordinary = first in ALSO_WORDS and "-" not in word
        doubtful = ordinary and (not surname or _at_beginning(text, start))
        yield start, end, "first_name", not doubtful


def _at_beginning(text: str, at: int) -> bool:
    return _BEGINS.search(text[max(0, at - 4) : at]) is not None or at == 0
