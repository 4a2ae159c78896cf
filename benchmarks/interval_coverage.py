"""Coverage of the opportunity score's 95 % intervals, in simulation.

Fixed groups: the branch-wise percentile interval that the product shows beside the plain percentile
interval, over shares .1 to .9 and three odds ratios between importance and satisfaction.
Estimated segments (``--segments``): the whole of `opportunities`, classes refitted.

    python benchmarks/interval_coverage.py --n 100 250 1000
    python benchmarks/interval_coverage.py --segments 60 --n 600 1500
"""

from __future__ import annotations

import argparse
import json
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from embauche.collect.survey import Survey
from embauche.prioritise.opportunity import opportunities
from embauche.prioritise.opportunity_intervals import limits_of, score_of
from embauche.segment.indicators import coding_of
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.segmentation import Segment, Segmentation
from embauche.vocabulary import Solidity

Float = NDArray[np.float64]
SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)
ODDS = (0.5, 1.0, 3.0)


def joint(first: float, second: float, odds: float) -> Float:
    """Return the four joint shares with given margins and odds ratio."""
    both = first * second
    if odds != 1:
        total = 1 + (first + second) * (odds - 1)
        root = np.sqrt(total**2 - 4 * odds * (odds - 1) * first * second)
        both = (total - root) / (2 * (odds - 1))
    return np.array([both, first - both, second - both, 1 - first - second + both])


def fixed_groups(n: int, samples: int, draws: int, rng: np.random.Generator) -> dict[str, object]:
    """Measure coverage for every pair of shares."""
    cells: dict[str, list[float]] = {"embauche": [], "percentile": []}
    for first, second, odds in product(SHARES, SHARES, ODDS):
        truth = 10 * float(score_of(np.array(first), np.array(second)))
        shares = rng.multinomial(n, joint(first, second, odds), size=samples) / n
        again = rng.multinomial(n, shares / shares.sum(1, keepdims=True), size=(draws, samples)) / n
        i, s = 10 * (shares[:, 0] + shares[:, 1]), 10 * (shares[:, 0] + shares[:, 2])
        draws_i = 10 * (again[..., 0] + again[..., 1])
        draws_s = 10 * (again[..., 0] + again[..., 2])
        low, high = np.quantile(score_of(draws_i, draws_s), [0.025, 0.975], axis=0)
        cells["percentile"].append(_covered(low, high, truth))
        low, high = _ours(i, s, draws_i, draws_s, n)
        cells["embauche"].append(_covered(low, high, truth))
    return {
        name: {
            "mean": float(np.mean(values)),
            "least": float(np.min(values)),
            "most": float(np.max(values)),
            "within_93_97": float(np.mean([0.93 <= value <= 0.97 for value in values])),
        }
        for name, values in cells.items()
    }


def _covered(low: Float, high: Float, truth: float) -> float:
    return float(((low - 1e-9 <= truth) & (truth <= high + 1e-9)).mean())


def _ours(i: Float, s: Float, draws_i: Float, draws_s: Float, n: int) -> tuple[Float, Float]:
    """Apply the product's interval to samples, a few hundred at a time (ranks are wasted here)."""
    low, high = np.empty_like(i), np.empty_like(i)
    for first in range(0, len(i), 20):
        part = slice(first, first + 20)
        sizes = np.full(len(i[part]), float(n))
        limits = limits_of(
            i[part], s[part], draws_i[:, part], draws_s[:, part], sizes, np.zeros(len(sizes))
        )
        low[part], high[part] = limits.low, limits.high
    return low, high


def estimated_segments(
    n: int, samples: int, *, items: int = 10, classes: int = 3
) -> dict[str, float]:
    """Measure coverage inside segments that the importance ratings formed."""
    hits, overall = [], []
    for seed in range(samples):
        survey, kinds, truth_i, truth_s = simulated(n, items, classes, seed)
        segmentation = segmented(survey, classes, seed)
        table = np.zeros((classes, classes))
        np.add.at(table, (kinds, segmentation.labels), 1)
        kind_of = {f"S{b + 1}": int(a) for a, b in zip(*linear_sum_assignment(-table), strict=True)}
        for row in opportunities(survey, segmentation=segmentation, draws=400, seed=seed):
            j = int(row.outcome[1:])
            if row.segment is None:
                truth = score_of(truth_i[:, j].mean(), truth_s[:, j].mean())
                overall.append(row.low <= 10 * truth <= row.high)
            else:
                k = kind_of[row.segment]
                truth = score_of(truth_i[k, j], truth_s[k, j])
                hits.append(row.low <= 10 * truth <= row.high)
    return {"segments": float(np.mean(hits)), "overall": float(np.mean(overall)), "n": len(hits)}


def simulated(
    n: int, items: int, classes: int, seed: int
) -> tuple[Survey, NDArray[np.int64], Float, Float]:
    """Draw a survey of 1–5 ratings from well separated classes (relative entropy about .8)."""
    fixed = np.random.default_rng(99)
    high = fixed.choice([0.2, 0.8], (classes, items))
    while (
        min(np.abs(high[a] - high[b]).sum() for a in range(classes) for b in range(a)) < items / 3
    ):
        high = fixed.choice([0.2, 0.8], (classes, items))
    importance = np.clip(high + fixed.uniform(-0.1, 0.1, high.shape), 0.1, 0.9)
    satisfaction = fixed.uniform(0.15, 0.85, high.shape)
    rng = np.random.default_rng(seed)
    kinds = rng.integers(0, classes, n)

    def rated(shares: Float) -> NDArray[np.int64]:
        top = rng.random((n, items)) < shares[kinds]
        return np.where(top, rng.integers(4, 6, top.shape), rng.integers(1, 4, top.shape))

    left, right = rated(importance), rated(satisfaction)
    names = [f"i{j}" for j in range(items)]
    frame = pl.DataFrame(
        {f"i{j}": left[:, j] for j in range(items)} | {f"s{j}": right[:, j] for j in range(items)}
    )
    survey = Survey(
        "simulated", frame, needs=tuple(names), importance=tuple(names),
        satisfaction=tuple(f"s{j}" for j in range(items)), outcome_names=tuple(names),
    )  # fmt: skip
    return survey, kinds, importance, satisfaction


def segmented(survey: Survey, classes: int, seed: int) -> Segmentation:
    """Fit a given number of classes, without the choice of their number."""
    frame = survey.frame.select(survey.needs)
    model = LatentClassModel(classes, seed=seed, n_starts=24).fit(frame)
    posterior = model.predict_proba(frame)
    labels = posterior.argmax(axis=1)
    segments = tuple(
        Segment(f"S{k + 1}", int((labels == k).sum()), float(share), None, (), 1.0)
        for k, share in enumerate(model.class_shares_)
    )
    return Segmentation(
        survey.needs, classes, Solidity.NATURAL, (), (), segments, labels, posterior,
        model.to_dict(), survey.n, seed, (), coding_of(survey)[0],
    )  # fmt: skip


def main() -> None:
    """Run the simulation that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, nargs="+", default=[100, 250, 1000])
    parser.add_argument("--samples", type=int, default=1000, help="samples of each pair of shares")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--segments", type=int, default=0, help="surveys with estimated segments")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    found: dict[str, object] = {}
    for n in options.n:
        found[str(n)] = (
            estimated_segments(n, options.segments)
            if options.segments
            else fixed_groups(n, options.samples, options.draws, rng)
        )
        if not options.json:
            print(n, found[str(n)])
    if options.json:
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
