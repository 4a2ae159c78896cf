"""Who speaks in a source, mended after its file was taken: said before what it causes, undone.

The truth is ``[interviews.speakers]`` in the study's ``study.toml``, which every analysis reads;
turns and evidence in the database follow it at once. Evidence that turns out to begin in a label
keeps the words that remain; that on words which are no participant's any more is kept and set
aside: it comes back when the words do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from embauche.collect import source as heard
from embauche.errors import WorkbenchError
from embauche.vocabulary import SpeakerRole
from embauche.workbench.models import (
    Event,
    Evidence,
    Participant,
    Result,
    SearchText,
    Source,
    Study,
    User,
)
from embauche.workbench.services.conflicts import StaleVersionError, change, touch
from embauche.workbench.services.deciding import refold
from embauche.workbench.services.frozen import freeze
from embauche.workbench.services.intake_origin import remember_origin
from embauche.workbench.services.intake_runs import analyse_anew
from embauche.workbench.services.intake_settings import edit_settings, said_of, set_speakers
from embauche.workbench.services.intake_storing import store_people
from embauche.workbench.services.moving import coded_by_people, heard_in
from embauche.workbench.services.respanning import (
    Respan,
    give_spans,
    noted,
    respanned,
    spans_before,
    words_left,
)
from embauche.workbench.services.roles import require
from embauche.workbench.services.set_aside import CHANGED, UNDONE, set_aside
from embauche.workbench.services.speaker_labels import Choice, read_as, said_with
from embauche.workbench.services.team_events import record

_TOKEN: Final = re.compile(r"\[([^\[\]]+ \d+)\]")


@dataclass(frozen=True, slots=True)
class Effect:
    """What another choice of speakers causes.

    Attributes
    ----------
    turns
        Turns whose role or participant changes.
    aside, aside_decided
        Evidence that is set aside, and how much of it people decided about. What was rejected goes
        the same way, and is counted nowhere.
    trimmed
        Evidence that loses the label in it and keeps the words.
    moved
        Evidence that becomes another participant's.
    back
        Evidence that was set aside and comes back.
    people
        Ids of the participants who come, and of those whom no source holds any more.
    """

    turns: int
    aside: int
    aside_decided: int
    trimmed: int
    moved: int
    back: int
    come: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether anything changes."""
        return bool(self.turns)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A source as it would be heard, and what becomes of each piece of its evidence."""

    corpus: heard.Corpus
    turns: int
    aside: tuple[Evidence, ...]
    trimmed: tuple[Respan, ...]
    moved: tuple[tuple[Evidence, str], ...]
    back: tuple[tuple[Evidence, str], ...]


def effect_of(source: Source, choices: Mapping[str, Choice], actor: User) -> Effect:
    """Say what a choice of speakers would cause; nothing is written.

    Raises
    ------
    WorkbenchError
        If a label or a participant is not there, or nobody would answer.
    """
    require(actor, source.study, "editor")
    said = said_with(source, choices)
    plan = _planned(source, said, set_aside(source.study, source))
    before = {turn["participant"] for turn in source.turns if turn["participant"]}
    after = {turn.participant for turn in plan.corpus.sources[0].turns if turn.participant}
    elsewhere = heard_in(source.study, but=source.pk)
    held, aside = Evidence.objects.filter(coded_by_people(source)), _counted(plan.aside)
    return Effect(
        turns=plan.turns,
        aside=len(aside),
        aside_decided=held.filter(pk__in=aside).distinct().count(),
        trimmed=len(_counted(one.row for one in plan.trimmed)),
        moved=len(_counted(row for row, _ in plan.moved)),
        back=len(_counted(row for row, _ in plan.back)),
        come=tuple(sorted(after - before - elsewhere)),
        gone=tuple(sorted(before - after - elsewhere)),
    )


def _counted(rows: Iterable[Evidence]) -> list[int]:
    """Return the rows that pages count as evidence."""
    return [row.pk for row in rows if row.status != "rejected" and not row.withdrawn]


def change_speakers(
    source_id: int, choices: Mapping[str, Choice], actor: User, version: int
) -> Source:
    """Say who the labels of a source are; those that are left out stay who they are.

    Turns and evidence follow at once, and an analysis of the study begins: it proposes evidence
    anew for the source. What people decided stays with the words that it is about.

    Raises
    ------
    StaleVersionError
        If the source was changed meanwhile.
    WorkbenchError
        If a label or a participant is not there, or nobody would answer.
    """

    def settle(row: Source) -> tuple[str, dict[str, str], dict[str, Any]]:
        return CHANGED, said_with(row, choices), {}

    return _changed(source_id, actor, version, settle)


def undo_speakers(source_id: int, actor: User, version: int) -> Source:
    """Take the latest change of a source's speakers back, whoever made it.

    Raises
    ------
    StaleVersionError
        If the source was changed meanwhile.
    WorkbenchError
        If there is nothing to take back.
    """

    def settle(row: Source) -> tuple[str, dict[str, str], dict[str, Any]]:
        event = last_change(row)
        if event is None or event.payload is None:
            raise WorkbenchError("speakers.nothing_to_undo", source=row.name)
        return UNDONE, _labels(event.payload["before"]), {"of": event.pk}

    return _changed(source_id, actor, version, settle)


def last_change(source: Source) -> Event | None:
    """Return the change that made the speakers of a source what they are, if one did."""
    rows = Event.objects.filter(study_id=source.study_id, kind="source", key=source.key)
    standing: list[Event] = []
    for event in rows.filter(verb__in=(CHANGED, UNDONE)).select_related("actor").order_by("pk"):
        if event.payload is None:
            continue
        if event.verb == UNDONE:
            standing = [one for one in standing if one.pk != event.payload["of"]]
        else:
            standing.append(event)
    now = said_of(source.study, source.name)
    last = standing[-1] if standing else None
    return last if last is not None and _labels((last.payload or {})["after"]) == now else None


def _labels(said: Mapping[str, str]) -> dict[str, str]:
    """Return what an event says of speakers; where names were hidden since, labels are bare."""
    return {_TOKEN.sub(r"\1", label): text for label, text in said.items()}


def _changed(
    source_id: int,
    actor: User,
    version: int,
    settle: Callable[[Source], tuple[str, dict[str, str], dict[str, Any]]],
) -> Source:
    with transaction.atomic():
        row = Source.objects.select_related("study").get(pk=source_id)
        study = Study.objects.select_for_update().get(pk=row.study_id)
        require(actor, study, "editor")
        row.refresh_from_db()
        row.study = study
        if row.version != version or not row.current:
            raise StaleVersionError(row)
        remember_origin(study)
        verb, said, more = settle(row)
        before = said_of(study, row.name)
        undone = Event.objects.get(pk=more["of"]) if "of" in more else None
        plan = _planned(row, said, set_aside(study, row), undone)
        if not plan.turns and verb == CHANGED:
            return row
        _apply(row, plan, version)
        payload = {
            "before": before,
            "after": said,
            "turns": plan.turns,
            "n": len(plan.aside),
            "aside": [item.key for item in plan.aside],
            "trimmed": noted(row, plan.trimmed),
            **more,
        }
        record(study, actor, verb, row.key, payload, version=row.version)
        touch(study)
        # Last: what fails above leaves the file as it was.
        edit_settings(study, lambda document: set_speakers(document, row.name, said))
    analyse_anew(study, actor)
    return row


def _planned(
    source: Source,
    said: Mapping[str, str],
    aside_before: frozenset[str],
    undone: Event | None = None,
) -> _Plan:
    corpus = read_as(source, said)
    now = {turn.start: turn for turn in corpus.sources[0].turns}
    was = {turn["start"]: (turn["role"], turn["participant"]) for turn in source.turns}
    will = {start: (turn.role.value, turn.participant) for start, turn in now.items()}
    changed = {start for start in was.keys() | will.keys() if was.get(start) != will.get(start)}
    answers = [turn for turn in now.values() if turn.role is SpeakerRole.PARTICIPANT]
    begun = will.keys() - was.keys()
    aside: list[Evidence] = []
    moved: list[tuple[Evidence, str]] = []
    back: list[tuple[Evidence, str]] = []
    other: list[tuple[Evidence, tuple[int, int], str]] = []
    before = spans_before(undone) if undone is not None else {}
    rows = Evidence.objects.filter(source=source).select_related("participant", "source")
    for row in rows.defer("source__text", "source__sentences"):
        former, given = before.get(row.pk, (None, None))
        if row.current and given == (row.start, row.end) and former is not None:
            left = words_left(source.text, former, now.values())
            if left is not None and left[0] == former:
                other.append((row, *left))
                continue
        person = _person_at(answers, row.start)
        if person is None or any(row.start < start < row.end for start in begun):
            # Words that two people turn out to have said are no evidence of one of them.
            left = words_left(source.text, (row.start, row.end), now.values())
            if row.current and left is not None:
                other.append((row, *left))
            elif row.current:
                aside.append(row)
        elif not row.current:
            if row.key in aside_before:
                back.append((row, person))
        elif row.participant.key != person:
            moved.append((row, person))
    trimmed, unnamed = respanned(source, other)
    aside += unnamed
    return _Plan(corpus, len(changed), tuple(aside), tuple(trimmed), tuple(moved), tuple(back))


def _person_at(turns: Iterable[heard.Turn], start: int) -> str | None:
    return next((turn.participant for turn in turns if turn.start <= start < turn.end), None)


def _apply(row: Source, plan: _Plan, version: int) -> None:
    study, now = row.study, plan.corpus.sources[0]
    change(
        row,
        version,
        turns=freeze(now.turns),
        sentences=freeze(now.sentences),
        notices=freeze(now.notices),
        language=now.language.value,
    )
    SearchText.objects.filter(source=row).delete()
    store_people(study, plan.corpus.participants)
    people = dict(Participant.everybody.filter(study=study).values_list("key", "pk"))
    silent = people.keys() - heard_in(study)
    Participant.everybody.filter(study=study, key__in=silent).update(current=False)
    of: dict[str, list[int]] = {}
    for item, person in (*plan.moved, *plan.back):
        of.setdefault(person, []).append(item.pk)
    for person, keys in of.items():
        here = Evidence.objects.filter(pk__in=keys)
        here.update(participant=people[person], version=F("version") + 1)
    give_spans(row, plan.trimmed, people)
    gone = Evidence.objects.filter(pk__in=[item.pk for item in plan.aside])
    gone.update(current=False, version=F("version") + 1)
    returned = list(
        Evidence.objects.filter(pk__in=[item.pk for item, _ in plan.back]).select_related("source")
    )
    for item in returned:
        item.current = True
    # Somebody may have taken a decision back while the words were set aside.
    refold(study, returned, [])
    # What the coder heard is no longer what is said: the next analysis listens anew.
    Result.objects.filter(study=study, part="talk").delete()
