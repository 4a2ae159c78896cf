"""What a person may see of the coding: all of it, or, while the study is blind, their own alone."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from embauche.workbench.models import Coder, Coding, Event, Evidence, Source, Study, User
from embauche.workbench.services.conflicts import touch
from embauche.workbench.services.evidence_history import ACCEPTED
from embauche.workbench.services.roles import RANK, require, role_in


def coding_blind(study: Study, actor: User) -> bool:
    """Tell whether the actor sees their own coding alone.

    While a study is blind, everybody who codes does: coders, editors and owners. Readers do not
    code, and see what there is. Where coders disagree is settled on a page of its own, by editors.
    """
    if not study.blind:
        return False
    role = role_in(actor, study)
    return role is None or RANK[role] >= RANK["coder"]


def shut_while_blind(study: Study, actor: User) -> bool:
    """Tell whether figures and jobs are shut to the actor: they would show others' coding.

    That is so for coders while the study is blind; editors and owners look after the study.
    """
    return study.blind and role_in(actor, study) == "coder"


def visible_evidence(study: Study, actor: User) -> QuerySet[Evidence]:
    """Return the evidence of a study that a person may see, withdrawn proposals left out.

    The one rule for pages and API: while the study is blind, a person who codes sees the evidence
    that they gave themselves, and nobody's proposals, the machine's included. Use `as_seen` on rows
    before their status, coder, confidence or memo are shown.
    """
    rows = Evidence.objects.filter(study=study, current=True, withdrawn=False)
    if not coding_blind(study, actor):
        return rows
    own = Coding.objects.filter(
        evidence=OuterRef("pk"), coder__user=actor, adjudicated=False, status=ACCEPTED
    )
    return rows.filter(Exists(own))


def with_coders(rows: Iterable[Evidence], study: Study) -> list[Evidence]:
    """Give rows their coders and reviewers: a study has a few, and a page names them often."""
    known = {coder.pk: coder for coder in study.coders.all()}
    found = list(rows)
    for row in found:
        row.coder = known[row.coder_id]
        row.reviewer = known.get(row.reviewer_id)
    return found


def as_seen(rows: Iterable[Evidence], study: Study, actor: User) -> list[Evidence]:
    """Return rows of `visible_evidence` as the person may see them; the rows are changed.

    While the study is blind, each row says what they said themselves: that they coded it, with
    their own ratings, and nothing of who proposed it or what others decided about it.
    """
    found = list(rows)
    if not found or not coding_blind(study, actor):
        return found
    me = Coder.objects.filter(study=study, user=actor).first()
    codings = Coding.objects.filter(evidence__in=[row.pk for row in found], adjudicated=False)
    own: dict[int, Coding] = {}
    shared: set[int] = set()
    for coding in codings.order_by("here"):
        if me is not None and coding.coder_id == me.pk:
            own[coding.evidence_id] = coding
        else:
            shared.add(coding.evidence_id)
    for row in found:
        mine = own.get(row.pk)
        rated = mine.rated if mine is not None else {}
        alone = row.pk not in shared and row.coder_id == (me.pk if me else None)
        row.status, row.confidence, row.reason = ACCEPTED, 1.0, ""
        row.coder = row.reviewer = me
        row.reviewed_at = mine.at if mine is not None else None
        if not alone:
            row.moment = rated.get("moment") or ""
            row.intensity = rated.get("intensity")
            row.dissatisfaction = rated.get("dissatisfaction")
            row.frequency = rated.get("frequency")
            row.memo = ""
    return found


def set_blind(study_id: int, blind: bool, actor: User) -> Study:  # noqa: FBT001 (the value set)
    """Switch blind coding on or off; at least an editor may."""
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        if study.blind != blind:
            Study.objects.filter(pk=study.pk).update(blind=blind)
            study.blind = blind
            Event(
                study=study,
                actor=actor,
                verb="study.blinded" if blind else "study.unblinded",
                kind="study",
                key=study.slug,
                version=study.version,
                payload={"blind": blind},
            ).save()
            touch(study)
    return study


def counted(source: Source, actor: User) -> tuple[int, int]:
    """Return how much evidence of a source the actor sees, and how much of it waits for review."""
    rows = visible_evidence(source.study, actor).filter(source=source)
    if coding_blind(source.study, actor):
        return rows.count(), 0
    kept = rows.filter(~Q(status="rejected")).count()
    return kept, rows.filter(status="proposed").count()
