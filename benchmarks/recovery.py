"""How well known classes are recovered: adjusted Rand index, beside StepMix, k-means and mixtures.

    python benchmarks/recovery.py --sets 5 --json

Four classes, 12 yes/no needs; every size, overlap and share of missing answers. All methods are
told the number of classes and make 20 starts. Gaussian mixtures (diagonal) and k-means cannot take
missing answers: the column's mean stands in. `ceiling` is what the true parameters reach.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from embauche.segment import LatentClassModel

K, J, STARTS = 4, 12, 20
SIZES = (200, 1000)
OVERLAPS = {"apart": 0.1, "middling": 0.2, "overlapping": 0.3}
"""Probability of the unlikely answer in a class."""
MISSING = (0.0, 0.2)
SHARES = np.array([0.4, 0.3, 0.2, 0.1])


def draw(
    rng: np.random.Generator, n: int, low: float, missing: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    theta = np.where(rng.random((K, J)) < 0.5, low, 1 - low)
    truth = rng.choice(K, n, p=SHARES)
    answers = (rng.random((n, J)) < theta[truth]).astype(float)
    answers[rng.random((n, J)) < missing] = np.nan
    answers[np.isnan(answers).all(axis=1), 0] = 0.0
    return answers, truth, theta


def ceiling(answers: np.ndarray, theta: np.ndarray) -> np.ndarray:
    given = np.nan_to_num(answers)
    known = ~np.isnan(answers)
    logs = (given * known) @ np.log(theta).T + ((1 - given) * known) @ np.log(1 - theta).T
    return (logs + np.log(SHARES)).argmax(axis=1)


def ours(answers: np.ndarray, seed: int) -> np.ndarray:
    import polars as pl

    frame = pl.DataFrame(answers, schema=[f"n{j}" for j in range(J)]).fill_nan(None)
    frame = frame.cast(pl.Int64)
    return LatentClassModel(K, seed=seed, n_starts=STARTS).fit(frame).predict(frame)


def stepmix(answers: np.ndarray, seed: int) -> np.ndarray:
    from stepmix import StepMix

    measurement = "binary_nan" if np.isnan(answers).any() else "binary"
    model = StepMix(
        K, n_init=STARTS, measurement=measurement, random_state=seed, progress_bar=0, verbose=0
    )
    return model.fit(answers).predict(answers)


def _filled(answers: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(answers), np.nanmean(answers, axis=0), answers)


def k_means(answers: np.ndarray, seed: int) -> np.ndarray:
    from sklearn.cluster import KMeans

    return KMeans(K, n_init=STARTS, random_state=seed).fit_predict(_filled(answers))


def gaussian(answers: np.ndarray, seed: int) -> np.ndarray:
    from sklearn.mixture import GaussianMixture

    model = GaussianMixture(K, covariance_type="diag", n_init=STARTS, random_state=seed)
    return model.fit_predict(_filled(answers))


METHODS: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "embauche": ours, "stepmix": stepmix, "k_means": k_means, "gaussian_mixture": gaussian,
}  # fmt: skip


def main() -> None:
    from sklearn.metrics import adjusted_rand_score

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=5, help="simulated surveys a case")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    ours(draw(np.random.default_rng(0), 200, 0.2, 0.2)[0], 0)  # compiles
    cases: list[dict[str, Any]] = []
    cpu = dict.fromkeys(METHODS, 0.0)
    for n in SIZES:
        for overlap, low in OVERLAPS.items():
            for missing in MISSING:
                found: dict[str, list[float]] = {name: [] for name in (*METHODS, "ceiling")}
                for seed in range(options.sets):
                    answers, truth, theta = draw(
                        np.random.default_rng([seed, n, int(low * 10)]), n, low, missing
                    )
                    found["ceiling"].append(adjusted_rand_score(truth, ceiling(answers, theta)))
                    for name, method in METHODS.items():
                        begin = time.process_time()
                        labels = method(answers, seed)
                        cpu[name] += time.process_time() - begin
                        found[name].append(adjusted_rand_score(truth, labels))
                means = {name: float(np.mean(values)) for name, values in found.items()}
                cases.append({"n": n, "overlap": overlap, "missing": missing, "ari": means})
                if not options.json:
                    shown = "  ".join(f"{name} {value:.2f}" for name, value in means.items())
                    print(f"n {n:5d}  {overlap:12s} missing {missing:.0%}  {shown}", flush=True)
    overall = {
        name: float(np.mean([case["ari"][name] for case in cases]))
        for name in (*METHODS, "ceiling")
    }
    if options.json:
        result = {"sets": options.sets, "cases": cases, "ari": overall, "cpu": cpu}
        print(json.dumps(result, indent=2))
    else:
        print("mean", overall, "CPU s", {name: round(value, 1) for name, value in cpu.items()})


if __name__ == "__main__":
    main()
