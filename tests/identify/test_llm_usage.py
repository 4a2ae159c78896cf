"""What is told before is what leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llm_stub_server import StubServer
from llm_talk import FakeTime, study, talk

from embauche.identify.llm_coder import pending, propose_with_llm
from embauche.identify.llm_evidence import asks_of
from embauche.identify.llm_prompt import batches, conversation, prompt_version
from embauche.identify.llm_settings import LLMSettings
from embauche.identify.llm_usage import Usage, estimate_sending, tokens_of
from embauche.vocabulary import Language

_FRENCH = tuple(f"J'ai perdu la page {n} de mon carnet." for n in range(7))


@pytest.mark.parametrize("batch", [1, 3, 20])
def test_the_characters_and_requests_told_are_those_sent(batch: int) -> None:
    corpus = study(talk(), talk(_FRENCH, "s2", Language.FR, "Et alors ?"))
    with StubServer() as server:
        settings = LLMSettings(server.url, "stub", batch=batch, input_price=1, output_price=2)
        told = estimate_sending(pending(corpus, {}), settings)
        propose_with_llm(corpus, settings, clock=FakeTime().clock())
        sent = [body["messages"] for body in server.requests]
    assert told.sentences == 11
    assert told.requests == len(sent)
    assert told.characters == sum(len(messages[-1]["content"]) for messages in sent)
    assert told.input_tokens == sum(tokens_of(len(m["content"])) for part in sent for m in part)
    assert told.cost == pytest.approx((told.input_tokens + 2 * told.output_tokens) / 1e6)


@given(st.lists(st.sampled_from(["fr", "en"]), max_size=12), st.integers(1, 5))
def test_batches_hold_every_sentence_once_and_one_language_each(languages, size) -> None:
    corpus = study(
        *(
            talk((f"Voici ma phrase {n}.",), f"s{n}", Language(code))
            for n, code in enumerate(languages)
        )
    )
    asks = asks_of(corpus)
    made = batches(asks, size)
    assert sorted(ask.unit.key for batch in made for ask in batch) == sorted(
        a.unit.key for a in asks
    )
    for batch in made:
        assert 1 <= len(batch) <= size
        assert len({ask.language for ask in batch}) == 1


def test_two_talks_in_a_batch_are_kept_apart() -> None:
    batch = asks_of(study(talk(), talk(name="s2")))
    said = conversation(batch, schema_in_prompt=False)[1]["content"]
    first, second = said.removeprefix("---\n").split("\n---\n")
    assert first.startswith("Interviewer: What goes wrong today?\n1. I lose")
    assert second.startswith("Interviewer: What goes wrong today?\n5. I lose")


def test_a_long_question_is_shortened_from_its_beginning() -> None:
    asks = asks_of(study(talk(question=f"{'Well, you see, ' * 60}what goes wrong?")))
    line = conversation(asks, schema_in_prompt=False)[1]["content"].splitlines()[1]
    assert line.startswith("Interviewer: … ")
    assert line.endswith("what goes wrong?")
    assert len(line) < 450


def test_usages_add_up() -> None:
    total = sum((Usage(1, 10, 2), Usage(1, 5, 1, counted=False)), Usage())
    assert total == Usage(2, 15, 3, counted=False)


def test_the_prompts_version_is_short_and_stable() -> None:
    assert prompt_version() == prompt_version()
    assert len(prompt_version()) == 8
