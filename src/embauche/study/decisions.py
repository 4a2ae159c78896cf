"""coding.jsonl: what people decided, kept beside the study so that nothing is lost.

One JSON object a line; a coder's later lines win over their earlier ones. Five kinds of line::

    {"kind": "evidence", "id": "…", "status": "accepted", "coder": "person:camille", "at": "…"}
    {"kind": "job", "id": "…", "statement": {"fr": "…"}, "coder": "person:camille", "at": "…"}
    {"kind": "reviewed", "source": "…", "coder": "person:camille", "at": "…"}
    {"kind": "operation", "op": "merge", "id": "…", "coder": "person:camille", "at": "…", …}
    {"kind": "memo", "of": "source", "id": "…", "text": "…", "coder": "person:camille", "at": "…"}

Several people's lines about the same thing are kept side by side (`several_coders` tells what
counts as decided); ``"adjudicated": true`` settles a matter between them. A reviewed line says that
a coder looked at all sentences of a source, or at those named in ``spans``: what they left uncoded
there is a decision too. Operations on jobs are a log that only grows: an undo is a line as well
(`embauche.jobs.operation_lines`).

A line of a program (``machine:mcp:…``, ``machine:api:…``) is a proposal and decides nothing: an
evidence line with ``source``, ``start``, ``end``, ``quote`` and ``facet``, to be reviewed like the
coder's own, or a job line with a ``statement``.

A memo is what people note about evidence, a source or a job: it decides nothing, and of two about
the same thing the later stands; an empty one takes it away.

An evidence line may carry ``facet`` (recoded), its ``moment`` and the ratings ``intensity`` and
``dissatisfaction`` (0 to 4) and ``frequency`` (occurrences a month); one with ``source``,
``start``, ``end`` and ``quote`` adds evidence that no machine proposed. A job line holds the
``evidence`` that states the job: it stays together, and by it the job is known again. Decisions
about evidence or jobs that a new run no longer has are kept and named in a notice, never dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from embauche.collect.source import Corpus, Source
from embauche.errors import StudyError
from embauche.identify.evidence import Evidence, verified
from embauche.jobs.operation_lines import line_of, log_of
from embauche.jobs.operations import OperationLog
from embauche.notices import Notice
from embauche.study.coded_study import coded_study, open_disputes, refused_proposals
from embauche.study.decision_checks import check_line
from embauche.study.several_coders import Line, coder_of, own_lines, settled
from embauche.vocabulary import EvidenceStatus, Facet, Moment, SpeakerRole

FILE_NAME = "coding.jsonl"
PROPOSERS = ("machine:mcp:", "machine:api:")
"""Beginnings of the names of programs whose lines propose and never decide."""

_KINDS = ("evidence", "job")
_REVIEWED = "reviewed"
_MEMO = "memo"


@dataclass(frozen=True, slots=True)
class Decisions:
    """People's decisions, in the order they were taken.

    Attributes
    ----------
    evidence, jobs
        Id → the fields of what counts as decided.
    lines
        Every coder's own decisions, one line a coder and id.
    reviewed
        Who looked at which source.
    adjudicator
        The coder whose lines settle a matter, if one is named.
    operations
        What was done to jobs, in order.
    proposals
        What programs proposed, one line a program and id.
    memos
        What people noted about evidence, sources and jobs, one line a thing.
    """

    evidence: Mapping[str, Line]
    jobs: Mapping[str, Line]
    lines: tuple[Line, ...] = ()
    reviewed: tuple[Line, ...] = ()
    adjudicator: str | None = None
    operations: OperationLog = field(default_factory=OperationLog)
    proposals: tuple[Line, ...] = ()
    memos: tuple[Line, ...] = ()

    @property
    def coders(self) -> tuple[str, ...]:
        """Who decided about evidence or looked at a source, by name."""
        written = [line for line in self.lines if line["kind"] == "evidence"]
        return tuple(sorted({coder_of(line) for line in (*written, *self.reviewed)}))

    @property
    def together(self) -> tuple[frozenset[str], ...]:
        """Sets of ids of goal evidence that a person put together as one job."""
        return tuple(self.stated.values())

    @property
    def stated(self) -> dict[str, frozenset[str]]:
        """Id of a job that a person decided about → the goal evidence put together in it."""
        return {
            key: frozenset(entry["evidence"])
            for key, entry in self.jobs.items()
            if entry.get("evidence")
        }

    def memos_of(self, kind: str) -> dict[str, str]:
        """Return id → memo of ``"evidence"``, ``"source"`` or ``"job"``.

        What another program wrote beside a coding stands on its evidence line.
        """
        found = {
            str(line["id"]): str(line["memo"])
            for line in (*self.proposals, *self.lines)
            if line["kind"] == kind and line.get("memo")
        }
        found |= {str(line["id"]): str(line["text"]) for line in self.memos if line["of"] == kind}
        return {key: text for key, text in found.items() if text}

    @property
    def count(self) -> int:
        """How many pieces of evidence and jobs a person decided about."""
        return len(self.evidence) + len(self.jobs)


NONE = Decisions(evidence={}, jobs={})


def read_decisions(folder: Path, adjudicator: str | None = None) -> Decisions:
    """Read the decisions of a study folder.

    Parameters
    ----------
    folder
        The study folder.
    adjudicator
        Name of the coder whose lines settle what others disagree on.

    Raises
    ------
    StudyError
        If a line is not a decision; the error names file and line.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return replace(NONE, adjudicator=adjudicator)
    return parse_decisions(path.read_text(encoding="utf-8-sig").splitlines(), adjudicator)


