"""Every service that a person acts through asks for their role, itself or in what it calls."""

from __future__ import annotations

import ast
from pathlib import Path

import embauche

_SERVICES = Path(embauche.__file__).parent / "workbench" / "services"
_ASKS = {"require", "hold"}
_WRITES = {"save", "create", "bulk_create", "bulk_update", "update", "delete", "get_or_create"}
_WRITES |= {"update_or_create", "change", "record", "touch", "unlink", "replace"}

NEEDS_NO_ROLE = {
    # Makes a study: whoever makes it owns it.
    "create_study", "open_copy", "open_archive", "open_demo", "open_folder", "new_study",
    # About oneself.
    "make_token", "revoke_token", "leave",
    # Takes the role that the owner gave with the link.
    "accept",
    # These only read, for a page that has asked; `update` and `replace` are of dicts and words.
    "feed", "agreement_figures", "row_of", "search", "transcript",
    # A row of one's own name; called by services that have asked.
    "coder_of", "record",
}  # fmt: skip


def _functions() -> dict[str, list[ast.FunctionDef]]:
    found: dict[str, list[ast.FunctionDef]] = {}
    for file in sorted(_SERVICES.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, []).append(node)
    return found


def _called(node: ast.FunctionDef) -> set[str]:
    names = set()
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            made = call.func
            names.add(made.id if isinstance(made, ast.Name) else getattr(made, "attr", ""))
    return names


def _reaches(
    name: str, wanted: set[str], functions: dict[str, list[ast.FunctionDef]], seen: set[str]
) -> bool:
    if name in wanted:
        return True
    if name in seen or name not in functions:
        return False
    seen.add(name)
    return any(
        _reaches(called, wanted, functions, seen)
        for node in functions[name]
        for called in _called(node)
    )


def _public_acts(functions: dict[str, list[ast.FunctionDef]]) -> list[str]:
    """Return the services that take an actor and write something."""
    return [
        name
        for name, nodes in functions.items()
        if not name.startswith("_")
        and any("actor" in {item.arg for item in _arguments(node)} for node in nodes)
        and _reaches(name, _WRITES, functions, set())
    ]


def _arguments(node: ast.FunctionDef) -> list[ast.arg]:
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def test_services_that_write_ask_for_the_actors_role() -> None:
    functions = _functions()
    acts = _public_acts(functions)
    assert len(acts) > 40
    asks_not = [
        name
        for name in acts
        if name not in NEEDS_NO_ROLE and not _reaches(name, _ASKS, functions, set())
    ]
    assert asks_not == []
