"""Identify: what would teach the machine most, one sentence at a time."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from embauche.vocabulary import Facet
from embauche.workbench.models import Source
from embauche.workbench.page import page, study_of, wants_part
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.learning_aside import learn_soon
from embauche.workbench.services.relearning import Learned
from embauche.workbench.services.teaching import answer, answers, queue, take_back
from embauche.workbench.services.visibility import coding_blind

_NOTHING: Final = "nothing"
_TICKED: Final = "ticked"
_MOST_LATER: Final = 200


def asking(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the sentence whose decision would teach most."""
    return _page(request, slug, "teach", _numbers(request.GET.getlist("later")))


@require_POST
def answering(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an answer (or put it off, or take the latest back), learn, and ask the next."""
    study = study_of(request, slug)
    given = request.POST.get("answer", "")
    later = _numbers(request.POST.getlist("later"))
    stale = False
    learned = None
    if given == "later":
        later = [*later, *_numbers([request.POST.get("number", "")])]
    elif given == "undo":
        if take_back(study, request.user):
            learned = learn_soon(study)
    else:
        source = get_object_or_404(Source, pk=_number(request.POST.get("source")), study=study)
        start, end = _number(request.POST.get("start")), _number(request.POST.get("end"))
        try:
            answer(source.pk, start, end, _facets(request, given), request.user)
        except StaleVersionError:
            stale = True
        except ValueError as error:
            raise Http404 from error
        learned = learn_soon(study)
    if not wants_part(request):
        return HttpResponseRedirect(reverse("teach", args=[slug]))
    return _page(request, slug, "parts/taught", later, learned=learned, stale=stale)


def _page(
    request: HttpRequest,
    slug: str,
    template: str,
    later: list[int],
    *,
    learned: Learned | None = None,
    stale: bool = False,
) -> HttpResponse:
    study = study_of(request, slug)
    later = later[-_MOST_LATER:]
    # What the machine thinks is not shown to who codes blind.
    blind = coding_blind(study, request.user)
    found = None if blind else queue(study, later=later)
    return page(
        request,
        template,
        study,
        section="identify",
        queue=found,
        blind=blind,
        item=found.questions[0] if found and found.questions else None,
        later=later,
        learned=learned,
        stale=stale,
        answered=len(answers(study, request.user)),
        address=reverse("teach", args=[slug]),
    )


def _facets(request: HttpRequest, given: str) -> list[Facet]:
    """Return the facets of an answer: none, those ticked, or the one that was pressed."""
    if given == _NOTHING:
        return []
    names = request.POST.getlist("facet") if given == _TICKED else [given]
    return [Facet(name) for name in names]


def _numbers(texts: list[str]) -> list[int]:
    return [_number(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
