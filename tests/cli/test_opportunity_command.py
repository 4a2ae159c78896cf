"""`embauche opportunity` on fictional ratings: table, folder, JSON, what it refuses."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result

from embauche.cli.main import main
from embauche.errors import ConfigError
from embauche.study.config import parse_config


def _run(*words: str, lang: str = "en") -> Result:
    return CliRunner().invoke(main, ["opportunity", *words], env={"EMBAUCHE_LANG": lang})


def _json(*words: str) -> Any:
    result = _run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return 240 fictional answers: b matters most and is served least; groups x and y differ."""
    rng = np.random.default_rng(3)
    shares = {"imp_a": 0.6, "imp_b": 0.9, "imp_c": 0.3, "sat_a": 0.6, "sat_b": 0.2, "sat_c": 0.8}
    columns: dict[str, list[Any]] = {
        name: np.where(rng.random(240) < share, 5, 2).tolist() for name, share in shares.items()
    }
    columns["who"] = ["x"] * 150 + ["y"] * 90
    columns["w"] = [1.0, 3.0] * 120
    path = tmp_path / "survey.csv"
    pl.DataFrame(columns).write_csv(path)
    return path


_PAIRS = ("--importance", "imp_a,imp_b,imp_c", "--satisfaction", "sat_*")


def test_a_table_with_named_columns(table: Path) -> None:
    found = _json(str(table), *_PAIRS, "--top", "1", "--draws", "300")
    best = found["opportunities"][0]
    assert best["importance_column"] == "imp_b"
    assert (best["satisfaction_column"], best["zone"]) == ("sat_b", "extreme")
    assert (best["top"], best["p_top"]) == (1, 1.0)
    assert best["low"] < best["score"] < best["high"]
    assert found["rankings"][0]["kept"] == [best["outcome"]]
    assert {item["segment"] for item in found["opportunities"]} == {None}


def test_groups_and_weights(table: Path) -> None:
    words = (str(table), *_PAIRS, "--segment", "who", "--draws", "300")
    found = _json(*words, "--weight", "w")
    assert [row["segment"] for row in found["opportunities"]] == [None] * 3 + ["x"] * 3 + ["y"] * 3
    everyone = found["opportunities"][0]
    assert everyone["n_effective"] == pytest.approx(240 * 4 / 5)
    assert _json(*words, "--weight", "")["weight"] is None


def test_the_same_seed_prints_the_same(table: Path) -> None:
    words = (str(table), *_PAIRS, "--draws", "300", "--seed", "4")
    assert _json(*words) == _json(*words)
    assert _json(*words) != _json(*words[:-1], "5")


def test_the_table_in_french(table: Path) -> None:
    result = _run(str(table), *_PAIRS, "--draws", "300", lang="fr")
    assert result.exit_code == 0
    assert "Tout le monde · n\u00a0=\u00a0240" in result.stdout
    assert "parmi 3" in result.stdout
    assert "τ de Kendall" in result.stdout


def test_a_folder_takes_its_own_columns(table: Path) -> None:
    (table.parent / "study.toml").write_text(
        '[survey]\nimportance = ["imp_*"]\nsatisfaction = ["sat_*"]\ntop = 2\n', encoding="utf-8"
    )
    found = _json(str(table.parent), "--everyone", "--draws", "300")
    assert found["file"] == "survey.csv"
    assert found["opportunities"][0]["top"] == 2
    assert [row["segment"] for row in found["opportunities"]] == [None] * 3


def test_what_is_refused_says_why(table: Path, tmp_path: Path) -> None:
    assert _run(str(table), "--importance", "imp_*").exit_code == 2
    assert _run(str(tmp_path / "none.csv")).exit_code == 2
    wrong = _run(str(table), "--importance", "imp_z", "--satisfaction", "sat_a")
    assert wrong.exit_code == 1
    assert "imp_z" in wrong.stderr
    other = _run(str(table), *_PAIRS, "--segment", "nobody")
    assert other.exit_code == 1
    assert "nobody" in other.stderr
    plain = tmp_path / "plain.csv"
    pl.DataFrame({"age": [31, 42, 27], "city": ["Lyon", "Lille", "Brest"]}).write_csv(plain)
    none = _run(str(plain))
    assert none.exit_code == 1
    assert "--importance" in none.stderr


def test_a_top_that_is_no_number_of_outcomes_names_its_line() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config("[survey]\ntop = 2.5\n", Path())
    assert caught.value.params["line"] == 2
    assert parse_config("[survey]\ntop = 5\n", Path()).survey.top == 5
