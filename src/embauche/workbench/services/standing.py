"""The jobs as they stand now, read from what is kept of them: no source, no quote, no survey.

The figures are those of the last analysis; what people did to the jobs since is carried out on the
groups that the machine found, as the next analysis will. A page of ten thousand pieces of evidence
cannot wait for the whole study to be restored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from embauche.errors import StudyError
from embauche.jobs import Arrangement, replay
from embauche.jobs.operation_lines import KIND, entry_of, log_of
from embauche.jobs.operations import OperationLog
from embauche.study.decisions import FILE_NAME
from embauche.vocabulary import GOAL_FACETS
from embauche.workbench.models import Event, Job, JobEvidence, Result, Study
from embauche.workbench.services.frozen import thaw
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.kept_parts import kept_part

OPERATION = "job.operation"
"""Verb of the events that hold an operation."""


def kept_map(study: Study) -> dict[str, Any] | None:
    """Return what is kept of the job map of the last analysis, as JSON."""

    def read() -> dict[str, Any] | None:
        rows = Result.objects.filter(study=study, part="job_map")
        return rows.values_list("data", flat=True).first()

    return kept_part(study, "job_map", read)


def current_jobs(study: Study) -> list[Job]:
    """Return the rows of the jobs of the last analysis, and who worded each."""
    rows = study.jobs.filter(current=True).select_related("worded_by")
    return kept_part(study, "jobs", lambda: list(rows))


def operation_log(study: Study) -> OperationLog:
    """Return what was done to the jobs: before the study came here, and here since."""

    def read() -> OperationLog:
        here = Event.objects.filter(study=study, kind=KIND, verb=OPERATION).order_by("pk")
        done = [line for line in here.values_list("payload", flat=True) if line is not None]
        return log_of([*_came_with(study), *done])

    return kept_part(study, "operations", read)


def standing_jobs(
    study: Study, log: OperationLog | None = None, data: Mapping[str, Any] | None = None
) -> Arrangement | None:
    """Return the jobs as they stand, operations included that no analysis has seen yet.

    Parameters
    ----------
    study
        The study.
    log, data
        What `operation_log` and `kept_map` return, where they are at hand.
    """
    data = data if data is not None else kept_map(study)
    if data is None:
        return None
    kept = data.get("arrangement")
    found = {job: frozenset(items) for job, items in (data.get("found") or {}).items()}
    if not found or kept is None:
        now = thaw(Arrangement | None, kept) or _grouped(study, data)
        if not found:
            return now
        goals, others = now.unassigned.union(*now.members.values()), now.others
    else:  # read by hand: ten thousand ids thaw slowly one by one
        goals = frozenset(kept["unassigned"]).union(*kept["members"].values())
        others = frozenset(kept["others"])
    start = Arrangement(found, goals - frozenset().union(*found.values()), others)
    log = log if log is not None else operation_log(study)
    return replay(start, log.standing)[0]


def _grouped(study: Study, data: Mapping[str, Any]) -> Arrangement:
    """Return the jobs of an analysis that kept no arrangement."""
    members: dict[str, set[str]] = {}
    others: set[str] = set()
    goals = {facet.value for facet in GOAL_FACETS}
    for job, key, facet in JobEvidence.objects.filter(
        job__study=study, job__current=True
    ).values_list("job__key", "evidence__key", "facet"):
        if facet in goals:
            members.setdefault(job, set()).add(key)
        else:
            others.add(key)
    return Arrangement(
        {job: frozenset(items) for job, items in members.items()},
        frozenset(data.get("unassigned") or ()),
        frozenset(others),
    )


def _came_with(study: Study) -> list[dict[str, Any]]:
    """Return the lines of operations in the file that the study came with."""
    path = study_folder(study) / FILE_NAME
    if not path.is_file():
        return []
    found = []
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            # Thousands of lines tell of evidence; leaving them unread saves nearly all the time.
            if f'"{KIND}"' not in line:
                continue
            try:
                read = json.loads(line)
                if read.get("kind") == KIND:
                    entry_of(read)
                    found.append(read)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise StudyError("decisions.bad_line", file=FILE_NAME, line=number) from error
    return found
