"""The queue: sentences whose decision would teach the coder most, each answered at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from django.db import transaction

from embauche.collect.source import Corpus
from embauche.identify import Relearned, coding_units
from embauche.identify.coder import FACETS
from embauche.vocabulary import Facet
from embauche.workbench.models import Event, Evidence, Participant, Source, Study, User
from embauche.workbench.services.coded_words import row_of
from embauche.workbench.services.conflicts import StaleVersionError, touch
from embauche.workbench.services.deciding import Decision, write
from embauche.workbench.services.evidence_history import ACCEPTED, REJECTED, act_of, standing
from embauche.workbench.services.history_undo import undo_act
from embauche.workbench.services.learning_aside import known
from embauche.workbench.services.restoring import source as restored_source
from embauche.workbench.services.roles import require

_CODED = "sentence.coded"
# Decisions that the worker may not have learned from yet: what a second or two brings.
_LATEST = 50


@dataclass(frozen=True, slots=True)
class Guess:
    """What the machine thinks of one facet: how likely, and whether it proposes it."""

    facet: Facet
    confidence: float
    proposed: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One sentence of the queue.

    Attributes
    ----------
    number
        Its row among the sentences that the coder heard.
    source, participant
        Where it stands, and who said it.
    start, end, quote
        The exact words.
    before, question
        What was said just before, and what the interviewer had asked.
    guesses
        All facets, in the codebook's order.
    """

    number: int
    source: Source
    participant: str
    start: int
    end: int
    quote: str
    before: str
    question: str
    guesses: tuple[Guess, ...]

    @property
    def proposed(self) -> tuple[Guess, ...]:
        """What the machine proposes, the surest first."""
        found = (guess for guess in self.guesses if guess.proposed)
        return tuple(sorted(found, key=lambda guess: -guess.confidence))


@dataclass(frozen=True, slots=True)
class Queue:
    """What to ask next.

    Attributes
    ----------
    taught
        Sentences that were learned from so far.
    left
        Sentences that nobody has decided about.
    questions
        The next ones, what would teach most first.
    """

    taught: int
    left: int
    questions: tuple[Question, ...]


def queue(study: Study, most: int = 1, later: Iterable[int] = ()) -> Queue | None:
    """Return the sentences whose decision would teach most.

    Parameters
    ----------
    study
        The study.
    most
        How many.
    later
        Numbers of sentences that were put off.

    Returns
    -------
    Queue or None
        ``None`` where what the coder heard is not kept: an analysis brings it.
    """
    known_ = known(study)
    if known_ is None:
        return None
    found = known_[0]
    n = len(found.codes)
    since = _decided_since(study, found)
    without = {number for number in later if number < n} | since
    rows = found.queue(most, without)
    taught = found.taught + len(since)
    return Queue(taught, n - taught, _questions(study, found, rows))


def _decided_since(study: Study, found: Relearned) -> set[int]:
    """Return the sentences that were decided about and not yet learned from."""
    talk, since = found.talk, set()
    latest = Event.objects.filter(study=study).order_by("-pk")
    keys = list(latest.filter(kind="evidence").values_list("key", flat=True)[:_LATEST])
    decided = Evidence.objects.filter(study=study, key__in=keys, reviewer__isnull=False)
    places = list(decided.order_by().values_list("source__key", "start", "end"))
    for event in latest.filter(verb=_CODED)[:_LATEST]:
        told = event.payload or {}
        if "source" in told and _standing(study, event.key) is not None:
            places.append((told["source"], told["start"], told["end"]))
    for place in places:
        row = talk.by_span.get(place)
        for each in [row] if row is not None else talk.sentences.rows(*place):
            if bool(np.isnan(found.codes[each]).all()):
                since.add(each)
    return since


