"""The job matrix: one row a job; each cell opens its evidence and counts participants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from embauche.identify.evidence import Evidence
from embauche.jobs.job import Job, JobMap
from embauche.vocabulary import JOB_FACETS, EvidenceStatus, Facet

COLUMNS: Final[tuple[tuple[str, tuple[Facet, ...]], ...]] = (
    ("job", JOB_FACETS),
    ("objective", (Facet.OBJECTIVE,)),
    ("frustrations", (Facet.FRUSTRATION,)),
    ("emotions", (Facet.EMOTION,)),
    ("alternatives", (Facet.ALTERNATIVE,)),
)
"""Columns in the method's order, with the facets that fill each."""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One cell of the matrix.

    Attributes
    ----------
    column
        ``"job"``, ``"objective"``, ``"frustrations"``, ``"emotions"`` or ``"alternatives"``.
    evidence
        Ids, best first; words coded twice in the same column are one.
    participants
        How many people said it, each once.
    reviewed
        How many of `evidence` a person has accepted.
    """

    column: str
    evidence: tuple[str, ...]
    participants: int
    reviewed: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One job and its cells, in the order of `COLUMNS`."""

    job: Job
    cells: tuple[MatrixCell, ...]

    def cell(self, column: str) -> MatrixCell:
        """Return the cell of a column.

        Raises
        ------
        KeyError
            If there is no such column.
        """
        for cell in self.cells:
            if cell.column == column:
                return cell
        raise KeyError(column)


@dataclass(frozen=True, slots=True)
class JobMatrix:
    """The job matrix.

    Attributes
    ----------
    columns
        Names of the columns, in order.
    rows
        One a job, in the order of the map.
    of
        Participants who state any job: what a cell's count is a part of.
    """

    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    of: int


def matrix(job_map: JobMap, evidence: Sequence[Evidence]) -> JobMatrix:
    """Arrange jobs and their evidence as the method's matrix.

    Parameters
    ----------
    job_map
        What `group` returned.
    evidence
        The evidence that it speaks of; more does no harm.

    Returns
    -------
    JobMatrix
        Every cell counts participants, not mentions.
    """
    known = {item.id: item for item in evidence}
    rows = tuple(
        MatrixRow(job, tuple(_cell(name, facets, job, known) for name, facets in COLUMNS))
        for job in job_map.jobs
    )
    people = {person for job in job_map.jobs for person in job.participants}
    return JobMatrix(tuple(name for name, _ in COLUMNS), rows, len(people))


def _cell(name: str, facets: tuple[Facet, ...], job: Job, known: dict[str, Evidence]) -> MatrixCell:
    attached = [made for facet in facets for made in job.cells.get(facet, ())]
    attached.sort(key=lambda made: (-made.similarity - 0.35 * made.proximity, made.evidence))
    spans: dict[tuple[str, int, int], Evidence] = {}
    for made in attached:
        item = known.get(made.evidence)
        if item is not None:
            spans.setdefault((item.source, item.start, item.end), item)
    said = list(spans.values())
    return MatrixCell(
        column=name,
        evidence=tuple(item.id for item in said),
        participants=len({item.participant for item in said}),
        reviewed=sum(item.status is EvidenceStatus.ACCEPTED for item in said),
    )
