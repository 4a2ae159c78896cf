"""`embauche run` and `embauche init` as a user meets them, on small fictional folders."""

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import jsonschema
import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result

from embauche.cli.main import main
from embauche.present import outputs
from embauche.present.results_json import results_schema

_INTERVIEWS = {
    "nadia.txt": """Entretien fictif · Nadia

Enquêtrice : Qu'est-ce qui vous a poussée à chercher autre chose ?

Nadia : Le jour où j'ai perdu mon carnet dans la camionnette, j'ai dû tout redemander aux équipes.
Je cherche à retrouver un relevé devant le client sans fouiller.

Enquêtrice : Et qu'est-ce qui ne convient toujours pas ?

Nadia : C'est insupportable, je perds dix minutes à chaque fois pour retrouver une note.
J'ai besoin de retrouver mes notes vite devant le client.
""",
    "karim.txt": """Entretien fictif · Karim

Enquêteur : Pourquoi l'avez-vous pris ?

Karim : Je m'en sers pour retrouver mes notes devant le client.
Avant, j'avais tout dans un carnet. J'ai peur que ça tombe en panne.

Enquêteur : Et pour vous, c'est quoi l'important ?

Karim : Je veux avoir l'air sérieux devant mes clients. Il faut que ça prenne dix secondes.
""",
}


@pytest.fixture
def interviews(tmp_path: Path) -> Path:
    """Return a study folder of two fictional interviews."""
    return _write_interviews(tmp_path / "étude")


