"""What programs proposed: read from the history and the folder, and written as lines again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from embauche.study.decisions import PROPOSERS, Decisions
from embauche.study.several_coders import taken_at
from embauche.vocabulary import EvidenceStatus, Language
from embauche.workbench.models import Coder, Event, Evidence, Job, Study

KIND: Final = "proposal"
MADE: Final = "proposal.made"
WORDED: Final = "proposal.worded"
"""Kind and verbs of the events; the key is that of the evidence or the job."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A statement that a machine proposes for a job, until a person words the job."""

    job: str
    language: Language
    statement: str
    coder: str
    reason: str
    at: str


def suggestions(study: Study, came_with: Decisions) -> dict[str, list[Suggestion]]:
    """Return what was proposed for jobs that no person has worded since: key → the latest first."""
    rows = Job.objects.filter(study=study, worded_at__isnull=False)
    worded = dict(rows.values_list("key", "worded_at"))
    found: dict[str, list[Suggestion]] = {}
    for line in _suggested(study, came_with)[::-1]:
        at = taken_at(line) or datetime.min.replace(tzinfo=UTC)
        key = str(line["id"])
        if key in worded and worded[key].replace(microsecond=0) >= at:
            continue
        for language, statement in line["statement"].items():
            found.setdefault(key, []).append(
                Suggestion(
                    key,
                    Language(language),
                    str(statement),
                    str(line["coder"]),
                    str(line.get("reason") or ""),
                    str(line.get("at") or ""),
                )
            )
    return found


def statements_for(
    study: Study, came_with: Decisions, language: Language | str
) -> dict[str, list[Suggestion]]:
    """Return what was proposed in a language, as `suggestions`."""
    found = {
        key: [item for item in items if item.language == language]
        for key, items in suggestions(study, came_with).items()
    }
    return {key: items for key, items in found.items() if items}


def proposal_lines(study: Study, came_with: Decisions) -> list[dict[str, Any]]:
    """Return what programs proposed, as lines of ``coding.jsonl``: the folder's and ours.

    What a person took back here is left out.
    """
    lines = {
        str(line["id"]): dict(line) for line in came_with.proposals if line["kind"] == "evidence"
    }
    gone = set(
        Evidence.objects.filter(study=study, key__in=lines, current=False).values_list(
            "key", flat=True
        )
    )
    fields = (
        "key", "coder__name", "source__key", "start", "end", "quote", "facet", "confidence", "memo",
    )  # fmt: skip
    names = ("id", "coder", "source", "start", "end", "quote", "facet", "confidence", "memo")
    coders = Coder.objects.filter(study=study).values_list("pk", "name")
    programs = [pk for pk, name in coders if name.startswith(PROPOSERS)]
    rows = Evidence.objects.filter(study=study, current=True, coder__in=programs)
    for values in rows.order_by("pk").values_list(*fields):
        line = dict(zip(names, values, strict=True))
        if not line["memo"]:
            del line["memo"]
        status = EvidenceStatus.PROPOSED.value
        lines[line["id"]] = {"kind": "evidence", **line, "status": status}
    kept = [line for key, line in lines.items() if key not in gone]
    return [*kept, *_suggested(study, came_with)]


def _suggested(study: Study, came_with: Decisions) -> list[dict[str, Any]]:
    """Return the statements that were proposed, one line a job and program, the latest last."""
    lines = [dict(line) for line in came_with.proposals if line["kind"] == "job"]
    events = Event.objects.filter(study=study, verb=WORDED, payload__isnull=False)
    lines += [
        {
            "kind": "job",
            "id": event.key,
            "coder": str(event.payload["coder"]),
            "statement": {str(event.payload["language"]): str(event.payload["statement"])},
            "reason": str(event.payload["reason"]),
            "at": event.at.isoformat(timespec="seconds"),
        }
        for event in events.order_by("pk")
    ]
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for line in lines:
        key = (str(line["id"]), str(line["coder"]))
        before = found.pop(key, {})
        found[key] = {
            **before,
            **line,
            "statement": {**before.get("statement", {}), **line["statement"]},
        }
    return list(found.values())
