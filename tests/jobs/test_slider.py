"""The threshold slider: cuts that are nested, made from one grouping, and the same as `group`'s."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.collect.source import Corpus
from embauche.identify.evidence import Evidence
from embauche.jobs import (
    DEFAULT_THRESHOLD,
    OperationLog,
    PeoplesWork,
    at_thresholds,
    group,
    merge_jobs,
    slider,
)
from embauche.jobs.slider import Slider, numbered
from embauche.jobs.thresholds import THRESHOLDS
from embauche.vocabulary import Facet, Language

CUTS = (0.1, 0.4, 0.6, 0.7, 0.8, DEFAULT_THRESHOLD, 0.9, 0.95, 1.0, 1.1, 1.5)
FACETS = (Facet.JOB_FUNCTIONAL, Facet.JOB_FUNCTIONAL, Facet.JOB_SOCIAL, Facet.OBJECTIVE)


def said(n: int, seed: int, people: int = 9) -> tuple[list[Evidence], np.ndarray]:
    """Return n goals around six themes in 24 dimensions; three themes in four have two sides."""
    rng = np.random.default_rng(seed)
    themes = rng.normal(size=(6, 24))
    sides = themes[:, None, :] + 0.8 * rng.normal(size=(6, 2, 24))
    rows = sides[rng.integers(6, size=n), rng.integers(2, size=n)] + rng.normal(0, 0.7, (n, 24))
    goals = []
    for row in range(n):
        who = f"p{rng.integers(people)}"
        facet = FACETS[int(rng.integers(len(FACETS)))]
        goals.append(
            Evidence(
                f"e{row:04}", who, who, 10 * row, 10 * row + 8, "Je veux.", facet, Language.FR,
                "machine:test", confidence=float(rng.uniform(0.2, 1.0)),
            )
        )  # fmt: skip
    goals.sort(key=lambda item: (item.source, item.start))
    return goals, rows / np.linalg.norm(rows, axis=1, keepdims=True)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 120), st.integers(1, 12))
def test_each_cut_is_nested_in_the_next(seed: int, n: int, people: int) -> None:
    goals, placed = said(n, seed, people)
    made = Slider(goals, placed)
    for finer, coarser in pairwise(made.at(cut) for cut in CUTS):
        for job in range(int(finer.max(initial=-1)) + 1):
            held = set(coarser[finer == job].tolist())
            assert len(held) == 1, "a job is torn apart as the threshold rises"
            assert -1 not in held, "a goal falls out of its job as the threshold rises"
        assert coarser.max(initial=-1) <= finer.max(initial=-1)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_no_cut_has_more_jobs_than_asked_for(seed: int, most: int) -> None:
    goals, placed = said(90, seed)
    made = Slider(goals, placed, most)
    assert all(made.at(cut).max(initial=-1) < most for cut in CUTS)


def test_a_lower_threshold_divides_what_a_higher_one_holds_together() -> None:
    goals, placed = said(160, 3)
    counts = [int(Slider(goals, placed).at(cut).max()) + 1 for cut in (0.5, DEFAULT_THRESHOLD, 1.0)]
    assert counts[0] > counts[1] > counts[2] >= 1


@pytest.mark.parametrize("cut", [0.6, DEFAULT_THRESHOLD, 0.95])
def test_the_slider_shows_what_group_makes(cut: float) -> None:
    goals, vectors = said(120, 5)
    (row,) = at_thresholds(goals, vectors, thresholds=(cut,))
    made = group(goals, vectors, corpus=Corpus((), ()), language=Language.FR, threshold=cut)
    of_slider = {
        frozenset(key for key, label in row.labels.items() if label == job)
        for job in range(row.jobs)
    }
    of_group = {
        frozenset(a.evidence for cell in job.cells.values() for a in cell) for job in made.jobs
    }
    assert of_slider == of_group
    assert {key for key, label in row.labels.items() if label < 0} == set(made.unassigned)
    assert row.unassigned == len(made.unassigned)


def test_the_default_is_one_of_the_cuts_that_are_shown() -> None:
    assert DEFAULT_THRESHOLD in THRESHOLDS
    assert list(THRESHOLDS) == sorted(set(THRESHOLDS))


def test_twenty_cuts_group_once_and_link_each_job_once(monkeypatch: pytest.MonkeyPatch) -> None:
    goals, vectors = said(200, 7)
    calls = {"label_goals": 0, "tree_of": 0}
    for name in calls:
        own = getattr(slider, name)

        def counted(*args, own=own, name=name, **options):
            calls[name] += 1
            return own(*args, **options)

        monkeypatch.setattr(slider, name, counted)
    cuts = [round(0.4 + 0.04 * step, 2) for step in range(20)]
    rows = at_thresholds(goals, vectors, thresholds=cuts)
    assert len(rows) == 20
    assert calls["label_goals"] == 1
    (ground,) = at_thresholds(goals, vectors, thresholds=(DEFAULT_THRESHOLD,))
    assert calls["tree_of"] == ground.jobs > 2


def test_statements_beyond_what_is_compared_stay_with_their_nearest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slider, "_COMPARED_AT_MOST", 12)
    goals, placed = said(150, 9)
    made = Slider(goals, placed)
    held = [int((made.at(cut) >= 0).sum()) for cut in CUTS]
    assert held == sorted(held)
    assert made.at(DEFAULT_THRESHOLD).max() <= made.at(0.6).max()


def test_labels_are_numbered_by_first_member() -> None:
    assert numbered(np.array([5, -1, 2, 5, 2, 9])).tolist() == [0, -1, 1, 0, 1, 2]
    assert numbered(np.array([-1, -1])).tolist() == [-1, -1]
    assert numbered(np.array([], dtype=np.int64)).tolist() == []


def test_peoples_work_is_done_again_at_every_cut_as_the_analysis_does_it() -> None:
    goals, rows = said(120, 5)
    corpus = Corpus((), ())
    first = group(goals, rows, corpus=corpus, language=Language.FR)
    jobs = first.arrangement
    assert jobs is not None
    one, other = (job.id for job in first.jobs[:2])
    log = OperationLog().append(merge_jobs(jobs, [one, other]))
    together = (frozenset({goals[0].id, goals[1].id}),)
    seen = frozenset().union(*first.found.values())
    people = PeoplesWork(together, log.standing, dict(first.found), seen)
    rows_of = at_thresholds(goals, rows, thresholds=(0.7, DEFAULT_THRESHOLD), people=people)
    for row in rows_of:
        made = group(
            goals, rows, corpus=corpus, language=Language.FR, threshold=row.threshold,
            together=together, operations=log.standing, known=first.found, seen=seen,
        )  # fmt: skip
        assert row.jobs == len(made.jobs)
        assert set(row.ids) == {job.id for job in made.jobs}
        assert made.arrangement is not None
        for place, key in enumerate(row.ids):
            held = {goal for goal, label in row.labels.items() if label == place}
            assert held == made.arrangement.members[key]
    plain = at_thresholds(goals, rows, thresholds=(DEFAULT_THRESHOLD,))
    assert plain[0].ids == ()
    assert plain[0].jobs > rows_of[1].jobs, "what was merged stays one"
