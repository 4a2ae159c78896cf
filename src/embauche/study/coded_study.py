"""Who coded which sentence of a study with what: people's lines and the machine's proposals."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embauche.collect.source import Corpus
from embauche.identify.agreement_coefficients import MISSING
from embauche.identify.coded_units import CodedUnits, CodingUnit, coding_units
from embauche.identify.disagreements import Disagreement, disagreements
from embauche.identify.evidence import Evidence
from embauche.study.several_coders import Line, coder_of, is_settled
from embauche.vocabulary import EvidenceStatus, Facet

_FACETS = tuple(Facet)
_COLUMN = {facet: column for column, facet in enumerate(_FACETS)}


@dataclass(frozen=True, eq=False)
class StudyCoding:
    """The coding of a study, a sentence a row.

    Attributes
    ----------
    table
        All coders: people by name, then the machine.
    people, machines
        The table's coders.
    reviewers
        People who said which sentences they looked at, without having been shown proposals; of the
        others only single decisions are known.
    places
        Evidence id → rows of the sentences that it covers.
    facets
        Evidence id → the facet that it was proposed or added with.
    lines
        Everybody's evidence lines.
    """

    table: CodedUnits
    people: tuple[str, ...]
    machines: tuple[str, ...]
    reviewers: frozenset[str]
    places: Mapping[str, tuple[int, ...]]
    facets: Mapping[str, Facet]
    lines: tuple[Line, ...]


def coded_study(
    corpus: Corpus,
    proposed: Sequence[Evidence],
    lines: Iterable[Line],
    reviewed: Iterable[Line] = (),
) -> StudyCoding:
    """Put everybody's coding of a study on its sentences.

    Evidence counts for a sentence where it covers at least half of it, or lies in it by at least
    half. A recoded proposal is a yes to the new facet and a no to the proposed one.

    Parameters
    ----------
    corpus
        The sources.
    proposed
        What the machine proposes, untouched by decisions.
    lines, reviewed
        As `embauche.study.decisions.Decisions` holds them.
    """
    units = coding_units(corpus)
    finder = _Finder(units)
    own = tuple(line for line in lines if line["kind"] == "evidence")
    coded = [line for line in own if not line.get("adjudicated")]
    reviewed = tuple(reviewed)
    people = tuple(sorted({coder_of(line) for line in (*coded, *reviewed)}))
    machines = tuple(sorted({item.coder for item in proposed}))
    values = np.full((len(units), len(people) + len(machines), len(_FACETS)), MISSING, np.int8)
    spans = {item.id: (item.source, item.start, item.end, item.facet) for item in proposed}
    for line in own:
        if "quote" in line and "facet" in line and str(line["id"]) not in spans:
            where = (str(line["source"]), int(line["start"]), int(line["end"]))
            spans[str(line["id"])] = (*where, Facet(line["facet"]))
    places = {key: finder.rows(*span[:3]) for key, span in spans.items()}
    for line in reviewed:
        at = finder.reviewed(line)
        column = people.index(coder_of(line))
        values[at, column] = np.maximum(values[at, column], 0)
    for line in coded:
        if str(line["id"]) in spans:
            key = str(line["id"])
            _mark(values[:, people.index(coder_of(line))], places[key], spans[key][3], line)
    for number, machine in enumerate(machines, len(people)):
        values[:, number] = 0
        for item in proposed:
            if item.coder == machine:
                values[list(places[item.id]), number, _COLUMN[item.facet]] = 1
    table = CodedUnits(units, (*people, *machines), _FACETS, values)
    # Whoever answers the queue sees what the machine thinks: that is no blind coding.
    reviewers = frozenset(coder_of(line) for line in reviewed if line.get("blind", True))
    facets = {key: span[3] for key, span in spans.items()}
    return StudyCoding(table, people, machines, reviewers, places, facets, own)


def _mark(values: NDArray[np.int8], rows: tuple[int, ...], base: Facet, line: Line) -> None:
    """Enter a coder's line into their own (units, facets); a yes is never taken back by a no."""
    status = line.get("status", "accepted" if "quote" in line or "facet" in line else None)
    if status is None or status == EvidenceStatus.PROPOSED:
        return
    facet = Facet(line.get("facet", base))
    at = list(rows)
    if facet is not base:
        values[at, _COLUMN[base]] = np.maximum(values[at, _COLUMN[base]], 0)
    given = 1 if status == EvidenceStatus.ACCEPTED else 0
    values[at, _COLUMN[facet]] = np.maximum(values[at, _COLUMN[facet]], given)


