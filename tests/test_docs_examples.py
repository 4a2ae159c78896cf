"""The examples of the documentation run as they stand, in an empty folder."""

import re
import sys
from pathlib import Path

import pytest

_PAGE = Path(__file__).resolve().parents[1] / "docs" / "how-to" / "use-from-a-notebook.md"
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_blocks_of_the_notebook_page_run_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _PAGE.read_text(encoding="utf-8")
    blocks = list(_BLOCK.finditer(page))
    assert len(blocks) == page.count("```python")
    monkeypatch.chdir(tmp_path)
    # Dataclasses and pickles look their module up by name.
    names: dict[str, object] = {"__name__": "notebook_page"}
    monkeypatch.setitem(sys.modules, "notebook_page", type(sys)("notebook_page"))
    for block in blocks:
        # Empty lines in front make a failure name the line of the page.
        lines_before = page[: block.start(1)].count("\n")
        code = compile("\n" * lines_before + block[1], str(_PAGE), "exec")
        exec(code, names)  # noqa: S102 - our own page, and what is to be tested
    assert (tmp_path / "out" / "results.json").is_file()
