"""One batch of sentences: down the ladder until the answer is valid, or into smaller batches."""

from __future__ import annotations

from dataclasses import dataclass

from embauche.identify.llm_answer import Answer, InvalidAnswerError, read_answer
from embauche.identify.llm_ladder import Ladder, Rung
from embauche.identify.llm_patience import Patience
from embauche.identify.llm_prompt import Ask, conversation
from embauche.identify.llm_reply import Reply, RequestFailedError, Trouble
from embauche.identify.llm_usage import Usage, tokens_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch.

    Attributes
    ----------
    asks
        The batch.
    answer
        ``None`` where no rung brought a valid answer.
    rung
        Where the answer was found.
    usage
        Of all requests that it took, those with invalid answers included.
    too_much
        Whether fewer sentences at a time may help although the model makes sense otherwise.
    """

    asks: tuple[Ask, ...]
    answer: Answer | None
    rung: Rung
    usage: Usage
    too_much: bool = False


def ask_batch(asks: tuple[Ask, ...], ladder: Ladder, patience: Patience) -> Outcome:
    """Ask about a batch.

    Raises
    ------
    LLMError
        Where the server cannot be used.
    Stopped
        If somebody asked to stop.
    """
    begun: Rung = ladder.rung
    rung: Rung | None = begun
    last, usage = begun, Usage()
    while rung is not None:
        last = rung
        messages = conversation(asks, schema_in_prompt=rung.schema_in_prompt)
        temperature = ladder.temperature
        try:
            reply = patience.ask(messages, rung.response_format, temperature=temperature)
        except RequestFailedError as failure:
            if failure.trouble is Trouble.FORMAT:
                rung = ladder.refused(rung)
                begun = rung or begun
                continue
            if failure.trouble is Trouble.TEMPERATURE and temperature is not None:
                ladder.without_temperature()
                continue
            slow_together = failure.trouble is Trouble.SLOW and len(asks) > 1
            if failure.trouble is Trouble.LENGTH or slow_together:
                return Outcome(asks, None, rung, usage, too_much=True)
            raise patience.error(failure) from failure
        usage += _used(messages, reply)
        try:
            answer = read_answer(reply.text, asks)
        except InvalidAnswerError:
            if reply.cut and len(asks) > 1:
                return Outcome(asks, None, rung, usage, too_much=True)
            rung = rung.below
        else:
            ladder.worked(begun, rung)
            return Outcome(asks, answer, rung, usage)
    return Outcome(asks, None, last, usage)


def _used(messages: list[dict[str, str]], reply: Reply) -> Usage:
    """Return the server's count, or reckon where it gives none."""
    read, written = reply.input_tokens, reply.output_tokens
    sent = sum(len(part["content"]) for part in messages)
    return Usage(
        requests=1,
        input_tokens=tokens_of(sent) if read is None else read,
        output_tokens=tokens_of(len(reply.text)) if written is None else written,
        counted=read is not None and written is not None,
    )
