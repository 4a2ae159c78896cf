"""Transcripts kept as tables: columns for the speaker, the words and the times."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from embauche.collect.cues import Cue
from embauche.collect.role_words import fold, role_of_label
from embauche.collect.tables import read_table
from embauche.collect.times import TIME, seconds
from embauche.collect.word_lists import word_list
from embauche.errors import ReadError

_SPEAKER = word_list(
    "speaker locuteur locutrice intervenant intervenante orateur name nom qui who role "
    "participant voice voix interlocuteur auteur author"
) | {"speaker name", "nom du locuteur", "speaker label"}
_MOST_COLUMNS = 8
_SURE_SPEAKER = word_list(
    "speaker locuteur locutrice intervenant intervenante orateur interlocuteur voice voix"
) | {"speaker name", "nom du locuteur", "speaker label"}
_TEXT = word_list(
    "text texte words paroles transcript transcription utterance content contenu propos "
    "sentence phrase message reponse answer verbatim verbatims discours speech dialogue tour "
    "body"
)
_BEGIN = word_list(
    "start begin debut begins time temps heure from de timestamp timecode horodatage tc in"
) | {"start time", "start (s)", "start ms", "start s", "debut (s)", "time in"}
_END = word_list("end fin to a ends out stop") | {"end time", "end (s)", "end ms", "end s"}


def cues_of_table(path: Path, name: str) -> list[Cue]:
    """Return a table's rows as cues.

    The columns are found by their names and, for the words, by their length.

    Raises
    ------
    ReadError
        If the table cannot be read or has no column of text.
    """
    frame = read_table(path, name=name, raw=True).frame
    names = {column: fold(column) for column in frame.columns}
    text = _text_column(frame, names)
    if text is None:
        raise ReadError("read.no_text_column", file=name, columns=list(frame.columns))
    speaker = next((c for c, n in names.items() if n in _SPEAKER and c != text), None)
    begin = next((c for c, n in names.items() if n in _BEGIN and c not in {text, speaker}), None)
    end = next((c for c, n in names.items() if n in _END and c not in {text, speaker}), None)
    begins = _times(frame, begin)
    ends = _times(frame, end)
    if _in_milliseconds(begins, ends, frame[text].to_list(), begin):
        begins = [None if t is None else t / 1000 for t in begins]
        ends = [None if t is None else t / 1000 for t in ends]
    speakers = frame[speaker].to_list() if speaker else [None] * frame.height
    cues, last = [], None
    for words, who, a, b in zip(frame[text].to_list(), speakers, begins, ends, strict=True):
        last = str(who).strip() if who is not None and str(who).strip() else last
        clean = re.sub(r"[ \t]+", " ", str(words or "")).strip()
        if any(character.isalnum() for character in clean):
            cues.append(Cue(clean, last, a, b))
    return cues


def transcript_text_column(path: Path, name: str) -> str | None:
    """Return the column of words of a table that is a transcript, ``None`` where it is not one.

    A transcript is narrow, and has a column of words beside a column of speakers who take turns,
    or beside the times of each piece; a table of reviews, whose authors hardly recur, is none.

    Raises
    ------
    ReadError
        If the table cannot be read.
    """
    if path.suffix.lower() not in {".csv", ".tsv", ".xlsx"}:
        return None
    frame = read_table(path, name=name, raw=True).frame
    names = {column: fold(column) for column in frame.columns}
    text = _text_column(frame, names)
    if text is None or len(names) > _MOST_COLUMNS:
        return None
    begin = next((c for c, n in names.items() if n in _BEGIN and c != text), None)
    end = next((c for c, n in names.items() if n in _END and c not in {text, begin}), None)
    if begin and end and any(t is not None for t in _times(frame, begin)):
        return text
    for column, title in names.items():
        if title not in _SPEAKER or column == text:
            continue
        who = [fold(value) for value in frame[column].to_list() if value and value.strip()]
        distinct = set(who)
        few = 0 < len(distinct) <= max(2, min(12, len(who) // 2))
        if few and (title in _SURE_SPEAKER or any(role_of_label(key) for key in distinct)):
            return text
    return None


def _text_column(frame: pl.DataFrame, names: dict[str, str]) -> str | None:
    strings = [c for c in frame.columns if frame[c].dtype == pl.String]
    by_name = [c for c in strings if names[c] in _TEXT]
    if by_name:
        return by_name[0]
    lengths = {c: frame[c].str.len_chars().mean() or 0 for c in strings if names[c] not in _SPEAKER}
    if not lengths:
        return None
    best = max(lengths, key=lambda c: float(lengths[c]))  # type: ignore[arg-type]
    return best if float(lengths[best]) >= 10 else None  # type: ignore[arg-type]


def _times(frame: pl.DataFrame, column: str | None) -> list[float | None]:
    if column is None:
        return [None] * frame.height
    found: list[float | None] = []
    for value in frame[column].to_list():
        match = re.search(TIME, str(value)) if value is not None else None
        if match:
            found.append(seconds(match[0]))
            continue
        try:
            found.append(float(str(value).replace(",", ".")))
        except ValueError:
            found.append(None)
    return found


def _in_milliseconds(
    begins: list[float | None], ends: list[float | None], texts: list[str], column: str | None
) -> bool:
    """Say whether times are in milliseconds: nobody speaks fewer than 0.1 words a second.

    Whole numbers only, and the typical row would last minutes for a few words.
    """
    if column and re.search(r"\bms\b|milli", column.casefold()):
        return True
    known = [t for t in begins if t is not None]
    if not known or any(t != int(t) for t in known):
        return False
    words = sum(len(str(t or "").split()) for t in texts)
    last = max([*known, *(t for t in ends if t is not None)])
    return last - min(known) > 12 * max(words, 1)
