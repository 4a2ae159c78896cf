"""Two people code the same source without seeing each other; then somebody settles it."""

# ruff: noqa: FBT003 (what is set)

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied


@pytest.fixture
def ana(study: Any) -> Any:
    return study.sources.get(name="ana.md")


def person(study: Any, name: str, role: str = "coder") -> Any:
    from embauche.workbench.models import Membership, User

    user = User.objects.create(username=name)
    Membership.objects.create(user=user, study=study, role=role)
    return user


def browser(user: Any) -> Any:
    from django.test import Client

    client = Client(HTTP_HOST="127.0.0.1", headers={"accept-language": "en"})
    client.force_login(user)
    return client


def place(source: Any, words: str) -> tuple[int, int]:
    start = source.text.index(words)
    return start, start + len(words)


@pytest.fixture
def blind(study: Any, owner: Any) -> Any:
    from embauche.workbench.services.visibility import set_blind

    return set_blind(study.pk, True, owner)


def test_a_blind_coder_sees_nobodys_work_but_their_own(
    study: Any, ana: Any, blind: Any, owner: Any
) -> None:
    from embauche.workbench.services.coding import change_evidence, code
    from embauche.workbench.services.visibility import as_seen, visible_evidence

    tom, eve = person(study, "tom"), person(study, "eve")
    assert not visible_evidence(blind, tom).exists(), "no proposals either"
    span = place(ana, "in front of the client")
    row = code(ana.pk, span, "context", tom)
    change_evidence(row.pk, tom, rated={"intensity": 4}, memo="Mine.")
    assert [item.pk for item in visible_evidence(blind, tom)] == [row.pk]
    assert not visible_evidence(blind, eve).exists()
    again = code(ana.pk, span, "context", eve)
    assert again.pk == row.pk, "one row, two people's say"
    (seen,) = as_seen(visible_evidence(blind, eve), blind, eve)
    assert (seen.intensity, seen.memo, seen.coder.name) == (None, "", "person:eve")
    reader = person(study, "rea", "reader")
    assert visible_evidence(blind, reader).count() > 1, "readers do not code"


def test_pages_hide_what_others_coded(study: Any, ana: Any, blind: Any, owner: Any) -> None:
    from embauche.workbench.services.coding import code

    tom, eve = person(study, "tom"), person(study, "eve")
    row = code(ana.pk, place(ana, "in front of the client"), "habit", tom)
    address, mark = f"/studies/{study.slug}/", f'data-evidence="{row.pk}"'
    for path in (f"sources/{ana.pk}/", "evidence/"):
        assert mark in browser(tom).get(address + path).content.decode()
        html = browser(eve).get(address + path).content.decode()
        assert "data-evidence=" not in html
        assert "is-proposed" not in html
    found = browser(eve).get(address + "search/", {"q": "client"}).content.decode()
    assert "Habit" not in found
    assert browser(eve).get(address + f"evidence/{row.pk}/edit/").status_code == 404
    assert "data-question" not in browser(eve).get(address + "evidence/teach/").content.decode()
    for path in ("jobs/", "report.html", "files/evidence.csv"):
        answer = browser(eve).get(address + path)
        assert answer.status_code >= 400, path
    assert browser(owner).get(address + "jobs/").status_code == 200


def test_a_blind_coder_learns_nothing_from_the_rail_the_overview_and_the_home_page(
    study: Any, ana: Any, blind: Any, owner: Any
) -> None:
    from embauche.workbench.services.coding import code
    from embauche.workbench.services.state import study_state

    eve = person(study, "eve")
    code(ana.pk, place(ana, "in front of the client"), "habit", eve)
    counts = study_state(blind, eve).counts
    assert (counts["evidence"], counts["waiting"], counts["jobs"]) == (1, 0, 0)
    assert study_state(blind, owner).counts["evidence"] > 1
    seen = browser(eve).get(f"/studies/{study.slug}/").content.decode()
    assert "Jobs and figures open when the coding has been compared." in seen
    assert seen.count("closed while coding is blind") == 8, "four stages, in the rail and the path"
    assert 'class="answer"' not in seen
    assert 'class="answer"' in browser(owner).get(f"/studies/{study.slug}/").content.decode()
    assert "to check" not in browser(eve).get("/").content.decode()
    assert "to check" in browser(owner).get("/").content.decode()


