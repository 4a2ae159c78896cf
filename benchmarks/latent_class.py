"""CPU time to an equal log-likelihood: this project's latent class engine against StepMix.

    python benchmarks/latent_class.py --only vacmot --json

Both fit the same data with the same number of random starts in the same process. ``cpu_ratio`` is
the peer's CPU seconds over ours; where ours ends lower by more than 0.01, `equal` is false and the
case says so. Compilation is warmed up before the clock starts.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl

from embauche.segment import LatentClassModel

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
STARTS = 20


def cases(only: str | None) -> Iterator[tuple[str, np.ndarray, int]]:
    if only in (None, "vacmot"):
        path = SHARED / "surveys" / "vacmot.csv"
        if path.is_file():
            table = pl.read_csv(path, null_values="NA", infer_schema_length=None)[:, :20]
            for k in range(2, 9):
                yield "vacmot", table.to_numpy().astype(int), k
        else:
            print("vacmot skipped: no ../shared/data beside the checkout", file=sys.stderr)
    if only in (None, "synthetic"):
        rng = np.random.default_rng(0)
        theta = rng.beta(1, 1, (5, 20))
        yield (
            "synthetic",
            (rng.random((10_000, 20)) < theta[rng.integers(0, 5, 10_000)]).astype(int),
            5,
        )


def timed(fit: Callable[[], float]) -> tuple[float, float]:
    begin = time.process_time()
    reached = fit()
    return reached, time.process_time() - begin


def peer(answers: np.ndarray, k: int) -> float:
    from stepmix.stepmix import StepMix

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = StepMix(
            n_components=k,
            measurement="categorical",
            n_init=STARTS,
            max_iter=2000,
            abs_tol=1e-7,
            rel_tol=0,
            random_state=0,
            progress_bar=0,
            verbose=0,
        )
        model.fit(answers)
    return float(model.score(answers) * len(answers))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=("vacmot", "synthetic"))
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    options = parser.parse_args()
    LatentClassModel(2, n_starts=2).fit(np.random.default_rng(0).integers(0, 2, (50, 4)))
    rows = []
    for name, answers, k in cases(options.only):
        # Three runs: single ones of a few hundredths of a second are noisy.
        runs = [
            timed(
                lambda a=answers, k=k: LatentClassModel(k, n_starts=STARTS).fit(a).log_likelihood_
            )
            for _ in range(3)
        ]
        reached, seconds = runs[0][0], median(run[1] for run in runs)
        theirs, their_seconds = timed(lambda a=answers, k=k: peer(a, k))
        row = {
            "case": name,
            "k": k,
            "rows": len(answers),
            "columns": answers.shape[1],
            "starts": STARTS,
            "log_likelihood": round(reached, 4),
            "peer_log_likelihood": round(theirs, 4),
            "equal": reached >= theirs - 0.01,
            "cpu_seconds": round(seconds, 4),
            "peer_cpu_seconds": round(their_seconds, 3),
            "cpu_ratio": round(their_seconds / max(seconds, 1e-9), 1),
        }
        rows.append(row)
        if not options.json:
            print(
                f"{name} K={k}: {row['log_likelihood']} in {row['cpu_seconds']} s; StepMix "
                f"{row['peer_log_likelihood']} in {row['peer_cpu_seconds']} s; "
                f"ratio {row['cpu_ratio']}{'' if row['equal'] else ' (NOT equal)'}",
                flush=True,
            )
    result = {
        "peer": "StepMix",
        "cpu_ratio_median": round(median(row["cpu_ratio"] for row in rows), 1) if rows else None,
        "all_equal": all(row["equal"] for row in rows),
        "cases": rows,
    }
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        print(f"median ratio {result['cpu_ratio_median']}, all equal: {result['all_equal']}")


if __name__ == "__main__":
    main()
