"""Erasing a source from the original project that an import kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring, tostring

from embauche.collect.refi import Kept, RefiProject, RefiSource, guid_key
from embauche.collect.refi_archive import locate_name
from embauche.study.refi_ground import Ground, paths_of
from embauche.study.refi_memo import is_memo


def without_text(ground: Ground, guid: str) -> tuple[RefiProject, frozenset[str]]:
    """Return the project without the source of a text, and the GUIDs of its codings.

    Its media, its memos, and every reference to it or its selections go too; so does our own memo,
    which the next export writes afresh.
    """
    project = ground.project
    gone = [
        source
        for source in project.sources
        if any(guid_key(text.guid) == guid for text in source.texts)
    ]
    names = {name for source in gone for name in _guids(source)}
    notes = [
        note
        for note in project.notes
        if is_memo(note) or guid_key(note.guid) in {key for one in gone for key in _notes(one)}
    ]
    names |= {guid_key(note.guid) for note in notes}
    files = {locate_name(path) for one in gone for path in paths_of(one)} | {
        locate_name(fromstring(note.xml).get("plainTextPath", ""))  # noqa: S314 - our own
        for note in notes
    }
    codings = frozenset(
        guid_key(coding.guid)
        for source in gone
        for text in source.texts
        for selection in text.selections
        for coding in selection.codings
    )
    cleaned = replace(
        project,
        sources=tuple(source for source in project.sources if source not in gone),
        notes=tuple(note for note in project.notes if note not in notes),
        parts=tuple(_without(part, names) for part in project.parts),
        sets=tuple(
            replace(
                item,
                kept=Kept(
                    item.kept.attributes,
                    tuple(one for one in item.kept.elements if not _names(one, names)),
                ),
            )
            for item in project.sets
        ),
        files=tuple(
            file for file in project.files if file.name.rpartition("/")[2] not in files - {""}
        ),
    )
    return cleaned, codings


def _elements(source: RefiSource) -> Iterator[str]:
    for text in source.texts:
        yield from text.kept.elements
        for selection in text.selections:
            yield from selection.kept.elements
            for coding in selection.codings:
                yield from coding.kept.elements
    yield from source.kept.elements


def _guids(source: RefiSource) -> Iterator[str]:
    yield guid_key(source.guid)
    for text in source.texts:
        yield guid_key(text.guid)
        for selection in text.selections:
            yield guid_key(selection.guid)
    for xml in _elements(source):
        for element in fromstring(xml).iter():  # noqa: S314 - made by our own reader
            if element.get("guid"):
                yield guid_key(element.get("guid", ""))


def _notes(source: RefiSource) -> Iterator[str]:
    for xml in _elements(source):
        for element in fromstring(xml).iter("NoteRef"):  # noqa: S314 - made by our own reader
            yield guid_key(element.get("targetGUID", ""))


def _without(xml: str, names: set[str]) -> str:
    """Take out of a part of the project every element that refers to something erased."""
    root = fromstring(xml)  # noqa: S314 - made by our own reader

    def prune(parent: Element) -> None:
        for child in list(parent):
            if any(guid_key(value) in names for value in child.attrib.values()):
                parent.remove(child)
            else:
                prune(child)

    prune(root)
    return tostring(root, encoding="unicode").replace("\r", "&#13;")


def _names(xml: str, names: set[str]) -> bool:
    root = fromstring(xml)  # noqa: S314 - made by our own reader
    return any(guid_key(value) in names for value in root.attrib.values())
