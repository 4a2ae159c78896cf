"""The structure of REFI-QDA 1.5: which element holds what, in which order, with which attributes.

Written from the standard ("REFI-QDA Standard 1.5", sections 5.2 and 5.3, MIT licence) as tables of
our own. A file that departs from it is still read wherever its meaning is plain: what is wrong is
listed, and `strict` reading turns the first departure into an error.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from xml.etree.ElementTree import Element

GUID = re.compile(r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_DATE = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")
_BOOLEAN = re.compile(r"true|false|0|1")
_MOST_TOLD = 20

_TYPES: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "guid": GUID,
        "colour": _COLOUR,
        "integer": _INTEGER,
        "date": _DATE,
        "boolean": _BOOLEAN,
    }
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What an element may hold: children in order, attributes with their type.

    Attributes
    ----------
    children
        Name → most times it may occur (``None``: any number), in the order of the standard.
    required, optional
        Attribute → type, one of guid, text, integer, date, boolean, colour.
    """

    children: Mapping[str, int | None]
    required: Mapping[str, str]
    optional: Mapping[str, str]


def _rule(children: str = "", required: str = "", optional: str = "") -> Rule:
    """Read a rule from its short form: ``A? B*`` and ``name:text``."""
    held = {item.rstrip("?*"): None if item.endswith("*") else 1 for item in children.split()}
    need, may = (
        dict(pair.split(":", 1) for pair in words.split()) for words in (required, optional)
    )
    return Rule(held, need, may)


