"""Wald tests and limits of estimates that are about normal, and Holm's correction for several."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm

Float = NDArray[np.float64]

Z95: Final = float(norm.ppf(0.975))
"""Standard errors on either side of an estimate in a 95 % interval."""

_RANK: Final = 1e-10
"""Least eigenvalue, beside the largest, of a direction in which something is tested."""


@dataclass(frozen=True, slots=True)
class WaldTest:
    """A test that several quantities are all zero.

    Attributes
    ----------
    statistic
        ``b' V⁻¹ b``, chi-squared where they are; NaN where it cannot be had.
    df
        Degrees of freedom: how many of the quantities are free of each other.
    p
        Probability of a statistic this large if all were zero.
    """

    statistic: float
    df: int
    p: float

    def to_dict(self) -> dict[str, Any]:
        """Return the test as JSON-ready data."""
        return asdict(self)


def wald(estimate: Float, covariance: Float) -> WaldTest:
    """Test that all of `estimate` is zero.

    Parameters
    ----------
    estimate
        (m,) estimates.
    covariance
        (m, m) their covariance; NaN where one of them has no standard error.
    """
    estimate = np.atleast_1d(estimate)
    variance = np.diag(covariance)
    if not np.isfinite(covariance).all() or not (variance > 0).all():
        return WaldTest(float("nan"), len(estimate), float("nan"))
    scale = np.sqrt(variance)
    values, vectors = np.linalg.eigh(covariance / np.outer(scale, scale))
    kept = values > _RANK * max(values.max(initial=0.0), 1e-300)
    along = vectors.T @ (estimate / scale)
    statistic = float((along[kept] ** 2 / values[kept]).sum())
    df = int(kept.sum())
    return WaldTest(statistic, df, float(chi2.sf(statistic, df)) if df else float("nan"))


def two_sided(z: Float) -> Float:
    """Probability of a normal value at least as far from zero as `z`; NaN stays NaN."""
    p: Float = 2 * norm.sf(np.abs(z))
    return p


def holm(p: Float) -> Float:
    """Correct the probabilities of a family of tests (Holm 1979).

    Whatever is true, the chance of any false rejection in the family is at most the level asked
    for. NaN is left out and stays NaN.
    """
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
