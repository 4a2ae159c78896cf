"""The report's sections about jobs: what the templates are filled with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from embauche.jobs.job import Job
from embauche.jobs.matrix import matrix
from embauche.messages import Messages
from embauche.present.names import Names, story
from embauche.present.proportions import wilson
from embauche.present.quotes import QuoteList, Quotes, QuoteView
from embauche.present.results_opportunity import heat_of
from embauche.prioritise.heatmap import HeatCell
from embauche.prioritise.priority import QualitativePriority
from embauche.vocabulary import GOAL_FACETS, JOB_FACETS, EvidenceStatus, Facet, label

_FACET_OF_COLUMN: Final = {
    "objective": Facet.OBJECTIVE,
    "frustrations": Facet.FRUSTRATION,
    "emotions": Facet.EMOTION,
    "alternatives": Facet.ALTERNATIVE,
}

_QUOTES_IN_ALL: Final = 900
"""So many quotes keep the file light; `evidence.csv` has them all."""
_QUOTES_IN_MATRIX: Final = 400
"""So many more may open in the matrix, at least one a cell."""
_JOBS_TOLD: Final = 14
"""So many jobs are told one by one; the matrix and `jobs.csv` have them all."""


@dataclass(frozen=True, slots=True)
class FacetQuotes:
    """The quotes of one facet of a job."""

    facet: Facet
    name: str
    marker: str
    quotes: QuoteList


@dataclass(frozen=True, slots=True)
class JobSection:
    """One job as the report tells it.

    Attributes
    ----------
    id, number, statement, kind, story, is_proposal
        Of the job.
    participants, of, share, low, high
        Who states it, of all, with the 95 % interval of the share.
    main_for
        Participants whose main job it is.
    best
        Two or three quotes that state it best.
    facets
        All its evidence, by facet.
    """

    id: str
    number: str
    statement: str
    kind: str
    story: str
    is_proposal: bool
    participants: int
    of: int
    share: float
    low: float
    high: float
    main_for: int
    best: tuple[QuoteView, ...]
    facets: tuple[FacetQuotes, ...]
    mentions: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One job's row of the matrix: its statement and one list of quotes a column."""

    number: str
    statement: str
    kind: str
    participants: int
    of: int
    cells: tuple[FacetQuotes, ...]


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One job's row of the heatmap; ``None`` is unknown.

    Attributes
    ----------
    number, statement, priority
        Of the job.
    spreads
        Measure → its interval and n in words, empty where there is nothing to say.
    """

    number: str
    statement: str
    priority: QualitativePriority
    spreads: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Participants who have the same main job (where there is no survey to segment)."""

    job: str
    statement: str
    people: tuple[str, ...]
    of: int
    low: float
    high: float


