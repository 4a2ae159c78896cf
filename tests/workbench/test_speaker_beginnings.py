"""Labels that were not recognised are named after the file was taken; all can be taken back."""

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from fictional_talk import code, drop, take
from fictional_team import browser

from embauche.errors import WorkbenchError

TALK = """A> It drives me mad to ask this twice, when did you look for something else?
B> The day I lost my notebook in the van, I looked for something else.
A> And what still does not suit you today?
B> I am afraid that it will make us lazy. I want to find my notes in front of the client.
"""
"""Fictional: no label of it is known."""


@pytest.fixture
def me(workspace: Any) -> Any:
    from embauche.workbench.services.roles import local_user

    return local_user()


@pytest.fixture
def held(workspace: Any, me: Any) -> Iterator[Any]:
    from embauche.workbench.services.intake_studies import create_study, forget

    study = create_study(me, title="Beginnings", language="en")
    take(study, me, drop(study, me, "lea.txt", TALK), kind="interview")
    yield study
    forget(study)


def _lea(study: Any) -> Any:
    row = study.sources.get(name__contains="lea")
    row.study = study
    return row


def _speakers(study: Any) -> list[tuple[str | None, str]]:
    return [(turn["speaker"], turn["participant"] or turn["role"]) for turn in _lea(study).turns]


def test_the_page_offers_the_lines_keeps_the_choice_and_takes_it_back(held: Any, me: Any) -> None:
    row, page = _lea(held), browser(me)
    assert _speakers(held) == [(None, "lea")]
    asked = code(row, "It drives me mad", me)
    told = code(row, "I want to find my notes", me)
    address = f"/studies/{held.slug}/sources/{row.pk}/speakers/"
    shown = page.get(address).content.decode()
    assert 'value="A&gt;"' in shown
    assert '<details class="begun-lines" open>' in shown
    given = {
        "version": row.version, "line0": "A>", "line-who0": "interviewer",
        "line8": "B>", "line-who8": "p:lea", "others10": "yes", "line-who10": "none",
    }  # fmt: skip
    looked = page.post(address, {**given, "do": "look"}).content.decode()
    assert "1 piece of evidence is set aside" in looked
    assert _speakers(held) == [(None, "lea")], "saying it writes nothing"
    seen = unescape(looked.partition('name="seen" value="')[2].partition('"')[0])
    assert page.post(address, {**given, "do": "save", "seen": seen}).status_code == 302
    assert _speakers(held) == [("A", "interviewer"), ("B", "lea")] * 2
    asked.refresh_from_db()
    told.refresh_from_db()
    assert (asked.current, asked.status, told.current) == (False, "accepted", True)
    row = _lea(held)
    assert "not a label" in page.get(address).content.decode()
    assert page.post(address, {"version": row.version, "do": "undo"}).status_code == 302
    assert _speakers(held) == [(None, "lea")]
    asked.refresh_from_db()
    assert asked.current


def test_labels_may_be_none_again(held: Any, me: Any) -> None:
    from embauche.workbench.services.speaker_labels import Choice, labels_of
    from embauche.workbench.services.speakers import change_speakers

    row = _lea(held)
    change_speakers(
        row.pk, {"^A>": Choice("interviewer"), "^B>": Choice("participant", "lea")}, me, row.version
    )
    row = _lea(held)
    assert [(item.label, item.role) for item in labels_of(row)] == [
        ("^A>", "interviewer"),
        ("^B>", "participant"),
    ]
    change_speakers(row.pk, {"^A>": Choice("none"), "^B>": Choice("none")}, me, row.version)
    assert _speakers(held) == [(None, "lea")]


def test_what_no_line_begins_with_and_what_is_alike_is_told(held: Any, me: Any) -> None:
    from embauche.workbench.services.speaker_labels import Choice
    from embauche.workbench.services.speakers import effect_of

    asks, row = Choice("interviewer"), _lea(held)
    for choices, wrong in (
        ({"^Z>": asks}, "speakers.no_line"),
        ({"^A>": asks, "^A": asks}, "speakers.alike"),
        ({f"^{'A' * 90}": asks}, "speakers.long_beginning"),
        ({"Z": asks}, "speakers.no_label"),
    ):
        with pytest.raises(WorkbenchError) as told:
            effect_of(row, choices, me)
        assert told.value.code == wrong


def _asides(study: Any, me: Any) -> tuple[Any, Any, Any]:
    """Return evidence in a question, evidence of two people's words, and the page of the two."""
    from embauche.workbench.services.coding import code as mark
    from embauche.workbench.services.speaker_labels import Choice
    from embauche.workbench.services.speakers import change_speakers

    row = _lea(study)
    asked = code(row, "It drives me mad", me)
    span = (row.text.index("suit you today?"), row.text.index(" that it will"))
    begun = mark(row.pk, span, "anxiety", me)
    change_speakers(
        row.pk, {"^A>": Choice("interviewer"), "^B>": Choice("participant", "lea")}, me, row.version
    )
    for one in (asked, begun):
        one.refresh_from_db()
        assert not one.current
    return asked, begun, f"/studies/{study.slug}/sources/{row.pk}/aside/"