def parse_decisions(lines: Iterable[str], adjudicator: str | None = None) -> Decisions:
    """Parse decision lines; see `read_decisions`."""
    read: list[Line] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            check_line(entry)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StudyError("decisions.bad_line", file=FILE_NAME, line=number) from error
        read.append(entry)
    return decisions_of(read, adjudicator)


def decisions_of(lines: Iterable[Line], adjudicator: str | None = None) -> Decisions:
    """Make decisions of lines in the order in which they were written."""
    held = list(lines)
    told = [line for line in held if line["kind"] in _KINDS]
    own = own_lines(line for line in told if not _proposes(line))
    proposals = own_lines(line for line in told if _proposes(line))
    evidence, jobs = (
        settled([line for line in own if line["kind"] == kind], adjudicator) for kind in _KINDS
    )
    reviewed = tuple(line for line in held if line["kind"] == _REVIEWED)
    memos = {(line["of"], str(line["id"])): line for line in held if line["kind"] == _MEMO}
    return Decisions(
        evidence,
        jobs,
        own,
        reviewed,
        adjudicator,
        log_of(held),
        proposals,
        tuple(memos.values()),
    )


def _proposes(line: Line) -> bool:
    """Tell whether a program wrote the line."""
    return coder_of(line).startswith(PROPOSERS)


def write_decisions(folder: Path, decisions: Decisions) -> None:
    """Write everybody's decisions, replacing the file only once the new one is complete."""
    path = folder / FILE_NAME
    draft = path.with_suffix(".jsonl.part")
    written = decisions.lines or (*decisions.evidence.values(), *decisions.jobs.values())
    lines = [
        json.dumps(dict(entry), ensure_ascii=False, sort_keys=True)
        for entry in (
            *decisions.proposals,
            *written,
            *decisions.reviewed,
            *map(line_of, decisions.operations.entries),
            *decisions.memos,
        )
    ]
    draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    draft.replace(path)


def add_lines(folder: Path, lines: Iterable[Line], adjudicator: str | None = None) -> Decisions:
    """Add lines to those of a folder, everybody else's kept as they are.

    A coder's reviewed sentences of a source are put together with those reviewed before.
    """
    before, more = read_decisions(folder, adjudicator), list(lines)
    reviewed: dict[tuple[str, str], Line] = {}
    for line in (*before.reviewed, *(line for line in more if line["kind"] == _REVIEWED)):
        key = (coder_of(line), str(line["source"]))
        known = reviewed.get(key, line)
        joined = dict(line)
        if "spans" in known and "spans" in line:
            joined["spans"] = sorted(
                map(list, {(a, b) for a, b in [*known["spans"], *line["spans"]]})
            )
        else:
            joined.pop("spans", None)
        reviewed[key] = joined
    coded = (line for line in more if line["kind"] != _REVIEWED)
    done = map(line_of, before.operations.entries)
    lines_before = (*before.proposals, *before.lines, *done, *before.memos)
    made = decisions_of((*lines_before, *coded, *reviewed.values()), adjudicator)
    write_decisions(folder, made)
    return made


