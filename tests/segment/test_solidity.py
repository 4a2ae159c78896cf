"""Likelihood-ratio test, stability across solutions, simulation and replicates."""

import threading
import time

import numpy as np
import polars as pl
import pytest

from embauche.segment.across import flows, stability_across
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.likelihood_ratio import ENOUGH, bootstrap_likelihood_ratio
from embauche.segment.patterns import Patterns, collapse, encode
from embauche.segment.replicates import UnwantedError, in_order, leave_if_unwanted
from embauche.segment.simulation import simulate
from embauche.segment.stability import bootstrap_stability


def _patterns(frame: object, kinds: dict[str, str] | None = None) -> tuple[Patterns, tuple]:
    columns, codes = encode(frame, kinds=kinds)
    sizes = np.array([column.size for column in columns])
    return collapse(codes, sizes, np.ones(len(codes)), columns), columns


def _two_classes(n: int = 300, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    theta = np.array([[0.15] * 8, [0.85] * 4 + [0.2] * 4])
    return (rng.random((n, 8)) < theta[rng.integers(0, 2, n)]).astype(int)


def test_the_ratio_test_finds_two_classes_and_no_third() -> None:
    patterns, columns = _patterns(_two_classes())
    models = {
        k: LatentClassModel(k, n_starts=20).fit_patterns(patterns, columns) for k in (1, 2, 3)
    }
    two = bootstrap_likelihood_ratio(
        patterns, models[1], models[2], np.random.SeedSequence(1), draws=19
    )
    three = bootstrap_likelihood_ratio(
        patterns, models[2], models[3], np.random.SeedSequence(1), draws=19
    )
    assert (two.k, two.draws, two.p) == (2, 19, pytest.approx(1 / 20))
    assert two.ratio == pytest.approx(
        2 * (models[2].log_likelihood_ - models[1].log_likelihood_), abs=1e-9
    )
    assert three.p > 0.05


def test_the_ratio_test_ends_early_where_the_answer_is_clear() -> None:
    noise = np.random.default_rng(3).integers(0, 2, (200, 6))
    patterns, columns = _patterns(noise)
    models = [LatentClassModel(k, n_starts=10).fit_patterns(patterns, columns) for k in (2, 3)]
    seen: list[float] = []
    found = bootstrap_likelihood_ratio(
        patterns, *models, np.random.SeedSequence(0), draws=60, progress=seen.append
    )
    assert found.draws < 60
    assert found.p == pytest.approx((ENOUGH + 1) / (found.draws + 1))
    assert seen == [(i + 1) / 60 for i in range(found.draws)]


def test_the_ratio_test_holds_its_level_under_one_class() -> None:
    rng = np.random.default_rng(11)
    refused = 0
    for _ in range(20):
        patterns, columns = _patterns(rng.integers(0, 2, (150, 5)))
        models = [LatentClassModel(k, n_starts=8).fit_patterns(patterns, columns) for k in (1, 2)]
        seed = np.random.SeedSequence(int(rng.integers(1 << 30)))
        refused += bootstrap_likelihood_ratio(patterns, *models, seed, draws=19).p <= 0.05
    assert refused <= 4  # of 20 at 5 %: more than four has a chance of 1 in 400


def test_simulated_respondents_follow_the_model_and_keep_the_gaps() -> None:
    rng = np.random.default_rng(2)
    n = 4000
    classes = rng.integers(0, 2, n)
    frame = pl.DataFrame(
        {
            "yes": (rng.random(n) < np.where(classes, 0.8, 0.3)).astype(int),
            "often": rng.poisson(np.where(classes, 6.0, 1.0)),
            "spent": np.round(rng.normal(np.where(classes, 50.0, 20.0), 5.0), 1),
            "rank": rng.integers(1, 4, n),
        }
    ).with_columns(pl.when(pl.int_range(n) % 5 == 0).then(None).otherwise("spent").alias("spent"))
    kinds = {"often": "count", "spent": "gaussian", "rank": "ordinal"}
    patterns, columns = _patterns(frame, kinds)
    model = LatentClassModel(2, n_starts=5, kinds=kinds).fit_patterns(patterns, columns)
    drawn, known = simulate(
        patterns, columns, model._rows, model.class_shares_, np.random.default_rng(5)
    )
    codes = drawn.codes[drawn.inverse]
    spent = known[2].values[codes[:, 2]][codes[:, 2] >= 0]
    often = known[1].values[codes[:, 1]]
    assert (codes[:, 2] < 0).sum() == n // 5
    assert (codes[:, [0, 1, 3]] >= 0).all()
    assert codes[:, 0].mean() == pytest.approx(frame["yes"].mean(), abs=0.03)
    assert often.mean() == pytest.approx(frame["often"].mean(), abs=0.15)
    assert often.var() == pytest.approx(frame["often"].var(), rel=0.1)
    assert spent.mean() == pytest.approx(frame["spent"].mean(), abs=0.8)
    assert spent.std() == pytest.approx(frame["spent"].std(), rel=0.06)
    assert np.allclose(spent, np.round(spent, 1))


def test_segments_across_solutions_by_hand() -> None:
    before = np.array([0, 0, 0, 0, 1, 1, 1, 1, -1])
    after = np.array([0, 0, 2, 2, 1, 1, 2, 2, 0])
    table = flows(before, after, np.ones(9), (2, 3))
    assert table.tolist() == [[2, 0, 2], [0, 2, 2]]
    assert stability_across(table) == pytest.approx([1.0, 1.0, 0.0])
    three = np.array([[3.0, 0, 1, 0], [0, 2, 1, 0], [0, 0, 2, 0]])
    found = stability_across(three)
    share = np.array([0.25, 0.25, 0.5])
    assert found[:3] == pytest.approx([1, 1, 1 + (share * np.log(share)).sum() / np.log(3)])
    assert np.isnan(found[3])
    assert stability_across(np.array([[4.0, 2.0]])).tolist() == [1.0, 1.0]


def test_replicates_come_in_order_and_stop_when_nobody_asks() -> None:
    begun: list[int] = []

    def work(i: int) -> int:
        begun.append(i)
        return i * i

    taken = in_order(work, range(1000))
    assert [next(taken) for _ in range(5)] == [0, 1, 4, 9, 16]
    taken.close()
    assert len(begun) < 100
    assert list(in_order(work, [])) == []

    def fails(_: int) -> int:
        raise KeyError

    with pytest.raises(KeyError):
        list(in_order(fails, range(3)))


def test_stability_says_its_error_and_does_not_depend_on_the_number_of_cores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    patterns, columns = _patterns(_two_classes(120))
    solution = LatentClassModel(2, n_starts=5).fit_patterns(patterns, columns).solution()
    found = []
    for workers in (1, 3):
        monkeypatch.setattr("embauche.segment.replicates.WORKERS", workers)
        found.append(bootstrap_stability(patterns, *solution, np.random.SeedSequence(4), refits=6))
    assert found[0].overall == found[1].overall
    assert found[0].by_class.tolist() == found[1].by_class.tolist()
    assert 0 < found[0].error < 0.2


def test_whoever_waits_may_stop_at_once_and_the_work_ends_by_itself() -> None:
    left, ended = threading.Event(), threading.Event()

    def work(_: int) -> None:
        try:
            for _ in range(3000):
                time.sleep(0.01)
                leave_if_unwanted()
        except UnwantedError:
            left.set()
            raise
        finally:
            ended.set()

    def waiting() -> None:
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        list(in_order(work, range(8), waiting))
    assert time.monotonic() - began < 5
    assert ended.wait(5)
    assert left.is_set(), "what had begun left by itself"


def test_outside_of_replicates_nobody_leaves() -> None:
    leave_if_unwanted()
