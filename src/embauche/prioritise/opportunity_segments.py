"""Opportunities inside estimated segments: refitted, relabelled and corrected in every replicate.

Segments are estimates. Were they taken as fixed, intervals inside them would be far too narrow; so
every replicate of the Bayesian bootstrap (`opportunity_draws`) fits the latent class model anew
from the original solution, matches its classes to the original ones, and scores each class with
posterior weights:

- a rating that formed the segments is averaged with the posteriors themselves, which at the
  likelihood's maximum gives the class's own answer probabilities;
- a rating that did not is averaged with Bolck, Croon and Hagenaars' (2004) weights in their
  proportional form (Vermunt 2010): posteriors times the inverse of
  ``D[t, k] = Σ_i p_it p_ik / Σ_i p_it``, which undoes the blur of classification error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.notices import Notice
from embauche.prioritise.opportunity_draws import GroupDraws, pseudo_respondents
from embauche.prioritise.ratings import Ratings
from embauche.segment.indicators import code_answers
from embauche.segment.kernel import kernel, log_joint, posterior_of
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.patterns import collapse, encode
from embauche.segment.segmentation import Segmentation
from embauche.segment.starts import search

Float = NDArray[np.float64]

OVERLAP: Final = 0.7
"""Under this relative entropy classes overlap so much that intervals inside them are too narrow."""

UNSTABLE: Final = 0.6
"""Under this stability (adjusted Rand index of refits) other respondents would have given other
segments, and intervals inside them are too narrow, however far apart they look in this sample."""

BLURRED: Final = 0.05
"""Below this least singular value of D, classes are too blurred to correct for."""

_CLIMB: Final[dict[str, Any]] = {"max_iter": 500, "tol": 1e-4}


@dataclass(frozen=True, slots=True)
class _Data:
    """Rows that are in a segment, with what is averaged over them."""

    both: Float
    values: Float
    formed: NDArray[np.bool_]
    weights: Float


def segment_draws(
    survey: Survey,
    segmentation: Segmentation,
    ratings: Ratings,
    weights: Float,
    draws: int,
    rng: np.random.Generator,
    progress: Callable[[float], None] | None,
) -> list[GroupDraws]:
    """Score every segment, with replicates; see the module."""
    used = np.flatnonzero((segmentation.labels >= 0) & (weights > 0))
    formed = set(segmentation.needs)
    columns = (*ratings.importance_columns, *ratings.satisfaction_columns)
    own = np.array([column in formed for column in columns] * 2)
    both = ratings.both[used].astype(np.float64)
    values = np.concatenate(
        [ratings.importance[used] * 10, ratings.satisfaction[used] * 10,
         ratings.importance_mean[used], ratings.satisfaction_mean[used]], axis=1
    )  # fmt: skip
    data = _Data(both, values, own, weights[used])
    refit = _refitter(survey, segmentation, used)
    K, J, n = len(segmentation.segments), both.shape[1], len(used)
    posterior = segmentation.posterior[used]
    nothing = np.zeros((K, 3 * J))
    estimate, blurred = _averages(data, data.weights, posterior, nothing)
    members = data.weights[:, None] * posterior
    unit = ((members**2).T @ both) / np.maximum(members.T @ both, 1e-300)
    drawn = np.empty((draws, K, 2 * J))
    for at in range(draws):
        again = data.weights * rng.standard_exponential(n)
        found = refit(again, rng) if refit is not None else posterior
        prior = np.stack([pseudo_respondents(part, 1, rng)[0] for part in unit])
        means, unclear = _averages(data, again, found, prior)
        drawn[at], blurred = means[:, : 2 * J], blurred or unclear
        if progress is not None:
            progress((at + 1) / draws)
    notices = _of_all(
        refit is not None,
        draws,
        posterior,
        data.weights,
        stability=_stability(segmentation),
        blurred=blurred,
    )
    parts = []
    for k, segment in enumerate(segmentation.segments):
        mine = segmentation.labels[used] == k
        whole = np.split(estimate[k], 4)
        parts.append(
            GroupDraws(
                segment=segment.id,
                n=ratings.both[used][mine].sum(axis=0),
                either=ratings.either[used][mine].sum(axis=0),
                n_eff=(members[:, k] @ both) ** 2 / np.maximum((members[:, k] ** 2) @ both, 1e-300),
                importance=whole[0],
                satisfaction=whole[1],
                importance_mean=whole[2],
                satisfaction_mean=whole[3],
                draws_i=drawn[:, k, :J],
                draws_s=drawn[:, k, J:],
                cells=None,
                notices=notices,
            )
        )
    return parts


def _of_all(
    refitted: bool,  # noqa: FBT001 - what was done, not a choice of the caller
    draws: int,
    posterior: Float,
    weights: Float,
    *,
    stability: float | None,
    blurred: bool,
) -> tuple[Notice, ...]:
    """Say how the segments' own error was taken in, and where classes overlap too much."""
    notices = [Notice("opportunity.fixed_segments", {"n": draws})]
    if refitted:
        notices = [Notice("opportunity.refitted", {"n": draws}, "info")]
        entropy = relative_entropy(posterior, weights)
        if entropy < OVERLAP:
            params = {"entropy": entropy, "least": OVERLAP}
            notices.append(Notice("opportunity.overlap", params))
        if stability is not None and stability < UNSTABLE:
            # Small samples make overlapping classes look apart: entropy alone does not see it.
            params = {"stability": stability, "least": UNSTABLE}
            notices.append(Notice("opportunity.unstable", params))
    if blurred:
        notices.append(Notice("opportunity.blurred", {}))
    return tuple(notices)