def test_only_who_edits_switches_it(study: Any) -> None:
    from embauche.workbench.services.visibility import set_blind

    with pytest.raises(PermissionDenied):
        set_blind(study.pk, True, person(study, "tom"))
    study.refresh_from_db()
    assert not study.blind
    edit = person(study, "edi", "editor")
    browser(edit).post(f"/studies/{study.slug}/blind/", {"blind": "yes"})
    study.refresh_from_db()
    assert study.blind
    assert study.events.filter(verb="study.blinded").count() == 1


def test_one_persons_removal_leaves_the_others_code(study: Any, ana: Any, blind: Any) -> None:
    from embauche.workbench.services.coding import code, remove
    from embauche.workbench.services.visibility import visible_evidence

    tom, eve = person(study, "tom"), person(study, "eve")
    span = place(ana, "in front of the client")
    row = code(ana.pk, span, "context", tom)
    code(ana.pk, span, "context", eve)
    remove(study.pk, [(row.pk, 1)], tom)
    assert not visible_evidence(blind, tom).exists()
    assert visible_evidence(blind, eve).count() == 1
    row.refresh_from_db()
    assert (row.current, row.status, row.reviewer.name) == (True, "accepted", "person:eve")


def test_differences_are_shown_and_settled(
    study: Any, ana: Any, blind: Any, owner: Any, tmp_path: Path
) -> None:
    from embauche.study.decisions import read_decisions
    from embauche.workbench.services.adjudication import settle, side_by_side
    from embauche.workbench.services.blind_coding import mark_read
    from embauche.workbench.services.coding import code
    from embauche.workbench.services.conflicts import StaleVersionError
    from embauche.workbench.services.exporting import export_folder
    from embauche.workbench.services.history_undo import undo_latest

    tom, eve = person(study, "tom"), person(study, "eve")
    angry = place(ana, "It drives me mad to search for ten minutes.")
    shame = place(ana, "I was\nso ashamed that day.")
    code(ana.pk, angry, "frustration", tom)
    code(ana.pk, angry, "emotion", eve)
    for coder in (tom, eve):
        code(ana.pk, shame, "emotion", coder)
        mark_read(ana.pk, True, coder)
    found = side_by_side(ana, owner)
    assert found.pair == ("person:eve", "person:tom")
    assert found.alike == 1
    (item,) = found.differences
    assert (item.start, item.end) == angry
    assert ([*item.first], [*item.second]) == (["emotion"], ["frustration"])
    with pytest.raises(PermissionDenied):
        settle(ana.pk, angry, item.open, item.first, tom)
    settle(ana.pk, angry, item.open, item.first, owner)
    assert side_by_side(ana, owner).differences == ()
    rows = dict(
        study.evidence.filter(source=ana, start=angry[0], end=angry[1], current=True).values_list(
            "facet", "status"
        )
    )
    assert (rows["emotion"], rows["frustration"]) == ("accepted", "rejected")
    with pytest.raises(StaleVersionError):
        settle(ana.pk, angry, item.open, item.first, owner)
    kept = read_decisions(export_folder(study.pk, tmp_path / "out"))
    assert {line["coder"] for line in kept.lines} >= {"person:tom", "person:eve"}
    settled = [line for line in kept.lines if line.get("adjudicated")]
    assert {line["facet"]: line["status"] for line in settled} == {
        "emotion": "accepted",
        "frustration": "rejected",
    }
    assert {line["blind"] for line in kept.reviewed} == {True}
    undo_latest(study.pk, owner)
    assert len(side_by_side(ana, owner).differences) == 1


def test_the_page_settles_without_a_script(study: Any, ana: Any, owner: Any, client: Any) -> None:
    from embauche.workbench.services.adjudication import side_by_side
    from embauche.workbench.services.blind_coding import mark_read
    from embauche.workbench.services.coding import code

    tom = person(study, "tom")
    span = place(ana, "It drives me mad to search for ten minutes.")
    code(ana.pk, span, "habit", tom)
    for coder in (tom, owner):
        mark_read(ana.pk, True, coder)
    address = f"/studies/{study.slug}/sources/{ana.pk}/settle/"
    html = client.get(address).content.decode()
    assert html.count('name="keep"') == 2
    given = {"start": span[0], "end": span[1], "second": "habit", "keep": "neither"}
    answer = client.post(address, given | {"coder": ["person:local", "person:tom"]})
    assert answer.status_code == 302
    assert side_by_side(ana, owner).differences == ()
    late = client.post(address, given, headers={"hx-request": "true"})
    assert "nothing was overwritten" in late.content.decode()
    assert browser(tom).get(address).status_code == 403
