"""Background tasks: each calls one service and nothing else."""

from django_tasks import task

from embauche.workbench.services.analysis import carry_out


@task()
def carry_out_run(run_id: int) -> str:
    """Carry out an analysis that a person asked for."""
    return str(carry_out(run_id).state)
