"""What was decided and noted in the workbench, as lines of ``coding.jsonl``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from embauche.study.several_coders import Line, taken_at
from embauche.workbench.models import Coder, Coding, Event, Evidence, Job, Source, Study
from embauche.workbench.services.evidence_history import standing, verb_of

_MODELS: dict[str, type[Evidence | Source | Job]] = {
    "evidence": Evidence,
    "source": Source,
    "job": Job,
}


def coding_lines(study: Study, source: Source | None = None) -> list[dict[str, Any]]:
    """Return what each person says here of each piece of evidence, in the order of saying it.

    Parameters
    ----------
    study
        The study.
    source
        Only of this source, and then with what came with the folder.
    """
    rows = Coding.objects.filter(study=study)
    rows = rows.filter(here=True) if source is None else rows.filter(evidence__source=source)
    fields = (
        "evidence__key", "status", "coder__name", "evidence__source__key", "evidence__start",
        "evidence__end", "evidence__quote", "facet", "rated", "adjudicated", "blind", "at",
    )  # fmt: skip
    lines = []
    for (
        key,
        status,
        coder,
        where,
        start,
        end,
        quote,
        facet,
        rated,
        settled,
        blind,
        at,
    ) in rows.order_by("at", "pk").values_list(*fields):
        line = {
            "kind": "evidence",
            "id": key,
            "status": status,
            "coder": coder,
            "source": where,
            "start": start,
            "end": end,
            "quote": quote,
            "facet": facet,
            **{name: value or None if name == "moment" else value for name, value in rated.items()},
            **when(at),
        }
        if settled:
            line["adjudicated"] = True
        if blind:
            line["blind"] = True
        lines.append(line)
    return lines


def reviewed_lines(study: Study) -> list[dict[str, Any]]:
    """Return the sentences and sources that people answered for as a whole."""
    names = dict(
        Coder.objects.filter(study=study, user__isnull=False).values_list("user_id", "name")
    )
    history: dict[str, list[Event]] = {}
    for event in Event.objects.filter(study=study, kind="sentence").order_by("pk"):
        history.setdefault(event.key, []).append(event)
    for event in Event.objects.filter(
        study=study, kind="source", verb__in=("source.reviewed", "source.undone", "source.redone")
    ).order_by("pk"):
        history.setdefault(f"{event.key}\0{event.actor_id}", []).append(event)
    lines: list[dict[str, Any]] = []
    for events in history.values():
        last = next(iter(standing(events)[::-1]), None)
        if last is None or last.payload is None or last.actor_id not in names:
            continue
        line = {"kind": "reviewed", "coder": names[last.actor_id], **when(last.at)}
        if verb_of(last) == "coded":
            span = [last.payload["start"], last.payload["end"]]
            lines.append(line | {"source": last.payload["source"], "spans": [span], "blind": False})
        elif verb_of(last) == "reviewed" and last.payload.get("reviewed", True):
            blind = bool(last.payload.get("blind"))
            lines.append(line | {"source": last.key, "blind": blind})
    return sorted(lines, key=lambda line: str(line.get("at", "")))


def memo_lines(study: Study, came_with: Iterable[Line] = ()) -> list[dict[str, Any]]:
    """Return the memos that were written here; those taken away are empty.

    A memo of the folder that is later than ours stays.
    """
    names = dict(
        Coder.objects.filter(study=study, user__isnull=False).values_list("user_id", "name")
    )
    latest: dict[tuple[str, str], Event] = {}
    for event in Event.objects.filter(study=study, kind="memo").order_by("pk"):
        of, _, key = event.key.partition(":")
        latest[of, key] = event
    before = {(str(line["of"]), str(line["id"])): taken_at(line) for line in came_with}
    lines = []
    for of, model in _MODELS.items():
        keys = [key for kind, key in latest if kind == of]
        texts = dict(model.objects.filter(study=study, key__in=keys).values_list("key", "memo"))
        for key, text in texts.items():
            event = latest[of, key]
            folder = before.get((of, key))
            if folder is not None and folder > event.at:
                continue
            coder = names.get(event.actor_id or 0, "person:")
            lines.append(
                {
                    "kind": "memo",
                    "of": of,
                    "id": key,
                    "text": text,
                    "coder": coder,
                    **when(event.at),
                }
            )
    return lines


def when(at: datetime | None) -> dict[str, str]:
    """Return the field that says when, where it is known."""
    return {"at": at.isoformat(timespec="seconds")} if at else {}
