"""Tables, results.json and the folder they are written to."""

import csv
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import jsonschema
import polars as pl
import pytest
from fictional_findings import full, interviews_only, survey_only, unlinked

from embauche.errors import FolderError
from embauche.present import outputs
from embauche.present.outputs import OUTPUT_FILES, write_outputs
from embauche.present.results_json import results, results_schema
from embauche.present.tables import csv_text, write_tables

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("make", [full, interviews_only, survey_only, unlinked])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_results_are_valid_against_the_documented_schema(make, language):
    made = results(make(language))
    jsonschema.Draft202012Validator(results_schema()).validate(made)
    json.dumps(made, allow_nan=False)


def test_the_shipped_schema_is_the_documented_one():
    documented = (DOCS / "results.schema.json").read_text(encoding="utf-8")
    assert json.loads(documented) == results_schema()
    jsonschema.Draft202012Validator.check_schema(results_schema())


def test_results_count_what_is_there():
    findings = full("fr")
    made = results(findings)
    assert made["evidence"]["count"] == len(findings.evidence)
    assert sum(made["evidence"]["by_facet"].values()) == len(findings.evidence)
    assert made["validation"]["verdict"] == "jobs better"
    assert made["opportunities"][0]["zone"] == "strong"
    assert made["assignments"]["count"] == 588
    assert {item["code"] for item in made["warnings"]} >= {
        "fictional.small_n",
        "fictional.same_survey",
    }


def test_a_segments_name_is_a_proposal_until_a_person_linked_its_need():
    named = [item["name_is_proposal"] for item in results(full("fr"))["segments"]["segments"]]
    assert named[0] is False
    assert all(named[1:])
    alone = results(unlinked("fr"))["segments"]["segments"]
    assert all(item["name_is_proposal"] for item in alone)
    marker = alone[0]["profile"][0]
    assert {"answer", "low", "high"} <= marker.keys()


def test_no_figure_is_ever_nan():
    findings = full("fr")
    marker = replace(findings.segmentation.segments[0].markers[0], index=float("nan"))
    segment = replace(findings.segmentation.segments[0], markers=(marker,))
    broken = replace(
        findings,
        segmentation=replace(findings.segmentation, segments=(segment,)),
        validation=replace(findings.validation, segments_difference=float("nan")),
    )
    made = results(broken)
    assert made["segments"]["segments"][0]["profile"][0]["index"] is None
    assert made["validation"]["segments_difference"] is None
    jsonschema.Draft202012Validator(results_schema()).validate(made)


def test_tables_have_one_row_a_thing(tmp_path):
    findings = full("fr")
    assert write_tables(findings, tmp_path) == [
        "jobs.csv",
        "evidence.csv",
        "segments.csv",
        "opportunities.csv",
        "assignments.csv",
    ]
    assert pl.read_csv(tmp_path / "jobs.csv").height == len(findings.job_map.jobs)
    evidence = pl.read_csv(tmp_path / "evidence.csv")
    assert evidence["quote"].to_list() == [item.quote for item in findings.evidence]
    assert pl.read_csv(tmp_path / "assignments.csv").height == findings.assignment.n
    assert pl.read_csv(tmp_path / "opportunities.csv").height == len(findings.opportunities)


def test_french_spreadsheets_get_semicolons_commas_and_a_mark():
    text = csv_text(("a", "b"), [(1.5, "x;y"), (None, True)], french=True)
    assert text == '\ufeffa;b\n1,5;"x;y"\n;true\n'
    assert csv_text(("a", "b"), [(1.5, float("nan"))]) == "a,b\n1.5,\n"


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_would_run_as_a_formula_gets_an_apostrophe(first):
    words = f'{first}HYPERLINK("x")'
    rows = list(csv.reader(StringIO(csv_text(("q",), [(words,)]), newline="")))
    row = rows[1]
    assert row == ["'" + words]
    assert csv_text(("q",), [(-1.5,)]) == "q\n-1.5\n"


def test_every_column_is_documented(tmp_path):
    write_tables(full("fr"), tmp_path)
    page = (DOCS / "reference" / "results.md").read_text(encoding="utf-8")
    for name in ("jobs", "evidence", "segments", "opportunities"):
        for column in pl.read_csv(tmp_path / f"{name}.csv").columns:
            assert f"`{column}`" in page, (name, column)


def test_a_folder_of_ours_is_replaced_as_a_whole(tmp_path):
    target = tmp_path / "study" / "out"
    write_outputs(full("fr"), target)
    assert {item.name for item in target.iterdir()} == OUTPUT_FILES
    write_outputs(interviews_only("fr"), target)
    assert {item.name for item in target.iterdir()} == {
        "report.html",
        "results.json",
        "jobs.csv",
        "evidence.csv",
    }
    assert [item.name for item in target.parent.iterdir()] == ["out"]


def test_foreign_files_stay(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "thesis.docx").write_text("mine")
    (target / "segments.csv").write_text("old")
    write_outputs(interviews_only("en"), target)
    assert (target / "thesis.docx").read_text() == "mine"
    assert not (target / "segments.csv").exists()
    assert (target / "report.html").is_file()


def test_an_interruption_leaves_the_folder_as_it_was(tmp_path, monkeypatch):
    target = tmp_path / "out"
    write_outputs(interviews_only("fr"), target)
    before = {item.name: item.read_bytes() for item in target.iterdir()}

    def interrupted(findings):
        raise KeyboardInterrupt

    monkeypatch.setattr(outputs, "render_report", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_outputs(full("en"), target)
    assert {item.name: item.read_bytes() for item in target.iterdir()} == before
    assert [item.name for item in tmp_path.iterdir()] == ["out"]


def test_a_file_in_the_way_is_named(tmp_path):
    target = tmp_path / "out"
    target.write_text("x")
    with pytest.raises(FolderError) as caught:
        write_outputs(interviews_only("fr"), target)
    assert str(target) in caught.value.message("fr")
    assert target.read_text() == "x"
