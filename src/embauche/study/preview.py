"""What a file would be taken for, before it becomes part of a study.

Nothing is written and nothing is decided: a preview says what kind of file it is, who speaks in
it, in which encoding and language it was read, and shows its first words or columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from embauche.collect import (
    SpeakerGuess,
    Table,
    infer_roles,
    inspect_interview,
    read_interviews,
    read_reviews,
    read_table,
)
from embauche.collect.decoding import encoding_of, read_bytes
from embauche.collect.refi import read_codebook, read_project
from embauche.collect.reviews import review_text_column
from embauche.collect.said_speakers import NOBODY
from embauche.collect.source import Corpus, Source
from embauche.collect.tables import TABLE_FORMATS
from embauche.collect.transcripts import FORMATS
from embauche.errors import ReadError
from embauche.notices import Notice
from embauche.study.decisions import parse_decisions
from embauche.study.files import DOCUMENTS, tell_parts
from embauche.study.people import read_attributes
from embauche.study.refi_texts import study_texts
from embauche.vocabulary import Language, SpeakerRole

Kind = Literal[
    "interview", "reviews", "survey", "customers", "participants", "coding", "project", "unknown"
]
KINDS: tuple[Kind, ...] = ("interview", "reviews", "survey", "customers", "participants")
"""Kinds that a person may choose for a table."""

_TEXTS = frozenset({".txt", ".md", ".vtt", ".srt", ".csv", ".tsv"})
_PROJECTS = frozenset({".qdpx", ".qdc"})
_TURNS, _TURN, _ROWS, _CELL = 6, 400, 4, 120
_LEAST_WORDS = 4.0


@dataclass(frozen=True, slots=True)
class TurnPreview:
    """The beginning of one turn: who speaks in which role, and the words."""

    speaker: str
    role: SpeakerRole
    text: str
    cut: bool


@dataclass(frozen=True, slots=True)
class FilePreview:
    """What a file would be taken for.

    Attributes
    ----------
    name
        The file's name.
    kind
        The part that it would play; ``"unknown"`` where a person must say.
    choices
        Kinds that it may be taken for; a single one is no choice.
    reason
        Why it was taken for that.
    encoding
        ``"UTF-8"``, ``"UTF-16"`` or ``"Windows-1252"``; empty where the format settles it.
    language
        Language of the words, where there are any.
    words, rows
        Words spoken or written; rows of a table.
    speakers, turns
        Who speaks in an interview, and its first turns.
    columns, sample
        Columns of a table and its first rows.
    text, participant
        Column of the words of reviews, and of those who wrote them.
    asked
        Columns of needs and ratings in a survey.
    people
        Participants whom the file tells something about.
    notices
        How it was read, and what is doubtful.
    """

    name: str
    kind: Kind
    choices: tuple[Kind, ...] = ()
    reason: Notice | None = None
    encoding: str = ""
    language: Language | None = None
    words: int = 0
    rows: int = 0
    speakers: tuple[SpeakerGuess, ...] = ()
    turns: tuple[TurnPreview, ...] = ()
    columns: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    text: str = ""
    participant: str = ""
    asked: int = 0
    people: int = 0
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """What is known of the study that a file would join.

    Attributes
    ----------
    interviewers, participants
        Labels that are known to ask or to answer in all interviews.
    people
        Pairs of id and shown name.
    survey
        Columns of the survey that ask for needs or ratings.
    """

    interviewers: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    survey: frozenset[str] = frozenset()


def preview(path: Path, company: Company, kind: Kind | None = None) -> FilePreview:
    """Look into a file that lies alone in its folder.

    Parameters
    ----------
    path
        The file; its folder holds nothing else.
    company
        What is known of the study.
    kind
        What a person says that it is.

    Raises
    ------
    ReadError
        If it cannot be read as what it is or was said to be.
    """
    suffix, name = path.suffix.lower(), path.name
    if suffix == ".jsonl":
        return _coding(path)
    if suffix in _PROJECTS:
        return _project(path)
    if suffix in {".toml", ".zip"}:
        raise ReadError("intake.whole_study", file=name)
    if suffix not in DOCUMENTS | TABLE_FORMATS:
        raise ReadError("intake.unknown_format", file=name, formats=_formats())
    encoding = encoding_of(read_bytes(path, name)) if suffix in _TEXTS else ""
    choices = _choices(suffix)
    told, reason = (kind, None) if kind in choices else _told(path, company)
    if told == "interview":
        return _interview(path, company, choices, reason, encoding)
    if told == "reviews":
        return _reviews(path, choices, reason, encoding)
    return _table(path, told, company, choices, reason, encoding)


def _formats() -> list[str]:
    return sorted({*DOCUMENTS, *TABLE_FORMATS, *_PROJECTS, ".jsonl"})


def _choices(suffix: str) -> tuple[Kind, ...]:
    if suffix in TABLE_FORMATS:
        return KINDS if suffix in FORMATS else KINDS[1:]
    return ("interview", "reviews") if suffix in {".txt", ".md"} else ("interview",)


def _told(  # noqa: PLR0911 (one kind a line)
    path: Path, company: Company
) -> tuple[Kind, Notice | None]:
    """Tell the part of a file by itself, then by what the study knows."""
    if path.suffix.lower() in DOCUMENTS:
        return "interview", Notice("study.file_interview", {"file": path.name}, "info")
    part = tell_parts([path], path.parent)[0]
    if part.reason.severity == "problem":
        raise ReadError(part.reason.code, **part.reason.params)
    if part.part in {"interview", "reviews"}:
        return part.part, part.reason
    table = read_table(path, name=path.name)
    asked = {column.strip().casefold() for column in table.frame.columns} & company.survey
    if company.survey and len(asked) >= max(2, len(company.survey) // 4):
        n = len(asked)
        return "customers", Notice("study.file_customers", {"file": path.name, "n": n}, "info")
    if company.people and table.frame.height <= 4 * len(company.people):
        try:
            known = read_attributes(path, path.name, company.people)
        except ReadError:
            known = None
        if known is not None and known.values:
            params = {"file": path.name, "n": len(known.values)}
            return "participants", Notice("intake.file_participants", params, "info")
    if part.part == "unused":
        text = review_text_column(table)
        if text is None or _words_a_row(table, text) < _LEAST_WORDS:
            return "unknown", None
        params = {"file": path.name, "column": text}
        return "reviews", Notice("study.file_reviews", params, "info")
    return part.part, part.reason


def _words_a_row(table: Table, column: str) -> float:
    texts = [str(cell) for cell in table.frame[column].drop_nulls().to_list()]
    return sum(len(text.split()) for text in texts) / max(1, len(texts))


def _interview(
    path: Path, company: Company, choices: tuple[Kind, ...], reason: Notice | None, encoding: str
) -> FilePreview:
    seen = inspect_interview(
        path,
        path.parent,
        participant_speakers=company.participants,
        interviewer_speakers=company.interviewers,
    )
    source = read_alone(path, company).sources[0]
    return FilePreview(
        name=path.name,
        kind="interview",
        choices=choices,
        reason=reason,
        encoding=encoding,
        language=seen.language,
        words=seen.words,
        speakers=seen.speakers,
        turns=_first_turns(source),
        notices=seen.notices,
    )


def read_alone(
    path: Path,
    company: Company,
    interviewers: Sequence[str] | None = None,
    said: Mapping[str, str] = NOBODY,
) -> Corpus:
    """Read one interview as a corpus of its own.

    Raises
    ------
    ReadError
        If it cannot be read.
    """
    return read_placed(path, path.parent, company, interviewers, said)


def read_placed(
    path: Path,
    folder: Path,
    company: Company,
    interviewers: Sequence[str] | None = None,
    said: Mapping[str, str] = NOBODY,
) -> Corpus:
    """Read one interview of a study folder as a corpus of its own; see `read_alone`."""
    name = path.relative_to(folder).as_posix()
    corpus = read_interviews(
        [path],
        root=folder,
        participant_speakers=company.participants,
        interviewer_speakers=company.interviewers,
        interviewers_of={} if interviewers is None else {name: interviewers},
        speakers_of={name: said},
    )
    if not corpus.sources:
        # Of several notices the one about the file is first; labels that were not heard follow.
        raise ReadError(corpus.notices[0].code, **corpus.notices[0].params)
    return corpus


def _first_turns(source: Source) -> tuple[TurnPreview, ...]:
    found = []
    for turn in source.turns[:_TURNS]:
        words = source.text[turn.start : turn.end]
        shown = words if len(words) <= _TURN else words[:_TURN].rsplit(" ", 1)[0]
        found.append(TurnPreview(turn.speaker or "", turn.role, shown, len(shown) < len(words)))
    return tuple(found)


def _reviews(
    path: Path, choices: tuple[Kind, ...], reason: Notice | None, encoding: str
) -> FilePreview:
    corpus = read_reviews(path, root=path.parent)
    languages = [source.language for source in corpus.sources]
    table = path.suffix.lower() in TABLE_FORMATS
    read = read_table(path, name=path.name) if table else None
    return FilePreview(
        name=path.name,
        kind="reviews",
        choices=choices,
        reason=reason,
        encoding=encoding,
        language=max(Language, key=languages.count),
        words=sum(len(source.text.split()) for source in corpus.sources),
        rows=len(corpus.sources),
        turns=tuple(
            turn for source in corpus.sources[: _ROWS - 1] for turn in _first_turns(source)
        ),
        columns=tuple(read.frame.columns) if read else (),
        text=(review_text_column(read) or "") if read else "",
        notices=corpus.notices,
    )


def _table(
    path: Path,
    kind: Kind,
    company: Company,
    choices: tuple[Kind, ...],
    reason: Notice | None,
    encoding: str,
) -> FilePreview:
    table = read_table(path, name=path.name)
    roles = infer_roles(table)
    asked = {*roles.needs, *roles.importance, *roles.satisfaction}
    people, notices = 0, list(table.notices)
    if kind == "participants":
        found = read_attributes(path, path.name, company.people)
        people = len(found.values)
        notices.extend(unknown_people(path.name, found.unknown))
    if kind == "survey" and not asked:
        notices.append(Notice("study.no_needs", {"file": path.name}))
    return FilePreview(
        name=path.name,
        kind=kind,
        choices=choices,
        reason=reason,
        encoding=encoding,
        rows=table.frame.height,
        columns=tuple(table.frame.columns),
        sample=_sample(table),
        asked=len(asked),
        people=people,
        notices=tuple(notices),
    )


def unknown_people(name: str, unknown: Iterable[tuple[int, str]]) -> list[Notice]:
    """Say which rows name nobody of the study."""
    rows = [f"{row} ({who})" for row, who in unknown]
    if not rows:
        return []
    return [Notice("people.unknown_rows", {"file": name, "n": len(rows), "rows": rows[:8]})]


def _sample(table: Table) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple("" if cell is None else str(cell)[:_CELL] for cell in row)
        for row in table.frame.head(_ROWS).iter_rows()
    )


def _coding(path: Path) -> FilePreview:
    """Look into decisions: the file is named ``coding.jsonl`` to be read, whatever it was called.

    Raises
    ------
    StudyError
        If a line is no decision; the error names it.
    """
    text = path.read_bytes().decode("utf-8-sig", "replace")
    decided = parse_decisions(text.splitlines())
    return FilePreview(path.name, "coding", ("coding",), rows=decided.count)


def _project(path: Path) -> FilePreview:
    """Look into another program's project or codebook.

    Raises
    ------
    ReadError
        If it is none, or damaged.
    """
    if path.suffix.lower() == ".qdc":
        book = read_codebook(path, name=path.name)
        return FilePreview(path.name, "project", ("project",), asked=len(list(book.walk_codes())))
    project = read_project(path, name=path.name)
    texts = study_texts(project)
    return FilePreview(
        path.name,
        "project",
        ("project",),
        rows=len(texts),
        asked=len(list(project.walk_codes())),
        words=sum(len(item.alignment.ours.split()) for item in texts),
        notices=tuple(project.notices),
    )
