"""The tables of a study's folder, read once for as long as their files stay as they are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from embauche.collect import Table
from embauche.collect.roles import SurveyRoles
from embauche.collect.tables import TABLE_FORMATS
from embauche.study.config import FILE_NAME, StudyConfig, read_config
from embauche.study.files import FilePart, list_files, read_with_roles, tell_parts
from embauche.workbench.models import Study
from embauche.workbench.services.inputs import study_folder

_KEPT = 4
_EXAMPLES = 3
_LONGEST = 40
_Mark = tuple[str, int, int]
_tables: OrderedDict[_Mark, tuple[Table, SurveyRoles]] = OrderedDict()
_parts: OrderedDict[tuple[_Mark, ...], tuple[FilePart, ...]] = OrderedDict()
_answers: OrderedDict[int, tuple[Table, Mapping[str, ColumnAnswers]]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table file of a study and what it was taken for: survey, customers, reviews or nothing."""

    name: str
    part: str


@dataclass(frozen=True, slots=True)
class ColumnAnswers:
    """How many answered a column, how many did not, and its most frequent answers."""

    answered: int
    missing: int
    examples: tuple[str, ...]


def _mark(path: Path) -> _Mark:
    seen = path.stat()
    return (str(path), seen.st_mtime_ns, seen.st_size)


def read_study_table(path: Path, folder: Path) -> tuple[Table, SurveyRoles]:
    """Return a table and the roles inferred of its columns.

    Raises
    ------
    ReadError
        If the file cannot be read as what it claims to be.
    """
    key = _mark(path)
    with _lock:
        kept = _tables.get(key)
    if kept is None:
        kept = read_with_roles(path, folder)
        with _lock:
            _tables[key] = kept
            while len(_tables) > _KEPT:
                _tables.popitem(last=False)
    return kept


def table_files(study: Study) -> tuple[TableFile, ...]:
    """List the study's tables that are no transcripts, with the part that each would play."""
    folder = study_folder(study)
    if not folder.is_dir():
        return ()
    paths = [path for path in list_files(folder) if path.suffix.lower() in TABLE_FORMATS]
    key = tuple(_mark(path) for path in paths)
    with _lock:
        kept = _parts.get(key)
    if kept is None:
        kept = tuple(tell_parts(paths, folder, read_study_table))
        with _lock:
            _parts[key] = kept
            while len(_parts) > _KEPT:
                _parts.popitem(last=False)
    return tuple(TableFile(part.name, part.part) for part in kept if part.part != "interview")


def column_answers(table: Table) -> Mapping[str, ColumnAnswers]:
    """Return what the answers of every column look like; counted once a table."""
    with _lock:
        kept = _answers.get(id(table))
    if kept is None:
        # The table is kept with it: as long as it lives no other can have its id.
        kept = (table, {name: _answered(table, name) for name in table.frame.columns})
        with _lock:
            _answers[id(table)] = kept
            while len(_answers) > _KEPT:
                _answers.popitem(last=False)
    return kept[1]


def _answered(table: Table, name: str) -> ColumnAnswers:
    series = table.frame[name]
    frequent = series.drop_nulls().value_counts(sort=True).head(_EXAMPLES)[name].to_list()
    missing = series.null_count()
    return ColumnAnswers(series.len() - missing, missing, tuple(map(_shown, frequent)))


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def study_config(study: Study) -> tuple[StudyConfig, str]:
    """Return the study's configuration and the text that it was read from."""
    folder = study_folder(study)
    path = folder / FILE_NAME
    text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    return read_config(folder), text
