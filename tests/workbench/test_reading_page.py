"""The transcript: exact places in the page, a turn a request, forms without a script."""

import re
from html import unescape
from typing import Any

import pytest


@pytest.fixture
def ana(study: Any) -> Any:
    return study.sources.get(name="ana.md")


@pytest.fixture
def here(study: Any, ana: Any) -> str:
    return f"/studies/{study.slug}/sources/{ana.pk}/"


PART = {"hx-request": "true"}


def said_in(html: str) -> dict[int, str]:
    """Return start → words of every turn, marker letters left out."""
    found = {}
    for start, words in re.findall(
        r'class="said"[^>]*data-start="(\d+)">(.*?)</p>', html, re.DOTALL
    ):
        plain = re.sub(r"<sup.*?</sup>", "", words, flags=re.DOTALL)
        found[int(start)] = unescape(re.sub(r"<[^>]+>", "", plain))
    return found


def test_the_page_holds_the_text_letter_for_letter(ana: Any, client: Any, here: str) -> None:
    html = client.get(here).content.decode()
    turns = said_in(html)
    assert len(turns) == len(ana.turns)
    for start, words in turns.items():
        assert ana.text[start : start + len(words)] == words
    for start, end, words in re.findall(
        r'class="s" id="s\d+" tabindex="-1" data-start="(\d+)" data-end="(\d+)"[^>]*>(.*?)</span>',
        html,
        re.DOTALL,
    ):
        plain = unescape(re.sub(r"<sup.*?</sup>|<[^>]+>", "", words, flags=re.DOTALL))
        assert plain == ana.text[int(start) : int(end)]


def test_coding_answers_with_the_turn_alone(study: Any, ana: Any, client: Any, here: str) -> None:
    start = ana.text.index("in front of the client")
    end = start + len("in front of the client")
    given = {"start": start, "end": end, "quote": ana.text[start:end], "facet": "context"}
    html = client.post(here + "code/", given, headers=PART).content.decode()
    assert html.count('<div class="turn"') == 1
    assert 'hx-swap-oob="true"' in html
    assert "coded as context" in html
    row = study.evidence.get(start=start, end=end, facet="context")
    assert f'data-evidence="{row.pk}"' in html
    wrong = client.post(here + "code/", given | {"quote": "x"}, headers=PART).content.decode()
    assert "do not stand at this place" in wrong
    assert client.post(here + "code/", given | {"facet": "no"}, headers=PART).status_code == 404
    plain = client.post(here + "code/", {"words": "drives me mad", "facet": "emotion"})
    assert plain.status_code == 302
    assert study.evidence.filter(quote="drives me mad", status="accepted").exists()


def test_words_are_changed_by_a_word_at_a_time(
    study: Any, ana: Any, client: Any, here: str
) -> None:
    start = ana.text.index("front of the")
    given = {"start": start, "end": start + 8, "facet": "habit"}
    client.post(here + "code/", given, headers=PART)
    for edge, wanted in (
        ("end-out", "front of the"),
        ("start-out", "in front of the"),
        ("end-in", "in front of"),
        ("start-in", "front of"),
    ):
        row = study.evidence.get(facet="habit", current=True, coder__name="person:local")
        address = f"/studies/{study.slug}/evidence/{row.pk}/change/"
        answer = client.post(address, {"do": edge, "version": row.version}, headers=PART)
        assert 'class="edit"' in answer.content.decode(), "the editor stays open"
        row = study.evidence.get(facet="habit", current=True, coder__name="person:local")
        assert row.quote == wanted


