"""The LLM coder against a server of our own that speaks both dialects and misbehaves."""

import json
import os
from dataclasses import replace
from threading import Barrier

import pytest
from llm_stub_server import (
    codes_of,
    completion,
    honest,
    local,
    no_formats,
    no_schemas,
    says,
    sentences,
    silent,
    status,
)
from llm_talk import EXPECTED, SPOKEN, facets, study, talk

from embauche.collect.source import Corpus
from embauche.identify.llm_coder import propose_with_llm
from embauche.identify.llm_evidence import asks_of
from embauche.identify.llm_ladder import Rung
from embauche.identify.llm_settings import LLMSettings
from embauche.vocabulary import EvidenceStatus, Facet, Language


def test_answers_become_proposals_with_exact_spans(server, propose) -> None:
    corpus = study()
    found = propose(corpus)
    assert facets(found) == EXPECTED
    for item in found.evidence:
        assert corpus.sources[0].text[item.start : item.end] == item.quote
        assert item.status is EvidenceStatus.PROPOSED
        assert item.coder == f"machine:llm:stub@{server.url[7:-3]}"
        assert item.participant == "p-s1"
        assert item.confidence == 0.9
    assert (found.sentences, found.unanswered) == (4, 0)
    assert server.paths == ["/v1/chat/completions"]
    assert server.requests[0]["temperature"] == 0


def test_what_is_sent(server, propose) -> None:
    propose(study(talk(), talk(("J'ai perdu mes notes.",), "s2", Language.FR, "Et alors ?")))
    english, french = server.requests
    said = english["messages"][1]["content"]
    assert "Interviewer: What goes wrong today?\n1. I lose everything" in said
    assert "Enquêteur : Et alors ?\n1. J'ai perdu mes notes." in french["messages"][1]["content"]
    assert "codebook" not in english["messages"][0]["content"]
    for body, word in ((english, "Zero is the commonest"), (french, "Zéro est la réponse")):
        assert word in body["messages"][0]["content"]
        for facet in Facet:
            assert f"`{facet.value}`" in body["messages"][0]["content"]
    sent = json.dumps(server.requests, ensure_ascii=False)
    for private in ("p-s1", "s1.txt", "s2.txt"):
        assert private not in sent


def test_context_goes_along_where_a_batch_begins_in_the_middle(server, propose) -> None:
    propose(batch=2)
    second = server.requests[1]["messages"][1]["content"]
    assert f"Before: {SPOKEN[1]}\n1. {SPOKEN[2]}" in second


def test_a_key_is_sent_and_only_as_a_header(server, propose) -> None:
    propose(key="sk-secret")
    assert server.headers[0]["Authorization"] == "Bearer sk-secret"
    assert "sk-secret" not in json.dumps(server.requests)
    server.headers.clear()
    propose()
    assert "Authorization" not in server.headers[0]


def test_usage_and_cost_are_the_servers(propose) -> None:
    found = propose(batch=2, input_price=10.0, output_price=100.0)
    assert found.usage.to_dict() == {
        "requests": 2,
        "input_tokens": 200,
        "output_tokens": 20,
        "counted": True,
    }
    assert found.cost == pytest.approx(0.004)


def test_a_server_that_counts_nothing_is_reckoned(server, propose) -> None:
    server.usual = local
    found = propose()
    assert facets(found) == EXPECTED
    assert found.usage.input_tokens > 500
    assert not found.usage.counted


def test_a_refused_schema_goes_one_rung_down_and_is_not_asked_again(server, propose) -> None:
    server.usual = no_schemas
    found = propose(batch=1)
    assert facets(found) == EXPECTED
    assert server.formats() == ["json_schema", *["json_object"] * 4]
    assert '"additionalProperties"' in server.requests[1]["messages"][0]["content"]


