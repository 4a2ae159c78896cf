"""Time of the whole dashboard of segments, for K = 1…8.

    python benchmarks/stability.py --json

1,000 respondents by 20 yes/no needs: simulated in four classes, and vacmot where ../shared/data
lies beside the checkout. Timed is `choose_number` whole: fits, 30 bootstrap refits a number (435
pairs), likelihood-ratio tests of up to 99 drawn data sets, continuous rivals, shuffled answers.
Wall time means what it says on an idle machine only; CPU seconds stand beside it. ``--peer`` times
StepMix on the bootstrap refits of one number of classes (`PEER_K`; nine starts each, as ours), in
the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from embauche.segment import LatentClassModel, choose_number
from embauche.segment.patterns import Patterns, collapse, encode
from embauche.segment.stability import RANDOM_STARTS, bootstrap_stability

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
PEER_K = 4


def tables(only: str | None) -> Iterator[tuple[str, np.ndarray]]:
    if only in (None, "simulated"):
        rng = np.random.default_rng(1)
        theta = rng.uniform(0.1, 0.9, (4, 20))
        yield "simulated", (rng.random((1000, 20)) < theta[rng.integers(0, 4, 1000)]).astype(int)
    path = SHARED / "surveys" / "vacmot.csv"
    if only in (None, "vacmot") and path.is_file():
        table = pl.read_csv(path, null_values="NA", infer_schema_length=None)[:, :20]
        yield "vacmot", table.to_numpy().astype(int)


def patterns_of(answers: np.ndarray) -> tuple[Patterns, tuple[Any, ...]]:
    columns, codes = encode(answers)
    sizes = np.array([column.size for column in columns])
    return collapse(codes, sizes, np.ones(len(codes))), columns


def timed(answers: np.ndarray, k_max: int) -> dict[str, Any]:
    patterns, columns = patterns_of(answers)
    wall, cpu = time.perf_counter(), time.process_time()
    made = choose_number(patterns, columns, k_max=k_max)
    found = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return found | {
        "k": made.k,
        "log_likelihoods": {str(item.k): item.log_likelihood for item in made.criteria},
        "draws": sum(item.ratio_draws or 0 for item in made.criteria),
    }


def against_peer(answers: np.ndarray, refits: int) -> dict[str, Any]:
    """Bootstrap refits of one number of classes: ours, and StepMix's with as many starts."""
    from stepmix import StepMix

    patterns, columns = patterns_of(answers)
    model = LatentClassModel(PEER_K).fit_patterns(patterns, columns)
    cpu = time.process_time()
    bootstrap_stability(patterns, *model.solution(), np.random.SeedSequence(0), refits=refits)
    ours = time.process_time() - cpu
    rng = np.random.default_rng(0)
    cpu = time.process_time()
    for _ in range(refits):
        peer = StepMix(
            PEER_K, n_init=RANDOM_STARTS + 1, measurement="binary", progress_bar=0, verbose=0
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            peer.fit(answers[rng.integers(0, len(answers), len(answers))])
    theirs = time.process_time() - cpu
    return {"refits": refits, "cpu": ours, "peer_cpu": theirs, "cpu_ratio": theirs / ours}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=("simulated", "vacmot"))
    parser.add_argument("--k-max", type=int, default=8)
    parser.add_argument("--peer", type=int, default=4, help="refits of the peer; 0 for none")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    options = parser.parse_args()
    result: dict[str, Any] = {"cores": os.cpu_count(), "load": os.getloadavg()[0], "cases": {}}
    for name, answers in tables(options.only):
        patterns, columns = patterns_of(answers[:100])
        choose_number(patterns, columns, k_max=2, bootstrap=3, ratio_draws=2)  # compiles
        case = timed(answers, options.k_max)
        if options.peer:
            case["refits_against_stepmix"] = against_peer(answers, options.peer)
        result["cases"][name] = case
        if not options.json:
            print(f"{name}: {case['wall']:.1f} s, {case['cpu']:.1f} CPU s, K = {case['k']}")
            if options.peer:
                print(f"  refits: StepMix {case['refits_against_stepmix']['cpu_ratio']:.0f} ×")
    if options.json:
        print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