def test_programs_list_what_is_set_aside_and_decide_about_it(held: Any, me: Any) -> None:
    asked, begun, address = _asides(held, me)
    page, path = browser(me), f"/api/v1{address.rstrip('/')}"

    def send(row: Any, decision: str, version: int) -> Any:
        given = {"evidence": row.pk, "decision": decision, "version": version}
        return page.post(path, given, content_type="application/json")

    listed = {item["evidence"]["id"]: item for item in page.get(path).json()}
    assert set(listed) == {asked.pk, begun.pk}
    assert (listed[asked.pk]["words"], listed[asked.pk]["decided"]) == ("", True)
    assert listed[begun.pk]["words"] == "I am afraid"
    assert send(asked, "accept", asked.version).status_code == 422
    stale = send(begun, "drop", 0)
    assert (stale.status_code, stale.json()["current"]["id"]) == (409, begun.pk)
    left = send(begun, "accept", begun.version)
    assert left.status_code == 200, left.content
    assert held.evidence.get(current=True, reviewer__isnull=False).quote == "I am afraid"
    for decision, status in (("drop", "rejected"), ("undo", "accepted")):
        left = send(asked, decision, asked.version)
        asked.refresh_from_db()
        assert {item["evidence"]["id"]: item["evidence"]["status"] for item in left.json()}[
            asked.pk
        ] == asked.status == status  # fmt: skip
    here = held.evidence.filter(current=True).first()
    assert send(here, "drop", here.version).status_code == 404


def test_what_is_set_aside_is_listed_accepted_back_or_dropped(held: Any, me: Any) -> None:
    asked, begun, address = _asides(held, me)
    page = browser(me)
    source = page.get(f"/studies/{held.slug}/sources/{_lea(held).pk}/").content.decode()
    assert "2 set aside" in source
    listed = unescape(page.get(address).content.decode())
    assert asked.quote in listed
    assert "A participant says of it: “I am afraid”" in listed
    refused = page.post(address, {"evidence": asked.pk, "version": asked.version, "do": "accept"})
    assert refused.status_code == 422
    stale = page.post(address, {"evidence": begun.pk, "version": 0, "do": "drop"})
    assert stale.status_code == 409

    given = {"evidence": begun.pk, "version": begun.version, "do": "accept"}
    assert page.post(address, given).status_code == 302
    mine = held.evidence.get(current=True, reviewer__isnull=False)
    assert mine.quote == "I am afraid"
    assert (mine.status, mine.participant.key, mine.facet) == ("accepted", "lea", begun.facet)

    given = {"evidence": asked.pk, "version": asked.version, "do": "drop"}
    assert page.post(address, given).status_code == 302
    asked.refresh_from_db()
    assert (asked.current, asked.status) == (False, "rejected")
    given = {"evidence": asked.pk, "version": asked.version, "do": "undo"}
    assert page.post(address, given).status_code == 302
    asked.refresh_from_db()
    assert (asked.current, asked.status) == (False, "accepted"), "it is set aside as it was"


def _named(study: Any, me: Any) -> None:
    from embauche.workbench.services.speaker_labels import Choice
    from embauche.workbench.services.speakers import change_speakers

    row = _lea(study)
    names = {"^A>": Choice("interviewer"), "^B>": Choice("participant", "lea")}
    change_speakers(row.pk, names, me, row.version)


def test_evidence_that_begins_in_a_label_keeps_its_words_and_its_history(
    held: Any, me: Any
) -> None:
    from embauche.identify import evidence_id
    from embauche.vocabulary import Facet
    from embauche.workbench.models import Event
    from embauche.workbench.services.comments import subject_of, write_comment
    from embauche.workbench.services.inputs import decisions
    from embauche.workbench.services.speaker_labels import Choice
    from embauche.workbench.services.speakers import effect_of, undo_speakers

    row = _lea(held)
    said = code(row, "The day I lost my notebook", me, "trigger")
    whole = (said.key, said.start, said.end, said.quote)
    assert said.quote.startswith("B> The day")
    write_comment(held, subject_of(held, "evidence", said.pk, me), "Look at this.", me)
    history = Event.objects.filter(study=held, key=said.key).count()
    assert history
    choices = {"^A>": Choice("interviewer"), "^B>": Choice("participant", "lea")}
    effect = effect_of(row, choices, me)
    assert (effect.trimmed, effect.aside) == (1, 0)

    _named(held, me)
    said.refresh_from_db()
    words = "The day I lost my notebook in the van, I looked for something else."
    assert said.quote == words == row.text[said.start : said.end]
    assert said.key == evidence_id(row.key, said.start, said.end, Facet.TRIGGER)
    assert (said.current, said.status, said.participant.key) == (True, "accepted", "lea")
    assert said.codings.count() == 1
    assert Event.objects.filter(study=held, key=said.key).count() == history
    assert held.comments.get().key == said.key
    assert decisions(held).evidence[said.key]["quote"] == words

    row = _lea(held)
    undo_speakers(row.pk, me, row.version)
    said.refresh_from_db()
    assert (said.key, said.start, said.end, said.quote) == whole
    assert (said.current, said.status) == (True, "accepted")
    assert Event.objects.filter(study=held, key=said.key).count() == history
    assert held.comments.get().key == said.key
    _named(held, me)
    said.refresh_from_db()
    assert said.quote == words, "and once more"


def test_where_the_words_are_evidence_already_what_holds_the_label_is_set_aside(
    held: Any, me: Any
) -> None:
    from embauche.workbench.services.coding import code as mark

    row = _lea(held)
    whole = code(row, "The day I lost my notebook", me, "trigger")
    bare = mark(row.pk, (row.text.index("The day"), whole.end), "trigger", me)
    _named(held, me)
    whole.refresh_from_db()
    bare.refresh_from_db()
    assert (whole.current, bare.current) == (False, True)
    assert whole.quote.startswith("B> "), "it is kept as it was"
