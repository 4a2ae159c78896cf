"""Every address, as a stranger, a reader, a coder, an editor and an owner: who reads, who writes.

An address that is not in the table fails the test: whoever adds one says here whom it is for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from fictional_team import as_server, browser, person

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


@pytest.fixture
def team(study: Any) -> Iterator[dict[str, Any]]:
    """People of every role, and one object of each kind that an address can name."""
    from embauche.workbench.models import Comment, Run
    from embauche.workbench.services.invitations import invite
    from embauche.workbench.services.sharing import share

    people = {role: person(role, study, role) for role in ROLES}
    people["stranger"] = person("stranger")
    person("zoe", study, "reader")
    with as_server():
        invite(study, "coder", 7, "", people["owner"])
        share(study, 7, "", people["owner"])
        job = study.jobs.first()
        Comment.objects.create(
            study=study, author=people["owner"], kind="job", key=job.key, text="Hm."
        )
        Run.objects.create(study=study, state="done")
        yield people


def patterns() -> dict[str, Any]:
    from django.urls import get_resolver

    return {item.name: item for item in get_resolver().url_patterns}


def address(name: str, study: Any) -> str:
    from django.urls import reverse

    values = {
        key: study.slug if key == "slug" else OWN.get((name, key)) or GIVEN[key](study)
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


def written(study: Any) -> str:
    """Return a digest of all that the database holds of studies and people."""
    from django.apps import apps

    found = sha256()
    for model in apps.get_app_config("workbench").get_models():
        if model.__name__ in {"LoginAttempt", "Mention"}:
            continue
        rows = model.objects.order_by("pk").values_list()
        if model.__name__ == "Study":
            rows = rows.filter(pk=study.pk)
        if model.__name__ == "User":
            rows = model.objects.order_by("pk").values_list("pk", "username", "is_active")
        found.update(json.dumps(list(rows), default=str).encode())
    return found.hexdigest()


def test_every_address_is_in_the_table(workspace: Any) -> None:
    assert sorted(patterns()) == sorted(TABLE)


def test_whoever_is_not_logged_in_gets_nothing_of_a_study(study: Any, team: dict[str, Any]) -> None:
    client, before = browser(), written(study)
    for name, roles in TABLE.items():
        for answer in (client.get(address(name, study)), client.post(address(name, study))):
            assert study.title not in answer.content.decode(), name
            assert "client" not in answer.content.decode(), f"{name}: an interview's words"
            if OPEN not in roles:
                assert answer.status_code == 302, name
                assert answer.headers["Location"].startswith("/login/"), name
    assert written(study) == before


def test_who_is_not_in_the_study_is_told_that_it_does_not_exist(
    study: Any, team: dict[str, Any]
) -> None:
    client, before = browser(team["stranger"]), written(study)
    for name in of_studies():
        for method in ("get", "post"):
            for headers in ({}, {"HX-Request": "true"}):
                answer = ask(client, method, name, study, headers=headers)
                assert answer.status_code in {404, 405}, (name, method, answer.status_code)
                assert study.title not in answer.content.decode(), name
    assert study.slug not in client.get("/").content.decode()
    assert written(study) == before


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_what_it_may(study: Any, team: dict[str, Any], role: str) -> None:
    client, wrong = browser(team[role]), []
    for name in of_studies():
        needed = TABLE[name][0]
        if needed is None:
            continue
        status = ask(client, "get", name, study).status_code
        may = ROLES.index(role) >= ROLES.index(needed)
        if status not in ({200, 302, 404} if may else {403}):
            wrong.append((name, status))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES[:-1])
def test_nobody_writes_above_their_role(study: Any, team: dict[str, Any], role: str) -> None:
    client, before, wrong = browser(team[role]), written(study), []
    for name in of_studies():
        needed = TABLE[name][1]
        if needed is not None and ROLES.index(role) >= ROLES.index(needed):
            continue
        for headers in ({}, {"HX-Request": "true"}):
            answer = ask(client, "post", name, study, headers=headers)
            strict = role == "reader" or name in FORMS
            refused = {403} if strict else {400, 403, 404, 422}
            if answer.status_code not in (range(500) if needed is None else refused):
                wrong.append((name, answer.status_code))
        assert written(study) == before, f"a {role} wrote at {name}"
    assert wrong == []


def test_owners_are_let_through_everywhere(study: Any, team: dict[str, Any]) -> None:
    from django.db import transaction

    client, wrong = browser(team["owner"]), []
    for name in of_studies():
        if TABLE[name][1] is None:
            continue
        with transaction.atomic():
            answer = ask(client, "post", name, study)
            transaction.set_rollback(True)
        if answer.status_code == 403 or answer.status_code >= 500:
            wrong.append((name, answer.status_code))
    assert wrong == []
