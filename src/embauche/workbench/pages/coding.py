"""Collect and identify: a transcript, coded with the mouse or by keyboard, a turn at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from embauche.errors import EvidenceError
from embauche.identify.frequency import DAYS, WEEKS
from embauche.vocabulary import Facet, Moment, label
from embauche.workbench.models import Evidence, Source, Study
from embauche.workbench.page import number_of, page, part, study_of, wants_part
from embauche.workbench.pages.last_step import (
    back_of,
    later,
    number,
    refreshed,
    said,
    step_words,
)
from embauche.workbench.services.blind_coding import mark_read, readers
from embauche.workbench.services.coded_words import find_words
from embauche.workbench.services.coding import (
    SCALE,
    change_evidence,
    code,
    code_sentences,
    remove,
)
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.history_undo import Step, redo_latest, undo_latest
from embauche.workbench.services.kept_parts import kept_part
from embauche.workbench.services.learning_aside import learn_soon
from embauche.workbench.services.memos import MODELS, write_memo
from embauche.workbench.services.review import review_evidence, undo_review
from embauche.workbench.services.roles import RANK
from embauche.workbench.services.set_aside import count_aside
from embauche.workbench.services.transcript import sentence_at, transcript, turn_of
from embauche.workbench.services.visibility import coding_blind, set_blind, visible_evidence
from embauche.workbench.services.word_edges import moved

OFTEN: Final = (
    ("hourly", DAYS * 8),
    ("daily", DAYS),
    ("weekly", WEEKS),
    ("monthly", 1.0),
    ("quarterly", 1 / 3),
    ("yearly", 1 / 12),
)
_MOST_TURNS: Final = 40
_EDGES: Final = ("start-out", "start-in", "end-in", "end-out")


def reading(request: Any, slug: str, source_id: int) -> HttpResponse:
    """Show one source: its turns with marker strokes, and the evidence beside them."""
    study = study_of(request, slug)
    source = get_object_or_404(Source, pk=source_id, study=study)
    source.study = study
    current = study.sources.filter(current=True).values_list("pk", flat=True)
    order = kept_part(study, "current sources", lambda: list(current))
    place = order.index(source.pk) if source.pk in order else -1
    whose = number_of(request, "coder", 0) or None
    at = number_of(request, "at", -1)
    shown = transcript(source, request.user, coder=whose)
    return page(
        request,
        "source",
        study,
        section="identify",
        tab="sources",
        source=source,
        shown=shown,
        n_aside=0 if coding_blind(study, request.user) else count_aside(source),
        whose=whose,
        here_sentence=sentence_at(source, at) if at >= 0 else None,
        here_turn=turn_of(source, at) if at >= 0 else None,
        before=order[place - 1] if place > 0 else None,
        after=order[place + 1] if 0 <= place < len(order) - 1 else None,
        facets=list(Facet),
        blind=coding_blind(study, request.user),
        readers=readers(source, request.user),
        may_code=RANK[request.role] >= RANK["coder"],
        may_settle=RANK[request.role] >= RANK["editor"],
        step=later(request),
    )


@require_POST
def mark(request: HttpRequest, slug: str, source_id: int) -> HttpResponse:
    """Give words a facet: a selection, sentences chosen by keyboard, or words written out."""
    study = study_of(request, slug)
    source = get_object_or_404(Source, pk=source_id, study=study)
    given = request.POST
    try:
        facet = Facet(given.get("facet", ""))
    except ValueError as error:
        raise Http404 from error
    span, quote = (number(given.get("start")), number(given.get("end"))), given.get("quote")
    if given.get("words"):
        span, quote = find_words(source, given["words"]), None
    make = code_sentences if given.get("by") == "keyboard" else code
    try:
        row = make(source.pk, span, facet, request.user, quote)
    except EvidenceError as error:
        if not wants_part(request):
            raise
        return _answer(request, study, source, [turn_of(source, span[0])], error=error)
    learn_soon(study)
    step = Step("", "coded", 1, row.quote[:80], row.facet)
    if given.get("view") == "hit":
        return part(request, "parts/coded_hit", row=row, study=study, step=said(request, step))
    return _answer(request, study, source, [turn_of(source, row.start)], step=step)


@require_POST
def decide(request: HttpRequest, slug: str, source_id: int) -> HttpResponse:
    """Take a decision about evidence beside a transcript: ``do`` says what, which, its version."""
    study = study_of(request, slug)
    source = get_object_or_404(Source, pk=source_id, study=study)
    what, _, rest = request.POST.get("do", "").partition(":")
    key, _, version_text = rest.partition(":")
    row = _visible(study, request, number(key))
    version, conflict = number(version_text), None
    turns = {turn_of(source, row.start)}
    step = None
    try:
        if what == "undo":
            undo_review(row.pk, request.user, version)
            step = Step("", "undone", 1, row.quote[:80], row.facet)
        elif what == "remove":
            remove(study.pk, [(row.pk, version)], request.user)
            step = Step("", "removed", 1, row.quote[:80], row.facet)
        elif what in {"accepted", "rejected"}:
            review_evidence(row.pk, what, request.user, version)
            step = Step("", what, 1, row.quote[:80], row.facet)
        else:
            raise Http404
    except StaleVersionError:
        conflict = row.pk
    learn_soon(study)
    return _answer(request, study, source, turns, step=step, conflict=conflict)


def edit(request: HttpRequest, slug: str, evidence_id: int) -> HttpResponse:
    """Show what can be changed of a piece of evidence."""
    study = study_of(request, slug)
    row = _visible(study, request, evidence_id)
    if wants_part(request):
        return part(request, "parts/evidence_edit", study=study, **_editing(row, request))
    return page(
        request,
        "evidence_one",
        study,
        section="identify",
        tab="evidence",
        **_editing(row, request),
    )


@require_POST
def change(request: HttpRequest, slug: str, evidence_id: int) -> HttpResponse:
    """Change a piece of evidence: facet, edges, ratings, memo; or take it away."""
    study = study_of(request, slug)
    row = _visible(study, request, evidence_id)
    source = row.source
    given, version = request.POST, number(request.POST.get("version"))
    turns = {turn_of(source, row.start)}
    step = Step("", "changed", 1, row.quote[:80], row.facet)
    conflict = None
    try:
        if given.get("do") == "remove":
            remove(study.pk, [(row.pk, version)], request.user)
            step = Step("", "removed", 1, row.quote[:80], row.facet)
        elif given.get("do") in _EDGES:
            span = moved(source.text, (row.start, row.end), given["do"])
            row = change_evidence(row.pk, request.user, version, span=span)
        elif given.get("do") == "span":
            span = (number(given.get("start")), number(given.get("end")))
            row = change_evidence(
                row.pk, request.user, version, span=span, quote=given.get("quote")
            )
        else:
            rated = _rated(given, row) if "moment" in given else None
            row = change_evidence(
                row.pk,
                request.user,
                version,
                facet=given.get("facet") or None,
                rated=rated,
                memo=given.get("memo"),
            )
    except StaleVersionError:
        conflict, step = row.pk, None  # type: ignore[assignment]
    except ValueError as error:
        raise Http404 from error
    turns.add(turn_of(source, row.start))
    learn_soon(study)
    if wants_part(request) and given.get("view") == "list":
        later(request, step_words(request, step) if step else None)
        return refreshed()
    opened = row.pk if given.get("do") in _EDGES else None
    return _answer(
        request, study, source, turns, step=step, conflict=conflict, focus=row.pk, opened=opened
    )


@require_POST
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back, or bring back, what the person did last."""
    study = study_of(request, slug)
    again = request.POST.get("do") == "redo"
    step = (redo_latest if again else undo_latest)(study.pk, request.user)
    learn_soon(study)
    words = step_words(request, step, "redone" if again else "undone")
    source = Source.objects.filter(study=study, pk=number(request.POST.get("source"))).first()
    if not wants_part(request):
        later(request, words)
        return HttpResponseRedirect(back_of(request, reverse("evidence", args=[slug])))
    turns = _turns_of(study, source, step) if source is not None and step is not None else []
    if source is None or len(turns) > _MOST_TURNS or (step and step.what == "source"):
        later(request, words)
        return refreshed()
    return _answer(request, study, source, turns, words=words)


