"""Collect: the interview guide, made from a few answers, edited in place, printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from embauche.collect import Guide, GuideBrief, GuidePart, GuideQuestion, build_guide
from embauche.collect.guide_editing import LISTS, TEXTS
from embauche.errors import GuideError
from embauche.messages import messages
from embauche.present.guide_files import FORMATS, MEDIA_TYPES, guide_file
from embauche.vocabulary import Facet, Language, Moment
from embauche.workbench.models import Study
from embauche.workbench.page import page, study_of, wants_part
from embauche.workbench.pages.last_step import number
from embauche.workbench.services import guide as service
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.guide_asked import asked_in_interviews, asked_in_source

_SAMPLES: Final = ("scene", "decision", "without")


@dataclass(frozen=True, slots=True)
class _Row:
    """A question as the page shows it."""

    number: int
    item: GuideQuestion
    seen: str
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """A part as the page shows it."""

    number: int
    item: GuidePart
    seen: str
    clock: tuple[int, int]
    rows: tuple[_Row, ...]


def showing(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the guide, or the form that makes one; ``?edit=<question>`` opens one to be edited."""
    return _shown(request, study_of(request, slug))


@require_POST
def brief(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the guide, or fit it to another product, situation, audience or length."""
    study = study_of(request, slug)
    version = request.POST.get("version", "")
    given = _brief(request, study)

    def made() -> None:
        service.make_guide(study.pk, given, request.user, number(version) or None)

    return _done(request, study, made, brief=given)


def fitting(request: HttpRequest, slug: str) -> HttpResponse:
    """Say a few questions as product and situation would have them, while they are being typed."""
    study = study_of(request, slug)
    try:
        guide = build_guide(_brief(request, study))
    except GuideError:
        guide = None
    samples = [guide.question(name).text for name in _SAMPLES] if guide else []
    return page(request, "parts/guide_fitting", study, samples=samples)


@require_POST
def question(request: HttpRequest, slug: str, question: str) -> HttpResponse:
    """Keep a person's wording of a question."""
    study = study_of(request, slug)
    post = request.POST
    facet, moment = post.get("facet", ""), post.get("moment", "")
    if facet not in ("", *Facet) or moment not in ("", *Moment):
        raise Http404
    attempt = GuideQuestion(
        id=question,
        text=post.get("text", ""),
        facet=Facet(facet) if facet else None,
        moment=Moment(moment) if moment else None,
        follow_ups=tuple(post.get("follow_ups", "").splitlines()),
        note=post.get("note", ""),
        essential=bool(post.get("essential")),
    )
    seen = post.get("seen", "")
    return _done(
        request,
        study,
        lambda: service.save_question(study.pk, attempt, request.user, seen),
        attempt=attempt,
        at=f"q-{question}",
        focus=question,
    )


@require_POST
def adding(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a question at the end of a part."""
    study = study_of(request, slug)
    part, text = request.POST.get("part", ""), request.POST.get("text", "")
    return _done(
        request,
        study,
        lambda: service.put_question(study.pk, part, text, request.user),
        at=f"p-{part}",
    )


@require_POST
def removing(request: HttpRequest, slug: str, question: str) -> HttpResponse:
    """Take a question out; undo brings it back."""
    study = study_of(request, slug)
    seen = request.POST.get("seen", "")
    return _done(
        request, study, lambda: service.drop_question(study.pk, question, request.user, seen)
    )


@require_POST
def moving(request: HttpRequest, slug: str, question: str) -> HttpResponse:
    """Move a question up or down, or to a place of a part."""
    study = study_of(request, slug)
    step, part = request.POST.get("step", ""), request.POST.get("part", "")
    at = request.POST.get("at", "")

    def moved() -> None:
        if step in {"up", "down"}:
            service.shift(study.pk, question, -1 if step == "up" else 1, request.user)
        elif at.isascii() and at.isdigit() and len(at) < 4:
            service.place(study.pk, question, part, int(at), request.user)
        else:
            raise Http404

    return _done(request, study, moved, at=f"q-{question}")


@require_POST
def part(request: HttpRequest, slug: str, part: str) -> HttpResponse:
    """Keep a part's title, intent and minutes."""
    study = study_of(request, slug)
    post = request.POST
    minutes = post.get("minutes", "")
    return _done(
        request,
        study,
        lambda: service.save_part(
            study.pk,
            part,
            request.user,
            post.get("seen", ""),
            title=post.get("title", ""),
            intent=post.get("intent", ""),
            minutes=number(minutes) if minutes.isascii() and minutes.isdigit() else -1,
        ),
        at=f"p-{part}",
    )


@require_POST
def text(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Keep the words of the welcome, the thanks, the consent text or a list of notes."""
    study = study_of(request, slug)
    if name not in (*TEXTS, *LISTS):
        raise Http404
    words = request.POST.get("text", "")
    seen = request.POST.get("seen", "")
    return _done(
        request,
        study,
        lambda: service.save_text(study.pk, name, words, request.user, seen),
        wrote=(name, words),
        at=f"text-{name}",
    )


@require_POST
def undoing(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back the latest change."""
    study = study_of(request, slug)
    return _done(request, study, lambda: service.undo(study.pk, request.user))


def asked(request: HttpRequest, slug: str) -> HttpResponse:
    """Show which questions were asked in which interview."""
    study = study_of(request, slug)
    held = service.guide_of(study)
    if held is None:
        raise Http404
    heard = asked_in_interviews(study, held[0])
    template = "parts/guide_asked" if wants_part(request) else "guide_asked"
    return page(
        request, template, study, section="collect", tab="guide", guide=held[0], heard=heard
    )


def here(request: HttpRequest, slug: str, source_id: int) -> HttpResponse:
    """Show which questions of the guide were asked in one interview, for its transcript."""
    study = study_of(request, slug)
    held = service.guide_of(study)
    source = get_object_or_404(study.sources.only("pk", "key"), pk=source_id)
    guide = held[0] if held else None
    asked_ = asked_in_source(study, guide, source.key) if guide else []
    return page(
        request,
        "parts/guide_in_source",
        study,
        asked=asked_,
        of=len(guide.questions) if guide else 0,
        spoken=str(guide.brief.language) if guide else study.language,
    )


def download(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Serve the guide as a file."""
    study = study_of(request, slug)
    held = service.guide_of(study)
    if held is None or form not in FORMATS:
        raise Http404
    response = HttpResponse(guide_file(held[0], form), content_type=MEDIA_TYPES[form])
    name = messages(held[0].brief.language).text("guide.file")
    response.headers["Content-Disposition"] = (
        f'{"inline" if form == "pdf" else "attachment"}; filename="{study.slug}-{name}.{form}"'
    )
    return response


def _brief(request: HttpRequest, study: Study) -> GuideBrief:
    given = request.POST if request.method == "POST" else request.GET
    language = given.get("language", study.language)

    def number(name: str, default: int) -> int:
        text = given.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else default

    return GuideBrief(
        product=given.get("product", ""),
        language=Language(language) if language in tuple(Language) else Language(study.language),
        situation=given.get("situation", ""),
        audience=given.get("audience", ""),
        minutes=number("minutes", 45),
        organisation=given.get("organisation", ""),
        contact=given.get("contact", ""),
        months=number("months", 12),
    )


def _done(
    request: HttpRequest,
    study: Study,
    act: Callable[[], Any],
    at: str = "",
    focus: str = "",
    **kept: Any,
) -> HttpResponse:
    """Carry out a change; a conflict or a mistake shows the page with what was typed."""
    try:
        act()
    except StaleVersionError:
        return _shown(request, study, status=409, conflict=True, **kept)
    except GuideError as error:
        said = (error.message(request.language), error.hint(request.language))
        return _shown(request, study, status=422, failure=said, **kept)
    if wants_part(request):
        return _shown(request, study, focus=focus)
    return HttpResponseRedirect(reverse("guide", args=[study.slug]) + (f"#{at}" if at else ""))


def _shown(request: HttpRequest, study: Study, *, status: int = 200, **kept: Any) -> HttpResponse:
    held = service.guide_of(study)
    context: dict[str, Any] = {"formats": FORMATS, **kept}
    if held is not None:
        guide, row = held
        context |= {
            "guide": guide,
            "version": row.version,
            "parts": _parts(guide),
            "texts": [(name, _text(guide, name), _mark(guide, name)) for name in (*TEXTS, *LISTS)],
            "facets": list(Facet),
            "moments": list(Moment),
            "editing": kept["attempt"].id if "attempt" in kept else request.GET.get("edit", ""),
            "undoable": service.undoable(study),
            "interviews": study.sources.filter(current=True, kind="interview").exists(),
        }
    context.setdefault("brief", held[0].brief if held else service.proposed_brief(study))
    # A swap of anything but 200 is left out by htmx; what went wrong is told in the part itself.
    part = wants_part(request) and held is not None
    template = "parts/guide_parts" if part else "guide"
    return page(
        request,
        template,
        study,
        status=200 if part else status,
        section="collect",
        tab="guide",
        **context,
    )


def _parts(guide: Guide) -> list[_Part]:
    found, number, clock = [], 0, 0
    every = guide.questions
    for place, item in enumerate(guide.parts, 1):
        rows = []
        for asked_ in item.questions:
            number += 1
            ends = (asked_ is every[0], asked_ is every[-1])
            rows.append(_Row(number, asked_, service.seen_mark(asked_), *ends))
        until = clock + item.minutes
        found.append(_Part(place, item, service.seen_mark(item), (clock, until), tuple(rows)))
        clock = until
    return found


def _text(guide: Guide, name: str) -> str:
    value = getattr(guide, name)
    return value if isinstance(value, str) else "\n".join(value)


def _mark(guide: Guide, name: str) -> str:
    return service.seen_mark(getattr(guide, name))
