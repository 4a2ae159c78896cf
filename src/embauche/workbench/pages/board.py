"""Map: the board, where evidence and jobs are moved by hand, and what it asks before it acts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from embauche.errors import StudyError
from embauche.jobs import Entry
from embauche.jobs.operations import Merge, Move, Split
from embauche.messages import messages
from embauche.vocabulary import JobType, Language, label
from embauche.workbench.models import Study
from embauche.workbench.page import number_of, page, part, study_of, wants_part
from embauche.workbench.services.board import A_PAGE, FULL, Card, anchor, board, more
from embauche.workbench.services.board_changes import Sentence, changes, told
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.desk import Desk, desk
from embauche.workbench.services.job_operations import named_operation, operate, redo, undo
from embauche.workbench.services.linting import linted
from embauche.workbench.services.roles import RANK, role_in

_FIELDS = ("job", "other", "statement", "type")


def may_arrange(request: HttpRequest, study: Study) -> bool:
    """Tell whether who reads may also arrange: the page shows no control that would be refused."""
    role = role_in(request.user, study)
    return study.archived_at is None and role is not None and RANK[role] >= RANK["editor"]


def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the board."""
    return _board(request, study_of(request, slug))


@require_POST
def operation(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Carry out, take back or bring back an operation; only the cards that it changed come back."""
    study = study_of(request, slug)
    before = _desk(request, study)
    form = {name: request.POST.get(name, "") for name in _FIELDS}
    form["statement"] = request.POST.get("mend") or form["statement"]
    evidence = request.POST.getlist("evidence")
    if kind == "split":  # what is selected in other jobs stays there
        held = before.jobs.members.get(before.jobs.current(form["job"]) or "", frozenset())
        evidence = [key for key in evidence if key in held]
    make = named_operation(kind, form, evidence, request.language)
    if make is None and kind not in {"undo", "redo"}:
        raise Http404
    try:
        if make is not None:
            version = request.POST.get("version", "")
            seen = (
                int(version)
                if version.isascii() and version.isdigit() and kind == "rename"
                else None
            )
            entry = operate(study.pk, make, request.user, seen or None)
        elif kind == "undo":
            entry = undo(study.pk, request.user, request.POST.get("entry") or None)
        else:
            entry = redo(study.pk, request.user)
    except (StaleVersionError, StudyError) as error:
        study.refresh_from_db()
        said = (error.message(request.language), error.hint(request.language))
        if wants_part(request):
            return part(request, "parts/board_line", study=study, failure=said)
        return _board(request, study, status=409, failure=said)
    study.refresh_from_db()
    if not wants_part(request):
        query = urlencode({"done": entry.id, "how": kind})
        return HttpResponseRedirect(f"{reverse('board', args=[slug])}?{query}")
    after = _desk(request, study, before)
    changed = changes(before, after)
    given = _everywhere(request, study)
    return part(
        request,
        "parts/board_changed",
        study=study,
        changed=changed,
        new=[
            (_drawn(card, given), anchor(behind) if (behind := changed.new[card.key]) else None)
            for card in changed.board.cards
            if card.key in changed.new
        ],
        old=[
            _drawn(card, given, swap=True)
            for card in changed.board.cards
            if card.key not in changed.new
        ],
        **_done(request, entry, kind, (after, before)),
        **_tools(request, after, before),
        **given,
    )


def move_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask where a piece of evidence goes: the way of the keyboard and of the phone."""
    study = study_of(request, slug)
    found = _desk(request, study)
    key = request.GET.get("evidence", "")
    row = (
        study.evidence.filter(key=key, current=True)
        .select_related("participant", "source")
        .defer("source__text", "source__turns", "source__sentences")
        .first()
    )
    if row is None:
        raise Http404
    now = found.jobs.job_of(key)
    if now is None:
        moved = found.jobs.attached.get(key)
        was = row.attachments.values_list("job__key", flat=True).first()
        now = found.jobs.current((moved if key in found.jobs.attached else was) or "")
    return _asked(request, study, "move", row=row, now=now, names=_names(found))


def merge_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Name both jobs and what will become of them, before two become one."""
    study = study_of(request, slug)
    found = _desk(request, study)
    pair = [found.jobs.current(request.GET.get(name, "")) for name in ("job", "other")]
    job, other = pair
    if job is None or other is None or job == other:
        raise Http404
    # The library keeps the id and the words of the job with the most statements.
    into = max(pair, key=lambda key: len(found.jobs.members[key or ""])) or job
    gone = other if into == job else job
    goals = found.live(gone) + found.live(into)
    return _asked(
        request,
        study,
        "merge",
        job=job,
        other=other,
        into=found.name(into),
        gone=found.name(gone),
        goals=len(goals),
        people=len({found.goals[key].participant for key in goals}),
    )


def job(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all of a job and all that can be done with it; beside the board, the latter alone."""
    study = study_of(request, slug)
    found = _desk(request, study)
    key = found.jobs.current(request.GET.get("job", ""))
    if key is None:
        raise Http404
    (card,) = board(found, {key}).cards
    given: dict[str, Any] = {
        "card": card,
        "names": _names(found),
        "types": list(JobType),
        "children": [found.name(each) for each, parent in found.jobs.parents.items()
                     if found.jobs.current(parent) == key],
    }  # fmt: skip
    if wants_part(request):
        return _asked(request, study, "job", **given)
    pieces = {which: more(found, key, which, 0) for which in ("goals", "attached")}
    return page(
        request,
        "board_job",
        study,
        section="map",
        tab="board",
        goals=pieces["goals"],
        attached=pieces["attached"],
        notices=linted(study, card.statement, card.type, request.language),
        **given,
        **_everywhere(request, study),
    )


def rename_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a job's statement for rewording, in its place on the card."""
    study = study_of(request, slug)
    found = _desk(request, study)
    key = found.jobs.current(request.GET.get("job", ""))
    if key is None:
        raise Http404
    if not wants_part(request):
        return HttpResponseRedirect(
            f"{reverse('board-job', args=[slug])}?{urlencode({'job': key})}"
        )
    (card,) = board(found, {key}).cards
    template = "parts/board_rename" if request.GET.get("open", "1") == "1" else "parts/board_name"
    notices = linted(study, card.statement, card.type, request.language)
    given = _everywhere(request, study)
    return part(request, template, study=study, card=card, notices=notices, **given)


def lint(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what is wrong with a statement as it stands in a field, and how it could be mended."""
    study = study_of(request, slug)
    kind = request.GET.get("type", "")
    if kind not in tuple(JobType):
        raise Http404
    text = request.GET.get("statement", "")
    notices = linted(study, text, kind, request.language)
    return part(request, "parts/lint", notices=notices, answered=True)


def cards(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the evidence of jobs that one gets to, further down the board."""
    study = study_of(request, slug)
    found = _desk(request, study)
    asked = set(request.GET.getlist("job")[: 2 * FULL])
    drawn = board(found, asked).cards
    return part(request, "parts/board_bodies", cards=drawn, **_everywhere(request, study))


def pieces(request: HttpRequest, slug: str) -> HttpResponse:
    """Show more of a job's statements or of what is attached to it."""
    study = study_of(request, slug)
    found = _desk(request, study)
    name, which = request.GET.get("job", ""), request.GET.get("which", "goals")
    key = found.jobs.current(name) if name else None
    if which not in {"goals", "attached"} or (name and key is None):
        raise Http404
    if not wants_part(request):
        target = reverse("board-job", args=[slug])
        return HttpResponseRedirect(f"{target}?{urlencode({'job': name})}")
    start = number_of(request, "start", 0)
    shown, count = more(found, key, which, start)
    return part(
        request,
        "parts/board_pieces",
        study=study,
        pieces=shown,
        which=which,
        job=key or "",
        anchor=anchor(key) if key else "",
        splits=which == "goals" and key is not None,
        left=max(count - start - A_PAGE, 0),
        start=start + A_PAGE,
        **_everywhere(request, study),
    )


def _board(
    request: HttpRequest,
    study: Study,
    *,
    status: int = 200,
    failure: tuple[str, str] | None = None,
) -> HttpResponse:
    found = desk(study, request.language)
    if found is None:
        return page(request, "board", study, section="map", board=None)
    entry = next((e for e in found.log.entries if e.id == request.GET.get("done")), None)
    how = request.GET.get("how", "")
    done = _done(request, entry, how, (found, None)) if entry else {}
    given = _everywhere(request, study)
    drawn = board(found, full=found.order[:FULL])
    return page(
        request,
        "board",
        study,
        status=status,
        section="map",
        board=drawn,
        cards=[_drawn(card, given) for card in drawn.cards],
        failure=failure,
        **done,
        **_tools(request, found, None),
        **given,
    )


def _desk(request: HttpRequest, study: Study, like: Desk | None = None) -> Desk:
    found = desk(study, request.language, like)
    if found is None:
        raise Http404
    return found


def _names(found: Desk) -> list[tuple[str, str, str]]:
    """Return id, number and name of the jobs, as a choice lists them."""
    return [(key, found.numbers.get(key, ""), found.name(key)) for key in found.order]


def _asked(request: HttpRequest, study: Study, what: str, **given: Any) -> HttpResponse:
    """Ask in the line below the board; on a page of its own without scripts."""
    given = {**given, **_everywhere(request, study), "asked": what}
    if wants_part(request):
        return part(request, "parts/board_line", study=study, **given)
    return page(request, "board_ask", study, section="map", tab="board", **given)


def _everywhere(request: HttpRequest, study: Study) -> dict[str, Any]:
    names = ("job", "move", "pieces", "rename")
    urls = {name: reverse(f"board-{name}", args=[study.slug]) for name in names}
    return {"editable": may_arrange(request, study), "urls": {**urls, "slug": study.slug},
            "language": request.language}  # fmt: skip


def _drawn(card: Card, given: dict[str, Any], *, swap: bool = False) -> SafeString:
    """Draw a card; one that has not changed since it was drawn last is kept."""
    key = (given["urls"]["slug"], given["language"], given["editable"])
    return _kept(card, *key, swap)


@lru_cache(maxsize=1024)
def _kept(card: Card, slug: str, language: Language, editable: bool, swap: bool) -> SafeString:  # noqa: FBT001
    names = ("job", "move", "pieces", "rename")
    urls = {name: reverse(f"board-{name}", args=[slug]) for name in names}
    given = {
        "card": card,
        "words": messages(language),
        "editable": editable,
        "urls": {**urls, "slug": slug},
        "swap": swap,
    }
    drawn = get_template("workbench/parts/board_card.html").render(given)
    return mark_safe(drawn)  # noqa: S308 - a template escapes what it is given


def _tools(request: HttpRequest, found: Desk, before: Desk | None) -> dict[str, Any]:
    """Return what the buttons for undoing and redoing say."""
    standing = found.log.standing
    latest = _put(request, "was", told(standing[-1], found, before)) if standing else ""
    return {"latest": latest, "redoable": bool(found.log.redoable)}


def _done(
    request: HttpRequest, entry: Entry, how: str, desks: tuple[Desk, Desk | None]
) -> dict[str, Any]:
    """Return the sentence about what was done, and where the eye should go."""
    found, before = desks
    done = entry.operation
    job, piece = getattr(done, "job", None), ""
    if isinstance(done, Move):
        piece = done.moved
    elif isinstance(done, Split):
        job = next((part for part in done.parts if part in found.jobs.members), done.job)
    elif isinstance(done, Merge):
        job = done.into
    back = how in {"undo", "redo"}
    return {
        "said": _put(request, "was" if back else "done", told(entry, found, before)),
        "way": how if back else "done",
        "entry": entry if any(item.id == entry.id for item in found.log.standing) else None,
        "focus": anchor(job) if job else "",
        "focus_piece": piece,
    }


def _put(request: HttpRequest, way: str, said: Sentence) -> str:
    words = messages(request.language)
    named = {"type": label(JobType(said.type), words.language)} if said.type else {}
    return words.text(f"board.{way}.{said.kind}", **said.params, **named)
