"""Collect: what the study holds, files that wait to be taken, and what is removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST

from embauche.errors import EmbaucheError, ReadError
from embauche.messages import messages
from embauche.notices import Notice
from embauche.study.config import read_config
from embauche.workbench.models import Participant, Result, Source, Study, Survey, Upload
from embauche.workbench.page import number_of, page, study_of, wants_part
from embauche.workbench.services.frozen import thaw
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.intake_files import MOST_BYTES
from embauche.workbench.services.intake_taking import held_tables, take
from embauche.workbench.services.intake_uploads import leave, receive, reread, sources_of
from embauche.workbench.services.intake_uploads import waiting as waiting_files
from embauche.workbench.services.intake_wishes import UploadView, keep_wishes, view, wish_of
from embauche.workbench.services.replacing import at_stake, remove_source, remove_table
from embauche.workbench.services.restoring import evidence_table

_A_PAGE = 50


def listing(request: Any, slug: str, *, status: int = 200, **said: Any) -> HttpResponse:
    """List what was collected, files that wait, and a place to drop more."""
    study = study_of(request, slug)
    rows = (
        study.sources.filter(current=True).defer("text", "sentences", "turns").order_by("position")
    )
    sources = Paginator(rows, _A_PAGE).get_page(number_of(request, "page"))
    _count(study, sources)
    survey = Survey.objects.filter(study=study).only("name", "n", "study_id").first()
    return page(
        request,
        "sources",
        study,
        status=status,
        section="collect",
        tab="sources",
        sources=sources,
        people=_people(study, list(sources)),
        uploads=[view(upload) for upload in waiting_files(study)],
        files=sources_of(study),
        tables=held_tables(study),
        survey=survey,
        first_review=study.sources.filter(current=True, kind="review")
        .values_list("pk", flat=True)
        .first(),
        to_survey=_survey_page(study),
        notices=_notices(study),
        most=MOST_BYTES,
        taken=number_of(request, "taken", 0),
        left=number_of(request, "left", 0),
        **said,
    )


def _count(study: Study, sources: Iterable[Any]) -> None:
    """Give sources how much evidence they hold, and how much of it waits for review."""
    kept: Counter[int] = Counter()
    waiting: Counter[int] = Counter()
    with evidence_table(study) as table:
        if table is not None:
            groups = [(group[:3], n) for group, n in table.counts.items()]
        else:
            counted = study.evidence.filter(current=True).order_by()
            columns = ("source_id", "withdrawn", "status")
            groups = [
                (tuple(group), n)
                for *group, n in counted.values_list(*columns).annotate(n=Count("pk"))
            ]
    for (source, withdrawn, status), n in groups:
        kept[source] += n
        waiting[source] += n if status == "proposed" and not withdrawn else 0
    for row in sources:
        row.kept, row.waiting = kept[row.pk], waiting[row.pk]


def _survey_page(study: Study) -> str:
    try:
        return reverse("survey", args=[study.slug])
    except NoReverseMatch:
        return ""


def _notices(study: Study) -> list[Notice]:
    """Return what the last analysis said of reading the sources."""
    data = Result.objects.filter(study=study, part="corpus").values_list("data", flat=True).first()
    return [thaw(Notice, item) for item in data or ()]


def _people(study: Study, rows: list[Source]) -> dict[str, list[str]]:
    """Return the names of those who speak in each source.

    A participant's id is that of the source, or begins with it, unless somebody said otherwise.
    """
    every = set(study.sources.values_list("key", flat=True))
    wanted = {row.key for row in rows}
    found: dict[str, list[str]] = {}
    people = Participant.objects.filter(study=study).order_by("position")
    names = dict(people.values_list("key", "pseudonym"))
    for key, name in names.items():
        owner = key if key in every else _longest(key, every)
        if owner in wanted:
            found.setdefault(owner, []).append(name)
    said = read_config(study_folder(study)).interviews.speakers
    for row in rows:
        if row.name in said:
            heard = dict.fromkeys(turn["participant"] for turn in row.turns)
            found[row.key] = [names[key] for key in heard if key in names]
    return found


def _longest(key: str, sources: Iterable[str]) -> str:
    parts = key.split("-")
    known = set(sources)
    for size in range(len(parts) - 1, 0, -1):
        owner = "-".join(parts[:size])
        if owner in known:
            return owner
    return ""


@require_POST
def upload(request: Any, slug: str) -> HttpResponse:
    """Receive dropped files; a script sends them one by one and gets the preview back."""
    study = study_of(request, slug, writes="editor")
    files = request.FILES.getlist("files")
    made: list[Upload] = []
    refused: list[tuple[str, str]] = []
    for file in files:
        try:
            made.append(receive(study.pk, file, request.user))
        except ReadError as error:
            refused.append(_said(request, error))
    if wants_part(request):
        return page(
            request,
            "parts/uploads",
            study,
            uploads=[view(one) for one in made],
            refused=refused,
            files=sources_of(study),
            tables=held_tables(study),
        )
    if refused or not files:
        refused = refused or [_said(request, ReadError("intake.no_file"))]
        return listing(request, slug, status=422, refused=refused)
    return HttpResponseRedirect(reverse("sources", args=[slug]) + "#waiting")


@require_POST
def waiting(request: Any, slug: str) -> HttpResponse:
    """Take files, leave them, or look into one again; what was said of the others is kept."""
    study = study_of(request, slug, writes="editor")
    keep_wishes(study, request.POST)
    address = reverse("sources", args=[slug])
    if (again := _number(request.POST, "look")) is not None:
        get_object_or_404(Upload, pk=again, study=study)
        one = reread(again, str(request.POST.get(f"u{again}-kind", "")), request.user)
        if wants_part(request):
            return page(
                request,
                "parts/uploads",
                study,
                uploads=[view(one)],
                files=sources_of(study),
                tables=held_tables(study),
            )
        return HttpResponseRedirect(f"{address}#u{again}")
    if "leave" in request.POST:
        n = leave(study.pk, _chosen(study, request.POST["leave"]), request.user)
        return HttpResponseRedirect(f"{address}?left={n}#waiting")
    shown: list[UploadView] = [view(one) for one in waiting_files(study)]
    chosen = set(_chosen(study, str(request.POST.get("take", "all"))))
    wanted = [item for item in shown if item.upload.pk in chosen and item.ready and not item.unsure]
    done = take(study.pk, {item.upload.pk: wish_of(item.upload) for item in wanted}, request.user)
    left = "#waiting" if Upload.objects.filter(study=study).exists() else ""
    return HttpResponseRedirect(f"{address}?taken={len(done.names)}{left}")


def _chosen(study: Study, value: str) -> list[int]:
    if value == "all":
        return list(Upload.objects.filter(study=study).values_list("pk", flat=True))
    return [int(value)] if value.isascii() and value.isdigit() and len(value) < 10 else []


def _number(data: Mapping[str, Any], name: str) -> int | None:
    text = str(data.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def remove(request: Any, slug: str, source_id: int) -> HttpResponse:
    """Say what goes with a source, and remove it."""
    study = study_of(request, slug, writes="editor")
    source = get_object_or_404(Source, pk=source_id, study=study, current=True)
    if request.method == "POST":
        remove_source(source.pk, request.user, _number(request.POST, "version") or 0)
        return HttpResponseRedirect(reverse("sources", args=[slug]))
    rows = study.sources.filter(current=True, name__startswith=f"{source.name.partition('#')[0]}#")
    return page(
        request,
        "source_remove",
        study,
        section="collect",
        tab="sources",
        source=source,
        name=source.name.partition("#")[0] if source.kind == "review" else source.name,
        rows=rows.count() if source.kind == "review" else 1,
        stake=at_stake(source),
    )


@require_POST
def remove_table_page(request: Any, slug: str) -> HttpResponse:
    """Remove the survey or the customers' table."""
    study = study_of(request, slug, writes="editor")
    part = str(request.POST.get("part", ""))
    remove_table(study.pk, part, str(request.POST.get("name", "")), request.user)
    return HttpResponseRedirect(reverse("sources", args=[slug]))


def _said(request: Any, error: EmbaucheError) -> tuple[str, str]:
    language = messages(request.language).language
    return error.message(language), error.hint(language)
