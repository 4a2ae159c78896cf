"""The needs of a study's survey beside the jobs that interviews found, as they are linked now."""

from __future__ import annotations

from dataclasses import dataclass

from embauche.vocabulary import Language
from embauche.workbench.models import NeedLink, Study, Survey


@dataclass(frozen=True, slots=True)
class JobChoice:
    """A job to choose."""

    pk: int
    number: str
    statement: str


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need and the job that it asks about: none, proposed with a similarity, or confirmed."""

    need: str
    label: str
    job: int | None
    confirmed: bool
    similarity: float


@dataclass(frozen=True, slots=True)
class LinkRows:
    """Needs and jobs of a study; empty where one of both is missing."""

    needs: tuple[NeedRow, ...] = ()
    jobs: tuple[JobChoice, ...] = ()

    @property
    def confirmed(self) -> int:
        """Needs whose job a person confirmed."""
        return sum(need.confirmed for need in self.needs)


def link_rows(study: Study, language: Language | str) -> LinkRows:
    """Return the needs of the survey last analysed, and the jobs they may ask about."""
    stored = Survey.objects.filter(study=study).values_list("data", flat=True).first()
    jobs = tuple(
        JobChoice(pk, f"J{place}", _worded(statement, language))
        for place, (pk, statement) in enumerate(
            study.jobs.filter(current=True).values_list("pk", "statement"), 1
        )
    )
    if stored is None or not jobs:
        return LinkRows()
    links = {link.need: link for link in NeedLink.objects.filter(study=study)}
    readings = stored["readings"]
    rows = []
    for column in stored["needs"] or stored["importance"]:
        link = links.get(column)
        rows.append(
            NeedRow(
                need=column,
                label=readings.get(column, {}).get("label") or column,
                job=link.job_id if link else None,
                confirmed=bool(link and link.confirmed),
                similarity=link.similarity if link else 0.0,
            )
        )
    return LinkRows(tuple(rows), jobs)


def _worded(statement: dict[str, str], language: Language | str) -> str:
    text = statement.get(str(language)) or next(iter(statement.values()), "")
    return text[:1].upper() + text[1:]