def test_a_server_without_formats_is_asked_in_plain_text(server, propose) -> None:
    server.usual = no_formats
    assert facets(propose(batch=2)) == EXPECTED
    assert server.formats() == ["json_schema", "json_object", "json_object", "text", "text"]


def test_a_rung_that_worked_before_is_where_it_begins(server, propose) -> None:
    server.usual = no_formats
    propose(rung=Rung.TEXT)
    assert server.formats() == ["text"]


def test_a_500_without_a_word_is_tried_again_then_taken_for_the_formats_fault(
    server, propose, time
) -> None:
    server.script = [status(500), status(500)]
    assert facets(propose()) == EXPECTED
    assert server.formats() == ["json_schema", "json_schema", "json_object"]
    assert len(time.slept) == 1


@pytest.mark.parametrize(
    "answer",
    ['{"codes": [{"sentence"', "No.", "", None, '{"codes": 3}', [{"type": "thinking"}], {"x": 1}],
)
def test_an_invalid_answer_goes_down_for_this_batch(server, propose, answer) -> None:
    server.script = [says(answer)]
    assert facets(propose(batch=2)) == EXPECTED
    assert server.formats() == ["json_schema", "json_object", "json_schema"]


def test_two_batches_that_only_a_lower_rung_answers_move_the_others(server, propose) -> None:
    def prose_for_schemas(handler, body) -> None:
        schema = body.get("response_format", {}).get("type") == "json_schema"
        (says("Well…") if schema else honest)(handler, body)

    server.usual = prose_for_schemas
    assert facets(propose(batch=1)) == EXPECTED
    assert server.formats() == [
        *("json_schema", "json_object"),
        *("json_schema", "json_object"),
        *("json_object", "json_object"),
    ]


@pytest.mark.parametrize("body", [{}, {"choices": []}, {"choices": [{}]}, {"choices": "x"}])
def test_empty_choices_are_an_invalid_answer(server, propose, body) -> None:
    server.script = [status(200, body)]
    assert facets(propose()) == EXPECTED


def test_parts_of_a_message_are_put_together(server, propose) -> None:
    def in_parts(handler, body) -> None:
        text = json.dumps({"codes": codes_of(body)})
        parts = [{"type": "thinking", "thinking": []}, {"type": "text", "text": text}]
        handler.send(200, completion(parts))

    server.usual = in_parts
    assert facets(propose()) == EXPECTED


@pytest.mark.parametrize("place", ["reasoning_content", "reasoning"])
def test_an_answer_put_beside_an_empty_content_is_read(server, propose, place) -> None:
    def reasoning(handler, body) -> None:
        reply = completion("")
        said = json.dumps({"codes": codes_of(body)})
        reply["choices"][0]["message"][place] = f"Let me see.\n```json\n{said}\n```"
        handler.send(200, reply)

    server.usual = reasoning
    assert facets(propose()) == EXPECTED


def test_invented_quotes_and_wrong_sentences_are_rejected_and_counted(server, propose) -> None:
    def inventive(handler, body) -> None:
        wrong = [
            {"sentence": 1, "quote": "I lost all of it", "facet": "frustration", "confidence": 1},
            {"sentence": 2, "quote": SPOKEN[0], "facet": "frustration", "confidence": 1},
            {"sentence": 9, "quote": SPOKEN[0], "facet": "frustration", "confidence": 1},
            {"sentence": 1, "quote": SPOKEN[0], "facet": "annoyance", "confidence": 1},
            {"sentence": 1, "quote": "What goes wrong today?", "facet": "emotion"},
        ]
        handler.send(200, completion(json.dumps({"codes": [*wrong, *codes_of(body)]})))

    server.usual = inventive
    found = propose()
    assert facets(found) == EXPECTED
    assert found.rejected == {
        "quote_not_in_sentence": 3,
        "unknown_sentence": 1,
        "unknown_facet": 1,
    }
    told = {notice.code: notice.params.get("n") for notice in found.notices}
    assert told["llm.invented_quotes"] == 3
    assert told["llm.rejected_codes"] == 2


