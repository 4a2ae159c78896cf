"""Run the notebooks of docs/notebooks and keep their outputs: no Jupyter needed.

``python tools/notebooks.py`` runs each from top to bottom, in its own folder as Jupyter would, and
writes what its cells give back into the file. ``tests/test_docs_notebooks.py`` runs them too.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).resolve().parents[1] / "docs" / "notebooks"


def run(path: Path) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Run a notebook's cells in order, and give each code cell with its outputs."""
    book = json.loads(path.read_text(encoding="utf-8"))
    module = type(sys)(path.stem.replace("-", "_"))
    # Dataclasses and pickles look their module up by name.
    sys.modules[module.__name__] = module
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        for number, cell in enumerate(book["cells"]):
            if cell["cell_type"] == "code":
                name = f"{path.name}, cell {number + 1}"
                yield cell, outputs_of("".join(cell["source"]), module.__dict__, name)
    finally:
        os.chdir(before)
        del sys.modules[module.__name__]


def outputs_of(code: str, names: dict[str, Any], where: str) -> list[dict[str, Any]]:
    """Run one cell, and return what it printed and the value of its last line."""
    tree = ast.parse(code, where)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    value = None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, where, "exec"), names)  # noqa: S102 (our own pages)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), where, "eval"), names)  # noqa: S307
    made: list[dict[str, Any]] = []
    if text := printed.getvalue():
        made.append({"output_type": "stream", "name": "stdout", "text": _lines(text)})
    if value is not None:
        data = {"text/plain": _lines(repr(value))}
        made.append({"output_type": "execute_result", "data": data, "metadata": {}})
    return made


def refresh(path: Path) -> None:
    """Run a notebook and write its outputs into it, keys in the formatter's order."""
    book = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    for number, (cell, (_, outputs)) in enumerate(zip(code, run(path), strict=True), start=1):
        for output in outputs:
            if output["output_type"] == "execute_result":
                output["execution_count"] = number
        cell["execution_count"], cell["outputs"] = number, outputs
    path.write_text(
        json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


if __name__ == "__main__":
    for chosen in [Path(name) for name in sys.argv[1:]] or sorted(NOTEBOOKS.glob("*.ipynb")):
        refresh(chosen)
