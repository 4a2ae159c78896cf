"""coding.jsonl: what people decided, kept beside the study so that nothing is lost.

One JSON object a line, later lines win. Two kinds of line::

    {"kind": "evidence", "id": "…", "status": "accepted", "coder": "person:camille", "at": "…"}
    {"kind": "job", "id": "…", "statement": {"fr": "…"}, "coder": "person:camille", "at": "…"}

An evidence line may carry ``facet`` (recoded) and the ratings ``intensity``, ``dissatisfaction``
(0 to 4) and ``frequency`` (occurrences a month); one with ``source``, ``start``, ``end`` and
``quote`` adds evidence that no machine proposed. A job line holds the ``evidence`` that states the
job: it stays together, and by it the job is known again. Decisions about
evidence or jobs that a new run no longer has are kept and named in a notice, never dropped.
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
from embauche.vocabulary import GOAL_FACETS, EvidenceStatus, Facet, Language, SpeakerRole

FILE_NAME = "coding.jsonl"
_SAME_JOB = 0.5
_QUOTED = "jobs.quotes_as_statements"


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
    def together(self) -> tuple[frozenset[str], ...]:
        """Sets of ids of goal evidence that a person put together as one job."""
        return tuple(
            frozenset(entry["evidence"]) for entry in self.jobs.values() if entry.get("evidence")
        )

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
    for rating in ("intensity", "dissatisfaction"):
        if entry.get(rating) not in {None, 0, 1, 2, 3, 4}:
            raise ValueError(rating)
    if entry.get("frequency") is not None and float(entry["frequency"]) < 0:
        raise ValueError("frequency")


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
        added = _rated(
            Evidence(
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
            ),
            entry,
        )
        decided.append(verified(added, source))
    notices = (
        (Notice("study.decisions_without_evidence", {"n": orphans, "file": FILE_NAME}, "weak"),)
        if orphans
        else ()
    )
    return tuple(decided), notices


def _decided(item: Evidence, entry: Mapping[str, Any]) -> Evidence:
    changed = replace(
        item,
        status=EvidenceStatus(entry.get("status", item.status)),
        facet=Facet(entry.get("facet", item.facet)),
    )
    return _rated(changed, entry)


def _rated(item: Evidence, entry: Mapping[str, Any]) -> Evidence:
    """Return the evidence with a person's ratings, where they gave any."""
    return replace(
        item,
        intensity=entry.get("intensity", item.intensity),
        dissatisfaction=entry.get("dissatisfaction", item.dissatisfaction),
        frequency=entry.get("frequency", item.frequency),
    )


def decide_jobs(job_map: JobMap, decisions: Decisions) -> tuple[JobMap, tuple[Notice, ...]]:
    """Apply people's wordings of jobs, and let the jobs that they worded keep their ids.

    A job is known again by its id, else by the evidence that states it: the job whose goal
    statements overlap most with those of the decision (Jaccard of at least one half). Wordings of
    jobs that are gone are named in a notice.
    """
    known = _recognised(job_map, decisions.jobs)
    renamed = {job: decision for decision, job in known.items()}

    def worded(job: Job) -> Job:
        decision = renamed.get(job.id)
        if decision is None:
            return job
        statement = decisions.jobs[decision].get("statement") or {}
        wording = {Language(key): str(value) for key, value in statement.items()}
        if not wording:
            return replace(job, id=decision)
        return replace(
            job,
            id=decision,
            statement={**job.statement, **wording},
            statement_is_proposal=False,
            statement_is_quote=False,
            notices=tuple(item for item in job.notices if not item.code.startswith("jobs.state")),
        )

    main_job = {who: renamed.get(job, job) for who, job in job_map.main_job.items()}
    shares = {
        who: {renamed.get(job, job): share for job, share in mine.items()}
        for who, mine in job_map.shares.items()
    }
    lost = len(decisions.jobs) - len(known)
    notices = (
        (Notice("study.decisions_without_job", {"n": lost, "file": FILE_NAME}, "weak"),)
        if lost
        else ()
    )
    jobs = tuple(worded(job) for job in job_map.jobs)
    quotes = sum(job.statement_is_quote for job in jobs)
    said = tuple(
        Notice(item.code, {"n": quotes}, item.severity) if item.code == _QUOTED else item
        for item in job_map.notices
        if item.code != _QUOTED or quotes
    )
    named = replace(job_map, jobs=jobs, main_job=main_job, shares=shares, notices=said)
    return named, notices


def _recognised(job_map: JobMap, decided: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return decision id → id that its job has in this run; each job at most once."""
    here = {
        job.id: set().union(*(job.evidence(facet) for facet in GOAL_FACETS)) for job in job_map.jobs
    }
    known = {key: key for key in decided if key in here}
    free = [job for job in here if job not in known]
    for key, entry in decided.items():
        stated = set(entry.get("evidence", ()))
        if key in known or not stated or not free:
            continue
        overlap = {job: len(stated & here[job]) / len(stated | here[job]) for job in free}
        best = max(free, key=lambda job: overlap[job])
        if overlap[best] >= _SAME_JOB:
            known[key] = best
            free.remove(best)
    return known
