"""The analysis in the background: progress, cancel, and commit only on unchanged input."""

from typing import Any

import pytest

from embauche.errors import FolderError
from embauche.study import stages


@pytest.fixture
def run(study: Any, owner: Any) -> Any:
    from embauche.workbench.services.analysis import analyse

    return analyse(study.pk, owner)


def test_a_study_has_one_run_at_a_time(study: Any, owner: Any, run: Any) -> None:
    from embauche.workbench.services.analysis import analyse

    assert analyse(study.pk, owner).pk == run.pk


def test_a_run_updates_the_study(study: Any, run: Any) -> None:
    from embauche.workbench.services.analysis import carry_out

    before = study.stamp
    done = carry_out(run.pk)
    assert (done.state, done.progress) == ("done", 1.0)
    study.refresh_from_db()
    assert study.stamp > before


def test_a_cancelled_run_leaves_the_study_as_it_was(
    study: Any, owner: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embauche.workbench.services import analysis

    def followed(*_: Any, report: Any, **__: Any) -> None:
        report("collect", 0.0)
        analysis.cancel(run.pk, owner)
        report("collect", 1.0)
        pytest.fail("went on although it was cancelled")

    monkeypatch.setattr(stages, "run_study", followed)
    before = (study.fingerprint, study.stamp)
    assert analysis.carry_out(run.pk).state == "cancelled"
    study.refresh_from_db()
    assert (study.fingerprint, study.stamp) == before


def test_a_run_on_input_that_moved_commits_nothing(
    study: Any, owner: Any, proposal: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embauche.workbench.services import analysis
    from embauche.workbench.services.review import review_evidence

    real = stages.run_study
    computed = []

    def slow(*args: Any, **options: Any) -> Any:
        found = real(*args, **options)
        computed.append(found)
        proposal.refresh_from_db()
        decision = "accepted" if proposal.status == "rejected" else "rejected"
        review_evidence(proposal.pk, decision, owner, proposal.version)
        return found

    monkeypatch.setattr(stages, "run_study", slow)
    assert analysis.carry_out(run.pk).state == "stale"
    assert len(computed) == analysis.TRIES
    proposal.refresh_from_db()
    assert proposal.status == "rejected", "the decision taken meanwhile stands"


def test_a_run_begins_anew_where_somebody_decided_meanwhile(
    study: Any, owner: Any, proposal: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embauche.workbench.services import analysis
    from embauche.workbench.services.review import review_evidence

    real = stages.run_study
    statuses = []

    def once(*args: Any, **options: Any) -> Any:
        found = real(*args, **options)
        statuses.append({item.id: str(item.status) for item in found.evidence}[proposal.key])
        if len(statuses) == 1:
            review_evidence(proposal.pk, "rejected", owner, proposal.version)
        return found

    monkeypatch.setattr(stages, "run_study", once)
    assert analysis.carry_out(run.pk).state == "done"
    assert statuses == ["proposed", "rejected"], "the second time counts what was decided"
    proposal.refresh_from_db()
    assert (proposal.status, proposal.analysed_status) == ("rejected", "rejected")


def test_a_failure_is_kept_in_words(
    study: Any, run: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embauche.workbench.services import analysis

    def broken(*_: Any, **__: Any) -> None:
        raise FolderError("folder.missing", folder="gone")

    monkeypatch.setattr(stages, "run_study", broken)
    assert analysis.carry_out(run.pk).state == "failed"
    page = client.get(f"/studies/{study.slug}/analysis/{run.pk}/").content.decode()
    assert "gone" in page


def test_a_killed_worker_leaves_no_run_behind(run: Any) -> None:
    from embauche.workbench.services.analysis import close_interrupted

    close_interrupted()
    run.refresh_from_db()
    assert run.state == "interrupted"


def test_a_failed_first_opening_leaves_no_study(workspace: Any, study: Any, tmp_path: Any) -> None:
    from embauche.workbench.models import Study
    from embauche.workbench.services.opening import open_folder

    (tmp_path / "talk.md").write_text("A: hello\n\nB: hello to you\n")

    def stop(stage: str, fraction: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_folder(tmp_path, report=stop)
    assert not Study.objects.filter(origin=str(tmp_path)).exists()


def test_the_worker_leaves_with_its_server(workspace: Any) -> None:
    from embauche.workbench.worker import start_worker

    worker = start_worker(workspace.folder)
    assert worker.stdin is not None
    assert worker.poll() is None
    worker.stdin.close()
    assert worker.wait(timeout=60) == 0


def test_work_that_comes_again_is_rested_from(workspace: Any, monkeypatch: Any) -> None:
    from types import SimpleNamespace

    from embauche.workbench.services import resting

    now = [100.0]
    monkeypatch.setattr(resting, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(resting, "_last", {})
    done: list[int] = []
    asked: list[tuple[Any, ...]] = []

    def work(study: int) -> None:
        done.append(study)
        now[0] += 2.0

    def using(run_after: Any) -> Any:
        return SimpleNamespace(enqueue=lambda *args: asked.append((run_after, *args)))

    task = SimpleNamespace(module_path="learn", using=using)
    assert resting.rested(task, work, 1)
    assert not resting.rested(task, work, 1), "two seconds of work, eighteen of rest"
    ((when, study),) = asked
    assert study == 1
    assert 17 < (when - resting.timezone.now()).total_seconds() <= 18
    assert resting.rested(task, work, 2), "another study does not wait for this one"
    now[0] += 18.0
    assert resting.rested(task, work, 1)
    assert done == [1, 2, 1]


def test_a_worker_begins_with_the_charts_of_the_latest_studies(study: Any) -> None:
    from django_tasks_db.models import DBTaskResult

    from embauche.workbench.models import Study
    from embauche.workbench.tasks import draw_latest

    new = Study.objects.create(slug="never-analysed", title="New")
    assert study.analysed_at is not None
    DBTaskResult.objects.all().delete()
    draw_latest()
    asked = [each.args_kwargs["args"] for each in DBTaskResult.objects.all()]
    assert [study.pk] in asked
    assert [new.pk] not in asked
