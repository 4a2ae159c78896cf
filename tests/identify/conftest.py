"""The server of `llm_stub_server`, and what asks it without real sleeping."""

from collections.abc import Callable, Iterator

import pytest
from llm_stub_server import (
    StubServer,
)
from llm_talk import FakeTime, study

from embauche.collect.source import Corpus
from embauche.identify.llm_coder import LLMProposals, propose_with_llm
from embauche.identify.llm_settings import LLMSettings


@pytest.fixture
def time() -> FakeTime:
    """Return a clock without real sleeping."""
    return FakeTime()


@pytest.fixture
def server() -> Iterator[StubServer]:
    """Return a running server."""
    with StubServer() as stub:
        yield stub


@pytest.fixture
def propose(server: StubServer, time: FakeTime) -> Callable[..., LLMProposals]:
    """Return what asks the server, one request at a time."""

    def asking(corpus: Corpus | None = None, **options) -> LLMProposals:
        named = {"batch", "concurrency", "timeout", "key", "input_price", "output_price"}
        given = {name: options.pop(name) for name in named & options.keys()}
        settings = LLMSettings(server.url, "stub", **({"concurrency": 1} | given))
        return propose_with_llm(corpus or study(), settings, clock=time.clock(), **options)

    return asking
