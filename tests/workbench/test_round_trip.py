"""Folder → workbench → folder: nothing is lost, and the same study comes back."""

import json
from pathlib import Path
from typing import Any

import pytest

from embauche.errors import FolderError, WorkbenchError


def test_what_was_stored_is_what_the_stages_found(opened: tuple[Any, Path], study: Any) -> None:
    from embauche.study.config import read_config
    from embauche.study.stages import run_study
    from embauche.workbench.services.restoring import findings

    found = run_study(read_config(opened[1]), seed=0)
    kept = findings(study)
    assert kept.corpus == found.corpus
    assert sorted(kept.evidence, key=lambda item: item.id) == sorted(
        found.evidence, key=lambda item: item.id
    )
    assert kept.job_map is not None
    assert found.job_map is not None
    assert kept.job_map.main_job == found.job_map.main_job
    for mine, theirs in zip(kept.job_map.jobs, found.job_map.jobs, strict=True):
        assert (mine.id, mine.statement, mine.cells) == (
            theirs.id,
            theirs.statement,
            theirs.cells,
        )
    assert kept.qualitative == found.qualitative
    assert kept.steps == found.steps
    assert kept.notices == found.notices


def test_every_quote_stands_in_its_source(study: Any) -> None:
    rows = list(study.evidence.select_related("source"))
    assert rows
    for row in rows:
        assert row.source.text[row.start : row.end] == row.quote


def test_an_exported_study_opens_as_the_same_study(study: Any, owner: Any, tmp_path: Path) -> None:
    from embauche.workbench.services.exporting import export_folder
    from embauche.workbench.services.opening import open_folder
    from embauche.workbench.services.review import review_evidence
    from embauche.workbench.services.wording import rename_job, save_offer

    rows = list(study.evidence.filter(status="proposed").exclude(facet__startswith="job")[:2])
    for row, status in zip(rows, ("accepted", "rejected"), strict=False):
        review_evidence(row.pk, status, owner, row.version)
    job = study.jobs.first()
    rename_job(job.pk, "Find a note in front of a client", "en", owner, job.version)
    save_offer(study.pk, {"Voice": "Writes down what is said."}, owner, study.version)
    study.refresh_from_db()
    target = export_folder(study.pk, tmp_path / "exported")

    assert (target / "ana.md").is_file()
    lines = [json.loads(line) for line in (target / "coding.jsonl").read_text().splitlines()]
    assert {line["kind"] for line in lines} == {"evidence", "job"}

    again = open_folder(target)
    assert (again.title, again.product, again.question) == (
        study.title,
        study.product,
        study.question,
    )
    assert again.fictional
    assert again.offer == {"Voice": "Writes down what is said."}
    for row in rows:
        row.refresh_from_db()
        other = again.evidence.get(key=row.key)
        assert (other.status, other.quote, other.reviewer.name) == (
            row.status,
            row.quote,
            "person:local",
        )
    other_job = again.jobs.filter(key=job.key).first()
    if other_job is not None:
        assert other_job.statement["en"] == "Find a note in front of a client"
        assert not other_job.statement_is_proposal


def test_opening_the_same_folder_again_computes_nothing(
    opened: tuple[Any, Path], study: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embauche.workbench.services import opening

    def refuse(*_: Any, **__: Any) -> None:
        pytest.fail("computed although nothing changed")

    monkeypatch.setattr(opening, "compute", refuse)
    assert opening.open_folder(opened[1]).pk == study.pk


def test_decisions_taken_here_survive_a_new_opening(
    opened: tuple[Any, Path], study: Any, owner: Any, proposal: Any
) -> None:
    from embauche.workbench.services.opening import open_folder
    from embauche.workbench.services.review import review_evidence

    review_evidence(proposal.pk, "rejected", owner, proposal.version)
    open_folder(opened[1])
    proposal.refresh_from_db()
    assert (proposal.status, proposal.analysed_status) == ("rejected", "proposed")
    (opened[1] / "dan.md").write_text("Dan: I need to find my notes before a meeting.\n")
    try:
        again = open_folder(opened[1])
    finally:
        (opened[1] / "dan.md").unlink()
    assert again.sources.filter(name="dan.md").exists()
    proposal.refresh_from_db()
    assert (proposal.status, proposal.analysed_status) == ("rejected", "rejected")


def test_a_later_decision_in_the_folder_wins_and_an_undo_here_stays_undone(
    study: Any, owner: Any
) -> None:
    from embauche.workbench.services.inputs import decisions, study_folder
    from embauche.workbench.services.review import review_evidence, undo_review

    first, second = study.evidence.filter(status="proposed")[:2]
    review_evidence(first.pk, "accepted", owner, first.version)
    row = review_evidence(second.pk, "accepted", owner, second.version)
    undo_review(row.pk, owner, row.version)
    line = {"kind": "evidence", "status": "rejected", "coder": "person:eve"}
    lines = [
        line | {"id": first.key, "at": "2999-01-01T00:00:00+00:00"},
        line | {"id": second.key, "at": "2020-01-01T00:00:00+00:00"},
    ]
    coding = study_folder(study) / "coding.jsonl"
    coding.write_text("".join(json.dumps(item) + "\n" for item in lines))
    try:
        found = decisions(study).evidence
    finally:
        coding.unlink()
    assert found[first.key]["coder"] == "person:eve"
    assert second.key not in found


def test_an_export_never_overwrites(study: Any, tmp_path: Path) -> None:
    from embauche.workbench.services.exporting import export_folder

    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(FolderError):
        export_folder(study.pk, tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "keep me"


def test_an_unknown_study_is_named_with_those_there_are(workspace: Any, opened: Any) -> None:
    from embauche.workbench.export import export_study

    with pytest.raises(WorkbenchError) as caught:
        export_study("nothing", Path("nowhere"), workspace.folder)
    assert opened[0].slug in caught.value.hint("en")


def test_downloads_are_the_files_of_a_run(study: Any, client: Any) -> None:
    answer = client.get(f"/studies/{study.slug}/files/results.json")
    data = json.loads(b"".join(answer.streaming_content))
    assert data["study"]["title"] == study.title
    assert client.get(f"/studies/{study.slug}/files/..%2Fsecret.key").status_code == 404
    assert client.get(f"/studies/{study.slug}/files/assignments.csv").status_code in {200, 404}
