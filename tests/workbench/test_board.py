"""The board: what lies on it, what people move there, what is said, and who may."""

import re
from typing import Any

import pytest

PART = {"HX-Request": "true"}


@pytest.fixture
def keys(study: Any) -> list[str]:
    """Return the ids of the study's jobs, of which there are two at least."""
    found = [row.key for row in study.jobs.filter(current=True)]
    assert len(found) >= 2, "the fictional interviews hold two jobs"
    return found


@pytest.fixture
def base(study: Any) -> str:
    return f"/studies/{study.slug}/"


def _do(client: Any, base: str, kind: str, **data: Any) -> Any:
    return client.post(f"{base}board/do/{kind}/", data, headers=PART)


def _desk(study: Any) -> Any:
    from embauche.workbench.services.desk import desk

    study.refresh_from_db()
    found = desk(study, "en")
    assert found is not None
    return found


def test_every_statement_that_makes_a_job_lies_on_it_once(
    study: Any, client: Any, base: str
) -> None:
    from embauche.workbench.services.board import board, more

    found = _desk(study)
    drawn = board(found)
    assert [card.key for card in drawn.cards] == [
        row.key for row in study.jobs.filter(current=True)
    ]
    seen: list[str] = []
    for card in drawn.cards:
        shown, count = more(found, card.key, "goals", 0)
        assert count == card.goal_count == len(found.jobs.members[card.key])
        assert [piece.pk for piece in card.goals] == [piece.pk for piece in shown[:3]]
        seen += [piece.key for piece in shown]
        near, attached = more(found, card.key, "attached", 0)
        assert attached == card.attached_count
        assert not any(piece.goal for piece in near)
    assert len(seen) == len(set(seen))
    assert drawn.tray.count == len(found.jobs.unassigned)
    html = client.get(f"{base}board/").content.decode()
    assert html.count('data-stop="job"') == len(drawn.cards)


def test_a_rejected_statement_is_not_on_the_board(study: Any, owner: Any, keys: list[str]) -> None:
    from embauche.workbench.services.review import review_evidence

    found = _desk(study)
    goal = next(iter(found.live(keys[0])))
    row = study.evidence.get(key=goal)
    review_evidence(row.pk, "rejected", owner, row.version)
    assert goal not in _desk(study).live(keys[0])


def test_two_jobs_become_one_after_both_were_named(
    study: Any, client: Any, base: str, keys: list[str]
) -> None:
    one, other = keys[:2]
    before = _desk(study)
    names = {before.name(one), before.name(other)}
    asked = client.get(f"{base}board/merge/", {"job": one, "other": other}, headers=PART)
    text = asked.content.decode()
    assert all(name in text for name in names), "the line names both"
    done = _do(client, base, "merge", job=one, other=other).content.decode()
    after = _desk(study)
    ((gone, into),) = after.jobs.merged.items()
    assert f'id="job-{gone}" hx-swap-oob="delete"' in done
    assert f'id="job-{into}"' in done
    assert all(name in done for name in names)
    assert set(after.live(into)) == set(before.live(one)) | set(before.live(other))
    undone = _do(client, base, "undo").content.decode()
    assert re.search(r'<template hx-swap-oob="after(end|begin):#[^"]+">', undone)
    assert _desk(study).jobs == before.jobs


def test_what_is_selected_becomes_a_job_of_its_own(
    study: Any, client: Any, base: str, keys: list[str]
) -> None:
    before = _desk(study)
    job = max(keys, key=lambda key: len(before.live(key)))
    other = next(key for key in keys if key != job)
    goal, stray = before.live(job)[0], before.live(other)[0]
    done = _do(client, base, "split", job=job, evidence=[goal, stray])
    assert done.status_code == 200
    after = _desk(study)
    (part,) = set(after.jobs.members) - set(before.jobs.members)
    assert after.jobs.members[part] == {goal}, "what is selected elsewhere stays there"
    assert stray in after.jobs.members[other]
    assert after.quoted(part)
    assert after.order.index(part) == after.order.index(job) + 1
    assert study.evidence.get(key=goal).quote.strip()[:20].lower() in after.name(part).lower()


def test_evidence_moves_and_stays_in_sight(
    study: Any, client: Any, base: str, keys: list[str]
) -> None:
    from embauche.workbench.services.board import board

    before = _desk(study)
    home, near = next((card.key, card.attached[0]) for card in board(before).cards if card.attached)
    away = next(key for key in keys if key != home)
    for evidence in (before.live(home)[-1], near.key):
        _do(client, base, "move", evidence=evidence, other=away)
        card = next(card for card in board(_desk(study)).cards if card.key == away)
        shown = card.goals if evidence != near.key else card.attached
        assert shown[0].key == evidence, "what was moved comes first"
    _do(client, base, "move", evidence=near.key, other="")
    tray = board(_desk(study)).tray
    assert near.key in {piece.key for piece in tray.pieces}
    for _ in range(3):
        _do(client, base, "undo")
    assert _desk(study).jobs == before.jobs


