"""Search in everything that was said: words with their forms, phrases, word beginnings.

The folded texts of a study lie in the memory of the process, one after the other, and are read
from the database again only after an analysis: sources do not change in between.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from embauche.vocabulary import Facet
from embauche.workbench.models import Evidence, Participant, Result, SearchText, Source, Study, User
from embauche.workbench.services.folding import SEPARATOR, folded, variants
from embauche.workbench.services.keeping import FORMS
from embauche.workbench.services.visibility import as_seen, visible_evidence

_TERM: Final = re.compile(r'"([^"]+)"|«\s*([^»]+?)\s*»|“([^”]+)”|(\S+)')
_MOST_TERMS: Final = 8
_MOST_HITS: Final = 2000
_KEPT: Final = 3


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to find: the ways in which it is written, and whether a word may go on after it."""

    ways: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that holds all that was asked for.

    Attributes
    ----------
    source, source_name, language
        Where it stands.
    participant, interviewer
        Who says it: the pseudonym, or that it is the interviewer.
    start, end
        The sentence, in code points of the source's text.
    parts
        Its words, cut where something was found: text and whether it is what was asked for.
    before, after
        The sentences around it.
    evidence
        What it was coded with, as the person may see it.
    """

    source: int
    source_name: str
    language: str
    participant: str
    interviewer: bool
    start: int
    end: int
    parts: tuple[tuple[str, bool], ...]
    before: str
    after: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: how many sentences in how many sources, and those of one page.

    `cut` is True where more was found than is counted.
    """

    n: int
    sources: int
    hits: tuple[Hit, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Text:
    pk: int
    name: str
    kind: str
    language: str
    text: str
    begins: int
    starts: tuple[int, ...]
    speakers: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class _Index:
    sources: tuple[_Text, ...]
    begins: tuple[int, ...]
    joined: str
    forms: dict[str, list[str]]


_indexes: OrderedDict[int, tuple[str, _Index]] = OrderedDict()
_lock = Lock()


def search(
    study: Study,
    actor: User,
    query: str,
    *,
    facet: str = "",
    participant: str = "",
    kind: str = "",
    who: str = "",
    begin: int = 0,
    most: int = 30,
) -> Found:
    """Find sentences.

    Words are found in all their forms, with or without accents and capitals; several words must
    stand in the same sentence; words between quotation marks stand together as they are; a star
    ends the beginning of a word (``reun*``).

    Parameters
    ----------
    facet
        Only sentences that were given this facet; ``"none"`` those that were given none.
    participant, kind
        Only what this participant said; only sources of this kind.
    who
        ``"participants"`` or ``"interviewers"``; both by default.
    begin, most
        Place of the first hit to return, and how many.
    """
    index = _index(study)
    terms = terms_of(query, index.forms)
    if not terms:
        return Found(0, 0, ())
    wanted = None
    if facet:
        wanted = _coded(study, actor, facet)
    places: list[tuple[_Text, int, int]] = []
    cut = False
    for text, start, end in _sentences(index, terms):
        if kind and text.kind != kind:
            continue
        speaker = text.speakers[max(bisect_right(text.starts, start) - 1, 0)]
        if participant and speaker != participant:
            continue
        if who and (who == "interviewers") != (speaker is None):
            continue
        if wanted is not None:
            spans = wanted.get(text.pk, ())
            given = any(first < end and last > start for first, last in spans)
            if given == (facet == "none"):
                continue
        if len(places) >= _MOST_HITS:
            cut = True
            break
        places.append((text, start, end))
    shown = places[begin : begin + most]
    hits = _hits(study, actor, shown, terms)
    return Found(len(places), len({text.pk for text, _, _ in places}), hits, cut)


def terms_of(query: str, forms: dict[str, list[str]]) -> tuple[Term, ...]:
    """Read a query: words, phrases between quotation marks, beginnings of words with a star."""
    found = []
    for match in _TERM.finditer(query[:400]):
        phrase, word = match[1] or match[2] or match[3], match[4]
        if phrase:
            plain = " ".join(folded(phrase).split())
            if plain:
                found.append(Term(variants(plain)))
            continue
        begins = word.endswith("*")
        for plain in re.findall(r"[^\W_]+(?:[-'][^\W_]+)*", folded(word)):
            ways = (plain,) if begins else _ways(plain, forms)
            every = tuple(dict.fromkeys(form for way in ways for form in variants(way)))
            found.append(Term(every, begins))
    return tuple(found[:_MOST_TERMS])


def _ways(word: str, forms: dict[str, list[str]]) -> tuple[str, ...]:
    """Return a word with its other forms; one that nobody used, by the form that it comes from."""
    same = forms.get(word)
    if same is None:
        for ending in ("s", "x", "es", "e", "ed", "ing"):
            stem = word.removesuffix(ending)
            if stem != word and stem in forms:
                same = forms[stem]
                break
    if same is None:
        return (word, f"{word}s") if len(word) > 2 else (word,)
    return (word, *(form for form in same if form != word))


def _sentences(index: _Index, terms: Sequence[Term]) -> Iterator[tuple[_Text, int, int]]:
    """Give the sentences that hold all terms, in the order of the sources."""
    joined = index.joined
    # The rarest term leads; the others are looked for in its sentences only.
    counted = sorted(terms, key=lambda term: sum(joined.count(way) for way in term.ways))
    first, rest = counted[0], counted[1:]
    seen = -1
    for at in _places(joined, first):
        if at < seen:
            continue
        start, end = _around(joined, at)
        seen = end
        sentence = joined[start:end]
        if all(any(True for _ in _places(sentence, term)) for term in rest):
            text = index.sources[bisect_right(index.begins, start) - 1]
            yield text, start - text.begins, end - text.begins


def _places(text: str, term: Term) -> Iterator[int]:
    """Give where a term stands as whole words, in order."""
    for at, _ in sorted(_spans(text, term)) if len(term.ways) > 1 else _spans(text, term):
        yield at


def _spans(text: str, term: Term) -> Iterator[tuple[int, int]]:
    for way in term.ways:
        at = text.find(way)
        while at >= 0:
            end = at + len(way)
            alone = not text[at - 1 : at].isalnum() if at else True
            if alone and (term.begins or not text[end : end + 1].isalnum()):
                yield at, end
            at = text.find(way, end)


def _around(text: str, at: int) -> tuple[int, int]:
    """Return the sentence around a position: what stands between two separators."""
    start = text.rfind(SEPARATOR, 0, at) + 1
    end = text.find(SEPARATOR, at)
    return start, end if end >= 0 else len(text)


def _coded(study: Study, actor: User, facet: str) -> dict[int, list[tuple[int, int]]]:
    """Return source → spans that were given a facet, or any at all."""
    rows = visible_evidence(study, actor).exclude(status="rejected")
    if facet != "none":
        rows = rows.filter(facet=Facet(facet).value)
    found: dict[int, list[tuple[int, int]]] = {}
    for source, start, end in rows.order_by().values_list("source_id", "start", "end"):
        found.setdefault(source, []).append((start, end))
    return found


def _hits(
    study: Study, actor: User, places: Sequence[tuple[_Text, int, int]], terms: Sequence[Term]
) -> tuple[Hit, ...]:
    """Read the words of some places, and what they were coded with."""
    keys = {text.pk for text, _, _ in places}
    words = dict(Source.objects.filter(pk__in=keys).values_list("pk", "text"))
    names = dict(Participant.objects.filter(study=study).values_list("key", "pseudonym"))
    rows = visible_evidence(study, actor).filter(source__in=keys).exclude(status="rejected")
    beside: dict[int, list[Evidence]] = {}
    near = [
        row
        for row in rows.select_related("coder")
        if any(
            text.pk == row.source_id and row.start < end and row.end > start
            for text, start, end in places
        )
    ]
    for row in as_seen(near, study, actor):
        beside.setdefault(row.source_id, []).append(row)
    found = []
    for text, start, end in places:
        said = words[text.pk]
        speaker = text.speakers[max(bisect_right(text.starts, start) - 1, 0)]
        before, after = _beside(text.text, start, end)
        found.append(
            Hit(
                source=text.pk,
                source_name=text.name,
                language=text.language,
                participant=names.get(speaker, speaker) if speaker else "",
                interviewer=speaker is None,
                start=start,
                end=end,
                parts=_parts(said[start:end], text.text[start:end], terms),
                before=said[slice(*before)],
                after=said[slice(*after)],
                evidence=tuple(
                    row for row in beside.get(text.pk, ()) if row.start < end and row.end > start
                ),
            )
        )
    return tuple(found)


def _beside(text: str, start: int, end: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the spans of the sentences before and after, where they follow at once."""
    before = after = (0, 0)
    last = start
    while last > 0 and text[last - 1] == SEPARATOR:
        last -= 1
    if last and start - last < 3:
        before = (text.rfind(SEPARATOR, 0, last) + 1, last)
    first = end
    while first < len(text) and text[first] == SEPARATOR:
        first += 1
    if first < len(text) and first - end < 3:
        until = text.find(SEPARATOR, first)
        after = (first, until if until >= 0 else len(text))
    return before, after


def _parts(words: str, plain: str, terms: Sequence[Term]) -> tuple[tuple[str, bool], ...]:
    """Cut a sentence where something was found."""
    spans = sorted(span for term in terms for span in _spans(plain, term))
    parts: list[tuple[str, bool]] = []
    at = 0
    for start, end in spans:
        if start < at:
            continue
        if start > at:
            parts.append((words[at:start], False))
        parts.append((words[start:end], True))
        at = end
    if at < len(words):
        parts.append((words[at:], False))
    return tuple(parts)


def _index(study: Study) -> _Index:
    """Return the folded texts of a study, from memory where nothing was analysed since."""
    stamp = f"{study.analysed_at}"
    with _lock:
        held = _indexes.get(study.pk)
        if held is not None and held[0] == stamp:
            _indexes.move_to_end(study.pk)
            return held[1]
    made = _read(study)
    with _lock:
        _indexes[study.pk] = (stamp, made)
        while len(_indexes) > _KEPT:
            _indexes.popitem(last=False)
    return made


def _read(study: Study) -> _Index:
    fields = ("source_id", "source__name", "source__kind", "source__language", "source__turns")
    rows = SearchText.objects.filter(source__study=study, source__current=True)
    sources: list[_Text] = []
    joined: list[str] = []
    begins = 0
    for pk, name, kind, language, turns, text in rows.order_by("source__position").values_list(
        *fields, "text"
    ):
        sources.append(
            _Text(
                pk=pk,
                name=name,
                kind=kind,
                language=language,
                text=text,
                begins=begins,
                starts=tuple(turn["start"] for turn in turns),
                speakers=tuple(_speaker(turn) for turn in turns),
            )
        )
        joined += [text, SEPARATOR]
        begins += len(text) + 1
    forms: dict[str, Any] | None = (
        Result.objects.filter(study=study, part=FORMS).values_list("data", flat=True).first()
    )
    return _Index(
        tuple(sources), tuple(item.begins for item in sources), "".join(joined), forms or {}
    )


def _speaker(turn: dict[str, Any]) -> str | None:
    return turn["participant"] if turn["role"] == "participant" else None
