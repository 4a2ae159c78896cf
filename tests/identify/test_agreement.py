"""Agreement per facet and overall: intervals, pooling, doubts and disagreements."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.errors import StatisticsError
from embauche.identify.agreement import Agreement, agreement
from embauche.identify.agreement_coefficients import (
    MISSING,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)
from embauche.identify.coded_units import CodedUnits, CodingUnit, coded_sets
from embauche.identify.disagreements import disagreements
from embauche.vocabulary import Facet

_FACETS = (Facet.OBJECTIVE, Facet.FRUSTRATION, Facet.EMOTION)


def _units(n: int, a_source: int = 10) -> list[CodingUnit]:
    return [CodingUnit(f"s{i // a_source}", i * 10, i * 10 + 9, f"Phrase {i}.") for i in range(n)]


def _coded(values: np.ndarray, a_source: int = 10) -> CodedUnits:
    coders = tuple(f"person:{letter}" for letter in "abcdef"[: values.shape[1]])
    units = tuple(_units(len(values), a_source))
    return CodedUnits(units, coders, _FACETS, values.astype(np.int8))


def _drawn(n: int, coders: int, seed: int, share: float = 0.2, noise: float = 0.1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    truth = rng.random((n, 1, 3)) < share
    return np.where(rng.random((n, coders, 3)) < noise, ~truth, truth).astype(np.int8)


def _codes(found: Agreement) -> dict[str, list[str]]:
    return {notice.code: notice.params.get("facets", []) for notice in found.notices}


def test_each_facet_is_its_own_decision() -> None:
    values = _drawn(300, 3, 1)
    values[::7, 1] = MISSING
    found = agreement(_coded(values), resamples=50)
    for column, facet in enumerate(_FACETS):
        one = values[:, :, column]
        row = found.facet(facet)
        assert row.alpha.value == pytest.approx(krippendorff_alpha(one))
        assert row.ac1.value == pytest.approx(gwet_ac1(one))
        assert row.percent.value == pytest.approx(percent_agreement(one))
        pairs = [cohen_kappa(one[:, a], one[:, b]) for a, b in ((0, 1), (0, 2), (1, 2))]
        assert row.kappa.value == pytest.approx(np.mean(pairs))
    assert found.units == 300
    assert found.sources == 30


def test_overall_pools_observed_and_chance_agreement() -> None:
    """De Vries et al. 2008: mean observed and mean expected agreement, then one κ."""
    values = _drawn(400, 2, 2)
    found = agreement(_coded(values), resamples=10)
    observed, chance = [], []
    for column in range(3):
        a, b = values[:, 0, column], values[:, 1, column]
        observed.append((a == b).mean())
        chance.append(a.mean() * b.mean() + (1 - a.mean()) * (1 - b.mean()))
    expected = (np.mean(observed) - np.mean(chance)) / (1 - np.mean(chance))
    assert found.overall.kappa.value == pytest.approx(expected)
    assert found.overall.percent.value == pytest.approx(np.mean(observed))


def test_a_facet_that_nobody_uses_is_undefined_and_does_not_raise_the_whole() -> None:
    values = _drawn(300, 2, 4)
    values[:, :, 2] = 0
    found = agreement(_coded(values), resamples=50)
    unused = found.facet(Facet.EMOTION)
    assert (unused.alpha.value, unused.kappa.value, unused.ac1.value) == (None, None, None)
    assert _codes(found)["agreement.unused"] == ["emotion"]
    two = CodedUnits(_coded(values).units, ("person:a", "person:b"), _FACETS[:2], values[:, :, :2])
    assert found.overall.ac1 == agreement(two, resamples=50).overall.ac1
    assert found.overall.percent == agreement(two, resamples=50).overall.percent


def test_uncoded_sentences_count() -> None:
    """Two coders who agree on silence agree: leaving silence out would change the figures."""
    units = _units(40)
    sets = [({"objective"}, {"objective"})] * 9 + [({"objective"}, set())] + [(set(), set())] * 30
    coded = coded_sets(units, sets, ("person:a", "person:b"), _FACETS)
    row = agreement(coded, resamples=10).facet(Facet.OBJECTIVE)
    assert row.units == 40
    assert row.percent.value == pytest.approx(39 / 40)
    assert dict(row.codes) == {"person:a": 10, "person:b": 9}


def test_what_a_coder_did_not_look_at_is_left_out() -> None:
    units = _units(20)
    seen = [({"objective"}, {"objective"}), (set(), set())] * 5
    sets = [*seen, *([({"objective"}, None)] * 10)]
    coded = coded_sets(units, sets, ("person:a", "person:b"), _FACETS)
    assert agreement(coded, resamples=10).units == 10


def test_the_paradox_of_kappa_is_told() -> None:
    values = np.zeros((125, 2, 3), dtype=np.int8)
    values[:5, 0, 0] = values[5:7, 1, 0] = 1
    values[:30, :, 1] = 1
    found = agreement(_coded(values), resamples=50)
    assert found.facet(Facet.OBJECTIVE).kappa.value == pytest.approx(-0.0234, abs=5e-5)
    assert _codes(found)["agreement.paradox"] == ["objective"]
    assert _codes(found)["agreement.perfect"] == ["frustration"]
    assert "agreement.few_units" not in _codes(found)


def test_intervals_resample_sources() -> None:
    """Units of a source that are copies of each other add nothing: the interval knows."""
    one = _drawn(60, 2, 5)
    apart = agreement(_coded(one, a_source=1), resamples=500)
    copied = agreement(_coded(np.repeat(one, 10, axis=0), a_source=10), resamples=500)
    assert copied.overall.percent.value == pytest.approx(apart.overall.percent.value)
    width = [
        found.overall.percent.high - found.overall.percent.low  # type: ignore[operator]
        for found in (apart, copied)
    ]
    assert width[1] == pytest.approx(width[0], rel=0.25)
    assert agreement(_coded(one), resamples=50, seed=2) != agreement(_coded(one), resamples=50)
    assert agreement(_coded(one), resamples=50) == agreement(_coded(one), resamples=50)


def test_one_source_has_no_interval() -> None:
    found = agreement(_coded(_drawn(30, 2, 6), a_source=100))
    assert found.overall.alpha.value is not None
    assert found.overall.alpha.low is None
    assert {"agreement.too_few_sources", "agreement.few_units"} <= set(_codes(found))


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Percent agreement of 40 sources is known here: 0.9² + 0.1² = 0.82."""
    inside = 0
    for seed in range(120):
        found = agreement(_coded(_drawn(400, 2, seed), a_source=10), resamples=300, seed=seed)
        low, high = found.overall.percent.low, found.overall.percent.high
        inside += low <= 0.82 <= high  # type: ignore[operator]
    assert 0.88 <= inside / 120 <= 0.99


