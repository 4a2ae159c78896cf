"""Operations as JSON-ready lines of ``coding.jsonl``, and back.

A line of each kind (``id``, ``coder`` and ``at`` are on all of them)::

    {"kind": "operation", "op": "merge", "jobs": {"J-1": ["e1"], "J-2": ["e2"]}, "into": "J-1"}
    {"kind": "operation", "op": "split", "job": "J-1", "evidence": ["e1", "e2"],
     "parts": {"J-9": ["e2"]}}
    {"kind": "operation", "op": "rename", "job": "J-1", "evidence": ["e1"], "language": "fr",
     "statement": "Retrouver une note"}
    {"kind": "operation", "op": "move", "moved": "e7", "job": "J-1", "beside": ["e1"]}
    {"kind": "operation", "op": "undo", "entry": "O-1"}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from embauche.jobs.operations import (
    Delete,
    Entry,
    Members,
    Merge,
    Move,
    Operation,
    OperationLog,
    Redo,
    Rename,
    Retype,
    SetParent,
    Split,
    Undelete,
    Undo,
)
from embauche.vocabulary import JobType, Language

KIND: Final = "operation"
Line = Mapping[str, Any]


def _members(value: Iterable[Any]) -> Members:
    if isinstance(value, str):
        msg = "ids are a list"
        raise TypeError(msg)
    return frozenset(str(item) for item in value)


def _sets(value: Mapping[str, Iterable[Any]]) -> dict[str, Members]:
    return {str(key): _members(items) for key, items in sorted(value.items())}


def _optional(value: object) -> str | None:
    return None if value is None else str(value)


def _text(value: str) -> str:
    if not isinstance(value, str) or not value.strip():
        msg = "no statement"
        raise ValueError(msg)
    return value


_READ: Final[Mapping[str, Callable[[Line], Operation | Undo | Redo]]] = {
    "merge": lambda line: Merge(_sets(line["jobs"]), str(line["into"])),
    "split": lambda line: Split(str(line["job"]), _members(line["evidence"]), _sets(line["parts"])),
    "rename": lambda line: Rename(
        str(line["job"]),
        _members(line["evidence"]),
        Language(line["language"]),
        _text(line["statement"]),
    ),
    "move": lambda line: Move(
        str(line["moved"]), _optional(line["job"]), _members(line.get("beside", ()))
    ),
    "retype": lambda line: Retype(
        str(line["job"]), _members(line["evidence"]), JobType(line["type"])
    ),
    "set_parent": lambda line: SetParent(
        str(line["job"]), _members(line["evidence"]), _optional(line["parent"])
    ),
    "delete": lambda line: Delete(str(line["job"]), _members(line["evidence"])),
    "undelete": lambda line: Undelete(str(line["job"]), _members(line["evidence"])),
    "undo": lambda line: Undo(str(line["entry"])),
    "redo": lambda line: Redo(str(line["entry"])),
}
_NAME: Final[Mapping[type, str]] = {
    Merge: "merge",
    Split: "split",
    Rename: "rename",
    Move: "move",
    Retype: "retype",
    SetParent: "set_parent",
    Delete: "delete",
    Undelete: "undelete",
    Undo: "undo",
    Redo: "redo",
}


def name_of(operation: Operation | Undo | Redo) -> str:
    """Return the name of an operation's kind, such as ``"merge"``."""
    return _NAME[type(operation)]


def entry_of(line: Line) -> Entry:
    """Read a line.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError
        If it is not an operation.
    """
    read = _READ.get(str(line["op"]))
    if line["kind"] != KIND or read is None:
        raise ValueError(line["op"])
    return Entry(
        str(line["id"]), read(line), str(line.get("coder") or "person:"), str(line.get("at") or "")
    )


def line_of(entry: Entry) -> dict[str, Any]:
    """Return an entry as the fields of a line; `entry_of` gives it back."""
    fields = {
        name: _plain(getattr(entry.operation, name)) for name in type(entry.operation).__slots__
    }
    head = {"kind": KIND, "op": name_of(entry.operation), "id": entry.id, "coder": entry.coder}
    return {**head, **({"at": entry.at} if entry.at else {}), **fields}


def log_of(lines: Iterable[Line]) -> OperationLog:
    """Read the lines of a log, other kinds of line left out; a line met twice counts once."""
    entries: dict[str, Entry] = {}
    for line in lines:
        if line.get("kind") == KIND:
            entry = entry_of(line)
            entries.setdefault(entry.id, entry)
    return OperationLog(tuple(entries.values()))


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in sorted(value.items())}
    return value if value is None else str(value)
