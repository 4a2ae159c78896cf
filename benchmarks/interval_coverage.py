"""Coverage of the opportunity score's 95 % intervals, with peers in the same run.

Fixed groups: for every possible sample of n respondents (each count of the four joint cells) the
interval is computed once, and coverage is the sum of the probabilities of the samples whose
interval holds the truth: exact but for the draws inside an interval. Shares .1 to .9, odds ratios
.5, 1 and 3 between importance and satisfaction; beyond `EVERY` respondents samples are drawn
instead. Peers: the plain percentile interval of the resampled score, and Wald's (delta method).

Estimated segments (``--segments``): surveys drawn from classes whose ratings of importance form the
segments; the whole of `opportunities`, refitted in each replicate. Peers: labels taken as known
groups, with the product's own replicates (naive), and with Wald's interval. A survey's seed is
`--first-seed` plus its place, for the survey, the segmentation and the intervals alike. How often
the product warns that classes overlap is counted with it, by its two limits: the entropy of the
classes, and the stability of `--refits` refits.

Everyone (``--everyone``): the same surveys without their segments, which cost nearly all the time;
everyone's intervals are the same with and without them. Peer: Wald's interval.

    python -P benchmarks/interval_coverage.py --n 100 250 --json
    python -P benchmarks/interval_coverage.py --segments 40 --n 300 600 --first-seed 2000
    python -P benchmarks/interval_coverage.py --segments 40 --n 300 --separation .18 .24 .3
    python -P benchmarks/interval_coverage.py --everyone 400 --n 300 600 --draws 2000
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.special import gammaln

from embauche.collect.survey import Survey
from embauche.prioritise.opportunity import opportunities
from embauche.prioritise.opportunity_draws import PRIOR
from embauche.prioritise.opportunity_intervals import score_of
from embauche.prioritise.opportunity_segments import relative_entropy
from embauche.segment.indicators import coding_of
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.patterns import collapse, encode
from embauche.segment.segmentation import Criterion, Segment, Segmentation
from embauche.segment.stability import bootstrap_stability
from embauche.vocabulary import Solidity

Float = NDArray[np.float64]
Interval = Callable[[Float, int, np.random.Generator], Float]
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
ODDS = (0.5, 1.0, 3.0)
EVERY = 120
"""Up to this many respondents every sample is looked at."""

Z = 1.959963984540054
_CHUNK = 2500

WARNINGS = ("opportunity.overlap", "opportunity.unstable", "opportunity.blurred")
"""What the product says where classes overlap too much for its intervals."""


def joint(first: float, second: float, odds: float) -> Float:
    """Return the four joint shares with given margins and odds ratio."""
    both = first * second
    if odds != 1:
        total = 1 + (first + second) * (odds - 1)
        root = np.sqrt(total**2 - 4 * odds * (odds - 1) * first * second)
        both = (total - root) / (2 * (odds - 1))
    return np.array([both, first - both, second - both, 1 - first - second + both])


def every_sample(n: int) -> Float:
    """Return (M, 4) counts of the joint cells: all samples of n."""
    a, b, c = np.meshgrid(*(np.arange(n + 1),) * 3, indexing="ij")
    kept = a + b + c <= n
    a, b, c = a[kept], b[kept], c[kept]
    return np.stack([a, b, c, n - a - b - c], axis=1).astype(np.float64)


def ours(counts: Float, draws: int, rng: np.random.Generator) -> Float:
    """Return the product's interval: branch limits over draws from the Dirichlet posterior.

    Without weights and with one outcome, its replicates are exactly these draws.
    """
    gamma = rng.standard_gamma((counts + PRIOR).astype(np.float32), (draws, len(counts), 4), "f4")
    return _branches(gamma / gamma.sum(axis=2, keepdims=True))


def resampled_branches(counts: Float, draws: int, rng: np.random.Generator) -> Float:
    """Branch limits over resampled respondents (the product's interval before)."""
    return _branches(_resampled(counts, draws, rng))


def percentile(counts: Float, draws: int, rng: np.random.Generator) -> Float:
    """Return the usual bootstrap interval: percentiles of the resampled score."""
    shares = _resampled(counts, draws, rng)
    score = score_of(shares[..., 0] + shares[..., 1], shares[..., 0] + shares[..., 2])
    return 10 * _tails(score)


def wald(counts: Float, _draws: int, _rng: np.random.Generator) -> Float:
    """Return normal limits around the score, its variance by the delta method."""
    n = counts.sum(axis=1)
    shares = counts / n[:, None]
    gap = shares[:, 1] > shares[:, 2]
    per_cell = np.where(gap[:, None], np.array([1.0, 2.0, -1.0, 0.0]), np.array([1.0, 1.0, 0, 0]))
    score = (per_cell * shares).sum(axis=1)
    reach = Z * np.sqrt(((per_cell**2 * shares).sum(axis=1) - score**2) / n)
    return 10 * np.stack([score - reach, score + reach])


PEERS: dict[str, Interval] = {
    "embauche": ours,
    "resampled_branches": resampled_branches,
    "percentile": percentile,
    "wald": wald,
}


def _resampled(counts: Float, draws: int, rng: np.random.Generator) -> Float:
    n = int(counts[0].sum())
    return rng.multinomial(n, counts / n, size=(draws, len(counts))) / n


def _branches(shares: Float) -> Float:
    importance = shares[..., 0] + shares[..., 1]
    first, second = _tails(importance), _tails(2 * importance - shares[..., 0] - shares[..., 2])
    return 10 * np.maximum(first, second)


def _tails(values: Float) -> Float:
    return np.quantile(values, [0.025, 0.975], axis=0)


def fixed_groups(
    n: int, samples: int, draws: int, names: list[str], rng: np.random.Generator
) -> dict[str, object]:
    """Measure coverage for every pair of shares."""
    found: dict[str, object] = {}
    cells = list(product(SHARES, SHARES, ODDS))
    truth = [float(10 * score_of(np.array(i), np.array(s))) for i, s, _ in cells]
    if n <= EVERY:
        counts = every_sample(n)
        ways = gammaln(n + 1) - gammaln(counts + 1).sum(axis=1)
        chance = [np.exp(ways + counts @ np.log(joint(*cell))) for cell in cells]
    else:
        drawn = [rng.multinomial(n, joint(*cell), size=samples) for cell in cells]
        counts, where = np.unique(np.concatenate(drawn), axis=0, return_inverse=True)
        counts = counts.astype(np.float64)
        parts = where.ravel().reshape(len(cells), samples)
        chance = [np.bincount(part, minlength=len(counts)) / samples for part in parts]
    for name in names:
        limits = np.concatenate(
            [
                PEERS[name](counts[at : at + _CHUNK], draws, rng)
                for at in range(0, len(counts), _CHUNK)
            ],
            axis=1,
        )
        values = np.array(
            [
                p[(limits[0] - 1e-6 <= t) & (t <= limits[1] + 1e-6)].sum()
                for p, t in zip(chance, truth, strict=True)
            ]
        )
        least, most = int(values.argmin()), int(values.argmax())
        found[name] = {
            "mean": float(values.mean()),
            "least": float(values[least]),
            "least_at": cells[least],
            "most": float(values[most]),
            "most_at": cells[most],
            "within_93_97": float(((values >= 0.93) & (values <= 0.97)).mean()),
        }
    return found


ITEMS = 10
CLASSES = 3


def everyone(n: int, seeds: range, draws: int, separation: float) -> dict[str, object]:
    """Measure coverage of everyone's intervals in the surveys of `estimated_segments`."""
    hits = np.zeros((2, len(seeds), ITEMS), dtype=np.bool_)
    for at, seed in enumerate(seeds):
        survey, _, truth_i, truth_s = simulated(n, ITEMS, CLASSES, separation, seed)
        for row in opportunities(survey, draws=draws, seed=seed):
            j = int(row.outcome[1:])
            truth = 10 * score_of(truth_i[:, j].mean(), truth_s[:, j].mean())
            low, high = wald(_cells(survey.frame, j), 0, np.random.default_rng(0))[:, 0]
            hits[:, at, j] = row.low <= truth <= row.high, low <= truth <= high
    return {
        name: {
            "mean": float(found.mean()),
            "error": float(found.mean(axis=1).std(ddof=1) / np.sqrt(len(seeds))),
            "outcomes": found.mean(axis=0).tolist(),
        }
        for name, found in zip(("embauche", "wald"), hits, strict=True)
    } | {"surveys": len(seeds), "intervals": int(hits[0].size)}


def estimated_segments(
    n: int,
    seeds: range,
    draws: int,
    separation: float,
    *,
    refits: int,
    items: int = ITEMS,
    classes: int = CLASSES,
) -> dict[str, object]:
    """Measure coverage inside segments that the importance ratings formed, and what warns of it."""
    hits: dict[str, list[bool]] = {
        name: [] for name in ("embauche", "naive_bootstrap", "naive_wald", "overall")
    }
    entropies, stabilities, sizes, said = [], [], [], []
    for seed in seeds:
        survey, kinds, truth_i, truth_s = simulated(n, items, classes, separation, seed)
        segmentation = segmented(survey, classes, seed, refits)
        stabilities.append(segmentation.criteria[0].stability or 0.0 if refits else 0.0)
        entropies.append(relative_entropy(segmentation.posterior, np.ones(n)))
        sizes.append(min(segment.n for segment in segmentation.segments))
        table = np.zeros((classes, classes))
        np.add.at(table, (kinds, segmentation.labels), 1)
        kind_of = {f"S{b + 1}": int(a) for a, b in zip(*linear_sum_assignment(-table), strict=True)}
        labels = pl.Series("label", [f"S{label + 1}" for label in segmentation.labels])
        known = replace(survey, frame=survey.frame.with_columns(labels))
        inside = opportunities(survey, segmentation=segmentation, draws=draws, seed=seed)
        codes = [
            {item.code for item in row.notices} & set(WARNINGS)
            for row in inside
            if row.segment is not None
        ]
        said.append(set.intersection(*codes))
        for name, rows in (
            ("embauche", inside),
            ("naive_bootstrap", opportunities(known, by="label", draws=draws, seed=seed)),
        ):
            for row in rows:
                j = int(row.outcome[1:])
                if row.segment is None:
                    truth = 10 * score_of(truth_i[:, j].mean(), truth_s[:, j].mean())
                    if name == "embauche":
                        hits["overall"].append(row.low <= truth <= row.high)
                    continue
                k = kind_of[row.segment]
                truth = 10 * score_of(truth_i[k, j], truth_s[k, j])
                hits[name].append(row.low <= truth <= row.high)
                if name == "naive_bootstrap":
                    members = survey.frame.filter(labels == row.segment)
                    low, high = wald(_cells(members, j), 0, np.random.default_rng(0))[:, 0]
                    hits["naive_wald"].append(low <= truth <= high)
    errors = {
        f"{name}_error": float(
            np.reshape(values, (len(seeds), -1)).mean(axis=1).std(ddof=1) / np.sqrt(len(seeds))
        )
        for name, values in hits.items()
        if len(seeds) > 1
    }
    figures: dict[str, object] = {name: float(np.mean(values)) for name, values in hits.items()}
    each = np.reshape(hits["embauche"], (len(seeds), -1)).mean(axis=1)
    warned = np.array([bool(codes) for codes in said])
    for name, kept in (("warned", warned), ("unwarned", ~warned)):
        figures[f"embauche_where_{name}"] = float(each[kept].mean()) if kept.any() else None
    return (
        figures
        | errors
        | {
            "surveys": len(seeds),
            "intervals": len(hits["embauche"]),
            "surveys_warned": sum(bool(codes) for codes in said),
            **{
                f"surveys_warned_by_{code}": sum(code in codes for codes in said)
                for code in WARNINGS
            },
            "entropy": float(np.mean(entropies)),
            "least_entropy": float(np.min(entropies)),
            "stability": float(np.mean(stabilities)) if refits else None,
            "median_of_smallest_segment": float(np.median(sizes)),
        }
    )


def _cells(frame: pl.DataFrame, j: int) -> Float:
    i, s = frame[f"i{j}"].to_numpy() >= 4, frame[f"s{j}"].to_numpy() >= 4
    return np.array([[(i & s).sum(), (i & ~s).sum(), (~i & s).sum(), (~i & ~s).sum()]], float)


def simulated(
    n: int, items: int, classes: int, separation: float, seed: int
) -> tuple[Survey, NDArray[np.int64], Float, Float]:
    """Draw a survey of 1–5 ratings from classes; a separation of .3 gives an entropy about .8."""
    fixed = np.random.default_rng(99)
    signs = fixed.choice([-1.0, 1.0], (classes, items))
    while min((signs[a] != signs[b]).sum() for a in range(classes) for b in range(a)) < items / 2:
        signs = fixed.choice([-1.0, 1.0], (classes, items))
    high = 0.5 + separation * signs
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


def segmented(survey: Survey, classes: int, seed: int, refits: int) -> Segmentation:
    """Fit a given number of classes, without the choice of their number; measure its stability."""
    frame = survey.frame.select(survey.needs)
    model = LatentClassModel(classes, seed=seed, n_starts=24).fit(frame)
    criteria: tuple[Criterion, ...] = ()
    if refits:
        _, codes = encode(frame, model.indicators_)
        sizes = np.array([len(item.categories) for item in model.indicators_], dtype=np.int64)
        patterns = collapse(codes, sizes, np.ones(len(codes)))
        stream = np.random.SeedSequence(seed)
        found = bootstrap_stability(patterns, *model.solution(), stream, refits=refits)
        nan = math.nan
        criteria = (Criterion(classes, nan, 0, nan, nan, nan, nan, nan, found.overall, 24, 1),)
    posterior = model.predict_proba(frame)
    labels = posterior.argmax(axis=1)
    segments = tuple(
        Segment(f"S{k + 1}", int((labels == k).sum()), float(share), None, (), 1.0)
        for k, share in enumerate(model.class_shares_)
    )
    return Segmentation(
        survey.needs, classes, Solidity.NATURAL, (), criteria, segments, labels, posterior,
        model.to_dict(), survey.n, seed, (), coding_of(survey)[0],
    )  # fmt: skip


def main() -> None:
    """Run the simulation that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, nargs="+", default=[100, 250, 1000])
    parser.add_argument("--samples", type=int, default=1000, help="samples a cell beyond EVERY")
    parser.add_argument("--draws", type=int, default=500, help="draws an interval")
    parser.add_argument("--peers", nargs="+", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--segments", type=int, default=0, help="surveys with estimated segments")
    parser.add_argument("--everyone", type=int, default=0, help="surveys, everyone's scores only")
    parser.add_argument("--first-seed", type=int, default=0, help="seed of the first survey")
    parser.add_argument("--refits", type=int, default=30, help="for the stability of segments")
    parser.add_argument("--separation", type=float, nargs="+", default=[0.3])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    found: dict[str, object] = {}
    for n in options.n:
        inside = partial(estimated_segments, refits=options.refits)
        measure = inside if options.segments else everyone
        surveys = options.segments or options.everyone
        if surveys:
            seeds = range(options.first_seed, options.first_seed + surveys)
            for separation in options.separation:
                found[f"{n}, {separation:g}"] = measure(n, seeds, options.draws, separation)
        else:
            found[str(n)] = fixed_groups(n, options.samples, options.draws, options.peers, rng)
        if not options.json:
            print(n, json.dumps(found, indent=1))
    if options.json:
        print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
