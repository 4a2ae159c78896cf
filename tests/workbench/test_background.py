"""The analysis in the background: progress, cancel, and commit only on unchanged input."""

from typing import Any

import pytest
from django.urls import reverse

from embauche.errors import FolderError
from embauche.messages import messages
from embauche.study import stages
from embauche.vocabulary import Stage


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


def _resting(monkeypatch: Any) -> tuple[list[float], list[tuple[str, Any]], Any]:
    """Return a clock, what was put off until when, and what makes a task of a name."""
    from datetime import UTC, datetime, timedelta
    from types import SimpleNamespace

    from embauche.workbench.services import resting

    now, put_off = [100.0], []

    def wall() -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=now[0])

    clock = SimpleNamespace(monotonic=lambda: now[0], process_time=lambda: now[0])
    monkeypatch.setattr(resting, "time", clock)
    monkeypatch.setattr(resting, "timezone", SimpleNamespace(now=wall))
    for rest in (resting.FROM_LEARNING, resting.FROM_OTHERS):
        monkeypatch.setattr(rest, "until", 0.0)
        monkeypatch.setattr(rest, "at", None)

    def task(name: str) -> Any:
        def using(run_after: datetime) -> Any:
            after = (run_after - datetime(2026, 1, 1, tzinfo=UTC)).total_seconds()
            return SimpleNamespace(enqueue=lambda *args: put_off.append((name, (after, *args))))

        return SimpleNamespace(using=using)

    return now, put_off, task


def test_work_that_comes_again_is_rested_from(workspace: Any, monkeypatch: Any) -> None:
    from embauche.workbench.services import resting

    now, put_off, task = _resting(monkeypatch)
    done = []

    def work(study: int) -> None:
        done.append((now[0], study))
        now[0] += 2

    figures, draw = task("figures"), task("draw")
    assert resting.rested(figures, work, 1)
    now[0] += 1
    assert not resting.rested(draw, work, 1), "all duties share one rest"
    now[0] += 5
    assert not resting.rested(figures, work, 2), "and all studies do"
    assert put_off == [("draw", (120.0, 1)), ("figures", (120.0, 2))], "to the same moment"
    now[0] = 120.5
    assert resting.rested(draw, work, 1)
    assert not resting.rested(figures, work, 2)
    assert put_off[-1] == ("figures", (140.5, 2))
    now[0] = 141
    assert resting.rested(figures, work, 2)
    assert done == [(100.0, 1), (120.5, 1), (141.0, 2)]


def test_learning_waits_for_no_other_work_and_rests_by_what_it_took_of_the_processor(
    workspace: Any, monkeypatch: Any
) -> None:
    from types import SimpleNamespace

    from embauche.workbench.services import resting

    now, put_off, task = _resting(monkeypatch)
    worked = [0.0]
    clock = SimpleNamespace(monotonic=lambda: now[0], process_time=lambda: worked[0])
    monkeypatch.setattr(resting, "time", clock)

    def work() -> None:
        worked[0] += 1
        now[0] += 5  # pages took most of the processor meanwhile

    own = {"rest": resting.FROM_LEARNING}
    assert resting.rested(task("draw"), work)
    assert resting.rested(task("learn"), work, **own)
    assert now[0] == 110.0
    assert not resting.rested(task("learn"), work, **own)
    assert put_off == [("learn", (113.0,))]
    now[0] = 113.1
    assert resting.rested(task("learn"), work, **own)


def test_learning_comes_before_all_that_waits(study: Any) -> None:
    from django_tasks_db.models import DBTaskResult

    from embauche.workbench import tasks

    DBTaskResult.objects.all().delete()
    tasks.draw_charts.enqueue(study.pk)
    tasks.learn_from_decisions.enqueue(study.pk)
    first = DBTaskResult.objects.ready().first()
    assert first is not None
    assert first.task_name == "learn_from_decisions"


def test_of_tasks_that_ended_only_the_last_stay(study: Any) -> None:
    from django_tasks_db.models import DBTaskResult

    from embauche.workbench import tasks

    DBTaskResult.objects.all().delete()
    rows = []
    for number in range(7):
        tasks.draw_charts.enqueue(number)
        row = DBTaskResult.objects.get(status="READY")
        if number == 1:
            row.set_failed(ValueError("charts"))
        else:
            row.set_successful(None)
        rows.append(row.pk)
    tasks.draw_charts.enqueue(7)
    tasks.forget_finished(most=3)
    kept = {
        given["args"][0] for given in DBTaskResult.objects.values_list("args_kwargs", flat=True)
    }
    assert kept == {1, 4, 5, 6, 7}, "the last that succeeded, the last that failed, all that wait"


