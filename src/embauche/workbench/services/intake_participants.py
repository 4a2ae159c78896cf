"""Participants: what they are called, their situation, and who they are, kept apart.

The truth is ``participants.csv`` in the study's folder, which every analysis reads; rows in the
database follow it at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from embauche.collect.column_words import names_strong_demographic
from embauche.errors import WorkbenchError
from embauche.study.config import read_config
from embauche.study.people import People, Person, read_attributes, read_people, write_people
from embauche.workbench.models import Participant, Study, User
from embauche.workbench.services.conflicts import change, touch
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.intake_origin import remember_origin
from embauche.workbench.services.intake_runs import analyse_anew
from embauche.workbench.services.intake_settings import edit_settings, section
from embauche.workbench.services.roles import require
from embauche.workbench.services.team_events import record

SITUATION, DEMOGRAPHICS = "situation", "demographics"
MOST_COLUMNS: Final = 30
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Imported:
    """What a table told of participants: columns, people, and rows that name nobody."""

    columns: tuple[str, ...]
    people: int
    unknown: tuple[tuple[int, str], ...]


def known_people(study: Study) -> People:
    """Return what is known of people, attributes in their order."""
    return read_people(read_config(study_folder(study)))


def rename_participant(participant_id: int, name: str, actor: User, version: int) -> Participant:
    """Give a participant another pseudonym.

    Raises
    ------
    StaleVersionError
        If someone else changed the participant meanwhile.
    WorkbenchError
        If the name is empty or another participant's.
    """
    with transaction.atomic():
        row = Participant.objects.select_related("study").get(pk=participant_id)
        _save(row.study, {row.pk: ({}, {}, name, version)}, actor)
    row.refresh_from_db()
    return row


def save_grid(study_id: int, cells: Mapping[int, Mapping[str, Any]], actor: User) -> int:
    """Keep what a page's grid says of participants.

    Parameters
    ----------
    cells
        Row → ``name``, ``version``, ``situation`` and ``demographics`` (attribute → value).

    Returns
    -------
    int
        How many participants were changed.

    Raises
    ------
    StaleVersionError
        If someone else changed one of them meanwhile; nothing is written.
    """
    with transaction.atomic():
        study = Study.objects.get(pk=study_id)
        wanted = {
            pk: (
                dict(given.get(SITUATION) or {}),
                dict(given.get(DEMOGRAPHICS) or {}),
                str(given["name"]),
                int(given["version"]),
            )
            for pk, given in cells.items()
        }
        return _save(study, wanted, actor)


def _save(
    study: Study,
    wanted: Mapping[int, tuple[dict[str, str], dict[str, str], str, int]],
    actor: User,
) -> int:
    require(actor, study, "editor")
    Study.objects.select_for_update().get(pk=study.pk)
    rows = {row.pk: row for row in Participant.objects.filter(study=study)}
    taken = {row.pseudonym.casefold(): row.pk for row in rows.values()}
    renamed, changed = {}, 0
    for pk, (situation, demographics, typed, version) in wanted.items():
        row = rows.get(pk)
        if row is None:
            continue
        name = _clean(typed)
        if not name:
            raise WorkbenchError("intake.name_empty", name=row.pseudonym)
        if taken.get(name.casefold(), pk) != pk:
            raise WorkbenchError("intake.name_taken", name=name)
        now = {
            "pseudonym": name,
            SITUATION: _merged(row.situation, situation),
            DEMOGRAPHICS: _merged(row.demographics, demographics),
        }
        before = {field: getattr(row, field) for field in now}
        if now == before:
            continue
        change(row, version, **now)
        if name != before["pseudonym"]:
            taken.pop(before["pseudonym"].casefold(), None)
            taken[name.casefold()] = pk
            renamed[row.key] = name
        changed += 1
        record(
            study,
            actor,
            "participant.changed",
            row.key,
            {"before": before, "after": now},
            version=row.version,
        )
    if changed:
        _write(study, renamed)
    return changed


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()[:LONGEST]


def _merged(held: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    made = {**held, **{key: _clean(value) for key, value in given.items()}}
    return {key: value for key, value in made.items() if value}


def _write(study: Study, renamed: Mapping[str, str], columns: People | None = None) -> None:
    """Write ``participants.csv`` from the rows, and mark the study as changed."""
    remember_origin(study)
    known = columns or known_people(study)
    names = {person.id: person.name for person in known.persons} | dict(renamed)
    rows = list(Participant.objects.filter(study=study).order_by("position"))
    situation = _columns(known.situation, [row.situation for row in rows])
    demographics = _columns(known.demographics, [row.demographics for row in rows])
    situation = [column for column in situation if column not in demographics]
    here = {row.key for row in rows}
    persons = [
        Person(row.key, names.get(row.key, ""), row.situation, row.demographics) for row in rows
    ]
    # People of sources that are not here now are known all the same.
    persons += [person for person in known.persons if person.id not in here]
    write_people(study_folder(study), People(tuple(situation), tuple(demographics), tuple(persons)))

    def settle(document: Any) -> None:
        if demographics or "participants" in document:
            section(document, "participants")[DEMOGRAPHICS] = list(demographics)

    edit_settings(study, settle)
    touch(study)


def _columns(known: Sequence[str], held: Sequence[Mapping[str, str]]) -> list[str]:
    return list(dict.fromkeys([*known, *(key for values in held for key in values)]))


def add_column(study_id: int, part: str, name: str, actor: User) -> str:
    """Add an attribute to the situation or to the demographics.

    Raises
    ------
    WorkbenchError
        If it has no name, the name is there already, or there are too many.
    """
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        known = known_people(study)
        name = _clean(name)[:80]
        held = [*known.situation, *known.demographics]
        if not name or name.casefold() in {"participant", "name"}:
            raise WorkbenchError("intake.column_empty")
        if name.casefold() in {column.casefold() for column in held}:
            raise WorkbenchError("intake.column_taken", name=name)
        if len(held) >= MOST_COLUMNS:
            raise WorkbenchError("intake.too_many_columns", n=MOST_COLUMNS)
        situation = [*known.situation, *([name] if part == SITUATION else [])]
        demographics = [*known.demographics, *([name] if part != SITUATION else [])]
        made = People(tuple(situation), tuple(demographics), known.persons)
        _write(study, {}, made)
        record(study, actor, "participants.column", name, {"part": part})
    return name


def drop_column(study_id: int, name: str, actor: User) -> None:
    """Take an attribute away, with what it says of everybody.

    Raises
    ------
    WorkbenchError
        If there is none of that name.
    """
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        known = known_people(study)
        held = Participant.objects.filter(study=study).values_list(SITUATION, DEMOGRAPHICS)
        columns = {*known.situation, *known.demographics}
        if name not in columns.union(*(part for row in held for part in row)):
            raise WorkbenchError("intake.column_gone", name=name[:80])
        lost = {}
        for row in Participant.objects.filter(study=study):
            kept = {
                part: {key: value for key, value in getattr(row, part).items() if key != name}
                for part in (SITUATION, DEMOGRAPHICS)
            }
            value = row.situation.get(name) or row.demographics.get(name)
            if value:
                lost[row.key] = value
                change(row, row.version, **kept)
        made = People(
            tuple(column for column in known.situation if column != name),
            tuple(column for column in known.demographics if column != name),
            tuple(
                Person(
                    person.id,
                    person.name,
                    {key: value for key, value in person.situation.items() if key != name},
                    {key: value for key, value in person.demographics.items() if key != name},
                )
                for person in known.persons
            ),
        )
        _write(study, {}, made)
        record(study, actor, "participants.column_removed", name[:200], {"values": lost})


def take_attributes(study: Study, path: Path, actor: User) -> Imported:
    """Take attributes from a table whose rows name participants; inside the caller's transaction.

    A new column goes to the demographics where its name says who people are, else to the situation.

    Raises
    ------
    ReadError
        If the table cannot be read, or names nobody of the study.
    """
    require(actor, study, "editor")
    rows = {row.key: row for row in Participant.objects.filter(study=study)}
    people = [(row.key, row.pseudonym) for row in rows.values()]
    found = read_attributes(path, path.name, people)
    known = known_people(study)
    apart = {
        column
        for column in found.columns
        if column in known.demographics
        or (column not in known.situation and names_strong_demographic(column))
    }
    for key, values in found.values.items():
        row = rows[key]
        change(
            row,
            row.version,
            situation=_merged(row.situation, {k: v for k, v in values.items() if k not in apart}),
            demographics=_merged(row.demographics, {k: v for k, v in values.items() if k in apart}),
        )
    made = People(
        tuple(dict.fromkeys([*known.situation, *(c for c in found.columns if c not in apart)])),
        tuple(dict.fromkeys([*known.demographics, *(c for c in found.columns if c in apart)])),
        known.persons,
    )
    _write(study, {}, made)
    params = {"columns": list(found.columns), "people": len(found.values)}
    record(study, actor, "participants.imported", study.slug, params)
    return Imported(found.columns, len(found.values), found.unknown)


def analyse_people(study_id: int, actor: User) -> None:
    """Let the next figures know of what was changed."""
    analyse_anew(Study.objects.get(pk=study_id), actor)


def writers_of_reviews(study: Study) -> set[str]:
    """Return the ids of those who wrote reviews and were not talked with."""
    turns = study.sources.filter(current=True, kind="review").values_list("turns", flat=True)
    return {turn["participant"] for one in turns for turn in one if turn["participant"]}
