"""A source as it is read: turns, marker strokes in the words, evidence beside them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from embauche.workbench.models import Evidence, Participant, Source


@dataclass(frozen=True, slots=True)
class Stroke:
    """A run of words under the same markers.

    Attributes
    ----------
    text
        The words.
    evidence
        What marks them, the longest first.
    ends
        The evidence whose last words these are: its letter stands here.
    """

    text: str
    evidence: tuple[Evidence, ...]
    ends: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class TurnView:
    """One turn: who speaks, the words, and the evidence beside them."""

    index: int
    speaker: str
    interviewer: bool
    time: str
    strokes: tuple[Stroke, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """A source's turns, its people, and how much of its evidence waits for a person."""

    turns: tuple[TurnView, ...]
    people: tuple[Participant, ...]
    kept: int
    waiting: int


def transcript(source: Source) -> Transcript:
    """Lay a source out for reading."""
    rows = list(
        Evidence.objects.filter(source=source, current=True, withdrawn=False)
        .select_related("coder", "reviewer", "participant")
        .order_by("start", "-end", "facet")
    )
    names = {person.key: person for person in Participant.objects.filter(study_id=source.study_id)}
    turns = []
    heard: dict[str, Participant] = {}
    for turn in source.turns:
        inside = [row for row in rows if turn["start"] <= row.start < turn["end"]]
        person = names.get(turn["participant"] or "")
        if person is not None:
            heard[person.key] = person
        turns.append(
            TurnView(
                index=turn["index"],
                speaker=turn["speaker"] or (person.pseudonym if person else ""),
                interviewer=turn["role"] == "interviewer",
                time=_clock(turn["begins_at"]),
                strokes=strokes(source.text, turn["start"], turn["end"], inside),
                evidence=tuple(inside),
            )
        )
    return Transcript(
        turns=tuple(turns),
        people=tuple(heard.values()),
        kept=sum(row.status != "rejected" for row in rows),
        waiting=sum(row.status == "proposed" for row in rows),
    )


def strokes(text: str, start: int, end: int, rows: list[Evidence]) -> tuple[Stroke, ...]:
    """Cut a span of text where a marker begins or ends.

    The pieces, joined, are the text unchanged; rejected evidence leaves no stroke.
    """
    shown = [row for row in rows if row.status != "rejected"]
    edges = {start, end}
    for row in shown:
        edges.update(edge for edge in (row.start, row.end) if start < edge < end)
    places = sorted(edges)
    found = []
    for first, last in pairwise(places):
        over = [row for row in shown if row.start <= first and row.end >= last]
        over.sort(key=lambda row: (row.start - row.end, row.facet))
        ends = tuple(row for row in over if min(row.end, end) == last)
        found.append(Stroke(text[first:last], tuple(over), ends))
    return tuple(found)


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return ""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
