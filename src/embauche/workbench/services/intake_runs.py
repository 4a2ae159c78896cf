"""The analysis after the inputs have changed: one that reads them as they are now."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from embauche.workbench.models import Run, Study, User
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.roles import require


def analyse_anew(study: Study, actor: User) -> Run | None:
    """Ask for an analysis of the inputs as they stand; one that reads older ones is stopped.

    A run that still waits will read what is there when it begins. Without any input there is
    nothing to analyse.
    """
    from embauche.study.files import list_files
    from embauche.workbench.tasks import carry_out_run

    require(actor, study, "editor")
    if not list_files(study_folder(study)):
        return None
    with transaction.atomic():
        Study.objects.select_for_update().get(pk=study.pk)
        active = Run.objects.filter(study=study)
        waiting = active.filter(state=Run.State.WAITING, cancel_requested=False).first()
        if waiting is not None:
            return waiting
        active.filter(state=Run.State.RUNNING).update(cancel_requested=True)
        run = Run.objects.create(study=study, actor=actor)
    carry_out_run.enqueue(run.pk)
    return run


def stop_runs(study: Study) -> None:
    """Ask every run of a study to stop, and let those that wait end at once."""
    active = Run.objects.filter(study=study)
    active.filter(state=Run.State.RUNNING).update(cancel_requested=True)
    active.filter(state=Run.State.WAITING).update(
        state=Run.State.CANCELLED, finished_at=timezone.now()
    )
