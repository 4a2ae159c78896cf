"""Operations on jobs in the workbench: each is an event, and the next analysis carries it out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from embauche.errors import StudyError
from embauche.jobs import Arrangement, Entry, Operation, replay
from embauche.jobs.operating import arrangement_of
from embauche.jobs.operation_lines import KIND, line_of
from embauche.jobs.operations import OperationLog
from embauche.study.jobs_state import JobsState, state_of_map
from embauche.workbench.models import Event, Study, User
from embauche.workbench.services.conflicts import touch
from embauche.workbench.services.inputs import decisions
from embauche.workbench.services.restoring import findings
from embauche.workbench.services.roles import coder_of, require

_VERB = "job.operation"


@dataclass(frozen=True, slots=True)
class Done:
    """One operation of the history.

    Attributes
    ----------
    entry
        What was done, by whom and when.
    line
        Its fields, for the sentence.
    stands
        False where it was undone.
    """

    entry: Entry
    line: dict[str, Any]
    stands: bool

    @property
    def who(self) -> str:
        """Name of the person."""
        return self.entry.coder.removeprefix("person:")


def standing_jobs(study: Study) -> Arrangement | None:
    """Return the jobs as they stand, operations included that no analysis has seen yet."""
    job_map = findings(study).job_map
    if job_map is None:
        return None
    now = arrangement_of(job_map)
    if not job_map.found:
        return now
    goals = now.unassigned.union(*now.members.values())
    held = frozenset().union(*job_map.found.values())
    start = Arrangement(dict(job_map.found), goals - held, now.others)
    return replay(start, decisions(study).operations.standing)[0]


def operate(study_id: int, make: Callable[[Arrangement], Operation], actor: User) -> Entry:
    """Write down what a person does to jobs.

    Parameters
    ----------
    make
        Makes the operation from the jobs as they stand (`embauche.jobs.operating`).
    actor
        At least an editor of the study.

    Raises
    ------
    StudyError
        If the operation makes no sense.
    """
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        jobs = standing_jobs(study)
        if jobs is None:
            raise StudyError("jobs.no_talk", folder=study.title)
        operation = make(jobs)
        log = decisions(study).operations
        return _record(
            study, actor, log.append(operation, coder=coder_of(actor, study).name, at=_now())
        )


def undo(study_id: int, actor: User, entry: str | None = None) -> Entry:
    """Take back the latest operation that stands, or a named one.

    Raises
    ------
    StudyError
        If there is nothing to take back.
    """
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        log = decisions(study).operations
        try:
            log = log.undo(entry, coder=coder_of(actor, study).name, at=_now())
        except LookupError as error:
            raise StudyError("jobs.nothing_to_undo", entry=entry or "—") from error
        return _record(study, actor, log)


def redo(study_id: int, actor: User) -> Entry:
    """Bring back what was undone last.

    Raises
    ------
    StudyError
        If nothing was undone since the last operation.
    """
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        log = decisions(study).operations
        try:
            log = log.redo(coder=coder_of(actor, study).name, at=_now())
        except LookupError as error:
            raise StudyError("jobs.nothing_to_redo") from error
        return _record(study, actor, log)


def history(study: Study) -> tuple[list[Done], OperationLog]:
    """Return all operations, the latest first, and the log."""
    log = decisions(study).operations
    done = [Done(entry, line_of(entry), stands) for entry, stands in log.history()]
    return done[::-1], log


def previous_jobs(study: Study) -> JobsState | None:
    """Return the jobs of the last analysis, so that the next one keeps their ids."""
    if not study.jobs.filter(current=True).exists():
        return None
    return state_of_map(findings(study).job_map)


def _now() -> str:
    return timezone.now().isoformat(timespec="seconds")


def _record(study: Study, actor: User, log: OperationLog) -> Entry:
    entry = log.entries[-1]
    Event(
        study=study,
        actor=actor,
        verb=_VERB,
        kind=KIND,
        key=entry.id,
        version=1,
        payload=line_of(entry),
    ).save()
    touch(study)
    return entry
