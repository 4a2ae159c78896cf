"""`embauche segment` on fictional answers: the three routes, JSON, what it refuses."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result

from embauche.cli.main import main

_PROGRAM = "from embauche.cli.main import main; main()"


def _run(*words: str) -> Result:
    return CliRunner().invoke(main, ["segment", *words], env={"EMBAUCHE_LANG": "en"})


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return 160 fictional yes/no answers of two groups."""
    rng = np.random.default_rng(0)
    group = rng.integers(0, 2, 160)
    theta = np.array([[0.9] * 3 + [0.1] * 3, [0.1] * 3 + [0.9] * 3])
    answers = (rng.random((160, 6)) < theta[group]).astype(int)
    path = tmp_path / "survey.csv"
    pl.DataFrame({f"need_{j}": answers[:, j] for j in range(6)}).write_csv(path)
    return path


def test_latent_classes_as_json_and_as_text(table: Path) -> None:
    words = (str(table), "--k-max", "2", "--bootstrap", "3")
    made = _run(*words, "--json")
    assert made.exit_code == 0, made.output
    found = json.loads(made.stdout)
    assert (found["route"], found["k"]) == ("latent-class", 2)
    assert len(found["assignments"]) == 160
    assert found["criteria"][1]["ratio_p"] <= 0.05
    assert found["segments"][0]["name_is_proposal"]
    assert {"code", "message", "severity"} == set(found["reasons"][0])
    text = _run(*words, "--quiet")
    assert "SLSw" in text.stdout
    assert "→ 2" in text.stdout
    assert list(table.parent.iterdir()) == [table]


@pytest.fixture
def rated(tmp_path: Path) -> Path:
    """Return 200 fictional respondents: importance and satisfaction, place, age."""
    rng = np.random.default_rng(1)
    group = rng.integers(0, 2, 200)
    means = np.array([[4.6, 4.6, 2, 2], [2, 2, 4.6, 4.6]])[group]
    importance = np.clip(np.round(means + rng.normal(0, 0.6, (200, 4))), 1, 5).astype(int)
    satisfaction = np.clip(np.round(rng.normal(2.5, 0.6, (200, 4))), 1, 5).astype(int)
    path = tmp_path / "survey.csv"
    pl.DataFrame(
        {
            **{f"imp_{j}": importance[:, j] for j in range(4)},
            **{f"sat_{j}": satisfaction[:, j] for j in range(4)},
            "place": np.where(rng.random(200) < 0.2 + 0.6 * group, "site", "office"),
            "age": np.where(group == 1, 55, 35) + rng.integers(-9, 10, 200),
        }
    ).write_csv(path)
    (tmp_path / "study.toml").write_text(
        '[survey]\nfile = "survey.csv"\nneeds = ["imp_*"]\nimportance = ["imp_*"]\n'
        'satisfaction = ["sat_*"]\nsituation = ["place"]\ndemographics = ["age"]\n',
        encoding="utf-8",
    )
    return tmp_path


@pytest.mark.parametrize("route", ["latent-class", "k-means"])
def test_every_route_tells_markers_personas_and_people(rated: Path, route: str) -> None:
    words = (str(rated), "--route", route, "--k-max", "2", "--bootstrap", "3")
    found = json.loads(_run(*words, "--json").stdout)
    site = next(
        item
        for item in found["segments"]
        for one in item["personas"]
        if one["traits"]["place"] == "site"
    )
    assert site["personas"][0]["n"] >= 15
    assert site["personas"][0]["low"] < site["personas"][0]["share"]
    age = next(item for item in site["descriptions"] if item["column"] == "age")
    assert age["median"] > age["overall_median"]
    assert {"index", "low", "high", "overall"} <= set(site["profile"][0])
    said = _run(*words, "--quiet").stdout.replace("\u00a0", " ")
    assert f"{site['id']} · {site['name']} (proposed name)" in said
    assert "· index " in said
    assert "place: site" in said
    assert "age: median " in said
    french = _run(*words, "--quiet", "--lang", "fr").stdout.replace("\u00a0", " ")
    assert "place : site" in french
    assert "· indice " in french


def test_a_route_without_its_data_is_refused(table: Path) -> None:
    assert _run(str(table), "--route", "hierarchical").exit_code == 1
    refused = _run(str(table), "--route", "k-means", "--quiet")
    assert refused.exit_code == 1
    assert "importance" in refused.stderr
    assert _run(str(table), "--route", "spectral").exit_code == 2


