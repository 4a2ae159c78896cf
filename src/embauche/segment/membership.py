"""Who belongs to which class: membership regressed on covariates, in one step or in three.

The classes are found without the covariates; then

- ``"ml"`` and ``"bch"`` (three steps) regress the assignment on the covariates and correct for its
  known errors. The classes stay what they are. ML is the more precise; BCH does not change them
  even where the model is wrong;
- ``"one-step"`` fits classes and effects together. It is the most precise where all is true, but
  covariates then take part in saying what the classes are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from embauche.errors import StatisticsError
from embauche.notices import Notice
from embauche.segment.classification import Assignment, Classification, classify, covariance
from embauche.segment.covariates import Covariate, CovariateTable, Design, design, read_covariates
from embauche.segment.first_step import FirstStep, WeightKind, first_step, strength
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.membership_result import Effect, Membership, Method
from embauche.segment.multinomial_logit import separated
from embauche.segment.one_step import OneStepFit, fit_one_step
from embauche.segment.three_step import FITTERS
from embauche.segment.wald import Z95, two_sided, wald

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

PER_TERM: Final = 10
"""Expected members of the smallest class for each term; under it effects are not to be trusted."""

MOVED: Final = 0.1
"""Change of an answer's probability from which the one-step fit has other classes."""

CONSTANT: Final = "(constant)"


def membership(
    model: LatentClassModel,
    frame: Any,
    covariates: Any,
    *,
    method: Method = "ml",
    assignment: Assignment = "modal",
    sample_weight: Any = None,
    weights: WeightKind | None = None,
    reference: int = 1,
    reference_levels: Mapping[str, Any] | None = None,
) -> Membership:
    """Estimate how class membership depends on covariates.

    ``ln P(class t | z) / P(reference | z) = z' β_t``; the module tells the methods,
    `docs/method.md` the formulas. Standard errors carry the error of the classes themselves and of
    the classification table (Bakk, Oberski and Vermunt 2014); those of the one-step fit come from
    the observed information, and from the sandwich with survey weights.

    Parameters
    ----------
    model
        A latent class model fitted to `frame` with `sample_weight`.
    frame
        (n rows) the indicators, as in `LatentClassModel.fit`.
    covariates
        (n rows) polars or pandas frame, or 2-D array. Strings, booleans and categoricals become
        dummies against their first category; numbers enter as they are. Rows that lack a covariate
        are left out of the last step, and a notice says how many.
    method
        ``"ml"``, ``"bch"`` or ``"one-step"``.
    assignment
        ``"modal"`` (to the likeliest class) or ``"proportional"`` (to all, by their probability);
        nothing to the one-step fit.
    sample_weight
        (n,) weights, in every step.
    weights
        ``"frequency"``: a weight counts equal rows, and gives what repeating them would;
        ``"survey"``: it says how many of the population a row stands for, and standard errors are
        those of the sandwich. By default, what the model was told.
    reference
        The class, counted from 1, that the others are compared with.
    reference_levels
        Covariate → the category that the others are compared with.

    Raises
    ------
    StatisticsError
        Where settings, weights or columns are not usable; it names which.

    Examples
    --------
    >>> import numpy as np, polars as pl
    >>> rng = np.random.default_rng(0)
    >>> age = rng.normal(40, 10, 600)
    >>> kind = (rng.random(600) < 1 / (1 + np.exp(-(age - 40) / 10))).astype(int)
    >>> chance = np.where(kind[:, None] == 1, 0.9, 0.15)
    >>> frame = pl.DataFrame((rng.random((600, 6)) < chance).astype(int))
    >>> model = LatentClassModel(2, backend="numpy").fit(frame)
    >>> found = membership(model, frame, pl.DataFrame({"age": age}))
    >>> found.tests["age"].p < 0.001
    True
    """
    if method not in ("one-step", "bch", "ml"):
        raise StatisticsError("membership.method", value=str(method))
    weights = weights or model.weights
    first = first_step(model, frame, sample_weight, weights)
    K = len(first.shares)
    if not 1 <= reference <= K:
        raise StatisticsError("membership.reference", value=reference, k=K)
    table = read_covariates(covariates, reference_levels=reference_levels)
    if len(table.columns) != len(first.kept):
        raise StatisticsError(
            "membership.row_count", given=len(table.columns), expected=len(first.kept)
        )
    table = CovariateTable(table.covariates, table.columns[first.kept])
    rows: Bool = np.asarray(~np.isnan(table.columns).any(axis=1))
    if not rows.any():
        raise StatisticsError("membership.all_missing", columns=list(table.missing))
    w = first.weights[rows]
    columns = design(table, rows, w)
    notices = [*first.notices, *_left_out(table, rows), *_thin(first, rows, len(table.terms))]
    cls: Classification | None = None
    items: dict[str, Float] = {}
    if method == "one-step":
        fit = _one_step(first, rows, columns, reference - 1)
        beta, V, converged = fit.beta, fit.covariance, fit.converged
        log_likelihood: float | None = fit.log_likelihood
        parameters = fit.n_parameters
        items, said = _own_classes(model, fit)
        notices += said
    else:
        cls = classify(first, assignment)
        step = FITTERS[method](cls, columns.matrix, rows, w, reference - 1)
        beta, converged = step.logit.beta, step.logit.converged
        V = covariance(first, cls, step.third)
        log_likelihood = step.log_likelihood
        parameters = (K - 1) * columns.matrix.shape[1]
        if method == "bch":
            notices += _negative(cls, table, rows, w)
    runaway = separated(beta, V, columns.spread, reference - 1)
    notices += _separation(runaway, table, converged=converged)
    beta, V = _original(beta, V, columns, runaway, reference - 1)
    effects = _effects(beta, V, table.covariates, reference)
    tests = _tests(beta, V, table.covariates, reference)
    d = beta.shape[1]
    slopes = np.flatnonzero(np.arange((K - 1) * d) % d > 0)
    flat = np.delete(beta, reference - 1, axis=0).ravel()
    return Membership(
        method=method,
        assignment=None if cls is None else cls.kind,
        weights=weights,
        reference=reference,
        n=float(w.sum() if weights == "frequency" else w.sum() ** 2 / (w**2).sum()),
        rows=int(rows.sum()),
        covariates=table.covariates,
        effects=effects,
        tests=tests,
        overall=wald(flat[slopes], V[np.ix_(slopes, slopes)]),
        coefficients=beta,
        covariance=V,
        log_likelihood=log_likelihood,
        n_parameters=parameters,
        entropy=first.entropy,
        classification=None if cls is None else cls.table,
        item_probabilities=items,
        converged=converged,
        # Size is checked again on the complete rows: the later of two equal notices holds.
        notices=tuple({notice.code: notice for notice in notices}.values()),
    )


