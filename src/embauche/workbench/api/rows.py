"""Rows of the database as the API shows them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from embauche.workbench.models import Evidence, Job, Participant, Source, Study


def study_row(row: Study) -> dict[str, Any]:
    """Return a study."""
    names = (
        "slug", "title", "product", "language", "question", "fictional", "blind", "archived_at",
        "analysed_at", "created_at", "offer", "version",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names}


def source_row(row: Source) -> dict[str, Any]:
    """Return a source without its text; `SOURCE_LEFT` need not be loaded."""
    names = ("key", "name", "kind", "language", "words", "sha256", "current", "memo", "version")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}


SOURCE_LEFT = ("text", "turns", "sentences", "notices")


def participant_row(row: Participant) -> dict[str, Any]:
    """Return a participant."""
    names = ("key", "pseudonym", "situation", "demographics", "version")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}


def evidence_row(row: Evidence) -> dict[str, Any]:
    """Return a piece of evidence; see `EVIDENCE_WITH` for what to load along."""
    names = (
        "key", "start", "end", "quote", "facet", "language", "status", "moment", "intensity",
        "dissatisfaction", "reason", "memo", "reviewed_at", "version",
    )  # fmt: skip
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in names},
        **{name: _finite(getattr(row, name)) for name in ("confidence", "frequency", "valence")},
        "source": row.source_id,
        "source_name": row.source.name,
        "participant": row.participant.key,
        "pseudonym": row.participant.pseudonym,
        "coder": row.coder.name,
        "reviewer": row.reviewer.name if row.reviewer else None,
    }


EVIDENCE_WITH = ("source", "participant", "coder", "reviewer")
EVIDENCE_FIELDS = (
    "key", "start", "end", "quote", "facet", "language", "status", "moment", "intensity",
    "dissatisfaction", "reason", "memo", "reviewed_at", "version", "confidence", "frequency",
    "valence", "source__name", "participant__key", "participant__pseudonym", "coder__name",
    "reviewer__name",
)  # fmt: skip
"""What `evidence_row` reads: of sources and people their names alone."""


def job_row(row: Job) -> dict[str, Any]:
    """Return a job."""
    names = ("key", "type", "statement", "story", "statement_is_proposal", "memo", "version")
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in names},
        "participants": list(row.participants),
        "worded_by": row.worded_by.name if row.worded_by else None,
    }


_SHOWN: dict[type, Callable[[Any], dict[str, Any]]] = {
    Study: study_row,
    Source: source_row,
    Participant: participant_row,
    Evidence: evidence_row,
    Job: job_row,
}


def row_as_json(row: Any) -> dict[str, Any]:
    """Return any row that has a version, for who changed a stale one."""
    shown = _SHOWN.get(type(row))
    return shown(row) if shown else {"id": row.pk, "version": getattr(row, "version", None)}


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
