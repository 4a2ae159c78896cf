"""The memo in which a study travels inside a project: what REFI-QDA itself has no place for.

Rejected proposals, ratings, wordings of jobs and the settings of the study stand as lines of JSON
in a note of the project, which other programs show as a memo and give back. The codings of the
project itself always win over what the memo says of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from embauche.collect.refi import RefiNote, RefiProject, guid_key
from embauche.errors import StudyError
from embauche.study.decisions import parse_decisions
from embauche.study.refi_codes import guid_of
from embauche.study.several_coders import Line

_NAME = "Embauche"
_MOST_LINES = 1_000_000


@dataclass(frozen=True, slots=True)
class Memo:
    """What a project of ours says about itself.

    Attributes
    ----------
    toml
        The text of ``study.toml``.
    sources
        `guid_key` of a text → the id that its source had in the study.
    lines
        Decision lines as in ``coding.jsonl``, reviewed sources included.
    proposals
        Ids of evidence that only the machine proposed.
    machine_jobs
        Ids of jobs that no person worded.
    written
        `guid_key` of each coding that stands for a decision: one that is gone was taken away.
    """

    toml: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    proposals: frozenset[str] = frozenset()
    machine_jobs: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()


def coding_guid(evidence: str, coder: str) -> str:
    """Return the GUID of the coding that stands for a coder's decision about evidence."""
    return guid_of("coding", f"{evidence}\0{coder}")


def memo_note(memo: Memo, name: str) -> RefiNote:
    """Return the memo as a note of a project.

    Parameters
    ----------
    memo
        What to say.
    name
        The note's name, for people who see it in another program.
    """
    head = {
        "kind": "study",
        "toml": memo.toml,
        "sources": dict(memo.sources),
        "proposals": sorted(memo.proposals),
        "machine_jobs": sorted(memo.machine_jobs),
        "written": sorted(memo.written),
    }
    # ASCII only: programs differ in what they do to other characters in memos.
    text = "\n".join(json.dumps(dict(line), sort_keys=True) for line in (head, *memo.lines))
    guid = guid_of("note", "memo")
    element = Element("Note", {"guid": guid, "name": f"{_NAME} – {name}"})
    SubElement(element, "PlainTextContent").text = text
    return RefiNote(guid, f"{_NAME} – {name}", text, tostring(element, encoding="unicode"))


def is_memo(note: RefiNote) -> bool:
    """Say whether a note is ours, whatever GUID another program gave it."""
    ours = guid_key(note.guid) == guid_of("note", "memo")
    return ours or note.name.startswith(f"{_NAME} –")


def read_memo(project: RefiProject) -> Memo | None:
    """Return the memo of a project, or ``None`` where it has none or it was spoilt."""
    note = next((note for note in project.notes if is_memo(note)), None)
    if note is None or note.text is None:
        return None
    lines: list[Line] = []
    head: dict[str, Any] = {}
    for written in note.text.splitlines()[:_MOST_LINES]:
        try:
            entry = json.loads(written)
            if entry["kind"] != "study":
                parse_decisions([written])
        except (StudyError, ValueError, KeyError, TypeError, RecursionError):
            continue  # someone edited the memo: this line no longer means anything
        if entry["kind"] == "study":
            head = entry
        else:
            lines.append(entry)
    try:
        return Memo(
            toml=str(head.get("toml", "")),
            sources={str(key): str(value) for key, value in head.get("sources", {}).items()},
            lines=tuple(lines),
            proposals=_names(head.get("proposals", ())),
            machine_jobs=_names(head.get("machine_jobs", ())),
            written=_names(head.get("written", ())),
        )
    except (AttributeError, TypeError):
        return Memo(lines=tuple(lines))


def _names(values: Iterable[Any]) -> frozenset[str]:
    return frozenset(str(value) for value in values)
