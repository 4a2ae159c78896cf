"""The jobs of a study folder alone, and operations on them written into its ``coding.jsonl``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from embauche.collect.source import Corpus
from embauche.errors import FolderError, StudyError
from embauche.identify import propose, shared_vectors
from embauche.identify.evidence import Evidence
from embauche.jobs.arrangement import Arrangement
from embauche.jobs.diff import JobState, states_of_results
from embauche.jobs.job import JobMap
from embauche.jobs.neighbours import nearest_jobs
from embauche.jobs.operating import arrangement_of
from embauche.jobs.operation_lines import line_of
from embauche.jobs.operations import Entry, Operation, OperationLog
from embauche.jobs.thresholds import ThresholdRow, at_thresholds
from embauche.notices import Notice
from embauche.study import proposal_cache
from embauche.study.config import StudyConfig
from embauche.study.corrections import corrections_of
from embauche.study.decisions import FILE_NAME, Decisions, read_decisions
from embauche.study.jobs_state import JobsState, read_state
from embauche.study.plan import make_plan
from embauche.study.progress import Report, part, silent
from embauche.study.stages import collect, language_of_study, listen
from embauche.vocabulary import GOAL_FACETS, EvidenceStatus, Language


@dataclass(frozen=True)
class MappedStudy:
    """The jobs of a study folder.

    Attributes
    ----------
    config, corpus, decisions
        What they were made from.
    evidence
        All of it, with people's decisions.
    job_map
        The jobs.
    language
        Of the study, or as asked for.
    notices
        What is weak, and which decisions could not be carried out.
    vectors
        What encoded the quotes.
    """

    config: StudyConfig
    corpus: Corpus
    decisions: Decisions
    evidence: tuple[Evidence, ...]
    job_map: JobMap
    language: Language
    notices: tuple[Notice, ...]
    vectors: proposal_cache.KeptVectors

    @property
    def jobs(self) -> Arrangement:
        """Which goal evidence is in which job."""
        return arrangement_of(self.job_map)

    def by_id(self) -> dict[str, Evidence]:
        """Return evidence by its id."""
        return {item.id: item for item in self.evidence}

    def neighbours(self) -> dict[str, tuple[tuple[str, float], ...]]:
        """Return the jobs nearest to each job, with the cosine of the centres."""
        goals = [item for item in self.evidence if item.facet in GOAL_FACETS]
        return nearest_jobs(
            self.job_map, goals, self.vectors.encode([item.quote for item in goals])
        )

    def thresholds(self) -> tuple[ThresholdRow, ...]:
        """Return what each threshold would give, people's operations left out."""
        kept = [item for item in self.evidence if item.status is not EvidenceStatus.REJECTED]
        return at_thresholds(kept, self.vectors.encode([item.quote for item in kept]))


def map_study(
    config: StudyConfig,
    *,
    language: str | None = None,
    threshold: float | None = None,
    seed: int = 0,
    report: Report = silent,
) -> MappedStudy:
    """Carry out the stages up to the jobs, and no further.

    What the machine proposes is kept beside the study (`proposal_cache`), so that the second call
    does not read the interviews again.

    Parameters
    ----------
    config
        As read from ``study.toml``.
    language
        Language of the statements; the study's own by default.
    threshold
        Instead of the study's ``[jobs] threshold``.
    seed
        Seed of every random choice.
    report
        Told of progress.

    Raises
    ------
    FolderError
        If nobody says anything in the folder.
    """
    if threshold is not None:
        config = replace(config, jobs=replace(config.jobs, threshold=threshold))
    collected = replace(collect(make_plan(config), report), survey=None, customers=None)
    corpus = collected.corpus
    if not corpus.sources:
        raise FolderError("jobs.no_talk", folder=str(config.folder))
    decisions = read_decisions(config.folder, config.coding.adjudicator)
    chosen = language_of_study(config, corpus, language)
    vectors = proposal_cache.KeptVectors(shared_vectors())
    key = proposal_cache.fingerprint(corpus, decisions, config.guide)
    proposals = proposal_cache.load(config.folder, key, vectors)
    fresh = proposals is None
    if proposals is None:
        proposals = propose(
            corpus,
            vectors=shared_vectors(),
            corrections=corrections_of(decisions),
            progress=part(report, "identify", 0.0, 1.0),
            guide=config.guide,
        )
    mapped = listen(
        collected, config, decisions, chosen, seed, report, proposals=proposals, vectors=vectors
    )
    if mapped is None:
        raise FolderError("jobs.no_talk", folder=str(config.folder))
    if fresh:
        proposal_cache.keep(config.folder, key, proposals, vectors)
    notices = (*mapped.notices, *mapped.job_map.notices)
    return MappedStudy(
        config, corpus, decisions, mapped.evidence, mapped.job_map, chosen, notices, vectors
    )


def record(folder: Path, operation: Operation, coder: str) -> Entry:
    """Write an operation into a study folder's log, and return its entry."""
    log = _log(folder).append(operation, coder=coder, at=_now())
    return _added(folder, log)


def undo(folder: Path, coder: str, entry: str | None = None) -> Entry:
    """Take back the latest operation that stands, or a named one; return what was taken back.

    Raises
    ------
    StudyError
        If there is nothing to take back.
    """
    log = _log(folder)
    try:
        after = log.undo(entry, coder=coder, at=_now())
    except LookupError as error:
        raise StudyError("jobs.nothing_to_undo", entry=entry or "—") from error
    _added(folder, after)
    return next(item for item in log.standing[::-1] if item not in after.standing)


def redo(folder: Path, coder: str) -> Entry:
    """Bring back what was undone last; return it.

    Raises
    ------
    StudyError
        If nothing was undone since the last operation.
    """
    log = _log(folder)
    try:
        after = log.redo(coder=coder, at=_now())
    except LookupError as error:
        raise StudyError("jobs.nothing_to_redo") from error
    _added(folder, after)
    return next(item for item in after.standing if item not in log.standing)


def previous_jobs(path: Path) -> tuple[JobState, ...]:
    """Read the jobs of a ``results.json``, or of a ``jobs-state.json``.

    Raises
    ------
    StudyError
        If the file is neither.
    """
    try:
        data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8-sig"))
        if "found" in data:
            state = read_state(path.parent, path.name)
            return (state or JobsState()).jobs
        return states_of_results(data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StudyError("jobs.not_results", file=path.name) from error


def _log(folder: Path) -> OperationLog:
    return read_decisions(folder).operations


def _now() -> str:
    return datetime.now(tz=UTC).isoformat(timespec="seconds")


def _added(folder: Path, log: OperationLog) -> Entry:
    """Add the last entry to the file; all lines that are there stay as they are."""
    path = folder / FILE_NAME
    entry = log.entries[-1]
    before = path.read_bytes() if path.is_file() else b""
    if before and not before.endswith(b"\n"):
        before += b"\n"
    line = json.dumps(line_of(entry), ensure_ascii=False, sort_keys=True)
    draft = path.with_suffix(".jsonl.part")
    draft.write_bytes(before + line.encode() + b"\n")
    draft.replace(path)
    return entry
