"""A study of the workbench leaves as a REFI-QDA project with what people decided there."""

import json
from pathlib import Path
from typing import Any

from embauche.collect import refi


def test_what_was_decided_in_the_workbench_is_in_the_project(
    study: Any, owner: Any, tmp_path: Path
) -> None:
    from embauche.study.config import read_config
    from embauche.study.refi_exchange import export_study, import_study
    from embauche.workbench.services.exporting import export_folder
    from embauche.workbench.services.review import review_evidence
    from embauche.workbench.services.wording import rename_job

    rows = list(study.evidence.filter(status="proposed")[:3])
    for row, status in zip(rows, ("accepted", "accepted", "rejected"), strict=True):
        review_evidence(row.pk, status, owner, row.version)
    job = study.jobs.first()
    rename_job(job.pk, "Find a note in front of a client", "en", owner, job.version)
    folder = export_folder(study.pk, tmp_path / "folder")
    done = export_study(read_config(folder), tmp_path / "p.qdpx")
    assert (done.sources, done.path) == (3, tmp_path / "p.qdpx")
    project = refi.read_project(tmp_path / "p.qdpx")
    codes = {code.guid: code for code in project.walk_codes()}
    jobs = set(project.sets[0].codes)
    assert [codes[guid].name for guid in jobs] == ["Find a note in front of a client"]
    said = {
        text.words(selection)
        for source in project.sources
        for text in source.texts
        for selection in text.selections
        for coding in selection.codings
        if coding.code not in jobs
    }
    assert said == {row.quote for row in rows[:2]}
    rows[0].refresh_from_db()
    assert [user.name for user in project.users] == [rows[0].reviewer.name.removeprefix("person:")]

    back = import_study(tmp_path / "p.qdpx", tmp_path / "back").folder
    lines = [json.loads(line) for line in (back / "coding.jsonl").read_text("utf-8").splitlines()]
    status = {line["id"]: line["status"] for line in lines if line["kind"] == "evidence"}
    assert status == {
        rows[0].key: "accepted",
        rows[1].key: "accepted",
        rows[2].key: "rejected",
    }
    assert [line["id"] for line in lines if line["kind"] == "job"] == [job.key]
    config = read_config(back)
    assert (config.study.title, config.study.product) == (study.title, study.product)
    assert dict(config.offer) == dict(study.offer)
