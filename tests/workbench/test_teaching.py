"""The queue of what teaches most: asked, answered in one go, learned from, taken back."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied


@pytest.fixture
def asked(study: Any) -> Any:
    """Return the first sentence of the queue."""
    from embauche.workbench.services.teaching import queue

    return queue(study).questions[0]


def reply(item: Any, owner: Any, *facets: str) -> None:
    from embauche.workbench.services.teaching import answer

    answer(item.source.pk, item.start, item.end, facets, owner)


def inside(study: Any, item: Any) -> Any:
    return study.evidence.filter(
        source=item.source, start__gte=item.start, end__lte=item.end, current=True
    )


def test_it_asks_about_undecided_sentences_and_says_what_the_machine_thinks(
    study: Any, asked: Any
) -> None:
    from embauche.workbench.services.teaching import queue

    found = queue(study, 4)
    assert found.taught == 0
    assert found.questions[0] == asked
    assert len({(item.source.pk, item.start) for item in found.questions}) == 4
    for item in found.questions:
        assert item.source.text[item.start : item.end] == item.quote
        assert len(item.guesses) == 12
    put_off = queue(study, 1, later=[asked.number]).questions[0]
    assert put_off.number != asked.number


def test_nothing_rejects_what_was_proposed_and_teaches_all_facets(
    study: Any, owner: Any, asked: Any
) -> None:
    from embauche.study.corrections import corrections_of
    from embauche.workbench.services.inputs import decisions
    from embauche.workbench.services.teaching import queue

    reply(asked, owner)
    assert {row.status for row in inside(study, asked)} <= {"rejected"}
    decided = decisions(study)
    line = decided.reviewed[-1]
    assert (line["source"], line["spans"]) == (asked.source.key, [[asked.start, asked.end]])
    assert line["blind"] is False
    assert {item.facet for item in corrections_of(decided)} == {
        guess.facet for guess in asked.guesses
    }
    assert not any(item.carried for item in corrections_of(decided))
    now = queue(study, 100)
    assert now.taught == 1
    assert asked.number not in {item.number for item in now.questions}


def test_facets_accept_what_was_proposed_and_add_what_was_not(
    study: Any, owner: Any, asked: Any
) -> None:
    held = {row.facet for row in inside(study, asked)}
    missing = next(guess.facet for guess in asked.guesses if guess.facet.value not in held)
    reply(asked, owner, missing, *held)
    rows = {row.facet: row for row in inside(study, asked).select_related("coder", "reviewer")}
    assert {row.status for row in rows.values()} == {"accepted"}
    added = rows[missing.value]
    assert (added.quote, added.coder.name) == (asked.quote, "person:local")
    assert added.reviewer is not None
    assert all(rows[facet].coder.name.startswith("machine:") for facet in held)


def test_taking_back_undoes_the_whole_answer(study: Any, owner: Any, asked: Any) -> None:
    from embauche.workbench.services.inputs import decisions
    from embauche.workbench.services.teaching import queue, take_back

    before = {row.key: row.status for row in inside(study, asked)}
    reply(asked, owner, *[guess.facet for guess in asked.guesses][:3])
    assert take_back(study, owner)
    assert {row.key: row.status for row in inside(study, asked)} == before
    assert decisions(study).count == 0
    assert decisions(study).reviewed == ()
    assert queue(study).questions[0].number == asked.number
    assert not take_back(study, owner), "nothing is left to take back"
    reply(asked, owner, *[guess.facet for guess in asked.guesses][:3])
    assert len(inside(study, asked).filter(status="accepted")) == 3, "and can be answered again"


def test_the_first_of_two_answers_stands(study: Any, owner: Any, asked: Any) -> None:
    from embauche.workbench.services.conflicts import StaleVersionError

    reply(asked, owner, "habit")
    with pytest.raises(StaleVersionError):
        reply(asked, owner)
    kept = inside(study, asked).filter(status="accepted")
    assert [row.facet for row in kept] == ["habit"]


def test_a_reader_cannot_answer(study: Any, owner: Any, asked: Any) -> None:
    from embauche.workbench.models import Membership

    Membership.objects.filter(study=study).update(role="reader")
    with pytest.raises(PermissionDenied):
        reply(asked, owner, "habit")
    assert not study.events.exists()


def test_answers_travel_in_the_folder_and_teach_there(
    study: Any, owner: Any, asked: Any, tmp_path: Path
) -> None:
    from embauche.identify.heard_corpus import hear_corpus
    from embauche.study.config import read_config
    from embauche.study.corrections import corrections_of
    from embauche.study.decisions import read_decisions
    from embauche.study.identifying import corpus_of_study
    from embauche.workbench.services.exporting import export_folder
    from embauche.workbench.services.relearning import relearned

    reply(asked, owner, "habit")
    here = relearned(study)
    folder = export_folder(study.pk, tmp_path / "out")
    lines = [json.loads(line) for line in (folder / "coding.jsonl").read_text().splitlines()]
    assert {"evidence", "reviewed"} <= {line["kind"] for line in lines}
    corrections = corrections_of(read_decisions(folder))
    codes = hear_corpus(corpus_of_study(read_config(folder))).codes(corrections)
    assert codes[asked.number].tolist() == here.codes[asked.number].tolist()
    assert sum(codes[asked.number]) == 1


def test_the_page_asks_takes_a_key_and_asks_the_next(study: Any, client: Any, asked: Any) -> None:
    page = client.get(f"/studies/{study.slug}/evidence/teach/")
    html = page.content.decode()
    assert f'data-question="{asked.number}"' in html
    assert html.count("data-answer=") == 15, "twelve facets, nothing, the ticked ones, later"
    address = f"/studies/{study.slug}/evidence/teach/answer/"
    place = {"source": asked.source.pk, "start": asked.start, "end": asked.end}
    answer = client.post(
        address, place | {"answer": "nothing"}, headers={"hx-request": "true"}
    ).content.decode()
    assert "<html" not in answer
    assert "learned from decisions on 1 sentence." in answer
    assert f'data-question="{asked.number}"' not in answer
    late = client.post(address, place | {"answer": "habit"}, headers={"hx-request": "true"})
    assert "overwrote nothing" in late.content.decode()
    back = client.post(address, {"answer": "undo"}, headers={"hx-request": "true"})
    assert f'data-question="{asked.number}"' in back.content.decode()


def test_a_question_can_be_put_off(study: Any, client: Any, asked: Any) -> None:
    address = f"/studies/{study.slug}/evidence/teach/answer/"
    given = {"answer": "later", "number": asked.number}
    html = client.post(address, given, headers={"hx-request": "true"}).content.decode()
    assert f'data-question="{asked.number}"' not in html
    assert f'name="later" value="{asked.number}"' in html
    assert not study.events.exists()


def test_an_answer_about_no_sentence_is_refused(study: Any, client: Any, asked: Any) -> None:
    address = f"/studies/{study.slug}/evidence/teach/answer/"
    given = {"source": asked.source.pk, "start": asked.start, "end": asked.end + 1}
    assert client.post(address, given | {"answer": "habit"}).status_code == 404
    place = given | {"end": asked.end}
    assert client.post(address, place | {"answer": "no-such-facet"}).status_code == 404
    assert not study.events.exists()
