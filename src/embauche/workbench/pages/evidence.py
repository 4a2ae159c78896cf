"""Identify: the evidence to review, filtered, singly or by the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from embauche.messages import messages
from embauche.vocabulary import EvidenceStatus, Facet, Language
from embauche.workbench.models import Evidence, Study
from embauche.workbench.page import number_of, page, part, study_of, wants_part
from embauche.workbench.pages.evidence_notes import notes
from embauche.workbench.pages.last_step import back_of, later, step_words
from embauche.workbench.services.coding import recode, remove
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.history_undo import Step
from embauche.workbench.services.kept_parts import kept_part
from embauche.workbench.services.learning_aside import known, learn_soon
from embauche.workbench.services.restored_evidence import Group, Row, Standing
from embauche.workbench.services.restoring import evidence_table
from embauche.workbench.services.review import review_evidence, review_many, undo_review
from embauche.workbench.services.roles import RANK
from embauche.workbench.services.visibility import (
    as_seen,
    coding_blind,
    visible_evidence,
    with_coders,
)

Shown = Callable[[int, Standing], bool]
_A_PAGE: Final = 30
_FILTERS: Final = ("facet", "status", "participant", "language")
_PLACE: Final = ("source__position", "start", "end", "facet")
_ORDERS: Final = {
    "place": _PLACE,
    "sure": ("-confidence", *_PLACE),
    "doubtful": ("confidence", *_PLACE),
}


def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """List evidence under the chosen filters, in the chosen order."""
    study = study_of(request, slug)
    found = known(study)
    blind = coding_blind(study, request.user)
    return page(
        request,
        "evidence",
        study,
        section="identify",
        facets=list(Facet),
        statuses=list(EvidenceStatus),
        languages=list(Language),
        orders=list(_ORDERS),
        participants=_participants(study, request.GET.get("participant", "")),
        done=number_of(request, "done", 0),
        stale=number_of(request, "stale", 0),
        learned=found[1] if found and not blind else None,
        blind=blind,
        may_code=RANK[request.role] >= RANK["coder"],
        step=later(request),
        **_shown(request, study, request.GET),
    )


def _participants(study: Study, chosen: str) -> SafeString:
    """Write the choice of those of whom there is evidence."""
    with evidence_table(study) as table:
        if table is not None:
            every = study.participants.values_list("pk", "key", "pseudonym")
            known = kept_part(study, "named people", lambda: list(every))
            heard = tuple((key, name) for pk, key, name in known if table.of_participant.get(pk))
            return _options(heard, chosen)
    coded = Evidence.objects.filter(participant=OuterRef("pk"), current=True)
    people = study.participants.filter(Exists(coded)).values_list("key", "pseudonym")
    return _options(tuple(people), chosen)


@lru_cache(maxsize=64)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, mark_safe(" selected" if value == chosen else ""), name)  # noqa: S308 (ours)
            for value, name in choices
        ),
    )


@require_POST
def review(request: HttpRequest, slug: str, evidence_id: int) -> HttpResponse:
    """Take one decision, learn from it, and answer with what stands now.

    In a list the open proposals come re-ranked; beside a transcript the note alone.
    """
    study = study_of(request, slug)
    row = get_object_or_404(visible_evidence(study, request.user), pk=evidence_id)
    version, decision = _number(request.POST.get("version")), request.POST.get("decision", "")
    conflict = False
    learned = None
    try:
        if decision == "undo":
            undo_review(row.pk, request.user, version)
        elif decision in {"accepted", "rejected"}:
            review_evidence(row.pk, decision, request.user, version)
        learned = learn_soon(study)
    except StaleVersionError:
        conflict = True
    if not wants_part(request):
        return HttpResponseRedirect(back_of(request, reverse("evidence", args=[slug])))
    study.refresh_from_db()
    if learned is None:
        found = known(study)
        learned = found[1] if found else None
    if request.POST.get("view") == "list":
        shown = [_number(item) for item in request.POST.getlist("on_page")]
        return page(
            request,
            "parts/reranked",
            study,
            section="identify",
            learned=learned,
            may_code=True,
            **_shown(
                request,
                study,
                QueryDict(request.POST.get("query", "")),
                shown,
                row.pk,
                row.pk if conflict else None,
            ),
        )
    row = Evidence.objects.select_related("coder", "reviewer", "participant", "source").get(
        pk=row.pk
    )
    as_seen([row], study, request.user)
    return page(
        request,
        "parts/reviewed",
        study,
        section="identify",
        row=row,
        conflict=row.pk if conflict else None,
        compact=request.POST.get("view") == "margin",
        may_code=True,
        others=[],
    )


@require_POST
def review_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the same decision about everything that a page showed."""
    study = study_of(request, slug)
    shown = []
    for item in request.POST.getlist("shown"):
        key, _, version = item.partition(":")
        shown.append((_number(key), _number(version)))
    decided, stale = review_many(study, shown, EvidenceStatus.ACCEPTED, request.user)
    learn_soon(study)
    back = back_of(request, reverse("evidence", args=[slug]))
    separator = "&" if "?" in back else "?"
    return HttpResponseRedirect(f"{back}{separator}done={decided}&stale={stale}")


