"""The job matrix counted in the database, for everyone or for those whom filters leave.

A cell counts people, not mentions; words coded twice in a column are one quote. The cells are those
of `embauche.jobs.matrix`, without restoring ten thousand pieces of evidence first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import F, QuerySet

from embauche.vocabulary import JOB_FACETS, Facet
from embauche.workbench.models import Evidence, JobEvidence, Result, Study
from embauche.workbench.services.attached_evidence import Attached, made_of_jobs
from embauche.workbench.services.kept_parts import kept_part
from embauche.workbench.services.restored_evidence import Row
from embauche.workbench.services.restoring import evidence_table
from embauche.workbench.services.standing import current_jobs, kept_map

CELLS: Final = {
    "job": "job",
    Facet.OBJECTIVE.value: "objective",
    Facet.FRUSTRATION.value: "frustrations",
    Facet.EMOTION.value: "emotions",
    Facet.ALTERNATIVE.value: "alternatives",
}
"""Key of a cell in addresses → column of the matrix."""

MOST_VALUES: Final = 20
"""Answers of a situation attribute beyond which it is no filter: everyone has one of their own."""

_NEAR: Final = 0.35
_JOB: Final = tuple(facet.value for facet in JOB_FACETS)


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


@dataclass(frozen=True)
class Filters:
    """Whom and what the matrix counts.

    Attributes
    ----------
    participant, language
        Key of a participant, and the language of quotes; empty for all.
    segment
        Id of a job: those whose main job it is.
    situation
        Attribute → answer.
    """

    participant: str = ""
    language: str = ""
    segment: str = ""
    situation: Mapping[str, str] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether anything is left out."""
        return bool(self.participant or self.language or self.segment or self.situation)


@dataclass(frozen=True)
class Matrix:
    """The matrix of those whom the filters leave.

    Attributes
    ----------
    cells
        Row of a job → its cells, in the order of `CELLS`.
    n, of
        Participants counted, and all of them.
    """

    cells: dict[int, list[CellView]]
    n: int
    of: int


@dataclass(frozen=True)
class Choices:
    """What can be filtered by.

    Attributes
    ----------
    participants
        Key and pseudonym.
    segments
        Id of a main job, how many participants have it, and the survey segments that hire for it.
    situations
        Attribute → answers with how many participants gave each.
    """

    participants: tuple[tuple[str, str], ...]
    segments: tuple[tuple[str, int, tuple[str, ...]], ...]
    situations: dict[str, tuple[tuple[str, int], ...]]


def matrix_of(study: Study, filters: Filters | None = None) -> Matrix:
    """Count the matrix.

    Parameters
    ----------
    study
        The study.
    filters
        Whom and what to count; everyone by default.
    """
    filters = filters or Filters()
    everyone = kept_part(study, "people", study.participants.count)
    people = _people(study, filters)
    jobs = [row.pk for row in current_jobs(study)]
    if filters == Filters():
        with evidence_table(study) as table:
            if table is not None:
                cells = made_of_jobs(study, table, "cells", _cells)
                kept = {job: cells.get(job) or _cells([]) for job in jobs}
                return Matrix(kept, everyone, everyone)
    rows = evidence_of(study, filters, people).order_by().values_list(
        "job_id",
        "facet",
        "evidence_id",
        "evidence__participant_id",
        "evidence__status",
        "similarity",
        "proximity",
        "evidence__key",
        "evidence__source_id",
        "evidence__start",
        "evidence__end",
    )  # fmt: skip
    held: dict[tuple[int, str], list[tuple[Any, ...]]] = {}
    for job, facet, *rest in rows:
        held.setdefault((job, "job" if facet in _JOB else facet), []).append((facet, *rest))
    told = {place: _said(items) for place, items in held.items()}
    best = _best(study, [items[0][1] for items in told.values()])
    cells = {job: [_cell(key, told.get((job, key), []), best) for key in CELLS] for job in jobs}
    return Matrix(cells, everyone if people is None else len(people), everyone)


def _cells(held: list[tuple[Attached, Row]]) -> list[CellView]:
    """Make the cells of a job from its evidence."""
    columns: dict[str, list[tuple[Any, ...]]] = {}
    best = {}
    for (facet, pk, similarity, proximity, _), row in held:
        column = "job" if facet in _JOB else facet
        if column in CELLS:
            item, now = row.item, row.standing
            rank = (similarity, proximity, item.id, now.source, item.start, item.end)
            said = (facet, pk, now.participant, now.status, *rank)
            columns.setdefault(column, []).append(said)
            best[pk] = (item.quote, item.language.value)
    return [_cell(key, _said(columns.get(key, [])), best) for key in CELLS]


