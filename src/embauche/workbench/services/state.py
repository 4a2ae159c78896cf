"""Where a study stands, stage by stage, for the rail and the home page."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from django.db.models import Count, F, Q

from embauche.vocabulary import EvidenceStatus, Stage
from embauche.workbench.models import Result, Run, Study, User
from embauche.workbench.services.analysis import ACTIVE
from embauche.workbench.services.kept_parts import kept_part
from embauche.workbench.services.restoring import evidence_table
from embauche.workbench.services.uncommitted import uncommitted
from embauche.workbench.services.visibility import shut_while_blind, visible_evidence

_KEPT = 32
_lock = Lock()


@dataclass(frozen=True, slots=True)
class StageState:
    """One stage's line in the rail.

    Attributes
    ----------
    stage
        The stage.
    number
        Its place, from 1.
    done
        True where the stage has results and nothing waits for a person.
    code, params
        Sentence of its state (``workbench.state.<code>``).
    """

    stage: Stage
    number: int
    done: bool
    code: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Catalogue key of the sentence."""
        return f"workbench.state.{self.code}"


@dataclass(frozen=True, slots=True)
class StudyState:
    """Where a study stands.

    Attributes
    ----------
    stages
        One entry a stage, in the method's order.
    run
        The analysis that runs now, if any.
    moved
        Decisions taken since the figures were computed.
    counts
        Sources, evidence, waiting (for review), jobs, respondents.
    shut
        True for who codes blind: jobs and figures are closed to them.
    """

    stages: tuple[StageState, ...]
    run: Run | None
    moved: int
    counts: dict[str, int]
    shut: bool = False


@dataclass(frozen=True, slots=True)
class _Base:
    """What no decision about evidence changes."""

    counts: dict[str, int]
    operations: int
    summary: dict[str, Any]


_counted: OrderedDict[tuple[int, datetime, int], dict[str, int]] = OrderedDict()


def study_state(study: Study, reader: User) -> StudyState:
    """Count what the reader may see of the study, in a few small queries.

    Who codes blind learns how much they coded themselves, and nothing of jobs and figures.
    """
    if shut_while_blind(study, reader):
        return _blind_state(study, reader)
    base, held = kept_part(study, "state", lambda: _base(study)), _held(study)
    counts = {**base.counts, "evidence": held["evidence"], "waiting": held["waiting"]}
    return StudyState(
        stages=_stages(counts, base.summary),
        run=study.runs.filter(state__in=ACTIVE).first(),
        moved=held["moved"] + base.operations,
        counts=counts,
    )


def _held(study: Study) -> dict[str, int]:
    """Count a study's evidence; kept until it changes, as every page asks for it."""
    key = (study.pk, study.created_at, study.stamp)
    # What a transaction sees may never come to be.
    if uncommitted():
        return _evidence(study)
    with _lock:
        found = _counted.get(key)
    if found is None:
        found = _evidence(study)
        with _lock:
            _counted[key] = found
            while len(_counted) > _KEPT:
                _counted.popitem(last=False)
    return found


def _base(study: Study) -> _Base:
    jobs = study.jobs.filter(current=True).aggregate(
        jobs=Count("pk"), proposed=Count("pk", filter=Q(statement_is_proposal=True))
    )
    summary = _summary(study)
    return _Base({**_collection(study, summary), **jobs}, _operations_since(study), summary)


def _evidence(study: Study) -> dict[str, int]:
    """Count a study's evidence: in memory where this process holds it, else in the database."""
    proposed, rejected = EvidenceStatus.PROPOSED.value, EvidenceStatus.REJECTED.value
    with evidence_table(study, read=False) as table:
        if table is not None:
            counts = table.counts.items()
            shown = [(group.status, n) for group, n in counts if not group.withdrawn]
            return {
                "evidence": sum(n for status, n in shown if status != rejected),
                "waiting": sum(n for status, n in shown if status == proposed),
                # What the coder proposes since it learned is no decision.
                "moved": sum(
                    n
                    for group, n in counts
                    if group.status != group.analysed
                    and (group.status, group.analysed) != (proposed, "")
                ),
            }
    seen = Q(withdrawn=False)
    return study.evidence.filter(current=True).aggregate(
        evidence=Count("pk", filter=~Q(status=rejected) & seen),
        waiting=Count("pk", filter=Q(status=proposed) & seen),
        moved=Count(
            "pk",
            filter=~Q(status=F("analysed_status")) & ~Q(status=proposed, analysed_status=""),
        ),
    )


