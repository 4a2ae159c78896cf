"""Badly served outcomes as rows of a backlog, ordered by opportunity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from embauche.activate.steps import THIN, BacklogRow
from embauche.activate.voices import chosen, held, people
from embauche.identify.evidence import Evidence
from embauche.jobs.job import JobMap, NeedLink
from embauche.notices import Notice
from embauche.prioritise.priority import Opportunity, QualitativePriority
from embauche.vocabulary import Facet, Zone

_WORTH = frozenset({Zone.EXTREME, Zone.STRONG, Zone.WORTH_A_LOOK})
_WORTH_SCORE = 10.0


def backlog(
    opportunities: Sequence[Opportunity],
    job_map: JobMap,
    evidence: Sequence[Evidence],
    *,
    links: Sequence[NeedLink] = (),
    priorities: Sequence[QualitativePriority] = (),
    most: int = 3,
) -> tuple[BacklogRow, ...]:
    """Turn badly served outcomes into rows of a backlog.

    Parameters
    ----------
    opportunities
        Overall (``segment is None``) and, where they exist, inside the segments.
    job_map, evidence
        Jobs and their evidence, for the quotes; an empty map does no harm.
    links
        Which job an outcome's column asks about; also importance or satisfaction columns.
    priorities
        Used where there are no opportunities: each job's frustrations, by qualitative index.
    most
        Quotes a row at most.

    Returns
    -------
    tuple of BacklogRow
        Outcomes worth a look overall or inside a segment, greatest opportunity first; from
        interviews alone, jobs with frustrations by their index, unknown indices last.
    """
    if opportunities:
        return _from_survey(opportunities, job_map, evidence, links, most)
    return _from_interviews(priorities, job_map, evidence, most)


def _worth(item: Opportunity) -> bool:
    return item.zone in _WORTH if item.zone is not None else item.score >= _WORTH_SCORE


def _from_survey(
    opportunities: Sequence[Opportunity],
    job_map: JobMap,
    evidence: Sequence[Evidence],
    links: Sequence[NeedLink],
    most: int,
) -> tuple[BacklogRow, ...]:
    known = {item.id: item for item in evidence}
    jobs = {job.id: job for job in job_map.jobs}
    job_of = {link.need: link.job for link in links}
    inside: dict[str, list[Opportunity]] = {}
    for item in opportunities:
        if item.segment is not None:
            inside.setdefault(item.outcome, []).append(item)
    rows = []
    for item in (each for each in opportunities if each.segment is None):
        worst = max(inside.get(item.outcome, ()), key=lambda each: each.score, default=None)
        if not _worth(item) and (worst is None or not _worth(worst)):
            continue
        linked = next(
            (
                job_of[name]
                for name in (item.importance_column, item.satisfaction_column, item.outcome)
                if name in job_of
            ),
            None,
        )
        job = jobs.get(linked) if linked else None
        pairs = held(job, (Facet.FRUSTRATION,), known) if job else []
        notices = list(item.notices)
        if not _worth(item):
            notices.append(Notice("activate.only_in_segment", {}, "info"))
        rows.append(
            BacklogRow(
                0,
                "survey",
                item.outcome,
                linked,
                item.score,
                item.low,
                item.high,
                item.zone,
                item.n,
                worst.segment if worst else None,
                worst.score if worst else None,
                chosen(pairs, most),
                tuple(notices),
            )
        )
    rows.sort(key=lambda row: (-max(row.score or 0.0, row.worst_score or 0.0), row.label))
    return _ranked(rows)


def _from_interviews(
    priorities: Sequence[QualitativePriority],
    job_map: JobMap,
    evidence: Sequence[Evidence],
    most: int,
) -> tuple[BacklogRow, ...]:
    known = {item.id: item for item in evidence}
    by_job: Mapping[str, QualitativePriority] = {item.job: item for item in priorities}
    rows = []
    for job in job_map.jobs:
        pairs = held(job, (Facet.FRUSTRATION,), known)
        voices = chosen(pairs, most)
        if not voices:
            continue
        n = people(pairs)
        index = by_job.get(job.id)
        notices = list(index.notices) if index else []
        if n < THIN:
            notices.append(Notice("activate.thin_frustrations", {"n": n, "least": THIN}, "weak"))
        rows.append(
            BacklogRow(
                0,
                "interviews",
                voices[0].quote,
                job.id,
                index.index if index else None,
                index.low if index else None,
                index.high if index else None,
                None,
                n,
                None,
                None,
                voices,
                tuple(notices),
            )
        )
    place = {job.id: position for position, job in enumerate(job_map.jobs)}
    rows.sort(key=lambda row: (row.score is None, -(row.score or 0.0), place[row.job or ""]))
    return _ranked(rows)


def _ranked(rows: Sequence[BacklogRow]) -> tuple[BacklogRow, ...]:
    return tuple(replace(row, rank=position) for position, row in enumerate(rows, start=1))
