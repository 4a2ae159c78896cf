"""Pseudonyms: what could identify people, source by source; the key, kept apart."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from embauche.errors import EmbaucheError
from embauche.messages import messages
from embauche.workbench.models import Source
from embauche.workbench.page import page, study_of
from embauche.workbench.pages.last_step import number
from embauche.workbench.services.intake_keyring import (
    delete_keyring,
    key_file,
    read_keyring,
)
from embauche.workbench.services.intake_wishes import proposes
from embauche.workbench.services.pseudonymising import (
    gone_through,
    leave_all,
    look_through,
    pseudonymise,
)
from embauche.workbench.services.roles import require
from embauche.workbench.services.team_events import record

_PLACES = 3


def listing(request: Any, slug: str) -> HttpResponse:
    """List the sources, and which of them somebody went through."""
    study = study_of(request, slug, writes="editor")
    keyring = read_keyring(study)
    looked = gone_through(study, keyring)
    rows = study.sources.filter(current=True).order_by("position")
    found: dict[str, dict[str, Any]] = {}
    for row in rows.values("pk", "key", "name", "kind", "words"):
        name = row["name"].partition("#")[0] if row["kind"] == "review" else row["name"]
        entry = found.setdefault(name, {"row": row, "name": name, "n": 0, "words": 0, "done": True})
        entry["n"] += 1
        entry["words"] += row["words"]
        entry["done"] = entry["done"] and looked.get(row["key"], False)
    return page(
        request,
        "pseudonyms",
        study,
        section="collect",
        tab="pseudonyms",
        rows=list(found.values()),
        left=sum(not entry["done"] for entry in found.values()),
        tokens=len(keyring.tokens),
        key=key_file(study).is_file(),
        done=request.GET.get("done", ""),
    )


def review(request: Any, slug: str, source_id: int) -> HttpResponse:
    """Show what could identify people in a source, each in its sentence; hide what is ticked."""
    study = study_of(request, slug, writes="editor")
    source = get_object_or_404(Source, pk=source_id, study=study, current=True)
    error = None
    if request.method == "POST":
        version = request.POST.get("version", "")
        shown, hidden = request.POST.getlist("shown"), request.POST.getlist("hide")
        added = [line for line in str(request.POST.get("added", "")).splitlines() if line.strip()]
        try:
            if not hidden and not added:
                leave_all(source.pk, request.user)
                n = 0
            else:
                n = pseudonymise(
                    source.pk,
                    hidden,
                    request.user,
                    number(version),
                    added=added[:50],
                    ignored=[item for item in shown if item not in hidden],
                )
        except EmbaucheError as problem:
            words = messages(request.language)
            error = (problem.message(words.language), problem.hint(words.language))
        else:
            return HttpResponseRedirect(f"{reverse('pseudonyms', args=[slug])}?done={n}")
    found = look_through(source)
    entries = [
        {
            **entry,
            "ticked": proposes(entry),
            "n": len(entry["places"]),
            "shown": entry["places"][:_PLACES],
            "more": max(0, len(entry["places"]) - _PLACES),
        }
        for entry in found.entries
    ]
    return page(
        request,
        "pseudonym_review",
        study,
        status=422 if error else 200,
        section="collect",
        tab="pseudonyms",
        source=source,
        name=source.name.partition("#")[0] if source.kind == "review" else source.name,
        sure=[entry for entry in entries if entry["sure"]],
        doubtful=[entry for entry in entries if not entry["sure"]],
        error=error,
    )


def key(request: Any, slug: str) -> HttpResponse:
    """Send the key to the owner, or delete it."""
    study = study_of(request, slug, writes="owner")
    require(request.user, study, "owner", archived=True)
    if request.method == "POST":
        if delete_keyring(study):
            record(study, request.user, "study.key_deleted", study.slug, {})
        return HttpResponseRedirect(reverse("pseudonyms", args=[slug]))
    path = key_file(study)
    if not path.is_file():
        raise Http404
    record(study, request.user, "study.key_downloaded", study.slug, {})
    name = f"{study.slug}-pseudonyms.json"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)
