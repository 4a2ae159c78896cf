"""What a project holds that is no words with a code: told at import, kept, and exported again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, fromstring

from embauche.collect.refi import RefiProject, RefiSource
from embauche.notices import Notice
from embauche.study.refi_memo import is_memo
from embauche.study.refi_texts import StudyText

_AREAS = ("PDFSelection", "PictureSelection", "AudioSelection", "VideoSelection")
_MOST_NAMED = 10


def kept_beside(project: RefiProject, texts: Sequence[StudyText]) -> Iterator[Notice]:
    """Tell what of a project the study itself has no place for.

    Parameters
    ----------
    project
        As read.
    texts
        Its texts that became interviews.
    """
    read = {id(item.source) for item in texts}
    silent = [
        source.name or source.guid
        for source in project.sources
        if id(source) not in read and all(text.text is not None for text in source.texts)
    ]
    if silent:
        yield _told("refi.no_words", len(silent), sources=silent[:_MOST_NAMED])
    elsewhere = sum(_codings_of_areas(source) for source in project.sources)
    if elsewhere:
        yield _told("refi.codings_beside_words", elsewhere)
    noted = sum(
        not item.codings and bool(item.description or item.kept.elements)
        for source in project.sources
        for text in source.texts
        for item in text.selections
    )
    if noted:
        yield _told("refi.noted_passages", noted)
    memos = sum(not is_memo(note) for note in project.notes)
    parts = {"links": 0, "graphs": 0, **_parts(project), "sets": len(project.sets)}
    if memos or any(parts.values()):
        yield Notice("refi.kept_beside", {"memos": memos, **parts}, "info")


def _told(code: str, n: int, **params: list[str]) -> Notice:
    return Notice(code, {"n": n, **params}, "info")


def _codings_of_areas(source: RefiSource) -> int:
    """Count the codings of a whole source, of areas of its pages, and of times of its recording."""
    found = len(source.codings)
    for xml in source.kept.elements:
        element = fromstring(xml)  # noqa: S314 - made by our own reader
        if element.tag in _AREAS:
            found += len(element.findall("Coding"))
    return found


def _parts(project: RefiProject) -> dict[str, int]:
    return {
        element.tag.casefold(): len(element)
        for element in map(_parsed, project.parts)
        if element.tag in {"Links", "Graphs"}
    }


def _parsed(xml: str) -> Element:
    return fromstring(xml)  # noqa: S314 - made by our own reader
