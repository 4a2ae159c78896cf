"""Statements grouped by aim, written for this project: what the map of aims is learned from.

Files hold lines ``@|product|kind|about``, ``#|group``, and ``fr|statement`` or ``en|statement``.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from embauche.errors import EvidenceError
from embauche.vocabulary import Language

KINDS: Final = ("goals", "requests", "problems")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement and the aim that it shares with others.

    Attributes
    ----------
    product
        What it is about; a split never divides a product.
    kind
        ``goals`` (said in interviews), ``requests`` or ``problems`` (of reviews).
    group
        The aim, unique over all products.
    language, text
        Its words.
    """

    product: str
    kind: str
    group: str
    language: Language
    text: str


def training_statements() -> tuple[Statement, ...]:
    """Read every file of the package, in the order of their names.

    Raises
    ------
    EvidenceError
        If a line is none of the format's; the error names file and line.
    """
    folder = files("embauche.jobs") / "training"
    found: list[Statement] = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".txt"):
            found += parse_statements(entry.name, entry.read_text("utf-8"))
    return tuple(found)


def parse_statements(name: str, text: str) -> list[Statement]:
    """Parse one file; see `training_statements`."""
    product = kind = group = ""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        mark, *rest = line.split("|")
        if not line.strip():
            continue
        if mark == "@" and len(rest) == 3 and rest[1] in KINDS:
            product, kind, group = f"{name}:{rest[0]}", rest[1], ""
        elif mark == "#" and len(rest) == 1 and product:
            group = f"{product}#{rest[0]}"
        elif mark in set(Language) and len(rest) == 1 and rest[0].strip() and group:
            found.append(Statement(product, kind, group, Language(mark), rest[0]))
        else:
            raise EvidenceError("identify.training_row", file=name, row=number)
    return found
