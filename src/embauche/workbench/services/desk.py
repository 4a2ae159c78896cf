"""What the board is made from: the jobs as they stand and what they are called, read once.

Nothing here restores the study: a handful of queries answer for ten thousand pieces of evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from embauche.jobs import Arrangement
from embauche.jobs.operations import Entry, Move, OperationLog, Rename, Split
from embauche.present.names import sentence_case
from embauche.vocabulary import GOAL_FACETS, JOB_TYPE_OF_FACET, Facet, JobType, Language
from embauche.workbench.models import Evidence, Job, Study
from embauche.workbench.services.attached_evidence import attached
from embauche.workbench.services.restored_evidence import KeptEvidence
from embauche.workbench.services.restoring import evidence_table
from embauche.workbench.services.standing import current_jobs, operation_log, standing_jobs

GOALS: Final = tuple(facet.value for facet in GOAL_FACETS)
"""Facets of the statements that make jobs, as they are stored."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What is needed of a statement to place it."""

    pk: int
    participant: int
    facet: str
    similarity: float


@dataclass
class Desk:
    """What the board is made from; read once a request.

    Attributes
    ----------
    jobs
        The jobs as they stand.
    log
        What people did.
    rows
        Job id → row of the last analysis.
    goals
        Id of goal evidence that nobody rejected → what is needed of it.
    """

    study: Study
    language: Language
    jobs: Arrangement
    log: OperationLog
    rows: dict[str, Job]
    goals: dict[str, Goal]
    numbers: dict[str, str] = field(default_factory=dict)
    _quoted: dict[str, str] = field(default_factory=dict)

    @cached_property
    def standing(self) -> tuple[Entry, ...]:
        """The operations that count."""
        return self.log.standing

    @cached_property
    def moves(self) -> dict[str | None, dict[str, int]]:
        """Job, or ``None`` → what a person put there, the latest first."""
        found: dict[str | None, dict[str, int]] = {}
        seen: set[str] = set()
        for entry in reversed(self.standing):
            done = entry.operation
            if isinstance(done, Move) and done.moved not in seen:
                seen.add(done.moved)
                now = None if done.job is None else self.jobs.current(done.job)
                here = found.setdefault(now, {})
                here[done.moved] = len(here)
        return found

    @cached_property
    def order(self) -> list[str]:
        """Return the jobs' ids as they lie on the board: parts beside what they were part of."""
        found = [key for key in self.rows if key in self.jobs.members]
        origin = {
            part: entry.operation.job
            for entry in self.standing
            if isinstance(entry.operation, Split)
            for part in entry.operation.parts
        }
        for key in sorted(set(self.jobs.members) - set(found)):
            beside = self.jobs.current(origin.get(key, ""))
            at = found.index(beside) + 1 if beside in found else len(found)
            found.insert(at, key)
        return found

    def live(self, job: str | None) -> list[str]:
        """Return a job's goal evidence that nobody rejected, best first, people taking turns."""
        held = self.jobs.unassigned if job is None else self.jobs.members.get(job, frozenset())
        moved = self.moved_into(job)
        ranked = sorted(
            (key for key in held if key in self.goals),
            key=lambda key: (moved.get(key, len(moved)), -self.goals[key].similarity, key),
        )
        turns: dict[int, int] = {}
        placed = []
        for place, key in enumerate(ranked):
            person = self.goals[key].participant
            turn = 0 if key in moved else turns.get(person, 0)
            turns[person] = turns.get(person, 0) + 1
            placed.append((turn, place, key))
        return [key for _, _, key in sorted(placed)]

    def moved_into(self, job: str | None) -> dict[str, int]:
        """Return what a person put there, the latest first: it stays in sight."""
        return self.moves.get(job, {})

    def name(self, job: str) -> str:
        """Return what a job is called."""
        row = self.rows.get(job)
        said = self.jobs.statements.get(job, {})
        words = said.get(self.language) or next(iter(said.values()), "")
        if row is not None and not (row.statement_is_proposal and words):
            texts = row.statement
            return sentence_case(texts.get(self.language) or next(iter(texts.values()), job))
        return sentence_case(words or self._first_quote(job) or job)

    def quoted(self, job: str) -> bool:
        """Tell whether a job is called by a quote."""
        return job not in self.rows and not self.jobs.statements.get(job)

    def type_of(self, job: str) -> str:
        """Return a job's type: a person's, the analysis', or that of most of its statements."""
        given, row = self.jobs.types.get(job), self.rows.get(job)
        if given is not None:
            return given.value
        if row is not None:
            return row.type
        votes = [
            JOB_TYPE_OF_FACET.get(Facet(self.goals[key].facet), JobType.FUNCTIONAL)
            for key in self.live(job)
        ]
        return max(JobType, key=votes.count).value

    def worded_by(self, job: str) -> str:
        """Return who worded a job last."""
        row = self.rows.get(job)
        if row is not None and row.worded_by is not None:
            return row.worded_by.name.removeprefix("person:")
        for entry in reversed(self.standing):
            if (
                isinstance(entry.operation, Rename)
                and self.jobs.current(entry.operation.job) == job
            ):
                return entry.coder.removeprefix("person:")
        return ""

    def _first_quote(self, job: str) -> str:
        if job not in self._quoted:
            held = self.live(job) or sorted(self.jobs.deleted.get(job, ()))
            row = (
                Evidence.objects.filter(study=self.study, key=held[0])
                .values_list("quote", flat=True)
                .first()
                if held
                else None
            )
            self._quoted[job] = row or ""
        return self._quoted[job]


