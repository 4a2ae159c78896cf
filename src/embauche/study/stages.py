"""The stages of a study, run in the method's order: frozen inputs to frozen results.

`embauche run` and the workbench's background tasks call `run_study`; there is no second path. A
stage reports progress through `report`, whose exception stops the run; nothing is written here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from embauche import __version__
from embauche.activate import first_steps
from embauche.activate.steps import Steps
from embauche.collect import (
    make_survey,
    read_customers,
    read_interviews,
    read_reviews,
    read_table,
)
from embauche.collect.source import Corpus
from embauche.customers import assign_customers
from embauche.customers.assignment import Assignment
from embauche.errors import ColumnError, FolderError, ReadError, StatisticsError
from embauche.identify import HeardListener, Proposals, SentenceVectors, propose, shared_vectors
from embauche.jobs import DEFAULT_THRESHOLD, group, matrix
from embauche.jobs.diff import diff_jobs
from embauche.notices import Notice
from embauche.present.findings import Findings, StudyCard
from embauche.prioritise import opportunities, qualitative_priorities
from embauche.prioritise.opportunity import TOP
from embauche.prioritise.priority import Opportunity, QualitativePriority
from embauche.study.config import StudyConfig
from embauche.study.corrections import corrections_of
from embauche.study.decided_jobs import decide_jobs
from embauche.study.decisions import Decisions, decide_evidence, read_decisions
from embauche.study.jobs_state import JobsState, read_state
from embauche.study.linking import links_of
from embauche.study.llm_coding import machine_proposals
from embauche.study.parts import Collected, Mapped, Segmented
from embauche.study.people import with_people
from embauche.study.plan import Plan, customer_columns, make_plan
from embauche.study.progress import Report, part, silent
from embauche.study.segmenting import problem, segment
from embauche.vocabulary import EvidenceStatus, Language


def run_study(
    config: StudyConfig,
    *,
    seed: int = 0,
    language: str | None = None,
    out: Path | None = None,
    decisions: Decisions | None = None,
    previous: JobsState | None = None,
    listener: HeardListener | None = None,
    report: Report = silent,
) -> Findings:
    """Carry out the whole method on a study folder.

    Parameters
    ----------
    config
        As read from ``study.toml``; what it leaves open is inferred.
    seed
        Seed of every random choice: the same folder, settings and seed give the same findings.
    language
        Language of the report; the study's own by default.
    out
        Output folder, never read as input.
    decisions
        People's decisions; read from ``coding.jsonl`` in the folder by default.
    previous
        The jobs of the last run; read from ``jobs-state.json`` in the folder by default.
    listener
        Given what the coder heard, as `propose` has it.
    report
        Told of progress, stage by stage.

    Raises
    ------
    EmbaucheError
        If the folder, its configuration or a named file or column is wrong, or nothing in it can
        be read. A single broken file among good ones is a notice instead.
    """
    report("inspect", 0.0)
    plan = make_plan(config, out=out)
    report("inspect", 1.0)
    collected = collect(plan, report)
    chosen = language_of_study(config, collected.corpus, language)
    if decisions is None:
        decisions = read_decisions(config.folder, config.coding.adjudicator)
    mapped = listen(
        collected, config, decisions, chosen, seed, report, previous=previous, listener=listener
    )
    segmented = segment(collected, mapped, seed, report)
    return conclude(plan, collected, mapped, segmented, chosen, seed, report)


def collect(plan: Plan, report: Report = silent) -> Collected:
    """Read every file of the plan; a broken one becomes a notice.

    Raises
    ------
    FolderError
        If not one file could be read.
    """
    config, folder = plan.config, plan.config.folder
    report("collect", 0.0)
    corpus, notices = _heard(plan, report)
    survey = customers = None
    if plan.survey is not None and plan.roles is not None:
        table = read_table(plan.survey, name=plan.survey.relative_to(folder).as_posix())
        survey = make_survey(table, plan.roles)
        if not survey.needs:
            notices.append(Notice("study.no_needs", {"file": survey.name}))
    if plan.customers is not None:
        try:
            customers = read_customers(
                plan.customers, root=folder, id=config.customers.id, value=config.customers.value
            )
        except ReadError as error:
            notices.append(problem(error))
    if not corpus.sources and survey is None:
        broken = [*corpus.notices, *notices]
        if broken:
            raise FolderError(
                "folder.nothing_readable", folder=str(folder), n=len(broken), first=broken[0]
            )
        raise FolderError("folder.nothing_to_read", folder=str(folder))
    report("collect", 1.0)
    return Collected(corpus, survey, customers, tuple(notices))


def read_corpus(config: StudyConfig, *, report: Report = silent) -> Corpus:
    """Read what people of a study said or wrote, and nothing else."""
    return _heard(make_plan(config), report)[0]


def _heard(plan: Plan, report: Report) -> tuple[Corpus, list[Notice]]:
    """Read interviews and reviews, and what is known of the people."""
    config, folder = plan.config, plan.config.folder
    section = config.interviews
    corpus = read_interviews(
        plan.interviews,
        root=folder,
        participant_speakers=section.participant_speakers,
        interviewer_speakers=section.interviewer_speakers,
        interviewers_of=section.interviewers,
        speakers_of=section.speakers,
        progress=part(report, "collect", 0.0, 0.8),
    )
    notices: list[Notice] = []
    if plan.reviews is not None:
        try:
            reviews = read_reviews(
                plan.reviews,
                root=folder,
                text=plan.review_text,
                participant=config.reviews.participant,
            )
            corpus = _joined(corpus, reviews)
        except ReadError as error:
            notices.append(problem(error))
    corpus, people_notices = with_people(corpus, config)
    return corpus, [*notices, *people_notices]


def listen(
    collected: Collected,
    config: StudyConfig,
    decisions: Decisions,
    language: Language,
    seed: int = 0,
    report: Report = silent,
    *,
    previous: JobsState | None = None,
    proposals: Proposals | None = None,
    vectors: SentenceVectors | None = None,
    listener: HeardListener | None = None,
) -> Mapped | None:
    """Find evidence in what people said, group it into jobs, and link survey needs to them.

    Parameters
    ----------
    previous, listener
        As `run_study` has them.
    proposals, vectors
        What the machine proposes, and an encoder that knows vectors already, where there are any.

    Returns
    -------
    Mapped or None
        ``None`` where nobody said anything: there are neither interviews nor reviews.
    """
    corpus = collected.corpus
    if not corpus.sources:
        return None
    vectors = vectors or shared_vectors()
    if proposals is None:
        corrections = corrections_of(decisions)
        tell = part(report, "identify")
        proposals = propose(
            corpus,
            vectors=vectors,
            corrections=corrections,
            progress=tell,
            listener=listener,
            guide=config.guide,
        )
    proposed, machine_notices = machine_proposals(
        proposals.evidence, corpus, config.folder, vectors, config.llm.coder
    )
    evidence, evidence_notices = decide_evidence(proposed, corpus, decisions)
    encoded = vectors.encode([item.quote for item in evidence])
    previous = previous or read_state(config.folder) or JobsState()
    job_map = group(
        evidence,
        encoded,
        corpus=corpus,
        language=language,
        threshold=config.jobs.threshold or DEFAULT_THRESHOLD,
        product=config.study.product or "",
        together=decisions.together,
        operations=decisions.operations.standing,
        known={**previous.known, **decisions.stated},
        seen=previous.seen,
        seed=seed,
        progress=part(report, "map", 0.0, 0.9),
    )
    job_map, job_notices = decide_jobs(job_map, decisions)
    links, link_notices = links_of(collected.survey, job_map, evidence, config, language)
    changed = diff_jobs(previous.jobs, job_map).notices() if previous.jobs else ()
    report("map", 1.0)
    said = (*proposals.notices, *machine_notices)
    notices = (*said, *evidence_notices, *job_notices, *changed, *link_notices)
    return Mapped(evidence, job_map, matrix(job_map, evidence), links, notices)


def conclude(
    plan: Plan,
    collected: Collected,
    mapped: Mapped | None,
    segmented: Segmented,
    language: Language,
    seed: int = 0,
    report: Report = silent,
) -> Findings:
    """Rank jobs and outcomes, assign customers, arrange first steps, and put all together."""
    survey, corpus = collected.survey, collected.corpus
    ratings: tuple[Opportunity, ...] = ()
    if survey is not None and survey.importance and survey.satisfaction:
        ratings = opportunities(
            survey,
            segmentation=segmented.segmentation,
            top=int(plan.config.survey.top or TOP),
            seed=seed,
            progress=part(report, "prioritise", 0.0, 0.8),
        )
    ranked: tuple[QualitativePriority, ...] = ()
    if mapped is not None:
        ranked = qualitative_priorities(
            mapped.job_map, mapped.evidence, len(corpus.participants), seed=seed
        )
    report("prioritise", 1.0)
    notices = [*_overall(plan, collected, mapped), *collected.notices, *segmented.notices]
    assignment = _assigned(plan.config, collected, segmented, notices, report)
    report("activate", 0.0)
    steps: Steps | None = None
    if mapped is not None or ratings:
        steps = first_steps(
            mapped.job_map if mapped else None,
            mapped.evidence if mapped else (),
            priorities=ranked,
            opportunities=ratings,
            links=mapped.links if mapped else (),
        )
    report("activate", 1.0)
    return Findings(
        card=_card(plan.config, language, seed),
        corpus=corpus if corpus.sources else None,
        evidence=mapped.evidence if mapped else (),
        job_map=mapped.job_map if mapped else None,
        matrix=mapped.matrix if mapped else None,
        survey=survey,
        segmentation=segmented.segmentation,
        links=mapped.links if mapped else (),
        validation=segmented.validation,
        typing=segmented.typing,
        qualitative=ranked,
        opportunities=ratings,
        assignment=assignment,
        steps=steps,
        notices=tuple(notices),
    )


def _assigned(
    config: StudyConfig,
    collected: Collected,
    segmented: Segmented,
    notices: list[Notice],
    report: Report,
) -> Assignment | None:
    table, survey, found = collected.customers, collected.survey, segmented.segmentation
    if table is None:
        return None
    if found is None or survey is None or found.k < 2:
        notices.append(Notice("study.customers_without_survey", {"file": table.name}))
        return None
    key, value = customer_columns(table, config)
    try:
        return assign_customers(
            table.frame,
            name=table.name,
            id=key,
            value=value,
            segmentation=found,
            survey=survey,
            progress=part(report, "customers"),
        )
    except (ColumnError, StatisticsError) as error:
        notices.append(problem(error))
        return None


def _overall(plan: Plan, collected: Collected, mapped: Mapped | None) -> list[Notice]:
    """Say what the whole study rests on, gravest first."""
    notices = [notice for notice in plan.notices if notice.severity != "info"]
    notices += collected.corpus.notices
    if mapped is None:
        notices.append(Notice("study.no_interviews", {}, "info"))
    else:
        notices += mapped.notices
        kept = [item for item in mapped.evidence if item.status is not EvidenceStatus.REJECTED]
        waiting = sum(item.status is EvidenceStatus.PROPOSED for item in kept)
        if waiting:
            notices.append(Notice("study.unreviewed", {"n": waiting, "of": len(kept)}))
    if collected.survey is None:
        notices.append(Notice("study.no_survey", {}, "info"))
    elif mapped is not None:
        proposed = sum(not link.confirmed for link in mapped.links)
        if not mapped.links:
            notices.append(Notice("study.two_sections"))
        elif proposed:
            notices.append(Notice("study.links_proposed", {"n": proposed}))
    notices += [notice for notice in plan.notices if notice.severity == "info"]
    return notices


def _card(config: StudyConfig, language: Language, seed: int) -> StudyCard:
    study = config.study
    return StudyCard(
        title=study.title or config.folder.resolve().name,
        product=study.product or "",
        question=study.question or "",
        language=language,
        fictional=study.fictional,
        made_on=datetime.now(tz=UTC).date(),
        version=__version__,
        seed=seed,
        offer=config.offer,
    )


def language_of_study(config: StudyConfig, corpus: Corpus, given: str | None) -> Language:
    """Choose the report's language: asked for, the study's, or what most sources speak."""
    for candidate in (given, config.study.language):
        if candidate:
            return Language(candidate)
    spoken = [source.language for source in corpus.sources]
    return max(Language, key=spoken.count)


def _joined(one: Corpus, other: Corpus) -> Corpus:
    return Corpus(
        sources=(*one.sources, *other.sources),
        participants=(*one.participants, *other.participants),
        notices=(*one.notices, *other.notices),
    )
