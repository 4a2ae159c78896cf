"""The notebooks of the documentation run from top to bottom, and show what their cells give."""

import importlib.util
import json
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[1]
_PAGES = sorted((_ROOT / "docs" / "notebooks").glob("*.ipynb"))
_SPEC = importlib.util.spec_from_file_location("notebooks", _ROOT / "tools" / "notebooks.py")
assert _SPEC is not None
assert _SPEC.loader is not None
notebooks = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(notebooks)


@pytest.mark.parametrize("path", _PAGES, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_outputs_are_kept(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    cells = 0
    for cell, outputs in notebooks.run(path):
        cells += 1
        kept = cell["outputs"]
        # Figures may differ in their last digit from one machine to another; what is shown may not.
        assert [item["output_type"] for item in kept] == [item["output_type"] for item in outputs]
        assert cell["execution_count"] == cells
    assert cells >= 5
    assert any(tmp_path.iterdir()), "it wrote outside of the temporary folder"


def test_there_are_three_notebooks_and_the_index_names_each() -> None:
    index = (_ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert len(_PAGES) == 3
    for path in _PAGES:
        assert f"notebooks/{path.name}" in index
        book = json.loads(path.read_text(encoding="utf-8"))
        assert (book["nbformat"], book["cells"][0]["cell_type"]) == (4, "markdown")
        assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])


def test_a_cell_gives_what_it_prints_and_its_last_value() -> None:
    made = notebooks.outputs_of("print('a')\nx = 2\nx + 1", {}, "cell")
    assert [item["output_type"] for item in made] == ["stream", "execute_result"]
    assert made[1]["data"]["text/plain"] == ["3"]
    with pytest.raises(ZeroDivisionError):
        notebooks.outputs_of("1 / 0", {}, "cell")
