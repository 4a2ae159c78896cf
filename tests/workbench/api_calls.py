"""Every operation of the API that changes something, with a body that it can use.

A test asserts that the table is whole, so that an operation cannot be added without its roles
being tried.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

QUERIES = {
    "/api/v1/studies/{slug}/search": "words=note",
    "/api/v1/studies/{slug}/comments": "on=study",
}
"""What a reading operation must be asked."""


@dataclass(frozen=True)
class Call:
    """How to call one operation rightly, and the least role that may."""

    body: Any
    role: str
    query: str = ""


def calls(study: Any) -> dict[tuple[str, str], Call]:
    """Return (method, path) → a call that would change this study."""
    row = study.evidence.filter(status="proposed", current=True).select_related("source").first()
    job, other = study.jobs.filter(current=True)[:2]
    s = "/api/v1/studies/{slug}"
    turn = next(turn for turn in row.source.turns if turn["role"] == "participant")
    words = row.source.text[turn["start"] : turn["start"] + 12]
    shown = {"evidence": [{"id": row.pk, "version": row.version}]}
    memo = {"text": "To ask again.", "version": 1}
    return {
        ("put", f"{s}/offer"): Call({"offer": {"A": "b"}, "version": study.version}, "editor"),
        ("post", f"{s}/evidence"): Call(
            {
                "source": row.source_id,
                "quote": words,
                "facet": "habit",
                "start": turn["start"],
            },
            "coder",
        ),
        ("post", f"{s}/evidence/{{id}}/review"): Call(
            {"decision": "accepted", "version": row.version}, "coder"
        ),
        ("post", f"{s}/evidence/{{id}}/undo"): Call({"version": row.version}, "coder"),
        ("post", f"{s}/evidence/review"): Call({"decision": "accepted", **shown}, "coder"),
        ("post", f"{s}/evidence/code"): Call(
            {"source": row.source_id, "start": row.start, "end": row.end, "facet": "habit"}, "coder"
        ),
        ("post", f"{s}/evidence/recode"): Call({"facet": "habit", **shown}, "coder"),
        ("post", f"{s}/evidence/remove"): Call(shown, "coder"),
        ("patch", f"{s}/evidence/{{id}}"): Call({"intensity": 3, "version": row.version}, "coder"),
        ("put", f"{s}/sources/{{id}}/memo"): Call(memo, "coder"),
        ("put", f"{s}/jobs/{{id}}/memo"): Call(memo, "coder"),
        ("post", f"{s}/undo"): Call(None, "coder"),
        ("post", f"{s}/redo"): Call(None, "coder"),
        ("post", f"{s}/teaching"): Call(
            {"source": row.source_id, "start": row.start, "end": row.end, "facets": []}, "coder"
        ),
        ("post", f"{s}/teaching/undo"): Call(None, "coder"),
        ("post", f"{s}/jobs/operations"): Call(
            {"op": "merge", "job": job.key, "other": other.key}, "editor"
        ),
        ("post", f"{s}/jobs/operations/undo"): Call({}, "editor"),
        ("post", f"{s}/jobs/operations/redo"): Call(None, "editor"),
        ("put", f"{s}/jobs/{{id}}/statement"): Call(
            {"statement": "Find a note", "language": "en", "version": job.version}, "editor"
        ),
        ("post", f"{s}/jobs/{{id}}/suggestions"): Call(
            {"statement": "Find a note", "language": "en"}, "coder"
        ),
        ("patch", s): Call({"title": "Other", "version": study.version}, "editor"),
        ("delete", s): Call(None, "owner", "title=Pocket+notes"),
        ("post", f"{s}/archive"): Call({"archived": True, "version": study.version}, "owner"),
        ("post", f"{s}/uploads"): Call(b"Ana: I lose my notes.", "editor"),
        ("patch", f"{s}/uploads/{{id}}"): Call({"kind": "interview"}, "editor"),
        ("delete", f"{s}/uploads/{{id}}"): Call(None, "editor"),
        ("post", f"{s}/uploads/take"): Call({"files": [{"id": 1}]}, "editor"),
        ("post", f"{s}/sources"): Call(
            {"name": "dora", "text": "Dora: I need to find my notes before a meeting.\n"}, "editor"
        ),
        ("delete", f"{s}/sources/{{id}}"): Call(None, "editor", "version=1"),
        ("patch", f"{s}/participants/{{id}}"): Call({"pseudonym": "P9", "version": 1}, "editor"),
        ("put", f"{s}/guide"): Call({"product": "Pocket", "language": "en"}, "editor"),
        ("post", f"{s}/guide/questions"): Call({"part": "opening", "text": "Why?"}, "editor"),
        ("put", f"{s}/guide/questions/{{question}}"): Call({"text": "Why?", "seen": "x"}, "editor"),
        ("delete", f"{s}/guide/questions/{{question}}"): Call(None, "editor", "seen=x"),
        ("post", f"{s}/guide/questions/{{question}}/place"): Call(
            {"part": "opening", "at": 0}, "editor"
        ),
        ("put", f"{s}/guide/parts/{{part}}"): Call(
            {"title": "Begin", "minutes": 5, "seen": "x"}, "editor"
        ),
        ("put", f"{s}/guide/texts/{{name}}"): Call({"text": "Hello.", "seen": "x"}, "editor"),
        ("post", f"{s}/guide/undo"): Call(None, "editor"),
        ("put", f"{s}/survey"): Call({"file": "s.csv", "roles": [], "version": "x"}, "editor"),
        ("put", f"{s}/survey/customers"): Call({"file": ""}, "editor"),
        ("post", f"{s}/survey/check"): Call({"file": "s.csv", "roles": []}, "reader"),
        ("put", f"{s}/threshold"): Call({"threshold": 0.5}, "editor"),
        ("post", f"{s}/comparisons"): Call({"outcome": "loyal"}, "editor"),
        ("patch", f"{s}/members/{{id}}"): Call({"role": "reader", "held": "owner"}, "owner"),
        ("delete", f"{s}/members/{{id}}"): Call(None, "owner", "held=owner"),
        ("post", f"{s}/leave"): Call(None, "reader"),
        ("post", f"{s}/invitations"): Call({"role": "reader"}, "owner"),
        ("delete", f"{s}/invitations/{{id}}"): Call(None, "owner"),
        ("post", f"{s}/shares"): Call({}, "editor"),
        ("delete", f"{s}/shares/{{id}}"): Call(None, "editor"),
        ("post", f"{s}/comments"): Call({"on": "study", "text": "Look."}, "coder"),
        ("patch", f"{s}/comments/{{id}}"): Call({"text": "Look.", "version": 1}, "author"),
        ("delete", f"{s}/comments/{{id}}"): Call(None, "author", "version=1"),
        ("delete", f"{s}/tables/{{part}}"): Call(None, "editor", "file=s.csv"),
        ("post", f"{s}/participants/columns"): Call({"name": "Trade"}, "editor"),
        ("delete", f"{s}/participants/columns"): Call(None, "editor", "name=Trade"),
        ("post", f"{s}/pseudonyms/{{id}}"): Call({"version": 1}, "editor"),
        ("put", f"{s}/sources/{{id}}/speakers"): Call(
            {"speakers": [{"label": "Ana", "role": "participant", "new": True}], "version": 1},
            "editor",
        ),
        ("post", f"{s}/sources/{{id}}/speakers/effect"): Call(
            {"speakers": [{"label": "Ana", "role": "other"}]}, "editor"
        ),
        ("post", f"{s}/sources/{{id}}/speakers/undo"): Call({"version": 1}, "editor"),
        ("post", f"{s}/sources/{{id}}/aside"): Call(
            {"evidence": row.pk, "decision": "drop", "version": 1}, "editor"
        ),
        ("post", f"{s}/survey/undo"): Call(None, "editor"),
        ("delete", f"{s}/pseudonyms/key"): Call(None, "session"),
        ("put", f"{s}/sources/{{id}}/read"): Call({"read": True}, "coder"),
        ("post", f"{s}/sources/{{id}}/differences"): Call(
            {"start": 0, "end": 5, "disputed": ["habit"], "kept": []}, "editor"
        ),
        ("post", f"{s}/statements/check"): Call({"statement": "Find", "language": "en"}, "reader"),
        ("post", f"{s}/runs"): Call(None, "editor"),
        ("post", f"{s}/runs/{{id}}/cancel"): Call(None, "editor"),
    }


def address(study: Any, path: str, query: str = "") -> str:
    """Fill an operation's path with what the study holds; what is missing is made."""
    number = 0
    if "{id}" in path:
        number = _number(study, path.partition("/{slug}/")[2].partition("/")[0])
    name = {"texts": "welcome", "files": "evidence.csv"}.get(path.split("/")[-2], "x")
    form = "json" if "/typing/" in path else "pdf"
    filled = path.format(
        slug=study.slug,
        id=number,
        name=name,
        question="first",
        part="survey" if "/tables/" in path else "opening",
        form=form,
    )
    query = query or QUERIES.get(path, "")
    return f"{filled}?{query}" if query else filled


