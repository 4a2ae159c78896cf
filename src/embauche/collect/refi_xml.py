"""XML of strangers, parsed without risk: no DTD, no entities, bounded depth and size.

The parser is expat of the standard library, driven here so that a document type is refused at its
first byte and every element knows its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.parsers import expat

from embauche.errors import ReadError

_DEEPEST = 100
_MOST_ELEMENTS = 1_000_000
_WRONG_ENCODING, _BAD_TOKEN, _BAD_REFERENCE = 19, 4, 14
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}));")


@dataclass(frozen=True, slots=True)
class XmlDocument:
    """A parsed document.

    Attributes
    ----------
    root
        Elements of the root's own namespace have plain names, others ``{uri}name``.
    namespace
        The root's namespace; empty where it has none.
    lines
        The line of each element, from 1.
    mended
        How many characters that XML forbids were replaced by U+FFFD.
    """

    root: ET.Element
    namespace: str
    lines: dict[ET.Element, int]
    mended: int = 0


def parse_xml(data: bytes, file: str, member: str) -> XmlDocument:
    """Parse XML safely.

    Parameters
    ----------
    data
        The bytes: UTF-8, or UTF-16 with its mark.
    file, member
        How errors call the file, and its part.

    Raises
    ------
    ReadError
        If it is not well-formed (with line and column), declares a document type, or is nested or
        long beyond reason.
    """
    try:
        return _Driver(file, member).run(data, None)
    except expat.ExpatError as error:
        first = error
    try:
        if first.code == _WRONG_ENCODING:
            return _Driver(file, member).run(data, "utf-8")
        if first.code in {_BAD_TOKEN, _BAD_REFERENCE}:
            mended, n = _without_forbidden(data)
            if n:
                return _Driver(file, member).run(mended, "utf-8", n)
    except expat.ExpatError as error:
        first = error
    raise ReadError(
        "refi.bad_xml", file=file, member=member, line=first.lineno, column=first.offset + 1
    ) from first


def _without_forbidden(data: bytes) -> tuple[bytes, int]:
    """Replace characters that XML forbids (some programs write them) and count them."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = data.decode("utf-16", errors="replace")
        text = re.sub(r"^<\?xml[^>]*\?>", "", text)
    else:
        text = data.decode("utf-8-sig", errors="replace")
    before = text.count("\ufffd")

    def legal(match: re.Match[str]) -> str:
        number = int(match[1], 16) if match[1] else int(match[2])
        fine = number in {9, 10, 13} or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE
        return match[0] if fine or 0x10000 <= number <= 0x10FFFF else "\ufffd"

    mended = _REFERENCE.sub(legal, _ILLEGAL.sub("\ufffd", text))
    found = mended.count("\ufffd") - (before if "\ufffd".encode() in data else 0)
    return mended.encode(), found


class _Driver:
    """One run of expat over one document."""

    def __init__(self, file: str, member: str) -> None:
        self._file, self._member = file, member
        self._builder = ET.TreeBuilder()
        self._lines: dict[ET.Element, int] = {}
        self._depth = 0
        self._namespace: str | None = None

    def run(self, data: bytes, encoding: str | None, mended: int = 0) -> XmlDocument:
        parser = expat.ParserCreate(encoding, namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._builder.data
        self._parser = parser
        try:
            parser.Parse(data, True)  # noqa: FBT003 - expat takes it by position only
        except (LookupError, ValueError) as error:  # an encoding that nobody knows
            raise ReadError("refi.bad_encoding", file=self._file, member=self._member) from error
        return XmlDocument(self._builder.close(), self._namespace or "", self._lines, mended)

    def _doctype(self, *_: object) -> None:
        raise ReadError("refi.doctype", file=self._file, member=self._member)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST or len(self._lines) >= _MOST_ELEMENTS:
            code = "refi.too_deep" if self._depth > _DEEPEST else "refi.too_many_elements"
            raise ReadError(
                code, file=self._file, member=self._member, line=self._parser.CurrentLineNumber
            )
        if self._namespace is None:
            self._namespace = tag.rpartition("}")[0]
        named = {self._name(key): value for key, value in attributes.items()}
        element = self._builder.start(self._name(tag), named)
        self._lines[element] = self._parser.CurrentLineNumber

    def _end(self, tag: str) -> None:
        self._depth -= 1
        self._builder.end(self._name(tag))

    def _name(self, name: str) -> str:
        uri, _, local = name.rpartition("}")
        return local if not uri or uri == self._namespace else f"{{{uri}}}{local}"
