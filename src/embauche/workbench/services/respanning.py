"""Evidence that began in a speaker's label keeps the words that remain once the label is known.

Its decisions, codings, comments and history go along: only its span, its quote and what it is
called by change, and a change of speakers that is taken back gives them back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from embauche.collect.source import Turn
from embauche.vocabulary import SpeakerRole
from embauche.workbench.models import Event, Evidence, Source
from embauche.workbench.services.moving import key_after
from embauche.workbench.services.rekeying import Renaming, rename

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Respan:
    """A piece of evidence that gets another span: its words there, and who says them."""

    row: Evidence
    key: str
    span: Span
    person: str


def words_left(text: str, span: Span, turns: Iterable[Turn]) -> tuple[Span, str] | None:
    """Return which words of a span a participant says, and who, where nobody says the others.

    ``None`` where two people's turns are in the span, or no participant's words.
    """
    there = [turn for turn in turns if turn.start < span[1] and span[0] < turn.end]
    if len(there) != 1 or there[0].role is not SpeakerRole.PARTICIPANT:
        return None
    turn = there[0]
    start, end = max(span[0], turn.start), min(span[1], turn.end)
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    if turn.participant is None or not any(letter.isalnum() for letter in text[start:end]):
        return None
    return (start, end), turn.participant


def respanned(
    source: Source, wanted: Sequence[tuple[Evidence, Span, str]]
) -> tuple[list[Respan], list[Evidence]]:
    """Name evidence by other spans; also return that whose new name is another's already."""
    named = [
        Respan(row, key_after(row, source.key, source.key, span), span, person)
        for row, span, person in wanted
    ]
    keys = [one.key for one in named]
    rows = Evidence.objects.filter(study_id=source.study_id, key__in=keys)
    taken = dict(rows.values_list("key", "pk"))
    found, left = [], []
    for one in named:
        if taken.setdefault(one.key, one.row.pk) == one.row.pk:
            found.append(one)
        else:
            left.append(one.row)
    return found, left


def give_spans(source: Source, changes: Sequence[Respan], people: Mapping[str, int]) -> None:
    """Give evidence its other spans, and call it by them wherever it is named."""
    for one in changes:
        Evidence.objects.filter(pk=one.row.pk).update(
            key=one.key,
            start=one.span[0],
            end=one.span[1],
            quote=source.text[slice(*one.span)],
            participant=people[one.person],
            version=F("version") + 1,
        )
    moved = {(one.row.start, one.row.end): one.span for one in changes}
    if moved:
        rename(
            source.study,
            Renaming(
                source=source.key,
                renamed=source.key,
                evidence={one.row.key: one.key for one in changes},
                span=lambda start, end: moved.get((start, end), (start, end)),
                text=source.text,
            ),
        )


def noted(source: Source, changes: Sequence[Respan]) -> list[dict[str, Any]]:
    """Return what an event says of spans that changed: enough to give them back."""
    return [
        {"source": source.key, "row": one.row.pk, "spans": [[one.row.start, one.row.end], one.span]}
        for one in changes
    ]


def spans_before(event: Event) -> dict[int, tuple[Span, Span]]:
    """Return evidence → its span before an event and after it."""
    notes = (event.payload or {}).get("trimmed", ())
    # Where the text was replaced since, a span may be gone.
    return {
        note["row"]: (tuple(note["spans"][0]), tuple(note["spans"][1]))
        for note in notes
        if len(note["spans"]) == 2
    }
