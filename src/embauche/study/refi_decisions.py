"""Codings of another program become people's decisions, and a memo of ours gives back the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from embauche.collect.cues import looks_like_cues
from embauche.collect.refi import (
    RefiCode,
    RefiCoding,
    RefiProject,
    RefiSelection,
    RefiText,
    guid_key,
)
from embauche.study.refi_codes import guid_of
from embauche.study.refi_memo import Memo, coding_guid
from embauche.study.refi_memos import memo_lines, unchanged
from embauche.study.refi_texts import StudyText
from embauche.study.several_coders import ANONYMOUS, Line, coder_of
from embauche.vocabulary import GOAL_FACETS, Facet, Language


def coder_names(project: RefiProject) -> dict[str, str]:
    """Return `guid_key` of a user → the coder's name in a study, distinct for distinct users."""
    names: dict[str, str] = {}
    count: Counter[str] = Counter()
    for user in project.users:
        name = user.name.strip() or user.guid
        count[name] += 1
        shown = name if count[name] == 1 else f"{name} ({count[name]})"
        names[guid_key(user.guid)] = shown if shown.startswith("machine:") else f"person:{shown}"
    return names


@dataclass(frozen=True, slots=True)
class Taken:
    """What a project's codings say as decisions.

    Attributes
    ----------
    lines
        Lines of ``coding.jsonl``.
    codings
        `guid_key` of each coding that became a line → the evidence's id.
    """

    lines: tuple[Line, ...]
    codings: Mapping[str, str]


def decisions_of_project(
    project: RefiProject,
    texts: Sequence[StudyText],
    facets: Mapping[str, Facet],
    memo: Memo,
) -> Taken:
    """Turn the codings of codes that are facets into decisions.

    Parameters
    ----------
    project, texts
        The project and its texts.
    facets
        `guid_key` of a code → facet.
    memo
        What an export of ours said of itself; empty for other projects. The codings win over it:
        a decision whose coding was taken away is gone.
    """
    coders = coder_names(project)
    before = {_key(line): line for line in memo.lines if line["kind"] == "evidence"}
    ours = {guid_key(coding_guid(*key[:2])): key for key in before}
    proposed = {guid_key(guid_of("coding", key)) for key in memo.proposals}
    worded = [str(line["id"]) for line in memo.lines if line["kind"] == "job"]
    own_jobs = {guid_key(guid_of("job", job)) for job in (*memo.machine_jobs, *worded)}
    lines: list[Line] = []
    codings: dict[str, str] = {}
    seen: set[tuple[str, str, bool]] = set()
    states: dict[str, list[str]] = {}
    rewritten: set[str] = set()
    for item in texts:
        if looks_like_cues(item.alignment.ours):
            continue  # its lines are joined when it is read: positions would not hold
        for selection, coding in _codings(item.text):
            code, guid = guid_key(coding.code), guid_key(coding.guid)
            if code not in facets or code in own_jobs or guid in proposed:
                continue
            user = coders.get(guid_key(coding.user or selection.user or ""), ANONYMOUS)
            key = ours.get(guid, (f"refi-{guid}", user, False))
            same = [ours[one][0] for one in _guids(selection) if one in ours]
            as_it_was = unchanged(selection, same, memo)
            line = _line(
                item, selection, coding, facets[code], key, before.get(key, {}), noted=not as_it_was
            )
            if not as_it_was:
                rewritten.add(key[0])
            if line is None:
                continue
            lines.append(line)
            seen.add(key)
            codings[guid] = key[0]
            states.setdefault(code, []).append(key[0])
    lines += _rest(memo, seen, texts)
    lines += memo_lines(project, texts, memo, rewritten)
    known = set(worded)
    lines += (job for job in _jobs(project, facets, states, own_jobs) if job["id"] not in known)
    return Taken(tuple(lines), codings)


def _key(line: Line) -> tuple[str, str, bool]:
    return str(line["id"]), coder_of(line), bool(line.get("adjudicated"))


def written_as(evidence: str, coder: str) -> str:
    """Return `guid_key` of the coding that stands for a decision in a project."""
    if evidence.startswith("refi-"):
        return evidence.removeprefix("refi-")
    return guid_key(coding_guid(evidence, coder))


def _rest(
    memo: Memo, seen: set[tuple[str, str, bool]], texts: Sequence[StudyText]
) -> Iterator[Line]:
    """Return the memo's lines that have no coding, unless theirs was taken away."""
    now = {memo.sources.get(guid_key(item.text.guid)): item.id for item in texts}
    for line in memo.lines:
        if line["kind"] == "memo":
            continue
        if line["kind"] == "evidence":
            key = _key(line)
            if key in seen or (written_as(*key[:2]) in memo.written and not key[2]):
                continue
        source = line.get("source") if line["kind"] in {"evidence", "reviewed"} else None
        yield {**line, "source": now[source]} if source in now else line


def _guids(selection: RefiSelection) -> list[str]:
    return [guid_key(coding.guid) for coding in selection.codings]


def _codings(text: RefiText) -> Iterator[tuple[RefiSelection, RefiCoding]]:
    for selection in text.selections:
        if selection.placed:
            for coding in selection.codings:
                yield selection, coding


def _line(
    item: StudyText,
    selection: RefiSelection,
    coding: RefiCoding,
    facet: Facet,
    key: tuple[str, str, bool],
    before: Line,
    *,
    noted: bool,
) -> Line | None:
    """Return the decision line of one coding; ``None`` where it selects no words.

    `noted` says that the selection is described otherwise than our own memos would.
    """
    start, end = (item.alignment.to_ours(at) for at in (selection.start, selection.end))
    quote = item.alignment.ours[start:end]
    if not quote.strip():
        return None
    proposed = key[1].startswith("machine:") and not before
    line: dict[str, Any] = {
        "status": "proposed" if proposed else "accepted",
        **before,
        "kind": "evidence",
        "id": key[0],
        "coder": key[1],
        "source": item.id,
        "start": start,
        "end": end,
        "quote": quote,
        "facet": str(facet),
    }
    at = coding.at or selection.at
    if at and "at" not in line:
        line["at"] = at
    if noted:
        line["memo"] = selection.description or ""
    return line


def _jobs(
    project: RefiProject,
    taken: Mapping[str, Facet],
    states: Mapping[str, list[str]],
    own: set[str],
) -> Iterator[Line]:
    """Return a job for each code that stands below a type of job and was used."""
    heads = {guid_key(code.guid) for code in _heads(project, taken)}
    for code in project.walk_codes():
        key = guid_key(code.guid)
        goal = taken.get(key) in GOAL_FACETS and str(taken.get(key)).startswith("job.")
        if not goal or key in heads or key in own or not states.get(key):
            continue
        yield {
            "kind": "job",
            "id": f"refi-{key}",
            "statement": {str(Language.FR): code.name, str(Language.EN): code.name},
            "coder": ANONYMOUS,
            "evidence": sorted(states[key]),
        }


def _heads(project: RefiProject, taken: Mapping[str, Facet]) -> Iterator[RefiCode]:
    """Return the codes that are facets by themselves, not by what stands above them."""

    def visit(code: RefiCode, above: Facet | None) -> Iterator[RefiCode]:
        facet = taken.get(guid_key(code.guid))
        if facet is not None and facet is not above:
            yield code
        for child in code.codes:
            yield from visit(child, facet)

    for code in project.codes:
        yield from visit(code, None)
