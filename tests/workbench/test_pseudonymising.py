"""A source frozen anew: evidence on the same words, tokens everywhere, the old words nowhere."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fictional_talk import code, drop, folder_of, take

TALK = """Interviewer: When did you look for something else?

Marie Dupont: The day Tom lost my notebook I looked for something else. Marie the elder laughed.
It drives me mad to search for ten minutes. Write to marie@example.org or call 06 12 34 56 78.

Interviewer: And then, Marie?

Marie Dupont: Then Tom and I bought a phone. I need to find my notes before a meeting.
"""
OTHER = """Interviewer: Whom do you ask?

Paul Roux: I ask Marie Dupont, she knows. It drives me mad to wait.
"""
"""Fictional."""

SECRETS = ("Marie", "Dupont", "marie@", "example.org", "06 12", "Tom lost", "Tom and")


@pytest.fixture
def held(workspace: Any) -> Iterator[Any]:
    """Return a study with two talks, really written, and deleted afterwards."""
    from embauche.workbench.services.intake_studies import create_study, forget
    from embauche.workbench.services.roles import local_user

    study = create_study(local_user(), title="Pseudo", language="en")
    me = local_user()
    uploads = [drop(study, me, "marie-dupont.md", TALK), drop(study, me, "paul.md", OTHER)]
    take(study, me, *uploads, kind="interview")
    yield study
    forget(study)


@pytest.fixture
def me(workspace: Any) -> Any:
    from embauche.workbench.services.roles import local_user

    return local_user()


def _everything(study: Any) -> list[str]:
    from embauche.workbench.services.pseudonymising import look_through

    found = look_through(study.sources.get(name__contains="marie"))
    return [entry["entity"] for entry in found.entries]


def _hide(study: Any, actor: Any, name: str = "marie") -> int:
    from embauche.workbench.services.pseudonymising import look_through, pseudonymise

    row = study.sources.get(name__contains=name)
    entities = [entry["entity"] for entry in look_through(row).entries]
    return pseudonymise(row.pk, entities, actor, row.version)


def test_what_was_coded_stands_on_the_same_words(held: Any, me: Any) -> None:
    from embauche.workbench.models import Event
    from embauche.workbench.services.inputs import decisions
    from embauche.workbench.services.teaching import answers

    row = held.sources.get(name__contains="marie")
    mad = code(row, "drives me mad", me)
    lost = code(row, "Tom lost my notebook", me, "trigger")
    find = code(row, "find my notes", me, "job.functional")
    before = {one.pk: one.quote for one in (mad, lost, find)}
    assert _hide(held, me) == 8
    row.refresh_from_db()
    for one in (mad, lost, find):
        one.refresh_from_db()
        assert row.text[one.start : one.end] == one.quote
        assert (one.status, one.current) == ("accepted", True)
    assert (mad.quote, find.quote) == (before[mad.pk], before[find.pk])
    tom = re.search(r"\[Person \d\]", lost.quote)
    assert tom is not None
    assert lost.quote == before[lost.pk].replace("Tom", tom[0])
    told = decisions(held)
    assert {told.evidence[one.key]["quote"] for one in (mad, lost, find)} == {
        mad.quote,
        lost.quote,
        find.quote,
    }
    assert set(Event.objects.filter(study=held, kind="evidence").values_list("key", flat=True)) == {
        one.key for one in (mad, lost, find)
    }
    spans = {(event.payload["start"], event.payload["end"]) for event in answers(held, me)}
    assert spans == {(one.start, one.end) for one in (mad, lost, find)}


def test_the_next_analysis_keeps_every_decision(held: Any, me: Any) -> None:
    from embauche.study.config import read_config
    from embauche.study.decisions import decide_evidence
    from embauche.study.stages import read_corpus
    from embauche.workbench.services.inputs import decisions

    row = held.sources.get(name__contains="marie")
    coded = [code(row, words, me) for words in ("drives me mad", "Tom lost", "Tom and I")]
    _hide(held, me)
    corpus = read_corpus(read_config(folder_of(held)))
    decided, notices = decide_evidence((), corpus, decisions(held))
    assert not notices
    for one in coded:
        one.refresh_from_db()
    assert {item.id for item in decided} == {one.key for one in coded}


def test_the_old_words_are_gone_from_the_workspace(held: Any, me: Any, workspace: Any) -> None:
    from embauche.workbench.models import Comment, Evidence
    from embauche.workbench.services.intake_keyring import key_file

    row = held.sources.get(name__contains="marie")
    lost = code(row, "Tom lost my notebook", me, "trigger")
    Evidence.objects.filter(pk=lost.pk).update(memo="Marie says it with a smile.")
    Comment.objects.create(study=held, author=me, kind="evidence", key=lost.key, text="Ask Marie?")
    coding = folder_of(held) / "coding.jsonl"
    line = {"kind": "evidence", "id": lost.key, "source": row.key, "status": "accepted",
            "start": lost.start, "end": lost.end, "quote": lost.quote, "facet": "trigger",
            "coder": "person:eve"}  # fmt: skip
    coding.write_text(json.dumps(line) + "\n")
    other = held.sources.get(name__contains="paul")
    _hide(held, me, "paul")
    _hide(held, me)
    row.refresh_from_db()
    other.refresh_from_db()
    assert re.fullmatch(r"interviews/Person \d\.md", row.name)
    entry = json.loads(coding.read_text())
    assert row.text[entry["start"] : entry["end"]] == entry["quote"]
    key = key_file(held)
    for path in Path(workspace.folder).rglob("*"):
        if path.is_file() and path != key:
            data = path.read_bytes()
            for secret in SECRETS:
                assert secret.encode() not in data, f"{secret} in {path.name}"
    assert "marie dupont" in key.read_text()
    if os.name != "nt":
        assert key.stat().st_mode & 0o777 == 0o600


def test_one_person_has_one_token_in_every_source(held: Any, me: Any) -> None:
    from embauche.workbench.services.intake_keyring import read_keyring

    _hide(held, me)
    marie = read_keyring(held).tokens["person marie dupont"]["number"]
    _hide(held, me, "paul")
    other = held.sources.get(name__contains="paul")
    assert f"I ask [Person {marie}], she knows" in other.text
    names = set(held.participants.values_list("pseudonym", flat=True))
    assert f"Person {marie}" in names
    assert "Marie Dupont" not in names


def test_what_was_left_is_not_proposed_again(held: Any, me: Any) -> None:
    from embauche.workbench.services.intake_wishes import proposes
    from embauche.workbench.services.pseudonymising import (
        gone_through,
        look_through,
        pseudonymise,
    )

    row = held.sources.get(name__contains="marie")
    assert not gone_through(held)[row.key]
    pseudonymise(
        row.pk, ["phone 0612345678"], me, row.version, ignored=["person tom"], added=["notebook"]
    )
    row = held.sources.get(name__contains="marie")
    assert "[Phone 1]" in row.text
    assert "my [Person 1] I looked" in row.text
    left = next(entry for entry in look_through(row).entries if entry["entity"] == "person tom")
    assert not proposes(left)
    assert gone_through(held)[row.key]


def test_hidden_on_the_way_in_the_names_never_reach_the_study(held: Any, me: Any) -> None:
    upload = drop(
        held, me, "nora.md", TALK.replace("Marie Dupont", "Nora Blum").replace("Marie", "Nora")
    )
    wanted = frozenset(entry["entity"] for entry in upload.preview["identifiers"])
    assert "person nora blum" in wanted
    take(held, me, upload, kind="interview", hidden=wanted)
    row = held.sources.exclude(name__contains="marie").exclude(name__contains="paul").get()
    assert "Nora" not in row.text + row.name + (folder_of(held) / row.name).read_text()
    turns = {turn["role"] for turn in row.turns}
    assert turns == {"interviewer", "participant"}


def test_without_its_key_a_study_counts_on(held: Any, me: Any) -> None:
    from embauche.workbench.services.intake_keyring import delete_keyring

    _hide(held, me)
    assert delete_keyring(held)
    _hide(held, me, "paul")
    text = held.sources.get(name__contains="paul").text
    numbers = {int(part.split("]")[0]) for part in text.split("[Person ")[1:]}
    assert numbers
    assert min(numbers) > 2


def test_reviews_are_frozen_anew_row_by_row(held: Any, me: Any) -> None:
    from embauche.workbench.services.pseudonymising import look_through, pseudonymise

    table = "comment\n" + "\n".join(
        f'"My boss Tom Hardy made me wait {n} days for the search to work."' for n in range(4)
    )
    take(held, me, drop(held, me, "feedback.csv", table), kind="reviews", text="comment")
    row = held.sources.filter(kind="review").first()
    coded = code(row, "made me wait", me)
    found = look_through(row)
    assert len(found.sources) == 4
    pseudonymise(row.pk, [entry["entity"] for entry in found.entries], me, row.version)
    for one in held.sources.filter(kind="review"):
        assert "Tom" not in one.text
    coded.refresh_from_db()
    assert coded.quote.startswith("My boss [Person 1] made me wait")
    assert b"Hardy" not in (folder_of(held) / "feedback.csv").read_bytes()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("n", [1, 2])
def test_the_page_says_how_much_was_replaced(
    study: Any, client: Any, language: str, n: int
) -> None:
    from django.urls import reverse

    from embauche.messages import messages

    address = reverse("pseudonyms", args=[study.slug])
    client.cookies["language"] = language
    answer = client.get(f"{address}?done={n}", headers={"accept-language": language})
    said = [messages(each).text("pseudonyms.done", n=n) for each in ("fr", "en")]
    assert any(words in answer.content.decode() for words in said)
    assert client.get(f"{address}?done=x").status_code == 200