class _Finder:
    """Finds the sentences that a span covers."""

    def __init__(self, units: Sequence[CodingUnit]) -> None:
        self.units = units
        self.rows_of: dict[str, list[int]] = {}
        for row, unit in enumerate(units):
            self.rows_of.setdefault(unit.source, []).append(row)
        self.starts = {
            source: [units[row].start for row in rows] for source, rows in self.rows_of.items()
        }

    def rows(self, source: str, start: int, end: int) -> tuple[int, ...]:
        rows = self.rows_of.get(source, [])
        if not rows:
            return ()
        first = max(bisect_right(self.starts[source], start) - 1, 0)
        found = []
        for row in rows[first:]:
            unit = self.units[row]
            if unit.start >= end:
                break
            shared = min(unit.end, end) - max(unit.start, start)
            if shared > 0 and 2 * shared >= min(unit.end - unit.start, end - start):
                found.append(row)
        return tuple(found)

    def reviewed(self, line: Line) -> list[int]:
        source = str(line["source"])
        if "spans" not in line:
            return self.rows_of.get(source, [])
        return [row for start, end in line["spans"] for row in self.rows(source, start, end)]


def refused_proposals(
    coding: StudyCoding, proposed: Sequence[Evidence], decided: Mapping[str, Line]
) -> dict[str, str | None]:
    """Tell which undecided proposals people refused by coding their sentence otherwise.

    Whoever looked at a sentence and did not give it a facet said no to it. A proposal that nobody
    decided about is refused where all who looked at its sentences said no, and where somebody's own
    evidence with the same facet stands in its stead.

    Returns
    -------
    dict
        Id of a refused proposal → id of the accepted evidence in its stead, if there is one.
    """
    people = len(coding.people)
    stead: dict[tuple[int, Facet], str] = {}
    for line in coding.lines:
        added = str(line["id"])
        if "quote" in line and decided[added].get("status", "accepted") == EvidenceStatus.ACCEPTED:
            for row in coding.places[added]:
                stead.setdefault((row, Facet(decided[added]["facet"])), added)
    refused: dict[str, str | None] = {}
    for item in proposed:
        rows = coding.places[item.id]
        if item.id in decided or not rows:
            continue
        other = next((key for row in rows if (key := stead.get((row, item.facet)))), None)
        said = coding.table.values[list(rows), :people, _COLUMN[item.facet]]
        if other is not None and (said == 1).any():
            refused[item.id] = other
        elif (said == 0).any(axis=1).all() and not (said == 1).any():
            refused[item.id] = None
    return refused


def disputed(coding: StudyCoding, adjudicator: str | None = None) -> tuple[Disagreement, ...]:
    """List what people disagree on and no adjudicator has settled."""
    if len(coding.people) < 2:
        return ()
    settled = {
        (coding.table.units[row].key, Facet(line.get("facet", coding.facets[key])))
        for line in coding.lines
        if is_settled(line, adjudicator) and (key := str(line["id"])) in coding.facets
        for row in coding.places[key]
    }
    found = []
    for item in disagreements(coding.table.among(coding.people)):
        left = tuple(facet for facet in item.disputed if (item.unit.key, facet) not in settled)
        if left:
            found.append(item.only(left))
    return tuple(found)


def open_disputes(coding: StudyCoding, adjudicator: str | None = None) -> int:
    """Count the codes (a facet of a sentence) that people disagree on and nobody has settled."""
    return sum(len(item.disputed) for item in disputed(coding, adjudicator))
