"""Operations on jobs in the workbench: written down, undone, and carried out by the analysis."""

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def keys(study: Any) -> list[str]:
    """Return the ids of the study's jobs, of which there are two at least."""
    found = [row.key for row in study.jobs.filter(current=True)]
    assert len(found) >= 2, "the fictional interviews hold two jobs"
    return found


def _post(client: Any, study: Any, kind: str, **data: str) -> Any:
    return client.post(f"/studies/{study.slug}/jobs/operations/{kind}/", data)


def test_a_merge_is_written_down_and_the_next_analysis_carries_it_out(
    study: Any, owner: Any, client: Any, keys: list[str]
) -> None:
    from embauche.workbench.services.inputs import inputs
    from embauche.workbench.services.job_operations import standing_jobs
    from embauche.workbench.services.opening import compute
    from embauche.workbench.services.restoring import findings
    from embauche.workbench.services.state import study_state

    before, fingerprint = study_state(study, owner).moved, inputs(study).fingerprint
    answer = _post(client, study, "merge", job=keys[0], other=keys[1])
    assert answer.status_code == 302
    study.refresh_from_db()
    assert study_state(study, owner).moved == before + 1
    assert inputs(study).fingerprint != fingerprint
    jobs = standing_jobs(study)
    assert jobs is not None
    ((gone, into),) = jobs.merged.items()
    assert {gone, into} == set(keys[:2])
    goals = jobs.members[into]

    compute(study, inputs(study))
    found = findings(study).job_map
    assert found is not None
    assert {job.id for job in found.jobs} == set(keys) - {gone}
    assert found.arrangement is not None
    assert found.arrangement.members[into] == goals
    assert found.found.keys() == set(keys), "what the machine grouped is kept as well"
    html = client.get(f"/studies/{study.slug}/jobs/").content.decode()
    assert "merged into" in html

    assert _post(client, study, "undo").status_code == 302
    study.refresh_from_db()
    assert inputs(study).fingerprint != fingerprint, "an undo is history too"
    compute(study, inputs(study))
    assert {row.key for row in study.jobs.filter(current=True)} == set(keys)


def test_moved_evidence_can_be_undone_and_done_again(
    study: Any, client: Any, keys: list[str]
) -> None:
    from embauche.workbench.services.job_operations import history, standing_jobs

    jobs = standing_jobs(study)
    assert jobs is not None
    goal = min(jobs.members[keys[0]])
    _post(client, study, "move", evidence=goal, other=keys[1])
    study.refresh_from_db()
    after = standing_jobs(study)
    assert after is not None
    assert after.job_of(goal) == keys[1]
    entry = history(study)[0][0].entry
    _post(client, study, "undo", entry=entry.id)
    study.refresh_from_db()
    assert standing_jobs(study) == jobs
    _post(client, study, "redo")
    study.refresh_from_db()
    assert standing_jobs(study) == after


def test_what_makes_no_sense_is_said_on_the_page(study: Any, client: Any, keys: list[str]) -> None:
    for kind, data, said in [
        ("merge", {"job": keys[0], "other": keys[0]}, "at least two"),
        ("merge", {"job": keys[0], "other": "J-nothing"}, "There is no job"),
        ("move", {"evidence": "nothing", "other": ""}, "There is no evidence"),
        ("undo", {}, "nothing to undo"),
        ("redo", {}, "nothing to redo"),
    ]:
        answer = _post(client, study, kind, **data)
        assert answer.status_code == 409
        assert said in answer.content.decode()
    assert _post(client, study, "marry").status_code == 404
    assert client.get(f"/studies/{study.slug}/jobs/operations/merge/").status_code == 405


def test_operations_travel_to_a_folder_and_back(
    study: Any, client: Any, keys: list[str], tmp_path: Path
) -> None:
    from embauche.study.decisions import read_decisions
    from embauche.workbench.services.exporting import export_folder
    from embauche.workbench.services.inputs import decisions, study_folder

    _post(client, study, "merge", job=keys[0], other=keys[1])
    _post(client, study, "undo")
    study.refresh_from_db()
    folder = export_folder(study.pk, tmp_path / "out")
    log = decisions(study).operations
    lines = (folder / "coding.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["op"] for line in lines] == ["merge", "undo"]
    assert read_decisions(folder).operations == log
    own = study_folder(study) / "coding.jsonl"
    own.write_bytes((folder / "coding.jsonl").read_bytes())
    try:
        assert decisions(study).operations == log, "what came back counts once"
    finally:
        own.unlink()


def test_a_reader_may_not_arrange_jobs(
    study: Any, owner: Any, client: Any, keys: list[str]
) -> None:
    from embauche.workbench.models import Membership

    Membership.objects.filter(user=owner, study=study).update(role="coder")
    assert _post(client, study, "merge", job=keys[0], other=keys[1]).status_code == 403
    assert not study.events.filter(verb="job.operation").exists()
