"""Every operation of the API that changes something, with a body that it can use.

A test asserts that the table is whole, so that an operation cannot be added without its roles
being tried.
"""

import json
from dataclasses import dataclass
from typing import Any

READS = ("get",)


@dataclass(frozen=True)
class Call:
    """How to call one operation rightly, and the least role that may."""

    body: Any
    role: str


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
        ("post", f"{s}/runs"): Call(None, "editor"),
        ("post", f"{s}/runs/{{id}}/cancel"): Call(None, "editor"),
    }


def address(study: Any, path: str) -> str:
    """Fill an operation's path with what the study holds."""
    if "/evidence/" in path or "/sources/" in path:
        row = study.evidence.filter(status="proposed", current=True).first()
        number = row.source_id if "/sources/" in path else row.pk
    elif "/runs/" in path:
        from embauche.workbench.models import Run

        number = Run.objects.get_or_create(study=study, defaults={"state": "done"})[0].pk
    else:
        number = study.jobs.filter(current=True).first().pk
    return path.format(slug=study.slug, id=number, name="evidence.csv")


def send(client: Any, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """Call with a JSON body."""
    more = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    return getattr(client, method)(path, headers=headers or None, **more)
