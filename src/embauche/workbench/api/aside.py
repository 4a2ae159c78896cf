"""Evidence that is set aside: its words were found to be no participant's, and it is kept."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from ninja import Path, Schema

from embauche.workbench.api.callers import needs, study_of
from embauche.workbench.api.lists import version_given
from embauche.workbench.api.routes import router
from embauche.workbench.api.rows import evidence_row
from embauche.workbench.api.shapes import EvidenceShape, Given, Number, Slug, Version
from embauche.workbench.models import Evidence, Source
from embauche.workbench.services.review import undo_review
from embauche.workbench.services.roles import require
from embauche.workbench.services.set_aside import accept_back, aside_of, drop
from embauche.workbench.services.visibility import coding_blind

TAG: Final = "sources"


class AsideDecision(StrEnum):
    """What becomes of evidence that is set aside."""

    ACCEPT = "accept"
    DROP = "drop"
    UNDO = "undo"


class AsideGiven(Given):
    """A decision about evidence that is set aside."""

    evidence: Number
    decision: AsideDecision
    version: Version = None


class AsideShape(Schema):
    """Evidence that is set aside, and those of its words that may be accepted; empty: none."""

    evidence: EvidenceShape
    words: str
    start: int
    end: int
    decided: bool


_ASIDE: Final = "studies/{slug}/sources/{int:id}/aside"
_ACTS: Final = {
    AsideDecision.ACCEPT: accept_back,
    AsideDecision.DROP: drop,
    AsideDecision.UNDO: undo_review,
}


@router.get(_ASIDE, response=list[AsideShape], **needs("study:read"))
def list_aside(request: Any, slug: Slug, id: Path[Number]) -> list[dict[str, Any]]:  # noqa: A002
    """List what is set aside in an interview; editors and owners only."""
    return _listed(_source(request, slug, id))


@router.post(_ASIDE, response=list[AsideShape], **needs("evidence:review", versioned=True))
def decide_aside(
    request: Any,
    slug: Slug,
    id: Path[Number],  # noqa: A002
    given: AsideGiven,
) -> list[dict[str, Any]]:
    """Accept its words back, drop it, or take that back; the answer is what is set aside then."""
    source, version = _source(request, slug, id), version_given(request, given.version)
    rows = Evidence.objects.filter(source=source, current=False)
    row = get_object_or_404(rows.only("pk"), pk=given.evidence)
    _ACTS[given.decision](row.pk, request.auth.user, version)
    return _listed(source)


def _source(request: Any, slug: str, number: int) -> Source:
    study = study_of(request, slug)
    require(request.auth.user, study, "editor", archived=True)
    if coding_blind(study, request.auth.user):
        raise PermissionDenied
    rows = study.sources.filter(current=True, kind="interview")
    found: Source = get_object_or_404(rows, pk=number)
    found.study = study
    return found


def _listed(source: Source) -> list[dict[str, Any]]:
    return [
        {
            "evidence": evidence_row(one.row),
            "words": one.words,
            "start": one.span[0],
            "end": one.span[1],
            "decided": one.decided,
        }
        for one in aside_of(source)
    ]
