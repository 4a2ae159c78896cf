"""Scores on held-out rows, and their intervals over repeated folds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


def auc(target: Float, score: Float, weights: Float) -> float:
    """Return the weighted area under the ROC curve; ties count half.

    Parameters
    ----------
    target, score, weights
        (n,) 0/1 outcomes, scores of any scale, weights.
    """
    order = np.argsort(score, kind="stable")
    _, tied = np.unique(score[order], return_inverse=True)
    yes = np.bincount(tied, weights=(weights * target)[order])
    no = np.bincount(tied, weights=(weights * (1 - target))[order])
    below = np.cumsum(no) - no
    return float((yes * (below + no / 2)).sum() / (yes.sum() * no.sum()))


def concordance(levels: Float, score: Float, weights: Float) -> float:
    """Return the AUC of ordered answers: of pairs with different answers, those ordered rightly.

    Parameters
    ----------
    levels, score, weights
        (n,) places of the answers in their order, scores of any scale, weights. Ties count half.
    """
    right = pairs = 0.0
    present = np.unique(levels)
    for at, low in enumerate(present):
        for high in present[at + 1 :]:
            two = (levels == low) | (levels == high)
            above = (levels[two] == high).astype(np.float64)
            w = weights[two]
            many = float((w * above).sum() * (w * (1 - above)).sum())
            right += many * auc(above, score[two], w)
            pairs += many
    return right / pairs if pairs else 0.5


def skill(target: Float, predicted: Float, base: Float, weights: Float) -> float:
    """Return ``1 − log-loss / log-loss of the base rate``: 0 is no better than guessing.

    Parameters
    ----------
    target, predicted
        (n, C) indicators and probabilities.
    base
        (C,) shares in the training rows.
    weights
        (n,) weights.
    """
    w = weights[:, None]
    loss = -(w * target * np.log(np.clip(predicted, 1e-12, 1))).sum()
    reference = -(w * target * np.log(np.clip(base, 1e-12, 1))).sum()
    return float(1 - loss / reference)


def r2(target: Float, predicted: Float, base: float, weights: Float) -> float:
    """Return ``1 − SSE / SSE of the training mean``: 0 is no better than the mean."""
    error = (weights * (target - predicted) ** 2).sum()
    reference = (weights * (target - base) ** 2).sum()
    return float(1 - error / reference) if reference > 0 else 0.0


def d2(target: Float, predicted: Float, base: float, alpha: float, weights: Float) -> float:
    """Return ``1 − deviance / deviance of the training mean`` of counts: 0 is no better than it.

    Parameters
    ----------
    target, predicted
        (n,) counts and expectations.
    base
        Mean of the training rows.
    alpha
        Dispersion of the negative binomial (variance ``μ + α μ²``); 0 is Poisson.
    weights
        (n,) weights.
    """

    def deviance(mean: Float) -> float:
        ratio = np.log(np.where(target > 0, target, 1.0)) - np.log(mean)
        fit = np.where(target > 0, target * ratio, 0.0)
        if alpha == 0:
            return float(2 * (weights * (fit - (target - mean))).sum())
        total = target + 1 / alpha
        rest = total * np.log((1 + alpha * target) / (1 + alpha * mean))
        return float(2 * (weights * (fit - rest)).sum())

    reference = deviance(np.full(len(target), max(base, 1e-9)))
    found = deviance(np.maximum(predicted, 1e-9))
    return 1 - found / reference if reference > 0 else 0.0


def corrected_interval(
    values: Float, folds: int, *, foretold: bool = True
) -> tuple[float, float, float]:
    """Return mean and 95 % limits by the corrected resampled t-test.

    Folds share training rows, so that the plain variance of their scores is too small. Nadeau and
    Bengio (2003) replace ``1/J`` by ``1/J + n_test/n_train``, which is ``1/(folds − 1)`` here; the
    t distribution has J − 1 degrees of freedom (Bouckaert and Frank 2004).

    Where nothing is foretold, that is too little. A fold's score then is the product of the chance
    association in its training rows with the one in its own: ``d_i ∝ Σ_(j≠i) a_j a_i``, a
    degenerate U-statistic, in which two folds of a repeat correlate by ``1/(folds − 1)``. So the
    mean of a repeat has variance ``2σ²/folds``, with ``σ² = var(d) (folds − 1)/(folds − 2)``;
    further repeats lower it a little, which is left out.

    Parameters
    ----------
    values
        (J,) one figure a held-out fold, J = folds × repeats.
    folds
        Folds of one repeat, 3 or more where nothing is foretold.
    foretold
        False for scores that do not beat knowing nothing (`foretells`).
    """
    return _interval(values, values * np.sqrt(_factor(len(values), folds, foretold=foretold)))


def foretells(values: Float, folds: int, nothing: float) -> bool:
    """Tell whether scores beat knowing nothing.

    What is tested is that nothing is foretold, so that the variance is the one that holds there.
    """
    return corrected_interval(values, folds, foretold=False)[1] > nothing


def corrected_difference(
    first: Float, second: Float, folds: int, nothing: float
) -> tuple[float, float, float]:
    """Return mean and 95 % limits of ``first − second`` over the same folds.

    Each side has the variance that `corrected_interval` gives it alone, the covariance between the
    two: with ``F`` the factor of a side, ``var(√F₁ d₁ − √F₂ d₂)``. So a side that foretells
    nothing brings the variance of a degenerate statistic, also where the other foretells much.

    Parameters
    ----------
    first, second
        (J,) scores of the two sides in each held-out fold.
    folds
        Folds of one repeat.
    nothing
        What knowing nothing scores.
    """
    scaled = [
        values * np.sqrt(_factor(len(values), folds, foretold=foretells(values, folds, nothing)))
        for values in (first, second)
    ]
    return _interval(first - second, scaled[0] - scaled[1])


def _factor(J: int, folds: int, *, foretold: bool) -> float:
    """Return by what the variance between fold scores is multiplied for that of their mean."""
    factor = 1 / J + 1 / (folds - 1)
    return factor if foretold else max(factor, 2 * (folds - 1) / (folds * (folds - 2)))


def _interval(values: Float, scaled: Float) -> tuple[float, float, float]:
    """Return mean and limits; the standard error is the standard deviation of `scaled`."""
    from scipy.stats import t

    mean = float(values.mean())
    reach = float(t.ppf(0.975, len(values) - 1) * scaled.std(ddof=1))
    return mean, mean - reach, mean + reach
