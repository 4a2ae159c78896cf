"""The guided path: what is done in each stage, what is missing, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse

from embauche.vocabulary import Stage
from embauche.workbench.models import Run, Study, Survey, Upload
from embauche.workbench.services.state import StudyState

FEW_INTERVIEWS = 6
"""Below this many interviews the path asks for more (METHOD: eight to twelve a segment)."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do: the page it is done on, or the address that a button posts to.

    Attributes
    ----------
    code, params
        Sentence (``intake.path.do.<code>``); its reason is ``intake.path.why.<code>``.
    url
        Where it is done.
    posts
        True where pressing the button does it.
    """

    code: str
    url: str
    posts: bool = False
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the path.

    Attributes
    ----------
    stage
        The stage.
    done
        Whether nothing is left to do in it now.
    action
        The best thing to do in it next; ``None`` where nothing is, or not yet.
    missing
        Code of what has to be there first (``intake.path.missing.<code>``), empty where it is.
    """

    stage: Stage
    number: int
    done: bool
    state: Any
    action: Action | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """The six stages, and the one best next action."""

    steps: tuple[Step, ...]
    best: Action | None


@dataclass(frozen=True, slots=True)
class LinePart:
    """A piece of the line that tells a study's state: ``intake.line.<code>`` with `n`."""

    code: str
    n: int = 0
    waits: bool = False


def study_line(study: Study, state: StudyState) -> tuple[LinePart, ...]:
    """Say where a study stands in one line: "8 interviews, 5 to check, 3 jobs settled"."""
    counts = state.counts
    parts = [
        LinePart(kind, counts[kind])
        for kind in ("interviews", "reviews", "respondents")
        if counts[kind]
    ]
    waiting = Upload.objects.filter(study=study).count()
    if waiting:
        parts.append(LinePart("uploads", waiting, waits=True))
    if counts["waiting"]:
        parts.append(LinePart("waiting", counts["waiting"], waits=True))
    settled = counts["jobs"] - counts["proposed"]
    if counts["jobs"]:
        parts.append(LinePart("settled", settled) if settled else LinePart("jobs", counts["jobs"]))
    if state.run is not None:
        parts.append(LinePart("running"))
    elif parts and study.analysed_at is None:
        parts.append(LinePart("not_analysed", waits=True))
    return tuple(parts) or (LinePart("empty"),)


def path(study: Study, state: StudyState) -> Path:
    """Say where a study stands and what would bring it on most."""
    facts = _facts(study, state)
    actions = _actions(study, state, facts)
    steps = tuple(
        Step(
            stage=item.stage,
            number=item.number,
            done=item.done and actions.get(item.stage) is None,
            state=item,
            action=actions.get(item.stage),
            missing=""
            if item.done or state.shut or actions.get(item.stage)
            else _missing(item.stage, facts, running=state.run is not None),
        )
        for item in state.stages
    )
    order = (
        _first(study, state, facts),
        *(actions.get(stage) for stage in Stage),
        _last(study, state, facts),
    )
    return Path(steps, next((action for action in order if action is not None), None))


@dataclass(frozen=True, slots=True)
class _Facts:
    heard: int
    interviews: int
    uploads: int
    survey: bool
    analysed: bool
    failed: bool
    links: int


def _facts(study: Study, state: StudyState) -> _Facts:
    counts = state.counts
    last = Run.objects.filter(study=study).values_list("state", flat=True).first()
    return _Facts(
        heard=counts["interviews"] + counts["reviews"],
        interviews=counts["interviews"],
        uploads=Upload.objects.filter(study=study).count(),
        survey=Survey.objects.filter(study=study).exists(),
        analysed=study.analysed_at is not None,
        failed=last in {Run.State.FAILED, Run.State.INTERRUPTED, Run.State.STALE},
        links=study.links.filter(confirmed=False).count(),
    )


def _first(study: Study, state: StudyState, facts: _Facts) -> Action | None:
    """Return what comes before anything else: files, and figures of what is there."""
    if state.shut:
        return None
    if facts.uploads:
        return Action("take", _to("sources", study), params={"n": facts.uploads})
    if state.run is not None:
        return Action("follow", reverse("progress", args=[study.slug, state.run.pk]))
    if not facts.heard and not facts.survey and not facts.analysed:
        return Action("bring", _to("sources", study))
    if not facts.analysed or facts.failed:
        return Action("analyse", _to("analyse", study), posts=True)
    return None


def _actions(study: Study, state: StudyState, facts: _Facts) -> dict[Stage, Action]:
    if state.shut:
        return {Stage.IDENTIFY: Action("code", _to("sources", study))}
    counts = state.counts
    found: dict[Stage, Action] = {}
    if not facts.heard:
        found[Stage.COLLECT] = Action("bring", _to("sources", study))
    elif facts.uploads:
        found[Stage.COLLECT] = Action("take", _to("sources", study), params={"n": facts.uploads})
    if counts["waiting"]:
        there = _to("teach", study) or _to("evidence", study)
        found[Stage.IDENTIFY] = Action("review", there, params={"n": counts["waiting"]})
    if counts["proposed"]:
        there = _to("jobs", study)
        found[Stage.MAP] = Action("confirm", there, params={"n": counts["proposed"]})
    elif facts.links:
        found[Stage.MAP] = Action("link", _to("jobs", study), params={"n": facts.links})
    if facts.analysed and not facts.survey:
        found[Stage.SEGMENT] = Action("survey", _to("sources", study))
    if state.moved and facts.analysed and state.run is None:
        action = Action("again", _to("analyse", study), posts=True, params={"n": state.moved})
        found[Stage.PRIORITISE] = action
    return found


def _last(study: Study, state: StudyState, facts: _Facts) -> Action | None:
    """Return what is left when nothing waits."""
    if facts.heard and facts.interviews < FEW_INTERVIEWS and not facts.survey:
        return Action("more", _to("sources", study), params={"n": facts.interviews})
    if state.stages[-1].done:
        return Action("steps", _to("steps", study))
    return None


def _missing(stage: Stage, facts: _Facts, *, running: bool) -> str:
    if stage is Stage.COLLECT:
        return ""
    if not facts.heard and not facts.survey:
        return "sources"
    if not facts.analysed:
        return "running" if running else "analysis"
    if stage is Stage.SEGMENT and not facts.survey:
        return "survey"
    if stage is Stage.SEGMENT:
        return "natural"
    return "evidence" if stage in {Stage.MAP, Stage.ACTIVATE} else ""


def _to(name: str, study: Study) -> str:
    try:
        return reverse(name, args=[study.slug])
    except NoReverseMatch:
        return ""