def decide_evidence(
    proposed: Iterable[Evidence], corpus: Corpus, decisions: Decisions
) -> tuple[tuple[Evidence, ...], tuple[Notice, ...]]:
    """Apply people's decisions to the machine's proposals.

    Returns
    -------
    evidence, notices
        The evidence with people's statuses and facets, people's own evidence added, and a notice
        where a decision concerns evidence that this run does not have.

    Raises
    ------
    EvidenceError
        If a person's quote does not stand letter for letter in its source.
    """
    proposals = with_programs(tuple(proposed), corpus, decisions)
    coding = coded_study(corpus, proposals, decisions.lines, decisions.reviewed)
    refused = refused_proposals(coding, proposals, decisions.evidence)
    left = dict(decisions.evidence)
    decided: list[Evidence] = []
    for item in proposals:
        entry = left.pop(item.id, None)
        if entry is not None:
            decided.append(_decided(item, entry))
        elif item.id in refused:
            decided.append(replace(item, status=EvidenceStatus.REJECTED))
        else:
            decided.append(item)
    sources = {source.id: source for source in corpus.sources}
    orphans = len({str(line["source"]) for line in decisions.reviewed} - sources.keys())
    twins = {key: item for item in proposals if (key := refused.get(item.id)) is not None}
    for key, entry in left.items():
        added = _added(key, entry, sources.get(str(entry.get("source"))))
        if added is None:
            orphans += 1
        else:
            decided.append(_rated(_like(added, twins.get(key)), entry))
    notices = []
    if orphans:
        params = {"n": orphans, "file": FILE_NAME}
        notices.append(Notice("study.decisions_without_evidence", params, "weak"))
    if disputes := open_disputes(coding, decisions.adjudicator):
        notices.append(Notice("study.coders_disagree", {"n": disputes}, "weak"))
    return tuple(decided), tuple(notices)


def with_programs(
    proposed: tuple[Evidence, ...], corpus: Corpus, decisions: Decisions
) -> tuple[Evidence, ...]:
    """Put what programs proposed beside the coder's proposals, where nobody else proposes it.

    Raises
    ------
    EvidenceError
        If a program's quote does not stand letter for letter in its source.
    """
    known = {item.id for item in proposed}
    sources = {source.id: source for source in corpus.sources}
    found = []
    for line in decisions.proposals:
        key = str(line["id"])
        if line["kind"] != "evidence" or key in known:
            continue
        made = _added(key, line, sources.get(str(line.get("source"))))
        if made is not None:
            known.add(key)
            sure = float(line.get("confidence", 0.5))
            found.append(replace(made, status=EvidenceStatus.PROPOSED, confidence=sure))
    return (*proposed, *found)


def _added(key: str, entry: Line, source: Source | None) -> Evidence | None:
    """Return evidence that a person added; ``None`` where its words are nowhere in this study."""
    if source is None or "quote" not in entry:
        return None
    turn = next(
        (
            turn
            for turn in source.turns
            if turn.start <= entry["start"] < turn.end and turn.role is SpeakerRole.PARTICIPANT
        ),
        None,
    )
    if turn is None or turn.participant is None:
        return None
    made = Evidence(
        id=key,
        source=source.id,
        participant=turn.participant,
        start=int(entry["start"]),
        end=int(entry["end"]),
        quote=str(entry["quote"]),
        facet=Facet(entry["facet"]),
        language=source.language,
        coder=str(entry.get("coder", "person:")),
        status=EvidenceStatus(entry.get("status", "accepted")),
    )
    return verified(made, source)


def _like(added: Evidence, twin: Evidence | None) -> Evidence:
    """Take over what the machine read in the same sentence with the same facet."""
    if twin is None:
        return added
    return replace(
        added,
        moment=twin.moment,
        intensity=twin.intensity,
        dissatisfaction=twin.dissatisfaction,
        frequency=twin.frequency,
        valence=twin.valence,
    )


def _decided(item: Evidence, entry: Mapping[str, Any]) -> Evidence:
    changed = replace(
        item,
        status=EvidenceStatus(entry.get("status", item.status)),
        facet=Facet(entry.get("facet", item.facet)),
    )
    return _rated(changed, entry)


def _rated(item: Evidence, entry: Mapping[str, Any]) -> Evidence:
    """Return the evidence with a person's ratings, where they gave any."""
    moment = entry.get("moment", item.moment)
    return replace(
        item,
        moment=Moment(moment) if moment else None,
        intensity=entry.get("intensity", item.intensity),
        dissatisfaction=entry.get("dissatisfaction", item.dissatisfaction),
        frequency=entry.get("frequency", item.frequency),
    )
