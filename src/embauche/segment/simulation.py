"""Respondents drawn from a fitted latent class model, with the gaps of the real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from embauche.segment.answers import MISSING, Indicator
from embauche.segment.families import COUNT, GAUSSIAN, family_of, log_density, values_of
from embauche.segment.patterns import Patterns, collapse

Float = NDArray[np.float64]


def simulate(
    patterns: Patterns,
    indicators: Sequence[Indicator],
    rows: Sequence[Float],
    share: Float,
    rng: np.random.Generator,
) -> tuple[Patterns, tuple[Indicator, ...]]:
    """Draw as many respondents as there are, each with the missing answers of a real one.

    Parameters
    ----------
    patterns, indicators
        The real data.
    rows
        One array a column: parameters by class, as in `embauche.segment.families`.
    share
        (K,) class shares.
    rng
        Source of chance.

    Returns
    -------
    patterns, indicators
        The drawn data; amounts have levels of their own.
    """
    real = patterns.inverse[patterns.inverse >= 0]
    counts = np.bincount(real, minlength=len(patterns.weights))
    weights = (patterns.weights / np.maximum(counts, 1))[real]
    classes = rng.choice(len(share), len(real), p=share / share.sum())
    codes = np.full((len(real), len(indicators)), MISSING, dtype=np.int32)
    drawn: list[Indicator] = []
    for j, (indicator, parameters) in enumerate(zip(indicators, rows, strict=True)):
        given = patterns.codes[real, j] >= 0
        known, codes[given, j] = _column(indicator, parameters, classes[given], rng)
        drawn.append(known)
    sizes = np.array([column.size for column in drawn], dtype=np.int64)
    return collapse(codes, sizes, weights, drawn), tuple(drawn)


def _column(
    indicator: Indicator, rows: Float, classes: NDArray[np.int64], rng: np.random.Generator
) -> tuple[Indicator, NDArray[np.int64]]:
    """Return the column with the levels drawn, and the level of each respondent."""
    family = family_of(indicator)
    if family not in (COUNT, GAUSSIAN):
        chances = np.exp(log_density(family, *values_of(indicator), rows))
        limits = np.cumsum(chances / chances.sum(axis=0), axis=0)[:-1]
        return indicator, (rng.random(len(classes)) > limits[:, classes]).sum(axis=0)
    if family == COUNT:
        amounts = rng.poisson(np.exp(rows[0, classes])).astype(np.float64)
    else:
        standard = rng.normal(rows[0, classes], np.exp(rows[1, classes] / 2))
        amounts = indicator.centre + indicator.scale * standard
        # Amounts are recorded as finely as the real ones are.
        step = float(np.diff(indicator.values).min()) if indicator.size > 1 else 0.0
        amounts = np.round(amounts / step) * step if step > 0 else amounts
    values, codes = np.unique(amounts, return_inverse=True)
    return replace(indicator, values=values), codes.ravel().astype(np.int64)
