"""Operations on jobs in the workbench: each is an event, and the next analysis carries it out.

A new wording is shown at once wherever the job's row is read; taking the operation back brings the
wording back that stood before. All else waits for the analysis, and the board shows it meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from embauche.errors import StudyError
from embauche.jobs import (
    Arrangement,
    Entry,
    Operation,
    delete_job,
    merge_jobs,
    move_evidence,
    rename_job,
    retype_job,
    set_parent,
    split_job,
    undelete_job,
)
from embauche.jobs.operating import job_named
from embauche.jobs.operation_lines import KIND, line_of
from embauche.jobs.operations import OperationLog, Rename
from embauche.study.jobs_state import JobsState, state_of_map
from embauche.vocabulary import JobType, Language
from embauche.workbench.models import Event, Job, Study, User
from embauche.workbench.services.conflicts import change, touch
from embauche.workbench.services.restoring import figures
from embauche.workbench.services.roles import coder_of, require
from embauche.workbench.services.standing import OPERATION, operation_log, standing_jobs

__all__ = [
    "Done",
    "history",
    "named_operation",
    "operate",
    "previous_jobs",
    "redo",
    "standing_jobs",
    "undo",
]

_BEFORE = "before"


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


def named_operation(
    kind: str, given: Mapping[str, str], evidence: list[str], language: Language | str
) -> Callable[[Arrangement], Operation] | None:
    """Return what makes the operation that a form asks for; ``None`` where there is none so named.

    Parameters
    ----------
    kind
        ``"merge"``, ``"move"``, ``"split"``, ``"rename"``, ``"retype"``, ``"parent"``, ``"delete"``
        or ``"undelete"``.
    given
        The form: ``job``, ``other`` (a job, or empty for none), ``statement``, ``type``.
    evidence
        Ids of evidence that the form names.
    language
        Language of a statement.
    """
    job, other = given.get("job", ""), given.get("other", "")

    def target(now: Arrangement) -> str | None:
        return job_named(now, other) if other else None

    known: dict[str, Callable[[Arrangement], Operation]] = {
        "merge": lambda now: merge_jobs(now, [job_named(now, job), job_named(now, other)]),
        "move": lambda now: move_evidence(now, evidence[0] if evidence else "", target(now)),
        "split": lambda now: split_job(now, job_named(now, job), [evidence]),
        "rename": lambda now: rename_job(
            now, job_named(now, job), given.get("statement", ""), Language(language)
        ),
        "retype": lambda now: retype_job(now, job_named(now, job), _type_of(given.get("type", ""))),
        "parent": lambda now: set_parent(now, job_named(now, job), target(now)),
        "delete": lambda now: delete_job(now, job_named(now, job)),
        "undelete": lambda now: undelete_job(now, job),
    }
    return known.get(kind)


def operate(
    study_id: int,
    make: Callable[[Arrangement], Operation],
    actor: User,
    version: int | None = None,
) -> Entry:
    """Write down what a person does to jobs.

    Parameters
    ----------
    make
        Makes the operation from the jobs as they stand (`embauche.jobs.operating`).
    actor
        At least an editor of the study.
    version
        Of the job's row that a form for rewording showed.

    Raises
    ------
    StudyError
        If the operation makes no sense.
    StaleVersionError
        If someone else reworded the job meanwhile; their wording stands.
    """
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        log = operation_log(study)
        jobs = standing_jobs(study, log)
        if jobs is None:
            raise StudyError("jobs.no_talk", folder=study.title)
        operation = make(jobs)
        more = _worded(study, operation, version) if isinstance(operation, Rename) else {}
        log = log.append(operation, coder=coder_of(actor, study).name, at=_now())
        return _record(study, actor, log, more)


def undo(study_id: int, actor: User, entry: str | None = None) -> Entry:
    """Take back the latest operation that stands, or a named one.

    Returns
    -------
    Entry
        What was taken back.

    Raises
    ------
    StudyError
        If there is nothing to take back.
    """
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        log = operation_log(study)
        try:
            after = log.undo(entry, coder=coder_of(actor, study).name, at=_now())
        except LookupError as error:
            raise StudyError("jobs.nothing_to_undo", entry=entry or "—") from error
        gone = next(item for item in log.standing[::-1] if item not in after.standing)
        if isinstance(gone.operation, Rename):
            _unworded(study, gone)
        _record(study, actor, after)
        return gone


def redo(study_id: int, actor: User) -> Entry:
    """Bring back what was undone last.

    Returns
    -------
    Entry
        What was brought back.

    Raises
    ------
    StudyError
        If nothing was undone since the last operation.
    """
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        log = operation_log(study)
        try:
            after = log.redo(coder=coder_of(actor, study).name, at=_now())
        except LookupError as error:
            raise StudyError("jobs.nothing_to_redo") from error
        back = next(item for item in after.standing if item not in log.standing)
        if isinstance(back.operation, Rename):
            _worded(study, back.operation, None)
        _record(study, actor, after)
        return back


def history(study: Study) -> tuple[list[Done], OperationLog]:
    """Return all operations, the latest first, and the log."""
    log = operation_log(study)
    done = [Done(entry, line_of(entry), stands) for entry, stands in log.history()]
    return done[::-1], log


def previous_jobs(study: Study) -> JobsState | None:
    """Return the jobs of the last analysis, so that the next one keeps their ids."""
    if not study.jobs.filter(current=True).exists():
        return None
    return state_of_map(figures(study).job_map)


def _now() -> str:
    return timezone.now().isoformat(timespec="seconds")


def _type_of(name: str) -> JobType:
    try:
        return JobType(name)
    except ValueError as error:
        raise StudyError("jobs.no_such_type", type=name, known=list(JobType)) from error


def _worded(study: Study, done: Rename, version: int | None) -> dict[str, Any]:
    """Write a wording into the job's row, and return what stood there before."""
    row = Job.objects.filter(study=study, key=done.job, current=True).first()
    if row is None:  # split off since the last analysis
        return {}
    before = {"statement": row.statement, "proposal": row.statement_is_proposal}
    change(
        row,
        row.version if version is None else version,
        statement={**row.statement, done.language.value: done.statement},
        statement_is_proposal=False,
    )
    return {_BEFORE: before}


def _unworded(study: Study, gone: Entry) -> None:
    """Bring the wording back that stood before, unless someone reworded the job since."""
    done = gone.operation
    if not isinstance(done, Rename):
        return
    row = Job.objects.filter(study=study, key=done.job, current=True).first()
    if row is None or row.statement.get(done.language.value) != done.statement:
        return
    events = Event.objects.filter(study=study, verb=OPERATION, kind=KIND, key=gone.id)
    payload = events.values_list("payload", flat=True).first()
    before = (payload or {}).get(_BEFORE)
    if not before:
        return
    statement = {**row.statement}
    statement.pop(done.language.value)
    if done.language.value in before["statement"]:
        statement[done.language.value] = before["statement"][done.language.value]
    Job.objects.filter(pk=row.pk).update(
        statement=statement,
        statement_is_proposal=before["proposal"],
        version=F("version") + 1,
    )


def _record(
    study: Study, actor: User, log: OperationLog, more: Mapping[str, Any] | None = None
) -> Entry:
    entry = log.entries[-1]
    Event(
        study=study,
        actor=actor,
        verb=OPERATION,
        kind=KIND,
        key=entry.id,
        version=1,
        payload={**line_of(entry), **(more or {})},
    ).save()
    touch(study)
    return entry
