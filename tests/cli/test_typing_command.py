"""`embauche typing` on a fictional survey: the form, its three exports, what it refuses."""

import json
import sqlite3
from pathlib import Path

import jsonschema
import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result

from embauche.cli.main import main
from embauche.segment.typing_tool import TypingTool

_SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "typing.schema.json"


def _run(*words: str, lang: str = "en") -> Result:
    return CliRunner().invoke(main, ["typing", *words], env={"EMBAUCHE_LANG": lang})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a study of 160 fictional answers of two kinds of people; two needs tell nothing."""
    made = tmp_path_factory.mktemp("study")
    rng = np.random.default_rng(8)
    kind = rng.integers(0, 2, 160)
    shares = np.where(kind[:, None] == 0, [0.95, 0.05, 0.9, 0.1, 0.5], [0.05, 0.95, 0.1, 0.9, 0.5])
    needs = (rng.random((160, 5)) < shares).astype(int)
    pl.DataFrame({f"need_{j}": needs[:, j] for j in range(5)}).write_csv(made / "survey.csv")
    (made / "study.toml").write_text(
        '[study]\ntitle = "Fictional"\nlanguage = "en"\n[survey]\nfile = "survey.csv"\n'
        'needs = ["need_*"]\n',
        encoding="utf-8",
    )
    return made


@pytest.fixture(scope="module")
def stored(folder: Path) -> Path:
    """Return the tool, written as JSON."""
    path = folder / "tool.json"
    result = _run(str(folder), "--accuracy", "0.8", "--export", "json", "--output", str(path))
    assert result.exit_code == 0, result.output
    assert "tool.json" in result.stderr
    assert "not seen before" in result.stdout
    return path


def test_json_is_complete_and_valid(stored: Path) -> None:
    data = json.loads(stored.read_text("utf-8"))
    names = data.pop("segment_names")
    jsonschema.validate(data, json.loads(_SCHEMA.read_text("utf-8")))
    tool = TypingTool.from_dict(data)
    assert set(names) == set(tool.segments)
    assert tool.reached
    assert "need_4" not in {question.need for question in tool.questions}
    assert json.loads(_run(str(stored), "--json").stdout)["segment_names"] == names


def test_sql_runs_on_the_table_it_names(stored: Path, folder: Path) -> None:
    written = _run(str(stored), "--export", "sql", "--table", "people", "--quiet").stdout
    frame = pl.read_csv(folder / "survey.csv")
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE people ({', '.join(frame.columns)})")
    base.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?)", frame.rows())
    found = base.execute(written)
    at = [column[0] for column in found.description].index("embauche_segment")
    tool = TypingTool.from_dict(json.loads(stored.read_text("utf-8")))
    assert [row[at] for row in found] == tool.predict(frame)
    base.close()


def test_quiet_leaves_out_notices_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    asked = str(folder), "--accuracy", "0.99"
    loud, quiet = _run(*asked), _run(*asked, "--quiet")
    assert quiet.exit_code == 0
    assert quiet.stdout == loud.stdout
    assert "not seen before" in quiet.stdout
    assert loud.stderr
    assert not quiet.stderr
    path = tmp_path / "tool.sql"
    written = _run(*asked, "--export", "sql", "--output", str(path), "--quiet")
    assert written.stderr.splitlines() == [f"Written: {path}"]
    assert path.read_text("utf-8").startswith("WITH")


def test_the_sheet_has_both_languages(stored: Path, tmp_path: Path) -> None:
    path = tmp_path / "form.html"
    result = _run(str(stored), "--export", "html", "--output", str(path), lang="fr")
    assert result.exit_code == 0, result.output
    page = path.read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert page.index('<section lang="fr">') < page.index('<section lang="en">')
    assert "jamais vues" in result.stdout


def test_what_is_no_tool_and_no_survey_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"type": "something"}', encoding="utf-8")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    for name in ("other.json", "broken.json"):
        result = _run(str(tmp_path / name))
        assert result.exit_code != 0
        assert len(result.stderr.strip().splitlines()) <= 2
        assert "Traceback" not in result.stderr
    empty = tmp_path / "empty"
    empty.mkdir()
    assert _run(str(empty)).exit_code != 0
    assert _run(str(tmp_path / "other.json"), "--accuracy", "90").exit_code == 2
