"""The stage "identify" alone: what machine coders propose for a study folder, side by side.

`ask_llm` is the only function here through which anything leaves the machine, and only to the
server that the user configured. `propose_for_study` reads what it wrote down and asks nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from embauche.collect.source import Corpus
from embauche.errors import LLMError
from embauche.identify import Evidence, propose, shared_vectors
from embauche.identify.agreement import Agreement, agreement
from embauche.identify.llm_coder import LLMProposals, pending, propose_with_llm
from embauche.identify.llm_evidence import asks_of
from embauche.identify.llm_patience import Client, Clock
from embauche.identify.llm_prompt import prompt_version
from embauche.identify.llm_settings import LLMSettings, llm_settings
from embauche.identify.llm_usage import LLMEstimate, estimate_sending
from embauche.notices import Notice
from embauche.study.coded_study import coded_study
from embauche.study.config import StudyConfig
from embauche.study.corrections import corrections_of
from embauche.study.decisions import read_decisions
from embauche.study.llm_coding import (
    Journal,
    llm_evidence,
    machine_proposals,
    only_answered,
    read_llm_coding,
)
from embauche.study.plan import make_plan
from embauche.study.progress import Report, part, silent
from embauche.study.stages import collect
from embauche.vocabulary import Facet


@dataclass(frozen=True)
class StudyProposals:
    """What machine coders propose for a study; nobody has reviewed it.

    Attributes
    ----------
    evidence
        What a run takes up: the union, or one coder's.
    by_coder
        Each coder's own proposals: the offline coder first, then models.
    sentences
        Participants' sentences that were read.
    agreement
        Between the coders, where there are several.
    notices
        What a reader must know beside it.
    """

    evidence: tuple[Evidence, ...]
    by_coder: Mapping[str, tuple[Evidence, ...]]
    sentences: int
    agreement: Agreement | None
    notices: tuple[Notice, ...]

    def counts(self) -> dict[Facet, dict[str, int]]:
        """Return facet → coder → number of proposals, in the codebook's order."""
        counted = {
            coder: Counter(item.facet for item in found) for coder, found in self.by_coder.items()
        }
        return {
            facet: {coder: counts[facet] for coder, counts in counted.items()} for facet in Facet
        }

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-ready data."""
        return {
            "coders": list(self.by_coder),
            "sentences": self.sentences,
            "facets": {facet.value: counts for facet, counts in self.counts().items()},
            "agreement": self.agreement.to_dict() if self.agreement else None,
            "evidence": [_plain(item) for item in self.evidence],
            "warnings": [notice.to_dict() for notice in self.notices],
        }


def _plain(item: Evidence) -> dict[str, Any]:
    return {declared.name: getattr(item, declared.name) for declared in fields(item)}


def corpus_of_study(config: StudyConfig, report: Report = silent) -> Corpus:
    """Read what participants said in a study folder."""
    return collect(make_plan(config), report).corpus


def settings_of_study(
    config: StudyConfig, environment: Mapping[str, str], *, confirmed: bool = True
) -> LLMSettings:
    """Return whom to ask: as the environment says, else as ``[llm]`` of ``study.toml`` does.

    Parameters
    ----------
    config
        The study's configuration.
    environment
        Such as ``os.environ``.
    confirmed
        Whether a person is shown the address before anything is sent. Where nobody is, an address
        that came with the folder is not sent a key of the environment.

    Raises
    ------
    LLMError
        If no server is configured, or a setting is wrong.
    """
    section = {item.name: getattr(config.llm, item.name) for item in fields(config.llm)}
    settings = llm_settings(environment, section)
    if settings is None:
        raise LLMError("llm.not_configured")
    foreign = settings.url_from == "study.toml" and not settings.on_this_machine
    if foreign and settings.key and not confirmed:
        raise LLMError("llm.address_from_folder", host=settings.host)
    return settings


def estimate_llm(config: StudyConfig, settings: LLMSettings, corpus: Corpus) -> LLMEstimate:
    """Reckon what asking a model about a study would send and cost; nothing is sent."""
    coding = read_llm_coding(config.folder)
    answered = coding.answers(settings.coder, prompt=prompt_version())
    left = pending(corpus, answered)
    known = sum(ask.key in answered for ask in asks_of(corpus))
    return estimate_sending(left, settings, known)


def ask_llm(
    config: StudyConfig,
    settings: LLMSettings,
    corpus: Corpus,
    report: Report = silent,
    *,
    client: Client | None = None,
    clock: Clock | None = None,
) -> LLMProposals:
    """Ask a model about the sentences that it has not answered yet, and write its answers down.

    This sends people's words to ``settings.host``. Every answer is kept in ``llm-coding.jsonl`` as
    it comes: a run that was interrupted goes on where it stopped.

    Raises
    ------
    LLMError
        If the server cannot be used; answers until then are kept.
    """
    coding = read_llm_coding(config.folder)
    return propose_with_llm(
        corpus,
        settings,
        answered=coding.answers(settings.coder, prompt=prompt_version()),
        rung=coding.rung(settings.coder),
        record=Journal(config.folder, settings.coder),
        progress=part(report, "llm"),
        client=client,
        clock=clock,
    )


def propose_for_study(
    config: StudyConfig,
    corpus: Corpus,
    coder: str | None = None,
    *,
    seed: int = 0,
    report: Report = silent,
) -> StudyProposals:
    """Return what the offline coder proposes and what models answered earlier; nobody is asked.

    Parameters
    ----------
    config, corpus
        The study and what its participants said.
    coder
        ``"both"``, ``"offline"`` or ``"llm"``; by default as ``[llm] coder`` says, else both.
    seed
        Of the agreement's intervals.
    report
        Told of progress.
    """
    chosen = coder or config.llm.coder
    vectors = shared_vectors()
    decisions = read_decisions(config.folder, config.coding.adjudicator)
    offline = propose(
        corpus,
        vectors=vectors,
        corrections=corrections_of(decisions),
        progress=part(report, "identify"),
        guide=config.guide,
    )
    evidence, notices = machine_proposals(
        offline.evidence, corpus, config.folder, vectors, coder=chosen
    )
    coding = read_llm_coding(config.folder)
    by_coder: dict[str, tuple[Evidence, ...]] = {}
    if chosen != "llm":
        by_coder = {item.coder: offline.evidence for item in offline.evidence[:1]}
    if chosen != "offline":
        by_model = llm_evidence(corpus, coding)
        by_coder |= {name: found for name, found in by_model.items() if found}
    agreed = None
    if len(by_coder) > 1:
        every = [item for found in by_coder.values() for item in found]
        table = only_answered(coded_study(corpus, every, ()).table, corpus, coding)
        agreed = agreement(table.among(tuple(by_coder)), seed=seed)
    return StudyProposals(
        evidence=evidence,
        by_coder=by_coder,
        sentences=offline.sentences,
        agreement=agreed,
        notices=(*(offline.notices if chosen != "llm" else ()), *notices),
    )
