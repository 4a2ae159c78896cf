"""What a model says is never taken on trust."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embauche.identify.coded_units import CodingUnit
from embauche.identify.llm_answer import (
    UNSTATED_CONFIDENCE,
    InvalidAnswerError,
    find_quote,
    read_answer,
)
from embauche.identify.llm_prompt import Ask
from embauche.vocabulary import Facet, Language

LOST = "Honestly, I lose\neverything each time it syncs."
NEED = "J’ai besoin de retrouver mes devis."


def _asks(*texts: str) -> tuple[Ask, ...]:
    return tuple(
        Ask(CodingUnit("s", 100 * at, 100 * at + len(text), text), Language.EN)
        for at, text in enumerate(texts)
    )


def _read(*codes: object, texts: tuple[str, ...] = (LOST, NEED)):
    return read_answer(json.dumps({"codes": list(codes)}), _asks(*texts))


def _code(sentence: object = 1, quote: object = "I lose everything", facet: object = "frustration"):
    return {"sentence": sentence, "quote": quote, "facet": facet, "confidence": 0.7}


def test_a_right_code_is_found_across_a_line_break() -> None:
    answer = _read(_code())
    (code,) = answer.codes[0]
    assert LOST[code.start : code.end] == "I lose\neverything"
    assert (code.facet, code.confidence) == (Facet.FRUSTRATION, 0.7)
    assert answer.codes[1] == ()
    assert not answer.rejected


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (_code(quote="I lost everything"), "quote_not_in_sentence"),
        (_code(quote="i lose everything"), "quote_not_in_sentence"),
        (_code(quote="I lose … syncs"), "quote_not_in_sentence"),
        (_code(quote="lose everyth"), "quote_not_in_sentence"),
        (_code(sentence=2), "quote_not_in_sentence"),
        (_code(sentence=2, quote="J'ai besoin"), "quote_not_in_sentence"),
        (_code(sentence=0), "unknown_sentence"),
        (_code(sentence=3), "unknown_sentence"),
        (_code(sentence=-1), "unknown_sentence"),
        (_code(facet="pain"), "unknown_facet"),
        (_code(quote=""), "malformed"),
        (_code(quote=None), "malformed"),
        (_code(sentence="1"), "malformed"),
        (_code(sentence=True), "malformed"),
        ({"quote": "I lose", "facet": "emotion"}, "malformed"),
    ],
)
def test_a_wrong_code_is_rejected_and_the_right_one_stays(code: object, reason: str) -> None:
    answer = _read(code, _code())
    assert answer.rejected == {reason: 1}
    assert len(answer.codes[0]) == 1


def test_the_same_facet_of_the_same_words_counts_once() -> None:
    answer = _read(_code(), _code(quote="lose everything each time"), _code(facet="emotion"))
    assert answer.rejected == {"repeated": 1}
    assert {code.facet for code in answer.codes[0]} == {Facet.FRUSTRATION, Facet.EMOTION}


@pytest.mark.parametrize(
    ("stated", "taken"),
    [
        (0.7, 0.7),
        (1, 1.0),
        (85, 0.85),
        ("high", UNSTATED_CONFIDENCE),
        (None, UNSTATED_CONFIDENCE),
        (-1, UNSTATED_CONFIDENCE),
        (True, UNSTATED_CONFIDENCE),
        (1e9, UNSTATED_CONFIDENCE),
    ],
)
def test_confidence(stated: object, taken: float) -> None:
    answer = _read(_code() | {"confidence": stated})
    assert answer.codes[0][0].confidence == taken


_GOOD = json.dumps({"codes": [_code()]})


@pytest.mark.parametrize(
    "text",
    [
        _GOOD,
        f"Sure!\n```json\n{_GOOD}\n```\nBye [1].",
        f"<think>{{'codes': [</think>{_GOOD}",
        f"See [1], {{}} and {{x}}: {_GOOD}",
        json.dumps([_code()]),
        json.dumps({"result": {"codes": [_code()]}}),
        '{"codes": "none"} ' + _GOOD,
    ],
)
def test_json_is_fished_out_of_what_stands_around_it(text: str) -> None:
    assert len(read_answer(text, _asks(LOST)).codes[0]) == 1


def test_nothing_to_code_is_an_answer() -> None:
    assert read_answer('{"codes": []}', _asks(LOST)).codes == ((),)
    assert read_answer("[]", _asks(LOST)).codes == ((),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot help with that.",
        _GOOD[:-2],
        '{"codes": {"sentence": 1}}',
        '{"codes": [1, 2]}',
        "[" * 100_000,
        '{"a":' * 5000,
        "null",
        "[[]] {}",
    ],
)
def test_an_answer_of_another_form_is_invalid(text: str) -> None:
    with pytest.raises(InvalidAnswerError):
        read_answer(text, _asks(LOST))


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(_code(), _ANYTHING))), st.text())
def test_no_answer_crashes_the_reader(codes: list[object], around: str) -> None:
    try:
        answer = read_answer(around + json.dumps({"codes": codes}) + around, _asks(LOST, NEED))
    except InvalidAnswerError:
        return
    for text, found in zip((LOST, NEED), answer.codes, strict=True):
        assert all(0 <= code.start < code.end <= len(text) for code in found)


_WORD = st.text("abcé’'-", min_size=1, max_size=5)


@given(
    st.lists(st.tuples(_WORD, st.sampled_from([" ", "\n", "\u00a0", "  "])), min_size=1), st.data()
)
def test_what_is_found_is_letter_for_letter_what_was_quoted(parts, data) -> None:
    sentence = "".join(word + space for word, space in parts)
    first = data.draw(st.integers(0, len(parts) - 1))
    last = data.draw(st.integers(first, len(parts) - 1))
    quote = " ".join(word for word, _ in parts[first : last + 1])
    span = find_quote(quote, sentence)
    assert span is not None
    assert sentence[slice(*span)].split() == quote.split()


@given(_WORD, st.text("abc ", max_size=20))
def test_a_quote_with_other_letters_is_not_found(word: str, sentence: str) -> None:
    assert find_quote(f"{word}z", sentence) is None
