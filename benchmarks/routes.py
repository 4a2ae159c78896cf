"""How often each verdict is given by the other routes where the truth is known.

    python -P benchmarks/routes.py --sets 20 --json

k-means on opportunity scores: 300 respondents rate eight outcomes from 1 to 5. Average linkage on
interviews: 60 people, 14 jobs. Reduced cost: up to 5 groups, 10 bootstrap refits, 39 drawn clouds.
What must hold: noise, a continuous factor, a response style (ratings) and talkativeness
(interviews: some people state more of all jobs) are never natural. `ari` is the mean adjusted Rand
index with the true groups, where there are any.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from sklearn.metrics import adjusted_rand_score

from embauche.collect.survey import ColumnReading, Survey
from embauche.jobs.job import Job
from embauche.segment.routes_interviews import segment_by_interviews
from embauche.segment.routes_odi import segment_by_odi
from embauche.segment.routes_result import RouteSegmentation
from embauche.vocabulary import JobType, Language

N, OUTCOMES = 300, 8
PEOPLE, JOBS = 60, 14
Rng = np.random.Generator
Drawn = tuple[np.ndarray, np.ndarray | None]
COST = {"k_max": 5, "bootstrap": 10, "draws": 39}


def _rated(values: np.ndarray) -> np.ndarray:
    return np.clip(np.round(values), 1, 5)


def rated_groups(rng: Rng) -> Drawn:
    """Three groups that want different outcomes."""
    truth = rng.choice(3, N, p=[0.45, 0.3, 0.25])
    wanted = np.where(np.arange(OUTCOMES)[None] % 3 == np.arange(3)[:, None], 4.5, 2.5)
    ratings = wanted[truth] + rng.normal(0, 0.9, (N, OUTCOMES))
    return np.hstack([ratings, 2.6 + rng.normal(0, 0.9, (N, OUTCOMES))]), truth


def rated_noise(rng: Rng) -> Drawn:
    """Outcomes that differ, people who do not."""
    return 3 + rng.normal(0, 0.6, 2 * OUTCOMES) + rng.normal(0, 1, (N, 2 * OUTCOMES)), None


def rated_factor(rng: Rng) -> Drawn:
    """One continuous factor of importance."""
    loads = np.concatenate([rng.uniform(0.5, 1.3, OUTCOMES), np.zeros(OUTCOMES)])
    return 3 + rng.normal(size=(N, 1)) * loads + rng.normal(0, 0.8, (N, 2 * OUTCOMES)), None


def rated_style(rng: Rng) -> Drawn:
    """Acquiescence alone."""
    return 3 + rng.normal(0, 1, (N, 1)) + rng.normal(0, 0.8, (N, 2 * OUTCOMES)), None


def stated_groups(rng: Rng) -> Drawn:
    """Three groups, each with jobs of its own."""
    truth = rng.choice(3, PEOPLE, p=[0.4, 0.35, 0.25])
    chance = np.where(np.arange(JOBS)[None] % 3 == np.arange(3)[:, None], 0.75, 0.08)
    return (rng.random((PEOPLE, JOBS)) < chance[truth]).astype(float), truth


def stated_noise(rng: Rng) -> Drawn:
    """Jobs more and less common, people alike."""
    return (rng.random((PEOPLE, JOBS)) < rng.uniform(0.1, 0.5, JOBS)).astype(float), None


def stated_talkative(rng: Rng) -> Drawn:
    """Draw people of whom some state more of all jobs."""
    odds = rng.normal(-1, 0.7, JOBS) + rng.normal(0, 1.3, (PEOPLE, 1))
    return (rng.random((PEOPLE, JOBS)) < 1 / (1 + np.exp(-odds))).astype(float), None


def stated_factor(rng: Rng) -> Drawn:
    """One continuous factor from some jobs to others."""
    odds = -1 + rng.normal(0, 1.6, (PEOPLE, 1)) * np.where(np.arange(JOBS) % 2, 1.0, -1.0)
    return (rng.random((PEOPLE, JOBS)) < 1 / (1 + np.exp(-odds))).astype(float), None


def by_odi(ratings: np.ndarray, seed: int) -> RouteSegmentation:
    """Run the k-means route on (n, 2 × outcomes) ratings."""
    first = tuple(f"i{j}" for j in range(OUTCOMES))
    second = tuple(f"s{j}" for j in range(OUTCOMES))
    survey = Survey(
        "simulated",
        pl.DataFrame(_rated(ratings), schema=[*first, *second]),
        needs=first,
        importance=first,
        satisfaction=second,
        outcome_names=tuple(f"o{j}" for j in range(OUTCOMES)),
        readings={name: ColumnReading(name, name, "1-5") for name in (*first, *second)},
    )
    return segment_by_odi(survey, seed=seed, **COST)


def by_interviews(stated: np.ndarray, seed: int) -> RouteSegmentation:
    """Run the hierarchical route on a (people, jobs) table."""
    people = [f"p{i}" for i in range(len(stated))]
    jobs = [
        Job(
            id=f"j{j}",
            type=JobType.FUNCTIONAL,
            statement={Language.EN: f"job {j}"},
            cells={},
            participants=tuple(people[i] for i in np.flatnonzero(stated[:, j])),
            name_source="simulated",
        )
        for j in range(stated.shape[1])
    ]
    return segment_by_interviews(jobs, people, seed=seed, **COST)


Route = Callable[[np.ndarray, int], RouteSegmentation]
CASES: dict[str, tuple[Callable[[Rng], Drawn], Route]] = {
    "rated_groups": (rated_groups, by_odi),
    "rated_noise": (rated_noise, by_odi),
    "rated_factor": (rated_factor, by_odi),
    "rated_style": (rated_style, by_odi),
    "stated_groups": (stated_groups, by_interviews),
    "stated_noise": (stated_noise, by_interviews),
    "stated_talkative": (stated_talkative, by_interviews),
    "stated_factor": (stated_factor, by_interviews),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=20, help="simulated data sets a case")
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--only", choices=tuple(CASES))
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    options = parser.parse_args()
    result: dict[str, dict[str, Any]] = {}
    for name, (draw, route) in CASES.items():
        if options.only not in (None, name):
            continue
        verdicts: Counter[str] = Counter()
        numbers: Counter[int] = Counter()
        recovered = []
        for seed in range(options.first, options.first + options.sets):
            table, truth = draw(np.random.default_rng([seed, 20261123]))
            found = route(table, seed)
            verdicts[found.verdict.value] += 1
            numbers[found.k] += 1
            if truth is not None:
                kept = found.labels >= 0
                recovered.append(adjusted_rand_score(truth[kept], found.labels[kept]))
        result[name] = {"verdicts": dict(verdicts), "k": dict(sorted(numbers.items()))}
        if recovered:
            result[name]["ari"] = float(np.mean(recovered))
        if not options.json:
            print(f"{name:17} {result[name]}", flush=True)
    if options.json:
        print(json.dumps({"sets": options.sets, "cases": result}, indent=2))


if __name__ == "__main__":
    main()
