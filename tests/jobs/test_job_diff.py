"""What changed between two job maps, and jobs known again by their evidence."""

from embauche.jobs.diff import Change, JobState, diff_jobs, states_of_results
from embauche.jobs.identity import same_jobs
from embauche.vocabulary import JobType, Language


def _state(key: str, goals: str, words: str = "x", people: int = 2) -> JobState:
    return JobState(key, frozenset(goals), {Language.EN: words}, JobType.FUNCTIONAL, people, 9)


def test_jobs_are_known_again_by_half_of_their_evidence_each_once() -> None:
    known = {"A": [set("abcd")], "B": [set("efgh")], "C": [set("xy")]}
    found = same_jobs([set("abce"), set("fgh"), set("xz")], known)
    assert found == {0: "A", 1: "B"}, "C shares one of three, which is too little"
    assert same_jobs([], known) == {} == same_jobs([{"a"}], {})


def test_the_best_pairs_win_together() -> None:
    known = {"A": [set("abcdef")], "B": [set("abc")]}
    assert same_jobs([set("abc"), set("abcdef")], known) == {0: "B", 1: "A"}


def test_every_kind_of_change_is_told() -> None:
    before = [
        _state("same", "ab"),
        _state("grown", "cd"),
        _state("one", "efgh"),
        _state("two", "ij"),
        _state("large", "klmnop"),
        _state("gone", "qr"),
        _state("words", "st", "old"),
    ]
    after = [
        _state("same", "ab"),
        _state("grown", "cdz", people=3),
        _state("one", "efghij"),
        _state("large", "klmn"),
        _state("part", "op"),
        _state("new", "uvw"),
        _state("words", "st", "new"),
    ]
    found = diff_jobs(before, after)
    told = {item.job: item.change for item in found.changes}
    assert told == {
        "same": Change.SAME,
        "grown": Change.CHANGED,
        "one": Change.MERGED,
        "large": Change.CHANGED,
        "part": Change.SPLIT,
        "new": Change.NEW,
        "words": Change.SAME,
        "gone": Change.GONE,
    }
    by_id = {item.job: item for item in found.changes}
    assert by_id["one"].others == ("two",)
    assert by_id["part"].others == ("large",)
    assert (by_id["grown"].goals, by_id["grown"].participants) == (1, 1)
    assert by_id["large"].goals == -2
    assert [item.job for item in found.renamed] == ["words"]
    (notice,) = found.notices()
    assert (notice.params["new"], notice.params["gone"], notice.params["renamed"]) == (1, 1, 1)


def test_nothing_changed_is_nothing_said_whatever_the_ids() -> None:
    found = diff_jobs([_state("A", "ab")], [_state("B", "ab")])
    assert not found.moved
    assert found.notices() == ()
    assert found.changes[0].before is not None
    assert found.changes[0].before.id == "A"


def test_a_job_in_three_parts_is_split_not_gone() -> None:
    after = [_state("B", "abx"), _state("C", "cdy"), _state("D", "efz")]
    found = diff_jobs([_state("A", "abcdef")], after)
    kinds = [item.change for item in found.changes]
    assert kinds.count(Change.GONE) == kinds.count(Change.NEW) == 0


def test_a_job_that_new_interviews_make_three_times_as_large_is_the_same() -> None:
    found = diff_jobs([_state("A", "abc"), _state("B", "xyz")], [_state("C", "abcdefghi")])
    assert [(item.change, item.goals) for item in found.changes] == [
        (Change.CHANGED, 6),
        (Change.GONE, -3),
    ]


def test_the_jobs_of_a_results_file_are_read() -> None:
    data = {
        "jobs": [
            {
                "id": "J-1",
                "type": "social",
                "statements": {"fr": "Montrer que tout est prêt"},
                "participants": 3,
                "evidence": {"job.social": ["a"], "objective": ["b"], "frustration": ["c"]},
            }
        ]
    }
    (state,) = states_of_results(data)
    assert state.goals == {"a", "b"}
    assert (state.type, state.participants, state.evidence) == (JobType.SOCIAL, 3, 3)
