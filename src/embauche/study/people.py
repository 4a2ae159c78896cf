"""participants.csv: what is known of the people heard, kept beside the study.

One row a participant: ``participant`` (the id), ``name`` (the pseudonym to show), then one column
an attribute. Attributes are situations (when, where, with whom they do the job) unless
``[participants] demographics`` in ``study.toml`` lists them: who people are is kept apart.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from embauche.collect.column_words import names_strong_demographic
from embauche.collect.decoding import decode, read_bytes
from embauche.collect.role_words import fold
from embauche.collect.source import Corpus
from embauche.collect.tables import read_table
from embauche.errors import ColumnError, ReadError
from embauche.notices import Notice
from embauche.study.config import StudyConfig

FILE_NAME = "participants.csv"
KEY, NAME = "participant", "name"
_NAMES = ("participant", "participante", "name", "nom", "pseudonym", "pseudonyme", "id", "personne")


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of one participant.

    Attributes
    ----------
    id
        The participant's id in the corpus.
    name
        The pseudonym to show; empty keeps the one read from the source.
    situation, demographics
        Attribute → value, without empty ones.
    """

    id: str
    name: str = ""
    situation: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    demographics: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class People:
    """All that ``participants.csv`` holds: the attributes in order, and the people."""

    situation: tuple[str, ...] = ()
    demographics: tuple[str, ...] = ()
    persons: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Attributes:
    """Attributes of participants in a table of the user's.

    Attributes
    ----------
    columns
        Attributes, in the order of the table.
    values
        Participant's id → attribute → value.
    unknown
        Row and name of those whom nobody in the study is called.
    """

    columns: tuple[str, ...]
    values: Mapping[str, Mapping[str, str]]
    unknown: tuple[tuple[int, str], ...]


def is_people(path: Path) -> bool:
    """Tell whether a file is ours: its first column is ``participant`` and its second ``name``."""
    try:
        with path.open("rb") as file:
            head = file.readline(4096).decode("utf-8-sig", "replace")
    except OSError:
        return False
    return [cell.strip() for cell in next(csv.reader([head]), [])[:2]] == [KEY, NAME]


def read_people(config: StudyConfig) -> People:
    """Read the people of a study folder; nobody where there is no file.

    Raises
    ------
    ReadError
        If the file is not one of people, or names somebody twice (with the row).
    """
    name, path = FILE_NAME, config.folder / FILE_NAME
    if not path.is_file():
        return People()
    rows = list(csv.reader(io.StringIO(decode(read_bytes(path, name), name))))
    header = [cell.strip() for cell in rows[0]] if rows else []
    if header[:2] != [KEY, NAME]:
        raise ReadError("people.not_people", file=name, columns=header)
    attributes = header[2:]
    for at, column in enumerate(attributes):
        if not column or column in attributes[:at]:
            raise ReadError("people.column_twice", file=name, column=column or "–")
    said = config.participants.demographics
    apart = [c for c in attributes if (names_strong_demographic(c) if said is None else c in said)]
    persons: dict[str, Person] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = [cell.strip() for cell in row] + [""] * (len(header) - len(row))
        if not cells[0] or cells[0] in persons:
            raise ReadError("people.row_twice", file=name, row=number, participant=cells[0] or "–")
        given = {key: value for key, value in zip(attributes, cells[2:], strict=False) if value}
        persons[cells[0]] = Person(
            cells[0],
            cells[1],
            {key: value for key, value in given.items() if key not in apart},
            {key: value for key, value in given.items() if key in apart},
        )
    return People(
        tuple(column for column in attributes if column not in apart),
        tuple(column for column in attributes if column in apart),
        tuple(persons.values()),
    )


def write_people(folder: Path, people: People) -> None:
    """Write ``participants.csv``, replacing it only once the new one is complete."""
    path = folder / FILE_NAME
    columns = [*people.situation, *people.demographics]
    if not columns and not any(person.name for person in people.persons):
        path.unlink(missing_ok=True)
        return
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([KEY, NAME, *columns])
    for person in people.persons:
        known = {**person.situation, **person.demographics}
        writer.writerow([person.id, person.name, *(known.get(column, "") for column in columns)])
    draft = path.with_suffix(".csv.part")
    draft.write_text(text.getvalue(), encoding="utf-8")
    draft.replace(path)


def with_people(corpus: Corpus, config: StudyConfig) -> tuple[Corpus, tuple[Notice, ...]]:
    """Give participants the names and attributes that are known of them.

    A file that cannot be read becomes a notice: what people said is heard all the same.
    """
    try:
        known = {person.id: person for person in read_people(config).persons}
    except ReadError as error:
        return corpus, (Notice(error.code, dict(error.params), "problem"),)
    if not known:
        return corpus, ()
    named = [
        replace(
            participant,
            pseudonym=person.name or participant.pseudonym,
            situation={**participant.situation, **person.situation},
            demographics={**participant.demographics, **person.demographics},
        )
        if (person := known.get(participant.id)) is not None
        else participant
        for participant in corpus.participants
    ]
    return replace(corpus, participants=tuple(named)), ()


def read_attributes(path: Path, name: str, people: Iterable[tuple[str, str]]) -> Attributes:
    """Read attributes from a table, its rows matched to participants by name or id.

    Parameters
    ----------
    path, name
        A table whose first column, or the one called like a participant, names people.
    people
        Pairs of id and shown name.

    Raises
    ------
    ReadError
        If the table cannot be read.
    ColumnError
        If no column names participants of the study, or somebody is named twice.
    """
    table = read_table(path, name=name, raw=True)
    columns = list(table.frame.columns)
    found: dict[str, str] = {}
    for person, shown in people:
        found.setdefault(fold(shown), person)
        found[fold(person)] = person
    cells = [[str(cell or "") for cell in table.frame[c].to_list()] for c in columns]
    who = _who(columns, cells, found)
    if who is None:
        known = sorted({shown for _, shown in people})[:8]
        raise ColumnError("people.nobody_named", file=name, columns=columns, known=known)
    values: dict[str, dict[str, str]] = {}
    rows: dict[str, int] = {}
    unknown: list[tuple[int, str]] = []
    others = [column for column in columns if column != who]
    for number, row in enumerate(table.frame.iter_rows(named=True), table.first_row):
        cell = str(row[who] or "").strip()
        if not cell:
            continue
        key = found.get(fold(cell))
        if key is None:
            unknown.append((number, cell))
            continue
        if key in rows:
            raise ColumnError(
                "people.named_twice", file=name, column=who, row=number, first=rows[key], value=cell
            )
        rows[key] = number
        values[key] = {column: str(row[column] or "").strip() for column in others}
    return Attributes(tuple(others), values, tuple(unknown))


def _who(
    columns: Sequence[str], cells: Sequence[Sequence[str]], known: Mapping[str, str]
) -> str | None:
    """Return the column that names participants: by its title, else the one that names most."""
    hits = {
        column: sum(fold(cell) in known for cell in column_cells)
        for column, column_cells in zip(columns, cells, strict=True)
    }
    titled = [column for column in columns if fold(column) in _NAMES and hits[column]]
    best = titled or sorted((c for c in columns if hits[c]), key=lambda c: -hits[c])
    return max(best, key=lambda c: hits[c]) if best else None
