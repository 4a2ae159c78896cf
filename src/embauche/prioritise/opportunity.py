"""ODI opportunity scores, overall and inside each segment, with their error.

``I`` and ``S`` are ten times the weighted share of top answers among those who rated both; the
score is ``I + max(I − S, 0)``, 0 to 20 (Ulwick, *What Customers Want*, 2005).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.errors import ColumnError, StatisticsError
from embauche.notices import Notice
from embauche.prioritise.opportunity_draws import GroupDraws, group_draws
from embauche.prioritise.opportunity_rows import rows_of
from embauche.prioritise.opportunity_segments import segment_draws
from embauche.prioritise.priority import Opportunity
from embauche.prioritise.ratings import Ratings, read_ratings
from embauche.segment.segmentation import Segmentation

Float = NDArray[np.float64]
Progress = Callable[[float], None]

DRAWS: Final = 2000
"""Bootstrap replicates, overall and inside segments."""

TOP: Final = 3
"""How many best outcomes the probability of being among the best is about, unless told."""

MOST_GROUPS: Final = 30
"""A column of more answers than this describes people one by one and makes no groups."""


def opportunities(
    survey: Survey,
    *,
    segmentation: Segmentation | None = None,
    by: str | None = None,
    draws: int = DRAWS,
    top: int = TOP,
    seed: int = 0,
    progress: Progress | None = None,
) -> tuple[Opportunity, ...]:
    """Score every outcome that has importance and satisfaction ratings.

    Parameters
    ----------
    survey
        With paired ratings; without any, nothing is returned.
    segmentation
        Where given, outcomes are scored inside each estimated segment as well.
    by
        Column whose answers are groups that are known and not estimated; outcomes are scored
        inside each as well, the largest group first.
    draws
        Bootstrap replicates; inside estimated segments each refits the segmentation.
    top
        How many best outcomes `Opportunity.p_top` is about.
    seed
        Seed of every random choice.
    progress
        Called with the share done, 0 to 1; may raise to cancel.

    Returns
    -------
    tuple of Opportunity
        Best first: everyone, then segment by segment.

    Notes
    -----
    Interval: Bayesian bootstrap over respondents of the score's two branches
    (`opportunity_draws`, `opportunity_intervals`). Probabilities of more than 10, 12 and 15:
    Dirichlet posterior over the four joint cells (important × satisfied) with Jeffreys' prior,
    weights scaled to Kish's effective n; inside estimated segments the share of replicates, which
    hold the segments' own uncertainty. Over-served: the lower limit of ``S − I`` is above 0.
    Unimportant: importance under 5 and not over-served.

    Raises
    ------
    ColumnError
        If a rating column is missing or holds no ratings, `by` is no column of groups, or the
        weight is negative or no number.
    StatisticsError
        If `top` or `draws` is under 1.
    """
    if top < 1 or draws < 1:
        raise StatisticsError("opportunity.too_small", top=top, draws=draws)
    if not survey.importance:
        return ()
    ratings = read_ratings(survey)
    weights, unweighted = _weights(survey)
    seeds = np.random.SeedSequence(seed).spawn(4)
    rng, refits, groups, posterior = (np.random.default_rng(item) for item in seeds)
    parted = segmentation is not None and len(segmentation.segments) > 1
    share = 0.1 if parted else 0.5 if by is not None else 1.0
    told = _part(progress, 0.0, share)
    found = [group_draws(ratings, weights, draws, rng, notices=unweighted, progress=told)]
    if segmentation is not None and parted:
        told = _part(progress, share, 1.0)
        found += segment_draws(survey, segmentation, ratings, weights, draws, refits, told)
    if by is not None:
        told = _part(progress, share, 1.0)
        found += _known_groups(survey, by, ratings, weights, draws, groups, told)
    rows = tuple(row for group in found for row in rows_of(group, ratings, top, posterior))
    if progress is not None:
        progress(1.0)
    return rows


def _part(progress: Progress | None, low: float, high: float) -> Progress | None:
    if progress is None:
        return None
    return lambda done: progress(low + (high - low) * done)


def _weights(survey: Survey) -> tuple[Float, tuple[Notice, ...]]:
    """Return weights, 0 where unknown, and what to say of those left out."""
    if survey.weight is None:
        return np.ones(survey.n), ()
    name = survey.weight
    if name not in survey.frame.columns:
        raise ColumnError("opportunity.no_column", column=name, file=survey.name)
    column = survey.frame[name]
    if not column.dtype.is_numeric():
        raise ColumnError("opportunity.not_a_weight", column=name, file=survey.name)
    values = column.cast(pl.Float64).fill_null(0.0).fill_nan(0.0).to_numpy().astype(np.float64)
    bad = np.flatnonzero((values < 0) | ~np.isfinite(values))
    if len(bad):
        raise ColumnError(
            "opportunity.bad_weight",
            column=name,
            file=survey.name,
            respondent=int(bad[0]) + 1,
            value=float(values[bad[0]]),
        )
    left_out = int((values == 0).sum())
    if not left_out:
        return values, ()
    params = {"column": name, "n": left_out, "of": survey.n}
    return values, (Notice("opportunity.no_weight", params, "info"),)


def _known_groups(
    survey: Survey,
    by: str,
    ratings: Ratings,
    weights: Float,
    draws: int,
    rng: np.random.Generator,
    progress: Progress | None,
) -> list[GroupDraws]:
    if by not in survey.frame.columns:
        raise ColumnError("opportunity.no_column", column=by, file=survey.name)
    answers = survey.frame[by].cast(pl.String)
    counts = answers.drop_nulls().value_counts(sort=False).rows()
    if len(counts) > MOST_GROUPS:
        raise ColumnError(
            "opportunity.too_many_groups",
            column=by,
            file=survey.name,
            n=len(counts),
            most=MOST_GROUPS,
        )
    unknown = answers.null_count()
    notices: tuple[Notice, ...] = ()
    if unknown:
        params = {"column": by, "n": unknown, "of": survey.n}
        notices = (Notice("opportunity.no_group", params, "info"),)
    found = []
    ordered = sorted(counts, key=lambda item: (-item[1], item[0]))
    for at, (answer, _) in enumerate(ordered):
        inside = (answers == answer).fill_null(value=False).to_numpy()
        told = _part(progress, at / len(ordered), (at + 1) / len(ordered))
        part = np.where(inside, weights, 0.0)
        found.append(
            group_draws(ratings, part, draws, rng, segment=answer, notices=notices, progress=told)
        )
    return found
