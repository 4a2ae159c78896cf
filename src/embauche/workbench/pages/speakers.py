"""Collect: who speaks in a source, mended after its file was taken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from embauche.collect.line_beginnings import MARK
from embauche.errors import EmbaucheError
from embauche.workbench.models import Participant, Source
from embauche.workbench.page import page, study_of
from embauche.workbench.pages.conflict_words import said_of
from embauche.workbench.pages.last_step import number
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.roles import RANK
from embauche.workbench.services.speaker_labels import (
    NONE,
    Choice,
    Label,
    beginnings_of,
    labels_of,
)
from embauche.workbench.services.speakers import (
    Effect,
    change_speakers,
    effect_of,
    last_change,
    undo_speakers,
)

_DONE: Final = ("saved", "undone")
_PERSON: Final = "p:"
_BEGUN: Final = 12
"""Most beginnings of lines that one form says."""


def speakers(request: Any, slug: str, source_id: int) -> HttpResponse:
    """Show the labels of a source; say what a choice would cause, and keep or take it back.

    A choice is saved only as it was shown: another one is looked at first.
    """
    study = study_of(request, slug, writes="editor")
    if RANK[request.role] < RANK["editor"]:
        raise PermissionDenied
    source = get_object_or_404(Source, pk=source_id, study=study, current=True, kind="interview")
    source.study = study
    labels = labels_of(source)
    chosen = {item.label: _value(item) for item in labels}
    if request.method != "POST":
        return _shown(request, source, labels, chosen)
    for place, item in enumerate(labels):
        chosen[item.label] = str(request.POST.get(f"who{place}", chosen[item.label]))
    for place in range(_BEGUN):
        beginning = " ".join(str(request.POST.get(f"line{place}", "")).split())
        who = str(request.POST.get(f"line-who{place}", NONE))
        if (beginning or f"others{place}" in request.POST) and who != NONE:
            chosen[f"{MARK}{beginning}"] = who
    try:
        done, effect = _done(request, source, chosen)
    except StaleVersionError as error:
        # What stands now is on the page, so that nobody need go back and reload it.
        source.refresh_from_db()
        source.study = study
        labels = labels_of(source)
        chosen = {item.label: _value(item) for item in labels}
        return _shown(request, source, labels, chosen, problem=error)
    except EmbaucheError as error:
        return _shown(request, source, labels, chosen, problem=error)
    if effect is not None:
        return _shown(request, source, labels, chosen, effect)
    address = reverse("source-speakers", args=[slug, source.pk])
    return HttpResponseRedirect(f"{address}?done={done}")


def _done(request: Any, source: Source, chosen: Mapping[str, str]) -> tuple[str, Effect | None]:
    """Keep a choice, take the latest back, or say what a choice would cause."""
    version, do = number(request.POST.get("version")), request.POST.get("do", "")
    choices = {label: _choice(value) for label, value in chosen.items()}
    if do == "undo":
        undo_speakers(source.pk, request.user, version)
        return "undone", None
    if do == "save" and request.POST.get("seen") == _mark(chosen):
        change_speakers(source.pk, choices, request.user, version)
        return "saved", None
    if version != source.version:
        raise StaleVersionError(source)
    return "", effect_of(source, choices, request.user)


def _shown(
    request: Any,
    source: Source,
    labels: list[Label],
    chosen: Mapping[str, str],
    effect: Effect | None = None,
    problem: EmbaucheError | None = None,
) -> HttpResponse:
    heard = Participant.objects.filter(study=source.study)
    here = {turn["participant"] for turn in source.turns if turn["participant"]}
    # Those, too, whose evidence in this file is set aside.
    known = Participant.everybody.filter(evidence__source=source, evidence__study=source.study)
    here.update(known.values_list("key", flat=True))
    former = Participant.everybody.filter(study=source.study, key__in=here, current=False)
    begun = {item.label for item in labels}
    found = beginnings_of(source)
    typed = [one for one in chosen if one not in begun and one != MARK]
    typed = [one for one in typed if one.removeprefix(MARK) not in {item.text for item in found}]
    people = sorted([*heard, *former], key=lambda row: row.position)
    names = {row.key: row.pseudonym for row in people}
    last, done = last_change(source), request.GET.get("done", "")
    status = 200
    if problem is not None:
        status = 409 if isinstance(problem, StaleVersionError) else 422
    return page(
        request,
        "speakers",
        source.study,
        status=status,
        section="collect",
        tab="sources",
        source=source,
        labels=[{"item": item, "chosen": chosen[item.label]} for item in labels],
        beginnings=[{"item": item, "chosen": chosen.get(f"{MARK}{item.text}")} for item in found],
        typed=[{"text": one.removeprefix(MARK), "chosen": chosen[one]} for one in typed],
        others_chosen=chosen.get(MARK),
        others_held=MARK in begun,
        unread=len(labels) == 1 and not labels[0].label,
        here_people=[row for row in people if row.key in here],
        others=[row for row in people if row.key not in here],
        effect=effect,
        gone=[names.get(key, key) for key in effect.gone] if effect is not None else [],
        seen=_mark(chosen),
        last=last,
        done=done if done in _DONE and problem is None else "",
        error=said_of(problem, request.language, "speakers.conflict"),
    )


def _value(item: Label) -> str:
    """Return who a label is now, as the form names it."""
    return f"{_PERSON}{item.participant}" if item.role == "participant" else item.role


def _choice(value: str) -> Choice:
    if value.startswith(_PERSON):
        return Choice("participant", value.removeprefix(_PERSON))
    if value == "new":
        return Choice("participant", new=True)
    if value == NONE:
        return Choice(NONE)
    return Choice("interviewer" if value == "interviewer" else "other")


def _mark(chosen: Mapping[str, str]) -> str:
    return json.dumps(sorted(chosen.items()), ensure_ascii=False)
