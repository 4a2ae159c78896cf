"""A wrong speaker is mended after the file was taken: people's work stays, and all can be undone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_calls import send
from fictional_talk import INTERVIEWS, code, drop, folder_of, take
from fictional_team import as_server, browser, person

from embauche.errors import EvidenceError, WorkbenchError

TALK = """Marc: It drives me mad to ask this twice, when did you look for something else?

Lea: The day I lost my notebook in the van, I looked for something else. It drives me mad to search.

Marc: What had you tried before, and what about it was no good to you?

Lea M: Before that I kept it all on paper. I need to find my notes before a meeting.

Crew: The recording stops for a moment here and then begins again as before.

Marc: And what still does not suit you today?

Crew: The recording goes on from here.

Lea: I am afraid that it will make us lazy. I want to find my notes in front of the client.
"""
"""Fictional: everybody in it was taken for a participant."""


@pytest.fixture
def me(workspace: Any) -> Any:
    from embauche.workbench.services.roles import local_user

    return local_user()


@pytest.fixture
def held(workspace: Any, me: Any) -> Iterator[Any]:
    """Return a study with a talk whose speakers are wrong, really written, and deleted afterwards."""
    from embauche.workbench.services.intake_studies import create_study, forget

    study = create_study(me, title="Speakers", language="en")
    take(study, me, drop(study, me, "lea.txt", TALK), kind="interview", interviewers=())
    take(study, me, drop(study, me, "ana.md", INTERVIEWS["ana.md"]), kind="interview")
    yield study
    forget(study)


def _analyse(study: Any) -> None:
    from embauche.workbench.services.analysis import carry_out
    from embauche.workbench.services.intake_runs import analyse_anew
    from embauche.workbench.services.roles import local_user

    run = analyse_anew(study, local_user())
    assert run is not None
    assert carry_out(run.pk).state == "done"
    study.refresh_from_db()


def _lea(study: Any) -> Any:
    row = study.sources.get(name__contains="lea")
    row.study = study
    return row


def _right(study: Any) -> dict[str, Any]:
    from embauche.workbench.services.speaker_labels import Choice

    lea = next(turn for turn in _lea(study).turns if turn["speaker"] == "Lea")["participant"]
    return {
        "Marc": Choice("interviewer"),
        "Lea M": Choice("participant", lea),
        "Crew": Choice("other"),
    }


def _mend(study: Any, actor: Any) -> Any:
    from embauche.workbench.services.speakers import change_speakers

    row = _lea(study)
    return change_speakers(row.pk, _right(study), actor, row.version)


def _undo(study: Any, actor: Any) -> Any:
    from embauche.workbench.services.speakers import undo_speakers

    row = _lea(study)
    return undo_speakers(row.pk, actor, row.version)


def _who(study: Any) -> list[tuple[str, str]]:
    return [(turn["speaker"], turn["participant"] or turn["role"]) for turn in _lea(study).turns]


def _stood(study: Any) -> list[tuple[Any, ...]]:
    fields = ("key", "status", "participant__key", "reviewer__name", "quote", "current")
    rows = study.evidence.filter(current=True, source__name__contains="lea")
    return sorted(rows.values_list(*fields))


def test_labels_say_who_they_are_and_how_much(held: Any) -> None:
    from embauche.workbench.services.speaker_labels import labels_of

    found = {item.label: item for item in labels_of(_lea(held))}
    assert list(found) == ["Marc", "Lea", "Lea M", "Crew"]
    assert (found["Lea"].role, found["Lea"].participant) == ("participant", "lea-lea")
    assert (found["Lea"].turns, found["Crew"].words) == (2, 19)
    assert found["Crew"].sample.startswith("The recording stops")


def test_turns_people_and_evidence_follow_at_once(held: Any, me: Any) -> None:
    from embauche.workbench.services.speakers import effect_of

    row = _lea(held)
    asked = code(row, "It drives me mad to ask", me)
    paper = code(row, "Before that I kept", me, "alternative")
    kept = code(row, "drives me mad to search", me)
    told = effect_of(row, _right(held), me)
    assert (told.turns, told.aside, told.aside_decided) == (6, 1, 1)
    assert (told.moved, told.back, told.come) == (1, 0, ())
    assert told.gone == ("lea-crew", "lea-lea-m", "lea-marc")
    assert len(_lea(held).turns) == 8, "saying it writes nothing"
    _mend(held, me)
    assert _who(held) == [
        ("Marc", "interviewer"),
        ("Lea", "lea-lea"),
        ("Marc", "interviewer"),
        ("Lea M", "lea-lea"),
        ("Marc", "interviewer"),
        ("Lea", "lea-lea"),
    ]
    for one in (asked, paper, kept):
        one.refresh_from_db()
    assert (asked.current, asked.status) == (False, "accepted")
    assert asked.participant.key == "lea-marc", "history still says whose words it took them for"
    assert (paper.current, paper.participant.key) == (True, "lea-lea")
    assert (kept.current, kept.participant.key) == (True, "lea-lea")
    assert {one.key for one in held.participants.all()} == {"lea-lea", "ana"}
    event = held.events.get(verb="source.speakers")
    assert (event.key, event.payload["aside"], event.actor) == (row.key, [asked.key], me)


def test_undo_brings_all_of_it_back_step_by_step(held: Any, me: Any) -> None:
    from embauche.workbench.services.speaker_labels import Choice
    from embauche.workbench.services.speakers import change_speakers, last_change

    code(_lea(held), "It drives me mad to ask", me)
    code(_lea(held), "Before that I kept", me, "alternative")
    toml = (folder_of(held) / "study.toml").read_text()
    before, who = _stood(held), _who(held)
    row = _mend(held, me)
    mended = _who(held)
    change_speakers(row.pk, {"Lea M": Choice("participant", new=True)}, me, row.version)
    assert ("Lea M", "lea-lea-m") in _who(held)
    _undo(held, me)
    assert _who(held) == mended
    _undo(held, me)
    assert (_stood(held), _who(held)) == (before, who)
    assert (folder_of(held) / "study.toml").read_text().strip() == toml.strip()
    assert last_change(_lea(held)) is None
    with pytest.raises(WorkbenchError, match="no change"):
        _undo(held, me)


def test_an_analysis_keeps_decisions_and_proposes_anew(held: Any, me: Any) -> None:
    _analyse(held)
    code(_lea(held), "It drives me mad to ask", me)
    code(_lea(held), "drives me mad to search", me)
    before, proposed = _stood(held), held.evidence.filter(current=True).count()
    _mend(held, me)
    _analyse(held)
    quotes = [row[4] for row in _stood(held)]
    assert any("mad to search" in quote for quote in quotes)
    assert not any("to ask this twice" in quote or "recording" in quote for quote in quotes)
    assert {row[2] for row in _stood(held)} == {"lea-lea"}
    assert {one.key for one in held.participants.all()} == {"lea-lea", "ana"}
    aside = held.evidence.get(quote__contains="to ask this twice", facet="frustration")
    assert (aside.current, aside.status, aside.reviewer.user) == (False, "accepted", me)
    assert aside.codings.count() == 1
    _undo(held, me)
    now = _stood(held)
    assert set(before) <= set(now), "at once, not only after the next analysis"
    assert all(row[3] is None for row in set(now) - set(before)), "what was proposed meanwhile"
    _analyse(held)
    assert [row for row in _stood(held) if row[3]] == [row for row in before if row[3]]
    assert held.evidence.filter(current=True).count() == proposed


def test_to_a_folder_and_back(held: Any, me: Any, tmp_path: Path) -> None:
    from embauche.workbench.services.exporting import export_folder
    from embauche.workbench.services.intake_studies import forget
    from embauche.workbench.services.opening import open_folder

    asked = code(_lea(held), "It drives me mad to ask", me)
    kept = code(_lea(held), "Before that I kept", me, "alternative")
    _mend(held, me)
    _analyse(held)
    target = export_folder(held.pk, tmp_path / "out")
    lines = [json.loads(line) for line in (target / "coding.jsonl").read_text().splitlines()]
    assert {asked.key, kept.key} <= {line.get("id") for line in lines}, "what is aside goes along"
    again = open_folder(target)
    try:
        assert _who(again) == _who(held)
        assert {one.key for one in again.participants.all()} == {"lea-lea", "ana"}
        back = again.evidence.get(key=kept.key)
        assert (back.status, back.participant.key) == ("accepted", "lea-lea")
        assert not again.evidence.filter(key=asked.key, current=True).exists()
        notices = json.dumps(list(again.results.values_list("data", flat=True)), default=str)
        assert "study.decisions_without_evidence" in notices
    finally:
        forget(again)


def test_somebody_of_another_file(held: Any, me: Any) -> None:
    from embauche.workbench.services.speaker_labels import Choice
    from embauche.workbench.services.speakers import change_speakers

    paper = code(_lea(held), "Before that I kept", me, "alternative")
    row = _lea(held)
    change_speakers(row.pk, {"Lea M": Choice("participant", "ana")}, me, row.version)
    _analyse(held)
    paper.refresh_from_db()
    assert (paper.participant.key, paper.participant.pseudonym) == ("ana", "Ana")
    listed = browser(me).get(f"/studies/{held.slug}/sources/").content.decode()
    line = listed[listed.index(f"/sources/{row.pk}/") :].partition("</td>")[0]
    assert "Ana" in line


def test_what_is_set_aside_is_not_decided_about(held: Any, me: Any) -> None:
    from embauche.vocabulary import Facet
    from embauche.workbench.services.coding import code as mark
    from embauche.workbench.services.history_undo import redo_latest, undo_latest
    from embauche.workbench.services.review import review_evidence

    asked = code(_lea(held), "It drives me mad to ask", me)
    _mend(held, me)
    row, page = _lea(held), browser(me)
    asked.refresh_from_db()
    with pytest.raises(EvidenceError) as caught:
        review_evidence(asked.pk, "rejected", me, asked.version)
    assert caught.value.code == "coding.not_a_participant"
    with pytest.raises(EvidenceError):
        mark(row.pk, (asked.start, asked.end), Facet.HABIT, me, None)
    undo_latest(held.pk, me)
    redo_latest(held.pk, me)
    asked.refresh_from_db()
    assert not asked.current
    given = {"start": asked.start, "end": asked.end, "quote": asked.quote, "facet": "habit"}
    address = f"/studies/{held.slug}/sources/{row.pk}/"
    for headers in ({}, {"HX-Request": "true"}):
        said = page.post(f"{address}code/", given, headers=headers).content.decode()
        assert f'href="{address}speakers/"' in said, "the error leads to the place"


def test_what_cannot_be_said(held: Any, me: Any) -> None:
    from embauche.workbench.services.conflicts import StaleVersionError
    from embauche.workbench.services.speaker_labels import Choice
    from embauche.workbench.services.speakers import change_speakers

    row = _lea(held)
    everybody = dict.fromkeys(("Marc", "Lea", "Lea M", "Crew"), Choice("other"))
    for choices, said in (
        ({"Bob": Choice("other")}, "speakers.no_label"),
        ({"Lea": Choice("participant", "nobody")}, "speakers.no_participant"),
        (everybody, "speakers.nobody_answers"),
    ):
        with pytest.raises(WorkbenchError) as caught:
            change_speakers(row.pk, choices, me, row.version)
        assert caught.value.code == said
    with pytest.raises(StaleVersionError):
        change_speakers(row.pk, _right(held), me, row.version + 1)
    assert not held.events.filter(verb="source.speakers").exists()


def test_names_are_hidden_in_what_was_said_too(held: Any, me: Any) -> None:
    from embauche.workbench.services.pseudonymising import look_through, pseudonymise
    from embauche.workbench.services.speaker_labels import Choice
    from embauche.workbench.services.speakers import change_speakers

    kept = code(_lea(held), "Before that I kept", me, "alternative")
    _mend(held, me)
    ana = held.sources.get(name__contains="ana")
    change_speakers(ana.pk, {"Interviewer": Choice("participant", "lea-lea")}, me, ana.version)
    row = _lea(held)
    names = [entry["entity"] for entry in look_through(row).entries]
    pseudonymise(row.pk, names, me, row.version, added=["Lea", "Marc", "Lea M"])
    row = held.sources.get(pk=row.pk)
    people = {turn["participant"] for turn in row.turns} - {None}
    assert len(people) == 1
    (key,) = people
    assert "lea" not in key
    assert [turn["role"] for turn in row.turns].count("interviewer") == 3
    kept.refresh_from_db()
    assert (kept.current, kept.participant.key) == (True, key)
    assert key in {turn["participant"] for turn in held.sources.get(pk=ana.pk).turns}
    toml = (folder_of(held) / "study.toml").read_text()
    assert "Lea" not in toml
    assert "lea-lea" not in toml


def test_another_file_in_its_place_keeps_who_is_who(held: Any, me: Any) -> None:
    kept = code(_lea(held), "Before that I kept", me, "alternative")
    _mend(held, me)
    name = _lea(held).name
    new = drop(held, me, "lea.txt", TALK.replace("in the van", "in a van"))
    take(held, me, new, kind="interview", replaces=name)
    assert dict(_who(held)) == {"Marc": "interviewer", "Lea": "lea-lea", "Lea M": "lea-lea"}
    kept.refresh_from_db()
    assert (kept.current, kept.participant.key) == (True, "lea-lea")


def test_the_page_says_first_what_it_causes(held: Any, me: Any) -> None:
    asked = code(_lea(held), "It drives me mad to ask", me)
    row, page = _lea(held), browser(me)
    address = f"/studies/{held.slug}/sources/{row.pk}/speakers/"
    assert f'href="{address}"' in page.get(address.removesuffix("speakers/")).content.decode()
    shown = page.get(address).content.decode()
    assert 'value="p:lea-lea" selected' in shown
    wanted = {"who0": "interviewer", "who1": "p:lea-lea", "who2": "p:lea-lea", "who3": "other"}
    given = {"version": row.version, **wanted}
    unseen = page.post(address, {**given, "do": "save", "seen": ""})
    assert unseen.status_code == 200
    assert "1 piece of evidence is set aside" in unseen.content.decode()
    assert not held.events.filter(verb="source.speakers").exists(), "not seen, so not saved"
    seen = unseen.context["seen"] if unseen.context else _seen(unseen.content.decode())
    other = page.post(address, {**given, "who3": "new", "do": "save", "seen": seen})
    assert other.status_code == 200, "another choice than the one that was shown"
    saved = page.post(address, {**given, "do": "save", "seen": seen})
    assert saved.status_code == 302
    asked.refresh_from_db()
    assert not asked.current
    after = page.get(saved.headers["Location"]).content.decode()
    assert "Take this change back" in after
    stale = page.post(address, {**given, "do": "look"})
    assert stale.status_code == 409
    assert "choose again" in stale.content.decode()
    assert 'value="p:lea-marc"' in after, "whoever is set aside can be chosen again"
    undone = page.post(address, {"version": row.version + 1, "do": "undo"})
    assert undone.status_code == 302
    asked.refresh_from_db()
    assert asked.current
    french = page.get(address, headers={"accept-language": "fr"}).content.decode()
    assert "Qui parle" in french or "Speakers" in french
    feed = page.get(f"/studies/{held.slug}/activity/").content.decode()
    assert "mended who speaks" in feed
    assert "took a change of speakers back" in feed


def _seen(html: str) -> str:
    from html import unescape

    return unescape(html.partition('name="seen" value="')[2].partition('"')[0])


def test_only_editors_mend(held: Any) -> None:
    row = _lea(held)
    address = f"/studies/{held.slug}/sources/{row.pk}/speakers/"
    api = f"/api/v1/studies/{held.slug}/sources/{row.pk}/speakers"
    body = {"speakers": [{"label": "Marc", "role": "interviewer"}], "version": row.version}
    with as_server():
        for role, may in (("reader", False), ("coder", False), ("editor", True)):
            someone = browser(person(f"sp-{role}", held, role))
            assert someone.get(address).status_code == (200 if may else 403)
            looked = someone.post(address, {"version": row.version, "do": "look"})
            assert looked.status_code == (200 if may else 403)
            told = send(someone, "post", f"{api}/effect", {"speakers": body["speakers"]})
            assert told.status_code == (200 if may else 403)
            undone = send(someone, "post", f"{api}/undo", {"version": row.version})
            assert undone.status_code == (422 if may else 403)
            assert send(someone, "put", api, body).status_code == (200 if may else 403)
        assert browser(person("sp-stranger")).get(address).status_code == 404


def test_the_api_mends_and_takes_back(held: Any, me: Any) -> None:
    row, page = _lea(held), browser(me)
    api = f"/api/v1/studies/{held.slug}/sources/{row.pk}/speakers"
    read = page.get(api)
    assert read.headers["ETag"] == f'"{row.version}"'
    assert [item["label"] for item in read.json()["speakers"]] == ["Marc", "Lea", "Lea M", "Crew"]
    choice = [{"label": "Lea M", "role": "participant", "participant": "lea-lea"}]
    told = send(page, "post", f"{api}/effect", {"speakers": choice}).json()
    assert (told["turns"], told["gone"]) == (1, ["lea-lea-m"])
    assert send(page, "put", api, {"speakers": choice}).status_code == 428
    done = send(page, "put", api, {"speakers": choice, "version": row.version})
    assert done.json()["version"] == row.version + 1
    again = send(page, "put", api, {"speakers": choice, "version": row.version})
    assert (again.status_code, again.json()["current"]["version"]) == (409, row.version + 1)
    back = send(page, "post", f"{api}/undo", {"version": row.version + 1}).json()
    assert [item["participant"] for item in back["speakers"]][2] == "lea-lea-m"
    wrong = send(page, "put", api, {"speakers": [{"label": "B", "role": "other"}], "version": 9})
    assert wrong.status_code == 409
