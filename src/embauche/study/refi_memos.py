"""Memos of evidence, sources and jobs in a REFI-QDA project: descriptions that others show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from embauche.collect.refi import RefiCode, RefiProject, RefiSelection, RefiSource, guid_key
from embauche.study.refi_codes import guid_of
from embauche.study.refi_memo import Memo
from embauche.study.refi_texts import StudyText
from embauche.study.several_coders import ANONYMOUS, Line


def joined(texts: Iterable[str | None]) -> str:
    """Return what a selection says of all its codings: each memo once."""
    return "\n".join(dict.fromkeys(text for text in texts if text))


def described(source: RefiSource, memo: str | None) -> RefiSource:
    """Return a source with a memo as its description; without one, as it is."""
    return replace(source, description=memo) if memo else source


def described_codes(codes: Iterable[RefiCode], memos: Mapping[str, str]) -> tuple[RefiCode, ...]:
    """Return a tree of codes with memos of jobs as descriptions, by `guid_key` of the code."""
    return tuple(
        replace(
            code,
            description=memos.get(guid_key(code.guid), code.description),
            codes=described_codes(code.codes, memos),
        )
        for code in codes
    )


def unchanged(selection: RefiSelection, keys: Sequence[str], memo: Memo) -> bool:
    """Tell whether a selection's description is still what our own memos about it say."""
    ours = {str(line["id"]): str(line["text"]) for line in _noted(memo, "evidence")}
    return (selection.description or "") == joined(ours.get(key) for key in keys)


def memo_lines(
    project: RefiProject, texts: Sequence[StudyText], memo: Memo, rewritten: Iterable[str]
) -> Iterator[Line]:
    """Return the memos of a project as lines: descriptions win over what our own note says.

    Parameters
    ----------
    rewritten
        Ids of the evidence whose selection was described anew in the other program.
    """
    gone = set(rewritten)
    yield from (line for line in _noted(memo, "evidence") if str(line["id"]) not in gone)
    now = {memo.sources.get(guid_key(item.text.guid)): item.id for item in texts}
    ours = {now.get(str(line["id"])): line for line in _noted(memo, "source")}
    seen: set[str] = set()
    for item in texts:
        key = guid_key(item.source.guid)
        text, before = item.source.description or "", ours.get(item.id)
        if key in seen:
            continue
        seen.add(key)
        if before is not None and str(before["text"]) == text:
            yield {**before, "id": item.id}
        elif text or before is not None:
            yield _line("source", item.id, text)
    codes = {guid_key(code.guid): code.description or "" for code in project.walk_codes()}
    for line in _noted(memo, "job"):
        text = codes.get(guid_key(guid_of("job", str(line["id"]))), str(line["text"]))
        yield line if text == line["text"] else _line("job", str(line["id"]), text)


def _noted(memo: Memo, kind: str) -> list[Line]:
    return [line for line in memo.lines if line["kind"] == "memo" and line["of"] == kind]


def _line(kind: str, key: str, text: str) -> Line:
    return {"kind": "memo", "of": kind, "id": key, "text": text, "coder": ANONYMOUS}
