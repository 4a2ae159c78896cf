"""A source gets another text: what people coded in it moves along, or is kept as history."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from embauche.collect import source as heard
from embauche.identify.proposals import evidence_id
from embauche.vocabulary import Facet
from embauche.workbench.models import Evidence, Participant, SearchText, Source, Study
from embauche.workbench.services.intake_storing import fill, store_people
from embauche.workbench.services.rekeying import Renaming, Span, rename

_TOKEN = re.compile(r"\[([^\[\]]+ \d+)\]")
_TEXT = ("kind", "language", "text", "sha256", "words", "turns", "sentences", "notices")


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of the evidence of a source: moved along, kept as history, dropped."""

    moved: int
    left: int
    dropped: int


def coded_by_people(source: Source) -> Q:
    """Return the condition of evidence that a person decided about or wrote a memo on."""
    return Q(source=source) & (Q(reviewer__isnull=False) | ~Q(memo="") | Q(codings__isnull=False))


def give_text(
    row: Source,
    corpus: heard.Corpus,
    span: Span,
    *,
    people: Mapping[str, str] | None = None,
    retold: Callable[[str], str] | None = None,
) -> Moved:
    """Give a row of a source another text, and see to all that was said about the old one.

    Parameters
    ----------
    row
        The source as it is kept.
    corpus
        The source as it is read now, alone, and its participants.
    span
        Where a span of the old text stands in the new one; ``None`` where it does not.
    people
        Id of a participant before → now.
    retold
        Puts tokens into everything else that was written.
    """
    study, before, now = row.study, row.key, corpus.sources[0]
    history = f"{before}~{row.sha256[:8]}"
    kept = _kept(row) if retold is None else None
    _rename_people(study, people or {}, retold)
    store_people(study, corpus.participants)
    rows = {person.key: person for person in Participant.objects.filter(study=study)}
    ids: dict[str, str] = {}
    moved: list[Evidence] = []
    left: list[Evidence] = []
    dropped: list[int] = []
    for item in Evidence.objects.filter(source=row).select_related("participant"):
        there = span(item.start, item.end)
        if there is not None:
            key = key_after(item, before, now.id, there)
            ids[item.key] = key
            item.key, (item.start, item.end) = key, there
            item.quote = now.text[slice(*there)]
            item.participant = rows.get(_speaker(now, there) or "", item.participant)
            moved.append(item)
        elif kept is None or item.pk in kept:
            ids[item.key] = item.key = f"{item.key}~{row.sha256[:8]}"
            item.current = False
            left.append(item)
        else:
            dropped.append(item.pk)
    Evidence.objects.filter(pk__in=dropped).delete()
    if left:
        old = Source.objects.create(**_as_history(row, history))
        for item in left:
            item.source = old
    fields = ["key", "start", "end", "quote", "participant", "source", "current"]
    Evidence.objects.rewrite([*moved, *left], fields)
    SearchText.objects.filter(source=row).delete()
    fill(row, now).save(update_fields=[*_TEXT, "key", "name", "current"])
    rename(
        study,
        Renaming(
            source=before,
            renamed=now.id,
            evidence=ids,
            people=people or {},
            span=span,
            text=now.text,
            history=history,
            **({"retold": retold} if retold is not None else {}),
        ),
    )
    Participant.objects.filter(study=study, evidence__isnull=True).exclude(
        key__in=heard_in(study)
    ).delete()
    return Moved(len(moved), len(left), len(dropped))


def _kept(row: Source) -> set[int]:
    return set(Evidence.objects.filter(coded_by_people(row)).values_list("pk", flat=True))


def _as_history(row: Source, key: str) -> dict[str, object]:
    names = (*_TEXT, "study", "position", "name")
    return {name: getattr(row, name) for name in names} | {"key": key, "current": False}


def key_after(item: Evidence, before: str, now: str, there: tuple[int, int]) -> str:
    """Return the id at the new place; one that was not made of the old place stays."""
    for facet in Facet:
        if item.key == evidence_id(before, item.start, item.end, facet):
            return evidence_id(now, *there, facet)
    return item.key


def _speaker(source: heard.Source, span: tuple[int, int]) -> str | None:
    for turn in source.turns:
        if turn.start <= span[0] < turn.end:
            return turn.participant
    return None


def _rename_people(
    study: Study, people: Mapping[str, str], retold: Callable[[str], str] | None
) -> None:
    for row in Participant.everybody.filter(study=study):
        key = people.get(row.key, row.key)
        name = row.pseudonym if retold is None else _TOKEN.sub(r"\1", retold(row.pseudonym))
        if (key, name) != (row.key, row.pseudonym):
            Participant.everybody.filter(pk=row.pk).update(key=key, pseudonym=name)
    if all(before == now for before, now in people.items()):
        return
    for one in Source.objects.filter(study=study).only("pk", "turns"):
        # Somebody may be heard in several sources.
        told = [turn | {"participant": _now(people, turn["participant"])} for turn in one.turns]
        if told != one.turns:
            Source.objects.filter(pk=one.pk).update(turns=told)


def _now(people: Mapping[str, str], key: str | None) -> str | None:
    return people.get(key, key) if key is not None else None


def heard_in(study: Study, but: int | None = None) -> set[str]:
    """Return the participants whom some source of the study holds; `but` leaves one out."""
    found: set[str] = set()
    rows = Source.objects.filter(study=study, current=True).exclude(pk=but)
    for turns in rows.values_list("turns", flat=True):
        found.update(turn["participant"] for turn in turns if turn["participant"])
    return found


def keep_as_history(row: Source) -> None:
    """Take the text of a source out of the study; what people decided in it stays on record."""
    mark = row.sha256[:8]
    kept = _kept(row)
    Evidence.objects.filter(source=row).exclude(pk__in=kept).delete()
    if not kept:
        row.delete()
        return
    for item in Evidence.objects.filter(pk__in=kept):
        Evidence.objects.filter(pk=item.pk).update(key=f"{item.key}~{mark}", current=False)
    Source.objects.filter(pk=row.pk).update(key=f"{row.key}~{mark}", current=False)
