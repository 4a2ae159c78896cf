"""Disagreements on a sheet: a disputed code a row, settled by a yes or a no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from embauche.collect.source import Corpus
from embauche.errors import ReadError
from embauche.identify.coded_units import CodingUnit
from embauche.identify.disagreements import Disagreement
from embauche.present.tables import csv_text
from embauche.study.coded_study import StudyCoding
from embauche.study.coding_sheet import code_line
from embauche.study.several_coders import Line
from embauche.study.sheets import SENTENCE, UNIT, Sheet, units_of
from embauche.vocabulary import EvidenceStatus, Facet, Language, label

FACET: Final = "facet"
DECISION: Final = "decision"
_HEAD: Final = (
    UNIT,
    "source",
    "question",
    "before",
    SENTENCE,
    FACET,
    "given_by",
    "not_given_by",
    DECISION,
    "note",
)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a sheet of disagreements settles: lines to write, codes settled and left open."""

    lines: tuple[Line, ...]
    settled: int
    left: int


def disagreement_sheet(
    found: Sequence[Disagreement], corpus: Corpus, *, language: Language, french: bool = False
) -> str:
    """Return the disagreements as CSV, the most contentious first, with an empty decision.

    Parameters
    ----------
    found
        As `embauche.study.coded_study.disputed` lists them.
    corpus
        The study's sources.
    language
        Of the facets' names.
    french
        For French spreadsheets: semicolons and a byte order mark.
    """
    names = {source.id: source.name for source in corpus.sources}
    rows = [
        (
            item.unit.key,
            names[item.unit.source],
            item.unit.question,
            item.unit.before,
            item.unit.quote,
            label(facet, language),
            ", ".join(_short(coder) for coder in item.given_by[facet]),
            ", ".join(_short(coder) for coder in item.withheld_by[facet]),
            "",
            "",
        )
        for item in found
        for facet in item.disputed
    ]
    return csv_text(_HEAD, rows, french=french)


def read_settlement(sheet: Sheet, coding: StudyCoding, coder: str, *, at: datetime) -> Settlement:
    """Read a sheet of disagreements that was settled; an empty decision leaves the code open.

    A yes accepts the evidence that somebody gave, a no rejects all evidence of that facet there.

    Raises
    ------
    ReadError
        Naming row and column of the first cell that is wrong.
    """
    sheet.need((UNIT, SENTENCE, FACET, DECISION))
    places = units_of(sheet, coding.table.units)
    rows = {unit.key: row for row, unit in enumerate(coding.table.units)}
    stamp = {"coder": coder, "at": at.isoformat(timespec="seconds"), "adjudicated": True}
    answers: list[tuple[CodingUnit, Facet, bool]] = []
    left = 0
    for row in sheet.rows:
        facet = _facet(sheet.cell(row, FACET))
        if facet is None:
            raise ReadError(
                "sheet.unknown_facet",
                file=sheet.name,
                row=row.number,
                column=FACET,
                value=sheet.cell(row, FACET)[:40],
            )
        answer = sheet.mark(row, DECISION)
        if answer is None:
            left += 1
        else:
            answers.append((places[row.number], facet, answer))
    lines: list[Line] = []
    used: set[str] = set()
    # What is accepted comes first: evidence that was recoded is concerned by two facets, and
    # refusing the one must not take back the other.
    for unit, facet, answer in sorted(answers, key=lambda item: not item[2]):
        status = EvidenceStatus.ACCEPTED if answer else EvidenceStatus.REJECTED
        keys = [key for key in _concerned(coding, rows[unit.key], facet) if key not in used]
        used.update(keys)
        lines += [
            {"kind": "evidence", "id": key, "facet": facet.value, "status": status.value, **stamp}
            for key in keys
        ] or [code_line(unit, facet, status, stamp)]
    return Settlement(tuple(lines), len(answers), left)


def _concerned(coding: StudyCoding, row: int, facet: Facet) -> list[str]:
    """Return the ids of the evidence that somebody accepted there with the facet."""
    keys: dict[str, None] = {}
    for line in coding.lines:
        key = str(line["id"])
        if key not in coding.facets or row not in coding.places[key]:
            continue
        same = Facet(line.get("facet", coding.facets[key])) is facet
        if same and line.get("status", "accepted") == EvidenceStatus.ACCEPTED:
            keys[key] = None
    return list(keys)


def _facet(name: str) -> Facet | None:
    for facet in Facet:
        names = (facet.value, *(label(facet, language) for language in Language))
        if name.casefold() in {text.casefold() for text in names}:
            return facet
    return None


def _short(coder: str) -> str:
    return coder.removeprefix("person:")
