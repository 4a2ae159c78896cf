"""Review of proposals: accept, reject, undo; each decision is an event."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from embauche.vocabulary import EvidenceStatus
from embauche.workbench.models import Event, Evidence, Study, User
from embauche.workbench.services.conflicts import StaleVersionError, change, touch
from embauche.workbench.services.roles import coder_of, require


def review_evidence(
    evidence_id: int, status: EvidenceStatus | str, actor: User, version: int
) -> Evidence:
    """Accept or reject a piece of evidence, or put it back to be reviewed.

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

    Raises
    ------
    StaleVersionError
        If someone else decided meanwhile; their decision stands.
    """
    status = EvidenceStatus(status)
    with transaction.atomic():
        row = Evidence.objects.select_related("study", "reviewer").get(pk=evidence_id)
        require(actor, row.study, "coder")
        before = {
            "status": row.status,
            "reviewer": row.reviewer_id,
            "at": row.reviewed_at.isoformat() if row.reviewed_at else None,
        }
        back = status is EvidenceStatus.PROPOSED
        change(
            row,
            version,
            status=status.value,
            # Decided on a page that still showed it: the decision stands.
            current=True,
            withdrawn=False,
            reviewer=None if back else coder_of(actor, row.study),
            reviewed_at=None if back else timezone.now(),
        )
        _record(row, actor, f"evidence.{status.value}", before)
        touch(row.study)
    return row


def undo_review(evidence_id: int, actor: User, version: int) -> Evidence:
    """Take back the latest decision about a piece of evidence; can be repeated to the beginning."""
    with transaction.atomic():
        row = Evidence.objects.select_related("study").get(pk=evidence_id)
        require(actor, row.study, "coder")
        events = list(
            Event.objects.filter(study=row.study, kind="evidence", key=row.key).order_by("pk")
        )
        standing: list[Event] = []
        for event in events:
            if event.verb == "evidence.undone":
                standing = standing[:-1]
            else:
                standing.append(event)
        if not standing or standing[-1].payload is None:
            return row
        before = standing[-1].payload
        now = {"status": row.status, "reviewer": row.reviewer_id, "at": None}
        change(
            row,
            version,
            status=before["status"],
            reviewer_id=before["reviewer"],
            reviewed_at=parse_datetime(before["at"]) if before["at"] else None,
            # What a person added is no proposal once they take it back.
            current=not before.get("added"),
        )
        _record(row, actor, "evidence.undone", now)
        touch(row.study)
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
    decided = stale = 0
    with transaction.atomic():
        own = set(Evidence.objects.filter(study=study).values_list("pk", flat=True))
        for evidence_id, version in shown:
            if evidence_id not in own:
                continue
            try:
                with transaction.atomic():
                    review_evidence(evidence_id, status, actor, version)
            except StaleVersionError:
                stale += 1
            else:
                decided += 1
    return decided, stale


def _record(row: Evidence, actor: User, verb: str, payload: dict[str, object]) -> None:
    Event(
        study=row.study,
        actor=actor,
        verb=verb,
        kind="evidence",
        key=row.key,
        version=row.version,
        payload=payload,
    ).save()
