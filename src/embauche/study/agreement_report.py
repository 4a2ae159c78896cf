"""Agreement of a study's coders: people among themselves, and the machine with each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from embauche.collect.source import Corpus
from embauche.errors import StatisticsError, StudyError
from embauche.identify import propose, shared_vectors
from embauche.identify.agreement import RESAMPLES, Agreement, agreement
from embauche.identify.disagreements import Disagreement, disagreements
from embauche.identify.evidence import Evidence
from embauche.notices import Notice
from embauche.study.coded_study import StudyCoding, coded_study, disputed
from embauche.study.config import StudyConfig
from embauche.study.decisions import read_decisions
from embauche.study.llm_coding import llm_evidence, only_answered, read_llm_coding
from embauche.study.plan import make_plan
from embauche.study.progress import Report, part, silent
from embauche.study.several_coders import person
from embauche.study.stages import collect


@dataclass(frozen=True, slots=True)
class StudyAgreement:
    """Who agrees with whom in a study.

    Attributes
    ----------
    among
        The people's agreement; ``None`` where fewer than two looked at the same sentences.
    with_machine
        The machine's agreement with each person.
    disagreements
        Sentences that people coded differently, the most contentious first; of one person, those
        that they and the machine coded differently.
    open_codes
        Codes that people disagree on and nobody has settled.
    notices
        What is weak about the comparison as a whole.
    """

    among: Agreement | None
    with_machine: tuple[Agreement, ...]
    disagreements: tuple[Disagreement, ...]
    open_codes: int
    notices: tuple[Notice, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON-ready data."""
        return {
            "people": self.among.to_dict() if self.among else None,
            "machine": [found.to_dict() for found in self.with_machine],
            "disagreements": [item.to_dict() for item in self.disagreements],
            "open_codes": self.open_codes,
            "warnings": [notice.to_dict() for notice in self.notices],
        }


def study_corpus(config: StudyConfig, report: Report = silent) -> Corpus:
    """Read what was said in a study.

    Raises
    ------
    StudyError
        If there is nothing to code.
    """
    corpus = collect(make_plan(config), report).corpus
    if not corpus.sources:
        raise StudyError("sheet.nothing_to_code")
    return corpus


def study_coding(
    config: StudyConfig, report: Report = silent
) -> tuple[StudyCoding, Corpus, tuple[Evidence, ...]]:
    """Put everybody's coding of a study on its sentences, the machine's included.

    Returns
    -------
    coding, corpus, proposed
        The coding, what was said, and what the machine proposes.
    """
    corpus = study_corpus(config, report)
    decisions = read_decisions(config.folder, config.coding.adjudicator)
    proposed = propose(corpus, vectors=shared_vectors(), progress=part(report, "identify")).evidence
    # A language model that coded the study is compared like any coder; nobody is asked here.
    answers = read_llm_coding(config.folder)
    by_model = llm_evidence(corpus, answers)
    every = (*proposed, *(item for found in by_model.values() for item in found))
    coding = coded_study(corpus, every, decisions.lines, decisions.reviewed)
    coding = replace(coding, table=only_answered(coding.table, corpus, answers))
    return coding, corpus, proposed


def study_agreement(
    config: StudyConfig,
    *,
    coders: Sequence[str] = (),
    machine: bool = True,
    resamples: int = RESAMPLES,
    seed: int = 0,
    report: Report = silent,
) -> StudyAgreement:
    """Compare the coders of a study.

    Parameters
    ----------
    config
        The study.
    coders
        Names of the people to compare; all of them by default.
    machine
        Whether the machine is compared with each of them.
    resamples, seed
        Of the intervals.
    report
        Told of progress.

    Raises
    ------
    StudyError
        If nobody has coded anything, or a coder is not among those who have.
    """
    coding, _, _ = study_coding(config, report)
    known = [name.removeprefix("person:") for name in coding.people]
    if not coding.people:
        raise StudyError("agreement.no_coders", folder=str(config.folder))
    for name in coders:
        if person(name) not in coding.people:
            raise StudyError("agreement.no_such_coder", coder=name, known=known)
    people = [name for name in coding.people if not coders or name in map(person, coders)]
    notices = []
    unseen = [name.removeprefix("person:") for name in people if name not in coding.reviewers]
    if unseen:
        notices.append(Notice("agreement.not_blind", {"n": len(unseen), "coders": unseen}))
    report("agree", 0.0)
    among = None
    if len(people) > 1:
        try:
            among = agreement(coding.table.among(people), resamples=resamples, seed=seed)
        except StatisticsError as error:
            notices.append(Notice(error.code, dict(error.params), "weak"))
    report("agree", 0.5)
    pairs = [(name, other) for other in coding.machines for name in people] if machine else []
    beside = tuple(
        agreement(coding.table.among(pair), resamples=resamples, seed=seed) for pair in pairs
    )
    report("agree", 1.0)
    alone = [*people, *coding.machines] if machine and len(people) == 1 else people
    return StudyAgreement(
        among=among,
        with_machine=beside,
        disagreements=disagreements(coding.table.among(alone)),
        open_codes=sum(len(item.disputed) for item in disputed(coding, config.coding.adjudicator)),
        notices=tuple(notices),
    )
