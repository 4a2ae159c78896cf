"""Jobs as the pages list them: the findings' figures beside the rows that people change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from embauche.jobs import MatrixCell
from embauche.present.findings import Findings
from embauche.present.names import Names, story
from embauche.present.proportions import wilson
from embauche.vocabulary import GOAL_FACETS, EvidenceStatus, Facet
from embauche.workbench.models import Job, Study

CELLS: Final = {
    "job": "job",
    Facet.OBJECTIVE.value: "objective",
    Facet.FRUSTRATION.value: "frustrations",
    Facet.EMOTION.value: "emotions",
    Facet.ALTERNATIVE.value: "alternatives",
}
"""Key of a cell in addresses → column of the matrix."""


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job of the list."""

    pk: int
    key: str
    version: int
    number: str
    type: str
    statement: str
    story: str
    proposal: bool
    worded_by: str
    participants: int
    of: int
    share: float
    low: float
    high: float
    evidence: int
    unreviewed: int
    goals: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of the matrix: its counts and its most telling quote."""

    key: str
    participants: int
    quotes: int
    unreviewed: int
    quote: str
    facet: str
    proposed: bool
    language: str


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One survey need and the job it is taken to ask about."""

    need: str
    wording: str
    job: int | None
    similarity: float
    confirmed: bool


def job_rows(study: Study, findings: Findings) -> list[JobRow]:
    """List the jobs with who states them and how much of it was reviewed."""
    if findings.job_map is None:
        return []
    names = Names(findings)
    rows = {row.key: row for row in study.jobs.filter(current=True).select_related("worded_by")}
    status = {item.id: item.status for item in findings.evidence}
    quotes = {item.id: item.quote for item in findings.evidence}
    of = len(findings.corpus.participants) if findings.corpus else 0
    found = []
    for job in findings.job_map.jobs:
        row = rows[job.id]
        ids = {item.evidence for items in job.cells.values() for item in items}
        kept = [
            status[key] for key in ids if status.get(key, EvidenceStatus.REJECTED) != "rejected"
        ]
        share = len(job.participants) / of if of else 0.0
        low, high = wilson(share, of)
        found.append(
            JobRow(
                pk=row.pk,
                key=job.id,
                version=row.version,
                number=names.job_numbers[job.id],
                type=job.type.value,
                statement=names.job(job.id),
                story=story(job, names.language),
                proposal=job.statement_is_proposal,
                worded_by=row.worded_by.name.partition(":")[2] if row.worded_by else "",
                participants=len(job.participants),
                of=of,
                share=share,
                low=low,
                high=high,
                evidence=len(kept),
                unreviewed=sum(item is EvidenceStatus.PROPOSED for item in kept),
                goals=tuple(
                    (key, quotes[key])
                    for facet in GOAL_FACETS
                    for key in job.evidence(facet)
                    if key in quotes
                ),
            )
        )
    return found


def matrix_rows(study: Study, findings: Findings) -> list[tuple[JobRow, list[CellView]]]:
    """Pair each job with its cells, in the method's order of columns."""
    if findings.matrix is None:
        return []
    jobs = {row.key: row for row in job_rows(study, findings)}
    evidence = {item.id: item for item in findings.evidence}
    found = []
    for row in findings.matrix.rows:
        cells = []
        for key, column in CELLS.items():
            cell: MatrixCell = row.cell(column)
            best = evidence[cell.evidence[0]] if cell.evidence else None
            cells.append(
                CellView(
                    key=key,
                    participants=cell.participants,
                    quotes=len(cell.evidence),
                    unreviewed=len(cell.evidence) - cell.reviewed,
                    quote=best.quote if best else "",
                    facet=best.facet.value if best else "",
                    proposed=best is not None and best.status is EvidenceStatus.PROPOSED,
                    language=best.language.value if best else "",
                )
            )
        found.append((jobs[row.job.id], cells))
    return found


def need_rows(study: Study, findings: Findings) -> list[NeedRow]:
    """List the survey's needs with the job that each is linked to, if any."""
    survey = findings.survey
    if survey is None or findings.job_map is None:
        return []
    names = Names(findings)
    rows = dict(Job.objects.filter(study=study, current=True).values_list("key", "pk"))
    links = {link.need: link for link in findings.links}
    found = []
    for need in survey.needs or survey.importance:
        link = links.get(need)
        found.append(
            NeedRow(
                need=need,
                wording=names.need(need),
                job=rows.get(link.job) if link else None,
                similarity=link.similarity if link else 0.0,
                confirmed=link.confirmed if link else False,
            )
        )
    return found
