"""CPU time to an equal log-likelihood: this project's latent class engine against StepMix.

    python benchmarks/latent_class.py --only vacmot --json

Both fit the same data with the same number of random starts, each in a child process of its own,
forked after everything is imported and compiled. ``cpu_ratio`` is the peer's CPU seconds over ours;
where ours ends lower by more than 0.01, `equal` is false and the case says so. Memory is the
child's peak beyond what it began with.

With ``--peer-starts`` the peer makes fewer starts, and its CPU seconds are scaled to as many as
ours (its starts are independent); ``peer_starts`` says so.

On a million rows the peer takes too long to wait for: it makes one start of `PEER_STEPS` EM steps,
and its figure is that time per step, times the steps that one of its starts took on a tenth of the
rows, times the starts. Such a ratio is marked ``extrapolated`` and stays out of
``cpu_ratio_median``; no log-likelihood of the peer is shown.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import polars as pl

from embauche.segment import LatentClassModel

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
STARTS = 20
PEER_STEPS = 4
SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
CLASSES, COLUMNS, MISSING = 5, 20, 0.02


def cases(only: str | None) -> Iterator[tuple[str, np.ndarray, int]]:
    if only in (None, "vacmot"):
        path = SHARED / "surveys" / "vacmot.csv"
        if path.is_file():
            table = pl.read_csv(path, null_values="NA", infer_schema_length=None)[:, :20]
            for k in range(2, 9):
                yield "vacmot", table.to_numpy().astype(int), k
        else:
            print("vacmot skipped: no ../shared/data beside the checkout", file=sys.stderr)
    for name in SIZES:
        if only in (None, name):
            yield name, simulated(name), CLASSES


def simulated(name: str) -> np.ndarray:
    """Five classes told by twenty yes/no answers; on a million rows 2 % of them are missing."""
    rng = np.random.default_rng(0)
    n = SIZES[name]
    theta = rng.beta(1, 1, (CLASSES, COLUMNS))
    answers = (rng.random((n, COLUMNS)) < theta[rng.integers(0, CLASSES, n)]).astype(float)
    if name == "1m":
        answers[rng.random(answers.shape) < MISSING] = np.nan
        return answers
    return answers.astype(int)


def measured(
    work: Callable[[], dict[str, Any]], warm: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Run in a child: its result, CPU seconds, and peak memory beyond its beginning (MB)."""
    reader, writer = multiprocessing.Pipe(duplex=False)

    def child() -> None:
        warm()  # a fork's first pages are copied before the clock starts
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begin = time.process_time()
        result = work()
        seconds = time.process_time() - begin
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        writer.send({**result, "cpu": seconds, "memory": (peak - before) / 1024})

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    result: dict[str, Any] = reader.recv()
    process.join()
    return result


def ours(answers: np.ndarray, k: int) -> dict[str, Any]:
    model = LatentClassModel(k, n_starts=STARTS).fit(answers)
    return {"log_likelihood": model.log_likelihood_, "hits": model.hits_}


def peer(answers: np.ndarray, k: int, *, starts: int = STARTS, steps: int = 2000) -> dict[str, Any]:
    from stepmix.stepmix import StepMix

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = StepMix(
            n_components=k,
            measurement="categorical_nan" if np.isnan(answers).any() else "categorical",
            n_init=starts,
            max_iter=steps,
            abs_tol=1e-7,
            rel_tol=0,
            random_state=0,
            progress_bar=0,
            verbose=0,
        )
        model.fit(answers)
        begin = time.process_time()
        height = float(model.score(answers) * len(answers))
        scoring = time.process_time() - begin
    return {"log_likelihood": height, "steps": int(model.n_iter_), "scoring": scoring}


def compared(name: str, answers: np.ndarray, k: int, peer_starts: int) -> dict[str, Any]:
    few = np.random.default_rng(0).integers(0, 2, (50, 4))

    def our_warm() -> dict[str, Any]:
        return ours(few, 2)

    def peer_warm() -> dict[str, Any]:
        return peer(few, 2, starts=2)

    # Three runs of small cases: single ones of a few hundredths of a second are noisy.
    times = 3 if len(answers) < 50_000 else 1
    runs = [measured(lambda: ours(answers, k), our_warm) for _ in range(times)]
    seconds = median(run["cpu"] for run in runs)
    row: dict[str, Any] = {
        "case": name,
        "k": k,
        "rows": len(answers),
        "columns": answers.shape[1],
        "missing_share": round(float(np.isnan(answers).mean()), 4),
        "starts": STARTS,
        "hits": runs[0]["hits"],
        "log_likelihood": round(runs[0]["log_likelihood"], 4),
        "cpu_seconds": round(seconds, 4),
        "memory_mb": round(runs[0]["memory"]),
    }
    if name == "1m":
        begun = measured(lambda: peer(answers, k, starts=1, steps=PEER_STEPS), peer_warm)
        tenth = measured(lambda: peer(answers[: len(answers) // 10], k, starts=1), peer_warm)
        step = (begun["cpu"] - begun["scoring"]) / PEER_STEPS
        theirs = step * tenth["steps"] * STARTS
        row |= {"peer_memory_mb": round(begun["memory"]), "peer_cpu_seconds": round(theirs)}
        row |= {"peer_steps": tenth["steps"], "peer_step_seconds": round(step, 2)}
        row |= {"extrapolated": True, "equal": None, "peer_log_likelihood": None}
    else:
        other = measured(lambda: peer(answers, k, starts=peer_starts), peer_warm)
        theirs = (other["cpu"] - other["scoring"]) * STARTS / peer_starts
        row |= {
            "peer_log_likelihood": round(other["log_likelihood"], 4),
            "equal": runs[0]["log_likelihood"] >= other["log_likelihood"] - 0.01,
            "peer_starts": peer_starts,
            "peer_cpu_seconds": round(theirs, 3),
            "peer_memory_mb": round(other["memory"]),
            "extrapolated": False,
        }
    return row | {"cpu_ratio": round(theirs / max(seconds, 1e-9), 1)}


def sentence(row: dict[str, Any]) -> str:
    mark = " (extrapolated)" if row["extrapolated"] else "" if row["equal"] else " (NOT equal)"
    return (
        f"{row['case']} K={row['k']}: {row['log_likelihood']} in {row['cpu_seconds']} s, "
        f"{row['memory_mb']} MB; StepMix {row['peer_log_likelihood']} in "
        f"{row['peer_cpu_seconds']} s, {row['peer_memory_mb']} MB; ratio {row['cpu_ratio']}{mark}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=("vacmot", *SIZES))
    parser.add_argument("--peer-starts", type=int, default=STARTS, help="starts of the peer")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    options = parser.parse_args()
    import stepmix.stepmix  # noqa: F401 - imported before the clocks start

    LatentClassModel(2, n_starts=2).fit(np.random.default_rng(0).integers(0, 2, (50, 4)))
    rows = []
    for case in cases(options.only):
        rows.append(compared(*case, options.peer_starts))
        print(sentence(rows[-1]), file=sys.stderr if options.json else sys.stdout, flush=True)
    ratios = [row["cpu_ratio"] for row in rows if not row["extrapolated"]]
    result = {
        "peer": "StepMix",
        "cpu_ratio_median": round(median(ratios), 1) if ratios else None,
        "all_equal": all(row["equal"] is not False for row in rows),
        "cases": rows,
    }
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        print(f"median ratio {result['cpu_ratio_median']}, all equal: {result['all_equal']}")


if __name__ == "__main__":
    main()
