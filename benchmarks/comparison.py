"""Jobs against demographics on simulated surveys: power, errors, and the naive test beside it.

    python -P benchmarks/comparison.py [--sets 40] [--n 500] [--outcome binary …] [--cause age …]

Three kinds of people answer nine yes/no needs; age, gender, region (six) and a skewed income are
drawn apart from them. The outcome comes from the kinds (`jobs`), from age on a line (`age`) or a U
(`u`), from region and income (`people`), from nothing (`none`), or (`twins`) as much from kinds of
needs as from kinds of people, who answer nine yes/no questions likewise: there, a test of job
segments against demographic segments errs whenever it finds a winner. The peer is the plain paired
t-test over the same folds, which takes overlapping training rows for independent.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl
from scipy.stats import ttest_rel

from embauche.collect.survey import ColumnReading, Survey
from embauche.segment import comparison_run

OUTCOMES = ("binary", "ordered", "nominal", "count", "amount", "skewed")
CAUSES = ("jobs", "age", "u", "people", "none", "twins")
ITEMS, KINDS = 9, 3


def battery(rng: np.random.Generator, n: int) -> tuple[Any, Any]:
    kind = rng.integers(0, KINDS, n)
    shares = np.where(np.arange(ITEMS)[None, :] % KINDS == np.arange(KINDS)[:, None], 0.8, 0.25)
    return kind, (rng.random((n, ITEMS)) < shares[kind]).astype(int)


def outcome(rng: np.random.Generator, kind: str, pull: Any, n: int) -> Any:
    """Draw an outcome whose location is moved by `pull` (mean 0, standard deviation 1 or 0)."""
    strength = 0.55 * pull
    if kind == "binary":
        return (rng.random(n) < 1 / (1 + np.exp(0.8 - 1.2 * strength))).astype(int)
    if kind == "ordered":
        latent = 1.1 * strength + rng.logistic(size=n)
        return 1 + np.searchsorted([-1.5, -0.4, 0.6, 1.8], latent)
    if kind == "nominal":
        eta = np.column_stack([np.zeros(n), 1.2 * strength, -1.2 * strength + 0.3])
        odds = np.exp(eta)
        draws = rng.random((n, 1)) > np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)
        return np.array(["a", "b", "c"])[draws.sum(axis=1).clip(max=2)]
    if kind == "count":
        return rng.poisson(rng.gamma(2.0, np.exp(0.7 + 0.6 * strength) / 2.0))
    if kind == "amount":
        return 50 + 10 * (0.7 * strength + rng.normal(size=n))
    return np.exp(3 + 0.7 * strength + rng.normal(size=n)).round(2)


def survey(cause: str, kind: str, n: int, seed: int) -> Survey:
    rng = np.random.default_rng(seed)
    job, needs = battery(rng, n)
    who, people = battery(rng, n)
    age = rng.integers(18, 76, n)
    region, income = rng.integers(0, 6, n), rng.lognormal(10, 0.6, n).round()
    effect = rng.normal(size=KINDS)
    pulls = {
        "jobs": np.array([-1.0, 0.2, 1.1])[job],
        "age": (age - 46) / 17,
        "u": ((age - 46) / 17) ** 2,
        "people": np.array([-1, 0.8, 0, 0.4, -0.7, 1.0])[region] + 0.8 * np.log(income / 22026),
        "none": np.zeros(n),
        "twins": effect[job] + effect[who],
    }
    pull = pulls[cause] - pulls[cause].mean()
    pull = pull / (pull.std() or 1.0)
    frame = {f"n{j}": needs[:, j] for j in range(ITEMS)}
    if cause == "twins":
        demographics = {f"d{j}": people[:, j] for j in range(ITEMS)}
    else:
        demographics = {
            "age": age,
            "gender": rng.choice(["f", "m"], n),
            "region": np.array(list("ABCDEF"))[region],
            "income": income,
        }
    scale = {
        "binary": "yes_no", "ordered": "1-5", "nominal": "nominal", "count": "count",
        "amount": "amount", "skewed": "amount",
    }[kind]  # fmt: skip
    drawn = outcome(rng, kind, pull, n)
    return Survey(
        "simulated",
        pl.DataFrame({**frame, **demographics, "y": drawn}),
        needs=tuple(frame),
        demographics=tuple(demographics),
        outcome="y",
        readings={"y": ColumnReading("y", "y", scale)},
    )


def naive(first: Any, second: Any) -> bool:
    """Return whether the paired t-test that ignores overlap would exclude zero."""
    return bool(ttest_rel(first, second).pvalue < 0.05)


def run(cause: str, kind: str, sets: int, n: int, first: int) -> dict[str, Any]:
    verdicts: Counter[str] = Counter()
    differences, limits = [], []
    found = naive_found = found_segments = naive_segments = 0
    for seed in range(first, first + sets):
        plain = comparison_run._validation  # noqa: SLF001 - sees the scores of the folds
        with patch.object(comparison_run, "_validation", wraps=plain) as seen:
            made = comparison_run.compare_with_demographics(
                survey(cause, kind, n, seed), k=KINDS, seed=seed
            )
        scores = seen.call_args.args[1]
        verdicts[str(made.verdict)] += 1
        differences.append(made.difference)
        limits.append((made.low, made.high))
        found += made.low > 0 or made.high < 0
        naive_found += naive(scores["job_segments"], scores["demographics"])
        found_segments += made.segments_low > 0 or made.segments_high < 0
        naive_segments += naive(scores["job_segments"], scores["demographic_segments"])
    low, high = np.array(limits).T
    middle = np.mean(differences)
    return {
        "cause": cause, "outcome": kind, "metric": made.metric, "sets": sets, "n": n,
        "jobs_better": verdicts["jobs better"] / sets,
        "no_difference": verdicts["no difference shown"] / sets,
        "demographics_better": verdicts["demographics better"] / sets,
        "difference": float(middle), "width": float(np.mean(high - low)),
        "holds_the_mean": float(np.mean((low <= middle) & (middle <= high))),
        "differ": found / sets, "differ_naive": naive_found / sets,
        "segments_differ": found_segments / sets, "segments_differ_naive": naive_segments / sets,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=40)
    parser.add_argument("--n", type=int, default=500)
    parser.add_argument("--first", type=int, default=1000, help="first seed")
    parser.add_argument("--outcome", nargs="*", default=OUTCOMES, choices=OUTCOMES)
    parser.add_argument("--cause", nargs="*", default=CAUSES, choices=CAUSES)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows, begun = [], time.process_time()
    for kind in options.outcome:
        for cause in options.cause:
            rows.append(run(cause, kind, options.sets, options.n, options.first))
            if not options.json:
                print({k: round(v, 3) if isinstance(v, float) else v for k, v in rows[-1].items()})
    seconds = time.process_time() - begun
    if options.json:
        print(json.dumps({"rows": rows, "cpu_seconds": seconds}, indent=2))
    else:
        print(f"{seconds:.0f} s of processor")


if __name__ == "__main__":
    main()
