"""Jobs keep their ids and people's operations when interviews are added or the threshold moves."""

from dataclasses import replace
from pathlib import Path

import pytest

from embauche.errors import ConfigError, StudyError
from embauche.jobs.diff import diff_jobs
from embauche.jobs.operating import arrangement_of, merge_jobs, move_evidence, rename_job, split_job
from embauche.study.config import parse_config, read_config
from embauche.study.decisions import parse_decisions, read_decisions, write_decisions
from embauche.study.jobs_state import read_state, state_of_map, write_state
from embauche.study.parts import Mapped
from embauche.study.plan import make_plan
from embauche.study.stages import collect, listen
from embauche.vocabulary import GOAL_FACETS, Language

_DEMO = Path(__file__).resolve().parents[2] / "examples" / "notes" / "fr" / "interviews"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return ten of the fictional interviews, without anybody's decisions."""
    made = tmp_path_factory.mktemp("survive") / "notes"
    made.mkdir()
    for path in sorted(_DEMO.iterdir())[:10]:
        (made / path.name).write_bytes(path.read_bytes())
    return made


def _map(folder: Path, threshold: float | None = None) -> Mapped:
    config = read_config(folder)
    config = replace(config, jobs=replace(config.jobs, threshold=threshold))
    made = listen(collect(make_plan(config)), config, read_decisions(folder), Language.FR)
    assert made is not None
    return made


def _exactly_once(mapped: Mapped) -> None:
    job_map = mapped.job_map
    placed = [key for job in job_map.jobs for facet in GOAL_FACETS for key in job.evidence(facet)]
    goals = {item.id for item in mapped.evidence if item.facet in GOAL_FACETS}
    assert sorted([*placed, *job_map.unassigned]) == sorted(goals)
    assert len({job.id for job in job_map.jobs}) == len(job_map.jobs)


def test_operations_and_ids_survive_new_interviews_and_another_threshold(folder: Path) -> None:
    first = _map(folder)
    jobs = arrangement_of(first.job_map)
    one, two, three, *_ = (job.id for job in first.job_map.jobs)
    log = read_decisions(folder).operations.append(merge_jobs(jobs, [one, two]), coder="person:lea")
    into = log.standing[0].operation.into  # type: ignore[union-attr]
    part = set(sorted(jobs.members[three])[:2])
    log = log.append(split_job(jobs, three, [part]))
    (new,) = log.standing[1].operation.parts  # type: ignore[union-attr]
    moved = min(jobs.members[one])
    log = log.append(move_evidence(jobs, moved, None))
    log = log.append(rename_job(jobs, three, "Garder une preuve datée", Language.FR))
    write_decisions(folder, replace(read_decisions(folder), operations=log))
    assert read_decisions(folder).operations == log

    second = _map(folder)
    _exactly_once(second)
    assert write_state(folder, second.job_map)
    for path in sorted(_DEMO.iterdir())[10:]:
        (folder / path.name).write_bytes(path.read_bytes())
    for third in (_map(folder), _map(folder, 0.7)):
        _exactly_once(third)
        made = third.job_map.arrangement
        assert made is not None
        together = (jobs.members[one] | jobs.members[two]) - {moved}
        assert together <= made.members[into], "put together stays together"
        assert part <= made.members[new], "put apart stays apart"
        assert not (jobs.members[three] - part) & made.members[new]
        assert moved in made.unassigned, "moved stays moved"
        assert third.job_map.job(three).statement[Language.FR] == "Garder une preuve datée"
        assert not third.job_map.job(three).statement_is_proposal
    kept = {job.id for job in second.job_map.jobs} & {job.id for job in _map(folder).job_map.jobs}
    assert len(kept) >= len(second.job_map.jobs) - 2
    told = [item for item in _map(folder).notices if item.code == "jobs.changed"]
    assert told
    assert told[0].params["changed"] > 0


def test_the_state_is_kept_and_a_broken_one_is_as_none(tmp_path: Path) -> None:
    assert read_state(tmp_path) is None
    (tmp_path / "jobs-state.json").write_text("{", encoding="utf-8")
    assert read_state(tmp_path) is None
    (tmp_path / "jobs-state.json").write_text('{"version": 99}', encoding="utf-8")
    assert read_state(tmp_path) is None


def test_the_same_jobs_are_no_change(folder: Path, tmp_path: Path) -> None:
    mapped = _map(folder)
    write_state(tmp_path, mapped.job_map)
    state = read_state(tmp_path)
    assert state == state_of_map(mapped.job_map)
    assert not diff_jobs(state.jobs, mapped.job_map).moved  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "line",
    [
        '{"kind": "operation", "op": "merge", "id": "O-1"}',
        '{"kind": "operation", "op": "marry", "id": "O-1", "jobs": {}}',
        '{"kind": "operation", "op": "split", "id": "O-1", "job": "J", "evidence": "ab", "parts": {}}',
        '{"kind": "operation", "op": "rename", "id": "O-1", "job": "J", "evidence": [],'
        ' "language": "xx", "statement": "a"}',
    ],
)
def test_a_bad_operation_is_named_by_its_line(line: str) -> None:
    with pytest.raises(StudyError) as caught:
        parse_decisions([line])
    assert caught.value.params["line"] == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[jobs]\ntreshold = 0.8", "config.unknown_key"),
        ("[job]\nthreshold = 0.8", "config.unknown_section"),
        ('[jobs]\nthreshold = "low"', "config.not_a_number"),
        ("[jobs]\nthreshold = 4", "config.threshold_out_of_range"),
    ],
)
def test_a_bad_threshold_is_named(text: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, tmp_path)
    assert caught.value.code == code
    assert parse_config("[jobs]\nthreshold = 0.8", tmp_path).jobs.threshold == 0.8
