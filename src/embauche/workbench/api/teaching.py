"""What would teach the coder most: the sentences to ask about, and people's answers."""

from __future__ import annotations

from typing import Annotated, Any, Final

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Schema
from pydantic import Field

from embauche.vocabulary import Facet
from embauche.workbench.api.callers import needs, study_of
from embauche.workbench.api.routes import router
from embauche.workbench.api.shapes import Given, Number, Slug
from embauche.workbench.services.learning_aside import learn_soon
from embauche.workbench.services.teaching import answer, queue, take_back

TAG: Final = "teaching"
_At = Annotated[int, Field(ge=0, le=2**31 - 1)]


class GuessShape(Schema):
    """What the machine thinks of one facet."""

    facet: Facet
    confidence: float
    proposed: bool


class QuestionShape(Schema):
    """A sentence to ask about."""

    source: int
    participant: str
    start: int
    end: int
    quote: str
    before: str
    question: str
    guesses: list[GuessShape]


class QueueShape(Schema):
    """What to ask next; ``ready`` is false until an analysis has listened."""

    ready: bool
    taught: int
    left: int
    questions: list[QuestionShape]


class AnswerGiven(Given):
    """What a whole sentence carries: these facets and no other."""

    source: Number
    start: _At
    end: _At
    facets: Annotated[list[Facet], Field(max_length=12)]


class LearnedShape(Schema):
    """What was learned."""

    taught: int
    moved: int
    gone: int
    new: int


_NOTHING: Final = {"taught": 0, "moved": 0, "gone": 0, "new": 0}


@router.get("studies/{slug}/teaching", response=QueueShape, **needs("study:read"))
def read_queue(
    request: Any, slug: Slug, limit: Annotated[int, Query(ge=1, le=20)] = 5
) -> dict[str, Any]:
    """Return the sentences whose decision would teach the coder most."""
    found = queue(study_of(request, slug), most=limit)
    if found is None:
        return {"ready": False, "taught": 0, "left": 0, "questions": []}
    questions = [
        {
            "source": item.source.pk,
            **{
                name: getattr(item, name)
                for name in ("participant", "start", "end", "quote", "before", "question")
            },
            "guesses": list(item.guesses),
        }
        for item in found.questions
    ]
    return {"ready": True, "taught": found.taught, "left": found.left, "questions": questions}


@router.post("studies/{slug}/teaching", response=LearnedShape, **needs("evidence:review"))
def create_answer(request: Any, slug: Slug, given: AnswerGiven) -> Any:
    """Say which facets a sentence carries; proposals are accepted or rejected accordingly."""
    study = study_of(request, slug)
    source = get_object_or_404(study.sources.only("pk"), pk=given.source)
    try:
        with transaction.atomic():
            answer(source.pk, given.start, given.end, given.facets, request.auth.user)
    except ValueError as error:
        raise Http404 from error
    return learn_soon(study) or _NOTHING


@router.post("studies/{slug}/teaching/undo", response=LearnedShape, **needs("evidence:review"))
def undo_answer(request: Any, slug: Slug) -> Any:
    """Take the caller's latest answer back."""
    study = study_of(request, slug)
    take_back(study, request.auth.user)
    return learn_soon(study) or _NOTHING
