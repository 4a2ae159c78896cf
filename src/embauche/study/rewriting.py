"""An interview's file written anew with tokens in the place of what identifies people.

The file keeps its format where that can be written (text, Markdown, subtitles, tables as .csv);
documents become plain text. Whatever is written is read again before it is believed: every turn
must say exactly what was meant, or the next form is tried.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from embauche.collect import read_table
from embauche.collect.decoding import decode, read_bytes
from embauche.collect.pseudonyms import Moves, bare, replaced
from embauche.collect.role_words import fold
from embauche.collect.said_speakers import NOBODY
from embauche.collect.source import Corpus, Source
from embauche.collect.transcripts import SUBTITLES, TABLES
from embauche.errors import ReadError
from embauche.study.preview import Company, read_alone
from embauche.vocabulary import SpeakerRole

_PLAIN = frozenset({".txt", ".md"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A place of a source's text and the token that takes it."""

    start: int
    end: int
    token: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file written anew, as it is read.

    Attributes
    ----------
    name, data
        Name (its suffix may have changed) and content of the new file.
    corpus
        The source and its participants, read from the new file alone.
    interviewers
        Labels of those who ask in it.
    words
        Every spelling that was replaced → its token.
    said
        Label as it is called now → who somebody said it to be.
    """

    name: str
    data: bytes
    corpus: Corpus
    interviewers: tuple[str, ...]
    words: Mapping[str, str]
    said: Mapping[str, str]
    _before: Source
    _moves: Moves

    @property
    def source(self) -> Source:
        """The source as read from the new file."""
        return self.corpus.sources[0]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a span of the old text stands now."""
        turn = next(
            (turn for turn in reversed(self._before.turns) if turn.start <= start),
            self._before.turns[0],
        )
        new_start, new_end = self._moves.span(start, end)
        shift = self.source.turns[turn.index].start - self._moves.span(turn.start, turn.end)[0]
        return new_start + shift, new_end + shift

    def participant(self, key: str) -> str:
        """Return the id that a participant of the old source has in the new one."""
        for before, now in zip(self._before.turns, self.source.turns, strict=True):
            if before.participant == key and now.participant is not None:
                return now.participant
        return key


def rewrite(
    path: Path,
    source: Source,
    pieces: Sequence[Piece],
    words: Mapping[str, str],
    company: Company,
    said: Mapping[str, str] = NOBODY,
) -> Rewritten:
    """Write a file anew.

    Parameters
    ----------
    path
        The file that the source was read from.
    source
        The source as read.
    pieces
        What takes which place of its text.
    words
        Every spelling of what is replaced → its token, for words that are not in the text (labels
        of subtitles, columns of a table).
    company
        Labels that are known in the study.
    said
        Label → who somebody said it to be.

    Raises
    ------
    ReadError
        If no form of the file says what was meant.
    """
    spans = [(turn.start, turn.end) for turn in source.turns]
    marks = [
        (
            piece.start,
            piece.end,
            piece.token
            if any(a <= piece.start and piece.end <= b for a, b in spans)
            else bare(piece.token),
        )
        for piece in pieces
    ]
    text, moves = replaced(source.text, marks)
    wanted = [text[slice(*moves.span(*span))] for span in spans]
    names = _names(source, words)
    asking = {
        names[turn.speaker or ""]
        for turn in source.turns
        if turn.role is SpeakerRole.INTERVIEWER and turn.speaker
    }
    interviewers = tuple(sorted(asking))
    renamed = {_called(label, words): who for label, who in said.items()}
    for suffix, data in _forms(path, text, source, wanted, names, words):
        name = f"{path.stem}{suffix}"
        corpus = _read(name, data, company, interviewers, renamed)
        if corpus is not None and _same(corpus.sources[0], source, wanted):
            return Rewritten(name, data, corpus, interviewers, words, renamed, source, moves)
    raise ReadError("pseudonyms.cannot_rewrite", file=path.name)


def _names(source: Source, words: Mapping[str, str]) -> dict[str, str]:
    """Return each label and what it is called from now on."""
    return {label: _called(label, words) for label in {turn.speaker or "" for turn in source.turns}}


def _called(label: str, words: Mapping[str, str]) -> str:
    """Return a label with the names in it replaced: "Marie (enquêtrice)"."""
    for spelt, mark in words.items():
        if fold(spelt) == fold(label):
            return bare(mark)
    return exchanged(label, words, lambda _match, mark: bare(mark))