def quote_limit(names: Names) -> int:
    """Return how many quotes of a facet a job may show, so that the file stays light."""
    jobs = names.findings.job_map.jobs if names.findings.job_map else ()
    cells = sum(len(job.cells) for job in jobs[:_JOBS_TOLD])
    return max(2, min(20, _QUOTES_IN_ALL // cells)) if cells else 20


def job_sections(names: Names, quotes: Quotes) -> list[JobSection]:
    """Tell the jobs that most participants state, with their evidence."""
    job_map, corpus = names.findings.job_map, names.findings.corpus
    if job_map is None or corpus is None:
        return []
    limit = quote_limit(names)
    mains = list(job_map.main_job.values())
    total = len(corpus.participants)
    return [
        _job_section(job, names, quotes, (limit, total, mains.count(job.id)))
        for job in job_map.jobs[:_JOBS_TOLD]
    ]


def _job_section(
    job: Job, names: Names, quotes: Quotes, counts: tuple[int, int, int]
) -> JobSection:
    limit, total, main_for = counts
    participants = len(job.participants)
    share = participants / total if total else 0.0
    low, high = wilson(share, total)
    stated = [item for facet in JOB_FACETS for item in job.evidence(facet)]
    telling = stated or [item for facet in GOAL_FACETS for item in job.evidence(facet)]
    facets = tuple(
        facet_quotes(job, facet, names, quotes, limit) for facet in Facet if job.evidence(facet)
    )
    return JobSection(
        id=job.id,
        number=names.job_numbers[job.id],
        statement=names.job(job.id),
        kind=label(job.type, names.language),
        story=story(job, names.language),
        is_proposal=job.statement_is_proposal,
        participants=participants,
        of=total,
        share=share,
        low=low,
        high=high,
        main_for=main_for,
        best=quotes.list(telling, 3).shown,
        facets=facets,
        mentions=sum(item.quotes.mentions for item in facets),
    )


def facet_quotes(job: Job, facet: Facet, names: Names, quotes: Quotes, limit: int) -> FacetQuotes:
    """Return the quotes that a job has for a facet."""
    return FacetQuotes(
        facet=facet,
        name=label(facet, names.language),
        marker=facet.value.replace("job.", "job-"),
        quotes=quotes.list(job.evidence(facet), limit),
    )


def matrix_rows(names: Names, quotes: Quotes) -> list[MatrixRow]:
    """Return the matrix: job · objective · frustrations · associated emotions · alternatives."""
    job_map, corpus = names.findings.job_map, names.findings.corpus
    if job_map is None or corpus is None:
        return []
    limit = max(1, min(4, _QUOTES_IN_MATRIX // (4 * len(job_map.jobs) or 1)))
    kept = [e for e in names.findings.evidence if e.status is not EvidenceStatus.REJECTED]
    table = names.findings.matrix or matrix(job_map, kept)
    return [
        MatrixRow(
            number=names.job_numbers[row.job.id],
            statement=names.job(row.job.id),
            kind=label(row.job.type, names.language),
            participants=len(row.job.participants),
            of=len(corpus.participants),
            cells=tuple(
                FacetQuotes(
                    facet=facet,
                    name=label(facet, names.language),
                    marker=facet.value,
                    quotes=quotes.list(row.cell(column).evidence, limit),
                )
                for column, facet in _FACET_OF_COLUMN.items()
            ),
        )
        for row in table.rows
    ]


def heat_rows(names: Names) -> list[HeatRow]:
    """Return the heatmap's rows, best index first and unknown ones last."""
    cells = {row.job: row.cells for row in heat_of(names.findings)}
    return [
        HeatRow(
            names.job_numbers.get(item.job, ""),
            names.job(item.job),
            item,
            {
                cell.measure: spread_text(cell, item.frequency_basis, names.words)
                for cell in cells.get(item.job, ())
            },
        )
        for item in names.findings.qualitative
    ]


def spread_text(cell: HeatCell, basis: str, words: Messages) -> str:
    """Say a heatmap cell's 95 % interval and n, such as « 2,1–3,6 · n = 7 ».

    For occurrences a month (`basis`) there is no interval, but the least and the most stated.
    """
    if cell.value is None:
        return ""
    n = words.text("report.n", n=cell.n)
    if cell.low is None or cell.high is None:
        return n
    if cell.measure == "frequency" and basis == "occurrences":
        low, high = round(cell.low, 1), round(cell.high, 1)
        return words.text("report.heatmap.stated", low=low, high=high) + f" · {n}"
    spec = "%" if cell.measure == "frequency" else ".1"
    return f"{words.number(cell.low, spec)}–{words.number(cell.high, spec)} · {n}"


def groups(names: Names) -> list[Group]:
    """Return the participants by main job, the largest group first."""
    job_map, corpus = names.findings.job_map, names.findings.corpus
    if job_map is None or corpus is None:
        return []
    total = len(corpus.participants)
    found = []
    for job in job_map.jobs:
        people = [
            names.participant(person) for person, main in job_map.main_job.items() if main == job.id
        ]
        if people:
            low, high = wilson(len(people) / total, total)
            found.append(Group(job.id, names.job(job.id), tuple(people), total, low, high))
    return sorted(found, key=lambda group: -len(group.people))
