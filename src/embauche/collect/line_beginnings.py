"""Labels in a form that the reader does not know: somebody says how the lines that bear them begin.

What somebody said of a file's speakers (`said_speakers`) names such a label by `MARK` and the first
characters of its lines, as in ``"^A>"``; `MARK` alone stands for the lines that begin with none of
them. The text stays as it is: turns are cut anew, and labels are in none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from embauche.collect.role_words import NOT_SPEAKERS, fold
from embauche.collect.times import TIME, span_of
from embauche.collect.transcripts import Transcript, Utterance, trimmed

MARK: Final = "^"
"""What a label begins with that is known by the beginning of its lines."""

LONGEST: Final = 60
"""Characters that a beginning may have."""

_LEAD: Final = (
    rf"[^\S\n]*(?:[\(\[<]?[^\S\n]*(?P<lead>{TIME})[^\S\n]*[\)\]>]?[^\S\n]*[-–—]?[^\S\n]*)?"
)
_MARKUP: Final = r"(?:\*\*|__|[*_])?"
_BLANK: Final = r"[^\S\n]"
_LIKELY: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # <<Anna>>, {JD}, =A=, (M. Roux)
        r"[^\w\s\"'’«“]{1,3} ?\w[\w.'’ -]{0,24}?[^\w\s,.!?'’\"”…-]{1,3}(?=\s|\w|$)",
        # @anna, #2
        r"[@#~§]\w{1,24}(?=\s|$)",
        # A>, P1/, Speaker 1 |, Anna =
        r"\w[\w.'’-]{0,20}(?: \w[\w.'’-]{0,15}){0,2} ?[^\w\s,.!?'’\"”“«»…;()-]{1,3}(?=\s|\w|$)",
        # JD, ANNA
        r"[^\W\d_a-zà-ÿ]{2,12}(?=\s)",
        # a dash, >>
        r"[^\w\s\"'’«»“”(.!?…]{1,3}(?=\s|\w)",
    )
)
_PARAGRAPH: Final = re.compile(r"\n[^\S\n]*\n[^\S\n]*\Z")
_MOST, _LEAST_SHARE, _SAMPLE = 8, 0.04, 90


@dataclass(frozen=True, slots=True)
class Beginning:
    """Lines of a text that begin alike.

    Attributes
    ----------
    text
        What they begin with.
    lines
        How many they are.
    sample
        The first words of one of them, after its beginning.
    """

    text: str
    lines: int
    sample: str


def beginnings_in(said: Mapping[str, str]) -> tuple[str, ...]:
    """Return how lines begin, of all that is said of a file; the empty one is for the others."""
    return tuple(label.removeprefix(MARK) for label in said if label.startswith(MARK))


def speaker_of(label: str) -> str:
    """Return what a speaker is called who was named by a label, or by how lines begin."""
    if not label.startswith(MARK):
        return label
    beginning = label.removeprefix(MARK)
    return re.sub(r"^[\W_]+|[\W_]+$", "", beginning) or beginning


def divide(transcript: Transcript, beginnings: Sequence[str]) -> Transcript:
    """Cut the turns of a transcript where lines begin as somebody said.

    Parameters
    ----------
    transcript
        As it was read; the labels that were recognised stay.
    beginnings
        What lines begin with; with an empty one, a line that begins with none of them is the
        unnamed speaker's, else it goes on with whoever spoke before.

    Returns
    -------
    Transcript
        The same text. Where no line begins so, the transcript as it was.
    """
    forms, others = _forms(beginnings), "" in beginnings
    head = Utterance(None, 0, len(transcript.heading))
    whole = (head, *transcript.utterances)
    if not any(_begins(transcript.text, one, forms) for one in whole):
        return transcript
    found: list[Utterance] = []
    for one in whole:
        pieces = list(_pieces(transcript, one, forms, others=others and one is not head))
        untold = one.speaker is None and not others and any(piece.begun for piece in pieces)
        if one is head or untold:
            # What stands before the first label is a title, nobody's words.
            pieces = [piece for piece in pieces if piece.begun]
        found += [piece.said for piece in pieces if piece.said is not None]
    return replace(transcript, utterances=tuple(found))


def _begins(text: str, one: Utterance, forms: Sequence[tuple[str, re.Pattern[str]]]) -> bool:
    places = _line_starts(text, one)
    return any(form.match(text, place, one.end) for place in places for _, form in forms)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a turn: `said` is ``None`` without words, `begun` is False before any label."""

    said: Utterance | None
    begun: bool


