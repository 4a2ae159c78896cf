"""Review of proposals: accept, reject, undo; each decision is an event."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from embauche.vocabulary import EvidenceStatus
from embauche.workbench.models import Event, Evidence, Study, User
from embauche.workbench.services.coding import held
from embauche.workbench.services.conflicts import StaleVersionError, touch
from embauche.workbench.services.deciding import Decision, hold, new_act, refold, write
from embauche.workbench.services.evidence_history import act_of, standing
from embauche.workbench.services.visibility import coding_blind


def review_evidence(
    evidence_id: int,
    status: EvidenceStatus | str,
    actor: User,
    version: int,
    act: str | None = None,
) -> Evidence:
    """Accept or reject a piece of evidence, or put it back to be reviewed.

    Decided on a page that still showed it, a decision stands even where the machine no longer
    proposes it.

    Parameters
    ----------
    evidence_id
        Key of the row.
    status
        The person's decision.
    actor
        Who decides; at least a coder of the study.
    version
        The row version that the page showed.
    act
        What it is part of; it is undone together with the rest.

    Raises
    ------
    StaleVersionError
        If someone else decided meanwhile; their decision stands.
    """
    status = EvidenceStatus(status)
    with transaction.atomic():
        study_id = Evidence.objects.values_list("study_id", flat=True).get(pk=evidence_id)
        study = hold(study_id, actor)
        row = Evidence.objects.select_related("coder", "reviewer", "participant", "source").get(
            pk=evidence_id
        )
        row.study = study
        if row.version != version and not coding_blind(study, actor):
            raise StaleVersionError(row)
        write(study, actor, [Decision(row, status.value)], act)
    return row


def undo_review(evidence_id: int, actor: User, version: int) -> Evidence:
    """Take back the actor's latest decision about a piece of evidence, again and again if need be.

    What other people decided about it stays.
    """
    with transaction.atomic():
        study_id = Evidence.objects.values_list("study_id", flat=True).get(pk=evidence_id)
        study = hold(study_id, actor)
        row = Evidence.objects.select_related("coder", "reviewer", "participant", "source").get(
            pk=evidence_id
        )
        row.study = study
        events = Event.objects.filter(study=study, kind="evidence", key=row.key).order_by("pk")
        mine = [event for event in standing(events) if event.actor_id == actor.pk]
        if not mine:
            return row
        if row.version != version and not coding_blind(study, actor):
            raise StaleVersionError(row)
        Event(
            study=study,
            actor=actor,
            verb="evidence.undone",
            kind="evidence",
            key=row.key,
            version=row.version + 1,
            payload={"of": act_of(mine[-1])},
        ).save()
        refold(study, [row], [actor.pk])
        touch(study, evidence_only=True)
    return row


def review_many(
    study: Study, shown: Iterable[tuple[int, int]], status: EvidenceStatus | str, actor: User
) -> tuple[int, int]:
    """Decide about all the evidence that a page showed, and leave what changed meanwhile.

    Parameters
    ----------
    shown
        Pairs of evidence id and the version that the page showed.

    Returns
    -------
    decided, stale
        How many were decided, and how many someone else had decided about meanwhile.
    """
    status = EvidenceStatus(status)
    with transaction.atomic():
        study = hold(study.pk, actor)
        rows, stale = held(study, shown, actor)
        write(study, actor, [Decision(row, status.value) for row in rows], new_act())
    return len(rows), stale
