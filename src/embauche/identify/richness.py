r"""How much has not been heard yet: Chao2, Good–Turing coverage, and what the next interviews add.

Interviews are sampling units and what is heard in them (jobs, facets, themes) are "species": only
whether an interview holds an item counts, not how often. With *m* interviews, *S* items heard,
:math:`Q_k` of them in exactly *k* interviews and :math:`U = \sum k Q_k`, the items heard once and
twice tell of those not heard at all.

Sources: Chao 1987, *Estimating the population size for capture-recapture data with unequal
catchability*; Chao, Colwell, Lin and Gotelli 2009, *Sufficient sampling for asymptotic minimum
species richness estimators*; Chao and Jost 2012, *Coverage-based rarefaction and extrapolation*;
Colwell, Chao, Gotelli, Lin, Mao, Chazdon and Longino 2012, *Models and estimators linking
individual-based and sample-based rarefaction*; Chao et al. 2014, *Rarefaction and extrapolation
with Hill numbers* (the bootstrap); Good 1953, *The population frequencies of species*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2

Z: Final = 1.959963984540054
"""97.5 % point of the normal distribution."""

_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Heard:
    """What Chao's estimators need: items by the number of interviews they were heard in.

    Attributes
    ----------
    interviews
        How many there are (*m*).
    frequencies
        (items,) in how many interviews each item heard was heard, at least 1.
    """

    interviews: int
    frequencies: tuple[int, ...]

    @property
    def observed(self) -> int:
        """How many items were heard."""
        return len(self.frequencies)

    @property
    def once(self) -> int:
        """Items heard in exactly one interview (Q1)."""
        return self.frequencies.count(1)

    @property
    def twice(self) -> int:
        """Items heard in exactly two interviews (Q2)."""
        return self.frequencies.count(2)


@dataclass(frozen=True, slots=True)
class Unheard:
    """Items not heard yet.

    Attributes
    ----------
    value
        Chao2's estimate, a lower bound of the expectation.
    se
        Its standard error.
    low, high
        95 % interval.
    """

    value: float
    se: float
    low: float
    high: float


def heard(incidence: ArrayLike) -> Heard:
    """Count in how many interviews each item was heard.

    Parameters
    ----------
    incidence
        (interviews, items) truth values; items that nobody said are left out.
    """
    table = np.asarray(incidence, dtype=bool)
    counts = table.sum(axis=0)
    return Heard(len(table), tuple(int(n) for n in counts if n))


def unheard(once: ArrayLike, twice: ArrayLike, interviews: int) -> _Floats:
    r"""Estimate how many items were not heard (Chao2).

    :math:`\hat Q_0 = \frac{m-1}{m} \frac{Q_1^2}{2 Q_2}`, and
    :math:`\frac{m-1}{m} \frac{Q_1 (Q_1 - 1)}{2}` where :math:`Q_2 = 0` (Chao 1987).

    Parameters
    ----------
    once, twice
        Q1 and Q2, of any equal shape.
    interviews
        How many interviews there are (*m*).
    """
    one, two = np.asarray(once, dtype=np.float64), np.asarray(twice, dtype=np.float64)
    made = np.where(two > 0, one * one / np.maximum(2 * two, 1), one * np.maximum(one - 1, 0) / 2)
    return np.asarray(made * (interviews - 1) / max(interviews, 1))


def chao2(said: Heard) -> Unheard:
    r"""Estimate the number of items not heard yet, with a log-normal interval.

    With :math:`T = \hat Q_0`, the limits are :math:`T / C` and :math:`T C` where
    :math:`C = \exp(1.96 \sqrt{\ln(1 + \widehat{var}/T^2)})`; var is that of Chao 1987 (Colwell
    2013, *EstimateS user's guide*, appendix B, equations 6, 7 and 13), so that the lower limit is
    never under what was heard. Where :math:`T = 0` the interval is that of the observed number
    (equation 14), which is not zero wide.
    """
    m, q1, q2, s = said.interviews, said.once, said.twice, said.observed
    value = float(unheard(q1, q2, m))
    a = (m - 1) / max(m, 1)
    if value > 0:
        if q2:
            r = q1 / q2
            variance = q2 * (a / 2 * r**2 + a**2 * r**3 + a**2 / 4 * r**4)
        else:
            variance = (
                a * q1 * (q1 - 1) / 2
                + a**2 * q1 * (2 * q1 - 1) ** 2 / 4
                - a**2 * q1**4 / (4 * (s + value))
            )
        variance = max(variance, 0.0)
        c = float(np.exp(Z * np.sqrt(np.log1p(variance / value**2))))
        return Unheard(value, float(np.sqrt(variance)), value / c, value * c)
    if not s:
        return Unheard(0.0, 0.0, 0.0, 0.0)
    k = np.asarray(said.frequencies, dtype=np.float64)
    fading = np.exp(-k)
    variance = max(float((fading - fading**2).sum() - (k * fading).sum() ** 2 / max(m, 1)), 0.0)
    missed = float(fading.sum()) / s
    centre, spread = s / (1 - missed), Z * np.sqrt(variance) / (1 - missed)
    low, high = max(s, centre - spread) - s, max(s, centre + spread) - s
    return Unheard(0.0, float(np.sqrt(variance)), float(low), float(high))


def coverage(once: ArrayLike, twice: ArrayLike, total: ArrayLike, interviews: int) -> _Floats:
    r"""Estimate the share of what is said in interviews that belongs to items already heard.

    :math:`\hat C = 1 - \frac{Q_1}{U} \frac{(m-1) Q_1}{(m-1) Q_1 + 2 Q_2}` (Chao and Jost 2012, the
    Good–Turing idea for incidences); NaN where nothing was heard.

    Parameters
    ----------
    once, twice, total
        Q1, Q2 and U, of any equal shape.
    interviews
        How many interviews there are (*m*).
    """
    one, two = np.asarray(once, dtype=np.float64), np.asarray(twice, dtype=np.float64)
    u = np.asarray(total, dtype=np.float64)
    weight = (interviews - 1) * one + 2 * two
    inner = np.where(weight > 0, (interviews - 1) * one / np.maximum(weight, 1), 1.0)
    return np.asarray(np.where(u > 0, 1.0 - one / np.maximum(u, 1) * inner, np.nan))


def coming(once: ArrayLike, twice: ArrayLike, interviews: int, ahead: int) -> _Floats:
    r"""Estimate how many new items the next interviews bring.

    :math:`\hat Q_0 \left[1 - \left(1 - \frac{Q_1}{m \hat Q_0 + Q_1}\right)^t\right]` for *t* more
    interviews (Chao et al. 2009; Colwell et al. 2012); trust it up to as many as there were.

    Parameters
    ----------
    once, twice
        Q1 and Q2, of any equal shape.
    interviews
        How many interviews there are (*m*).
    ahead
        How many more (*t*).
    """
    one = np.asarray(once, dtype=np.float64)
    left = unheard(one, twice, interviews)
    weight = interviews * left + one
    rate = np.where(weight > 0, one / np.where(weight > 0, weight, 1.0), 0.0)
    return np.asarray(left * (1.0 - (1.0 - rate) ** ahead))


def coming_at_most(once: int, interviews: int, ahead: int) -> float:
    r"""Return an upper 97.5 % limit of the new items that the next interviews bring.

    An interview more brings :math:`\sum p (1-p)^m \le E(Q_1)/m` new items on average (Good 1953,
    Turing's argument), and fewer each time. :math:`E(Q_1)` is at most the exact Poisson limit
    :math:`\chi^2_{.975}(2 Q_1 + 2) / 2`: that nothing was heard only once is no proof that nothing
    is left, above all in few interviews.
    """
    return float(ahead * chi2.ppf(0.975, 2 * once + 2) / 2 / max(interviews, 1))


def expected_heard(said: Heard) -> _Floats:
    r"""Return the mean number of items heard in 1, 2, … *m* interviews over all their orderings.

    :math:`S(t) = S - \sum_i \binom{m - Y_i}{t} / \binom{m}{t}` (Colwell et al. 2012, Mao's tau).
    """
    m = said.interviews
    counts = np.asarray(said.frequencies, dtype=np.int64)
    missed = np.ones(len(counts))
    mean = np.empty(m)
    for t in range(1, m + 1):
        # Product form of the two binomials: the t-th interview misses an item, given the others.
        missed = missed * np.clip(m - counts - t + 1, 0, None) / (m - t + 1)
        mean[t - 1] = len(counts) - missed.sum()
    return mean


def ordering_band(
    incidence: ArrayLike, *, orderings: int, level: float, seed: int
) -> tuple[_Floats, _Floats]:
    """Return the limits between which random orderings of the interviews run.

    Parameters
    ----------
    incidence
        (interviews, items) truth values.
    orderings
        How many are drawn.
    level
        Share of the orderings inside the band, at each number of interviews.
    seed
        Of the drawing.

    Returns
    -------
    low, high
        (interviews,) each.
    """
    table = np.asarray(incidence, dtype=bool)
    m, items = table.shape
    place = np.argsort(np.random.default_rng(seed).random((orderings, m)), axis=1)
    place = np.argsort(place, axis=1)
    new = np.zeros((orderings, m), dtype=np.int64)
    for item in range(items):
        holders = np.flatnonzero(table[:, item])
        if len(holders):
            first = place[:, holders].min(axis=1)
            new[np.arange(orderings), first] += 1
    curves = new.cumsum(axis=1)
    low, high = np.quantile(curves, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)


def redrawn(said: Heard, *, resamples: int, seed: int) -> tuple[_Ints, _Ints, _Ints]:
    """Draw Q1, Q2 and U of interviews like these, items not heard included.

    The chance of each item to be heard in an interview is estimated so that their sum agrees with
    the coverage; those not heard share the rest (Chao et al. 2014, appendix G).

    Returns
    -------
    once, twice, total
        (resamples,) each.
    """
    m = said.interviews
    y = np.asarray(said.frequencies, dtype=np.float64) / m
    left = float(unheard(said.once, said.twice, m))
    missing = said.once / m * (m * left / (m * left + said.once) if left else 0.0)
    hidden = int(np.ceil(left))
    fade = (1.0 - y) ** m
    scale = float((y * fade).sum())
    shrunk = y * (1.0 - (missing / scale if scale > 0 else 0.0) * fade)
    chances = np.concatenate(
        [np.clip(shrunk, 0.0, 1.0), np.full(hidden, missing / hidden if hidden else 0.0)]
    )
    drawn = np.random.default_rng(seed).binomial(m, chances, size=(resamples, len(chances)))
    return (drawn == 1).sum(axis=1), (drawn == 2).sum(axis=1), drawn.sum(axis=1)
