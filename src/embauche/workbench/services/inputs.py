"""What an analysis reads: the study's files, people's decisions and the settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime

from embauche import __version__
from embauche.study.config import StudyConfig, read_config
from embauche.study.decisions import FILE_NAME as CODING
from embauche.study.decisions import Decisions, read_decisions
from embauche.vocabulary import GOAL_FACETS
from embauche.workbench.models import Event, Evidence, Job, NeedLink, Study


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that the stages are given, its fingerprint, and the fingerprint of the files alone."""

    config: StudyConfig
    decisions: Decisions
    seed: int
    fingerprint: str
    files: str


def study_folder(study: Study) -> Path:
    """Return the study's own folder in the workspace."""
    return Path(settings.WORKSPACE.studies) / study.slug / "files"


def results_folder(study: Study) -> Path:
    """Return where the study's frames and written outputs lie."""
    return Path(settings.WORKSPACE.studies) / study.slug / "results"


def inputs(study: Study) -> Inputs:
    """Gather what an analysis of the study reads now."""
    folder = study_folder(study)
    config = read_config(folder)
    confirmed = dict(
        NeedLink.objects.filter(study=study, confirmed=True)
        .order_by("need")
        .values_list("need", "job__key")
    )
    jobs = {**config.survey.jobs, **confirmed}
    config = replace(config, survey=replace(config.survey, jobs=jobs), offer=study.offer)
    decided = decisions(study)
    files = sha256()
    coding = folder / CODING
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != coding:
            files.update(path.relative_to(folder).as_posix().encode())
            files.update(sha256(path.read_bytes()).digest())
    mark = files.copy()
    files.update(coding.read_bytes() if coding.is_file() else b"")
    files.update(f"{study.seed} {__version__}".encode())
    rest = [
        sorted(confirmed.items()),
        [_bare(entry) for _, entry in sorted(decided.evidence.items())],
        [_bare(entry) for _, entry in sorted(decided.jobs.items())],
        study.seed,
        __version__,
    ]
    mark.update(json.dumps(rest, sort_keys=True, ensure_ascii=False).encode())
    return Inputs(config, decided, study.seed, mark.hexdigest(), files.hexdigest())


def decisions(study: Study) -> Decisions:
    """Return people's decisions: those the study came with, and those taken here since."""
    came_with = read_decisions(study_folder(study))
    evidence = {key: dict(entry) for key, entry in came_with.evidence.items()}
    undone = set(
        Event.objects.filter(study=study, verb="evidence.undone").values_list("key", flat=True)
    )
    for row in (
        Evidence.objects.filter(study=study)
        .select_related("reviewer")
        .only("key", "status", "reviewer__name", "reviewed_at")
    ):
        if row.reviewer is None:
            if row.key in undone:
                evidence.pop(row.key, None)
        elif not _later(evidence.get(row.key), row.reviewed_at):
            evidence[row.key] = {
                **evidence.get(row.key, {}),
                "kind": "evidence",
                "id": row.key,
                "status": row.status,
                "coder": row.reviewer.name,
                **_when(row.reviewed_at),
            }
    jobs = {key: dict(entry) for key, entry in came_with.jobs.items()}
    for job in Job.objects.filter(study=study, worded_by__isnull=False).select_related("worded_by"):
        if not _later(jobs.get(job.key), job.worded_at):
            jobs[job.key] = {
                **jobs.get(job.key, {}),
                "kind": "job",
                "id": job.key,
                "statement": job.statement,
                "coder": job.worded_by.name,
                **_when(job.worded_at),
            }
    return Decisions(evidence=evidence, jobs=jobs)


def _stated_by(job: Job) -> list[str]:
    """Return the keys of the evidence that states a job: by it, another run knows the job again."""
    stated = job.attachments.filter(facet__in=[str(facet) for facet in GOAL_FACETS])
    return sorted(stated.values_list("evidence__key", flat=True))


def _when(at: datetime | None) -> dict[str, str]:
    return {"at": at.isoformat(timespec="seconds")} if at else {}


def _later(entry: Mapping[str, Any] | None, at: datetime | None) -> bool:
    """Tell whether the folder's own decision was taken after the workbench's."""
    text = str((entry or {}).get("at") or "")
    try:
        taken = parse_datetime(text) if text else None
    except ValueError:
        taken = None
    if taken is None or at is None:
        return False
    aware = taken if taken.tzinfo else taken.replace(tzinfo=UTC)
    return aware > at


def _bare(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out when it was decided: the same decision gives the same figures."""
    return {key: value for key, value in entry.items() if key != "at"}
