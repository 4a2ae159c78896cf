"""Sources into the database as soon as they are taken, readable before any analysis."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max

from embauche.collect import source as heard
from embauche.workbench.models import Participant, Source, Study
from embauche.workbench.services.frozen import freeze


def store_corpus(study: Study, corpus: heard.Corpus) -> list[Source]:
    """Add sources and participants that the study does not have yet; nothing else is touched."""
    store_people(study, corpus.participants)
    held = set(Source.objects.filter(study=study).values_list("key", flat=True))
    last = Source.objects.filter(study=study).aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    rows = [
        fill(Source(study=study, position=first + place), source)
        for place, source in enumerate(one for one in corpus.sources if one.id not in held)
    ]
    return Source.objects.bulk_create(rows, batch_size=200)


def fill(row: Source, source: heard.Source) -> Source:
    """Put a source into a row, without saving it."""
    row.key, row.name, row.kind = source.id, source.name, source.kind.value
    row.language, row.current = source.language.value, True
    row.text, row.sha256 = source.text, source.sha256
    row.words = len(source.text.split())
    row.turns, row.sentences = freeze(source.turns), freeze(source.sentences)
    row.notices = freeze(source.notices)
    return row


def store_people(study: Study, people: Sequence[heard.Participant]) -> None:
    """Add participants that the study does not have yet."""
    everybody = Participant.everybody.filter(study=study)
    rows = list(everybody.only("key", "pseudonym", "position"))
    held = {row.key for row in rows}
    everybody.filter(key__in=[person.id for person in people]).update(current=True)
    shown = {row.pseudonym for row in rows}
    place = max((row.position for row in rows), default=-1)
    new = []
    for person in people:
        if person.id in held:
            continue
        place += 1
        name, number = person.pseudonym, 1
        while name in shown:
            number += 1
            name = f"{person.pseudonym} ({number})"
        shown.add(name)
        new.append(
            Participant(
                study=study,
                key=person.id,
                position=place,
                pseudonym=name,
                situation=dict(person.situation),
                demographics=dict(person.demographics),
            )
        )
    Participant.objects.bulk_create(new, batch_size=500)
