"""`embauche segment` on fictional answers: the three routes, JSON, what it refuses."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result

from embauche.cli.main import main


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


def test_a_route_without_its_data_is_refused(table: Path) -> None:
    assert _run(str(table), "--route", "hierarchical").exit_code == 1
    refused = _run(str(table), "--route", "k-means", "--quiet")
    assert refused.exit_code == 1
    assert "importance" in refused.stderr
    assert _run(str(table), "--route", "spectral").exit_code == 2