def desk(study: Study, language: Language | str, like: Desk | None = None) -> Desk | None:
    """Read what the board is made from; ``None`` where nothing was analysed yet.

    Parameters
    ----------
    study
        The study.
    language
        Of the names.
    like
        What was read a moment ago, before an operation: operations change no evidence.
    """
    log = operation_log(study)
    jobs = standing_jobs(study, log)
    if jobs is None:
        return None
    rows = {row.key: row for row in current_jobs(study)}
    numbers = {key: f"J{place}" for place, key in enumerate(rows, 1)}
    if like is not None:
        return Desk(study, Language(language), jobs, log, rows, like.goals, numbers)
    return Desk(study, Language(language), jobs, log, rows, _goals(study), numbers)


def _goals(study: Study) -> dict[str, Goal]:
    """Return the goal evidence that nobody rejected: what is needed of each to place it."""
    with evidence_table(study) as table:
        if table is not None:
            return _kept_goals(study, table)
    found = (
        study.evidence.filter(current=True, facet__in=GOALS)
        .exclude(status="rejected")
        .exclude(analysed_status="")
        .order_by()
        .values_list("key", "pk", "participant_id", "facet", "attachments__similarity")
    )
    return {key: Goal(pk, who, facet, alike or 0.0) for key, pk, who, facet, alike in found}


_KeptGoals = tuple[int, dict[int, float], dict[int, str], dict[str, Goal]]
"""When they were made, likeness to the job by row, key by row, and the goals."""


def _kept_goals(study: Study, table: KeptEvidence) -> dict[str, Goal]:
    held = attached(study, table)  # first: another analysis lets go of what was made before
    kept: _KeptGoals | None = table.beside.get("goals")
    changed = table.changed_since(kept[0]) if kept is not None else None
    if kept is None or changed is None:
        alike = {item.pk: item.similarity for items in held.values() for item in items}
        kept, changed = (table.tick, alike, {}, {}), set(table.rows)
    alike, keys, goals = kept[1:]
    if changed:
        goals = dict(goals)  # pages that are being made go on with theirs
        for pk in changed:
            goals.pop(keys.pop(pk, ""), None)
            row = table.rows.get(pk)
            if row is None or row.item.facet not in GOAL_FACETS:
                continue
            now = row.standing
            if now.analysed and now.status != "rejected":
                facet = row.item.facet.value
                goals[now.key] = Goal(pk, now.participant, facet, alike.get(pk, 0.0))
                keys[pk] = now.key
    table.beside["goals"] = (table.tick, alike, keys, goals)
    return goals
