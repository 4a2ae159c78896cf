"""What changed between two job maps: jobs new, gone, merged, split, renamed, grown, shrunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from embauche.jobs.identity import same_jobs
from embauche.jobs.job import Job, JobMap
from embauche.notices import Notice
from embauche.vocabulary import GOAL_FACETS, Facet, JobType, Language

_MOST_OF = 0.5
"""Share of a job's goal evidence that must be in another for the one to have gone into it."""


class Change(StrEnum):
    """What happened to a job."""

    NEW = "new"
    GONE = "gone"
    MERGED = "merged"
    SPLIT = "split"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class JobState:
    """What is kept of a job, to compare it later.

    Attributes
    ----------
    id
        The job.
    goals
        Its goal evidence.
    statement
        Its statement, by language.
    type
        Its type.
    participants
        How many people state it.
    evidence
        How many pieces of evidence it holds, over all facets.
    """

    id: str
    goals: frozenset[str]
    statement: Mapping[Language, str] = field(default_factory=lambda: MappingProxyType({}))
    type: JobType | None = None
    participants: int = 0
    evidence: int = 0


@dataclass(frozen=True, slots=True)
class JobChange:
    """What happened to one job between two maps.

    Attributes
    ----------
    job
        Its id today; its former id where it is gone.
    change
        What happened.
    before, after
        The job then and now; ``None`` where there was or is none.
    others
        Ids of the other jobs: those that went into it (merged, today's job), or those that came
        out of it (split, the former job).
    renamed
        Whether a wording that both have changed.
    """

    job: str
    change: Change
    before: JobState | None
    after: JobState | None
    others: tuple[str, ...] = ()
    renamed: bool = False

    @property
    def goals(self) -> int:
        """Pieces of goal evidence more than before; negative where it shrank."""
        return (len(self.after.goals) if self.after else 0) - (
            len(self.before.goals) if self.before else 0
        )

    @property
    def participants(self) -> int:
        """Participants more than before."""
        return (self.after.participants if self.after else 0) - (
            self.before.participants if self.before else 0
        )


@dataclass(frozen=True, slots=True)
class JobDiff:
    """All changes, today's jobs first in their order, then those that are gone."""

    changes: tuple[JobChange, ...]

    def of(self, change: Change) -> tuple[JobChange, ...]:
        """Return the changes of one kind."""
        return tuple(item for item in self.changes if item.change is change)

    @property
    def renamed(self) -> tuple[JobChange, ...]:
        """Jobs that have another wording."""
        return tuple(item for item in self.changes if item.renamed)

    @property
    def moved(self) -> bool:
        """Tell whether anything changed at all."""
        return any(item.change is not Change.SAME or item.renamed for item in self.changes)

    def notices(self) -> tuple[Notice, ...]:
        """Say what changed in one sentence; nothing where nothing did."""
        if not self.moved:
            return ()
        counts = {str(kind): len(self.of(kind)) for kind in Change if kind is not Change.SAME}
        params = {"n": len(self.changes), "renamed": len(self.renamed), **counts}
        return (Notice("jobs.changed", params, "info"),)

    def to_dict(self) -> dict[str, Any]:
        """Return the changes as JSON-ready data."""
        return {
            "changes": [
                {
                    "job": item.job,
                    "change": item.change.value,
                    "renamed": item.renamed,
                    "others": list(item.others),
                    "goals": [
                        len(item.before.goals) if item.before else 0,
                        len(item.after.goals) if item.after else 0,
                    ],
                    "participants": [
                        item.before.participants if item.before else 0,
                        item.after.participants if item.after else 0,
                    ],
                    "statement": [_words(item.before), _words(item.after)],
                }
                for item in self.changes
            ]
        }


def _words(state: JobState | None) -> dict[str, str]:
    return {str(key): text for key, text in state.statement.items()} if state else {}


def state_of(job: Job) -> JobState:
    """Return what is kept of a job."""
    return JobState(
        id=job.id,
        goals=goals_of(job),
        statement=dict(job.statement),
        type=job.type,
        participants=len(job.participants),
        evidence=job.evidence_count,
    )