def test_nothing_shared_is_an_error() -> None:
    coded = coded_sets(_units(2), [(set(), None), (None, set())], ("person:a", "person:b"))
    with pytest.raises(StatisticsError) as caught:
        agreement(coded)
    assert caught.value.code == "agreement.nothing_shared"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4), st.integers(5, 60))
def test_the_order_of_coders_and_units_does_not_matter(seed: int, coders: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(-1, 2, (n, coders, 3)).astype(np.int8)
    values[0] = 0
    found = agreement(_coded(values), resamples=5)
    shuffled = values[rng.permutation(n)][:, rng.permutation(coders)]
    again = agreement(_coded(shuffled), resamples=5)
    for one, other in zip(
        (*found.facets, found.overall), (*again.facets, again.overall), strict=True
    ):
        for name in ("alpha", "kappa", "ac1", "percent"):
            assert getattr(one, name).value == pytest.approx(getattr(other, name).value)
            value = getattr(one, name).value
            assert value is None or value <= 1 + 1e-12


def test_disagreements_come_by_contention() -> None:
    sets = [
        ({"objective"}, {"objective"}),
        ({"objective"}, {"objective", "emotion"}),
        ({"objective"}, set()),
        ({"objective"}, {"frustration"}),
        ({"objective"}, None),
    ]
    coded = coded_sets(_units(5), sets, ("person:a", "machine:1"), _FACETS)
    found = disagreements(coded)
    assert [item.unit.start for item in found] == [30, 20, 10]
    assert [item.contention for item in found] == [1.0, 1.0, pytest.approx(2 / 3)]
    first = found[0]
    assert first.disputed == (Facet.OBJECTIVE, Facet.FRUSTRATION)
    assert first.given_by[Facet.FRUSTRATION] == ("machine:1",)
    assert first.withheld_by[Facet.FRUSTRATION] == ("person:a",)
    assert first.to_dict()["said"] == {"person:a": ["objective"], "machine:1": ["frustration"]}


def test_the_coders_of_the_gold_file_agree_as_its_readme_says(shared_data: Path) -> None:
    lines = (shared_data / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if "coder_a" in row]
    units = [CodingUnit(row["source"], i, i + 1, row["text"]) for i, row in enumerate(rows)]
    sets = [(row["coder_a"], row["coder_b"]) for row in rows]
    facets = tuple(facet for facet in Facet if facet is not Facet.PULL)
    found = agreement(coded_sets(units, sets, ("a", "b"), facets))
    assert found.units == 448
    often = [row for row in found.facets if min(row.codes.values()) >= 10]
    assert len(often) == 7
    for row in often:
        assert row.kappa.value is not None
        assert 0.865 <= row.kappa.value <= 0.985
    assert len(disagreements(coded_sets(units, sets, ("a", "b"), facets))) == 32
