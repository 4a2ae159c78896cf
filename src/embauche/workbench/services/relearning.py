"""After a decision: what the coder learned from it re-ranks the proposals that are still open."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from django.db import connection, transaction
from django.db.models import Max

from embauche.identify import Relearned, RememberedTalk
from embauche.identify.coder import FACETS
from embauche.identify.llm_union import AGREED
from embauche.identify.remembered_talk import proposed_by
from embauche.study.corrections import corrections_of
from embauche.vocabulary import EvidenceStatus, Facet
from embauche.workbench.models import Coder, Event, Evidence, Participant, Result, Source, Study
from embauche.workbench.services.conflicts import touch
from embauche.workbench.services.frozen import freeze
from embauche.workbench.services.inputs import decisions, results_folder
from embauche.workbench.services.kept_parts import kept_part
from embauche.workbench.services.restoring import source as restored_source
from embauche.workbench.services.storing import FrameStore

_TRIES: Final = 3
_KEPT: Final = 2
_MOVED: Final = 0.005
"""What a confidence changes by before it is written anew: half of what pages show. One decision
more moves thousands of them by less, and others wait while they are written."""
_COLUMN: Final = {facet.value: column for column, facet in enumerate(FACETS)}
_OPEN: Final = EvidenceStatus.PROPOSED.value
# Said again in the statement, so that a decision taken meanwhile is not touched.
_UPDATE: Final = (
    "UPDATE workbench_evidence SET confidence = %s, reason = %s, withdrawn = %s, stamp = %s"
    " WHERE id = %s AND status = 'proposed' AND reviewer_id IS NULL"
)

Mark = tuple[str, int]
_talks: OrderedDict[tuple[int, str], RememberedTalk] = OrderedDict()
_latest: OrderedDict[int, tuple[Mark, Relearned]] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Learned:
    """What learning from people's decisions changed.

    Attributes
    ----------
    taught
        Sentences that were learned from.
    moved, gone, new
        Open proposals whose confidence changed, that are no longer made, and that came.
    seconds
        How long it took.
    """

    taught: int
    moved: int = 0
    gone: int = 0
    new: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Changes:
    updates: list[tuple[float, str, bool, int]]
    new: list[tuple[int, int]]
    gone: int


def talk_of(study: Study) -> RememberedTalk | None:
    """Return what the coder heard at the last analysis; ``None`` where nothing of it is kept."""
    rows = Result.objects.filter(study=study, part="talk").values_list("data", flat=True)
    data = kept_part(study, "talk", rows.first)
    if not data:
        return None
    key = (study.pk, str(data["file"]))
    with _lock:
        known = _talks.get(key)
    if known is not None:
        return known
    try:
        talk = FrameStore(results_folder(study)).fetch_talk(key[1])
    except (OSError, ValueError, KeyError):
        return None
    with _lock:
        _talks[key] = talk
        while len(_talks) > _KEPT:
            _talks.popitem(last=False)
    return talk


def relearned(study: Study) -> Relearned | None:
    """Return what the coder thinks after all decisions so far; nothing is written.

    ``None`` where what it heard is not kept: an analysis brings it.
    """
    return _relearned(study)[1]


def relearn(study: Study) -> Learned | None:
    """Learn from all decisions so far and re-rank the proposals that nobody decided about.

    Computed outside any transaction, and written only if no decision and no analysis came between;
    else it is computed anew. What a person decided about never changes, and a proposal that is no
    longer made is only taken off the review: whoever decides about it on a page that still shows
    it brings it back.

    Returns
    -------
    Learned or None
        ``None`` where what the coder heard is not kept: an analysis brings it.
    """
    began = time.perf_counter()
    taught = 0
    for _ in range(_TRIES):
        mark, found = _relearned(study)
        if found is None:
            return None
        taught = found.taught
        changes = _changes(study, found)
        if not changes.updates and not changes.new:
            return Learned(found.taught, seconds=time.perf_counter() - began)
        made = _rows(study, found, changes.new)
        with transaction.atomic():
            held = Study.objects.select_for_update().get(pk=study.pk)
            if _mark(study) != mark:
                continue
            stamp = held.stamp + 1  # the one that the study is touched with
            with connection.cursor() as cursor:
                cursor.executemany(
                    _UPDATE, [(*values, stamp, pk) for *values, pk in changes.updates]
                )
            Evidence.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
            touch(study, evidence_only=True)
        return Learned(
            found.taught,
            moved=len(changes.updates) - changes.gone,
            gone=changes.gone,
            new=len(made),
            seconds=time.perf_counter() - began,
        )
    # Others decide without a pause: the latest of them learns from this decision too.
    return Learned(taught, seconds=time.perf_counter() - began)


def _mark(study: Study) -> Mark:
    """Return what the decisions and the analysis stand at."""
    fingerprint = Study.objects.values_list("fingerprint", flat=True).get(pk=study.pk)
    last = Event.objects.filter(study=study).aggregate(last=Max("pk"))["last"]
    return fingerprint, last or 0


def _relearned(study: Study) -> tuple[Mark, Relearned | None]:
    mark = _mark(study)
    talk = talk_of(study)
    if talk is None:
        return mark, None
    with _lock:
        known = _latest.get(study.pk)
    if known is not None and known[0] == mark and known[1].talk is talk:
        return known
    found = talk.relearned(corrections_of(decisions(study)))
    with _lock:
        _latest[study.pk] = (mark, found)
        _latest.move_to_end(study.pk)
        while len(_latest) > _KEPT:
            _latest.popitem(last=False)
    return mark, found


def _changes(study: Study, found: Relearned) -> _Changes:
    """Tell what differs between the study's evidence and what the coder now proposes."""
    talk = found.talk
    updates: list[tuple[float, str, bool, int]] = []
    gone = 0
    held: set[tuple[int, int]] = set()
    fields = (
        "pk", "source_id", "start", "end", "facet", "status", "reviewer_id", "current",
        "withdrawn", "confidence", "reason", "coder_id",
    )  # fmt: skip
    keys = dict(Source.objects.filter(study=study).values_list("pk", "key"))
    own = Coder.objects.filter(study=study, name=talk.coder).values_list("pk", flat=True).first()
    rows = Evidence.objects.filter(study=study).order_by().values_list(*fields)
    for pk, source, start, end, facet, status, reviewer, current, off, was, why, coder in rows:
        row = talk.by_span.get((keys[source], start, end))
        column = _COLUMN[facet]
        at = [row] if row is not None else talk.sentences.rows(keys[source], start, end)
        held.update((each, column) for each in at)
        mine = coder == own and why != AGREED and current
        if row is None or not mine or status != _OPEN or reviewer is not None:
            continue
        sure, reason = found.confidence(row, column), found.reason(row, column)
        withdrawn = not bool(found.proposed[row, column])
        if (reason, withdrawn) != (why, off) or abs(sure - was) >= _MOVED:
            updates.append((sure, reason, withdrawn, pk))
            gone += withdrawn and not off
    new = [
        (row, column)
        for row, column in proposed_by(found)
        if (row, column) not in held and found.codes[row, column] != found.codes[row, column]
    ]
    return _Changes(updates, new, gone)