@require_POST
def memo(request: HttpRequest, slug: str, of: str, row_id: int) -> HttpResponse:
    """Write the memo of a source or a job (of evidence: with `change`)."""
    study = study_of(request, slug)
    if of not in MODELS:
        raise Http404
    row: Any = get_object_or_404(MODELS[of], pk=row_id, study=study)
    attempt = conflict = None
    try:
        row = write_memo(
            of, row_id, request.POST.get("memo", ""), request.user, number(request.POST["version"])
        )
    except StaleVersionError:
        conflict, attempt = True, request.POST.get("memo", "")
        row.refresh_from_db()
    if not wants_part(request) and not conflict:
        return HttpResponseRedirect(back_of(request, reverse("overview", args=[slug])))
    if of == "job" and not conflict:
        # The forms beside it hold the job's version, which is another one now.
        return refreshed()
    shown = {
        "row": row,
        "of": of,
        "may_code": True,
        "conflict": conflict,
        "attempt": attempt,
        "back": request.POST.get("back", ""),
    }
    if wants_part(request):
        return part(request, "parts/memo", study=study, **shown)
    return page(request, "memo_conflict", study, **shown)


@require_POST
def read(request: HttpRequest, slug: str, source_id: int) -> HttpResponse:
    """Say that one has read a source to its end: what one left uncoded there is a no."""
    study = study_of(request, slug)
    source = get_object_or_404(Source, pk=source_id, study=study)
    mark_read(source.pk, request.POST.get("read") == "yes", request.user)
    return HttpResponseRedirect(reverse("source", args=[slug, source.pk]))


