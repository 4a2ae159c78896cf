"""What is wrong about a project that can be read all the same: told, or refused when strict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import fromstring

from embauche.collect.refi_model import RefiProject, guid_key
from embauche.collect.refi_schema import Departure, departures
from embauche.collect.refi_xml import XmlDocument
from embauche.errors import ReadError
from embauche.notices import Notice


def structure(document: XmlDocument, file: str, *, strict: bool) -> list[Notice]:
    """Tell departures from the standard, those of a kind together."""
    notices: list[Notice] = []
    if document.mended:
        notices.append(Notice("refi.mended", {"file": file, "n": document.mended}, "problem"))
    found: dict[str, list[Departure]] = {}
    for departure in departures(document.root, document.lines):
        found.setdefault(departure.kind, []).append(departure)
    for kind, several in found.items():
        first = several[0]
        params = {
            "file": file,
            "n": len(several),
            "element": first.element,
            "detail": first.detail,
            "line": first.line,
        }
        notices.append(Notice(f"refi.departs.{kind}", params, "problem" if strict else "info"))
    return notices


def dangling(project: RefiProject, file: str) -> Iterator[Notice]:
    """Tell codings of codes that the codebook does not have; they are kept.

    NVivo codes the words of a person with their case, which need not be in the codebook.
    """
    known = {guid_key(code.guid) for code in project.walk_codes()}
    for part in project.parts:
        if part.startswith("<Cases"):
            cases = fromstring(part)  # noqa: S314 - made by our own reader
            known |= {guid_key(case.get("guid", "")) for case in cases}
    codings = [
        coding
        for source in project.sources
        for coding in (
            *source.codings,
            *(one for text in source.texts for item in text.selections for one in item.codings),
        )
    ]
    lost = [coding for coding in codings if guid_key(coding.code) not in known]
    if lost:
        params = {"file": file, "n": len(lost), "of": len(codings), "guid": lost[0].code}
        yield Notice("refi.unknown_code", params, "problem")


def refuse(notices: Iterable[Notice]) -> None:
    """Raise the first problem.

    Raises
    ------
    ReadError
        With the code of the notice.
    """
    for notice in notices:
        if notice.severity == "problem":
            raise ReadError(notice.code, **notice.params)
