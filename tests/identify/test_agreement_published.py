"""Coefficients of agreement against the figures that their authors published."""

import numpy as np
import pytest

from embauche.identify.agreement_coefficients import (
    MISSING,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    masi_distance,
    masi_distances,
    percent_agreement,
)


def _table(cells: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Spell a cross-table out as two coders' values."""
    rows = [(a, b) for a, row in enumerate(cells) for b, n in enumerate(row) for _ in range(n)]
    one, other = np.array(rows).T
    return one, other


def _coders(*lines: str) -> np.ndarray:
    """Return (units, coders) from one line of digits or letters a coder, a dot where missing."""
    order = sorted({sign for line in lines for sign in line.split() if sign != "."})
    values = [[order.index(s) if s != "." else MISSING for s in line.split()] for line in lines]
    return np.array(values).T


# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", examples A, B and C.
_BINARY = _coders("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
_NOMINAL = _coders("a a b b d c c c e d d a", "b a b b b c c c e d d d")
_FOUR = _coders(
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


@pytest.mark.parametrize(
    ("values", "published"), [(_BINARY, 0.095), (_NOMINAL, 0.692), (_FOUR, 0.743)]
)
def test_krippendorffs_examples(values: np.ndarray, published: float) -> None:
    assert krippendorff_alpha(values) == pytest.approx(published, abs=5e-4)


def test_gwets_four_raters() -> None:
    """Gwet 2014, the same four raters (``cac.raw4raters`` of irrCAC)."""
    assert gwet_ac1(_FOUR) == pytest.approx(0.77544, abs=5e-6)
    assert percent_agreement(_FOUR) == pytest.approx(0.81818, abs=5e-6)


def test_gwets_paradox() -> None:
    """Gwet 2008: 125 subjects, 94 % agreement, and yet κ is below zero."""
    one, other = _table([[118, 5], [2, 0]])
    assert cohen_kappa(one, other) == pytest.approx(-0.0234, abs=5e-5)
    assert gwet_ac1(np.column_stack([one, other])) == pytest.approx(0.9408, abs=5e-5)
    assert percent_agreement(np.column_stack([one, other])) == pytest.approx(0.944)


def test_cohens_example() -> None:
    """Cohen 1960, table 1: 200 patients, three diagnoses."""
    assert cohen_kappa(*_table([[88, 14, 18], [10, 40, 10], [2, 6, 12]])) == pytest.approx(
        0.492, abs=5e-4
    )


def test_masi_of_passonneau() -> None:
    """Passonneau 2006: 1, 2/3, 1/3 and 0 of monotonicity times Jaccard's index."""
    assert masi_distance({"a"}, {"a"}) == 0
    assert masi_distance(set(), set()) == 0
    assert masi_distance({"a"}, {"a", "b"}) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi_distance({"a", "b"}, {"b", "c"}) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi_distance({"a"}, {"b"}) == 1
    assert masi_distance(set(), {"b"}) == 1


def test_alpha_with_distances_is_nominal_alpha_where_sets_are_single() -> None:
    sets = [frozenset("a"), frozenset("b"), frozenset("c"), frozenset("d"), frozenset("e")]
    assert krippendorff_alpha(_FOUR, distance=masi_distances(sets)) == pytest.approx(
        krippendorff_alpha(_FOUR)
    )


def test_nothing_that_varies_is_undefined() -> None:
    same = np.zeros((20, 2), dtype=int)
    assert krippendorff_alpha(same) is None
    assert cohen_kappa(same[:, 0], same[:, 1]) is None
    assert gwet_ac1(same) is None
    alone = np.array([[0, MISSING], [1, MISSING]])
    assert krippendorff_alpha(alone) is None
    assert percent_agreement(alone) is None
    assert cohen_kappa(alone[:, 0], alone[:, 1]) is None


def test_kappa_is_that_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(3)
    for _ in range(20):
        one = rng.integers(0, 4, 60)
        other = np.where(rng.random(60) < 0.6, one, rng.integers(0, 4, 60))
        assert cohen_kappa(one, other) == pytest.approx(metrics.cohen_kappa_score(one, other))


def test_alpha_is_that_of_the_reference_package() -> None:
    reference = pytest.importorskip("krippendorff", reason="krippendorff is not installed")
    values = np.where(_FOUR == MISSING, np.nan, _FOUR).T
    assert krippendorff_alpha(_FOUR) == pytest.approx(
        reference.alpha(values, level_of_measurement="nominal")
    )


def test_ac1_is_that_of_the_reference_package() -> None:
    reference = pytest.importorskip("irrCAC.raw", reason="irrCAC is not installed")
    frame = pytest.importorskip("pandas").DataFrame(_FOUR).replace(MISSING, None)
    found = reference.CAC(frame).gwet()["est"]["coefficient_value"]
    assert gwet_ac1(_FOUR) == pytest.approx(found, abs=1e-4)
