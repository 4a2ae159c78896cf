"""Jobs against demographics on other outcomes than the survey's own, in the background."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction

from embauche.collect.survey import Survey
from embauche.errors import EmbaucheError, WorkbenchError
from embauche.messages import messages
from embauche.segment.comparison import Validation
from embauche.segment.comparison_run import compare_with_demographics, comparison_refusal
from embauche.workbench.models import Event, Result, Run, Study, User
from embauche.workbench.services.analysis import ACTIVE, COMPARE, CancelledError, Progress, end_run
from embauche.workbench.services.conflicts import touch
from embauche.workbench.services.frozen import freeze, thaw
from embauche.workbench.services.restoring import figures
from embauche.workbench.services.roles import require

_PREFIX = "cmp-"
_MOST_ANSWERS = 60
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OutcomeChoice:
    """A column that may be foretold, and how the page calls it."""

    column: str
    label: str


def outcome_choices(survey: Survey) -> tuple[OutcomeChoice, ...]:
    """Return the columns that may be an outcome: not a need, a rating, an id, a weight or a fact.

    Words of many different answers are left out: they are names or free text.
    """
    taken = {
        *survey.needs, *survey.importance, *survey.satisfaction, *survey.demographics,
        survey.id, survey.weight,
    }  # fmt: skip
    found = []
    for column, reading in survey.readings.items():
        answers = survey.frame[column].drop_nulls().n_unique()
        wordy = reading.scale == "nominal" and answers > _MOST_ANSWERS
        if column not in taken and answers > 1 and not wordy:
            found.append(OutcomeChoice(column, reading.label))
    return tuple(found)


def comparisons(study: Study) -> tuple[Validation, ...]:
    """Return what was found on other outcomes since the last analysis."""
    rows = Result.objects.filter(study=study, part__startswith=_PREFIX).order_by("pk")
    return tuple(thaw(Validation, data) for data in rows.values_list("data", flat=True))


def compare_outcome(study_id: int, column: str, actor: User) -> Run:
    """Ask for a comparison on another outcome.

    Raises
    ------
    WorkbenchError
        If there is no survey with segments, the column cannot be an outcome, or the comparison is
        refused; then it says why.
    """
    from embauche.workbench.tasks import carry_out_comparison

    study = Study.objects.get(pk=study_id)
    require(actor, study, "editor")
    found = figures(study)
    if found.survey is None or found.segmentation is None:
        raise WorkbenchError("compare.no_survey")
    if column not in {choice.column for choice in outcome_choices(found.survey)}:
        raise WorkbenchError("compare.no_column", column=column)
    refusal = comparison_refusal(found.survey, k=found.segmentation.k, outcome=column)
    if refusal is not None:
        why = messages(study.language).notice(refusal)
        raise WorkbenchError("compare.refused", why=why)
    with transaction.atomic():
        Study.objects.select_for_update().get(pk=study_id)
        running = Run.objects.filter(study=study, state__in=ACTIVE, stage=COMPARE).first()
        if running is not None:
            return running
        run = Run.objects.create(study=study, actor=actor, stage=COMPARE)
        Event(
            study=study, actor=actor, verb="comparison.asked", kind="survey", key=column[:200],
            version=study.version, payload={"outcome": column},
        ).save()  # fmt: skip
    carry_out_comparison.enqueue(run.pk, column)
    return run


def carry_out(run_id: int, column: str) -> Run:
    """Carry out a comparison; what it finds is dropped where the study was analysed meanwhile."""
    waiting = Run.objects.filter(pk=run_id, state=Run.State.WAITING)
    claimed = waiting.update(state=Run.State.RUNNING)
    run = Run.objects.select_related("study").get(pk=run_id)
    if not claimed:
        return run
    study = run.study
    progress = Progress(run, {COMPARE: 1})
    try:
        found = figures(study)
        if found.survey is None or found.segmentation is None:
            raise WorkbenchError("compare.no_survey")  # noqa: TRY301 - kept with the run, in words
        made = compare_with_demographics(
            found.survey,
            k=found.segmentation.k,
            outcome=column,
            seed=study.seed,
            progress=lambda done: progress(COMPARE, done),
        )
        if made is None:
            raise WorkbenchError("compare.no_column", column=column)  # noqa: TRY301
        with transaction.atomic():
            now = Study.objects.select_for_update().get(pk=study.pk)
            if now.analysed_at != study.analysed_at:
                return end_run(run, Run.State.STALE)
            Result.objects.update_or_create(
                study=study,
                part=_PREFIX + sha256(column.encode()).hexdigest()[:12],
                defaults={"data": freeze(made), "fingerprint": study.fingerprint},
            )
            touch(now)
    except CancelledError:
        return end_run(run, Run.State.CANCELLED)
    except EmbaucheError as error:
        params = {key: str(value) for key, value in error.params.items()}
        return end_run(run, Run.State.FAILED, {"code": error.code, "params": params})
    except Exception:
        _logger.exception("comparison %s failed", run.pk)
        end_run(run, Run.State.FAILED, {"code": "workbench.unexpected", "params": {}})
        raise
    return end_run(run, Run.State.DONE)
