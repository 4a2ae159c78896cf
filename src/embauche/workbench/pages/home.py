"""The studies of a workspace, and one study at a glance: where it stands and what comes next."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from embauche.errors import EmbaucheError, ReadError
from embauche.messages import messages
from embauche.vocabulary import Language
from embauche.workbench.models import Study
from embauche.workbench.page import page, study_of
from embauche.workbench.services.analysis import latest
from embauche.workbench.services.exporting import OUTPUTS
from embauche.workbench.services.intake_answer import answer_of, notices_of
from embauche.workbench.services.intake_files import MOST_BYTES, safe_name
from embauche.workbench.services.intake_path import path, study_line
from embauche.workbench.services.intake_studies import (
    archive_of,
    create_study,
    delete_study,
    holdings,
    open_archive,
    open_demo,
)
from embauche.workbench.services.roles import require
from embauche.workbench.services.state import study_state
from embauche.workbench.services.study_settings import archive
from embauche.workbench.services.visibility import shut_while_blind

_FIELDS = ("title", "product", "question")


def studies(request: Any) -> HttpResponse:
    """List the reader's studies, each with its state in a line; invite where there are none."""
    rows = Study.objects.filter(memberships__user=request.user).distinct()
    found = [
        {
            "study": study,
            "line": study_line(study, study_state(study, request.user)),
            "role": study.memberships.filter(user=request.user).values_list("role", flat=True)[0],
        }
        for study in rows
    ]
    return page(
        request,
        "home",
        studies=[item for item in found if item["study"].archived_at is None],
        archived=[item for item in found if item["study"].archived_at is not None],
        gone=request.GET.get("gone", "")[:200],
        form={"language": str(request.language)},
        demo=any(item["study"].fictional for item in found),
    )


def new(request: Any) -> HttpResponse:
    """Ask what a study is about, and make it."""
    if request.method != "POST":
        return page(request, "study_new", form={"language": str(request.language)})
    form = {name: str(request.POST.get(name, "")) for name in (*_FIELDS, "language")}
    try:
        study = create_study(request.user, **form)
    except EmbaucheError as error:
        return page(request, "study_new", status=422, form=form, error=_said(request, error))
    return HttpResponseRedirect(reverse("overview", args=[study.slug]))


@require_POST
def open_zip(request: Any) -> HttpResponse:
    """Make a study of a zipped study folder."""
    file = request.FILES.get("file")
    try:
        if file is None:
            raise ReadError("intake.no_file")
        name = safe_name(file.name)
        if file.size > MOST_BYTES:
            size, most = file.size / 1e6, MOST_BYTES / 1e6
            raise ReadError("intake.too_large", file=name, size=size, most=most)
        with TemporaryDirectory(prefix="embauche-") as place:
            kept = Path(place) / "archive.zip"
            with kept.open("wb") as target:
                for chunk in file.chunks():
                    target.write(chunk)
            study = open_archive(kept, name, request.user, language=str(request.language))
    except EmbaucheError as error:
        form = {"language": str(request.language)}
        return page(request, "study_new", status=422, form=form, refused=_said(request, error))
    return HttpResponseRedirect(reverse("overview", args=[study.slug]))


@require_POST
def demo(request: Any) -> HttpResponse:
    """Open the fictional study."""
    chosen = request.POST.get("language", str(request.language))
    language = Language(chosen) if chosen in tuple(Language) else request.language
    study = open_demo(str(language), request.user)
    return HttpResponseRedirect(reverse("overview", args=[study.slug]))


@require_POST
def archive_study(request: Any, slug: str) -> HttpResponse:
    """Put a study away, or bring it back."""
    study = study_of(request, slug, writes="owner")
    archived = request.POST.get("archived") == "1"
    archive(study.pk, request.user, study.version, archived=archived)
    return HttpResponseRedirect(reverse("home"))


def delete(request: Any, slug: str) -> HttpResponse:
    """Say what goes with a study, and delete it once its title was typed."""
    study = study_of(request, slug, writes="owner")
    error = None
    if request.method == "POST":
        try:
            title = delete_study(study.pk, str(request.POST.get("title", "")), request.user)
        except EmbaucheError as problem:
            error = _said(request, problem)
        else:
            return HttpResponseRedirect(f"{reverse('home')}?{urlencode({'gone': title})}")
    return page(
        request,
        "study_delete",
        study,
        section="team",
        status=422 if error else 200,
        held=holdings(study),
        error=error,
    )


def export(request: Any, slug: str) -> HttpResponse:
    """Send the study folder, decisions included, as a ``.zip``."""
    study = study_of(request, slug)
    if study.blind:
        # It holds what every coder said.
        require(request.user, study, "editor", archived=True)
    with TemporaryDirectory(prefix="embauche-") as place:
        made = archive_of(study, Path(place) / "study.zip")
        # Open while the folder is there; what is sent lives as long as it is open.
        return FileResponse(made.open("rb"), as_attachment=True, filename=f"{study.slug}.zip")


def overview(request: Any, slug: str) -> HttpResponse:
    """Show what the study answers, what it rests on, and what to do next."""
    study = study_of(request, slug)
    state = study_state(study, request.user)
    shut = shut_while_blind(study, request.user)
    said = () if shut else notices_of(study)
    return page(
        request,
        "overview",
        study,
        section="overview",
        state=state,
        answer=None if shut else answer_of(study, request.language),
        path=path(study, state),
        empty=not any(state.counts[kind] for kind in ("interviews", "reviews", "respondents")),
        notices=[item for item in said if item.severity != "info"],
        remarks=[item for item in said if item.severity == "info"],
        last_run=latest(study),
        outputs=OUTPUTS,
    )


def _said(request: Any, error: EmbaucheError) -> tuple[str, str]:
    language = messages(request.language).language
    return error.message(language), error.hint(language)
