"""How fine the jobs are cut: what every threshold would give, and the one that a person chose.

The choice is a setting of the study (``[jobs] threshold`` of its ``study.toml``), so that the next
analysis and ``embauche run`` use it; what people merged, split and moved is done again on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from embauche.errors import StudyError
from embauche.jobs import DEFAULT_THRESHOLD, PeoplesWork, at_thresholds
from embauche.study.config import (
    FILE_NAME,
    GREATEST_THRESHOLD,
    LEAST_THRESHOLD,
    read_config,
)
from embauche.study.config_section import with_section
from embauche.study.jobs_state import JobsState
from embauche.vocabulary import GOAL_FACETS, EvidenceStatus
from embauche.workbench.models import Event, Study, User
from embauche.workbench.services.conflicts import touch
from embauche.workbench.services.desk import Desk
from embauche.workbench.services.inputs import decisions, study_folder
from embauche.workbench.services.job_operations import previous_jobs
from embauche.workbench.services.prepared import makes
from embauche.workbench.services.restoring import findings
from embauche.workbench.services.roles import require
from embauche.workbench.services.standing import kept_map

THRESHOLD = "threshold.set"
_SHARED = 2
"""Statements that make a part worth naming."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What one threshold gives."""

    threshold: float
    jobs: int
    unassigned: int
    goals: int
    stability: float


@dataclass(frozen=True)
class Preview:
    """What a threshold would change.

    Attributes
    ----------
    cut
        What it gives.
    jobs
        How many jobs there are now.
    splits
        Name of a job that would fall apart → into how many.
    merges
        Names of jobs that would be one.
    gone
        Names of jobs whose statements would mostly stand alone.
    fresh
        How many jobs would come of goals that are in none now.
    """

    cut: Cut
    jobs: int
    splits: tuple[tuple[str, int], ...]
    merges: tuple[tuple[str, ...], ...]
    gone: tuple[str, ...]
    fresh: int


@makes("threshold")
def _cuts(study: Study, _params: Mapping[str, Any]) -> dict[str, Any]:
    from embauche.identify import shared_vectors

    goals = [
        item
        for item in findings(study).evidence
        if item.facet in GOAL_FACETS and item.status is not EvidenceStatus.REJECTED
    ]
    decided, last = decisions(study), previous_jobs(study) or JobsState()
    people = PeoplesWork(
        together=decided.together,
        operations=decided.operations.standing,
        known={**last.known, **decided.stated},
        seen=last.seen,
    )
    vectors = shared_vectors().encode([item.quote for item in goals])
    rows = at_thresholds(goals, vectors, people=people)
    ids = [item.id for item in goals]
    return {
        "ids": ids,
        "cuts": [
            {
                "threshold": row.threshold,
                "jobs": row.jobs,
                "unassigned": row.unassigned,
                "goals": row.goals,
                "stability": row.stability,
                "labels": [row.labels[key] for key in ids],
                "keys": list(row.ids),
            }
            for row in rows
        ],
    }


def cuts(data: Mapping[str, Any]) -> list[Cut]:
    """Return what each threshold gives, from the finest."""
    return [Cut(**{name: row[name] for name in Cut.__slots__}) for row in data["cuts"]]


def preview(found: Desk, data: Mapping[str, Any], threshold: float) -> Preview:
    """Compare what a threshold would give, people's work done again, with the jobs as they stand.

    Parameters
    ----------
    found
        The board.
    data
        What the background made.
    threshold
        The nearest of those that were tried is taken.
    """
    row = min(data["cuts"], key=lambda each: abs(each["threshold"] - threshold))
    labels = dict(zip(data["ids"], row["labels"], strict=True))
    groups = found.jobs.members
    splits, gone = [], []
    takes: dict[int, list[str]] = {}
    taken: set[int] = set()
    for job in found.order:
        parts = Counter(labels[key] for key in groups[job] if key in labels)
        if not parts:
            continue
        taken.update(label for label in parts if label >= 0)
        shared = [label for label, n in parts.items() if label >= 0 and n >= _SHARED]
        first = parts.most_common(1)[0][0]
        if len(shared) > 1:
            splits.append((found.name(job), len(shared)))
        elif first < 0 and not shared:
            gone.append(found.name(job))
        if first >= 0:
            takes.setdefault(first, []).append(found.name(job))
    merges = tuple(tuple(names) for names in takes.values() if len(names) > 1)
    cut = Cut(**{name: row[name] for name in Cut.__slots__})
    return Preview(cut, len(groups), tuple(splits), merges, tuple(gone), cut.jobs - len(taken))


def chosen_threshold(study: Study) -> float | None:
    """Return the threshold that the next analysis uses; ``None`` for the usual one."""
    return read_config(study_folder(study)).jobs.threshold


def used_threshold(study: Study) -> float:
    """Return the threshold of the last analysis."""
    return float((kept_map(study) or {}).get("threshold") or DEFAULT_THRESHOLD)


def set_threshold(study_id: int, value: float | None, actor: User) -> float | None:
    """Let the next analysis cut jobs at a threshold; ``None`` for the usual one.

    Returns
    -------
    float or None
        What was chosen before: setting it again takes the choice back.

    Raises
    ------
    StudyError
        If the value is no cosine distance that parts anything.
    """
    if value is not None and not LEAST_THRESHOLD <= value <= GREATEST_THRESHOLD:
        raise StudyError(
            "board.threshold_out_of_range",
            value=value,
            least=LEAST_THRESHOLD,
            most=GREATEST_THRESHOLD,
        )
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        path = study_folder(study) / FILE_NAME
        before = chosen_threshold(study)
        text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
        Event(
            study=study,
            actor=actor,
            verb=THRESHOLD,
            kind="threshold",
            key=study.slug,
            version=1,
            payload={"before": before, "after": value},
        ).save()
        touch(study)
        draft = path.with_suffix(".toml.part")
        draft.write_text(with_section(text, "jobs", {"threshold": value}), encoding="utf-8")
        draft.replace(path)
    return before