def _forms(beginnings: Sequence[str]) -> list[tuple[str, re.Pattern[str]]]:
    """Return each speaker and what their lines match, the longest beginning first."""
    forms = []
    for one in sorted(filter(None, beginnings), key=len, reverse=True):
        words = rf"{_BLANK}+".join(map(re.escape, one.split()))
        if one[-1].isalnum() or one[-1] == "_":
            # After a bare word the usual signs are the label's.
            words += rf"(?!\w){_BLANK}*[:.>)\]|/=–—-]{{0,3}}"
        speaker = speaker_of(f"{MARK}{one}")
        forms.append((speaker, re.compile(rf"{_LEAD}{_MARKUP}{words}{_MARKUP}{_BLANK}*")))
    return forms


def _pieces(
    transcript: Transcript,
    one: Utterance,
    forms: Sequence[tuple[str, re.Pattern[str]]],
    *,
    others: bool,
) -> Iterator[_Piece]:
    text = transcript.text
    speaker, line, start, at = one.speaker, one.start, one.start, one.begins_at
    begun = False

    def piece(end: int, ends_at: float | None = None) -> _Piece:
        span = trimmed(text, start, end)
        times = tuple((max(p, start), second) for p, second in one.times if line <= p < end)
        said = None if span is None else Utterance(speaker, *span, at, ends_at, times)
        return _Piece(said, begun)

    for place in _line_starts(text, one):
        hits = ((name, form.match(text, place, one.end)) for name, form in forms)
        name, hit = next(((name, hit) for name, hit in hits if hit is not None), ("", None))
        if hit is not None:
            yield piece(place)
            speaker, line, start, begun = name, place, hit.end(), True
            at = span_of(hit["lead"])[0] if hit["lead"] else _second(one, place)
        elif others and speaker is not None and text[start:place].strip():
            if transcript.wrapped and not _PARAGRAPH.search(text, max(0, place - 80), place):
                continue
            yield piece(place)
            speaker, line, start, begun = None, place, place, True
            at = _second(one, place)
    yield piece(one.end, one.ends_at)


def _line_starts(text: str, one: Utterance) -> list[int]:
    """Return where the lines of a turn begin; of a timed one, its cues as well."""
    lines = {match.end() for match in re.compile(r"\n").finditer(text, one.start, one.end)}
    return sorted(lines | {one.start} | {place for place, _ in one.times})


def _second(one: Utterance, place: int) -> float | None:
    if place == one.start:
        return one.begins_at
    return next((second for at, second in one.times if at == place), None)


def likely_beginnings(transcript: Transcript, but: Sequence[str] = ()) -> list[Beginning]:
    """Return how several lines of a transcript begin alike, the most frequent first.

    Parameters
    ----------
    but
        Beginnings that are left out.
    """
    text = transcript.text
    lines: list[str] = []
    for one in transcript.utterances:
        places = [*_line_starts(text, one), one.end]
        lines += [text[a:b].strip() for a, b in pairwise(places)]
    lines = [line for line in lines if line]
    found: dict[str, list[str]] = {}
    for line in lines:
        for form in _LIKELY:
            hit = form.match(line)
            if hit is not None and fold(hit[0]) not in NOT_SPEAKERS:
                found.setdefault(hit[0].strip(), []).append(line[hit.end() :].strip())
                break
    least = max(2, _LEAST_SHARE * len(lines))
    kept = [
        Beginning(one, len(rest), _cut(max(rest[:6], key=len)))
        for one, rest in found.items()
        if len(rest) >= least and one not in but
    ]
    return sorted(kept, key=lambda one: -one.lines)[:_MOST]


def _cut(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _SAMPLE else f"{words[:_SAMPLE].rsplit(' ', 1)[0]} …"
