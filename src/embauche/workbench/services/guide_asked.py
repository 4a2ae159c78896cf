"""Which questions of the guide were asked in which interview, recognised in the transcripts."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embauche.collect import Guide
from embauche.collect.source import Source
from embauche.identify import shared_vectors
from embauche.identify.asked_questions import (
    Asked,
    interviewer_sentences,
    known_questions,
    neutral,
    recognised,
)
from embauche.identify.vectors import DIMENSIONS, RememberedVectors, remembering
from embauche.workbench.models import Study
from embauche.workbench.services.guide import seen_mark
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.restoring import source as restored_source

_COLUMNS = 16
"""Interviews up to which each has a column of its own."""
_KEPT = 16
_FILE = "asked-vectors.npz"
_found: OrderedDict[tuple[int, str], tuple[Asked, ...]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a question was asked in an interview."""

    pk: int
    turn: int
    words: str


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A question and the interviews; `cells` has one entry an interview."""

    id: str
    number: int
    text: str
    essential: bool
    asked: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Interview:
    """An interview's column."""

    pk: int
    name: str
    who: str
    asked: int


@dataclass(frozen=True, slots=True)
class AskedTable:
    """Questions × interviews.

    Attributes
    ----------
    wide
        True where there are too many interviews for a column each.
    """

    interviews: tuple[Interview, ...]
    rows: tuple[AskedRow, ...]
    wide: bool

    @property
    def never(self) -> tuple[AskedRow, ...]:
        """Questions that no interviewer asked."""
        return tuple(row for row in self.rows if not row.asked)


def asked_in_interviews(study: Study, guide: Guide) -> AskedTable:
    """Tell which questions of the guide were asked in which interview of the study."""
    rows = list(
        study.sources.filter(current=True, kind="interview").values_list(
            "pk", "key", "name", "sha256", "turns"
        )
    )
    found = _recognised(study, guide, [(pk, mark) for pk, _, _, mark, _ in rows])
    names = dict(study.participants.values_list("key", "pseudonym"))
    first: dict[tuple[str, str], Asked] = {}
    for item in found:
        first.setdefault((item.question, item.source), item)
    texts = _quotes(study, list(first.values()))
    interviews = tuple(
        Interview(pk, name, _who(turns, names, name), sum(source == key for _, source in first))
        for pk, key, name, _, turns in rows
    )
    table = []
    for number, question in enumerate(guide.questions, 1):
        cells = []
        for pk, key, *_ in rows:
            heard = first.get((question.id, key))
            cells.append(Cell(pk, heard.turn, texts[heard]) if heard else None)
        asked = sum(cell is not None for cell in cells)
        table.append(
            AskedRow(question.id, number, question.text, question.essential, asked, tuple(cells))
        )
    return AskedTable(interviews, tuple(table), len(rows) > _COLUMNS)


def asked_in_source(study: Study, guide: Guide, source_key: str) -> list[tuple[int, str]]:
    """Return turn and text of each question of the guide in one transcript, where first asked."""
    rows = study.sources.filter(current=True, kind="interview").values_list("pk", "sha256")
    first: dict[str, int] = {}
    for item in _recognised(study, guide, list(rows)):
        if item.source == source_key:
            first.setdefault(item.question, item.turn)
    return [(turn, guide.question(name).text) for name, turn in first.items()]


def _recognised(study: Study, guide: Guide, sources: list[tuple[int, str]]) -> tuple[Asked, ...]:
    mark = sha256(repr((seen_mark(guide), sources)).encode()).hexdigest()
    with _lock:
        known = _found.get((study.pk, mark))
    if known is None:
        known = _read(study, guide)
        with _lock:
            _found[study.pk, mark] = known
            while len(_found) > _KEPT:
                _found.popitem(last=False)
    return known


def _read(study: Study, guide: Guide) -> tuple[Asked, ...]:
    questions = known_questions(guide, _encoder())
    places: list[tuple[Source, int, int, int]] = []
    for row in study.sources.filter(current=True, kind="interview"):
        places.extend(interviewer_sentences(restored_source(row)))
    if not places or not questions.ids:
        return ()
    texts = [
        neutral(source.text[start:end], source.language, questions.product)
        for source, _, start, end in places
    ]
    return recognised(places, _encoded(study, texts), questions)


def _encoded(study: Study, texts: list[str]) -> NDArray[np.float32]:
    """Return the sentences' vectors; those met before are read from a file beside the study's."""
    path = study_folder(study).parent / _FILE
    marks = [sha256(text.encode()).hexdigest()[:24] for text in texts]
    known = _stored(path)
    missing = {mark: text for mark, text in zip(marks, texts, strict=True) if mark not in known}
    if missing:
        vectors = np.asarray(shared_vectors().encode(list(missing.values())), dtype=np.float16)
        known = {mark: known[mark] for mark in marks if mark in known}
        known |= dict(zip(missing, vectors, strict=True))
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        with draft.open("wb") as file:
            np.savez(file, marks=np.array(list(known)), vectors=np.stack(list(known.values())))
        draft.replace(path)
    rows = [known[mark] for mark in marks]
    return np.stack(rows).astype(np.float32) if rows else np.zeros((0, DIMENSIONS), np.float32)


def _stored(path: Path) -> dict[str, NDArray[np.float16]]:
    try:
        with np.load(path, allow_pickle=False) as held:
            return dict(zip(held["marks"].tolist(), held["vectors"], strict=True))
    except (OSError, ValueError, KeyError):  # absent, or half a file: made anew
        return {}


@cache
def _encoder() -> RememberedVectors:
    """Return an encoder that remembers the guides' wordings for the life of the process."""
    return remembering(shared_vectors())


def _quotes(study: Study, items: list[Asked]) -> dict[Asked, str]:
    held = dict(
        study.sources.filter(key__in={item.source for item in items}).values_list("key", "text")
    )
    return {item: held[item.source][item.start : item.end].strip() for item in items}


def _who(turns: list[dict[str, Any]], names: dict[str, str], default: str) -> str:
    heard = dict.fromkeys(turn["participant"] for turn in turns if turn["participant"])
    return ", ".join(names.get(key, key) for key in heard) or default
