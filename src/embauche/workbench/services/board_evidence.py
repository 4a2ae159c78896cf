"""The pieces of evidence on the board: the quotes that are shown, and what is attached to jobs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count

from embauche.workbench.models import Evidence, JobEvidence, Study
from embauche.workbench.services.desk import GOALS, Desk

_NEAR: Final = 0.35
"""What nearness in the conversation adds to likeness, as in the matrix."""

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
    """Evidence that states no goal: how much of it each job has now, and the best of it.

    Attributes
    ----------
    counts
        Job id → facet → how many.
    pk_of
        Id of a piece that a person moved → its row.
    """

    counts: dict[str, dict[str, int]]
    pk_of: dict[str, int]
    _best: dict[str, list[tuple[float, int]]]

    @classmethod
    def read(cls, found: Desk) -> Attached:
        """Count what is attached to each job of a desk."""
        counts: dict[str, dict[str, int]] = {}
        best: dict[str, list[tuple[float, int]]] = {}
        moved = _moved(found)
        base = _near_of(found.study)
        for job, facet, n in base.values_list("job__key", "facet").annotate(n=Count("pk")):
            now = found.jobs.current(job)
            if now is not None:
                mine = counts.setdefault(now, {})
                mine[facet] = mine.get(facet, 0) + n
        for job, pk, key, likeness, nearness in base.filter(position__lt=2).values_list(
            "job__key", "evidence_id", "evidence__key", "similarity", "proximity"
        ):
            now = found.jobs.current(job)
            if now is not None and key not in moved:
                best.setdefault(now, []).append((likeness + _NEAR * nearness, pk))
        for place, (pk, facet, was, now) in enumerate(moved.values()):
            if was is not None:
                counts[was][facet] -= 1
            if now is not None:
                mine = counts.setdefault(now, {})
                mine[facet] = mine.get(facet, 0) + 1
                best.setdefault(now, []).append((_FIRST - place * 1e-6, pk))
        for held in best.values():
            held.sort(key=lambda item: (-item[0], item[1]))
        return cls(counts, {key: item[0] for key, item in moved.items()}, best)

    def best(self, job: str) -> list[int]:
        """Return the rows of a job's best pieces."""
        return [pk for _, pk in self._best.get(job, [])]

    @staticmethod
    def all_of(found: Desk, job: str) -> list[int]:
        """Return the rows of all that is attached to a job, best first."""
        moved = _moved(found)
        jobs = [key for key in found.rows if found.jobs.current(key) == job]
        ranked = [
            (-(likeness + _NEAR * nearness), pk)
            for pk, key, likeness, nearness in _near_of(found.study)
            .filter(job__key__in=jobs)
            .values_list("evidence_id", "evidence__key", "similarity", "proximity")
            if key not in moved
        ]
        here = [pk for pk, _, _, now in moved.values() if now == job]
        return [*here, *(pk for _, pk in sorted(ranked))]


def _near_of(study: Study) -> Any:
    return (
        JobEvidence.objects.filter(job__study=study, job__current=True, evidence__current=True)
        .exclude(facet__in=GOALS)
        .exclude(evidence__status="rejected")
        .order_by()
    )


def _moved(found: Desk) -> dict[str, tuple[int, str, str | None, str | None]]:
    """Return what people moved to another job than the analysis': row, facet, from, to."""
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
