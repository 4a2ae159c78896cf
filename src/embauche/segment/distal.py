"""Distal outcomes: whether what happens afterwards differs between the classes.

The classes are found without the outcome and stay what they are; its mean or shares in each class
are then estimated from the assignments, corrected for their known errors. BCH is the default: it
supposes nothing about the outcome's distribution (Bakk and Vermunt 2016).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from embauche.errors import StatisticsError
from embauche.notices import Notice
from embauche.segment.classification import Assignment, classify
from embauche.segment.distal_fit import DistalFit, fit_bch, fit_ml, standardised
from embauche.segment.distal_outcome import Outcome, OutcomeKind, read_outcome
from embauche.segment.distal_result import ClassDifference, ClassValue, Distal, DistalMethod
from embauche.segment.first_step import FirstStep, WeightKind, first_step, strength
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.wald import Z95, WaldTest, holm, wald

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

DRIFT: Final = 0.05
"""Change of a class's share from which the outcome has moved the classes (ML)."""

FEW_CASES: Final = 10
"""Expected cases of a category in a class under which its share is not to be trusted."""


def distal(
    model: LatentClassModel,
    frame: Any,
    outcome: Any,
    *,
    kind: OutcomeKind | str = "auto",
    method: DistalMethod = "bch",
    assignment: Assignment = "modal",
    sample_weight: Any = None,
    weights: WeightKind | None = None,
) -> Distal:
    """Compare an outcome between classes.

    Parameters
    ----------
    model
        A latent class model fitted to `frame` with `sample_weight`.
    frame
        (n rows) the indicators, as in `LatentClassModel.fit`; the outcome is none of them.
    outcome
        (n,) series, array or list; missing where null or NaN, and a notice says how often.
    kind
        ``"continuous"`` and ``"count"`` (means), ``"binary"`` and ``"nominal"`` (shares), or
        ``"auto"``; a count has to be called one.
    method
        ``"bch"``, or ``"ml"`` with normal (own variance), multinomial or Poisson classes.
    assignment, sample_weight, weights
        As in `embauche.segment.membership`.

    Raises
    ------
    StatisticsError
        Where settings, weights or the outcome are not usable; it says why.

    Examples
    --------
    >>> import numpy as np, polars as pl
    >>> rng = np.random.default_rng(0)
    >>> kind = rng.integers(0, 2, 600)
    >>> chance = np.where(kind[:, None] == 1, 0.9, 0.15)
    >>> frame = pl.DataFrame((rng.random((600, 6)) < chance).astype(int))
    >>> model = LatentClassModel(2, backend="numpy").fit(frame)
    >>> spent = pl.Series("spent", 20 + 10 * kind + rng.normal(0, 5, 600))
    >>> distal(model, frame, spent).omnibus.p < 0.001
    True
    """
    if method not in ("bch", "ml"):
        raise StatisticsError("distal.method", value=str(method))
    weights = weights or model.weights
    first = first_step(model, frame, sample_weight, weights)
    read = read_outcome(outcome, kind)
    if len(read.columns) != len(first.kept):
        raise StatisticsError("distal.row_count", given=len(read.columns), expected=len(first.kept))
    columns = read.columns[first.kept]
    rows: Bool = np.asarray(~np.isnan(columns).any(axis=1))
    read = replace(read, columns=columns[rows])
    if len(read.columns) == 0 or not np.ptp(read.columns, axis=0).any():
        raise StatisticsError("distal.constant")
    w = first.weights[rows]
    cls = classify(first, assignment)
    inside, mean, scale = standardised(read, w)
    fit = (fit_ml if method == "ml" else fit_bch)(first, cls, inside, rows)
    fit = replace(fit, values=mean + scale * fit.values, covariance=scale**2 * fit.covariance)
    n = float(w.sum() if weights == "frequency" else w.sum() ** 2 / (w**2).sum())
    notices = [*first.notices, *_said(first, fit, read, rows, n)]
    omnibus, pairs = _compared(fit, read)
    return Distal(
        method=method,
        assignment=cls.kind,
        weights=weights,
        kind=read.kind,
        n=n,
        rows=int(rows.sum()),
        classes=_values(fit, read, n),
        omnibus=omnibus,
        pairs=pairs,
        covariance=fit.covariance,
        log_likelihood=fit.log_likelihood,
        entropy=first.entropy,
        classification=cls.table,
        converged=fit.converged,
        notices=tuple({notice.code: notice for notice in notices}.values()),
    )


