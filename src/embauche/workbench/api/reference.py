"""The reference of the API, made from its own description: for the page, and for the docs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from embauche.vocabulary import Language
from embauche.workbench.api import PREFIX
from embauche.workbench.api.application import ROOMS, description


@dataclass(frozen=True, slots=True)
class Value:
    """A value that an operation takes or gives.

    Attributes
    ----------
    name, place
        Its name, and where it stands: ``path``, ``query``, ``body`` or ``answer``.
    kind
        What it is: ``text``, ``whole number``…, as JSON Schema says it.
    needed
        Whether the operation cannot do without it.
    about
        What its name does not tell.
    """

    name: str
    place: str
    kind: str
    needed: bool
    about: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation."""

    name: str
    method: str
    path: str
    summary: str
    scope: str
    versioned: bool
    values: tuple[Value, ...]
    status: str
    answer: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Operations about the same things."""

    name: str
    entries: tuple[Entry, ...]


@cache
def chapters(language: Language | str = Language.EN) -> tuple[Chapter, ...]:
    """Return all operations, in the order of the reference."""
    made = description(language)
    found: dict[str, list[Entry]] = {}
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            entry = _entry(made, path, method, operation)
            found.setdefault(operation["tags"][0], []).append(entry)
    order = sorted(found, key=_place)
    return tuple(Chapter(name, tuple(found[name])) for name in order)


def _place(tag: str) -> int:
    from importlib import import_module

    tags = [import_module(f"embauche.workbench.api.{room}").TAG for room in ROOMS]
    return tags.index(tag)


def _entry(made: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Entry:
    values = [
        Value(
            item["name"],
            item["in"],
            _kind(made, item["schema"]).removesuffix(" | null"),
            bool(item["required"]),
            str(item.get("description", "")),
        )
        for item in operation["parameters"]
    ]
    body = operation.get("requestBody", {}).get("content", {})
    for content in body.values():
        values += _fields(made, content["schema"], "body")
    status = min(operation["responses"], key=int)
    answer = operation["responses"][status].get("content", {}).get("application/json", {})
    return Entry(
        operation["operationId"],
        method.upper(),
        path.removeprefix(PREFIX),
        operation["summary"],
        operation["x-scope"],
        bool(operation.get("x-versioned")),
        tuple(values),
        status,
        tuple(_fields(made, answer["schema"], "answer")) if answer else (),
    )


def _fields(made: dict[str, Any], schema: dict[str, Any], place: str) -> list[Value]:
    found = _resolved(made, schema)
    if found.get("type") == "array":
        return _fields(made, found["items"], place)
    items = found.get("properties", {})
    if "items" in items and "total" in items:  # a part of a list: what its rows hold
        return _fields(made, _resolved(made, items["items"])["items"], place)
    needed = set(found.get("required", ()))
    return [
        Value(name, place, _kind(made, item), name in needed, str(item.get("description", "")))
        for name, item in items.items()
    ]


def _resolved(made: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = made["components"]["schemas"][name] if name else schema
    return found


def _kind(made: dict[str, Any], schema: dict[str, Any]) -> str:
    """Return what a value is, in JSON Schema's words; the values of a closed set."""
    several = schema.get("anyOf") or schema.get("allOf") or schema.get("oneOf")
    if several:
        kinds = [_kind(made, item) for item in several]
        return " | ".join(dict.fromkeys(kinds))
    found = _resolved(made, schema)
    if "enum" in found:
        return " | ".join(map(str, found["enum"]))
    if "const" in found:
        return str(found["const"])
    kind = str(found.get("type", "object"))
    return f"{kind} of {_kind(made, found['items'])}" if "items" in found else kind
