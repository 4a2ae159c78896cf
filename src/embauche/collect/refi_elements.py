"""What an element of REFI-QDA holds, in the form in which our records keep it."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

from embauche.collect.refi_model import Kept


def target_of(element: Element) -> str:
    """Return the GUID that an element refers to."""
    return element.get("targetGUID") or element.get("guid") or ""


def description_of(element: Element) -> str | None:
    """Return an element's description; ``None`` where it has none."""
    found = element.find("Description")
    return None if found is None else found.text or ""


def attributes_of(element: Element, own: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the attributes that have no field of their own."""
    return tuple(sorted((key, value) for key, value in element.items() if key not in own))


def kept_of(element: Element, own: Iterable[str], children: Iterable[str] = ()) -> Kept:
    """Return what an element holds besides its own attributes and children."""
    held = tuple(xml_of(child) for child in element if child.tag not in children)
    return Kept(attributes_of(element, own), held)


def xml_of(element: Element) -> str:
    """Return an element as XML, without what follows it."""
    tail, element.tail = element.tail, None
    try:
        # A carriage return would be read back as a line feed.
        return tostring(element, encoding="unicode").replace("\r", "&#13;")
    finally:
        element.tail = tail
