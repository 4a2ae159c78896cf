"""How many classes: criteria for k = 1, 2…, bootstrap stability, and a choice that shows conflict.

The rule: among the numbers whose stability reaches `ACCEPTABLE` and whose BIC keeps at least
`KEPT_GAIN` of the best improvement over one class, the one with the best BIC; where there is none,
the best BIC alone; where BIC prefers one class to any other number, one. Stability alone would
nearly always take two, and BIC alone splits a continuum ever finer as the sample grows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.segment.across import flows, shares_of_origin, stability_across
from embauche.segment.kernel import kernel
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.latent_trait import TraitFit, fit_trait
from embauche.segment.likelihood_ratio import (
    DRAWS,
    LikelihoodRatio,
    bootstrap_likelihood_ratio,
)
from embauche.segment.patterns import Indicator, Patterns, collapse
from embauche.segment.replicates import in_order
from embauche.segment.segmentation import Criterion
from embauche.segment.stability import Stability, bootstrap_stability, classify
from embauche.segment.starts import search
from embauche.segment.verdict import RATIO_LEVEL, REPRODUCIBLE_STABILITY, Grounds

Float = NDArray[np.float64]
Progress = Callable[[float], None] | None

ACCEPTABLE: Final = REPRODUCIBLE_STABILITY
"""Least stability of a number of classes that may be chosen for its BIC."""

KEPT_GAIN: Final = 0.9
"""Share of the best BIC's gain over one class that a stabler number must keep: two levels of one
motive are stable too, and say little of what people want."""

SHUFFLES: Final = 8
"""Bootstrap refits on shuffled answers."""

LEAST_PER_CLASS: Final = 15
"""Fewer respondents a class than this are not tried."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The number of classes, and all that spoke for and against each.

    Attributes
    ----------
    k, bic_k, icl_k
        Number chosen; preferred by BIC; by ICL.
    criteria
        One entry a number tried.
    models
        k → fitted model.
    stabilities
        k → stability (k ≥ 2).
    ratios
        k → likelihood-ratio test against k − 1 (k ≥ 2), where asked for.
    across
        k → (k,) stability of each class across solutions (k ≥ 2).
    traits
        Continuous rivals that were fitted.
    grounds
        What the verdict rests on.
    """

    k: int
    bic_k: int
    icl_k: int
    criteria: tuple[Criterion, ...]
    models: Mapping[int, LatentClassModel]
    stabilities: Mapping[int, Stability]
    ratios: Mapping[int, LikelihoodRatio]
    across: Mapping[int, Float]
    traits: tuple[TraitFit, ...]
    grounds: Grounds


def choose_number(
    patterns: Patterns,
    indicators: Sequence[Indicator],
    *,
    k_max: int = 8,
    seed: int = 0,
    bootstrap: int = 30,
    ratio_draws: int = DRAWS,
    n_starts: int | None = None,
    progress: Progress = None,
) -> Choice:
    """Fit 1 to `k_max` classes, test their stability, and choose.

    Parameters
    ----------
    patterns, indicators
        Data, from `embauche.segment.patterns`.
    k_max
        Largest number tried; fewer where respondents are few (`LEAST_PER_CLASS` a class).
    seed
        Seed of starts and bootstrap samples; each k has a stream of its own.
    bootstrap
        Bootstrap refits for each k; global stability averages their bootstrap · (bootstrap − 1) / 2
        pairs.
    ratio_draws
        Data sets drawn at most for each likelihood-ratio test; 0 for none (survey weights: the
        likelihood is then not one of independent respondents).
    n_starts
        Random starts of each fit; adaptive by default.
    progress
        Called with the share done; may raise to cancel.
    """
    report = progress if progress is not None else _silent
    rows = int((patterns.inverse >= 0).sum())
    k_max = max(1, min(k_max, rows // LEAST_PER_CLASS))
    streams = np.random.SeedSequence(seed).spawn(2 * k_max + 1)
    models: dict[int, LatentClassModel] = {}
    stabilities: dict[int, Stability] = {}
    ratios: dict[int, LikelihoodRatio] = {}
    cost = np.cumsum([k * k for k in range(k_max + 1)]) / max(
        1, sum(k * k for k in range(k_max + 1))
    )
    for model in in_order(
        lambda k: LatentClassModel(k, seed=seed, n_starts=n_starts).fit_patterns(
            patterns, indicators
        ),
        range(k_max, 0, -1),  # the longest first, so that no core waits for it at the end
        waiting=lambda: report(0.4 * len(models) / k_max),
    ):
        models[model.n_classes] = model
        report(0.4 * len(models) / k_max)
    models = dict(sorted(models.items()))
    for k in range(2, k_max + 1):
        begin, width = 0.4 + 0.5 * float(cost[k - 1]), 0.5 * float(cost[k] - cost[k - 1])
        stabilities[k] = bootstrap_stability(
            patterns,
            *models[k].solution(),
            streams[k],
            refits=bootstrap,
            progress=_part(report, begin, 0.4 * width),
        )
        if ratio_draws:
            ratios[k] = bootstrap_likelihood_ratio(
                patterns,
                models[k - 1],
                models[k],
                streams[k_max + k],
                draws=ratio_draws,
                progress=_part(report, begin + 0.4 * width, 0.6 * width),
            )
        report(begin + width)
    bic_k = min(models, key=lambda k: models[k].bic_)
    icl_k = min(models, key=lambda k: models[k].icl_)
    k = _chosen(models, stabilities, bic_k)

    def alive() -> None:
        report(0.9)

    traits = _traits(patterns, models[bic_k].bic_, seed, alive) if k > 1 else ()
    report(0.95)
    grounds = _grounds(patterns, models, stabilities, k, bic_k, traits, streams[0], report)
    grounds = replace(grounds, ratio_k=_ratio_k(ratios) if ratios else None)
    report(1.0)
    tables = _flows(patterns, models)
    across = {number: stability_across(table) for number, table in tables.items()}
    criteria = _criteria(models, stabilities, ratios, tables)
    return Choice(k, bic_k, icl_k, criteria, models, stabilities, ratios, across, traits, grounds)


def _ratio_k(ratios: Mapping[int, LikelihoodRatio]) -> int:
    """Return the last number before the first test that does not find one class more better."""
    refused = [k for k, found in sorted(ratios.items()) if found.p > RATIO_LEVEL]
    return refused[0] - 1 if refused else max(ratios)


def _flows(patterns: Patterns, models: Mapping[int, LatentClassModel]) -> dict[int, Float]:
    """Return k → (k − 1, k) weights that go from each class of k − 1 to each of k."""
    labels = {k: classify(patterns, *model.solution()) for k, model in models.items()}
    return {
        k: flows(labels[k - 1], labels[k], patterns.weights, (k - 1, k)) for k in models if k > 1
    }


def _chosen(
    models: Mapping[int, LatentClassModel], stabilities: Mapping[int, Stability], bic_k: int
) -> int:
    if bic_k == 1:
        return 1
    least = KEPT_GAIN * (models[1].bic_ - models[bic_k].bic_)
    fit = [
        k
        for k, value in stabilities.items()
        if value.overall >= ACCEPTABLE and models[1].bic_ - models[k].bic_ >= least
    ]
    return min(fit, key=lambda k: models[k].bic_) if fit else bic_k


def shuffled(patterns: Patterns, rng: np.random.Generator) -> Patterns:
    """Return the data with each column's answers dealt anew: same margins, nothing else."""
    rows = patterns.inverse[patterns.inverse >= 0]
    counts = np.bincount(rows, minlength=len(patterns.weights))
    weights = (patterns.weights / np.maximum(counts, 1))[rows]
    codes = rng.permuted(patterns.codes[rows], axis=0)
    kept = (codes >= 0).any(axis=1)
    return collapse(codes[kept], patterns.cardinality, weights[kept])