def _number(study: Any, kind: str) -> int:
    from django.utils import timezone

    from embauche.workbench.models import Comment, Invitation, Run, ShareLink, Upload

    owner = study.memberships.filter(role="owner").first()
    link = {"created_by": owner.user, "expires_at": timezone.now() + timedelta(days=1)}
    made = {
        "pseudonyms": lambda: study.sources.filter(current=True).first(),
        "evidence": lambda: study.evidence.filter(status="proposed", current=True).first(),
        "sources": lambda: study.sources.filter(current=True).first(),
        "participants": study.participants.first,
        "jobs": lambda: study.jobs.filter(current=True).first(),
        "members": lambda: owner,
        "runs": lambda: Run.objects.get_or_create(study=study, defaults={"state": "done"})[0],
        "comments": lambda: Comment.objects.get_or_create(
            study=study, kind="study", key=study.slug, defaults={"author": owner.user, "text": "x"}
        )[0],
        "invitations": lambda: Invitation.objects.get_or_create(
            study=study, token_hash="i" * 64, defaults={"role": "reader", **link}
        )[0],
        "shares": lambda: ShareLink.objects.get_or_create(
            study=study, token_hash="s" * 64, defaults=link
        )[0],
        "uploads": lambda: Upload.objects.get_or_create(
            study=study, name="x.txt", defaults={"stored": "gone", "size": 1, "sha256": "x"}
        )[0],
        "tokens": lambda: owner,
    }
    return made[kind or "tokens"]().pk


def send(client: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """Call with a JSON body, or with a file."""
    if isinstance(body, bytes):
        from django.core.files.uploadedfile import SimpleUploadedFile

        more = {"data": {"file": SimpleUploadedFile("dora.txt", body)}}
    elif body is None:
        more = {}
    else:
        more = {"data": json.dumps(body), "content_type": "application/json"}
    answer = getattr(client, method)(path, headers=headers or None, **more)
    if answer.streaming:
        b"".join(answer.streaming_content)  # read to its end, a file is closed
    return answer
