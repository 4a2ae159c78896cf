"""Other routes: k-means on opportunity scores, average linkage on interviews, their verdicts."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from embauche.collect.survey import ColumnReading, Survey
from embauche.errors import StatisticsError
from embauche.jobs.job import Job
from embauche.segment.routes_cloud import Cloud
from embauche.segment.routes_dashboard import level_share, share_between
from embauche.segment.routes_interviews import job_vectors, segment_by_interviews
from embauche.segment.routes_kmeans import k_means
from embauche.segment.routes_odi import odi_scores, segment_by_odi
from embauche.segment.routes_partition import KMeans, jaccard_distances, silhouettes
from embauche.segment.stability import adjusted_rand
from embauche.vocabulary import JobType, Language, Solidity

J, N = 6, 240


def _survey(importance: np.ndarray, satisfaction: np.ndarray, scale: str = "1-5") -> Survey:
    width = importance.shape[1]
    first = tuple(f"i{j}" for j in range(width))
    second = tuple(f"s{j}" for j in range(width))
    frame = pl.DataFrame(
        {
            **dict(zip(first, importance.T, strict=True)),
            **dict(zip(second, satisfaction.T, strict=True)),
        }
    ).fill_nan(None)
    readings = {name: ColumnReading(name, name, scale) for name in frame.columns}
    return Survey(
        "fictional.csv",
        frame,
        needs=first,
        importance=first,
        satisfaction=second,
        outcome_names=tuple(f"o{j}" for j in range(width)),
        readings=readings,
    )


def _rated(values: np.ndarray) -> np.ndarray:
    return np.clip(np.round(values), 1, 5)


def _groups(seed: int = 0) -> tuple[Survey, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, N, p=[0.45, 0.3, 0.25])
    means = np.array([[4.7, 4.7, 2, 2, 2, 2], [2, 2, 4.7, 4.7, 2, 2], [2, 2, 2, 2, 4.7, 4.7]])
    importance = _rated(means[truth] + rng.normal(0, 0.7, (N, J)))
    return _survey(importance, _rated(2.6 + rng.normal(0, 0.7, (N, J)))), truth


def _find(survey: Survey, **changes: int):
    return segment_by_odi(survey, **{"k_max": 4, "bootstrap": 8, "draws": 39} | changes)


def test_scores_by_hand_on_two_scales() -> None:
    survey = _survey(np.array([[5.0, 1], [3, 4]]), np.array([[1.0, 5], [3, np.nan]]))
    found = odi_scores(survey).scores
    assert found[0].tolist() == [20.0, 0.0]
    assert found[1, 0] == 5.0
    assert np.isnan(found[1, 1])
    hundred = _survey(np.array([[0.0], [100.0]]), np.array([[100.0], [0.0]]), "1-100")
    assert odi_scores(hundred).scores.ravel().tolist() == [0.0, 20.0]
    ten = _survey(np.array([[10.0], [4.0]]), np.array([[3.0], [8.0]]), "0-10")
    assert odi_scores(ten).scores.ravel().tolist() == [17.0, 4.0]


def test_k_means_agrees_with_scikit_learn() -> None:
    from sklearn.cluster import KMeans as Peer

    rng = np.random.default_rng(1)
    table = rng.normal(size=(300, 4)) + 4 * np.eye(4)[rng.integers(0, 4, 300)]
    weights = rng.integers(1, 4, 300).astype(float)
    labels, within = k_means(table, weights, 4, 20, np.random.default_rng(0))
    peer = Peer(4, n_init=20, random_state=0).fit(table, sample_weight=weights)
    assert within == pytest.approx(peer.inertia_, rel=1e-6)
    assert sorted(np.bincount(labels)) == sorted(np.bincount(peer.labels_))
    repeated = np.repeat(table, weights.astype(int), axis=0)
    again = k_means(repeated, np.ones(len(repeated)), 4, 20, np.random.default_rng(0))[1]
    assert again == pytest.approx(within, rel=1e-6)


def test_criteria_agree_with_scikit_learn() -> None:
    from sklearn.metrics import calinski_harabasz_score, silhouette_score

    rng = np.random.default_rng(2)
    table = rng.normal(size=(60, 3))
    labels = np.arange(60) % 3
    route = KMeans()
    expected = calinski_harabasz_score(table, labels)
    assert route.criterion(table, np.ones(60), labels, 3) == pytest.approx(expected)
    widths = silhouettes(route.distances(table), labels, 3)
    assert widths.mean() == pytest.approx(silhouette_score(table, labels))
    sets = np.array([[1.0, 1, 0], [1, 0, 0], [0, 0, 1]])
    assert jaccard_distances(sets, sets)[0].tolist() == [0.0, 0.5, 1.0]


def test_three_groups_are_natural_and_found() -> None:
    survey, truth = _groups()
    found = _find(survey)
    table = np.zeros((3, 3))
    np.add.at(table, (found.labels, truth), 1)
    assert (found.k, found.verdict) == (3, Solidity.NATURAL)
    assert adjusted_rand(table) > 0.9
    kept = next(item for item in found.criteria if item.k == 3)
    assert kept.p == pytest.approx(1 / 40)
    assert len(kept.within) == len(kept.across) == 3
    sizes = [item.n for item in found.segments]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(sizes) == N
    assert found.segments[0].markers[0].low < found.segments[0].markers[0].value
    assert _find(survey).labels.tolist() == found.labels.tolist()


@pytest.mark.parametrize("kind", ["noise", "factor", "style"])
def test_no_structure_is_never_natural(kind: str) -> None:
    for seed in range(3):
        rng = np.random.default_rng([seed, 5])
        if kind == "noise":
            both = rng.integers(1, 6, (2, N, J))
        elif kind == "factor":
            trait = rng.normal(size=(N, 1)) * rng.normal(0, 1.2, (2, 1, J))
            both = _rated(3 + trait + rng.normal(0, 0.7, (2, N, J)))
        else:
            both = _rated(3 + rng.normal(0, 1, (N, 1)) + rng.normal(0, 0.8, (2, N, J)))
        found = _find(_survey(*both.astype(float)), k_max=3, draws=19)
        assert found.verdict is not Solidity.NATURAL


def test_gaps_are_filled_and_said() -> None:
    survey, _ = _groups()
    frame = survey.frame.with_columns(
        pl.when(pl.int_range(N) < 30).then(None).otherwise(pl.col("i0")).alias("i0")
    )
    empty = frame.with_columns(
        pl.when(pl.int_range(N) == 0).then(None).otherwise(pl.col(name)).alias(name)
        for name in frame.columns
    )
    found = _find(replace(survey, frame=empty), k_max=3)
    said = {item.code: item for item in found.notices}
    assert said["routes.left_out"].params["n"] == 1
    assert 0 < said["routes.filled"].params["filled_share"] < 0.05
    assert found.labels[0] == -1
    with pytest.raises(StatisticsError, match=r"importance|ratings"):
        segment_by_odi(replace(survey, importance=(), satisfaction=()))


def test_the_cloud_has_the_columns_and_their_correlations() -> None:
    rng = np.random.default_rng(3)
    trait = rng.normal(size=(1500, 1))
    table = _rated(3 + trait * np.array([1.0, 1.0, -1.0]) + rng.normal(0, 0.7, (1500, 3)))
    drawn = Cloud(table, np.random.SeedSequence(0)).draw(np.random.default_rng(1))
    assert np.abs(np.corrcoef(drawn.T) - np.corrcoef(table.T)).max() < 0.06
    for real, made in zip(table.T, drawn.T, strict=True):
        shares = [np.bincount(x.astype(int), minlength=6) / 1500 for x in (real, made)]
        assert np.abs(shares[0] - shares[1]).max() < 0.05


def test_levels_and_the_middle_by_hand() -> None:
    means = np.array([[1.0, 1.0], [3.0, 3.0]])
    labels = np.array([0, 0, 1, 1])
    assert level_share(means, np.ones(4), labels) == 1.0
    assert level_share(np.array([[1.0, 3.0], [3.0, 1.0]]), np.ones(4), labels) == 0.5
    table = np.array([[1.0, 1.0], [1.9, 1.9], [3.0, 3.0], [3.0, 3.0]])
    assert share_between(table, means, np.ones(4), labels) == 0.25


def _job(number: int, people: list[str]) -> Job:
    return Job(
        f"j{number}", JobType.FUNCTIONAL, {Language.EN: f"Job {number}"}, {}, tuple(people), ""
    )


def test_few_interviews_are_said_to_be_too_few() -> None:
    people = [f"P{i}" for i in range(12)]
    jobs = [_job(j, people[:6]) for j in range(3)] + [_job(j, people[6:]) for j in range(3, 6)]
    jobs.append(_job(9, people[:1]))
    found = segment_by_interviews(jobs, [*people, "silent"], bootstrap=8, draws=19)
    assert found.k == 2
    assert found.verdict is Solidity.CONSTRUCTED
    assert found.notices[0].code == "routes.too_few_people"
    assert found.reasons[0].code == "routes.reason.few_people"
    assert set(found.labels[:6]) != set(found.labels[6:12])
    assert found.labels[12] == -1
    assert "j9" not in found.columns
    assert job_vectors(jobs, people).table.shape == (12, 7)
    with pytest.raises(StatisticsError):
        segment_by_interviews(jobs, people[:4])