def goals_of(job: Job) -> frozenset[str]:
    """Return the goal evidence of a job."""
    return frozenset(item for facet in GOAL_FACETS for item in job.evidence(facet))


def states_of_results(results: Mapping[str, Any]) -> tuple[JobState, ...]:
    """Read the jobs of a ``results.json``.

    Raises
    ------
    KeyError, TypeError, ValueError, AttributeError
        If these are not results of a study.
    """
    states = []
    for job in results["jobs"]:
        held = {Facet(facet): list(items) for facet, items in job["evidence"].items()}
        states.append(
            JobState(
                id=str(job["id"]),
                goals=frozenset(str(key) for facet in GOAL_FACETS for key in held.get(facet, ())),
                statement={Language(key): str(text) for key, text in job["statements"].items()},
                type=JobType(job["type"]),
                participants=int(job["participants"]),
                evidence=sum(len(items) for items in held.values()),
            )
        )
    return tuple(states)


def diff_jobs(before: Sequence[JobState] | JobMap, after: Sequence[JobState] | JobMap) -> JobDiff:
    """Compare two job maps.

    Jobs are the same where `identity.same_jobs` says so; ids do not count, since another program
    may have named them. Of the rest, a former job went into today's job that has more than half of
    its goal evidence, and today's job came out of the former job that it has more than half of its
    goal evidence from.

    Parameters
    ----------
    before, after
        Job maps, or what was kept of their jobs.
    """
    then, now = _states(before), _states(after)
    pairs = _pairs(then, now)
    former_of = {place: then[old] for old, place in pairs.items()}
    into = {
        old: place
        for old, state in enumerate(then)
        if old not in pairs and (place := _home(state.goals, now)) is not None
    }
    out_of = {
        place: old
        for place, state in enumerate(now)
        if place not in former_of and (old := _home(state.goals, then)) is not None
    }
    changes = []
    for place, state in enumerate(now):
        former = former_of.get(place)
        taken = tuple(then[old].id for old, home in into.items() if home == place)
        source = out_of.get(place)
        if taken:
            kind = Change.MERGED
            others = taken
        elif source is not None:
            kind = Change.SPLIT
            others = (then[source].id,)
        else:
            others = ()
            kind = Change.NEW if former is None else _kind(former, state)
        changes.append(JobChange(state.id, kind, former, state, others, _reworded(former, state)))
    for old, state in enumerate(then):
        if old not in pairs and old not in into and old not in out_of.values():
            changes.append(JobChange(state.id, Change.GONE, state, None))
    return JobDiff(tuple(changes))


def _states(jobs: Sequence[JobState] | JobMap) -> Sequence[JobState]:
    return tuple(state_of(job) for job in jobs.jobs) if isinstance(jobs, JobMap) else jobs


def _pairs(then: Sequence[JobState], now: Sequence[JobState]) -> dict[int, int]:
    """Return place before → place now."""
    known = {str(place): [state.goals] for place, state in enumerate(then)}
    common = _all(then) & _all(now)
    found = same_jobs([state.goals for state in now], known, common=common)
    return {int(old): place for place, old in found.items()}


def _all(jobs: Sequence[JobState]) -> frozenset[str]:
    return frozenset().union(*(state.goals for state in jobs))


def _home(goals: frozenset[str], jobs: Sequence[JobState]) -> int | None:
    if not goals or not jobs:
        return None
    best = max(range(len(jobs)), key=lambda place: len(goals & jobs[place].goals))
    return best if len(goals & jobs[best].goals) > _MOST_OF * len(goals) else None


def _kind(former: JobState, state: JobState) -> Change:
    same = (former.goals, former.type) == (state.goals, state.type)
    return Change.SAME if same else Change.CHANGED


def _reworded(former: JobState | None, state: JobState) -> bool:
    if former is None:
        return False
    both = former.statement.keys() & state.statement.keys()
    return any(former.statement[key] != state.statement[key] for key in both)
