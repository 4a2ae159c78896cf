"""What happened in a study, in readable bursts, and the history of one object."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from fictional_team import browser, person


@pytest.fixture
def ana(study: Any) -> Any:
    return person("ana", study, "coder")


def accept(rows: Any, actor: Any) -> None:
    from embauche.workbench.services.review import review_evidence

    for row in rows:
        review_evidence(row.pk, "accepted", actor, row.version)


def proposals(study: Any, n: int) -> Any:
    return list(study.evidence.filter(status="proposed", current=True)[:n])


def test_a_burst_counts_what_one_person_did(study: Any, owner: Any, ana: Any) -> None:
    from embauche.workbench.services.activity import feed
    from embauche.workbench.services.review import review_evidence

    rows = proposals(study, 6)
    accept(rows[:2], ana)
    review_evidence(rows[5].pk, "rejected", owner, rows[5].version)
    accept(rows[2:4], ana)
    mine, others = sorted(feed(study).bursts, key=lambda item: item.actor.username)
    assert mine.actor == ana
    assert {name: line.n for name, line in mine.lines.items()} == {"evidence.accepted": 4}
    assert {name: line.n for name, line in others.lines.items()} == {"evidence.rejected": 1}


def test_after_a_pause_another_burst_begins(study: Any, ana: Any) -> None:
    from embauche.workbench.models import Event
    from embauche.workbench.services.activity import BREAK, feed

    accept(proposals(study, 3), ana)
    first = Event.objects.filter(study=study).earliest("pk")
    Event.objects.filter(pk=first.pk).update(at=timezone.now() - BREAK - timedelta(minutes=1))
    assert [line.n for burst in feed(study).bursts for line in burst.lines.values()] == [2, 1]


def test_pages_follow_each_other_without_gap_or_repetition(
    study: Any, ana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embauche.workbench.models import Event
    from embauche.workbench.services import activity

    accept(proposals(study, 7), ana)
    for place, event in enumerate(Event.objects.filter(study=study)):
        at = timezone.now() - timedelta(hours=10 - place)
        Event.objects.filter(pk=event.pk).update(at=at)
    monkeypatch.setattr(activity, "_BURSTS", 3)
    seen: list[int] = []
    before = None
    for _ in range(3):
        found = activity.feed(study, before=before)
        seen += [pk for burst in found.bursts for line in burst.lines.values() for pk in line.pks]
        before = found.older
    assert seen == list(
        Event.objects.filter(study=study).order_by("-pk").values_list("pk", flat=True)
    )
    assert before is None


def test_the_page_says_it_in_both_languages_and_leads_to_the_object(
    study: Any, ana: Any, client: Any
) -> None:
    rows = proposals(study, 2)
    accept(rows, ana)
    address = f"/studies/{study.slug}/activity/"
    html = client.get(address).content.decode()
    assert "accepted 2 proposals" in html
    assert f"/sources/{rows[0].source_id}/#e{rows[0].pk}" in html
    client.post("/preferences/", {"language": "fr"})
    assert "a accepté 2 propositions" in client.get(address).content.decode()


def test_filters_by_person_and_kind(study: Any, ana: Any, owner: Any, client: Any) -> None:
    from embauche.workbench.services.study_settings import save_settings

    accept(proposals(study, 1), ana)
    save_settings(study.pk, {"title": "Other words"}, owner, study.version)
    address = f"/studies/{study.slug}/activity/"
    assert "accepted" not in client.get(f"{address}?who={owner.pk}").content.decode()
    assert (
        "settings" not in client.get(f"{address}?kind=evidence").content.decode().split("feed")[1]
    )
    for nonsense in ("?who=x&kind=nothing&before=-1", "?before=99999999999999999999"):
        assert client.get(address + nonsense).status_code == 200


def test_the_history_of_one_object_has_its_comments_and_nothing_else(
    study: Any, ana: Any, owner: Any
) -> None:
    from embauche.workbench.services.activity import history_of
    from embauche.workbench.services.comments import subject_of, write_comment

    one, other = proposals(study, 2)
    accept([one, other], ana)
    write_comment(study, subject_of(study, "evidence", one.pk, owner), "Sure?", owner)
    assert [event.verb for event in history_of(study, "evidence", one.key)] == [
        "comment.written",
        "evidence.accepted",
    ]


def test_a_jobs_history_has_its_wordings_and_operations(
    study: Any, owner: Any, client: Any
) -> None:
    from embauche.jobs import merge_jobs
    from embauche.workbench.services.activity import feed, history_of
    from embauche.workbench.services.job_operations import operate

    keys = list(study.jobs.filter(current=True).values_list("key", flat=True)[:2])
    operate(study.pk, lambda now: merge_jobs(now, keys), owner)
    job = study.jobs.get(key=keys[0])
    assert [event.verb for event in history_of(study, "job", job.key)] == ["job.operation"]
    html = client.get(f"/studies/{study.slug}/history/job/{job.pk}/").content.decode()
    assert html.count("<li>") >= 1
    assert list(feed(study).bursts[0].lines) == ["job.operation.merge"]
    assert "merged jobs" in client.get(f"/studies/{study.slug}/activity/").content.decode()


def test_while_coding_is_blind_a_coder_sees_their_own_work_only(
    study: Any, ana: Any, owner: Any
) -> None:
    from django.test import override_settings

    from embauche.workbench.models import Study

    accept(proposals(study, 2), owner)
    Study.objects.filter(pk=study.pk).update(blind=True)
    with override_settings(SERVER_MODE=True):
        html = browser(ana).get(f"/studies/{study.slug}/activity/").content.decode()
    assert "accepted" not in html


def test_every_verb_that_is_written_has_words(workspace: Any) -> None:
    """Find the verbs in the source: a new one without a sentence fails here."""
    import re
    from pathlib import Path

    import embauche.workbench
    from embauche.messages import messages

    words = messages("fr")
    kinds = {key.split(".")[2] for key in words.keys() if key.startswith("team.kind.")}  # noqa: SIM118
    verb = re.compile(rf'(?<!Error\()"((?:{"|".join(sorted(kinds))})\.[a-z_]+)"')
    found = set()
    for file in Path(embauche.workbench.__file__).parent.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if "record(" in text or "Event(" in text:
            found |= set(verb.findall(text))
    no_verbs = {"guide.none", "guide.exists", "guide.nothing_to_undo", "customers.repeated_id"}
    found = {name for name in found - no_verbs if not name.endswith((".csv", ".json"))}
    assert len(found) > 30
    assert sorted(name for name in found if f"team.did.{name}" not in words) == []


def test_a_page_of_activity_asks_the_database_a_steady_number_of_times(
    study: Any, ana: Any, client: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = f"/studies/{study.slug}/activity/"
    accept(proposals(study, 2), ana)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    accept(proposals(study, 12), ana)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(few) + 1
    assert len(many) < 30
