"""`embauche agreement` and `embauche saturation` as a team meets them, on fictional interviews."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from embauche.cli.main import main
from embauche.study.decisions import read_decisions
from embauche.study.files import list_files

_TALKS = {
    f"{name.lower()}.txt": f"Entretien fictif · {name}\n\nEnquêtrice : Pourquoi ?\n\n{name} : {one}"
    f"\n\nEnquêtrice : Et alors ?\n\n{name} : {two}\n"
    for name, one, two in (
        (
            "Nadia",
            "Je cherche à retrouver un relevé devant le client.",
            "C'est insupportable d'attendre. Voilà tout ce que j'en dis.",
        ),
        (
            "Karim",
            "Je m'en sers pour retrouver mes notes.",
            "J'ai peur que ça tombe en panne un jour.",
        ),
        (
            "Lise",
            "Je veux retrouver mes notes devant le client.",
            "Avant, j'avais tout dans un carnet.",
        ),
        (
            "Omar",
            "J'ai besoin de noter vite sur le chantier.",
            "On a toujours fait comme ça chez nous.",
        ),
    )
}
_HEAD = 5


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "étude"
    folder.mkdir()
    for name, text in _TALKS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--lang", "en"])


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def _fill(study: Path, coder: str, marks: Callable[[str, list[str]], None]) -> Path:
    """Fill a coder's blank sheet as a French spreadsheet would save it."""
    done = _run("agreement", "prepare", study, "--coder", coder)
    assert done.exit_code == 0, done.output
    path = study / f"embauche-coding-{coder}.csv"
    rows = _read(path)
    for row in rows[1:]:
        marks(row[4], row)
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return path


def _lea(sentence: str, row: list[str]) -> None:
    if "retrouver" in sentence or "noter" in sentence:
        row[_HEAD] = "x"
    if "peur" in sentence:
        row[_HEAD + 10] = "oui"


def _tom(sentence: str, row: list[str]) -> None:
    if "retrouver" in sentence:
        row[_HEAD] = "1"
    if "peur" in sentence or "insupportable" in sentence:
        row[_HEAD + 5] = "X"
    if "carnet" in sentence or "toujours" in sentence:
        row[_HEAD + 11] = "non"


@pytest.fixture
def coded(study: Path) -> Path:
    for coder, marks in (("Lea", _lea), ("Tom", _tom)):
        done = _run("agreement", "import", study, _fill(study, coder, marks), "--coder", coder)
        assert done.exit_code == 0, done.output
    return study


def test_a_sheet_shows_sentences_and_no_proposals(study: Path) -> None:
    done = _run("agreement", "prepare", study, "--coder", "Lea", "--sources", "nadia.txt", "--json")
    assert json.loads(done.stdout)["n"] == 3
    rows = _read(study / "embauche-coding-Lea.csv")
    assert rows[0][:_HEAD] == ["unit", "source", "question", "before", "sentence"]
    assert len(rows[0]) == _HEAD + 12 + 1
    assert [row[4] for row in rows[1:]] == [
        "Je cherche à retrouver un relevé devant le client.",
        "C'est insupportable d'attendre.",
        "Voilà tout ce que j'en dis.",
    ]
    assert [row[2] for row in rows[1:]] == ["Pourquoi ?", "Et alors ?", "Et alors ?"]
    assert [row[3] for row in rows[1:]] == ["", "", rows[2][4]]
    assert all(not cell for row in rows[1:] for cell in row[_HEAD:])
    assert [path.name for path in list_files(study)] == sorted(_TALKS), "a sheet is no input"
    again = _run("agreement", "prepare", study, "--coder", "Lea")
    assert again.exit_code == 1
    assert "exists already" in again.stderr


def test_two_blind_codings_become_a_table(coded: Path) -> None:
    decisions = read_decisions(coded)
    assert decisions.coders == ("person:Lea", "person:Tom")
    assert {line["source"] for line in decisions.reviewed if line["coder"] == "person:Tom"} == {
        "nadia",
        "karim",
        "lise",
    }, "Tom marked nothing of Omar's"
    found = json.loads(_run("agreement", coded, "--json", "--no-machine").stdout)
    people = found["people"]
    assert people["coders"] == ["person:Lea", "person:Tom"]
    assert people["units"] == 7
    rows = {row["facet"]: row for row in people["facets"]}
    assert rows["job.functional"]["codes"] == {"person:Lea": 3, "person:Tom": 3}
    assert rows["job.functional"]["percent"]["value"] == 1
    assert rows["habit"]["alpha"]["value"] is None
    assert {item["code"] for item in people["warnings"]} >= {"agreement.few_units"}
    assert len(found["disagreements"]) == 2
    assert found["open_codes"] == 3
    shown = _run("agreement", coded)
    assert "Agreement of Lea and Tom on 7 sentences" in shown.stdout
    assert "machine" in shown.stdout, "the machine is one coder among others"
    assert "3 codes are left to settle" in shown.stdout