def test_a_worker_forgets_after_each_task(monkeypatch: Any, workspace: Any) -> None:
    from django_tasks_db.compat import task_finished
    from django_tasks_db.management.commands import db_worker

    from embauche.workbench import tasks, worker

    connected = []
    monkeypatch.setattr(worker, "_leave_with_parent", lambda: None)
    monkeypatch.setattr(worker, "_show_life", lambda _: None)
    monkeypatch.setattr(worker.os, "nice", lambda _: 0)
    monkeypatch.setattr(worker.signal, "signal", lambda *_: None)
    monkeypatch.setattr(tasks, "draw_latest", lambda: None)
    monkeypatch.setattr(task_finished, "connect", connected.append)
    monkeypatch.setattr(db_worker.Worker, "run", lambda _: None)
    worker.main()
    assert connected == [tasks.forget_finished]


def test_who_has_nothing_to_look_at_does_not_wait_for_a_rest(
    workspace: Any, monkeypatch: Any
) -> None:
    from embauche.workbench.services import resting

    now, put_off, task = _resting(monkeypatch)

    def work() -> None:
        now[0] += 2

    figures = task("figures")
    assert resting.rested(figures, work)
    assert resting.rested(figures, work, awaited=lambda: True)
    assert not resting.rested(figures, work, awaited=lambda: False)
    assert put_off == [("figures", (138.0,))], "what was done meanwhile is rested from as well"


def test_a_clock_that_was_set_does_not_keep_the_queue_busy(
    workspace: Any, monkeypatch: Any
) -> None:
    from datetime import UTC, datetime

    from embauche.workbench.services import resting

    now, put_off, task = _resting(monkeypatch)

    def work() -> None:
        now[0] += 2

    learn = task("learn")
    assert resting.rested(learn, work)
    monkeypatch.setattr(resting.FROM_OTHERS, "at", datetime(2020, 1, 1, tzinfo=UTC))
    assert not resting.rested(learn, work)
    assert put_off == [("learn", (now[0] + 0.5,))]


def test_what_is_drawn_once_is_not_rested_from_and_what_is_drawn_again_is(
    study: Any, monkeypatch: Any
) -> None:
    from embauche.workbench import tasks
    from embauche.workbench.pages import drawing_ahead
    from embauche.workbench.services import resting

    now, _, _ = _resting(monkeypatch)
    drawn = []

    def draw(study_id: int, language: str = "") -> None:
        drawn.append((study_id, language))
        now[0] += 10

    monkeypatch.setattr(drawing_ahead, "draw", draw)
    tasks.draw_charts.call(study.pk)
    assert resting.FROM_OTHERS.until == 0.0, "nobody waits for minutes after the start"
    tasks.draw_charts.call(study.pk, "en")
    assert resting.FROM_OTHERS.until == now[0] + 90.0
    tasks.draw_charts.call(study.pk)
    assert drawn == [(study.pk, ""), (study.pk, "en"), (study.pk, "")]


def test_figures_are_awaited_until_there_are_some(study: Any, owner: Any) -> None:
    from embauche.workbench.services.prepared import has_been_prepared, prepare

    assert not has_been_prepared(study.pk, "saturation", {})
    prepare(study.pk, "saturation", {})
    assert has_been_prepared(study.pk, "saturation", {})


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


def test_a_run_that_has_ended_computes_no_more(client: Any, study: Any, run: Any) -> None:
    words, there = messages("en"), reverse("progress", args=[study.slug, run.pk])
    computing = f"<h1>{words.text('workbench.run.title')}</h1>"
    assert computing in client.get(there).content.decode()
    type(run).objects.filter(pk=run.pk).update(state="done")
    part = client.get(there, headers={"hx-request": "true"}).content.decode()
    assert computing not in part
    assert f"<h1>{study.title}</h1>" in part


def test_the_overview_says_that_it_fills_by_itself(client: Any, study: Any, run: Any) -> None:
    type(study).objects.filter(pk=study.pk).update(analysed_at=None)
    page = client.get(reverse("overview", args=[study.slug])).content.decode()
    assert messages("en").text("workbench.empty.running") in page
    assert messages("en").text("workbench.overview.empty") not in page


def test_segments_that_the_data_do_not_impose_ask_for_nothing_more() -> None:
    from embauche.workbench.services import intake_path as paths

    facts = paths._Facts(
        heard=2, interviews=2, uploads=0, survey=True, analysed=True, failed=False, links=0
    )
    assert paths._missing(Stage.SEGMENT, facts, running=False) == "natural"
