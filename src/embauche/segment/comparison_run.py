"""Job segments against demographics, on held-out respondents.

The claim that segments by job say more about buying than demographics is tested on the user's own
data, and can be lost: everything is refitted inside each training fold, the learner is the same for
each side, and the interval on the difference decides (METHOD.md, section 7).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from embauche.collect.survey import Survey
from embauche.notices import Notice
from embauche.segment.comparison import HeldOutScore, Validation
from embauche.segment.comparison_outcome import Outcome, read_outcome
from embauche.segment.comparison_predictors import SIDES, Predictors
from embauche.segment.learner import fit_predict
from embauche.segment.learner_families import dispersion
from embauche.segment.learner_scores import (
    auc,
    concordance,
    corrected_difference,
    corrected_interval,
    d2,
    foretells,
    r2,
    skill,
)
from embauche.vocabulary import Comparison

Float = NDArray[np.float64]
Rows = NDArray[np.int64]

FOLDS: Final = 10
FEW_FOLDS: Final = 5
SMALL: Final = 300
"""Under this many respondents, a tenth of them is too small to score: five folds."""

REPEATS: Final = 3
"""Two more would narrow the interval by a twentieth for two thirds more time: its width goes with
``√(1/J + 1/(folds − 1))``, where the second term stays."""

FEWER_REPEATS: Final = 2
MANY_ROWS: Final = 4000
"""With more respondents than this, folds are large and fewer repeats are enough."""

LEAST_SEGMENTS: Final = 2

TOO_GOOD, TOO_GOOD_AUC = 0.9, 0.985
"""From this score on, a set of predictors is suspected of holding the outcome in other words."""


def comparison_refusal(survey: Survey, *, k: int, outcome: str | None = None) -> Notice | None:
    """Say why job segments cannot be compared with demographics here; ``None`` if they can.

    Parameters
    ----------
    survey, k, outcome
        As for `compare_with_demographics`.
    """
    found = _readable(survey, k, outcome)
    return found if isinstance(found, Notice) else None


def compare_with_demographics(
    survey: Survey,
    *,
    k: int,
    outcome: str | None = None,
    measured_apart: bool = False,
    seed: int = 0,
    folds: int | None = None,
    repeats: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Validation | None:
    """Compare what job segments and demographics say about an outcome, on held-out data.

    Parameters
    ----------
    survey
        Needs, demographics and, unless given apart, the outcome.
    k
        Number of segments, for job segments and for demographic segments alike, fixed beforehand
        without a look at the outcome. Where it is 1, two segments are compared, and a notice says
        that they are not segments found.
    outcome
        Column to predict; by default `survey.outcome`.
    measured_apart
        True where the outcome was not asked in this survey but observed afterwards (purchases,
        renewals): no warning of mere association then.
    seed
        Seed of the folds and of every random start.
    folds, repeats
        Of the cross-validation; by default ten folds (five under 300 respondents) and three repeats
        (two beyond 4,000 respondents).
    progress
        Called with the share done, 0 to 1; may raise to cancel.

    Returns
    -------
    Validation or None
        ``None`` where the survey does not allow a comparison; `comparison_refusal` says why.

    Notes
    -----
    Each fold learns how ratings are cut and refits the latent class model on the needs of its
    training rows, and gives held-out rows their posterior memberships from their needs alone.
    Demographic segments come from the same engine on demographics, numbers cut in tertiles. The
    learner is ridge regression (`learner`). Intervals are corrected resampled t (Nadeau and Bengio
    2003). A side wins only if the interval of the difference excludes zero and the side itself
    beats knowing nothing.
    """
    ready = _readable(survey, k, outcome)
    if isinstance(ready, Notice):
        return None
    n = len(ready.outcome.rows)
    folds = folds or (FOLDS if n >= SMALL else FEW_FOLDS)
    repeats = repeats or (REPEATS if n <= MANY_ROWS else FEWER_REPEATS)
    scores: dict[str, list[float]] = {side: [] for side in SIDES}
    done = 0
    with threadpool_limits(1):  # small matrices: a second thread costs more than it gives
        for repeat in np.random.SeedSequence(seed).spawn(repeats):
            rng = np.random.default_rng(repeat)
            for train, test in _folds(ready.outcome.strata, folds, rng):
                if progress is not None:
                    progress(done / (folds * repeats))
                for side, score in _fold_scores(ready, train, test, rng).items():
                    scores[side].append(score)
                done += 1
    if progress is not None:
        progress(1.0)
    found = {side: np.array(scores[side]) for side in SIDES}
    return _validation(ready, found, folds, repeats, measured_apart=measured_apart)


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is needed of a survey, restricted to the respondents used."""

    outcome: Outcome
    predictors: Predictors
    weights: Float
    k: int
    notices: tuple[Notice, ...]


