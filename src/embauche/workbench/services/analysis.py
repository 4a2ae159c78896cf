"""The analysis in the background: started, followed, cancelled, committed only if still right."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NoReturn

from django.db import transaction
from django.utils import timezone

from embauche.errors import EmbaucheError
from embauche.present.findings import Findings
from embauche.study.progress import Report
from embauche.workbench.models import Run, Study, User
from embauche.workbench.services.inputs import Inputs, inputs, results_folder
from embauche.workbench.services.job_operations import previous_jobs
from embauche.workbench.services.roles import require
from embauche.workbench.services.storing import FrameStore, store

if TYPE_CHECKING:
    from embauche.identify import RememberedTalk

_WEIGHTS = {
    "inspect": 2,
    "collect": 10,
    "identify": 20,
    "map": 10,
    "segment": 35,
    "validate": 10,
    "typing": 5,
    "prioritise": 8,
    "customers": 3,
    "activate": 1,
    "write": 1,
}
COMPARE = "compare"
"""Stage of a run that compares jobs with demographics on another outcome, and does no more."""

TRIES = 3
"""How often an analysis is computed where people decide while it is: then it gives up."""

_BETWEEN_WRITES = 0.4
_logger = logging.getLogger(__name__)
ACTIVE = (Run.State.WAITING, Run.State.RUNNING)


class CancelledError(Exception):
    """A person asked the run to stop."""


def analyse(study_id: int, actor: User) -> Run:
    """Ask for an analysis in the background; a study has at most one at a time."""
    from embauche.workbench.tasks import carry_out_run

    study = Study.objects.get(pk=study_id)
    require(actor, study, "editor")
    with transaction.atomic():
        Study.objects.select_for_update().get(pk=study_id)
        active = Run.objects.filter(study=study, state__in=ACTIVE)
        running = active.exclude(stage=COMPARE).first()
        if running is not None:
            return running
        run = Run.objects.create(study=study, actor=actor)
    carry_out_run.enqueue(run.pk)
    return run


def cancel(run_id: int, actor: User) -> Run:
    """Ask a run to stop; it does so at its next report of progress."""
    run = Run.objects.select_related("study").get(pk=run_id)
    require(actor, run.study, "editor")
    Run.objects.filter(pk=run_id, state__in=ACTIVE).update(cancel_requested=True)
    Run.objects.filter(pk=run_id, state=Run.State.WAITING).update(
        state=Run.State.CANCELLED, finished_at=timezone.now()
    )
    run.refresh_from_db()
    return run


def carry_out(run_id: int, draw: Callable[[int], object] | None = None) -> Run:
    """Carry out a run: read, compute outside any transaction, commit if nothing moved meanwhile.

    Where people decided meanwhile it begins anew, with what they decided; after `TRIES` times it
    gives up, and the study is as it was.

    Parameters
    ----------
    run_id
        The run.
    draw
        Draws the charts of a study's new figures. The run ends when it has: whoever is led to
        the figures then does not wait for their charts.
    """
    claimed = Run.objects.filter(pk=run_id, state=Run.State.WAITING).update(state=Run.State.RUNNING)
    run = Run.objects.select_related("study").get(pk=run_id)
    if not claimed:
        return run
    try:
        kept = any(_computed(run) for _ in range(TRIES))
        if kept and draw is not None:
            Run.objects.filter(pk=run.pk).update(stage="draw")
            draw(run.study_id)
    except CancelledError:
        return end_run(run, Run.State.CANCELLED)
    except EmbaucheError as error:
        params = {key: str(value) for key, value in error.params.items()}
        return end_run(run, Run.State.FAILED, {"code": error.code, "params": params})
    except Exception:
        _logger.exception("run %s failed", run.pk)
        end_run(run, Run.State.FAILED, {"code": "workbench.unexpected", "params": {}})
        raise
    return end_run(run, Run.State.DONE if kept else Run.State.STALE)


def _computed(run: Run) -> bool:
    """Compute the study's figures and keep them, unless its input moved meanwhile; tell which."""
    study = run.study
    given = inputs(study)
    progress = Progress(run)
    found, talk = run_stages(study, given, progress)
    progress("write", 0.0)
    frames = FrameStore(results_folder(study))
    with transaction.atomic():
        Study.objects.select_for_update().get(pk=study.pk)
        study.refresh_from_db()
        if inputs(study).fingerprint != given.fingerprint:
            return False
        store(study, found, given.decisions, (given.fingerprint, given.files), frames, talk)
    frames.sweep()
    return True


def run_stages(
    study: Study, given: Inputs, report: Report
) -> tuple[Findings, RememberedTalk | None]:
    """Run the stages on what was gathered; return what they found and what the coder heard."""
    # Imported here: a start that has nothing to compute does not wait for the statistics.
    from embauche.identify import remember_talk
    from embauche.study.stages import run_study

    heard: list[RememberedTalk] = []
    found = run_study(
        given.config,
        seed=given.seed,
        language=study.language,
        decisions=given.decisions,
        previous=previous_jobs(study),
        listener=lambda talk, vectors: heard.append(remember_talk(talk, vectors)),
        report=report,
    )
    return found, heard[0] if heard else None


class Progress:
    """Writes progress into the run, a few times a second at most, and stops when asked to."""

    def __init__(self, run: Run, weights: Mapping[str, int] = _WEIGHTS) -> None:
        self._run = run
        self._weights = weights
        self._written = 0.0
        self._done: dict[str, float] = {}

    def __call__(self, stage: str, fraction: float) -> None:
        """Note how far a stage is.

        Raises
        ------
        CancelledError
            If a person asked to stop.
        """
        self._done[stage] = fraction
        now = time.monotonic()
        if now - self._written < _BETWEEN_WRITES and fraction not in {0.0, 1.0}:
            return
        self._written = now
        reached = list(self._weights)
        place = reached.index(stage) if stage in self._weights else 0
        before = sum(self._weights[name] for name in reached[:place])
        share = (before + self._weights.get(stage, 0) * fraction) / sum(self._weights.values())
        Run.objects.filter(pk=self._run.pk).update(progress=min(share, 1.0), stage=stage)
        if Run.objects.filter(pk=self._run.pk, cancel_requested=True).exists():
            self._stop()

    @staticmethod
    def _stop() -> NoReturn:
        raise CancelledError


def close_interrupted() -> None:
    """Close the runs that a killed worker left behind: their studies are as they were before."""
    Run.objects.filter(state__in=ACTIVE).update(
        state=Run.State.INTERRUPTED, finished_at=timezone.now()
    )


def latest(study: Study) -> Run | None:
    """Return the study's latest run."""
    return Run.objects.filter(study=study).first()


def end_run(run: Run, state: str, error: dict[str, object] | None = None) -> Run:
    """Note how a run ended."""
    Run.objects.filter(pk=run.pk).update(
        state=state,
        error=error,
        finished_at=timezone.now(),
        **({"progress": 1.0} if state == Run.State.DONE else {}),
    )
    run.refresh_from_db()
    return run
