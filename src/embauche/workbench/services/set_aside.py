"""Evidence that is set aside: its words were found to be no participant's, and it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from embauche.vocabulary import Facet
from embauche.workbench.models import Event, Evidence, Participant, Source, Study, User
from embauche.workbench.services.coded_words import checked_span, row_of, with_all
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.deciding import Decision, hold, new_act, write
from embauche.workbench.services.evidence_history import ACCEPTED, REJECTED

CHANGED: Final = "source.speakers"
UNDONE: Final = "source.speakers_undone"


def set_aside(study: Study, source: Source | None = None) -> frozenset[str]:
    """Return the keys of evidence that a change of speakers ever set aside.

    Parameters
    ----------
    study
        The study.
    source
        Only of this source.
    """
    events = Event.objects.filter(study=study, verb__in=(CHANGED, UNDONE), payload__isnull=False)
    if source is not None:
        events = events.filter(key=source.key)
    payloads = events.values_list("payload", flat=True)
    return frozenset(key for payload in payloads for key in payload.get("aside", ()))


@dataclass(frozen=True, slots=True)
class Aside:
    """Evidence that is set aside.

    Attributes
    ----------
    row
        The evidence.
    words
        Those of its words that one participant says, which may be accepted; empty where none are.
    span
        Where they stand.
    decided
        Whether a person decided about it.
    """

    row: Evidence
    words: str
    span: tuple[int, int]
    decided: bool


def aside_of(source: Source) -> list[Aside]:
    """Return the evidence of a source that is set aside, what people decided about first."""
    rows = with_all(Evidence.objects.filter(source=source, current=False, withdrawn=False))
    found = []
    for row in rows.filter(key__in=set_aside(source.study, source)).order_by("start", "facet"):
        start, end = _still(source, row)
        found.append(Aside(row, source.text[start:end], (start, end), row.reviewer is not None))
    return sorted(found, key=lambda one: not one.decided)


def count_aside(source: Source) -> int:
    """Count the evidence that is set aside and was not dropped."""
    rows = Evidence.objects.filter(source=source, current=False, withdrawn=False)
    known = set_aside(source.study, source)
    return rows.filter(key__in=known).exclude(status=REJECTED).count() if known else 0


def _still(source: Source, row: Evidence) -> tuple[int, int]:
    """Return the longest part of a span that one participant says."""
    parts = [
        (max(row.start, turn["start"]), min(row.end, turn["end"]))
        for turn in source.turns
        if turn["role"] == "participant" and turn["participant"]
    ]
    return max((part for part in parts if part[0] < part[1]), key=_length, default=(0, 0))


def _length(part: Sequence[int]) -> int:
    return part[1] - part[0]


def accept_back(evidence_id: int, actor: User, version: int) -> Evidence:
    """Accept those words of evidence that is set aside which a participant says, in one act.

    Raises
    ------
    EvidenceError
        If no participant says any of its words.
    StaleVersionError
        If somebody changed it meanwhile.
    """
    with transaction.atomic():
        row, study, source = _held(evidence_id, actor, version)
        span = checked_span(source, _still(source, row), None)
        new, added = row_of(source, span, Facet(row.facet), actor)
        said = [Decision(new, ACCEPTED, added=added)]
        if new.pk == row.pk:
            turn = next(one for one in source.turns if one["start"] <= span[0] < one["end"])
            person = Participant.objects.get(study=study, key=turn["participant"])
            Evidence.objects.filter(pk=row.pk).update(participant=person)
        else:
            said.insert(0, Decision(row, REJECTED, aside=True))
        write(study, actor, said, new_act())
    return new


def drop(evidence_id: int, actor: User, version: int) -> Evidence:
    """Say no to evidence that is set aside: it stays dropped if its words come back.

    Raises
    ------
    StaleVersionError
        If somebody changed it meanwhile.
    """
    with transaction.atomic():
        row, study, _ = _held(evidence_id, actor, version)
        write(study, actor, [Decision(row, REJECTED, aside=True)])
    return row


def _held(evidence_id: int, actor: User, version: int) -> tuple[Evidence, Study, Source]:
    study_id = Evidence.objects.values_list("study_id", flat=True).get(pk=evidence_id)
    study = hold(study_id, actor)
    row = Evidence.objects.select_related("coder", "reviewer", "participant", "source").get(
        pk=evidence_id, current=False
    )
    row.study = row.source.study = study
    if row.version != version:
        raise StaleVersionError(row)
    return row, study, row.source
