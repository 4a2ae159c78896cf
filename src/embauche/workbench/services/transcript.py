"""A source as it is read: turns, sentences, marker strokes in the words, evidence beside them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from embauche.workbench.models import Coding, Evidence, Participant, Source, User
from embauche.workbench.services.kept_parts import kept_part
from embauche.workbench.services.visibility import (
    as_seen,
    coding_blind,
    visible_evidence,
    with_coders,
)


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
class Piece:
    """A sentence that can be coded, or what stands between two (`index` is then ``None``)."""

    index: int | None
    start: int
    end: int
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True, slots=True)
class TurnView:
    """One turn: who speaks, the words, and the evidence beside them."""

    index: int
    start: int
    speaker: str
    interviewer: bool
    time: str
    pieces: tuple[Piece, ...]
    evidence: tuple[Evidence, ...]

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """All strokes of the turn, in the order of the text."""
        return tuple(stroke for piece in self.pieces for stroke in piece.strokes)


@dataclass(frozen=True, slots=True)
class Transcript:
    """A source's turns, its people, and how much of its evidence waits for a person.

    Attributes
    ----------
    said
        Evidence id → who said what of it, where more than one person did: name and status.
    coders
        Everybody who coded in the source: id and name.
    sentences
        How many sentences can be coded.
    """

    turns: tuple[TurnView, ...]
    people: tuple[Participant, ...]
    kept: int
    waiting: int
    said: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    coders: tuple[tuple[int, str], ...] = ()
    sentences: int = 0


def transcript(
    source: Source,
    actor: User,
    *,
    only: Collection[int] | None = None,
    coder: int | None = None,
) -> Transcript:
    """Lay a source out for reading, as a person may see it.

    Parameters
    ----------
    source
        The source, with its study.
    actor
        Who reads.
    only
        Indexes of the turns to lay out; all of them by default.
    coder
        A coder whose coding alone is shown.
    """
    study = source.study
    found = visible_evidence(study, actor).filter(source=source).order_by("start", "-end", "facet")
    rows = with_coders(found, study)
    said, coders = ({}, ()) if coding_blind(study, actor) else _said(source)
    rows = as_seen(rows, study, actor)
    kept = sum(row.status != "rejected" for row in rows)
    waiting = sum(row.status == "proposed" for row in rows)
    if coder is not None:
        rows = _of_coder(rows, source, coder)
    people = Participant.objects.filter(study_id=source.study_id)
    names = kept_part(study, "by key", lambda: {person.key: person for person in people})
    starts = [turn["start"] for turn in source.turns]
    beside: dict[int, list[Evidence]] = {}
    for row in rows:
        beside.setdefault(bisect_right(starts, row.start) - 1, []).append(row)
    sentences: dict[int, list[dict[str, Any]]] = {}
    for sentence in source.sentences:
        sentences.setdefault(sentence["turn"], []).append(sentence)
    turns = []
    heard: dict[str, Participant] = {}
    for place, turn in enumerate(source.turns):
        person = names.get(turn["participant"] or "")
        if person is not None:
            heard[person.key] = person
        if only is not None and turn["index"] not in only:
            continue
        inside = beside.get(place, [])
        interviewer = turn["role"] == "interviewer" or turn["participant"] is None
        turns.append(
            TurnView(
                index=turn["index"],
                start=turn["start"],
                speaker=turn["speaker"] or (person.pseudonym if person else ""),
                interviewer=interviewer,
                time=_clock(turn["begins_at"]),
                pieces=_pieces(
                    source.text,
                    (turn["start"], turn["end"]),
                    [] if interviewer else sentences.get(turn["index"], []),
                    inside,
                ),
                evidence=tuple(inside),
            )
        )
    return Transcript(
        turns=tuple(turns),
        people=tuple(heard.values()),
        kept=kept,
        waiting=waiting,
        said={key: names_ for key, names_ in said.items() if len(names_) > 1},
        coders=coders,
        sentences=sum(
            len(sentences.get(turn["index"], []))
            for turn in source.turns
            if turn["role"] == "participant" and turn["participant"]
        ),
    )


def strokes(
    text: str, start: int, end: int, rows: Sequence[Evidence], last: int | None = None
) -> tuple[Stroke, ...]:
    """Cut a span of text where a marker begins or ends.

    The pieces, joined, are the text unchanged; rejected evidence leaves no stroke. The letter of
    evidence that goes on after `last`, the end of the turn, stands there.
    """
    last = end if last is None else last
    shown = [row for row in rows if row.status != "rejected"]
    edges = {start, end}
    for row in shown:
        edges.update(edge for edge in (row.start, row.end) if start < edge < end)
    places = sorted(edges)
    found = []
    for first, until in pairwise(places):
        over = [row for row in shown if row.start <= first and row.end >= until]
        over.sort(key=lambda row: (row.start - row.end, row.facet))
        ends = tuple(row for row in over if min(row.end, last) == until)
        found.append(Stroke(text[first:until], tuple(over), ends))
    return tuple(found)


def turn_of(source: Source, position: int) -> int:
    """Return the index of the turn that holds a position of the text."""
    starts = [turn["start"] for turn in source.turns]
    return int(source.turns[max(bisect_right(starts, position) - 1, 0)]["index"])


def sentence_at(source: Source, position: int) -> int | None:
    """Return the index of the sentence that holds a position, or the next one after it."""
    ends = [sentence["end"] for sentence in source.sentences]
    place = bisect_right(ends, position)
    return int(source.sentences[place]["index"]) if place < len(ends) else None


def _pieces(
    text: str,
    span: tuple[int, int],
    sentences: Sequence[dict[str, Any]],
    rows: Sequence[Evidence],
) -> tuple[Piece, ...]:
    """Cut a turn into its sentences and what stands between them."""
    start, end = span
    at = start
    found = []
    for sentence in sentences:
        first, until = sentence["start"], sentence["end"]
        if first > at:
            found.append(_piece(text, None, (at, first), rows, end))
        found.append(_piece(text, sentence["index"], (first, until), rows, end))
        at = until
    if at < end:
        found.append(_piece(text, None, (at, end), rows, end))
    return tuple(found)


def _piece(
    text: str, index: int | None, span: tuple[int, int], rows: Sequence[Evidence], last: int
) -> Piece:
    start, end = span
    over = [row for row in rows if row.start < end and row.end > start]
    return Piece(index, start, end, strokes(text, start, end, over, last))


def _said(source: Source) -> tuple[dict[int, list[tuple[str, str]]], tuple[tuple[int, str], ...]]:
    """Return who said what of each piece of evidence of a source, and everybody who did."""
    said: dict[int, dict[str, str]] = {}
    coders: dict[int, str] = {}
    for evidence, coder, name, status in (
        Coding.objects.filter(evidence__source=source, adjudicated=False)
        .order_by("at", "pk")
        .values_list("evidence_id", "coder_id", "coder__name", "status")
    ):
        said.setdefault(evidence, {})[name] = status
        coders[coder] = name
    return {key: list(names.items()) for key, names in said.items()}, tuple(coders.items())


def _of_coder(rows: Sequence[Evidence], source: Source, coder: int) -> list[Evidence]:
    """Return what one coder says of a source; a machine's coding is what it proposed."""
    own = dict(
        Coding.objects.filter(evidence__source=source, coder=coder, adjudicated=False).values_list(
            "evidence_id", "status"
        )
    )
    found = []
    for row in rows:
        if row.pk in own or (row.coder_id == coder and row.coder.name.startswith("machine:")):
            row.status = own.get(row.pk, "proposed")
            found.append(row)
    return found


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return ""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
