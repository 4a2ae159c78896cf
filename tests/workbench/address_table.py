"""The table of addresses: whom each is for, what it names, and how it is asked for.

Whoever adds an address says here whom it is for.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

ROLES = ("reader", "coder", "editor", "owner")

OPEN = "open"
"""Needs no session: it shows nothing of a study, or carries a secret of its own."""

MINE = "mine"
"""For whoever is logged in, about themselves."""

# Name of the address → the role that reads it with GET, and the role that writes there with POST;
# None where there is nothing to read, or nothing to write.
TABLE: dict[str, tuple[str | None, str | None]] = {
    # Collect
    "home": (MINE, None),
    "study-new": (MINE, MINE),
    "study-open": (None, MINE),
    "study-demo": (None, MINE),
    "study-archive": (None, "owner"),
    "study-delete": ("reader", "owner"),
    "study-export": ("reader", None),
    "overview": ("reader", None),
    "sources": ("reader", None),
    "source": ("reader", None),
    "upload": (None, "editor"),
    "waiting": (None, "editor"),
    "source-remove": ("reader", "editor"),
    "source-speakers": ("editor", "editor"),
    "source-aside": ("editor", "editor"),
    "table-remove": (None, "editor"),
    "participants": ("reader", "editor"),
    "participant-columns": (None, "editor"),
    "pseudonyms": ("reader", None),
    "pseudonym-key": ("owner", "owner"),
    "pseudonym-review": ("reader", "editor"),
    "guide": ("reader", None),
    "guide-brief": (None, "editor"),
    "guide-fitting": ("reader", None),
    "guide-asked": ("reader", None),
    "guide-in-source": ("reader", None),
    "guide-undo": (None, "editor"),
    "guide-add": (None, "editor"),
    "guide-question": (None, "editor"),
    "guide-move": (None, "editor"),
    "guide-remove": (None, "editor"),
    "guide-part": (None, "editor"),
    "guide-text": (None, "editor"),
    "guide-file": ("reader", None),
    "survey": ("reader", None),
    "survey-check": (None, None),
    "survey-save": (None, "editor"),
    "survey-customers": (None, "editor"),
    "survey-link": (None, "editor"),
    "survey-undo": (None, "editor"),
    "survey-upload": (None, "editor"),
    # Identify
    "evidence": ("reader", None),
    "evidence-edit": ("reader", None),
    "evidence-change": (None, "coder"),
    "evidence-bulk": (None, "coder"),
    "learned": ("reader", None),
    "code": (None, "coder"),
    "decide": (None, "coder"),
    "read": (None, "coder"),
    "settle": ("editor", "editor"),
    "memo": (None, "coder"),
    "undo": (None, "coder"),
    "blind": (None, "editor"),
    "search": ("reader", None),
    "review-page": (None, "coder"),
    "review": (None, "coder"),
    "teach": ("reader", None),
    "teach-answer": (None, "coder"),
    "agreement": ("reader", None),
    "saturation": ("reader", None),
    # Map
    "jobs": ("reader", None),
    "statement": (None, "editor"),
    "canvas": ("reader", None),
    "empathy": ("reader", None),
    "operation": (None, "editor"),
    "link": (None, "editor"),
    "offer": (None, "editor"),
    "board": ("reader", None),
    "board-operation": (None, "editor"),
    "board-move": ("reader", None),
    "board-merge": ("reader", None),
    "board-job": ("reader", None),
    "board-rename": ("reader", None),
    "board-pieces": ("reader", None),
    "board-cards": ("reader", None),
    "board-threshold": ("reader", "editor"),
    "lint": ("reader", None),
    "matrix": ("reader", None),
    "matrix-csv": ("reader", None),
    "cell": ("reader", None),
    # Segment, prioritise, activate
    "segments": ("reader", None),
    "typing": ("reader", None),
    "compare": ("reader", None),
    "compare-test": (None, "editor"),
    "priorities": ("reader", None),
    "targets": ("reader", None),
    "steps": ("reader", None),
    # Analysis and outputs
    "analyse": (None, "editor"),
    "progress": ("reader", None),
    "strip": ("reader", None),
    "cancel": (None, "editor"),
    "report": ("reader", None),
    "download": ("reader", None),
    # Team
    "activity": ("reader", None),
    "history": ("reader", None),
    "comments": ("reader", "coder"),
    "comment": (None, "coder"),
    "people": ("reader", None),
    "invite": (None, "owner"),
    "revoke-invitation": (None, "owner"),
    "member": (None, "owner"),
    "leave": (None, "reader"),
    "share": (None, "editor"),
    "revoke-share": (None, "editor"),
    "settings": ("reader", "editor"),
    "archive": (None, "owner"),
    "account": (MINE, MINE),
    "mentions": (MINE, None),
    "mentions-seen": (None, MINE),
    "preferences": (None, OPEN),
    "login": (OPEN, OPEN),
    "logout": (None, MINE),
    "tokens": (MINE, MINE),
    "revoke-token": (None, MINE),
    "reference": (MINE, None),
    "invitation": (OPEN, OPEN),
    "shared": (OPEN, None),
    "shared-report": (OPEN, None),
    "shared-part": (OPEN, None),
    # These ask for a token of their own.
    "api": (OPEN, OPEN),
    "openapi": (OPEN, None),
}

# What the address names besides the study.
GIVEN: dict[str, Any] = {
    "source_id": lambda study: study.sources.first().pk,
    "evidence_id": lambda study: study.evidence.first().pk,
    "job_id": lambda study: study.jobs.first().pk,
    "row_id": lambda study: study.evidence.first().pk,
    "of": lambda _: "evidence",
    "token_id": lambda _: 1,
    "run_id": lambda study: study.runs.first().pk,
    "comment_id": lambda study: _comment(study).pk,
    "invitation_id": lambda study: study.invitations.first().pk,
    "membership_id": lambda study: study.memberships.get(user__username="zoe").pk,
    "share_id": lambda study: study.share_links.first().pk,
    "pk": lambda study: study.jobs.first().pk,
    "facet": lambda _: "job",
    "kind": lambda _: "job",
    "form": lambda _: "json",
    "name": lambda _: "evidence.csv",
    "question": lambda _: "first",
    "part": lambda _: "timeline",
    "secret": lambda _: "no-such-secret",
    "rest": lambda study: f"studies/{study.slug}",
}
OWN = {
    ("operation", "kind"): "merge",
    ("board-operation", "kind"): "merge",
    ("shared-part", "name"): "jobs",
}
"""Where an address means something else by that name."""

# Forms that the roles below must not get through with; the others are sent empty.
FORMS: dict[str, dict[str, Any]] = {
    "review": {"decision": "accepted", "version": 1},
    "statement": {"statement": "Find a note before the meeting", "version": 1},
    "comments": {"text": "Is this one job or two?"},
    "invite": {"role": "owner", "days": "7"},
    "member": {"role": "owner", "held": "reader"},
    "share": {"days": "7"},
    "settings": {"title": "Another title", "language": "en", "version": 1, "seed": 0},
    "archive": {"do": "archive", "version": 1},
    "study-archive": {"archived": "1"},
    "evidence-change": {"facet": "pull", "version": 1},
    "memo": {"text": "To be thought over.", "version": 1},
    "blind": {"blind": "1"},
}


def form(name: str) -> dict[str, Any]:
    """Return the form that is sent to an address; a file can be read once."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    if name == "survey-upload":
        return {"part": "survey", "file": SimpleUploadedFile("s.csv", b"id,need\n1,4\n2,5\n")}
    return dict(FORMS.get(name, {}))