def test_a_wording_shows_at_once_and_is_taken_back(
    study: Any, owner: Any, client: Any, base: str, keys: list[str]
) -> None:
    row = study.jobs.get(key=keys[0])
    before = dict(row.statement), row.statement_is_proposal
    _do(client, base, "rename", job=row.key, statement="Keep a record", version=str(row.version))
    row.refresh_from_db()
    assert row.statement["en"] == "Keep a record"
    assert not row.statement_is_proposal
    stale = _do(client, base, "rename", job=row.key, statement="Mine", version="1")
    assert "nothing was overwritten" in stale.content.decode()
    row.refresh_from_db()
    assert row.statement["en"] == "Keep a record", "nothing is written over"
    _do(client, base, "undo")
    row.refresh_from_db()
    assert (dict(row.statement), row.statement_is_proposal) == before
    _do(client, base, "redo")
    row.refresh_from_db()
    assert row.statement["en"] == "Keep a record"
    from embauche.workbench.services.inputs import inputs
    from embauche.workbench.services.opening import compute

    compute(study, inputs(study))
    row.refresh_from_db()
    assert row.statement["en"] == "Keep a record", "the next analysis keeps it"


def test_type_parent_and_taking_off_are_done_and_undone(
    study: Any, client: Any, base: str, keys: list[str]
) -> None:
    from embauche.workbench.services.board import board

    one, other = keys[:2]
    before = _desk(study)
    _do(client, base, "retype", job=one, type="social")
    _do(client, base, "parent", job=one, other=other)
    card = board(_desk(study), {one}).cards[0]
    assert (card.type, card.parent) == ("social", other)
    circle = _do(client, base, "parent", job=other, other=one).content.decode()
    assert 'role="alert"' in circle
    _do(client, base, "delete", job=one)
    drawn = board(_desk(study))
    assert one not in {card.key for card in drawn.cards}
    assert one in {key for key, _ in drawn.tray.deleted}
    _do(client, base, "undelete", job=one)
    assert one in {card.key for card in board(_desk(study)).cards}
    for _ in range(4):
        _do(client, base, "undo")
    assert _desk(study).jobs == before.jobs
    assert _do(client, base, "retype", job=one, type="hobby").status_code == 200
    assert _do(client, base, "marry", job=one).status_code == 404


def test_without_scripts_every_form_has_a_page(
    study: Any, client: Any, base: str, keys: list[str]
) -> None:
    goal = _desk(study).live(keys[0])[0]
    for address in (
        f"board/job/?job={keys[0]}",
        f"board/move/?evidence={goal}",
        f"board/merge/?job={keys[0]}&other={keys[1]}",
    ):
        html = client.get(base + address).content.decode()
        assert "<html" in html
        assert 'method="post"' in html
    answer = client.post(f"{base}board/do/move/", {"evidence": goal, "other": keys[1]})
    assert answer.status_code == 302
    assert "is in “" in client.get(answer["Location"]).content.decode()
    for address in ("board/job/?job=none", "board/move/?evidence=none", "board/merge/?job=x"):
        assert client.get(base + address).status_code == 404


def test_a_statement_is_checked_as_it_stands_in_the_field(client: Any, base: str) -> None:
    query = {"type": "functional", "statement": "Find my notes with an app"}
    html = client.get(f"{base}lint/", query, headers=PART).content.decode()
    assert "solution" in html
    assert 'value="Find my notes"' in html
    query = {"type": "functional", "statement": "Find my notes"}
    assert "Well formed" in client.get(f"{base}lint/", query, headers=PART).content.decode()
    assert client.get(f"{base}lint/", {"type": "odd"}).status_code == 404


def test_who_may_not_arrange_sees_the_board_without_its_handles(
    study: Any, owner: Any, client: Any, base: str, keys: list[str]
) -> None:
    from embauche.workbench.models import Membership, Study

    Membership.objects.filter(user=owner, study=study).update(role="reader")
    html = client.get(f"{base}board/").content.decode()
    assert "draggable" not in html
    assert "board/do/" not in html
    assert _do(client, base, "merge", job=keys[0], other=keys[1]).status_code == 403
    assert client.post(f"{base}board/threshold/", {"threshold": "0.7"}).status_code == 403
    Membership.objects.filter(user=owner, study=study).update(role="coder")
    Study.objects.filter(pk=study.pk).update(blind=True)
    for page in ("board/", "jobs/", "matrix/", "matrix.csv", "saturation/", "agreement/"):
        assert client.get(base + page).status_code in {403, 422}, page
    assert not study.events.filter(verb="job.operation").exists()


def test_the_threshold_is_looked_at_chosen_and_taken_back(
    study: Any, owner: Any, client: Any, base: str
) -> None:
    from embauche.workbench.services.inputs import inputs, study_folder
    from embauche.workbench.services.prepared import prepare
    from embauche.workbench.services.state import study_state

    toml = study_folder(study) / "study.toml"
    text, before = toml.read_text(encoding="utf-8"), inputs(study).fingerprint
    assert "being computed" in client.get(f"{base}board/threshold/").content.decode()
    prepare(study.pk, "threshold", {})
    html = client.get(f"{base}board/threshold/", {"at": "0.6"}).content.decode()
    assert 'value="0.6"' in html
    assert "Cut the jobs at 0.60" in html
    try:
        moved = study_state(study, owner).moved
        answer = client.post(f"{base}board/threshold/", {"threshold": "0.6"})
        study.refresh_from_db()
        given = inputs(study)
        assert given.config.jobs.threshold == 0.6
        assert given.fingerprint != before
        assert study_state(study, owner).moved == moved + 1
        html = client.get(answer["Location"]).content.decode()
        assert 'name="threshold" value=""' in html, "an undo is offered"
        client.post(f"{base}board/threshold/", {"threshold": ""})
        assert inputs(study).config.jobs.threshold is None
        assert client.post(f"{base}board/threshold/", {"threshold": "3"}).status_code == 422
        assert inputs(study).config.jobs.threshold is None
    finally:
        toml.write_text(text, encoding="utf-8")
