"""Participants: what they are called, their situation, and who they are, kept apart."""

from __future__ import annotations

import re
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from embauche.errors import EmbaucheError
from embauche.messages import messages
from embauche.workbench.models import Participant
from embauche.workbench.page import number_of, page, study_of
from embauche.workbench.pages.last_step import number
from embauche.workbench.services.intake_participants import (
    DEMOGRAPHICS,
    SITUATION,
    add_column,
    analyse_people,
    drop_column,
    known_people,
    save_grid,
    writers_of_reviews,
)

_A_PAGE = 100
_CELL = re.compile(r"(?P<part>[sd])(?P<column>\d{1,2})-(?P<row>\d{1,9})")


def grid(request: Any, slug: str) -> HttpResponse:
    """Show everybody with their attributes, and keep what was typed."""
    study = study_of(request, slug, writes="editor")
    known = known_people(study)
    if request.method == "POST":
        cells: dict[int, dict[str, Any]] = {}
        for name, value in request.POST.items():
            if name.startswith("name-"):
                cells.setdefault(number(name[5:]), {})["name"] = value
            elif name.startswith("version-"):
                cells.setdefault(number(name[8:]), {})["version"] = number(str(value))
            elif (match := _CELL.fullmatch(name)) is not None:
                part = SITUATION if match["part"] == "s" else DEMOGRAPHICS
                columns = known.situation if part == SITUATION else known.demographics
                if int(match["column"]) < len(columns):
                    held = cells.setdefault(int(match["row"]), {}).setdefault(part, {})
                    held[columns[int(match["column"])]] = value
        whole = {pk: given for pk, given in cells.items() if {"name", "version"} <= given.keys()}
        try:
            changed = save_grid(study.pk, whole, request.user)
        except EmbaucheError as error:
            return _shown(request, study, known, status=_status(error), error=error)
        if changed:
            analyse_people(study.pk, request.user)
        address = reverse("participants", args=[slug])
        return HttpResponseRedirect(f"{address}?saved={changed}")
    return _shown(request, study, known)


def _status(error: EmbaucheError) -> int:
    return 409 if error.code == "workbench.stale" else 422


def _shown(
    request: Any, study: Any, known: Any, status: int = 200, error: EmbaucheError | None = None
) -> HttpResponse:
    words = messages(request.language)
    everybody = list(Participant.objects.filter(study=study).order_by("position"))
    writers = writers_of_reviews(study)
    talked = [row for row in everybody if row.key not in writers]
    wanted = everybody if request.GET.get("all") == "1" or not talked else talked
    shown = Paginator(wanted, _A_PAGE).get_page(number_of(request, "page"))
    posted = request.POST if error is not None else {}

    def cells(row: Participant, mark: str, held: Any, columns: Any) -> list[tuple[int, str, str]]:
        return [
            (place, column, posted.get(f"{mark}{place}-{row.pk}", held.get(column, "")))
            for place, column in enumerate(columns)
        ]

    rows = [
        {
            "row": row,
            "name": posted.get(f"name-{row.pk}", row.pseudonym),
            "situation": cells(row, "s", row.situation, known.situation),
            "demographics": cells(row, "d", row.demographics, known.demographics),
        }
        for row in shown
    ]
    saved = request.GET.get("saved", "")
    return page(
        request,
        "participants",
        study,
        status=status,
        section="collect",
        tab="participants",
        rows=rows,
        shown=shown,
        writers=len(everybody) - len(talked) if talked else 0,
        all_of_them=len(wanted) == len(everybody),
        known=known,
        saved=number(saved) if saved.isascii() and saved.isdigit() else None,
        error=(error.message(words.language), error.hint(words.language)) if error else None,
        taken_values={
            column: sorted({row["row"].situation.get(column, "") for row in rows} - {""})
            for column in known.situation
        },
    )


@require_POST
def columns(request: Any, slug: str) -> HttpResponse:
    """Add an attribute, or take one away."""
    study = study_of(request, slug, writes="editor")
    try:
        if "drop" in request.POST:
            drop_column(study.pk, str(request.POST["drop"]), request.user)
        else:
            part = DEMOGRAPHICS if request.POST.get("part") == DEMOGRAPHICS else SITUATION
            add_column(study.pk, part, str(request.POST.get("column", "")), request.user)
    except EmbaucheError as error:
        return _shown(request, study, known_people(study), status=_status(error), error=error)
    return HttpResponseRedirect(reverse("participants", args=[slug]))
