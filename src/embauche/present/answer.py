"""The answer on the cover: what the study says in a few sentences, and where it is not sure."""

from __future__ import annotations

from dataclasses import dataclass

from embauche.present.names import Names, sentence_case
from embauche.present.proportions import wilson
from embauche.present.zones import doubtful, has_zones, is_opportunity, overall
from embauche.vocabulary import EvidenceStatus, Solidity

FEW_PARTICIPANTS = 12
"""Under so many interviewed people, an order of jobs is doubted aloud."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One line of the cover's figures.

    Attributes
    ----------
    name
        What is counted.
    text
        The figure.
    soft
        Its interval and n.
    weak
        Why it is weak; empty where it is not.
    """

    name: str
    text: str
    soft: str = ""
    weak: str = ""


@dataclass(frozen=True, slots=True)
class CoverAnswer:
    """What the cover says.

    Attributes
    ----------
    headline
        The answer in one sentence.
    sentences
        What supports it, one a part of the study.
    doubts
        What is not sure, in words.
    figures
        Key figures with their n and interval.
    """

    headline: str
    sentences: tuple[str, ...]
    doubts: tuple[str, ...]
    figures: tuple[KeyFigure, ...]


def unreviewed_share(names: Names) -> float:
    """Return the share of evidence, rejected left out, that no person has reviewed."""
    kept = [e for e in names.findings.evidence if e.status is not EvidenceStatus.REJECTED]
    proposed = sum(item.status is EvidenceStatus.PROPOSED for item in kept)
    return proposed / len(kept) if kept else 0.0


def cover_answer(names: Names) -> CoverAnswer:
    """Compute the cover's sentences from the findings."""
    headline = _headline(names)
    sentences = [s for s in (_jobs(names), _segments(names), _validation(names)) if s]
    return CoverAnswer(
        headline=headline,
        sentences=tuple(s for s in sentences if s != headline),
        doubts=_doubts(names),
        figures=_figures(names),
    )


def _headline(names: Names) -> str:
    findings, words = names.findings, names.words
    ranked = overall(findings)
    if ranked and is_opportunity(ranked[0]):
        best = ranked[0]
        return words.text("report.answer.opportunity", outcome=sentence_case(best.outcome))
    if ranked and not any(has_zones(item) for item in ranked):
        return words.text("report.answer.highest", outcome=sentence_case(ranked[0].outcome))
    if ranked:
        return words.text("report.answer.no_opportunity", n=len(ranked))
    indexed = [item for item in findings.qualitative if item.rank == 1]
    if indexed:
        first = indexed[0]
        return words.text(
            "report.answer.priority",
            job=names.job(first.job),
            n=first.participants,
            of=first.of,
        )
    return (
        _jobs(names)
        or _segments(names)
        or _validation(names)
        or words.text("report.answer.nothing")
    )


def _jobs(names: Names) -> str:
    findings = names.findings
    if not findings.job_map or not findings.job_map.jobs or not findings.corpus:
        return ""
    job = findings.job_map.jobs[0]
    return names.words.text(
        "report.answer.jobs",
        n=len(findings.job_map.jobs),
        job=names.job(job.id),
        participants=len(job.participants),
        of=len(findings.corpus.participants),
    )


def _segments(names: Names) -> str:
    segmentation = names.findings.segmentation
    if segmentation is None:
        return ""
    key = segmentation.verdict.name.lower()
    return names.words.text(
        f"report.answer.segments.{key}", n=segmentation.k, respondents=segmentation.n
    )


def _validation(names: Names) -> str:
    validation = names.findings.validation
    if validation is None:
        return ""
    return names.words.text(
        f"report.answer.validation.{validation.verdict.name.lower()}",
        outcome=names.column(validation.outcome),
    )


def _doubts(names: Names) -> tuple[str, ...]:
    findings, words = names.findings, names.words
    doubts: list[str] = []
    share = unreviewed_share(names)
    if share > 0:
        doubts.append(words.text("report.doubt.unreviewed", share=share))
    if findings.corpus and findings.job_map and findings.job_map.jobs:
        people = len(findings.corpus.participants)
        if people < FEW_PARTICIPANTS:
            doubts.append(words.text("report.doubt.few_participants", n=people))
    ranked = overall(findings)
    if ranked and (is_opportunity(ranked[0]) or not has_zones(ranked[0])):
        best = ranked[0]
        if best.rank_high > 1:
            ranks = {"low": best.rank_low, "high": best.rank_high}
            doubts.append(words.text("report.doubt.rank", outcome=best.outcome, **ranks))
        if doubtful(best):
            limits = {"low": best.low, "high": best.high}
            doubts.append(words.text("report.doubt.zone", outcome=best.outcome, **limits))
    first = next((item for item in findings.qualitative if item.rank == 1), None)
    if not ranked and first and first.rank_high and first.rank_high > 1:
        doubts.append(words.text("report.doubt.index_rank", n=first.rank_high))
    if findings.segmentation and findings.segmentation.verdict is Solidity.NO_STABLE_SEGMENTS:
        doubts.append(words.text("report.doubt.no_segments"))
    if findings.job_map and findings.survey and not findings.links:
        doubts.append(words.text("report.doubt.unlinked"))
    return tuple(doubts)


def _figures(names: Names) -> tuple[KeyFigure, ...]:
    findings, words = names.findings, names.words
    figures: list[KeyFigure] = []
    if findings.job_map and findings.job_map.jobs and findings.corpus:
        job = findings.job_map.jobs[0]
        n = len(findings.corpus.participants)
        share = len(job.participants) / n if n else 0.0
        low, high = wilson(share, n)
        figures.append(
            KeyFigure(
                name=words.text("report.key.job", job=names.job(job.id)),
                text=words.number(share, "%"),
                soft=words.text("report.soft_share", low=low, high=high, n=n),
                weak=words.text("report.weak.few") if n < FEW_PARTICIPANTS else "",
            )
        )
    ranked = overall(findings)
    if ranked:
        best = ranked[0]
        figures.append(
            KeyFigure(
                name=words.text("report.key.opportunity", outcome=sentence_case(best.outcome)),
                text=words.number(best.score, ".1"),
                soft=words.text("report.soft", low=best.low, high=best.high, n=best.n),
                weak=words.text("report.weak.zone") if doubtful(best) else "",
            )
        )
    segmentation = findings.segmentation
    if segmentation and segmentation.segments:
        largest = segmentation.segments[0]
        low, high = wilson(largest.share, segmentation.n)
        figures.append(
            KeyFigure(
                name=words.text("report.key.segment", segment=names.segment(largest.id)),
                text=words.number(largest.share, "%"),
                soft=words.text("report.soft_share", low=low, high=high, n=segmentation.n),
            )
        )
    validation = findings.validation
    if validation:
        figures.append(
            KeyFigure(
                name=words.text(
                    "report.key.validation",
                    metric=words.text(f"report.metric.{validation.metric}"),
                ),
                text=words.text("report.signed", value=words.number(validation.difference, ".2"))
                if validation.difference > 0
                else words.number(validation.difference, ".2"),
                soft=words.text(
                    "report.soft_2", low=validation.low, high=validation.high, n=validation.n
                ),
            )
        )
    return tuple(figures)