def _one_step(first: FirstStep, rows: Bool, columns: Design, reference: int) -> OneStepFit:
    part = first.on(rows)
    return fit_one_step(first, part, columns.matrix, first.weights[rows], reference)


def _own_classes(model: LatentClassModel, fit: OneStepFit) -> tuple[dict[str, Float], list[Notice]]:
    notices = [Notice("membership.flat", {"n": fit.flat})] if fit.flat else []
    items = fit.measurement.probabilities() if hasattr(fit.measurement, "probabilities") else {}
    before = model.item_probabilities_
    moved = max((float(np.abs(items[c] - before[c]).max()) for c in items), default=0.0)
    if moved > MOVED:
        params = {"change_share": moved, "limit_share": MOVED}
        notices.append(Notice("membership.classes_moved", params))
    return items, notices


def _left_out(table: CovariateTable, rows: Bool) -> list[Notice]:
    n = int((~rows).sum())
    if not n:
        return []
    params = {"n": n, "rows": len(rows), "columns": list(table.missing)}
    return [Notice("membership.missing_covariates", params)]


def _thin(first: FirstStep, rows: Bool, terms: int) -> list[Notice]:
    """Check size again on the complete rows, and against the number of terms."""
    w = first.weights[rows]
    n = float(w.sum() if first.kind == "frequency" else w.sum() ** 2 / (w**2).sum())
    members = (w @ first.posterior[rows]) / w.sum() * n
    notices = strength(1.0, n, members)
    least = float(members.min())
    if least < PER_TERM * terms:
        params = {"n": round(least), "terms": terms, "least": PER_TERM * terms}
        notices.append(Notice("membership.many_terms", params))
    return notices


