"""How often each verdict is given where the truth is known, over simulated surveys.

    python benchmarks/verdicts.py --sets 20 --json

Reduced cost: 600 respondents, up to 5 segments, 10 bootstrap refits. What must hold: a continuous
factor, two of them, a response style and noise are never natural.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable

import numpy as np
import polars as pl

from embauche.collect.survey import ColumnReading, Survey
from embauche.segment import segment_survey

N, J = 600, 14
Rng = np.random.Generator


def _binary(rng: Rng, logits: np.ndarray) -> np.ndarray:
    return (rng.random(logits.shape) < 1 / (1 + np.exp(-logits))).astype(int)


def separated(rng: Rng) -> np.ndarray:
    """Four classes with answers of .15 or .85."""
    theta = np.where(rng.random((4, J)) < 0.5, 0.15, 0.85)
    return (rng.random((N, J)) < theta[rng.choice(4, N, p=[0.4, 0.25, 0.2, 0.15])]).astype(int)


def weak(rng: Rng) -> np.ndarray:
    """Three classes with answers of .35 or .65."""
    theta = np.where(rng.random((3, J)) < 0.5, 0.35, 0.65)
    return (rng.random((N, J)) < theta[rng.integers(0, 3, N)]).astype(int)


def noise(rng: Rng) -> np.ndarray:
    """Independent answers."""
    return (rng.random((N, J)) < rng.uniform(0.2, 0.8, J)).astype(int)


def factor(rng: Rng) -> np.ndarray:
    """One continuous factor."""
    return _binary(rng, rng.normal(0, 1, J) + rng.normal(size=(N, 1)) * rng.uniform(0.8, 2, J))


def skewed_factor(rng: Rng) -> np.ndarray:
    """One continuous factor, log-normal, so that no normal trait model is quite right."""
    trait = np.exp(rng.normal(size=(N, 1)) * 0.7)
    trait = (trait - trait.mean()) / trait.std()
    return _binary(rng, rng.normal(0, 1, J) + trait * rng.uniform(0.8, 2, J))


def two_factors(rng: Rng) -> np.ndarray:
    """Two continuous factors."""
    return _binary(rng, rng.normal(0, 1, J) + rng.normal(size=(N, 2)) @ rng.normal(0, 1.2, (2, J)))


def style(rng: Rng) -> np.ndarray:
    """Ratings from 1 to 5 that differ by acquiescence alone."""
    raw = 3 + rng.normal(0, 1, (N, 1)) + rng.normal(0, 0.5, J) + rng.normal(0, 0.8, (N, J))
    return np.clip(np.round(raw), 1, 5).astype(int)


def yes_saying(rng: Rng) -> np.ndarray:
    """Yes/no answers that differ by acquiescence alone."""
    return _binary(rng, rng.normal(0, 1, J) + rng.normal(0, 1.5, (N, 1)))


def extremes(rng: Rng) -> np.ndarray:
    """Ratings from 1 to 5 that differ by how readily the ends of the scale are used."""
    spread = np.exp(rng.normal(0, 0.6, (N, 1)))
    raw = 3 + rng.normal(0, 0.3, J) + spread * rng.normal(0, 1, (N, J))
    return np.clip(np.round(raw), 1, 5).astype(int)


CASES: dict[str, tuple[Callable[[Rng], np.ndarray], str]] = {
    "separated": (separated, "yes_no"),
    "weak": (weak, "yes_no"),
    "noise": (noise, "yes_no"),
    "factor": (factor, "yes_no"),
    "skewed_factor": (skewed_factor, "yes_no"),
    "two_factors": (two_factors, "yes_no"),
    "style": (style, "1-5"),
    "extremes": (extremes, "1-5"),
    "yes_saying": (yes_saying, "yes_no"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=20, help="simulated surveys a case")
    parser.add_argument("--only", choices=tuple(CASES))
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    options = parser.parse_args()
    result: dict[str, dict[str, object]] = {}
    for name, (draw, scale) in CASES.items():
        if options.only not in (None, name):
            continue
        verdicts: Counter[str] = Counter()
        numbers: Counter[int] = Counter()
        for seed in range(options.sets):
            answers = draw(np.random.default_rng([seed, 20260101]))
            columns = [f"need{j}" for j in range(J)]
            survey = Survey(
                "simulated",
                pl.DataFrame(answers, schema=columns),
                needs=tuple(columns),
                readings={column: ColumnReading(column, column, scale) for column in columns},
            )
            found = segment_survey(survey, k_max=5, bootstrap=10)
            verdicts[found.verdict.value] += 1
            numbers[found.k] += 1
        result[name] = {"verdicts": dict(verdicts), "k": dict(sorted(numbers.items()))}
        if not options.json:
            print(f"{name:14} {dict(verdicts)}  k: {dict(sorted(numbers.items()))}", flush=True)
    if options.json:
        print(json.dumps({"sets": options.sets, "cases": result}, indent=2))


if __name__ == "__main__":
    main()
