"""Coverage of the 95 % intervals of class membership and distal outcomes, in simulation.

Three classes of ten yes/no needs, two covariates (a number and a yes/no), and four outcomes. Each
replicate draws respondents, fits the classes without covariates, and runs every method; an interval
covers where it holds the truth. Classes are matched with the true ones by their answers. The seed
of a replicate is `--seed` plus its place: seeds nearer than `--replicates` share surveys.

    python benchmarks/relation_coverage.py --replicates 500 --n 500 1000
    python benchmarks/relation_coverage.py --speed       # StepMix beside it, on the same data
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections import defaultdict
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from embauche.segment import LatentClassModel, distal, membership

Float = NDArray[np.float64]

SLOPES = np.array([[0.0, 0.0, 0.0], [-0.2, 0.8, -0.6], [-0.6, -0.5, 0.7]])
MEANS, SPREADS = np.array([0.0, 0.5, 1.0]), np.array([1.0, 1.0, 1.5])
SHARES = np.array([0.2, 0.45, 0.7])
RATES = np.array([1.0, 2.0, 3.5])
BANDS = np.array([[0.6, 0.25, 0.15], [0.3, 0.4, 0.3], [0.2, 0.3, 0.5]])
CLEAR = {"0.7": 0.766, "0.8": 0.802, "0.9": 0.85}
"""Expected relative entropy → probability of the answer that marks a class."""

NEEDS = 10
THREE_STEP = tuple(product(("bch", "ml"), ("modal", "proportional")))
METHODS = (("one-step", "modal"), *THREE_STEP)


def simulated(n: int, clear: float, rng: np.random.Generator) -> dict[str, Any]:
    """Draw respondents; everything is fictional."""
    z = np.column_stack([rng.normal(size=n), rng.random(n) < 0.5]).astype(float)
    chance = np.exp(np.column_stack([np.ones(n), z]) @ SLOPES.T)
    chance /= chance.sum(axis=1, keepdims=True)
    kind = (chance.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)
    yes = truth(clear)
    return {
        "needs": (rng.random((n, NEEDS)) < yes[kind]).astype(int),
        "covariates": pl.DataFrame({"x": z[:, 0], "g": z[:, 1]}),
        "continuous": rng.normal(MEANS[kind], SPREADS[kind]),
        "binary": (rng.random(n) < SHARES[kind]).astype(int),
        "count": rng.poisson(RATES[kind]),
        "nominal": (BANDS.cumsum(axis=1)[kind] < rng.random((n, 1))).sum(axis=1).astype(str),
    }


def truth(clear: float) -> Float:
    """(3, NEEDS) probability of yes."""
    half = NEEDS // 2
    marks = np.array([[1] * NEEDS, [1] * half + [0] * half, [0] * NEEDS])
    return np.where(marks == 1, clear, 1 - clear)


def matched(model: LatentClassModel, yes: Float) -> list[int]:
    """Return the true class of each class of the model."""
    found = np.column_stack([model.item_probabilities_[c][:, -1] for c in model.columns_])
    gap = ((found[:, None] - yes) ** 2).sum(axis=2)
    return [int(k) for k in linear_sum_assignment(gap)[1]]


def replicate(n: int, clear: float, seed: int) -> tuple[float, dict[str, list[tuple[bool, float]]]]:
    """Run every method once: name of the interval → (covers, z of the error)."""
    data = simulated(n, clear, np.random.default_rng(seed))
    model = LatentClassModel(3, seed=seed).fit(data["needs"])
    kind = matched(model, truth(clear))
    rows: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    reference = kind.index(0) + 1
    for method, assignment in METHODS:
        found = membership(
            model, data["needs"], data["covariates"],
            method=method, assignment=assignment, reference=reference,
        )  # fmt: skip
        name = method if method == "one-step" else f"{method} {assignment}"
        for effect in found.effects:
            if effect.covariate is None:
                continue
            column = {"x": 1, "g": 2}[effect.covariate]
            true = SLOPES[kind[effect.class_number - 1], column]
            covers = effect.low <= true <= effect.high
            rows[f"effects, {name}"].append((covers, (effect.estimate - true) / effect.se))
    truths = {"continuous": MEANS[:, None], "binary": SHARES[:, None], "count": RATES[:, None]}
    truths["nominal"] = BANDS
    for outcome, values in truths.items():
        for method, assignment in THREE_STEP:
            found_values = distal(
                model, data["needs"], data[outcome],
                kind=outcome, method=method, assignment=assignment,
            ).classes  # fmt: skip
            for i, value in enumerate(found_values):
                true = values[kind[value.class_number - 1], i % values.shape[1]]
                covers = value.low <= true <= value.high
                error = (value.value - true) / max(value.se, 1e-12)
                rows[f"{outcome}, {method} {assignment}"].append((covers, error))
    return model.entropy_, rows


def coverage(n: int, entropy: str, replicates: int, seed: int) -> dict[str, Any]:
    """Share of intervals that hold the truth, by method."""
    gathered: dict[str, list[list[tuple[bool, float]]]] = defaultdict(list)
    reached = []
    for r in range(replicates):
        entropy_found, rows = replicate(n, CLEAR[entropy], seed + r)
        reached.append(entropy_found)
        for name, values in rows.items():
            gathered[name].append(values)
    result: dict[str, Any] = {"n": n, "entropy": float(np.mean(reached)), "intervals": {}}
    for name, values in gathered.items():
        covers = np.array([[hit for hit, _ in row] for row in values])
        errors = np.array([[error for _, error in row] for row in values])
        result["intervals"][name] = {
            "coverage": float(covers.mean()),
            "worst": float(covers.mean(axis=0).min()),
            "monte_carlo_error": float(covers.mean(axis=1).std(ddof=1) / np.sqrt(len(covers))),
            "bias_in_se": float(np.median(errors)),
            "sd_of_z": float(np.median(np.abs(errors - np.median(errors))) * 1.4826),
        }
    return result


def peer(data: dict[str, Any], correction: str | None) -> Callable[[], object]:
    """Fit StepMix: classes and effects, from the same number of starts."""
    from stepmix.stepmix import StepMix

    needs, covariates = data["needs"], data["covariates"].to_numpy()
    model = StepMix(
        n_components=3, measurement="binary", structural="covariate",
        n_steps=1 if correction is None else 3, correction=correction, assignment="modal",
        n_init=20, max_iter=2000, abs_tol=1e-7, rel_tol=0, random_state=0,
        structural_params={"method": "newton-raphson", "max_iter": 1},
        progress_bar=0, verbose=0,
    )  # fmt: skip

    def fit() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return model.fit(needs, covariates)

    return fit


def speed(seed: int) -> list[dict[str, Any]]:
    """CPU seconds of classes and effects together, ours (with errors) and StepMix (without)."""
    rows = []
    for n in (1000, 5000):
        data = simulated(n, CLEAR["0.8"], np.random.default_rng(seed))
        for method in ("one-step", "bch", "ml"):

            def ours(data: dict[str, Any] = data, method: Any = method) -> object:
                model = LatentClassModel(3, n_starts=20).fit(data["needs"])
                return membership(model, data["needs"], data["covariates"], method=method)

            ours()  # compiled once
            correction = None if method == "one-step" else method.upper()
            mine, theirs = timed(ours), timed(peer(data, correction))
            rows.append(
                {
                    "n": n,
                    "method": method,
                    "cpu_seconds": round(mine, 3),
                    "peer_cpu_seconds": round(theirs, 2),
                    "cpu_ratio": round(theirs / mine, 1),
                }
            )
    return rows


def timed(fit: Callable[[], object]) -> float:
    begin = time.process_time()
    fit()
    return time.process_time() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, nargs="+", default=[500, 1000])
    parser.add_argument("--entropy", nargs="+", choices=sorted(CLEAR), default=["0.7", "0.9"])
    parser.add_argument("--replicates", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--speed", action="store_true", help="time it against StepMix instead")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    options = parser.parse_args()
    if options.speed:
        rows = speed(options.seed)
        print(json.dumps({"peer": "StepMix", "cases": rows}, indent=2))
        return
    results = []
    for n in options.n:
        for entropy in options.entropy:
            result = coverage(n, entropy, options.replicates, options.seed)
            results.append(result)
            if not options.json:
                print(f"n = {n}, entropy {result['entropy']:.2f}", flush=True)
                for name, figures in result["intervals"].items():
                    error = figures["monte_carlo_error"]
                    print(
                        f"  {name:32} {figures['coverage']:.3f} ± {error:.3f}"
                        f"  worst {figures['worst']:.3f}  bias {figures['bias_in_se']:+.2f}"
                        f"  sd {figures['sd_of_z']:.2f}",
                        flush=True,
                    )
    if options.json:
        print(json.dumps({"replicates": options.replicates, "cases": results}, indent=2))


if __name__ == "__main__":
    main()
