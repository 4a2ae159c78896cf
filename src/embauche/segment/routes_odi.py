"""The k-means route: respondents grouped by their own opportunity scores.

Each rating is put on a scale from 0 to 10 by its place between the ends of its scale (1–5: 1 → 0,
5 → 10). A respondent's score for an outcome is I + max(I − S, 0), from 0 to 20: what
Outcome-Driven Innovation practice clusters on. Columns are not standardised, so that outcomes on
which people differ more weigh more.

k-means takes scores as amounts, gives every respondent wholly to one group of round shape, needs
complete answers and has no likelihood; the latent class model takes ratings as they are, missing
ones included, and can be tested against a continuum. It is the default for these reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import ColumnReading, Survey
from embauche.errors import StatisticsError
from embauche.notices import Notice
from embauche.segment.indicators import PER_VARIABLE, STYLE, response_style
from embauche.segment.markers import markers_of
from embauche.segment.routes_dashboard import CLOUD_DRAWS, RouteChoice, choose_groups
from embauche.segment.routes_partition import KMeans
from embauche.segment.routes_result import RouteSegmentation
from embauche.segment.routes_verdict import route_verdict
from embauche.segment.segmentation import Marker, Segment

Float = NDArray[np.float64]

ENDS: Final = {"1-5": (1.0, 5.0), "1-7": (1.0, 7.0), "0-10": (0.0, 10.0), "1-100": (1.0, 100.0)}
"""Ends of each scale; they become 0 and 10. A battery up to 100 that holds a 0 begins there."""

ANSWERED: Final = 0.5
"""Least share of the scores that a respondent must have."""

MOST_FILLED: Final = 0.05
"""Share of scores filled in from which the result says so as a weakness."""

LEAST_RESPONDENTS: Final = 6


@dataclass(frozen=True, slots=True)
class OdiScores:
    """Opportunity scores of single respondents.

    Attributes
    ----------
    names
        Outcomes.
    scores
        (n, J), 0 to 20; NaN where a rating of the pair is missing.
    style
        Intraclass correlation of the importance ratings and of the satisfaction ratings, the
        greater (`embauche.segment.indicators.response_style`).
    """

    names: tuple[str, ...]
    scores: Float
    style: float


def odi_scores(survey: Survey) -> OdiScores:
    """Score every respondent on every outcome.

    Raises
    ------
    StatisticsError
        If the survey has no pairs of importance and satisfaction ratings, or on no known scale.
    """
    if not survey.importance or len(survey.importance) != len(survey.satisfaction):
        raise StatisticsError("routes.no_ratings", survey=survey.name)
    importance = _battery(survey, survey.importance)
    satisfaction = _battery(survey, survey.satisfaction)
    names = survey.outcome_names or survey.importance
    style = max(response_style(importance), response_style(satisfaction))
    return OdiScores(
        tuple(names), importance + np.maximum(importance - satisfaction, 0.0), float(style)
    )


def segment_by_odi(
    survey: Survey,
    *,
    k_max: int = 8,
    seed: int = 0,
    bootstrap: int = 30,
    draws: int = CLOUD_DRAWS,
    progress: Callable[[float], None] | None = None,
) -> RouteSegmentation:
    """Group respondents by k-means of their opportunity scores.

    Parameters
    ----------
    survey
        With pairs of ratings; `Survey.weight` weighs every step.
    k_max, seed, bootstrap, draws, progress
        As in `embauche.segment.routes_dashboard.choose_groups`.

    Raises
    ------
    StatisticsError
        If there are no pairs of ratings, or fewer than `LEAST_RESPONDENTS` respondents with at
        least half of them.

    Notes
    -----
    A missing score is taken as the outcome's mean among the others.
    """
    odi = odi_scores(survey)
    given = ~np.isnan(odi.scores)
    weights = _weights(survey)
    kept = (given.mean(axis=1) >= ANSWERED) & (weights > 0)
    n = int(kept.sum())
    if n < LEAST_RESPONDENTS:
        raise StatisticsError(
            "routes.few_respondents", n=n, least=LEAST_RESPONDENTS, survey=survey.name
        )
    used = weights[kept] / weights[kept].mean()
    table, filled = _complete(odi.scores[kept], used)
    varied = table.std(axis=0) > 0
    if not varied.any() or len(np.unique(table, axis=0)) < 2:
        raise StatisticsError("routes.all_alike", survey=survey.name)
    choice = choose_groups(
        table[:, varied],
        KMeans(),
        weights=used,
        k_max=k_max,
        seed=seed,
        bootstrap=bootstrap,
        draws=draws,
        styled=odi.style >= STYLE,
        progress=progress,
    )
    labels = np.full(survey.n, -1, dtype=np.int64)
    labels[kept] = choice.labels
    verdict, reasons = route_verdict(choice.grounds)
    return RouteSegmentation(
        route="k-means",
        criterion_name=KMeans.criterion_name,
        columns=odi.names,
        k=choice.k,
        verdict=verdict,
        reasons=reasons,
        criteria=choice.criteria,
        segments=_segments(odi, labels, weights, choice),
        labels=labels,
        n=n,
        seed=seed,
        notices=(
            Notice("routes.not_default", {}, "info"),
            Notice("routes.odi_rule", {"outcomes": len(odi.names)}, "info"),
            *_notices(survey.n - n, filled, n, len(odi.names)),
        ),
    )


def _battery(survey: Survey, names: Sequence[str]) -> Float:
    """(n, J) ratings of a battery from 0 to 10, by their place between the ends of their scale."""
    columns, ends = [], []
    for name in names:
        reading = survey.readings.get(name)
        scale = reading.scale if reading is not None else "nominal"
        if scale not in ENDS:
            raise StatisticsError("routes.scale", column=name, scale=scale, survey=survey.name)
        columns.append(survey.frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy())
        ends.append(ENDS[scale])
    values = np.column_stack(columns)
    low, high = np.array(ends).T
    of_hundred = high == ENDS["1-100"][1]
    if np.any(values[:, of_hundred] < low[of_hundred]):
        low = np.where(of_hundred, 0.0, low)
    result: Float = (values - low) / (high - low) * 10.0
    return result


def _weights(survey: Survey) -> Float:
    if survey.weight is None:
        return np.ones(survey.n)
    values = survey.frame[survey.weight].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return np.where(np.isfinite(values) & (values > 0), values, 0.0)


def _complete(scores: Float, weights: Float) -> tuple[Float, float]:
    """Return the scores with means in the gaps, and the share of gaps."""
    given = ~np.isnan(scores)
    total = weights @ given
    sums = weights @ np.where(given, scores, 0.0)
    means = np.divide(sums, total, out=np.zeros(len(total)), where=total > 0)
    return np.where(given, scores, means), float(1 - given.mean())


def _notices(left_out: int, filled: float, n: int, outcomes: int) -> list[Notice]:
    notices = []
    if left_out:
        notices.append(Notice("routes.left_out", {"n": left_out, "least_share": ANSWERED}))
    if filled > 0:
        weak = filled >= MOST_FILLED
        params = {"filled_share": filled}
        notices.append(Notice("routes.filled", params, "weak" if weak else "info"))
    if n < PER_VARIABLE * outcomes:
        least, best = PER_VARIABLE * outcomes, 100 * outcomes
        asked = {"n": n, "needs": outcomes, "least": least, "best": best}
        notices.append(Notice("segment.small_sample", asked))
    return notices


def _segments(
    odi: OdiScores, labels: NDArray[np.int64], weights: Float, choice: RouteChoice
) -> tuple[Segment, ...]:
    frame = pl.DataFrame(dict(zip(odi.names, odi.scores.T, strict=True))).fill_nan(None)
    readings = {name: ColumnReading(name, name, "amount") for name in odi.names}
    scored = Survey("", frame, needs=odi.names, readings=readings)
    kept = np.where(labels >= 0, weights, 0.0)
    return tuple(
        route_segment(g, labels, kept, choice, markers_of(scored, labels == g, kept))
        for g in range(choice.k)
    )


def route_segment(
    g: int,
    labels: NDArray[np.int64],
    weights: Float,
    choice: RouteChoice,
    markers: tuple[Marker, ...],
) -> Segment:
    """Return group `g` as a segment."""
    member = labels == g
    widths = choice.widths[choice.labels == g]
    known = widths[~np.isnan(widths)]
    return replace(
        Segment(f"S{g + 1}", int(member.sum()), 0.0, None, markers, 0.0),
        share=float(weights[member].sum() / weights[labels >= 0].sum()),
        stability=float(choice.grounds.by_segment[g]),
        certainty=float((known > 0).mean()) if len(known) else 0.0,
    )
