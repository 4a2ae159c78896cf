"""Map: the job matrix, for everyone or for those whom filters leave."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from embauche.messages import messages
from embauche.present.names import sentence_case
from embauche.present.tables import Cell, csv_text
from embauche.vocabulary import JOB_FACETS, JobType, Language, label
from embauche.workbench.models import Evidence, Job, Study
from embauche.workbench.page import page, part, study_of, wants_part
from embauche.workbench.services.jobs_view import JobRow, job_rows
from embauche.workbench.services.matrix_view import (
    CELLS,
    CellView,
    Filters,
    Matrix,
    choices,
    evidence_of,
    matrix_of,
)

_QUOTES_IN_A_CELL = 200
_SITUATION = "s:"
"""Begins the name of a filter by a situation attribute."""


def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the job matrix; a cell opens its quotes in the margin."""
    study = study_of(request, slug)
    filters = filters_of(request.GET)
    found = matrix_of(study, filters)
    jobs = job_rows(study, request.language)
    known = choices(study)
    names = {row.key: f"{row.number} · {row.statement}" for row in jobs}
    query = _query(filters)
    opened = None
    if request.GET.get("job") and request.GET.get("facet"):
        opened = _opened(request, study, request.GET["job"], request.GET["facet"], filters)
    return page(
        request,
        "matrix",
        study,
        section="map",
        rows=[
            _drawn(job, tuple(cells), request.language, reverse("matrix", args=[slug]), query)
            for job, cells in _rows(jobs, found)
        ],
        columns=list(CELLS),
        opened=opened,
        found=found,
        filters=filters,
        query=query,
        participants=known.participants,
        segments=[(job, n, names.get(job, job), ids) for job, n, ids in known.segments],
        situations=[
            (_SITUATION + name, sentence_case(name.replace("_", " ")), answers,
             filters.situation.get(name, ""))
            for name, answers in known.situations.items()
        ],
        languages=list(Language),
    )  # fmt: skip


def cell(request: HttpRequest, slug: str, job_id: int, facet: str) -> HttpResponse:
    """Show the quotes of one cell, for the margin; a page of its own without scripts."""
    study = study_of(request, slug)
    filters = filters_of(request.GET)
    if not wants_part(request):
        query = urlencode({"job": job_id, "facet": facet})
        rest = _query(filters)
        address = f"{reverse('matrix', args=[slug])}?{query}{'&' + rest if rest else ''}#margin"
        return HttpResponseRedirect(address)
    opened = _opened(request, study, str(job_id), facet, filters)
    return part(request, "parts/cell", study=study, opened=opened)


def download(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand over what the matrix shows, as CSV; for French spreadsheets on request."""
    study = study_of(request, slug)
    words = messages(request.language)
    found = matrix_of(study, filters_of(request.GET))
    rows = _rows(job_rows(study, request.language), found)
    header = [
        words.text("workbench.column.job"),
        words.text("workbench.jobs.statement"),
        words.text("board.type"),
        "n",
    ]
    for key in CELLS:
        column = words.text(f"workbench.column.{key}")
        header += [
            words.text(f"board.matrix.column.{kind}", column=column)
            for kind in ("people", "quotes", "best")
        ]
    lines: list[list[Cell]] = [
        [
            job.number,
            job.statement,
            label(JobType(job.type), words.language),
            found.n,
            *(
                value
                for item in cells
                for value in (item.participants, item.quotes, item.quote or None)
            ),
        ]
        for job, cells in rows
    ]
    text = csv_text(header, lines, french="semicolon" in request.GET)
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{study.slug}-matrix.csv"'},
    )


def filters_of(asked: QueryDict) -> Filters:
    """Read the filters of an address."""
    situation = {
        name.removeprefix(_SITUATION): value
        for name in asked
        if name.startswith(_SITUATION) and (value := str(asked.get(name) or ""))
    }
    language = asked.get("language", "")
    return Filters(
        participant=asked.get("participant", ""),
        language=language if language in tuple(Language) else "",
        segment=asked.get("segment", ""),
        situation=situation,
    )


def _query(filters: Filters) -> str:
    chosen = {
        name: value
        for name in ("participant", "language", "segment")
        if (value := getattr(filters, name))
    }
    return urlencode(
        {**chosen, **{_SITUATION + name: value for name, value in filters.situation.items()}}
    )


def _rows(jobs: list[JobRow], found: Matrix) -> list[tuple[JobRow, list[CellView]]]:
    return [(row, found.cells[row.pk]) for row in jobs if row.pk in found.cells]


@lru_cache(maxsize=1024)
def _drawn(
    job: JobRow, cells: tuple[CellView, ...], language: Language, address: str, query: str
) -> SafeString:
    """Draw a row; one that has not changed since it was drawn last is kept."""
    given = {"job": job, "cells": cells, "address": address, "query": query}
    template = get_template("workbench/parts/matrix_row.html")
    drawn = template.render({**given, "words": messages(language)})
    return mark_safe(drawn)  # noqa: S308 - a template escapes what it is given


def _opened(
    request: HttpRequest, study: Study, job_id: str, facet: str, filters: Filters
) -> dict[str, Any]:
    if not (job_id.isascii() and job_id.isdigit()) or facet not in CELLS:
        raise Http404
    job = get_object_or_404(Job, pk=job_id, study=study, current=True)
    facets = [item.value for item in JOB_FACETS] if facet == "job" else [facet]
    held = evidence_of(study, filters).filter(job=job, facet__in=facets).order_by("position")
    pks = list(dict.fromkeys(held.values_list("evidence_id", flat=True)))[:_QUOTES_IN_A_CELL]
    known = {
        row.pk: row
        for row in Evidence.objects.filter(pk__in=pks)
        .select_related("participant", "source", "coder", "reviewer")
        .defer("source__text", "source__turns", "source__sentences")
    }
    rows = [known[pk] for pk in pks]
    texts = job.statement
    return {
        "job": sentence_case(texts.get(request.language) or next(iter(texts.values()), job.key)),
        "facet": facet,
        "rows": rows,
        "participants": len({item.participant_id for item in rows}),
    }