def _stability(segmentation: Segmentation) -> float | None:
    """Return how well the kept number of segments is found again, where that was measured."""
    return next((c.stability for c in segmentation.criteria if c.k == segmentation.k), None)


def relative_entropy(posterior: Float, weights: Float) -> float:
    """Return ``1 + Σ_i w_i Σ_k p_ik ln p_ik / (Σ_i w_i · ln K)``: 1 is certain, 0 is guessing."""
    inside = np.where(posterior > 0, posterior * np.log(np.maximum(posterior, 1e-300)), 0.0)
    return 1 + float(weights @ inside.sum(axis=1) / (weights.sum() * np.log(posterior.shape[1])))


def _averages(data: _Data, weights: Float, posterior: Float, prior: Float) -> tuple[Float, bool]:
    """Return (K, 4J) means inside classes, and whether classes were too blurred to correct.

    `prior` (K, 3J) is what pseudo-respondents add: weight, weight of important, of satisfied.
    """
    plain = weights[:, None] * posterior
    mass = plain.sum(axis=0)
    D = plain.T @ posterior / np.maximum(mass[:, None], 1e-300)
    blurred = bool(np.linalg.svd(D, compute_uv=False).min() < BLURRED)
    sharp = plain if blurred else plain @ np.linalg.inv(D)
    J = data.both.shape[1]
    result = np.empty((posterior.shape[1], 4 * J))
    added = np.zeros_like(result)
    added[:, : 2 * J] = 10 * prior[:, J:]
    with np.errstate(invalid="ignore", divide="ignore"):
        for w, columns in ((plain, data.formed), (sharp, ~data.formed)):
            if columns.any():
                answered = (w.T @ data.both + prior[:, :J])[:, np.arange(4 * J) % J]
                result[:, columns] = ((w.T @ data.values + added) / answered)[:, columns]
    return np.clip(np.nan_to_num(result), 0.0, 10.0), blurred


def _refitter(
    survey: Survey, segmentation: Segmentation, used: NDArray[np.int64]
) -> Callable[[Float, np.random.Generator], Float] | None:
    """Return what refits the classes under other weights.

    ``None`` for segments of another kind, and for classes told by amounts: those are taken as they
    are, and a notice says so.
    """
    stored: Any = segmentation.model
    if stored.get("type") != "latent_class":
        return None
    model = LatentClassModel.from_dict(stored)
    if any(item.kind not in ("nominal", "binary") for item in model.indicators_):
        return None
    frame = code_answers(survey.frame, segmentation.coding).select(model.columns_)
    _, codes = encode(frame[used], model.indicators_)
    sizes = np.array([len(item.categories) for item in model.indicators_], dtype=np.int64)
    patterns = collapse(codes, sizes, np.ones(len(codes)))
    start = model.solution()
    original = posterior_of(log_joint(patterns.codes, patterns.offsets, *start))[0]

    def refit(weights: Float, rng: np.random.Generator) -> Float:
        counts = np.bincount(patterns.inverse, weights=weights, minlength=len(patterns.codes))
        totals = counts.astype(np.float64)
        drawn = patterns.weighted(totals)
        em = kernel(drawn, model.n_classes, prior=model.prior, backend=model.backend)
        best = search(em, model.n_classes, rng, n_starts=0, warm=start, **_CLIMB)
        again = posterior_of(log_joint(patterns.codes, patterns.offsets, best.theta, best.share))[0]
        ordered: Float = np.take(again, _matched(original, again, totals), axis=1)
        return np.take(ordered, patterns.inverse, axis=0)

    return refit


def _matched(original: Float, again: Float, weights: Float) -> NDArray[np.int64]:
    """Return the order of the new classes that agrees best with the original ones."""
    from scipy.optimize import linear_sum_assignment

    agreement = original.T @ (weights[:, None] * again)
    _, order = linear_sum_assignment(-agreement)
    return np.asarray(order, dtype=np.int64)
