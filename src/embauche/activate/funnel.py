"""The conversion funnel of a job: what triggers, pulls, blocks and reassures at each moment."""

from __future__ import annotations

from collections.abc import Sequence

from embauche.activate.steps import FunnelItem, FunnelStep
from embauche.activate.voices import chosen, held, people, thin
from embauche.identify.evidence import Evidence
from embauche.jobs.job import Attachment, Job
from embauche.vocabulary import Facet, Force, Moment

_LATE = frozenset({Moment.FIRST_USE, Moment.ONGOING_USE})

_PLEASANT = 0.2

_ROLES: tuple[tuple[str, Force | None], ...] = (
    ("triggers", Force.PUSH),
    ("pulls", Force.PULL),
    ("blocks", Force.ANXIETY),
    ("blocks", Force.HABIT),
    ("blocks", Force.PUSH),
    ("reassures", None),
)

_ALWAYS: dict[Facet, tuple[str, Force | None]] = {
    Facet.TRIGGER: ("triggers", Force.PUSH),
    Facet.PULL: ("pulls", Force.PULL),
    Facet.ANXIETY: ("blocks", Force.ANXIETY),
    Facet.HABIT: ("blocks", Force.HABIT),
}

_Pair = tuple[Attachment, Evidence]


def _role(item: Evidence) -> tuple[str, Force | None] | None:
    """Say what a piece of evidence does at its moment.

    A frustration before anything was bought pushes people to look; once the product is in use, it
    stands in the way of staying.
    """
    if item.facet in _ALWAYS:
        return _ALWAYS[item.facet]
    late = item.moment in _LATE
    if item.facet is Facet.FRUSTRATION:
        return ("blocks" if late else "triggers", Force.PUSH)
    pleasant = item.valence is not None and item.valence > _PLEASANT
    obtained = item.facet is Facet.OBJECTIVE or (item.facet is Facet.EMOTION and pleasant)
    return ("reassures", None) if late and obtained else None


def funnel(job: Job, evidence: Sequence[Evidence], *, most: int = 4) -> tuple[FunnelStep, ...]:
    """Lay what acts on the people of a job along the timeline.

    Parameters
    ----------
    job
        A job of the map.
    evidence
        The evidence that the map speaks of.
    most
        Quotes an item at most.

    Returns
    -------
    tuple of FunnelStep
        Moments in the timeline's order, without those where nothing was heard; what no moment
        could be told for comes last, under ``None``. The counterfactual stands outside the
        timeline and is left out.
    """
    known = {item.id: item for item in evidence}
    facets = (
        Facet.TRIGGER,
        Facet.FRUSTRATION,
        Facet.PULL,
        Facet.ANXIETY,
        Facet.HABIT,
        Facet.OBJECTIVE,
        Facet.EMOTION,
    )
    found: dict[Moment | None, dict[tuple[str, Force | None], list[_Pair]]] = {}
    for facet in facets:  # facet by facet: the same words may both trigger and pull
        for pair in held(job, (facet,), known):
            role = _role(pair[1])
            if role is not None and pair[1].moment is not Moment.COUNTERFACTUAL:
                found.setdefault(pair[1].moment, {}).setdefault(role, []).append(pair)
    moments = [*(m for m in Moment if m is not Moment.COUNTERFACTUAL), None]
    return tuple(_step(moment, found[moment], most) for moment in moments if moment in found)


def _step(
    moment: Moment | None, roles: dict[tuple[str, Force | None], list[_Pair]], most: int
) -> FunnelStep:
    items = tuple(
        FunnelItem(role, force, chosen(roles[role, force], most), people(roles[role, force]))
        for role, force in _ROLES
        if (role, force) in roles
    )
    heard = people([pair for pairs in roles.values() for pair in pairs])
    return FunnelStep(moment, items, heard, thin("activate.thin_moment", heard))
