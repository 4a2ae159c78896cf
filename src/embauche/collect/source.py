"""Sources: immutable texts by participants, with their turns and sentences.

All positions are Unicode code points into `Source.text`, half-open like Python slices, so that
``source.text[start:end]`` is the span itself. Text is never changed after a source is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType

from embauche.notices import Notice
from embauche.vocabulary import Language, SourceKind, SpeakerRole


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's uninterrupted words.

    Attributes
    ----------
    index
        Position among the source's turns.
    speaker
        The name as written in the source; ``None`` where the source names no one.
    role
        Participant or interviewer.
    participant
        Id of the participant who speaks; ``None`` for an interviewer.
    start, end
        Span of the words in the text, without the speaker's label.
    begins_at, ends_at
        Seconds from the beginning of the recording, where known.
    """

    index: int
    speaker: str | None
    role: SpeakerRole
    participant: str | None
    start: int
    end: int
    begins_at: float | None = None
    ends_at: float | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a turn; `turn` is the index of its turn.

    `begins_at` is the second at which the piece of recording with its first words begins, where
    the source times parts of a turn (subtitles).
    """

    index: int
    turn: int
    start: int
    end: int
    begins_at: float | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """A person who is spoken with or who wrote; shown by pseudonym and situation.

    Attributes
    ----------
    id
        Stable within the study (made from the file and the speaker, or the table's own id).
    pseudonym
        The name to show.
    situation
        Situation attributes (name → value), where the input has them.
    demographics
        Who they are (age, trade…), kept apart: nobody is grouped or shown by it.
    """

    id: str
    pseudonym: str
    situation: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    demographics: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Source:
    r"""An immutable text with its turns and sentences.

    Attributes
    ----------
    id
        Stable within the study: made from the name, so that it survives another run.
    name
        Path relative to the study folder, with ``#row`` for a row of a table (row 2 is the first
        row under the header, as a spreadsheet shows it).
    kind
        Interview or review.
    text
        The text, with ``\n`` line breaks; positions count its code points.
    language
        French or English, told from the whole text.
    turns, sentences
        In order. Sentences lie inside turns and never span two.
    notices
        How the source was read, and what is doubtful about it.
    """

    id: str
    name: str
    kind: SourceKind
    text: str
    language: Language
    turns: tuple[Turn, ...]
    sentences: tuple[Sentence, ...]
    notices: tuple[Notice, ...] = ()

    @property
    def sha256(self) -> str:
        """SHA-256 of the text in UTF-8, in hexadecimal."""
        return sha256(self.text.encode()).hexdigest()

    def quote(self, start: int, end: int) -> str:
        """Return the exact words of a span."""
        return self.text[start:end]

    def turn_of(self, sentence: Sentence) -> Turn:
        """Return the turn that a sentence belongs to."""
        return self.turns[sentence.turn]


@dataclass(frozen=True, slots=True)
class Corpus:
    """All that a study's participants said or wrote.

    Attributes
    ----------
    sources
        In the order of their names.
    participants
        In the order of their first appearance.
    notices
        What could not be read (severity ``"problem"``, naming the file) or is doubtful.
    """

    sources: tuple[Source, ...]
    participants: tuple[Participant, ...]
    notices: tuple[Notice, ...] = ()

    def source(self, source_id: str) -> Source:
        """Return the source with an id.

        Raises
        ------
        KeyError
            If there is none.
        """
        for source in self.sources:
            if source.id == source_id:
                return source
        raise KeyError(source_id)
