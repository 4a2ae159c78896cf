"""coding.jsonl: what people decided, kept beside the study so that nothing is lost.

One JSON object a line, later lines win. Two kinds of line::

    {"kind": "evidence", "id": "…", "status": "accepted", "coder": "person:camille", "at": "…"}
    {"kind": "job", "id": "…", "statement": {"fr": "…"}, "coder": "person:camille", "at": "…"}

An evidence line may carry ``facet`` (recoded), and one with ``source``, ``start``, ``end`` and
``quote`` adds evidence that no machine proposed. Decisions about evidence or jobs that a new run
no longer has are kept and named in a notice, never dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from embauche.collect.source import Corpus
from embauche.errors import StudyError
from embauche.identify.evidence import Evidence, verified
from embauche.jobs.job import Job, JobMap
from embauche.notices import Notice
from embauche.vocabulary import EvidenceStatus, Facet, Language, SpeakerRole

FILE_NAME = "coding.jsonl"


@dataclass(frozen=True, slots=True)
class Decisions:
    """People's decisions, in the order they were taken.

    Attributes
    ----------
    evidence, jobs
        Id → the latest decision's fields.
    """

    evidence: Mapping[str, Mapping[str, Any]]
    jobs: Mapping[str, Mapping[str, Any]]

    @property
    def count(self) -> int:
        """How many pieces of evidence and jobs a person decided about."""
        return len(self.evidence) + len(self.jobs)


NONE = Decisions(evidence={}, jobs={})


def read_decisions(folder: Path) -> Decisions:
    """Read the decisions of a study folder.

    Raises
    ------
    StudyError
        If a line is not a decision; the error names file and line.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return NONE
    return parse_decisions(path.read_text(encoding="utf-8-sig").splitlines())


def parse_decisions(lines: Iterable[str]) -> Decisions:
    """Parse decision lines; see `read_decisions`."""
    evidence: dict[str, dict[str, Any]] = {}
    jobs: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            kept = {"evidence": evidence, "job": jobs}[entry["kind"]]
            key = str(entry["id"])
            _check(entry)
        except (ValueError, KeyError, TypeError) as error:
            raise StudyError("decisions.bad_line", file=FILE_NAME, line=number) from error
        kept[key] = {**kept.get(key, {}), **entry}
    return Decisions(evidence=evidence, jobs=jobs)


def _check(entry: Mapping[str, Any]) -> None:
    """Raise `ValueError` unless the fields that are there have a meaning."""
    if "status" in entry:
        EvidenceStatus(entry["status"])
    if "facet" in entry:
        Facet(entry["facet"])
    for language in entry.get("statement", {}):
        Language(language)


def write_decisions(folder: Path, decisions: Decisions) -> None:
    """Write decisions whole, replacing the file only once the new one is complete."""
    path = folder / FILE_NAME
    draft = path.with_suffix(".jsonl.part")
    lines = [
        json.dumps(dict(entry), ensure_ascii=False, sort_keys=True)
        for entry in (*decisions.evidence.values(), *decisions.jobs.values())
    ]
    draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    draft.replace(path)


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
    left = dict(decisions.evidence)
    decided: list[Evidence] = []
    for item in proposed:
        entry = left.pop(item.id, None)
        decided.append(item if entry is None else _decided(item, entry))
    sources = {source.id: source for source in corpus.sources}
    orphans = 0
    for key, entry in left.items():
        source = sources.get(str(entry.get("source")))
        if source is None or "quote" not in entry:
            orphans += 1
            continue
        turn = next(
            (
                turn
                for turn in source.turns
                if turn.start <= entry["start"] < turn.end and turn.role is SpeakerRole.PARTICIPANT
            ),
            None,
        )
        if turn is None or turn.participant is None:
            orphans += 1
            continue
        added = Evidence(
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
        decided.append(verified(added, source))
    notices = (
        (Notice("study.decisions_without_evidence", {"n": orphans, "file": FILE_NAME}, "weak"),)
        if orphans
        else ()
    )
    return tuple(decided), notices


def _decided(item: Evidence, entry: Mapping[str, Any]) -> Evidence:
    return replace(
        item,
        status=EvidenceStatus(entry.get("status", item.status)),
        facet=Facet(entry.get("facet", item.facet)),
    )


def decide_jobs(job_map: JobMap, decisions: Decisions) -> tuple[JobMap, tuple[Notice, ...]]:
    """Apply people's wordings of jobs; wordings of jobs that are gone are named in a notice."""
    left = dict(decisions.jobs)

    def renamed(job: Job) -> Job:
        entry = left.pop(job.id, None)
        if entry is None or not entry.get("statement"):
            return job
        wording = {Language(key): str(value) for key, value in entry["statement"].items()}
        return replace(job, statement={**job.statement, **wording}, statement_is_proposal=False)

    jobs = tuple(renamed(job) for job in job_map.jobs)
    notices = (
        (Notice("study.decisions_without_job", {"n": len(left), "file": FILE_NAME}, "weak"),)
        if left
        else ()
    )
    return replace(job_map, jobs=jobs), notices
