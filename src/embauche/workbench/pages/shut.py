"""Pages that are shut to coders while a study is coded blind."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from embauche.workbench.models import Study
from embauche.workbench.page import study_of
from embauche.workbench.services.visibility import shut_while_blind


def jobs_of(request: HttpRequest, slug: str) -> Study:
    """Return the study of an address whose jobs the reader may see.

    Raises
    ------
    PermissionDenied
        If the study is coded blind and its jobs would show a coder what others coded.
    """
    study = study_of(request, slug)
    if shut_while_blind(study, request.user):
        raise PermissionDenied
    return study