def levels(model: LatentClassModel) -> float:
    """Share of the difference between classes that is one of level.

    From three classes on, the share of the between-class variance of answers along one line. Two
    classes always lie on a line; there it is the share of the needs' squared differences (in the
    last, highest answer) that point the same way: one class wants more of everything.
    """
    if model.n_classes < 2:
        return 0.0
    if model.n_classes == 2:
        gaps = np.array(
            [table[0, -1] - table[1, -1] for table in model.item_probabilities_.values()]
        )
        total = float((gaps**2).sum())
        upward = float((gaps[gaps > 0] ** 2).sum())
        return max(upward, total - upward) / total if total > 0 else 0.0
    theta, share = model.solution()
    mean = theta @ share
    spread = np.sqrt(np.maximum(mean * (1 - mean), 1e-4))
    centred = (theta - mean[:, None]) / spread[:, None] * np.sqrt(share)
    values = np.linalg.svd(centred, compute_uv=False) ** 2
    return float(values[0] / values.sum()) if values.sum() > 0 else 0.0


def _part(report: Callable[[float], None], begin: float, width: float) -> Callable[[float], None]:
    """Return a progress function for one part of the whole."""
    return lambda share: report(begin + width * share)


def _silent(_: float) -> None:
    return None


def _traits(
    patterns: Patterns, classes_bic: float, seed: int, alive: Callable[[], None]
) -> tuple[TraitFit, ...]:
    """Fit the continuous rivals; two dimensions only where one does not beat classes already."""
    first = fit_trait(patterns, 1, seed=seed, alive=alive)
    if first.bic <= classes_bic or len(patterns.cardinality) < 4:
        return (first,)
    return first, fit_trait(patterns, 2, seed=seed, alive=alive)


