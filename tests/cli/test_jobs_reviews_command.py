"""`embauche jobs reviews`: groups of reviews in words, as JSON and as a file."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from embauche.cli.main import main

_TEXTS = (
    "Great app. But Bluetooth drops every hour.",
    "La connexion Bluetooth se coupe sans cesse, dommage.",
    "I must type my password again every morning.",
    "Il faut retaper le mot de passe tous les matins.",
    "Bluetooth connection lost as soon as I close the app.",
    "=cmd is what the password field shows each morning.",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "avis.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["stars", "review"], *([3, text] for text in _TEXTS)])
    return path


def _run(*words: str, language: str = "en") -> Result:
    return CliRunner().invoke(main, ["jobs", "reviews", *words], env={"EMBAUCHE_LANG": language})


def test_groups_name_every_row_once(file: Path) -> None:
    result = _run(str(file), "--json")
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert data["texts"] == len(_TEXTS)
    assert sorted(row for group in data["groups"] for row in group["rows"]) == list(range(2, 8))
    for group in data["groups"]:
        assert group["texts"] == len(group["rows"])
        assert group["typical"]["row"] in group["rows"]
        assert group["typical"]["text"] == _TEXTS[group["typical"]["row"] - 2]


def test_the_file_holds_each_text_with_its_group_and_no_formula(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "groups.csv"
    groups = json.loads(_run(str(file), "--json", "--out", str(out)).stdout)["groups"]
    with out.open(encoding="utf-8", newline="") as written:
        rows = list(csv.DictReader(written))
    assert [int(row["row"]) for row in rows] == list(range(2, 8))
    held = {row: group["group"] for group in groups for row in group["rows"]}
    assert {int(row["row"]): int(row["group"]) for row in rows} == held
    assert not rows[-1]["text"].startswith("=")


def test_it_is_said_in_both_languages(file: Path) -> None:
    assert "like no other" in _run(str(file)).stdout
    assert "sans pareil" in _run(str(file), language="fr").stdout


def test_a_column_that_is_not_there_is_named(file: Path) -> None:
    result = _run(str(file), "--text", "reviews")
    assert result.exit_code == 1
    assert "reviews" in result.stderr
    assert '"review"' in result.stderr


def test_nothing_is_written_where_nothing_can_be(file: Path, tmp_path: Path) -> None:
    result = _run(str(file), "--out", str(tmp_path / "missing" / "groups.csv"))
    assert result.exit_code == 1
    assert "missing" in result.stderr
