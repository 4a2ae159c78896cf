"""Blind double coding on a sheet: a sentence a row, a facet a column, no proposals shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from embauche.collect.source import Corpus
from embauche.errors import ReadError, StudyError
from embauche.identify.coded_units import CodingUnit, coding_units
from embauche.identify.proposals import evidence_id
from embauche.notices import Notice
from embauche.present.tables import csv_text
from embauche.study.several_coders import Line, coder_of
from embauche.study.sheets import SENTENCE, UNIT, Sheet, facet_columns, units_of
from embauche.vocabulary import EvidenceStatus, Facet, Language, label

HEAD: Final = (UNIT, "source", "question", "before", SENTENCE)
NOTE: Final = "note"


@dataclass(frozen=True, slots=True)
class SheetCoding:
    """What a filled sheet says.

    Attributes
    ----------
    lines
        Evidence and reviewed lines for ``coding.jsonl``.
    sentences, codes
        How many sentences were looked at, and how many codes given.
    notices
        Sources that were left out.
    """

    lines: tuple[Line, ...]
    sentences: int
    codes: int
    notices: tuple[Notice, ...] = ()


def blank_sheet(
    corpus: Corpus, sources: Iterable[str] = (), *, language: Language, french: bool = False
) -> tuple[str, int]:
    """Return a blank coding sheet as CSV, and how many sentences it holds.

    Parameters
    ----------
    corpus
        All that was said.
    sources
        Ids or names of the sources to code; all of them by default.
    language
        Of the facets' names at the head of the columns.
    french
        For French spreadsheets: semicolons and a byte order mark.

    Raises
    ------
    StudyError
        If a source is not in the study.
    """
    wanted = list(sources)
    known = {source.name: source.id for source in corpus.sources}
    ids = {source.id: source.name for source in corpus.sources}
    chosen = []
    for name in wanted:
        if name not in known and name not in ids:
            raise StudyError("sheet.no_source", source=name, known=list(known))
        chosen.append(known.get(name, name))
    units = coding_units(corpus, chosen or None)
    if not units:
        raise StudyError("sheet.nothing_to_code")
    header = (*HEAD, *(label(facet, language) for facet in Facet), NOTE)
    blanks = [""] * (len(Facet) + 1)
    rows = [
        (unit.key, ids[unit.source], unit.question, unit.before, unit.quote, *blanks)
        for unit in units
    ]
    return csv_text(header, rows, french=french), len(units)


def read_coding(
    sheet: Sheet,
    corpus: Corpus,
    coder: str,
    earlier: Iterable[Line],
    *,
    at: datetime,
    every_source: bool = False,
) -> SheetCoding:
    """Read a filled sheet.

    Every row counts as looked at, so that a sentence left blank is a decision. A source in which
    nothing at all is marked was probably not coded, and is left out unless `every_source`.

    Parameters
    ----------
    sheet
        The sheet as read.
    corpus
        The study's sources.
    coder
        ``person:<name>``.
    earlier
        Lines of the study: what this coder's earlier sheet gave and this one does not is taken
        back.
    at
        When it was coded.
    every_source
        Count sources without a single mark as well.

    Raises
    ------
    ReadError
        Naming row and column of the first cell that is wrong.
    """
    units = coding_units(corpus)
    places = units_of(sheet, units)
    columns = facet_columns(sheet)
    given: dict[str, frozenset[Facet]] = {}
    looked: dict[str, CodingUnit] = {}
    for row in sheet.rows:
        unit = places[row.number]
        if unit.key in looked:
            raise ReadError(
                "sheet.twice", file=sheet.name, row=row.number, column=UNIT, value=unit.key
            )
        looked[unit.key] = unit
        given[unit.key] = frozenset(
            facet for facet, column in columns.items() if sheet.mark(row, column)
        )
    marked = {looked[key].source for key, facets in given.items() if facets}
    silent = {unit.source for unit in looked.values()} - marked
    if not every_source:
        looked = {key: unit for key, unit in looked.items() if unit.source in marked}
    stamp = {"coder": coder, "at": at.isoformat(timespec="seconds"), "blind": True}
    codes = [
        code_line(unit, facet, EvidenceStatus.ACCEPTED, stamp)
        for key, unit in looked.items()
        for facet in Facet
        if facet in given[key]
    ]
    lines: list[Line] = [*codes, *_taken_back(looked, codes, earlier, stamp)]
    lines += _reviewed(looked, units, stamp)
    notices: tuple[Notice, ...] = ()
    if silent and not every_source:
        names = {source.id: source.name for source in corpus.sources}
        params = {"n": len(silent), "sources": sorted(names[source] for source in silent)}
        notices = (Notice("sheet.silent_sources", params, "weak"),)
    return SheetCoding(tuple(lines), len(looked), len(codes), notices)


def code_line(
    unit: CodingUnit, facet: Facet, status: EvidenceStatus, stamp: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the line that gives a sentence a facet, or refuses it."""
    return {
        "kind": "evidence",
        "id": evidence_id(unit.source, unit.start, unit.end, facet),
        "source": unit.source,
        "start": unit.start,
        "end": unit.end,
        "quote": unit.quote,
        "facet": facet.value,
        "status": status.value,
        **stamp,
    }


def _taken_back(
    looked: Mapping[str, CodingUnit],
    codes: Sequence[Mapping[str, Any]],
    earlier: Iterable[Line],
    stamp: Mapping[str, Any],
) -> list[dict[str, Any]]:
    now = {line["id"] for line in codes}
    spans = {(unit.source, unit.start, unit.end) for unit in looked.values()}
    return [
        {**line, "status": EvidenceStatus.REJECTED.value, **stamp}
        for line in earlier
        if line["kind"] == "evidence"
        and line.get("blind")
        and coder_of(line) == stamp["coder"]
        and line["id"] not in now
        and line.get("status") == EvidenceStatus.ACCEPTED
        and (line["source"], line["start"], line["end"]) in spans
    ]


def _reviewed(
    looked: Mapping[str, CodingUnit], units: Sequence[CodingUnit], stamp: Mapping[str, Any]
) -> list[dict[str, Any]]:
    whole: dict[str, int] = {}
    for unit in units:
        whole[unit.source] = whole.get(unit.source, 0) + 1
    seen: dict[str, list[list[int]]] = {}
    for unit in looked.values():
        seen.setdefault(unit.source, []).append([unit.start, unit.end])
    return [
        {
            "kind": "reviewed",
            "source": source,
            **({} if len(spans) == whole[source] else {"spans": sorted(spans)}),
            **stamp,
        }
        for source, spans in seen.items()
    ]