def _rows(study: Study, found: Relearned, new: list[tuple[int, int]]) -> list[Evidence]:
    """Make rows of proposals that came; none where the source is no longer the one heard."""
    if not new:
        return []
    talk = found.talk
    keys = {talk.sources[talk.places[row, 0]] for row, _ in new}
    stored = {
        row.key: row for row in Source.objects.filter(study=study, key__in=keys, current=True)
    }
    texts = {key: restored_source(row) for key, row in stored.items()}
    people = dict(Participant.objects.filter(study=study).values_list("key", "pk"))
    coder, _ = Coder.objects.get_or_create(study=study, name=talk.coder)
    made = []
    for row, column in new:
        key = talk.sources[talk.places[row, 0]]
        if key not in texts:
            continue
        item = found.evidence(row, column, texts[key])
        made.append(
            Evidence(
                study=study,
                key=item.id,
                source=stored[key],
                participant_id=people[item.participant],
                coder=coder,
                start=item.start,
                end=item.end,
                quote=item.quote,
                facet=Facet(item.facet).value,
                language=item.language.value,
                status=_OPEN,
                analysed_status="",
                confidence=freeze(item.confidence),
                reason=item.reason,
                moment=item.moment.value if item.moment else "",
                intensity=item.intensity,
                dissatisfaction=item.dissatisfaction,
                frequency=item.frequency,
                valence=item.valence,
            )
        )
    return made