def test_a_change_is_saved_and_a_stale_one_is_shown(study: Any, proposal: Any, client: Any) -> None:
    address = f"/studies/{study.slug}/evidence/{proposal.pk}/"
    assert 'name="intensity"' in client.get(address + "edit/", headers=PART).content.decode()
    assert "<html" in client.get(address + "edit/").content.decode()
    given = {
        "version": proposal.version,
        "facet": proposal.facet,
        "moment": "deciding",
        "intensity": "3",
        "dissatisfaction": "",
        "frequency": "daily",
        "memo": "Ask again.",
    }
    client.post(address + "change/", given, headers=PART)
    proposal.refresh_from_db()
    assert (proposal.moment, proposal.intensity, proposal.frequency, proposal.memo) == (
        "deciding",
        3,
        30.0,
        "Ask again.",
    )
    assert proposal.status == "accepted"
    late = client.post(address + "change/", given, headers=PART).content.decode()
    assert 'role="alert"' in late
    bad = given | {"version": proposal.version, "intensity": "9"}
    assert client.post(address + "change/", bad, headers=PART).status_code == 404


def test_many_are_recoded_and_taken_back(study: Any, client: Any) -> None:
    rows = list(study.evidence.filter(status="proposed")[:3])
    given = {"chosen": [f"{row.pk}:{row.version}" for row in rows], "facet": "habit"}
    address = f"/studies/{study.slug}/"
    client.post(address + "evidence/bulk/", given | {"do": "recode"})
    quotes = {row.quote for row in rows}
    assert {row.quote for row in study.evidence.filter(facet="habit", status="accepted")} >= quotes
    assert "evidence changed." in client.get(address + "evidence/").content.decode()
    answer = client.post(address + "undo/", {"do": "undo"}, headers=PART)
    assert answer["HX-Refresh"] == "true"
    assert "Taken back" in client.get(address + "evidence/").content.decode()
    for row in rows:
        row.refresh_from_db()
        assert row.status == "proposed"
    nothing = client.post(address + "undo/", {"do": "undo", "back": address + "evidence/"})
    assert nothing["Location"] == address + "evidence/"
    assert "nothing left to undo" in client.get(address + "evidence/").content.decode()
    assert client.post(address + "evidence/bulk/", given | {"do": "burn"}).status_code == 404


def test_a_memo_shows_what_somebody_else_wrote(study: Any, ana: Any, client: Any) -> None:
    address = f"/studies/{study.slug}/memos/source/{ana.pk}/"
    first = client.post(address, {"memo": "Quiet.", "version": ana.version}, headers=PART)
    assert "Quiet." in first.content.decode()
    late = client.post(address, {"memo": "Noisy.", "version": ana.version}, headers=PART)
    html = late.content.decode()
    assert "Quiet." in html
    assert "Noisy." in html
    assert 'role="alert"' in html
    ana.refresh_from_db()
    assert ana.memo == "Quiet."


def test_a_reader_finds_no_buttons(study: Any, owner: Any, client: Any, here: str) -> None:
    from embauche.workbench.models import Membership

    Membership.objects.filter(study=study).update(role="reader")
    html = client.get(here).content.decode()
    assert "data-evidence=" in html
    assert 'name="do"' not in html
    assert "can-code" not in html
    given = {"start": 10, "end": 20, "facet": "habit"}
    assert client.post(here + "code/", given).status_code == 403


def test_edges_move_by_words() -> None:
    from embauche.workbench.services.word_edges import moved

    text = "So l'été 😀 d'après-demain, oui."
    start = text.index("d'après")
    span = (start, start + len("d'après-demain"))
    out = moved(text, span, "start-out")
    assert text[slice(*out)] == "l'été 😀 d'après-demain"
    assert text[slice(*moved(text, out, "end-in"))] == "l'été"
    assert moved(text, span, "start-in") == span, "one word does not shrink"
    assert text[slice(*moved(text, span, "end-out"))] == "d'après-demain, oui"
    assert moved(text, (0, 2), "start-out") == (0, 2)


def test_a_note_holds_the_beginning_of_its_words(
    study: Any, ana: Any, client: Any, here: str
) -> None:
    html = client.get(here).content.decode()
    found = re.findall(r'<p class="its-words" lang="en">(.*?)</p>', html)
    assert len(found) == html.count('data-evidence="')
    assert all(unescape(words).rstrip("…") in ana.text for words in found)
