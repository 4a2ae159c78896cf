"""Charts of k-means and hierarchical clustering: the same dashboard, in their own words."""

import json
from itertools import pairwise

import altair as alt
import numpy as np
import polars as pl
import pytest

from embauche.collect.survey import ColumnReading, Survey
from embauche.jobs.job import Job
from embauche.present.charts import SegmentsAlone, segment_charts
from embauche.present.charts_solidity import route_preferences
from embauche.segment import segment_by_interviews, segment_by_odi
from embauche.segment.routes_result import RouteSegmentation
from embauche.vocabulary import JobType, Language


def _by_odi() -> RouteSegmentation:
    rng = np.random.default_rng(3)
    group = rng.integers(0, 3, 240)
    centres = np.array([[4.7, 2, 2], [2, 4.7, 2], [2, 2, 4.7]])[group]
    asked = [f"need_{j}" for j in range(3)]
    had = [f"had_{j}" for j in range(3)]
    values = np.clip(np.round(centres + rng.normal(0, 0.5, (240, 3))), 1, 5)
    content = np.clip(np.round(rng.normal(2.5, 0.7, (240, 3))), 1, 5)
    survey = Survey(
        "bread.csv",
        pl.DataFrame(np.hstack([values, content]), schema=[*asked, *had], orient="row"),
        needs=tuple(asked),
        importance=tuple(asked),
        satisfaction=tuple(had),
        readings={name: ColumnReading(name, name, "1-5") for name in (*asked, *had)},
    )
    return segment_by_odi(survey, k_max=4, bootstrap=6, draws=19, seed=1)


def _by_interviews() -> RouteSegmentation:
    people = tuple(f"p{i}" for i in range(40))
    half = {"j1": people[:20], "j2": people[:18], "j3": people[20:], "j4": people[22:]}
    jobs = [
        Job(name, JobType.FUNCTIONAL, {Language.EN: f"Keep {name}"}, {}, who, "")
        for name, who in half.items()
    ]
    return segment_by_interviews(jobs, people, k_max=4, bootstrap=6, draws=19, seed=1)


@pytest.fixture(scope="module")
def routes() -> dict[str, RouteSegmentation]:
    return {"k-means": _by_odi(), "hierarchical": _by_interviews()}


@pytest.mark.parametrize("route", ["k-means", "hierarchical"])
@pytest.mark.parametrize("language", list(Language))
def test_the_dashboard_is_drawn_for_every_route(routes, route, language) -> None:
    found = routes[route]
    charts = segment_charts(SegmentsAlone(found, {}, language))
    wanted = {"segment-criteria", "segment-stability", "segment-flow", "segment-sizes"}
    wanted |= {f"segment-profile-{item.id}" for item in found.segments}
    assert wanted <= set(charts)
    for figure in charts.values():
        for spec in (figure.spec, figure.narrow):
            alt.Chart.from_dict(json.loads(json.dumps(spec)), validate=True)
        assert {len(row) for row in figure.rows} == {len(figure.header)}


def test_the_criterion_drawn_is_the_routes_own(routes) -> None:
    found = routes["k-means"]
    chart = segment_charts(SegmentsAlone(found, {}, Language.EN))["segment-criteria"]
    assert "Calinski–Harabasz" in chart.title
    assert [row[0] for row in chart.rows] == ["2", "3", "4"]
    shown = {float(row[1].replace(",", "")) for row in chart.rows}
    assert shown == {round(item.criterion, 1) for item in found.criteria}
    kept = next(row for row in chart.rows if row[0] == str(found.k))
    assert "(" in kept[3]
    joined = segment_charts(SegmentsAlone(routes["hierarchical"], {}, Language.FR))
    assert "silhouette" in joined["segment-criteria"].title


def test_each_criterion_prefers_its_greatest(routes) -> None:
    found = routes["k-means"]
    preferred = route_preferences(found)
    values = {item.k: item for item in found.criteria}
    assert preferred["calinski_harabasz"] == 3
    best = preferred["silhouette"]
    assert all(values[best].silhouette >= item.silhouette for item in found.criteria)


def test_participants_are_not_called_respondents(routes) -> None:
    charts = segment_charts(SegmentsAlone(routes["hierarchical"], {"j1": "Rest"}, Language.EN))
    said = " ".join(f"{one.title} {one.subtitle} {one.header}" for one in charts.values())
    assert "participants" in said
    assert "respondent" not in said
    assert "state the job “Rest”" in said


def test_origins_tell_where_each_group_comes_from(routes) -> None:
    for found in routes.values():
        for item in found.criteria:
            assert sum(item.sizes) == pytest.approx(1.0)
            assert all(sum(parts) == pytest.approx(1.0) for parts in item.origins)
            assert {len(parts) for parts in item.origins} == {item.k - 1}
        for before, item in pairwise(found.criteria):
            again = np.array(item.origins).T @ np.array(item.sizes)
            assert again == pytest.approx(np.array(before.sizes))
