"""Jobs as the pages list them: the last analysis' rows, read without restoring the study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from embauche.jobs.operations import Rename
from embauche.present.findings import Findings
from embauche.present.names import sentence_case
from embauche.present.proportions import wilson
from embauche.vocabulary import Language
from embauche.workbench.models import Job, JobEvidence, Study, Survey
from embauche.workbench.services.attached_evidence import Attached, made_of_jobs
from embauche.workbench.services.kept_parts import kept_part
from embauche.workbench.services.matrix_view import CELLS, CellView, matrix_of
from embauche.workbench.services.restored_evidence import Row
from embauche.workbench.services.restoring import evidence_table
from embauche.workbench.services.standing import current_jobs, operation_log

__all__ = ["CELLS", "CellView", "JobRow", "NeedRow", "job_rows", "matrix_rows", "need_rows"]


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
    memo: str = ""


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One survey need and the job it is taken to ask about."""

    need: str
    wording: str
    job: int | None
    similarity: float
    confirmed: bool


def job_rows(study: Study, language: Language | str, only: int | None = None) -> list[JobRow]:
    """List the jobs with who states them and how much of it was reviewed.

    Parameters
    ----------
    study
        The study.
    language
        Of the statements, where they are in it.
    only
        Row of the one job to list.
    """
    rows = current_jobs(study)
    numbers = {row.pk: f"J{place}" for place, row in enumerate(rows, 1)}
    wanted = [row for row in rows if only is None or row.pk == only]
    counts = _counts(study, wanted)
    of = kept_part(study, "people", study.participants.count)
    worded = _worded(study, wanted)
    found = []
    for row in wanted:
        share = len(row.participants) / of if of else 0.0
        low, high = wilson(share, of)
        evidence, unreviewed = counts.get(row.pk, (0, 0))
        found.append(
            JobRow(
                pk=row.pk,
                key=row.key,
                version=row.version,
                number=numbers[row.pk],
                type=row.type,
                statement=sentence_case(_in(row.statement, language) or row.key),
                story=_in(row.story, language),
                proposal=row.statement_is_proposal,
                worded_by=worded.get(row.key, ""),
                participants=len(row.participants),
                of=of,
                share=share,
                low=low,
                high=high,
                evidence=evidence,
                unreviewed=unreviewed,
                memo=row.memo,
            )
        )
    return found


def _counts(study: Study, jobs: list[Job]) -> dict[int, tuple[int, int]]:
    """Count each job's evidence, and how much of it waits for review."""
    with evidence_table(study) as table:
        if table is not None:
            return made_of_jobs(study, table, "counts", _counted)
    return {
        job: (n, waiting)
        for job, n, waiting in JobEvidence.objects.filter(
            job__in=[row.pk for row in jobs], evidence__current=True
        )
        .exclude(evidence__status="rejected")
        .order_by()
        .values_list("job")
        .annotate(
            n=Count("evidence", distinct=True),
            waiting=Count("evidence", distinct=True, filter=Q(evidence__status="proposed")),
        )
    }


def _counted(held: list[tuple[Attached, Row]]) -> tuple[int, int]:
    statuses = {item.pk: row.standing.status for item, row in held}
    return len(statuses), sum(status == "proposed" for status in statuses.values())


def _in(texts: Mapping[str, str], language: Language | str) -> str:
    """Return a text in a language, or in the one it has."""
    return texts.get(str(language)) or next(iter(texts.values()), "")


def _worded(study: Study, rows: list[Job]) -> dict[str, str]:
    """Return who worded each job last, by an operation or on its own page."""
    found = {
        row.key: row.worded_by.name.removeprefix("person:")
        for row in rows
        if row.worded_by is not None
    }
    if any(not row.statement_is_proposal and row.key not in found for row in rows):
        for entry in operation_log(study).standing:
            if isinstance(entry.operation, Rename):
                found.setdefault(entry.operation.job, entry.coder.removeprefix("person:"))
    return found


def matrix_rows(study: Study, findings: Findings) -> list[tuple[JobRow, list[CellView]]]:
    """Pair each job with its cells, in the method's order of columns."""
    language = findings.card.language
    cells = matrix_of(study).cells
    return [(row, cells[row.pk]) for row in job_rows(study, language) if row.pk in cells]


def need_rows(study: Study, findings: Findings | None = None) -> list[NeedRow]:
    """List the survey's needs with the job that each is linked to, if any."""
    del findings  # the tables tell it all
    return kept_part(study, "needs", lambda: _needs(study))


def _needs(study: Study) -> list[NeedRow]:
    data: Mapping[str, Any] | None = (
        Survey.objects.filter(study=study).values_list("data", flat=True).first()
    )
    if data is None or not study.jobs.filter(current=True).exists():
        return []
    links = {
        link.need: link
        for link in study.links.filter(job__current=True).only(
            "need", "job_id", "similarity", "confirmed"
        )
    }
    found = []
    for need in data.get("needs") or data.get("importance") or ():
        link = links.get(need)
        reading = (data.get("readings") or {}).get(need) or {}
        text = str(reading.get("label") or need)
        found.append(
            NeedRow(
                need=need,
                wording=sentence_case(text.replace("_", " ") if " " not in text else text),
                job=link.job_id if link else None,
                similarity=link.similarity if link else 0.0,
                confirmed=link.confirmed if link else False,
            )
        )
    return found
