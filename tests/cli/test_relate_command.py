"""`embauche relate` on a fictional survey: the library's figures, warnings, errors, languages."""

import json
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result

from embauche.cli.main import main
from embauche.segment import LatentClassModel, distal, membership
from embauche.segment.latent_class_settings import WeightMeaning

_ASKED = ("--covariate", "age,town", "--outcome", "spent", "--outcome", "renews")
_TOWNS = ["Nantes", "Lyon", "Paris"]


def _run(*words: str, lang: str = "en") -> Result:
    return CliRunner().invoke(main, ["relate", *words], env={"EMBAUCHE_LANG": lang})


def _said(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a study of 240 fictional answers: the old form one group, which spends more."""
    path = tmp_path_factory.mktemp("fictional")
    rng = np.random.default_rng(4)
    age = rng.integers(18, 76, 240)
    kind = (rng.random(240) < 1 / (1 + np.exp(-(age - 50) / 8))).astype(int)
    shares = np.where(kind[:, None] == 0, [0.9, 0.1] * 3, [0.1, 0.9] * 3)
    needs = (rng.random((240, 6)) < shares).astype(int)
    frame = pl.DataFrame(
        {f"need_{j}": needs[:, j] for j in range(6)}
        | {"age": age, "town": rng.choice(_TOWNS, 240), "country": ["France"] * 240}
        | {"spent": np.round(rng.normal(20 + 10 * kind, 4), 1)}
        | {"renews": (rng.random(240) < 0.2 + 0.5 * kind).astype(int)}
        | {"weighing": np.round(rng.uniform(0.5, 2, 240), 2)}
    )
    frame.write_csv(path / "survey.csv")
    (path / "study.toml").write_text(
        '[study]\ntitle = "Fictional"\nlanguage = "en"\n[survey]\nfile = "survey.csv"\n'
        'needs = ["need_*"]\ndemographics = ["age", "town"]\noutcome = "renews"\n',
        encoding="utf-8",
    )
    return path


def _model(
    folder: Path, weights: WeightMeaning = "frequency"
) -> tuple[LatentClassModel, pl.DataFrame, pl.DataFrame]:
    table = pl.read_csv(folder / "survey.csv")
    needs = table.select(pl.col("^need_.*$"))
    return LatentClassModel(2, seed=0, weights=weights), needs, table


def test_figures_are_those_of_the_library(folder: Path) -> None:
    made = json.loads(_run(str(folder), *_ASKED, "--classes", "2", "--json").stdout)
    model, needs, table = _model(folder)
    model.fit(needs)
    wanted = membership(model, needs, table.select("age", "town"))
    effects = made["covariates"]["effects"]
    assert [one["term"] for one in effects] == [one.term for one in wanted.effects]
    for shown, one in zip(effects, wanted.effects, strict=True):
        assert shown["segment"] == "S2"
        assert [shown[key] for key in ("estimate", "se", "low", "high", "p")] == pytest.approx(
            [one.estimate, one.se, one.low, one.high, one.p]
        )
    for name, test in wanted.tests.items():
        assert made["covariates"]["tests"][name]["p"] == pytest.approx(test.p)
    assert made["covariates"]["tests"]["age"]["p"] < 0.001
    assert made["covariates"]["reference"] == "S1"
    spent, renews = made["outcomes"]
    for shown, column in ((spent, "spent"), (renews, "renews")):
        differing = distal(model, needs, table[column])
        assert (shown["column"], shown["kind"]) == (column, differing.kind)
        for key in ("value", "se", "low", "high"):
            figures = [getattr(value, key) for value in differing.classes]
            assert [value[key] for value in shown["classes"]] == pytest.approx(figures)
        assert shown["omnibus"]["p"] == pytest.approx(differing.omnibus.p)
    assert "membership.small_sample" in [one["code"] for one in spent["warnings"]]
    assert (made["file"], made["k"], made["verdict"]) == ("survey.csv", 2, None)


def test_without_a_number_the_segments_are_those_of_embauche_segment(folder: Path) -> None:
    chosen = json.loads(_run(str(folder), "--outcome", "spent", "--json").stdout)
    asked = json.loads(_run(str(folder), "--outcome", "spent", "--classes", "2", "--json").stdout)
    assert chosen["k"] == 2
    assert chosen["verdict"] is not None
    assert [one["id"] for one in chosen["segments"]] == ["S1", "S2"]
    for one, other in zip(
        chosen["outcomes"][0]["classes"], asked["outcomes"][0]["classes"], strict=True
    ):
        assert one["value"] == pytest.approx(other["value"], abs=1e-3)


def test_weights_count_in_every_step(folder: Path, tmp_path: Path) -> None:
    settings = (folder / "study.toml").read_text(encoding="utf-8")
    (tmp_path / "study.toml").write_text(f'{settings}weight = "weighing"\n', encoding="utf-8")
    (tmp_path / "survey.csv").write_bytes((folder / "survey.csv").read_bytes())
    words = ("--covariate", "age", "--classes", "2", "--method", "bch", "--json")
    made = json.loads(_run(str(tmp_path), *words).stdout)
    model, needs, table = _model(folder, "survey")
    weights = table["weighing"].to_numpy()
    model.fit(needs, sample_weight=weights)
    wanted = membership(model, needs, table.select("age"), method="bch", sample_weight=weights)
    assert (made["weight"], made["covariates"]["weights"]) == ("weighing", "survey")
    assert made["covariates"]["n"] == pytest.approx(wanted.n)
    slope = made["covariates"]["effects"][1]
    assert slope["estimate"] == pytest.approx(wanted.effects[1].estimate)
    assert slope["se"] == pytest.approx(wanted.effects[1].se)
    refused = _run(str(tmp_path), "--covariate", "weighing", "--classes", "2")
    assert refused.exit_code == 1
    assert "weighing" in refused.stderr


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        (
            "en",
            (
                "2 segments, as asked for",
                "Effects on membership, against S2 · ",
                "town: reference category “Paris”",
                "town = Lyon",
                "95 % interval",
                "Wald tests: the covariate has no effect",
                "Outcome “spent”: mean by segment (BCH; n = 240)",
                "share of each answer by segment",
                "S1 − S2",
                "Wald test, all segments equal: χ² = ",
                "240 respondents",
            ),
        ),
        (
            "fr",
            (
                "2 segments, comme demandé",
                "Effets sur l’appartenance, face à S2 · ",
                "town : modalité de référence « Paris »",
                "town = Lyon",
                "intervalle à 95 %",
                "Résultat « spent » : moyenne par segment (BCH ; n = 240)",
                "Test de Wald, tous les segments égaux : χ² = ",
                "240 répondants",
            ),
        ),
    ],
)
def test_tables_stand_with_their_warnings(
    folder: Path, lang: str, sentences: tuple[str, ...]
) -> None:
    words = ("--reference", "s2", "--reference-level", "town=Paris", "--pairs", "--quiet")
    result = _run(str(folder), *_ASKED, "--classes", "2", *words, lang=lang)
    assert result.exit_code == 0, result.output
    said = _said(result.stdout)
    for sentence in sentences:
        assert sentence in said
    assert said.count(sentences[-1]) == 1  # true of every table: said once, before them
    assert said.index(sentences[-1]) < said.index(sentences[1])
    assert "relate." not in said
    assert result.stderr == ""


def test_in_one_step_and_by_maximum_likelihood(folder: Path) -> None:
    words = ("--method", "one-step", "--outcome-method", "ml", "--json")
    asked = ("--covariate", "age", "--outcome", "town", "--classes", "2")
    made = json.loads(_run(str(folder), *asked, *words).stdout)
    model, needs, table = _model(folder)
    model.fit(needs)
    wanted = membership(model, needs, table.select("age"), method="one-step")
    assert made["covariates"]["method"] == "one-step"
    assert made["covariates"]["effects"][1]["estimate"] == pytest.approx(wanted.effects[1].estimate)
    towns = distal(model, needs, table["town"], method="ml")
    (shown,) = made["outcomes"]
    assert (shown["method"], shown["kind"]) == ("ml", "nominal")
    assert {(one["segment"], one["category"]): one["value"] for one in shown["classes"]} == {
        (f"S{one.class_number}", one.category): pytest.approx(one.value) for one in towns.classes
    }


def test_figures_show_two_digits_of_their_error(folder: Path, tmp_path: Path) -> None:
    table = pl.read_csv(folder / "survey.csv")
    table = table.with_columns(income=pl.col("age") * 1000, spent=pl.col("spent") * 1000)
    table.write_csv(tmp_path / "survey.csv")
    (tmp_path / "study.toml").write_bytes((folder / "study.toml").read_bytes())
    words = ("--covariate", "income", "--outcome", "spent", "--classes", "2")
    said = _said(_run(str(tmp_path), *words, "--quiet").stdout)
    slope = next(line for line in said.splitlines() if line.startswith("  income")).split()
    assert float(slope[2]) > 0
    mean = next(line for line in said.splitlines() if "mean by segment" in line)
    row = said.splitlines()[said.splitlines().index(mean) + 2]
    assert re.search(r" \d\d,\d{3}\.\d  ", row)


def test_a_kind_can_be_asked_for(folder: Path) -> None:
    words = ("--outcome", "renews", "--classes", "2", "--json", "--kind", "renews=count")
    assert json.loads(_run(str(folder), *words).stdout)["outcomes"][0]["kind"] == "count"
    ages = _run(str(folder), "--covariate", "age", "--classes", "2", "--kind", "age=nominal")
    assert ages.exit_code == 1
    assert "57 categories" in _said(ages.stderr)
    spent = _run(str(folder), "--outcome", "spent", "--classes", "2", "--kind", "spent=count")
    assert spent.exit_code == 1
    assert "“spent”: The value" in _said(spent.stderr)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--covariate", "agee"), ("agee", "survey.csv", "age")),
        (("--outcome", "country"), ("country", "survey.csv", "same value")),
        (("--covariate", "country"), ("country", "survey.csv", "Leave it out")),
        (("--covariate", "need_1"), ("need_1", "forms the segments")),
        (("--outcome", "spent", "--kind", "spent=colour"), ("spent", "colour", "nominal")),
        (("--outcome", "town", "--kind", "town=continuous"), ("town", "no number", "nominal")),
        (("--outcome", "spent", "--kind", "age=nominal"), ("age", "takes no part")),
        (("--covariate", "age", "--reference", "S7"), ("7", "1 to 2")),
        (("--covariate", "town", "--reference-level", "town=Rome"), ("Rome", "Lyon")),
    ],
)
def test_what_is_wrong_is_named(
    folder: Path, words: tuple[str, ...], named: tuple[str, ...]
) -> None:
    result = _run(str(folder), *words, "--classes", "2")
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    for part in named:
        assert part in _said(result.stderr)


def test_errors_speak_french(folder: Path) -> None:
    words = ("--covariate", "agee", "--classes", "2")
    said = _said(_run(str(folder), *words, lang="fr").stderr)
    assert "survey.csv n’a pas de colonne « agee ». Vérifiez l’orthographe" in said
    said = _said(_run(str(folder), "--outcome", "country", "--classes", "2", lang="fr").stderr)
    assert "survey.csv, colonne « country » : tous les répondants ont la même valeur" in said


def test_wrong_usage_is_told_apart(folder: Path) -> None:
    for words in ((), ("--outcome", "spent", "--kind", "count"), ("--reference", "first")):
        assert _run(str(folder), *words).exit_code == 2
    few = _run(str(folder), "--outcome", "spent", "--classes", "17")
    assert few.exit_code == 1
    assert "255" in few.stderr


def test_no_segments_nothing_to_relate(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    noise = rng.integers(0, 2, (120, 4))
    table = pl.DataFrame({f"need_{j}": noise[:, j] for j in range(4)})
    table = table.with_columns(spent=pl.Series(rng.normal(20, 4, 120).round(1)))
    table.write_csv(tmp_path / "survey.csv")
    (tmp_path / "study.toml").write_text(
        '[survey]\nfile = "survey.csv"\nneeds = ["need_*"]\n', encoding="utf-8"
    )
    refused = _run(str(tmp_path), "--outcome", "spent")
    assert refused.exit_code == 1
    assert "--classes" in refused.stderr
