"""A REFI-QDA project or codebook written as the standard says, or counted as NVivo counts."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from embauche import __version__
from embauche.collect.refi_archive import DAMAGED, locate_name
from embauche.collect.refi_model import (
    NOTHING,
    STANDARD,
    Convention,
    Kept,
    RefiCode,
    RefiCoding,
    RefiFile,
    RefiProject,
    RefiSelection,
    RefiSet,
    RefiSource,
    RefiSync,
    RefiText,
    guid_key,
)
from embauche.collect.refi_placing import OWN_ORIGIN
from embauche.collect.refi_positions import Ruler, written_breaks
from embauche.collect.refi_schema import in_order
from embauche.errors import ReadError

_PROJECT = "urn:QDA-XML:project:1.0"
_CODEBOOK = "urn:QDA-XML:codebook:1.0"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SAFE = re.compile(r"[\w.-]{1,100}")
_ELEMENTS = {
    "text": "TextSource",
    "pdf": "PDFSource",
    "picture": "PictureSource",
    "audio": "AudioSource",
    "video": "VideoSource",
}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_project(project: RefiProject, path: Path, *, convention: Convention = STANDARD) -> None:
    """Write a project as ``.qdpx``; the file is replaced only once the new one is complete.

    Parameters
    ----------
    project
        What to write. Its origin becomes this program, since positions are counted our way.
    path
        The file.
    convention
        How positions are counted: the standard's way, or `NVIVO` (texts then have CR LF line
        breaks and a byte order mark, as NVivo writes them).

    Raises
    ------
    ReadError
        If a file that the project carries along is gone from its archive, or was changed.
    """
    writer = _Writer(convention)
    root = writer.project(project)
    draft = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            _store(archive, "project.qde", _bytes(root, _PROJECT))
            for name, text in writer.texts.items():
                _store(archive, name, writer.encoded(text))
            for file in project.files:
                if file.name not in writer.texts:
                    _carry(archive, file)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_codebook(project: RefiProject, path: Path) -> None:
    """Write the codes and the sets of codes of a project as ``.qdc``."""
    root = Element("CodeBook", {"origin": f"{OWN_ORIGIN} {__version__}"})
    _add_codes(root, project.codes)
    sets = [item for item in project.sets if item.codes]
    if sets:
        held = SubElement(root, "Sets")
        for item in sets:
            element = _set(replace(item, kept=NOTHING))
            for member in element.iterfind("MemberCode"):
                member.attrib = {"guid": member.attrib["targetGUID"]}
            held.append(element)
    for code in root.iter("Code"):
        # The codebook's own schema has no references to notes.
        for reference in code.findall("NoteRef"):
            code.remove(reference)
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(_bytes(root, _CODEBOOK))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class _Writer:
    """Builds the tree of one project and gathers the texts that stand in files of their own."""

    def __init__(self, convention: Convention) -> None:
        self._convention = convention
        self._wide = convention.line_break == "two"
        self.texts: dict[str, str] = {}

    def encoded(self, text: str) -> bytes:
        if self._wide:
            return text.replace("\n", "\r\n").encode("utf-8-sig")
        # A mark that is part of the text needs one before it that is not.
        return text.encode("utf-8-sig" if text.startswith("\ufeff") else "utf-8")

    def project(self, project: RefiProject) -> Element:
        origin = f"{OWN_ORIGIN} {__version__}{' for NVivo' if self._wide else ''}"
        root = Element("Project", {"name": project.name, "origin": origin})
        _add_kept(root, Kept(project.kept.attributes))
        root.attrib.pop(_XSI, None)
        if project.users:
            users = SubElement(root, "Users")
            for user in project.users:
                element = SubElement(users, "User", {"guid": user.guid, "name": user.name})
                _add_kept(element, user.kept)
        if project.codes or project.kept.elements:
            book = SubElement(root, "CodeBook")
            _add_codes(book, project.codes)
            book.extend(_parsed(project.kept.elements))
        if project.sources:
            sources = SubElement(root, "Sources")
            sources.extend(self._source(source) for source in project.sources)
        if project.notes:
            SubElement(root, "Notes").extend(_parsed(note.xml for note in project.notes))
        if project.sets:
            SubElement(root, "Sets").extend(_set(item) for item in project.sets)
        root.extend(_parsed(project.parts))
        for element in root.iter():
            in_order(element)
        return root

    def _source(self, source: RefiSource) -> Element:
        element = Element(_ELEMENTS[source.kind], {"guid": source.guid})
        _put(element, name=source.name, creatingUser=source.user, creationDateTime=source.at)
        _add_kept(element, source.kept)
        _describe(element, source.description)
        for text in source.texts:
            if source.kind == "text":
                self._fill(element, text)
            else:
                inner = SubElement(element, text.element, {"guid": text.guid})
                _add_kept(inner, text.kept)
                self._fill(inner, text)
        element.extend(_coding(coding) for coding in source.codings)
        return element

    def _fill(self, element: Element, text: RefiText) -> None:
        if text.text is None:
            _put(element, plainTextPath=text.path)
            ruler = None
        else:
            if text.path is None and not _ILLEGAL.search(text.text):
                SubElement(element, "PlainTextContent").text = text.text
            else:
                element.set("plainTextPath", f"internal://{self._file(text)}")
            breaks = written_breaks(text.text, 2 if self._wide else 1)
            ruler = Ruler(breaks, self._convention)
        for one in text.syncs:
            element.append(_sync(one, ruler))
        for item in text.selections:
            if text.element == "Transcript" and item.syncs is None:
                element.extend(_timed(item, text, ruler))
            else:
                element.append(_selection(item, ruler))

    def _file(self, text: RefiText) -> str:
        """Return the name, below ``sources/``, of the file for a text."""
        held = text.text or ""
        named = locate_name(text.path or "")
        plain = named if named and _SAFE.fullmatch(named) else f"{guid_key(text.guid)}.txt"
        if not plain.casefold().endswith(".txt"):
            plain = f"{plain}.txt"
        name, number = plain, 1
        while self.texts.get(f"sources/{name}", held) != held:
            number += 1
            name = f"{plain[:-4]}-{number}.txt"
        self.texts[f"sources/{name}"] = held
        return name


def _add_codes(book: Element, codes: Iterable[RefiCode]) -> None:
    held = SubElement(book, "Codes")
    held.extend(_code(code) for code in codes)


def _code(code: RefiCode) -> Element:
    codable = "true" if code.codable else "false"
    element = Element("Code", {"guid": code.guid, "name": code.name, "isCodable": codable})
    _put(element, color=code.color)
    _add_kept(element, code.kept)
    _describe(element, code.description)
    element.extend(_code(child) for child in code.codes)
    return element


def _set(item: RefiSet) -> Element:
    element = Element("Set", {"guid": item.guid, "name": item.name})
    _add_kept(element, item.kept)
    _describe(element, item.description)
    for code in item.codes:
        SubElement(element, "MemberCode", {"targetGUID": code})
    return element


def _coding(coding: RefiCoding) -> Element:
    element = Element("Coding", {"guid": coding.guid})
    _put(element, creatingUser=coding.user, creationDateTime=coding.at)
    _add_kept(element, coding.kept)
    if coding.code:
        SubElement(element, "CodeRef", {"targetGUID": coding.code})
    return element


def _selection(item: RefiSelection, ruler: Ruler | None) -> Element:
    timed = item.syncs is not None
    element = Element("TranscriptSelection" if timed else "PlainTextSelection", {"guid": item.guid})
    _put(element, name=item.name)
    if item.syncs is not None:
        first, last = item.syncs
        _put(element, fromSyncPoint=first or None, toSyncPoint=last or None)
    else:
        start, end = item.start, item.end
        if ruler is not None and item.placed:
            start, end = ruler.from_text(start, end)
        element.set("startPosition", str(start))
        element.set("endPosition", str(end))
    _put(element, creatingUser=item.user, creationDateTime=item.at)
    _add_kept(element, item.kept)
    _describe(element, item.description)
    element.extend(_coding(coding) for coding in item.codings)
    return element


def _sync(one: RefiSync, ruler: Ruler | None) -> Element:
    element = Element("SyncPoint", {"guid": one.guid})
    _put(element, timeStamp=one.at)
    if one.position is not None:
        place = one.position
        if ruler is not None and one.placed:
            place = ruler.of_point(place)
        element.set("position", str(place))
    _add_kept(element, one.kept)
    return element


def _timed(item: RefiSelection, text: RefiText, ruler: Ruler | None) -> Iterator[Element]:
    """Write a span of a transcript, where the standard has selections between moments only.

    Its two moments are made where its words begin and end; their times are those of the nearest
    moments that are known, before the first word and after the last.
    """
    if not item.placed:
        yield _selection(item, ruler)
        return
    known = sorted((one.position, one.at) for one in text.syncs if one.placed and one.at)
    before = [at for place, at in known if place is not None and place <= item.start]
    after = [at for place, at in known if place is not None and place >= item.end]
    ends = (
        ("from", item.start, before[-1] if before else None),
        ("to", item.end, after[0] if after else None),
    )
    made = [
        RefiSync(str(uuid5(NAMESPACE_URL, f"{guid_key(item.guid)}:{side}")), at, place)
        for side, place, at in ends
    ]
    yield from (_sync(one, ruler) for one in made)
    yield _selection(replace(item, syncs=(made[0].guid, made[1].guid)), ruler)


def _put(element: Element, **attributes: str | None) -> None:
    for name, value in attributes.items():
        if value is not None:
            element.set(name, value)


def _describe(element: Element, description: str | None) -> None:
    if description is not None:
        SubElement(element, "Description").text = description


def _add_kept(element: Element, kept: Kept) -> None:
    for name, value in kept.attributes:
        element.set(name, value)
    element.extend(_parsed(kept.elements))


def _parsed(elements: Iterable[str]) -> Iterator[Element]:
    # These strings were made by our own reader, from XML that it had found harmless.
    return (fromstring(element) for element in elements)  # noqa: S314


def _bytes(root: Element, namespace: str) -> bytes:
    for element in root.iter():
        for name, value in element.attrib.items():
            element.set(name, _ILLEGAL.sub("\ufffd", value))
        if element.text:
            element.text = _ILLEGAL.sub("\ufffd", element.text)
    root.attrib = {"xmlns": namespace, **root.attrib}
    written = tostring(root, encoding="unicode").replace("\r", "&#13;")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{written}\n'.encode()


def _store(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Store bytes under a fixed date: the same project gives the same file."""
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data)


def _carry(archive: zipfile.ZipFile, file: RefiFile) -> None:
    if file.data is not None:
        _store(archive, file.name, file.data)
        return
    if file.archive is None:
        raise ReadError("refi.file_gone", file="–", member=file.name)
    try:
        with zipfile.ZipFile(file.archive) as source:
            held = next(
                item
                for item in source.infolist()
                if item.filename.replace("\\", "/") == (file.member or file.name)
                and file.crc == item.CRC
            )
            info = zipfile.ZipInfo(file.name, _EPOCH)
            info.compress_type = held.compress_type
            if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                info.compress_type = zipfile.ZIP_DEFLATED
            info.file_size = held.file_size
            with source.open(held) as stream, archive.open(info, "w") as target:
                while chunk := stream.read(1 << 20):
                    target.write(chunk)
    except (OSError, StopIteration) as error:
        params = {"file": file.archive.name, "member": file.name}
        raise ReadError("refi.file_gone", **params) from error
    except DAMAGED as error:
        params = {"file": file.archive.name, "member": file.name}
        raise ReadError("refi.damaged_member", **params) from error
