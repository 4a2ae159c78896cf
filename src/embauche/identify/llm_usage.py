"""Tokens: reckoned before anything is sent, counted afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from embauche.identify.llm_ladder import Rung
from embauche.identify.llm_prompt import Ask, batches, conversation, one_line
from embauche.identify.llm_settings import LLMSettings

CHARACTERS_A_TOKEN: Final = 3.5
"""Usual tokenisers make a token of about 4 characters of English and 3.5 of French; the smaller
figure reckons rather too much than too little."""

CODES_A_SENTENCE: Final = 1.0
TOKENS_A_CODE: Final = 30
"""What a code costs to write, its quote left out: keys, number, facet, confidence."""


def tokens_of(characters: float) -> int:
    """Reckon the tokens of a text of so many characters."""
    return ceil(characters / CHARACTERS_A_TOKEN)


@dataclass(frozen=True, slots=True)
class Usage:
    """What requests used.

    Attributes
    ----------
    requests
        How many were answered.
    input_tokens, output_tokens
        As the server counted them, else reckoned from the characters.
    counted
        Whether the server counted all of them.
    """

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    counted: bool = True

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.requests + other.requests,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.counted and other.counted,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the usage as JSON-ready data."""
        return {
            "requests": self.requests,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "counted": self.counted,
        }


@dataclass(frozen=True, slots=True)
class LLMEstimate:
    """What asking would send, to whom, and what it would cost; reckoned, nothing is sent.

    Attributes
    ----------
    host, on_this_machine, in_the_clear, with_key, url_from
        Where it would go; see `LLMSettings`.
    model
        Who would be asked.
    sentences, already
        Sentences to be sent, and those that were answered before and are not sent again.
    characters
        People's words that would leave, the interviewer's and repeated context included.
    requests
        How many requests, if every answer is valid.
    input_tokens, output_tokens
        About how many tokens, the codebook in every request included.
    cost, currency
        About how much; ``None`` without prices.
    """

    host: str
    on_this_machine: bool
    in_the_clear: bool
    with_key: bool
    url_from: str
    model: str
    sentences: int
    already: int
    characters: int
    requests: int
    input_tokens: int
    output_tokens: int
    cost: float | None
    currency: str

    def to_dict(self) -> dict[str, Any]:
        """Return the estimate as JSON-ready data."""
        return {name: getattr(self, name) for name in self.__slots__}


def estimate_sending(asks: Sequence[Ask], settings: LLMSettings, already: int = 0) -> LLMEstimate:
    """Reckon what asking about sentences would send and cost.

    Parameters
    ----------
    asks
        The sentences that would be sent.
    settings
        To whom.
    already
        How many others were answered before.
    """
    sent = [
        conversation(batch, schema_in_prompt=Rung.JSON_SCHEMA.schema_in_prompt)
        for batch in batches(asks, settings.batch)
    ]
    read = sum(tokens_of(len(part["content"])) for messages in sent for part in messages)
    quotes = sum(len(one_line(ask.unit.quote)) for ask in asks)
    written = ceil(CODES_A_SENTENCE * (len(asks) * TOKENS_A_CODE + tokens_of(quotes)))
    return LLMEstimate(
        host=settings.host,
        on_this_machine=settings.on_this_machine,
        in_the_clear=settings.in_the_clear,
        with_key=settings.key is not None,
        url_from=settings.url_from,
        model=settings.model,
        sentences=len(asks),
        already=already,
        characters=sum(len(messages[-1]["content"]) for messages in sent),
        requests=len(sent),
        input_tokens=read,
        output_tokens=written,
        cost=settings.cost(read, written),
        currency=settings.currency,
    )
