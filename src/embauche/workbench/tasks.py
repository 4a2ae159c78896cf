"""Background tasks: each calls one service and nothing else."""

from typing import Any

from django_tasks import task

from embauche.workbench.models import Study
from embauche.workbench.services.analysis import carry_out
from embauche.workbench.services.learning_aside import learn
from embauche.workbench.services.prepared import has_been_prepared, prepare
from embauche.workbench.services.resting import rested


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


@task()
def learn_from_decisions(study_id: int) -> None:
    """Learn from what people decided, and re-rank what is open."""
    rested(learn_from_decisions, learn, study_id)


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
