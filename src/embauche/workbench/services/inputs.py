"""What an analysis reads: the study's files, people's decisions and the settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime

from embauche import __version__
from embauche.collect.guide import FILE_NAME as GUIDE
from embauche.collect.guide import guide_from_dict
from embauche.jobs.operation_lines import line_of, log_of
from embauche.study.config import StudyConfig, read_config
from embauche.study.decisions import FILE_NAME as CODING
from embauche.study.decisions import Decisions, decisions_of, read_decisions
from embauche.vocabulary import GOAL_FACETS
from embauche.workbench.models import Event, Evidence, Guide, Job, NeedLink, Study
from embauche.workbench.services.decision_lines import (
    coding_lines,
    memo_lines,
    reviewed_lines,
    when,
)
from embauche.workbench.services.proposal_lines import proposal_lines


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
    held = Guide.objects.filter(study=study).values_list("data", flat=True).first()
    config = replace(config, guide=guide_from_dict(held) if held is not None else None)
    files = sha256()
    coding = folder / CODING
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in {coding, folder / GUIDE}:
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
    if decided.reviewed or len(decided.coders) > 1:
        # What several coders said changes figures and notices even where the outcome is the same.
        rest.append([_bare(line) for line in (*decided.lines, *decided.reviewed)])
    if decided.operations.entries:
        rest.append([_bare(line_of(entry)) for entry in decided.operations.entries])
    if evidence := [_bare(line) for line in decided.proposals if line["kind"] == "evidence"]:
        rest.append(evidence)
    if held is not None:
        rest.append(held)
    mark.update(json.dumps(rest, sort_keys=True, ensure_ascii=False).encode())
    return Inputs(config, decided, study.seed, mark.hexdigest(), files.hexdigest())


def decisions_in(folder: Path) -> Decisions:
    """Return the decisions that a study folder holds, read again only when they have changed."""
    path = folder / CODING
    found = path.stat() if path.is_file() else None
    mark = (found.st_mtime_ns, found.st_size) if found else None
    return _decisions_in(folder, mark, read_config(folder).coding.adjudicator)


@lru_cache(maxsize=8)
def _decisions_in(folder: Path, _mark: object, adjudicator: str | None) -> Decisions:
    return read_decisions(folder, adjudicator)


def decisions(study: Study) -> Decisions:
    """Return people's decisions: those the study came with, and those taken here since."""
    folder = study_folder(study)
    came_with = decisions_in(folder)
    lines = [dict(line) for line in (*came_with.lines, *coding_lines(study))]
    undone = set(
        Event.objects.filter(study=study, verb="evidence.undone").values_list("key", flat=True)
    )
    taken_back = set(
        Evidence.objects.filter(study=study, key__in=undone, reviewer=None).values_list(
            "key", flat=True
        )
    )
    # A blind coding is a record of its own, whatever is decided here.
    lines = [
        line
        for line in lines
        if line["kind"] != "evidence" or line["id"] not in taken_back or line.get("blind")
    ]
    for job in Job.objects.filter(study=study, worded_by__isnull=False).select_related("worded_by"):
        entry = came_with.jobs.get(job.key)
        if not _later(entry, job.worded_at):
            lines.append(
                {
                    "kind": "job",
                    "id": job.key,
                    "statement": job.statement,
                    "coder": job.worded_by.name,
                    **when(job.worded_at),
                }
            )
    looked = (*came_with.reviewed, *reviewed_lines(study))
    proposed = proposal_lines(study, came_with)
    noted = (*came_with.memos, *memo_lines(study, came_with.memos))
    made = decisions_of((*proposed, *lines, *looked, *noted), came_with.adjudicator)
    here = Event.objects.filter(study=study, verb="job.operation").order_by("pk")
    done = [line for line in here.values_list("payload", flat=True) if line is not None]
    before = [line_of(entry) for entry in came_with.operations.entries]
    return replace(made, operations=log_of([*before, *done]))


def _stated_by(job: Job) -> list[str]:
    """Return the keys of the evidence that states a job: by it, another run knows the job again."""
    stated = job.attachments.filter(facet__in=[str(facet) for facet in GOAL_FACETS])
    return sorted(stated.values_list("evidence__key", flat=True))


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
