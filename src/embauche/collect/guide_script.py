"""The order of an interview: its parts, their share of the time, and what each question is after.

The words stand in the catalogue ``guide.po`` under ``guide.ask.<question>``, its follow-ups under
``guide.ask.<question>.then.<n>`` and the note under ``guide.ask.<question>.note``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from embauche.vocabulary import Facet, Moment


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the script; `essential` marks those that carry the method."""

    id: str
    facet: Facet | None
    moment: Moment | None
    follow_ups: int
    essential: bool = False


@dataclass(frozen=True, slots=True)
class ScriptPart:
    """A part of the script; `share` of the interview's minutes is a weight."""

    id: str
    share: int
    questions: tuple[Asked, ...]


SCRIPT: Final = (
    ScriptPart(
        "opening",
        6,
        (
            Asked("you", Facet.CONTEXT, None, 2),
            Asked("scene", Facet.CONTEXT, None, 3),
            Asked("aim", Facet.JOB_FUNCTIONAL, None, 2),
        ),
    ),
    ScriptPart(
        "first_thought",
        7,
        (
            Asked("first_thought", Facet.TRIGGER, Moment.FIRST_THOUGHT, 3, essential=True),
            Asked("passive", Facet.TRIGGER, Moment.PASSIVE_LOOKING, 2),
        ),
    ),
    ScriptPart(
        "before",
        7,
        (
            Asked("tried", Facet.ALTERNATIVE, Moment.ACTIVE_LOOKING, 3, essential=True),
            Asked("looked", Facet.ALTERNATIVE, Moment.ACTIVE_LOOKING, 2),
        ),
    ),
    ScriptPart(
        "decision",
        6,
        (Asked("decision", Facet.TRIGGER, Moment.DECIDING, 3, essential=True),),
    ),
    ScriptPart(
        "forces",
        7,
        (
            Asked("push", Facet.FRUSTRATION, Moment.ACTIVE_LOOKING, 2),
            Asked("pull", Facet.PULL, Moment.DECIDING, 2),
            Asked("anxiety", Facet.ANXIETY, Moment.DECIDING, 2),
            Asked("habit", Facet.HABIT, Moment.DECIDING, 2),
        ),
    ),
    ScriptPart(
        "use",
        7,
        (
            Asked("first_use", Facet.EMOTION, Moment.FIRST_USE, 2),
            Asked("result", Facet.OBJECTIVE, Moment.ONGOING_USE, 2),
            Asked("feeling", Facet.JOB_EMOTIONAL, Moment.ONGOING_USE, 2),
            Asked("seen", Facet.JOB_SOCIAL, Moment.ONGOING_USE, 2),
        ),
    ),
    ScriptPart(
        "without",
        3,
        (Asked("without", Facet.ALTERNATIVE, Moment.COUNTERFACTUAL, 2, essential=True),),
    ),
    ScriptPart(
        "today",
        4,
        (
            Asked("unmet", Facet.FRUSTRATION, Moment.ONGOING_USE, 3, essential=True),
            Asked("often", None, Moment.ONGOING_USE, 2),
        ),
    ),
    ScriptPart(
        "close",
        2,
        (
            Asked("missing", None, None, 1),
            Asked("others", None, None, 0),
        ),
    ),
)
"""The whole script, in the order in which it is asked."""

CONSENT: Final = (
    "purpose",
    "voluntary",
    "recording",
    "pseudonyms",
    "access",
    "retention",
    "rights",
    "contact",
)
"""Paragraphs of the consent text, in order: what article 13 of the GDPR asks one to tell."""

BEFORE: Final = ("recruit", "recent", "place", "consent")
DURING: Final = ("facts", "timeline", "silence", "words", "never", "essential")
AFTER: Final = ("notes", "transcript", "names")
"""Notes for the interviewer."""


def minutes_of(total: int) -> dict[str, int]:
    """Share the minutes of an interview among the parts, whole minutes, by largest remainders.

    Every part has at least one minute; the sum is `total`.
    """
    weight = sum(part.share for part in SCRIPT)
    spare = total - len(SCRIPT)
    exact = {part.id: spare * part.share / weight for part in SCRIPT}
    given = {name: 1 + int(value) for name, value in exact.items()}
    left = total - sum(given.values())
    for name in sorted(exact, key=lambda key: exact[key] - int(exact[key]), reverse=True)[:left]:
        given[name] += 1
    return given
