"""What an analysis reads: the study's files, people's decisions and the settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from embauche import __version__
from embauche.study.config import StudyConfig, read_config
from embauche.study.decisions import Decisions, read_decisions
from embauche.vocabulary import GOAL_FACETS
from embauche.workbench.models import Evidence, Job, NeedLink, Study


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that the stages are given, and its fingerprint."""

    config: StudyConfig
    decisions: Decisions
    seed: int
    fingerprint: str


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
    mark = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "coding.jsonl":
            mark.update(path.relative_to(folder).as_posix().encode())
            mark.update(sha256(path.read_bytes()).digest())
    rest = [
        sorted(confirmed.items()),
        [_bare(entry) for _, entry in sorted(decided.evidence.items())],
        [_bare(entry) for _, entry in sorted(decided.jobs.items())],
        study.seed,
        __version__,
    ]
    mark.update(json.dumps(rest, sort_keys=True, ensure_ascii=False).encode())
    return Inputs(config, decided, study.seed, mark.hexdigest())


def decisions(study: Study) -> Decisions:
    """Return people's decisions: those the study came with, and those taken here since."""
    came_with = read_decisions(study_folder(study))
    evidence = {key: dict(entry) for key, entry in came_with.evidence.items()}
    for row in Evidence.objects.filter(study=study).select_related("reviewer", "source"):
        if row.reviewer is None:
            evidence.pop(row.key, None)
            continue
        at = row.reviewed_at.isoformat(timespec="seconds") if row.reviewed_at else None
        evidence[row.key] = {
            **evidence.get(row.key, {}),
            "kind": "evidence",
            "id": row.key,
            "status": row.status,
            "coder": row.reviewer.name,
            **({"at": at} if at else {}),
        }
    jobs = {key: dict(entry) for key, entry in came_with.jobs.items()}
    for job in Job.objects.filter(study=study).select_related("worded_by"):
        if job.worded_by is None:
            jobs.pop(job.key, None)
            continue
        at = job.worded_at.isoformat(timespec="seconds") if job.worded_at else None
        jobs[job.key] = {
            **jobs.get(job.key, {}),
            "kind": "job",
            "id": job.key,
            "statement": job.statement,
            "evidence": _stated_by(job),
            "coder": job.worded_by.name,
            **({"at": at} if at else {}),
        }
    return Decisions(evidence=evidence, jobs=jobs)


def _stated_by(job: Job) -> list[str]:
    """Return the keys of the evidence that states a job: by it, another run knows the job again."""
    stated = job.attachments.filter(facet__in=[str(facet) for facet in GOAL_FACETS])
    return sorted(stated.values_list("evidence__key", flat=True))


def _bare(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out when it was decided: the same decision gives the same figures."""
    return {key: value for key, value in entry.items() if key != "at"}
