"""Background tasks: each calls one service and nothing else."""

import logging
from typing import Any, Final

from django.db import DatabaseError
from django_tasks import task

from embauche.workbench.models import Study
from embauche.workbench.services.analysis import carry_out
from embauche.workbench.services.learning_aside import learn
from embauche.workbench.services.prepared import has_been_prepared, prepare
from embauche.workbench.services.resting import FROM_LEARNING, rested

_logger = logging.getLogger(__name__)
LEARNING: Final = 10
"""The priority of learning; of all else it is 0."""


@task()
def carry_out_run(run_id: int) -> str:
    """Carry out an analysis that a person asked for, and draw its charts."""
    from embauche.workbench.pages.drawing_ahead import draw

    return str(carry_out(run_id, draw).state)


@task()
def carry_out_comparison(run_id: int, column: str) -> str:
    """Compare jobs with demographics on an outcome that a person chose."""
    from embauche.workbench.services import comparing

    return str(comparing.carry_out(run_id, column).state)


@task()
def prepare_figures(study_id: int, what: str, params: dict[str, Any]) -> None:
    """Make figures that take longer than a page may."""
    rested(
        prepare_figures,
        prepare,
        study_id,
        what,
        params,
        awaited=lambda: not has_been_prepared(study_id, what, params),
    )


@task(priority=LEARNING)
def learn_from_decisions(study_id: int) -> None:
    """Learn from what people decided, and re-rank what is open: before all else that waits."""
    rested(learn_from_decisions, learn, study_id, rest=FROM_LEARNING)


@task()
def draw_charts(study_id: int, language: str = "") -> None:
    """Draw the charts of a study's pages before anybody opens them.

    All of them once, at the start; in one language again and again.
    """
    from embauche.workbench.pages.drawing_ahead import draw

    if language:
        rested(draw_charts, draw, study_id, language)
    else:
        draw(study_id)


def draw_latest(most: int = 5) -> None:
    """Have the charts of the studies that were analysed last drawn, where this program draws anew.

    After an upgrade the first reader would wait for seconds; what is drawn already costs little.
    """
    analysed = Study.objects.exclude(analysed_at=None).order_by("-analysed_at")
    for study_id in analysed.values_list("pk", flat=True)[:most]:
        draw_charts.enqueue(study_id)


def forget_finished(most: int = 50, **_: object) -> None:
    """Forget tasks that ended, but the last of those that succeeded and the last that failed.

    The worker calls it after each task.
    """
    from django_tasks_db.models import DBTaskResult

    finished = DBTaskResult.objects.order_by("-finished_at")
    try:
        for ended in (finished.successful(), finished.failed()):
            old = list(ended.values_list("pk", flat=True)[most:])
            if old:
                DBTaskResult.objects.filter(pk__in=old).delete()
    except DatabaseError:  # a moment too busy: the next task's end forgets them
        _logger.warning("finished tasks stay for now", exc_info=True)
