"""The pieces of evidence on the board: the quotes that are shown, and what is attached to jobs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count

from embauche.vocabulary import Facet
from embauche.workbench.models import Evidence, JobEvidence, Study
from embauche.workbench.services.attached_evidence import Attached as Nearby
from embauche.workbench.services.attached_evidence import made_of_jobs
from embauche.workbench.services.desk import GOALS, Desk
from embauche.workbench.services.restored_evidence import Row
from embauche.workbench.services.restoring import evidence_table

_NEAR: Final = 0.35
"""What nearness in the conversation adds to likeness, as in the matrix."""

_BEST: Final = 2
"""How many pieces of a facet the board needs of a job, best first."""

_FIRST: Final = 9.0
"""More than any likeness: what a person moved comes first."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence on the board."""

    pk: int
    key: str
    quote: str
    facet: str
    language: str
    proposed: bool
    who: str
    source: int
    goal: bool


@dataclass
class Attached:
    """Evidence that states no goal: how much of it each job has now, and the best of it."""

    _counts: dict[str, Counter[str]]
    _best: dict[str, list[tuple[float, int]]]

    @classmethod
    def read(cls, found: Desk, jobs: Collection[str]) -> Attached:
        """Count what is attached to some jobs of a desk."""
        counts: dict[str, Counter[str]] = {}
        best: dict[str, list[tuple[float, int]]] = {}
        taken = moved(found)
        for key, (facets, first) in _nearest(found, jobs).items():
            job = found.jobs.current(key) or ""
            counts.setdefault(job, Counter()).update(facets)
            scored = [(likeness + _NEAR * near, pk) for pk, each, likeness, near in first
                      if each not in taken]  # fmt: skip
            best.setdefault(job, []).extend(scored)
        for place, (pk, facet, was, now) in enumerate(taken.values()):
            if was in counts:
                counts[was][facet] -= 1
            if now is not None:
                counts.setdefault(now, Counter())[facet] += 1
                best.setdefault(now, []).append((_FIRST - place * 1e-6, pk))
        for held in best.values():
            held.sort(key=lambda item: (-item[0], item[1]))
        return cls(counts, best)

    def best(self, job: str) -> list[int]:
        """Return the rows of a job's best pieces."""
        return [pk for _, pk in self._best.get(job, [])]

    def facets(self, job: str) -> tuple[tuple[str, int], ...]:
        """Return facet and number of a job's pieces, in the codebook's order."""
        held = self._counts.get(job, Counter())
        return tuple((facet.value, held[facet.value]) for facet in Facet if held[facet.value] > 0)

    @staticmethod
    def all_of(found: Desk, job: str) -> list[int]:
        """Return the rows of all that is attached to a job, best first."""
        taken = moved(found)
        ranked = [
            (-(likeness + _NEAR * nearness), pk)
            for pk, key, likeness, nearness in _near_of(found, [job]).values_list(
                "evidence_id", "evidence__key", "similarity", "proximity"
            )
            if key not in taken
        ]
        here = [pk for pk, _, _, now in taken.values() if now == job]
        return [*here, *(pk for _, pk in sorted(ranked))]


_First = tuple[int, str, float, float]


def _nearest(found: Desk, jobs: Collection[str]) -> dict[str, tuple[Counter[str], list[_First]]]:
    """Return what the analysis had attached, by its job: how much of each facet, and the best."""
    with evidence_table(found.study) as table:
        if table is not None:
            of_jobs = made_of_jobs(found.study, table, "near", _near)
            wanted = set(jobs)
            return {
                key: of_jobs[row.pk]
                for key, row in found.rows.items()
                if row.pk in of_jobs and found.jobs.current(key) in wanted
            }
    read: dict[str, tuple[Counter[str], list[_First]]] = {}
    rows = _near_of(found, jobs)
    for job, facet, n in rows.values_list("job__key", "facet").annotate(n=Count("pk")):
        read.setdefault(job, (Counter(), []))[0][facet] += n
    for job, *first in rows.filter(position__lt=_BEST).values_list(
        "job__key", "evidence_id", "evidence__key", "similarity", "proximity"
    ):
        read[job][1].append((first[0], first[1], first[2], first[3]))
    return read


def _near(held: list[tuple[Nearby, Row]]) -> tuple[Counter[str], list[_First]]:
    near = [(item, row) for item, row in held if item.facet not in GOALS]
    first = [
        (item.pk, row.standing.key, item.similarity, item.proximity)
        for item, row in near
        if item.position < _BEST
    ]
    return Counter(item.facet for item, _ in near), first


def _near_of(found: Desk, jobs: Collection[str]) -> Any:
    """Return what the analysis had attached to the jobs that these are made of."""
    wanted = set(jobs)
    rows = [row.pk for key, row in found.rows.items() if found.jobs.current(key) in wanted]
    return (
        JobEvidence.objects.filter(job__in=rows, evidence__current=True)
        .exclude(facet__in=GOALS)
        .exclude(evidence__status="rejected")
        .order_by()
    )


def moved(found: Desk) -> dict[str, tuple[int, str, str | None, str | None]]:
    """Return what people moved from where the analysis had it: row, facet, from, to."""
    targets = found.jobs.attached
    if not targets:
        return {}
    rows = {
        key: (pk, facet, was)
        for key, pk, facet, was in Evidence.objects.filter(
            study=found.study, current=True, key__in=list(targets)
        )
        .exclude(status="rejected")
        .order_by()
        .values_list("key", "pk", "facet", "attachments__job__key")
    }
    made = {}
    for key in reversed(list(targets)):
        if key not in rows:
            continue
        pk, facet, was = rows[key]
        before = found.jobs.current(was) if was else None
        target = targets[key]
        now = found.jobs.current(target) if target is not None else None
        made[key] = (pk, facet, before, now)
    return made


def pieces(study: Study, pks: Collection[int]) -> dict[int, Piece]:
    """Read the pieces of some rows."""
    rows = Evidence.objects.filter(study=study, pk__in=set(pks)).order_by()
    fields = ("pk", "key", "quote", "facet", "language", "status", "participant__pseudonym")
    return {
        pk: Piece(pk, key, quote, facet, said_in, status == "proposed", who, source, facet in GOALS)
        for pk, key, quote, facet, said_in, status, who, source in rows.values_list(
            *fields, "source_id"
        )
    }
