"""`embauche compare` on a fictional survey: verdict, JSON, folder, what it refuses."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result

from embauche.cli.main import main


def _run(*words: str, lang: str = "en") -> Result:
    return CliRunner().invoke(main, ["compare", *words], env={"EMBAUCHE_LANG": lang})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a study of 200 fictional answers: two kinds of people buy or do not, age says nothing."""
    rng = np.random.default_rng(8)
    kind = rng.integers(0, 2, 200)
    shares = np.where(kind[:, None] == 0, [0.9, 0.1] * 3, [0.1, 0.9] * 3)
    needs = (rng.random((200, 6)) < shares).astype(int)
    frame = pl.DataFrame(
        {f"need_{j}": needs[:, j] for j in range(6)}
        | {"age": rng.integers(18, 75, 200), "gender": rng.choice(["f", "m"], 200)}
        | {"buys": (rng.random(200) < np.where(kind == 0, 0.1, 0.9)).astype(int)}
    )
    frame.write_csv(tmp_path / "survey.csv")
    (tmp_path / "study.toml").write_text(
        '[study]\ntitle = "Fictional"\nlanguage = "en"\n[survey]\nfile = "survey.csv"\n'
        'needs = ["need_*"]\ndemographics = ["age", "gender"]\noutcome = "buys"\n',
        encoding="utf-8",
    )
    return tmp_path


def test_jobs_win_in_a_sentence_and_a_table(folder: Path) -> None:
    result = _run(str(folder), "--segments", "2")
    assert result.exit_code == 0, result.output
    head, under, *rows = result.stdout.splitlines()
    assert "buys" in head
    assert "n\u00a0=\u00a0200" in under
    assert len(rows) == 8  # six sets of predictors and two differences
    assert "same survey" in result.stderr


def test_french_limits_are_not_parted_by_the_comma_of_decimals(folder: Path) -> None:
    shown = _run(str(folder), "--segments", "2", lang="fr").stdout
    assert re.search(r"\[0,\d{3}\u202f; 0,\d{3}\]", shown)


def test_json_holds_the_figures_and_observed_outcomes_are_no_association(folder: Path) -> None:
    words = (str(folder), "--segments", "2", "--json")
    made: dict[str, Any] = json.loads(_run(*words).stdout)
    assert (made["verdict"], made["k"], made["n"], made["metric"]) == ("jobs better", 2, 200, "auc")
    assert 0 < made["low"] < made["difference"] < made["high"]
    assert "comparison.association" in [one["code"] for one in made["warnings"]]
    assert json.loads(_run(*words).stdout) == made
    apart = json.loads(_run(*words, "--observed", lang="fr").stdout)
    assert apart["low"] == made["low"]
    assert apart["sentence"] != made["sentence"]
    assert "comparison.association" not in [one["code"] for one in apart["warnings"]]


def test_a_table_and_columns_by_name(folder: Path) -> None:
    table = str(folder / "survey.csv")
    words = ("--outcome", "gender", "--demographics", "age", "--segments", "2", "--json")
    made = json.loads(_run(table, *words).stdout)
    assert made["outcome"] == "gender"
    assert made["verdict"] == "no difference shown"


def test_what_is_missing_is_named(folder: Path) -> None:
    gone = _run(str(folder), "--outcome", "sells", "--segments", "2")
    assert gone.exit_code != 0
    assert "sells" in gone.stderr
    assert "survey.csv" in gone.stderr
    other = _run(str(folder), "--demographics", "age,town", "--segments", "2")
    assert other.exit_code != 0
    assert "town" in other.stderr
    few = pl.read_csv(folder / "survey.csv").head(40)
    few.write_csv(folder / "survey.csv")
    refused = _run(str(folder), "--segments", "2")
    assert refused.exit_code == 1
    assert "40" in refused.stderr
    assert refused.stdout == ""
