"""A file's content as a transcript: one immutable text and who says which span of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from embauche.collect.cues import (
    Cue,
    Speech,
    join_cues,
    looks_like_cues,
    name_speakers,
    parse_lines,
    parse_subtitles,
)
from embauche.collect.decoding import decode, read_bytes
from embauche.collect.documents import text_of_docx, text_of_pdf
from embauche.collect.labels import find_headers
from embauche.collect.sentences import is_wrapped
from embauche.collect.transcript_tables import cues_of_table
from embauche.errors import ReadError

TABLES = frozenset({".csv", ".tsv", ".xlsx"})
SUBTITLES = frozenset({".vtt", ".srt"})
FORMATS = frozenset({".docx", ".pdf", ".txt", ".md", *SUBTITLES, *TABLES})
"""What an interview may be stored as."""

_RULE = re.compile(r"(?:[ \t]*(?:-{3,}|\*{3,}|_{3,}|={3,})[ \t]*\n?)+\Z")
_CLOSING = re.compile(
    r"\n\s*(?:transcribed by https?://\S+|\[?\(?(?:fin de l['’]entretien|end of (?:the )?"
    r"(?:interview|transcript)|fin de la transcription)\)?\]?\.?)\s*\Z",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^\#{1,6} .*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Utterance:
    """A span of a transcript's text and who says it.

    Attributes
    ----------
    speaker
        The label as written; ``None`` where nobody is named.
    times
        Pairs of (position in the text, seconds), where the file times parts of the turn.
    """

    speaker: str | None
    start: int
    end: int
    begins_at: float | None = None
    ends_at: float | None = None
    times: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """A text with its utterances.

    Attributes
    ----------
    heading
        What stands before the first turn and is nobody's words.
    wrapped
        Line breaks are those of the page's width.
    """

    text: str
    utterances: tuple[Utterance, ...]
    heading: str = ""
    wrapped: bool = False


def read_transcript(path: Path, name: str, named: frozenset[str] = frozenset()) -> Transcript:
    """Read a file as a transcript.

    Parameters
    ----------
    path
        A file whose suffix is one of `FORMATS`.
    name
        How errors call it.
    named
        Folded names that are speakers for sure.

    Raises
    ------
    ReadError
        If it cannot be read as what its suffix says, or holds nobody's words.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise ReadError("read.unknown_format", file=name, formats=sorted(FORMATS))
    if suffix in TABLES:
        transcript = _from_cues(cues_of_table(path, name), named)
    else:
        data = read_bytes(path, name)
        if suffix == ".docx":
            transcript = _from_text(text_of_docx(data, name), named)
        elif suffix == ".pdf":
            transcript = replace(_from_text(text_of_pdf(data, name), named), wrapped=True)
        else:
            transcript = _from_plain(decode(data, name), suffix, named)
    if not transcript.utterances:
        raise ReadError("read.nobody_speaks", file=name)
    return transcript


def _from_plain(text: str, suffix: str, named: frozenset[str]) -> Transcript:
    if suffix in SUBTITLES:
        return _from_cues(parse_subtitles(text), named)
    if looks_like_cues(text):
        return _from_cues(parse_lines(text), named)
    return _from_text(text, named, headings=suffix == ".md")


def _from_cues(cues: Sequence[Cue], named: frozenset[str]) -> Transcript:
    cues = name_speakers(cues, named)
    # Without times a row is a whole answer, not a piece of one.
    timed = any(cue.begins_at is not None for cue in cues)
    speeches: Iterable[Speech] = (
        join_cues(cues) if timed else (Speech(c.speaker, c.text, None, None) for c in cues)
    )
    text, utterances = "", []
    for speech in speeches:
        if text:
            text += "\n\n"
        start = len(text)
        text += speech.text
        utterances.append(
            Utterance(
                speech.speaker,
                start,
                len(text),
                speech.begins_at,
                speech.ends_at,
                tuple((start + at, second) for at, second in speech.times),
            )
        )
    return Transcript(text, tuple(u for u in utterances if text[u.start : u.end].strip()))


def _from_text(text: str, named: frozenset[str], *, headings: bool = False) -> Transcript:
    headers = find_headers(text, named)
    wrapped = is_wrapped(text)
    if not headers:
        start = _after_title(text) if headings else 0
        whole = trimmed(text, start, len(text))
        utterances = [] if whole is None else [Utterance(None, *whole)]
        return Transcript(text, tuple(utterances), text[:start], wrapped=wrapped)
    utterances = []
    ends = [header.at for header in headers[1:]] + [len(text)]
    for header, end in zip(headers, ends, strict=True):
        span = trimmed(text, header.body, end)
        if span is None:
            continue
        one = Utterance(header.name, *span, header.begins_at, header.ends_at)
        utterances.extend(_without_headings(text, one) if headings else [one])
    return Transcript(text, tuple(utterances), text[: headers[0].at], wrapped=wrapped)


def _after_title(text: str) -> int:
    """Return where a Markdown text without speakers begins, after its title and metadata."""
    match = re.match(
        r"(?:\s*(?:\#{1,6} .*|\*\*[^*\n]+:\*\*.*|\*\*[^*\n]+\*\* ?:.*|-{3,})\n)+", text
    )
    return match.end() if match else 0


def _without_headings(text: str, one: Utterance) -> list[Utterance]:
    """Cut Markdown headings out of a turn: they are the transcriber's, not the speaker's."""
    pieces, start = [], one.start
    for match in [*_HEADING.finditer(text, one.start, one.end), None]:
        span = trimmed(text, start, match.start() if match else one.end)
        if span is not None:
            pieces.append(replace(one, start=span[0], end=span[1]))
        start = match.end() if match else start
    return pieces


def trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span without white space, rules and closing marks; ``None`` without words."""
    while True:
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        match = _RULE.search(text[max(start, end - 200) : end]) or _CLOSING.search(
            text[max(start - 1, end - 200, 0) : end]
        )
        if match is None or match.start() == match.end():
            break
        end -= match.end() - match.start()
    return (start, end) if any(c.isalnum() for c in text[start:end]) else None
