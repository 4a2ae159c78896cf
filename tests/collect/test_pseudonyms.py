"""What identifies people is found, replaced, and every other character stays in its place."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pseudonym_sentences import HELD_OUT, WRITTEN_FOR

from embauche.collect.pseudonyms import (
    IdentifierKind,
    bare,
    entity_of,
    find_identifiers,
    numbers_in,
    replaced,
    token,
)
from embauche.vocabulary import Language

_MARKED = re.compile(r"\{(\w+)\|([^}]*)\}")
_TITLE = re.compile(r"^(?:M\.|Mme|Mr|Mrs\.|Dr\.|Monsieur|Docteur) ")


def _plain(marked: str) -> tuple[str, set[tuple[str, str]]]:
    wanted = {(kind, _TITLE.sub("", words)) for kind, words in _MARKED.findall(marked)}
    return _MARKED.sub(lambda match: match[2], marked), wanted


def _measured(
    sentences: tuple[tuple[str, str], ...], *, sure: bool = False
) -> tuple[float, float, int]:
    """Return recall, precision and how many there are to be found."""
    right = wrong = wanted = 0
    for language, marked in sentences:
        text, there = _plain(marked)
        found = {
            (item.kind.value, item.text)
            for item in find_identifiers(text, Language(language))
            if item.sure or not sure
        }
        right += len(found & there)
        wrong += len(found - there)
        wanted += len(there)
    return right / wanted, right / (right + wrong), wanted


def test_what_was_held_out_is_found_as_the_docs_say() -> None:
    recall, precision, n = _measured(HELD_OUT)
    assert n == 40
    assert (round(recall, 2), round(precision, 2)) == (0.90, 0.97)
    assert _measured(WRITTEN_FOR)[0] >= 0.95


def _found(text: str, language: str = "en", **options: object) -> dict[str, str]:
    items = find_identifiers(text, Language(language), **options)  # type: ignore[arg-type]
    return {item.text: item.entity for item in items}


def test_one_person_is_one_entity_whatever_part_of_the_name_is_said() -> None:
    text = "My name is Laura Bennett. Laura bakes. Mrs Bennett sells. Laura's shop is small."
    found = _found(text)
    assert set(found.values()) == {"person laura bennett"}
    assert set(found) == {"Laura Bennett", "Laura", "Bennett"}


def test_a_number_is_the_same_from_home_and_from_abroad() -> None:
    found = _found("Au 06 12 34 56 78, donc +33 6 12 34 56 78.", "fr")
    assert len(found) == 2
    assert len(set(found.values())) == 1


def test_labels_are_names_unless_they_say_a_role() -> None:
    text = "Interviewer: Why, Ben?\nBen: Because Interviewer said so."
    assert _found(text, labels=["Interviewer", "Ben"]) == {"Ben": "person ben"}


def test_names_that_were_added_are_found_everywhere() -> None:
    assert not _found("The shop of Quux is closed.")
    assert _found("The shop of Quux is closed.", names=["Quux"]) == {"Quux": "person quux"}


def test_an_account_whose_digits_do_not_add_up_is_doubtful() -> None:
    right = find_identifiers("IBAN GB29 NWBK 6016 1331 9268 19", Language.EN)
    wrong = find_identifiers("IBAN GB28 NWBK 6016 1331 9268 19", Language.EN)
    assert [(item.kind, item.sure) for item in (*right, *wrong)] == [
        (IdentifierKind.IBAN, True),
        (IdentifierKind.IBAN, False),
    ]


@pytest.mark.parametrize(
    "text", ["12 to 14 weeks", "le 12.10.2023", "1 500 euros, 15 %", "v2.10.3"]
)
def test_numbers_that_identify_nobody_are_left(text: str) -> None:
    assert not _found(text)
    assert not _found(text, "fr")


def test_tokens_are_not_found_again_and_their_numbers_are_known() -> None:
    text = f"{token(IdentifierKind.PERSON, 3, Language.FR)} a écrit à [E-mail 2]."
    assert not _found(text, "fr")
    assert numbers_in([text]) == {IdentifierKind.PERSON: 3, IdentifierKind.EMAIL: 2}
    assert bare("[Personne 3]") == "Personne 3"
    assert entity_of(IdentifierKind.PERSON, "Zoé  Martin") == "person zoe martin"


@st.composite
def _pieces(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, str]]]:
    text = draw(st.text(min_size=1, max_size=60))
    edges = draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True).map(sorted))
    pairs = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False) if a < b]
    return text, [(a, b, f"[Person {n}]") for n, (a, b) in enumerate(pairs, 1)]


_calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_calm
@given(_pieces(), st.data())
def test_what_is_not_replaced_moves_without_a_change(
    given_: tuple[str, list[tuple[int, int, str]]], data: st.DataObject
) -> None:
    text, pieces = given_
    made, moves = replaced(text, pieces)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    new_start, new_end = moves.span(start, end)
    assert 0 <= new_start < new_end <= len(made)
    # The span's words with whole tokens for whatever piece it touches.
    wanted, at = "", start
    for a, b, mark in pieces:
        if b <= start or a >= end:
            continue
        wanted += text[at : max(a, at)] + mark
        at = b
    wanted += text[at:end] if at < end else ""
    assert made[new_start:new_end] == wanted


@_calm
@given(_pieces())
def test_every_piece_is_gone_and_its_token_there(
    given_: tuple[str, list[tuple[int, int, str]]],
) -> None:
    text, pieces = given_
    made, moves = replaced(text, pieces)
    for (start, end, mark), (old, old_end, new, new_end) in zip(pieces, moves.pieces, strict=True):
        assert (start, end) == (old, old_end)
        assert made[new:new_end] == mark
    assert len(made) == len(text) + sum(len(mark) - (b - a) for a, b, mark in pieces)


def test_overlapping_pieces_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        replaced("Marie Dupont", [(0, 5, "[Person 1]"), (3, 12, "[Person 2]")])
