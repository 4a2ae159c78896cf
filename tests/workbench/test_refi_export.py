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


def test_memos_leave_with_the_project_and_come_back(study: Any, owner: Any, tmp_path: Path) -> None:
    from dataclasses import replace

    from embauche.study.config import read_config
    from embauche.study.decisions import read_decisions
    from embauche.study.refi_exchange import export_study, import_study
    from embauche.workbench.services.coding import change_evidence
    from embauche.workbench.services.exporting import export_folder
    from embauche.workbench.services.memos import write_memo
    from embauche.workbench.services.wording import rename_job

    row = study.evidence.filter(status="proposed").first()
    change_evidence(row.pk, owner, rated={"intensity": 2}, memo="Ask again.")
    source = study.sources.get(name="ben.md")
    write_memo("source", source.pk, "Quiet\nroom.", owner)
    job = study.jobs.first()
    rename_job(job.pk, "Find a note in front of a client", "en", owner, job.version)
    write_memo("job", job.pk, "Too wide?", owner)
    folder = export_folder(study.pk, tmp_path / "folder")
    export_study(read_config(folder), tmp_path / "p.qdpx")

    project = refi.read_project(tmp_path / "p.qdpx")
    assert [item.description for item in project.sources if item.name == "ben"] == ["Quiet\nroom."]
    codes = [code.description for code in project.walk_codes() if code.description]
    assert "Too wide?" in codes
    (text,) = (text for item in project.sources for text in item.texts if text.selections)
    assert [item.description for item in text.selections] == ["Ask again."]

    back = read_decisions(import_study(tmp_path / "p.qdpx", tmp_path / "back").folder)
    assert back.memos_of("evidence") == {row.key: "Ask again."}
    assert list(back.memos_of("source").values()) == ["Quiet\nroom."]
    assert back.memos_of("job") == {job.key: "Too wide?"}

    selections = tuple(replace(item, description="Asked.") for item in text.selections)
    changed = replace(
        project,
        sources=tuple(
            replace(
                item,
                description="Loud." if item.description else None,
                texts=tuple(
                    replace(one, selections=selections) if one.guid == text.guid else one
                    for one in item.texts
                ),
            )
            for item in project.sources
        ),
    )
    refi.write_project(changed, tmp_path / "q.qdpx")
    again = read_decisions(import_study(tmp_path / "q.qdpx", tmp_path / "again").folder)
    assert again.memos_of("evidence") == {row.key: "Asked."}, "the project wins"
    assert list(again.memos_of("source").values()) == ["Loud."]
