"""The studies of a workspace, and one study at a glance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from embauche.present.answer import cover_answer
from embauche.present.names import Names
from embauche.workbench.models import Study
from embauche.workbench.page import page, study_of
from embauche.workbench.services.analysis import latest
from embauche.workbench.services.exporting import OUTPUTS
from embauche.workbench.services.restoring import findings
from embauche.workbench.services.state import study_state


def studies(request: HttpRequest) -> HttpResponse:
    """List the reader's studies, each with its state."""
    rows = Study.objects.filter(memberships__user=request.user)
    return page(
        request, "home", studies=[{"study": study, "state": study_state(study)} for study in rows]
    )


def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the study answers, what it rests on, and what to do next."""
    study = study_of(request, slug)
    found = findings(study, request.language)
    answer = cover_answer(Names(found)) if study.analysed_at else None
    return page(
        request,
        "overview",
        study,
        section="overview",
        answer=answer,
        notices=[item for item in found.notices if item.severity != "info"],
        remarks=[item for item in found.notices if item.severity == "info"],
        last_run=latest(study),
        outputs=OUTPUTS,
    )
