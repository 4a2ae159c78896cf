"""A REFI-QDA project as frozen records: what we understand is typed, all the rest is kept as is.

Elements and attributes that have no field here travel as text in `Kept`, so that reading and
writing a project loses nothing of what another program put into it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from embauche.notices import Notice

Unit = Literal["code_points", "utf16", "utf8"]
LineBreak = Literal["as_written", "one", "two"]
Kind = Literal["text", "pdf", "picture", "audio", "video"]


@dataclass(frozen=True, slots=True)
class Kept:
    """What an element holds besides our fields.

    Attributes
    ----------
    attributes
        Name and value, in the order of the names; names of other namespaces are ``{uri}name``.
    elements
        Child elements as XML, without the namespace of REFI-QDA, in the order of the file.
    """

    attributes: tuple[tuple[str, str], ...] = ()
    elements: tuple[str, ...] = ()


NOTHING = Kept()


@dataclass(frozen=True, slots=True)
class Convention:
    r"""How a program counts positions in a text.

    Attributes
    ----------
    unit
        Code points (as the standard says), UTF-16 units, or bytes of UTF-8.
    line_break
        A line break counts as it is written in the file, always one, or always two (``\r\n``).
    mark
        The byte order mark at the beginning counts as one.
    first
        Position of the first character, 0 or 1.
    inclusive
        The end is the last character itself, not the place after it.
    """

    unit: Unit = "code_points"
    line_break: LineBreak = "as_written"
    mark: bool = False
    first: Literal[0, 1] = 0
    inclusive: bool = False


STANDARD = Convention()
"""What the standard says and most programs do; what we write."""

NVIVO = Convention(unit="utf16", line_break="two")
"""NVivo for Windows: UTF-16 units, every line break as CR LF."""


def guid_key(guid: str) -> str:
    """Return a GUID in the form that compares: programs write braces and capitals or not."""
    return guid.strip().strip("{}").casefold()


@dataclass(frozen=True, slots=True)
class RefiUser:
    """A person (or a program) who codes."""

    guid: str
    name: str = ""
    kept: Kept = NOTHING


@dataclass(frozen=True, slots=True)
class RefiCode:
    """A code, with the codes below it; `color` is ``#RRGGBB`` where the program has one."""

    guid: str
    name: str
    codable: bool = True
    color: str | None = None
    description: str | None = None
    codes: tuple[RefiCode, ...] = ()
    kept: Kept = NOTHING

    def walk(self) -> Iterator[RefiCode]:
        """Return the code and all below it, in the order of the tree."""
        yield self
        for code in self.codes:
            yield from code.walk()


@dataclass(frozen=True, slots=True)
class RefiCoding:
    """One code given to a selection or a whole source; `code` and `user` are GUIDs."""

    guid: str
    code: str
    user: str | None = None
    at: str | None = None
    kept: Kept = NOTHING


@dataclass(frozen=True, slots=True)
class RefiSync:
    """A moment of a recording and its place in the transcript.

    Attributes
    ----------
    at
        Milliseconds from the beginning of the recording, as written; ``None`` where not said.
    position
        Place in code points of `RefiText.text`; ``None`` where not said. Where the text is missing,
        or `placed` is False, the number of the file.
    """

    guid: str
    at: str | None = None
    position: int | None = None
    kept: Kept = NOTHING
    placed: bool = True


@dataclass(frozen=True, slots=True)
class RefiSelection:
    """A span of a text.

    Attributes
    ----------
    start, end
        Half-open, in code points of `RefiText.text`. Where the text is missing, or `placed` is
        False because the positions lie outside of it, they are the numbers of the file.
    name
        Often the words themselves, or empty.
    syncs
        GUIDs of the moments between which a selection of a transcript lies; ``None`` for selections
        that are given by positions.
    """

    guid: str
    start: int
    end: int
    name: str | None = None
    description: str | None = None
    user: str | None = None
    at: str | None = None
    codings: tuple[RefiCoding, ...] = ()
    kept: Kept = NOTHING
    placed: bool = True
    syncs: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class RefiText:
    r"""A plain text with its selections.

    Attributes
    ----------
    text
        The text with ``\n`` line breaks and without byte order mark, otherwise as stored;
        ``None`` where the archive does not hold it.
    element
        ``TextSource``, ``Representation`` (of a PDF), ``TextDescription`` (of a picture),
        ``Transcript`` (of a recording).
    path
        ``plainTextPath`` as written; ``None`` where the text stands in the XML itself.
    convention
        How the writing program counted; ``None`` where there was nothing to tell it by.
    syncs
        Moments of the recording that a transcript belongs to.
    """

    guid: str
    text: str | None
    element: str = "TextSource"
    path: str | None = None
    selections: tuple[RefiSelection, ...] = ()
    convention: Convention | None = None
    kept: Kept = NOTHING
    syncs: tuple[RefiSync, ...] = ()

    def words(self, selection: RefiSelection) -> str | None:
        """Return the words of a selection; ``None`` where they cannot be known."""
        if self.text is None or not selection.placed:
            return None
        return self.text[selection.start : selection.end]


@dataclass(frozen=True, slots=True)
class RefiSource:
    """A document, picture or recording; its media file travels untouched.

    Attributes
    ----------
    texts
        The text of a text source or of a PDF, the transcripts of a recording…
    codings
        Codes given to the source as a whole.
    kept
        Everything else: selections of regions and times, variables, references to notes.
    """

    kind: Kind
    guid: str
    name: str = ""
    description: str | None = None
    user: str | None = None
    at: str | None = None
    texts: tuple[RefiText, ...] = ()
    codings: tuple[RefiCoding, ...] = ()
    kept: Kept = NOTHING


@dataclass(frozen=True, slots=True)
class RefiSet:
    """A named group of codes (sources and notes of the group are in `kept`)."""

    guid: str
    name: str
    codes: tuple[str, ...] = ()
    description: str | None = None
    kept: Kept = NOTHING


@dataclass(frozen=True, slots=True)
class RefiNote:
    """A memo: its text, and the whole element as XML."""

    guid: str
    name: str
    text: str | None
    xml: str


@dataclass(frozen=True, slots=True)
class RefiFile:
    """A file of the archive that is carried along: media, formatted documents, texts of memos.

    Attributes
    ----------
    name
        Its name in an archive that follows the standard, such as ``sources/x.docx``.
    size, crc
        Size in bytes and CRC-32 of its content.
    archive
        The archive that holds it; ``None`` where `data` does.
    member
        Its name in that archive.
    """

    name: str
    size: int
    crc: int
    archive: Path | None = field(default=None, compare=False, repr=False)
    data: bytes | None = field(default=None, compare=False, repr=False)
    member: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RefiProject:
    """A whole project, or a codebook (which has neither sources nor users).

    Attributes
    ----------
    parts
        Other elements of the project as XML: variables, cases, links, graphs, description…
    kept
        Attributes of the project element, and what the codebook holds besides codes and sets.
    notices
        How the file was read and what is doubtful or wrong about it.
    """

    name: str
    origin: str = ""
    users: tuple[RefiUser, ...] = ()
    codes: tuple[RefiCode, ...] = ()
    sources: tuple[RefiSource, ...] = ()
    sets: tuple[RefiSet, ...] = ()
    notes: tuple[RefiNote, ...] = ()
    parts: tuple[str, ...] = ()
    files: tuple[RefiFile, ...] = ()
    kept: Kept = NOTHING
    notices: tuple[Notice, ...] = field(default=(), compare=False)

    def walk_codes(self) -> Iterator[RefiCode]:
        """Return every code, in the order of the tree."""
        for code in self.codes:
            yield from code.walk()
