"""What there is to code in an export: one item a coder's decision, one a proposal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from embauche.collect.source import Source
from embauche.identify.evidence import Evidence
from embauche.study.decisions import Decisions
from embauche.study.refi_codes import guid_of
from embauche.study.refi_memo import coding_guid
from embauche.study.several_coders import Line, coder_of
from embauche.vocabulary import EvidenceStatus, Facet

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class Item:
    """One coding to write: a span of a source, its facet, and who stands for it.

    `evidence` is the evidence's id, `guid` the coding's.
    """

    evidence: str
    guid: str
    source: str
    start: int
    end: int
    facet: Facet
    coder: str
    at: str | None = None
    memo: str | None = None


def accepting_lines(decisions: Decisions) -> dict[str, dict[str, Line]]:
    """Return evidence id → coder → the line by which the coder gives it a facet."""
    found: dict[str, dict[str, Line]] = {}
    for line in evidence_lines(decisions):
        says = line.get("status", "accepted")
        if not line.get("adjudicated") and says == EvidenceStatus.ACCEPTED:
            found.setdefault(str(line["id"]), {})[coder_of(line)] = line
    return found


def evidence_lines(decisions: Decisions) -> Iterator[Line]:
    """Return every coder's lines about evidence."""
    written = [line for line in decisions.lines if line["kind"] == "evidence"]
    yield from written or decisions.evidence.values()


def items_of(
    evidence: Sequence[Evidence],
    decisions: Decisions,
    sources: Mapping[str, Source],
) -> Iterator[Item]:
    """Return what is to be coded.

    Evidence that people accepted is coded once for each of them; evidence that nobody decided about
    once, for the machine that proposed it. Words that people coded outside of participants' turns
    are no evidence of the study, and exported all the same: they are someone's work.
    """
    accepted = accepting_lines(decisions)
    decided = {str(line["id"]) for line in evidence_lines(decisions)}
    memos = decisions.memos_of("evidence")
    spans: dict[str, tuple[str, int, int, Facet]] = {}
    for one in evidence:
        spans[one.id] = (one.source, one.start, one.end, one.facet)
        # Settled as accepted by an adjudicator alone, or proposed: for the one who found it.
        lone = one.status is not EvidenceStatus.REJECTED and one.id not in accepted
        if lone and (one.status is EvidenceStatus.ACCEPTED or one.id not in decided):
            guid = guid_of("coding", one.id)
            span_ = (one.source, one.start, one.end, one.facet)
            yield Item(one.id, guid, *span_, one.coder, memo=memos.get(one.id))
    for key, lines in accepted.items():
        for coder, line in lines.items():
            span = _span(line, sources) or spans.get(key)
            if span is not None:
                source, start, end, facet = span
                facet = Facet(line.get("facet", facet))
                yield Item(
                    key,
                    coding_guid(key, coder),
                    source,
                    start,
                    end,
                    facet,
                    coder,
                    dated(line.get("at")),
                    memos.get(key),
                )


def _span(line: Line, sources: Mapping[str, Source]) -> tuple[str, int, int, Facet] | None:
    source = sources.get(str(line.get("source")))
    if source is None or "quote" not in line:
        return None
    start, end = int(line["start"]), int(line["end"])
    if not 0 <= start < end or source.text[start:end] != line["quote"]:
        return None
    return source.id, start, end, Facet(line["facet"])


def dated(at: Any) -> str | None:
    """Return a date in the form of the standard, or ``None``."""
    return at if isinstance(at, str) and _DATE.fullmatch(at) else None