def test_adjudication_settles(coded: Path) -> None:
    assert _run("agreement", "adjudicate", coded).exit_code == 0
    sheet = coded / "embauche-disagreements.csv"
    rows = _read(sheet)
    assert [row[5:8] for row in rows[1:]] == [
        ["frustration", "Tom", "Lea"],
        ["anxiety", "Lea", "Tom"],
        ["frustration", "Tom", "Lea"],
    ]
    for row in rows[1:]:
        if "peur" in row[4]:
            row[8] = "yes" if row[6] == "Lea" else "no"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    before = len(read_decisions(coded).lines)
    done = _run("agreement", "adjudicate", coded, sheet, "--coder", "Ana")
    assert "2 disagreements settled, 1 left open" in done.output
    after = read_decisions(coded)
    assert len(after.lines) == before + 2, "nobody's line was written over"
    peur = [entry for entry in after.evidence.values() if "peur" in entry.get("quote", "")]
    assert {(entry["facet"], entry["status"]) for entry in peur} == {
        ("anxiety", "accepted"),
        ("frustration", "rejected"),
    }
    assert json.loads(_run("agreement", coded, "--json").stdout)["open_codes"] == 1
    assert _run("agreement", "adjudicate", coded, sheet).exit_code == 2


def test_a_corrected_sheet_takes_codes_back(coded: Path) -> None:
    path = coded / "embauche-coding-Lea.csv"
    text = path.read_bytes().decode("cp1252").replace(";oui;", ";;")
    path.write_bytes(text.encode("cp1252"))
    assert _run("agreement", "import", coded, path, "--coder", "Lea", "--all").exit_code == 0
    mine = [line for line in read_decisions(coded).lines if line["coder"] == "person:Lea"]
    assert {(line["facet"], line["status"]) for line in mine} == {
        ("job.functional", "accepted"),
        ("anxiety", "rejected"),
    }
    assert len(read_decisions(coded).reviewed) == 7


def _spoil(path: Path, change: Callable[[list[list[str]]], None]) -> None:
    rows = _read(path)
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        (2, _HEAD + 1, "perhaps", "row 3, column “personal emotional job”"),
        (1, 0, "nadia@0-3", "row 2, column “unit”"),
        (1, 4, "Other words.", "row 2, column “sentence”"),
        (0, _HEAD + 5, "frustation", "the column “frustration” is missing"),
    ],
)
def test_what_is_wrong_in_a_sheet_is_named(
    study: Path, row: int, column: int, value: str, said: str
) -> None:
    _run("agreement", "prepare", study, "--coder", "Lea")
    path = study / "embauche-coding-Lea.csv"
    _spoil(path, lambda rows: rows[row].__setitem__(column, value))
    done = _run("agreement", "import", study, path, "--coder", "Lea")
    assert done.exit_code == 1
    assert "embauche-coding-Lea.csv" in done.stderr
    assert said in done.stderr
    assert not (study / "coding.jsonl").exists()


def test_a_sentence_twice_is_named(study: Path) -> None:
    _run("agreement", "prepare", study, "--coder", "Lea")
    path = study / "embauche-coding-Lea.csv"
    _spoil(path, lambda rows: rows.append(rows[1]))
    done = _run("agreement", "import", study, path, "--coder", "Lea")
    assert "row 11, column “unit”" in done.stderr


def test_nobody_has_coded_yet(study: Path) -> None:
    done = _run("agreement", study)
    assert done.exit_code == 1
    assert "Nobody has coded" in done.stderr
    unknown = _run("agreement", "prepare", study, "--coder", "Lea", "--sources", "zoe.txt")
    assert "zoe.txt" in unknown.stderr
    assert CliRunner().invoke(main, ["agreement", "--help"]).exit_code == 0


def test_a_run_says_that_coders_disagree(coded: Path) -> None:
    done = _run("run", coded, "--json")
    codes = {warning["code"] for warning in json.loads(done.stdout)["warnings"]}
    assert "study.coders_disagree" in codes


def test_saturation_in_words_and_in_json(study: Path) -> None:
    shown = _run("saturation", study, "--ahead", "2")
    assert shown.exit_code == 0, shown.output
    assert "After 4 interviews" in shown.stdout
    assert "The next 2 interviews would bring" in shown.stdout
    assert "under 6, these estimates do not hold" in shown.stderr
    found = json.loads(_run("saturation", study, "--json").stdout)
    assert set(found) == {"jobs", "facets", "themes", "warnings"}
    assert len(found["jobs"]["curve"]) == 4
    assert found["jobs"]["verdict"] == "too_few"
    assert found == json.loads(_run("saturation", study, "--json").stdout)
