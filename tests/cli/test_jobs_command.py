"""`embauche jobs`: list, operate, undo, redo, history, lint, diff, on fictional interviews."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from embauche.cli.main import main
from embauche.vocabulary import GOAL_FACETS

_DEMO = Path(__file__).resolve().parents[2] / "examples" / "notes" / "fr" / "interviews"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return six fictional interviews, mapped once so that the cache is warm."""
    folder = tmp_path_factory.mktemp("jobs") / "notes"
    folder.mkdir()
    for path in sorted(_DEMO.iterdir())[:6]:
        shutil.copyfile(path, folder / path.name)
    assert _run("jobs", str(folder), "--quiet").exit_code == 0
    return folder


@pytest.fixture
def folder(source: Path, tmp_path: Path) -> Path:
    """Return a copy of its own for each test."""
    return Path(shutil.copytree(source, tmp_path / "notes"))


def _run(*words: str) -> Result:
    return CliRunner().invoke(main, [*words], env={"EMBAUCHE_LANG": "en"})


def _json(*words: str) -> Any:
    result = _run(
        *words, "--json", *(["--quiet"] if words[1] not in {"undo", "redo", "history"} else [])
    )
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_list_is_the_bare_form(folder: Path) -> None:
    data = _json("jobs", str(folder))
    job = data["jobs"][0]
    assert job["id"].startswith("J-")
    assert job["participants"] <= job["of"] == 6
    assert sum(job["evidence"].values()) > 0
    assert job["nearest"][0]["job"] != job["id"]
    text = _run("jobs", str(folder), "--quiet").stdout
    assert all(item["id"] in text and item["statement"] in text for item in data["jobs"])
    assert (folder / ".embauche-cache" / ".gitignore").read_text() == "*\n"


def test_a_threshold_slides(folder: Path) -> None:
    rows = _json("jobs", "thresholds", str(folder))["thresholds"]
    assert [row["threshold"] for row in rows] == sorted(row["threshold"] for row in rows)
    assert len({row["jobs"] for row in rows}) > 1
    assert all(-1 <= row["stability"] <= 1 for row in rows)
    assert _json("jobs", str(folder), "--threshold", ".7")["threshold"] == 0.7
    chosen = next(row for row in rows if row["threshold"] == 0.7)
    assert len(_json("jobs", str(folder), "--threshold", ".7")["jobs"]) == chosen["jobs"]
    assert _run("jobs", str(folder), "--threshold", "9").exit_code == 2


def test_operations_are_done_undone_and_done_again(folder: Path) -> None:
    before = _json("jobs", str(folder))["jobs"]
    one, two = before[0]["id"], before[1]["id"]
    made = _json("jobs", "merge", str(folder), one, two, "--coder", "lea")
    assert made["into"] in {one, two}
    assert made["coder"] == "person:lea"
    after = _json("jobs", str(folder))["jobs"]
    assert len(after) == len(before) - 1
    gone = ({one, two} - {made["into"]}).pop()
    assert gone not in {job["id"] for job in after}
    shown = _json("jobs", "show", str(folder), gone)
    assert shown["id"] == made["into"], "a merged job is found by its old id"
    goal = next(shown["cells"][facet] for facet in GOAL_FACETS if facet in shown["cells"])[0]
    assert -1 <= goal["similarity"] <= 1
    _json("jobs", "move", str(folder), goal["id"], "none")
    assert goal["id"] in _json("jobs", str(folder))["unassigned"]
    _json("jobs", "undo", str(folder))
    _json("jobs", "undo", str(folder))
    assert _json("jobs", str(folder))["jobs"] == before
    _json("jobs", "redo", str(folder))
    assert _json("jobs", str(folder))["jobs"] == after
    history = _json("jobs", "history", str(folder))
    assert [(item["op"], item["stands"]) for item in history] == [("merge", True), ("move", False)]
    lines = (folder / "coding.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["op"] for line in lines] == ["merge", "move", "undo", "undo", "redo"]


def test_split_rename_and_lint(folder: Path) -> None:
    job = _json("jobs", str(folder))["jobs"][0]
    shown = _json("jobs", "show", str(folder), job["id"])
    goals = [
        item["id"]
        for facet, items in shown["cells"].items()
        if facet in GOAL_FACETS
        for item in items
    ]
    made = _json("jobs", "split", str(folder), job["id"], "--evidence", goals[0])
    (part,) = made["parts"]
    words = "Find my notes with an app"
    _json("jobs", "rename", str(folder), part, words, "--lang", "en")
    _json("jobs", "retype", str(folder), part, "functional")
    listed = {item["id"]: item for item in _json("jobs", str(folder))["jobs"]}
    assert listed[part]["statements"]["en"] == words
    assert not listed[part]["statement_is_proposal"]
    faults = _json("jobs", "lint", str(folder))["faults"]
    (fault,) = [item for item in faults if item["job"] == part and item["language"] == "en"]
    assert fault["code"] == "jobs.lint.solution"
    assert "solution" in fault["message"]
    assert fault["mend"] == "Find my notes"
    _json("jobs", "parent", str(folder), part, job["id"])
    assert {item["id"]: item["parent"] for item in _json("jobs", str(folder))["jobs"]}[part] == job[
        "id"
    ]
    _json("jobs", "delete", str(folder), part)
    assert part not in {item["id"] for item in _json("jobs", str(folder))["jobs"]}
    _json("jobs", "undelete", str(folder), part)
    assert part in {item["id"] for item in _json("jobs", str(folder))["jobs"]}


def test_a_run_tells_what_changed_and_the_diff_says_how(folder: Path, tmp_path: Path) -> None:
    assert _run("run", str(folder), "--quiet", "--out", str(tmp_path / "old")).exit_code == 0
    old = tmp_path / "old" / "results.json"
    same = _json("jobs", "diff", str(folder), str(old))
    assert {item["change"] for item in same["changes"]} == {"same"}
    assert "Nothing has changed" in _run("jobs", "diff", str(folder), str(old), "--quiet").stdout
    one, two = (job["id"] for job in json.loads(old.read_text(encoding="utf-8"))["jobs"][:2])
    _json("jobs", "merge", str(folder), one, two)
    for before in (old, folder / "jobs-state.json"):
        changes = _json("jobs", "diff", str(folder), str(before))["changes"]
        assert [item["change"] for item in changes].count("merged") == 1
    result = _run("run", str(folder), "--out", str(tmp_path / "new"))
    assert "Since the last run" in result.stderr
    again = _run("run", str(folder), "--out", str(tmp_path / "new"))
    assert "Since the last run" not in again.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["merge", "F", "J-nothing", "J-none"], "There is no job"),
        (["move", "F", "nothing", "none"], "There is no evidence"),
        (["undo", "F"], "nothing to undo"),
        (["redo", "F"], "nothing to redo"),
        (["undelete", "F", "J-x"], "No job"),
        (["diff", "F", "F/coding.jsonl"], "not a results.json"),
    ],
)
def test_what_cannot_be_done_is_one_line(folder: Path, words: list[str], said: str) -> None:
    result = _run(
        "jobs", *(word.replace("F", str(folder), 1) if word[0] == "F" else word for word in words)
    )
    assert result.exit_code == 1
    assert said in result.stderr
    assert not (folder / "coding.jsonl").exists()