def _readable(survey: Survey, k: int, outcome: str | None) -> _Ready | Notice:
    column = outcome or survey.outcome
    if column is None:
        return Notice("comparison.no_outcome", {"file": survey.name}, "info")
    demographics = [name for name in survey.demographics if name != column]
    needs = tuple(name for name in survey.needs if name != column)
    if not demographics:
        return Notice("comparison.no_demographics", {"file": survey.name}, "info")
    if not needs:
        return Notice("comparison.no_needs", {"file": survey.name}, "info")
    weights = _weights(survey)
    found = read_outcome(survey, column, weights)
    if isinstance(found, Notice):
        return found
    used = replace(survey, frame=survey.frame[found.rows], needs=needs)
    predictors = Predictors.of(used, demographics, weights[found.rows])
    notices = []
    if k < LEAST_SEGMENTS:
        notices.append(Notice("comparison.one_segment", {"k": LEAST_SEGMENTS}))
    missing = predictors.demographics.missing()
    if missing:
        params = {"n": missing, "missing_share": missing / len(found.rows)}
        notices.append(Notice("comparison.missing_demographics", params, "info"))
    return _Ready(found, predictors, weights[found.rows], max(k, LEAST_SEGMENTS), tuple(notices))


def _weights(survey: Survey) -> Float:
    if survey.weight is None:
        return np.ones(survey.n)
    return survey.frame[survey.weight].cast(pl.Float64).fill_null(0).fill_nan(0).to_numpy()


def _folds(strata: Rows, folds: int, rng: np.random.Generator) -> Iterator[tuple[Rows, Rows]]:
    """Deal rows out to folds at random, answer by answer, so that each fold has some of each."""
    order = rng.permutation(len(strata))
    order = order[np.argsort(strata[order], kind="stable")]
    fold = np.empty(len(strata), dtype=np.int64)
    fold[order] = np.arange(len(strata)) % folds
    for held in range(folds):
        yield np.flatnonzero(fold != held), np.flatnonzero(fold == held)


def _fold_scores(
    ready: _Ready, train: Rows, test: Rows, rng: np.random.Generator
) -> dict[str, float]:
    seed = int(rng.integers(2**31))
    outcome, weights = ready.outcome, ready.weights
    known, learner = outcome.target[train], outcome.learner
    base = np.average(known, axis=0, weights=weights[train])
    found = {}
    for side, terms in ready.predictors.fold(train, ready.k, seed).items():
        predicted = fit_predict(terms[train], known, weights[train], terms[test], learner)
        target, w = outcome.target[test], weights[test]
        if learner == "ordered":
            places = np.arange(target.shape[1])
            found[side] = concordance(target @ places, predicted @ places, w)
        elif outcome.metric == "auc":
            found[side] = auc(target, predicted, w)
        elif outcome.metric == "skill":
            found[side] = skill(target, predicted, base, w)
        elif outcome.metric == "d2":
            alpha = dispersion(known, weights[train])
            found[side] = d2(target, predicted, float(base), alpha, w)
        else:
            found[side] = r2(target, predicted, float(base), w)
    return found


def _validation(
    ready: _Ready,
    scores: dict[str, Float],
    folds: int,
    repeats: int,
    *,
    measured_apart: bool,
) -> Validation:
    outcome = ready.outcome
    nothing = 0.5 if outcome.metric == "auc" else 0.0
    rows = [
        HeldOutScore(
            side,
            *corrected_interval(found, folds, foretold=foretells(found, folds, nothing)),
        )
        for side, found in scores.items()
    ]
    by_side = {row.predictors: row for row in rows}
    rows.append(HeldOutScore("nothing", nothing, nothing, nothing))
    first, second = (
        corrected_difference(scores["job_segments"], scores[other], folds, nothing)
        for other in ("demographics", "demographic_segments")
    )
    notices = [*outcome.notices, *ready.notices]
    if not measured_apart:
        notices.insert(0, Notice("comparison.association", {}))
    verdict = Comparison.NO_DIFFERENCE_SHOWN
    if first[1] > 0 or first[2] < 0:
        winner = by_side["job_segments" if first[1] > 0 else "demographics"]
        if winner.low > nothing:
            verdict = Comparison.JOBS_BETTER if first[1] > 0 else Comparison.DEMOGRAPHICS_BETTER
        else:
            notices.append(Notice("comparison.nothing_foretold", {}))
    elif all(by_side[side].low <= nothing for side in ("job_segments", "demographics")):
        notices.append(Notice("comparison.nothing_foretold", {}))
    notices += _too_good(by_side, outcome.metric)
    notices += _needs_say_more(by_side, verdict)
    return Validation(
        outcome=outcome.column,
        outcome_kind=outcome.kind,
        metric=outcome.metric,
        scores=tuple(rows),
        difference=first[0],
        low=first[1],
        high=first[2],
        segments_difference=second[0],
        segments_low=second[1],
        segments_high=second[2],
        verdict=verdict,
        n=len(outcome.rows),
        folds=folds,
        repeats=repeats,
        notices=tuple(notices),
        k=ready.k,
    )


def _too_good(rows: dict[str, HeldOutScore], metric: str) -> list[Notice]:
    """Doubt what foretells the outcome almost perfectly: it may be the outcome itself."""
    limit = TOO_GOOD_AUC if metric == "auc" else TOO_GOOD
    return [
        Notice(f"comparison.too_good_{side}", {"score": rows[side].score})
        for side in ("demographics", "raw_needs")
        if rows[side].score >= limit
    ]


def _needs_say_more(rows: dict[str, HeldOutScore], verdict: Comparison) -> list[Notice]:
    """Say where the needs know the outcome and their segments do not."""
    if verdict is Comparison.JOBS_BETTER:
        return []
    if rows["raw_needs"].low <= max(rows["job_segments"].high, rows["demographics"].high):
        return []
    return [Notice("comparison.raw_needs_say_more", {}, "info")]
