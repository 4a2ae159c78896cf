"""Timed cues: .vtt, .srt, ``[00:43.810 --> 00:47.850]  text`` lines, and tables with times.

The parser is our own because a truncated or slightly wrong file must still be read, and a cue may
hold several voices, neither of which webvtt-py does. Consecutive cues of one speaker become one
flowing text, so that sentences may span cues.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from embauche.collect.labels import find_headers
from embauche.collect.role_words import fold
from embauche.collect.times import TIME, seconds

PAUSE = 2.0
"""Seconds of silence, after the end of a sentence, that begin a new paragraph."""

_ARROW = re.compile(rf"\s*({TIME})\s*-->\s*({TIME})")
_LINE = re.compile(rf"\s*[\[(]\s*({TIME})\s*(?:-->|-|–)\s*({TIME})\s*[\])]\s*(.*)")
# Bounded: an unclosed tag repeated would otherwise keep the reader busy for hours.
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?\s{1,20}([^<>]{1,200})>")
_TAG = re.compile(r"</?[^<>\n]{0,200}>|\{\\[^{}]{0,200}\}")
_SILENT = re.compile(r"[♪♫\s\-–—.*_]*")


@dataclass(frozen=True, slots=True)
class Cue:
    """A piece of speech with its time and, where known, its speaker."""

    text: str
    speaker: str | None = None
    begins_at: float | None = None
    ends_at: float | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """One speaker's consecutive cues as flowing text.

    Attributes
    ----------
    times
        Pairs of (position in `text`, seconds), one a cue.
    """

    speaker: str | None
    text: str
    begins_at: float | None
    ends_at: float | None
    times: tuple[tuple[int, float], ...] = ()


def looks_like_cues(text: str) -> bool:
    """Say whether most lines of a plain text begin with a span of time in brackets."""
    lines = [line for line in text.split("\n") if line.strip()]
    matches = [_LINE.match(line) for line in lines]
    timed = sum(1 for match in matches if match and match[3].strip())
    return timed >= 2 and timed >= 0.6 * len(lines)


def parse_lines(text: str) -> list[Cue]:
    """Parse ``[00:43.810 --> 00:47.850]  text`` lines; other lines belong to the one before."""
    cues: list[Cue] = []
    for line in text.split("\n"):
        match = _LINE.match(line)
        if match:
            cues.append(Cue(match[3].strip(), None, seconds(match[1]), seconds(match[2])))
        elif cues and line.strip():
            last = cues[-1]
            cues[-1] = replace(last, text=f"{last.text} {line.strip()}".strip())
    return [cue for cue in cues if not _SILENT.fullmatch(cue.text)]


def parse_subtitles(text: str) -> list[Cue]:
    """Parse .vtt or .srt, forgiving what is missing or wrong around the cues."""
    cues: list[Cue] = []
    previous: list[str] = []
    for begin, end, lines in _blocks(text):
        # Rolling captions repeat the last line of the cue before.
        fresh = lines[1:] if len(lines) > 1 and previous and lines[0] == previous[-1] else lines
        if fresh != previous or begin is None:
            cues.extend(_voices(" ".join(fresh), begin, end))
        previous = lines
    return [cue for cue in cues if not _SILENT.fullmatch(cue.text)]


def _blocks(text: str) -> Iterator[tuple[float, float, list[str]]]:
    current: tuple[float, float] | None = None
    lines: list[str] = []
    for raw in [*text.split("\n"), ""]:
        line = raw.strip()
        arrow = _ARROW.match(line)
        if arrow:
            # A number or name on the line before an arrow is the next cue's identifier.
            if current and lines and (lines[-1].isdigit() and len(lines) > 1):
                lines = lines[:-1]
            if current and lines:
                yield (*current, lines)
            current, lines = (seconds(arrow[1]), seconds(arrow[2])), []
        elif not line:
            if current and lines:
                yield (*current, lines)
                current, lines = None, []
        elif current:
            lines.append(line)


def _voices(text: str, begin: float, end: float) -> Iterator[Cue]:
    parts = _VOICE.split(text)
    for speaker, words in zip([None, *parts[1::2]], parts[::2], strict=False):
        clean = html.unescape(_TAG.sub("", words))
        clean = re.sub(r"\s+", " ", clean).strip()
        if clean:
            yield Cue(clean, speaker.strip() if speaker else None, begin, end)


def name_speakers(cues: Sequence[Cue], named: frozenset[str] = frozenset()) -> list[Cue]:
    """Read labels at the beginning of cues (``Paul: …``), where cues do not name their speaker.

    A label holds for the cues after it, until the next one.
    """
    if any(cue.speaker for cue in cues):
        return list(cues)
    text = "\n".join(cue.text.replace("\n", " ") for cue in cues)
    headers = {header.at: header for header in find_headers(text, named)}
    at, speaker, result = 0, None, []
    for cue in cues:
        header = headers.get(at)
        words = cue.text
        if header is not None:
            speaker = header.name
            words = words[header.body - at :].strip()
        if words:
            result.append(replace(cue, text=words, speaker=speaker))
        at += len(cue.text) + 1
    return result


def join_cues(cues: Sequence[Cue]) -> list[Speech]:
    """Join consecutive cues of one speaker into flowing text.

    Cues are joined by a space; a pause of `PAUSE` seconds after the end of a sentence begins a
    new paragraph.
    """
    speeches: list[Speech] = []
    group: list[Cue] = []
    for cue in cues:
        if group and fold(cue.speaker or "") != fold(group[0].speaker or ""):
            speeches.append(_speech(group))
            group = []
        group.append(cue)
    if group:
        speeches.append(_speech(group))
    return speeches


def _speech(cues: Sequence[Cue]) -> Speech:
    text = ""
    times: list[tuple[int, float]] = []
    last_end: float | None = None
    for cue in cues:
        if text:
            silent = (
                cue.begins_at is not None
                and last_end is not None
                and cue.begins_at - last_end >= PAUSE
            )
            text += "\n" if silent and text[-1] in '.!?…»"' else " "
        if cue.begins_at is not None:
            times.append((len(text), cue.begins_at))
        text += cue.text
        last_end = cue.ends_at
    return Speech(cues[0].speaker, text, cues[0].begins_at, cues[-1].ends_at, tuple(times))