@pytest.mark.parametrize("route", ["latent-class", "k-means"])
def test_the_dashboard_is_written_as_a_page(rated: Path, route: str) -> None:
    page = rated / "segments.html"
    words = (str(rated), "--route", route, "--k-max", "3", "--bootstrap", "3", "--quiet")
    made = _run(*words, "--page", str(page), "--lang", "fr")
    assert made.exit_code == 0, made.output
    assert str(page) in made.stderr
    written = page.read_text(encoding="utf-8")
    assert '<html lang="fr">' in written
    for chart in ("criteria", "stability", "sizes", "profile-S1", "personas"):
        assert f'id="segment-{chart}"' in written
    assert written.count('class="chart" role="img"') >= 10
    assert not re.search(r'(?:src|href)="(?!#|data:)', written)
    assert "<script" not in written


def test_a_page_in_a_folder_that_is_not_there_is_told(rated: Path) -> None:
    words = (str(rated), "--k-max", "2", "--bootstrap", "3", "--quiet")
    made = _run(*words, "--page", str(rated / "none" / "segments.html"))
    assert made.exit_code == 1
    assert "segments.html" in made.stderr
    assert "the folder exists" in made.stderr


def test_ctrl_c_ends_at_once_and_writes_nothing(rated: Path) -> None:
    page = rated / "segments.html"
    command = [sys.executable, "-c", _PROGRAM, "segment", str(rated), "--page", str(page)]
    with subprocess.Popen(
        [*command, "--bootstrap", "1000", "--lang", "en"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stderr is not None
        said = running.stderr.read(1)  # the progress bar: work has begun
        running.send_signal(signal.SIGINT)
        rest, error = running.communicate(timeout=60)
    assert said
    assert running.returncode == 130
    assert b"Traceback" not in rest + error
    assert not page.exists()


def test_answers_coded_1_and_2_are_found_and_named_by_their_code(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    group = rng.integers(0, 2, 160)
    theta = np.array([[0.9] * 3 + [0.1] * 3, [0.1] * 3 + [0.9] * 3])
    answers = 1 + (rng.random((160, 6)) < theta[group]).astype(int)
    path = tmp_path / "survey.csv"
    pl.DataFrame(
        {f"q{j}": answers[:, j] for j in range(6)} | {"sexe": rng.integers(1, 3, 160)}
    ).write_csv(path)
    made = _run(str(path), "--k-max", "3", "--bootstrap", "3", "--json")
    found = json.loads(made.stdout)
    assert found["k"] == 2
    needs = {marker["need"] for marker in found["segments"][0]["profile"]}
    assert needs == {f"q{j}" for j in range(6)}
    for segment in found["segments"]:
        first = segment["profile"][0]
        assert first["answer"] in {"1", "2"}
        assert first["value"] > first["overall"] > 0
        assert segment["name"].endswith((" = 1", " = 2"))


def test_needs_can_be_named_on_the_command_line(table: Path) -> None:
    words = (str(table), "--k-max", "2", "--bootstrap", "3", "--json")
    found = json.loads(_run(*words, "--needs", "need_0,need_1", "--needs", "need_[45]").stdout)
    needs = {marker["need"] for marker in found["segments"][0]["profile"]}
    assert needs == {"need_0", "need_1", "need_4", "need_5"}
    refused = _run(*words, "--needs", "ned_0")
    assert refused.exit_code == 1
    assert "need_0" in refused.stderr
    for command in (["typing"], ["compare"], ["relate", "--covariate", "need_3"]):
        said = CliRunner().invoke(main, [*command, str(table), "--needs", "ned_0"])
        assert "ned_0" in said.output


def test_without_needs_the_refusal_says_how_to_name_them(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    pl.DataFrame({"town": ["a", "b", "c"], "words": ["x", "y", "z"]}).write_csv(path)
    made = _run(str(path))
    assert made.exit_code == 1
    assert "--needs" in made.stderr


def test_one_segment_alone_is_everyone(table: Path) -> None:
    page = table.parent / "segments.html"
    words = (str(table), "--k-max", "1", "--bootstrap", "3", "--page", str(page))
    found = json.loads(_run(*words, "--json").stdout)
    assert [item["name"] for item in found["segments"]] == ["Everyone"]
    assert 'id="segment-sizes"' not in page.read_text(encoding="utf-8")