def _blind_state(study: Study, reader: User) -> StudyState:
    counts = {
        **_collection(study, _summary(study)),
        "evidence": visible_evidence(study, reader).count(),
    }
    counts |= dict.fromkeys(("waiting", "jobs", "proposed"), 0)
    open_stages = (Stage.COLLECT, Stage.IDENTIFY)
    return StudyState(
        stages=tuple(
            item if item.stage in open_stages else _stage(item.stage, done=False, code="blind")
            for item in _stages(counts, {})
        ),
        run=study.runs.filter(state__in=ACTIVE).first(),
        moved=0,
        counts=counts,
        shut=True,
    )


def _collection(study: Study, summary: dict[str, Any]) -> dict[str, int]:
    kinds = dict(
        study.sources.filter(current=True).order_by().values_list("kind").annotate(n=Count("pk"))
    )
    return {
        "interviews": kinds.get("interview", 0),
        "reviews": kinds.get("review", 0),
        "respondents": int(summary.get("respondents") or 0),
    }


def _summary(study: Study) -> dict[str, Any]:
    rows = Result.objects.filter(study=study, part="summary")
    return rows.values_list("data", flat=True).first() or {}


def _operations_since(study: Study) -> int:
    """Count what was done to jobs, to how they are cut, or to the survey since the figures."""
    mapped = ("survey.mapped", "customers.mapped", "survey.unmapped")
    verbs = ("job.operation", "threshold.set", *mapped)
    # By kind there is an index: decisions about evidence are tens of thousands.
    kinds = ("operation", "threshold", "survey", "customers")
    done = study.events.filter(kind__in=kinds, verb__in=verbs)
    return done.filter(at__gt=study.analysed_at).count() if study.analysed_at else 0


def _stages(counts: dict[str, int], summary: dict[str, Any]) -> tuple[StageState, ...]:
    heard = counts["interviews"] + counts["reviews"]
    verdict = summary.get("verdict")
    return (
        _stage(Stage.COLLECT, heard + counts["respondents"] > 0, _collected(counts), **counts),
        _stage(
            Stage.IDENTIFY,
            bool(counts["evidence"]) and not counts["waiting"],
            "nothing" if not counts["evidence"] else "review" if counts["waiting"] else "reviewed",
            n=counts["evidence"],
            waiting=counts["waiting"],
        ),
        _stage(
            Stage.MAP,
            bool(counts["jobs"]) and not counts["proposed"],
            "jobs" if counts["jobs"] else "nothing",
            n=counts["jobs"],
            proposed=counts["proposed"],
        ),
        _stage(
            Stage.SEGMENT,
            verdict in {"natural", "reproducible"},
            "segments" if verdict else "groups" if counts["jobs"] else "nothing",
            n=int(summary.get("segments") or counts["jobs"]),
            verdict=verdict or "",
        ),
        _stage(
            Stage.PRIORITISE,
            bool(summary.get("opportunities") or summary.get("ranked")),
            # The threshold of ten holds for ratings from 1 to 5 only.
            "rated"
            if summary.get("unzoned")
            else "opportunities"
            if summary.get("opportunities")
            else "ranked"
            if summary.get("ranked")
            else "nothing",
            n=int(summary["opportunities"])
            if summary.get("unzoned")
            else int(summary.get("over_ten") or 0)
            if summary.get("opportunities")
            else int(summary.get("ranked") or 0),
        ),
        _stage(
            Stage.ACTIVATE,
            bool(summary.get("steps")),
            "steps" if summary.get("steps") else "nothing",
        ),
    )


def _stage(stage: Stage, done: bool, code: str, **params: Any) -> StageState:  # noqa: FBT001
    return StageState(stage, list(Stage).index(stage) + 1, done, code, params)


def _collected(counts: dict[str, int]) -> str:
    parts = [key for key in ("interviews", "reviews", "respondents") if counts[key]]
    return "collected." + ("_".join(parts) or "nothing")