def _values(fit: DistalFit, outcome: Outcome, n: float) -> tuple[ClassValue, ...]:
    K, c = fit.values.shape
    value = fit.values.ravel()
    se = np.sqrt(np.maximum(np.diag(fit.covariance), 0.0))
    respondents = np.repeat(fit.members / fit.members.sum() * n, c)
    low, high = limits(value, se, respondents, outcome.kind)
    names: tuple[str | None, ...] = outcome.categories or (None,)
    return tuple(
        ClassValue(
            i // c + 1,
            names[i % c],
            float(value[i]),
            float(se[i]),
            float(low[i]),
            float(high[i]),
            float(fit.members[i // c]),
        )
        for i in range(K * c)
    )


def limits(value: Float, se: Float, members: Float, kind: str) -> tuple[Float, Float]:
    """95 % limits of class values.

    Means: ``value ± 1.96 se``; counts: the same on the logarithm; shares: Wilson's limits with the
    number of respondents that would give this standard error, ``p̃ (1 − p̃) / se²``, at most the
    members of the class (`p̃`: the share drawn towards a half by two cases, as in Agresti and
    Coull), so that shares near 0 and 1 have limits too.

    Parameters
    ----------
    value, se, members
        (m,) values, their standard errors, and respondents in the class.
    kind
        Kind of the outcome.
    """
    low, high = value - Z95 * se, value + Z95 * se
    if kind in ("binary", "nominal"):
        p, z2 = np.clip(value, 0.0, 1.0), Z95**2
        drawn = (p * members + z2 / 2) / (members + z2)
        n = np.minimum(drawn * (1 - drawn) / np.maximum(se, 1e-12) ** 2, members)
        centre = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = Z95 / (1 + z2 / n) * np.sqrt(p * (1 - p) / n + z2 / (4 * n**2))
        return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)
    if kind == "count":
        inside = value > 0
        factor = np.exp(Z95 * se / np.where(inside, value, 1.0))
        return np.where(inside, value / factor, 0.0), np.where(inside, value * factor, high)
    return low, high


def _compared(fit: DistalFit, outcome: Outcome) -> tuple[WaldTest, tuple[ClassDifference, ...]]:
    """Test all classes, and every pair; of a nominal outcome's shares the last follows."""
    K, c = fit.values.shape
    free = c - 1 if outcome.kind == "nominal" else c
    contrast = np.zeros(((K - 1) * free, K * c))
    for t in range(1, K):
        for j in range(free):
            contrast[(t - 1) * free + j, [j, t * c + j]] = -1.0, 1.0
    value = fit.values.ravel()
    omnibus = wald(contrast @ value, contrast @ fit.covariance @ contrast.T)
    tests: list[WaldTest] = []
    rest: list[tuple[int, int, float | None, float | None, float | None, float | None]] = []
    for a, b in combinations(range(K), 2):
        pair = np.zeros((free, K * c))
        for j in range(free):
            pair[j, [a * c + j, b * c + j]] = 1.0, -1.0
        gap, V = pair @ value, pair @ fit.covariance @ pair.T
        tests.append(wald(gap, V))
        if free > 1 or outcome.kind == "nominal":
            rest.append((a + 1, b + 1, None, None, None, None))
        else:
            d, se = float(gap[0]), float(np.sqrt(max(V[0, 0], 0.0)))
            rest.append((a + 1, b + 1, d, se, d - Z95 * se, d + Z95 * se))
    adjusted = holm(np.array([test.p for test in tests]))
    return omnibus, tuple(
        ClassDifference(*figures, test=test, p_adjusted=float(p))
        for figures, test, p in zip(rest, tests, adjusted, strict=True)
    )


def _said(first: FirstStep, fit: DistalFit, outcome: Outcome, rows: Bool, n: float) -> list[Notice]:
    notices = []
    missing = int((~rows).sum())
    if missing:
        notices.append(Notice("distal.missing", {"n": missing, "rows": len(rows)}))
    w = first.weights[rows]
    share = (w @ first.posterior[rows]) / w.sum()
    notices += strength(1.0, n, share * n)
    if fit.log_likelihood is not None:
        drift = float(np.abs(fit.members / fit.members.sum() - share).max())
        if drift > DRIFT:
            params = {"change_share": drift, "limit_share": DRIFT}
            notices.append(Notice("distal.drift", params))
        if not fit.converged:
            notices.append(Notice("distal.not_converged"))
    if outcome.kind != "continuous":
        outside = (fit.values < 0) | (fit.values > 1 if outcome.kind != "count" else False)
        if outside.any():
            listed = [str(k + 1) for k in np.flatnonzero(outside.any(axis=1))]
            notices.append(Notice("distal.out_of_range", {"classes": listed}))
        cases = fit.values * (share * n)[:, None]
        if outcome.kind == "binary":
            cases = np.minimum(cases, (1 - fit.values) * (share * n)[:, None])
        few = [str(k + 1) for k in np.flatnonzero((cases < FEW_CASES).any(axis=1))]
        if few:
            notices.append(Notice("distal.few_cases", {"classes": few, "limit": FEW_CASES}))
    return notices