@require_POST
def blind(request: HttpRequest, slug: str) -> HttpResponse:
    """Switch blind coding on or off."""
    study = study_of(request, slug, writes="editor")
    set_blind(study.pk, request.POST.get("blind") == "yes", request.user)
    return HttpResponseRedirect(back_of(request, reverse("sources", args=[slug])))


def _answer(
    request: HttpRequest,
    study: Study,
    source: Source,
    turns: Iterable[int],
    *,
    step: Step | None = None,
    words: str = "",
    conflict: int | None = None,
    focus: int | None = None,
    opened: int | None = None,
    error: EvidenceError | None = None,
) -> HttpResponse:
    """Answer with the turns as they are now, and a sentence that says what was done."""
    words = words or (step_words(request, step) if step else "")
    if not wants_part(request):
        later(request, words)
        place = reverse("source", args=[study.slug, source.pk])
        first = min(turns, default=0)
        return HttpResponseRedirect(back_of(request, f"{place}#t{first}"))
    source.study = study
    shown = transcript(source, request.user, only=set(turns))
    row = None
    if opened is not None:
        row = Evidence.objects.select_related("source", "participant").get(pk=opened)
    return part(
        request,
        "parts/coded",
        study=study,
        source=source,
        shown=shown,
        step=words,
        conflict=conflict,
        focus=focus,
        opened=opened,
        error=error,
        error_words=error.message(request.language) if error is not None else "",
        may_code=True,
        blind=coding_blind(study, request.user),
        swap=True,
        **(_editing(row, request) if row is not None else {}),
    )


def _editing(row: Evidence, request: Any) -> dict[str, Any]:
    words = label(Facet(row.facet), request.language)
    return {
        "row": row,
        "facets": list(Facet),
        "moments": list(Moment),
        "scale": SCALE,
        "often": OFTEN,
        "nearest": min(OFTEN, key=lambda item: abs(item[1] - row.frequency))[0]
        if row.frequency is not None
        else "",
        "facet_words": words,
        "view": request.GET.get("view", ""),
    }


def _rated(given: Any, row: Evidence) -> dict[str, Any]:
    often = dict(OFTEN)
    found: dict[str, Any] = {
        name: given.get(name) or None for name in ("moment", "intensity", "dissatisfaction")
    }
    chosen = given.get("frequency", "")
    if chosen == "kept":
        found["frequency"] = row.frequency
    else:
        found["frequency"] = often.get(chosen)
    return {
        name: int(value)
        if value is not None and name in {"intensity", "dissatisfaction"}
        else value
        for name, value in found.items()
    }


def _visible(study: Study, request: Any, evidence_id: int) -> Evidence:
    rows = visible_evidence(study, request.user).select_related(
        "coder", "reviewer", "participant", "source"
    )
    row: Evidence = get_object_or_404(rows, pk=evidence_id)
    row.study = study
    return row


def _turns_of(study: Study, source: Source, step: Step) -> list[int]:
    """Return the turns of a source that an act was about."""
    rows = Evidence.objects.filter(study=study, source=source, key__in=step.keys)
    return sorted({turn_of(source, start) for start in rows.values_list("start", flat=True)})
