"""Other ids and words for the same things: wherever the database and the decisions name them.

A piece of evidence is named by its source, span and facet. When the text of a source changes under
it (names replaced by tokens, a corrected transcript), the evidence moves and is named anew; so must
everything that names it: history, comments, figures, what came with the folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from embauche.study.decisions import FILE_NAME as CODING
from embauche.workbench.models import Comment, Event, Evidence, Job, Result, Source, Study
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.intake_files import write_whole
from embauche.workbench.services.teaching import sentence_key

Span = Callable[[int, int], tuple[int, int] | None]


def _unchanged(text: str) -> str:
    return text


@dataclass(frozen=True)
class Renaming:
    """What is called otherwise from now on.

    Attributes
    ----------
    source
        Id of the source before.
    renamed
        Its id now.
    evidence
        Id of evidence → its id now.
    people
        Id of a participant → its id now.
    span
        Where a span of the source stands now; ``None`` where it is gone.
    text
        The source's text now.
    history
        Id under which the text before is kept, for what is gone.
    retold
        Puts tokens into any other text.
    """

    source: str
    renamed: str
    evidence: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    span: Span = lambda start, end: (start, end)
    text: str = ""
    history: str = ""
    retold: Callable[[str], str] = _unchanged

    def name(self, text: str) -> str | None:
        """Return the new id where a text is an id that has changed."""
        if text in self.evidence:
            return self.evidence[text]
        if text in self.people:
            return self.people[text]
        if text == self.source:
            return self.renamed
        kind, colon, key = text.partition(":")
        if colon and kind == "participant":
            return f"{kind}:{self.people[key]}" if key in self.people else None
        if colon and kind in {"evidence", "source"}:
            new = self.evidence.get(key) or (self.renamed if key == self.source else None)
            return f"{kind}:{new}" if new else None
        return None

    def told(self, data: Any) -> Any:
        """Return JSON-ready data with every id and every text as it is now."""
        if isinstance(data, str):
            named = self.name(data)
            return self.retold(data) if named is None else named
        if isinstance(data, list):
            return [self.told(item) for item in data]
        if isinstance(data, dict):
            made = {
                self.name(key) or self.retold(key): self.told(item) for key, item in data.items()
            }
            if data.get("source") == self.source:
                self._moved(data, made)
            return made
        return data

    def _moved(self, data: Mapping[str, Any], made: dict[str, Any]) -> None:
        """Move the spans of something that is in the source."""
        start, end = data.get("start"), data.get("end")
        if isinstance(start, int) and isinstance(end, int):
            there = self.span(start, end)
            if there is None:
                made["source"] = self.history or self.renamed
                return
            made["start"], made["end"] = there
            if "quote" in data:
                made["quote"] = self.text[slice(*there)]
        if isinstance(data.get("spans"), list):
            moved = [self.span(int(a), int(b)) for a, b in data["spans"]]
            made["spans"] = [list(span) for span in moved if span is not None]


def rename(study: Study, renaming: Renaming) -> None:
    """Rename throughout a study; rows of sources, participants and evidence are the caller's."""
    _events(study, renaming)
    for comment in Comment.objects.filter(study=study):
        key = renaming.name(comment.key) or comment.key
        text = renaming.retold(comment.text)
        if (key, text) != (comment.key, comment.text):
            Comment.objects.filter(pk=comment.pk).update(key=key, text=text)
    for result in Result.objects.filter(study=study).exclude(part="talk"):
        told = renaming.told(result.data)
        if told != result.data:
            Result.objects.filter(pk=result.pk).update(data=told)
    for job in Job.objects.filter(study=study):
        told = {
            "statement": renaming.told(job.statement),
            "story": renaming.told(job.story),
            "participants": renaming.told(job.participants),
            "name_source": renaming.name(job.name_source) or job.name_source,
            "memo": renaming.retold(job.memo),
        }
        if any(getattr(job, name) != value for name, value in told.items()):
            Job.objects.filter(pk=job.pk).update(**told)
    for model in (Evidence, Source):
        for row in model.objects.filter(study=study).exclude(memo="").only("pk", "memo"):
            model.objects.filter(pk=row.pk).update(memo=renaming.retold(row.memo))
    _lines(study, renaming)


def _events(study: Study, renaming: Renaming) -> None:
    for event in list(Event.objects.filter(study=study)):
        payload = renaming.told(event.payload)
        key = renaming.name(event.key) or event.key
        if event.kind == "sentence" and isinstance(event.payload, dict):
            spot = event.payload
            if spot.get("source") == renaming.source and "start" in spot:
                key = sentence_key(payload["source"], payload["start"], payload["end"])
                _undone(study, event, key)
        if payload != event.payload or key != event.key:
            # The history stays as it was but for what things are called and who is named in it.
            Event.objects.filter(pk=event.pk).update(payload=payload, key=key)


def _undone(study: Study, coded: Event, key: str) -> None:
    """Let the events that take an answer back, and say nothing else, follow it."""
    Event.objects.filter(study=study, kind="sentence", key=coded.key, payload=None).update(key=key)


def _lines(study: Study, renaming: Renaming) -> None:
    path = study_folder(study) / CODING
    if not path.is_file():
        return
    text = path.read_text(encoding="utf-8-sig")
    lines = []
    for line in text.splitlines():
        if not line.strip():
            continue
        entry = json.loads(line)
        lines.append(json.dumps(renaming.told(entry), ensure_ascii=False, sort_keys=True))
    made = "".join(f"{line}\n" for line in lines)
    if made != text:
        write_whole(path, made.encode())
