"""What a line of coding.jsonl must hold for it to be a decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from embauche.jobs.operation_lines import KIND as OPERATION
from embauche.jobs.operation_lines import entry_of
from embauche.vocabulary import EvidenceStatus, Facet, Language, Moment

_KINDS: Final = ("evidence", "job")
_REVIEWED: Final = "reviewed"
_MEMO: Final = "memo"
_MEMOS_OF: Final = ("evidence", "source", "job")


def check_line(entry: Mapping[str, Any]) -> None:
    """Raise `ValueError` or `KeyError` unless the fields that are there have a meaning."""
    if entry["kind"] == _REVIEWED:
        str(entry["source"])
        if any(not 0 <= int(start) < int(end) for start, end in entry.get("spans", ())):
            raise ValueError("spans")
        return
    if entry["kind"] == OPERATION:
        entry_of(entry)
        return
    if entry["kind"] == _MEMO:
        _ = (_MEMOS_OF.index(entry["of"]), str(entry["id"]), str(entry["text"]))
        return
    _KINDS.index(entry["kind"])
    str(entry["id"])
    if "quote" in entry:
        _ = (str(entry["source"]), int(entry["start"]), int(entry["end"]), entry["facet"])
    _check_values(entry)


def _check_values(entry: Mapping[str, Any]) -> None:
    if "status" in entry:
        EvidenceStatus(entry["status"])
    if "facet" in entry:
        Facet(entry["facet"])
    for language in entry.get("statement", {}):
        Language(language)
    if not 0 <= float(entry.get("confidence", 0.5)) <= 1:
        raise ValueError("confidence")
    if entry.get("moment"):
        Moment(entry["moment"])
    for rating in ("intensity", "dissatisfaction"):
        if entry.get(rating) not in {None, 0, 1, 2, 3, 4}:
            raise ValueError(rating)
    if entry.get("frequency") is not None and float(entry["frequency"]) < 0:
        raise ValueError("frequency")