def _comment(study: Any) -> Any:
    from embauche.workbench.models import Comment

    return Comment.objects.filter(study=study).first()


def patterns() -> dict[str, Any]:
    from django.urls import get_resolver

    return {item.name: item for item in get_resolver().url_patterns}


def address(name: str, study: Any, whose: Any = None) -> str:
    """Return an address of a study; what it names besides may be another's."""
    from django.urls import reverse

    values = {
        key: study.slug if key == "slug" else OWN.get((name, key)) or GIVEN[key](whose or study)
        for key in patterns()[name].pattern.converters
    }
    return reverse(name, kwargs=values)


def ask(client: Any, method: str, name: str, study: Any, **more: Any) -> Any:
    """Ask for an address; a file is read to its end."""
    data = form(name) if method == "post" else {}
    answer = getattr(client, method)(address(name, study), data, **more)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer


def of_studies() -> list[str]:
    return [name for name in TABLE if "studies/" in str(patterns()[name].pattern)]


def written() -> str:
    """Return a digest of all that database and folders hold of studies and people."""
    from django.apps import apps
    from django.conf import settings

    found = sha256()
    for model in apps.get_app_config("workbench").get_models():
        if model.__name__ in {"LoginAttempt", "Mention"}:
            continue
        rows = model.objects.order_by("pk").values_list()
        if model.__name__ == "User":
            rows = model.objects.order_by("pk").values_list("pk", "username", "is_active")
        found.update(json.dumps(list(rows), default=str).encode())
    # What is made of a study for who reads it lies in folders of results.
    for path in sorted(settings.WORKSPACE.studies.rglob("*")):
        if "results" in path.parts:
            continue
        found.update(str(path).encode() + (path.read_bytes() if path.is_file() else b""))
    return found.hexdigest()