def _negative(cls: Classification, table: CovariateTable, rows: Bool, w: Float) -> list[Notice]:
    """Find categories in which BCH weights make the total of a class negative."""
    b = cls.bch_weights[rows] * w[:, None]
    columns = table.columns[rows]
    found, at = [], 0
    for covariate in table.covariates:
        dummies = columns[:, at : at + len(covariate.terms)]
        at += len(covariate.terms)
        if covariate.reference is None:
            continue
        cells = np.column_stack([1 - dummies.sum(axis=1), dummies])
        totals = cells.T @ b
        names = (covariate.reference, *covariate.levels)
        found += [
            f"{covariate.name}: {names[level]} ({t + 1})"
            for level, t in zip(*np.nonzero(totals < 0), strict=True)
        ]
    return [Notice("membership.negative_cells", {"cells": found})] if found else []


def _separation(runaway: Bool, table: CovariateTable, *, converged: bool) -> list[Notice]:
    if runaway.any():
        hit = [bool(column.any()) for column in runaway[:, 1:].T]
        terms = [term for term, gone in zip(table.terms, hit, strict=True) if gone]
        return [Notice("membership.separation", {"columns": terms})]
    return [] if converged else [Notice("membership.not_converged")]


def _original(
    beta: Float, V: Float, columns: Design, runaway: Bool, reference: int
) -> tuple[Float, Float]:
    """Carry coefficients back to the original columns; runaways lose their standard errors."""
    K = len(beta)
    back = np.kron(np.eye(K - 1), columns.back)
    # A constant is that of a row at 0: it runs away with the slopes it is fitted beside.
    lost = runaway | np.isnan(np.diag(V)).reshape(runaway.shape)
    lost[:, 0] = lost.any(axis=1)
    V = back @ np.nan_to_num(V) @ back.T
    V[lost.ravel()] = np.nan
    V[:, lost.ravel()] = np.nan
    beta = beta @ columns.back.T
    beta[reference] = 0.0
    return beta, V


def _effects(
    beta: Float, V: Float, covariates: tuple[Covariate, ...], reference: int
) -> tuple[Effect, ...]:
    names: list[tuple[str, str | None, str | None]] = [(CONSTANT, None, None)]
    for covariate in covariates:
        levels: tuple[str | None, ...] = covariate.levels or (None,)
        names += [
            (term, covariate.name, level)
            for term, level in zip(covariate.terms, levels, strict=True)
        ]
    others = [t for t in range(len(beta)) if t != reference - 1]
    estimate = beta[others].ravel()
    variance = np.diag(V)
    se = np.sqrt(np.where(variance > 0, variance, np.nan))
    z = estimate / se
    p = two_sided(z)
    low = np.where(np.isnan(se), -np.inf, estimate - Z95 * se)
    high = np.where(np.isnan(se), np.inf, estimate + Z95 * se)
    effects = []
    with np.errstate(over="ignore"):
        ratios = np.exp(np.column_stack([estimate, low, high]))
    for i, t in enumerate(np.repeat(others, len(names))):
        figures = (estimate[i], se[i], z[i], p[i], low[i], high[i], *ratios[i])
        effects.append(Effect(int(t) + 1, *names[i % len(names)], *map(float, figures)))
    return tuple(effects)


def _tests(
    beta: Float, V: Float, covariates: tuple[Covariate, ...], reference: int
) -> dict[str, Any]:
    d = beta.shape[1]
    flat = np.delete(beta, reference - 1, axis=0).ravel()
    tests, at = {}, 1
    for covariate in covariates:
        column = np.arange(len(flat)) % d
        index = np.flatnonzero((column >= at) & (column < at + len(covariate.terms)))
        tests[covariate.name] = wald(flat[index], V[np.ix_(index, index)])
        at += len(covariate.terms)
    return tests
