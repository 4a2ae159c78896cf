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

from embauche.collect.survey import Survey
from embauche.notices import Notice
from embauche.segment.comparison import HeldOutScore, Validation
from embauche.segment.comparison_outcome import Outcome, read_outcome
from embauche.segment.comparison_predictors import Coded, Demographics
from embauche.segment.indicators import code_answers, coding_of
from embauche.segment.learner import INNER_FOLDS, fit_predict
from embauche.segment.learner_scores import auc, corrected_interval, r2, skill
from embauche.vocabulary import Comparison

Float = NDArray[np.float64]
Rows = NDArray[np.int64]

REPEATS: Final = 5
"""More hardly narrow the interval: its variance holds 1/4 for the overlap of folds, beside 1/25."""

FEWER_REPEATS: Final = 3
MANY_ROWS: Final = 4000
"""With more respondents than this, folds are large and a few repeats are enough."""

_SIDES: Final = (
    "job_segments", "demographic_segments", "demographics", "segments_and_demographics",
)  # fmt: skip


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
    seed: int = 0,
    folds: int = 5,
    repeats: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Validation | None:
    """Compare what job segments and demographics say about an outcome, on held-out data.

    Parameters
    ----------
    survey
        Needs, demographics and, unless given apart, the outcome.
    k
        Number of segments, for job segments and for demographic segments alike.
    outcome
        Column to predict; by default `survey.outcome`.
    seed
        Seed of the folds and of every random start.
    folds, repeats
        Of the cross-validation; by default five repeats, three beyond 4,000 respondents.
    progress
        Called with the share done, 0 to 1; may raise to cancel.

    Returns
    -------
    Validation or None
        ``None`` where the survey does not allow a comparison; `comparison_refusal` says why.

    Notes
    -----
    Each fold refits the latent class model on the needs of its training rows, and gives held-out
    rows their posterior memberships from their needs alone. Demographic segments come from the same
    engine on demographics, numbers cut in tertiles. The learner is ridge regression (`learner`).
    Intervals are corrected resampled t (Nadeau and Bengio 2003). A side wins only if the interval
    of the difference excludes zero and the side itself beats knowing nothing.
    """
    ready = _readable(survey, k, outcome)
    if isinstance(ready, Notice):
        return None
    repeats = repeats or (REPEATS if len(ready.outcome.rows) <= MANY_ROWS else FEWER_REPEATS)
    scores: dict[str, list[float]] = {side: [] for side in _SIDES}
    sequence = np.random.SeedSequence(seed).spawn(repeats)
    done = 0
    for repeat in sequence:
        rng = np.random.default_rng(repeat)
        for train, test in _folds(ready.outcome.strata, folds, rng):
            if progress is not None:
                progress(done / (folds * repeats))
            for side, score in _fold_scores(ready, train, test, k, rng).items():
                scores[side].append(score)
            done += 1
    if progress is not None:
        progress(1.0)
    return _validation(ready, {side: np.array(scores[side]) for side in _SIDES}, folds, repeats)


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is needed of a survey, restricted to the respondents used."""

    outcome: Outcome
    needs: Coded
    demographics: Demographics
    weights: Float


def _readable(survey: Survey, k: int, outcome: str | None) -> _Ready | Notice:
    column = outcome or survey.outcome
    if column is None:
        return Notice("comparison.no_outcome", {"file": survey.name}, "info")
    demographics = [name for name in survey.demographics if name != column]
    needs = [name for name in survey.needs if name != column]
    if not demographics:
        return Notice("comparison.no_demographics", {"file": survey.name}, "info")
    if not needs:
        return Notice("comparison.no_needs", {"file": survey.name}, "info")
    if k < 2:
        return Notice("comparison.one_segment", {}, "info")
    weights = _weights(survey)
    found = read_outcome(survey, column, weights)
    if isinstance(found, Notice):
        return found
    frame = survey.frame[found.rows]
    coding, _ = coding_of(replace(survey, frame=frame, needs=tuple(needs)))
    coded = Coded.of(code_answers(frame, coding))
    nominal = frozenset(
        name
        for name in demographics
        if (reading := survey.readings.get(name)) is not None
        and reading.scale in {"nominal", "yes_no"}
    )
    known = Demographics.of(frame.select(demographics), nominal)
    return _Ready(found, coded, known, weights[found.rows])


def _weights(survey: Survey) -> Float:
    if survey.weight is None:
        return np.ones(survey.n)
    return survey.frame[survey.weight].cast(pl.Float64).fill_null(0).fill_nan(0).to_numpy()


def _folds(strata: Rows, folds: int, rng: np.random.Generator) -> Iterator[tuple[Rows, Rows]]:
    fold = _spread(strata, folds, rng)
    for held in range(folds):
        yield np.flatnonzero(fold != held), np.flatnonzero(fold == held)


def _spread(strata: Rows, folds: int, rng: np.random.Generator) -> Rows:
    """Deal rows out to folds at random, answer by answer, so that each fold has some of each."""
    order = rng.permutation(len(strata))
    order = order[np.argsort(strata[order], kind="stable")]
    fold = np.empty(len(strata), dtype=np.int64)
    fold[order] = np.arange(len(strata)) % folds
    return fold


def _fold_scores(
    ready: _Ready, train: Rows, test: Rows, k: int, rng: np.random.Generator
) -> dict[str, float]:
    seed = int(rng.integers(2**31))
    jobs = ready.needs.memberships(train, test, ready.weights, k, seed)
    banded = ready.demographics.banded(train)
    people = banded.memberships(train, test, ready.weights, k, seed)
    full = ready.demographics.design(train, test)
    both = tuple(np.concatenate(pair, axis=1) for pair in zip(jobs, full, strict=True))
    inner = _spread(ready.outcome.strata[train], INNER_FOLDS, rng)
    target, weights = ready.outcome.target, ready.weights
    found = {}
    for side, (known, held) in zip(_SIDES, (jobs, people, full, both), strict=True):
        predicted = fit_predict(
            known, target[train], weights[train], held, ready.outcome.learner, inner
        )
        base = np.average(target[train], axis=0, weights=weights[train])
        found[side] = _score(ready.outcome.metric, target[test], predicted, base, weights[test])
    return found


def _score(metric: str, target: Float, predicted: Float, base: Float, weights: Float) -> float:
    if metric == "auc":
        return auc(target, predicted, weights)
    if metric == "skill":
        return skill(target, predicted, base, weights)
    return r2(target, predicted, float(base), weights)


def _validation(ready: _Ready, scores: dict[str, Float], folds: int, repeats: int) -> Validation:
    outcome = ready.outcome
    nothing = 0.5 if outcome.metric == "auc" else 0.0
    rows = [HeldOutScore(side, *corrected_interval(scores[side], folds)) for side in _SIDES]
    by_side = {row.predictors: row for row in rows}
    rows.append(HeldOutScore("nothing", nothing, nothing, nothing))
    first = corrected_interval(scores["job_segments"] - scores["demographics"], folds)
    second = corrected_interval(scores["job_segments"] - scores["demographic_segments"], folds)
    notices = [Notice("comparison.association", {}, "info"), *outcome.notices]
    verdict = Comparison.NO_DIFFERENCE_SHOWN
    if first[1] > 0 or first[2] < 0:
        winner = by_side["job_segments" if first[1] > 0 else "demographics"]
        if winner.low > nothing:
            verdict = Comparison.JOBS_BETTER if first[1] > 0 else Comparison.DEMOGRAPHICS_BETTER
        else:
            notices.append(Notice("comparison.nothing_foretold", {}))
    elif all(by_side[side].low <= nothing for side in ("job_segments", "demographics")):
        notices.append(Notice("comparison.nothing_foretold", {}))
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
    )