_STAMP = (
    "name:text creatingUser:guid creationDateTime:date modifyingUser:guid modifiedDateTime:date"
)
_FILE = f"path:text currentPath:text {_STAMP}"
_PATHS = f"richTextPath:text plainTextPath:text {_STAMP}"
_NOTED = "Coding* NoteRef*"
_TAIL = "Coding* NoteRef* VariableValue*"
_REFERENCE = _rule("", "targetGUID:guid")
_TEXT = _rule(f"Description? PlainTextContent? PlainTextSelection* {_TAIL}", "guid:guid", _PATHS)
_RECTANGLE = "firstX:integer firstY:integer secondX:integer secondY:integer"
_TIMED = _rule(f"Description? {_NOTED}", "guid:guid begin:integer end:integer", _STAMP)

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "Project": _rule(
            "Users? CodeBook? Variables? Cases? Sources? Notes? Links? Sets? Graphs? Description?"
            " NoteRef*",
            "name:text",
            "origin:text creatingUserGUID:guid creationDateTime:date modifyingUserGUID:guid"
            " modifiedDateTime:date basePath:text",
        ),
        "Users": _rule("User*"),
        "User": _rule("", "guid:guid", "name:text id:text"),
        "CodeBook": _rule("Codes? Sets?", "", "origin:text"),
        "Codes": _rule("Code*"),
        "Code": _rule(
            "Description? NoteRef* Code*",
            "guid:guid name:text isCodable:boolean",
            "color:colour",
        ),
        "Cases": _rule("Case*"),
        "Case": _rule(
            "Description? CodeRef* VariableValue* SourceRef* SelectionRef*",
            "guid:guid",
            "name:text",
        ),
        "Variables": _rule("Variable*"),
        "Variable": _rule("Description?", "guid:guid name:text typeOfVariable:text"),
        "VariableValue": _rule(
            "VariableRef? TextValue? BooleanValue? IntegerValue? FloatValue? DateValue?"
            " DateTimeValue?"
        ),
        "Sets": _rule("Set*"),
        "Set": _rule("Description? MemberCode* MemberSource* MemberNote*", "guid:guid name:text"),
        "Sources": _rule("TextSource* PictureSource* PDFSource* AudioSource* VideoSource*"),
        "TextSource": _TEXT,
        "Representation": _TEXT,
        "TextDescription": _TEXT,
        "Note": _TEXT,
        "PlainTextSelection": _rule(
            f"Description? {_NOTED}",
            "guid:guid startPosition:integer endPosition:integer",
            _STAMP,
        ),
        "PictureSource": _rule(
            f"Description? TextDescription? PictureSelection* {_TAIL}", "guid:guid", _FILE
        ),
        "PictureSelection": _rule(f"Description? {_NOTED}", f"guid:guid {_RECTANGLE}", _STAMP),
        "PDFSource": _rule(
            f"Description? PDFSelection* Representation? {_TAIL}", "guid:guid", _FILE
        ),
        "PDFSelection": _rule(
            f"Description? Representation? {_NOTED}",
            f"guid:guid page:integer {_RECTANGLE}",
            _STAMP,
        ),
        "AudioSource": _rule(
            f"Description? Transcript* AudioSelection* {_TAIL}", "guid:guid", _FILE
        ),
        "AudioSelection": _TIMED,
        "VideoSource": _rule(
            f"Description? Transcript* VideoSelection* {_TAIL}", "guid:guid", _FILE
        ),
        "VideoSelection": _TIMED,
        "Transcript": _rule(
            "Description? PlainTextContent? SyncPoint* TranscriptSelection* NoteRef*",
            "guid:guid",
            _PATHS,
        ),
        "TranscriptSelection": _rule(
            f"Description? {_NOTED}",
            "guid:guid",
            f"fromSyncPoint:guid toSyncPoint:guid {_STAMP}",
        ),
        "SyncPoint": _rule("", "guid:guid", "timeStamp:integer position:integer"),
        "Coding": _rule(
            "CodeRef? NoteRef*", "guid:guid", "creatingUser:guid creationDateTime:date"
        ),
        "Graphs": _rule("Graph*"),
        "Graph": _rule("Vertex* Edge*", "guid:guid", "name:text"),
        "Vertex": _rule(
            "",
            "guid:guid firstX:integer firstY:integer",
            "representedGUID:guid name:text secondX:integer secondY:integer shape:text"
            " color:colour",
        ),
        "Edge": _rule(
            "",
            "guid:guid sourceVertex:guid targetVertex:guid",
            "representedGUID:guid name:text color:colour direction:text lineStyle:text",
        ),
        "Notes": _rule("Note*"),
        "Links": _rule("Link*"),
        "Link": _rule(
            "NoteRef*",
            "guid:guid",
            "name:text direction:text color:colour originGUID:guid targetGUID:guid",
        ),
        **dict.fromkeys(
            ("CodeRef", "NoteRef", "SourceRef", "SelectionRef", "VariableRef"), _REFERENCE
        ),
        **dict.fromkeys(("MemberCode", "MemberSource", "MemberNote"), _REFERENCE),
    }
)


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a file departs from the standard.

    Attributes
    ----------
    kind
        ``missing`` (a required attribute), ``value`` (not of its type), ``unknown`` (an attribute
        or element that the standard does not have), ``twice`` (more than may be), or ``order``.
    element, detail
        The element, and the attribute or child.
    line
        Line of the element in the XML.
    """

    kind: str
    element: str
    detail: str
    line: int


def departures(root: Element, lines: Mapping[Element, int]) -> list[Departure]:
    """List where a project or codebook departs from the standard; the first twenty of a kind."""
    told: Counter[str] = Counter()
    found: list[Departure] = []
    for element in root.iter():
        rule = RULES.get(element.tag)
        if rule is None:
            continue
        for kind, detail in _of_element(element, rule):
            told[kind] += 1
            if told[kind] <= _MOST_TOLD:
                found.append(Departure(kind, element.tag, detail, lines.get(element, 0)))
    return found


def _of_element(element: Element, rule: Rule) -> Iterator[tuple[str, str]]:
    for name, kind in rule.required.items():
        value = element.get(name, element.get("guid") if name == "targetGUID" else None)
        if value is None:
            yield "missing", name
        elif not _fits(value, kind):
            yield "value", f'{name}="{value[:40]}"'
    for name, value in element.items():
        named_by_guid = name == "guid" and "targetGUID" in rule.required
        if name in rule.required or name.startswith("{") or named_by_guid:
            continue
        if name not in rule.optional:
            yield "unknown", name
        elif value and not _fits(value, rule.optional[name]):
            yield "value", f'{name}="{value[:40]}"'
    yield from _children(element, rule)


def _children(element: Element, rule: Rule) -> Iterator[tuple[str, str]]:
    order = {name: place for place, name in enumerate(rule.children)}
    last, seen = -1, Counter(child.tag for child in element)
    disordered = False
    for child in element:
        place = order.get(child.tag)
        if place is None:
            continue
        disordered = disordered or (place < last and element.tag != "Sources")
        last = max(last, place)
    for name, times in seen.items():
        if name in order:
            most = rule.children[name]
            if most is not None and times > most:
                yield "twice", name
        elif not name.startswith("{"):
            yield "unknown", name
    if disordered:
        yield "order", element.tag


def _fits(value: str, kind: str) -> bool:
    pattern = _TYPES.get(kind)
    return pattern is None or pattern.fullmatch(value.strip()) is not None


def in_order(element: Element) -> None:
    """Put an element's children in the order of the standard; unknown ones go last."""
    rule = RULES.get(element.tag)
    if rule is None or element.tag == "Sources":
        return
    order = {name: place for place, name in enumerate(rule.children)}
    element[:] = sorted(element, key=lambda child: order.get(child.tag, len(order)))
