"""From a survey's needs to its segments, with the proof of how real they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.errors import StatisticsError
from embauche.notices import Notice
from embauche.segment.indicators import code_answers, coding_of, indicators
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.likelihood_ratio import DRAWS
from embauche.segment.markers import markers_of
from embauche.segment.number_of_classes import Choice, choose_number
from embauche.segment.patterns import collapse, encode
from embauche.segment.segmentation import Segment, Segmentation
from embauche.segment.stability import RANDOM_STARTS
from embauche.segment.verdict import verdict_of

Float = NDArray[np.float64]


def segment_survey(
    survey: Survey,
    *,
    k_max: int = 8,
    seed: int = 0,
    bootstrap: int = 30,
    ratio_draws: int = DRAWS,
    progress: Callable[[float], None] | None = None,
) -> Segmentation:
    """Segment a survey's respondents by their needs.

    Parameters
    ----------
    survey
        The survey; `Survey.needs` form the segments, `Survey.weight` weighs every step.
    k_max
        Largest number of segments tried.
    seed
        Seed of every random choice.
    bootstrap
        Bootstrap refits for each number of segments.
    ratio_draws
        Data sets drawn at most for each likelihood-ratio test; there is none under survey weights.
    progress
        Called with the share done, 0 to 1; may raise to cancel.

    Returns
    -------
    Segmentation
        With one segment, everyone, and the verdict "no stable segments" where one class describes
        the answers best.

    Raises
    ------
    StatisticsError
        If the survey has no usable needs or nobody answered any.
    """
    coding, _ = coding_of(survey)
    frame, notices = indicators(survey)
    columns, codes = encode(frame)
    weights, weight_notices = weights_of(survey)
    answered: NDArray[np.bool_] = np.any(codes >= 0, axis=1)
    used = answered & (weights > 0)
    if not used.any():
        raise StatisticsError("latent_class.no_answers")
    weights[used] /= weights[used].mean()
    cardinality = np.array([len(column.categories) for column in columns], dtype=np.int64)
    patterns = collapse(codes[used], cardinality, weights[used])
    choice = choose_number(
        patterns,
        columns,
        k_max=k_max,
        seed=seed,
        bootstrap=bootstrap,
        ratio_draws=ratio_draws if survey.weight is None else 0,
        progress=progress,
    )
    model = choice.models[choice.k]
    styled = any(rule["centred"] for rule in coding["batteries"].values())
    verdict, reasons = verdict_of(replace(choice.grounds, styled=styled))
    posterior = model.predict_proba(frame)
    labels = np.where(answered, posterior.argmax(axis=1), -1).astype(np.int64)
    stability = choice.stabilities[choice.k].by_class if choice.k > 1 else None
    segments = segments_of(survey, model, labels, posterior, weights, stability=stability)
    return Segmentation(
        needs=tuple(frame.columns),
        k=choice.k,
        verdict=verdict,
        reasons=reasons,
        criteria=choice.criteria,
        segments=segments,
        labels=labels,
        posterior=posterior,
        model=model.to_dict(),
        n=int(used.sum()),
        seed=seed,
        notices=(
            *notices,
            *weight_notices,
            *_left_out(answered),
            *model.notices_,
            *_method(choice, k_max, bootstrap, weighted=survey.weight is not None),
        ),
        coding=coding,
    )


def assign(segmentation: Segmentation, frame: pl.DataFrame) -> tuple[NDArray[np.int64], Float]:
    """Give each row of a table (a survey or customers) its segment and probabilities.

    Parameters
    ----------
    segmentation
        What `segment_survey` returned.
    frame
        Table that holds the columns of ``segmentation.needs``, in any order, on the same scales.

    Returns
    -------
    labels, posterior
        (n,) index into the segments, −1 where no need is answered; (n, k) probabilities.

    Raises
    ------
    StatisticsError
        If a column is missing or holds an answer that the survey did not have.
    """
    coded = code_answers(frame, segmentation.coding)
    posterior = LatentClassModel.from_dict(segmentation.model).predict_proba(coded)
    answered = ~coded.select(pl.all_horizontal(pl.all().is_null())).to_series().to_numpy()
    return np.where(answered, posterior.argmax(axis=1), -1).astype(np.int64), posterior


def weights_of(survey: Survey) -> tuple[Float, list[Notice]]:
    """Return (n,) weights as the file has them, 0 where they are unusable, and what to say of them.

    Without a column of weights they are ones.
    """
    if survey.weight is None:
        return np.ones(survey.n), []
    values = survey.frame[survey.weight].cast(pl.Float64).fill_null(np.nan).to_numpy()
    wrong = ~np.isfinite(values) | (values < 0)
    weights = np.where(wrong, 0.0, values).astype(np.float64)
    notices = [Notice("segment.survey_weights", {"column": survey.weight}, "info")]
    if wrong.any():
        params = {"n": int(wrong.sum()), "column": survey.weight}
        notices.append(Notice("segment.weights_missing", params))
    return weights, notices


def _left_out(answered: NDArray[np.bool_]) -> list[Notice]:
    silent = int((~answered).sum())
    return [Notice("segment.no_answers", {"n": silent})] if silent else []


def _method(choice: Choice, k_max: int, bootstrap: int, *, weighted: bool) -> list[Notice]:
    pairs = bootstrap * (bootstrap - 1) // 2
    params = {"refits": bootstrap, "pairs": pairs, "starts": RANDOM_STARTS}
    notices = [
        Notice("segment.default_route", {}, "info"),
        Notice("segment.bootstrap", params, "info"),
    ]
    tried = max(choice.models)
    if tried < k_max:
        notices.append(Notice("segment.few_respondents", {"k": tried, "asked": k_max}))
    elif choice.bic_k == tried > 1:
        notices.append(Notice("segment.k_max_reached", {"k": tried}))
    if choice.k > 1 and not choice.ratios and weighted:
        notices.append(Notice("segment.no_ratio_test", {}, "info"))
    if choice.icl_k != choice.k:
        notices.append(Notice("segment.icl_disagrees", {"icl_k": choice.icl_k, "k": choice.k}))
    if choice.k == 1:
        notices.append(Notice("segment.one_segment", {}))
    return notices


def segments_of(
    survey: Survey,
    model: LatentClassModel,
    labels: NDArray[np.int64],
    posterior: Float,
    weights: Float,
    *,
    stability: Float | None = None,
) -> tuple[Segment, ...]:
    """Return each class of a model fitted to a survey's needs as a segment, with its markers.

    Parameters
    ----------
    survey, model
        The survey, and the model fitted to its coded needs.
    labels, posterior
        (n,) most probable class, −1 where nothing was answered; (n, K) probabilities.
    weights
        (n,) weights of respondents.
    stability
        (K,) stability of each class, where it was computed.
    """
    described = replace(survey, needs=model.columns_)
    segments = []
    for k in range(model.n_classes):
        member = labels == k
        total = float(weights[member].sum())
        certainty = float(weights[member] @ posterior[member, k]) / total if total else 0.0
        segments.append(
            Segment(
                id=f"S{k + 1}",
                n=int(member.sum()),
                share=float(model.class_shares_[k]),
                stability=None if stability is None else float(stability[k]),
                markers=markers_of(described, member, weights),
                certainty=certainty,
            )
        )
    return tuple(segments)