def test_answered_sentences_are_not_sent_again(server, propose) -> None:
    corpus = study()
    outcomes = []
    propose(corpus, record=outcomes.append)
    answers = dict(
        zip([ask.key for ask in outcomes[0].asks], outcomes[0].answer.codes, strict=True)
    )
    again = propose(corpus, answered=answers)
    assert len(server.requests) == 1
    assert facets(again) == EXPECTED
    assert (again.usage.requests, again.cost) == (0, None)
    more = propose(study(talk((*SPOKEN, "I lose my pen too."))), answered=answers)
    assert list(sentences(server.requests[-1]).values()) == ["I lose my pen too."]
    assert len(more.evidence) == 3


def test_the_same_words_elsewhere_are_asked_once(server, propose) -> None:
    found = propose(study(talk(), talk(name="s2")))
    assert sum(len(sentences(body)) for body in server.requests) == 4
    assert {item.source for item in found.evidence} == {"s1", "s2"}


def test_another_context_is_another_sentence() -> None:
    one, other = (asks_of(study(talk(question=text)))[0] for text in ("Why?", "How?"))
    assert one.unit.quote == other.unit.quote
    assert one.key != other.key


def test_requests_under_way_at_once_are_limited_and_order_does_not_matter(server, propose) -> None:
    corpus = study(talk(tuple(f"I lose page {n} of it." for n in range(30))))
    together = Barrier(3, timeout=10)

    def only_together(handler, body) -> None:
        together.wait()
        honest(handler, body)

    server.script = [only_together] * 3
    many = propose(corpus, batch=3, concurrency=3)
    assert server.most_at_once == 3
    one = propose(corpus, batch=3, concurrency=1)
    assert many.evidence == one.evidence
    assert len(many.evidence) == 30


def test_progress_rises_to_one_and_can_cancel(server, propose) -> None:
    seen: list[float] = []
    propose(batch=1, progress=seen.append)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, 1)

    class EnoughError(Exception):
        pass

    def cancel(share: float) -> None:
        if share > 0:
            raise EnoughError

    kept = []
    server.requests.clear()
    server.script, server.usual = [honest], silent
    with pytest.raises(EnoughError):
        propose(batch=1, progress=cancel, record=kept.append, timeout=60)
    assert len(kept) == 1
    assert len(server.requests) <= 2


def test_cancelling_does_not_wait_for_a_silent_server(server, propose) -> None:
    server.usual = silent

    class EnoughError(Exception):
        pass

    calls = []

    def cancel(_share: float) -> None:
        calls.append(1)
        if len(calls) > 2:
            raise EnoughError

    with pytest.raises(EnoughError):
        propose(progress=cancel, timeout=60)


def test_an_answer_of_any_size_ends(server, propose, time) -> None:
    server.script = [status(200, b"[" * 5_000_000)]
    assert facets(propose()) == EXPECTED


def test_nothing_to_ask_asks_nobody(server, propose) -> None:
    found = propose(Corpus((), ()))
    assert (found.evidence, found.sentences, server.requests) == ((), 0, [])


def test_a_proxy_never_sees_what_is_meant_for_this_machine(server, propose, monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert facets(propose()) == EXPECTED


def test_a_real_server_where_there_is_one() -> None:
    url = os.environ.get("EMBAUCHE_TEST_LLM_URL")
    if not url:
        pytest.skip("EMBAUCHE_TEST_LLM_URL names no server with a model to try this on")
    settings = LLMSettings(url, os.environ.get("EMBAUCHE_TEST_LLM_MODEL", "default"))
    found = propose_with_llm(study(), replace(settings, timeout=600.0, concurrency=1, batch=4))
    assert found.sentences == 4
    text = study().sources[0].text
    assert all(text[item.start : item.end] == item.quote for item in found.evidence)