def _write_interviews(study: Path) -> Path:
    study.mkdir()
    for name, text in _INTERVIEWS.items():
        (study / name).write_text(text, encoding="utf-8")
    return study


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a whole fictional study that `embauche run` has run, once for these tests."""
    study = _write_survey(_write_interviews(tmp_path_factory.mktemp("run") / "étude"))
    done = _run("run", study, "--seed", "1", "--lang", "fr", "--quiet")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.rstrip().endswith("report.html")
    assert not done.stderr
    return study


def _write_survey(study: Path) -> Path:
    rng = np.random.default_rng(5)
    kind = rng.integers(0, 2, 220)
    share = np.array([[0.9, 0.85, 0.8, 0.1, 0.15], [0.12, 0.1, 0.2, 0.9, 0.85]])
    needs = ["retrouver une note", "noter vite", "montrer", "écrire", "ranger"]
    answers = (rng.random((220, 5)) < share[kind]).astype(int)
    table = {need: answers[:, at] for at, need in enumerate(needs)}
    for at, need in enumerate(needs):
        for what, centre in (("importance", 4), ("satisfaction", 2 + at / 2)):
            rating = np.clip(np.rint(rng.normal(centre, 1, 220)), 1, 5).astype(int)
            table[f"{what}_{need}"] = rating
    table["âge"] = rng.integers(18, 80, 220)
    table["genre"] = rng.choice(["femme", "homme"], 220)
    table["lieu"] = np.where(rng.random(220) < 0.2 + 0.6 * kind, "bureau", "chantier")
    table["achat"] = np.where(rng.random(220) < 0.2 + 0.6 * kind, "oui", "non")
    pl.DataFrame(table).write_csv(study / "enquete.csv", separator=";", include_bom=True)
    pl.DataFrame(
        {"client": [f"C{n}" for n in range(60)]}
        | {need: [*answers[:59, at].tolist(), None] for at, need in enumerate(needs)}
    ).write_csv(study / "clients.csv")
    return study


def _results(out: Path) -> dict[str, Any]:
    return json.loads((out / "results.json").read_text("utf-8"))


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(item) for item in arguments])


def test_a_folder_becomes_a_report_tables_and_results(ran: Path) -> None:
    out = ran / "out"
    assert {path.name for path in out.iterdir()} == {
        "report.html",
        "results.json",
        "jobs.csv",
        "evidence.csv",
        "segments.csv",
        "opportunities.csv",
        "assignments.csv",
    }
    inputs = {*_INTERVIEWS, "enquete.csv", "clients.csv", "out", "jobs-state.json"}
    assert {path.name for path in ran.iterdir()} == inputs
    found = _results(out)
    jsonschema.validate(found, results_schema())
    assert found["jobs"]
    assert found["segments"]["k"] == 2
    assert found["validation"]["verdict"] == "jobs better"
    assert len(found["opportunities"]) >= 5
    assert found["assignments"]["count"] == 59, "one customer answered nothing"
    codes = {warning["code"] for warning in found["warnings"]}
    assert {"study.all_inferred", "study.unreviewed"} <= codes
    report = (out / "report.html").read_text("utf-8")
    assert "http://" not in report.replace("http://www.w3.org/", "")
    assert "https://" not in report
    assert 'lang="fr"' in report


def test_every_quote_stands_in_its_source(ran: Path) -> None:
    evidence = pl.read_csv(ran / "out" / "evidence.csv")
    assert evidence.height > 3
    for quote, source in zip(evidence["quote"], evidence["source_name"], strict=True):
        assert quote.removeprefix("'") in (ran / source).read_text("utf-8")


def test_a_draft_runs_alike_and_outputs_are_never_read_back(ran: Path, tmp_path: Path) -> None:
    study = tmp_path / "étude"
    copytree(ran, study)
    assert _run("init", study, "--lang", "fr", "--quiet").exit_code == 0
    text = (study / "study.toml").read_text("utf-8")
    assert "Karim : participant" in text.replace("\u00a0", " ")
    assert '"retrouver une note"' in text
    assert 'outcome = "achat"' in text
    assert _run("init", study).exit_code == 1
    assert _run("init", study, "--force", "--quiet").exit_code == 0
    assert (study / "study.toml.bak").read_text("utf-8") == text
    out = study / "autre sortie"
    assert _run("run", study, "--seed", "1", "--out", out, "--quiet").exit_code == 0
    before, after = _results(ran / "out"), _results(out)
    for part in ("evidence", "jobs", "segments", "opportunities", "validation", "assignments"):
        assert before[part] == after[part]


def test_a_broken_file_is_named_and_the_good_ones_are_used(interviews: Path) -> None:
    (interviews / "casse.docx").write_bytes(b"PK\x03\x04 not a document")
    lenient = _run("run", interviews, "--lang", "fr", "--json")
    assert lenient.exit_code == 0
    assert "casse.docx" in lenient.stderr
    assert "pas de study.toml" in lenient.stderr
    found = json.loads(lenient.stdout)
    assert found["jobs"]
    assert found["segments"]["basis"] == "main job"
    assert found["segments"]["verdict"] is None
    assert sum(group["n"] for group in found["segments"]["segments"]) <= len(_INTERVIEWS)
    assert _run("run", interviews, "--strict", "--quiet").exit_code == 1


def test_errors_are_one_line_and_say_what_to_do(interviews: Path) -> None:
    (interviews / "study.toml").write_text('[survey]\nneedz = ["a"]\n', encoding="utf-8")
    done = _run("run", interviews, "--lang", "fr")
    assert done.exit_code == 1
    assert "ligne 2" in done.stderr
    assert "survey.needz" in done.stderr
    assert "needs" in done.stderr
    assert "Traceback" not in done.stderr
    pl.DataFrame({"noter vite": [0, 1], "écrire": [1, 0]}).write_csv(interviews / "enquete.csv")
    (interviews / "study.toml").write_text(
        '[survey]\nfile = "enquete.csv"\nneeds = ["noter vitte"]\n', encoding="utf-8"
    )
    done = _run("run", interviews, "--lang", "fr")
    assert done.exit_code == 1
    assert "noter vite" in done.stderr
    assert not (interviews / "out").exists()


def test_a_missing_folder_and_wrong_usage(tmp_path: Path) -> None:
    assert _run("run", tmp_path / "nowhere", "--lang", "en").exit_code == 1
    assert _run("run", tmp_path, "--lang", "en").exit_code == 1
    assert _run("run").exit_code == 2
    assert _run("run", tmp_path, "--seed", "x").exit_code == 2


def test_ctrl_c_leaves_nothing_half_written(
    interviews: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object, **_options: object) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(outputs, "write_tables", interrupted)
    done = _run("run", interviews, "--lang", "fr", "--quiet")
    assert done.exit_code == 130
    assert "Interrompu" in done.stderr
    assert {path.name for path in interviews.iterdir()} == set(_INTERVIEWS)