def _grounds(
    patterns: Patterns,
    models: Mapping[int, LatentClassModel],
    stabilities: Mapping[int, Stability],
    k: int,
    bic_k: int,
    traits: tuple[TraitFit, ...],
    stream: np.random.SeedSequence,
    report: Callable[[float], None],
) -> Grounds:
    if k == 1:
        return Grounds(1, bic_k, 0.0, np.ones(1), 1.0, 0.0, models[1].bic_, np.inf, 0, 0.0)
    dealt, refitted = stream.spawn(2)
    rng = np.random.default_rng(dealt)
    noise = shuffled(patterns, rng)
    found = search(kernel(noise, k, prior=0.0, backend="auto"), k, rng, n_starts=24, tol=1e-4)
    told = _part(report, 0.95, 0.05)
    reference = bootstrap_stability(
        noise, found.theta, found.share, refitted, refits=SHUFFLES, progress=told
    )
    rival = min(traits, key=lambda fit: fit.bic)
    return Grounds(
        k=k,
        bic_k=bic_k,
        stability=stabilities[k].overall,
        by_segment=stabilities[k].by_class,
        entropy=models[k].entropy_,
        noise_stability=reference.overall,
        classes_bic=models[k].bic_,
        continuum_bic=rival.bic,
        dimensions=rival.dimensions,
        levels=levels(models[k]),
    )


def _criteria(
    models: Mapping[int, LatentClassModel],
    stabilities: Mapping[int, Stability],
    ratios: Mapping[int, LikelihoodRatio],
    tables: Mapping[int, Float],
) -> tuple[Criterion, ...]:
    found = []
    for k, model in models.items():
        stability, ratio = stabilities.get(k), ratios.get(k)
        found.append(
            Criterion(
                k=k,
                log_likelihood=model.log_likelihood_,
                parameters=model.n_parameters_,
                aic=model.aic_,
                bic=model.bic_,
                sabic=model.sabic_,
                icl=model.icl_,
                entropy=model.entropy_,
                stability=stability.overall if stability else None,
                starts=model.starts_,
                hits=model.hits_,
                stability_error=stability.error if stability else None,
                within=tuple(stability.by_class.tolist()) if stability else (),
                across=tuple(stability_across(tables[k]).tolist()) if k in tables else (),
                sizes=tuple(model.class_shares_.tolist()),
                origins=shares_of_origin(tables[k]) if k in tables else (),
                ratio=ratio.ratio if ratio else None,
                ratio_p=ratio.p if ratio else None,
                ratio_draws=ratio.draws if ratio else None,
            )
        )
    return tuple(found)
