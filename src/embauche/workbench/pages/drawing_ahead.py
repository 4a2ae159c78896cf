"""After an analysis: the pages with charts are made once, so that nobody waits for the drawing."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest

from embauche.vocabulary import Language
from embauche.workbench.models import Membership, Study
from embauche.workbench.pages import compare, priorities, segments, targets

_PAGES = (segments.results, priorities.results, targets.results, compare.results)
_logger = logging.getLogger(__name__)


def draw(study_id: int) -> None:
    """Make each page with charts in both languages, the study's own first; charts are kept."""
    study = Study.objects.get(pk=study_id)
    owner = Membership.objects.filter(study=study, role=Membership.Role.OWNER).first()
    if owner is None or study.analysed_at is None:
        return
    for language in sorted(Language, key=lambda each: each != study.language):
        for page in _PAGES:
            request: Any = HttpRequest()
            request.method, request.user = "GET", owner.user
            request.language, request.language_chosen = language, True
            try:
                page(request, study.slug)
            except Exception:  # whoever opens the page is told; drawing ahead is a courtesy
                _logger.exception("drawing ahead")
