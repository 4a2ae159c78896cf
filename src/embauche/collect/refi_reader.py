"""A ``.qdpx`` project or a ``.qdc`` codebook, read into frozen records without loss."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element

from embauche.collect.decoding import read_bytes
from embauche.collect.documents import text_of_docx
from embauche.collect.refi_archive import RefiArchive
from embauche.collect.refi_checks import dangling, refuse, structure
from embauche.collect.refi_elements import attributes_of, description_of, kept_of, target_of, xml_of
from embauche.collect.refi_model import (
    Kept,
    Kind,
    RefiCode,
    RefiCoding,
    RefiNote,
    RefiProject,
    RefiSelection,
    RefiSet,
    RefiSource,
    RefiSync,
    RefiText,
    RefiUser,
)
from embauche.collect.refi_placing import Found, place_texts
from embauche.collect.refi_positions import RawText, decode_text, raw_text
from embauche.collect.refi_xml import XmlDocument, parse_xml
from embauche.errors import ReadError
from embauche.notices import Notice

KINDS: dict[str, Kind] = {
    "TextSource": "text",
    "PDFSource": "pdf",
    "PictureSource": "picture",
    "AudioSource": "audio",
    "VideoSource": "video",
}
_TEXTS = ("Representation", "TextDescription", "Transcript")
_TEXT_SELECTIONS = ("PlainTextSelection", "TranscriptSelection")
_TEXT_PARTS = ("PlainTextContent", "SyncPoint", *_TEXT_SELECTIONS)
_LONGEST_NUMBER = 30
_LONGEST_CODEBOOK = 50_000_000


def read_project(
    path: Path,
    *,
    name: str | None = None,
    strict: bool = False,
    progress: Callable[[float], None] | None = None,
) -> RefiProject:
    """Read a REFI-QDA project.

    Parameters
    ----------
    path
        A ``.qdpx``.
    name
        How errors call it; the file's name by default.
    strict
        Make an error of the first departure from the standard, missing text or wrong position,
        instead of a notice.
    progress
        Called with the share done, between 0 and 1.

    Returns
    -------
    RefiProject
        Selections in code points of their text, whatever way the writing program counted; the way
        that was found is told in a notice.

    Raises
    ------
    ReadError
        If the file is damaged, hostile, or no REFI-QDA project.
    """
    called = name or path.name
    with RefiArchive(path, called) as archive:
        member = archive.project()
        document = parse_xml(archive.xml(member), called, member)
        root = document.root
        if root.tag != "Project":
            raise ReadError("refi.wrong_root", file=called, member=member, element=root.tag[:60])
        if progress is not None:
            progress(0.3)
        notices = structure(document, called, strict=strict)
        reader = _Reader(archive, called, member, document, notices)
        project = reader.project(root)
        texts = reader.texts
        files = tuple(archive.carried({member, *reader.rewritten}))
    if progress is not None:
        progress(0.6)
    sources = place_texts(project, texts, notices)
    notices.extend(dangling(project, called))
    if strict:
        refuse(notices)
    if progress is not None:
        progress(1.0)
    return RefiProject(
        name=project.name,
        origin=project.origin,
        users=project.users,
        codes=project.codes,
        sources=sources,
        sets=project.sets,
        notes=project.notes,
        parts=project.parts,
        files=files,
        kept=project.kept,
        notices=tuple(notices),
    )


def read_codebook(path: Path, *, name: str | None = None, strict: bool = False) -> RefiProject:
    """Read a REFI-QDA codebook (``.qdc``) as a project that holds codes and sets only.

    Raises
    ------
    ReadError
        If the file is damaged, hostile, or no codebook.
    """
    called = name or path.name
    data = read_bytes(path, called)
    if len(data) > _LONGEST_CODEBOOK:
        raise ReadError("refi.too_large", file=called, member=called)
    if data[:4] == b"PK\x03\x04":
        raise ReadError("refi.project_not_codebook", file=called)
    document = parse_xml(data, called, called)
    root = document.root
    if root.tag != "CodeBook":
        raise ReadError("refi.wrong_root", file=called, member=called, element=root.tag[:60])
    notices = structure(document, called, strict=strict)
    reader = _Reader(None, called, called, document, notices)
    project = reader.codebook(root)
    if strict:
        refuse(notices)
    return project


class _Reader:
    """Walks one document; texts are found here and their selections placed afterwards."""

    def __init__(
        self,
        archive: RefiArchive | None,
        file: str,
        member: str,
        document: XmlDocument,
        notices: list[Notice],
    ) -> None:
        self._archive, self._file, self._member = archive, file, member
        self._document, self._notices = document, notices
        self._decoded: dict[str, RawText] = {}
        self._made: dict[Element, str] = {}
        self.rewritten: set[str] = set()
        self.texts: list[Found] = []

    def project(self, root: Element) -> RefiProject:
        book = root.find("CodeBook")
        sources = root.find("Sources")
        own = {"Users", "CodeBook", "Sources", "Sets", "Notes"}
        codes, sets, book_kept = self._book(book)
        return RefiProject(
            name=root.get("name", ""),
            origin=root.get("origin", ""),
            users=tuple(self._user(element) for element in root.iterfind("Users/User")),
            codes=codes,
            sources=tuple(
                self._source(element)
                for element in (() if sources is None else sources)
                if element.tag in KINDS
            ),
            sets=(*sets, *(self._set(element) for element in root.iterfind("Sets/Set"))),
            notes=tuple(self._note(element) for element in root.iterfind("Notes/Note")),
            parts=tuple(xml_of(element) for element in root if element.tag not in own),
            kept=Kept(attributes_of(root, ("name", "origin")), book_kept),
        )

    def codebook(self, root: Element) -> RefiProject:
        codes, sets, kept = self._book(root)
        return RefiProject(
            name=Path(self._file).stem,
            origin=root.get("origin", ""),
            codes=codes,
            sets=sets,
            kept=Kept(attributes_of(root, ("origin",)), kept),
            notices=tuple(self._notices),
        )

    def _book(
        self, book: Element | None
    ) -> tuple[tuple[RefiCode, ...], tuple[RefiSet, ...], tuple[str, ...]]:
        if book is None:
            return (), (), ()
        own = {"Codes", "Code", "Sets"}
        kept = tuple(xml_of(element) for element in book if element.tag not in own)
        # Some programs leave out the element that holds the codes.
        codes = (*book.iterfind("Codes/Code"), *book.iterfind("Code"))
        return (
            tuple(self._code(element) for element in codes),
            tuple(self._set(element) for element in book.iterfind("Sets/Set")),
            kept,
        )

    def _user(self, element: Element) -> RefiUser:
        kept = kept_of(element, ("guid", "name"))
        return RefiUser(self._guid(element), element.get("name", ""), kept)

    def _code(self, element: Element) -> RefiCode:
        return RefiCode(
            guid=self._guid(element),
            name=element.get("name", ""),
            codable=element.get("isCodable", "true").strip().casefold() not in {"false", "0"},
            color=element.get("color"),
            description=description_of(element),
            codes=tuple(self._code(child) for child in element.iterfind("Code")),
            kept=kept_of(element, ("guid", "name", "isCodable", "color"), ("Description", "Code")),
        )

    def _set(self, element: Element) -> RefiSet:
        codes = tuple(target_of(child) for child in element.iterfind("MemberCode"))
        kept = kept_of(element, ("guid", "name"), ("Description", "MemberCode"))
        name = element.get("name", "")
        return RefiSet(self._guid(element), name, codes, description_of(element), kept)

    def _note(self, element: Element) -> RefiNote:
        found = self._raw(element)
        text = None if found is None else found.text
        return RefiNote(self._guid(element), element.get("name", ""), text, xml_of(element))

    def _coding(self, element: Element) -> RefiCoding:
        reference = element.find("CodeRef")
        return RefiCoding(
            guid=self._guid(element),
            code="" if reference is None else target_of(reference),
            user=element.get("creatingUser"),
            at=element.get("creationDateTime"),
            kept=kept_of(element, ("guid", "creatingUser", "creationDateTime"), ("CodeRef",)),
        )

    def _source(self, element: Element) -> RefiSource:
        plain = element.tag == "TextSource"
        inner = [element] if plain else [child for child in element if child.tag in _TEXTS]
        texts = tuple(self._text(child, whole=plain) for child in inner)
        own: tuple[str, ...] = ("guid", "name", "creatingUser", "creationDateTime")
        children: tuple[str, ...] = ("Description", "Coding", *_TEXTS)
        if plain:
            own = (*own, "plainTextPath")
            children = (*children, *_TEXT_PARTS)
        return RefiSource(
            kind=KINDS[element.tag],
            guid=self._guid(element),
            name=element.get("name", ""),
            description=description_of(element),
            user=element.get("creatingUser"),
            at=element.get("creationDateTime"),
            texts=texts,
            codings=tuple(self._coding(child) for child in element.iterfind("Coding")),
            kept=kept_of(element, own, children),
        )

    def _text(self, element: Element, *, whole: bool) -> RefiText:
        raw = self._raw(element)
        syncs = tuple(self._sync(child) for child in element.iterfind("SyncPoint"))
        selections = tuple(
            self._selection(child) for child in element if child.tag in _TEXT_SELECTIONS
        )
        if raw is None:
            params = {
                "file": self._file,
                "source": element.get("name") or self._guid(element),
                "path": element.get("plainTextPath") or element.get("richTextPath") or "–",
                "n": len(selections),
                "line": self._line(element),
            }
            self._notices.append(Notice("refi.text_missing", params, "problem"))
        text = RefiText(
            guid=self._guid(element),
            text=None if raw is None else raw.text,
            element=element.tag,
            path=element.get("plainTextPath"),
            selections=selections,
            kept=Kept() if whole else kept_of(element, ("guid", "plainTextPath"), _TEXT_PARTS),
            syncs=syncs,
        )
        self.texts.append(Found(text, raw))
        return text

    def _sync(self, element: Element) -> RefiSync:
        said = element.get("position") is not None
        return RefiSync(
            guid=self._guid(element),
            at=element.get("timeStamp"),
            position=self._position(element, "position") if said else None,
            kept=kept_of(element, ("guid", "timeStamp", "position")),
            placed=False,
        )

    def _selection(self, element: Element) -> RefiSelection:
        own: tuple[str, ...] = ("guid", "name", "creatingUser", "creationDateTime")
        start = end = 0
        syncs = None
        if element.tag == "TranscriptSelection":
            own = (*own, "fromSyncPoint", "toSyncPoint")
            syncs = element.get("fromSyncPoint", ""), element.get("toSyncPoint", "")
        else:
            own = (*own, "startPosition", "endPosition")
            start, end = (self._position(element, at) for at in ("startPosition", "endPosition"))
        return RefiSelection(
            guid=self._guid(element),
            start=start,
            end=end,
            name=element.get("name"),
            description=description_of(element),
            user=element.get("creatingUser"),
            at=element.get("creationDateTime"),
            codings=tuple(self._coding(child) for child in element.iterfind("Coding")),
            kept=kept_of(element, own, ("Description", "Coding")),
            placed=False,
            syncs=syncs,
        )

    def _raw(self, element: Element) -> RawText | None:
        """Return an element's plain text: from the archive, else from the XML itself."""
        path = element.get("plainTextPath")
        member = self._archive.locate(path) if self._archive is not None and path else None
        if member is not None and self._archive is not None:
            if member not in self._decoded:
                data = self._archive.text(member)
                self._decoded[member] = decode_text(data, self._file, member)
            if element.tag != "Note":
                self.rewritten.add(member)
            raw = self._decoded[member]
            self._archive.use(member, len(raw.text))
            return raw
        content = element.find("PlainTextContent")
        if content is not None:
            return raw_text(content.text or "")
        return self._formatted(element)

    def _formatted(self, element: Element) -> RawText | None:
        """Return the text of a Word file where its plain text is missing."""
        path = element.get("richTextPath") or ""
        member = self._archive.locate(path) if self._archive is not None and path else None
        if member is None or self._archive is None or not member.casefold().endswith(".docx"):
            return None
        try:
            text = text_of_docx(self._archive.text(member), member)
        except ReadError:
            return None
        params = {"file": self._file, "source": element.get("name") or member}
        self._notices.append(Notice("refi.text_from_word", params))
        return raw_text(text)

    def _position(self, element: Element, attribute: str) -> int:
        value = element.get(attribute, "").strip()
        try:
            return int(value[:_LONGEST_NUMBER])
        except ValueError:
            raise ReadError(
                "refi.bad_position",
                file=self._file,
                member=self._member,
                line=self._line(element),
                attribute=attribute,
                value=value[:40],
            ) from None

    def _guid(self, element: Element) -> str:
        """Return an element's GUID; one that lacks it gets its own, the same at every reading."""
        guid = element.get("guid")
        if not guid:
            guid = self._made.get(element)
            if guid is None:
                place = f"{self._member}:{element.tag}:{len(self._made)}"
                guid = self._made[element] = str(uuid5(NAMESPACE_URL, place))
        return guid

    def _line(self, element: Element) -> int:
        return self._document.lines.get(element, 0)
