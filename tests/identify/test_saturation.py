"""Saturation against published figures, and its properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.errors import StatisticsError
from embauche.identify.richness import (
    Heard,
    chao2,
    coming,
    coverage,
    expected_heard,
    heard,
    ordering_band,
    unheard,
)
from embauche.identify.saturation import Saturation, Verdict, saturation
from embauche.messages import messages


def _heard(interviews: int, observed: int, once: int, twice: int) -> Heard:
    """Make frequencies with that many of one and of two; the others do not matter."""
    rest = observed - once - twice
    return Heard(interviews, (*[1] * once, *[2] * twice, *[9] * rest))


# Ants of five elevations (Longino and Colwell 2011), as iNEXT's documentation prints them:
# samples, incidences, species, Q1, Q2, coverage, Chao2.
_ANTS = [
    (599, 5976, 227, 49, 23, 0.9918134, 279.108514),
    (230, 2943, 241, 71, 34, 0.9759754, 314.810038),
    (150, 1730, 122, 28, 16, 0.9839382, 146.336667),
    (200, 1170, 56, 13, 4, 0.9889231, 77.019375),
    (200, 271, 14, 1, 2, 0.9963827, 14.248750),
]


@pytest.mark.parametrize(("m", "u", "s", "q1", "q2", "share", "total"), _ANTS)
def test_chao2_and_coverage_of_the_ants(
    m: int, u: int, s: int, q1: int, q2: int, share: float, total: float
) -> None:
    assert s + chao2(_heard(m, s, q1, q2)).value == pytest.approx(total, abs=1e-6)
    assert float(coverage(q1, q2, u, m)) == pytest.approx(share, abs=1e-7)


@pytest.mark.parametrize(
    ("row", "more", "expected"),
    [(2, 71, 132.189999), (2, 150, 138.600961), (0, 284, 245.732481), (4, 95, 14.211194)],
)
def test_what_more_samples_bring_of_the_ants(row: int, more: int, expected: float) -> None:
    """The extrapolated curves that iNEXT prints for the same data."""
    m, _, s, q1, q2, *_ = _ANTS[row]
    assert s + float(coming(q1, q2, m, more)) == pytest.approx(expected, abs=1e-6)


def test_the_mean_curve_of_the_ants() -> None:
    """The rarefied curve that iNEXT prints for the highest elevation."""
    ants = Heard(200, (1, 2, 2, 3, 4, 8, 8, 13, 15, 19, 23, 34, 59, 80))
    mean = expected_heard(ants)
    assert mean[0] == pytest.approx(1.355)
    assert mean[99] == pytest.approx(12.811923, abs=1e-6)
    assert mean[-1] == pytest.approx(14)


@pytest.mark.parametrize(
    ("m", "s", "q1", "q2", "total", "se"),
    [(3, 16, 5, 7, 17.19048, 1.5895675), (5, 21, 3, 7, 21.51429, 0.9511693)],
)
def test_the_standard_error_of_chao2(
    m: int, s: int, q1: int, q2: int, total: float, se: float
) -> None:
    """Dune meadows by management (BF, HF), as vegan's documentation of specpool prints them."""
    found = chao2(_heard(m, s, q1, q2))
    assert s + found.value == pytest.approx(total, abs=1e-5)
    assert found.se == pytest.approx(se, abs=1e-7)


@pytest.mark.parametrize(
    ("m", "s", "q1", "q2", "low", "high"),
    [(168, 26, 12, 4, 30.511, 96.971), (252, 37, 14, 4, 43.502, 128.583)],
)
def test_the_log_normal_interval(m: int, s: int, q1: int, q2: int, low: float, high: float) -> None:
    """Spiders (girdled, logged) of iNEXT's introduction: the same formula with m individuals."""
    found = chao2(_heard(m, s, q1, q2))
    assert s + found.low == pytest.approx(low, abs=1e-3)
    assert s + found.high == pytest.approx(high, abs=1e-3)


def test_coverage_is_that_of_its_bootstrap() -> None:
    """iNEXT's interval for ants at 1,070 m is 0.9792 to 0.9887; rare items make nearly all of it."""
    rng = np.random.default_rng(1)
    counts = [1] * 28 + [2] * 16 + [3] * 13 + [4] * 3 + [7] * 8 + [12] * 14 + [35] * 38 + [49] * 2
    table = np.zeros((150, len(counts)), dtype=bool)
    for item, n in enumerate(counts):
        table[rng.choice(150, n, replace=False), item] = True
    found = saturation(table, seed=3).coverage
    assert found.value == pytest.approx(0.984, abs=0.002)
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low == pytest.approx(0.9887 - 0.9792, rel=0.3)