def _forms(
    path: Path,
    text: str,
    source: Source,
    wanted: Sequence[str],
    names: Mapping[str, str],
    words: Mapping[str, str],
) -> Iterator[tuple[str, bytes]]:
    suffix = path.suffix.lower()
    if suffix in SUBTITLES or suffix in _PLAIN:
        raw = decode(read_bytes(path, path.name), path.name)
        if suffix in _PLAIN:
            yield suffix, text.encode()
        yield suffix, exchanged(raw, words, _in_subtitles(raw)).encode()
    elif suffix in TABLES:
        yield ".csv", _table(path, names, words)
    else:
        yield ".txt", text.encode()
    spoken = [
        f"{names[turn.speaker or ''] or '-'}: {said}"
        for turn, said in zip(source.turns, wanted, strict=True)
    ]
    yield ".txt", "\n\n".join(spoken).encode()
    if all(not turn.speaker for turn in source.turns):
        yield ".txt", "\n\n".join(wanted).encode()


def exchanged(
    text: str, words: Mapping[str, str], mark: Callable[[re.Match[str], str], str]
) -> str:
    """Return a text with every spelling replaced, whatever white space stands inside it.

    Parameters
    ----------
    words
        Spelling → token.
    mark
        Given each match and its token, returns what to write.
    """
    if not words:
        return text
    tokens = {" ".join(spelt.split()): token for spelt, token in words.items()}
    longest = sorted(tokens, key=len, reverse=True)
    pattern = "|".join(r"\s+".join(map(re.escape, spelt.split())) for spelt in longest)
    return re.sub(
        rf"(?<!\w)(?:{pattern})(?!\w)",
        lambda match: mark(match, tokens[" ".join(match[0].split())]),
        text,
    )


def _in_subtitles(raw: str) -> Callable[[re.Match[str], str], str]:
    def mark(match: re.Match[str], token: str) -> str:
        line = raw[raw.rfind("\n", 0, match.start()) + 1 : match.start()]
        voice = re.search(r"<v(?:\.[^\s<>]*)?\s+[^<>]*$", line) is not None
        label = not line.strip(" -–—*_[(") and re.match(r"[\])*_]*\s*:", raw[match.end() :])
        return bare(token) if voice or label else token

    return mark


def _table(path: Path, names: Mapping[str, str], words: Mapping[str, str]) -> bytes:
    frame = read_table(path, name=path.name, raw=True).frame
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in frame.iter_rows():
        cells = ["" if cell is None else str(cell) for cell in row]
        writer.writerow(
            [names.get(cell.strip()) or exchanged(cell, words, lambda _m, t: t) for cell in cells]
        )
    return text.getvalue().encode()


def _read(
    name: str, data: bytes, company: Company, asking: Sequence[str], said: Mapping[str, str]
) -> Corpus | None:
    with TemporaryDirectory(prefix="embauche-") as place:
        path = Path(place) / name
        path.write_bytes(data)
        try:
            return read_alone(path, company, asking, said)
        except ReadError:
            return None


def _same(found: Source, source: Source, wanted: Sequence[str]) -> bool:
    """Tell whether every turn says what was meant, by someone of the same role."""
    if len(found.turns) != len(source.turns):
        return False
    return all(
        found.text[now.start : now.end] == said and now.role is turn.role
        for now, turn, said in zip(found.turns, source.turns, wanted, strict=True)
    ) and _same_people(found, source)


def _same_people(found: Source, source: Source) -> bool:
    pairs = {
        (before.participant, now.participant)
        for before, now in zip(source.turns, found.turns, strict=True)
    }
    return len({a for a, _ in pairs}) == len(pairs) == len({b for _, b in pairs})


def name_with_tokens(stem: str, words: Mapping[str, str]) -> str:
    """Replace names in a file's name, however its words are joined there."""
    for spelt in sorted(words, key=len, reverse=True):
        parts = [re.escape(part) for part in re.split(r"[\s'’-]+", spelt) if part]
        pattern = r"[\s_.'’-]*".join(parts)
        stem = re.sub(
            rf"(?<![^\W\d_])(?:{pattern})(?![^\W\d_])",
            bare(words[spelt]),
            stem,
            flags=re.IGNORECASE,
        )
    return stem