def evidence_of(
    study: Study, filters: Filters, people: set[int] | None = None
) -> QuerySet[JobEvidence]:
    """Return what jobs hold in the matrix' columns, of those whom filters leave."""
    people = people if people is not None else _people(study, filters)
    rows = JobEvidence.objects.filter(
        job__study=study,
        job__current=True,
        evidence__current=True,
        facet__in=[*_JOB, *(key for key in CELLS if key != "job")],
    ).exclude(evidence__status="rejected")
    if people is not None:
        rows = rows.filter(evidence__participant__in=people)
    if filters.language:
        rows = rows.filter(evidence__language=filters.language)
    return rows


def choices(study: Study) -> Choices:
    """Return what the matrix can be filtered by."""
    return kept_part(study, "choices", lambda: _choices(study))


def _choices(study: Study) -> Choices:
    people = list(study.participants.values_list("key", "pseudonym", "situation"))
    main: Mapping[str, str] = (kept_map(study) or {}).get("main_job") or {}
    counts: dict[str, int] = {}
    for job in main.values():
        counts[job] = counts.get(job, 0) + 1
    hired: dict[str, list[str]] = {}
    for segment in _segments(study):
        if segment.get("job"):
            hired.setdefault(segment["job"], []).append(segment["id"])
    known = list(study.jobs.filter(current=True).values_list("key", flat=True))
    answers: dict[str, dict[str, int]] = {}
    for _, _, situation in people:
        for name, value in situation.items():
            given = answers.setdefault(name, {})
            given[str(value)] = given.get(str(value), 0) + 1
    return Choices(
        participants=tuple((key, name) for key, name, _ in people),
        segments=tuple(
            (job, counts[job], tuple(hired.get(job, ()))) for job in known if counts.get(job)
        ),
        situations={
            name: tuple(sorted(given.items(), key=lambda item: (-item[1], item[0])))
            for name, given in sorted(answers.items())
            if 1 < len(given) <= MOST_VALUES
        },
    )


def _people(study: Study, filters: Filters) -> set[int] | None:
    """Return the rows of those whom filters leave; ``None`` where they leave everyone."""
    if not (filters.participant or filters.segment or filters.situation):
        return None
    main: Mapping[str, str] = {}
    if filters.segment:
        main = (kept_map(study) or {}).get("main_job") or {}
    found = set()
    for pk, key, situation in study.participants.values_list("pk", "key", "situation"):
        if filters.participant and key != filters.participant:
            continue
        if filters.segment and main.get(key) != filters.segment:
            continue
        if any(str(situation.get(name, "")) != value for name, value in filters.situation.items()):
            continue
        found.add(pk)
    return found


def _segments(study: Study) -> list[Mapping[str, Any]]:
    data = (
        Result.objects.filter(study=study, part="segmentation")
        .annotate(held=F("data__segments"))
        .values_list("held", flat=True)
        .first()
    )
    return data if isinstance(data, list) else []


def _said(items: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Order a cell's evidence, best first, and leave out what is said twice."""
    items.sort(key=lambda item: (-item[4] - _NEAR * item[5], item[6]))
    spans: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for item in items:
        spans.setdefault(item[7:10], item)
    return list(spans.values())


def _best(study: Study, pks: list[int]) -> dict[int, tuple[str, str]]:
    rows = Evidence.objects.filter(study=study, pk__in=pks).order_by()
    return {
        pk: (quote, language) for pk, quote, language in rows.values_list("pk", "quote", "language")
    }


def _cell(key: str, items: list[tuple[Any, ...]], best: Mapping[int, tuple[str, str]]) -> CellView:
    if not items:
        return CellView(key, 0, 0, 0, "", "", proposed=False, language="")
    facet, pk, _, status, *_ = items[0]
    quote, language = best[pk]
    return CellView(
        key=key,
        participants=len({item[2] for item in items}),
        quotes=len(items),
        unreviewed=sum(item[3] != "accepted" for item in items),
        quote=quote,
        facet=facet,
        proposed=status == "proposed",
        language=language,
    )
