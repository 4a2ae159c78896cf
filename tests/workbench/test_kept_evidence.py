"""What a process keeps of a study's evidence says after every change what the database says."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext


def _told(study: Any, owner: Any) -> dict[str, Any]:
    """Return all that pages count from what is kept, or, within a transaction, from the tables."""
    from embauche.workbench.pages.evidence import _held
    from embauche.workbench.pages.intake import _count
    from embauche.workbench.services.board import board
    from embauche.workbench.services.desk import desk
    from embauche.workbench.services.jobs_view import job_rows
    from embauche.workbench.services.matrix_view import matrix_of
    from embauche.workbench.services.restoring import findings
    from embauche.workbench.services.state import study_state

    study.refresh_from_db()
    sources = list(study.sources.filter(current=True))
    _count(study, sources)
    on_the_desk = desk(study, "en")
    assert on_the_desk is not None
    return {
        "state": study_state(study, owner),
        "sources": [(row.key, row.kept, row.waiting) for row in sources],
        "jobs": job_rows(study, "en"),
        "matrix": matrix_of(study),
        "goals": on_the_desk.goals,
        "board": board(on_the_desk),
        "evidence": findings(study).evidence,
        "listed": {status: _held(study, status) for status in ("", "all", "proposed", "rejected")},
    }


def _same(study: Any, owner: Any) -> None:
    kept = _told(study, owner)
    with transaction.atomic():  # nothing that is kept is used
        read = _told(study, owner)
    listed, _ = kept.pop("listed"), read.pop("listed")
    assert kept == read
    for status, held in listed.items():
        rows = study.evidence.filter(current=True, withdrawn=False)
        if status == "":
            rows = rows.exclude(status="rejected")
        elif status != "all":
            rows = rows.filter(status=status)
        keys = [row.pk for row in rows]
        assert held.count() == len(keys), status
        assert [row.pk for row in held[0:5] + held[5 : len(keys)]] == keys, status


def _review(study: Any, owner: Any) -> None:
    from embauche.workbench.services.review import review_evidence

    for status in ("accepted", "rejected"):
        row = study.evidence.filter(status="proposed", current=True).first()
        review_evidence(row.pk, status, owner, row.version)


def _take_back(study: Any, owner: Any) -> None:
    from embauche.workbench.services.history_undo import undo_latest

    _review(study, owner)
    study.refresh_from_db()
    _told(study, owner)
    undo_latest(study.pk, owner)


def _code(study: Any, owner: Any) -> None:
    from embauche.workbench.services.coding import code_sentences
    from embauche.workbench.services.learning_aside import learn_soon

    source = study.sources.filter(current=True).first()
    speakers = {turn["index"] for turn in source.turns if turn["role"] == "participant"}
    said = next(item for item in source.sentences if item["turn"] in speakers)
    code_sentences(source.pk, (said["start"], said["end"]), "alternative", owner)
    learn_soon(study)


def _recode(study: Any, owner: Any) -> None:
    from embauche.workbench.services.coding import recode

    row = study.evidence.filter(current=True).first()
    recode(study.pk, [(row.pk, row.version)], "trigger", owner)


def _remove(study: Any, owner: Any) -> None:
    from embauche.workbench.services.coding import remove

    row = study.evidence.filter(current=True).first()
    remove(study.pk, [(row.pk, row.version)], owner)


def _learn(study: Any, owner: Any) -> None:
    from embauche.workbench.services.conflicts import touch
    from embauche.workbench.services.relearning import relearn

    _review(study, owner)
    study.evidence.filter(status="proposed").update(confidence=0.01)
    touch(study)
    _told(study, owner)
    learned = relearn(study)
    assert learned is not None
    assert learned.moved


def _delete(study: Any, owner: Any) -> None:
    del owner
    from embauche.workbench.services.conflicts import touch

    study.evidence.filter(current=True).last().delete()
    touch(study)


def _set_aside(study: Any, owner: Any) -> None:
    del owner
    from embauche.workbench.services.conflicts import touch

    study.evidence.filter(pk=study.evidence.filter(current=True).first().pk).update(current=False)
    touch(study)


def _reword(study: Any, owner: Any) -> None:
    from embauche.workbench.services.wording import rename_job

    job = study.jobs.filter(current=True).first()
    rename_job(job.pk, "Find a note in front of a client", "en", owner, job.version)


@pytest.mark.parametrize(
    "change",
    [_review, _take_back, _code, _recode, _remove, _learn, _delete, _set_aside, _reword],
)
def test_pages_count_the_same_in_memory_and_in_the_database(
    study: Any, owner: Any, change: Callable[[Any, Any], None]
) -> None:
    _same(study, owner)
    before = _told(study, owner)
    change(study, owner)
    assert _told(study, owner) != before, "the change is one that pages show"
    _same(study, owner)


def test_what_was_decided_on_a_page_stays_in_its_list(study: Any, owner: Any) -> None:
    from embauche.workbench.pages.evidence import _held
    from embauche.workbench.services.review import review_evidence

    first, second, third = study.evidence.filter(status="proposed", current=True)[:3]
    review_evidence(first.pk, "accepted", owner, first.version)
    review_evidence(second.pk, "rejected", owner, second.version)
    study.refresh_from_db()
    held = _held(study, "proposed", second.pk, [first.pk, third.pk])
    assert held is not None
    waiting = study.evidence.filter(status="proposed", current=True, withdrawn=False).count()
    assert held.count() == waiting + 2
    assert [row.pk for row in held[0:3]] == [first.pk, second.pk, third.pk]
    plain = _held(study, "proposed")
    assert plain is not None
    assert plain.count() == waiting


def test_of_ten_rows_only_the_one_that_was_decided_is_read(
    study: Any, owner: Any, proposal: Any
) -> None:
    from embauche.workbench.services.restored_evidence import KeptEvidence
    from embauche.workbench.services.review import review_evidence

    kept = KeptEvidence()
    kept.catch_up(study)
    ticks = {pk: row.tick for pk, row in kept.rows.items()}
    review_evidence(proposal.pk, "accepted", owner, proposal.version)
    study.refresh_from_db()
    with CaptureQueriesContext(connection) as asked:
        kept.catch_up(study)
    assert [pk for pk, row in kept.rows.items() if row.tick != ticks[pk]] == [proposal.pk]
    assert kept.rows[proposal.pk].standing.status == "accepted"
    assert not any('"quote"' in each["sql"] and " IN (" not in each["sql"] for each in asked)


def test_a_change_that_touches_nothing_is_seen_with_the_next_that_does(study: Any) -> None:
    from embauche.workbench.services.conflicts import touch
    from embauche.workbench.services.restored_evidence import KeptEvidence

    kept = KeptEvidence()
    kept.catch_up(study)
    first, second = study.evidence.filter(current=True)[:2]
    study.evidence.filter(pk=first.pk).update(confidence=0.25)
    touch(study, evidence_only=True)
    kept.catch_up(study)
    study.evidence.filter(pk=second.pk).update(confidence=0.75)
    study.evidence.filter(pk=first.pk).update(confidence=0.5)
    kept.catch_up(study)
    touch(study, evidence_only=True)
    kept.catch_up(study)
    assert kept.rows[first.pk].item.confidence == 0.5
    assert kept.rows[second.pk].item.confidence == 0.75


def test_what_was_seen_before_its_stamp_is_not_read_twice_and_another_memo_is_read(
    study: Any,
) -> None:
    from copy import copy

    from embauche.workbench.services.conflicts import touch
    from embauche.workbench.services.restored_evidence import KeptEvidence

    touch(study)
    kept = KeptEvidence()
    kept.catch_up(study)
    earlier = copy(study)
    row = study.evidence.filter(current=True).first()
    study.evidence.filter(pk=row.pk).update(confidence=0.25)
    touch(study, evidence_only=True)
    kept._seen = (kept._seen or 0) - 1
    kept.catch_up(earlier)  # asked by a page that was opened before the change
    assert kept.rows[row.pk].item.confidence == 0.25
    tick = kept.rows[row.pk].tick
    with CaptureQueriesContext(connection) as asked:
        kept.catch_up(study)
    assert kept.rows[row.pk].tick == tick
    assert not any('"quote"' in each["sql"] for each in asked)
    study.evidence.filter(pk=row.pk).update(memo="Told twice.")
    touch(study, evidence_only=True)
    kept.catch_up(study)
    assert kept.rows[row.pk].tick > tick


@pytest.mark.parametrize("way", ["update", "save", "save some", "create", "bulk", "learned"])
def test_every_way_of_writing_evidence_leaves_a_mark(study: Any, owner: Any, way: str) -> None:
    from embauche.workbench.models import Evidence
    from embauche.workbench.models.coding import UNSTAMPED
    from embauche.workbench.services.conflicts import touch
    from embauche.workbench.services.relearning import relearn

    touch(study)
    assert not study.evidence.filter(stamp=UNSTAMPED).exists()
    row = study.evidence.filter(current=True).first()
    if way == "update":
        study.evidence.filter(pk=row.pk).update(memo="Told twice.")
    elif way == "save":
        row.save()
    elif way == "save some":
        row.save(update_fields=["memo"])
    elif way in {"create", "bulk"}:
        row.pk, row.key, row._state.adding = None, "another", True
        row.save() if way == "create" else Evidence.objects.bulk_create([row])
    else:
        study.evidence.filter(status="proposed").update(confidence=0.01)
        touch(study)
        since = study.stamp
        learned = relearn(study)
        assert learned is not None
        assert learned.moved
        study.refresh_from_db()
        assert study.evidence.filter(stamp__gt=since).exists()
        assert not study.evidence.filter(stamp__gt=study.stamp).exists()
        return
    assert study.evidence.filter(stamp=UNSTAMPED).count() == 1
    since = study.stamp
    touch(study)
    assert list(study.evidence.filter(stamp__gt=since).values_list("stamp", flat=True)) == [
        study.stamp
    ]


def test_what_is_kept_beside_evidence_is_read_again_when_more_than_evidence_changed(
    study: Any, owner: Any, proposal: Any
) -> None:
    from embauche.workbench.services.kept_parts import kept_part
    from embauche.workbench.services.review import review_evidence

    read: list[int] = []

    def count() -> int:
        read.append(1)
        return len(read)

    assert kept_part(study, "a count", count) == 1
    review_evidence(proposal.pk, "accepted", owner, proposal.version)
    study.refresh_from_db()
    assert kept_part(study, "a count", count) == 1
    _reword(study, owner)
    study.refresh_from_db()
    assert kept_part(study, "a count", count) == 2
    with transaction.atomic():
        assert kept_part(study, "a count", count) == 3, "a transaction may never come to be"
    assert kept_part(study, "a count", count) == 2


def test_rows_are_written_anew_in_one_statement(study: Any) -> None:
    """An analysis writes ten thousand of them while everybody else waits to write."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from embauche.workbench.models import Evidence
    from embauche.workbench.models.coding import UNSTAMPED

    rows = list(study.evidence.all())
    left = {row.pk: row.memo for row in rows}
    for place, row in enumerate(rows):
        row.confidence, row.moment, row.reviewer, row.memo = place / 1000, "before", None, "unsaved"
    with CaptureQueriesContext(connection) as asked:
        Evidence.objects.rewrite(rows, ["confidence", "moment", "reviewer", "source"])
    assert [query["sql"].startswith(f"{len(rows)} times: UPDATE") for query in asked] == [True]
    for place, row in enumerate(rows):
        row.refresh_from_db()
        assert (row.confidence, row.moment, row.reviewer) == (place / 1000, "before", None)
        assert (row.memo, row.stamp) == (left[row.pk], UNSTAMPED)
