"""After an analysis: the pages with charts are made once, so that nobody waits for the drawing."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest

from embauche.vocabulary import Language
from embauche.workbench.models import Membership, Study
from embauche.workbench.pages import compare, priorities, segments, targets
from embauche.workbench.pages.pieces import DRAWING_AHEAD

_PAGES = (segments.results, priorities.results, targets.results, compare.results)
_logger = logging.getLogger(__name__)


def draw(study_id: int, only: str = "") -> None:
    """Make each page with charts, in one language or both, the study's own first."""
    study = Study.objects.get(pk=study_id)
    owner = Membership.objects.filter(study=study, role=Membership.Role.OWNER).first()
    if owner is None or study.analysed_at is None:
        return
    told = DRAWING_AHEAD.set(True)
    for language in sorted(Language, key=lambda each: each != study.language):
        if only and language != only:
            continue
        for page in _PAGES:
            request: Any = HttpRequest()
            request.method, request.user = "GET", owner.user
            request.language, request.language_chosen = language, True
            try:
                page(request, study.slug)
            except Exception:  # whoever opens the page is told; drawing ahead is a courtesy
                _logger.exception("drawing ahead")
    DRAWING_AHEAD.reset(told)
