"""The optional coder: a language model asked about every sentence, its answers never trusted.

Nothing here runs unless somebody configured a server and called it; `llm_usage.estimate_sending`
says beforehand what would leave the machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Any, Final

from embauche.collect.source import Corpus
from embauche.errors import LLMError
from embauche.identify.evidence import Evidence
from embauche.identify.llm_answer import REJECTIONS, Code
from embauche.identify.llm_batch import Outcome, ask_batch
from embauche.identify.llm_evidence import asks_of, evidence_of
from embauche.identify.llm_ladder import Ladder, Rung
from embauche.identify.llm_patience import Client, Clock, Patience
from embauche.identify.llm_pool import Pool
from embauche.identify.llm_prompt import Ask, batches
from embauche.identify.llm_settings import LLMSettings
from embauche.identify.llm_usage import Usage
from embauche.notices import Notice

Progress = Callable[[float], None]
Record = Callable[[Outcome], None]

_HOPELESS: Final = 3
"""Batches without any valid answer, with none before, after which the model is given up."""


@dataclass(frozen=True, slots=True)
class LLMProposals:
    """What a language model proposes; nobody has reviewed it.

    Attributes
    ----------
    evidence
        In the order of the sources, then of their text.
    coder
        ``machine:llm:<model>@<host>``.
    sentences
        Sentences with an answer, earlier runs included.
    unanswered
        Sentences for which no valid answer came; another run asks again.
    usage
        Of this run.
    rejected
        Reason → codes of this run that were rejected (`llm_answer.REJECTIONS`).
    cost
        Of this run, in the currency of the prices; ``None`` without prices.
    notices
        What a reader must know beside it.
    """

    evidence: tuple[Evidence, ...]
    coder: str
    sentences: int
    unanswered: int
    usage: Usage
    rejected: Mapping[str, int]
    cost: float | None
    notices: tuple[Notice, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return what a run used and rejected as JSON-ready data, without the evidence."""
        return {
            "coder": self.coder,
            "sentences": self.sentences,
            "unanswered": self.unanswered,
            "usage": self.usage.to_dict(),
            "rejected": dict(self.rejected),
            "cost": self.cost,
            "warnings": [notice.to_dict() for notice in self.notices],
        }


def pending(corpus: Corpus, answered: Mapping[str, Sequence[Code]]) -> tuple[Ask, ...]:
    """Return the sentences still to be asked about; the same words and context only once."""
    left: dict[str, Ask] = {}
    for ask in asks_of(corpus):
        if ask.key not in answered:
            left.setdefault(ask.key, ask)
    return tuple(left.values())


def propose_with_llm(
    corpus: Corpus,
    settings: LLMSettings,
    *,
    answered: Mapping[str, Sequence[Code]] | None = None,
    rung: Rung = Rung.JSON_SCHEMA,
    record: Record | None = None,
    progress: Progress | None = None,
    client: Client | None = None,
    clock: Clock | None = None,
) -> LLMProposals:
    """Ask a language model about the participants' sentences.

    This sends people's words to ``settings.host``. Ask whoever answers for them first.

    Parameters
    ----------
    corpus
        The sources.
    settings
        Whom to ask.
    answered
        Answers of earlier runs by `Ask.key`: not asked, not paid again.
    rung
        Where the ladder begins: the rung that worked the last time.
    record
        Called in this thread with every outcome as it comes, so that an interrupted run can be
        taken up again.
    progress
        Called with the share done, also while waiting; what it raises cancels. Requests under way
        are then left to themselves, and their answers lost.
    client, clock
        What asks, and how time passes; for tests.

    Raises
    ------
    LLMError
        If the server cannot be used. What was recorded until then stays good.
    """
    answers: dict[str, Sequence[Code]] = dict(answered or {})
    asks = pending(corpus, answers)
    stop = Event()
    asking: Client = client or _connected(settings)
    patience = Patience(asking, settings.host, clock or Clock(), stop)
    ladder = Ladder(rung)
    report = progress or (lambda _share: None)
    usage, rejected, lost, hopeless = Usage(), Counter[str](), 0, 0
    done, valid = 0, False

    def share() -> float:
        return done / len(asks) if asks else 1.0

    pool: Pool[tuple[Ask, ...], Outcome] = Pool(
        lambda batch: ask_batch(batch, ladder, patience), settings.concurrency, stop
    )
    report(0.0)
    # Nothing more is sent until one answer made sense: a hopeless model costs a few requests.
    waiting = batches(asks, settings.batch)
    pool.add(waiting[:_HOPELESS])
    waiting = waiting[_HOPELESS:]
    try:
        for outcome in pool.results(lambda: report(share())):
            usage += outcome.usage
            if record is not None:
                record(outcome)
            if outcome.answer is not None:
                if not valid:
                    pool.add(waiting)
                valid = True
                rejected += outcome.answer.rejected
                answers.update(_by_key(outcome))
                done += len(outcome.asks)
            elif len(outcome.asks) > 1 and (valid or outcome.too_much):
                pool.add(_halves(outcome.asks))
            else:
                lost += len(outcome.asks)
                done += len(outcome.asks)
                hopeless += 1
                if not valid and hopeless >= _HOPELESS:
                    raise LLMError("llm.no_valid_answer", host=settings.host, model=settings.model)
            report(share())
    finally:
        asking.close()
    if asks and not valid:
        raise LLMError("llm.no_valid_answer", host=settings.host, model=settings.model)
    evidence = evidence_of(corpus, answers, settings.coder)
    heard = sum(ask.key in answers for ask in asks_of(corpus))
    return LLMProposals(
        evidence=evidence,
        coder=settings.coder,
        sentences=heard,
        unanswered=lost,
        usage=usage,
        rejected={reason: rejected[reason] for reason in REJECTIONS if rejected[reason]},
        cost=settings.cost(usage.input_tokens, usage.output_tokens) if asks else None,
        notices=_notices(settings, evidence, heard, lost, rejected),
    )


def _connected(settings: LLMSettings) -> Client:
    # The HTTP library is not even loaded unless somebody asks a model.
    from embauche.identify.llm_http import ChatClient

    return ChatClient(settings)


def _by_key(outcome: Outcome) -> dict[str, Sequence[Code]]:
    if outcome.answer is None:
        return {}
    pairs = zip(outcome.asks, outcome.answer.codes, strict=True)
    return {ask.key: codes for ask, codes in pairs}


def _halves(asks: tuple[Ask, ...]) -> list[tuple[Ask, ...]]:
    middle = len(asks) // 2
    return [asks[:middle], asks[middle:]]


def _notices(
    settings: LLMSettings,
    evidence: Sequence[Evidence],
    heard: int,
    lost: int,
    rejected: Counter[str],
) -> tuple[Notice, ...]:
    params = {"n": len(evidence), "sentences": heard, "coder": settings.coder}
    notices = [Notice("llm.proposals", params, "info"), Notice("llm.confidence", {}, "info")]
    if rejected["quote_not_in_sentence"]:
        notices.append(Notice("llm.invented_quotes", {"n": rejected["quote_not_in_sentence"]}))
    others = sum(rejected.values()) - rejected["quote_not_in_sentence"]
    if others:
        notices.append(Notice("llm.rejected_codes", {"n": others}))
    if lost:
        notices.append(Notice("llm.unanswered", {"n": lost}))
    return tuple(notices)