def _questions(study: Study, found: Relearned, rows: Sequence[int]) -> tuple[Question, ...]:
    talk = found.talk
    keys = {talk.sources[talk.places[row, 0]] for row in rows}
    sources = {row.key: row for row in Source.objects.filter(study=study, key__in=keys)}
    units = {
        (unit.source, unit.start, unit.end): unit
        for row in sources.values()
        for unit in coding_units(Corpus((restored_source(row),), ()))
    }
    names = dict(Participant.objects.filter(study=study).values_list("key", "pseudonym"))
    made = []
    for row in rows:
        source, person, start, end = talk.places[row].tolist()
        unit = units.get((talk.sources[source], start, end))
        if unit is None:
            continue
        guesses = tuple(
            Guess(facet, found.confidence(row, column), bool(found.proposed[row, column]))
            for column, facet in enumerate(FACETS)
        )
        made.append(
            Question(
                number=row,
                source=sources[unit.source],
                participant=names.get(talk.participants[person], ""),
                start=start,
                end=end,
                quote=unit.quote,
                before=unit.before,
                question=unit.question,
                guesses=guesses,
            )
        )
    return tuple(made)


def answer(
    source_id: int, start: int, end: int, facets: Iterable[Facet | str], actor: User
) -> None:
    """Take a person's answer about a whole sentence: these facets, and no other.

    Proposals of the sentence are accepted or rejected accordingly, what nobody proposed is added,
    and the sentence counts as looked at.

    Raises
    ------
    StaleVersionError
        If somebody decided about the sentence meanwhile; their decision stands.
    ValueError
        If the span is not in the source.
    """
    chosen = {Facet(facet) for facet in facets}
    with transaction.atomic():
        source = Source.objects.select_related("study").get(pk=source_id)
        study = source.study
        require(actor, study, "coder")
        # Two answers at once take turns here; the second then finds the first one's decision.
        Study.objects.select_for_update().get(pk=study.pk)
        heard = Corpus((restored_source(source),), ())
        units = {(unit.start, unit.end): unit for unit in coding_units(heard)}
        if (start, end) not in units:
            msg = "no such sentence"
            raise ValueError(msg)
        inside = list(
            Evidence.objects.filter(source=source, start__gte=start, end__lte=end, current=True)
        )
        decided = [row for row in inside if row.reviewer_id is not None]
        if decided or _standing(study, sentence_key(source.key, start, end)) is not None:
            raise StaleVersionError(decided[0] if decided else source)
        known = {row.facet for row in inside}
        said = [
            Decision(row, ACCEPTED if Facet(row.facet) in chosen else REJECTED) for row in inside
        ]
        source.study = study
        for facet in Facet:
            if facet in chosen and facet.value not in known:
                row, added = row_of(source, (start, end), facet, actor)
                said.append(Decision(row, ACCEPTED, added=added))
        act = write(study, actor, said)
        payload = {"act": act, "source": source.key, "start": start, "end": end}
        _record(study, actor, _CODED, sentence_key(source.key, start, end), payload)
        touch(study)


def take_back(study: Study, actor: User) -> bool:
    """Take back the actor's latest answer that stands; tell whether there was one."""
    with transaction.atomic():
        require(actor, study, "coder")
        Study.objects.select_for_update().get(pk=study.pk)
        given = answers(study, actor)
        if not given:
            return False
        undo_act(study, actor, act_of(given[-1]), given[-1].pk)
    return True


def answers(study: Study, actor: User) -> list[Event]:
    """Return a person's answers that stand and still say what they were about, oldest first."""
    history: dict[str, list[Event]] = {}
    for event in Event.objects.filter(study=study, kind="sentence").order_by("pk"):
        history.setdefault(event.key, []).append(event)
    left = [events[-1] for said in history.values() if (events := standing(said))]
    return [
        event
        for event in sorted(left, key=lambda event: event.pk)
        if event.actor_id == actor.pk and event.payload is not None
    ]


def _standing(study: Study, key: str) -> Event | None:
    said = Event.objects.filter(study=study, kind="sentence", key=key).order_by("pk")
    return next(iter(standing(said)[::-1]), None)


def sentence_key(source: str, start: int, end: int) -> str:
    """Return the key under which events speak of a sentence."""
    return sha256(f"{source}\0{start}\0{end}".encode()).hexdigest()[:16]


def _record(
    study: Study, actor: User, verb: str, key: str, payload: dict[str, object] | None
) -> None:
    Event(
        study=study, actor=actor, verb=verb, kind="sentence", key=key, version=1, payload=payload
    ).save()
