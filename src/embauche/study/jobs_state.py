"""jobs-state.json: the jobs of the last run, so that they keep their ids and changes are told.

``embauche run`` writes it into the study folder, where it travels with ``coding.jsonl``. It may be
deleted: jobs are then named anew, except those that people decided about. It is no input of any
figure: only ids and the notice of what changed depend on it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from embauche.jobs.diff import JobState, state_of
from embauche.jobs.job import JobMap
from embauche.vocabulary import JobType, Language

STATE_NAME: Final = "jobs-state.json"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class JobsState:
    """What is kept of the jobs of a run.

    Attributes
    ----------
    jobs
        The jobs as people saw them.
    found
        Job id → goal evidence as the machine grouped it, before people's operations.
    """

    jobs: tuple[JobState, ...] = ()
    found: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def seen(self) -> frozenset[str]:
        """Return all goal evidence that was in a job."""
        return frozenset().union(*self.known.values())

    @property
    def known(self) -> dict[str, frozenset[str]]:
        """Return id → goal evidence by which jobs are known again."""
        return dict(self.found) or {job.id: job.goals for job in self.jobs}


def state_of_map(job_map: JobMap | None) -> JobsState:
    """Return what is kept of a job map."""
    if job_map is None:
        return JobsState()
    return JobsState(tuple(state_of(job) for job in job_map.jobs), dict(job_map.found))


def read_state(folder: Path, name: str = STATE_NAME) -> JobsState | None:
    """Read the state of a study folder; ``None`` where there is none that can be read."""
    try:
        data = json.loads((folder / name).read_text(encoding="utf-8"))
        return _state(data) if data["version"] == _VERSION else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_state(folder: Path, job_map: JobMap | None) -> bool:
    """Write the state of a run; a folder that cannot be written to is no error, and gives False."""
    state = state_of_map(job_map)
    data = {
        "version": _VERSION,
        "jobs": [
            {
                "id": job.id,
                "type": job.type.value if job.type else None,
                "statement": {str(key): text for key, text in job.statement.items()},
                "goals": sorted(job.goals),
                "participants": job.participants,
                "evidence": job.evidence,
            }
            for job in state.jobs
        ],
        "found": {key: sorted(items) for key, items in sorted(state.found.items())},
    }
    path = folder / STATE_NAME
    draft = path.with_suffix(".json.part")
    try:
        draft.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError:
        return False
    return True


def _state(data: Mapping[str, Any]) -> JobsState:
    return JobsState(
        jobs=tuple(
            JobState(
                id=str(job["id"]),
                goals=frozenset(map(str, job["goals"])),
                statement={Language(key): str(text) for key, text in job["statement"].items()},
                type=JobType(job["type"]) if job["type"] else None,
                participants=int(job["participants"]),
                evidence=int(job["evidence"]),
            )
            for job in data["jobs"]
        ),
        found={str(key): frozenset(map(str, items)) for key, items in data["found"].items()},
    )
