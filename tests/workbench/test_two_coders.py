"""Two people decide in the workbench: both decisions travel, and neither writes over the other."""

import json
from pathlib import Path
from typing import Any


def _second_coder(study: Any) -> Any:
    from embauche.workbench.models import Membership, User

    user = User.objects.create(username="tom")
    Membership.objects.create(user=user, study=study, role="coder")
    return user


def test_both_peoples_decisions_are_exported(
    study: Any, owner: Any, proposal: Any, tmp_path: Path
) -> None:
    from embauche.workbench.services.exporting import export_folder
    from embauche.workbench.services.inputs import decisions
    from embauche.workbench.services.review import review_evidence, undo_review

    tom = _second_coder(study)
    row = review_evidence(proposal.pk, "accepted", owner, proposal.version)
    row = review_evidence(row.pk, "rejected", tom, row.version)
    found = decisions(study)
    mine = {line["coder"]: line["status"] for line in found.lines if line["id"] == proposal.key}
    assert mine == {"person:local": "accepted", "person:tom": "rejected"}
    assert found.evidence[proposal.key]["status"] == "rejected"
    target = export_folder(study.pk, tmp_path / "out")
    lines = [json.loads(line) for line in (target / "coding.jsonl").read_text().splitlines()]
    assert [line["coder"] for line in lines] == ["person:local", "person:tom"]
    undo_review(row.pk, tom, row.version)
    assert decisions(study).evidence[proposal.key]["status"] == "accepted"
    assert decisions(study).coders == ("person:local",)


def test_what_was_taken_back_is_nobodys_decision(study: Any, owner: Any, proposal: Any) -> None:
    from embauche.workbench.services.inputs import decisions
    from embauche.workbench.services.review import review_evidence

    row = review_evidence(proposal.pk, "accepted", owner, proposal.version)
    review_evidence(row.pk, "proposed", owner, row.version)
    assert proposal.key not in decisions(study).evidence


def test_a_blind_coding_in_the_folder_survives(
    study: Any, owner: Any, proposal: Any, tmp_path: Path
) -> None:
    from embauche.study.decisions import read_decisions
    from embauche.workbench.services.exporting import export_folder
    from embauche.workbench.services.inputs import study_folder
    from embauche.workbench.services.review import review_evidence, undo_review

    lines = [
        {"kind": "evidence", "id": proposal.key, "status": "accepted", "coder": "person:eve"}
        | {"blind": True},
        {"kind": "reviewed", "source": proposal.source.key, "coder": "person:eve", "blind": True},
    ]
    coding = study_folder(study) / "coding.jsonl"
    coding.write_text("".join(json.dumps(line) + "\n" for line in lines))
    try:
        row = review_evidence(proposal.pk, "rejected", owner, proposal.version)
        undo_review(row.pk, owner, row.version)
        found = read_decisions(export_folder(study.pk, tmp_path / "out"))
    finally:
        coding.unlink()
    assert [dict(line) for line in found.lines] == lines[:1]
    assert [dict(line) for line in found.reviewed] == lines[1:]


def test_what_was_done_to_jobs_in_the_folder_survives(study: Any, tmp_path: Path) -> None:
    from embauche.study.decisions import read_decisions
    from embauche.workbench.services.exporting import export_folder
    from embauche.workbench.services.inputs import inputs, study_folder

    line = {"kind": "operation", "id": "O-1", "op": "rename", "job": "J-1", "evidence": ["e1"]}
    line |= {"language": "fr", "statement": "Retrouver une note", "coder": "person:eve"}
    before = inputs(study).fingerprint
    coding = study_folder(study) / "coding.jsonl"
    coding.write_text(json.dumps(line) + "\n")
    try:
        found = read_decisions(export_folder(study.pk, tmp_path / "out"))
        assert inputs(study).fingerprint != before
    finally:
        coding.unlink()
    assert [entry.id for entry in found.operations.entries] == ["O-1"]