def _drawn(interviews: int, chances: np.ndarray, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((interviews, len(chances))) < chances


def test_what_was_left_out_is_estimated() -> None:
    """Half of twenty items are rare; what a second lot of interviews really brings is foretold."""
    chances = np.array([0.6] * 10 + [0.05] * 10)
    foretold, brought = [], []
    for seed in range(200):
        table = _drawn(18, chances, seed)
        first = table[:15]
        foretold.append(saturation(first, orderings=2, resamples=2).coming[3].value)
        brought.append((table.any(axis=0) & ~first.any(axis=0)).sum())
    assert np.mean(foretold) == pytest.approx(np.mean(brought), abs=0.15)


def test_the_interval_covers_equal_chances() -> None:
    """Chao2 is unbiased where items are equally likely; its interval covers a little too seldom."""
    inside = 0
    for seed in range(200):
        said = heard(_drawn(14, np.full(20, 0.12), seed))
        found = chao2(said)
        inside += found.low - 1e-9 <= 20 - said.observed <= found.high + 1e-9
    assert 0.8 <= inside / 200 <= 0.97


def test_verdicts() -> None:
    everything = np.ones((12, 6), dtype=bool)
    assert saturation(everything).verdict is Verdict.UNLIKELY
    assert saturation(np.eye(12, dtype=bool)).verdict is Verdict.ADDS
    assert saturation(everything[:4]).verdict is Verdict.TOO_FEW
    assert saturation(np.zeros((9, 0), dtype=bool)).verdict is Verdict.TOO_FEW
    few = np.ones((7, 3), dtype=bool)
    few[1:, 0] = False
    assert saturation(few).verdict is Verdict.TOO_FEW, "one item heard once in seven interviews"


def test_nothing_heard_once_is_no_proof_in_few_interviews() -> None:
    """Poisson's limit of zero is 3.689 (97.5 %): a third of it a dozen interviews, times three."""
    found = saturation(np.ones((12, 6), dtype=bool)).coming[3]
    assert found.value == 0
    assert found.high == pytest.approx(3 * 3.6889 / 12, abs=1e-4)
    assert saturation(np.ones((8, 6), dtype=bool)).verdict is Verdict.TOO_FEW


def test_a_closed_set_has_nothing_beyond_it() -> None:
    table = np.ones((12, 4), dtype=bool)
    table[1:, :2] = False
    open_, closed = saturation(table), saturation(table, most=4)
    assert open_.unheard.value == pytest.approx(11 / 12)
    assert (closed.unheard.value, closed.unheard.high, closed.coming[3].high) == (0, 0, 0)
    assert closed.verdict is Verdict.UNLIKELY
    assert saturation(table, most=5).unheard.high == 1


def test_no_interview_is_an_error() -> None:
    with pytest.raises(StatisticsError):
        saturation(np.zeros((0, 3)))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(0, 15))
def test_properties(seed: int, interviews: int, items: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.random((interviews, items)) < rng.random(items)
    found = saturation(table, orderings=60, resamples=30, seed=seed)
    mean, low, high = (np.array(x) for x in (found.curve.mean, found.curve.low, found.curve.high))
    assert len(mean) == interviews
    assert mean[-1] == low[-1] == high[-1] == found.observed == table.any(axis=0).sum()
    assert (np.diff(mean) >= -1e-9).all()
    assert (low <= high).all()
    assert found.unheard.value is not None
    assert found.unheard.value >= 0
    assert 0 <= found.unheard.low <= found.unheard.high  # type: ignore[operator]
    new = [found.coming[t].value for t in (1, 2, 3)]
    assert 0 <= new[0] <= new[1] <= new[2] <= found.unheard.value + 1e-9  # type: ignore[operator]
    if found.coverage.value is not None:
        assert 0 <= found.coverage.low <= found.coverage.value <= found.coverage.high <= 1  # type: ignore[operator]
    shuffled = saturation(rng.permutation(table), orderings=60, resamples=30, seed=seed)
    assert shuffled.unheard == found.unheard
    assert np.allclose(shuffled.curve.mean, found.curve.mean)


def test_the_mean_of_random_orderings_is_the_mean_of_all() -> None:
    table = _drawn(9, np.linspace(0.05, 0.9, 14), 4)
    low, high = ordering_band(table, orderings=4000, level=0.0, seed=1)
    assert np.allclose(low, high), "a band of no width is the median"
    assert np.abs(low - expected_heard(heard(table))).max() < 1.0
    assert float(unheard(0, 0, 9)) == 0


@pytest.mark.parametrize("kind", ["jobs", "goals", "facets", "themes"])
def test_the_finding_in_words(kind: str) -> None:
    tables: list[np.ndarray] = [np.ones((12, 6)), np.eye(12), np.ones((4, 2))]
    for table in tables:
        found: Saturation = saturation(table, kind=kind)
        for language in ("fr", "en"):
            words = messages(language)
            for notice in (*found.said, *found.notices):
                assert f"notice.{notice.code}" in words
                assert words.notice(notice)
    english = messages("en").notice(saturation(np.eye(12), kind=kind).said[0])
    assert english.startswith("After 12 interviews")
    nothing = saturation(np.ones((12, 6)), kind=kind).said[0]
    assert "at least about 0.0 more" not in messages("en").notice(nothing)
    assert "nothing suggests" in messages("en").notice(nothing)
