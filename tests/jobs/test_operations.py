"""Operations on jobs: whatever is done, undone and done again, nothing is lost or counted twice."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.errors import StudyError
from embauche.jobs.arrangement import Arrangement, replay
from embauche.jobs.operating import (
    delete_job,
    merge_jobs,
    move_evidence,
    rename_job,
    retype_job,
    set_parent,
    split_job,
    undelete_job,
)
from embauche.jobs.operation_lines import entry_of, line_of, log_of
from embauche.jobs.operations import Merge, Move, Operation, OperationLog, Split
from embauche.vocabulary import JobType, Language

_START = Arrangement(
    members={
        "J-a": frozenset({"a1", "a2", "a3"}),
        "J-b": frozenset({"b1", "b2"}),
        "J-c": frozenset({"c1", "c2"}),
    },
    unassigned=frozenset({"u1", "u2"}),
    others=frozenset({"f1", "f2"}),
)


def _now(log: OperationLog, start: Arrangement = _START) -> Arrangement:
    return replay(start, log.standing)[0]


def _goals(jobs: Arrangement) -> Counter[str]:
    return Counter([*jobs.unassigned, *(key for items in jobs.members.values() for key in items)])


@st.composite
def _logs(draw: st.DrawFn, start: Arrangement = _START) -> OperationLog:
    """Draw a log as people write it: each operation made from the jobs that stand just then."""
    log = OperationLog()
    for _ in range(draw(st.integers(0, 14))):
        now = _now(log, start)
        jobs = sorted(now.members)
        kind = draw(st.sampled_from(["undo", "redo", "do", "do", "do", "do", "do"]))
        if kind == "undo" and log.standing:
            log = log.undo(draw(st.sampled_from([None, *(entry.id for entry in log.standing)])))
        elif kind == "redo" and log.redoable:
            log = log.redo()
        elif jobs and (made := draw(_operations(now, jobs))) is not None:
            log = log.append(made, coder=draw(st.sampled_from(["person:a", "person:b"])))
    return log


@st.composite
def _operations(  # noqa: PLR0911 (one kind a line)
    draw: st.DrawFn, now: Arrangement, jobs: list[str]
) -> Operation | None:
    one = draw(st.sampled_from(jobs))
    kinds = ["merge", "split", "rename", "move", "retype", "parent", "delete", "undelete"]
    kind = draw(st.sampled_from(kinds))
    try:
        if kind == "merge":
            return merge_jobs(now, draw(st.lists(st.sampled_from(jobs), min_size=2, max_size=3)))
        if kind == "split":
            part = draw(st.sets(st.sampled_from(sorted(now.members[one])), min_size=1))
            return split_job(now, one, [part])
        if kind == "rename":
            text = draw(st.sampled_from(["Retrouver une note", "Préparer un devis"]))
            return rename_job(now, one, text, draw(st.sampled_from(list(Language))))
        if kind == "move":
            known = sorted({*_goals(now), *now.others})
            return move_evidence(
                now, draw(st.sampled_from(known)), draw(st.sampled_from([None, *jobs]))
            )
        if kind == "retype":
            return retype_job(now, one, draw(st.sampled_from(list(JobType))))
        if kind == "parent":
            return set_parent(now, one, draw(st.sampled_from([None, *jobs])))
        if kind == "delete":
            return delete_job(now, one)
        if now.deleted:
            return undelete_job(now, draw(st.sampled_from(sorted(now.deleted))))
    except StudyError:
        return None
    return None


@given(_logs())
@settings(max_examples=120, deadline=None)
def test_every_goal_is_in_one_job_or_in_none(log: OperationLog) -> None:
    now = _now(log)
    assert _goals(now) == _goals(_START)
    assert all(now.members.values())
    assert not now.merged.keys() & now.members.keys()
    for job in now.members:
        above = now.parents.get(job)
        for _ in range(20):
            assert above != job, "a job is part of itself"
            above = now.parents.get(above) if above else None


@given(_logs())
@settings(max_examples=80, deadline=None)
def test_undoing_everything_gives_the_start_and_redoing_it_the_end(log: OperationLog) -> None:
    end, length = _now(log), len(log.entries)
    back = log
    while back.standing:
        back = back.undo()
    assert _now(back) == _START
    assert back.entries[:length] == log.entries, "history only grows"
    forth = back
    for _ in range(len(log.standing)):
        forth = forth.redo()
    assert _now(forth) == end
    assert forth.standing == log.standing


@given(_logs())
@settings(max_examples=80, deadline=None)
def test_a_log_travels_through_lines_and_replays_the_same(log: OperationLog) -> None:
    lines = [line_of(entry) for entry in log.entries]
    assert tuple(entry_of(line) for line in lines) == log.entries
    again = log_of([*lines, *lines])
    assert again == log
    assert _now(again) == _now(log)
    assert len({entry.id for entry in log.entries}) == len(log.entries)


_DRIFTED = Arrangement(
    members={
        "J-x": frozenset({"a1", "b1", "n1"}),
        "J-b": frozenset({"b2", "a2", "a3", "n2"}),
        "J-c": frozenset({"c2", "u1", "n3"}),
    },
    unassigned=frozenset({"c1", "n4"}),
    others=frozenset({"f1"}),
)
"""The same study after new interviews and another threshold: other groups, one goal is gone."""


@given(_logs())
@settings(max_examples=120, deadline=None)
def test_operations_survive_another_grouping(log: OperationLog) -> None:
    made, _ = replay(_DRIFTED, log.standing)
    assert _goals(made) == _goals(_DRIFTED)
    assert all(made.members.values())
    assert replay(_DRIFTED, log.standing)[0] == made
    # What the last standing operation put together or apart still is.
    last = log.standing[-1].operation if log.standing else None
    if isinstance(last, Merge):
        put = frozenset().union(*last.jobs.values()) - {"u2"}
        assert len({made.job_of(goal) for goal in put}) == 1
    if isinstance(last, Split):
        for part, goals in last.parts.items():
            here = goals - {"u2"}
            assert not here or here <= made.members[part]
            rest = (last.evidence - goals) - {"u2"}
            assert not here or not rest & made.members[part]
    if isinstance(last, Move) and last.job is None and last.moved in _goals(made):
        assert last.moved in made.unassigned


def test_a_merged_job_keeps_the_id_of_the_larger_and_of_equals_the_first() -> None:
    assert merge_jobs(_START, ["J-b", "J-a"]).into == "J-a"
    assert merge_jobs(_START, ["J-c", "J-b"]).into == "J-c"
    now = _now(OperationLog().append(merge_jobs(_START, ["J-b", "J-a"])))
    assert now.members["J-a"] == {"a1", "a2", "a3", "b1", "b2"}
    assert now.merged == {"J-b": "J-a"}
    assert now.current("J-b") == "J-a"


def test_a_merge_keeps_a_persons_words_and_what_was_part_of_either() -> None:
    log = OperationLog().append(rename_job(_START, "J-b", "Écrire", Language.FR))
    log = log.append(set_parent(_now(log), "J-c", "J-b"))
    log = log.append(merge_jobs(_now(log), ["J-a", "J-b"]))
    now = _now(log)
    assert now.statements["J-a"] == {Language.FR: "Écrire"}
    assert now.parents == {"J-c": "J-a"}


def test_the_part_split_off_has_the_same_id_whenever_it_is_split() -> None:
    split = split_job(_START, "J-a", [{"a3"}])
    (part,) = split.parts
    log = OperationLog().append(split)
    assert _now(log).members[part] == {"a3"}
    assert _now(log).members["J-a"] == {"a1", "a2"}
    again = log.undo().append(split_job(_now(log.undo()), "J-a", [{"a3"}]))
    assert part in _now(again).members


def test_new_evidence_goes_to_the_part_it_is_nearest_to() -> None:
    log = OperationLog().append(split_job(_START, "J-a", [{"a3"}]))
    split = log.standing[0].operation
    assert isinstance(split, Split)
    (part,) = split.parts
    grown = Arrangement({"J-a": frozenset({"a1", "a2", "a3", "n1", "n2"})})
    made, _ = replay(grown, log.standing, nearest=lambda goal, _sets: int(goal == "n2"))
    assert made.members["J-a"] == {"a1", "a2", "n1"}
    assert made.members[part] == {"a3", "n2"}


def test_what_stays_keeps_the_id_though_the_machine_now_splits_by_itself() -> None:
    log = OperationLog().append(split_job(_START, "J-a", [{"a2", "a3"}]))
    drifted = Arrangement({"J-a": frozenset({"a2", "a3"}), "J-new": frozenset({"a1", "n1"})})
    made, conflicts = replay(drifted, log.standing)
    assert made.members["J-a"] == {"a1", "n1"}
    assert {"a2", "a3"} in made.members.values()
    assert conflicts == ()


def test_what_a_person_moved_stays_moved() -> None:
    log = OperationLog().append(move_evidence(_START, "a3", "J-b"))
    log = log.append(move_evidence(_now(log), "c1", None))
    log = log.append(move_evidence(_now(log), "f1", "J-c"))
    drifted = Arrangement(
        {
            "J-a": frozenset({"a1", "a3", "c1"}),
            "J-q": frozenset({"b1", "b2"}),
            "J-c": frozenset("c"),
        },
        others=frozenset({"f1"}),
    )
    made, conflicts = replay(drifted, log.standing)
    assert made.members["J-b"] == {"a3", "b1", "b2"}, "the job is known by what is beside"
    assert made.unassigned == {"c1"}
    assert made.attached == {"f1": "J-c"}
    assert conflicts == ()


def test_an_operation_about_what_is_gone_is_told_and_changes_nothing() -> None:
    log = OperationLog().append(rename_job(_START, "J-b", "Écrire", Language.FR))
    log = log.append(move_evidence(_START, "u1", "J-a"))
    log = log.append(merge_jobs(_START, ["J-b", "J-c"]))
    left = Arrangement({"J-z": frozenset({"z0", "z1", "z2"})})
    made, conflicts = replay(left, log.standing)
    assert made == left
    assert [(item.entry, item.missing) for item in conflicts] == [
        (log.entries[0].id, "job"),
        (log.entries[1].id, "job"),
        (log.entries[2].id, "job"),
    ]


def test_a_deleted_job_comes_back_without_what_others_took() -> None:
    log = OperationLog().append(delete_job(_START, "J-b"))
    assert "J-b" not in _now(log).members
    assert _now(log).unassigned >= {"b1", "b2"}
    log = log.append(move_evidence(_now(log), "b1", "J-a"))
    log = log.append(undelete_job(_now(log), "J-b"))
    assert _now(log).members["J-b"] == {"b2"}
    assert "b1" in _now(log).members["J-a"]


def test_redo_ends_where_something_else_was_done() -> None:
    log = OperationLog().append(delete_job(_START, "J-b")).undo()
    assert log.redoable
    log = log.append(delete_job(_START, "J-c"))
    assert not log.redoable
    with pytest.raises(LookupError):
        log.redo()
    with pytest.raises(LookupError):
        OperationLog().undo()


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("jobs.no_such_job", lambda: merge_jobs(_START, ["J-a", "J-zz"])),
        ("jobs.merge_needs_two", lambda: merge_jobs(_START, ["J-a", "J-a"])),
        ("jobs.nothing_left", lambda: split_job(_START, "J-b", [{"b1", "b2"}])),
        ("jobs.not_of_this_job", lambda: split_job(_START, "J-b", [{"a1"}])),
        ("jobs.empty_part", lambda: split_job(_START, "J-b", [set()])),
        ("jobs.empty_statement", lambda: rename_job(_START, "J-b", "  ", Language.FR)),
        ("jobs.long_statement", lambda: rename_job(_START, "J-b", "x" * 301, Language.FR)),
        ("jobs.no_such_evidence", lambda: move_evidence(_START, "a9", None)),
        ("jobs.part_of_itself", lambda: set_parent(_START, "J-b", "J-b")),
        ("jobs.not_deleted", lambda: undelete_job(_START, "J-b")),
    ],
)
def test_what_makes_no_sense_is_refused(code: str, make: object) -> None:
    with pytest.raises(StudyError) as caught:
        make()  # type: ignore[operator]
    assert caught.value.code == code
