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
from django.db.models import Q
from django.utils.dateparse import parse_datetime

from embauche import __version__
from embauche.jobs.operation_lines import line_of, log_of
from embauche.study.config import StudyConfig, read_config
from embauche.study.decisions import FILE_NAME as CODING
from embauche.study.decisions import Decisions, decisions_of, read_decisions
from embauche.vocabulary import GOAL_FACETS
from embauche.workbench.models import Coder, Event, Evidence, Job, NeedLink, Study


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
    if decided.reviewed or len(decided.coders) > 1:
        # What several coders said changes figures and notices even where the outcome is the same.
        rest.append([_bare(line) for line in (*decided.lines, *decided.reviewed)])
    if decided.operations.entries:
        rest.append([_bare(line_of(entry)) for entry in decided.operations.entries])
    mark.update(json.dumps(rest, sort_keys=True, ensure_ascii=False).encode())
    return Inputs(config, decided, study.seed, mark.hexdigest(), files.hexdigest())


def decisions(study: Study) -> Decisions:
    """Return people's decisions: those the study came with, and those taken here since."""
    folder = study_folder(study)
    came_with = read_decisions(folder, read_config(folder).coding.adjudicator)
    words = _words(study)
    lines = [dict(line) for line in (*came_with.lines, *_told(study, words))]
    undone = set(
        Event.objects.filter(study=study, verb="evidence.undone").values_list("key", flat=True)
    )
    for row in (
        Evidence.objects.filter(Q(reviewer__isnull=False) | Q(key__in=undone), study=study)
        .select_related("reviewer")
        .only("key", "status", "reviewer__name", "reviewed_at")
    ):
        entry = came_with.evidence.get(row.key)
        if row.reviewer is None:
            if row.key in undone:
                # A blind coding is a record of its own, whatever is decided here.
                lines = [
                    line
                    for line in lines
                    if (line["kind"], line["id"]) != ("evidence", row.key) or line.get("blind")
                ]
        elif not _later(entry, row.reviewed_at) and not _says(entry, row):
            lines.append(
                {
                    "kind": "evidence",
                    "id": row.key,
                    "status": row.status,
                    "coder": row.reviewer.name,
                    **words[row.key],
                    **_when(row.reviewed_at),
                }
            )
    for job in Job.objects.filter(study=study, worded_by__isnull=False).select_related("worded_by"):
        entry = came_with.jobs.get(job.key)
        if not _later(entry, job.worded_at):
            lines.append(
                {
                    "kind": "job",
                    "id": job.key,
                    "statement": job.statement,
                    "coder": job.worded_by.name,
                    **_when(job.worded_at),
                }
            )
    looked = (*came_with.reviewed, *_looked_at(study))
    made = decisions_of((*lines, *looked), came_with.adjudicator)
    here = Event.objects.filter(study=study, verb="job.operation").order_by("pk")
    done = [line for line in here.values_list("payload", flat=True) if line is not None]
    before = [line_of(entry) for entry in came_with.operations.entries]
    return replace(made, operations=log_of([*before, *done]))


def _words(study: Study) -> dict[str, dict[str, Any]]:
    """Return what each decision is about: a later coder may propose other words, or none."""
    fields = ("source__key", "start", "end", "quote", "facet")
    events = Event.objects.filter(study=study, kind="evidence").values("key")
    decided = Q(reviewer__isnull=False) | Q(key__in=events)
    rows = Evidence.objects.filter(decided, study=study).order_by().values_list("key", *fields)
    names = [field.removesuffix("__key") for field in fields]
    return {key: dict(zip(names, values, strict=True)) for key, *values in rows}


def _told(study: Study, words: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what everybody decided here, from the history: a row holds the latest decision only.

    An undo takes back what stood last, whoever had decided it.
    """
    names = dict(
        Coder.objects.filter(study=study, user__isnull=False).values_list("user_id", "name")
    )
    standing: dict[str, list[Event]] = {}
    for event in Event.objects.filter(study=study, kind="evidence").order_by("pk"):
        said = standing.setdefault(event.key, [])
        if event.verb != "evidence.undone":
            said.append(event)
        elif said:
            said.pop()
    for key, said in standing.items():
        back = [at for at, event in enumerate(said) if event.verb == "evidence.proposed"]
        standing[key] = said[back[-1] + 1 :] if back else said
    return [
        {
            "kind": "evidence",
            "id": key,
            "status": event.verb.removeprefix("evidence."),
            "coder": names[event.actor_id],
            **words.get(key, {}),
            **_when(event.at),
        }
        for key, said in standing.items()
        for event in said
        if event.actor_id in names
    ]


def _looked_at(study: Study) -> list[dict[str, Any]]:
    """Return the sentences that people answered for as a whole, with the proposals in sight."""
    names = dict(
        Coder.objects.filter(study=study, user__isnull=False).values_list("user_id", "name")
    )
    standing: dict[str, Event] = {}
    for event in Event.objects.filter(study=study, kind="sentence").order_by("pk"):
        if event.verb == "sentence.coded":
            standing[event.key] = event
        else:
            standing.pop(event.key, None)
    return [
        {
            "kind": "reviewed",
            "source": event.payload["source"],
            "spans": [[event.payload["start"], event.payload["end"]]],
            "coder": names[event.actor_id],
            "blind": False,
            **_when(event.at),
        }
        for event in standing.values()
        if event.payload is not None and event.actor_id in names
    ]


def _says(entry: Mapping[str, Any] | None, row: Evidence) -> bool:
    """Tell whether what came with the study already says what the row says, by the same person."""
    if entry is None or row.reviewer is None:
        return False
    return (entry.get("coder"), entry.get("status")) == (row.reviewer.name, row.status)


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