@require_POST
def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """Do the same with all the evidence that was ticked: decide, recode, take away."""
    study = study_of(request, slug)
    chosen = [
        (_number(key), _number(version))
        for key, _, version in (item.partition(":") for item in request.POST.getlist("chosen"))
    ]
    what = request.POST.get("do", "")
    stale = 0
    if what in {"accepted", "rejected"}:
        n, stale = review_many(study, chosen, what, request.user)
    elif what == "recode":
        try:
            done = recode(study.pk, chosen, request.POST.get("facet", ""), request.user)
        except ValueError as error:
            raise Http404 from error
        n, stale, what = len(done.rows), done.stale, "changed"
    elif what == "remove":
        done = remove(study.pk, chosen, request.user)
        n, stale, what = len(done.rows), done.stale, "removed"
    else:
        raise Http404
    learn_soon(study)
    words = step_words(request, Step("", what, n) if n else None)
    if stale:
        words += " " + messages(request.language).text("workbench.evidence.stale", n=stale)
    later(request, words)
    return HttpResponseRedirect(back_of(request, reverse("evidence", args=[slug])))


def learned_line(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what was learned by now, with the confidences of the proposals that a page shows."""
    study = study_of(request, slug)
    found = None if coding_blind(study, request.user) else known(study)
    keys = [_number(item) for item in request.GET.getlist("on_page")]
    rows = visible_evidence(study, request.user).filter(pk__in=keys, status="proposed")
    return part(
        request,
        "parts/learned_since",
        study=study,
        learned=found[1] if found else None,
        others=rows.only("pk", "confidence") if found else [],
        swap=True,
    )


def _shown(
    request: Any,
    study: Study,
    asked: QueryDict,
    on_page: Sequence[int] = (),
    just: int | None = None,
    conflict: int | None = None,
) -> dict[str, Any]:
    """Return a page of evidence; what was decided on it stays there, whatever the filter.

    `on_page` are the rows that it showed, `just` the one that was decided just now.
    """
    chosen = {name: asked.get(name, "") for name in _FILTERS}
    order = asked.get("order", "place")
    order = order if order in _ORDERS else "place"
    stays = Q()
    if just is not None or on_page:
        stays = Q(pk=just) | Q(pk__in=on_page, reviewer__isnull=False)
    rows = _filtered(study, request.user, chosen, stays)
    rows = rows.order_by(*_ORDERS[order])
    number = asked.get("page", "")
    listed: Any = rows
    if order == "place":
        simple = not any(chosen[name] for name in _FILTERS if name != "status")
        kept = simple and not coding_blind(study, request.user)
        held = _held(study, chosen["status"], just, on_page) if kept else None
        listed = held or _InPlace(rows, study)
    shown = Paginator(listed, _A_PAGE).get_page(number if number.isascii() else 1)
    shown.object_list = as_seen(with_coders(shown.object_list, study), study, request.user)
    query = {key: value for key, value in chosen.items() if value}
    if order != "place":
        query["order"] = order
    here = {**query, "page": shown.number} if shown.number > 1 else query
    address = reverse("evidence", args=[study.slug])
    address = f"{address}?{urlencode(here)}" if here else address
    return {
        "rows": shown,
        "notes": notes(
            request, study, shown, address=address, query=urlencode(here), conflict=conflict
        ),
        "facets_all": list(Facet),
        "waiting": [row for row in shown if row.status == "proposed"],
        "chosen": chosen,
        "order": order,
        "query": urlencode(query),
        "address": address,
    }


class _InPlace:
    """Rows in the order of the text, a part at a time: only the sources of that part are sorted."""

    def __init__(self, rows: Any, study: Study, held: Mapping[int, int] | None = None) -> None:
        self._rows, self._study = rows, study
        if held is None:
            held = dict(rows.order_by().values_list("source_id").annotate(n=Count("pk")))
        places = kept_part(study, "source places", lambda: _places(study))
        self._sources = [(source, held[source]) for source in places if source in held]

    def count(self) -> int:
        """Return how many rows there are."""
        return sum(n for _, n in self._sources)

    def __getitem__(self, part: slice) -> list[Any]:
        """Return the rows of a part."""
        first, before = 0, 0
        wanted: list[int] = []
        for source, n in self._sources:
            if first + n > part.start and first < part.stop:
                before = before if wanted else first
                wanted.append(source)
            first += n
        return self._of(wanted, slice(part.start - before, part.stop - before))

    def _of(self, sources: list[int], part: slice) -> list[Any]:
        return list(self._rows.filter(source__in=sources)[part])


class _Kept(_InPlace):
    """Rows that this process keeps: only those of a part are read."""

    def __init__(self, study: Study, held: Mapping[int, int], shown: Shown) -> None:
        super().__init__(None, study, held)
        self._shown = shown

    def _of(self, sources: list[int], part: slice) -> list[Any]:
        kept: list[tuple[int, Row]] = []
        with evidence_table(self._study) as table:
            if table is not None:
                kept = [(pk, table.rows[pk]) for each in sources for pk in table.of_source[each]]
        here = sorted((row.place, pk) for pk, row in kept if self._shown(pk, row.standing))
        keys = [pk for _, pk in here[part]]
        rows = _with_words(self._study.evidence.filter(pk__in=keys)).order_by()
        by_key = {row.pk: row for row in rows}
        return [by_key[pk] for pk in keys if pk in by_key]


def _places(study: Study) -> list[int]:
    return list(study.sources.order_by("position").values_list("pk", flat=True))


def _held(
    study: Study, status: str, just: int | None = None, on_page: Sequence[int] = ()
) -> _Kept | None:
    """Return the rows of a status in the order of the text, as `_filtered` finds them."""

    def fits(row: Standing | Group) -> bool:
        if row.withdrawn or status == "all":
            return not row.withdrawn
        return row.status == status if status else row.status != EvidenceStatus.REJECTED.value

    with evidence_table(study) as table:
        if table is None:
            return None
        held: Counter[int] = Counter()
        for group, n in table.counts.items():
            if n and fits(group):
                held[group.source] += n
        known = {pk: row.standing for pk in {just, *on_page} if pk and (row := table.rows.get(pk))}
        stays = {pk for pk, row in known.items() if pk == just or row.reviewer is not None}
        held.update(known[pk].source for pk in stays if not fits(known[pk]))
    return _Kept(study, held, lambda pk, row: pk in stays or fits(row))


def _with_words(rows: Any) -> Any:
    """Read rows with whom and what they are of, without the text of their source."""
    rows = rows.select_related("participant", "source")
    source = ("text", "turns", "sentences", "notices", "sha256", "memo", "kind", "words")
    return rows.defer(
        *(f"source__{name}" for name in source),
        *(f"participant__{name}" for name in ("situation", "demographics")),
    )


def _filtered(study: Study, actor: Any, chosen: dict[str, str], stays: Q) -> Any:
    if coding_blind(study, actor):
        rows, chosen = visible_evidence(study, actor), {**chosen, "status": "all"}
    else:
        rows = study.evidence.filter(Q(withdrawn=False) | stays, current=True)
    rows = _with_words(rows)
    if chosen["facet"]:
        rows = rows.filter(facet=chosen["facet"])
    # What was put aside is shown to who asks for it, or for everything.
    if chosen["status"] == "":
        rows = rows.filter(~Q(status=EvidenceStatus.REJECTED.value) | stays)
    elif chosen["status"] != "all":
        rows = rows.filter(Q(status=chosen["status"]) | stays)
    if chosen["participant"]:
        rows = rows.filter(participant__key=chosen["participant"])
    if chosen["language"]:
        rows = rows.filter(language=chosen["language"])
    return rows


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
