"""`embauche import` and `embauche export` as a user meets them, on fictional projects."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from embauche.cli.main import main
from embauche.collect import refi
from fictional_refi import PROGRAMS, TAGUETTE, write_project


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a fictional project of NVivo."""
    return write_project(tmp_path / "projet.qdpx", PROGRAMS["nvivo-windows"])


def test_a_project_comes_in_and_goes_out(project: Path, tmp_path: Path) -> None:
    brought = _run("import", project, tmp_path / "étude", "--lang", "en")
    assert brought.exit_code == 0, brought.output
    assert "4 sources, 8 codes, 13 selections by Camille and Sacha" in brought.output
    assert "counted in UTF-16 units" in brought.output
    assert "frustration → frustration" in brought.output
    out = _run("export", tmp_path / "étude", tmp_path / "retour.qdpx", "--lang", "fr")
    assert out.exit_code == 0, out.output
    assert "13\u00a0codages" in out.output or "13 codages" in out.output
    assert len(refi.read_project(tmp_path / "retour.qdpx").sources) == 4


def test_json_says_what_came_and_went(project: Path, tmp_path: Path) -> None:
    brought = _run("import", project, tmp_path / "s", "--json", "--facet", "À relire=context")
    said = json.loads(brought.stdout)
    assert (said["evidence"], said["kept"]) == (13, 0)
    assert said["facets"]["À relire"] == "context"
    out = _run("export", tmp_path / "s", tmp_path / "b.qdc", "--json", "--lang", "en")
    assert json.loads(out.stdout)["codes"] == 8
    assert len(refi.read_codebook(tmp_path / "b.qdc").codes) == 8


def test_format_and_positions_are_options(project: Path, tmp_path: Path) -> None:
    _run("import", project, tmp_path / "s", "--quiet")
    target = tmp_path / "sans-suffixe"
    out = _run(
        "export", tmp_path / "s", target, "--format", "qdpx", "--positions", "nvivo", "--quiet"
    )
    assert (out.exit_code, out.output) == (0, "")
    assert refi.read_project(target).origin.endswith("for NVivo")


def test_a_codebook_is_put_into_a_folder(tmp_path: Path) -> None:
    (tmp_path / "t.qdc").write_text(TAGUETTE, encoding="utf-8")
    said = _run("import", tmp_path / "t.qdc", tmp_path / "s", "--lang", "fr")
    assert said.exit_code == 0
    assert "Grille de 2 codes" in said.output
    again = _run("import", tmp_path / "t.qdc", tmp_path / "s", "--lang", "en", "--quiet")
    assert (again.exit_code, again.output.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["absent.qdpx", "s"], "absent.qdpx"),
        (["projet.qdpx", "s", "--facet", "À relire=fear"], "anxiety"),
        (["projet.qdpx", "s", "--facet", "A relir=context"], "À relire"),
        (["notes.docx", "s"], ".qdpx"),
    ],
)
def test_mistakes_are_one_clear_line(
    project: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(project.parent)
    for language in ("fr", "en"):
        said = _run("import", *arguments, "--quiet", "--lang", language)
        assert said.exit_code == 1
        assert words in said.output
        assert said.output.count("\n") == 1
        assert not (project.parent / "s").exists()


def test_a_damaged_project_leaves_nothing_behind(project: Path, tmp_path: Path) -> None:
    project.write_bytes(project.read_bytes()[:-500])
    said = _run("import", project, tmp_path / "s", "--lang", "fr", "--quiet")
    assert said.exit_code == 1
    assert "archive complète" in said.output
    assert [path.name for path in tmp_path.iterdir()] == ["projet.qdpx"]


def test_strict_refuses_what_departs_from_the_standard(project: Path, tmp_path: Path) -> None:
    book = TAGUETTE.replace('isCodable="true"', "", 1)
    (tmp_path / "t.qdc").write_text(book, encoding="utf-8")
    assert _run("import", tmp_path / "t.qdc", tmp_path / "s", "--strict").exit_code == 1
    assert _run("import", tmp_path / "t.qdc", tmp_path / "s").exit_code == 0
    assert _run("import", project, tmp_path / "p", "--strict").exit_code == 0


def test_a_study_folder_of_proposals_is_exported_under_the_machine_s_name(
    project: Path, tmp_path: Path
) -> None:
    _run("import", project, tmp_path / "s", "--quiet")
    (tmp_path / "s" / "coding.jsonl").unlink()
    plain = _run("export", tmp_path / "s", tmp_path / "a.qdpx", "--quiet")
    full = _run("export", tmp_path / "s", tmp_path / "b.qdpx", "--proposals", "--quiet")
    assert (plain.exit_code, full.exit_code) == (0, 0), full.output
    people = {user.name for user in refi.read_project(tmp_path / "a.qdpx").users}
    everyone = {user.name for user in refi.read_project(tmp_path / "b.qdpx").users}
    assert people == {"Camille", "Sacha"}
    assert any(name.startswith("machine:") for name in everyone - people)
