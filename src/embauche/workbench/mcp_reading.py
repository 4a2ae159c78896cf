"""What an assistant may read: studies, sources, evidence, jobs and figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from pydantic import Field

from embauche.present.results_json import results
from embauche.vocabulary import EvidenceStatus, Facet
from embauche.workbench.mcp_session import Session
from embauche.workbench.models import Evidence, Job, Study
from embauche.workbench.services.inputs import decisions_in, study_folder
from embauche.workbench.services.jobs_view import job_rows
from embauche.workbench.services.matrix_view import matrix_of
from embauche.workbench.services.proposal_lines import suggestions
from embauche.workbench.services.restoring import findings
from embauche.workbench.services.search import search as find
from embauche.workbench.services.state import study_state
from embauche.workbench.services.visibility import (
    as_seen,
    coding_blind,
    shut_while_blind,
    visible_evidence,
)

StudyName = Annotated[
    str | None, Field(description="Slug of the study; not needed where there is only one.")
]
_MOST_TURNS: Final = 200
_MOST: Final = 100
Limit = Annotated[int, Field(ge=1, le=_MOST)]
Offset = Annotated[int, Field(ge=0, le=10_000_000)]


@dataclass(frozen=True, slots=True)
class Talk:
    """Tools that read what people said: studies, sources and evidence."""

    session: Session

    def tools(self) -> list[Callable[..., Any]]:
        """Return the tools."""
        return [
            self.list_studies, self.read_study, self.list_sources, self.read_source, self.search,
            self.list_evidence,
        ]  # fmt: skip

    def list_studies(self) -> dict[str, Any]:
        """List the studies: slug, title, product, question, language and how far each is."""
        return {"studies": [_study(study) for study in self.session.studies()]}

    def read_study(self, study: StudyName = None) -> dict[str, Any]:
        """Read what a study is about and where each of its stages stands."""
        opened = self.session.opened(study)
        state = study_state(opened, self.session.user)
        stages = {item.stage.value: {"done": item.done, **item.params} for item in state.stages}
        return {**_study(opened), "stages": stages, "offer": dict(opened.offer)}

    def list_sources(
        self, study: StudyName = None, limit: Limit = 50, offset: Offset = 0
    ) -> dict[str, Any]:
        """List the sources (interviews, reviews) with their numbers; read one with read_source."""
        rows = self.session.opened(study).sources.filter(current=True).order_by("position", "pk")
        fields = ("pk", "name", "kind", "language", "words")
        found = rows.values_list(*fields)[offset : offset + limit]
        names = ("source", "name", "kind", "language", "words")
        items = [dict(zip(names, row, strict=True)) for row in found]
        return {"total": rows.count(), "sources": items}

    def read_source(
        self,
        source: int,
        study: StudyName = None,
        first_turn: Offset = 0,
        turns: Annotated[int, Field(ge=1, le=_MOST_TURNS)] = 60,
    ) -> dict[str, Any]:
        """Read turns of a source, word for word. `start` is the position of a turn's first letter.

        Only turns with role "participant" hold evidence; quotes are copied from them exactly.
        """
        row = self.session.opened(study).sources.get(pk=source, current=True)
        names = dict(row.study.participants.values_list("key", "pseudonym"))
        shown = [
            {
                "turn": turn["index"],
                "role": turn["role"],
                "speaker": turn["speaker"] or names.get(turn["participant"] or "", ""),
                "start": turn["start"],
                "text": row.text[turn["start"] : turn["end"]],
            }
            for turn in row.turns[first_turn : first_turn + turns]
        ]
        return {
            "source": row.pk,
            "name": row.name,
            "language": row.language,
            "all_turns": len(row.turns),
            "turns": shown,
        }

    def search(
        self,
        words: Annotated[str, Field(min_length=2, max_length=200)],
        study: StudyName = None,
        limit: Limit = 20,
    ) -> dict[str, Any]:
        """Find sentences in all sources: words in all their forms, phrases in quotation marks."""
        opened = self.session.opened(study)
        found = find(opened, self.session.user, words, most=limit)
        hits = [
            {
                "source": item.source,
                "name": item.source_name,
                "start": item.start,
                "said_by": "interviewer" if item.interviewer else item.participant,
                "sentence": "".join(text for text, _ in item.parts),
            }
            for item in found.hits
        ]
        return {"total": found.n, "sentences": hits}

    def list_evidence(
        self,
        study: StudyName = None,
        facet: Facet | None = None,
        status: EvidenceStatus | None = None,
        source: int | None = None,
        job: Annotated[int | None, Field(description="Number of a job.")] = None,
        words: Annotated[str, Field(max_length=200)] = "",
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> dict[str, Any]:
        """List evidence: exact quotes with a facet, who proposed it and what people decided."""
        opened = self.session.opened(study)
        asked = {
            "facet": facet and facet.value,
            "status": status and status.value,
            "source": source,
            "attachments__job": job,
            "quote__icontains": words,
        }
        if coding_blind(opened, self.session.user):
            # What others decided must not be learned by asking for it.
            asked["status"] = asked["attachments__job"] = None
        rows = _evidence(self.session, opened).filter(
            **{name: value for name, value in asked.items() if value}
        )
        if asked["attachments__job"]:
            rows = rows.distinct()
        rows = rows.order_by("source__position", "start", "end", "facet", "pk")
        shown = as_seen(rows[offset : offset + limit], opened, self.session.user)
        return {"total": rows.count(), "evidence": [_piece(row) for row in shown]}


@dataclass(frozen=True, slots=True)
class Figures:
    """Tools that read what came of it: jobs, their matrix, segments and opportunities."""

    session: Session

    def tools(self) -> list[Callable[..., Any]]:
        """Return the tools."""
        return [
            self.list_jobs, self.read_job, self.read_matrix, self.read_segments,
            self.read_opportunities,
        ]  # fmt: skip

    def list_jobs(self, study: StudyName = None) -> dict[str, Any]:
        """List the jobs, most participants first, with statement, type and number."""
        opened = self.session.opened(study)
        _open_figures(self.session, opened)
        rows = opened.jobs.filter(current=True).order_by("position", "pk")
        return {"jobs": [_job(row) for row in rows]}

    def read_job(self, job: int, study: StudyName = None) -> dict[str, Any]:
        """Read a job with its evidence by facet, and statements that programs propose for it."""
        opened = self.session.opened(study)
        _open_figures(self.session, opened)
        row = opened.jobs.get(pk=job, current=True)
        pieces = _evidence(self.session, opened).filter(attachments__job=row)
        by_facet: dict[str, list[dict[str, Any]]] = {}
        for item in pieces.order_by("attachments__position", "pk").distinct()[:_MOST_TURNS]:
            by_facet.setdefault(item.facet, []).append(_piece(item))
        proposed = suggestions(opened, decisions_in(study_folder(opened))).get(row.key, [])
        told = [
            {"language": item.language.value, "statement": item.statement, "by": item.coder}
            for item in proposed
        ]
        return {**_job(row), "evidence": by_facet, "proposed_statements": told}

    def read_matrix(self, study: StudyName = None) -> dict[str, Any]:
        """Read the job matrix: how many participants and quotes each job has, facet by facet."""
        opened = self.session.opened(study)
        _open_figures(self.session, opened)
        cells = matrix_of(opened).cells
        rows = [
            (row, cells[row.pk])
            for row in job_rows(opened, self.session.language)
            if row.pk in cells
        ]
        return {
            "rows": [
                {
                    "job": row.pk,
                    "statement": row.statement,
                    "participants": row.participants,
                    "of": row.of,
                    "cells": {
                        cell.key: {"participants": cell.participants, "quotes": cell.quotes}
                        for cell in held
                    },
                }
                for row, held in rows
            ]
        }

    def read_segments(self, study: StudyName = None) -> dict[str, Any]:
        """Read the segments with the verdict on how solid they are; null without any."""
        return _figures(self.session, study, "segments", "validation", "warnings")

    def read_opportunities(self, study: StudyName = None) -> dict[str, Any]:
        """Read what is served worst: opportunity scores and priorities with their intervals."""
        return _figures(self.session, study, "opportunities", "priorities", "warnings")


def _open_figures(session: Session, study: Study) -> None:
    """Refuse figures that would show others' coding while the study is blind."""
    if shut_while_blind(study, session.user):
        raise PermissionDenied


def _figures(session: Session, slug: str | None, *names: str) -> dict[str, Any]:
    study = session.opened(slug)
    _open_figures(session, study)
    made = results(findings(study, session.language))
    return {name: made[name] for name in names}


def _study(row: Study) -> dict[str, Any]:
    names = ("slug", "title", "product", "question", "language", "fictional")
    return {name: getattr(row, name) for name in names}


def _evidence(session: Session, study: Study) -> QuerySet[Evidence]:
    rows = visible_evidence(study, session.user).select_related("source", "participant", "coder")
    return rows.defer("source__text", "source__turns", "source__sentences")


def _piece(row: Evidence) -> dict[str, Any]:
    names = ("facet", "quote", "status", "start", "memo")
    return {
        "evidence": row.pk,
        "source": row.source_id,
        "participant": row.participant.pseudonym,
        "by": row.coder.name if row.coder else "",
        "confidence": round(row.confidence, 2),
        **{name: getattr(row, name) for name in names},
    }


def _job(row: Job) -> dict[str, Any]:
    return {
        "job": row.pk,
        "type": row.type,
        "statement": row.statement,
        "confirmed": not row.statement_is_proposal,
        "participants": len(row.participants),
    }
