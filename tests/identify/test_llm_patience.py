"""The LLM coder against servers that are busy, cut off, refuse or make no sense."""

from datetime import UTC, datetime

import pytest
from llm_stub_server import (
    StubServer,
    completion,
    cut,
    honest,
    says,
    sentences,
    silent,
    status,
)
from llm_talk import EXPECTED, SPOKEN, facets, study, talk

from embauche.errors import LLMError
from embauche.identify.llm_coder import propose_with_llm
from embauche.identify.llm_http import ChatClient
from embauche.identify.llm_settings import LLMSettings


def test_retry_after_is_honoured(server, propose, time) -> None:
    server.script = [status(429, "slow down", Retry_After="20")]
    assert facets(propose()) == EXPECTED
    assert sum(time.slept) >= 20
    assert server.formats() == ["json_schema", "json_schema"]


def test_retry_after_as_a_date(server) -> None:
    settings = LLMSettings(server.url, "stub")
    today = datetime(2026, 1, 1, tzinfo=UTC)
    client = ChatClient(settings, today=lambda: today)
    assert client._wait("Thu, 01 Jan 2026 00:00:42 GMT") == 42
    assert client._wait("Wed, 31 Dec 2025 00:00:00 GMT") == 0
    assert client._wait("soon") is None
    client.close()


def test_back_off_grows(server, propose, time) -> None:
    server.script = [status(503)] * 4
    assert facets(propose()) == EXPECTED
    assert time.slept == [1, 2, 4, 8]


def test_patience_ends(server, propose, time) -> None:
    server.usual = status(529, "overloaded")
    with pytest.raises(LLMError) as caught:
        propose()
    assert caught.value.code == "llm.busy"
    assert caught.value.params["status"] == 529
    assert len(server.requests) == 6


def test_a_very_long_wait_ends_the_run_at_once(server, propose, time) -> None:
    server.usual = status(429, "", Retry_After="86400")
    with pytest.raises(LLMError) as caught:
        propose()
    assert caught.value.code == "llm.busy"
    assert caught.value.params["seconds"] == 86400
    assert time.slept == []


def test_a_cut_answer_is_asked_again(server, propose, time) -> None:
    server.script = [cut, cut]
    assert facets(propose()) == EXPECTED
    assert len(server.requests) == 3
    assert len(time.slept) == 2


def test_an_answer_that_runs_out_of_room_is_asked_in_halves(server, propose) -> None:
    def short_of_room(handler, body) -> None:
        if len(sentences(body)) > 1:
            handler.send(200, completion('{"codes": [{"sentence": 1, "quo', "length"))
        else:
            honest(handler, body)

    server.usual = short_of_room
    assert facets(propose()) == EXPECTED
    assert sorted(len(sentences(body)) for body in server.requests) == [1, 1, 1, 1, 2, 2, 4]


def test_a_context_that_is_too_long_is_asked_in_halves(server, propose) -> None:
    said = "This model's maximum context length is 512 tokens."
    server.script = [status(400, {"error": {"message": said}})]
    assert facets(propose()) == EXPECTED
    assert [len(sentences(body)) for body in server.requests] == [4, 2, 2]


def test_a_sentence_too_long_for_the_model_does_not_hold_up_the_others(server, propose) -> None:
    def small(handler, body) -> None:
        if any(len(text) > 1000 for text in sentences(body).values()):
            said = "the request exceeds the available context size"
            handler.send(400, {"error": {"message": said, "type": "exceed_context_size_error"}})
        else:
            honest(handler, body)

    server.usual = small
    found = propose(study(talk((*SPOKEN, "and I need a pen " * 100))))
    assert facets(found) == EXPECTED
    assert (found.sentences, found.unanswered) == (4, 1)


def test_a_context_too_small_for_anything_is_given_up_soon(server, propose) -> None:
    server.usual = status(413, "too large")
    with pytest.raises(LLMError) as caught:
        propose(study(talk(tuple(f"I need the thing number {n}." for n in range(100)))))
    assert caught.value.code == "llm.no_valid_answer"
    assert len(server.requests) < 40


def test_time_outs_halve_the_batch(server, propose, time) -> None:
    server.script = [silent, silent]
    assert facets(propose(timeout=0.2)) == EXPECTED
    assert [len(sentences(body)) for body in server.requests] == [4, 4, 2, 2]


def test_a_server_that_is_always_silent_is_given_up(server, propose) -> None:
    server.usual = silent
    with pytest.raises(LLMError) as caught:
        propose(study(talk(SPOKEN[:1])), timeout=0.1)
    assert caught.value.code == "llm.too_slow"


def test_a_temperature_that_is_refused_is_left_out(server, propose) -> None:
    said = "Unsupported value: 'temperature' does not support 0 with this model."
    server.script = [status(400, {"error": {"message": said, "param": "temperature"}})]
    assert facets(propose(batch=2)) == EXPECTED
    assert ["temperature" in body for body in server.requests] == [True, False, False]


@pytest.mark.parametrize(
    ("code", "body", "error"),
    [
        (401, {"error": {"message": "Incorrect API key provided: sk-secret"}}, "llm.key_refused"),
        (403, "forbidden", "llm.key_refused"),
        (404, {"error": "model 'stub' not found"}, "llm.no_such_address"),
        (402, "pay", "llm.no_credit"),
        (429, {"error": {"message": "…", "code": "insufficient_quota"}}, "llm.no_credit"),
        (302, "", "llm.redirected"),
        (418, "teapot", "llm.refused"),
        (407, "<html><style>p {}</style><p>Sign in to the proxy</p></html>", "llm.refused"),
    ],
)
def test_what_cannot_be_mended_is_said_at_once(server, propose, code, body, error) -> None:
    server.usual = status(code, body, Location="http://127.0.0.1:9/elsewhere")
    with pytest.raises(LLMError) as caught:
        propose(key="sk-secret")
    assert caught.value.code == error
    assert len(server.requests) == 1
    for language in ("fr", "en"):
        assert "sk-secret" not in caught.value.message(language)
        assert caught.value.hint(language)


def test_a_proxys_page_is_said_without_its_markup(server, propose) -> None:
    server.usual = status(407, "<html><style>p {}</style><p>Sign in to the <b>proxy</b></p></html>")
    with pytest.raises(LLMError) as caught:
        propose()
    assert "Sign in to the proxy" in caught.value.message("en")
    assert "<" not in caught.value.message("en")


def test_nobody_at_the_address(time) -> None:
    with StubServer() as gone:
        url = gone.url
    with pytest.raises(LLMError) as caught:
        propose_with_llm(study(), LLMSettings(url, "stub"), clock=time.clock())
    assert caught.value.code == "llm.unreachable"


def test_a_model_that_makes_no_sense_is_given_up_soon(server, propose) -> None:
    server.usual = says("As a language model, I cannot.")
    corpus = study(talk(tuple(f"I need the thing number {n}." for n in range(100))))
    with pytest.raises(LLMError) as caught:
        propose(corpus, batch=10)
    assert caught.value.code == "llm.no_valid_answer"
    assert len(server.requests) <= 12


def test_one_sentence_that_never_gets_an_answer_is_left_and_said(server, propose) -> None:
    def stumbles(handler, body) -> None:
        stumbled = any("weather" in text for text in sentences(body).values())
        (says("…") if stumbled else honest)(handler, body)

    server.usual = stumbles
    corpus = study(talk(), talk(SPOKEN[2:3], "s0"))
    found = propose(corpus, batch=1)
    assert facets(found) >= EXPECTED
    assert found.unanswered == 1
    assert "llm.unanswered" in {notice.code for notice in found.notices}
